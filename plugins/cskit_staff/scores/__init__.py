"""Schemes and score cards: figures measured and entered, what a month made of them."""
