"""Reminders of sales that stand still: a sheet to the sales department first, then a lawyer's letter.

Rule files of the kind `property-reminders` (catalogue C21, F29). Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import msgspec

from cskit import Refused, _, rules
from cskit.display.paper import Cell, Grid, Part, Prose, Sheet
from cskit.i18n import label
from cskit.stored import decoder
from cskit_property.sales import sales
from cskit_property.sales.saleflow import FLOW, OTHERS
from cskit_property.sales.salemodel import PAYMENTS, Payment, Sale, SaleState
from cskit_property.settlements.settlements import PROJECTS

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Document, Reading

KIND = "property-reminders"
What = Literal["sheet", "letter"]
_PLACE = re.compile(r"\{(\w+)\}")
_KNOWN = ("customer", "room", "project", "since", "due", "days", "price", "salesperson")
Days = Annotated[int, msgspec.Meta(ge=0)]


class Text(msgspec.Struct, frozen=True):
    """What is written, and to whom; `{room}`, `{days}` and the like stand for what is the sale's."""

    title: rules.Label
    to: rules.Label
    text: rules.Label

    def __post_init__(self) -> None:
        """Refuse a placeholder that stands for nothing."""
        for text in (self.title.en, self.title.zh, self.to.en, self.to.zh, self.text.en, self.text.zh):
            for name in _PLACE.findall(text):
                if name not in _KNOWN:
                    said = _("text: {{{name}}} stands for nothing; there are {known}")
                    raise ValueError(said.format(name=name, known=_(", ").join(_KNOWN)))


class Reminder(msgspec.Struct, frozen=True):
    """A rule file of the kind property-reminders: which sales should have gone on within how many days.

    Days count from the last step `since`. The sheet is due `sheet_after` days over that, the letter
    `letter_after` days over it, but never before the sheet was sent.
    """

    label: rules.Label
    states: list[SaleState]
    payments: list[Payment]
    since: str
    days: Days
    sheet_after: Days
    letter_after: Days
    sheet: Text
    letter: Text

    def __post_init__(self) -> None:
        """Refuse a step that sales have not."""
        if self.since not in (one.verb for one in FLOW.moves):
            raise ValueError(_("since: sales have no step '{name}'").format(name=self.since))
        if self.letter_after < self.sheet_after:
            raise ValueError(_("letter_after: the letter comes after the sheet"))


class Due(NamedTuple):
    """A reminder that is to be sent now: of which sale, for what, how many days late."""

    sale: Sale
    rule: str
    reminder: Reminder
    what: What
    since: dt.date
    due: dt.date
    late: int

    @property
    def text(self) -> Text:
        return self.reminder.sheet if self.what == "sheet" else self.reminder.letter


def load(app: App) -> dict[str, Reminder]:
    """Return the reminders by name; raises as `rules.load` does."""
    return {name: rule.value for name, rule in rules.load(app, KIND).items()}


def due(app: App, documents: Iterable[Document]) -> list[Due]:
    """Return the reminders of sales that are to be sent today, the latest sale first."""
    known, decode = load(app), decoder(sales.TABLE, Sale)
    found = [one for document in documents for one in _of_sale(known, decode(document), app.today)]
    found.sort(key=lambda one: (-one.late, one.sale.id))
    return found


def _of_sale(known: Mapping[str, Reminder], sale: Sale, today: dt.date) -> Iterator[Due]:
    for name, reminder in known.items():
        if sale.state not in reminder.states or sale.payment not in reminder.payments:
            continue
        begun = [event.date for event in sale.events if event.what == reminder.since]
        since = begun[-1] if begun else sale.since
        limit = since + dt.timedelta(days=reminder.days)
        late = (today - limit).days
        sent = {event.what for event in sale.events if event.text == name}
        if "sheet" not in sent and late > reminder.sheet_after:
            yield Due(sale, name, reminder, "sheet", since, limit, late)
        elif "sheet" in sent and "letter" not in sent and late > reminder.letter_after:
            yield Due(sale, name, reminder, "letter", since, limit, late)


def rows(reading: Reading, found: Sequence[Due]) -> Iterator[dict[str, Any]]:
    """Yield a row for each reminder; whom a letter is to is read from the registers once."""
    customers, projects = _names(reading) if found else ({}, {})
    for one in found:
        yield {
            "id": one.sale.id,
            "room": one.sale.room,
            "customer": one.sale.customer,
            "rule": one.rule,
            "about": str(one.reminder.label),
            "send": one.what,
            "to": filled(one.text.to, _values(one, customers, projects)),
            "since": one.since,
            "due": one.due,
            "late": one.late,
            "salesperson": one.sale.salesperson,
        }


def send(app: App) -> sales.Step:
    """Return the step that notes on a sale the reminders that are sent today; refuses where none is due."""
    known = load(app)

    def step(sale: Sale) -> Sale:
        found = list(_of_sale(known, sale, app.today))
        if not found:
            said = _("sale {id}: no reminder is due")
            raise Refused(said.format(id=sale.id), _("`cskit property sale reminders` lists those that are"))
        for one in found:
            sale = sales.reminded(app, sale, one.what, one.rule)
        return sale

    return step


# --- on paper ----------------------------------------------------------------------------------------------


class _Named(msgspec.Struct, frozen=True, gc=False):
    id: str
    name: str


def sheets(app: App, reading: Reading, found: Sequence[Due]) -> list[Sheet]:
    """Return reminders as sheets of paper, one for each; reads each table once."""
    customers, projects = _names(reading)
    return [_sheet(app, one, customers, projects) for one in found]


def _names(reading: Reading) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the names of customers and of projects by id."""
    held = []
    for table in ("customers", PROJECTS):
        decode = decoder(table, _Named)
        held.append({one.id: one.name for one in map(decode, reading.read(table))})
    return held[0], held[1]


def _values(one: Due, customers: Mapping[str, str], projects: Mapping[str, str]) -> dict[str, str]:
    """Return what the placeholders of a reminder stand for."""
    sale = one.sale
    return {
        "customer": customers.get(sale.customer, sale.customer),
        "room": sale.room,
        "project": projects.get(sale.project, sale.project),
        "since": str(one.since),
        "due": str(one.due),
        "days": str(one.late),
        "price": f"{sale.price:,}",
        "salesperson": sale.salesperson or "",
    }


def _sheet(app: App, one: Due, customers: Mapping[str, str], projects: Mapping[str, str]) -> Sheet:
    sale, values = one.sale, _values(one, customers, projects)
    cells = [
        Cell(_("Addressed to"), filled(one.text.to, values)),
        Cell(_("Date"), str(app.today)),
        Cell(_("Project"), values["project"]),
        Cell(_("Room"), sale.room),
        Cell(_("Customer"), values["customer"]),
        Cell(_("Payment"), label(sale.payment, PAYMENTS[sale.payment])),
        Cell(_("Salesperson"), sale.salesperson or ""),
        Cell(_("Price"), values["price"]),
    ]
    title = filled(one.text.title, values)
    parts: list[Part] = [Grid(cells), Prose(filled(one.text.text, values))]
    return Sheet(
        title, parts, number=sale.id, signatures=(_("Written by"), _("Approved by"), _("Received by"))
    )


def filled(text: rules.Label, values: Mapping[str, str]) -> str:
    """Return a text in the user's language with what its placeholders stand for."""
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), str(text))


def named(what: What) -> str:
    """Return what people call a reminder's form."""
    return label(*OTHERS[what])
