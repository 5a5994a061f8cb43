"""Results at the command line: figures with their intervals, changes, drivers, low scores, the report."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import click

from cskit import App, Column, Usage, pass_app, rows
from cskit.crud.choosing import REASON, saved
from cskit.display import paper, views
from cskit.i18n import _, ngettext
from cskit.terminal.options import writes
from cskit_surveys import charts, limits, reporting, results, rounds
from cskit_surveys.commands import grouped, text_form
from cskit_surveys.results import KINDS

_WHAT = Column("what", "What")
_SCORED = (
    Column("value", "Value", "right", "decimal"),
    Column("low", "Lower", "right", "decimal"),
    Column("high", "Upper", "right", "decimal"),
    Column("n", "Answers", "right", "integer"),
    Column("note", "Note"),
)
_CODES = (Column("about", "Code", kind="name"), Column("option", "Option", kind="name"))
_MEAN = Column("mean", "Mean", "right", "decimal")
_IDS = Column("ids", "Responses", kind="list")
_COMPARED = (
    _WHAT,
    Column("before", "Earlier", "right", "decimal"),
    Column("after", "Later", "right", "decimal"),
    Column("change", "Difference", "right", "decimal"),
    Column("n_before", "n before", "right", "integer"),
    Column("n_after", "n after", "right", "integer"),
    Column("says", "Says"),
)
_DRIVERS = (
    Column("question", "Question", kind="name"),
    Column("text", "Text"),
    Column("importance", "Importance", "right", "decimal"),
    Column("performance", "Performance", "right", "decimal"),
    Column("n", "Answers", "right", "integer"),
    Column("advice", "Advice"),
)
_LOW = (
    Column("id", "ID", kind="name"),
    Column("about", "Asked about", kind="name"),
    Column("customer", "Customer", kind="name"),
    Column("score", "Score", "right", "decimal"),
    Column("staff", "Staff"),
    Column("department", "Department"),
    Column("words", "Words"),
    Column("case", "Case", kind="name"),
)


_ASCII = click.option("--ascii", is_flag=True, help="Draw it with plain characters.")


def _figure() -> Column:
    return Column("figure", "Figure", choices={code: _(title) for code, title in KINDS.items()})


def _codes(app: App) -> tuple[Column, ...]:
    """Return the columns that programs tell figures by; people read what they are."""
    return () if views.form(app) in views.PEOPLE else _CODES


def _draw(app: App, lines: Iterable[str]) -> None:
    text_form(app)
    with views.target(app) as out:
        out.writelines(f"{line}\n" for line in lines)


@click.command()
@click.argument("round_", metavar="ROUND")
@click.option("--by", metavar="GROUP", help="For each department, staff, project, region, month, grade.rfm …")
@click.option("--ids", is_flag=True, help="Also name the responses behind each figure.")
@click.option("--chart", is_flag=True, help="Draw bars instead of a table.")
@_ASCII
@pass_app
def score(app: App, round_: str, by: str | None, ids: bool, chart: bool, ascii: bool) -> None:
    """Show a round's figures, each with its interval and the number of answers.

    \b
    Example:
      cskit survey score SR-0001 --by department
    """
    survey = rounds.one_round(app, app.reading(), round_)
    found = results.figures(app, survey, by, ids=ids)
    if chart or ascii:
        if by:
            raise Usage(_("a chart shows the whole round"), _("leave out --by, or --chart"))
        held = rounds.responses(app.reading(), survey.id)
        _draw(app, charts.drawn(rounds.asked(app, survey), held, found, views.width(), ascii=ascii))
        return
    codes = _codes(app)
    columns = [*grouped(by), _figure(), *codes, _WHAT, *_SCORED]
    columns += [*([_MEAN] if codes else []), *([_IDS] if ids else [])]
    rows(app, results.rows(found, ids=ids), columns)


@click.command()
@click.argument("questionnaire")
@pass_app
def trend(app: App, questionnaire: str) -> None:
    """Show the main figures of a questionnaire's rounds, one after the other.

    A change is called one only where the test says so.

    \b
    Example:
      cskit survey trend overall
    """
    before = (Column("round", "Round", kind="name"), Column("period", "Period"))
    columns = (*before, _figure(), *_SCORED, Column("says", "Against the round before"))
    rows(app, results.trend(app, questionnaire), columns)


@click.command()
@click.argument("before", metavar="ROUND")
@click.argument("after", metavar="ROUND")
@click.option("--by", metavar="GROUP", help="For each department, staff, project, region …")
@pass_app
def compare(app: App, before: str, after: str, by: str | None) -> None:
    """Compare two rounds, figure by figure, and say which changes are real.

    \b
    Example:
      cskit survey compare SR-0001 SR-0002
    """
    reading = app.reading()
    pair = rounds.one_round(app, reading, before), rounds.one_round(app, reading, after)
    columns = [*grouped(by), _figure(), *_codes(app), *_COMPARED]
    rows(app, results.compared(app, *pair, by), columns)


@click.command()
@click.argument("round_", metavar="ROUND")
@click.option("--chart", is_flag=True, help="Draw importance against performance.")
@_ASCII
@pass_app
def drivers(app: App, round_: str, chart: bool, ascii: bool) -> None:
    """Show what overall satisfaction hangs on, and how well each of it is done.

    \b
    Example:
      cskit survey drivers SR-0001
    """
    survey = rounds.one_round(app, app.reading(), round_)
    found = results.driving(app, survey)
    if chart or ascii:
        _draw(app, charts.grid(rounds.asked(app, survey), found, views.width(), ascii=ascii))
        return
    rows(app, reporting.driver_rows(rounds.asked(app, survey), found), _DRIVERS)


@click.command()
@click.argument("round_", metavar="ROUND")
@click.option(
    "--below", type=click.IntRange(1, 100), metavar="SCORE", help="Scores below this (else the limit)."
)
@click.option("--open-cases", is_flag=True, help="Open a case for each that has none.")
@REASON
@pass_app
def low(app: App, round_: str, below: int | None, open_cases: bool, reason: str | None) -> None:
    """List the low scores of a round, and open a case for each where asked.

    \b
    Example:
      cskit survey low SR-0001 --below 60
    """
    limit = Decimal(below if below is not None else limits.load(app).low)
    if not open_cases:
        found = results.low(app.reading(), rounds.one_round(app, app.reading(), round_), limit)
        rows(app, results.low_rows(found, {}), _LOW)
        return
    with app.transaction(reason=reason) as tx:
        survey = rounds.one_round(app, tx, round_)
        found = results.low(tx, survey, limit)
        opened = results.open_cases(app, tx, survey, limit)
    rows(app, results.low_rows(found, opened), _LOW)
    done = ngettext("{count} case opened", "{count} cases opened", len(opened)).format(count=len(opened))
    saved(app, done, tx.sequence)


@writes("html")
@click.command()
@click.argument("round_", metavar="ROUND")
@click.option("--by", metavar="GROUP", help="Also for each department, staff, project, region …")
@pass_app
def report(app: App, round_: str, by: str | None) -> None:
    """Write what the departments concerned should read of a round.

    \b
    Example:
      cskit survey report SR-0001 --by department -o html --out report.html
    """
    survey = rounds.one_round(app, app.reading(), round_)
    wanted = text_form(app, "html", "md")
    sheets = [reporting.sheet(app, survey, by)]
    with views.target(app) as out:
        out.write(paper.html(sheets) if wanted == "html" else paper.markdown(sheets))
