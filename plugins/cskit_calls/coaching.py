"""Coaching notes, measures and analyses: what follows from listening. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cskit import Refused, _, edits
from cskit.display.paper import Cell, Grid, Part, Prose, Sheet
from cskit.edits import Edit
from cskit.errors import Problem
from cskit.nouns import shortened
from cskit.stored import decoder
from cskit.values import shown
from cskit_calls import qalimits, roster, scoresheets, shifts
from cskit_calls.qamodel import Analysis, Coaching, Measure
from cskit_calls.qatrend import MEASURES

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Document, Reading, Transaction

TABLE = "call_coaching"
_SHOWN = 5
Prepared = Callable[[dict[str, Any], bool], Sequence[Problem]]


def measure(app: App, reading: Reading) -> Prepared:
    """Return what completes measures: since when, until when, the item's code for its title."""
    people = shifts.person(app, reading)
    items = scoresheets.codes(app)
    days = dt.timedelta(days=qalimits.load(app).measure_days)

    def prepared(values: dict[str, Any], new: bool) -> Sequence[Problem]:
        problems = list(people(values, new))
        item = values.get("item")
        if isinstance(item, str):
            values["item"] = items.get(item, item)
            if item not in items:
                problems.append(Problem(0, "item", shown(item), _("no scoring sheet has this item")))
        if new:
            values.setdefault("since", app.today)
            if isinstance(values["since"], dt.date):
                values.setdefault("due", values["since"] + days)
        return problems

    return prepared


def done(
    app: App, tx: Transaction, documents: Iterable[Document], effect: str | None = None
) -> list[Measure]:
    """Note measures as done, all or none; raises `Refused` for those that are."""
    held = [(document, decoder(MEASURES, Measure)(document)) for document in documents]
    again = [one.id for _document, one in held if one.state == "done"]
    if again:
        raise Refused(_("done already: {ids}").format(ids=shortened(again, _SHOWN)))
    wanted = [
        Edit(("state",), "=", "done"),
        Edit(("done_on",), "=", app.today),
        Edit(("effect",), "=", effect),
    ]
    found = []
    for document, _before in held:
        record, raw = edits.apply(Measure, document.raw, wanted)
        tx.replace(MEASURES, document.number, raw)
        found.append(record)
    return found


def acknowledge(
    app: App, tx: Transaction, documents: Iterable[Document], answer: str | None = None
) -> list[Coaching]:
    """Note that the agent has seen what was said; raises `Refused` for others' notes, and those seen."""
    held = [(document, decoder(TABLE, Coaching)(document)) for document in documents]
    again = [one.id for _document, one in held if one.acknowledged_at is not None]
    if again:
        raise Refused(_("acknowledged already: {ids}").format(ids=shortened(again, _SHOWN)))
    strange = [one for _document, one in held if one.staff not in (app.staff, app.user)]
    if strange:
        said = _("{ids}: only the agent acknowledges what was said to them, not {who}")
        told = said.format(ids=shortened([one.id for one in strange], _SHOWN), who=roster.actor(app))
        raise Refused(told, _("--user {staff} acts as the agent").format(staff=strange[0].staff))
    wanted = [Edit(("acknowledged_at",), "=", app.now), Edit(("answer",), "=", answer)]
    found = []
    for document, _before in held:
        record, raw = edits.apply(Coaching, document.raw, wanted)
        tx.replace(TABLE, document.number, raw)
        found.append(record)
    return found


def analyses(app: App, held: Sequence[tuple[Analysis, Mapping[str, str]]]) -> list[Sheet]:
    """Return each analysis as it is handed out."""
    return [_analysis(one, texts) for one, texts in held]


def _analysis(one: Analysis, texts: Mapping[str, str]) -> Sheet:
    head = [
        Cell(_("Kind of example"), texts["kind"]),
        Cell(_("Day"), texts["on"]),
        Cell(_("Call"), texts["call"]),
        Cell(_("Case"), texts["case"]),
        Cell(_("Author"), texts["author"]),
        Cell(_("Tags"), texts["tags"]),
    ]
    parts: list[Part] = [
        Grid(head),
        Prose(one.course or "", _("What happened")),
        Prose(one.cause or "", _("Why")),
        Prose(one.lesson or "", _("What follows")),
    ]
    return Sheet(_("Case analysis: {title}").format(title=one.title), parts, number=one.id)
