"""Jobs: what was asked for, who goes, what was done, who took the shift over."""
