"""Follow-ups: planned, made, planned again while the customer is ours. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import Period, Refused, _, edits, register
from cskit.plugins.installed import fact_key
from cskit.stored import decoder
from cskit.where.terms import plus_months
from cskit_surveys import limits
from cskit_surveys.model import FollowUp

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Document, Reading, Transaction

TABLE = "followups"
WAITING = ("planned", "unreached")


def schedule(
    app: App,
    tx: Transaction,
    *,
    subject: str,
    customer: str | None = None,
    about: str | None = None,
    kind: str = "after_service",
    due: dt.date | None = None,
    staff: str | None = None,
    every: int | None = None,
) -> str:
    """Plan a follow-up inside another plugin's transaction and return its id.

    Without a day it is due as long after today as the department's limits say; `every` many months it comes
    again (catalogue C01). One that is planned already about the same record and of the same kind is kept.
    """
    if about is not None:
        decode = decoder(TABLE, FollowUp)
        for known in map(decode, tx.read(TABLE, where=_About(about))):
            if known.kind == kind and known.state in WAITING:
                return known.id
    months = limits.load(app).follow_up_months
    values: dict[str, Any] = {
        "subject": subject,
        "customer": customer,
        "about": about,
        "kind": kind,
        "due": due or plus_months(app.today, months),
        "staff": staff,
        "every": every,
    }
    given = {name: value for name, value in values.items() if value is not None}
    return register.create(app, tx, app.record_type(TABLE), given).id


class _About:
    """A store's filter for the follow-ups about one record, which its text is searched for."""

    class Model(msgspec.Struct, gc=False):
        """What the filter looks at."""

        about: str | None = None

    model: type[msgspec.Struct] = Model

    def __init__(self, about: str) -> None:
        self._about = about
        self.anchors: tuple[bytes, ...] = (b'"about":' + msgspec.json.encode(about),)

    def matches(self, document: Any) -> bool:
        return bool(document.about == self._about)


def all_followups(reading: Reading) -> Iterator[FollowUp]:
    """Yield every follow-up, from one pass over the table."""
    yield from map(decoder(TABLE, FollowUp), reading.read(TABLE))


def due(app: App, until: dt.date, staff: str | None = None) -> list[FollowUp]:
    """Return the follow-ups that are due by a day and not made, the earliest first."""
    found = [
        one
        for one in all_followups(app.reading())
        if one.state in WAITING and one.due <= until and staff in (None, one.staff)
    ]
    return sorted(found, key=lambda one: (one.due, one.id))


def due_in(found: Iterable[FollowUp], period: Period, today: dt.date) -> list[FollowUp]:
    """Return the follow-ups, none of them dropped, whose day lies in a period and has come, made or not."""
    return [one for one in found if one.due <= today and period.holds(one.due) and one.state != "dropped"]


def done(
    app: App,
    tx: Transaction,
    documents: Sequence[Document],
    *,
    result: str,
    satisfaction: int | None = None,
    state: str = "done",
    open_case: bool = False,
) -> list[FollowUp]:
    """Note that follow-ups were made (or that nobody was reached, or that they are dropped); return them.

    Those with an interval are planned again, as long as their customer is active. With `open_case` each opens
    a case in the same transaction. Raises `Refused` for one that was made before.
    """
    decode = decoder(TABLE, FollowUp)
    found = [(document.number, decode(document)) for document in documents]
    finished = [one.id for _number, one in found if one.state not in WAITING]
    if finished:
        raise Refused(
            _("{ids}: already made or dropped").format(ids=", ".join(finished)),
            _("plan another one with `cskit followup add`"),
        )
    active = _active(app, [one.customer for _number, one in found if one.every and one.customer])
    made = []
    for number, before in found:
        after = msgspec.structs.replace(before, attempts=before.attempts + 1, result=result or before.result)
        case = _case(app, tx, before, result) if open_case else None
        if state != "unreached":
            after = msgspec.structs.replace(
                after,
                state=state,
                done_on=app.today,
                done_by=app.staff or app.user,
                satisfaction=satisfaction,
                case=case or before.case,
            )
        else:
            after = msgspec.structs.replace(after, state="unreached", case=case or before.case)
        tx.replace(TABLE, number, edits.encode(after))
        made.append(after)
        if state == "done" and before.every and (before.customer is None or before.customer in active):
            _again(app, tx, before)
    return made


def _again(app: App, tx: Transaction, before: FollowUp) -> None:
    assert before.every is not None  # noqa: S101 - asked for by the caller
    again = FollowUp(
        id="-",
        subject=before.subject,
        customer=before.customer,
        about=before.about,
        kind=before.kind,
        due=plus_months(app.today, before.every),
        staff=before.staff,
        every=before.every,
    )
    register.insert(tx, app.record_type(TABLE), again)


def _active(app: App, customers: Sequence[str | None]) -> set[str]:
    """Return which customers are active; where no plugin knows, all are taken to be."""
    ids = sorted({one for one in customers if one})
    if not ids:
        return set()
    if fact_key("customer", "customer.active") not in app.plugins.fact_specs.by_key:
        return set(ids)
    known = app.facts("customer", ["customer.active"], ids)["customer.active"]
    return {own for own in ids if known.get(own, True)}


def _case(app: App, tx: Transaction, followup: FollowUp, result: str) -> str:
    said = _("follow-up {id}: {result}").format(id=followup.id, result=result or followup.subject)
    arguments: dict[str, Any] = {"content": said, "channel": "phone"}
    if followup.customer:
        arguments["customer"] = followup.customer
    return str(app.actions["case.open"](tx, **arguments))


def rows(found: Iterable[FollowUp]) -> Iterator[dict[str, Any]]:
    """Yield follow-ups as rows to look at."""
    for one in found:
        row = {
            "id": one.id,
            "due": one.due,
            "customer": one.customer,
            "subject": one.subject,
            "kind": one.kind,
            "about": one.about,
            "staff": one.staff,
            "attempts": one.attempts or None,
        }
        yield {name: value for name, value in row.items() if value is not None}


def outcomes(made: Iterable[FollowUp]) -> Iterator[dict[str, Any]]:
    """Yield a row for each follow-up that opened a case."""
    yield from ({"id": one.id, "case": one.case} for one in made if one.case)
