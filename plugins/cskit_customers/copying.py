"""The copy of all that is kept of a customer, which a person may ask for. Must not import click."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import masking, records, register, stored, timeline
from cskit.i18n import label
from cskit.nouns import noun
from cskit.records.masks import of_model
from cskit.references import pointers

if TYPE_CHECKING:
    from cskit import App
    from cskit.declarations import RecordType
    from cskit.store.protocol import Document, Reading


class Kept(NamedTuple):
    """One record that is kept of a customer: its type, id and fields, masked unless they may be shown."""

    record_type: RecordType
    id: str
    fields: Mapping[str, Any]


class Copy(NamedTuple):
    """All that is kept of a customer: records of every plugin, and events that none of these records tell."""

    records: list[Kept]
    events: list[dict[str, Any]]
    masked: bool


def of_customer(app: App, name: str) -> Copy:
    """Gather all records about one customer, the card first; raises `NotFound`.

    Records that are another customer's first, such as an order that this one referred, are left out: they
    are about somebody else. Without --reveal personal data is masked; with it, the history notes the look.
    """
    reading, record_type = app.reading(), app.record_type("customers")
    (card,) = register.find(app, reading, record_type, [name])
    own = register.id_of(card)
    app.plugins.refuse_missing(reading.tables())  # whose records would be missing in the copy
    found = [(record_type, card), *_about(app, reading, own)]
    kept = [_kept(app, one, document) for one, document in found]
    if app.options.reveal:
        looks: dict[str, list[str]] = {}
        for held in kept:
            if of_model(app.model(held.record_type.table)):
                looks.setdefault(held.record_type.table, []).append(held.id)
        masking.note(app, looks)
    told = {(held.record_type.command, held.id) for held in kept}
    events = [
        event._asdict()
        for event in timeline.collect(app, "customer", own)
        if (event.about, event.id) not in told
    ]
    return Copy(kept, events, not app.options.reveal)


def _about(app: App, reading: Reading, own: str) -> Iterator[tuple[RecordType, Document]]:
    """Yield what names the customer and nobody else; each table that may is read once."""
    for pointer in pointers(app, reading, "customers", [own]):
        if set(pointer.held.values()) == {own}:
            yield app.record_type(pointer.table), pointer.document


def _kept(app: App, record_type: RecordType, document: Document) -> Kept:
    held = msgspec.json.decode(document.raw, strict=True)
    model = app.model(record_type.table)
    record = stored.decoder(record_type.table, model)(document)
    typed = msgspec.to_builtins(record, builtin_types=_EXACT)
    mask_of: Callable[[str], Any] = masking.by_field(app, record_type.table)
    values = {}
    for name in held:
        value = typed.get(name, held[name])
        mask = None if app.options.reveal else mask_of(name)
        values[name] = value if mask is None else mask.hide(value)
    return Kept(record_type, record.id, values)


_EXACT = (dt.date, dt.datetime, Decimal)


# --- as it is written --------------------------------------------------------------------------------------


def nested(copy: Copy) -> dict[str, Any]:
    """Return the copy as one object: table → records, and the events."""
    found: dict[str, Any] = {}
    for held in copy.records:
        found.setdefault(held.record_type.table, []).append(dict(held.fields))
    return found | ({"events": copy.events} if copy.events else {})


def nouns(app: App) -> dict[str, str]:
    """Return what records are called, in the user's language, by their noun as typed."""
    return {one.command: noun(one, 1) for one in app.plugins.record_types.values()}


def rows(copy: Copy, app: App) -> Iterator[dict[str, Any]]:
    """Yield a row for each field of each record, with its title, for whoever reads tables."""
    for held in copy.records:
        known = records.fields(app.model(held.record_type.table))
        for name, value in held.fields.items():
            if name == "schema":
                continue
            info = known.get(name)
            yield {
                "record": noun(held.record_type, 1),
                "id": held.id,
                "field": label(info.en, info.zh) if info else name,
                "value": label(value, info.choices.get(value, value))
                if info and info.kind == "choice"
                else value,
            }
    called = nouns(app)
    for event in copy.events:
        about = called.get(event["about"], event["about"])
        yield {"record": about, "id": event["id"], "field": event["at"], "value": event["what"]}
