"""Record types: what a record's fields are called, hold and accept. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
import re
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as _field_of_dataclass
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin
from zoneinfo import ZoneInfo

import msgspec

from cskit.errors import Problem

Kind = Literal["text", "integer", "decimal", "boolean", "date", "time", "choice", "list", "map", "struct"]
EXTRA = "cskit"
R = TypeVar("R", bound="Record")


class Record(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """A document that a table holds; record types add their fields to these.

    `id` is ours and never changes, `key` the name the record had in the file it was imported from, `schema`
    the version of the document's form.
    """

    id: str
    key: str | None = None
    schema: int = 1


class Part(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """A group of fields inside a record, or one element of a list in it."""


@dataclass(frozen=True, slots=True)
class _Label:
    """What `field` keeps beside a type until `fields` reads it back."""

    en: str
    zh: str
    unit: str
    ref: str
    create: str
    choices: Mapping[str, str]
    personal: bool
    owner: str


def field(
    en: str,
    zh: str,
    *,
    unit: str = "",
    ref: str = "",
    create: str = "",
    choices: Mapping[str, str] | None = None,
    personal: bool = False,
    owner: str = "",
    **limits: Any,
) -> msgspec.Meta:
    """Describe a record's field, inside `Annotated[type, field(…)]`.

    `en` and `zh` are its titles in tables and files; `unit` what a number counts; `ref` the table whose
    records it names, `create` the action that makes a missing one; `choices` code → Chinese title;
    `personal` marks personal data; `owner` names the workflow that alone may change it. `limits` (`ge`, `le`,
    `min_length`, `max_length`, `pattern`) are checked by msgspec.
    """
    label = _Label(en, zh, unit, ref, create, dict(choices or {}), personal, owner)
    return msgspec.Meta(title=en, extra={EXTRA: label}, **limits)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record type as the commands see it; `of` is the element's type of a list or map."""

    name: str
    type: Any
    kind: Kind
    required: bool
    default: Any
    en: str
    zh: str
    unit: str = ""
    ref: str = ""
    create: str = ""
    choices: Mapping[str, str] = _field_of_dataclass(default_factory=dict)
    personal: bool = False
    owner: str = ""
    of: Any = None


_PLAIN: dict[Any, Kind] = {
    str: "text",
    int: "integer",
    Decimal: "decimal",
    bool: "boolean",
    dt.date: "date",
    dt.datetime: "time",
}
_OWN = {
    "id": ("ID", "编号"),
    "key": ("External key", "外部编号"),
    "schema": ("Schema", "格式版本"),
}


@cache
def fields(model: type[msgspec.Struct]) -> Mapping[str, Field]:
    """Return the fields of a record type or part by name, in the order they were declared."""
    return {info.name: _field(info) for info in msgspec.structs.fields(model)}


def _field(info: msgspec.structs.FieldInfo) -> Field:
    label, bare = _unwrap(info.type)
    kind, of = _kind(bare)
    en, zh = _OWN.get(info.name, (info.name.replace("_", " ").capitalize(), info.name))
    default = info.default if info.default is not msgspec.NODEFAULT else None
    if info.default_factory is not msgspec.NODEFAULT:
        default = info.default_factory()
    if label is None:
        return Field(info.name, info.type, kind, info.required, default, en, zh, of=of)
    return Field(
        info.name,
        info.type,
        kind,
        info.required,
        default,
        label.en,
        label.zh,
        label.unit,
        label.ref,
        label.create,
        label.choices,
        label.personal,
        label.owner,
        of,
    )


def _unwrap(hint: Any) -> tuple[_Label | None, Any]:
    """Return the label and the bare type of a field's annotation, whether optional or not."""
    label: _Label | None = None
    while True:
        origin = get_origin(hint)
        if origin is Annotated:
            hint, *metas = get_args(hint)
            for meta in metas:
                if isinstance(meta, msgspec.Meta) and meta.extra and EXTRA in meta.extra:
                    label = meta.extra[EXTRA]
        elif origin in (types.UnionType, Union):
            rest = [part for part in get_args(hint) if part is not type(None)]
            if len(rest) != 1:
                raise TypeError(f"a record's field holds one type or None, not {hint}")
            hint = rest[0]
        else:
            return label, hint


def _kind(bare: Any) -> tuple[Kind, Any]:
    if bare in _PLAIN:
        return _PLAIN[bare], None
    origin = get_origin(bare)
    if origin is Literal:
        return "choice", get_args(bare)
    if origin in (list, tuple):
        return "list", get_args(bare)[0]
    if origin is dict:
        return "map", get_args(bare)[1]
    if isinstance(bare, type) and issubclass(bare, msgspec.Struct):
        return "struct", bare
    raise TypeError(f"a record's field cannot hold {bare}")


