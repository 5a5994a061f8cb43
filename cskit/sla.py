"""Clocks of what was promised: how much working time is used, how much is left, since when it is too late.

A clock is a pure function of what happened, what was promised, the calendar and the present: nothing is
stored, and any instant can be replayed. Knows no record, no app, no click and no store. Instants are whole
seconds since 1970 in UTC. Definitions: docs/sla.md.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from cskit.calendar.lengths import Length
from cskit.calendar.worktime import Calendar

State = Literal["running", "paused", "met", "missed"]


class Run(NamedTuple):
    """A time in which the clock runs; `stop` is None while it still does, `why` says what stops it."""

    start: int
    stop: int | None = None
    why: str = ""


class Pause(NamedTuple):
    """A time in which one waits for somebody else; `end` is None while one still does."""

    start: int
    end: int | None = None
    why: str = ""


class Terms(NamedTuple):
    """What is promised from an instant on, by which calendar, and whether pauses stop the clock."""

    since: int
    target: Length
    calendar: Calendar
    pauses: bool = True
    rule: str = ""


class Span(NamedTuple):
    """A part of a clock's time that was counted, or was not, and why not."""

    start: int
    end: int
    counted: bool
    why: str = ""


class Reading(NamedTuple):
    """What a clock shows. `target`, `used` and `left` are seconds of working time; `left` falls below 0.

    `due` is None while the clock is paused or stopped; `missed_at` is when the target was used up, which no
    later pause or change takes back. `spans` is the trace of the calculation, empty unless it was asked for.
    """

    state: State
    started: int
    stopped: int | None
    target: int
    used: int
    due: int | None
    missed_at: int | None
    terms: Terms
    spans: tuple[Span, ...] = ()

    @property
    def left(self) -> int:
        """Seconds of working time to the target, negative once it is missed."""
        return self.target - self.used

    @property
    def share(self) -> Decimal:
        """How much of the target is used, in per cent."""
        return Decimal(self.used * 100) / self.target if self.target else Decimal(100 if self.used else 0)


class _Piece(NamedTuple):
    """A time under one set of terms that may count (`why` is empty), or does not."""

    start: int
    end: int
    terms: Terms
    why: str


def read(
    runs: Sequence[Run],
    pauses: Sequence[Pause],
    terms: Sequence[Terms],
    now: int,
    *,
    trace: bool = False,
    paused: str = "",
) -> Reading | None:
    """Return what a clock shows at `now`, None if it has not begun by then.

    Runs and terms are in the order of time and runs do not overlap; pauses may. A run counts where it is
    working time by the calendar of the terms then in force, and no pause stops it. Terms that change later
    keep what was used: only the target is another. `paused` is said of a pause without a reason.
    """
    if not runs or runs[0].start > now:
        return None
    started = runs[0].start
    terms = [one for one in terms if one.since <= now] or terms[:1]
    held = terms[0]
    target, used, missed_at = _target(held, started), 0, None
    spans: list[Span] | None = [] if trace else None
    pieces: Iterable[_Piece]
    if len(runs) == 1 and len(terms) == 1 and not (pauses and held.pauses):  # as most are
        last = runs[0].stop
        pieces = (_Piece(started, now if last is None or last > now else last, held, ""),)
    else:
        pieces = _pieces(runs, pauses, terms, now, paused)
    for piece in pieces:
        if piece.terms is not held:
            held = piece.terms
            target = _target(held, started)
        if missed_at is None and used > target:
            missed_at = piece.start
        if piece.why:
            if spans is not None:
                spans.append(Span(piece.start, piece.end, False, piece.why))
            continue
        counted = _counted(piece, spans)
        if missed_at is None and used + counted > target:
            missed_at = _due(terms, held, started, piece.start, target, used)
        used += counted
    stopped = runs[-1].stop if runs[-1].stop is not None and runs[-1].stop <= now else None
    if stopped is None and terms[-1] is not held:  # they are in force from this very instant on
        held = terms[-1]
        target = _target(held, started)
        if missed_at is None and used > target:
            missed_at = now
    state = _state(stopped, missed_at, held, pauses, now)
    due = None
    if stopped is None and not (held.pauses and _waiting(pauses, now)):
        due = _due(terms, held, started, now, target, used) if missed_at is None else missed_at
    return Reading(state, started, stopped, target, used, due, missed_at, held, tuple(spans or ()))


