"""Figures of the hotline, and how many agents it takes."""
