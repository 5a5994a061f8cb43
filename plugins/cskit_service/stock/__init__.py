"""The store room: spare parts, and every movement of them."""
