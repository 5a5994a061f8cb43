"""Values as text and as JSON, harmless for a terminal. Light: every error message passes through `clean`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from cskit.i18n import _

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

# --- harmless text -----------------------------------------------------------------------------------------

_BIDI = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_C1 = range(0x80, 0xA0)
_SURROGATES = range(0xD800, 0xE000)


@cache
def _harmless(keep: str) -> dict[int, str]:
    table = dict.fromkeys((*_C1, *_BIDI, *_SURROGATES), "\N{REPLACEMENT CHARACTER}")
    table |= {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "␡"}
    return {code: shown for code, shown in table.items() if chr(code) not in keep}


def clean(text: str, keep: str = "\n\t") -> str:
    """Replace control, bidi and surrogate characters with visible ones, but for those in `keep`."""
    return text if text.isprintable() else text.translate(_harmless(keep))


_LINE_ENDS = re.compile("\r\n|[\r\n\u2028\u2029]")


def one_line(text: str) -> str:
    """Return a text as a table's cell: line ends as ⏎, tabs as spaces."""
    if text.isprintable():
        return text
    # A joiner at the edge would join the gap between the columns to the cell.
    return clean(_LINE_ENDS.sub("⏎", text).replace("\t", " "), "").strip(" \u200d")


def lines(text: str) -> str:
    """Return a text that keeps its lines, for a place where nothing stands beside it."""
    return clean(_LINE_ENDS.sub("\n", text).replace("\t", " "), "\n")


# --- cells a spreadsheet would take for formulas -----------------------------------------------------------

_MAY_NEED_GUARD = frozenset("'=+-@\t\r＝＋－＠")
_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_GUARDED = re.compile(r"'+[=+\-@\t\r＝＋－＠]")
_ANY_GUARDED = re.compile("'(?:[=+\\-@\t\r]|＝|＋|－|＠)".encode())


def guard(text: str) -> str:
    """Put `'` before a text that a spreadsheet would run as a formula; `unguard` gives it back."""
    return "'" + text if text[:1] in _MAY_NEED_GUARD and _FORMULA.match(text) else text


def unguard(text: str) -> str:
    """Take off the `'` that `guard` put there; every other text stays as it is."""
    return text[1:] if _GUARDED.match(text) else text


def any_guarded(utf8: bytes) -> bool:
    """Tell whether a file may hold a cell for `unguard`; one search saves a look at every cell."""
    return _ANY_GUARDED.search(utf8) is not None


# --- values ------------------------------------------------------------------------------------------------


class Faulty(NamedTuple):
    """A cell of a file from which no value can be taken: what stands there, and what is wrong with it."""

    value: str
    message: str


def text(value: Any, zone: ZoneInfo) -> str:
    """Return a value as a person reads it; an instant in `zone`, to the minute."""
    if isinstance(value, dt.datetime):
        return _moved(value, zone).isoformat(" ", "minutes")[:16]
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | tuple) and all(isinstance(part, str) for part in value):
        return "; ".join(value)
    return plain(value)


def plain(value: Any) -> str:
    """Return a value as text that can be read back: exact numbers, ISO dates and times.

    Lists have "; " between their elements, or are JSON where those would not come back as they are.
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return _digits(value)
    if isinstance(value, dt.datetime):
        return _moved(value, dt.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list | tuple) and all(map(_comes_back, value)):
        return "; ".join(value)
    return encode_json(value)


SEPARATOR = re.compile("[;；、]")
"""What stands between the elements of a list written as text."""


def _comes_back(part: Any) -> bool:
    """Tell whether an element of a list is read back from between separators as it is."""
    if not isinstance(part, str) or not part or part != part.strip() or part.startswith("["):
        return False
    return SEPARATOR.search(part) is None


def _moved(value: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    try:
        return value.astimezone(zone)
    except OverflowError:  # in the first or last hours that a datetime can hold
        return value


def local_moment(value: dt.date | dt.datetime, zone: dt.tzinfo) -> tuple[dt.date, dt.time | None]:
    """Return the day of a day or an instant in `zone`, and the time of an instant."""
    if not isinstance(value, dt.datetime):
        return value, None
    local = _moved(value, zone)
    return local.date(), local.time()


def _digits(value: Decimal) -> str:
    # Beyond what any amount needs, the zeros of a plain form would only fill the screen.
    return f"{value:f}" if value.is_finite() and abs(value.adjusted()) < 100 else str(value)


# --- JSON --------------------------------------------------------------------------------------------------

_UNSAFE = re.compile("[\x7f-\x9f" + "".join(map(chr, _BIDI)) + "]")


@cache
def json_encoder() -> Callable[[Any], bytes]:
    """Return the function that encodes a value as JSON, made once."""
    import msgspec

    return msgspec.json.Encoder(decimal_format="number").encode


def escaped(encoded: str) -> str:
    """Write as \\uXXXX what JSON allows raw but a terminal would obey."""
    return encoded if encoded.isprintable() else _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", encoded)


def encode_json(value: Any, indent: bool = False) -> str:
    """Return a value as JSON: Decimal as an exact number, instants as stored, Chinese as it is."""
    encoded = json_encoder()(in_utc(value))
    if indent:
        import msgspec

        encoded = msgspec.json.format(encoded, indent=2)
    return escaped(encoded.decode())


def in_utc(value: Any) -> Any:
    """Return an instant in UTC, and any other value as it is."""
    return _moved(value, dt.UTC) if isinstance(value, dt.datetime) else value


def shown(value: Any) -> str:
    """Return a value as a short text for an error message."""
    text = value if isinstance(value, str) else encode_json(value).strip('"')
    return text if len(text) <= 60 else text[:57] + "…"
