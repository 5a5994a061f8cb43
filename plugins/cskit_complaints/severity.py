"""How severe a case is: computed from what is known of it, before it is saved (catalogue G4, C10).

Severity 1 is a crisis, 2 is more than one customer's ordinary matter, 3 everything else; cases of kinds that
are not counted have none. Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

import msgspec

from cskit import NotFound, Refused, _
from cskit.edits import merge
from cskit.store.protocol import Change, Document
from cskit.stored import decoder
from cskit_complaints import policy
from cskit_complaints.intake import actor
from cskit_complaints.model import Case, Event, Kind
from cskit_complaints.policy import Policy

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading, Transaction


class Facts(msgspec.Struct, frozen=True, gc=False):
    """What the severity of a stored case depends on."""

    id: str = ""
    kind: Kind = "complaint"
    received_at: dt.datetime | None = None
    customer: str | None = None
    tier: str | None = None
    people: int | None = None
    media: bool = False
    march: bool = False
    serious_effect: bool = False
    validity: str | None = None
    loss_claimed: Decimal | None = None
    severity: int | None = None
    severity_reason: str | None = None

    def same(self, other: Facts) -> bool:
        """Tell whether nothing that severity depends on differs."""
        return all(getattr(self, name) == getattr(other, name) for name in _DECIDES)


_DECIDES = tuple(name for name in Facts.__struct_fields__ if not name.startswith(("severity", "tier")))


class Known(NamedTuple):
    """What else than the case itself is known: customers' grades, and when each complained."""

    tiers: Mapping[str, Any]
    complaints: Mapping[str, Sequence[dt.datetime]]


def severity(case: Facts, policy: Policy, known: Known) -> int | None:
    """Return the severity of a case by the policy, None where its kind has none."""
    if case.kind not in policy.counted:
        return None
    own = policy.severity
    people = case.people or 1
    if people >= own.crisis_people or case.march or case.media:
        return 1
    if case.serious_effect and case.validity == "valid":
        return 1
    if people >= own.group_people or (case.loss_claimed or 0) > own.loss_claimed:
        return 2
    if case.customer and case.tier in own.tiers:
        return 2
    return 2 if _repeats(case, policy, known) >= own.repeats else 3


def _repeats(case: Facts, policy: Policy, known: Known) -> int:
    """Return how often the customer had complained by then, this time included, in the days that count."""
    if case.customer is None or case.received_at is None:
        return 0
    since = case.received_at - dt.timedelta(days=policy.severity.repeat_days)
    return sum(since < at <= case.received_at for at in known.complaints.get(case.customer, ()))


class _OfCustomer:
    """A store's filter for the cases of some customers; of one it need not decode the others."""

    def __init__(self, customers: Iterable[str]) -> None:
        self._customers = set(customers)
        self.model: type[msgspec.Struct] = Facts
        anchors = [b'"customer":' + msgspec.json.encode(one) for one in self._customers]
        self.anchors = tuple(anchors) if len(anchors) == 1 else ()

    def matches(self, document: Any) -> bool:
        return document.customer in self._customers


def complete(app: App, tx: Transaction, changes: Sequence[Change]) -> None:
    """Give the cases among `changes` their severity; called until nothing changes any more.

    One that somebody typed stays, with the history's reason beside it. Raises `Refused` without a reason.
    """
    if tx.origin.undoes is not None:  # what is put back was right when it was saved
        return
    seen = _SEEN.setdefault(tx, {})
    fresh = [one for one in changes if one.table == "cases" and one.after != seen.get(one.number)]
    wanted = [one for one in _changed(fresh) if _stale(*one[1:])]
    if wanted:
        _complete(app, tx, wanted)
    seen |= {one.number: tx.get("cases", one.number) for one in fresh if one.after is not None}


_SEEN: WeakKeyDictionary[Transaction, dict[int, bytes | None]] = WeakKeyDictionary()
"""The cases of a transaction as they were left: it is asked again until nothing changes any more."""


