"""`case sla` and `case overdue`: how the promises made for cases stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import click

from cskit import App, Column, Usage, departments, mark, pass_app, rows
from cskit.calendar import face
from cskit.crud.choosing import IDS, WHERE
from cskit.crud.reading import documents
from cskit.display.views import form
from cskit.errors import Exit
from cskit.i18n import _
from cskit_complaints import deadlines

STATES = (mark("running"), mark("paused"), mark("met"), mark("missed"), mark("excused"))
_LENGTHS = ("target", "used", "left", "late", "seconds")
_CASE, _DEPARTMENT = Column("id", "Case"), Column("department", "Department")
_STANDS = (
    _CASE,
    Column("title", "Clock"),
    _DEPARTMENT,
    Column("state", "State", codes=STATES),
    Column("target", "Target", align="right"),
    Column("used", "Used", align="right"),
    Column("left", "Left", align="right"),
    Column("due", "Due", kind="time"),
)
_SPANS = (
    _CASE,
    Column("title", "Clock"),
    _DEPARTMENT,
    Column("start", "Begins", kind="time"),
    Column("end", "Ends", kind="time"),
    Column("counted", "Included", kind="boolean"),
    Column("seconds", "Length", align="right"),
    Column("why", "Why not"),
)
_KEYS = (
    "id",
    "clock",
    "title",
    "department",
    "state",
    "target",
    "promised",
    "used",
    "left",
    "share",
    "started",
    "due",
    "missed_at",
    "stopped",
    "calendar",
    "soft",
    "spans",
)
_LATE = (
    _CASE,
    Column("severity", "Severity", kind="integer"),
    Column("title", "Clock"),
    Column("late", "Late by", align="right"),
    _DEPARTMENT,
    Column("tell", "To be told"),
    Column("content", "Content"),
)
_LATE_KEYS = (
    "id",
    "kind",
    "severity",
    "clock",
    "title",
    "department",
    "handler",
    "state",
    "target",
    "used",
    "left",
    "late",
    "share",
    "due",
    "missed_at",
    "soft",
    "role",
    "tell",
    "content",
)


@click.command("sla")
@IDS
@WHERE
@click.option(
    "--clock", "names", multiple=True, metavar="CLOCK", help="Only this clock; several times for more."
)
@click.option("--spans", is_flag=True, help="A row for each span: what counted, what did not, and why.")
@pass_app
def sla(app: App, ids: tuple[str, ...], where: str | None, names: tuple[str, ...], spans: bool) -> None:
    """Show the clocks of cases, and explain them.

    Lengths are working time, 22:15 for hours and minutes in a table, elsewhere seconds. --now replays any
    instant. A table of one case, or without departments, leaves out these columns.

    \b
    Example:
      cskit case sla CP-20261122-001 --spans
    """
    if not ids and where is None:
        raise Usage(_("which cases?"), _("give ids, - to read them from a pipe, or --where"))
    found = documents(app, app.record_type("cases"), ids, where)
    standing = deadlines.standing(app, found, names, trace=spans or form(app) != "table")
    if spans:
        _table(app, list(_each_span(standing)), _SPANS)
    elif form(app) == "table":
        _table(app, list(standing), _STANDS)
    else:
        rows(app, standing, _plain(_KEYS, _STANDS))


def _table(app: App, found: Sequence[Mapping[str, Any]], columns: Sequence[Column]) -> None:
    """Write a table for people, without the columns that tell nothing new."""
    said = {
        "id": len({row["id"] for row in found}) > 1,
        "department": any("department" in row for row in found),
    }
    kept = [one for one in columns if said.get(one.name, True) or form(app) != "table" or app.options.fields]
    rows(app, _as_shown(app, found), _titled(app, kept))


def _titled(app: App, columns: Iterable[Column]) -> list[Column]:
    """Return columns with departments' titles, which people look at and programs do not."""
    if form(app) != "table":
        return list(columns)
    titles = {code: str(one) for code, one in departments.load(app).items()}
    return [one._replace(choices=titles) if one.name == "department" else one for one in columns]


@click.command("overdue")
@IDS
@WHERE
@click.option("--within", metavar="LENGTH", help="Also what is due in so much working time, such as 4h.")
@click.option("--soft", is_flag=True, help="Also promises that only warn.")
@click.option("--check", is_flag=True, help="Exit with 8 when anything is overdue.")
@click.pass_context
@pass_app
def overdue(
    app: App,
    ctx: click.Context,
    ids: tuple[str, ...],
    where: str | None,
    within: str | None,
    soft: bool,
    check: bool,
) -> None:
    """List open cases with a promise that is missed and still to be met.

    The severest come first. Who is to be told follows from how late it is, by the policy's levels.

    \b
    Example:
      cskit case overdue --within 4h
    """
    if ids or where or app.record_type("cases").holds:
        found = documents(app, app.record_type("cases"), ids, where)
    else:  # decoding only what is open takes a third of the time
        found = app.reading().read("cases", where=deadlines.StillOpen())
    late = deadlines.overdue(app, found, within=within, soft=soft)
    few = form(app) == "table" and not app.options.fields
    rows(app, _as_shown(app, late), _titled(app, _LATE if few else _plain(_LATE_KEYS, _LATE)))
    if not late:
        app.echo(_("nothing is overdue"))
    if check and any("late" in row for row in late):
        ctx.exit(Exit.OVERDUE)


def _plain(keys: Iterable[str], columns: Iterable[Column]) -> list[Column]:
    """Return a column for each key, as it is shown in a table where it is."""
    known = {column.name: column for column in columns}
    return [known.get(key, Column(key, key.replace("_", " ").capitalize())) for key in keys]


def _as_shown(app: App, found: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield rows with their lengths as a table has them."""
    if form(app) != "table":
        yield from found
        return
    for row in found:
        shown = {key: face(value) if key in _LENGTHS else value for key, value in row.items()}
        yield shown | ({"target": row["promised"]} if "days" in row else {})


def _each_span(standing: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for row in standing:
        head = {key: row[key] for key in ("id", "clock", "title", "department") if key in row}
        for span in row["spans"]:
            yield head | span
