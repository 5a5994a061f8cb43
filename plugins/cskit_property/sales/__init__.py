"""Rooms sold: from the lot drawn to the title, special approvals, reminders, prices, taxes."""
