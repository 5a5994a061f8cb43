"""People and what is noted of them, as they come in: what is left out filled in, titles read as codes.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cskit import CskitError, NotFound, _, facts
from cskit.errors import Problem
from cskit.values import shown
from cskit.where.terms import plus_months
from cskit_staff.people import ladders, policy

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading

Prepared = Callable[[dict[str, Any], bool], Sequence[Problem]]


def actor(app: App) -> str:
    """Return who acts: the staff id, or the login of somebody without one."""
    return app.staff or app.user


# --- staff -------------------------------------------------------------------------------------------------


def titles(app: App) -> Mapping[str, Mapping[str, str]]:
    """Return what people see of the ranks of all ladders; see `RecordType.titles`."""
    return {"rank": ranks(app)}


def codes(app: App) -> Mapping[str, Callable[[str], str]]:
    """Return what finds the code of a rank for --where; see `RecordType.codes`."""
    known: dict[str, str] = {}

    def find(name: str) -> str:
        if not known:
            known.update(_by_title(app))
        if name not in known and name not in known.values():
            raise NotFound(_("no ladder has a rank '{name}'").format(name=name))
        return known.get(name, name)

    return {"rank": find}


def ranks(app: App) -> dict[str, str]:
    """Return the title of each rank of all ladders, in the user's language."""
    return {rank.code: str(rank.label) for rule in ladders.load(app).values() for rank in rule.value.ranks}


def _by_title(app: App) -> dict[str, str]:
    """Return the code of each rank by its title in either language; a title of two ranks is no name."""
    found: dict[str, set[str]] = {}
    for rule in ladders.load(app).values():
        for rank in rule.value.ranks:
            for title in (rank.label.en, rank.label.zh):
                found.setdefault(title, set()).add(rank.code)
    return {title: codes.pop() for title, codes in found.items() if len(codes) == 1}


def staff(app: App, reading: Reading) -> Prepared:
    """Return what completes people: a rank given by its title, and when an induction ends."""
    known: dict[str, str] = {}

    def prepared(values: dict[str, Any], new: bool) -> Sequence[Problem]:
        if isinstance(values.get("rank"), str):
            if not known:
                known.update(_by_title(app))
            values["rank"] = known.get(values["rank"], values["rank"])
        hired = values.get("hired")
        if new and values.get("state") == "induction" and isinstance(hired, dt.date):
            values.setdefault("induction_until", induction_end(app, hired))
        return ()

    return prepared


def induction_end(app: App, hired: dt.date) -> dt.date:
    """Return the last day of the induction of somebody whose first day is `hired` (catalogue D4)."""
    return plus_months(hired, policy.load(app).induction_months) - dt.timedelta(days=1)


# --- what is noted of them ---------------------------------------------------------------------------------


def conduct(app: App, reading: Reading) -> Prepared:
    """Return what completes rewards and penalties: who proposes it, and when; on which day it was."""

    def prepared(values: dict[str, Any], new: bool) -> Sequence[Problem]:
        if new:
            values.setdefault("on", app.today)
            values.setdefault("proposed_by", actor(app))
            values.setdefault("proposed_at", app.now)
        return ()

    return prepared


def needs(app: App, reading: Reading) -> Prepared:
    """Return what completes training needs: the day on which they are noted."""

    def prepared(values: dict[str, Any], new: bool) -> Sequence[Problem]:
        if new:
            values.setdefault("on", app.today)
        return ()

    return prepared


def targets(app: App, reading: Reading) -> Prepared:
    """Return what looks at targets: a measure with a dot is a fact about staff, which somebody must give."""
    wrong: dict[str, str] = {}

    def prepared(values: dict[str, Any], new: bool) -> Sequence[Problem]:
        measure = values.get("measure")
        if not isinstance(measure, str) or not is_fact(measure):
            return ()
        if measure not in wrong:
            wrong[measure] = _no_fact(app, measure)
        return (Problem(0, "measure", shown(measure), wrong[measure]),) if wrong[measure] else ()

    return prepared


def is_fact(measure: str) -> bool:
    """Tell whether a measure is meant as the name of a fact, not as words."""
    return "." in measure and not any(sign.isspace() for sign in measure)


def _no_fact(app: App, name: str) -> str:
    try:
        found = facts.spec(app.plugins, "staff", name).value
    except CskitError as error:
        return error.message
    if found.type not in ("integer", "decimal"):
        return _("this fact is no number")
    return ""
