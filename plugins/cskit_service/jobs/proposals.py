"""Who should go to a customer, and how urgent it is. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from cskit.stored import decoder
from cskit_service import servicelimits
from cskit_service.entitled import Entitlements
from cskit_service.jobs.model import DISPATCHES, Priority, Request

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading

_REPAIRS = "repairs"
"""Repairs tell who served a customer as well; what else is in them is for that room to say."""


class Before(msgspec.Struct, frozen=True, gc=False):
    """What an earlier job tells of who served a customer."""

    id: str
    customer: str | None = None
    engineer: str | None = None
    product: str | None = None
    serial: str | None = None
    state: str = ""
    at: dt.datetime | None = None
    started_at: dt.datetime | None = None
    closed_at: dt.datetime | None = None
    finished_at: dt.datetime | None = None


class Proposal(NamedTuple):
    """Who should go to a customer: the original engineer and the job that shows it, and how urgent it is."""

    engineer: str | None
    job: str | None
    priority: Priority
    tier: str | None


class Proposals:
    """Proposes engineers; the earlier jobs are read once for a command."""

    def __init__(self, app: App, reading: Reading) -> None:
        self._reading = reading
        self._right = servicelimits.load(app).priority_right
        self._entitlements = Entitlements(app, reading)
        self._jobs: list[Before] | None = None

    def of(self, request: Request) -> Proposal:
        """Return who should go: who last served this unit, else this customer (catalogue A11)."""
        customer = request.customer
        if not customer:
            return Proposal(None, None, "ordinary", None)
        jobs = [one for one in self._before() if one.customer == customer]
        same = [one for one in jobs if request.serial and one.serial == request.serial]
        priority, tier = self.priority(customer)
        if not jobs:
            return Proposal(None, None, priority, tier)
        last = (same or jobs)[-1]
        return Proposal(last.engineer, last.id, priority, tier)

    def priority(self, customer: str) -> tuple[Priority, str | None]:
        """Return whether a customer goes first by their grades, and the grade that says so."""
        tiers = [one for one in self._entitlements.of(customer).values() if one.get("rights")]
        first = next((one for one in tiers if one["rights"].get(self._right)), None)
        tier = first or (tiers[0] if tiers else None)
        return "priority" if first else "ordinary", str(tier["grade"]) if tier else None

    def _before(self) -> list[Before]:
        """Return the jobs that somebody did, the latest last."""
        if self._jobs is None:
            found = [
                one
                for table in (DISPATCHES, _REPAIRS)
                for one in map(decoder(table, Before), self._reading.read(table))
                if one.engineer and one.state not in ("cancelled", "registered")
            ]
            self._jobs = sorted(found, key=_when)
        return self._jobs


def _when(one: Before) -> tuple[str, str]:
    moment = one.closed_at or one.finished_at or one.started_at or one.at
    return (moment.isoformat() if moment else "", one.id)
