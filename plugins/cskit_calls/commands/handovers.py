"""Handing a shift over, and taking it, at the command line."""

from __future__ import annotations

import click

from cskit import App, Column, mark, pass_app, rows
from cskit.crud.choosing import REASON, saved
from cskit.i18n import _
from cskit_calls import handovers
from cskit_calls.commands.spans import day_of
from cskit_calls.rotamodel import Handover

_LEFT = (
    Column("kind", "Kind", codes=(mark("promise"), mark("case"), mark("note"))),
    Column("id", "Record", kind="name"),
    Column("text", "What"),
    Column("due", "Due", kind="time"),
    Column("who", "Who", kind="name"),
)


@click.command()
@click.option("--shift", required=True, metavar="SHIFT", help="Which shift, such as early.")
@click.option("--on", metavar="DAY", help="The day on which it began (else the last one).")
@click.option("--group", metavar="NAME", help="Of which group.")
@click.option("--to", metavar="STAFF", help="Who is to take it (else anybody but who gives it).")
@click.option("--note", "notes", multiple=True, metavar="TEXT", help="What is to be known; can be repeated.")
@REASON
@pass_app
def handover(
    app: App,
    shift: str,
    on: str | None,
    group: str | None,
    to: str | None,
    notes: tuple[str, ...],
    reason: str | None,
) -> None:
    """Hand a shift over: open cases, promises and notes, signed by who acts.

    \b
    Example:
      cskit call handover --shift early --note "the fax is out of paper"
    """
    wish = handovers.Wish(shift, day_of(on, "--on") if on else None, group, to, notes)
    with app.transaction(reason=reason) as tx:
        made = handovers.give(app, tx, wish)
    _show(app, made, _("{id} handed over by {who}").format(id=made.id, who=made.giver), tx.sequence)


@click.command()
@click.argument("id", metavar="ID")
@click.option("--answer", metavar="TEXT", help="What there is to say to it.")
@REASON
@pass_app
def takeover(app: App, id: str, answer: str | None, reason: str | None) -> None:
    """Take a shift over from somebody else; then nothing changes the hand-over any more.

    \b
    Example:
      cskit call takeover HO-00001 --user S-002
    """
    with app.transaction(reason=reason) as tx:
        done = handovers.take(app, tx, id, answer)
    _show(app, done, _("{id} taken over by {who}").format(id=done.id, who=done.taker), tx.sequence)


def _show(app: App, one: Handover, said: str, sequence: int | None) -> None:
    rows(app, handovers.rows(one), _LEFT, handovers.TABLE)
    saved(app, said, sequence)
