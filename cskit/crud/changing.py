"""The commands set and remove of a record type."""

from __future__ import annotations

import click

from cskit import edits, masking, register
from cskit.app import App, pass_app
from cskit.crud.choosing import IDS, REASON, chosen, saved, where_option
from cskit.declarations import RecordType
from cskit.display import views
from cskit.display.output import Column
from cskit.errors import Usage
from cskit.i18n import _, mark
from cskit.nouns import counted


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
            raise Usage(_("what is to change?"), _(edits.HOW))
        hint = _("`cskit {command} add --help` lists the fields").format(command=record_type.command)
        wanted = edits.parse(app.model(record_type.table), texts, app.zone, hint)
        ids = [word for word in words if "=" not in word]
        choice = chosen(app, record_type, ids, where, mark("change {records}"))
        views.form(app)  # refused before anything is saved
        with app.transaction(reason=reason) as tx:
            found = choice.documents(app, tx)
            changes = register.change(app, tx, record_type, found, wanted)
        views.rows(
            app, masking.changes(app, (row._asdict() for row in changes.rows), record_type.table), CHANGED
        )
        done = _("{records} changed, {unchanged} unchanged").format(
            records=counted(record_type, changes.records), unchanged=len(found) - changes.records
        )
        saved(app, done, tx.sequence)

    return command


CHANGED = [
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
        choice = chosen(app, record_type, ids, where, mark("remove {records}"), always=True)
        views.form(app)  # refused before anything is saved
        with app.transaction(reason=reason) as tx:
            gone = register.remove(app, tx, record_type, choice.documents(app, tx))
        if views.form(app) != "table":
            views.rows(app, ({"id": own} for own in gone), [Column("id", "ID")])
        saved(app, _("{records} removed").format(records=counted(record_type, len(gone))), tx.sequence)

    return command


VERBS = {"set": set_, "remove": remove}
