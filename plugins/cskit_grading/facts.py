"""Grades as facts: `grade.order_volume` is the grade held in order-volume. Must not import click."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cskit import FactSpec, NotFound, rules
from cskit.i18n import _, mark
from cskit.plugins.isolation import nearest
from cskit_grading import holding
from cskit_grading.schemes import GRADES, KIND

if TYPE_CHECKING:
    from cskit import App
    from cskit.declarations import Facts

FAMILY = f"{GRADES}*"
SPECS = (
    FactSpec(
        FAMILY,
        "customer",
        "text",
        mark(
            "Grade held in a scheme, by its code: grade.order_volume is that of order-volume, overrides "
            "included; unknown if none is held."
        ),
    ),
)


def name_of(scheme: str) -> str:
    """Return the fact that is the grade of a scheme."""
    return GRADES + scheme.replace("-", "_")


def about_customers(app: App, names: Sequence[str], ids: Sequence[str], now: dt.datetime) -> Facts:
    """Return the grades that customers hold at `now`, in one pass over the records.

    Raises `NotFound` for a fact of a scheme that there is not.
    """
    asked = None if FAMILY in names else {name.removeprefix(GRADES).replace("_", "-") for name in names}
    one = ids[0] if len(ids) == 1 else None
    found = holding.held(app.reading(), now, schemes=asked, customer=one)
    _refuse_strange(app, [scheme for scheme in asked or () if scheme not in found])
    day, wanted = now.astimezone(app.zone).date(), set(ids)
    return {
        name_of(scheme): {
            customer: code
            for customer, one in holders.items()
            if customer in wanted and (code := one.in_force(day)) is not None
        }
        for scheme, holders in found.items()
    }


def _refuse_strange(app: App, schemes: Sequence[str]) -> None:
    """Raise `NotFound` for a scheme without records that is none at all."""
    if not schemes:
        return
    known = rules.survey(app, KIND).rules
    for scheme in schemes:
        if scheme not in known:
            near = nearest(scheme, known)
            hint = _("did you mean {name}?").format(name=name_of(near)) if near else ""
            raise NotFound(
                _("there is no fact '{name}': no grading scheme is called '{scheme}'").format(
                    name=name_of(scheme), scheme=scheme
                ),
                hint or _("`cskit grade schemes` shows those there are"),
            )
