"""Calls: how they come in, what they bring about, and whom to call back."""
