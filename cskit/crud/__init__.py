"""The commands of a record type, made from its fields; a verb's module is imported when it is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import click

from cskit.crud.choosing import names_in
from cskit.crud.examples import example
from cskit.plugins.contributions import verb_help

if TYPE_CHECKING:
    from cskit.declarations import RecordType
    from cskit.records import Record

__all__ = ["build", "names_in"]

_MODULES = {
    "add": "adding",
    "list": "reading",
    "show": "reading",
    "count": "reading",
    "set": "changing",
    "remove": "changing",
    "import": "files",
    "export": "files",
    "merge": "merging",
    "schema": "schema",
}
_MADE_OF_FIELDS = ("add", "import")


def build(
    record_type: RecordType,
    verb: str,
    model: Callable[[], type[Record]],
    types: Mapping[str, RecordType],
) -> click.Command:
    """Return the click command of one verb of a record type; `model` imports the class of its records.

    `types` are the record types of all tables, of which an example may name one.
    """
    module = importlib.import_module(f"cskit.crud.{_MODULES[verb]}")
    needs = (record_type, model) if verb in _MADE_OF_FIELDS else (record_type,)
    command: click.Command = module.VERBS[verb](*needs)
    line = example(record_type, verb, model, types)
    command.help = f"{verb_help(verb, record_type)}\n\n\b\nExample:\n  {line}"
    return command
