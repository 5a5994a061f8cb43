"""What a record type's records hold, as JSON Schema (draft 2020-12) and as rows. Must not import click."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import records
from cskit.display.output import Column
from cskit.display.views import REVISION
from cskit.fieldnames import Place
from cskit.i18n import _, label, mark
from cskit.records import Field, Record
from cskit.records.declared import kind_of, unwrap

if TYPE_CHECKING:
    from cskit.declarations import RecordType

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_FIXED = ("id", REVISION)
_INSIDE = ("items", "additionalProperties")
_MASK = {"type": "string", "pattern": r"\*\*"}


# --- JSON Schema -------------------------------------------------------------------------------------------


def schema(record_type: RecordType, model: type[Record], wanted: Sequence[Place]) -> dict[str, Any]:
    """Return the JSON Schema of records exported with these fields.

    What it has no word for stands under `x-`: titles in both languages, Chinese titles of choices, units,
    the table a field refers to, personal data, and the command that keeps a field.
    """
    parts = _parts(model)
    hints = [place.info.type for place in wanted]
    found, known = msgspec.json.schema_components([*hints, *parts], ref_template="#/$defs/{name}")
    made = {
        "$schema": DIALECT,
        "title": label(record_type.singular, record_type.zh),
        **_object([place.info._replace(name=place.name) for place in wanted], found),
    }
    names = {
        ref["$ref"].rpartition("/")[2]: part for ref, part in zip(found[len(hints) :], parts, strict=True)
    }
    used = _used(made, names)
    if used:
        made["$defs"] = {name: _part(names[name], known[name]) for name in sorted(used)}
    return made


def _parts(model: type[msgspec.Struct]) -> list[type[msgspec.Struct]]:
    """Return the groups of fields that a record type holds, at any depth."""
    found: dict[type[msgspec.Struct], None] = {}
    levels = [model]
    while levels:
        for info in records.fields(levels.pop()).values():
            part = _group(info)
            if part is not None and part not in found:
                found[part] = None
                levels.append(part)
    return list(found)


def _group(info: Field) -> type[msgspec.Struct] | None:
    """Return the type of the groups that a field holds, None where it holds none."""
    part: Any = unwrap(info.of)[1] if info.kind in ("list", "map", "struct") else None
    return part if records.is_struct(part) else None


def _used(made: Mapping[str, Any], names: Mapping[str, type[msgspec.Struct]]) -> set[str]:
    """Return the names of the groups that some of a record's fields hold, at any depth."""
    text = msgspec.json.encode(made).decode()
    found: set[str] = set()
    for name, part in names.items():
        if f'"#/$defs/{name}"' in text:
            below = {inner for inner in _parts(part)}
            found |= {name} | {other for other, type_ in names.items() if type_ in below}
    return found


def _part(part: type[msgspec.Struct], found: Mapping[str, Any]) -> dict[str, Any]:
    known = list(records.fields(part).values())
    return _object(known, [found["properties"][info.name] for info in known])


def _object(known: Sequence[Field], found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {info.name: _described(info, one) for info, one in zip(known, found, strict=False)},
        "required": [info.name for info in known if info.required and info.name != REVISION],
        "additionalProperties": False,
    }


def _described(info: Field, found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of a field with all that its declaration says."""
    limits = _as_exported(found)
    limits.pop("title", None)
    if info.kind == "choice":
        limits["enum"] = list(info.of)
    made: dict[str, Any] = {"title": label(info.en, info.zh), "x-title-en": info.en, "x-title-zh": info.zh}
    made |= _or_masked(info, limits)
    if info.choices:
        made["x-choices-zh"] = dict(info.choices)
    if info.default not in (None, [], {}):
        made["default"] = msgspec.to_builtins(info.default)
    if info.unit:
        made["x-unit"] = info.unit
    if info.ref:
        made["x-reference"] = info.ref
    if info.personal:
        made["x-personal"] = info.personal
    if info.owner:
        made["x-kept-by"] = info.owner
    if info.owner or info.name in _FIXED:
        made["readOnly"] = True
    return made


def _or_masked(info: Field, limits: dict[str, Any]) -> dict[str, Any]:
    """Return what a field takes; of personal data also the masks that stand in a file without --reveal."""
    if not info.personal or info.kind in ("list", "map", "struct") or limits == {"type": "string"}:
        return limits
    return {"anyOf": [limits, _MASK]}


def _as_exported(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return msgspec's schema of a field as we write it: never null, and decimals as numbers."""
    made = {name: value for name, value in found.items() if name != "default"}
    for choice in made.pop("anyOf", ()):
        if choice != {"type": "null"}:
            made |= _as_exported(choice)
    if made.get("format") == "decimal":
        del made["format"]
        made["type"] = "number"
    for name in _INSIDE:
        if isinstance(made.get(name), Mapping):
            made[name] = _as_exported(made[name])
    return made


# --- a row for each field ----------------------------------------------------------------------------------

COLUMNS = (
    Column("field", "Field"),
    Column("title", "Title"),
    Column("type", "Type"),
    Column("required", "Required", kind="boolean"),
    Column("choices", "Choices", kind="list"),
    Column("unit", "Unit"),
    Column("reference", "Refers to"),
    Column("personal", "Personal", kind="boolean"),
    Column("kept_by", "Kept by"),
)
_WORDS = {
    "text": mark("text"),
    "integer": mark("whole number"),
    "decimal": mark("number"),
    "boolean": mark("yes or no"),
    "date": mark("date"),
    "time": mark("time"),
    "choice": mark("choice"),
    "map": mark("free fields"),
    "struct": mark("group"),
}
_LISTS = {
    "text": mark("texts"),
    "integer": mark("whole numbers"),
    "decimal": mark("numbers"),
    "boolean": mark("yes or no each"),
    "date": mark("dates"),
    "time": mark("times"),
    "choice": mark("choices"),
    "struct": mark("groups"),
}


def rows(wanted: Sequence[Place]) -> list[dict[str, Any]]:
    """Return a row for each field, and for each part of a group below it; what is not so is left out."""
    return [line for place in wanted for line in _lines(place.name, place.info, ())]


def filled(found: Sequence[Mapping[str, Any]]) -> list[Column]:
    """Return the columns in which some row has something: a screen has no room for the others."""
    return [column for column in COLUMNS if any(column.name in row for row in found)]


def _lines(name: str, info: Field, above: tuple[type, ...]) -> Iterator[dict[str, Any]]:
    cells = {
        "field": name,
        "title": label(info.en, info.zh),
        "type": _type(info),
        "required": info.required and info.name not in _FIXED,
        "choices": [f"{code} {title}" for code, title in info.choices.items()] or _codes(info),
        "unit": info.unit,
        "reference": info.ref,
        "personal": bool(info.personal),
        "kept_by": info.owner,
    }
    yield {key: value for key, value in cells.items() if value}
    part = _group(info)
    if part is not None and part not in above:
        below = name if info.kind == "struct" else f"{name}[]"
        for inner in records.fields(part).values():
            yield from _lines(f"{below}.{inner.name}", inner, (*above, part))


def _type(info: Field) -> str:
    if info.kind != "list":
        return _(_WORDS[info.kind])
    return _(_LISTS.get(kind_of(unwrap(info.of)[1])[0], mark("lists")))


def _codes(info: Field) -> list[str]:
    return list(info.of) if info.kind == "choice" else []
