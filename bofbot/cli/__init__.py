"""The command line: arguments in, layers called, lines out. stdout is the result, stderr the progress."""
