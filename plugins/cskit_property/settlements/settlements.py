"""Settlements: made, changed while they are drafts, and found. Their way to payment is in `approval.py`.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import NotFound, Refused, Usage, _, amounts, edits, facts, register
from cskit import Period as Days
from cskit.store.protocol import Document
from cskit.stored import decoder
from cskit.values import one_line
from cskit_property.checks import scores
from cskit_property.settlements import deductions, lines
from cskit_property.settlements.lines import Asked, Rated
from cskit_property.settlements.moneymodel import Line, Settlement, SettlementState, Step
from cskit_property.settlements.settling import FLOW

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Change, Reading, Transaction

TABLE = "property_settlements"
PROJECTS, ROUNDS = "property_projects", "survey_rounds"
SATISFACTION = "surveys.satisfaction"
Act = Callable[[Settlement], Settlement]


class Period(NamedTuple):
    """The days that a settlement is for, both included."""

    first: dt.date
    last: dt.date

    @classmethod
    def read(cls, text: str) -> Period:
        """Read a period such as 2026-10, or 2026-10-01..2026-12-31; raises `Usage` for one without an end."""
        found = facts.parse_period(text)
        if found.first is None or found.last is None:
            said = _("--period {period}: a settlement needs the first and the last day")
            raise Usage(said.format(period=text), _("such as 2026-10 or 2026-10..2026-12"))
        return cls(found.first, found.last)


class Wanted(NamedTuple):
    """A settlement that is to be made; without lines of its own it has those of the project's rates."""

    project: str
    item: str
    period: Period
    asked: Asked
    round: str | None = None
    own: str | None = None
    note: str | None = None


# --- making one --------------------------------------------------------------------------------------------


def create(app: App, tx: Transaction, wanted: Wanted) -> Settlement:
    """Make a draft inside `tx` and return it, with the deductions as they are computed today.

    Raises `Refused` where another settlement is for the same project, item and days.
    """
    item = one_line(wanted.item).strip()
    if not item:
        raise Usage(_("a settlement needs an item"), _("such as --item 物业服务费"))
    project = _project(app, tx, wanted.project)
    _refuse_overlap(tx, [_Held("", project.id, item, *wanted.period)])
    own = lines.typed(wanted.asked)
    if not any(line.kind == "fee" for line in own):
        own = [*lines.of_project(project, item, *wanted.period), *own]
    survey = _survey(tx, wanted.round)
    computed, rules = computed_lines(app, project.id, item, wanted.period, own, survey)
    found = [*own, *computed]
    values: dict[str, Any] = {
        "id": wanted.own,
        "project": project.id,
        "company": project.company,
        "item": item,
        "first": wanted.period.first,
        "last": wanted.period.last,
        "round": survey,
        "lines": found,
        "total": amounts.total(line.amount for line in found),
        "rules": rules,
        "steps": [Step(at=app.now, who=actor(app), what="new", after="draft")],
        "note": wanted.note,
    }
    given = {name: value for name, value in values.items() if value is not None}
    made = register.create(app, tx, app.record_type(TABLE), given)
    assert isinstance(made, Settlement)  # noqa: S101 - what the table's type says
    return made


def _project(app: App, reading: Reading, name: str) -> Rated:
    (document,) = register.find(app, reading, app.record_type(PROJECTS), [name])
    return decoder(PROJECTS, Rated)(document)


def _survey(reading: Reading, name: str | None) -> str | None:
    """Return the id of the survey round that a name means; what means none is refused with the record."""
    found = map(register.id_of, reading.read(ROUNDS, names=[name])) if name else ()
    return min(found, key=lambda own: own != name, default=name)


class _Held(msgspec.Struct, frozen=True, gc=False):
    """What tells whether a stored settlement is in the way of a new one."""

    id: str
    project: str
    item: str
    first: dt.date
    last: dt.date
    state: SettlementState = "draft"

    @property
    def place(self) -> tuple[str, str]:
        """What is settled once for each day."""
        return self.project, self.item.casefold()


def refuse_overlap(tx: Transaction, changes: Sequence[Change]) -> None:
    """Raise `Refused` where a settlement comes back, as by undoing, whose days are settled anew."""
    decode, back = decoder(TABLE, _Held), []
    for change in changes:
        if change.table == TABLE and change.after is not None:
            after = decode(Document(change.number, change.after))
            before = decode(Document(change.number, change.before)) if change.before is not None else None
            if after.state != "cancelled" and (before is None or before.state == "cancelled"):
                back.append(after)
    if back:
        _refuse_overlap(tx, back)


def _refuse_overlap(reading: Reading, fresh: Sequence[_Held]) -> None:
    """Raise `Refused` where another settlement is for one of these days already, but for those cancelled."""
    held: dict[tuple[str, str], list[_Held]] = {}
    for one in map(decoder(TABLE, _Held), reading.read(TABLE)):
        if one.state != "cancelled":
            held.setdefault(one.place, []).append(one)
    for one in fresh:
        for other in held.get(one.place, ()):
            if other.id != one.id and other.first <= one.last and one.first <= other.last:
                raise _overlapping(other)


def _overlapping(held: _Held) -> Refused:
    said = _("settlement {id} ({state}) is for '{item}' of project {project} from {first} to {last}")
    told = said.format(
        id=held.id,
        state=FLOW.state(held.state),
        item=held.item,
        project=held.project,
        first=held.first,
        last=held.last,
    )
    return Refused(told, _("settle other days, or cancel it with `cskit property settle cancel`"))


