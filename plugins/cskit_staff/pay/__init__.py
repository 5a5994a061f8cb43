"""What a month is paid: pay rules, sales staff, the sheet."""
