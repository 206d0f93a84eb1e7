"""Two tables that should be the same, cell by cell or line by line."""
