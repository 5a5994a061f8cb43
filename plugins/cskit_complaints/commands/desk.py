"""The desk's commands on cases: assign, handle, pause, answer, close."""

from __future__ import annotations

import click

from cskit import App, mark, register
from cskit.store.protocol import Transaction
from cskit_complaints import desk, following, timing
from cskit_complaints.acting import Step
from cskit_complaints.commands.verbs import CONTACT, SATISFACTION, TEXT, WHEN, command


@command(mark("assign {records}"), mark("{records} assigned"))
@click.option("--to", required=True, metavar="DEPT", help="The department, by code or title.")
@click.option("--handler", metavar="STAFF", help="Who is to handle it (else as the department says).")
@click.option("--due", metavar=WHEN, help="Until when (else as the policy says).")
@TEXT
def assign(
    app: App, to: str, handler: str | None, due: str | None, text: str | None, reason: str | None
) -> Step:
    """Pass cases to a department, with a deadline.

    A case can be passed on to another department until it is resolved. The deadline is a day, a time, or
    working time from now, such as 3d or 4h.

    \b
    Example:
      cskit case assign CP-20261122-001 --to repair --handler S-002 --due 5d
    """
    until = timing.deadline(app, due, "--due") if due else None
    return desk.assign(app, to=to, handler=handler, due=until, text=text, reason=reason)


@command(mark("send back {records}"), mark("{records} sent back"), reason=True)
def return_(app: App, reason: str) -> Step:
    """Send cases back from the department they were passed to.

    \b
    Example:
      cskit case return CP-20261122-002 --reason "not ours: the lift is the maker's"
    """
    return desk.send_back(app, reason=reason)


@command(mark("start {records}"), mark("{records} started"))
@click.option("--handler", metavar="STAFF", help="Who handles it (else who was named, else who acts).")
def start(app: App, handler: str | None, reason: str | None) -> Step:
    """Begin to handle cases.

    \b
    Example:
      cskit case start CP-20261122-002
    """
    return desk.start(app, handler=handler, reason=reason)


@command(mark("pause {records}"), mark("{records} paused"), reason=True)
@click.option("--until", required=True, metavar=WHEN, help="When it is to go on.")
@click.option("--party", required=True, metavar="TEXT", help="Whom one waits for: customer, supplier …")
def pause(app: App, until: str, party: str, reason: str) -> Step:
    """Let cases wait for the customer or somebody else, and say until when.

    \b
    Example:
      cskit case pause CP-20261122-003 --until 5d --party customer --reason "away until then"
    """
    return desk.pause(app, until=timing.deadline(app, until, "--until"), party=party, reason=reason)


@command(mark("resume {records}"), mark("{records} resumed"))
@TEXT
@CONTACT
def resume(app: App, text: str | None, contact: bool, reason: str | None) -> Step:
    """Go on with cases that waited, where they were.

    \b
    Example:
      cskit case resume CP-20261122-004 --contact --text "the customer is back"
    """
    return desk.resume(app, text=text, contact=contact, reason=reason)


@command(mark("resolve {records}"), mark("{records} resolved"))
@click.option("--solution", required=True, metavar="TEXT", help="What was done.")
@click.option("--cause", metavar="TEXT", help="What the cause was.")
@click.option("--liability", metavar="TEXT", help="Who is liable: a department or supplier.")
@click.option(
    "--validity", type=click.Choice(("valid", "partly", "invalid")), help="Whether the complaint is valid."
)
def resolve(
    app: App,
    solution: str,
    cause: str | None,
    liability: str | None,
    validity: str | None,
    reason: str | None,
) -> Step:
    """Note that cases are dealt with, and how.

    \b
    Example:
      cskit case resolve CP-20261122-003 --solution "seal renewed" --cause "worn seal" --validity valid
    """
    return desk.resolve(
        app, solution=solution, cause=cause, liability=liability, validity=validity, reason=reason
    )


@command(mark("reply to {records}"), mark("{records} replied to"))
@click.option("--text", required=True, metavar="TEXT", help="What the customer was told.")
@SATISFACTION
def reply(app: App, text: str, satisfaction: int | None, reason: str | None) -> Step:
    """Note what the customers of cases were answered.

    What is settled at once is replied to as it is registered.

    \b
    Example:
      cskit case reply CP-20261122-001 --text "settled on the call" --satisfaction 5
    """
    return desk.reply(app, text=text, satisfaction=satisfaction, reason=reason)


def _follow(app: App, tx: Transaction, changes: register.Changes) -> None:
    following.schedule(app, tx, dict.fromkeys(row.id for row in changes.rows))


@command(mark("close {records}"), mark("{records} closed as dealt with"), after=_follow)
@SATISFACTION
def close(app: App, satisfaction: int | None, reason: str | None) -> Step:
    """Close cases that were replied to, and schedule the follow-up.

    \b
    Example:
      cskit case close CP-20261122-005 --satisfaction 4
    """
    return desk.close(app, satisfaction=satisfaction, reason=reason)


@command(mark("reopen {records}"), mark("{records} reopened"), reason=True)
def reopen(app: App, reason: str) -> Step:
    """Take up again cases that were resolved, replied to or closed.

    \b
    Example:
      cskit case reopen CP-20261122-005 --reason "it leaks again"
    """
    return desk.reopen(app, reason=reason)


@command(mark("reject {records}"), mark("{records} rejected"), reason=True)
@click.option("--text", required=True, metavar="TEXT", help="What the customer was told.")
def reject(app: App, text: str, reason: str) -> Step:
    """Do not take cases up, say why, and what the customer was told.

    \b
    Example:
      cskit case reject CP-20261122-001 --reason "outside the site" --text "passed to the city hotline"
    """
    return desk.reject(app, reason=reason, text=text)
