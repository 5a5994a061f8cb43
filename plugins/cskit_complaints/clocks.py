"""The clocks of a case: what they show, by what happened to it, what is promised for it, and the present.

Nothing of it is stored. Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from cskit import _, sla
from cskit.calendar import Calendar, Length
from cskit.sla import Pause, Reading, Run, Terms
from cskit_complaints import editions, sla_policies
from cskit_complaints.editions import InForce
from cskit_complaints.happenings import happening
from cskit_complaints.model import Channel, Decision, Happening, Kind, State
from cskit_complaints.sla_policies import CONTACT, ClockRule, Fitting, SlaPolicy

if TYPE_CHECKING:
    from cskit import App


class Seen(msgspec.Struct, frozen=True, gc=False):
    """What clocks need of an event."""

    at: dt.datetime
    what: Happening
    who: str = ""
    after: State | None = None
    department: str | None = None
    handler: str | None = None
    reason: str | None = None
    party: str | None = None
    until: dt.datetime | None = None
    number: int | None = None
    contact: bool = False


class Extended(msgspec.Struct, frozen=True, gc=False):
    """What clocks need of an extension."""

    until: dt.datetime
    state: Decision = "asked"
    decided_at: dt.datetime | None = None


class Timed(msgspec.Struct, frozen=True, gc=False):
    """What clocks need of a stored case; see `model.Case`."""

    id: str
    received_at: dt.datetime | None = None
    kind: Kind = "complaint"
    severity: int | None = None
    channel: Channel | None = None
    category: str | None = None
    customer: str | None = None
    tier: str | None = None
    state: State = "registered"
    department: str | None = None
    handler: str | None = None
    content: str = ""
    force_majeure: str | None = None
    outside_due: dt.datetime | None = None
    extensions: list[Extended] = []
    events: list[Seen] = []


class Clock(NamedTuple):
    """What one clock of a case shows; `of` is the department whose part it is, "" for the whole case's.

    A miss is `excused` where force majeure is noted: it is counted apart (catalogue C09).
    """

    name: str
    of: str
    rule: ClockRule
    reading: Reading
    excused: bool = False


class Clocks:
    """Reads the clocks of cases; made once for a command. `trace` keeps the spans of each."""

    def __init__(self, app: App, *, trace: bool = False) -> None:
        held = editions.in_force(app)
        self.policy = held[-1].policy
        self.now = int(app.now.timestamp())
        self._trace = trace
        used = {rule.calendar for one in held for rule in one.policy.clocks.values()}
        self._calendars = {name: app.calendars.named(name) for name in sorted(used)}
        self._promises = list(_promises(app, held))
        self._known: dict[Fitting, Mapping[str, list[Terms]]] = {}
        self._signs = {name: _Signs.of(rule, self.policy) for name, rule in self.policy.clocks.items()}

    def of(self, case: Timed, names: Sequence[str] | None = None) -> list[Clock]:
        """Return the clocks of a case that have begun, in the policy's order; `names` are those wanted."""
        if case.received_at is None:
            return []
        if not case.events:  # a record from elsewhere, of which only its arrival is known
            case = msgspec.structs.replace(case, events=[Seen(at=case.received_at, what="register")])
        pauses = _pauses(case.events, self._trace)
        promised = self._promised(case)
        found: list[Clock] = []
        for name in self.policy.clocks if names is None else names:
            rule = self.policy.clocks[name]
            for of, runs, terms in self._clocks(case, name, rule, promised[name]):
                shown = sla.read(runs, pauses, terms, self.now, trace=self._trace) if terms else None
                if shown is not None and not _too_early(shown, terms):
                    excused = shown.state == "missed" and case.force_majeure is not None
                    found.append(Clock(name, of, rule, shown, excused))
        return found

    def main(self, case: Timed) -> Clock | None:
        """Return the clock that on-time rates are about, the last where a reopened case began a new one."""
        found = self.of(case, (self.policy.main,))
        if len(found) < 2:
            return found[0] if found else None
        late = [one for one in found if one.reading.state == "missed"]
        return next(reversed(late or found), None)

    # --- what is promised ------------------------------------------------------------------------------

    def _promised(self, case: Timed) -> Mapping[str, list[Terms]]:
        """Return what is promised for a case by clock, from the beginning and as it changes.

        It changes with days, and with the severity; what was promised holds until another target replaces it.
        """
        changes = [event for event in case.events if event.what == "classify"]
        if not changes:
            return self._of_severity(case, case.severity)
        parts = zip(
            [0, *(_at(event.at) for event in changes)],
            [*(event.number for event in changes), case.severity],
            strict=True,
        )
        found: dict[str, list[Terms]] = {name: [] for name in self.policy.clocks}
        for since, severity in parts:
            for name, terms in self._of_severity(case, severity).items():
                held = [one for one in terms if one.since <= since][-1:]
                later = [one for one in terms if one.since > since]
                kept = [one for one in found[name] if one.since < since]
                if terms:
                    found[name] = [*kept, *(one._replace(since=since) for one in held), *later]
        return found

    def _of_severity(self, case: Timed, severity: int | None) -> Mapping[str, list[Terms]]:
        key = Fitting(case.kind, severity, case.channel, case.category, case.tier)
        if key not in self._known:
            found: dict[str, list[Terms]] = {name: [] for name in self.policy.clocks}
            for since, day, policy in self._promises:
                for name, target in policy.targets(key, day).items():
                    rule = policy.clocks[name]
                    terms = Terms(since, target, self._calendars[rule.calendar], rule.pauses, name)
                    if name in found and (not found[name] or found[name][-1][1:] != terms[1:]):
                        found[name].append(terms)
            self._known[key] = found
        return self._known[key]

    def _clocks(
        self, case: Timed, name: str, rule: ClockRule, promised: list[Terms]
    ) -> Iterator[tuple[str, list[Run], list[Terms]]]:
        """Yield the runs and terms of each clock of one name: one for a case, or one for each department."""
        calendar = self._calendars[rule.calendar]
        if rule.deadline == "assign":
            yield from _of_departments(case, rule, calendar, self.policy.reopening, promised)
            return
        terms = promised
        if rule.deadline == "outside":
            if case.outside_due is None or case.received_at is None:
                return
            target = calendar.worked(_at(case.received_at), _at(case.outside_due))
            terms = [Terms(0, Length(0, target), calendar, rule.pauses, name)]
        if not terms:
            return
        runs = _runs(case.events, self._signs[name])
        again = "register" not in rule.starts or (self.policy.reopening == "restart" and rule.reopens)
        if again:  # each time is a clock of its own
            for run in runs:
                yield "", [run], terms
        elif runs:
            yield "", runs, terms


