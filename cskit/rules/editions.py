"""What a rule said from when on: its values, kept as records where results depend on them.

A plugin whose results are reckoned anew each time, such as clocks, declares a record type of `Edition` with a
table of its own, and calls `note` wherever its records change. Results that are recorded themselves keep
`Rule.stamp` beside them instead. Must not import click or a store.
"""

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from cskit.records import Record, field
from cskit.rules.laying import Rule, survey
from cskit.stored import decoder

if TYPE_CHECKING:
    from cskit.app import App
    from cskit.store.protocol import Reading, Transaction


class Edition(Record, kw_only=True, frozen=True):
    """What one rule said from a time on, until the next edition; `values` are its values as JSON."""

    kind: Annotated[str, field("Kind of rule", "规则类型")]
    name: Annotated[str, field("Rule", "规则")]
    since: Annotated[dt.datetime, field("Since", "生效时间")]
    hash: Annotated[str, field("Hash", "校验码")]
    values: Annotated[str, field("Values", "规则内容")]


def text(rule: Rule) -> str:
    """Return what a rule says, with what the settings change of it, as JSON in the order of its file."""
    return msgspec.json.encode(rule.values).decode()


def held(reading: "Reading", table: str, kind: str, name: str) -> list[Edition]:
    """Return the editions of a rule that a table holds, in the order in which they came into force."""
    decode = decoder(table, Edition)
    found = [one for one in map(decode, reading.read(table)) if (one.kind, one.name) == (kind, name)]
    return sorted(found, key=lambda one: one.since)


def current(app: "App", kind: str, name: str) -> Rule | None:
    """Return a rule as it is now, None where there is none or anything is wrong with its kind."""
    found = survey(app, kind)
    return None if found.faults else found.rules.get(name)


def note(app: "App", tx: "Transaction", table: str, kind: str, name: str) -> None:
    """Keep what a rule says now, unless that is what it said last.

    A rule that cannot be read is kept as soon as it can be: who registers a complaint does not wait for it.
    """
    rule = current(app, kind, name)
    if rule is None:
        return
    known = held(tx, table, kind, name)
    said = text(rule)
    if known and known[-1].values == said:
        return
    from cskit import register

    since = max([app.now, *(one.since for one in known[-1:])])
    made = Edition(id="-", kind=kind, name=name, since=since, hash=rule.stamp, values=said)
    register.insert(tx, app.record_type(table), made)


def as_model(edition: Edition, model: Any) -> Any:
    """Return what an edition says as its kind's model; raises `ValidationError` where that has changed."""
    return msgspec.json.decode(edition.values, type=model, strict=False)
