"""The complaints plugin's commands, a group of verbs a file: parse, ask one function, write."""
