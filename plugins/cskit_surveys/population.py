"""Who can be asked in a round: the records of a kind, and what each answer is looked at by.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import Period, Usage, _
from cskit.records import Field, fields
from cskit.stored import decoder

if TYPE_CHECKING:
    from cskit import App, RecordType
    from cskit.store.protocol import Filter, Reading

CARRIED = {  # what a response takes along from the record it is about → fields it may stand in
    "staff": ("staff", "handler", "engineer", "owner"),
    "department": ("department",),
    "project": ("project",),
    "region": ("region",),
}


class Wish(NamedTuple):
    """What a round is to be: which questionnaire, asked of whom, how many of them.

    `on` names the field of the population that `period` narrows; without it the period is only noted.
    `cooldown` leaves out customers who were sampled in the last so many days.
    """

    questionnaire: str
    population: str
    title: str | None = None
    where: Filter | None = None
    condition: str | None = None
    period: Period = Period()
    on: str | None = None
    size: str = "auto"
    confidence: Decimal = Decimal("0.95")
    margin: Decimal = Decimal("0.05")
    seed: int | None = None
    stratify: str | None = None
    cooldown: int = 0
    due: dt.date | None = None


class Member(msgspec.Struct, frozen=True, gc=False):
    """One of a population: the record's id, and what its answer is looked at by."""

    record: str
    customer: str | None
    stratum: str
    carried: Mapping[str, str]


def named(app: App, name: str) -> RecordType:
    """Return the record type that a population is called by, as typed ("customer order") or by its table."""
    for record_type in app.plugins.record_types.values():
        if name in (record_type.command, record_type.table):
            return record_type
    return app.record_type(name)


def members(app: App, reading: Reading, record_type: RecordType, wish: Wish) -> Iterator[Member]:
    """Yield everybody of a population who fits the wish, from one pass over its table."""
    known = fields(app.model(record_type.table))
    customer = _customer_field(record_type, known)
    held = _held(known)
    stratify = _plain_field(known, wish.stratify, "--stratify")
    on = _day_field(known, wish.on) if wish.on else None
    wanted = {name for name in (customer, stratify, on, *held.values()) if name}
    small = msgspec.defstruct(
        "Member", [("id", str), *((name, Any, None) for name in sorted(wanted - {"id"}))], gc=False
    )
    decode = decoder(record_type.table, small)
    for document in reading.read(record_type.table, where=wish.where):
        found: Any = decode(document)
        if on and not _in_period(app, getattr(found, on), wish.period):
            continue
        carried = {name: str(value) for name, held_in in held.items() if (value := getattr(found, held_in))}
        stratum = "" if stratify is None else str(getattr(found, stratify) or "")
        yield Member(found.id, getattr(found, customer) if customer else None, stratum, carried)


def _customer_field(record_type: RecordType, known: Mapping[str, Field]) -> str | None:
    if record_type.table == "customers":
        return "id"
    return next((info.name for info in known.values() if info.ref == "customers"), None)


def _held(known: Mapping[str, Field]) -> dict[str, str]:
    found = {}
    for name, places in CARRIED.items():
        place = next((one for one in places if one in known and known[one].kind in ("text", "choice")), None)
        if place:
            found[name] = place
    return found


def _plain_field(known: Mapping[str, Field], name: str | None, option: str) -> str | None:
    if name is None:
        return None
    if name not in known or known[name].kind not in ("text", "choice", "boolean", "integer"):
        usable = [one.name for one in known.values() if one.kind in ("choice", "boolean")]
        raise Usage(
            _("{option} {name}: the population has no such field with few values").format(
                option=option, name=name
            ),
            _("there are {names}").format(names=", ".join([*CARRIED, *usable])),
        )
    return name


def _day_field(known: Mapping[str, Field], name: str) -> str:
    days = [info.name for info in known.values() if info.kind in ("date", "time")]
    if name not in days:
        raise Usage(
            _("--on {name}: the population has no such field with a day").format(name=name),
            _("there are {names}").format(names=", ".join(days)),
        )
    return name


def _in_period(app: App, text: str | None, period: Period) -> bool:
    if not text:
        return False
    if len(text) > len("2026-10-31"):
        return period.holds(dt.datetime.fromisoformat(text).astimezone(app.zone).date())
    return period.holds(dt.date.fromisoformat(text))
