"""Histories of other systems taken over: cases rebuilt from an event log, in one transaction.

Must not import click.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import PluginFailed, _, edits, numbering, records, refusals
from cskit.errors import BadRows, Problem
from cskit.importing import uninterrupted
from cskit.preparing import preparer
from cskit.records import Field
from cskit.references import References
from cskit.stored import decoder
from cskit.values import shown
from cskit_complaints import logs
from cskit_complaints.logs import LogMap
from cskit_complaints.model import Case, Event
from cskit_complaints.replaying import Logged, Rebuilt, rebuild

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Document, Transaction


class Taken(NamedTuple):
    """What an import of a log did: cases, its rows, and how many of these became mere comments.

    `remarks` are rows of activities that mean a comment, `unfit` those that fit no transition of the flow,
    `unmapped` those of activities that the mapping does not name. `ours` are cases that were worked on here
    since they were imported, and were left as they are.
    """

    new: int
    changed: int
    unchanged: int
    ours: int
    rows: int
    remarks: int
    unfit: int
    unmapped: Mapping[str, int]
    created: int


def take_over(
    app: App, path: str, map_path: str, *, create_customers: bool = False, reason: str | None = None
) -> tuple[Taken, int | None]:
    """Import a log by a mapping; return what it did and the history's entry.

    A case is known by the log's name for it: a log read again changes nothing, a longer one adds what is new.
    """
    mapped = logs.mapping(map_path)
    log = logs.read(app, path, mapped)
    with uninterrupted(), app.transaction(reason=reason) as tx:
        taker = _Taker(app, tx, mapped, create_customers)
        for name, rows in log.cases.items():
            taker.take(name, rows)
        taker.save(path)
        counts = taker.counts
        done = Taken(*counts, log.rows, taker.remarks, taker.unfit, log.unmapped, taker.created)
    return done, tx.sequence


class _Taker:
    """Takes over the cases of one log, in a transaction that any problem ends."""

    def __init__(self, app: App, tx: Transaction, mapped: LogMap, create_customers: bool) -> None:
        self._app, self._tx, self._mapped, self._create = app, tx, mapped, create_customers
        self._type = app.record_type("cases")
        self._prepare = preparer(app, tx, self._type)
        self._references = References(app, tx)
        self._fields = [info for info in records.fields(Case).values() if info.ref]
        self._decode = decoder("cases", Case)
        self._old = self._known()
        self._new: list[Case] = []
        self._problems: list[Problem] = []
        self._changed = self._unchanged = self._ours = 0
        self.remarks = self.unfit = self.created = 0

    def _known(self) -> dict[str, Document]:
        found: dict[str, Document] = {}
        for document in self._tx.read("cases"):
            key = self._decode(document).key
            if key:
                found[key] = document
        return found

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """New, changed, unchanged, and worked on here."""
        return len(self._new), self._changed, self._unchanged, self._ours

    def take(self, name: str, rows: list[Logged]) -> None:
        """Rebuild one case, and note what is to be done with it."""
        told = rebuild(rows, self._mapped.activities, self._mapped.contacts, self._mapped.source)
        self.remarks += told.remarks
        self.unfit += told.unfit
        key = f"{self._mapped.source}:{name}"
        values = {"content": name, **told.values, "key": key, "events": told.events}
        built = self._built(values, rows[0].line, key not in self._old)
        if built is None:
            return
        if key not in self._old:
            self._new.append(built)
        else:
            self._update(self._old[key], built, told)

    def _built(self, values: dict[str, Any], line: int, new: bool) -> Case | None:
        """Return the case that values make, or note what is wrong with them."""
        before = len(self._problems)
        for info in self._fields:
            self._resolve(info, values, line)
        self._problems += [one._replace(line=line) for one in self._prepare(values, new)]
        made = records.build(Case, {**values, "id": "-"}, line)
        if isinstance(made, list):
            self._problems += made
            return None
        return made if len(self._problems) == before else None

    def _resolve(self, info: Field, values: dict[str, Any], line: int) -> None:
        name = values.get(info.name)
        if not isinstance(name, str):
            return
        known = self._references.resolve(info, name)
        if known is None and info.name == "customer" and self._create:
            known = self._app.actions["customer.create"](self._tx, name=name, key=name)
            if not isinstance(known, str):
                raise PluginFailed(_("the action customer.create did not return the new record's id"))
            self._references.add(info.ref, name, known)
            self.created += 1
        if known is None:
            said = self._references.missing(info)
            if info.name == "customer":
                said = _("{problem}; --create-customers would add it").format(problem=said)
            self._problems.append(Problem(line, info.name, shown(name), said))
        else:
            values[info.name] = known

    def _update(self, old: Document, built: Case, told: Rebuilt) -> None:
        """Bring a known case up to a log that has grown, unless it was worked on here since."""
        before = self._decode(old)
        own = [event for event in before.events if event.source != self._mapped.source]
        if list(map(_plain, before.events)) == list(map(_plain, told.events)):
            self._unchanged += 1
        elif own:
            self._ours += 1
        else:
            names = (*told.values, "events")
            values = {name: getattr(built, name) for name in names}
            after = msgspec.structs.replace(before, **values)
            self._tx.replace("cases", old.number, edits.merge(after, msgspec.json.decode(old.raw)))
            self._changed += 1

    def save(self, path: str) -> None:
        """Number and add the new cases; raises `BadRows` with all that is wrong in the log."""
        if self._problems:
            raise refusals.listed(BadRows(sorted(self._problems), path))
        for case in self._new:
            day = numbering.day_in(self._app, self._type, case)
            own = numbering.next_id(self._tx, self._type, day)
            self._tx.insert("cases", edits.encode(msgspec.structs.replace(case, id=own)))


def _plain(event: Event) -> bytes:
    return msgspec.json.encode(event)
