"""Calls scored by a sheet: what is given for each item, what it comes to, who may score what.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, NamedTuple

from cskit import Conflict, Refused, Usage, _, register
from cskit.nouns import listed, shortened
from cskit.stored import decoder
from cskit_calls import assessments, roster, samples, scoresheets
from cskit_calls.qamodel import Assessment, ItemScore

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Transaction
    from cskit_calls.scoresheets import ScoreSheet

_CENTS = Decimal("0.01")
_SHOWN = 8


class Given(NamedTuple):
    """What somebody gave for an item: points, None where it does not apply; and what they said to it."""

    code: str
    got: Decimal | None
    note: str | None = None


class Total(NamedTuple):
    """What a sheet comes to, 0 to 100: `raw` without, `total` with critical items that were failed."""

    raw: Decimal
    total: Decimal


class Wish(NamedTuple):
    """How a call is to be scored; `rest` gives all points for items of which nothing is said.

    A `violation` proposes a penalty of the agent, of an `amount` where one is known.
    """

    call: str
    sheet: str | None = None
    given: Sequence[Given] = ()
    rest: bool = False
    comment: str | None = None
    violation: str | None = None
    amount: Decimal | None = None


def total(items: Sequence[ItemScore]) -> Total:
    """Return what the items come to: points of those that apply, in per cent, to two places, half up.

    A critical item that is not met in full makes the total 0. Raises `Refused` where none applies.
    """
    worth = sum((one.points for one in items if one.got is not None), Decimal(0))
    if not worth:
        raise Refused(_("no item of the sheet applies, so there is no score"))
    got = sum((one.got for one in items if one.got is not None), Decimal(0))
    raw = (100 * got / worth).quantize(_CENTS, ROUND_HALF_UP)
    return Total(raw, Decimal("0.00") if any(one.failed for one in items) else raw)


def score(app: App, tx: Transaction, wish: Wish) -> Assessment:
    """Keep how somebody scored a call; a violation proposes a penalty in the same transaction.

    Raises `NotFound` for a call or sheet, `Refused` for a call of one's own or that nobody answered, `Usage`
    where items are missing, `Conflict` where the same person scored the call before.
    """
    (document,) = register.find(app, tx, app.record_type(samples.CALLS), [wish.call])
    call = decoder(samples.CALLS, samples.Heard)(document)
    who = roster.actor(app)
    if call.staff is None or call.at is None:
        raise Refused(_("{call}: nobody answered it, so there is nothing to score").format(call=call.id))
    if call.staff in (app.staff, app.user):
        raise Refused(
            _("{call} is {who}'s own call").format(call=call.id, who=who), _("nobody scores their own calls")
        )
    others = [one for one in assessments.every(tx) if one.call == call.id]
    rule = scoresheets.load(app, _sheet(app, call.id, others, wish.sheet))
    again = [one.id for one in others if one.scorer in (app.staff, app.user)]
    if again:
        said = _("{who} scored {call} before: {id}")
        raise Conflict(said.format(who=who, call=call.id, id=again[0]), _("`cskit undo` takes a score back"))
    items = _items(rule.value, wish)
    reached = total(items)
    built = Assessment(
        id="-",
        call=call.id,
        staff=call.staff,
        on=call.at.astimezone(app.zone).date(),
        sheet=rule.name,
        sheet_hash=rule.hash,
        scorer=who,
        scored_at=app.now,
        items=items,
        raw=reached.raw,
        total=reached.total,
        calibration=bool(others),
        comment=wish.comment,
        violation=wish.violation,
        penalty=_penalty(app, tx, call.staff, call.id, wish),
    )
    made = register.insert(tx, app.record_type(assessments.TABLE), built)
    assert isinstance(made, Assessment)  # noqa: S101 - its table's records
    return made


def sheet_of(app: App, call: str, wanted: str | None) -> ScoreSheet:
    """Return the sheet by which a call is to be scored, so that what is given can be read by it.

    Raises as `score` does.
    """
    others = [one for one in assessments.every(app.reading()) if one.call == call]
    found: ScoreSheet = scoresheets.load(app, _sheet(app, call, others, wanted)).value
    return found


def _sheet(app: App, call: str, others: Sequence[assessments.Scored], wanted: str | None) -> str:
    """Return the sheet to score by: that of who scored the call first, or the one that is named or alone."""
    name = scoresheets.load(app, wanted).name if wanted else None
    if others:
        first = others[0].sheet
        if name not in (None, first):
            said = _("{call} was scored by the sheet {sheet}")
            raise Refused(said.format(call=call, sheet=first), _("two scores are compared item by item"))
        return first
    if name:
        return name
    known = scoresheets.all_of(app)
    if len(known) != 1:
        raise Usage(_("by which sheet?"), _("--sheet is one of {names}").format(names=listed(known)))
    return next(iter(known))


def _items(sheet: ScoreSheet, wish: Wish) -> list[ItemScore]:
    said = {one.code: one for one in wish.given}
    missing = [item.code for item in sheet.items() if item.code not in said]
    if missing and not wish.rest:
        raise Usage(
            _("not scored: {items}").format(items=shortened(missing, _SHOWN)),
            _("give each as --item {item}=POINTS, or --rest-ok where all else is right").format(
                item=missing[0]
            ),
        )
    return [_item(item.code, Decimal(item.points), item.critical, said) for item in sheet.items()]


def _item(code: str, points: Decimal, critical: bool, said: Mapping[str, Given]) -> ItemScore:
    given = said.get(code, Given(code, points))
    return ItemScore(code=code, points=points, critical=critical, got=given.got, note=given.note)


def _penalty(app: App, tx: Transaction, staff: str, call: str, wish: Wish) -> str | None:
    """Propose a penalty for a violation where the staff's plugin is there; return its id."""
    if wish.violation is None:
        return None
    propose = app.actions.get("staff.penalty")
    if propose is None:
        return None
    found: str = propose(tx, staff=staff, what=wish.violation, amount=wish.amount, about=call)
    return found