def level(reading: Reading, levels: Sequence[int]) -> int | None:
    """Return the highest of some levels (per cent of the target) that a clock has reached, None if none."""
    return max((one for one in levels if reading.used * 100 >= one * reading.target), default=None)


# --- what counts -------------------------------------------------------------------------------------------


def _target(terms: Terms, started: int) -> int:
    """Return a target as seconds of working time: of days, those that pass until the day it is shifted to."""
    calendar, (days, seconds) = terms.calendar, terms.target
    if not days:
        return seconds
    return calendar.worked(started, calendar.shifted(started, days)) + seconds


def _pieces(
    runs: Sequence[Run], pauses: Sequence[Pause], terms: Sequence[Terms], now: int, paused: str
) -> Iterator[_Piece]:
    """Cut the time from the first run to now, so that in each piece nothing changes but working hours."""
    ordered = sorted(pauses)
    since = [one.since for one in terms]
    for place, run in enumerate(runs):
        if run.start > now:
            return
        stop = now if run.stop is None or run.stop > now else run.stop
        for start, end, held in _under(terms, since, run.start, stop):
            yield from _between_pauses(start, end, held, ordered if held.pauses else (), paused)
        following = runs[place + 1].start if place + 1 < len(runs) else None
        if run.stop is not None and following is not None and stop < min(following, now):
            end = min(following, now)
            yield _Piece(stop, end, _in_force(terms, since, stop), run.why or "-")


def _under(
    terms: Sequence[Terms], since: Sequence[int], start: int, end: int
) -> Iterator[tuple[int, int, Terms]]:
    """Cut a time where other terms come into force."""
    if len(terms) == 1:  # nearly always
        yield start, end, terms[0]
        return
    place = max(bisect_right(since, start) - 1, 0)
    while True:
        until = min(since[place + 1], end) if place + 1 < len(terms) else end
        yield start, until, terms[place]
        if until >= end:
            return
        start, place = until, place + 1


def _in_force(terms: Sequence[Terms], since: Sequence[int], moment: int) -> Terms:
    return terms[max(bisect_right(since, moment) - 1, 0)]


def _between_pauses(
    start: int, end: int, held: Terms, pauses: Sequence[Pause], paused: str
) -> Iterator[_Piece]:
    """Cut a time into what is paused and what is not; pauses that overlap count once."""
    for pause in pauses:
        if pause.end is not None and pause.end <= start:
            continue
        if pause.start >= end:
            break
        if start < pause.start:
            yield _Piece(start, pause.start, held, "")
            start = pause.start
        until = end if pause.end is None or pause.end > end else pause.end
        yield _Piece(start, until, held, pause.why or paused or "-")
        start = until
    if start < end or not pauses:
        yield _Piece(start, end, held, "")


def _counted(piece: _Piece, spans: list[Span] | None) -> int:
    """Return the working time in a piece, and put down where it lies if that is asked for."""
    calendar = piece.terms.calendar
    if spans is None:
        return calendar.worked(piece.start, piece.end)
    found = [Span(*stretch) for stretch in calendar.stretches(piece.start, piece.end)]
    spans += found
    return sum(span.end - span.start for span in found if span.counted)


# --- what it shows -----------------------------------------------------------------------------------------


def _waiting(pauses: Sequence[Pause], now: int) -> bool:
    return any(pause.start <= now and (pause.end is None or pause.end > now) for pause in pauses)


def _state(
    stopped: int | None, missed_at: int | None, held: Terms, pauses: Sequence[Pause], now: int
) -> State:
    if missed_at is not None:
        return "missed"
    if stopped is not None:
        return "met"
    return "paused" if held.pauses and _waiting(pauses, now) else "running"


def _due(terms: Sequence[Terms], held: Terms, started: int, moment: int, target: int, used: int) -> int:
    """Return when a target is used up, of which so much is at a `moment`, if nothing stops the clock.

    Under one calendar that is the day the target is shifted to, later by the working time that did not count.
    """
    calendar = held.calendar
    if any(one.calendar is not calendar for one in terms):
        return calendar.added(moment, target - used)
    left_out = calendar.worked(started, moment) - used
    return calendar.after(started, held.target._replace(seconds=held.target.seconds + left_out))
