"""What is written before a delivery, and said with the gift. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from cskit import Refused, _, register
from cskit.display import views
from cskit.stored import decoder
from cskit.values import text
from cskit_service import lookup, moving
from cskit_service.deliveries import deliveryrules
from cskit_service.deliveries.deliveryrules import NO_GIFT, DeliveryService
from cskit_service.deliveries.model import DELIVERIES, Delivery

if TYPE_CHECKING:
    from cskit import App


def message(app: App, name: str, *, firm: str | None = None, phone: str | None = None) -> str:
    """Return the message that tells a customer when their goods come (catalogue B6.9).

    Personal data is masked unless it is to be shown. Raises `NotFound`, and `Refused` where nobody knows the
    firm or the number to call.
    """
    delivery, texts = _one(app, name)
    rule = deliveryrules.load(app)
    number = phone or rule.phone
    if not number:
        raise _unknown("phone", _("which number is the customer to call?"))
    places = _places(app, rule, delivery, texts, firm)
    return str(rule.message).format(**{**places, "phone": number}) + "\n"


def script(app: App, name: str, *, firm: str | None = None, gift: str | None = None) -> str:
    """Return what is said when the gift is handed over, or without one; raises as `message` does."""
    delivery, texts = _one(app, name)
    rule = deliveryrules.load(app)
    code = gift or delivery.gift or (delivery.gifts[0] if delivery.gifts else NO_GIFT)
    words = rule.script.get(code, rule.script["general"])
    places = _places(app, rule, delivery, texts, firm)
    return str(words).format(**{**places, "gift": rule.titled(code)}) + "\n"


def _one(app: App, name: str) -> tuple[Delivery, Mapping[str, str]]:
    record_type = app.record_type(DELIVERIES)
    documents = register.find(app, app.reading(), record_type, [name])
    (texts,) = views.texts(app, record_type, documents)
    return decoder(DELIVERIES, Delivery)(documents[0]), texts


def _places(
    app: App, rule: DeliveryService, delivery: Delivery, texts: Mapping[str, str], firm: str | None
) -> dict[str, str]:
    if not (firm or rule.firm):
        raise _unknown("firm", _("which firm does it come from?"))
    moment = delivery.at.astimezone(app.zone)
    known = lookup.names(app.reading(), [delivery.customer])
    return {
        "name": texts.get("contact") or known.get(delivery.customer, ""),
        "sender": delivery.staff or moving.actor(app),
        "firm": firm or rule.firm,
        "day": text(moment.date(), app.zone),
        "hour": moment.strftime("%H:%M"),
        "goods": delivery.goods or _("your order"),
        "address": texts.get("address", ""),
        "phone": "",
        "gift": "",
    }


def _unknown(option: str, said: str) -> Refused:
    hint = _("say --{option}, or set {option} in [rules.delivery-service.default] of cskit.toml")
    return Refused(said, hint.format(option=option))
