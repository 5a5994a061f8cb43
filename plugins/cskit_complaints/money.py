"""Compensation (赔付): proposed, approved by as many as its amount takes, paid; and approvals of any kind.

Most functions return the step that `acting.act` makes on every case. Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from cskit import Refused, Usage, _, departments
from cskit.nouns import shortened
from cskit.store.protocol import Change, Document
from cskit.stored import decoder
from cskit_complaints import policy, promises
from cskit_complaints.acting import Acting, Step
from cskit_complaints.model import Case, Compensation, Extension, Signature
from cskit_complaints.policy import Policy

if TYPE_CHECKING:
    from cskit import App


def compensate(app: App, *, amount: Decimal, charge_to: str | None = None, reason: str | None = None) -> Step:
    """Propose compensation, charged to who is liable: a department by code or title, or a supplier.

    Raises `Usage` for an amount that is none, or that no tier of the policy is for.
    """
    if amount <= 0 or amount != round(amount, 2):
        raise Usage(_("--amount {amount}: expected money, such as 300 or 99.50").format(amount=amount))
    rules, acting = policy.load(app), Acting.of(app)
    rules.tier(amount)
    known = departments.load(app)

    def step(case: Case) -> Case:
        charged = charge_to or case.liability or case.department
        titled = [one.code for one in known.values() if charged in (one.label.en, one.label.zh)]
        offer = Compensation(
            amount=amount,
            proposed_by=acting.who,
            proposed_at=acting.now,
            reason=reason,
            charged_to=titled[0] if len(titled) == 1 else charged,
        )
        values = {"compensation": [*case.compensation, offer]}
        told = {"number": len(case.compensation) + 1, "amount": amount, "party": offer.charged_to}
        return acting.note(case, "compensate", values, **told, reason=reason)

    return step


def approve(
    app: App,
    *,
    extension: int | None = None,
    compensation: int | None = None,
    refuse: bool = False,
    reason: str | None = None,
) -> Step:
    """Approve, or refuse, what waits for it on cases: the only thing, or the one that a number names.

    Raises `Refused` to who proposed it, and to who lacks the role that the amount takes.
    """
    if extension is not None and compensation is not None:
        raise Usage(_("give --extension or --compensation, not both"))
    if refuse and not reason:
        raise Usage(_("refusing needs a reason"), _('say why with --reason "…"'))
    acting, rules, known = Acting.of(app), policy.load(app), departments.load(app)

    def step(case: Case) -> Case:
        asked = [place for place, one in enumerate(case.extensions) if one.state == "asked"]
        proposed = [place for place, one in enumerate(case.compensation) if one.state == "proposed"]
        if extension is None and compensation is None and asked and proposed:
            said = _("case {id}: an extension and compensation wait; say which")
            raise Refused(said.format(id=case.id), _("say it with --extension N or --compensation N"))
        if extension is not None or (asked and compensation is None):
            place = promises.chosen(case, asked, extension, _("extension"), "--extension N")
            return promises.decided(acting, case, place, not refuse, reason)
        place = promises.chosen(case, proposed, compensation, _("compensation"), "--compensation N")
        return _decided(acting, case, place, rules, known, refuse, reason)

    return step


def _decided(
    acting: Acting,
    case: Case,
    place: int,
    rules: Policy,
    known: dict[str, departments.Department],
    refuse: bool,
    reason: str | None,
) -> Case:
    offer = case.compensation[place]
    tier = rules.tier(offer.amount)
    _check_eyes(acting, case, offer, tier.role, known)
    told = {"number": place + 1, "amount": offer.amount, "party": "compensation", "reason": reason}
    if refuse:
        done = msgspec.structs.replace(offer, state="refused")
        values = {"compensation": promises.with_one(case.compensation, place, done)}
        return acting.note(case, "refuse", values, **told)
    approvals = [*offer.approvals, Signature(by=acting.who, at=acting.now)]
    state = "approved" if len(approvals) >= tier.approvals else "proposed"
    done = msgspec.structs.replace(offer, approvals=approvals, state=state)
    values = {"compensation": promises.with_one(case.compensation, place, done)}
    return acting.note(case, "approve", values, **told)


def _check_eyes(
    acting: Acting,
    case: Case,
    offer: Compensation,
    role: str,
    known: dict[str, departments.Department],
) -> None:
    """Raise `Refused` where these would not be other eyes, or not those that the amount takes."""
    if offer.proposed_by == acting.who:
        said = _("case {id}: {who} proposed this compensation, so somebody else has to approve it")
        raise Refused(said.format(id=case.id, who=acting.who))
    if any(one.by == acting.who for one in offer.approvals):
        said = _("case {id}: {who} has approved this compensation already, so another has to")
        raise Refused(said.format(id=case.id, who=acting.who))
    held = known[case.department].roles.get(role, []) if case.department in known else []
    if held and acting.who not in held:
        said = _("case {id}: compensation of {amount} takes the {role} of the department: {names}")
        raise Refused(said.format(id=case.id, amount=offer.amount, role=role, names=_(", ").join(held)))


def pay(app: App, *, number: int | None = None, reason: str | None = None) -> Step:
    """Note that approved compensation was paid."""
    acting = Acting.of(app)

    def step(case: Case) -> Case:
        ready = [place for place, one in enumerate(case.compensation) if one.state == "approved"]
        if not ready and any(one.state == "proposed" for one in case.compensation):
            said = _("case {id}: its compensation is not approved yet")
            raise Refused(said.format(id=case.id), _("`cskit case approve` does"))
        place = promises.chosen(case, ready, number, _("approved compensation"), "--number")
        offer = case.compensation[place]
        paid = msgspec.structs.replace(offer, state="paid", paid_by=acting.who, paid_at=acting.now)
        values = {"compensation": promises.with_one(case.compensation, place, paid)}
        return acting.note(case, "pay", values, number=place + 1, amount=offer.amount, reason=reason)

    return step


# --- whatever is saved -------------------------------------------------------------------------------------

_SHOWN = 5


class _Granted(msgspec.Struct, frozen=True, gc=False):
    id: str
    compensation: tuple[Compensation, ...] = ()
    extensions: tuple[Extension, ...] = ()

    def alone(self) -> Iterator[Compensation | Extension]:
        """Yield what is granted without a second person's word, or by one who gave it twice."""
        for offer in self.compensation:
            signed = [offer.proposed_by, *(one.by for one in offer.approvals)]
            if offer.state in ("approved", "paid") and (len(signed) < 2 or len(set(signed)) < len(signed)):
                yield offer
        for later in self.extensions:
            if later.state == "approved" and later.decided_by in (None, later.asked_by):
                yield later


def refuse_alone(changes: Sequence[Change]) -> None:
    """Raise `Refused` where a case comes with money or time that nobody else has approved, as from a file."""
    decode, wrong = decoder("cases", _Granted), []
    for change in changes:
        raw = change.after if change.table == "cases" else None
        if raw is None or not (b'"compensation"' in raw or b'"extensions"' in raw):
            continue
        before = decode(Document(change.number, change.before)) if change.before is not None else None
        known = list(before.alone()) if before is not None else []
        after = decode(Document(change.number, raw))
        if any(one not in known for one in after.alone()):
            wrong.append(after.id)
    if wrong:
        said = _("{ids}: compensation or an extension that no second person approved")
        raise Refused(said.format(ids=shortened(wrong, _SHOWN)), _("`cskit case approve` does"))
