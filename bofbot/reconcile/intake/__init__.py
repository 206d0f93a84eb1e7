"""Tables become entries: which column is what, and what each cell means."""
