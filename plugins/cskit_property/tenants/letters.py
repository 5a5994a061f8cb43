"""Reminders to tenants: which is due when, and how it reads. Rule files of the kind `tenant-letters`.

Must not import click or a store.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import msgspec

from cskit import _, rules
from cskit.display.paper import Cell, Grid, Prose, Sheet
from cskit.nouns import listed
from cskit.values import text

if TYPE_CHECKING:
    from cskit import App
    from cskit_property.tenants.arrears import Reminded

KIND = "tenant-letters"
_PLACE = re.compile(r"\{(\w*)\}")
_KNOWN = ("tenant", "room", "invoice", "month", "due", "owed", "days")


class Letter(msgspec.Struct, frozen=True):
    """A reminder: due once an invoice has been overdue for `after` days; places in braces are filled in."""

    after: Annotated[int, msgspec.Meta(ge=1)]
    title: rules.Label
    text: rules.Label

    def __post_init__(self) -> None:
        """Refuse a place that stands for nothing."""
        for said in (self.title.en, self.title.zh, self.text.en, self.text.zh):
            for name in _PLACE.findall(said):
                if name not in _KNOWN:
                    told = _("{place} stands for nothing; there are {places}")
                    raise ValueError(told.format(place=f"{{{name}}}", places=listed(_KNOWN)))


class Letters(msgspec.Struct, frozen=True):
    """A rule file of the kind tenant-letters, each letter later than the one before."""

    letters: Annotated[list[Letter], msgspec.Meta(min_length=1)]

    def __post_init__(self) -> None:
        """Refuse letters that are not in the order of their days."""
        days = [letter.after for letter in self.letters]
        if days != sorted(set(days)):
            raise ValueError(_("letters: each comes later than the one before"))

    def reached(self, days: int) -> int:
        """Return how many letters an invoice that is overdue for some days should have had."""
        return sum(letter.after <= days for letter in self.letters)


def load(app: App) -> Letters:
    """Return the letters in force."""
    found: Letters = rules.load(app, KIND)["default"].value
    return found


def sheet(app: App, one: Reminded) -> Sheet:
    """Return the letter of a reminder; after the last one that there is, that one again."""
    letters = load(app).letters
    letter = letters[min(one.number, len(letters)) - 1]
    invoice = one.owed.invoice
    places = {
        "tenant": one.name,
        "room": one.room,
        "invoice": invoice.id,
        "month": invoice.month,
        "due": text(invoice.due, app.zone),
        "owed": f"{one.owed.amount:,.2f}",
        "days": str(one.owed.late),
    }
    grid = Grid(
        (
            Cell(_("Addressed to"), one.name),
            Cell(_("Room"), one.room),
            Cell(_("Invoice"), invoice.id),
            Cell(_("Month"), invoice.month),
            Cell(_("Amount"), f"{invoice.amount:,.2f}"),
            Cell(_("Still to be paid"), places["owed"]),
        )
    )
    said = str(letter.text).format(**places)
    return Sheet(
        str(letter.title).format(**places), (grid, Prose(said)), invoice.id, (_("Sent by"), _("Day sent"))
    )