def _too_early(shown: Reading, terms: Sequence[Terms]) -> bool:
    """Tell whether what a clock is about was over before anything was promised of it."""
    return bool(terms[0].since) and shown.stopped is not None and shown.stopped <= terms[0].since


def _promises(app: App, held: Sequence[InForce]) -> Iterator[tuple[int, dt.date | None, SlaPolicy]]:
    """Yield since when what was promised, by which policy, on which day of it (None: before all its days)."""
    for place, (since, policy) in enumerate(held):
        until = held[place + 1].since if place + 1 < len(held) else None
        day = dt.datetime.fromtimestamp(since, app.zone).date() if since else None
        yield since, day, policy
        for other in policy.since():
            at = int(dt.datetime.combine(other, dt.time(), app.zone).timestamp())
            if at > since and (until is None or at < until):
                yield at, other, policy


# --- when it runs ------------------------------------------------------------------------------------------


def _at(moment: dt.datetime) -> int:
    return int(moment.timestamp())


class _Signs(NamedTuple):
    """What sets a clock going and what stops it; `contact` tells whether any word to the customer does."""

    starts: frozenset[str]
    stops: frozenset[str]
    contact: bool
    again: bool

    @classmethod
    def of(cls, rule: ClockRule, policy: SlaPolicy) -> _Signs:
        again = rule.reopens and policy.reopening != "stay"
        return cls(frozenset(rule.starts), frozenset(rule.stops), CONTACT in rule.stops, again)


