"""Spot checks: items drawn, results put down, findings that open rectifications.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import Refused, _, edits, ngettext, register
from cskit.stored import decoder
from cskit_property import limits
from cskit_property.checks import drawing, rectifications, scores, standards
from cskit_property.checks.inspection import Check, Item, Rectification
from cskit_property.checks.results import Result

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Transaction

TABLE = scores.CHECKS


class Wish(NamedTuple):
    """What a check is to be: of which project, by which standard; how many items, None for all."""

    project: str
    standard: str
    items: int | None = None
    seed: int | None = None
    on: dt.date | None = None
    checker: str | None = None
    note: str | None = None


def draw(app: App, tx: Transaction, wish: Wish) -> Check:
    """Draw the items of a new check; without a seed one is chosen and kept, so that it can be drawn again.

    Raises `NotFound` for a standard that there is not, `BadRows` for a project that there is not.
    """
    rule = standards.load(app, wish.standard)
    places = {place.item.code: place for place in rule.value.placed()}
    seed = wish.seed if wish.seed is not None or wish.items is None else secrets.randbelow(10**6)
    codes = list(places)
    if wish.items is not None and seed is not None:
        codes = drawing.drawn({code: one.area.code for code, one in places.items()}, wish.items, seed)
    values = {
        "project": wish.project,
        "standard": rule.name,
        "rule_hash": rule.hash,
        "on": wish.on or app.today,
        "checker": wish.checker or app.staff or app.user,
        "seed": seed if wish.items is not None else None,
        "items": [
            Item(code=code, points=places[code].points, serious=places[code].item.serious) for code in codes
        ],
        "note": wish.note,
    }
    given = {name: value for name, value in values.items() if value is not None}
    made = register.create(app, tx, app.record_type(TABLE), given)
    assert isinstance(made, Check)  # noqa: S101 - its table's records
    return made


class Recorded(NamedTuple):
    """A check after results were put down, and the rectifications that its findings opened."""

    check: Check
    opened: Sequence[str]


def record(
    app: App, tx: Transaction, name: str, results: Sequence[Result], *, rest: bool = False
) -> Recorded:
    """Put down how items of a check were found; each finding opens a rectification in the same transaction.

    `rest` keeps all points of the items that nothing is said of. Once every item is known, the check has its
    score. Raises `Refused` for items that were put down before.
    """
    (document,) = register.find(app, tx, app.record_type(TABLE), [name])
    before = decoder(TABLE, Check)(document)
    said = {result.code: result for result in results}
    again = [item.code for item in before.items if item.code in said and item.recorded]
    if again:
        raise Refused(
            _("check {id}: already recorded: {items}").format(id=before.id, items=", ".join(again)),
            _("`cskit undo` takes the last record back"),
        )
    items = [_with(item, said.get(item.code), rest) for item in before.items]
    after = concluded(msgspec.structs.replace(before, items=items), limits.load(app).serious_cap)
    tx.replace(TABLE, document.number, edits.merge(after, msgspec.json.decode(document.raw)))
    fresh = [item for item, old in zip(items, before.items, strict=True) if item.wrong and not old.recorded]
    titles = standards.placed(app, after.standard)
    opened = [
        rectifications.open_one(
            app,
            tx,
            project=after.project,
            finding=item.finding or (str(titles[item.code].item.label) if item.code in titles else item.code),
            about=after.id,
            item=item.code,
            serious=item.serious,
        )
        for item in fresh
    ]
    return Recorded(after, opened)


def _with(item: Item, result: Result | None, rest: bool) -> Item:
    if result is None:
        return msgspec.structs.replace(item, kept=item.points) if rest and not item.recorded else item
    return msgspec.structs.replace(
        item,
        kept=None if result.kept is None else min(result.kept, item.points),
        applies=result.kept is not None,
        serious=item.serious or result.serious,
        finding=result.finding,
        photos=list(result.photos),
    )


def concluded(check: Check, cap: int) -> Check:
    """Return a check with its findings counted, and its score if every item is known."""
    wrong = [item for item in check.items if item.wrong]
    done = all(item.recorded for item in check.items)
    return msgspec.structs.replace(
        check,
        findings=len(wrong),
        serious=sum(item.serious for item in wrong),
        score=scores.score(check.items, cap),
        state="recorded" if done else "drawn",
    )


def one(app: App, name: str) -> Check:
    """Return the check that is called `name`; raises `NotFound`."""
    (document,) = register.find(app, app.reading(), app.record_type(TABLE), [name])
    return decoder(TABLE, Check)(document)


def rows(app: App, check: Check, *, left: bool = False) -> Iterator[dict[str, Any]]:
    """Yield a row for each item of a check, with what is known of it; `left`: only what is not."""
    titles = standards.placed(app, check.standard)
    for item in check.items:
        if left and item.recorded:
            continue
        place = titles.get(item.code)
        row: dict[str, Any] = {
            "item": item.code,
            "area": str(place.area.label) if place else None,
            "text": str(place.item.label) if place else None,
            "points": item.points,
            "serious": item.serious or None,
            "kept": item.kept if item.applies else _("n/a"),
            "finding": item.finding,
            "photos": item.photos or None,
        }
        yield {name: value for name, value in row.items() if value is not None}


def opened(tx: Transaction, done: Recorded) -> Iterator[dict[str, Any]]:
    """Yield a row for each rectification that the findings of a check opened."""
    if not done.opened:
        return
    decode = decoder(rectifications.TABLE, Rectification)
    for one in map(decode, tx.read(rectifications.TABLE, ids=done.opened)):
        row = {
            "id": one.id,
            "item": one.item,
            "finding": one.finding,
            "serious": one.serious or None,
            "due": one.due,
        }
        yield {name: value for name, value in row.items() if value is not None}


def told(done: Recorded) -> str:
    """Say how a check came out."""
    check = done.check
    if check.score is None:
        left = sum(not item.recorded for item in check.items)
        if left:
            said = ngettext(
                "{id}: {count} item still to be recorded", "{id}: {count} items still to be recorded", left
            )
            return said.format(id=check.id, count=left)
        return _("{id}: no item applies, so there is no score").format(id=check.id)
    said = _("{id}: score {score}, findings {findings}, of them serious {serious}")
    return said.format(id=check.id, score=check.score, findings=check.findings, serious=check.serious)
