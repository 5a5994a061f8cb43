"""What was promised from when on: the editions of the SLA policy, recorded as cases change.

A clock is reckoned by the edition that was in force, so that another policy takes nothing back, and what was
known then (--as-of) is read by what was promised then. Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from cskit import _
from cskit.rules import editions
from cskit_complaints import sla_policies
from cskit_complaints.sla_policies import KIND, NAME, SlaPolicy

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Transaction

TABLE = "case_policies"


class InForce(NamedTuple):
    """A policy, and since when it holds, in seconds since 1970; the first holds since ever."""

    since: int
    policy: SlaPolicy


def note(app: App, tx: Transaction) -> None:
    """Keep the policy that cases of this transaction are promised by; an undo promises nothing new."""
    if tx.origin.undoes is None:
        editions.note(app, tx, TABLE, KIND, NAME)


def in_force(app: App) -> list[InForce]:
    """Return the policies that held one after the other, the last of them now.

    One that was changed since the last case holds from now on; with --as-of only what was recorded by then
    counts, and it is said where today's policy is another. Raises as `sla_policies.load` does.
    """
    kept = editions.held(app.reading(), TABLE, KIND, NAME)
    found = [InForce(_at(one.since), _read(one)) for one in kept]
    if kept and app.options.as_of is not None:
        today = editions.current(app, KIND, NAME)
        if today is None or editions.text(today) != kept[-1].values:
            said = _("clocks are read by the policy of {day}; today's is another")
            app.warn(said.format(day=kept[-1].since.astimezone(app.zone).date()))
    else:
        rule = sla_policies.rule(app)
        if not kept or (app.now >= kept[-1].since and editions.text(rule) != kept[-1].values):
            found.append(InForce(_at(app.now), rule.value))
    past = [one for one in found if one.since <= _at(app.now)] or found[:1]
    return [past[0]._replace(since=0), *past[1:]]


def _at(moment: dt.datetime) -> int:
    return int(moment.timestamp())


def _read(one: editions.Edition) -> SlaPolicy:
    from cskit import BadData

    try:
        policy: SlaPolicy = editions.as_model(one, SlaPolicy)
    except msgspec.ValidationError as error:
        said = _("the policy that was recorded as {id} cannot be read any more: {error}")
        raise BadData(said.format(id=one.id, error=error)) from error
    return policy
