"""Records in order, and counted, by the values of some of their fields. Must not import click or a store."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from cskit import numbering, stored
from cskit.errors import BadData
from cskit.fieldnames import Place
from cskit.records import Record
from cskit.store.protocol import Document, Filter, Reading


def in_order(
    table: str, model: type[Record], documents: Iterable[Document], by: Place, backwards: bool
) -> list[Document]:
    """Sort the records of a table by a field, those that hold nothing in it last; ids by their numbers."""
    values = _values(table, model, [by])
    known: list[tuple[Any, Document]] = []
    unknown = []
    for document in documents:
        (value,) = values(document)
        if value is None:
            unknown.append(document)
        else:
            known.append((value, document))
    named = by.path == ("id",)
    known.sort(key=lambda pair: numbering.order(pair[0]) if named else pair[0], reverse=backwards)
    return [document for _, document in known] + unknown


def groups(
    reading: Reading, table: str, model: type[Record], where: Filter | None, by: Sequence[Place]
) -> list[dict[str, Any]]:
    """Return what `counted` does of the records that match; all of them by one field the store counts."""
    texts = reading.tally(table, by[0].path[0]) if where is None and len(by) == 1 else None
    found = None if texts is None else tallied(table, model, texts, by[0])
    return counted(table, model, reading.read(table, where=where), by) if found is None else found


def counted(
    table: str, model: type[Record], documents: Iterable[Document], by: Sequence[Place]
) -> list[dict[str, Any]]:
    """Count records by the values of some fields, the commonest first; nothing counts as a value too.

    A record whose list holds several elements counts once for each of them.
    """
    values = _values(table, model, by)
    return _summed(((values(document), 1) for document in documents), by)


def tallied(
    table: str, model: type[Record], texts: Mapping[bytes, int], by: Place
) -> list[dict[str, Any]] | None:
    """Return what `counted` does, from how often a store counted each JSON text of the field `by` is in.

    None where one of the texts is no value of that field: reading the records says in which of them.
    """
    values = _values(table, model, [by])
    key = msgspec.json.encode(by.path[0])
    try:
        found = [
            (values(Document(0, b"{%b:%b}" % (key, text) if text else b"{}")), count)
            for text, count in texts.items()
        ]
    except BadData:
        return None
    return _summed(found, [by])


def _summed(found: Iterable[tuple[tuple[Any, ...], int]], by: Sequence[Place]) -> list[dict[str, Any]]:
    """Return how often each group of values occurs, from how often each was found each time."""
    lists = any(place.info.kind == "list" for place in by)
    counts: dict[Any, int] = {}
    held: dict[Any, tuple[Any, ...]] = {}
    for values, times in found:
        for group in _each(values) if lists else (values,):
            try:
                if group in counts:
                    counts[group] += times
                else:
                    counts[group], held[group] = times, group
            except TypeError:  # a map or a group of fields among them
                key = msgspec.json.encode(group)
                counts[key] = counts.get(key, 0) + times
                held[key] = group
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], [_place(part) for part in held[pair[0]]]))
    return [
        {**dict(zip((one.name for one in by), held[key], strict=True)), "count": count}
        for key, count in ordered
    ]


def _place(value: Any) -> tuple[str, bool]:
    """Return what equally common values are sorted by; nothing reads like the text None, and comes before."""
    return str(value), value is not None


def _each(values: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """Yield the values with each element of the lists among them in its list's place, equal ones once."""
    parts = [_different(value) if isinstance(value, list | tuple) else [value] for value in values]
    return itertools.product(*parts)


def _different(elements: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    for element in elements:
        if element not in found:
            found.append(element)
    return found


def _default(info: msgspec.structs.FieldInfo) -> Any:
    """Return what a field without a value holds, as `defstruct` takes it."""
    if info.default_factory is not msgspec.NODEFAULT:
        return msgspec.field(default_factory=info.default_factory)
    return msgspec.field() if info.default is msgspec.NODEFAULT else info.default


def _values(
    table: str, model: type[Record], places: Sequence[Place]
) -> Callable[[Document], tuple[Any, ...]]:
    """Return what reads the values at some places, decoding only the fields they are in."""
    known = {info.name: info for info in msgspec.structs.fields(model)}
    tops = dict.fromkeys(place.path[0] for place in places)
    chosen: list[tuple[str, Any, Any]] = [(name, known[name].type, _default(known[name])) for name in tops]
    small = msgspec.defstruct("_Part", chosen, kw_only=True, gc=False)
    decode: Callable[[Document], Any] = stored.decoder(table, small)

    def values(document: Document) -> tuple[Any, ...]:
        record = decode(document)
        return tuple(value if (value := place.of(record)) != [] else None for place in places)

    if len(places) > 1 or len(places[0].path) > 1:
        return values
    of = operator.attrgetter(places[0].path[0])

    def single(document: Document) -> tuple[Any]:  # one plain field, as most often: half the time
        value = of(decode(document))
        return (None if value == [] else value,)

    return single
