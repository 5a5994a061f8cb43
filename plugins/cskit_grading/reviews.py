"""Sign-offs: a second person looks at a grade that was recorded. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import Refused, edits, register
from cskit.edits import Edit
from cskit.i18n import _, ngettext
from cskit.nouns import shortened
from cskit.stored import decoder
from cskit_grading.holding import TABLE
from cskit_grading.model import GradeRecord

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading, Transaction

_SHOWN = 5


class Pending(msgspec.Struct, gc=False):
    """A grade that waits for a second person."""

    id: str
    customer: str
    scheme: str
    at: dt.datetime
    recorded_by: str
    grade: str | None = None
    previous: str | None = None
    decided_by: str = "rule"
    reason: str | None = None
    review: str | None = None


def pending(reading: Reading, schemes: Sequence[str] = ()) -> Iterator[Pending]:
    """Yield the grades that nobody has signed off yet, oldest first; of some schemes only if given."""
    found = map(decoder(TABLE, Pending), reading.read(TABLE, where=_Waiting()))
    return (one for one in found if not schemes or one.scheme in schemes)


class _Review(msgspec.Struct, gc=False):
    review: str | None = None


class _Waiting:
    """A store's filter for what is pending."""

    model: type[msgspec.Struct] = _Review
    anchors: tuple[bytes, ...] = (b'"review":"pending"',)

    def matches(self, document: Any) -> bool:
        return bool(document.review == "pending")


def sign(app: App, tx: Transaction, names: Sequence[str]) -> list[GradeRecord]:
    """Sign off grades, all or none, as somebody else than who recorded them; return them as they are now.

    Who acts is told by the staff ids of the settings (catalogue A03: the form's 记录 / 审核 / 日期). Raises
    `Refused` naming those that this person recorded, that are signed already, or that need no sign-off.
    """
    if app.staff is None:
        raise Refused(
            _("{user} has no staff id, so it cannot be told whether a second person signs").format(
                user=app.user
            ),
            _("`cskit config set staff.{user} ID` gives one").format(user=app.user),
        )
    documents = register.find(app, tx, app.record_type(TABLE), names)
    decode = decoder(TABLE, GradeRecord)
    _refuse(app, [decode(document) for document in documents])
    done = []
    for document in documents:
        signed = [
            Edit(("review",), "=", "signed"),
            Edit(("reviewed_by",), "=", app.staff),
            Edit(("reviewed_at",), "=", app.now),
        ]
        record, raw = edits.apply(GradeRecord, document.raw, signed)
        tx.replace(TABLE, document.number, raw)
        done.append(record)
    return done


def _refuse(app: App, found: Sequence[GradeRecord]) -> None:
    own = [one.id for one in found if one.review == "pending" and one.recorded_by in (app.staff, app.user)]
    if own:
        said = ngettext(
            "{who} recorded {ids} and cannot sign it off as well",
            "{who} recorded {ids} and cannot sign them off as well",
            len(own),
        )
        raise Refused(
            said.format(who=app.staff, ids=shortened(own, _SHOWN)), _("a second person has to look at it")
        )
    done = [one.id for one in found if one.review == "signed"]
    if done:
        raise Refused(_("signed off already: {ids}").format(ids=shortened(done, _SHOWN)))
    free = [one.id for one in found if one.review is None]
    if free:
        raise Refused(_("no sign-off is asked for {ids}").format(ids=shortened(free, _SHOWN)))
