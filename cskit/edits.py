"""Changes as people type them (`phone=…`, `tags+=vip`, `behaviour.frequency=weekly`) applied to a document.

Works on the stored JSON, so that keys this program does not know survive. Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeVar, cast

import msgspec

from cskit import fieldnames, records
from cskit.errors import BadRows, Problem, Usage
from cskit.i18n import _, mark, ngettext
from cskit.records import Field, Record, masks

R = TypeVar("R", bound=Record)
HOW = mark("write field=value, field= to clear, list+=value or list-=value, without spaces around the sign")
FIXED = {
    "id": mark("an id never changes"),
    "schema": mark("it belongs to the program"),
}
_FORM = re.compile(r"([^\s=+\-][^=]*?)([+-]?=)(.*)", re.DOTALL)
_ENCODER = msgspec.json.Encoder(order="deterministic")


class Edit(NamedTuple):
    """One change of one field: `path` is the field, and the part or key inside it; None clears."""

    path: tuple[str, ...]
    sign: Literal["=", "+=", "-="]
    value: Any


def refused(problems: Sequence[Problem], hint: str = "") -> BadRows:
    """Return the error for values of a command line that do not fit; they are no file's rows."""
    error = BadRows(problems, hint=hint)
    error.plain = ngettext("{count} value does not fit", "{count} values do not fit", len(problems)).format(
        count=len(problems)
    )
    return error


def encode(record: Record) -> bytes:
    """Return a record as it is stored: fields in their order, maps sorted, defaults left out."""
    return _ENCODER.encode(record)


# --- reading what was typed --------------------------------------------------------------------------------


def parse(model: type[Record], texts: Sequence[str], zone: dt.tzinfo, hint: str = "") -> list[Edit]:
    """Read assignments; raises `Usage` for one that is none, `BadRows` listing all values that do not fit."""
    edits: list[Edit] = []
    problems = []
    for text in texts:
        found = parts(text)
        if not found:
            raise Usage(_("'{text}' is not a change").format(text=text), _(HOW))
        name, sign, value = found
        try:
            edit = _edit(model, name, sign, value, zone)
        except ValueError as error:
            problems.append(Problem(0, name, _told(model, name, value), str(error)))
            continue
        if sign == "=" and any(other.path == edit.path and other.sign == "=" for other in edits):
            raise Usage(_("{name} is given twice").format(name=name), _("say once what it is to be"))
        edits.append(edit)
    if problems:
        raise refused(problems, hint)
    return edits


def parts(text: str) -> tuple[str, str, str] | None:
    """Return the name, the sign and the value of an assignment, None for a text that is none."""
    found = _FORM.fullmatch(text)
    return (found[1].strip(), found[2], found[3]) if found else None


def _told(model: type[Record], name: str, value: str) -> str:
    try:
        mask = masks.of_path(model, fieldnames.find(model, name).path)
    except ValueError:
        mask = masks.Mask()  # it may be anything
    return masks.told(mask, value)


def _edit(model: type[Record], name: str, sign: Any, value: str, zone: dt.tzinfo) -> Edit:
    place = fieldnames.find(model, name)
    first = place.path[0]
    if first in FIXED:
        raise ValueError(_("cannot be set: {why}").format(why=_(FIXED[first])))
    refuse_owned(records.fields(model)[first])
    refuse_owned(place.info)
    if sign != "=":
        if place.info.kind != "list":
            raise ValueError(_("is no list, so {sign} has nothing to work on; use =").format(sign=sign))
        return Edit(place.path, sign, _checked(model, place, _elements(place.info, value, sign, zone)))
    if not value.strip():
        if place.info.required and len(place.path) == 1:
            raise ValueError(_("is required, so it cannot be cleared"))
        return Edit(place.path, "=", None)
    if masks.looks_masked(value) and type(masks.of_path(model, place.path)) is masks.Mask:
        return Edit(place.path, "=", value)  # of a number or a choice, which has no other text like it
    return Edit(place.path, "=", _checked(model, place, records.parse(place.info, value, zone)))


def refuse_owned(info: Field) -> None:
    """Raise `ValueError` where a workflow keeps a field, so that nothing else may change it."""
    if info.owner:
        raise ValueError(_("is kept by `{command}`; use that command").format(command=info.owner))


def _elements(info: Field, value: str, sign: str, zone: dt.tzinfo) -> list[Any]:
    if not value.strip():
        raise ValueError(_("names nothing to add") if sign == "+=" else _("names nothing to take out"))
    if not records.is_struct(info.of):
        return list(records.parse(info, value, zone))
    if sign == "-=" and not value.lstrip().startswith(("{", "[")):
        return [value]
    found = records.parse(info, value if value.lstrip().startswith("[") else f"[{value}]", zone)
    return list(found)


