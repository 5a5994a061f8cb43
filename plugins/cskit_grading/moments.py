"""What grading has to be done by whom, and what happened to a customer's grades. Must not import click."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from cskit import Event, Task
from cskit.i18n import _, ngettext
from cskit.stored import decoder
from cskit_grading import duties, figures, holding, reviews
from cskit_grading.entitlements import GIFTS
from cskit_grading.reviews import Pending

if TYPE_CHECKING:
    from cskit import App

_NOTE, _REVIEW = "customer activity add", "grade review"


def tasks(app: App, until: dt.date) -> Iterator[Task]:
    """Yield what is due by the end of the day `until`: logs, visits, customers to handle, sign-offs."""
    noting = _NOTE if _NOTE in app.plugins.leaves else "grade due"
    for duty in duties.due(app, until).found:
        do = f"{noting} {duty.customer}" if noting == _NOTE else noting
        yield Task(duty.due, duty.what, "customer", duty.customer, duty.who, do=do)
    waiting: dict[str, list[Pending]] = defaultdict(list)
    for one in reviews.pending(app.reading()):
        if one.at > app.now:
            continue
        if one.decided_by == "override":
            said = _("sign off: {scheme}:{grade} of {customer}, set by hand by {who}")
            what = said.format(
                scheme=one.scheme, grade=one.grade or "-", customer=one.customer, who=one.recorded_by
            )
            yield Task(_day(app, one.at), what, "grade", one.id, do=f"{_REVIEW} {one.id}")
        else:
            waiting[one.scheme].append(one)
    for scheme, found in waiting.items():
        said = ngettext(
            "sign off {count} grade of {scheme}", "sign off {count} grades of {scheme}", len(found)
        )
        what = said.format(count=len(found), scheme=scheme)
        do = f"{_REVIEW} --pending --scheme {scheme}"
        yield Task(_day(app, found[0].at), what, "grade", found[0].id, do=do)


def _day(app: App, at: dt.datetime) -> dt.date:
    return at.astimezone(app.zone).date()


class _Gift(msgspec.Struct, gc=False):
    id: str
    customer: str
    gift: str
    on: dt.date
    staff: str | None = None


def timeline(app: App, customer: str) -> Iterator[Event]:
    """Yield which grades a customer got, and which gifts."""
    for one in figures.changes(app, dt.date.min + dt.timedelta(days=1), customer=customer):
        if one.grade != one.previous:
            said = _("{scheme}: {before} → {after}").format(
                scheme=one.scheme, before=one.previous or "-", after=one.grade or "-"
            )
            what = _("{move} ({reason})").format(move=said, reason=one.reason) if one.reason else said
            yield Event(one.at, what, "grade", one.id, one.recorded_by)
    reading = app.reading().read(GIFTS, where=holding.Of(customer=customer))
    for gift in map(decoder(GIFTS, _Gift), reading):
        if gift.customer == customer:
            what = _("gift: {gift}").format(gift=gift.gift)
            yield Event(gift.on, what, "grade gift", gift.id, gift.staff or "")
