"""By what figures are looked at: department, staff, region, grade, month … of each response.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

import msgspec

from cskit import Usage, _
from cskit.i18n import label
from cskit.records import fields
from cskit.stored import decoder
from cskit_surveys.model import Answer, Response

if TYPE_CHECKING:
    from cskit import App

OWN = ("department", "staff", "project", "stratum", "channel", "interviewer")
NAMES = (*OWN, "region", "month")
UNKNOWN = "-"


def titled(by: str) -> str:
    """Return what a group is called as people read it; a fact goes by its name."""
    known = fields(Response)
    if by in known:
        return label(known[by].en, known[by].zh)
    return label("Month", "月份") if by == "month" else by


def looks_up(by: str | None) -> bool:
    """Tell whether the group of an answer has to be looked up, for all customers at once."""
    return by is not None and by not in OWN and by != "month"


def grouping(app: App, by: str | None, customers: Collection[str]) -> Callable[[Answer], str]:
    """Return what tells the group of a response, UNKNOWN where that is not known; raises `Usage`.

    `customers` are all whose groups will be asked for, needed where `looks_up` says so.
    `by` is one of `NAMES` or a customer's fact such as grade.order_volume.
    """
    if by is None:
        return lambda response: ""
    if by in OWN:
        return lambda response: str(getattr(response, by) or UNKNOWN)
    if by == "month":
        return lambda response: f"{response.at.astimezone(app.zone):%Y-%m}" if response.at else UNKNOWN
    customers = sorted(customers)
    if by == "region":
        regions = _regions(app, customers)
        return lambda response: response.region or regions.get(response.customer or "") or UNKNOWN
    if "." in by:
        known = app.facts("customer", [by], customers)[by] if customers else {}
        return lambda response: str(known.get(response.customer or "", UNKNOWN))
    raise Usage(
        _("--by {name}: answers are not looked at by that").format(name=by),
        _("there are {names}, and facts about customers such as grade.rfm").format(names=", ".join(NAMES)),
    )


class _Place(msgspec.Struct, frozen=True, gc=False):
    id: str
    region: str | None = None


def _regions(app: App, customers: Sequence[str]) -> dict[str, str]:
    if "customers" not in app.plugins.record_types or not customers:
        return {}
    decode = decoder("customers", _Place)
    found = (decode(document) for document in app.reading().read("customers", ids=customers))
    return {place.id: place.region for place in found if place.region}
