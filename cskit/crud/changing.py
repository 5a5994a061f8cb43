"""The commands set and remove of a record type."""

from __future__ import annotations

import click

from cskit import edits, register, views
from cskit.app import App, pass_app
from cskit.crud.choosing import IDS, REASON, chosen, said, saved, where_option
from cskit.errors import Usage
from cskit.hookspecs import RecordType
from cskit.output import Column


def set_(record_type: RecordType) -> click.Command:
    """Return the command that changes fields."""

    @click.command("set")
    @click.argument("words", nargs=-1, required=True, metavar="[ID]... FIELD=VALUE...")
    @where_option(record_type)
    @REASON
    @pass_app
    def command(app: App, words: tuple[str, ...], where: str | None, reason: str | None) -> None:
        texts = [word for word in words if "=" in word]
        if not texts:
            raise Usage("what is to change?", edits.HOW)
        hint = f"`cskit {record_type.command} add --help` lists the fields"
        wanted = edits.parse(app.model(record_type.table), texts, app.zone, hint)
        choice = chosen(app, record_type, [word for word in words if "=" not in word], where, "change")
        views.form(app)  # refused before anything is saved
        with app.transaction(reason=reason) as tx:
            found = choice.documents(app, tx)
            changes = register.change(app, tx, record_type, found, wanted)
        views.rows(app, (row._asdict() for row in changes.rows), _CHANGED)
        unchanged = len(found) - changes.records
        saved(app, f"{said(changes.records, record_type)} changed, {unchanged} unchanged", tx.sequence)

    return command


_CHANGED = [
    Column("id", "ID"),
    Column("field", "Field"),
    Column("before", "Before"),
    Column("after", "After"),
]


def remove(record_type: RecordType) -> click.Command:
    """Return the command that removes records."""

    @click.command("remove")
    @IDS
    @where_option(record_type)
    @REASON
    @pass_app
    def command(app: App, ids: tuple[str, ...], where: str | None, reason: str | None) -> None:
        choice = chosen(app, record_type, ids, where, "remove", always=True)
        views.form(app)  # refused before anything is saved
        with app.transaction(reason=reason) as tx:
            gone = register.remove(app, tx, record_type, choice.documents(app, tx))
        if views.form(app) != "table":
            views.rows(app, ({"id": own} for own in gone), [Column("id", "ID")])
        saved(app, f"{said(len(gone), record_type)} removed", tx.sequence)

    return command


VERBS = {"set": set_, "remove": remove}
