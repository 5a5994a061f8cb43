"""What grades ask of the staff: logs, visits, a day to handle by. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import CskitError, Period, _, facts
from cskit.stored import decoder
from cskit_grading import holding, quotas, schemes
from cskit_grading.holding import Held
from cskit_grading.schemes import Known, Service

if TYPE_CHECKING:
    from cskit import App

LAST, LAST_VISIT, VISITS = "activity.last_on", "activity.last_visit_on", "activity.visits"
STATE, FIRST = "opportunity.state", "orders.first_on"
OPEN = "negotiating"


class Duty(NamedTuple):
    """Something that a grade asks for by the day `due`; `kind` is log, visit, project or handle."""

    due: dt.date
    kind: str
    customer: str
    scheme: str
    grade: str
    what: str
    who: str


class Duties(NamedTuple):
    """What is due, soonest first, and which kinds could not be looked at, and why."""

    found: Sequence[Duty]
    left_out: Mapping[str, str]


class _Card(msgspec.Struct, gc=False):
    id: str
    owner: str | None = None
    state: str = "active"


class _Bound(NamedTuple):
    """A customer whose grade asks for something, from the day `since` on; `walk` is the grades before it."""

    customer: str
    who: str
    known: Known
    grade: str
    since: dt.date
    service: Service
    walk: Sequence[tuple[dt.date, str | None]]


def due(app: App, until: dt.date, names: Sequence[str] | None = None) -> Duties:
    """Return all that grades, of some schemes if given, ask for by the end of the day `until`.

    Customers who are lost or closed are left in peace. Reads each table once, and asks for facts of other
    plugins with all their names at once; kinds whose facts nobody gives are named in `left_out`.
    """
    known = schemes.load(app)
    wanted = set(schemes.chosen(known, names))
    bound = _bound(app, {name: one for name, one in known.items() if name in wanted})
    if not bound:
        return Duties([], {})
    answers = _ask(app, bound)
    found = [
        duty
        for one in bound
        for kind, duty_of in _KINDS.items()
        if kind not in answers.left_out and (duty := duty_of(app, one, answers)) and duty.due <= until
    ]
    return Duties(sorted(found), answers.left_out)


# --- whose grade asks for something ------------------------------------------------------------------------


def _asks(service: Service) -> bool:
    return bool(service.log_days or service.visits or service.project_days or service.handle_by)


def _bound(app: App, known: Mapping[str, Known]) -> list[_Bound]:
    asking = {
        name: one for name, one in known.items() if any(_asks(grade.service) for grade in one.scheme.grades)
    }
    if not asking:
        return []
    held, walks = _walked(app, asking.keys())
    read = app.reading().read("customers")
    cards = {card.id: card for card in map(decoder("customers", _Card), read) if card.state == "active"}
    bound = []
    for scheme, holders in held.items():
        services = {grade.code: grade.service for grade in asking[scheme].scheme.grades}
        for customer, one in holders.items():
            code = one.in_force(app.today)
            service = services.get(code or "")
            if code is not None and customer in cards and service is not None and _asks(service):
                since = holding.since_day(one, app.today, app.zone)
                owner = cards[customer].owner or ""
                walk = walks[scheme, customer]
                bound.append(_Bound(customer, owner, asking[scheme], code, since, service, walk))
    return bound


def _walked(
    app: App, wanted: Collection[str]
) -> tuple[dict[str, dict[str, Held]], Mapping[tuple[str, str], list[tuple[dt.date, str | None]]]]:
    """Return what is held in some schemes, and the grades before it with the day of each, in one read."""
    held: dict[str, dict[str, Held]] = {}
    walks: dict[tuple[str, str], list[tuple[dt.date, str | None]]] = defaultdict(list)
    for found in holding.walk(app.reading(), schemes=wanted):
        if found.at <= app.now and found.formerly is None:
            holding.lay(held, found)
            walks[found.scheme, found.customer].append((found.at.astimezone(app.zone).date(), found.grade))
    return held, walks


# --- what is known of them ---------------------------------------------------------------------------------


class _Answers(NamedTuple):
    """Facts by name and customer, visits of this year and month, and kinds whose facts nobody gives."""

    of: Mapping[str, Mapping[str, Any]]
    this_year: Mapping[str, int]
    this_month: Mapping[str, int]
    left_out: Mapping[str, str]


def _ask(app: App, bound: Sequence[_Bound]) -> _Answers:
    ids = list(dict.fromkeys(one.customer for one in bound))
    left_out, names = {}, set()
    for kind, asked in _needed(bound).items():
        try:
            for name in sorted(asked):
                facts.spec(app.plugins, "customer", name)
            names |= asked
        except CskitError as error:
            left_out[kind] = error.message
    months = _counted(app, bound, ids, "month", app.today.replace(day=1)) if VISITS in names else {}
    years = _counted(app, bound, ids, "year", app.today.replace(month=1, day=1)) if VISITS in names else {}
    of = app.facts("customer", sorted(names - {VISITS}), ids)
    return _Answers(of, years, months, left_out)


def _needed(bound: Sequence[_Bound]) -> dict[str, set[str]]:
    """Return the facts that each kind of duty needs, of the kinds that are asked for."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in bound:
        if one.service.log_days:
            found["log"] = {LAST}
        if one.service.visits:
            found["visit"] = {VISITS, FIRST}
        if one.service.project_days:
            found["project"] = {STATE, LAST_VISIT}
        if one.service.handle_by:
            found["handle"].add(_handle_fact(one))
    return found


