"""What came of it: differences, reasons, what stays open and is carried over."""
