"""The command `add` of a record type: one positional, the type's title, and an option for each field."""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Mapping
from itertools import chain
from typing import Any

import click

from cskit import edits, records, register, views
from cskit.app import App, pass_app
from cskit.crud.choosing import REASON, saved
from cskit.errors import Problem
from cskit.hookspecs import RecordType
from cskit.records import Field, Record
from cskit.store.protocol import Document
from cskit.values import shown


def add(record_type: RecordType) -> click.Command:
    """Return the command that adds a record."""
    known = records.fields(model_of(record_type))
    title = known[record_type.title]

    @click.command("add", help=_example(record_type, known))
    @click.argument("title", metavar=title.name.upper())
    @click.option("--id", "own", metavar="ID", help="The company's own code (else the next number).")
    @REASON
    @pass_app
    def add_(app: App, /, title: str, own: str | None, reason: str | None, **given: Any) -> None:
        texts = {name: text for name, text in given.items() if text not in (None, (), "")}
        values, problems = _parsed(app, known, {record_type.title: title, **texts})
        if own is not None:
            values["id"] = own
        with app.transaction(reason=reason) as tx:
            record = register.create(app, tx, record_type, values, problems)
        if views.form(app) == "table":
            views.figure(app, "id", record.id)
        else:
            views.one(app, record_type, Document(0, edits.encode(record)))
        saved(app, f"{record_type.singular} added", tx.sequence)

    for info in known.values():
        if info.name not in ("id", "schema", record_type.title) and not info.owner:
            add_.params.append(_option(info))
    return add_


VERBS = {"add": add}


def model_of(record_type: RecordType) -> type[Record]:
    """Import the class of a record type's fields, which its options are made from."""
    module, _, name = record_type.model.partition(":")
    found: type[Record] = getattr(importlib.import_module(module), name)
    return found


def _example(record_type: RecordType, known: Mapping[str, Field]) -> str:
    needed = [info for info in known.values() if info.required and info.name not in ("id", record_type.title)]
    options = [f"{_flag(info)} {_SAMPLES.get(info.kind, '…')}" for info in needed if not info.owner]
    return " ".join(["add", record_type.title.upper(), *options])


_SAMPLES = {"date": "2026-11-22", "time": "2026-11-22T16:30", "integer": "1", "decimal": "1.50"}


def _flag(info: Field) -> str:
    return "--" + info.name.replace("_", "-")


def _option(info: Field) -> click.Option:
    flag, said = _flag(info), _said(info)
    if info.kind == "boolean":
        return click.Option([f"{flag}/--no-{flag[2:]}", info.name], default=None, help=said)
    if info.kind == "choice":
        return click.Option([flag, info.name], metavar="|".join(info.of), help=said)
    several = info.kind in ("list", "map")
    metavar = "KEY=TEXT" if info.kind == "map" else "JSON" if _structured(info) else info.kind.upper()
    return click.Option([flag, info.name], metavar=metavar, multiple=several, help=said)


def _said(info: Field) -> str:
    """Describe a field: both titles, the unit, what a group holds, and whether it may be left out."""
    said = f"{info.en}{f' ({info.unit})' if info.unit else ''} {info.zh}"
    if _structured(info):
        said += f": {', '.join(records.fields(info.of))}"
    elif info.kind == "list":
        said += "; several with ; between, or the option again"
    return f"{said} [required]" if info.required else said


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
            problems.append(Problem(0, name, shown(typed), str(error)))
    return values, problems


def _value(app: App, info: Field, text: Any) -> Any:
    if isinstance(text, bool):
        return text
    if info.kind == "map":
        return _pairs(text)
    zone = app.zone if info.kind in ("time", "list") else dt.UTC  # loading a zone takes 3 ms
    if info.kind != "list":
        return records.parse(info, text, zone)
    parts = [one if one[:1] == "[" or not _structured(info) else f"[{one}]" for one in text]
    return list(chain.from_iterable(records.parse(info, part, zone) for part in parts))


def _pairs(texts: tuple[str, ...]) -> dict[str, str]:
    pairs = [text.partition("=") for text in texts]
    if not all(sign and key.strip() for key, sign, _ in pairs):
        raise ValueError("expected KEY=TEXT")
    return {key.strip(): value.strip() for key, _, value in pairs}
