"""Where a department and its settings are, which settings there are, and what is set."""
