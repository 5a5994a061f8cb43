"""Score cards as they are kept: found by person and month, shown line by line, led back to their records.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import NotFound, _
from cskit.stored import decoder
from cskit_staff.scores import measuring, schemes
from cskit_staff.scores.assessment import Indicator, ScoreCard
from cskit_staff.scores.measuring import Measured
from cskit_staff.scores.population import Population, Span

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading

CARDS = "staff_cards"
_CENT = Decimal("0.01")


class Held(NamedTuple):
    """A stored card and its document's number."""

    number: int
    card: ScoreCard


class _Month(msgspec.Struct, gc=False):
    month: str = ""


class _OfMonths:
    """A store's filter for the cards of some months."""

    model: type[msgspec.Struct] = _Month

    def __init__(self, months: Collection[str]) -> None:
        self._months = set(months)
        self.anchors: tuple[bytes, ...] = (
            (b'"month":' + msgspec.json.encode(next(iter(months))),) if len(months) == 1 else ()
        )

    def matches(self, document: Any) -> bool:
        return document.month in self._months


def of_months(reading: Reading, months: Collection[str]) -> dict[tuple[str, str], Held]:
    """Return the cards of some months by staff id and month, from one pass over the table."""
    decode = decoder(CARDS, ScoreCard)
    found = {}
    for document in reading.read(CARDS, where=_OfMonths(months)):
        card = decode(document)
        found[card.staff, card.month] = Held(document.number, card)
    return found


def card_of(app: App, name: str, month: Span) -> ScoreCard:
    """Return a person's card of a month; raises `NotFound` where there is none."""
    (person,) = Population(app, app.reading()).named([name])
    held = of_months(app.reading(), month.months).get((person.id, month.text))
    if held is None:
        raise NotFound(
            _("{id} {name} has no score card of {month}").format(
                id=person.id, name=person.name, month=month.text
            ),
            _("`cskit staff score --month {month}` makes them").format(month=month.text),
        )
    return held.card


def lines(app: App, card: ScoreCard) -> Iterator[dict[str, Any]]:
    """Yield a row for each indicator of a card and one for their sum; points are of 100."""
    known = schemes.load(app).get(card.scheme)
    for line in card.indicators:
        declared = known.scheme.indicator(line.code) if known else None
        row = {
            "id": card.id,
            "code": line.code,
            "indicator": str(declared.label) if declared else line.code,
            "weight": line.weight,
            "value": line.raw,
            "n": line.n,
            "lower": line.lower,
            "score": line.score,
            "points": None if line.score is None else (line.weight * line.score / 100).quantize(_CENT),
            "origin": line.origin,
            "note": _note(app, declared, line),
        }
        yield {name: value for name, value in row.items() if value is not None and value != ""}
    total = {"id": card.id, "code": "total", "indicator": _("Total"), "weight": Decimal(100)}
    yield total | ({} if card.total is None else {"points": card.total}) | {"note": _state(card)}


def _note(app: App, declared: schemes.Indicator | None, line: Indicator) -> str:
    if line.origin == "entered":
        return _("entered by {who}").format(who=line.by)
    if line.origin == "missing" and declared is not None:
        return _("missing: {what}").format(what=measuring.why_missing(app, declared, line.missing))
    return _("few records: take it with care") if line.few else ""


def _state(card: ScoreCard) -> str:
    if card.confirmed_by is not None:
        return _("confirmed by {who}").format(who=card.confirmed_by)
    return _("draft, scored by {who}").format(who=card.scored_by)


def behind(app: App, card: ScoreCard, month: Span) -> tuple[list[dict[str, Any]], list[str]]:
    """Return a row for each record behind a card's computed indicators, and which of them have changed since.

    The records are those that count now; --as-of shows those that counted then.
    """
    known = schemes.load(app).get(card.scheme)
    if known is None:
        raise NotFound(_("there is no KPI scheme '{name}' any more").format(name=card.scheme))
    measured = Measured(app, [card.staff], known.scheme.facts, month.period)
    rows: list[dict[str, Any]] = []
    moved = []
    for line in card.indicators:
        declared = known.scheme.indicator(line.code)
        if declared is None or line.origin != "facts":
            continue
        rows += _records(measured.evidence, declared, card.staff)
        if measured.figure(declared, card.staff).value != line.raw:
            moved.append(str(declared.label))
    return rows, moved


def _records(
    evidence: Mapping[tuple[str, str], Any], declared: schemes.Indicator, own: str
) -> Iterator[dict[str, Any]]:
    for fact in declared.facts:
        counted = evidence.get((fact, own))
        for record in counted.ids if counted else ():
            yield {
                "code": declared.code,
                "indicator": str(declared.label),
                "fact": fact,
                "about": counted.about if counted else "",
                "record": record,
            }