def _complete(app: App, tx: Transaction, wanted: Sequence[tuple[Change, Facts, Facts]]) -> None:
    rules = policy.load(app)
    known = _known(app, tx, rules, wanted)
    for change, before, after in wanted:
        if _new_customer(before, after):
            after = msgspec.structs.replace(after, tier=known.tiers.get(after.customer or ""))
        computed = severity(after, rules, known)
        if _typed(before, after) and after.severity != computed:
            if not tx.origin.reason:
                said = _("the severity of case {id} is computed as {computed}; {severity} needs a reason")
                raise Refused(
                    said.format(id=after.id, computed=computed or "-", severity=after.severity),
                    _('say why with --reason "…"'),
                )
            _write(app, tx, change, before, after, after.severity, tx.origin.reason)
        elif after.severity_reason is None or after.severity in (None, computed):
            _write(app, tx, change, before, after, computed, None)
        else:
            _write(app, tx, change, before, after, after.severity, after.severity_reason)


def _new_customer(before: Facts, after: Facts) -> bool:
    """Tell whether the customer's grade is still to be looked up: theirs when the case came to be theirs."""
    given = after.tier is not None and not before.id  # a record from elsewhere that says so
    return after.customer != before.customer and not given


def _changed(changes: Sequence[Change]) -> Iterable[tuple[Change, Facts, Facts]]:
    decode = decoder("cases", Facts)
    for change in changes:
        if change.after is not None:
            before = decode(Document(change.number, change.before)) if change.before else Facts()
            yield change, before, decode(Document(change.number, change.after))


def _stale(before: Facts, after: Facts) -> bool:
    return not before.id or not before.same(after) or before.severity != after.severity


def _typed(before: Facts, after: Facts) -> bool:
    """Tell whether somebody typed the severity in this very change."""
    return (
        after.severity is not None
        and after.severity != before.severity
        and after.severity_reason == before.severity_reason
    )


def _write(
    app: App,
    tx: Transaction,
    change: Change,
    before: Facts,
    after: Facts,
    value: int | None,
    reason: str | None,
) -> None:
    """Write a severity and a grade down; that it was another severity is an event, for clocks must know."""
    if change.after is None or (value, reason, after.tier) == _stored(change.after):
        return
    case = _DECODE(Document(change.number, change.after))
    changed = msgspec.structs.replace(case, severity=value, severity_reason=reason, tier=after.tier)
    other = before.id and None not in (before.severity, value) and before.severity != value
    if other and not (case.events and case.events[-1].what == "classify"):
        at = max([app.now, *(event.at for event in case.events)])
        told = {"before": case.state, "after": case.state, "number": before.severity, "reason": reason}
        event = Event(at=at, who=actor(app), what="classify", **told)  # type: ignore[arg-type]  # its fields
        changed = msgspec.structs.replace(changed, events=[*case.events, event])
    if changed != case:
        tx.replace("cases", change.number, merge(changed, msgspec.json.decode(change.after)))


_DECODE = decoder("cases", Case)


def _stored(raw: bytes) -> tuple[int | None, str | None, str | None]:
    found = _FACTS(Document(0, raw))
    return found.severity, found.severity_reason, found.tier


_FACTS = decoder("cases", Facts)


def _known(app: App, reading: Reading, rules: Policy, wanted: Sequence[tuple[Change, Facts, Facts]]) -> Known:
    """Return what is known of the customers of some cases, from one pass over the table at most."""
    new = {one.customer for _change, before, one in wanted if one.customer and _new_customer(before, one)}
    tiers = _tiers(app, rules, sorted(new))
    alone = Known(tiers, {})
    cases = [after for _change, _before, after in wanted]
    customers = {case.customer for case in cases if case.customer and severity(case, rules, alone) == 3}
    if not customers:
        return alone
    decode, found = decoder("cases", Facts), dict[str, list[dt.datetime]]()
    for document in reading.read("cases", where=_OfCustomer(customers)):
        case = decode(document)
        if case.customer and case.received_at and case.kind in rules.counted:
            found.setdefault(case.customer, []).append(case.received_at)
    return Known(tiers, found)


def _tiers(app: App, rules: Policy, customers: Sequence[str]) -> Mapping[str, str]:
    """Return the grade of each customer who has one, by the fact that the policy names."""
    fact = rules.severity.tier_fact
    if not (fact and customers):
        return {}
    try:
        found = app.facts("customer", [fact], customers)[fact]
    except NotFound:  # no plugin grades customers here
        return {}
    return {own: str(grade) for own, grade in found.items()}
