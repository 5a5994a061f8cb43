"""The facts of the fee ledger: what customers owe us, and how they pay. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cskit import FactSpec, Period
from cskit_customers.documents import decoded
from cskit_customers.fees import NOTHING, Account, Fee, account, total

if TYPE_CHECKING:
    from cskit.store.protocol import Reading

_OWED = "receivable from the customer (what we owe does not count)"
SPECS: tuple[FactSpec, ...] = (
    FactSpec(
        "fees.overdue_amount",
        "customer",
        "decimal",
        f"What is still to be paid of fees {_OWED} whose due day is over; 0 if nothing is.",
    ),
    FactSpec(
        "fees.overdue_days",
        "customer",
        "integer",
        f"Days since the earliest due day of fees {_OWED} that are overdue; 0 if none is.",
        "days",
    ),
    FactSpec(
        "fees.late_payments",
        "customer",
        "integer",
        f"Number of fees {_OWED} of which a part was paid after the due day, each counted once, in the "
        "period of that payment if one is given; 0 if there are none.",
        "fees",
        "period",
    ),
)
_NAMES = frozenset(spec.name for spec in SPECS)
ENTRY = "customer ledger"
"""What facts about single fees are about: the noun of the ledger's entries."""
ENTRY_SPECS: tuple[FactSpec, ...] = (
    FactSpec("fee.charged", ENTRY, "decimal", "What is charged in all, what was added included."),
    FactSpec(
        "fee.paid", ENTRY, "decimal", "What was paid of it in the period; 0 if nothing was.", "", "period"
    ),
    FactSpec("fee.outstanding", ENTRY, "decimal", "What is still to be paid of it; 0 if nothing is."),
    FactSpec("fee.overdue_days", ENTRY, "integer", "Days since it was due; 0 if it is not overdue.", "days"),
)


def accounts(reading: Reading, day: dt.date) -> Iterator[tuple[Fee, Account]]:
    """Yield every fee of the ledger with where it stands at the end of `day`."""
    for fee in decoded("ledger", reading.read("ledger"), Fee):
        yield fee, account(fee, day)


def facts(
    reading: Reading, names: Sequence[str], customers: Collection[str], day: dt.date, period: Period
) -> dict[str, Mapping[str, Any]]:
    """Return those of the facts `names` that are of fees, in one pass over the ledger."""
    wanted = _NAMES.intersection(names)
    if not wanted:
        return {}
    amounts: dict[str, Decimal] = dict.fromkeys(customers, NOTHING)
    days, late = dict.fromkeys(customers, 0), dict.fromkeys(customers, 0)
    for fee, state in accounts(reading, day):
        own = fee.customer
        if own not in days or own is None or fee.direction != "receivable":
            continue
        if state.overdue:
            amounts[own] = total([amounts[own], state.outstanding])
            days[own] = max(days[own], state.overdue)
        if state.late_on is not None and period.holds(state.late_on):
            late[own] += 1
    found: dict[str, Mapping[str, Any]] = {
        "fees.overdue_amount": amounts,
        "fees.overdue_days": days,
        "fees.late_payments": late,
    }
    return {name: found[name] for name in names if name in wanted}


def about_entries(
    reading: Reading, names: Sequence[str], ids: Sequence[str], day: dt.date, period: Period
) -> dict[str, Mapping[str, Any]]:
    """Return facts about single fees as they stand at the end of `day`, in one pass over those asked for."""
    found: dict[str, dict[str, Any]] = {name: {} for name in names}
    for fee in decoded("ledger", reading.read("ledger", ids=ids), Fee):
        state = account(fee, day)
        paid = total([one.amount for one in fee.payments if one.date <= day and period.holds(one.date)])
        values = {
            "fee.charged": state.charged,
            "fee.paid": paid,
            "fee.outstanding": state.outstanding,
            "fee.overdue_days": state.overdue,
        }
        for name in names:
            found[name][fee.id] = values[name]
    return dict(found)
