"""Rewards and penalties at the command line: the second person's word."""

from __future__ import annotations

from collections.abc import Callable

import click

from cskit import App, Column, mark, pass_app, rows
from cskit.crud.choosing import IDS, REASON, WHERE, chosen, saved
from cskit.i18n import _, label
from cskit.nouns import counted
from cskit.records import fields
from cskit_staff.people import conduct
from cskit_staff.people.model import Conduct, ConductState

_DOING: dict[ConductState, tuple[str, str]] = {
    "confirmed": (mark("confirm {records}"), mark("{records} confirmed")),
    "refused": (mark("refuse {records}"), mark("{records} refused")),
}
_SHOWN = ("id", "staff", "what", "state", "decided_by")


def _columns() -> tuple[Column, ...]:
    states = {code: label(code, zh) for code, zh in fields(Conduct)["state"].choices.items()}
    return (
        Column("id", "ID", kind="name"),
        Column("staff", "Person", kind="name"),
        Column("what", "What for"),
        Column("state", "State", kind="choice", choices=states),
        Column("decided_by", "Decided by", kind="name"),
    )


def _deciding(table: str, state: ConductState) -> Callable[[Callable[[], None]], click.Command]:
    """Make the command that confirms or refuses the records of a table of a function's name and docstring."""

    def made(said: Callable[[], None]) -> click.Command:
        @click.command(said.__name__.partition("_")[0], help=said.__doc__)
        @IDS
        @WHERE
        @click.option("--answer", metavar="TEXT", help="What there is to say to it.")
        @REASON
        @pass_app
        def command(
            app: App, ids: tuple[str, ...], where: str | None, answer: str | None, reason: str | None
        ) -> None:
            doing, done = _DOING[state]
            record_type = app.record_type(table)
            choice = chosen(app, record_type, ids, where, doing)
            with app.transaction(reason=reason) as tx:
                found = conduct.decide(app, tx, table, choice.documents(app, tx), state, answer)
            rows(app, ({name: getattr(one, name) for name in _SHOWN} for one in found), _columns(), table)
            saved(app, _(done).format(records=counted(record_type, len(found))), tx.sequence)

        return command

    return made


@_deciding("staff_rewards", "confirmed")
def confirm_reward() -> None:
    """Confirm rewards that somebody else proposed.

    \b
    Example:
      cskit staff reward confirm RW-00001 --user lead
    """


@_deciding("staff_rewards", "refused")
def refuse_reward() -> None:
    """Refuse rewards that somebody else proposed.

    \b
    Example:
      cskit staff reward refuse RW-00002 --answer "done by somebody else" --user lead
    """


@_deciding("staff_penalties", "confirmed")
def confirm_penalty() -> None:
    """Confirm penalties that somebody else proposed.

    \b
    Example:
      cskit staff penalty confirm PN-00001 --user lead
    """


@_deciding("staff_penalties", "refused")
def refuse_penalty() -> None:
    """Refuse penalties that somebody else proposed.

    \b
    Example:
      cskit staff penalty refuse PN-00002 --answer "no proof" --user lead
    """
