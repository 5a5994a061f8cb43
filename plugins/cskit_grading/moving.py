"""What becomes of a grade when its scheme has spoken. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cskit_grading.holding import Held
    from cskit_grading.schemes import Scheme

UNCHANGED = "unchanged"


class State(NamedTuple):
    """What counts of a customer in a scheme, and what has to be remembered until the next run.

    `rule` is what the scheme says while an `override`, or a grace that has lasted `runs` runs, keeps the
    grade; else None.
    """

    grade: str | None
    decided_by: str = "rule"
    rule: str | None = None
    override: str | None = None
    until: dt.date | None = None
    runs: int = 0
    borderline: bool = False


def of(held: Held) -> State:
    """Return the state that a record left."""
    return State(
        held.grade,
        held.decided_by,
        held.rule,
        held.override,
        held.until,
        held.runs,
        bool(held.borderline),
    )


def override_in_force(scheme: Scheme, held: Held | None, day: dt.date) -> str | None:
    """Return the grade set by hand that counts on `day`; one that the scheme no longer has does not."""
    if held is None or held.override is None or held.runs_out(day):
        return None
    return held.override if scheme.grade(held.override) else None


def after(
    scheme: Scheme,
    held: Held | None,
    code: str | None,
    day: dt.date,
    waited: dt.date | None = None,
    *,
    borderline: bool = False,
    outside: bool = False,
) -> State:
    """Return what counts from `day` on, when the scheme says `code`.

    An override goes before it; where the scheme has a floor, only before what is lower. A lower grade waits
    until as many runs in a row as the scheme's grace have said so; two runs on one day are one. `waited` is
    the day of the record held, `outside` says that the scheme is no longer for this customer.
    """
    override = override_in_force(scheme, held, day)
    if held is not None and override is not None:
        return overridden(scheme, override, held.until, code, borderline=borderline)
    before = held.in_force(day) if held is not None else None
    if held is None or before is None or outside or scheme.grace < 2 or not scheme.ranked:
        return State(code, borderline=borderline)
    if scheme.grade(before) and scheme.place(code) > scheme.place(before):
        runs = held.runs if held.runs and waited == day else held.runs + 1
        if runs < scheme.grace:
            return State(before, rule=code, runs=runs, borderline=borderline)
    return State(code, borderline=borderline)


def overridden(
    scheme: Scheme, override: str, until: dt.date | None, code: str | None, *, borderline: bool = False
) -> State:
    """Return what counts while a grade is set by hand and the scheme says `code`."""
    if scheme.floor and scheme.place(code) < scheme.place(override):
        return State(code, "rule", code, override, until, 0, borderline)
    return State(override, "override", code, override, until, 0, borderline)


def move(scheme: Scheme, held: Held | None, state: State) -> str:
    """Return what became of a grade: one of `model.MOVES`, or "unchanged"."""
    before = held.grade if held is not None else None
    if held is None and state.grade is None:
        return "ungraded"
    if held is not None and state == of(held):
        return "ungraded" if state.grade is None else UNCHANGED
    if held is not None and state.grade == before:
        return "borderline" if state._replace(borderline=bool(held.borderline)) == of(held) else "kept"
    if before is None:
        return "new"
    if state.grade is None:
        return "ungraded"
    if not scheme.ranked:
        return "changed"
    return "up" if scheme.place(state.grade) < scheme.place(before) else "down"
