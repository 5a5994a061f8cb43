"""Audits of cases: who waits how long and whether it looks right, who passes cases to whom, what comes back.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from cskit import NotFound, _
from cskit.importing import uninterrupted
from cskit.plugins.isolation import nearest
from cskit_complaints.clocks import Seen, spoken
from cskit_complaints.measured import Measured, Measuring

LATE, SILENT = "late", "silent"


class Waited(NamedTuple):
    """One pause of a case: who made it, in which group, why and for whom, and how long it stopped the clock.

    `paused` are seconds of the main clock's working time. `late` is a pause that begins shortly before a
    breach, `silent` one that ended without the customer having been spoken to.
    """

    case: str
    who: str
    group: str
    reason: str
    party: str
    start: dt.datetime
    end: dt.datetime | None
    paused: int
    late: bool
    silent: bool


# --- pauses ------------------------------------------------------------------------------------------------


class Pauses(NamedTuple):
    """All pauses of some cases, and the working time of the main clock of each case, paused or not."""

    pauses: list[Waited]
    lives: Mapping[str, int]

    @property
    def share(self) -> Decimal | None:
        """The share of the cases' time that was paused, in per cent; None where there was no time."""
        return _percent(sum(one.paused for one in self.pauses), sum(self.lives.values()))


@uninterrupted()
def waited(measuring: Measuring, cases: Iterable[Measured]) -> Pauses:
    """Return the pauses of cases as far as they fall into the time of the main clock."""
    found: list[Waited] = []
    lives: dict[str, int] = {}
    for case in cases:
        clock = measuring.main.get(case.id)
        if clock is None:
            continue
        shown = clock.reading
        if not case.reopened and not any(event.what == "pause" for event in case.events):
            lives[case.id] = shown.used  # nothing was left out of it
            continue
        calendar, end = (
            shown.terms.calendar,
            shown.stopped if shown.stopped is not None else measuring.clocks.now,
        )
        lives[case.id] = calendar.worked(shown.started, end)
        before = 0
        for pause, finish, contacted in _pauses(case.events):
            start = int(pause.at.timestamp())
            stop = min(int(finish.at.timestamp()) if finish else end, end)
            paused = calendar.worked(start, stop)
            used = calendar.worked(shown.started, start) - before
            before += paused
            left = shown.target - used
            near = 0 <= left * 100 <= shown.target * measuring.rules.audit.before_breach
            found.append(
                Waited(
                    case.id,
                    pause.who,
                    pause.department or _group(case, pause.at),
                    pause.reason or "",
                    pause.party or "",
                    pause.at,
                    finish.at if finish else None,
                    paused,
                    near and start < end,
                    finish is not None and not contacted,
                )
            )
    return Pauses(found, lives)


def _pauses(events: Iterable[Seen]) -> Iterator[tuple[Seen, Seen | None, bool]]:
    """Yield each pause, what ended it, and whether the customer was spoken to in it or at its end."""
    waiting: Seen | None = None
    contacted = False
    for event in events:
        if waiting is None:
            if event.what == "pause":
                waiting, contacted = event, False
            continue
        contacted = contacted or spoken(event)
        if event.after is not None and event.after != "paused":
            if event.what == "resume" and not contacted:
                contacted = _with_contact(events, event.at)
            yield waiting, event, contacted
            waiting = None
    if waiting is not None:
        yield waiting, None, contacted


def _with_contact(events: Iterable[Seen], at: dt.datetime) -> bool:
    """Tell whether the customer was spoken to in the very moment in which a pause ended."""
    return any(spoken(event) and event.at == at for event in events)


def _group(case: Measured, at: dt.datetime) -> str:
    """Return the department that had a case at a time."""
    found = ""
    for event in case.events:
        if event.at > at:
            break
        if event.department:
            found = event.department
    return found


_BY: Mapping[str, Callable[[Waited], str]] = {
    "person": lambda one: one.who,
    "group": lambda one: one.group,
    "reason": lambda one: one.reason,
    "party": lambda one: one.party,
}


def pauses(measuring: Measuring, by: str) -> list[dict[str, Any]]:
    """Return a row for each person, group, reason or party: how much is paused, and how much looks odd.

    `share` is paused time among the time of the cases that they paused, `of_all` among all that is paused.
    """
    key = _key(_BY, by)
    found = waited(measuring, measuring.cases)
    total = sum(one.paused for one in found.pauses)
    groups: dict[str, list[Waited]] = {}
    for one in found.pauses:
        groups.setdefault(key(one), []).append(one)
    rows = []
    for name, made in groups.items():
        paused = sum(one.paused for one in made)
        cases = {one.case for one in made}
        rows.append(
            {
                by: name,
                "pauses": len(made),
                "cases": len(cases),
                "paused": paused,
                "share": _percent(paused, sum(found.lives[case] for case in cases)),
                "of_all": _percent(paused, total),
                LATE: sum(one.late for one in made),
                SILENT: sum(one.silent for one in made),
                "ids": sorted({one.case for one in made if one.late or one.silent}),
            }
        )
    rows.sort(key=lambda row: (-row["paused"], row[by]))  # type: ignore[operator]  # seconds and names
    return [{name: value for name, value in row.items() if value is not None} for row in rows]


