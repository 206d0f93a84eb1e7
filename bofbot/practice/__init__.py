"""The practice portal: a small local back office to try robots on, with a book of what was really booked."""
