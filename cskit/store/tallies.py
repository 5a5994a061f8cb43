"""Documents counted by what they hold in one field, from the text of a table file. Writes nothing.

Of a block of lines in our own form that holds nothing nested, the bytes are counted; of any other, only that
one field is decoded. Counting bytes takes a tenth of decoding each document.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from cskit.store.lines import TableFile
from cskit.store.overlay import Overlay
from cskit.store.protocol import Document

NOTHING = b""
"""Stands for a field that a document does not hold."""
FEW = 12  # so many searches for a known text take as long as one that finds what the text is
_SAMPLE = 1 << 16
_PATCHES = 1000  # finding more documents one by one takes as long as reading them all
_SCALAR = rb'("[^"\\]*"|[^"\[{,}\]]+)'


def tally(file: TableFile | None, overlay: Overlay, field: str | None) -> Mapping[bytes, int] | None:
    """Count the documents of a file with an overlay by the JSON text of a field; see `protocol.Reading`."""
    if field is None:
        return _sized(file, overlay)
    decode = msgspec.json.Decoder(_part(field)).decode
    try:
        if file is None or not file.ours or len(overlay.documents) > _PATCHES:
            return _of_documents(overlay.over(file.lines() if file else iter(())), decode)
        counts = _of_file(file, field)
        _patch(counts, file, overlay, decode)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None  # whoever reads the documents can say which of them is damaged
    return counts


def _sized(file: TableFile | None, overlay: Overlay) -> Mapping[bytes, int]:
    if file is None or not file.ours or len(overlay.documents) > _PATCHES:
        return {NOTHING: sum(1 for _one in overlay.over(file.lines() if file else iter(())))}
    count = sum(block.count(b"\n") for block in file.blocks())
    for number, raw in overlay.documents.items():
        count += (raw is not None) - (file.get(number) is not None)
    return {NOTHING: count}


def _part(field: str) -> Any:
    """Define what decodes the text of one field and skips the others."""
    text = msgspec.field(default=msgspec.Raw(NOTHING), name=field)
    return msgspec.defstruct("_Part", [("text", msgspec.Raw, text)], gc=False)


def _of_documents(documents: Iterable[Document], decode: Any) -> dict[bytes, int]:
    return dict(Counter(bytes(decode(document.raw).text) for document in documents))


def _patch(counts: dict[bytes, int], file: TableFile, overlay: Overlay, decode: Any) -> None:
    """Count the documents of an overlay in the place of what the file holds for them."""
    for number in sorted(overlay.documents):
        for raw, step in ((file.get(number), -1), (overlay.documents[number], 1)):
            if raw is not None:
                text = bytes(decode(raw).text)
                counts[text] = counts.get(text, 0) + step
    for text in [text for text, count in counts.items() if not count]:
        del counts[text]


# --- a file in our own form --------------------------------------------------------------------------------


def _of_file(file: TableFile, field: str) -> dict[bytes, int]:
    key = msgspec.json.encode(field) + b":"
    scalar = re.compile(re.escape(key) + _SCALAR).findall
    parts: Any = dict.__class_getitem__((str, _part(field)))
    decode = msgspec.json.Decoder(parts).decode
    counts: Counter[bytes] = Counter()
    known: list[bytes] | None = None
    for block in file.blocks():
        if known is None:
            known = _few(scalar(block[:_SAMPLE]))
        found = _counted(block, key, known, scalar)
        if found is None:  # something is nested in there, or looks like it
            held = decode(b"{%s}" % block.rstrip(b",\n"))
            found = Counter(bytes(part.text) for part in held.values())
        counts.update(found)
    return +counts


def _few(texts: Iterable[bytes]) -> list[bytes]:
    """Return the texts found where they are few and end where they must: 1 would be found in 12."""
    different = list(dict.fromkeys(texts))
    return different if len(different) <= FEW and all(text[:1] == b'"' for text in different) else []


def _counted(block: bytes, key: bytes, known: Iterable[bytes], scalar: Any) -> Mapping[bytes, int] | None:
    """Count the values in a block of lines by its bytes, None where these do not say it for certain.

    Each line has one `{` if nothing is nested in its document; then the key stands there once at most. In a
    text its quotes would be escaped, but a text may end in an escaped quote and the key's name.
    """
    lines = block.count(b"\n")
    if block.count(b"{") != lines or (b"\\" in block and b"\\" + key in block):
        return None
    total = block.count(key)
    counts = {text: block.count(key + text) for text in known}
    if sum(counts.values()) != total:
        texts = scalar(block)
        if len(texts) != total:
            return None
        counts = Counter(texts)
    counts[NOTHING] = lines - total
    return counts
