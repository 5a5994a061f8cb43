"""The command `add` of a record type: one positional, the type's title, and an option for each field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from itertools import chain
from typing import Any

import click

from cskit import edits, preparing, records, register
from cskit.app import App, pass_app
from cskit.crud.choosing import saved
from cskit.declarations import RecordType
from cskit.display import views
from cskit.errors import Problem
from cskit.i18n import _, label
from cskit.nouns import noun
from cskit.records import Field, Record, masks
from cskit.store.protocol import Document

_FIELD = "field_"  # before the name of a field's value, so that no field is taken for something else


def add(record_type: RecordType, model: Callable[[], type[Record]]) -> click.Command:
    """Return the command that adds a record."""
    known = records.fields(model())
    title = known[record_type.title]

    @click.command("add")
    @click.argument("title", metavar=title.name.upper())
    @click.option("--id", "own", metavar="ID", help="The company's own code (else the next number).")
    @click.option(_reason_flag(known), "reason", metavar="TEXT", help="Why, for the history.")
    @pass_app
    def add_(app: App, /, title: str, own: str | None, reason: str | None, **given: Any) -> None:
        texts = {
            name.removeprefix(_FIELD): text for name, text in given.items() if text not in (None, (), "")
        }
        values, problems = _parsed(app, known, {record_type.title: title, **texts})
        values = _filled(app, known, texts) | values
        if own is not None:
            values["id"] = own
        views.form(app)  # refused before anything is saved
        with app.transaction(reason=reason) as tx:
            record = register.create(app, tx, record_type, values, problems)
            told = preparing.added(app, tx, record_type, record)
        if views.form(app) == "table":
            views.figure(app, "id", record.id)
        else:
            views.one(app, record_type, _as_saved(app, record_type, record))
        saved(app, _("{noun} added").format(noun=noun(record_type, 1)), tx.sequence)
        for line in told:
            app.echo(line)

    for info in known.values():
        fixed = record_type.holds is not None and info.name == record_type.holds.field
        if info.name not in ("id", "schema", record_type.title) and not info.owner and not fixed:
            add_.params.append(_option(info))
    return add_


def _as_saved(app: App, record_type: RecordType, record: Record) -> Document:
    """Return a record with what plugins added to it before it was saved."""
    found = list(app.reading().read(record_type.table, ids=[record.id]))
    return found[0] if found else Document(0, edits.encode(record))


VERBS = {"add": add}


def _reason_flag(known: Mapping[str, Field]) -> str:
    """Return the option of the history's reason; --reason is the field of records that have one."""
    return "--log-reason" if "reason" in known else "--reason"


def _flag(info: Field) -> str:
    return "--" + info.name.replace("_", "-")


def _option(info: Field) -> click.Option:
    flag, said, name = _flag(info), _said(info), _FIELD + info.name
    if info.kind == "boolean":
        return click.Option([f"{flag}/--no-{flag[2:]}", name], default=None, help=said)
    if info.kind == "choice":
        return click.Option([flag, name], metavar="|".join(info.of), help=said)
    several = info.kind in ("list", "map")
    metavar = "KEY=TEXT" if info.kind == "map" else "JSON" if _structured(info) else info.kind.upper()
    return click.Option([flag, name], metavar=metavar, multiple=several, help=said)


def _said(info: Field) -> str:
    """Describe a field: both titles, the unit, what a group holds, and whether it may be left out."""
    unit = _(" ({unit})").format(unit=_(info.unit)) if info.unit else ""
    said = label(f"{info.en}{unit} {info.zh}", f"{info.zh}{unit}")
    if _structured(info):
        said = _("{field}: {parts}").format(field=said, parts=_(", ").join(records.fields(info.of)))
    elif info.kind == "list":
        said = _("{field}; several with ; between, or the option again").format(field=said)
    if info.fill:
        usual = _("now") if info.fill == "now" else _("who acts")
        return _("{field} [{usual}]").format(field=said, usual=usual)
    return _("{field} [required]").format(field=said) if info.required else said


def _structured(info: Field) -> bool:
    return records.is_struct(info.of)


# --- from text ---------------------------------------------------------------------------------------------


def _parsed(
    app: App, known: Mapping[str, Field], texts: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Problem]]:
    """Parse what was given for the fields; also return everything that cannot be."""
    values: dict[str, Any] = {}
    problems = []
    for name, text in texts.items():
        try:
            values[name] = _value(app, known[name], text)
        except ValueError as error:
            typed = text if isinstance(text, str) else "; ".join(text)
            problems.append(Problem(0, name, masks.told(masks.of_field(known[name]), typed), str(error)))
    return values, problems


def _filled(app: App, known: Mapping[str, Field], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what belongs into fields that nothing was given for, and that fill themselves."""
    found: dict[str, Any] = {}
    for name, info in known.items():
        if not info.fill or name in given:
            continue
        if info.fill == "staff":
            found |= {name: app.staff} if app.staff else {}
        else:
            found[name] = app.today if info.kind == "date" else app.now
    return found


def _value(app: App, info: Field, text: Any) -> Any:
    if isinstance(text, bool):
        return text
    zone = app.zone if info.kind in ("time", "list", "map") else dt.UTC  # loading a zone takes 3 ms
    if info.kind == "map":
        return records.parse_pairs(info, text, zone)
    if info.kind != "list":
        return records.parse(info, text, zone)
    parts = [one if one[:1] == "[" or not _structured(info) else f"[{one}]" for one in text]
    return list(chain.from_iterable(records.parse(info, part, zone) for part in parts))
