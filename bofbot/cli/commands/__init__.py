"""The commands, one module each, with what only they need beside them."""
