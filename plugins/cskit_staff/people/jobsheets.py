"""The job sheet of a position (岗位说明书), as it is printed: every field of catalogue B9.1.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cskit import _, label
from cskit.display.paper import Cell, Grid, Prose, Rows, Sheet
from cskit.nouns import listed
from cskit.records import fields
from cskit_staff.people import organisation, people
from cskit_staff.people.model import Conditions, Position, Requirements
from cskit_staff.people.people import Post

if TYPE_CHECKING:
    import msgspec

    from cskit import App


def sheets(app: App, positions: Iterable[tuple[Position, Mapping[str, str]]]) -> list[Sheet]:
    """Return a sheet for each position; the tables are read once, however many there are."""
    reading = app.reading()
    held = people.posts(reading)
    placed = organisation.filled(people.everybody(reading), app.today)
    found = []
    for position, texts in positions:
        (node,) = organisation.grow(held, placed, [position.id])
        found.append(_sheet(position, texts, node, held))
    return found


def _sheet(
    position: Position, texts: Mapping[str, str], node: organisation.Node, held: Mapping[str, Post]
) -> Sheet:
    """Return the sheet of one position; what is not filled in is left to be written by hand."""
    return Sheet(
        title=_("Job sheet: {title}").format(title=position.title),
        number=position.id,
        parts=[
            Grid(_head(position, texts, node, held)),
            Prose(position.summary or "", _("Summary")),
            Rows(
                [_("No."), _("Duty")],
                [[str(number), duty] for number, duty in enumerate(position.duties, 1)],
                _("Duties"),
                blank=0 if position.duties else 3,
            ),
            Grid(_parts(Requirements, position.requirements), _("Requirements")),
            Grid(_parts(Conditions, position.conditions), _("Working conditions")),
            Grid(_around(position, node, held), _("In the organisation")),
        ],
        signatures=[_("Sheet approved by"), _("I have read this and will carry it out"), _("Date")],
        foot=position.note or "",
    )


def _head(
    position: Position, texts: Mapping[str, str], node: organisation.Node, held: Mapping[str, Post]
) -> list[Cell]:
    counts = _("{planned} planned, {actual} actual").format(
        planned=position.headcount, actual=len(node.people)
    )
    superior = _named([position.superior] if position.superior else [], held)
    return [
        Cell(_("Position"), position.title),
        Cell(_("Position code"), position.id),
        Cell(_("Department"), texts.get("department", "")),
        Cell(_("Job family"), texts.get("family", "")),
        Cell(_("Job grade"), texts.get("grade", "")),
        Cell(_("Direct superior"), superior),
        Cell(_("Pay standard"), texts.get("pay_standard", "")),
        Cell(_("Headcount"), counts),
        Cell(_("Rank ladder"), texts.get("ladder", "")),
        Cell(_("KPI scheme"), texts.get("scheme", "")),
        Cell(_("Filled in on"), texts.get("filled_on", "")),
        Cell(_("Sheet approved by"), texts.get("approver", "")),
    ]


def _parts(part: type[msgspec.Struct], filled: Any) -> list[Cell]:
    """Return the cells of a group of fields, empty where nothing is filled in."""
    return [
        Cell(label(info.en, info.zh), getattr(filled, name, None) or "", wide=True)
        for name, info in fields(part).items()
    ]


def _around(position: Position, node: organisation.Node, held: Mapping[str, Post]) -> list[Cell]:
    direct = [below.post.id for below in node.below]
    indirect = [one.post.id for below in node.below for one in below.all() if one is not below]
    return [
        Cell(_("Direct subordinates"), _named(direct, held), wide=True),
        Cell(_("Indirect subordinates"), _named(indirect, held), wide=True),
        Cell(_("Promotion to"), _named(position.promotion, held), wide=True),
        Cell(_("Rotation posts"), _named(position.rotation, held), wide=True),
    ]


def _named(codes: Sequence[str], held: Mapping[str, Post]) -> str:
    """Return positions by their titles, with the code behind; one that there is not as it is written."""
    return listed(
        _("{title} ({code})").format(title=held[code].title, code=code) if code in held else code
        for code in codes
    )
