"""The door for plugins: found by a folder scan, isolated from each other, asked by name.

Empty, so that `cskit --version` can use what is in here without importing pluggy.
"""