# --- from text -------------------------------------------------------------------------------------------

_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", re.ASCII)
_ONE_DIGIT_HOUR = re.compile(r"\d:")
_FULL_WIDTH = {ord(wide): ord(wide) - 0xFEE0 for wide in "０１２３４５６７８９＋，－．／："}
_YES = {"true", "yes", "y", "1", "是", "对", "有"}
_NO = {"false", "no", "n", "0", "否", "不", "无"}
_LIST = re.compile(r"[;；、]")


def parse(info: Field, text: str, zone: ZoneInfo) -> Any:
    """Turn what a person typed, or a cell, into the value `info` holds.

    Raises `ValueError` with a message that says what was expected. Times without an offset are in `zone`.
    """
    text = text.strip()
    match info.kind:
        case "text":
            return text
        case "integer":
            return _integer(text)
        case "decimal":
            return _decimal(text)
        case "boolean":
            return _boolean(text)
        case "date":
            return parse_day(text)
        case "time":
            return parse_time(text, zone)
        case "choice":
            return _choice(info, text)
        case "list" if not is_struct(info.of):
            element = _element(info)
            return [parse(element, part, zone) for part in _LIST.split(text) if part.strip()]
        case _:
            return _json(info, text)


def is_struct(hint: Any) -> bool:
    """Tell whether a type is a group of fields."""
    return isinstance(hint, type) and issubclass(hint, msgspec.Struct)


def _element(info: Field) -> Field:
    """Return what one element of a list is, as a field."""
    kind, of = _kind(_unwrap(info.of)[1])
    return Field(info.name, info.of, kind, True, None, info.en, info.zh, choices=info.choices, of=of)


def _number(text: str) -> str:
    plain = text.translate(_FULL_WIDTH).lstrip("¥￥").strip()
    # Only thousands: 1,5 may be meant as one and a half
    return plain.replace(",", "") if _GROUPED.fullmatch(plain) else plain


def _integer(text: str) -> int:
    plain = _number(text)
    if not re.fullmatch(r"[+-]?\d{1,18}(\.0+)?", plain, re.ASCII):
        raise ValueError("expected a whole number")
    return int(plain.split(".")[0])


def _decimal(text: str) -> Decimal:
    plain = _number(text)
    if not re.fullmatch(r"[+-]?(\d{1,28}(\.\d{0,10})?|\.\d{1,10})", plain, re.ASCII):
        raise ValueError("expected a number such as 1234.50")
    return Decimal(plain)


def _boolean(text: str) -> bool:
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise ValueError("expected yes or no (是 or 否)")


def parse_day(text: str) -> dt.date:
    """Read a date as people write it: 2026-11-22, 2026/11/22, 20261122, 2026年11月22日."""
    found = _DAY.fullmatch(text.translate(_FULL_WIDTH))
    if not found:
        raise ValueError("expected a date such as 2026-11-22")
    year, month, day = (int(part) for part in found.groups() if part)
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise ValueError("no such day in the calendar") from None


def parse_time(text: str, zone: ZoneInfo) -> dt.datetime:
    """Read an instant; without an offset it is in `zone`, without a clock time it is midnight there."""
    text = text.translate(_FULL_WIDTH)
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        day, _, clock = text.replace("日", "日 ").partition(" ")
        clock = clock.strip() or "00:00"
        clock = "0" + clock if _ONE_DIGIT_HOUR.match(clock) else clock
        try:
            moment = dt.datetime.combine(parse_day(day), dt.time.fromisoformat(clock))
        except ValueError:
            raise ValueError("expected a time such as 2026-11-22T16:30") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    try:
        return moment.astimezone(dt.UTC).replace(microsecond=0)
    except OverflowError:
        raise ValueError("expected a time such as 2026-11-22T16:30") from None


def _choice(info: Field, text: str) -> str:
    codes: Sequence[str] = info.of
    if text in codes:
        return text
    for code in codes:
        if text == info.choices.get(code) or text.casefold() == code.casefold():
            return code
    named = ", ".join(f"{code} ({info.choices[code]})" if code in info.choices else code for code in codes)
    raise ValueError(f"expected one of {named}")


def _json(info: Field, text: str) -> Any:
    from cskit import strict  # rarely needed, and json takes a while to import

    try:
        return strict.loads(text)
    except ValueError as error:
        raise ValueError(f"expected JSON, such as {_example(info)} ({error})") from None


def _example(info: Field) -> str:
    if info.kind == "map":
        return '{"key": "text"}'
    part = info.of
    first = next(iter(fields(part)))
    return f'[{{"{first}": "…"}}]' if info.kind == "list" else f'{{"{first}": "…"}}'


# --- checking --------------------------------------------------------------------------------------------

