"""Cases as figures need them, and what each is counted under. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec

from cskit import NotFound, Usage, _, departments, label, mark, rules
from cskit.importing import uninterrupted
from cskit.plugins.isolation import nearest
from cskit.store.protocol import Document
from cskit.stored import decoder
from cskit_complaints import categories, policy, presence
from cskit_complaints.clocks import Clock, Clocks, Seen, Timed
from cskit_complaints.model import CHANNELS, KINDS, STATES, Channel, Kind
from cskit_complaints.presence import Presence

if TYPE_CHECKING:
    from cskit import App

KIND = "case-figures"
NAME = "standard"


class Audit(msgspec.Struct, frozen=True):
    """When audits call something suspicious."""

    before_breach: Annotated[int, msgspec.Meta(ge=0, le=100)]
    soon_days: Annotated[int, msgspec.Meta(ge=0)]


class Summary(msgspec.Struct, frozen=True):
    """Which cases are summarised for somebody: those that fit any of the lists; categories are patterns."""

    label: rules.Label
    kinds: list[Kind] = []
    channels: list[Channel] = []
    categories: list[str] = []


class FigureRules(msgspec.Struct, frozen=True):
    """A rule file of the kind case-figures."""

    satisfied_from: Annotated[int, msgspec.Meta(ge=1, le=5)]
    repeat_days: Annotated[int, msgspec.Meta(ge=1)]
    repeat_level: Annotated[int, msgspec.Meta(ge=1)]
    first_contact_days: Annotated[int, msgspec.Meta(ge=0)]
    percentile: Annotated[int, msgspec.Meta(ge=1, le=100)]
    pareto: tuple[int, int]
    audit: Audit
    summaries: dict[str, Summary]


class Measured(Timed, frozen=True, gc=False):
    """A case with what figures need of it beside its clocks."""

    closed_at: dt.datetime | None = None
    validity: Literal["valid", "partly", "invalid"] | None = None
    satisfaction: int | None = None
    reopened: int = 0
    product: str | None = None
    unit: str | None = None
    solution: str | None = None
    cause: str | None = None
    supervised_by: str | None = None


class Measuring:
    """The cases of one question, their clocks, and the rules by which they are counted."""

    def __init__(self, app: App, documents: Iterable[Document]) -> None:
        found = rules.load(app, KIND)
        if NAME not in found:
            said = _("there is no rule '{name}' in rules/case-figures").format(name=NAME)
            raise Usage(said, _("call the file that replaces it {name}.toml as well").format(name=NAME))
        self.rules: FigureRules = found[NAME].value
        self.counted = policy.load(app).counted
        decode = decoder("cases", Measured)
        with uninterrupted():
            self.cases = [case for case in map(decode, documents) if case.received_at is not None]
        self.clocks = Clocks(app)
        self._app = app
        self._period: str | None = None

    @cached_property
    def main(self) -> Mapping[str, Clock]:
        """The clock of each case that on-time rates are about, by id."""
        with uninterrupted():
            shown = ((case.id, self.clocks.main(case)) for case in self.cases)
            return {own: clock for own, clock in shown if clock is not None}

    @cached_property
    def answered(self) -> Mapping[str, dt.datetime]:
        """When each customer was first answered, by the case's id; who was not is left out."""
        found = ((case.id, answered_at(case.events)) for case in self.cases)
        return {own: at for own, at in found if at is not None}

    @cached_property
    def received(self) -> Mapping[tuple[str, str], Sequence[dt.datetime]]:
        """When the cases of each customer and matter came, in whatever group they are counted."""
        found: dict[tuple[str, str], list[dt.datetime]] = {}
        for case in self.cases:
            if (matter := self.matter(case)) and case.received_at is not None:
                found.setdefault(matter, []).append(case.received_at)
        return found

    def matter(self, case: Measured) -> tuple[str, str] | None:
        """Return whose case it is and of what category, to the rules' level; None where either is unknown."""
        category = shortened(case.category, self.rules.repeat_level)
        return (case.customer, category) if case.customer and category else None

    @cached_property
    def categories(self) -> categories.Categories:
        """The category trees."""
        return categories.load(self._app)

    @cached_property
    def presence(self) -> Presence:
        """When customers were active, empty where no plugin keeps customers."""
        return presence.load(self._app)

    def span(self, cases: Sequence[Measured]) -> tuple[dt.date, dt.date] | None:
        """Return the first and last day of what some cases stand for: their period, else all that was asked.

        The period is the finest that cases are counted by, up to today.
        """
        if not cases:
            return None
        if self._period is None:
            days = [self.local(case.received_at).date() for case in self.cases if case.received_at]
            return min(days), max(days)
        received = cases[0].received_at
        assert received is not None  # noqa: S101 - see __init__
        first, last = whole_period(self.local(received).date(), self._period)
        return first, min(last, self._app.today)

    def local(self, moment: dt.datetime) -> dt.datetime:
        """Return a time as the department's clock shows it."""
        return moment.astimezone(self._app.zone)

    def is_complaint(self, case: Measured) -> bool:
        """Tell whether a case is of a kind that rates count."""
        return case.kind in self.counted

    # --- what cases are counted under --------------------------------------------------------------------

    def groups(
        self, by: Sequence[str], level: int | None = None
    ) -> list[tuple[tuple[Any, ...], list[Measured]]]:
        """Return cases by what they have in common, in its order; raises `NotFound` for an unknown key."""
        keys = [self._key(name, level) for name in by]
        self._period = next((name for name in PERIODS if name in by), None)
        found: dict[tuple[Any, ...], list[Measured]] = {}
        for case in self.cases:
            found.setdefault(tuple(key(case) for key in keys), []).append(case)
        return sorted(found.items(), key=lambda one: tuple(str(part or "") for part in one[0]))

    def _key(self, name: str, level: int | None) -> Callable[[Measured], Any]:
        if name == "category":
            return lambda case: shortened(case.category, level)
        if name in PERIODS:
            form, zone = PERIODS[name], self._app.zone
            period = functools.cache(lambda day: written(day, form))  # there are fewer days than cases
            return lambda case: period(case.received_at.astimezone(zone).date())  # type: ignore[union-attr]  # see __init__
        if name in FIELDS:
            return lambda case: getattr(case, name)
        known = (*FIELDS, "category", *PERIODS)
        near = nearest(name, known)
        raise NotFound(
            _("cases are not counted by '{name}'").format(name=name),
            _("did you mean '{near}'?").format(near=near)
            if near
            else _("there are {names}").format(names=_(", ").join(known)),
        )

    def choices(self, name: str) -> Mapping[str, str]:
        """Return what people see for the codes under a key."""
        if name == "category":
            return self.categories.titles()
        if name == "department":
            return {code: str(one) for code, one in departments.load(self._app).items()}
        if name in _TITLED:
            return {code: label(code, zh) for code, zh in _TITLED[name].items()}
        return {}


