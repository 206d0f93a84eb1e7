"""The verbs of tables in workbooks and CSV files."""
