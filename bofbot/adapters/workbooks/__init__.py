"""Workbooks: read, made new, changed without harm."""
