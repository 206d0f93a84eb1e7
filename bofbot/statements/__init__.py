"""Statements: recognised by content, read exactly, proved by arithmetic, kept in an archive. Knows nothing of robots."""
