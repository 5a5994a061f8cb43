"""Repairs and returns: their records, their ways, what a month of them comes to."""