def _checked(model: type[Record], place: fieldnames.Place, value: Any) -> Any:
    """Return `value` if the field takes it; what other fields make of it shows only in each record."""
    if isinstance(value, list) and records.is_struct(place.info.of) and value and isinstance(value[0], str):
        return value  # first fields of the elements to take out
    holder: type[msgspec.Struct] = model
    for name in place.path[:-1]:
        holder = records.fields(holder)[name].of
    if not records.is_struct(holder):
        return value  # under a map's key, and read as what it holds
    built = records.build(cast("type[Record]", holder), {place.path[-1]: value})
    for problem in built if isinstance(built, list) else ():
        if problem.column == place.path[-1]:
            raise ValueError(problem.message)
    if isinstance(value, list) and records.is_struct(place.info.of):
        # As they are stored, so that elements are found again: 3 and "3" are one amount
        return msgspec.to_builtins(msgspec.convert(value, place.info.type))
    return value


# --- changing a document -----------------------------------------------------------------------------------


def apply(model: type[R], raw: bytes, edits: Sequence[Edit]) -> tuple[R, bytes]:
    """Return the record and the document with `edits` made; raises `BadRows` if that is not valid."""
    document: dict[str, Any] = msgspec.json.decode(raw)
    known = records.fields(model)
    strangers, strange = _strangers(model, document), _strange_lists(model, document)
    document |= {name: _known_only(model, {name: held})[name] for name, held in strange.items()}
    for edit in _unmasked(model, document, edits):
        _make(document, edit.path, edit)
        if edit.value is None:
            strangers.pop(edit.path[0] if len(edit.path) == 1 else "", None)
    record = records.build(model, {name: value for name, value in document.items() if name in known})
    if isinstance(record, list):
        raise BadRows(record)
    merged = merge(record, document)
    if strangers or strange:
        whole = msgspec.json.decode(merged)
        _put_back(whole, strangers)
        _keep(model, strange, whole)
        merged = msgspec.json.encode(whole)
    return record, merged


def known(record: Record, values: Mapping[str, Any], empty: Iterable[tuple[str, ...]] = ()) -> bool:
    """Tell whether a record surely holds `values`, or what their masks stand for, and nothing in `empty`.

    In an export that comes back most rows do; `apply` would take ten times as long to find that out.
    """
    if any(getattr(record, path[0]) not in (None, [], {}) for path in empty):
        return False
    hidden = masks.of_model(type(record))
    for name, value in values.items():
        held = getattr(record, name)
        if value.__class__ is held.__class__ and value == held:
            continue
        mask = hidden.get(name)
        if mask is None or held is None or not masks.looks_masked(value) or mask.hide(held) != value:
            return False
    return True


def _unmasked(model: type[Record], document: Mapping[str, Any], edits: Sequence[Edit]) -> list[Edit]:
    """Return the edits with what the document holds in the place of its masks; any other mask is bad."""
    hidden = masks.of_model(model)
    found, problems = [], []
    for edit in edits:
        mask = None if edit.value is None or edit.path[0] not in hidden else masks.of_path(model, edit.path)
        if mask is None or not masks.looks_masked(edit.value):
            found.append(edit)
            continue
        held = _at(document, edit.path) if edit.sign == "=" else None
        try:
            found.append(edit._replace(value=mask.restored(edit.value, held)))
        except masks.Masked as masked:
            problems.append(Problem(0, ".".join(edit.path), masked.given, str(masked)))
    if problems:
        raise BadRows(problems)
    return found


def _at(document: Any, path: Sequence[str]) -> Any:
    """Return what a document holds at a place, None where there is no such place."""
    for name in path:
        document = document.get(name) if isinstance(document, dict) else None
    return document


def _strangers(model: type[msgspec.Struct], held: Any) -> dict[str, Any]:
    """Take the keys that a stored document's groups hold and their types do not know, and return them."""
    taken: dict[str, Any] = {}
    for name, info in records.fields(model).items():
        group = held.get(name)
        if info.kind == "struct" and isinstance(group, dict):
            known = records.fields(info.of)
            mine = {key: group.pop(key) for key in list(group) if key not in known}
            mine |= _strangers(info.of, group)
            if mine:
                taken[name] = mine
    return taken


def _put_back(held: dict[str, Any], strangers: Mapping[str, Any]) -> None:
    for name, value in strangers.items():
        if isinstance(value, dict) and isinstance(held.get(name), dict):
            _put_back(held[name], value)
        else:
            held[name] = value


