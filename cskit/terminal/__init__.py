"""The command line as people type it: global options, help pages, what can be typed next."""
