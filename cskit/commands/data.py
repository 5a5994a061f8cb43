"""`cskit data`: what the data folder holds, whether it is whole, and making a new one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cskit import views
from cskit.app import App, pass_app
from cskit.errors import Conflict, Refused, StorageFailed
from cskit.output import Column

_SETTINGS = """\
# Settings of this department; docs/data-folder.md tells what there is.

# zone = "Asia/Shanghai"     # in which days begin and times are shown
# currency = "CNY"           # of every amount

# [staff]                    # who is who: login = staff id
# zhangsan = "S-001"
"""
_TABLES = [
    Column("table", "Table"),
    Column("records", "Records", "right", "integer"),
    Column("bytes", "Bytes", "right", "integer"),
    Column("pending", "Pending bytes", "right", "integer"),
    Column("state", "State"),
]


@click.command()
@pass_app
def info(app: App) -> None:
    """Show where the data lies and what it holds.

    \b
    Example:
      cskit data info
    """
    found = app.store.info()
    app.echo(f"{app.folder}: {found.entries} entries, {found.bytes} bytes of history")
    views.rows(app, (table._asdict() for table in found.tables), _TABLES)


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
    report = app.store.verify(head)
    rows = [finding._asdict() for finding in report.findings]
    if rows:
        views.rows(app, rows, [Column("file", "File"), Column("place", "Place"), Column("what", "What")])
        raise StorageFailed(f"{len(rows)} findings in {app.folder}", "restore from a backup what is damaged")
    held = ", ".join(f"{count} {table}" for table, count in report.documents.items()) or "no records"
    app.echo(f"whole: {report.entries} entries, {held}")
    click.echo(report.head)


@click.command()
@pass_app
def settle(app: App) -> None:
    """Bring every table file up to the history.

    Small tables always are; do this before you copy a folder by other means, or read large tables elsewhere.

    \b
    Example:
      cskit data settle
    """
    tables = app.store.settle()
    app.echo(f"brought up to date: {', '.join(tables)}" if tables else "every table file is up to date")


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[FOLDER]")
@pass_app
def init(app: App, folder: Path | None) -> None:
    """Make a data folder: .cskit here, which commands in and below this folder then use.

    \b
    Example:
      cskit data init
    """
    place = folder or Path(app.options.data or ".cskit")
    made = _make(place)
    app.echo(f"made {made}; `cskit customer add NAME` saves the first record in it")


def _make(place: Path) -> Path:
    settings: Any = place / "cskit.toml"
    if place.exists() and not place.is_dir():
        raise Refused(f"{place} is a file", "name a folder")
    if settings.exists():
        raise Conflict(f"{place} is a data folder already")
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings.touch(mode=0o600)
        settings.write_text(_SETTINGS, encoding="utf-8")
    except OSError as error:
        raise StorageFailed(f"cannot make {place}: {error.strerror}") from error
    return place.resolve()