_MESSAGES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"Expected `str` of length >= 1\b"), "must not be empty"),
    (re.compile(r"Expected `(?:str|array|object)` of length (.+?)(?: - at|$)"), r"expected a length \1"),
    (re.compile(r"Expected `(?:int|float|decimal)` (>=|<=|>|<) (\S+)"), r"expected a number \1 \2"),
    (re.compile(r"Expected `str` matching regex (.+?)(?: - at|$)"), r"expected text of the form \1"),
    (re.compile(r"Invalid enum value"), "is not one of the choices"),
    (re.compile(r"Invalid RFC3339 encoded date\b"), "expected a date such as 2026-11-22"),
    (re.compile(r"Invalid RFC3339 encoded datetime"), "expected a time such as 2026-11-22T16:30:00Z"),
    (
        re.compile(r"Expected `datetime` with a timezone"),
        "expected a time with an offset, such as …T16:30:00Z",
    ),
    (re.compile(r"Invalid decimal string"), "expected a number such as 1234.50"),
    (re.compile(r"Object missing required field `(\w+)`"), r"needs \1"),
    (re.compile(r"Object contains unknown field `(.+?)`"), r"has no field \1"),
    (re.compile(r"Expected `(\w+)(?: \| null)?`, got `(\w+)`"), r"expected \1, not \2"),
)


def _explain(error: Exception) -> str:
    text = str(error)
    for pattern, message in _MESSAGES:
        found = pattern.search(text)
        if found:
            path = text.partition(" - at `$")[2].rstrip("`").lstrip(".")
            said = found.expand(message)
            return f"{path}: {said}" if path else said
    return text


def build(model: type[R], values: Mapping[str, Any], line: int = 0) -> R | list[Problem]:
    """Make a record from parsed values, or list everything that is wrong with them.

    Unknown names and missing required fields count as wrong, inside parts as well. Numbers must be finite.
    """
    known = fields(model)
    said = ""
    if values.keys() <= known.keys():
        try:
            record = msgspec.convert(values, model, strict=True)
        except (msgspec.ValidationError, ValueError) as error:
            said = _explain(error)
        else:
            deep = (name for name in _deep(model) if name in values)
            if not any(True for name in deep for _ in _faults(values[name], getattr(record, name))):
                return record
    found = _problems(known, values, line)
    return found or [Problem(line, "", "", said)]  # a check over several fields


@cache
def _deep(model: type[msgspec.Struct]) -> tuple[str, ...]:
    """Name the fields inside of which msgspec lets something pass that `_faults` finds."""
    safe = {"text", "integer", "boolean", "date", "time", "choice"}
    return tuple(
        name
        for name, info in fields(model).items()
        if info.kind not in safe
        and (info.of is None or is_struct(info.of) or _kind(_unwrap(info.of)[1])[0] not in safe)
    )


def _faults(given: Any, made: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield where and what is wrong in a value as `made` by msgspec: NaN, infinity, names no part has."""
    if isinstance(made, Decimal):
        if not made.is_finite():
            yield path, "expected a number such as 1234.50"
    elif isinstance(made, msgspec.Struct):
        known = fields(type(made))
        for name, value in given.items() if isinstance(given, Mapping) else ():
            if name not in known:
                yield f"{path}.{name}", unknown_name(name, known)
            else:
                yield from _faults(value, getattr(made, name), f"{path}.{name}")
    elif isinstance(made, Mapping):
        for name, value in made.items():
            yield from _faults(given[name], value, f"{path}.{name}")
    elif isinstance(made, list | tuple):
        for place, (before, value) in enumerate(zip(given, made, strict=True)):
            yield from _faults(before, value, f"{path}[{place}]")


def _problems(known: Mapping[str, Field], values: Mapping[str, Any], line: int) -> list[Problem]:
    """Convert the fields of a bad row one by one, since msgspec stops at the first error."""
    found = []
    for name, value in values.items():
        if name not in known:
            found.append(Problem(line, name, shown(value), unknown_name(name, known)))
            continue
        try:
            made = msgspec.convert(value, known[name].type, strict=True)
        except msgspec.ValidationError as error:
            found.append(Problem(line, name, shown(value), _explain(error)))
            continue
        for path, said in _faults(value, made):
            said = f"{path.lstrip('.')}: {said}" if path else said
            found.append(Problem(line, name, shown(value), said))
    for name, info in known.items():
        if info.required and name not in values:
            found.append(Problem(line, name, "", "is required"))
    return found


def unknown_name(name: str, known: Mapping[str, Field]) -> str:
    """Say that a record has no such field, and which one may have been meant."""
    import difflib

    near = difflib.get_close_matches(name, known, 1)
    return f"no such field; did you mean {near[0]}?" if near else "no such field"


def shown(value: Any) -> str:
    """Return a value as a short text for an error message."""
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode().strip('"')
    return text if len(text) <= 60 else text[:57] + "…"
