"""`cskit data backup`, `restore` and `copy`: a department in one file, and back."""

from __future__ import annotations

import click

from cskit import backups
from cskit.app import App, pass_app
from cskit.display import output, views
from cskit.i18n import _, ngettext
from cskit.nouns import counted_all
from cskit.store.protocol import Report


@click.command()
@click.argument("file", required=False, metavar="[FILE]")
@pass_app
def backup(app: App, file: str | None) -> None:
    """Save everything in one file.

    Records, history, settings and rules, as a tar that only you can read. It is read back and checked before
    it gets its name; the same records give the same bytes. Without FILE it is named after the last entry.

    \b
    Example:
      cskit data backup november.tar
    """
    done = backups.write(app, file)
    views.figure(app, "file", done.place)
    app.echo(_("saved and checked: {what}").format(what=_contents(app, done.report)))


@click.command()
@click.argument("file", metavar="FILE")
@pass_app
def restore(app: App, file: str) -> None:
    """Put a backup into the place of the data folder, which is kept.

    A FILE whose name ends with .json is an old copy of one table: it is put back, and brought up to the
    history, which knows what came after it. --dry-run only checks the file.

    \b
    Example:
      cskit data restore october.tar --dry-run
    """
    if file.endswith(".json"):
        found = backups.restore_table(app, file)
        said = _("{table}.json stood at entry {stood}, and was brought up to entry {stands}")
        app.echo(said.format(table=found.table, stood=found.stood, stands=found.stands))
        return
    restoring = backups.Restoring(app, file)
    what, when = _contents(app, restoring.report), output.text(restoring.when, app.zone)
    if restoring.there:
        doing = _("put the backup of {time}, {what}, in the place of {folder}")
        app.confirm(doing.format(time=when, what=what, folder=app.folder))
    if app.options.dry_run:
        app.echo(_("dry run: the backup of {time} is whole: {what}").format(time=when, what=what))
        return
    done = restoring.carry_out()
    app.echo(_("restored to {time}: {what}").format(time=when, what=what))
    if done.kept:
        app.echo(_("what was there is kept in {folder}").format(folder=done.kept))


@click.command()
@click.argument("folder", metavar="FOLDER")
@pass_app
def copy(app: App, folder: str) -> None:
    """Copy the department to another folder.

    With its history, settings and rules; FOLDER must be new or empty.

    \b
    Example:
      cskit data copy trial
    """
    done = backups.copy(app, folder)
    app.echo(_("copied to {folder}: {what}").format(folder=done.place, what=_contents(app, done.report)))


def _contents(app: App, report: Report) -> str:
    """Return what a department holds: "12 entries, 3 customers"."""
    held = counted_all(app.plugins.record_types, report.documents)
    said = ngettext("{count} entry, {held}", "{count} entries, {held}", report.entries)
    return said.format(count=report.entries, held=held)
