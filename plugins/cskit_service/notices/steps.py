"""What is done about a notice, step by step, from its survey to its end (catalogue C04).

Each function returns the step that `desk.act` makes; money is in `orders.py`. Must not import click or a
store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cskit import Refused, Usage, _
from cskit.where.terms import plus_months
from cskit_service.notices.desk import Act, Desk
from cskit_service.notices.flow import Quoted
from cskit_service.notices.model import Notice, Outcome, Used
from cskit_service.stock import stock

if TYPE_CHECKING:
    from cskit import App

FOLLOW_UP = "followup.schedule"
CASE = "case.open"


def note(verb: str, *, text: str | None = None) -> Act:
    """Return a step that only takes the notice along its way: process, approve, refuse, reply."""
    return lambda desk, notice: desk.noted(notice, verb, text=text)


def process(*, staff: str | None = None, text: str | None = None) -> Act:
    """Begin to deal with a notice, by who is named."""

    def step(desk: Desk, notice: Notice) -> Notice:
        return desk.noted(notice, "process", {"staff": staff} if staff else {}, text=text)

    return step


def postpone(app: App, until: dt.date, *, text: str | None = None) -> Act:
    """Put a notice off to a day that is still to come."""
    if until <= app.today:
        said = _("--until {day} is not after today").format(day=until)
        raise Usage(said, _("name the day on which it is to go on"))

    def step(desk: Desk, notice: Notice) -> Notice:
        values = {"system": "postponed", "postponed_until": until}
        return desk.noted(notice, "postpone", values, text=text, until=until)

    return step


_UNSIGNED = dict.fromkeys(("signed_on", "signed_by", "satisfaction"))
"""What no longer holds once something is done anew."""


def survey(*, head_office: bool = False, text: str | None = None) -> Act:
    """Note that a notice was surveyed on site, and whether the head office has to help.

    What was performed before is to be performed anew.
    """
    values = {"head_office": head_office, "performed_on": None, "performed_by": None, **_UNSIGNED}
    return lambda desk, notice: desk.noted(notice, "site-survey", values, text=text)


def forward(*, text: str | None = None) -> Act:
    """Note that the sheet went to district logistics, with the payment state on it."""

    def step(desk: Desk, notice: Notice) -> Notice:
        return desk.noted(notice, "logistics", {"forwarded_at": desk.app.now}, text=text)

    return step


def delivered(at: dt.datetime, *, text: str | None = None) -> Act:
    """Note when the goods reach the customer."""
    return lambda desk, notice: desk.noted(notice, "delivered", {"delivered_at": at}, text=text)


def returned(maker: str, *, text: str | None = None) -> Act:
    """Note that the goods went back to their maker."""
    return lambda desk, notice: desk.noted(notice, "return-to-maker", {"returned_to": maker}, text=text)


def parts(words: Sequence[str], *, text: str | None = None) -> Act:
    """Take spare parts, PART or PART=QUANTITY each, from the stock for a notice, at the same time (SM05)."""
    wanted = stock.read(words)
    if not wanted:
        raise Usage(_("which parts are needed?"), _("give --part PART=QUANTITY for each"))

    def step(desk: Desk, notice: Notice) -> Notice:
        desk.check(notice, "parts")
        moved = stock.issue(desk.app, desk.tx, wanted, job=notice.id, why=text)
        taken = [Used(part=one.part, quantity=-one.quantity, movement=one.id) for one in moved]
        return desk.noted(notice, "parts", {"parts": [*notice.parts, *taken]}, text=text)

    return step


def perform(*, staff: str | None = None, finished: bool = True, text: str | None = None) -> Act:
    """Note that the service was performed, or that a visit was made that did not finish it.

    What is done after a sign-off is signed off anew.
    """

    def step(desk: Desk, notice: Notice) -> Notice:
        who = staff or notice.staff or desk.who
        values: dict[str, Any] = {"performed_on": desk.app.today if finished else None, "performed_by": who}
        return desk.noted(notice, "perform", values | _UNSIGNED, text=text)

    return step


def sign_off(by: str, *, satisfaction: int | None = None, text: str | None = None) -> Act:
    """Note that the customer signed off what was done."""

    def step(desk: Desk, notice: Notice) -> Notice:
        values = {"signed_on": desk.app.today, "signed_by": by}
        if satisfaction is not None:
            values["satisfaction"] = satisfaction
        return desk.noted(notice, "sign-off", values, text=text)

    return step


def close(app: App, *, text: str | None = None) -> Act:
    """Close a notice, and schedule the call back where a plugin keeps follow-ups."""
    schedule = app.actions.get(FOLLOW_UP)
    if schedule is None:
        app.echo(_("no follow-up was scheduled: no plugin gives {action}").format(action=FOLLOW_UP))

    def step(desk: Desk, notice: Notice) -> Notice:
        outcome = _outcome(notice, desk.orders.get(notice.id))
        values = {"system": "completed", "closed_at": app.now, "outcome": outcome, "postponed_until": None}
        after = desk.noted(notice, "close", values, text=text)
        months = desk.policy.follow_up_months
        if schedule is not None and months and after.customer:
            due = plus_months(app.today, months)
            schedule(
                desk.tx,
                subject=notice.description,
                kind="after_service",
                customer=notice.customer,
                about=notice.id,
                due=due,
            )
        return after

    return step


def _outcome(notice: Notice, order: Quoted | None) -> Outcome:
    if notice.status == "BPZ":
        return "refused"
    if order is not None and order.state == "declined":
        return "declined"
    return "returned" if notice.status == "THCS" else "solved"


def open_case(app: App, *, category: str | None = None, kind: str | None = None) -> Act:
    """Open a case of a notice, in the same transaction; raises `PluginFailed` where no plugin keeps cases."""
    opening = app.actions[CASE]

    def step(desk: Desk, notice: Notice) -> Notice:
        desk.check(notice, "open-case")
        if notice.case is not None:
            said = _("notice {id} has a case already: {case}")
            raise Refused(said.format(id=notice.id, case=notice.case))
        case = opening(
            desk.tx,
            content=notice.description,
            kind=kind or ("complaint" if notice.demand == "complaint" or notice.type == "Z2" else "repair"),
            category=category,
            customer=notice.customer,
            complainant=notice.contact,
            phone=notice.phone,
            demand=notice.text,
            note=_("From service notice {id}").format(id=notice.id),
        )
        return desk.noted(notice, "open-case", {"case": case}, record=case)

    return step
