"""The rota of a week: who works what on which day, as a table and as a sheet to put up.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from cskit import Column, Usage, _
from cskit.display.paper import Prose, Rows, Sheet
from cskit.i18n import mark
from cskit.records import parse_day
from cskit_calls import coverage, patterns, planning, roster, shiftlimits, shifts

if TYPE_CHECKING:
    from cskit import App

_WEEK = 7
_ISO_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})", re.ASCII)
_NAMED = (
    *(mark("Mon {day}"), mark("Tue {day}"), mark("Wed {day}"), mark("Thu {day}")),
    *(mark("Fri {day}"), mark("Sat {day}"), mark("Sun {day}")),
)


class Line(NamedTuple):
    """What one person works on each day: a text a day, "" for none."""

    id: str
    name: str
    group: str
    cells: Mapping[dt.date, str]


class Week(NamedTuple):
    """Seven days of a rota; `counts` is shift → how many people work it on each day."""

    days: Sequence[dt.date]
    lines: Sequence[Line]
    counts: Mapping[str, Mapping[dt.date, int]]
    gaps: Sequence[coverage.Gap]


def first_of(app: App, text: str | None) -> dt.date:
    """Return the Monday of the week that a text means, such as 2026-W42 or any day of it; this week for None.

    Raises `Usage`.
    """
    day = app.today
    if text is not None:
        named = _ISO_WEEK.fullmatch(text)
        try:
            day = dt.date.fromisocalendar(int(named[1]), int(named[2]), 1) if named else parse_day(text)
        except ValueError:
            said = _("--week {week}: expected a week, such as 2026-W42, or a day of it")
            raise Usage(said.format(week=text)) from None
    return day - dt.timedelta(days=day.weekday())


def week(app: App, first: dt.date, group: str | None = None) -> Week:
    """Return the rota of the seven days from `first`, of a group alone if given; each table is read once."""
    days = list(planning.days(first, first + dt.timedelta(days=_WEEK - 1)))
    reading, people = app.reading(), roster.people(app)
    turns = [one for one in shifts.every(reading) if days[0] - dt.timedelta(days=1) <= one.on <= days[-1]]
    titles = patterns.titles(patterns.all_of(app))
    groups = {own: one.group for own, one in people.items()} | {
        one.staff: one.group for one in turns if one.group
    }
    cells: dict[str, dict[dt.date, list[str]]] = {}
    counts: dict[str, Counter[dt.date]] = {}
    for one in sorted(turns, key=lambda turn: turn.begins):
        if one.on not in days or group not in (None, groups.get(one.staff)):
            continue
        if one.absence is None:
            counts.setdefault(one.shift, Counter())[one.on] += 1
            cells.setdefault(one.staff, {}).setdefault(one.on, []).append(_told(one, titles))
    for away in shifts.absences(reading):
        for day in days:
            if away.holds(day) and group in (None, groups.get(away.staff)):
                cells.setdefault(away.staff, {})[day] = [_("absent")]
    lines = [
        Line(own, _name(people, own), groups.get(own, ""), {day: " ".join(each) for day, each in of.items()})
        for own, of in cells.items()
    ]
    lines.sort(key=lambda line: (line.group, line.id))
    needed = shiftlimits.load(app).need
    found = [] if group else list(coverage.gaps(turns, needed, app.zone, days[0], days[-1]))
    named = {titles.get(code, code): count for code, count in counts.items()}
    return Week(days, lines, named, found)


def _name(people: Mapping[str, roster.Person], own: str) -> str:
    return people[own].name if own in people else ""


def _told(one: shifts.Turn, titles: Mapping[str, str]) -> str:
    """Return a shift as a cell of the rota: its title; + is a cover, * support."""
    return {"cover": "+", "support": "*"}.get(one.kind, "") + titles.get(one.shift, one.shift)


# --- as a table --------------------------------------------------------------------------------------------


def columns(found: Week) -> list[Column]:
    """Return the columns of a week: who, and a day each."""
    named = [Column(day.isoformat(), heading(day)) for day in found.days]
    return [Column("id", "ID", kind="name"), Column("name", "Name"), *named]


def heading(day: dt.date) -> str:
    """Return what a day is called above a column, in the user's language."""
    return _(_NAMED[day.weekday()]).format(day=day.day)


def rows(found: Week, *, counted: bool) -> Iterator[dict[str, Any]]:
    """Yield a row for each person; `counted`: below them how many work each shift."""
    for line in found.lines:
        yield {"id": line.id, "name": line.name} | {day.isoformat(): said for day, said in line.cells.items()}
    if counted:
        for shift, count in found.counts.items():
            yield {"name": shift} | {day.isoformat(): str(count[day]) for day in found.days if count[day]}


def remarks(found: Week) -> Iterator[str]:
    """Yield what is to be known beside a week: its signs, and the hours that nobody works."""
    signs = {cell[0] for line in found.lines for cell in line.cells.values() if cell}
    if "+" in signs or "*" in signs:
        yield _("+ works instead of somebody, * supports the telephones")
    for gap in found.gaps:
        yield told(gap)


def told(gap: coverage.Gap) -> str:
    """Say when how many people are missing."""
    said = _("{day} {begins:02d}:00–{ends:02d}:00: {have} of {need} people")
    return said.format(day=gap.on, begins=gap.begins, ends=gap.ends, have=gap.have, need=gap.need)


# --- on paper ----------------------------------------------------------------------------------------------


def sheet(found: Week, group: str | None) -> Sheet:
    """Return a week as it is put up on the wall."""
    first, last = found.days[0], found.days[-1]
    body = [[line.name or line.id, *(line.cells.get(day, "") for day in found.days)] for line in found.lines]
    counts = [
        [shift, *(str(count[day] or "") for day in found.days)] for shift, count in found.counts.items()
    ]
    headings = [_("Name"), *(heading(day) for day in found.days)]
    parts: list[Rows | Prose] = [Rows(headings, body), Rows([_("People"), *headings[1:]], counts)]
    notes = list(remarks(found))
    if notes:
        parts.append(Prose("\n".join(notes), _("To be known")))
    title = _("Rota {first} to {last}").format(first=first, last=last)
    return Sheet(f"{title} {group}" if group else title, parts, signatures=(_("Laid out by"), _("Seen by")))
