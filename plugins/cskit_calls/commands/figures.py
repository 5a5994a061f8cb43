"""`call stats`: the figures of the hotline, each with its definition."""

from __future__ import annotations

from collections.abc import Mapping

import click

from cskit import App, Column, pass_app, rows
from cskit.calendar.asking import WEEKDAYS
from cskit.crud.choosing import WHERE, condition
from cskit.display.views import form
from cskit.i18n import _
from cskit_calls import figures, grouping, queues, thresholds
from cskit_calls.commands.typed import FROM, TO, period_of
from cskit_calls.counted import Calls
from cskit_calls.figures import FIGURES

_SUMMARY = (
    Column("figure", "Name"),
    Column("title", "Figure"),
    Column("value", "Value", "right", "decimal"),
    Column("unit", "Unit"),
    Column("n", "Calls", "right", "integer"),
    Column("definition", "Definition"),
)


@click.command()
@click.option("--by", metavar="NAME", help="Count apart by hour, day, weekday, queue or staff.")
@FROM
@TO
@click.option("--figures", "names", metavar="A,B", help="Only these figures.")
@click.option("--ids", metavar="FIGURE", help="List the calls that a figure counts instead.")
@WHERE
@pass_app
def stats(
    app: App,
    by: str | None,
    first: str | None,
    last: str | None,
    names: str | None,
    ids: str | None,
    where: str | None,
) -> None:
    """Show figures of the hotline, each with its definition: answered, in time, given up, first contact.

    Hours and days are those of the department's clock. The thresholds are those of `call-figures`. A table by
    hour or the like shows what fits 80 columns; --figures adds answered, answer-rate, abandoned,
    fcr-net, occupancy (where the rota tells) and out.

    \b
    Example:
      cskit call stats --by hour --from 2026-10-01 --to 2026-10-31
    """
    rules, apart = thresholds.load(app), grouping.by_of(by) if by else ""
    table = form(app) == "table" and not app.options.fields
    asked = [name.strip() for name in (names or ids or "").split(",") if name.strip()]
    wanted = figures.chosen(asked, figures.SEEN if table and apart else FIGURES)
    calls = Calls.of(app, period_of(first, last), condition(app, app.record_type("calls"), where))
    key = _key(app, apart)
    if ids:
        found = grouping.behind(calls, apart, wanted[0], rules)
        _shown(app, rows(app, found, [*key, Column("id", "Call", kind="name")]))
    elif apart:
        columns = [Column(name, FIGURES[name].head, "right", "decimal") for name in wanted]
        _shown(app, rows(app, grouping.stats(calls, apart, wanted, rules), [*key, *columns]))
        if table:
            _define(app, {name: FIGURES[name].head for name in wanted}, rules)
    else:
        rows(app, grouping.summary(calls, wanted, rules), _SUMMARY[1:-1] if table else _SUMMARY)
        if table:
            _define(app, {name: FIGURES[name].title for name in wanted}, rules)


def _key(app: App, by: str) -> list[Column]:
    if not by:
        return []
    choices = {}
    if by == "queue":
        choices = queues.shown(queues.queues(app))
    elif by == "weekday":
        return [Column(by, grouping.BY[by], codes=WEEKDAYS)]
    return [Column(by, grouping.BY[by], "right" if by == "hour" else "left", "name", choices=choices)]


def _shown(app: App, count: int) -> None:
    if not count:
        app.echo(_("there are no such calls"))


def _define(app: App, titles: Mapping[str, str], rules: thresholds.Thresholds) -> None:
    for name, title in titles.items():
        defined = FIGURES[name].defined(rules)
        app.echo(_("{title}: {definition}").format(title=_(title), definition=defined))
