"""Notices as lists: the query by state, number, type and day (编辑清单), and the work plan (工作计划表).

The object's address wins over the customer's. Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import Column, Usage, _, masking
from cskit.display.paper import Cell, Grid, Part, Rows, Sheet
from cskit.i18n import label, mark
from cskit.records import masks
from cskit.stored import decoder
from cskit.values import one_line, text
from cskit_service.notices import intake
from cskit_service.notices.model import PAYMENTS, SYSTEM, TABLE, Notice, NoticeType, SystemStatus

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading

CUSTOMERS = "customers"
_WEEK = 6
"""So many days after the first one a plan ends, unless it is said when."""


class Listed(msgspec.Struct, frozen=True, gc=False):
    """What lists need of a stored notice."""

    id: str
    type: NoticeType
    description: str
    urgent: bool = False
    date: dt.date | None = None
    customer: str | None = None
    phone: str | None = None
    contact: str | None = None
    reporter: str | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    centre: str | None = None
    staff: str | None = None
    address: str | None = None
    payment: str | None = None
    status: str = "TZJL"
    system: SystemStatus = "outstanding"
    postponed_until: dt.date | None = None
    signed_on: dt.date | None = None


class Card(msgspec.Struct, frozen=True, gc=False):
    """What lists need of a stored customer."""

    id: str
    name: str = ""
    address: str | None = None
    phone: str | None = None


def cards(reading: Reading, ids: Iterable[str | None]) -> dict[str, Card]:
    """Return customers by id, from one look at the register."""
    wanted = {one for one in ids if one}
    decode = decoder(CUSTOMERS, Card)
    return {one.id: one for one in map(decode, reading.read(CUSTOMERS, ids=wanted))} if wanted else {}


# --- the query ---------------------------------------------------------------------------------------------


class Asked(NamedTuple):
    """What is asked of the list: nothing given means all; numbers and days are from and to, both included."""

    system: Sequence[str] = ()
    status: Sequence[str] = ()
    type: str | None = None
    first_number: str | None = None
    last_number: str | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    centre: str | None = None
    staff: str | None = None

    def fits(self, one: Listed) -> bool:
        """Tell whether a notice is asked for; one without a day fits no days."""
        return (
            (not self.system or one.system in self.system)
            and (not self.status or one.status in self.status)
            and self.type in (None, one.type)
            and self.centre in (None, one.centre)
            and self.staff in (None, one.staff)
            and (self.first_number is None or _place(self.first_number) <= _place(one.id))
            and (self.last_number is None or _place(one.id) <= _place(self.last_number))
            and (self.first is None or (one.date is not None and self.first <= one.date))
            and (self.last is None or (one.date is not None and one.date <= self.last))
        )


def _place(number: str) -> tuple[int, str]:
    """Return where a number stands among others: SN-999999 comes before SN-1000000."""
    return len(number), number


def query(app: App, asked: Asked) -> Iterator[dict[str, Any]]:
    """Yield a row for each notice asked for, in the order of their numbers; one pass over each table."""
    if asked.status:
        find = intake.codes(app)["status"]
        asked = asked._replace(status=[find(name) for name in asked.status])
    if asked.centre:
        asked = asked._replace(centre=intake.codes(app)["centre"](asked.centre))
    reading = app.reading()
    found = [one for one in map(decoder(TABLE, Listed), reading.read(TABLE)) if asked.fits(one)]
    known = cards(reading, (one.customer for one in found))
    for one in sorted(found, key=lambda one: _place(one.id)):
        card = known.get(one.customer or "")
        row: dict[str, Any] = {
            "id": one.id,
            "type": one.type,
            "system": one.system,
            "date": one.date,
            "description": one.description,
            "status": one.status,
            "end": one.end,
            "address": one.address or (card and card.address),
            "centre": one.centre,
            "customer": one.customer,
            "name": card and card.name,
            "phone": one.phone or (card and card.phone),
            "start": one.start,
            "staff": one.staff,
            "reporter": one.reporter,
            "payment": one.payment,
            "urgent": one.urgent,
        }
        yield {name: value for name, value in row.items() if value is not None}


def query_columns() -> list[Column]:
    """Return the columns that the query has; addresses and phones are masked."""
    return [
        Column("id", "ID"),
        Column("type", mark("Type")),
        Column("system", mark("System status"), choices=_seen(SYSTEM)),
        Column("date", mark("Notice date"), kind="date"),
        Column("description", mark("Description")),
        Column("status", mark("User status"), choices=intake.statuses()),
        Column("end", mark("Expected end"), kind="date"),
        Column("address", mark("Address"), mask=masks.of_path(Notice, ("address",))),
        Column("centre", mark("Work centre")),
        Column("customer", mark("Ship-to party")),
        Column("name", mark("Customer")),
        Column("phone", mark("Phone"), mask=masks.of_path(Notice, ("phone",))),
        Column("start", mark("Required start"), kind="date"),
        Column("staff", mark("Person in charge"), kind="name"),
        Column("reporter", mark("Reporter"), kind="name"),
        Column("payment", mark("Payment state"), choices=_seen(PAYMENTS)),
        Column("urgent", mark("Urgent"), kind="boolean"),
    ]


def _seen(choices: Mapping[str, str]) -> dict[str, str]:
    return {code: label(code, zh) for code, zh in choices.items()}


# --- the work plan -----------------------------------------------------------------------------------------


class Planned(NamedTuple):
    """A notice on the work plan: who is to see to it on which day, and how many days late that is."""

    staff: str
    day: dt.date
    late: int
    notice: Listed
    card: Card | None


class Span(NamedTuple):
    """The days of a plan, both included, and the work centre it is for, None for all."""

    first: dt.date
    last: dt.date
    centre: str | None = None

    @classmethod
    def of(cls, app: App, first: dt.date | None, last: dt.date | None, centre: str | None) -> Span:
        """Return what a plan is for: the week from today, or from its first day, unless said otherwise.

        Raises `Usage` for days that end before they begin.
        """
        begin = first or app.today
        end = last or begin + dt.timedelta(days=_WEEK)
        if end < begin:
            raise Usage(_("--to {last} is before --from {first}").format(last=end, first=begin))
        return cls(begin, end, intake.codes(app)["centre"](centre) if centre else None)


def plan(app: App, wanted: Span) -> list[Planned]:
    """Return the open notices of some days by person and day, urgent ones first.

    A notice's day is the one it was postponed to, else its required start, else its own. What should have
    been done before the first day is on it, late. What the customer signed off needs nobody any more.
    One pass over each table.
    """
    first = wanted.first
    reading = app.reading()
    found: list[tuple[dt.date, Listed]] = []
    for one in map(decoder(TABLE, Listed), reading.read(TABLE)):
        if one.system == "completed" or one.signed_on or wanted.centre not in (None, one.centre):
            continue
        day = one.postponed_until or one.start or one.date or first
        if day <= wanted.last:
            found.append((day, one))
    known = cards(reading, (one.customer for _day, one in found))
    planned = [
        Planned(
            one.staff or "",
            max(day, first),
            max((min(first, app.today) - day).days, 0),
            one,
            known.get(one.customer or ""),
        )
        for day, one in found
    ]
    return sorted(planned, key=_order)


def _order(one: Planned) -> tuple[Any, ...]:
    return not one.staff, one.staff, one.day, not one.notice.urgent, _place(one.notice.id)


def plan_rows(planned: Iterable[Planned]) -> Iterator[dict[str, Any]]:
    """Yield a row for each notice on the plan."""
    for one in planned:
        notice, card = one.notice, one.card
        row: dict[str, Any] = {
            "staff": one.staff or None,
            "day": one.day,
            "id": notice.id,
            "urgent": notice.urgent or None,
            "description": notice.description,
            "name": (card and card.name) or notice.customer,
            "address": notice.address or (card and card.address),
            "phone": notice.phone or (card and card.phone),
            "status": notice.status,
            "centre": notice.centre,
            "late": one.late or None,
        }
        yield {name: value for name, value in row.items() if value is not None}


def plan_columns() -> list[Column]:
    """Return the columns of the plan; addresses and phones are masked."""
    return [
        Column("staff", mark("Person in charge"), kind="name"),
        Column("day", mark("Planned day"), kind="date"),
        Column("late", mark("Days late"), "right", "integer"),
        Column("id", "ID"),
        Column("urgent", mark("Urgent"), choices={"True": _("urgent")}),
        Column("description", mark("Description")),
        Column("name", mark("Customer")),
        Column("phone", mark("Phone"), mask=masks.of_path(Notice, ("phone",))),
        Column("address", mark("Address"), mask=masks.of_path(Notice, ("address",))),
        Column("status", mark("User status"), choices=intake.statuses()),
        Column("centre", mark("Work centre")),
    ]


def plan_sheets(app: App, planned: Sequence[Planned], wanted: Span) -> list[Sheet]:
    """Return the plan as sheets of paper, one for each person, a table for each day."""
    shown = list(masking.shown(app, plan_rows(planned), plan_columns(), TABLE))
    people = list(dict.fromkeys(row.get("staff") for row in shown))
    return [
        _plan_sheet(app, person, [row for row in shown if row.get("staff") == person], wanted)
        for person in people or [None]
    ]


def _plan_sheet(app: App, person: str | None, own: Sequence[Mapping[str, Any]], wanted: Span) -> Sheet:
    seen = intake.statuses()
    parts: list[Part] = [
        Grid(
            [
                Cell(_("Person in charge"), person or _("nobody yet")),
                Cell(_("Work centre"), wanted.centre or _("all")),
                Cell(_("First day"), str(wanted.first)),
                Cell(_("Last day"), str(wanted.last)),
            ]
        )
    ]
    headings = (
        *(_("No."), _("Urgent"), _("Description"), _("Customer"), _("Address and phone")),
        *(_("User status"), _("Done")),
    )
    for day in dict.fromkeys(row["day"] for row in own):
        rows = [
            (
                row["id"],
                _("urgent") if row.get("urgent") else "",
                one_line(row["description"]),
                row.get("name", ""),
                "\n".join(row[name] for name in ("address", "phone") if row.get(name)),
                seen.get(row["status"], row["status"]),
                "",
            )
            for row in own
            if row["day"] == day
        ]
        parts.append(Rows(headings, rows, str(day)))
    signs = (_("Made by:"), _("Person in charge:"), _("Date:"))
    printed = _("Printed {time}").format(time=text(app.now, app.zone))
    return Sheet(_("Work plan of the service centre"), parts, "", signs, printed)
