"""Companies and projects, what is agreed with them, and how they stand beside each other."""
