"""How goods are brought: attendants and gifts by tier, the words for it. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import msgspec

from cskit import _, rules
from cskit.rules import Label
from cskit_service.entitled import Rights

if TYPE_CHECKING:
    import datetime as dt

    from cskit import App

KIND = "delivery-service"
NO_GIFT = "none"
Positive = Annotated[int, msgspec.Meta(ge=1)]
Reminder = Literal["store", "service"]


class Usual(msgspec.Struct, frozen=True):
    """What a customer without a grade gets."""

    attendants: list[str]
    gifts: list[str]
    reminder: Reminder


class DeliveryService(msgspec.Struct, frozen=True):
    """A rule file of the kind delivery-service; the shipped one says where each number comes from."""

    scheme: str
    days: Positive
    maintenance_months: Positive
    remind_days: Annotated[int, msgspec.Meta(ge=0)]
    firm: str
    phone: str
    usual: Usual
    titles: dict[str, Label]
    message: Label
    script: dict[str, Label]

    def __post_init__(self) -> None:
        """Refuse words with places that there are not."""
        for label in (self.message, *self.script.values()):
            for text in (label.en, label.zh):
                try:
                    text.format_map(dict.fromkeys(PLACES, ""))
                except (KeyError, IndexError, ValueError) as error:
                    said = _("unknown place {place}; there are {places}")
                    raise ValueError(said.format(place=error, places=_(", ").join(PLACES))) from None

    def code(self, word: str) -> str:
        """Return the code that a word means: a title in either language, else itself."""
        known = {text: code for code, label in self.titles.items() for text in (label.en, label.zh)}
        return known.get(word, word)

    def titled(self, code: str) -> str:
        """Return what people call an attendant or a gift."""
        return str(self.titles.get(code, code))


PLACES = ("name", "sender", "firm", "day", "hour", "goods", "address", "phone", "gift")


class Entitled(NamedTuple):
    """What a customer's tier brings: who comes along, in the order of asking, gifts with the best first."""

    tier: str | None
    attendants: list[str]
    gifts: list[str]
    given: Mapping[str, dt.date]
    days: int
    reminder: Reminder


def titles(app: App) -> dict[str, dict[str, str]]:
    """Return what people see of attendants and gifts; see `RecordType.titles`."""
    rule = load(app)
    known = {code: str(label) for code, label in rule.titles.items() if rule.code(str(label)) == code}
    return {"gift": known, "gifts": known, "attendants": known}


def codes(app: App) -> dict[str, Callable[[str], str]]:
    """Return what finds the code of an attendant or a gift that a condition names."""
    rule = load(app)
    return {"gift": rule.code, "gifts": rule.code, "attendants": rule.code}


def load(app: App) -> DeliveryService:
    """Return the rules in force."""
    found: DeliveryService = rules.load(app, KIND)["default"].value
    return found


def entitled(rule: DeliveryService, rights: Rights) -> Entitled:
    """Return what follows from a customer's tier today; what is usual where they have none."""
    usual, held = rule.usual, rights.get(rule.scheme)
    if held is None:
        return Entitled(None, usual.attendants, usual.gifts, {}, rule.days, usual.reminder)
    gifts = held.get("gifts", [])
    return Entitled(
        held["grade"],
        held.get("attendants", []),
        [one["gift"] for one in gifts],
        {one["gift"]: one["last"] for one in gifts if one["last"] is not None},
        held.get("service_days", rule.days),
        held.get("reminder", usual.reminder),
    )
