"""A run: what schemes decided, made into grades and recorded. Must not import click or a store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

from cskit import Refused, register
from cskit.i18n import _
from cskit.nouns import shortened
from cskit.values import plain
from cskit_grading import deciding, holding, moving, schemes
from cskit_grading.holding import TABLE, Held, Holdings
from cskit_grading.model import GradeRecord, Move
from cskit_grading.moving import UNCHANGED, State

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Filter, Transaction
    from cskit_grading.deciding import Decision
    from cskit_grading.schemes import Known


class Row(NamedTuple):
    """What a run says of one customer in one scheme; `move` is one of `model.MOVES`, or "unchanged"."""

    customer: str
    scheme: str
    previous: str | None
    grade: str | None
    move: str
    decided_by: str
    rule: str | None
    borderline: tuple[str, ...]
    reason: str


class Ran(NamedTuple):
    """A run: rows, how many grades were recorded, moves counted by scheme, what was left out, and remarks."""

    rows: Sequence[Row]
    recorded: int
    counts: Mapping[str, Mapping[str, int]]
    left_out: Mapping[str, str]
    notes: Mapping[str, Sequence[str]]


def run(
    app: App,
    names: Sequence[str] | None,
    where: Filter | None = None,
    *,
    tx: Transaction | None,
    every: bool = False,
) -> Ran:
    """Grade all customers, or those that match `where`, by some schemes (None: all whose facts are there).

    What is new is recorded in `tx`, nothing where there is none. The rows are those that were (or would be)
    recorded; with `every` also the others. Raises `Refused` for a record at a time that is still to come.
    """
    later: set[str] = set()
    held = holding.held(app.reading(), app.now, later=later)
    recorder = Recorder(app, schemes.load(app), held, names, tx, every=every)
    if tx is not None:
        refuse_later(app, later if names is None else later.intersection(names))
    ids = None if where is None else [register.id_of(one) for one in app.reading().read("customers", where)]
    outcome = deciding.decide(app, names, ids, last=ruled(held), settle=recorder.settle, keep=False)
    return Ran(recorder.rows, recorder.recorded, recorder.counts, outcome.left_out, outcome.notes)


def refuse_later(app: App, schemes: Collection[str]) -> None:
    """Raise `Refused` where schemes have a grade recorded at a time still to come."""
    if schemes:
        raise Refused(
            _("there are grades of {schemes} later than {day}; grades only go forward").format(
                schemes=shortened(sorted(schemes), 3), day=app.now.astimezone(app.zone).date()
            ),
            _("`cskit grade run --dry-run` shows what they would have been"),
        )


def ruled(held: Holdings) -> dict[str, dict[str, str]]:
    """Return what each scheme said last of each customer, whatever was set by hand since."""
    return {
        scheme: {customer: code for customer, one in holders.items() if (code := one.ruled) is not None}
        for scheme, holders in held.items()
    }


class Recorder:
    """Takes what schemes decide, and records it where it is new."""

    def __init__(
        self,
        app: App,
        known: Mapping[str, Known],
        held: Holdings,
        names: Collection[str] | None,
        tx: Transaction | None,
        *,
        every: bool = False,
    ) -> None:
        self.rows: list[Row] = []
        self.recorded = 0
        self.counts: dict[str, Counter[str]] = {}
        self._app, self._known, self._held, self._tx, self._every = app, known, held, tx, every
        self._names = known.keys() if names is None else names
        self._day = app.today
        self._zone = app.zone
        self._type = app.record_type(TABLE)
        self._by = app.staff or app.user

    def settle(self, name: str, decisions: Mapping[str, Decision]) -> dict[str, str | None]:
        """Record what a scheme decided; return the grades that are in force then."""
        known, held = self._known[name], self._held.get(name, {})
        wanted = name in self._names
        counts = self.counts.setdefault(name, Counter()) if wanted else Counter[str]()
        force: dict[str, str | None] = {}
        for customer, decision in decisions.items():
            before = held.get(customer)
            if before is None and decision.outside:
                continue
            if before is not None and _is_still(before, decision):
                state, move = None, UNCHANGED if before.grade is not None else "ungraded"
                force[customer] = before.grade
            else:
                state = self._after(known, before, decision)
                move = moving.move(known.scheme, before, state)
                force[customer] = state.grade
            new = state is not None and (
                state != moving.of(before) if before is not None else state.grade is not None
            )
            if not wanted or (decision.outside and not new):
                continue
            counts[move] += 1
            if new and state is not None:
                self.rows.append(self.record(known, before, decision, state, move))
            elif self._every:
                shown = state or moving.of(cast("Held", before))
                self.rows.append(self._row(known, before, decision, shown, move))
        return force

    def _after(self, known: Known, before: Held | None, decision: Decision) -> State:
        waited = before.at.astimezone(self._zone).date() if before is not None and before.runs else None
        return moving.after(
            known.scheme,
            before,
            decision.code,
            self._day,
            waited,
            borderline=bool(decision.borderline),
            outside=decision.outside,
        )

    def _row(self, known: Known, before: Held | None, decision: Decision, state: State, move: str) -> Row:
        previous = before.grade if before is not None else None
        return Row(
            decision.customer,
            known.name,
            previous,
            state.grade,
            move,
            state.decided_by,
            state.rule,
            decision.borderline,
            self._reason(known, before, decision, state),
        )

    def _reason(self, known: Known, before: Held | None, decision: Decision, state: State) -> str:
        """Return why: of an override what was said when it was set, else what the scheme remarks."""
        if state.override and before is not None and before.override:
            return before.reason or ""
        if state.runs:
            said = _("run {count} of {grace} in a row that says {grade}")
            return said.format(count=state.runs, grace=known.scheme.grace, grade=state.rule or _("no grade"))
        if before is not None and before.runs_out(self._day):
            said = _("the override ran out on {day}")
            return "; ".join(filter(None, (said.format(day=before.until), decision.reason)))
        return decision.reason

    def record(
        self,
        known: Known,
        before: Held | None,
        decision: Decision,
        state: State,
        move: str,
        reason: str = "",
    ) -> Row:
        """Record what counts from now on, if anything is saved, and return what is said of it.

        `reason` is given where a person decides: that waits for a second one.
        """
        self.recorded += 1
        row = self._row(known, before, decision, state, move)
        if reason:
            row = row._replace(reason=reason)
        if self._tx is not None:
            moved = row.grade != row.previous
            self._save(
                self._tx, known, row, decision, state, bool(reason) or (moved and known.scheme.sign_off)
            )
        return row

    def _save(
        self, tx: Transaction, known: Known, row: Row, decision: Decision, state: State, review: bool
    ) -> None:
        made = GradeRecord(
            id="-",
            customer=row.customer,
            scheme=row.scheme,
            grade=row.grade,
            previous=row.previous,
            move=cast("Move", row.move),
            at=self._app.now,
            decided_by="override" if row.decided_by == "override" else "rule",
            rule=state.rule,
            override=state.override,
            until=state.until,
            runs=state.runs,
            reason=row.reason or None,
            borderline=list(row.borderline),
            facts={name: plain(value) for name, value in decision.facts.items()},
            rule_hash=known.hash,
            recorded_by=self._by,
            review="pending" if review else None,
        )
        register.insert(tx, self._type, made)


def _is_still(before: Held, decision: Decision) -> bool:
    """Tell at a glance that nothing changed, as for most customers in most runs."""
    return (
        before.grade == decision.code
        and before.override is None
        and not before.runs
        and bool(before.borderline) == bool(decision.borderline)
    )
