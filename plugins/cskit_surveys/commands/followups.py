"""Follow-ups at the command line: what is due, and noting that they were made."""

from __future__ import annotations

import click

from cskit import App, Column, Usage, pass_app, rows
from cskit.crud.choosing import IDS, REASON, chosen, saved
from cskit.i18n import _, label, ngettext
from cskit.records import fields, parse_day
from cskit_surveys import followups
from cskit_surveys.model import FollowUp


def _columns() -> tuple[Column, ...]:
    kinds = {code: label(code, zh) for code, zh in fields(FollowUp)["kind"].choices.items()}
    return (
        Column("id", "ID", kind="name"),
        Column("due", "Due", kind="date"),
        Column("customer", "Customer", kind="name"),
        Column("subject", "Subject"),
        Column("kind", "Kind", kind="choice", choices=kinds),
        Column("about", "About", kind="name"),
        Column("staff", "Staff"),
        Column("attempts", "Attempts", "right", "integer"),
    )


@click.command()
@click.option("--until", metavar="DAY", help="Due by this day (else today).")
@click.option("--who", metavar="STAFF", help="Only those of this person.")
@pass_app
def due(app: App, until: str | None, who: str | None) -> None:
    """List the follow-ups that are due, the longest overdue first.

    \b
    Example:
      cskit followup due --who S-001
    """
    day = app.today
    if until:
        try:
            day = parse_day(until)
        except ValueError as error:
            raise Usage(_("--until {day}: {fault}").format(day=until, fault=error)) from None
    rows(app, followups.rows(followups.due(app, day, who)), _columns())


@click.command()
@IDS
@click.option("--where", metavar="EXPR", help="Only those for which this holds.")
@click.option("--result", default="", metavar="TEXT", help="What the customer said.")
@click.option("--satisfaction", type=click.IntRange(1, 5), metavar="1-5", help="How satisfied.")
@click.option("--unreached", "state", flag_value="unreached", help="Nobody was reached; it stays due.")
@click.option("--drop", "state", flag_value="dropped", help="It is not to be made any more.")
@click.option("--open-case", is_flag=True, help="Open a case for each in the same transaction.")
@REASON
@pass_app
def done(
    app: App,
    ids: tuple[str, ...],
    where: str | None,
    result: str,
    satisfaction: int | None,
    state: str | None,
    open_case: bool,
    reason: str | None,
) -> None:
    """Note that follow-ups were made; those with an interval are planned again.

    \b
    Example:
      cskit followup done FU-000001 --result "works well" --satisfaction 5
    """
    record_type = app.record_type(followups.TABLE)
    choice = chosen(app, record_type, ids, where, _("note {records} as made"))
    with app.transaction(reason=reason) as tx:
        found = choice.documents(app, tx)
        made = followups.done(
            app,
            tx,
            found,
            result=result,
            satisfaction=satisfaction,
            state=state or "done",
            open_case=open_case,
        )
    rows(
        app, followups.outcomes(made), (Column("id", "ID", kind="name"), Column("case", "Case", kind="name"))
    )
    said = ngettext("{count} follow-up noted", "{count} follow-ups noted", len(made)).format(count=len(made))
    saved(app, said, tx.sequence)
