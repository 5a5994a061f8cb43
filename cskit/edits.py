"""Changes as people type them (`phone=…`, `tags+=vip`, `behaviour.frequency=weekly`) applied to a document.

Works on the stored JSON, so that keys this program does not know survive. Must not import click or a store.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from cskit import records
from cskit.errors import BadRows, Problem, Usage
from cskit.records import Field, Record

R = TypeVar("R", bound=Record)
_FORM = re.compile(r"([^\s=+\-][^=+\-]*?)([+-]?=)(.*)", re.DOTALL)
_FIXED = {"id": "an id never changes", "schema": "it belongs to the program"}
_ENCODER = msgspec.json.Encoder(order="deterministic")


class Edit(NamedTuple):
    """One change of one field: `path` is the field, and the part or key inside it; None clears."""

    path: tuple[str, ...]
    sign: Literal["=", "+=", "-="]
    value: Any
    text: str


def encode(record: Record) -> bytes:
    """Return a record as it is stored: fields in their order, maps sorted, defaults left out."""
    return _ENCODER.encode(record)


def parse(model: type[Record], texts: Sequence[str], zone: ZoneInfo) -> list[Edit]:
    """Read assignments; raises `Usage` for one that is none, `BadRows` listing all values that do not fit."""
    edits, problems = [], []
    for text in texts:
        found = _FORM.fullmatch(text)
        if not found:
            raise Usage(
                f"'{text}' is not a change", "write field=value, field= to clear, list+=value or list-=value"
            )
        name, sign, value = found.groups()
        try:
            edits.append(_edit(model, name, sign, value, zone))
        except ValueError as error:
            problems.append(Problem(0, name, value, str(error)))
    if problems:
        raise BadRows(problems, hint="`show` prints the fields that hold something, `schema` is in the docs")
    return edits


def _edit(model: type[Record], name: str, sign: Any, value: str, zone: ZoneInfo) -> Edit:
    first, _, rest = name.partition(".")
    known = records.fields(model)
    info = known.get(first)
    if info is None:
        raise ValueError(records.unknown_name(first, known))
    if first in _FIXED:
        raise ValueError(f"cannot be set: {_FIXED[first]}")
    if info.owner:
        raise ValueError(f"is kept by `{info.owner}`; use that command")
    path: tuple[str, ...] = (first,)
    if rest:
        info, path = _inner(info, rest), (first, rest)
    if sign != "=":
        if info.kind != "list":
            raise ValueError(f"is no list, so {sign} has nothing to work on; use =")
        return Edit(path, sign, _elements(info, value, sign, zone), value)
    return Edit(path, "=", None if value == "" else records.parse(info, value, zone), value)


def _inner(info: Field, rest: str) -> Field:
    if info.kind == "map":
        return Field(rest, info.of, "text", False, None, rest, rest)
    if info.kind == "struct":
        known = records.fields(info.of)
        if rest in known:
            return known[rest]
        raise ValueError(records.unknown_name(rest, known))
    raise ValueError("has no parts; only maps and groups take a dot")


def _elements(info: Field, value: str, sign: str, zone: ZoneInfo) -> list[Any]:
    if not records.is_struct(info.of):
        return list(records.parse(info, value, zone))
    if sign == "-=" and not value.lstrip().startswith("{"):
        return [value]
    found = records.parse(info, value if value.lstrip().startswith("[") else f"[{value}]", zone)
    return list(found)


def apply(model: type[R], raw: bytes, edits: Sequence[Edit]) -> tuple[R, bytes]:
    """Return the record and the document with `edits` made; raises `BadRows` if that is not valid."""
    document: dict[str, Any] = msgspec.json.decode(raw)
    known = records.fields(model)
    for edit in edits:
        _make(document, known[edit.path[0]], edit)
    record = records.build(model, {name: value for name, value in document.items() if name in known})
    if isinstance(record, list):
        raise BadRows(record)
    return record, merge(record, document)


def merge(record: Record, document: Mapping[str, Any]) -> bytes:
    """Return a record as stored, with the keys of `document` that its type does not know behind it."""
    raw = encode(record)
    unknown = {name: value for name, value in document.items() if name not in record.__struct_fields__}
    return raw[:-1] + b"," + _ENCODER.encode(unknown)[1:] if unknown else raw


def _make(document: dict[str, Any], info: Field, edit: Edit) -> None:
    *outer, last = edit.path
    target = document
    for name in outer:
        inner = target.get(name)
        target[name] = target = dict(inner) if isinstance(inner, dict) else {}
    value = msgspec.to_builtins(edit.value)
    if edit.sign == "=":
        if value is None:
            target.pop(last, None)
        else:
            target[last] = value
        return
    held = list(target.get(last, ()))
    if edit.sign == "+=":
        held += [part for part in value if part not in held]
    else:
        held = [part for part in held if not _meant(part, value)]
    if held:
        target[last] = held
    else:
        target.pop(last, None)


def _meant(part: Any, gone: list[Any]) -> bool:
    """Tell whether an element is to go: it is named whole, or (a group of fields) by its first field."""
    return part in gone or (isinstance(part, dict) and next(iter(part.values()), None) in gone)
