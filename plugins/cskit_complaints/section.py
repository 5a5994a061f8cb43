"""What cases have to say in the report of a month. Reckons nothing itself: the figures are `figures`'s.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cskit import Period, _
from cskit.intervals import wilson
from cskit.sections import Figure, Group, Section, count
from cskit_complaints import figures
from cskit_complaints.figures import FIGURES
from cskit_complaints.measured import Measured, Measuring

if TYPE_CHECKING:
    from cskit import App

ABOUT = "case"
_SHARES = ("on-time", "reopened", "satisfied")
_MOST = 10  # so many categories; the rest is one bar


def section(app: App, period: Period) -> Section:
    """Return the complaints of a period: those received, how they went by now, and those closed in it.

    Kinds of case that do not count by the policy are left out of all but the last group.
    """
    measuring = Measuring(app, app.reading().read("cases"))
    received = [case for case in measuring.cases if _in(app, period, case.received_at)]
    closed = [
        case for case in measuring.cases if measuring.is_complaint(case) and _in(app, period, case.closed_at)
    ]
    complaints = [case for case in received if measuring.is_complaint(case)]
    measuring.cases = complaints
    main = [
        _counted("received", _("Received"), complaints),
        _counted("closed", _("Closed"), closed),
        *(_made(measuring, name, complaints) for name in ("open", "on-time", "waiting", "median")),
        *(_made(measuring, name, complaints) for name in ("reopened", "satisfied")),
    ]
    groups = [Group(main), Group(list(_categories(measuring)), "by-category", _("By category"), drawn=True)]
    measuring.cases = received
    kinds = list(_groups(measuring, "kind"))
    if len(kinds) > 1:
        groups.append(Group(kinds, "by-kind", _("All cases by kind"), drawn=True))
    return Section("complaints", _("Complaints"), groups)


def _in(app: App, period: Period, moment: dt.datetime | None) -> bool:
    return moment is not None and moment <= app.now and period.holds(moment.astimezone(app.zone).date())


def _counted(name: str, title: str, cases: Sequence[Measured]) -> Figure:
    return count(name, title, (case.id for case in cases), ABOUT)


def _made(measuring: Measuring, name: str, cases: Sequence[Measured]) -> Figure:
    """Return a figure of `case stats` as the report has it: with the cases that its n counts."""
    titles = {
        "open": _("Still open"),
        "on-time": _("On time"),
        "waiting": _("Working time spent waiting"),
        "median": _("Median time to the answer"),
        "reopened": _("Reopened"),
        "satisfied": _("Satisfied"),
    }
    made = FIGURES[name].formula(measuring, cases)
    share = name in _SHARES and made.n
    return Figure(
        name,
        titles[name],
        made.value,
        made.n,
        ABOUT,
        lambda: made.base or made.ids,
        unit=FIGURES[name].unit,
        hits=(lambda: made.ids) if made.base else None,
        interval=wilson(len(made.ids), made.n) if share else None,
    )


def _categories(measuring: Measuring) -> Iterator[Figure]:
    found = [(row.get("category"), tuple(row["ids"])) for row in figures.pareto(measuring, "category", None)]
    titles = measuring.choices("category")
    for code, ids in found[:_MOST]:
        title = titles.get(code, code) if code else _("no category")
        yield count(code or "none", title, ids, ABOUT)
    if found[_MOST:]:
        yield count("others", _("all others"), (own for _code, ids in found[_MOST:] for own in ids), ABOUT)


def _groups(measuring: Measuring, by: str) -> Iterator[Figure]:
    titles = measuring.choices(by)
    for (code,), cases in sorted(measuring.groups([by]), key=lambda one: -len(one[1])):
        yield _counted(code or "none", titles.get(code, code) or _("none"), cases)
