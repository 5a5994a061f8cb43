"""Rectifications at the command line: put right, verified by somebody else, late."""

from __future__ import annotations

import click

from cskit import App, Column, pass_app, rows
from cskit.crud.choosing import IDS, REASON, WHERE, chosen, saved
from cskit.display import views
from cskit.i18n import _, label, mark
from cskit.nouns import counted
from cskit.records import fields
from cskit.terminal.options import writes
from cskit_property import flows
from cskit_property.checks import rectifications
from cskit_property.checks.inspection import Rectification
from cskit_property.commands.typed import flow_of

_LATE = (
    Column("id", "ID", kind="name"),
    Column("project", "Project", kind="name"),
    Column("finding", "Finding"),
    Column("serious", "Serious", kind="boolean"),
    Column("due", "Due", kind="time"),
    Column("hours", "Hours late", "right", "integer"),
    Column("owner", "To be done by"),
)
_TEXT = click.option("--text", metavar="TEXT", help="What was done, or seen.")


def _moved() -> tuple[Column, ...]:
    states = {code: label(code, zh) for code, zh in fields(Rectification)["state"].choices.items()}
    return (
        Column("id", "ID", kind="name"),
        Column("project", "Project", kind="name"),
        Column("finding", "Finding"),
        Column("state", "State", kind="choice", choices=states),
    )


def _move(
    app: App,
    verb: str,
    ids: tuple[str, ...],
    where: str | None,
    asks: str,
    says: str,
    reason: str | None,
    text: str | None = None,
    photos: tuple[str, ...] = (),
) -> None:
    """Take the rectifications that are meant a step on, and show where they are."""
    record_type = app.record_type(rectifications.TABLE)
    choice = chosen(app, record_type, ids, where, asks)
    views.form(app)  # refused before anything is saved
    with app.transaction(reason=reason) as tx:
        done = rectifications.move(app, tx, choice.documents(app, tx), verb, text, photos)
    rows(app, flows.stands(done), _moved())
    saved(app, _(says).format(records=counted(record_type, len(done))), tx.sequence)


@click.command()
@IDS
@WHERE
@_TEXT
@click.option(
    "--photo", "photos", multiple=True, metavar="FILE", help="A photo's file name; can be repeated."
)
@REASON
@pass_app
def done(
    app: App,
    ids: tuple[str, ...],
    where: str | None,
    text: str | None,
    photos: tuple[str, ...],
    reason: str | None,
) -> None:
    """Note that rectifications are done, and by whom; somebody else has to verify them.

    \b
    Example:
      cskit property rectification done RC-0001 --text "extinguisher replaced" --photo after.jpg
    """
    _move(
        app,
        "done",
        ids,
        where,
        mark("note {records} as done"),
        mark("{records} noted as done"),
        reason,
        text,
        photos,
    )


@click.command()
@IDS
@WHERE
@_TEXT
@REASON
@pass_app
def verify(app: App, ids: tuple[str, ...], where: str | None, text: str | None, reason: str | None) -> None:
    """Verify rectifications that somebody else has done.

    \b
    Example:
      cskit property rectification verify RC-0002 --text "seen on site"
    """
    _move(app, "verify", ids, where, mark("verify {records}"), mark("{records} verified"), reason, text)


@click.command("return")
@IDS
@WHERE
@click.option("--reason", metavar="TEXT", required=True, help="What is still wrong.")
@pass_app
def return_(app: App, ids: tuple[str, ...], where: str | None, reason: str) -> None:
    """Send rectifications back that are not as they should be.

    \b
    Example:
      cskit property rectification return RC-0002 --reason "the seal is missing"
    """
    _move(app, "return", ids, where, mark("send back {records}"), mark("{records} sent back"), reason, reason)


@click.command()
@IDS
@WHERE
@click.option("--reason", metavar="TEXT", required=True, help="Why nothing is to be put right.")
@pass_app
def withdraw(app: App, ids: tuple[str, ...], where: str | None, reason: str) -> None:
    """Withdraw rectifications of findings that were none.

    \b
    Example:
      cskit property rectification withdraw RC-0001 --reason "noted twice"
    """
    _move(
        app, "withdraw", ids, where, mark("withdraw {records}"), mark("{records} withdrawn"), reason, reason
    )


@click.command()
@pass_app
def late(app: App) -> None:
    """List rectifications that are late, serious ones first.

    \b
    Example:
      cskit property rectification late
    """
    rows(app, rectifications.late(app), _LATE)


@writes("mermaid")
@click.command()
@pass_app
def flow(app: App) -> None:
    """Show which states a rectification can have, and what leads from one to another.

    \b
    Example:
      cskit property rectification flow
    """
    flow_of(app, rectifications.FLOW)