def answered_at(events: Iterable[Seen]) -> dt.datetime | None:
    """Return when a customer was first answered, None as long as they were not."""
    for event in events:
        if event.what == "reply" or event.what == "reject":
            return event.at
    return None


FIELDS = {
    "kind": mark("Kind"),
    "severity": mark("Severity"),
    "channel": mark("Channel"),
    "state": mark("State"),
    "department": mark("Department"),
    "handler": mark("Handler"),
    "customer": mark("Customer"),
    "product": mark("Product"),
    "unit": mark("Unit"),
    "validity": mark("Validity"),
}
"""The fields that cases are counted by, with their titles."""
PERIODS = {"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m", "quarter": "", "year": "%Y"}
"""The periods that cases are counted by, and how each is written; weeks are those of ISO 8601."""
PERIOD_TITLES = {
    "day": mark("Day"),
    "week": mark("Week"),
    "month": mark("Month"),
    "quarter": mark("Quarter"),
    "year": mark("Year"),
}
_TITLED = {"kind": KINDS, "channel": CHANNELS, "state": STATES}


def shortened(code: str | None, level: int | None) -> str | None:
    """Return a category's code down to a level, with its tree."""
    if code is None or level is None:
        return code
    tree, slash, own = code.rpartition("/")
    return tree + slash + ".".join(own.split(".")[:level])


def written(day: dt.date, form: str) -> str:
    """Return a day's period as it is written; "" is the form of quarters."""
    return day.strftime(form) if form else f"{day.year}-Q{(day.month + 2) // 3}"


def whole_period(day: dt.date, name: str) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of the period in which a day lies."""
    form, one = PERIODS[name], dt.timedelta(days=1)
    own, first, last = written(day, form), day, day
    while written(first - one, form) == own:
        first -= one
    while written(last + one, form) == own:
        last += one
    return first, last


def periods(first: dt.date, last: dt.date, form: str) -> Iterator[str]:
    """Yield every period from one day to another, each once, also those in which nothing happened."""
    seen = ""
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        now = written(dt.date.fromordinal(ordinal), form)
        if now != seen:
            seen = now
            yield now
