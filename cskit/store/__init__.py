"""Where records are kept: one protocol, and the TinyDB folder that is the default."""
