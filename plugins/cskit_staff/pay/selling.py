"""What sales staff gain or lose by their targets: deductions, commissions, champions (catalogue F27).

Must not import click or a store.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from cskit import _
from cskit.stored import decoder
from cskit_staff.pay.payrules import SalesPay
from cskit_staff.people.targets import TARGETS
from cskit_staff.scores.population import Person, Population, Span

if TYPE_CHECKING:
    from cskit.store.protocol import Reading

_SEASON = 3  # months: a season is a quarter


class _Target(msgspec.Struct, frozen=True, gc=False):
    """What is needed of a stored target; see `model.Target`."""

    measure: str
    period: str
    plan: Decimal
    staff: str | None = None
    actual: Decimal | None = None


class Sold(NamedTuple):
    """What a month's selling is worth to one person; it `applies` only to sales staff."""

    applies: bool = False
    deduction: Decimal = Decimal(0)
    commission: Decimal = Decimal(0)
    champion: Decimal = Decimal(0)
    notes: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[Decimal, ...]:
        """What goes into the total."""
        return -self.deduction, self.commission, self.champion


class Sales:
    """The targets of a month's season, read once, and only where the rules are on."""

    def __init__(self, rules: SalesPay, reading: Reading, population: Population, month: Span) -> None:
        self._rules, self._month = rules, month.text
        year, number = int(month.text[:4]), int(month.text[5:])
        first = (number - 1) // _SEASON * _SEASON + 1
        self._ends = number == first + _SEASON - 1
        self._season = {f"{year}-{first + back:02d}" for back in range(_SEASON)}
        self._reached: dict[tuple[str, str], _Target] = {}
        self._sums: defaultdict[str, Decimal] = defaultdict(Decimal)
        self._on = rules.state == "on"
        if self._on:
            self._read(reading)
        self._best, self._last = self._ends_of(population) if self._on and self._ends else ({}, {})

    def _read(self, reading: Reading) -> None:
        decode = decoder(TARGETS, _Target)
        for one in map(decode, reading.read(TARGETS)):
            if one.staff is None or one.actual is None:
                continue
            if one.period == self._month:
                self._reached[one.staff, one.measure] = one
            if one.period in self._season and one.measure == self._rules.target:
                self._sums[one.staff] += one.actual

    def _ends_of(self, population: Population) -> tuple[Mapping[str, Decimal], Mapping[str, Decimal]]:
        """Return by group what the best and the last of the season have sold."""
        groups: defaultdict[str, list[Decimal]] = defaultdict(list)
        for own, amount in self._sums.items():
            person = population.people.get(own)
            if person is not None and person.position in self._rules.positions:
                groups[person.group or ""].append(amount)
        several = {group: sums for group, sums in groups.items() if len(sums) > 1}
        return {name: max(sums) for name, sums in several.items()}, {
            name: min(sums) for name, sums in several.items() if min(sums) < max(sums)
        }

    def of(self, person: Person, base: Decimal) -> Sold:
        """Return what a person's month is worth, of whose `base` pay a missed target takes a share."""
        if not self._on or person.position not in self._rules.positions:
            return Sold()
        target = self._reached.get((person.id, self._rules.target))
        notes, deduction = list[str](), Decimal(0)
        if target is None or target.actual is None:
            notes.append(_("no sales target, or nothing reached"))
        elif target.plan > 0:
            reached = 100 * target.actual / target.plan
            share = next((one.percent for one in self._rules.deductions if reached < one.below), Decimal(0))
            deduction = base * share / 100
            notes.append(_("target reached to {percent} %").format(percent=f"{reached:.1f}"))
        commission = sum(
            (
                found.actual * one.percent / 100
                for one in self._rules.commissions
                if (found := self._reached.get((person.id, one.measure))) and found.actual is not None
            ),
            Decimal(0),
        )
        champion, said = self._standing(person)
        return Sold(True, deduction, commission, champion, (*notes, *said))

    def _standing(self, person: Person) -> tuple[Decimal, list[str]]:
        """Return the champion's reward, and what the season made of a person."""
        sold, group = self._sums.get(person.id), person.group or ""
        if sold is None:
            return Decimal(0), []
        if sold == self._best.get(group):
            return self._rules.champion, [_("champion of the season")]
        return Decimal(0), [_("last of the season")] if sold == self._last.get(group) else []
