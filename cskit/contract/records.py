"""Checks of the record types that a plugin declares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from cskit import fieldnames, numbering
from cskit import records as record_fields
from cskit.contract.subject import NotChecked, Subject
from cskit.declarations import RecordType
from cskit.errors import CskitError
from cskit.i18n import _
from cskit.plugins.isolation import FAILURES, told
from cskit.records import Record, is_struct
from cskit.records.declared import unwrap
from cskit.records.wording import explain
from cskit.register import check_id

_OURS = frozenset(Record.__struct_fields__)


def fields(subject: Subject) -> Iterator[str]:
    """Each record type has its class, its title and columns, and titles in both languages for every field."""
    if not subject.record_types():
        raise NotChecked(_("it has no record types"))
    for record_type in subject.record_types():
        table = record_type.table
        try:
            model = subject.app.model(table)
            known = record_fields.fields(model)
            msgspec.json.Decoder(model)  # which finds limits that do not go with a type
        except CskitError as error:
            yield error.message
            continue
        except FAILURES as error:
            yield f"{table}: {told(error)}"
            continue
        yield from _names(record_type, model)
        yield from _titles(table, model)
        yield from _defaults(table, known.values())
        for language in ("en", "zh"):
            titles = Counter(getattr(info, language) for info in known.values())
            for title in (title for title, count in titles.items() if count > 1):
                yield _("{table}: two fields have the title '{title}'").format(table=table, title=title)


def _names(record_type: RecordType, model: type[Record]) -> Iterator[str]:
    """Yield what in the declaration names no field, or makes no id."""
    table = record_type.table
    for place, names in (("title", (record_type.title,)), ("columns", record_type.columns)):
        for name in names:
            try:
                fieldnames.find(model, name)
            except ValueError as error:
                yield f"{table}: {place}: {name}: {error}"
    try:
        made = {numbering.sample(record_type, number) for number in (1, 2)}
    except (ValueError, LookupError):
        made = set()
    if len(made) != 2 or any(map(check_id, made)):
        yield _("{table}: the number {number} is not of the form AM-{{:05d}}").format(
            table=table, number=record_type.number
        )
    for noun in ("singular", "plural", "zh"):
        if not getattr(record_type, noun).strip():
            yield _("{table}: {noun} is empty").format(table=table, noun=noun)


def _titles(table: str, model: type[msgspec.Struct], path: str = "") -> Iterator[str]:
    """Yield the fields without a title, and choices without a Chinese one, also inside groups."""
    for info in record_fields.fields(model).values():
        name = f"{path}{info.name}"
        if not path and name in _OURS:
            continue
        if unwrap(info.type)[0] is None or not (info.en.strip() and info.zh.strip()):
            yield _("{table}: the field {name} has no titles: field('English', '中文')").format(
                table=table, name=name
            )
        if info.kind == "choice":
            codes = set(info.of)
            for code in sorted(codes ^ set(info.choices), key=str):
                said = (
                    _("{table}: {name}: the choice '{code}' has no Chinese title")
                    if code in codes
                    else _("{table}: {name}: there is a title for '{code}', which is no choice")
                )
                yield said.format(table=table, name=name, code=code)
        part = unwrap(info.of)[1] if info.kind in ("list", "map", "struct") else None
        if part is not None and is_struct(part) and part is not model:
            yield from _titles(table, part, f"{name}.")


def _defaults(table: str, known: Iterable[record_fields.Field]) -> Iterator[str]:
    """Yield the fields that no record could have as they are when nothing is said of them."""
    for info in known:
        if not info.required:
            try:
                msgspec.convert(info.default, info.type)
            except msgspec.ValidationError as error:
                yield _("{table}: the default of {name}, {value}, does not fit: {error}").format(
                    table=table, name=info.name, value=info.default, error=explain(error)
                )


def references(subject: Subject) -> Iterator[str]:
    """Each reference is to a table of a plugin that is installed, and what makes missing ones is there."""
    plugins = subject.app.plugins
    seen = False
    for record_type in subject.record_types():
        try:
            known = record_fields.fields(subject.app.model(record_type.table))
        except FAILURES:
            continue  # `fields` says so
        for info in known.values():
            if info.ref:
                seen = True
                if info.ref not in plugins.record_types:
                    yield _("{table}: {name} refers to the table {ref}, which no plugin has").format(
                        table=record_type.table, name=info.name, ref=info.ref
                    )
            if info.create and info.create not in plugins.actions.by_key:
                yield _("{table}: {name} needs the action {action}, which no plugin offers").format(
                    table=record_type.table, name=info.name, action=info.create
                )
    if not seen:
        raise NotChecked(_("its records refer to no others"))
