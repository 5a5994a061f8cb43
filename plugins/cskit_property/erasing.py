"""What goes from tenants and companies when their customers are erased. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import msgspec

from cskit.edits import encode
from cskit.stored import decoder
from cskit_property.estates.model import Company
from cskit_property.tenants.tenancy import TENANTS, Handover, Mediation, Tenant

if TYPE_CHECKING:
    from cskit.store.protocol import Transaction

COMPANIES, MEDIATIONS = "property_companies", "property_mediations"


def erase(tx: Transaction, customers: Collection[str]) -> None:
    """Take out what tells of a person from the tenants and companies that some customers are.

    Days, areas, amounts and meters stay: figures need them.
    """
    gone = _tenants(tx, set(customers))
    if gone:
        _mediations(tx, gone)
    decode = decoder(COMPANIES, Company)
    for document in list(tx.read(COMPANIES)):
        company = decode(document)
        if company.customer in customers:
            bare = dict.fromkeys(("contact", "phone", "email", "account", "note", "key"))
            after = msgspec.structs.replace(company, **bare)
            if encode(after) != document.raw:
                tx.replace(COMPANIES, document.number, encode(after))


def _tenants(tx: Transaction, customers: set[str]) -> set[str]:
    decode, gone = decoder(TENANTS, Tenant), set()
    for document in list(tx.read(TENANTS)):
        tenant = decode(document)
        if tenant.customer in customers:
            gone.add(tenant.id)
            bare = dict.fromkeys(("contact", "phone", "note", "key"))
            after = msgspec.structs.replace(
                tenant, name=tenant.id, handovers=[_bare(one) for one in tenant.handovers], **bare
            )
            if encode(after) != document.raw:
                tx.replace(TENANTS, document.number, encode(after))
    return gone


def _bare(handover: Handover) -> Handover:
    items = [msgspec.structs.replace(item, text=None) for item in handover.items]
    return msgspec.structs.replace(handover, items=items)


def _mediations(tx: Transaction, tenants: set[str]) -> None:
    decode = decoder(MEDIATIONS, Mediation)
    for document in list(tx.read(MEDIATIONS)):
        one = decode(document)
        if one.tenant in tenants:
            bare = dict.fromkeys(("course", "agreement", "note", "key"))
            after = msgspec.structs.replace(one, other="-", subject=one.id, **bare)
            if encode(after) != document.raw:
                tx.replace(MEDIATIONS, document.number, encode(after))
