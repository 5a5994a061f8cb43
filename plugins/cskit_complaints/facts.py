"""The facts that cases give about customers and staff: what each means, and how it is had.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import FactSpec, Period, Usage, _
from cskit.declarations import FactKind, Facts
from cskit.stored import decoder
from cskit_complaints import policy
from cskit_complaints.clocks import Clocks, Timed
from cskit_complaints.flow import OPEN
from cskit_complaints.model import Kind, State

if TYPE_CHECKING:
    from cskit import App, Evidence

_COUNTED = "complaints received in the period, up to now"
_HANDLED = "complaints that the person handled and that were received in the period, up to now"


def _customer(name: str, kind: FactKind, meaning: str, unit: str = "complaints") -> FactSpec:
    return FactSpec(f"complaints.{name}", "customer", kind, meaning, unit, "period")


def _staff(name: str, kind: FactKind, meaning: str, unit: str) -> FactSpec:
    return FactSpec(f"complaints.{name}", "staff", kind, meaning, unit, "period")


SPECS: tuple[FactSpec, ...] = (
    _customer("count", "integer", f"Number of {_COUNTED}; 0 if there are none."),
    _customer("open", "integer", "How many of the complaints that count have not ended."),
    _customer("valid", "integer", "How many of the complaints that count are valid, wholly or partly."),
    _customer("last_on", "date", f"Latest day of {_COUNTED}; unknown if there are none.", ""),
    FactSpec(
        "complaints.in_90_days",
        "customer",
        "integer",
        "Number of complaints received in the last 90 days, up to now; 0 if there are none.",
        "complaints",
    ),
    _staff("handled", "integer", f"Number of {_HANDLED}; 0 if there are none.", "complaints"),
    _staff(
        "on_time_rate",
        "decimal",
        "Per cent of the handled complaints on time, of those met or missed; unknown if none.",
        "per cent",
    ),
    _staff(
        "correct_rate",
        "decimal",
        "Per cent of the handled complaints answered or reopened that were never reopened; unknown if none.",
        "per cent",
    ),
    _staff(
        "first_response_hours",
        "decimal",
        "Median hours, round the clock, from registration to the first contact; unknown if there was none.",
        "hours",
    ),
    _staff(
        "satisfaction", "decimal", "Mean satisfaction with the handled complaints; unknown if none.", "1–5"
    ),
)
RECENT = dt.timedelta(days=90)
"""What `in_90_days` says in its name."""


def about(
    app: App,
    kind: str,
    names: Sequence[str],
    ids: Sequence[str],
    now: dt.datetime,
    period: Period,
    scope: Mapping[str, str],
    evidence: Evidence | None = None,
) -> Facts:
    """Return the facts `names` about things of one kind, from one pass over the cases.

    Kinds of case that do not count by the policy are left out. Raises `Usage` for any scope. Which cases a
    fact about staff is counted from is noted in `evidence`.
    """
    if scope:
        said = _("cases cannot be narrowed by {names}")
        raise Usage(said.format(names=_(", ").join(sorted(scope))))
    if kind == "customer":
        return about_customers(app, names, ids, now, period)
    return about_staff(app, names, ids, now, period, evidence) if kind == "staff" else {}


# --- customers ---------------------------------------------------------------------------------------------


class _Complaint(msgspec.Struct, frozen=True, gc=False):
    """What the facts about a customer need of a stored case."""

    customer: str | None = None
    kind: Kind = "complaint"
    received_at: dt.datetime | None = None
    state: State = "registered"
    validity: str | None = None


class _Tally:
    """What one customer's complaints come to."""

    __slots__ = ("count", "in_90_days", "last_on", "open", "valid")

    def __init__(self) -> None:
        self.count = self.open = self.valid = self.in_90_days = 0
        self.last_on: dt.date | None = None


def about_customers(
    app: App, names: Sequence[str], ids: Sequence[str], now: dt.datetime, period: Period
) -> Facts:
    """Return the facts `names` about the customers `ids`: of one who never complained it is known, too."""
    counted = policy.load(app).counted
    tallies = {own: _Tally() for own in ids}
    decode = decoder("cases", _Complaint)
    for document in app.reading().read("cases"):
        case = decode(document)
        tally = tallies.get(case.customer or "")
        if tally is None or case.kind not in counted or case.received_at is None or case.received_at > now:
            continue
        tally.in_90_days += case.received_at > now - RECENT
        day = case.received_at.astimezone(app.zone).date()
        if period.holds(day):
            tally.count += 1
            tally.open += case.state in OPEN
            tally.valid += case.validity in ("valid", "partly")
            tally.last_on = max(tally.last_on or day, day)
    return {name: _of_tallies(tallies, name.partition(".")[2]) for name in names}


