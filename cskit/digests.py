"""The hash that files, chains, revisions and rows are told apart by."""

try:
    from _blake2 import blake2b  # hashlib would load OpenSSL as well: 2.4 ms of every command
except ImportError:
    from hashlib import blake2b

__all__ = ["blake2b"]
