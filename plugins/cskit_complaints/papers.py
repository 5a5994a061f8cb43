"""A case as a sheet of paper: what came in, how it was handled, its course, who signs. Knows no click."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import _, label
from cskit.display.paper import Cell, Grid, Part, Prose, Rows, Sheet
from cskit.records import fields
from cskit.values import text
from cskit_complaints import happenings, policy
from cskit_complaints.crisis import CRISIS
from cskit_complaints.model import STATES, Case, Compensation, Extension, Promise

if TYPE_CHECKING:
    from cskit import App

_CAME = ("received_at", "kind", "channel", "severity", "category", "customer", "complainant", "phone")
_CAME_TOO = ("unit", "product", "order", "people", "loss_claimed", "outside_number", "outside_due", "parent")
_DONE = ("state", "due", "department", "handler", "validity", "liability", "satisfaction", "closed_at")
_DONE_TOO = ("helpers", "supervised_by", "chased", "reopened", "force_majeure", "links")
_PROMISES = ("text", "due", "by", "kept_at")
_EXTENSIONS = ("until", "reason", "asked_by", "state", "decided_by")
_COMPENSATION = ("amount", "reason", "charged_to", "proposed_by", "state", "paid_at")


def sheet(app: App, case: Case, texts: Mapping[str, str]) -> Sheet:
    """Return a case as it is printed and signed; `texts` are its fields as people may see them."""
    parts: list[Part] = [
        Grid(
            [
                *_cells(texts, _CAME, _CAME_TOO),
                *_wide(texts, ("content", "demand"), ("note",)),
            ],
            _("What came in"),
        ),
        Grid(
            [
                *_cells(texts, _DONE, _DONE_TOO),
                *_wide(texts, ("cause", "solution", "answer")),
            ],
            _("How it was handled"),
        ),
        _course(app, case),
        *_lists(app, case),
        *_crisis(app, case),
    ]
    signs = (_("Registered by:"), _("Handled by:"), _("Reviewed by:"), _("Date:"))
    printed = _("Printed {time}").format(time=text(app.now, app.zone))
    title = _("Case: {kind}").format(kind=texts.get("kind", ""))
    return Sheet(title, parts, case.id, signs, printed)


def _cells(texts: Mapping[str, str], always: Sequence[str], known: Sequence[str] = ()) -> Iterator[Cell]:
    """Yield the cells of some fields, of others where they hold anything."""
    for name in (*always, *(name for name in known if texts.get(name))):
        yield Cell(_title(Case, name), texts.get(name, ""))


def _wide(texts: Mapping[str, str], always: Sequence[str], known: Sequence[str] = ()) -> Iterator[Cell]:
    for cell in _cells(texts, always, known):
        yield cell._replace(wide=True)


def _title(model: type[msgspec.Struct], name: str) -> str:
    info = fields(model)[name]
    return label(info.en, info.zh)


def _course(app: App, case: Case) -> Rows:
    """Return what happened, a row each."""
    known = happenings.words(app)
    rows = [
        (
            text(event.at, app.zone),
            happenings.happening(event.what),
            label(event.after or "", STATES.get(event.after or "", "")),
            event.who,
            happenings.details(event, known),
        )
        for event in sorted(case.events, key=lambda event: event.at)
    ]
    headings = (_("When"), _("What happened"), _("State"), _("Who"), _("Details"))
    return Rows(headings, rows, _("Course of the case"))


def _lists(app: App, case: Case) -> Iterator[Rows]:
    """Yield the promises, extensions and compensation of a case, as far as there are any."""
    shown: tuple[tuple[str, type[msgspec.Struct], Sequence[Any], Sequence[str]], ...] = (
        (_("Promises"), Promise, case.promises, _PROMISES),
        (_("Extensions"), Extension, case.extensions, _EXTENSIONS),
        (_("Compensation"), Compensation, case.compensation, _COMPENSATION),
    )
    for title, model, parts, names in shown:
        if parts:
            rows = [[_shown(app, model, part, name) for name in names] for part in parts]
            yield Rows([_title(model, name) for name in names], rows, title)


def _shown(app: App, model: type[msgspec.Struct], part: Any, name: str) -> str:
    value = getattr(part, name)
    choices = fields(model)[name].choices
    return label(value, choices[value]) if value in choices else text(value, app.zone)


def _crisis(app: App, case: Case) -> Iterator[Part]:
    """Yield the checklist of a crisis with its review memo (catalogue C10)."""
    if case.severity != CRISIS:
        return
    done = {one.step: one for one in case.crisis}
    rows = []
    for step in policy.load(app).crisis:
        one = done.get(step.code)
        rows.append((str(step.label), one.by if one else "", text(one.at, app.zone) if one else ""))
    yield Rows((_("Step"), _("Done by"), _("Done at")), rows, _("Crisis checklist"))
    if case.memo:
        yield Prose(case.memo, _("Review memo"))
