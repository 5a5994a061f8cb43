"""What is noted on a case without moving it: chased, escalated, supervised, commented, linked, files.

Each function returns the step that `acting.act` makes on every case. Must not import click or a store.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cskit import Refused, Usage, _, departments, edits, register
from cskit.store.protocol import Transaction
from cskit.stored import decoder
from cskit_complaints import policy
from cskit_complaints.acting import Acting, Step, refuse_ended
from cskit_complaints.model import Attachment, Case

if TYPE_CHECKING:
    from cskit import App

LARGEST = 100 * 2**20
"""Bytes of a file whose digest is noted; larger ones are no letters or photographs."""


def chase(app: App, *, text: str | None = None, reason: str | None = None) -> Step:
    """Note that the customer asked again (催单)."""
    acting = Acting.of(app)

    def step(case: Case) -> Case:
        refuse_ended(case)
        return acting.note(case, "chase", {"chased": case.chased + 1}, text=text, reason=reason, contact=True)

    return step


def escalate(app: App, *, reason: str, level: int | None = None) -> Step:
    """Raise cases to the next level, or to `level` (1 is the first); whoever has that role is noted.

    Raises `Usage` for a level that the policy does not have.
    """
    levels, known, acting = policy.load(app).levels, departments.load(app), Acting.of(app)
    if level is not None and not 0 < level <= len(levels):
        names = ", ".join(f"{place} {name}" for place, name in enumerate(levels, 1))
        raise Usage(
            _("there is no level {level}").format(level=level), _("there are {names}").format(names=names)
        )

    def step(case: Case) -> Case:
        refuse_ended(case)
        to = level or case.escalated + 1
        if to > len(levels) or to <= case.escalated:
            said = _("case {id} is at level {level} already")
            raise Refused(said.format(id=case.id, level=case.escalated))
        who = known[case.department].who(levels[to - 1]) if case.department in known else ""
        told = {"number": to, "party": levels[to - 1], "handler": who or None}
        return acting.note(case, "escalate", {"escalated": to}, **told, reason=reason)

    return step


def supervise(app: App, *, by: str | None = None, reason: str | None = None) -> Step:
    """Put cases under somebody's eye (督办): `by` a staff id, else whoever acts."""
    acting = Acting.of(app)

    def step(case: Case) -> Case:
        refuse_ended(case)
        who = by or acting.who
        return acting.note(case, "supervise", {"supervised_by": who}, handler=who, reason=reason)

    return step


def comment(
    app: App,
    *,
    text: str | None = None,
    files: Sequence[str] = (),
    contact: bool = False,
    reason: str | None = None,
) -> Step:
    """Note something on cases, and which files belong to them: their names and digests."""
    if not (text or files):
        raise Usage(_("there is nothing to note"), _("give --text, --attach or both"))
    attached, acting = [attachment(file) for file in files], Acting.of(app)

    def step(case: Case) -> Case:
        known = {(one.name, one.digest) for one in case.attachments}
        new = [one for one in attached if (one.name, one.digest) not in known]
        said = text or _("attached: {names}").format(names=_(", ").join(one.name for one in attached))
        values = {"attachments": [*case.attachments, *new]}
        return acting.note(case, "comment", values, text=said, contact=contact, reason=reason)

    return step


def attachment(file: str) -> Attachment:
    """Return what is noted of a file: its name without folders, its SHA-256, its size in bytes."""
    import hashlib

    name = os.path.basename(file)
    if not name or not name.isprintable():
        raise Usage(_("--attach {file}: this is no name of a file").format(file=file))
    try:
        with open(file, "rb") as opened:
            size = os.fstat(opened.fileno()).st_size
            if not os.path.isfile(file) or size > LARGEST:
                raise Usage(_("--attach {file}: expected a file of at most 100 MB").format(file=file))
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise Usage(_("--attach {file}: {fault}").format(file=file, fault=error.strerror)) from None
    return Attachment(name=name, digest=digest, size=size)


def link(app: App, tx: Transaction, *, to: str, reason: str | None = None) -> tuple[Step, str]:
    """Return the step that links cases to the case `to`, and its id; `link_back` notes it there as well."""
    (document,) = register.find(app, tx, app.plugins.record_types["cases"], [to])
    other, acting = register.id_of(document), Acting.of(app)

    def step(case: Case) -> Case:
        if case.id == other:
            raise Refused(_("case {id} cannot be linked to itself").format(id=case.id))
        if other in case.links:
            return case
        return acting.note(case, "link", {"links": [*case.links, other]}, text=other, reason=reason)

    return step, other


def link_back(app: App, tx: Transaction, other: str, ids: Sequence[str], reason: str | None) -> None:
    """Note on the case `other` that some are linked to it."""
    acting = Acting.of(app)
    for document in tx.read("cases", ids=[other]):
        case = decoder("cases", Case)(document)
        new = [one for one in ids if one not in case.links]
        if new:
            text = _(", ").join(new)
            after = acting.note(case, "link", {"links": [*case.links, *new]}, text=text, reason=reason)
            _known, raw = edits.apply(Case, document.raw, _edits(after))
            tx.replace("cases", document.number, raw)


def _edits(case: Case) -> list[edits.Edit]:
    return [edits.Edit((name,), "=", getattr(case, name)) for name in ("links", "events")]
