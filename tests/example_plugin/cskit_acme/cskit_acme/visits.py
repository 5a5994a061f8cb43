"""When Acme has to visit which machine; knows nothing of the command line."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import Usage, _
from cskit_acme.model import Machine

if TYPE_CHECKING:
    from cskit import App


class _Card(msgspec.Struct, frozen=True):
    id: str
    name: str
    region: str | None = None


def month_of(text: str) -> dt.date:
    """Return the first day of a month written as 2026-11; raises `Usage` for anything else."""
    try:
        return dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Usage(_("'{text}' is not a month").format(text=text), _("write it as 2026-11")) from None


def visit_in(machine: Machine, month: dt.date) -> dt.date | None:
    """Return the day of `month` on which a machine is due for a visit, None if it is not due then.

    Visits fall on the day of the month of the installation, or on the last day of a shorter month.
    """
    passed = (month.year - machine.installed.year) * 12 + month.month - machine.installed.month
    if passed <= 0 or passed % machine.service_every:
        return None
    last = calendar.monthrange(month.year, month.month)[1]
    return month.replace(day=min(machine.installed.day, last))


def plan(app: App, month: dt.date) -> list[dict[str, Any]]:
    """Return one row for each visit due in `month`, the earliest first, with what the visitor should know."""
    due = [(day, machine) for machine in machines(app) if (day := visit_in(machine, month))]
    ids = sorted({machine.customer for _, machine in due})
    cards = {
        card.id: card
        for document in app.reading().read("customers", ids=ids)
        for card in [msgspec.json.decode(document.raw, type=_Card)]
    }
    open_orders = app.facts("customer", ["orders.open"], ids)["orders.open"]
    rows = [
        {
            "date": day,
            "customer": machine.customer,
            "name": cards[machine.customer].name,
            "region": cards[machine.customer].region,
            "machine": machine.id,
            "model": machine.model,
            "warranty": machine.warranty_until is not None and day <= machine.warranty_until,
            "open_orders": open_orders.get(machine.customer),
        }
        for day, machine in due
    ]
    return sorted(rows, key=lambda row: (row["date"], row["machine"]))


def machines(app: App) -> Iterator[Machine]:
    """Yield every machine."""
    for document in app.reading().read("acme_machines"):
        yield msgspec.json.decode(document.raw, type=Machine)
