"""How customers stand: the grades they hold, as people see them. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from cskit import register
from cskit.i18n import _
from cskit_grading import holding, schemes

if TYPE_CHECKING:
    from cskit import App
    from cskit_grading.holding import Held
    from cskit_grading.schemes import Known


def of_customers(app: App, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield a row for each grade that customers, by id or external key, hold now, scheme by scheme.

    Raises `NotFound` for a customer who is not on the register.
    """
    documents = register.find(app, app.reading(), app.record_type("customers"), names)
    ids = [register.id_of(document) for document in documents]
    one = ids[0] if len(ids) == 1 else None
    held, known = holding.held(app.reading(), app.now, customer=one), schemes.load(app)
    for customer in ids:
        for scheme in sorted(held):
            if customer in held[scheme]:
                yield row(held[scheme][customer], known.get(scheme), app.today, app.zone)


def row(held: Held, known: Known | None, day: dt.date, zone: dt.tzinfo) -> dict[str, Any]:
    """Return what is held as a row; what is not known, or not so, is left out."""
    code, out = held.in_force(day), held.runs_out(day)
    grade = known.scheme.grade(code) if known is not None and code is not None else None
    found = {
        "customer": held.customer,
        "scheme": held.scheme,
        "grade": code,
        "title": str(grade.title) if grade is not None else None,
        "since": holding.since_day(held, day, zone),
        "decided_by": "rule" if out else held.decided_by,
        "until": held.until,
        "rule": held.rule if held.override or held.runs else None,
        "borderline": held.borderline or None,
        "review": held.review,
        "reason": _("the override ran out on {day}").format(day=held.until) if out else held.reason,
    }
    return {name: value for name, value in found.items() if value is not None}
