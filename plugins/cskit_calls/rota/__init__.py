"""Who works when: patterns, shifts, covers, hand-overs."""
