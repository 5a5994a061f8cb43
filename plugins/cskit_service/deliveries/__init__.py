"""Deliveries: their record, who goes along, what is written and said."""
