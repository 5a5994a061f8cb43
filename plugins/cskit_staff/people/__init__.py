"""Who works here, in which position, and what is noted of them."""
