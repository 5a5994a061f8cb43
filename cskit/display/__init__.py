"""What people see: values in tables, formats and workbooks, on the screen or in a file."""
