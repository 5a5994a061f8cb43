"""`property reduction …`: fees that need not be paid in full, on their way to the files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from cskit import App, Column, pass_app, rows
from cskit.crud.choosing import IDS, WHERE, chosen, saved
from cskit.display import views
from cskit.i18n import _, mark
from cskit.nouns import counted
from cskit.terminal.options import writes
from cskit_property.commands.typed import flow_of
from cskit_property.settlements import reductions
from cskit_property.settlements.moneymodel import REDUCTION_STATES, Reduction
from cskit_property.settlements.reductions import FLOW

Make = Callable[..., Callable[[Reduction], Reduction]]


def _command(doing: str, done: str, *, reason: bool = False) -> Callable[[Make], click.Command]:
    """Make a command of a function that returns the step to be made on each reduction that is meant."""

    def made(make: Make) -> click.Command:
        @click.command(make.__name__.rstrip("_"), help=make.__doc__)
        @IDS
        @WHERE
        @click.option(
            "--reason", metavar="TEXT", required=reason, help="Why; kept in the record and in the history."
        )
        @pass_app
        def command(app: App, /, ids: tuple[str, ...], where: str | None, **options: Any) -> None:
            choice = chosen(app, app.record_type(reductions.TABLE), ids, where, doing)
            views.form(app)  # refused before anything is saved
            with app.transaction(reason=options["reason"]) as tx:
                changed = list(reductions.act(tx, choice.documents(app, tx), make(app, **options)))
            rows(app, changed, _columns())
            records = counted(app.record_type(reductions.TABLE), len(changed))
            saved(app, _(done).format(records=records), tx.sequence)

        command.params.extend(reversed(vars(make).get("__click_params__", ())))
        return command

    return made


def _columns() -> list[Column]:
    states = {name: str(FLOW.state(name)) for name in REDUCTION_STATES}
    return [
        Column("id", "ID"),
        Column("content", "What for"),
        Column("amount", "Amount", "right", "decimal"),
        Column("before", "State before", choices=states),
        Column("state", "State", choices=states),
        Column("next", "What comes next", kind="list"),
    ]


@_command(mark("check {records}"), mark("{records} checked"))
def check(app: App, reason: str | None) -> Callable[[Reduction], Reduction]:
    """Note that reductions agree with their papers; somebody else than who registered them.

    \b
    Example:
      cskit property reduction check FR-00001 --user zhang
    """
    return reductions.move(app, "check", reason=reason)


@_command(mark("confirm {records}"), mark("{records} confirmed"))
def confirm(app: App, reason: str | None) -> Callable[[Reduction], Reduction]:
    """Confirm reductions that somebody else checked.

    \b
    Example:
      cskit property reduction confirm FR-00002 --user wang
    """
    return reductions.move(app, "confirm", reason=reason)


@_command(mark("pass on {records}"), mark("{records} passed on"))
@click.option("--to", required=True, metavar="TEXT", help="To whom, such as the property company.")
def pass_(app: App, to: str, reason: str | None) -> Callable[[Reduction], Reduction]:
    """Note that confirmed reductions were passed on, and to whom.

    \b
    Example:
      cskit property reduction pass FR-00003 --to 物业公司财务
    """
    return reductions.move(app, "pass", reason=reason, party=to)


@_command(mark("file {records}"), mark("{records} filed"))
@click.option("--as", "place", required=True, metavar="TEXT", help="Where the papers are.")
def file(app: App, place: str, reason: str | None) -> Callable[[Reduction], Reduction]:
    """Note where the papers of reductions are filed.

    \b
    Example:
      cskit property reduction file FR-00004 --as 2026-减免-04
    """
    return reductions.move(app, "file", reason=reason, place=place)


@_command(mark("refuse {records}"), mark("{records} refused"), reason=True)
def refuse(app: App, reason: str) -> Callable[[Reduction], Reduction]:
    """Refuse reductions, and say why.

    \b
    Example:
      cskit property reduction refuse FR-00001 --reason 不在优惠期内
    """
    return reductions.move(app, "refuse", reason=reason)


@writes("mermaid")
@click.command()
@pass_app
def flow(app: App) -> None:
    """Show which states a reduction can have, and what leads from one to another.

    \b
    Example:
      cskit property reduction flow
    """
    flow_of(app, FLOW)
