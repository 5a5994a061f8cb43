"""The bytes of a text file as UTF-8, whatever it was written in. Knows no file format."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from itertools import islice

from cskit.errors import BadData, Usage
from cskit.i18n import _, mark

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BINARY = (
    (b"PK\x03\x04", mark("{file} is a workbook or an archive, not text"), mark("say --format xlsx")),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        mark("{file} is an old workbook, not text"),
        mark("say --format xlsx"),
    ),
    (b"\x1f\x8b", mark("{file} is compressed, not text"), mark("pipe it through zcat and give - instead")),
)


def as_utf8(
    data: bytes, name: str, encoding: str | None, notice: Callable[[str], None] | None = None
) -> bytes:
    """Return the text of a file as UTF-8 without a byte-order mark; say by `notice` what was guessed.

    The order mark, UTF-8, GB18030 is fixed: guessing from statistics names short Chinese files wrongly.
    """
    for magic, what, way_out in _BINARY:
        if data.startswith(magic):
            raise BadData(_(what).format(file=name), _(way_out))
    marked = next((named for start, named in _MARKS if data.startswith(start)), None)
    if encoding or marked:
        plain = _transcoded(data, name, encoding or marked or "")
    else:
        plain = _guessed(data, name, notice)
    nul = plain.find(b"\0")
    if nul >= 0:
        line = plain.count(b"\n", 0, nul) + 1
        raise BadData(
            _("{file}: line {line} holds a NUL byte").format(file=name, line=line),
            _("read text, or name its encoding, such as utf-16-le"),
        )
    return plain


def _transcoded(data: bytes, name: str, encoding: str) -> bytes:
    try:
        return data.decode(encoding).removeprefix("\ufeff").encode()
    except UnicodeDecodeError as error:
        raise _undecodable(data, name, encoding, error) from None
    except (LookupError, ValueError):
        raise no_encoding(encoding) from None


def check(encoding: str) -> None:
    """Raise `Usage` for the name of an encoding of text that there is not."""
    try:
        "a".encode(encoding)
    except (LookupError, ValueError):
        raise no_encoding(encoding) from None


def no_encoding(name: str) -> Usage:
    """Return the error for an encoding that there is not."""
    said = _("there is no text encoding '{name}'").format(name=name)
    return Usage(said, _("use utf-8, gb18030, big5, utf-16 …"))


def _guessed(data: bytes, name: str, notice: Callable[[str], None] | None) -> bytes:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        # Chinese before the bad byte means damaged UTF-8; as GB18030 it would pass for other Chinese.
        before = re.finditer("[\u0800-\U0010ffff]", data[: error.start].decode())  # slow to compile
        if len(list(islice(before, 3))) == 3:
            raise _undecodable(data, name, "utf-8", error) from None
    else:
        return data
    try:
        plain = data.decode("gb18030").encode()
    except UnicodeDecodeError as error:
        raise _undecodable(data, name, "gb18030", error, guessed=True) from None
    if notice:
        notice(_("{file}: read as GB18030 (--encoding names another)").format(file=name))
    return plain


def _undecodable(
    data: bytes, name: str, encoding: str, error: UnicodeDecodeError, guessed: bool = False
) -> BadData:
    start = error.start
    line = data[:start].decode(encoding, "replace").count("\n") + 1
    if guessed:
        said = _("{file}: byte 0x{byte} at offset {offset} (line {line}) is neither UTF-8 nor GB18030")
    else:
        said = _("{file}: byte 0x{byte} at offset {offset} (line {line}) is not {encoding}")
    byte = f"{data[start]:02x}"
    return BadData(
        said.format(file=name, byte=byte, offset=start, line=line, encoding=encoding),
        _("mend it, or name the encoding of the file, such as big5"),
    )
