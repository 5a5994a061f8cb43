"""The bytes of a text file as UTF-8, whatever it was written in. Knows no file format."""

from __future__ import annotations

import codecs
import re
from itertools import islice

from cskit.errors import BadData, Usage

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BINARY = (
    (b"PK\x03\x04", "is a workbook or an archive", "save it as CSV and read that"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an old workbook", "save it as CSV and read that"),
    (b"\x1f\x8b", "is compressed", "pipe it through zcat and give - instead"),
)
_THREE_BYTES = re.compile("[\u0800-\U0010ffff]")


def as_utf8(data: bytes, name: str, encoding: str | None) -> bytes:
    """Return the text of a file as UTF-8 without a byte-order mark.

    The order mark, UTF-8, GB18030 is fixed: guessing from statistics names short Chinese files wrongly.
    """
    for magic, what, way_out in _BINARY:
        if data.startswith(magic):
            raise BadData(f"{name} {what}, not text", way_out)
    mark = next((named for mark, named in _MARKS if data.startswith(mark)), None)
    if encoding or mark:
        plain = _transcoded(data, name, encoding or mark or "")
    else:
        plain = _guessed(data, name)
    nul = plain.find(b"\0")
    if nul >= 0:
        line = plain.count(b"\n", 0, nul) + 1
        raise BadData(
            f"{name}: line {line} holds a NUL byte", "read text, or name its encoding, such as utf-16-le"
        )
    return plain


def _transcoded(data: bytes, name: str, encoding: str) -> bytes:
    try:
        return data.decode(encoding).removeprefix("\ufeff").encode()
    except UnicodeDecodeError as error:
        raise _undecodable(data, name, encoding, error) from None
    except (LookupError, ValueError):
        raise Usage(f"there is no text encoding {encoding!r}", "use utf-8, gb18030, big5, utf-16 …") from None


def _guessed(data: bytes, name: str) -> bytes:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        # Chinese before the bad byte means damaged UTF-8; as GB18030 it would pass for other Chinese.
        before = _THREE_BYTES.finditer(data[: error.start].decode())
        if len(list(islice(before, 3))) == 3:
            raise _undecodable(data, name, "utf-8", error) from None
    else:
        return data
    try:
        return data.decode("gb18030").encode()
    except UnicodeDecodeError as error:
        raise _undecodable(data, name, "gb18030", error, "neither UTF-8 nor GB18030") from None


def _undecodable(data: bytes, name: str, encoding: str, error: UnicodeDecodeError, what: str = "") -> BadData:
    start = error.start
    line = data[:start].decode(encoding, "replace").count("\n") + 1
    return BadData(
        f"{name}: byte 0x{data[start]:02x} at offset {start} (line {line}) is {what or 'not ' + encoding}",
        "mend it, or name the encoding of the file, such as big5",
    )
