"""What follows from all grades of a customer: attendants, gifts, rights. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import register
from cskit.i18n import _, ngettext
from cskit.nouns import listed
from cskit.stored import decoder
from cskit_grading import holding, schemes
from cskit_grading.schemes import Right, Service

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading, Transaction

GIFTS = "gifts"


class Held(NamedTuple):
    """What follows from one grade of a customer; `gifts` are in the order in which to prefer them."""

    scheme: str
    grade: str
    title: str
    service: Service
    gifts: Sequence[tuple[Right, dt.date | None]]


def of_customer(app: App, reading: Reading, customer: str) -> list[Held]:
    """Return what follows from the grades that a customer, by id, holds now."""
    held = holding.held(reading, app.now, customer=customer)
    found = []
    given: Mapping[str, dt.date] | None = None
    for name, known in schemes.load(app).items():
        one = held.get(name, {}).get(customer)
        code = one.in_force(app.today) if one is not None else None
        grade = known.scheme.grade(code) if code is not None else None
        if grade is None or grade.service == Service():
            continue
        if grade.service.gifts and given is None:
            given = _given(reading, customer)
        gifts = rotated(grade.service.gifts, given or {})
        found.append(Held(name, grade.code, str(grade.title), grade.service, gifts))
    return found


# --- gifts -------------------------------------------------------------------------------------------------


class _Gift(msgspec.Struct, gc=False):
    customer: str
    gift: str
    on: dt.date


def _given(reading: Reading, customer: str) -> dict[str, dt.date]:
    """Return when a customer was last given each gift, by the word it was noted with."""
    last: dict[str, dt.date] = {}
    for one in map(decoder(GIFTS, _Gift), reading.read(GIFTS, where=holding.Of(customer=customer))):
        if one.customer == customer:
            word = one.gift.casefold()
            last[word] = max(one.on, last.get(word, one.on))
    return last


def rotated(gifts: Sequence[Right], given: Mapping[str, dt.date]) -> list[tuple[Right, dt.date | None]]:
    """Return gifts in the order in which to prefer them, each with when it was last given.

    One never given goes first, in the scheme's order; else the one given longest ago (catalogue A10: not
    repeated in principle). `given` is by code or title in small letters.
    """
    last = [
        (gift, max((day for word in _words(gift) if (day := given.get(word))), default=None))
        for gift in gifts
    ]
    return sorted(last, key=lambda one: one[1] or dt.date.min)


def _words(gift: Right) -> set[str]:
    return {gift.code.casefold(), gift.label.en.casefold(), gift.label.zh.casefold()}


# --- as rows -----------------------------------------------------------------------------------------------


def rows(app: App, name: str) -> Iterator[dict[str, Any]]:
    """Yield a row for each thing that follows from the grades of a customer, by id or external key."""
    (document,) = register.find(app, app.reading(), app.record_type("customers"), [name])
    for one in of_customer(app, app.reading(), register.id_of(document)):
        for kind, what, note in _things(one):
            row = {"scheme": one.scheme, "grade": one.grade, "kind": kind, "what": what, "note": note}
            yield {key: value for key, value in row.items() if value}


def _things(one: Held) -> Iterator[tuple[str, str, str]]:
    """Yield kind, text and note of all that a grade brings."""
    service = one.service
    if service.attendants:
        named = _("{who} names the person").format(who=service.named_by) if service.named_by else ""
        yield "attendants", " → ".join(str(each.label) for each in service.attendants), named
    if one.gifts:
        gift, last = one.gifts[0]
        note = _("not given before") if last is None else _("all were given; this one longest ago, on {day}")
        yield "gift", str(gift.label), note.format(day=last)
    if service.reminder:
        yield (
            "reminder",
            _("the store makes the appointment for maintenance")
            if service.reminder == "store"
            else _("customer service makes the appointment for maintenance"),
            "",
        )
    if service.service_days:
        days = ngettext("within {count} working day", "within {count} working days", service.service_days)
        by = _("by {who}").format(who=service.served_by) if service.served_by else ""
        yield "service", days.format(count=service.service_days), by
    yield from _quotas(service)
    for given, kind in ((True, "right"), (False, "withheld")):
        rights = [str(right.label) for right in service.rights if right.given is given]
        if rights:
            yield kind, listed(rights), ""


def _quotas(service: Service) -> Iterator[tuple[str, str, str]]:
    if service.visits:
        said = (
            ngettext(
                "at least {count} visit a month", "at least {count} visits a month", service.visits.least
            )
            if service.visits.per == "month"
            else ngettext(
                "at least {count} visit a year", "at least {count} visits a year", service.visits.least
            )
        )
        yield (
            "visits",
            said.format(count=service.visits.least),
            _("pro rata in the first year") if (service.visits.per == "year") else "",
        )
    if service.project_days:
        said = ngettext(
            "a visit every {count} day while a project is open",
            "a visit every {count} days while a project is open",
            service.project_days,
        )
        yield "visits", said.format(count=service.project_days), ""
    if service.log_days:
        said = ngettext("an activity every day", "an activity every {count} days", service.log_days)
        yield "log", said.format(count=service.log_days), ""


# --- for other plugins -------------------------------------------------------------------------------------


def asked_for(app: App, tx: Transaction, *, customer: str) -> dict[str, dict[str, Any]]:
    """Return what follows from a customer's grades, by scheme, as plain data with codes for words."""
    return {one.scheme: _plain(one) for one in of_customer(app, tx, customer)}


def _plain(one: Held) -> dict[str, Any]:
    service = one.service
    found: dict[str, Any] = {
        "grade": one.grade,
        "title": one.title,
        "attendants": [each.code for each in service.attendants],
        "named_by": str(service.named_by) if service.named_by else None,
        "gifts": [{"gift": gift.code, "last": last} for gift, last in one.gifts],
        "reminder": service.reminder,
        "service_days": service.service_days,
        "served_by": str(service.served_by) if service.served_by else None,
        "log_days": service.log_days,
        "visits": msgspec.structs.asdict(service.visits) if service.visits else None,
        "project_days": service.project_days,
        "rights": {right.code: right.given for right in service.rights},
    }
    return {name: value for name, value in found.items() if value not in (None, [], {})}


def given(
    app: App,
    tx: Transaction,
    *,
    customer: str,
    gift: str,
    on: dt.date | None = None,
    staff: str | None = None,
    note: str | None = None,
) -> str:
    """Note inside `tx` a gift that a customer was given, today if no day is said; return the note's id."""
    values = {"customer": customer, "gift": gift, "on": on or app.today, "staff": staff, "note": note}
    record_type = app.record_type(GIFTS)
    return register.create(
        app, tx, record_type, {name: one for name, one in values.items() if one is not None}
    ).id
