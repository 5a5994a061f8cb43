"""The staff plugin at the command line: click, a group of verbs a file."""
