"""The verbs of desktop programs."""
