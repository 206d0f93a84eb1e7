"""What speaks for two rows belonging together: names, references, numbers, days."""
