"""The command merge of a record type: records that turn out to be one become one."""

from __future__ import annotations

import click

from cskit import masking, merging, nouns
from cskit.app import App, pass_app
from cskit.crud.changing import CHANGED
from cskit.crud.choosing import REASON, names_in, saved
from cskit.declarations import RecordType
from cskit.display import views
from cskit.i18n import _, ngettext

_SHOWN = 5  # so many external keys fit in one line


def merge(record_type: RecordType) -> click.Command:
    """Return the command that makes records part of another."""

    @click.command("merge")
    @click.argument("keep", metavar="KEEP")
    @click.argument("ids", nargs=-1, required=True, metavar="ID...")
    @click.option(
        "--fill/--no-fill", default=True, help="Fill what KEEP lacks from the others (the default)."
    )
    @REASON
    @pass_app
    def command(app: App, keep: str, ids: tuple[str, ...], fill: bool, reason: str | None) -> None:
        wanted = merging.pair(app, app.reading(), record_type, keep, names_in(ids))
        views.form(app)  # refused before anything is saved
        _confirm(app, record_type, wanted)
        with app.transaction(reason=wanted.reason(reason)) as tx:
            merged = merging.merge(app, tx, record_type, wanted, fill=fill)
        rows = masking.changes(app, ({"table": table, **row._asdict()} for table, row in merged.rows))
        views.listing(app, rows, CHANGED)
        _tell(app, record_type, wanted, merged, tx.sequence)

    return command


def _confirm(app: App, record_type: RecordType, wanted: merging.Pair) -> None:
    if wanted.others:
        records = nouns.counted(record_type, len(wanted.others))
        app.confirm(_("merge {records} into {id}").format(records=records, id=wanted.keep))


def _tell(
    app: App, record_type: RecordType, wanted: merging.Pair, merged: merging.Merged, sequence: int | None
) -> None:
    """Say what was done, and what nobody will find in the kept record."""
    if merged.dropped:
        said = ngettext(
            "{count} value was dropped, it stands beside the id of its record",
            "{count} values were dropped, they stand beside the ids of their records",
            len(merged.dropped),
        )
        app.echo(said.format(count=len(merged.dropped)))
    if merged.keys:
        said = ngettext(
            "{keys} is no key any more: an import that names it makes a new record; let it name {id}",
            "{keys} are no keys any more: an import that names them makes new records; let it name {id}",
            len(merged.keys),
        )
        app.echo(said.format(keys=nouns.shortened(merged.keys, _SHOWN), id=wanted.keep))
    records = nouns.counted(record_type, len(wanted.others))
    done = _("{records} merged into {id}").format(records=records, id=wanted.keep)
    if merged.moved:
        moved = nouns.counted_all(app.plugins.record_types, merged.moved)
        done = _("{records} merged into {id}, {moved} moved").format(
            records=records, id=wanted.keep, moved=moved
        )
    saved(app, done, sequence)


VERBS = {"merge": merge}
