"""The command on a crisis: its checklist and its review memo."""

from __future__ import annotations

import click

from cskit import App, Column, Usage, _, mark, pass_app, rows
from cskit.crud.choosing import IDS, WHERE, chosen
from cskit.display import views
from cskit.intake.encoding import as_utf8
from cskit.intake.tabular import read_source
from cskit.stored import decoder
from cskit_complaints import crisis as crises
from cskit_complaints.acting import act
from cskit_complaints.commands.verbs import show
from cskit_complaints.model import Case

_STEPS = (
    Column("id", "ID"),
    Column("step", "Step"),
    Column("what", "What is to be done"),
    Column("by", "Done by"),
    Column("at", "Done at", kind="time"),
)


@click.command()
@IDS
@WHERE
@click.option("--done", multiple=True, metavar="STEP", help="Tick off a step of the checklist.")
@click.option("--memo", metavar="FILE|-", help="Write the review memo from a text file.")
@click.option("--reason", metavar="TEXT", help="Why; kept in the case and in the history.")
@pass_app
def crisis(
    app: App,
    ids: tuple[str, ...],
    where: str | None,
    done: tuple[str, ...],
    memo: str | None,
    reason: str | None,
) -> None:
    """Show the checklist of a crisis, tick off steps, write the review memo.

    \b
    Example:
      cskit case crisis CP-20261122-006 --done task-force --done facts
    """
    record_type = app.record_type("cases")
    if done and memo is not None:
        raise Usage(_("give --done or --memo, not both"))
    choice = chosen(app, record_type, ids, where, mark("change {records}"))
    views.form(app)  # refused before anything is saved
    if not done and memo is None:
        found = map(decoder("cases", Case), choice.documents(app, app.reading()))
        rows(app, crises.checklist(app, found), _STEPS)
        return
    if memo is not None:
        data, source = read_source(memo)
        step = crises.review(app, memo=as_utf8(data, source, None).decode(), reason=reason)
    else:
        step = crises.done(app, steps=done, reason=reason)
    with app.transaction(reason=reason) as tx:
        changes = act(app, tx, choice.documents(app, tx), step)
    show(app, changes, mark("{records}: crisis steps noted"), tx)
