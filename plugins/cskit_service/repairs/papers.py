"""Repair orders on paper. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from cskit import _, amounts
from cskit.display.paper import Cell, Grid, Prose, Rows, Sheet
from cskit.i18n import label
from cskit.records import fields
from cskit_service import lookup
from cskit_service.repairs.model import Repair
from cskit_service.stock import stock

if TYPE_CHECKING:
    from cskit import App

_UNIT = ("product", "serial", "bought", "warranty_until", "in_warranty", "fault")
_PERSON = ("contact", "phone", "address")
_WORK = ("engineer", "reported_at", "due", "started_at", "finished_at", "hours", "cause")
_MONEY = ("material", "labour", "cost", "charge")


def sheets(app: App, held: Sequence[tuple[Repair, Mapping[str, str]]]) -> list[Sheet]:
    """Return the repair order of each repair, with room for what is used and lines to sign on."""
    reading = app.reading()
    customers = lookup.names(reading, {one.customer for one, _texts in held if one.customer})
    wanted = sorted({part.part for one, _texts in held for part in one.parts})
    parts = stock.parts(app, reading, wanted) if wanted else {}
    titles = {own: part.name for own, part in parts.items()}
    return [_sheet(one, texts, customers.get(one.customer or "", ""), titles) for one, texts in held]


def _sheet(one: Repair, texts: Mapping[str, str], customer: str, titles: Mapping[str, str]) -> Sheet:
    known = fields(Repair)

    def cells(names: Sequence[str]) -> list[Cell]:
        return [Cell(label(known[name].en, known[name].zh), texts.get(name, "")) for name in names]

    person = [Cell(label(known["customer"].en, known["customer"].zh), customer), *cells(_PERSON)]
    used = [
        (
            titles.get(part.part, part.part),
            f"{part.quantity:f}",
            f"{part.price:.2f}",
            f"{amounts.product(part.quantity, part.price):.2f}",
        )
        for part in one.parts
    ]
    headings = (_("Spare part"), _("Number used"), _("Price each"), _("Sum"))
    return Sheet(
        _("Repair order"),
        (
            Grid(person, _("Whose")),
            Grid(cells(_UNIT), _("What is broken")),
            *([Prose(one.description, _("In the customer's words"))] if one.description else []),
            Grid(cells(_WORK), _("Work")),
            Rows(headings, used, _("Parts used"), blank=0 if used else 3),
            Grid(cells(_MONEY), _("What it comes to")),
        ),
        one.id,
        (_("Engineer"), _("Customer, accepted"), _("Day signed")),
    )
