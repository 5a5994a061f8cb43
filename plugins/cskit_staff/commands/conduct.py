"""Rewards and penalties at the command line: the second person's word."""

from __future__ import annotations

import click

from cskit import App, Column, mark, pass_app, rows
from cskit.crud.choosing import IDS, REASON, WHERE, chosen, saved
from cskit.i18n import _, label
from cskit.nouns import counted
from cskit.records import fields
from cskit_staff import conduct
from cskit_staff.facts import CONDUCT
from cskit_staff.model import Conduct, ConductState


def _columns() -> tuple[Column, ...]:
    known = fields(Conduct)
    kinds, states = (
        {code: label(code, zh) for code, zh in known[name].choices.items()} for name in ("kind", "state")
    )
    return (
        Column("id", "ID", kind="name"),
        Column("staff", "Person", kind="name"),
        Column("kind", "Kind", kind="choice", choices=kinds),
        Column("what", "What for"),
        Column("state", "State", kind="choice", choices=states),
        Column("decided_by", "Decided by", kind="name"),
    )


_ANSWER = click.option("--answer", metavar="TEXT", help="What there is to say to it.")


@click.command()
@IDS
@WHERE
@_ANSWER
@REASON
@pass_app
def confirm(
    app: App, ids: tuple[str, ...], where: str | None, answer: str | None, reason: str | None
) -> None:
    """Confirm rewards and penalties that somebody else proposed.

    \b
    Example:
      cskit staff conduct confirm RP-00001 --user lead
    """
    _decide(app, ids, where, "confirmed", answer, reason)


@click.command()
@IDS
@WHERE
@_ANSWER
@REASON
@pass_app
def refuse(app: App, ids: tuple[str, ...], where: str | None, answer: str | None, reason: str | None) -> None:
    """Refuse rewards and penalties that somebody else proposed.

    \b
    Example:
      cskit staff conduct refuse RP-00002 --answer "no proof" --user lead
    """
    _decide(app, ids, where, "refused", answer, reason)


_DOING = {
    "confirmed": (mark("confirm {records}"), mark("{records} confirmed")),
    "refused": (mark("refuse {records}"), mark("{records} refused")),
}


def _decide(
    app: App,
    ids: tuple[str, ...],
    where: str | None,
    state: ConductState,
    answer: str | None,
    reason: str | None,
) -> None:
    doing, done = _DOING[state]
    record_type = app.record_type(CONDUCT)
    choice = chosen(app, record_type, ids, where, doing)
    with app.transaction(reason=reason) as tx:
        found = conduct.decide(app, tx, choice.documents(app, tx), state, answer)
    rows(app, ({name: getattr(one, name) for name in _SHOWN} for one in found), _columns(), CONDUCT)
    saved(app, _(done).format(records=counted(record_type, len(found))), tx.sequence)


_SHOWN = ("id", "staff", "kind", "what", "state", "decided_by")
