"""The plugin's click commands, a file a noun. Each parses, calls one service, and hands over to output."""
