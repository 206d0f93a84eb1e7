"""What may leave this machine, and how."""