def suspicious(measuring: Measuring) -> list[dict[str, Any]]:
    """Return a row for each pause that begins shortly before a breach, or ends without a contact."""
    return [
        {
            "id": one.case,
            "person": one.who,
            "group": one.group,
            "reason": one.reason,
            "start": one.start,
            "paused": one.paused,
            "why": [name for name, odd in ((LATE, one.late), (SILENT, one.silent)) if odd],
        }
        | ({"end": one.end} if one.end else {})
        for one in waited(measuring, measuring.cases).pauses
        if one.late or one.silent
    ]


# --- hand-overs --------------------------------------------------------------------------------------------


class _Passed(NamedTuple):
    case: str
    source: str
    target: str
    back: bool


def _passed(case: Measured, field: str) -> Iterator[_Passed]:
    """Yield each time that a case went from one to another; `back` is to somebody who had it before."""
    had: list[str] = []
    for event in case.events:
        now = getattr(event, field) if event.what in ("assign", "start") else None
        if now and (not had or had[-1] != now):
            if had:
                yield _Passed(case.id, had[-1], now, now in had)
            had.append(now)


def handovers(measuring: Measuring, by: str) -> list[dict[str, Any]]:
    """Return a row for each pair that passes cases on: how often, and how often back to where it had been.

    `by` is person or group.
    """
    field = _key({"person": "handler", "group": "department"}, by)
    groups: dict[tuple[str, str], list[_Passed]] = {}
    for case in measuring.cases:
        for one in _passed(case, field):
            groups.setdefault((one.source, one.target), []).append(one)
    rows = [
        {
            "from": source,
            "to": target,
            "handovers": len(passed),
            "back": sum(one.back for one in passed),
            "cases": len({one.case for one in passed}),
            "ids": sorted({one.case for one in passed if one.back}),
        }
        for (source, target), passed in groups.items()
    ]
    return sorted(rows, key=lambda row: (-row["handovers"], row["from"], row["to"]))


def passed_on(measuring: Measuring, by: str) -> list[dict[str, Any]]:
    """Return a row for each case that was passed on, the most often first, with the way it took."""
    field = _key({"person": "handler", "group": "department"}, by)
    rows = []
    for case in measuring.cases:
        passed = list(_passed(case, field))
        if passed:
            way = [passed[0].source, *(one.target for one in passed)]
            back = sum(one.back for one in passed)
            rows.append({"id": case.id, "handovers": len(passed), "back": back, "way": way})
    return sorted(rows, key=lambda row: (-row["back"], -row["handovers"], row["id"]))


# --- reopenings --------------------------------------------------------------------------------------------


class _Again(NamedTuple):
    case: Measured
    at: dt.datetime
    who: str
    reason: str
    soon: bool


def _reopenings(measuring: Measuring, case: Measured) -> Iterator[_Again]:
    """Yield each reopening of a case, with who had dealt with it and whether it came soon after that."""
    within = dt.timedelta(days=measuring.rules.audit.soon_days)
    done: Seen | None = None
    for event in case.events:
        if event.what == "reopen":
            soon = done is not None and event.at - done.at <= within
            yield _Again(case, event.at, done.who if done else event.who, event.reason or "", soon)
        elif event.after in ("resolved", "replied", "closed") and event.what != "comment":
            done = event


_CAME_BACK: Mapping[str, Callable[[_Again], str]] = {
    "person": lambda one: one.who,
    "group": lambda one: one.case.department or "",
    "category": lambda one: one.case.category or "",
    "reason": lambda one: one.reason,
}


def reopened(measuring: Measuring, by: str) -> list[dict[str, Any]]:
    """Return a row for each person, group, category or reason: how many cases came back, and how soon.

    A reopening counts for who dealt with the case before; `share` is of all reopenings.
    """
    key = _key(_CAME_BACK, by)
    groups: dict[str, list[_Again]] = {}
    for case in measuring.cases:
        for one in _reopenings(measuring, case):
            groups.setdefault(key(one), []).append(one)
    total = sum(map(len, groups.values()))
    rows = [
        {
            by: name,
            "reopenings": len(made),
            "cases": len({one.case.id for one in made}),
            "share": _percent(len(made), total),
            "soon": sum(one.soon for one in made),
            "often": sum(times > 1 for times in Counter(one.case.id for one in made).values()),
            "ids": sorted({one.case.id for one in made}),
        }
        for name, made in groups.items()
    ]
    return sorted(rows, key=lambda row: (-row["reopenings"], row[by]))


def came_back(measuring: Measuring) -> list[dict[str, Any]]:
    """Return a row for each reopening."""
    return [
        {
            "id": one.case.id,
            "at": one.at,
            "person": one.who,
            "group": one.case.department or "",
            "reason": one.reason,
            "soon": one.soon,
        }
        for case in measuring.cases
        for one in _reopenings(measuring, case)
    ]


def _percent(part: int, whole: int) -> Decimal | None:
    if not whole:
        return None
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _key(known: Mapping[str, Any], by: str) -> Any:
    if by in known:
        return known[by]
    near = nearest(by, known)
    raise NotFound(
        _("this is not counted by '{name}'").format(name=by),
        _("did you mean '{near}'?").format(near=near)
        if near
        else _("there are {names}").format(names=_(", ").join(known)),
    )
