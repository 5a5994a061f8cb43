"""What follows from customers' grades, where a plugin keeps them. Must not import click or a store.

The action tells of one customer at a time, and reads the grades for it. So where several customers are asked
for, the grades of all are asked for once, as facts, and the action once for each set of grades.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from cskit.plugins.installed import fact_key
from cskit.stored import decoder

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading

ACTION, GRADES = "grade.entitlements", "grade.*"
CUSTOMERS = "customers"
Rights = Mapping[str, Mapping[str, Any]]
"""Scheme → what follows from the grade held in it, as the action `grade.entitlements` gives it."""


class _Named(msgspec.Struct, frozen=True, gc=False):
    id: str


class Entitlements:
    """What customers are entitled to; made once for a command."""

    def __init__(self, app: App, reading: Reading) -> None:
        self._app, self._reading = app, reading
        self._ask = app.actions.get(ACTION)
        self._known: dict[str, Rights] = {}
        self._grades: dict[str, tuple[tuple[str, str], ...]] | None = None
        self._alike: dict[tuple[tuple[str, str], ...], Rights] = {}

    def of(self, customer: str) -> Rights:
        """Return what follows from a customer's grades, {} where nobody keeps grades."""
        if self._ask is None:
            return {}
        if customer not in self._known:
            self._known[customer] = self._asked(customer) if not self._known else self._as_others(customer)
        return self._known[customer]

    def _asked(self, customer: str) -> Rights:
        assert self._ask is not None  # noqa: S101 - `of` looked
        found: Rights = self._ask(self._reading, customer=customer)
        return found

    def _as_others(self, customer: str) -> Rights:
        if self._grades is None:
            self._grades = self._all_grades()
        held = self._grades.get(customer, ())
        if held not in self._alike:
            self._alike[held] = self._asked(customer)
        return self._alike[held]

    def _all_grades(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """Return the grades that each customer holds, from one question."""
        if fact_key("customer", GRADES) not in self._app.plugins.fact_specs.by_key:
            return {}
        ids = [one.id for one in map(decoder(CUSTOMERS, _Named), self._reading.read(CUSTOMERS))]
        facts = self._app.facts("customer", [GRADES], ids)
        found: dict[str, tuple[tuple[str, str], ...]] = {}
        for name in sorted(facts):
            for customer, grade in facts[name].items():
                found[customer] = (*found.get(customer, ()), (name, grade))
        return found
