"""`case stats`, `pareto`, `trend`, `monthly`, `repeat` and `summary`: figures about cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click

from cskit import App, Column, mark, pass_app, rows
from cskit.crud.choosing import WHERE
from cskit.crud.reading import documents
from cskit.display.views import form
from cskit.i18n import _
from cskit_complaints import figures, monthly
from cskit_complaints.categories import PARTS
from cskit_complaints.figures import FIGURES
from cskit_complaints.measured import FIELDS, PERIOD_TITLES, Measuring

_LEVEL = click.option(
    "--level", type=click.IntRange(min=1), metavar="N", help="Categories down to this level only."
)
_IDS = Column("ids", "Cases", kind="list")
_TITLES = {"category": mark("Category"), **FIELDS, **PERIOD_TITLES}


def measuring(app: App, where: str | None) -> Measuring:
    """Return the cases that a question is about."""
    return Measuring(app, documents(app, app.record_type("cases"), (), where))


def shown(app: App, found: Iterable[Mapping[str, Any]], columns: Sequence[Column]) -> None:
    """Write rows, and say so where there are none."""
    if not rows(app, found, columns):
        app.echo(_("there is nothing to show"))


def names_in(text: str | None) -> list[str]:
    """Return what stands between the commas of an option."""
    return [name.strip() for name in (text or "").split(",") if name.strip()]


def keyed(found: Measuring, by: Iterable[str]) -> list[Column]:
    """Return the columns of what cases are counted by, with titles for codes."""
    return [Column(name, _TITLES[name], choices=found.choices(name)) for name in by]


def _figure(name: str, title: str = "") -> Column:
    return Column(name, title or FIGURES[name].title, "right", "decimal")


@click.command()
@click.option("--by", metavar="A,B", default="", help="Count apart by these: category, department, month, …")
@_LEVEL
@click.option("--figures", "names", metavar="A,B", help="Only these figures.")
@click.option("--ids", metavar="FIGURE", help="List the cases that a figure counts instead.")
@WHERE
@pass_app
def stats(
    app: App, by: str, level: int | None, names: str | None, ids: str | None, where: str | None
) -> None:
    """Show figures about cases: how many, on time, hours to the answer, reopened, repeated, satisfied.

    On time is the main clock of the policy; what still runs in time counts on neither side. Hours are round
    the clock from received to first answered. A table shows the figures that fit 80 columns; --figures adds
    p90, repeat, waiting, valid, first-contact, rate and excused.

    \b
    Example:
      cskit case stats --by category,month --level 2
    """
    few = form(app) == "table" and not app.options.fields
    usual = figures.SEEN if few else figures.USUAL
    wanted = figures.chosen(names_in(names) + ([ids] if ids else []), usual)
    found, keys = measuring(app, where), names_in(by)
    if ids:
        shown(app, figures.behind(found, keys, ids, level), [*keyed(found, keys), Column("id", "Case")])
        return
    counted = figures.stats(found, keys, wanted, level)
    shown(app, counted, [*keyed(found, keys), *map(_figure, wanted)])


@click.command()
@click.option("--by", metavar="NAME", default="category", show_default=True, help="What is ranked.")
@_LEVEL
@WHERE
@pass_app
def pareto(app: App, by: str, level: int | None, where: str | None) -> None:
    """Rank what most cases are about, with cumulative shares and classes A, B and C.

    \b
    Example:
      cskit case pareto --level 2
    """
    found = measuring(app, where)
    ranked = figures.pareto(found, by, level)
    monthly.bars(ranked, "count", 20)
    columns = (
        *keyed(found, [by]),
        Column("count", "Cases", "right", "integer"),
        Column("share", "Share %", "right", "decimal"),
        Column("cumulative", "Cumulative %", "right", "decimal"),
        Column("class", "Class"),
    )
    shown(app, ranked, [*columns, *_last(app, Column("bar", ""))])


def _last(app: App, *shown: Column) -> tuple[Column, ...]:
    """Return the last columns: what people look at, or the cases for programs."""
    return shown if form(app) == "table" else (_IDS,)


@click.command()
@click.option(
    "--every", metavar="PERIOD", default="month", show_default=True, help="day, week, month, quarter, year."
)
@click.option(
    "--figure", metavar="NAME", default="count", show_default=True, help="Which figure of `case stats`."
)
@click.option("--by", metavar="NAME", help="A line for each of these in each period.")
@_LEVEL
@WHERE
@pass_app
def trend(app: App, every: str, figure: str, by: str | None, level: int | None, where: str | None) -> None:
    """Draw how a figure changes from period to period.

    \b
    Example:
      cskit case trend --every month --figure on-time
    """
    (name,) = figures.chosen([figure])
    found = measuring(app, where)
    drawn = monthly.trend(found, every, name, by, level)
    keys = [every, *([by] if by else [])]
    bar = (Column("bar", ""),) if form(app) == "table" else ()
    shown(app, drawn, [*keyed(found, keys), _figure("value", FIGURES[name].title), *bar])


@click.command("monthly")
@click.option("--month", metavar="YYYY-MM", help="Which month; this one if not given.")
@click.option("--counts", is_flag=True, help="A row of figures for each part instead of the cases.")
@WHERE
@pass_app
def monthly_(app: App, month: str | None, counts: bool, where: str | None) -> None:
    """Make the monthly sheet in four parts: property, service, planning, and what is urgent next month.

    \b
    Example:
      cskit case monthly --month 2026-11
    """
    period = monthly.month_of(app, month)
    found = measuring(app, where)
    part = Column("part", "Part", choices=_parts())
    if counts:
        counted = monthly.counts(found, period)
        shown(app, counted, [part, *map(_figure, ("count", "open", "on-time", "satisfied"))])
    else:
        shown(app, monthly.sheet(found, period), [part, *_sheet(app, found)])


def _parts() -> Mapping[str, str]:
    return {**{name: str(one) for name, one in PARTS.items()}, monthly.URGENT: _("Urgent next month")}


def _sheet(app: App, found: Measuring) -> Sequence[Column]:
    few = form(app) == "table" and not app.options.fields
    columns = (
        Column("id", "Case"),
        Column("received_at", "Received at", kind="time"),
        Column("unit", "Unit"),
        *keyed(found, ["category"]),
        Column("content", "Content"),
        *keyed(found, ["department", "state"]),
        Column("cause", "Cause"),
        Column("solution", "Solution"),
        Column("why", "Urgent because", codes=monthly.WHY),
    )
    return [one for one in columns if not few or one.name in _SEEN]


_SEEN = ("id", "category", "content", "department", "why")
"""What a table of the monthly sheet shows; a workbook has all."""


@click.command()
@click.option("--every", is_flag=True, help="Count every case, not only valid complaints.")
@WHERE
@pass_app
def repeat(app: App, every: bool, where: str | None) -> None:
    """List customers who complained of one thing again within the days that count.

    \b
    Example:
      cskit case repeat
    """
    found = measuring(app, where)
    columns = (
        Column("customer", "Customer"),
        *keyed(found, ["category"]),
        Column("count", "Cases", "right", "integer"),
        Column("first", "First", kind="time"),
        Column("last", "Last", kind="time"),
        *_last(app),
    )
    shown(app, monthly.repeated(found, every=every), columns)


@click.command()
@click.option(
    "--for", "name", metavar="NAME", default="rd", show_default=True, help="For whom; see case-figures."
)
@click.option("--month", metavar="YYYY-MM", help="Only what came in this month.")
@WHERE
@pass_app
def summary(app: App, name: str, month: str | None, where: str | None) -> None:
    """Sum up cases for others: technical problems and suggestions for development.

    \b
    Example:
      cskit case summary --for rd
    """
    found = measuring(app, where)
    if month:
        period = monthly.month_of(app, month)
        found.cases = [
            case
            for case in found.cases
            if case.received_at and period.holds(found.local(case.received_at).date())
        ]
    columns = (
        *keyed(found, ["product", "category", "kind"]),
        Column("count", "Cases", "right", "integer"),
        Column("open", "Open", "right", "integer"),
        Column("causes", "Causes", kind="list"),
        Column("contents", "What was said", kind="list"),
        *_last(app),
    )
    shown(app, monthly.summary(found, name), columns)
