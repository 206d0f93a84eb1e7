"""bofbot, the back-office bot."""

__version__ = "0.1.0"
