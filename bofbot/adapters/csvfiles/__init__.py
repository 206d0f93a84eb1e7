"""CSV files: read with their line numbers, changed byte by byte, or left as bytes."""
