"""Listening to calls at the command line: sheets, draws, scores, what they come to."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import click

from cskit import App, Column, Usage, pass_app, rows
from cskit.crud.choosing import REASON, saved
from cskit.display import printing, views
from cskit.i18n import _, ngettext
from cskit.nouns import listed
from cskit.records.masks import Mask
from cskit.terminal.options import writes
from cskit_calls import assessments, itemscores, samples, scoresheets, scoring
from cskit_calls.commands.spans import month_of
from cskit_calls.qamodel import Assessment, Draw

_SHEETS = (
    Column("name", "Code", kind="name"),
    Column("title", "Title"),
    Column("items", "Items", "right", "integer"),
    Column("critical", "Critical items", "right", "integer"),
    Column("total", "Total", "right", "integer"),
    Column("source", "Source"),
)
_ITEMS = (
    Column("item", "Sheet item", kind="name"),
    Column("part", "Part"),
    Column("text", "What is listened for"),
    Column("points", "Worth", "right", "decimal"),
    Column("critical", "Critical", kind="boolean"),
)
_DRAWN = (
    Column("id", "Call", kind="name"),
    Column("staff", "Agent", kind="name"),
    Column("hour", "Hour", "right", "integer"),
)
_UNSCORED = (
    *_DRAWN,
    Column("month", "Month"),
    Column("at", "At", kind="time"),
    Column("talking", "Talking s", "right", "integer"),
    Column("draw", "Draw", kind="name"),
    Column("recording", "Recording"),
)
_SCORED = (
    Column("id", "ID", kind="name"),
    Column("call", "Call", kind="name"),
    Column("staff", "Agent", kind="name"),
    Column("sheet", "Sheet", kind="name"),
    Column("scorer", "Scored by", kind="name"),
    Column("total", "Total", "right", "decimal", Mask()),
    Column("calibration", "Calibration", kind="boolean"),
)


@click.command("list")
@pass_app
def sheets(app: App) -> None:
    """List the scoring sheets.

    \b
    Example:
      cskit call qa sheet list
    """
    rows(app, scoresheets.listed_ones(app), _SHEETS)


@writes(*printing.FORMATS)
@click.command("show")
@click.argument("name", metavar="NAME")
@pass_app
def sheet(app: App, name: str) -> None:
    """Show the items of a scoring sheet; -o html or docx is the sheet to fill in by hand.

    \b
    Example:
      cskit call qa sheet show hotline
    """
    found = scoresheets.load(app, name).value
    if views.form(app) in printing.FORMATS:
        printing.write(app, [scoresheets.form(found)])
        return
    rows(app, scoresheets.rows(found), _ITEMS)


@click.command()
@click.option("--month", metavar="YYYY-MM", help="Of which month's calls (else this month's).")
@click.option("--per-agent", type=click.IntRange(1, 1000), metavar="N", help="How many of each agent.")
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="The same seed draws the same calls.")
@click.option(
    "--agent", "agents", multiple=True, metavar="STAFF", help="Only of this agent; can be repeated."
)
@click.option("--redraw", is_flag=True, help="Draw again a month that is drawn; needs --reason.")
@REASON
@pass_app
def sample(
    app: App,
    month: str | None,
    per_agent: int | None,
    seed: int | None,
    agents: tuple[str, ...],
    redraw: bool,
    reason: str | None,
) -> None:
    """Draw the calls of a month that are to be listened to.

    The hours of each agent's day have their share of the calls. A month is drawn once.

    \b
    Example:
      cskit call qa sample --month 2026-11 --per-agent 5 --seed 7
    """
    wish = samples.Wish(month_of(app, month), per_agent, seed, agents, redraw, reason)
    with app.transaction(reason=reason) as tx:
        made = samples.draw(app, tx, wish)
    rows(app, samples.rows(made), _DRAWN)
    for line in _short(made):
        app.echo(line)
    if wish.month.last is not None and wish.month.last >= app.today:
        app.echo(
            _("{month} ends on {day}: drawn from the calls up to now").format(
                month=made.month, day=wish.month.last
            )
        )
    count = len(made.calls)
    said = ngettext(
        "{id}: {count} of {all} calls drawn (seed {seed}, population {hash})",
        "{id}: {count} of {all} calls drawn (seed {seed}, population {hash})",
        count,
    )
    told = said.format(id=made.id, count=count, all=made.population, seed=made.seed, hash=made.fingerprint)
    saved(app, told, tx.sequence)


def _short(made: Draw) -> list[str]:
    if not made.short:
        return []
    each = [_("{staff} ({count})").format(staff=staff, count=count) for staff, count in made.short.items()]
    said = _("fewer than {count} calls to draw from: {agents}")
    return [said.format(count=made.per_agent, agents=listed(each))]


@click.command()
@pass_app
def unscored(app: App) -> None:
    """List the calls that were drawn and that nobody has scored yet.

    \b
    Example:
      cskit call qa unscored
    """
    rows(app, assessments.unscored(app, app.reading()), _UNSCORED)


@click.command()
@click.argument("call", metavar="CALL")
@click.argument("file", required=False, type=click.Path(allow_dash=True))
@click.option("--sheet", metavar="NAME", help="By which scoring sheet, where there are several.")
@click.option(
    "--item", "items", multiple=True, metavar="ITEM=POINTS[:NOTE]", help="Of one item; can be repeated."
)
@click.option("--rest-ok", is_flag=True, help="Everything else is as it should be.")
@click.option("--comment", metavar="TEXT", help="What there is to say of the whole call.")
@click.option("--violation", metavar="TEXT", help="What broke the rules: proposes a penalty.")
@click.option("--amount", metavar="AMOUNT", help="What the penalty should come to.")
@REASON
@pass_app
def score(
    app: App,
    call: str,
    file: str | None,
    sheet: str | None,
    items: tuple[str, ...],
    rest_ok: bool,
    comment: str | None,
    violation: str | None,
    amount: str | None,
    reason: str | None,
) -> None:
    """Score a call by a sheet; a second person may score the same call, for comparison.

    POINTS are those given, or ok, fail, n/a. A FILE has the columns item and points, and maybe note.

    \b
    Example:
      cskit call qa score CL-20261122-005 --sheet hotline --item listening=6:interrupted --rest-ok --user lead
    """
    if amount is not None and violation is None:
        raise Usage(_("--amount is that of a violation"), _("say what it was: --violation TEXT"))
    if not (file or items or rest_ok):
        raise Usage(_("what is the score?"), _("give a FILE, --item, or --rest-ok"))
    reader = itemscores.Reader(scoring.sheet_of(app, call, sheet))
    given = [*(reader.file(file) if file else ()), *reader.words(items)]
    wish = scoring.Wish(call, sheet, given, rest_ok, comment, violation, _amount(amount))
    with app.transaction(reason=reason) as tx:
        made = scoring.score(app, tx, wish)
    rows(app, [{one.name: getattr(made, one.name) for one in _SCORED}], _SCORED, assessments.TABLE)
    for line in _told(made):
        app.echo(line)
    saved(app, _("{id}: {call} scored").format(id=made.id, call=made.call), tx.sequence)


def _amount(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or found < 0:
        raise Usage(_("--amount {amount}: expected an amount, such as 50").format(amount=text))
    return found


def _told(made: Assessment) -> list[str]:
    lines = []
    if made.calibration:
        lines.append(_("scored before: this one is for calibration, and does not count for the agent"))
    if made.penalty:
        lines.append(_("penalty {id} proposed; a second person confirms it").format(id=made.penalty))
    elif made.violation:
        lines.append(_("no plugin takes penalties: the violation stands with the score alone"))
    return lines
