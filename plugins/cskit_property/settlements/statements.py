"""Settlements as people read them: rows, the printed sheet, and what is still owed by age.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import NotFound, Period, Usage, _, amounts, register
from cskit.display.paper import Cell, Grid, Part, Rows, Sheet
from cskit.i18n import label
from cskit.stored import decoder
from cskit.values import plain, text
from cskit_property.settlements import settling
from cskit_property.settlements.moneymodel import LINE_KINDS, Line, Settlement, SettlementState
from cskit_property.settlements.settlements import PROJECTS, TABLE
from cskit_property.settlements.settling import DONE, FLOW

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading

COMPANIES = "property_companies"


def found(app: App, reading: Reading, names: Sequence[str]) -> list[Settlement]:
    """Return settlements by id, in that order; raises `NotFound` naming those there are not."""
    decode = decoder(TABLE, Settlement)
    return [decode(one) for one in register.find(app, reading, app.record_type(TABLE), names)]


# --- rows --------------------------------------------------------------------------------------------------


def moved(done: Iterable[tuple[Settlement, Settlement]]) -> Iterator[dict[str, Any]]:
    """Yield a row for each settlement that something was done to: where it stands, and what comes next."""
    for before, after in done:
        yield {
            "id": after.id,
            "before": before.state,
            "state": after.state,
            "total": after.total,
            "outstanding": outstanding(after),
            "next": [verb for verb in FLOW.verbs(after.state) if verb != "line"],
        }


def lines(settlements: Sequence[Settlement]) -> Iterator[dict[str, Any]]:
    """Yield a row for each line of settlements, and one with the total of each."""
    for settlement in settlements:
        for number, line in enumerate(settlement.lines, 1):
            yield {
                "id": settlement.id,
                "number": number,
                "kind": line.kind,
                "text": line.text,
                "sum": sum_of(line),
                "amount": line.amount,
                "reason": line.reason,
            }
        yield {
            "id": settlement.id,
            "kind": "total",
            "text": settlement.item,
            "sum": _("{first} to {last}").format(first=settlement.first, last=settlement.last),
            "amount": settlement.total,
            "reason": state(settlement.state),
        }


def sum_of(line: Line) -> str | None:
    """Return how a line's amount comes about: "1.80 × 12000 × 3", None for a lump sum."""
    factors = [line.units, line.rate, line.area, line.months]
    known = [plain(one) for one in factors if one is not None]
    return " × ".join(known) or None


def state(name: str) -> str:
    """Return what people call a state of settlements."""
    return str(FLOW.state(name))


def done(verb: str) -> str:
    """Return what people call a step of settlements."""
    return label({"sign": "approve", "part": "pay in part"}.get(verb, verb), DONE.get(verb, verb))


# --- on paper ----------------------------------------------------------------------------------------------


class _Named(msgspec.Struct, frozen=True, gc=False):
    id: str
    name: str


def sheets(app: App, reading: Reading, settlements: Sequence[Settlement]) -> list[Sheet]:
    """Return settlements as sheets of paper to be signed; reads each table once."""
    projects = _names(reading, PROJECTS)
    companies = _names(reading, COMPANIES)
    return [_sheet(app, one, projects, companies) for one in settlements]


def _names(reading: Reading, table: str) -> dict[str, str]:
    decode = decoder(table, _Named)
    return {one.id: one.name for one in map(decode, reading.read(table))}


def _sheet(app: App, one: Settlement, projects: dict[str, str], companies: dict[str, str]) -> Sheet:
    period = _("{first} to {last}").format(first=one.first, last=one.last)
    cells = [
        Cell(_("Project"), projects.get(one.project, one.project)),
        Cell(_("Property company"), companies.get(one.company or "", one.company or "")),
        Cell(_("Item"), one.item),
        Cell(_("Period"), period),
        Cell(_("State"), state(one.state)),
        Cell(_("Deduction table"), one.rules or ""),
        Cell(_("Payable until"), str(one.due or "")),
        Cell(_("Paid"), str(one.paid) if one.paid else ""),
    ]
    parts: list[Part] = [Grid(cells), _line_table(one), _step_table(app, one)]
    signed = (_("Prepared by"), _("Checked by"), _("Approved by"), _("Paid by"))
    return Sheet(_("Property fee settlement"), parts, number=one.id, signatures=signed, foot=one.note or "")


def _line_table(one: Settlement) -> Rows:
    headings = (_("No."), _("Kind"), _("Wording"), _("How it comes about"), _("Amount"), _("Reason"))
    rows = [
        (
            str(number),
            label(line.kind, LINE_KINDS[line.kind]),
            line.text,
            sum_of(line) or "",
            f"{line.amount:,}",
            line.reason or "",
        )
        for number, line in enumerate(one.lines, 1)
    ]
    rows.append(("", "", _("Total"), "", f"{one.total:,}", ""))
    return Rows(headings, rows, title=_("Lines"))


