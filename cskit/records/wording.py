"""What msgspec finds wrong with a value, in our words and the user's language. Must not import a store.

Each form its messages have, as its sources hold them, is a line of `MESSAGES`; a test keeps the table whole.
"""

from __future__ import annotations

import re

from cskit.i18n import _, mark

MESSAGES = (  # compiled when a value is bad, which is seldom
    (r"Expected `str` of length >= 1\b", mark("must not be empty")),
    (r"Expected `array` of length (\d+)(?:, got|$| - at)", mark("expected a length of {0}")),
    (r"Expected `\w+` of length ((?:>=|<=) \d+)", mark("expected a length {0}")),
    (r"Expected `(?:int|float|decimal)` (>=|<=|>|<) (\S+)", mark("expected a number {0} {1}")),
    (r"Expected `\w+` that's a multiple of (\S+)", mark("expected a multiple of {0}")),
    (r"(?:Integer value|Number) out of range", mark("is too large a number")),
    (r"Expected `str` matching regex (.+?)(?: - at|$)", mark("expected text of the form {0}")),
    (r"Invalid (?:enum )?value\b", mark("is not one of the choices")),
    (r"Invalid RFC3339 encoded date\b", mark("expected a date such as 2026-11-22")),
    (
        r"Invalid RFC3339 encoded datetime|Invalid epoch timestamp",
        mark("expected a time such as 2026-11-22T16:30:00Z"),
    ),
    (r"Invalid RFC3339 encoded time\b", mark("expected a time of day such as 16:30")),
    (r"Invalid ISO8601 duration", mark("expected a duration such as PT2H")),
    (
        r"Expected `\w+` with a timezone",
        mark("expected a time with an offset, such as …T16:30:00Z"),
    ),
    (r"Expected `\w+` with no timezone", mark("expected a time without an offset")),
    (r"Invalid decimal string", mark("expected a number such as 1234.50")),
    (r"Invalid (?:UUID|base64)", mark("is not of the form expected here")),
    (r"Object missing required field `(.+?)`", mark("needs {0}")),
    (r"Object contains unknown field `(.+?)`", mark("has no field {0}")),
    (r"Expected `(.+?)`, got `(.+?)`", mark("expected {0}, not {1}")),
    (r"Expected `(\w+)`(?: - at|$)", mark("expected {0}")),
    (r"JSON is malformed: .* \(byte (\d+)\)", mark("is not JSON, from byte {0} on")),
    (r"Input data was truncated", mark("ends too early")),
    (r"'utf-8' codec can't decode|Invalid UTF-8", mark("is no UTF-8 text")),
)
KINDS = {
    "str": mark("text"),
    "int": mark("a whole number"),
    "float": mark("a number"),
    "decimal": mark("a number"),
    "bool": mark("yes or no"),
    "array": mark("a list"),
    "object": mark("an object"),
    "null": mark("nothing"),
    "date": mark("a date"),
    "datetime": mark("a time"),
    "time": mark("a time of day"),
    "timedelta": mark("a duration"),
    "duration": mark("a duration"),
    "uuid": mark("text"),
}
"""What msgspec calls the kinds of JSON values."""


def explain(error: Exception) -> str:
    """Return what msgspec found wrong, and where inside the value."""
    text = str(error)
    for pattern, message in MESSAGES:
        found = re.search(pattern, text)
        if found:
            path = text.partition(" - at `$")[2].rstrip("`").lstrip(".")
            return placed(path, _(message).format(*map(_kind, found.groups())))
    return text


def _kind(text: str) -> str:
    """Return what a kind of value is called; of several that fit, without the absence of any."""
    kinds = [kind for kind in text.split(" | ") if kind != "null"] or ["null"]
    if not all(kind in KINDS for kind in kinds):
        return text
    return _(" or ").join(dict.fromkeys(_(KINDS[kind]) for kind in kinds))


def placed(path: str, said: str) -> str:
    """Return what is wrong at a place inside a value, "" for the value itself."""
    return _("{place}: {fault}").format(place=path, fault=said) if path else said
