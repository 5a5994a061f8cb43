"""Telephone numbers as people write them, and when two are the same one. Must not import click or a store."""

from __future__ import annotations

import re
import unicodedata

_SHORTEST = 7  # digits of a number that can be called from anywhere in its area
_CHINA = re.compile(r"(?:00)?86(1\d{10}|0?[1-9]\d{8,10})")


def digits(phone: str) -> str:
    """Return the digits by which a number is the same, "" for what is too short to be one.

    China's prefix +86 or 0086 is left out, as nobody dials it at home.
    """
    found = phone
    if not (phone.isascii() and phone.isdigit()):
        plain = unicodedata.normalize("NFKC", phone)
        found = "".join(letter for letter in plain if letter.isascii() and letter.isdigit())
    if found.startswith(("86", "00")) and (home := _CHINA.fullmatch(found)):
        found = home[1]
    return found if len(found) >= _SHORTEST else ""
