"""The verb that reconciles, and the reports people keep of it."""
