"""The commands of a record type, made from its fields; a verb's module is imported when it is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from cskit.crud.choosing import names_in
from cskit.plugins.contributions import verb_help

if TYPE_CHECKING:
    from cskit.hookspecs import RecordType
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
}
_EXAMPLES = {
    "list": "list --limit 5",
    "show": "show ID",
    "set": "set ID field=value",
    "remove": "remove ID --yes",
    "import": "import FILE.csv",
    "export": "export --out FILE.csv",
    "count": "count",
}


_MADE_OF_FIELDS = ("add", "import")


def build(record_type: RecordType, verb: str, model: Callable[[], type[Record]]) -> click.Command:
    """Return the click command of one verb of a record type; `model` imports the class of its records."""
    module = importlib.import_module(f"cskit.crud.{_MODULES[verb]}")
    needs = (record_type, model) if verb in _MADE_OF_FIELDS else (record_type,)
    command: click.Command = module.VERBS[verb](*needs)
    example = command.help or _EXAMPLES[verb]
    command.help = f"{verb_help(verb, record_type)}\n\n\b\nExample:\n  cskit {record_type.command} {example}"
    return command
