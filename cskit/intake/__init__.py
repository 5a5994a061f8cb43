"""Rows in: the bytes, texts and sheets of files, made into rows of cells."""