def _step_table(app: App, one: Settlement) -> Rows:
    headings = (_("Time"), _("Signature"), _("By whom"), _("Amount"), _("In writing"))
    rows = [
        (
            text(step.at, app.zone),
            done(step.what),
            step.who,
            f"{step.amount:,}" if step.amount is not None else "",
            step.reason or "",
        )
        for step in one.steps
    ]
    return Rows(headings, rows, title=_("Approval record"))


# --- what is owed ------------------------------------------------------------------------------------------


class _Taken(msgspec.Struct, frozen=True, gc=False):
    at: dt.datetime
    what: str


class Owed(msgspec.Struct, frozen=True, gc=False):
    """What reckoning what is owed needs of a stored settlement."""

    id: str
    project: str
    item: str
    first: dt.date
    last: dt.date
    company: str | None = None
    state: SettlementState = "draft"
    total: Decimal = amounts.NOTHING
    paid: Decimal = amounts.NOTHING
    due: dt.date | None = None
    entry: str | None = None
    steps: tuple[_Taken, ...] = ()

    @property
    def approved_at(self) -> dt.datetime | None:
        """When the last approval that it took was given."""
        return next((step.at for step in reversed(self.steps) if step.what == "approve"), None)


def approved(app: App, period: Period) -> Iterator[Owed]:
    """Yield the settlements that were approved in a period and by now, paid or not, from one pass."""
    for one in map(decoder(TABLE, Owed), app.reading().read(TABLE)):
        at = one.approved_at
        if at is not None and at <= app.now and period.holds(at.astimezone(app.zone).date()):
            yield one


def open_ones(app: App) -> Iterator[tuple[Owed, Decimal]]:
    """Yield each approved settlement with what is still to be paid of it, by the ledger where it is known."""
    decode = decoder(TABLE, Owed)
    approved = [one for one in map(decode, app.reading().read(TABLE)) if one.state == "approved"]
    known = ledger(app, [one.entry for one in approved if one.entry])
    for one in approved:
        yield one, known.get(one.entry or "", outstanding(one))


def ledger(app: App, entries: Sequence[str]) -> dict[str, Decimal]:
    """Return what is still to be paid by ledger entry; nothing is known where no plugin keeps a ledger."""
    try:
        found = app.facts("customer ledger", ["fee.outstanding"], entries)["fee.outstanding"]
    except NotFound:
        return {}
    return {own: Decimal(left) for own, left in found.items()}


def outstanding(one: Owed | Settlement) -> Decimal:
    """Return what is still to be paid of a settlement, by what was paid with `settle pay`."""
    return amounts.total([one.total, -one.paid]) if one.state == "approved" else amounts.NOTHING


def owed(app: App, *, overdue: bool = False, by: str | None = None) -> list[dict[str, Any]]:
    """Return a row for each approved settlement that is not paid in full, the earliest due first.

    `overdue` leaves out what is not due yet. `by` adds up by project or company instead, with what is overdue
    by how long. One pass over the table.
    """
    ages = settling.load(app).ages
    if ages != sorted(set(ages)):
        raise Usage(_("rules/property-settlements: ages must rise"), _("such as ages = [30, 60, 90]"))
    rows = []
    for one, left in open_ones(app):
        late = (app.today - one.due).days if one.due else 0
        if left and (late > 0 or not overdue):
            rows.append(_owed_row(one, left, late, ages))
    rows.sort(key=lambda row: (row["due"] or dt.date.max, row["id"]))
    return rows if by is None else _added_up(rows, by)


def _owed_row(one: Owed, left: Decimal, late: int, ages: Sequence[int]) -> dict[str, Any]:
    return {
        "id": one.id,
        "project": one.project,
        "company": one.company,
        "item": one.item,
        "first": one.first,
        "last": one.last,
        "total": one.total,
        "paid": one.paid,
        "outstanding": left,
        "due": one.due,
        "overdue": late if late > 0 else None,
        "age": _age(late, ages),
    }


def _age(late: int, ages: Sequence[int]) -> str:
    """Return which span of days overdue a number of them is in, such as 31-60; "0" for what is in time."""
    if late <= 0:
        return "0"
    bounds = [0, *ages]
    for low, high in itertools.pairwise(bounds):
        if late <= high:
            return f"{low + 1}-{high}"
    return f">{bounds[-1]}"


def _added_up(rows: Sequence[dict[str, Any]], by: str) -> list[dict[str, Any]]:
    """Return a row for each project or company and age, in the order of names, then of age."""
    sums: dict[tuple[str, str], dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (row[by] or "", row["overdue"] or 0)):
        held = sums.setdefault(
            (row[by] or "", row["age"]),
            {by: row[by], "age": row["age"], "count": 0, "outstanding": amounts.NOTHING},
        )
        held["count"] += 1
        held["outstanding"] = amounts.total([held["outstanding"], row["outstanding"]])
    return list(sums.values())
