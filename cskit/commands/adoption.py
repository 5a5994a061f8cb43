"""`cskit data adopt`: what other programs wrote, taken over on purpose."""

from __future__ import annotations

import click

from cskit import adoption
from cskit.app import App, pass_app
from cskit.crud.choosing import REASON, saved
from cskit.display import preview, views
from cskit.i18n import _
from cskit.store.protocol import Keep


@click.command()
@click.argument("names", nargs=-1, metavar="[TABLE|FILE]...")
@click.option(
    "--keep",
    type=click.Choice(["file", "history"]),
    help="Which version holds of a record that was changed in both places.",
)
@click.option("--table", metavar="TABLE", help="Which records a file's default table holds.")
@REASON
@pass_app
def adopt(app: App, names: tuple[str, ...], keep: Keep | None, table: str | None, reason: str | None) -> None:
    """Take over what other programs wrote.

    Without names, or with those of tables: what an editor, a script with TinyDB or an old copy changed in the
    data folder. Commands that save do so by themselves, unless the same record was changed in both places.
    With files from elsewhere: the records in them, by their ids.

    \b
    Example:
      cskit data adopt --dry-run
    """
    tables, files = adoption.sort_out(app, names)
    views.form(app)  # refused before anything is saved
    if files:
        with app.transaction(reason=reason) as tx:
            done = adoption.bring_in(app, tx, files, table, keep or "")
        said = _("{new} new, {changed} changed, {unchanged} unchanged, {kept} left as they are")
        saved(app, said.format(**done._asdict()), tx.sequence)
        return
    found, sequence = adoption.in_folder(app, tables, keep or "", reason)
    changes = [change for one in found for change in one.changes]
    preview.listed(app, changes)
    if app.options.dry_run:
        preview.tell(app, changes)
    else:
        saved(app, preview.in_words(app, changes) or _("nothing differs from the history"), sequence)