def _runs(events: Iterable[Seen], signs: _Signs) -> list[Run]:
    """Return the times in which a clock runs by what happened."""
    runs: list[Run] = []
    start: int | None = None
    starts, stops, contact, again = signs
    for event in events:
        what = event.what
        if start is None:
            first = what in starts and (what != "register" or not runs)
            if first or (again and runs and what == "reopen"):
                start = _at(event.at)
        elif what in stops or (contact and event.contact and spoken(event) and what not in starts):
            runs.append(Run(start, _at(event.at), happening(what)))
            start = None
    if start is not None:
        runs.append(Run(start))
    return runs


def spoken(event: Seen) -> bool:
    """Tell whether we spoke to the customer; that they asked again is no word of ours."""
    return event.contact and event.what != "chase"


def _pauses(events: Iterable[Seen], told: bool) -> list[Pause]:
    """Return the times in which a case waited for somebody; `told` puts down for whom and why."""
    pauses: list[Pause] = []
    waiting: Seen | None = None
    for event in events:
        if waiting is None:
            if event.what == "pause":
                waiting = event
        elif event.after is not None and event.after != "paused":
            pauses.append(Pause(_at(waiting.at), _at(event.at), _waits(waiting) if told else ""))
            waiting = None
    if waiting is not None:
        pauses.append(Pause(_at(waiting.at), None, _waits(waiting) if told else ""))
    return pauses


def _waits(event: Seen) -> str:
    party = _("waits for {party}").format(party=event.party) if event.party else _("waits")
    return _("{waits}: {reason}").format(waits=party, reason=event.reason) if event.reason else party


# --- departments -------------------------------------------------------------------------------------------


class _Part(NamedTuple):
    """A department's part of a case: when it was at work, and the deadlines it was given from when on."""

    department: str
    runs: list[Run]
    deadlines: list[tuple[int, int]]


def _of_departments(
    case: Timed,
    rule: ClockRule,
    calendar: Calendar,
    reopening: sla_policies.Reopening,
    promised: list[Terms],
) -> Iterator[tuple[str, list[Run], list[Terms]]]:
    """Yield a clock for each time that a case was assigned, against the deadline that was given with it."""
    for part in _parts(case, rule, reopening):
        started = part.runs[0].start
        terms = [
            Terms(since, Length(0, calendar.worked(started, until)), calendar, rule.pauses)
            for since, until in part.deadlines
        ]
        yield part.department, part.runs, terms or promised


def _parts(case: Timed, rule: ClockRule, reopening: sla_policies.Reopening) -> list[_Part]:
    parts: list[_Part] = []
    start: int | None = None
    for event in case.events:
        at = _at(event.at)
        if event.what in rule.starts:
            if start is not None:
                parts[-1].runs.append(Run(start, at, happening(event.what)))
            start = at
            parts.append(_Part(event.department or "", [], []))
            if event.until is not None:
                parts[-1].deadlines.append((at, _at(event.until)))
        elif start is None:
            if event.what == "reopen" and parts and rule.reopens and reopening != "stay":
                start = at
        elif event.what in rule.stops:
            parts[-1].runs.append(Run(start, at, happening(event.what)))
            start = None
    if start is not None:
        parts[-1].runs.append(Run(start))
    for one in case.extensions:
        if one.state == "approved" and one.decided_at is not None and parts:
            decided = _at(one.decided_at)
            part = next((each for each in reversed(parts) if each.runs[0].start <= decided), parts[-1])
            part.deadlines.append((decided, _at(one.until)))
    return [part for part in parts if part.runs]
