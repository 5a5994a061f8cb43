"""`cskit data`: what the data folder holds, whether it is whole, and making a new one."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from cskit import fitting, migrations
from cskit.app import App, pass_app
from cskit.config.folders import HERE, find_folder
from cskit.config.settings import FILE
from cskit.crud.choosing import REASON
from cskit.display import output, views
from cskit.display.output import Column
from cskit.errors import BadData, Conflict, StorageFailed, Usage
from cskit.i18n import _, mark, ngettext, reason
from cskit.nouns import counted_all
from cskit.store.disk import LOCK
from cskit.store.protocol import Finding

_SETTINGS = """\
# Settings of this department; `cskit help settings` tells what there is.

# zone = "Asia/Shanghai"     # in which days begin and times are shown

# [staff]                    # who is who: login = staff id
# zhangsan = "S-001"
"""
_FOLDER = (
    Column("folder", "Folder"),
    Column("entries", "Entries of history", "right", "integer"),
    Column("bytes", "Bytes of history", "right", "integer"),
)
_TABLES = (
    Column("table", "Table"),
    Column("records", "Records", "right", "integer"),
    Column("bytes", "Bytes", "right", "integer"),
    Column("pending", "Pending", "right", "integer"),
    Column("state", "State"),
)
_LISTS = (Column("tables", "Tables", kind="list"), Column("strangers", "Other files", kind="list"))
_CORRECT = mark("correct them in the file, and `cskit data adopt` takes that over")
_FINDING = (Column("file", "File"), Column("place", "Place"), Column("what", "What"))


@click.command()
@pass_app
def info(app: App) -> None:
    """Show where the data lies and what it holds.

    Pending are the bytes of history that a table's file does not hold yet; see `cskit data settle`.

    \b
    Example:
      cskit data info
    """
    found = app.store.info()
    tables = [
        {name: value for name, value in table._asdict().items() if value != ""} for table in found.tables
    ]
    folder: dict[str, Any] = {"folder": str(app.folder), "entries": found.entries, "bytes": found.bytes}
    form = views.form(app)
    with views.target(app) as out:
        if form == "table":
            output.record(folder, _FOLDER, "table", out, zone=app.zone)
            out.write("\n" if tables else "")
            output.rows(tables, _TABLES, "table", out, zone=app.zone)
        else:
            columns = (*_FOLDER, *_LISTS)
            lists = {"tables": tables} | ({"strangers": list(found.strangers)} if found.strangers else {})
            output.record({**folder, **lists}, columns, form, out, zone=app.zone)
    if found.strangers:
        app.echo(_("not the department's: {files}").format(files=_(", ").join(found.strangers)))
    if not found.entries:
        app.echo(_("nothing has been saved here yet"))


@click.command()
@click.option("--head", metavar="HASH", help="A chain value noted earlier, which must still be there.")
@pass_app
def verify(app: App, head: str | None) -> None:
    """Check the whole history and every table against it.

    Prints the chain value of the last entry: noted elsewhere, it proves later that nothing was cut off.

    \b
    Example:
      cskit data verify
    """
    from cskit.store.verify import TORN

    if head is not None and not re.fullmatch("[0-9a-f]{40}", head):
        raise Usage(
            _("--head {head}: expected the 40 digits that `cskit data verify` prints").format(head=head)
        )
    report = app.store.verify(head)
    unfit = () if report.findings else list(fitting.misfits(app, app.store.reading()))
    damage = [finding for finding in report.findings if finding.what != TORN]
    if damage:
        views.rows(app, (finding._asdict() for finding in damage), _FINDING)
        said = ngettext(
            "{folder} is not whole: {count} finding", "{folder} is not whole: {count} findings", len(damage)
        )
        raise StorageFailed(said.format(folder=app.folder, count=len(damage)), _way_out(damage))
    if unfit:
        views.rows(app, (finding._asdict() for finding in unfit), _FINDING)
        said = ngettext(
            "{count} document is no record of its table",
            "{count} documents are no records of their tables",
            len(unfit),
        )
        raise BadData(said.format(count=len(unfit)), _(_CORRECT))
    for finding in report.findings:
        app.echo(f"{finding.file}, {finding.place}: {_(finding.what)}")
    if report.entries:
        views.figure(app, "head", report.head)
    held = counted_all(app.plugins.record_types, report.documents) or _("nothing saved yet")
    said = ngettext("whole: {count} entry, {held}", "whole: {count} entries, {held}", report.entries)
    app.echo(said.format(count=report.entries, held=held))


def _way_out(damage: Sequence[Finding]) -> str:
    """Return what to do: tables can be made anew from a history that is whole."""
    if any(finding.file == "history.jsonl" or finding.mixed_up for finding in damage):
        return _("restore the whole folder from one backup")
    tables = list(dict.fromkeys(finding.file for finding in damage))
    if all(finding.edited for finding in damage):
        return _("`cskit data adopt --dry-run` shows what another program changed; without it, takes it over")
    said = ngettext(
        "move {files} away: the next command rebuilds it from the history",
        "move {files} away: the next command rebuilds them from the history",
        len(tables),
    )
    return said.format(files=_(" and ").join(tables))


@click.command()
@pass_app
def settle(app: App) -> None:
    """Bring every table file up to the history.

    Small tables always are; do this before you copy a folder by other means, or read large tables elsewhere.

    \b
    Example:
      cskit data settle
    """
    tables = app.store.settle(app.origin(None))
    done = _("brought up to date: {tables}").format(tables=_(", ").join(tables))
    app.echo(done if tables else _("every table file is up to date"))


@click.command()
@REASON
@pass_app
def compact(app: App, reason: str | None) -> None:
    """Empty the history of what earlier entries changed.

    The records stay as they are, and the log goes on telling who did what and when. What `--erase` took out
    of records is then nowhere in the folder any more. No entry up to now can be undone afterwards. Prints the
    new chain value; `cskit data verify --head` goes on knowing the old one.

    \b
    Example:
      cskit data compact --yes
    """
    app.confirm(_("empty the history and give up undoing what was done up to now"))
    done = app.store.compact(app.origin(reason))
    views.figure(app, "head", done.head)
    for name in done.strangers:
        app.echo(_("left alone: {file}, which may hold what the history held").format(file=name))
    said = ngettext(
        "{count} entry emptied; saved as {sequence}, the old head was {head}",
        "{count} entries emptied; saved as {sequence}, the old head was {head}",
        done.entries,
    )
    app.echo(said.format(count=done.entries, sequence=done.sequence, head=done.old_head))


@click.command()
@REASON
@pass_app
def migrate(app: App, reason: str | None) -> None:
    """Bring records to the form that their plugins work with now.

    After an update of a plugin that stores its records otherwise: all of them, as one entry, or none. Nothing
    undoes it, so save everything with `cskit data backup` before. --dry-run shows what would change.

    \b
    Example:
      cskit data migrate --dry-run
    """
    done, sequence = migrations.migrate(app, reason)
    if sequence is None:
        app.echo(_("every record is in its newest form"))
    else:
        counted = counted_all(app.plugins.record_types, done)
        app.echo(
            _("brought to the newest form: {records}; saved as {sequence}").format(
                records=counted, sequence=sequence
            )
        )


@click.command()
@click.argument("folder", required=False, metavar="[FOLDER]")
@pass_app
def init(app: App, folder: str | None) -> None:
    """Make a data folder: .cskit here, which commands in and below this folder then use.

    Or where FOLDER, --data or CSKIT_DATA say.

    \b
    Example:
      cskit data init
    """
    asked = folder if folder is not None else app.options.data
    here = asked is None and not os.environ.get("CSKIT_DATA")
    made = _make(Path(HERE).absolute() if here else Path(find_folder(asked)))
    app.echo(_("made {folder}; its settings are in {file}").format(folder=made, file=FILE))
    if app.folder != str(made):
        line = f"export CSKIT_DATA={shlex.quote(str(made))}"
        app.echo(_("commands use it after: {line}").format(line=line))


def _make(place: Path) -> Path:
    """Make a data folder out of nothing, an empty folder, or one that only lacks its settings."""
    try:
        if place.exists() and not place.is_dir():
            raise Conflict(
                _("{folder} is a file").format(folder=place), _("name a folder that is still to be made")
            )
        names = set(os.listdir(place)) if place.exists() else set()
        if FILE in names:
            raise Conflict(
                _("{folder} is a data folder already").format(folder=place),
                _("`cskit data info` shows what it holds"),
            )
        if names - {LOCK} and "history.jsonl" not in names:
            raise Conflict(_("{folder} holds other files").format(folder=place), _("name a new folder"))
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Exclusively: a link that somebody left there must not lead the settings elsewhere.
        made = os.open(place / FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(made, "w", encoding="utf-8") as file:
            file.write(_SETTINGS)
    except OSError as error:
        raise StorageFailed(
            _("cannot make {folder}: {why}").format(folder=place, why=reason(error)),
            _("name a folder where you may write"),
        ) from error
    return place
