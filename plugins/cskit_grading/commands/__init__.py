"""The commands of grading: parse, ask, write; a noun a file."""
