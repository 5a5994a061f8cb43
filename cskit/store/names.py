"""What documents are called: the text of their ids and external keys, and where each stands in a file.

Names are JSON text, as a document holds them; two spellings of one name are the same text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from cskit.errors import StorageFailed
from cskit.i18n import _

_ID = b'{"id":'
_KEY = b'"key":'
_PLAIN = re.compile(rb'\{"id":("[^"\\]*")(?:,"key":("[^"\\]*"))?').match
_MARK = b"k"  # before a key, so that it is another name than the id of the same text


class _Called(msgspec.Struct, gc=False):
    id: msgspec.Raw = msgspec.Raw(b"")
    key: msgspec.Raw = msgspec.Raw(b"")


_DECODER = msgspec.json.Decoder(_Called)


def id_text(raw: bytes) -> bytes:
    """Return the JSON text of a document's id, b"" where it has none."""
    if raw.startswith(_ID) and raw[6:7] == b'"':
        end = raw.find(b'"', 7)
        if end > 0 and b"\\" not in raw[7:end]:
            return raw[6 : end + 1]
    return _decoded(raw)[0]


def key_text(raw: bytes) -> bytes:
    """Return the JSON text of a document's external key, b"" where it has none."""
    return _decoded(raw)[1] if _KEY in raw else b""


def _decoded(raw: bytes) -> tuple[bytes, bytes]:
    try:
        found = _DECODER.decode(raw)
        return _plain(found.id), _plain(found.key)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        from cskit.records.wording import explain

        said = _("a document is damaged: {why}").format(why=explain(error))  # and may hold anything
        raise StorageFailed(said, _("run `cskit data verify`")) from None


def _plain(text: msgspec.Raw) -> bytes:
    return msgspec.json.encode(msgspec.json.decode(text)) if bytes(text) not in (b"", b"null") else b""


def all_of(raw: bytes) -> tuple[bytes, ...]:
    """Return the names by which a document is found: its id, and its external key marked as one."""
    found = _PLAIN(raw)  # as this program writes them, which takes a fifth of decoding
    own, key = found.groups() if found else (None, None)
    if own is None:
        own = id_text(raw)
    if key is None and _KEY in raw:
        key = key_text(raw)
    return (own, _MARK + key) if key else (own,) if own else ()


def wanted(ids: Iterable[bytes], keys: Iterable[bytes]) -> list[bytes]:
    """Return the names of the documents that have one of some ids or one of some external keys."""
    return [*ids, *(_MARK + key for key in keys)]


class Places:
    """By name, the places of the documents that are called so: one, but for what another program wrote."""

    def __init__(self) -> None:
        self._one: dict[bytes, int] = {}
        self._more: dict[bytes, list[int]] = {}

    def add(self, raw: bytes, place: int) -> None:
        """Note where a document stands."""
        one = self._one
        for name in all_of(raw):
            if one.setdefault(name, place) != place:
                self._more.setdefault(name, []).append(place)

    def drop(self, raw: bytes, place: int) -> None:
        """Forget that a document stands there."""
        for name in all_of(raw):
            more = self._more.get(name)
            if more and place in more:
                more.remove(place)
            elif self._one.get(name) == place:
                del self._one[name]
                if more:
                    self._one[name] = more.pop(0)

    def of(self, names: Iterable[bytes]) -> set[int]:
        """Return where the documents stand that have one of some names."""
        found = set()
        for name in names:
            if name in self._one:
                found.add(self._one[name])
                found.update(self._more.get(name, ()))
        return found

    def copy(self) -> Places:
        """Return another that holds the same, to be changed apart from this."""
        copied = Places()
        copied._one = dict(self._one)
        copied._more = {name: list(more) for name, more in self._more.items()}
        return copied
