"""Who is scored: the people of a month, their positions, ranks and superiors, from one pass over each table.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from cskit import NotFound, Period, Usage, _, register
from cskit.facts import parse_period
from cskit.plugins.isolation import nearest
from cskit.stored import decoder
from cskit_staff.people import people
from cskit_staff.people.model import StaffState
from cskit_staff.people.people import POSITIONS, STAFF

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading


class Person(people.Person, frozen=True, gc=False):
    """What scoring, reviews and pay need of a stored person."""

    state: StaffState = "regular"
    base_pay: Decimal | None = None
    performance_base: Decimal | None = None
    allowance: Decimal | None = None

    def there(self, period: Period) -> bool:
        """Tell whether the person worked here at some time of a period."""
        began = self.hired is None or period.last is None or self.hired <= period.last
        ended = self.left is not None and period.first is not None and self.left < period.first
        return began and not ended and not (self.state == "left" and self.left is None)


class Post(people.Post, frozen=True, gc=False):
    """What scoring needs of a stored position."""

    ladder: str | None = None
    scheme: str | None = None


class Population:
    """All people and positions of a moment."""

    def __init__(self, app: App, reading: Reading) -> None:
        person, post = decoder(STAFF, Person), decoder(POSITIONS, Post)
        self._app, self._reading = app, reading
        self.people: dict[str, Person] = {one.id: one for one in map(person, reading.read(STAFF))}
        self.posts: dict[str, Post] = {one.id: one for one in map(post, reading.read(POSITIONS))}

    def post(self, person: Person) -> Post | None:
        """Return a person's position, None if it is none, or one that is not there."""
        return self.posts.get(person.position or "")

    def named(self, names: Sequence[str]) -> list[Person]:
        """Return the people that ids or external keys mean; raises `NotFound` naming those that mean none."""
        if all(name in self.people for name in names):
            return [self.people[name] for name in dict.fromkeys(names)]
        found = register.find(self._app, self._reading, self._app.record_type(STAFF), names)
        return [self.people[register.id_of(one)] for one in found]

    def at(self, position: str) -> Post:
        """Return the position of a code or title; raises `NotFound`."""
        if position in self.posts:
            return self.posts[position]
        titled = [one for one in self.posts.values() if one.title == position]
        if len(titled) == 1:
            return titled[0]
        near = nearest(position, self.posts)
        raise NotFound(
            _("there is no position '{name}'").format(name=position),
            _("did you mean {name}?").format(name=near)
            if near
            else _("`cskit staff position list` shows those there are"),
        )

    def superiors(self, own: str) -> list[str]:
        """Return the ids of a person's superiors, the nearest first."""
        found: list[str] = []
        person = self.people.get(own)
        while person is not None and person.superior and person.superior not in (own, *found):
            found.append(person.superior)
            person = self.people.get(person.superior)
        return found


class Span(NamedTuple):
    """A month or a quarter: how it is written, its days and its months."""

    text: str
    period: Period
    months: tuple[str, ...]

    @property
    def first(self) -> dt.date:
        """The first day."""
        return self.period.first or dt.date.min

    @property
    def last(self) -> dt.date:
        """The last day."""
        return self.period.last or dt.date.max


def month_of(app: App, text: str | None) -> Span:
    """Read a month, the last that ended if none is given; raises `Usage` for none, or one to come."""
    if text is None:
        text = f"{app.today.replace(day=1) - dt.timedelta(days=1):%Y-%m}"
    try:
        period = parse_period(text)
    except Usage:
        period = Period()
    first, last = period.first, period.last
    if first is None or last is None or first.day != 1 or not 27 <= (last - first).days <= 30:
        raise Usage(_("'{text}' is no month").format(text=text), _("expected such as 2026-10"))
    if first > app.today:
        raise Usage(_("{month} has not begun").format(month=text))
    return Span(f"{first:%Y-%m}", period, (f"{first:%Y-%m}",))


def quarter_of(app: App, text: str | None) -> Span:
    """Read a quarter such as 2026-Q3, the last one that ended if none is given; raises `Usage`.

    A quarter that has not ended is refused: its months are not all there.
    """
    if text is None:
        day = app.today.replace(day=1, month=(app.today.month - 1) // 3 * 3 + 1) - dt.timedelta(days=1)
        text = f"{day.year}-Q{day.month // 3}"
    year, _dash, number = text.upper().replace("Q", "-").replace("--", "-").partition("-")
    if not (year.isascii() and year.isdigit() and len(year) == 4 and number in ("1", "2", "3", "4")):
        raise Usage(_("'{text}' is no quarter").format(text=text), _("expected such as 2026-Q3"))
    months = tuple(f"{year}-{3 * int(number) - back:02d}" for back in (2, 1, 0))
    period = parse_period(f"{months[0]}..{months[-1]}")
    span = Span(f"{year}-Q{number}", period, months)
    if span.last >= app.today:
        raise Usage(_("{quarter} ends on {day}").format(quarter=span.text, day=span.last))
    return span


def whole_month_from(day: dt.date) -> dt.date:
    """Return the first day of the first whole month from a day on."""
    return day if day.day == 1 else (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
