"""An example for the help of every record command: one that runs where the first records are there.

Must not import a store.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, get_args

import msgspec

from cskit import numbering
from cskit.declarations import RecordType
from cskit.records import Field, Record, fields

if TYPE_CHECKING:
    Model = Callable[[], type[Record]]
    Types = Mapping[str, RecordType]

_PLAIN = {
    "count": "count",
    "export": "export --out {plural}.csv",
    "import": "import {plural}.csv",
    "list": "list --limit 5",
    "merge": "merge {first} {second} --yes",
    "remove": "remove {first} --yes",
    "schema": "schema",
    "show": "show {first}",
}
_SAMPLES = {
    "boolean": "true",
    "date": "2026-11-22",
    "decimal": "1.50",
    "integer": "1",
    "time": "2026-11-22T16:30",
}
_OWN = ("id", "key", "schema")
_UNKNOWN = "…"
"""Stands for a text that only people know."""


def example(record_type: RecordType, verb: str, model: Model, types: Types) -> str:
    """Return a command line, as typed after `cskit`, for one of a record type's verbs.

    `model` imports the class of its records; `types` are all record types by table.
    """
    made = {"add": _adding, "set": _setting}
    if verb in made:
        said = made[verb](record_type, fields(model()), types)
    else:
        first, second = (numbering.sample(record_type, number) for number in (1, 2))
        plural = record_type.plural.replace(" ", "-")
        said = _PLAIN[verb].format(first=first, second=second, plural=plural)
    return f"cskit {record_type.command} {said}"


def _adding(record_type: RecordType, known: Mapping[str, Field], types: Types) -> str:
    title = known[record_type.title]
    words = ["add", _sample(title, types) or f"New {record_type.singular}"]
    for info in known.values():
        if info.required and not (info.owner or info.fill) and info.name not in (*_OWN, title.name):
            words += [f"--{info.name.replace('_', '-')}", _sample(info, types) or _UNKNOWN]
    return " ".join(word if word == _UNKNOWN else shlex.quote(word) for word in words)


def _setting(record_type: RecordType, known: Mapping[str, Field], types: Types) -> str:
    """Change the first field, of those that lists show before others, for which there is a sample."""
    names = dict.fromkeys((*record_type.columns, *known))
    free = [known[name] for name in names if name in known and name not in (*_OWN, record_type.title)]
    settable = [
        (_sample(info, types, 2 if info.ref == record_type.table else 1), info)  # nobody is under themselves
        for info in free
        if not info.owner
    ]
    settable.sort(key=lambda one: (not one[0], one[1].kind != "choice"))
    title = known[record_type.title]
    value, info = settable[0] if settable else ("New name", title)
    if not value:  # no field has a sample; a title that is a reference takes no new name either
        value, info = (_UNKNOWN, info) if title.ref else ("New name", title)
    return shlex.join(["set", numbering.sample(record_type, 1), f"{info.name}={value}"])


def _sample(info: Field, types: Types, number: int = 1) -> str:
    """Return a value that a field takes, "" where only people know one; of a reference the `number`-th."""
    if info.kind == "choice":
        return str(info.of[0])
    if info.ref in types:
        return numbering.sample(types[info.ref], number)
    for value in _examples(info.type):
        return str(value)
    return _SAMPLES.get(info.kind, "")


def _examples(hint: Any) -> Iterator[Any]:
    """Yield the examples that a field's type declares."""
    for part in get_args(hint):
        if isinstance(part, msgspec.Meta):
            yield from part.examples or ()
        else:
            yield from _examples(part)