def merge(record: Record, document: Mapping[str, Any]) -> bytes:
    """Return a record as stored, with the keys of `document` that its type does not know, at any depth.

    An element of a list is known again by its place and its first field, else by all that it holds.
    """
    raw, model = encode(record), type(record)
    unknown = {name: value for name, value in document.items() if name not in record.__struct_fields__}
    if _strange_inside(model, document):
        whole = msgspec.json.decode(raw)
        _keep(model, document, whole)
        return msgspec.json.encode(whole)
    return raw[:-1] + b"," + _ENCODER.encode(unknown)[1:] if unknown else raw


@functools.cache
def _inner(model: type[msgspec.Struct]) -> tuple[tuple[str, type[msgspec.Struct], bool], ...]:
    """Name the fields that hold groups of fields, with these and whether it is a list of them."""
    found = []
    for name, info in records.fields(model).items():
        if info.kind == "struct" or (info.kind == "list" and records.is_struct(info.of)):
            found.append((name, info.of, info.kind == "list"))
    return tuple(found)


def _strange_inside(model: type[msgspec.Struct], held: Mapping[str, Any]) -> bool:
    """Tell whether a group of a document, or an element of a list, holds keys that its type does not know."""
    for name, of, listed in _inner(model):
        value = held.get(name)
        for part in (value if isinstance(value, list) else ()) if listed else (value,):
            if isinstance(part, dict) and not part.keys() <= _names(of):
                return True
            if isinstance(part, dict) and _inner(of) and _strange_inside(of, part):
                return True
    return False


def _strange_lists(model: type[msgspec.Struct], held: Mapping[str, Any]) -> dict[str, Any]:
    """Return the lists of groups with keys that the groups' type does not know, by field."""
    lists = {name: held[name] for name, _of, listed in _inner(model) if listed and name in held}
    return {name: parts for name, parts in lists.items() if _strange_inside(model, {name: parts})}


def _known_only(model: type[msgspec.Struct], held: Mapping[str, Any]) -> dict[str, Any]:
    """Return a group without the keys that its type does not know, at every depth."""
    made = {name: value for name, value in held.items() if name in _names(model)}
    for name, of, listed in _inner(model):
        value = made.get(name)
        if listed and isinstance(value, list):
            made[name] = [_known_only(of, part) if isinstance(part, dict) else part for part in value]
        elif isinstance(value, dict):
            made[name] = _known_only(of, value)
    return made


@functools.cache
def _names(model: type[msgspec.Struct]) -> frozenset[str]:
    return frozenset(model.__struct_fields__)


def _keep(model: type[msgspec.Struct], held: Mapping[str, Any], made: dict[str, Any]) -> None:
    """Put what `held` has under keys that are not known into `made`, at every depth."""
    known = _names(model)
    made |= {name: value for name, value in held.items() if name not in known}
    for name, of, listed in _inner(model):
        before, after = held.get(name), made.get(name)
        if not listed and isinstance(before, dict) and isinstance(after, dict):
            _keep(of, before, after)
        elif listed and isinstance(before, list) and isinstance(after, list):
            for place, part in enumerate(before):
                same = _same(of, part, place, after) if isinstance(part, dict) else None
                if same is not None:
                    _keep(of, part, same)


def _same(
    of: type[msgspec.Struct], part: Mapping[str, Any], place: int, among: list[Any]
) -> dict[str, Any] | None:
    """Return the element that a list now has for one that it had, None where that is gone."""
    first = of.__struct_fields__[0]
    if place < len(among) and isinstance(among[place], dict) and among[place].get(first) == part.get(first):
        return among[place]  # type: ignore[no-any-return]  # as it was decoded
    known = {name: value for name, value in part.items() if name in _names(of)}
    return next((one for one in among if isinstance(one, dict) and one == known), None)


def _make(holder: dict[str, Any], path: Sequence[str], edit: Edit) -> None:
    """Make an edit at `path` below `holder`; a group or map in which nothing is left goes as well."""
    name = path[0]
    inside: Any
    if len(path) > 1:
        inner = holder.get(name)
        inside = dict(inner) if isinstance(inner, dict) else {}
        _make(inside, path[1:], edit)
    elif edit.sign == "=":
        inside = msgspec.to_builtins(edit.value)
    else:
        inside = _combined(holder.get(name), edit)
    if inside in (None, {}, []):
        holder.pop(name, None)
    else:
        holder[name] = inside


def _combined(held: Any, edit: Edit) -> list[Any]:
    """Return a list with elements added that it does not hold yet, or taken out."""
    before = list(held) if isinstance(held, list) else []
    value = msgspec.to_builtins(edit.value)
    if edit.sign == "+=":
        return before + [part for place, part in enumerate(value) if part not in before + value[:place]]
    return [part for part in before if not _meant(part, value)]


def _meant(part: Any, gone: list[Any]) -> bool:
    """Tell whether an element is to go: it is named whole, or (a group of fields) by its first field."""
    return part in gone or (isinstance(part, dict) and next(iter(part.values()), None) in gone)