def computed_lines(
    app: App, project: str, item: str, period: Period, own: Sequence[Line], survey: str | None
) -> tuple[list[Line], str]:
    """Return the deductions of a settlement by the figures of its period, and which table says so.

    Satisfaction is that of a `survey` round, whenever it was answered, where the settlement names one.
    Says on stderr which figures are not known, since nothing is taken off for them.
    """
    table, name = deductions.load(app, item)
    values = _values(app, project, table, period, survey)
    missing = [str(one.label) for one in deductions.unknown(table, values)]
    if missing:
        said = _("not known from {first} to {last}, so nothing is taken off for it: {names}")
        app.echo(said.format(first=period.first, last=period.last, names=_(", ").join(missing)))
    fees = amounts.total(line.amount for line in own if line.kind == "fee")
    return deductions.lines(table, values, fees), name


def _values(
    app: App, project: str, table: deductions.Table, period: Period, survey: str | None
) -> dict[str, Decimal]:
    asked = Days(*period)
    names = [one.fact for one in table.measures if one.fact != SATISFACTION]
    found = app.facts("project", names, [project], period=asked) if names else {}
    values = {name: Decimal(held[project]) for name, held in found.items() if project in held}
    if any(one.fact == SATISFACTION for one in table.measures):
        known = scores.satisfaction(app, [project], Days() if survey else asked, survey)
        values |= {SATISFACTION: Decimal(known[project])} if project in known else {}
    return values


# --- changing a draft --------------------------------------------------------------------------------------


def relined(app: App, asked: Asked) -> Act:
    """Return the step that changes a draft's lines: some dropped by number, others put on.

    Deductions that were computed stay computed: they are reckoned anew, and cannot be dropped.
    """
    new = lines.typed(asked)
    if not new and not asked.drop:
        raise Usage(_("what is to change?"), _("--fee, --add, --deduct, --adjust TEXT=AMOUNT or --drop N"))

    def step(settlement: Settlement) -> Settlement:
        after(settlement, "line")
        kept = _without(settlement, asked.drop)
        return noted(app, recomputed(app, settlement, [*kept, *new]), "line", "draft")

    return step


def _without(settlement: Settlement, drop: Sequence[int]) -> list[Line]:
    for number in drop:
        if not 1 <= number <= len(settlement.lines):
            said = _("settlement {id} has no line {number}")
            raise NotFound(
                said.format(id=settlement.id, number=number), _("`cskit property settle show` counts them")
            )
        if settlement.lines[number - 1].measure is not None:
            said = _("settlement {id}: line {number} is computed, so it cannot be dropped")
            raise Refused(
                said.format(id=settlement.id, number=number),
                _("put it right with --adjust, which keeps both"),
            )
    held = enumerate(settlement.lines, 1)
    return [line for number, line in held if number not in drop and line.measure is None]


def recomputed(app: App, settlement: Settlement, own: Sequence[Line]) -> Settlement:
    """Return a settlement of some lines and the deductions as they are computed today."""
    period = Period(settlement.first, settlement.last)
    survey = settlement.round
    computed, rules = computed_lines(app, settlement.project, settlement.item, period, own, survey)
    found = [*own, *computed]
    total = amounts.total(line.amount for line in found)
    return msgspec.structs.replace(settlement, lines=found, total=total, rules=rules)


def own_lines(settlement: Settlement) -> list[Line]:
    """Return the lines that somebody put down, without those that are computed."""
    return [line for line in settlement.lines if line.measure is None]


# --- steps -------------------------------------------------------------------------------------------------


def actor(app: App) -> str:
    """Return who acts: the staff id, or the login of somebody without one."""
    return app.staff or app.user


def after(settlement: Settlement, verb: str) -> SettlementState:
    """Return the state that a verb leads to; raises `Refused` where the flow has none."""
    found: SettlementState = FLOW.after(verb, settlement.state, settlement, id=settlement.id)  # type: ignore[assignment]  # one of the flow's
    return found


def noted(app: App, settlement: Settlement, what: str, state: SettlementState, **details: Any) -> Settlement:
    """Return a settlement in a state, with the step that led there."""
    last = max((step.at for step in settlement.steps), default=app.now)
    if last > app.now:
        said = _("settlement {id}: its last step is of {time}, later than now")
        raise Refused(said.format(id=settlement.id, time=last.strftime("%Y-%m-%dT%H:%M:%SZ")))
    held = details.pop("amount", settlement.total)
    step = Step(
        at=app.now, who=actor(app), what=what, before=settlement.state, after=state, amount=held, **details
    )
    return msgspec.structs.replace(settlement, state=state, steps=[*settlement.steps, step])


def act(
    app: App, tx: Transaction, documents: Iterable[Document], step: Act
) -> list[tuple[Settlement, Settlement]]:
    """Make a step on settlements and return each before and after; raises `Refused` with all that refuse."""
    decode, done = decoder(TABLE, Settlement), []
    refused: list[Refused] = []
    for document in documents:
        before = decode(document)
        try:
            made = step(before)
        except Refused as error:
            refused.append(error)
            continue
        tx.replace(TABLE, document.number, edits.merge(made, msgspec.json.decode(document.raw)))
        done.append((before, made))
    if len(refused) == 1:
        raise refused[0]
    if refused:
        raise Refused(_("nothing was saved"), "\n".join(error.message for error in refused))
    return done
