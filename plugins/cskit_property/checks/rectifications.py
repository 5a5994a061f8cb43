"""Rectifications: opened by a finding, done by a time, verified by somebody else.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import Period, Refused, _, edits, ngettext, register
from cskit.store.protocol import Document
from cskit.stored import decoder
from cskit.workflow import Move, State, Workflow
from cskit_property import limits
from cskit_property.checks.inspection import RECTIFICATION_STATES, Happened, Rectification

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Change, Reading, Transaction

TABLE = "property_rectifications"
FLOW = Workflow(
    "property rectification",
    "整改",
    tuple(
        State(name, en, RECTIFICATION_STATES[name], first=name == "open", open=name in ("open", "done"))
        for name, en in (
            ("open", "to be done"),
            ("done", "done, to be verified"),
            ("verified", "verified"),
            ("withdrawn", "withdrawn"),
        )
    ),
    (
        Move("done", ("open",), "done", "done", "完成整改"),
        Move("verify", ("done",), "verified", "verify", "复核通过"),
        Move("return", ("done",), "open", "return", "退回整改"),
        Move("withdraw", ("open", "done"), "withdrawn", "withdraw", "撤销"),
    ),
)


def deadline(app: App, found_at: dt.datetime, *, serious: bool) -> dt.datetime:
    """Return when something found is to be put right: hours later, or at the end of a day.

    Round the clock: what is dangerous does not wait for working hours.
    """
    numbers = limits.load(app)
    if serious:
        return found_at + dt.timedelta(hours=numbers.serious_hours)
    day = found_at.astimezone(app.zone).date() + dt.timedelta(days=numbers.other_days)
    return dt.datetime.combine(day, dt.time(23, 59, 59), app.zone).astimezone(dt.UTC)


def open_one(
    app: App,
    tx: Transaction,
    *,
    project: str,
    finding: str,
    about: str,
    item: str | None = None,
    serious: bool = False,
    owner: str | None = None,
    due: dt.datetime | None = None,
) -> str:
    """Open a rectification inside a transaction and return its id; without `due` the limits say when."""
    values: dict[str, Any] = {
        "project": project,
        "finding": finding,
        "about": about,
        "item": item,
        "serious": serious,
        "owner": owner,
        "due": due,
    }
    given = {name: value for name, value in values.items() if value is not None}
    return register.create(app, tx, app.record_type(TABLE), given).id


def completed(app: App, values: dict[str, Any]) -> None:
    """Fill in, in place, when something new was found and until when it is to be put right."""
    found_at = values.setdefault("found_at", app.now)
    if values.get("due") is None and isinstance(found_at, dt.datetime):
        values["due"] = deadline(app, found_at, serious=bool(values.get("serious")))


def move(
    app: App,
    tx: Transaction,
    documents: Sequence[Document],
    verb: str,
    text: str | None = None,
    photos: Iterable[str] = (),
) -> list[Rectification]:
    """Take rectifications a step on; return them as they are now.

    Raises `Refused` naming all that cannot take it: as the flow says, and where somebody would verify what
    they did themselves. Then none is changed.
    """
    decode, who = decoder(TABLE, Rectification), app.staff or app.user
    moved: list[tuple[Document, Rectification]] = []
    refused: list[Refused] = []
    for document in documents:
        before = decode(document)
        try:
            state = FLOW.after(verb, before.state, before, id=before.id)
            if verb == "verify" and before.done_by == who:
                raise Refused(
                    _("rectification {id}: {who} put it right, so somebody else verifies it").format(
                        id=before.id, who=who
                    ),
                    _("say who you are with --user"),
                )
        except Refused as error:
            refused.append(error)
            continue
        step = Happened(at=app.now, who=who, what=verb, text=text, photos=list(photos))
        changed = {**_marks(app, verb, who), "state": state, "steps": [*before.steps, step]}
        moved.append((document, msgspec.structs.replace(before, **changed)))
    if refused:
        raise together(refused)
    for document, after in moved:
        tx.replace(TABLE, document.number, edits.merge(after, msgspec.json.decode(document.raw)))
    return [after for _document, after in moved]


class _Verified(msgspec.Struct, frozen=True, gc=False):
    id: str
    state: str = "open"
    done_by: str | None = None
    verified_by: str | None = None

    @property
    def alone(self) -> bool:
        """Whether it counts as verified and nobody else than who did it has looked at it."""
        return self.state == "verified" and self.verified_by in (None, self.done_by)


def refuse_own_word(changes: Sequence[Change]) -> None:
    """Raise `Refused` where something comes as verified that no second person looked at, as from a file."""
    decode = decoder(TABLE, _Verified)
    for change in changes:
        if change.table != TABLE or change.after is None:
            continue
        after = decode(Document(change.number, change.after))
        known = change.before is not None and decode(Document(change.number, change.before)).alone
        if after.alone and not known:
            said = _("rectification {id}: no second person has verified it")
            raise Refused(said.format(id=after.id), _("`cskit property rectification verify` does"))


def _marks(app: App, verb: str, who: str) -> dict[str, Any]:
    if verb == "done":
        return {"done_at": app.now, "done_by": who}
    if verb == "verify":
        return {"verified_at": app.now, "verified_by": who}
    return {"done_at": None, "done_by": None} if verb == "return" else {}


def together(refused: Sequence[Refused]) -> Refused:
    """Return one refusal that names all of them."""
    if len(refused) == 1:
        return refused[0]
    said = ngettext(
        "{count} record refuses; nothing was saved", "{count} records refuse; nothing was saved", len(refused)
    )
    return Refused(said.format(count=len(refused)), "\n".join(error.message for error in refused[:10]))


class Due(msgspec.Struct, frozen=True, gc=False):
    """What lists and figures need of a stored rectification."""

    id: str
    project: str
    finding: str = ""
    about: str | None = None
    serious: bool = False
    found_at: dt.datetime | None = None
    due: dt.datetime | None = None
    owner: str | None = None
    state: str = "open"
    done_at: dt.datetime | None = None
    done_by: str | None = None

    def late(self, now: dt.datetime) -> bool:
        """Whether it was, or is still, not put right in time."""
        return self.due is not None and self.state != "withdrawn" and (self.done_at or now) > self.due


def every(reading: Reading) -> Iterator[Due]:
    """Yield all rectifications, from one pass over the table."""
    return map(decoder(TABLE, Due), reading.read(TABLE))


def decided(app: App, found: Iterable[Due], period: Period) -> Iterator[Due]:
    """Yield those found in a period of which it is known by now whether they were put right in time."""
    for one in found:
        if one.found_at is None or one.due is None or one.state == "withdrawn":
            continue
        known = one.done_at is not None or one.due < app.now
        if known and period.holds(one.found_at.astimezone(app.zone).date()):
            yield one


def late(app: App) -> Iterator[dict[str, Any]]:
    """Yield a row for each rectification that is not put right and late, the most urgent first."""
    found = [one for one in every(app.reading()) if one.state == "open" and one.late(app.now)]
    found.sort(key=lambda one: (not one.serious, one.due, one.id))
    for one in found:
        assert one.due is not None  # noqa: S101 - what is late has a deadline
        row: dict[str, Any] = {
            "id": one.id,
            "project": one.project,
            "finding": one.finding,
            "serious": one.serious or None,
            "due": one.due,
            "hours": int((app.now - one.due).total_seconds() // 3600),
            "owner": one.owner,
        }
        yield {name: value for name, value in row.items() if value is not None}
