"""What goes from all that was done for customers when they are erased. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import msgspec

from cskit.edits import encode
from cskit.stored import decoder
from cskit_service.deliveries.model import DELIVERIES, Delivery
from cskit_service.jobs.model import (
    DISPATCHES,
    HANDOVERS,
    REQUESTS,
    SERVICE_RECORDS,
    Dispatch,
    Handover,
    Request,
    ServiceRecord,
)
from cskit_service.repairs.model import REPAIRS, RETURNS, Repair, Return

if TYPE_CHECKING:
    from cskit.store.protocol import Document, Transaction

_GONE: dict[str, tuple[type[Any], tuple[str, ...], tuple[str, ...]]] = {
    REQUESTS: (Request, ("contact", "phone", "address", "serial", "note", "key"), ("subject",)),
    DISPATCHES: (Dispatch, ("result", "note", "key"), ("subject",)),
    SERVICE_RECORDS: (ServiceRecord, ("note", "key"), ("what",)),
    REPAIRS: (
        Repair,
        ("description", "contact", "phone", "address", "serial", "signed_by", "note", "key"),
        (),
    ),
    RETURNS: (Return, ("serial", "condition", "replacement", "note", "key"), ()),
    DELIVERIES: (Delivery, ("contact", "phone", "address", "note", "key"), ()),
}
"""Table → its model, the fields that go, and those that must hold something, which then hold the id."""


def erase(tx: Transaction, customers: Collection[str]) -> None:
    """Take out what tells of persons from all that was done for some customers.

    Days, kinds of faults, hours, amounts and parts stay: figures need them.
    """
    orders: set[str] = set()
    for table, (model, gone, told) in _GONE.items():
        decode = decoder(table, model)
        for document in list(tx.read(table)):
            one = decode(document)
            if one.customer not in customers:
                continue
            if table == DISPATCHES:
                orders.add(one.id)
            bare: dict[str, Any] = dict.fromkeys(gone) | dict.fromkeys(told, one.id)
            if hasattr(one, "steps"):
                bare["steps"] = [msgspec.structs.replace(step, text=None) for step in one.steps]
            _put(tx, table, document, one, bare)
    if orders:
        _hand_over_bare(tx, orders)


def _hand_over_bare(tx: Transaction, orders: Collection[str]) -> None:
    decode = decoder(HANDOVERS, Handover)
    for document in list(tx.read(HANDOVERS)):
        one = decode(document)
        if any(order.dispatch in orders for order in one.orders):
            passed = [
                msgspec.structs.replace(order, subject="") if order.dispatch in orders else order
                for order in one.orders
            ]
            _put(tx, HANDOVERS, document, one, {"orders": passed, "note": None})


def _put(tx: Transaction, table: str, document: Document, one: Any, changed: dict[str, Any]) -> None:
    after = msgspec.structs.replace(one, **changed)
    if encode(after) != document.raw:
        tx.replace(table, document.number, encode(after))
