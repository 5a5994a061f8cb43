"""The lines of a settlement: as people type them, and as a project's areas and rates make them.

Must not import click or a store.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

import msgspec

from cskit import Refused, Usage, _, amounts
from cskit.records import Field, parse
from cskit_property.settlements.moneymodel import Line, LineKind

_FACTOR = re.compile(r"\s*[*×]\s*")
_NUMBER = Field("amount", Decimal, "decimal", True, None, "", "")


class Asked(NamedTuple):
    """What is to be put on a settlement, as typed; `drop` are the numbers of lines that are to go."""

    fees: Sequence[str] = ()
    additions: Sequence[str] = ()
    deductions: Sequence[str] = ()
    adjustments: Sequence[str] = ()
    drop: Sequence[int] = ()


def typed(asked: Asked) -> list[Line]:
    """Return the lines that options say; raises `Usage` with every one that cannot be read.

    A fee or an addition is TEXT=RATE*AREA*MONTHS, TEXT=QUANTITY*PRICE or TEXT=AMOUNT. A deduction is typed as
    the amount that is taken off; an adjustment has its sign.
    """
    found: list[Line] = []
    faults: list[str] = []
    given: tuple[tuple[str, LineKind, Sequence[str]], ...] = (
        ("--fee", "fee", asked.fees),
        ("--add", "addition", asked.additions),
        ("--deduct", "deduction", asked.deductions),
        ("--adjust", "adjustment", asked.adjustments),
    )
    for option, kind, texts in given:
        for text in texts:
            try:
                found.append(_line(text, kind))
            except ValueError as error:
                faults.append(_("{option} '{text}': {fault}").format(option=option, text=text, fault=error))
    if faults:
        hint = _("such as '--fee 保洁费=1.80*12000*3', '--fee 盆栽=20*35.50' or '--deduct 漏检两次=500'")
        raise Usage("; ".join(faults), hint)
    return found


def _line(text: str, kind: LineKind) -> Line:
    said, equals, written = text.rpartition("=")
    if not equals or not said.strip():
        raise ValueError(_("expected TEXT=AMOUNT"))
    factors = [_number(part) for part in _FACTOR.split(written.strip())]
    if kind in ("deduction", "adjustment"):
        return _lump(said.strip(), kind, factors)
    names = {1: ("amount",), 2: ("units", "rate"), 3: ("rate", "area", "months")}.get(len(factors))
    if names is None:
        raise ValueError(_("expected at most three factors: rate, area and months"))
    _refuse_not_above(names, factors)
    amount = amounts.product(*factors)
    _refuse_too_much(amount)
    line = Line(text=said.strip(), kind=kind, amount=amount)
    parts = dict(zip(names, factors, strict=True)) if len(factors) > 1 else {}
    return msgspec.structs.replace(line, **parts)


def _number(text: str) -> Decimal:
    number: Decimal = parse(_NUMBER, text, dt.UTC)
    return number


def _lump(said: str, kind: LineKind, factors: Sequence[Decimal]) -> Line:
    if len(factors) != 1:
        raise ValueError(_("expected one amount"))
    amount = amounts.fen(factors[0]) if abs(factors[0]) < amounts.MOST else amounts.MOST
    _refuse_too_much(amount)
    if kind == "deduction":
        _refuse_not_above(("amount",), factors)
        amount = -amount
    if not amount:
        raise ValueError(_("the amount is nothing"))
    return Line(text=said, kind=kind, amount=amount)


_TITLES = {
    "amount": lambda: _("the amount"),
    "units": lambda: _("the quantity"),
    "rate": lambda: _("the rate"),
    "area": lambda: _("the area"),
    "months": lambda: _("the number of months"),
}


def _refuse_not_above(names: Sequence[str], factors: Sequence[Decimal]) -> None:
    for name, factor in zip(names, factors, strict=True):
        if factor <= 0:
            raise ValueError(_("{what} {value} is not above zero").format(what=_TITLES[name](), value=factor))
        if factor >= amounts.MOST:
            raise ValueError(_("{what} is too large").format(what=_TITLES[name]()))


def _refuse_too_much(amount: Decimal) -> None:
    if abs(amount) >= amounts.MOST:
        raise ValueError(_("{what} is too large").format(what=_TITLES["amount"]()))


# --- from the project --------------------------------------------------------------------------------------


class Rated(msgspec.Struct, frozen=True, gc=False):
    """What a settlement needs of a stored project; areas in m², rates per m² and month."""

    id: str
    name: str
    company: str | None = None
    residential_area: Decimal | None = None
    other_area: Decimal | None = None
    residential_rate: Decimal | None = None
    other_rate: Decimal | None = None


def of_project(project: Rated, item: str, first: dt.date, last: dt.date) -> list[Line]:
    """Return the lines of a project's areas at its rates, for a period of whole months.

    Raises `Refused` where the project has no area with a rate, or the period is no whole months.
    """
    parts = (
        (_("{item}, residential"), project.residential_rate, project.residential_area),
        (_("{item}, other premises"), project.other_rate, project.other_area),
    )
    rated = [(said, rate, area) for said, rate, area in parts if rate and area]
    if not rated:
        raise Refused(
            _("project {id} has no area with a rate").format(id=project.id),
            _("give lines with --fee, or `cskit property project set {id} residential_rate=…`").format(
                id=project.id
            ),
        )
    months = whole_months(first, last)
    if months is None:
        said = _("{first} to {last} is no number of whole months, so the project's rates say nothing")
        raise Refused(said.format(first=first, last=last), _("give lines with --fee"))
    found = []
    for said, rate, area in rated:
        if rate < 0 or area < 0:
            raise Refused(
                _("project {id}: the area {area} at the rate {rate} is below zero").format(
                    id=project.id, area=area, rate=rate
                ),
                _("correct it with `cskit property project set {id} …`").format(id=project.id),
            )
        amount = amounts.product(rate, area, Decimal(months))
        text = said.format(item=item)
        found.append(Line(text=text, rate=rate, area=area, months=Decimal(months), amount=amount))
    return found


def whole_months(first: dt.date, last: dt.date) -> int | None:
    """Return how many months a period has, None where it begins or ends inside one."""
    if first.day != 1 or last.day != calendar.monthrange(last.year, last.month)[1]:
        return None
    return (last.year - first.year) * 12 + last.month - first.month + 1
