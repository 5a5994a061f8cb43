"""`call staffing`: how many agents answer so many calls in time."""

from __future__ import annotations

import click

from cskit import App, Column, Usage, pass_app, rows
from cskit.i18n import _
from cskit_calls import erlang, staffing
from cskit_calls.commands.typed import FROM, TO, period_of

_SERVICE = (
    Column("agents", "Agents", "right", "integer"),
    Column("enough", "Enough", kind="boolean"),
    Column("level", "In time %", "right", "decimal"),
    Column("asa", "ASA s", "right", "decimal"),
    Column("waiting", "Must wait %", "right", "decimal"),
    Column("occupancy", "Occupied %", "right", "decimal"),
    Column("scheduled", "On the rota", "right", "integer"),
)
_HOURS = (
    Column("hour", "Hour"),
    Column("calls", "Calls", "right", "decimal"),
    Column("aht", "AHT s", "right", "integer"),
    *(one for one in _SERVICE if one.name not in ("enough", "waiting")),
)


@click.command("staffing")
@click.option(
    "--calls-per-hour", "calls", type=click.FloatRange(0), metavar="N", help="Calls that come in an hour."
)
@click.option("--aht", type=click.FloatRange(0), metavar="SECONDS", help="Seconds spent on a call.")
@FROM
@TO
@click.option("--weekday", type=click.IntRange(1, 7), metavar="1-7", help="Only these days; 1 is Monday.")
@click.option(
    "--target", metavar="PERCENT/SECONDS", help="Calls answered in time (else by the rules, 80/20)."
)
@click.option(
    "--agents", type=click.IntRange(1, erlang.MOST), metavar="N", help="What just so many would make of it."
)
@click.option(
    "--shrinkage", type=click.IntRange(0, 99), metavar="PERCENT", help="Paid time away from the telephones."
)
@click.option(
    "--max-occupancy",
    "occupancy",
    type=click.IntRange(1, 100),
    metavar="PERCENT",
    help="How busy agents may be.",
)
@pass_app
def staffing_(
    app: App,
    calls: float | None,
    aht: float | None,
    first: str | None,
    last: str | None,
    weekday: int | None,
    target: str | None,
    agents: int | None,
    shrinkage: int | None,
    occupancy: int | None,
) -> None:
    """Reckon how many agents answer calls in time: of a forecast, or hour by hour of past weeks.

    By Erlang C, which knows no caller who gives up: where many do, it asks for more agents than are needed.
    Of past weeks (--from, --to) the calls of an hour are the mean of the days.

    \b
    Example:
      cskit call staffing --calls-per-hour 200 --aht 180 --target 80/20 --shrinkage 30
    """
    aim = staffing.aim_of(app, target, shrinkage, occupancy)
    if calls is not None and aht is not None:
        rows(app, staffing.around(erlang.Load(calls, aht), aim, agents), _SERVICE)
    elif calls is not None or aht is not None or agents is not None:
        raise Usage(_("--calls-per-hour and --aht belong together"), _("give both, or --from and --to"))
    else:
        rows(app, staffing.table(staffing.hours(app, period_of(first, last), aim, weekday), aim), _HOURS)
    said = _("Erlang C; aim: {share} % within {within} s, agents busy {full} % at most, shrinkage {away} %")
    app.echo(
        said.format(
            share=f"{100 * aim.share:.0f}",
            within=aim.within,
            full=f"{100 * aim.occupancy:.0f}",
            away=aim.shrinkage,
        )
    )
    app.echo(_("callers who give up are not reckoned with: where many do, fewer agents are enough"))
