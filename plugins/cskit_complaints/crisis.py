"""A crisis (severity 1): its checklist, step by step, and the review memo that ends it (catalogue C10).

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from cskit import Refused, Usage, _
from cskit.nouns import listed
from cskit_complaints import policy
from cskit_complaints.acting import Acting, Step
from cskit_complaints.model import Case, Done
from cskit_complaints.policy import Policy

if TYPE_CHECKING:
    from cskit import App

CRISIS = 1
LONGEST = 200_000
"""Characters of a memo."""
MEMO = "memo"


def done(app: App, *, steps: Iterable[str], reason: str | None = None) -> Step:
    """Tick off steps of the checklist; raises `Usage` for one that the policy does not have."""
    known = {step.code: step for step in policy.load(app).crisis}
    wanted, acting = list(dict.fromkeys(steps)), Acting.of(app)
    for code in wanted:
        if code not in known:
            said = _("the crisis checklist has no step '{step}'").format(step=code)
            raise Usage(said, _("there are {names}").format(names=listed(known)))

    def step(case: Case) -> Case:
        _refuse_other(case)
        had = {one.step for one in case.crisis}
        new = [Done(step=code, by=acting.who, at=acting.now) for code in wanted if code not in had]
        if not new:
            return case
        text = " ".join(one.step for one in new)  # codes, which everybody reads in a language of their own
        return acting.note(case, "crisis", {"crisis": [*case.crisis, *new]}, text=text, reason=reason)

    return step


def review(app: App, *, memo: str, reason: str | None = None) -> Step:
    """Write the review memo, which needs every part of the policy's; the crisis leaves `cskit today` then."""
    rules, acting = policy.load(app), Acting.of(app)
    _check_memo(memo, rules)

    def step(case: Case) -> Case:
        _refuse_other(case)
        open_steps = [str(one.label) for one in rules.crisis if one.code not in {d.step for d in case.crisis}]
        if open_steps:
            said = _("case {id}: steps of the checklist are open: {steps}")
            raise Refused(said.format(id=case.id, steps=listed(open_steps)))
        return acting.note(case, "crisis", {"memo": memo.strip()}, party=MEMO, reason=reason)

    return step


def _check_memo(memo: str, rules: Policy) -> None:
    if len(memo) > LONGEST:
        raise Usage(_("--memo: a memo has at most {count} characters").format(count=LONGEST))
    headings = [line.strip(" #*:：\t").casefold() for line in memo.splitlines()]
    missing = [
        str(part)
        for part in rules.memo_parts
        if part.en.casefold() not in headings and part.zh not in headings
    ]
    if missing:
        raise Usage(
            _("--memo: the memo has no part {parts}").format(parts=listed(missing)),
            _("give each a line of its own as its heading, and write below it"),
        )


def checklist(app: App, cases: Iterable[Case]) -> Iterator[dict[str, Any]]:
    """Yield the steps of each crisis: who did which when; the memo is the last of them."""
    rules = policy.load(app)
    for case in cases:
        _refuse_other(case)
        ticked = {one.step: one for one in case.crisis}
        for step in rules.crisis:
            row: dict[str, Any] = {"id": case.id, "step": step.code, "what": str(step.label)}
            if step.code in ticked:
                row |= {"by": ticked[step.code].by, "at": ticked[step.code].at}
            yield row
        row = {"id": case.id, "step": MEMO, "what": _("Write the review memo")}
        written = [event for event in case.events if event.what == "crisis" and event.party == MEMO]
        if case.memo is not None and written:
            row |= {"by": written[-1].who, "at": written[-1].at}
        yield row


def _refuse_other(case: Case) -> None:
    if case.severity != CRISIS:
        said = _("case {id} is of severity {severity}; only severity 1 is a crisis")
        raise Refused(said.format(id=case.id, severity=case.severity or "-"))
