"""`case audit`: waiting, handing over, reopening; each figure with the cases behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import click

from cskit import App, Column, mark, pass_app
from cskit.calendar import face
from cskit.crud.choosing import WHERE
from cskit.display.views import form
from cskit.i18n import _
from cskit_complaints import audits
from cskit_complaints.commands.figures import measuring, shown

_IDS = Column("ids", "Cases", kind="list")
_TITLES = {
    "person": mark("Person"),
    "group": mark("Group"),
    "reason": mark("Reason"),
    "party": mark("Waits for"),
    "category": mark("Category"),
}


def _count(name: str, title: str) -> Column:
    return Column(name, title, "right", "integer")


def _by(default: str, *known: str) -> Callable[[Any], Any]:
    """Return the option --by, which takes one of a few names."""
    return click.option(
        "--by", metavar="|".join(known), default=default, show_default=True, help="What is counted apart."
    )


_ids = click.option("--ids", is_flag=True, help="List each of them instead.")


@click.command()
@_by("person", "person", "group", "reason", "party")
@_ids
@WHERE
@pass_app
def pauses(app: App, by: str, ids: bool, where: str | None) -> None:
    """Show how much of the cases' time is paused, by whom and why, and which pauses look odd.

    Late pauses begin shortly before a breach, silent ones end without a word to the customer. Time is working
    time of the main clock.

    \b
    Example:
      cskit case audit pauses --by reason
    """
    found = measuring(app, where)
    if ids:
        columns = (
            Column("id", "Case"),
            *(Column(name, _TITLES[name]) for name in ("person", "group", "reason")),
            Column("start", "Begins", kind="time"),
            Column("end", "Ends", kind="time"),
            Column("paused", "Paused", "right"),
            Column("why", "Odd because", kind="list", choices=_odd()),
        )
        shown(app, _as_shown(app, audits.suspicious(found)), columns)
        return
    columns = (
        Column(by, _TITLES.get(by, by)),
        _count("pauses", mark("Pauses")),
        _count("cases", mark("Cases")),
        Column("paused", "Paused", "right"),
        Column("share", "Of theirs %", "right", "decimal"),
        Column("of_all", "Of all %", "right", "decimal"),
        _count(audits.LATE, mark("Late")),
        _count(audits.SILENT, mark("Silent")),
    )
    shown(app, _as_shown(app, audits.pauses(found, by)), _with_ids(app, columns))


def _odd() -> Mapping[str, str]:
    return {audits.LATE: _("shortly before a breach"), audits.SILENT: _("ended without a contact")}


@click.command()
@_by("person", "person", "group")
@_ids
@WHERE
@pass_app
def handovers(app: App, by: str, ids: bool, where: str | None) -> None:
    """Show who passes cases on to whom, and how often they come back to where they had been.

    \b
    Example:
      cskit case audit handovers --by group
    """
    found = measuring(app, where)
    if ids:
        columns = (
            Column("id", "Case"),
            _count("handovers", mark("Hand-overs")),
            _count("back", mark("Back")),
            Column("way", "Way", kind="list"),
        )
        shown(app, audits.passed_on(found, by), columns)
        return
    pairs = (
        Column("from", "From"),
        Column("to", "To"),
        _count("handovers", mark("Hand-overs")),
        _count("back", mark("Back")),
        _count("cases", mark("Cases")),
    )
    shown(app, audits.handovers(found, by), _with_ids(app, pairs))


@click.command()
@_by("person", "person", "group", "category", "reason")
@_ids
@WHERE
@pass_app
def reopened(app: App, by: str, ids: bool, where: str | None) -> None:
    """Show whose cases come back, how soon, and how often.

    A reopening counts for who dealt with the case before it.

    \b
    Example:
      cskit case audit reopened --by category
    """
    found = measuring(app, where)
    if ids:
        columns = (
            Column("id", "Case"),
            Column("at", "Reopened at", kind="time"),
            *(Column(name, _TITLES[name]) for name in ("person", "group", "reason")),
            Column("soon", "Soon", kind="boolean"),
        )
        shown(app, audits.came_back(found), columns)
        return
    columns = (
        Column(by, _TITLES.get(by, by)),
        _count("reopenings", mark("Reopenings")),
        _count("cases", mark("Cases")),
        Column("share", "Of all %", "right", "decimal"),
        _count("soon", mark("Soon")),
        _count("often", mark("More than once")),
    )
    shown(app, audits.reopened(found, by), _with_ids(app, columns))


def _with_ids(app: App, columns: Iterable[Column]) -> list[Column]:
    """Return columns with the cases behind the figures, which a table has no room for."""
    return [*columns] if form(app) == "table" else [*columns, _IDS]


def _as_shown(app: App, found: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield rows with paused time as a table has it; elsewhere it is seconds."""
    for row in found:
        yield {**row, "paused": face(row["paused"])} if form(app) == "table" else row
