"""A rota laid out by a pattern, for a group or for people who are named.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from cskit import Refused, Usage, _, register
from cskit_calls import patterns, roster, shifts
from cskit_calls.rotamodel import Shift
from cskit_calls.shifts import TABLE

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Transaction
    from cskit_calls.patterns import ShiftTimes

_LONGEST = 366


def days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Yield the days from one to another, both included."""
    for number in range((last - first).days + 1):
        yield first + dt.timedelta(days=number)


# --- a rota ------------------------------------------------------------------------------------------------


class Wish(NamedTuple):
    """Which rota is to be laid out: a group's, or that of people who rotate in the order named."""

    first: dt.date
    last: dt.date
    pattern: str
    group: str | None = None
    staff: Sequence[str] = ()


class Laid(NamedTuple):
    """What was laid out, and who could not be asked on which days."""

    made: list[Shift]
    away: list[tuple[str, dt.date]]


def lay_out(app: App, tx: Transaction, wish: Wish) -> Laid:
    """Add the shifts of a rota; days on which somebody is absent are left out.

    Raises `NotFound` for a pattern, `Usage` for days that are none, `Refused` where there is nobody.
    """
    if not 0 <= (wish.last - wish.first).days < _LONGEST:
        raise Usage(_("--to comes after --from, within a year"))
    pattern = patterns.load(app, wish.pattern)
    name = next(name for name, one in patterns.all_of(app).items() if one == pattern)
    people = _people(app, tx, wish)
    away = shifts.absences(tx)
    laid = Laid([], [])
    for day in days(wish.first, wish.last):
        for place, own in enumerate(people):
            times = pattern.turn(day, place, len(people))
            if times is None:
                continue
            if any(one.staff == own and one.holds(day) for one in away):
                laid.away.append((own, day))
                continue
            laid.made.append(add(app, tx, own, day, times, pattern=name, group=wish.group))
    return laid


def _people(app: App, tx: Transaction, wish: Wish) -> list[str]:
    if wish.staff:
        return roster.known(app, tx, wish.staff)
    if wish.group is None:
        raise Usage(_("whose rota?"), _("give --group, or --staff for each person"))
    found = [own for own, one in roster.people(app).items() if one.group == wish.group]
    if not found:
        raise Refused(
            _("nobody works in the group {group}").format(group=wish.group),
            _("`cskit staff set ID group={group}` puts somebody there; or name them with --staff").format(
                group=wish.group
            ),
        )
    return found


def add(app: App, tx: Transaction, staff: str, day: dt.date, times: ShiftTimes, **more: Any) -> Shift:
    """Add the shift of a day inside a transaction; `more` are further fields, None where nothing is known."""
    begins, ends = times.on(day, app.zone)
    given = {name: value for name, value in more.items() if value is not None}
    built = Shift(id="-", staff=staff, on=day, shift=times.code, begins=begins, ends=ends, **given)
    made = register.insert(tx, app.record_type(TABLE), built)
    assert isinstance(made, Shift)  # noqa: S101 - its table's records
    return made
