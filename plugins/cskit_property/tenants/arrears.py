"""What tenants owe, by age, and the reminders they get; the ledger says how much.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import Refused, Task, _, amounts, edits, register
from cskit.stored import decoder
from cskit_property import limits
from cskit_property.tenants import letters
from cskit_property.tenants.invoices import TABLE, Brief, briefs, renting
from cskit_property.tenants.tenancy import Invoice, Reminder

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Document, Transaction

ENTRY = "customer ledger"
OWED, LATE = "fee.outstanding", "fee.overdue_days"


class Owed(NamedTuple):
    """An invoice, what is still to be paid of it, and for how many days it should have been."""

    invoice: Brief
    amount: Decimal
    late: int


def owed(app: App) -> list[Owed]:
    """Return the invoices that are not paid in full, the longest overdue first; the ledger says how much."""
    known = list(briefs(app.reading()))
    if not known:
        return []
    facts = app.facts(ENTRY, [OWED, LATE], [one.entry for one in known])
    rest = [Owed(one, facts[OWED].get(one.entry, one.amount), facts[LATE].get(one.entry, 0)) for one in known]
    open_ones = [one for one in rest if one.amount > 0]
    return sorted(open_ones, key=lambda one: (one.invoice.due, one.invoice.id))


def ages(app: App) -> list[str]:
    """Return the groups of arrears by age, as columns are called: not due, 1–30 days …, over 90 days."""
    ends = limits.load(app).ages
    starts = [1, *(end + 1 for end in ends[:-1])]
    spans = [f"{start}_{end}" for start, end in zip(starts, ends, strict=True)]
    return ["not_due", *spans, f"over_{ends[-1]}"]


def titled(app: App) -> Iterator[tuple[str, str]]:
    """Yield the groups of arrears as columns: name and title."""
    for name in ages(app):
        if name == "not_due":
            yield name, _("Not due")
        elif name.startswith("over_"):
            yield name, _("Over {days} days").format(days=name.removeprefix("over_"))
        else:
            first, last = name.split("_")
            yield name, _("{first}–{last} days").format(first=first, last=last)


def by_age(app: App, project: str | None = None) -> Iterator[dict[str, Any]]:
    """Yield a row for each tenant with open invoices: how much is owed, by age; who owes most first."""
    names, ends, tenants = ages(app), limits.load(app).ages, renting(app.reading())
    sums: dict[str, dict[str, Decimal]] = {}
    for one in owed(app):
        if project in (None, one.invoice.project):
            place = 0 if one.late == 0 else 1 + sum(one.late > end for end in ends)
            held = sums.setdefault(one.invoice.tenant, {})
            held[names[place]] = held.get(names[place], Decimal(0)) + one.amount
    for own in sorted(sums, key=lambda own: (-sum(sums[own].values()), own)):
        total = amounts.total(sums[own].values())
        yield {"tenant": own, "name": tenants[own].name, **sums[own], "total": total}


# --- reminders ---------------------------------------------------------------------------------------------


def next_reminder(app: App, one: Owed) -> int:
    """Return which reminder an invoice is due for now, 0 where none is: no letter is left out."""
    had = len(one.invoice.reminders)
    return had + 1 if letters.load(app).reached(one.late) > had else 0


class Reminded(NamedTuple):
    """An invoice that was reminded of: the number of the reminder, and how things stand."""

    number: int
    owed: Owed
    name: str
    room: str


def remind(app: App, tx: Transaction, names: Sequence[str] = ()) -> list[Reminded]:
    """Note reminders of the invoices named, or of all that are due for one; return them for the letters.

    Raises `Refused` for an invoice named that is not overdue.
    """
    open_ones = {one.invoice.id: one for one in owed(app)}
    documents: Iterable[Document]
    if names:
        documents = register.find(app, tx, app.record_type(TABLE), names)
    else:
        wanted = [own for own, one in open_ones.items() if next_reminder(app, one)]
        documents = list(tx.read(TABLE, ids=wanted)) if wanted else []
    decode, tenants, who = decoder(TABLE, Invoice), renting(tx), app.staff or app.user
    found = [(document, decode(document)) for document in documents]
    idle = [one.id for _document, one in found if one.id not in open_ones or not open_ones[one.id].late]
    if idle:
        raise Refused(_("not overdue: {ids}").format(ids=", ".join(idle)))
    done = []
    for document, invoice in found:
        one = open_ones[invoice.id]
        number = len(invoice.reminders) + 1
        reminder = Reminder(number=number, on=app.today, by=who, owed=one.amount)
        after = msgspec.structs.replace(invoice, reminders=[*invoice.reminders, reminder])
        tx.replace(TABLE, document.number, edits.merge(after, msgspec.json.decode(document.raw)))
        tenant = tenants[invoice.tenant]
        done.append(Reminded(number, one, tenant.name, tenant.room or ""))
    return done


def tasks(app: App) -> Iterator[Task]:
    """Yield a task for each invoice that is due for a reminder."""
    late = [one for one in owed(app) if next_reminder(app, one)]
    names = renting(app.reading()) if late else {}
    for one in late:
        if one.invoice.tenant in names:
            said = _("remind {name} of {amount} for {month}")
            name = names[one.invoice.tenant].name
            what = said.format(name=name, amount=f"{one.amount:,.2f}", month=one.invoice.month)
            do = f"property invoice remind {one.invoice.id}"
            yield Task(one.invoice.due, what, "property invoice", one.invoice.id, do=do)


def rows(found: Sequence[Reminded]) -> Iterator[dict[str, Any]]:
    """Yield a row for each reminder."""
    for one in found:
        yield {
            "id": one.owed.invoice.id,
            "tenant": one.owed.invoice.tenant,
            "name": one.name,
            "month": one.owed.invoice.month,
            "number": one.number,
            "owed": one.owed.amount,
            "days": one.owed.late,
        }
