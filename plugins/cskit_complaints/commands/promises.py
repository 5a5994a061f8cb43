"""Commands on promises and deadlines: promise, keep, extend, approve."""

from __future__ import annotations

import click

from cskit import App, mark
from cskit_complaints import money, promises, timing
from cskit_complaints.acting import Step
from cskit_complaints.commands.verbs import TEXT, WHEN, command

NUMBER = click.option("--number", type=click.IntRange(min=1), metavar="N", help="Which one, if several.")


@command(mark("note a promise on {records}"), mark("{records} with a promise"))
@click.option("--due", required=True, metavar=WHEN, help="By when.")
@click.option("--text", required=True, metavar="TEXT", help="What was promised.")
def promise(app: App, due: str, text: str, reason: str | None) -> Step:
    """Note what the customers of cases were promised, and by when.

    \b
    Example:
      cskit case promise CP-20261122-001 --due 4h --text "call back about the date"
    """
    return promises.promise(app, due=timing.deadline(app, due, "--due"), text=text, reason=reason)


@command(mark("note a kept promise on {records}"), mark("{records}: promise kept"))
@NUMBER
@TEXT
def keep(app: App, number: int | None, text: str | None, reason: str | None) -> Step:
    """Note that a promise was kept.

    \b
    Example:
      cskit case keep CP-20261122-003 --text "called, they are content"
    """
    return promises.keep(app, number=number, text=text, reason=reason)


@command(mark("ask for an extension of {records}"), mark("{records}: extension asked for"), reason=True)
@click.option("--until", required=True, metavar=WHEN, help="The deadline wanted.")
def extend(app: App, until: str, reason: str) -> Step:
    """Ask for a later deadline, which somebody else has to approve.

    \b
    Example:
      cskit case extend CP-20261122-002 --until 20d --reason "the part comes from abroad"
    """
    return promises.extend(app, until=timing.deadline(app, until, "--until"), reason=reason)


@command(mark("decide on {records}"), mark("{records} decided on"))
@click.option("--extension", type=click.IntRange(min=1), metavar="N", help="The N-th extension.")
@click.option("--compensation", type=click.IntRange(min=1), metavar="N", help="The N-th compensation.")
@click.option("--refuse", is_flag=True, help="Say no instead, with a reason.")
def approve(
    app: App, extension: int | None, compensation: int | None, refuse: bool, reason: str | None
) -> Step:
    """Approve an extension or compensation that somebody else asked for.

    Compensation needs as many approvals, and the role, that the policy gives for its amount.

    \b
    Example:
      cskit case approve CP-20261122-003 --extension 1 --user lead
    """
    return money.approve(app, extension=extension, compensation=compensation, refuse=refuse, reason=reason)
