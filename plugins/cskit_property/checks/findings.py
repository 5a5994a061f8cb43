"""What audits and patrols find: a rectification each; and how audits end.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import Period, Refused, _, edits, register
from cskit.stored import decoder
from cskit_property.checks import rectifications
from cskit_property.checks.inspection import Audit, Patrol

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Document, Reading, Transaction

AUDITS, PATROLS = "property_audits", "property_patrols"


def find(
    app: App,
    tx: Transaction,
    table: str,
    name: str,
    *,
    text: str,
    serious: bool = False,
    owner: str | None = None,
    due: dt.datetime | None = None,
) -> str:
    """Note what an audit or a patrol found, and return the rectification that it opens.

    Raises `Refused` for an audit that is concluded.
    """
    (document,) = register.find(app, tx, app.record_type(table), [name])
    before = _open_audit(document) if table == AUDITS else decoder(PATROLS, Patrol)(document)
    after = msgspec.structs.replace(before, findings=before.findings + 1)
    tx.replace(table, document.number, edits.merge(after, msgspec.json.decode(document.raw)))
    return rectifications.open_one(
        app, tx, project=before.project, finding=text, about=before.id, serious=serious, owner=owner, due=due
    )


def _open_audit(document: Document) -> Audit | Patrol:
    before = decoder(AUDITS, Audit)(document)
    if before.result is not None:
        raise Refused(
            _("audit {id} was concluded on {day}").format(id=before.id, day=before.concluded_on),
            _("open one by itself with `cskit property rectification add`"),
        )
    return before


def conclude(app: App, tx: Transaction, name: str, *, passed: bool, text: str) -> Audit:
    """Conclude an audit: passed, passed with findings where there are any, or failed.

    Raises `Refused` for one that was concluded before.
    """
    (document,) = register.find(app, tx, app.record_type(AUDITS), [name])
    before = decoder(AUDITS, Audit)(document)
    if before.result is not None:
        raise Refused(_("audit {id} was concluded on {day}").format(id=before.id, day=before.concluded_on))
    result = "failed" if not passed else "passed_with_findings" if before.findings else "passed"
    after = msgspec.structs.replace(before, result=result, conclusion=text, concluded_on=app.today)
    tx.replace(AUDITS, document.number, edits.merge(after, msgspec.json.decode(document.raw)))
    return after


class _Audited(msgspec.Struct, frozen=True, gc=False):
    id: str
    project: str
    on: dt.date
    kind: str = "internal"
    findings: int = 0
    result: str | None = None


def results(app: App, period: Period) -> Iterator[dict[str, Any]]:
    """Yield a row for each project and kind of audit: how many, what came out, what is still to be put right.

    Of the audits of a period and not later than today; one pass over each table (catalogue F14).
    """
    reading = app.reading()
    audits: dict[tuple[str, str], list[_Audited]] = {}
    owner: dict[str, tuple[str, str]] = {}
    for one in map(decoder(AUDITS, _Audited), reading.read(AUDITS)):
        if one.on <= app.today and period.holds(one.on):
            audits.setdefault((one.project, one.kind), []).append(one)
            owner[one.id] = one.project, one.kind
    standing = _standing(app, reading, owner)
    for group, held in sorted(audits.items()):
        opened, late = standing.get(group, (0, 0))
        yield {
            "project": group[0],
            "kind": group[1],
            "audits": len(held),
            "passed": sum(one.result in ("passed", "passed_with_findings") for one in held),
            "failed": sum(one.result == "failed" for one in held),
            "findings": sum(one.findings for one in held),
            "open": opened,
            "late": late,
        }


def _standing(
    app: App, reading: Reading, owner: dict[str, tuple[str, str]]
) -> dict[tuple[str, str], tuple[int, int]]:
    """Return group → how many of its rectifications are not verified, and of those late."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for one in rectifications.every(reading):
        group = owner.get(one.about or "")
        if group is not None and one.state in ("open", "done"):
            opened, late = found.get(group, (0, 0))
            found[group] = opened + 1, late + one.late(app.now)
    return found


class _Walked(msgspec.Struct, frozen=True, gc=False):
    project: str
    at: dt.datetime | None = None


def last_patrols(app: App, reading: Reading) -> dict[str, dt.date]:
    """Return project → the day of its latest patrol up to now."""
    found: dict[str, dt.date] = {}
    for one in map(decoder(PATROLS, _Walked), reading.read(PATROLS)):
        if one.at is not None and one.at <= app.now:
            day = one.at.astimezone(app.zone).date()
            found[one.project] = max(day, found.get(one.project, day))
    return found
