"""Procedures that run for a project or a sale: steps, documents, states."""