def _handle_fact(one: _Bound) -> str:
    return one.known.scheme.needs[one.service.handle_by].fact


def _counted(
    app: App, bound: Sequence[_Bound], ids: Sequence[str], per: str, first: dt.date
) -> Mapping[str, int]:
    """Return how many visits there were from `first` until today, where some quota counts by `per`."""
    if not any(one.service.visits and one.service.visits.per == per for one in bound):
        return {}
    return app.facts("customer", [VISITS], ids, period=Period(first, app.today))[VISITS]


# --- one kind after the other ------------------------------------------------------------------------------


def _duty(one: _Bound, due: dt.date, kind: str, what: str) -> Duty:
    said = _("{what} ({scheme}:{grade})").format(what=what, scheme=one.known.name, grade=one.grade)
    return Duty(due, kind, one.customer, one.known.name, one.grade, said, one.who)


def _log(app: App, one: _Bound, answers: _Answers) -> Duty | None:
    days = one.service.log_days
    if not days:
        return None
    last = answers.of[LAST].get(one.customer)
    if last is None:
        said = _("note an activity: there is none since {day}").format(day=one.since)
    else:
        said = _("note an activity: the last was on {day}").format(day=last)
    return _duty(one, max(last or one.since, one.since) + dt.timedelta(days=days), "log", said)


def _visit(app: App, one: _Bound, answers: _Answers) -> Duty | None:
    visits = one.service.visits
    if visits is None:
        return None
    if visits.per == "month":
        done = answers.this_month.get(one.customer, 0)
        first = max(app.today.replace(day=1), min(one.since, app.today))
        day, quota = quotas.due_in_month(visits.least, first, done), visits.least
        said = _("visit: {done} of {quota} this month")
    else:
        done, least = answers.this_year.get(one.customer, 0), _year(app, one, answers)
        day, quota = quotas.due_in_year(least, app.today.year, done), quotas.of_year(least)
        said = _("visit: {done} of {quota} this year")
    return _duty(one, day, "visit", said.format(done=done, quota=quota)) if day else None


def _year(app: App, one: _Bound, answers: _Answers) -> list[int]:
    """Return the yearly quota of each month of this year: that of the grade held at its end.

    A customer is known since the first order, or the first grade if that was earlier; before any grade the
    first one is taken.
    """
    quota = {grade.code: grade.service.visits for grade in one.known.scheme.grades}
    known_since = min(one.walk[0][0], answers.of[FIRST].get(one.customer, one.walk[0][0]))
    least = []
    for month in range(1, quotas.MONTHS + 1):
        last = quotas.last_day(app.today.year, month)
        if last < known_since:
            least.append(0)
            continue
        code = one.grade if last >= app.today else _grade_on(one.walk, last)
        visits = quota.get(code or "")
        least.append(visits.least if visits is not None and visits.per == "year" else 0)
    return least


def _grade_on(walk: Sequence[tuple[dt.date, str | None]], day: dt.date) -> str | None:
    before = [grade for given, grade in walk if given <= day]
    return before[-1] if before else walk[0][1]


def _project(app: App, one: _Bound, answers: _Answers) -> Duty | None:
    days = one.service.project_days
    if not days or answers.of[STATE].get(one.customer) != OPEN:
        return None
    last = answers.of[LAST_VISIT].get(one.customer)
    said = _("visit: the open project had none for {days} days").format(days=days)
    return _duty(one, (last or one.since) + dt.timedelta(days=days), "project", said)


def _handle(app: App, one: _Bound, answers: _Answers) -> Duty | None:
    if not one.service.handle_by:
        return None
    day = answers.of[_handle_fact(one)].get(one.customer)
    return _duty(one, day, "handle", _("handle by this day")) if day else None


_KINDS: Mapping[str, Callable[[App, _Bound, _Answers], Duty | None]] = {
    "log": _log,
    "visit": _visit,
    "project": _project,
    "handle": _handle,
}