def _of_tallies(tallies: Mapping[str, _Tally], name: str) -> dict[str, Any]:
    values = {own: getattr(tally, name) for own, tally in tallies.items()}
    return {own: value for own, value in values.items() if value is not None}


# --- staff -------------------------------------------------------------------------------------------------


class _Handled(Timed, frozen=True, gc=False):
    """What the facts about staff need of a stored case."""

    satisfaction: int | None = None
    reopened: int = 0


class _Figure(NamedTuple):
    """A fact about one person, the cases it is counted from, and of a share how many of them it counts."""

    value: int | Decimal | None
    cases: Sequence[str]
    hits: int | None = None


_Maker = Callable[[Sequence[_Handled]], _Figure]


def about_staff(
    app: App,
    names: Sequence[str],
    ids: Sequence[str],
    now: dt.datetime,
    period: Period,
    evidence: Evidence | None = None,
) -> Facts:
    """Return the facts `names` about the staff `ids`: those who are the handlers of complaints."""
    handled: dict[str, list[_Handled]] = {own: [] for own in ids}
    for case in _in_period(app, now, period):
        if case.handler in handled:
            handled[case.handler].append(case)
    found: dict[str, dict[str, Any]] = {}
    for name in names:
        made = _of_staff(app, name.partition(".")[2])
        figures = {own: made(cases) for own, cases in handled.items()}
        found[name] = {own: one.value for own, one in figures.items() if one.value is not None}
        if evidence is not None:
            for own, one in figures.items():
                evidence.note(name, own, "case", one.cases, one.hits)
    return found


def _in_period(app: App, now: dt.datetime, period: Period) -> Iterator[_Handled]:
    counted, decode = policy.load(app).counted, decoder("cases", _Handled)
    for document in app.reading().read("cases"):
        case = decode(document)
        if case.kind in counted and case.received_at is not None and case.received_at <= now:
            if period.holds(case.received_at.astimezone(app.zone).date()):
                yield case


def _of_staff(app: App, name: str) -> _Maker:
    """Return what makes one fact of the complaints that somebody handled."""
    if name == "on_time_rate":
        clocks = Clocks(app)
        return lambda cases: _rate(_on_time(clocks, cases))
    made: dict[str, _Maker] = {
        "handled": lambda cases: _Figure(len(cases), [case.id for case in cases]),
        "correct_rate": lambda cases: _rate(_correct(cases)),
        "first_response_hours": _first_response,
        "satisfaction": _satisfaction,
    }
    return made[name]


def _on_time(clocks: Clocks, cases: Sequence[_Handled]) -> Iterator[tuple[str, bool]]:
    for case in cases:
        clock = clocks.main(case)
        if clock is not None and not clock.excused and clock.reading.state in ("met", "missed"):
            yield case.id, clock.reading.state == "met"


def _correct(cases: Sequence[_Handled]) -> Iterator[tuple[str, bool]]:
    for case in cases:
        if case.state in ("replied", "closed") or case.reopened:
            yield case.id, not case.reopened


def _rate(found: Iterator[tuple[str, bool]]) -> _Figure:
    """Return the share of cases that a condition holds for, in per cent."""
    held = dict(found)
    hits = sum(held.values())
    return _Figure(_rounded(Decimal(100 * hits) / len(held), 1) if held else None, list(held), hits)


def _rounded(value: Decimal, places: int) -> Decimal:
    """Return a figure half up, as `case stats` has it."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _first_response(cases: Sequence[_Handled]) -> _Figure:
    hours = {}
    for case in cases:
        first = next((event.at for event in case.events if event.contact and event.what != "chase"), None)
        if first is not None and case.received_at is not None:
            hours[case.id] = (first - case.received_at).total_seconds() / 3600
    return _Figure(_rounded(Decimal(median(hours.values())), 2) if hours else None, list(hours))


def _satisfaction(cases: Sequence[_Handled]) -> _Figure:
    given = {case.id: case.satisfaction for case in cases if case.satisfaction is not None}
    mean = _rounded(Decimal(sum(given.values())) / len(given), 2) if given else None
    return _Figure(mean, list(given))
