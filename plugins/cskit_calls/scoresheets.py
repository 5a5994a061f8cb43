"""Scoring sheets as rule files of the kind `qa-sheets`: items, what each is worth, which are critical.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from cskit import NotFound, _, rules
from cskit.display.paper import Cell, Grid, Rows, Sheet
from cskit.nouns import listed
from cskit.plugins.isolation import nearest

if TYPE_CHECKING:
    from cskit import App

KIND = "qa-sheets"
Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,31}$")]


class SheetItem(msgspec.Struct, frozen=True):
    """What is listened for: `points` it is worth; failing a `critical` one makes the call worth nothing."""

    code: Code
    label: rules.Label
    points: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    critical: bool = False


class Part(msgspec.Struct, frozen=True):
    """Items that belong together, such as how a call is opened."""

    label: rules.Label
    items: Annotated[list[SheetItem], msgspec.Meta(min_length=1)]


class ScoreSheet(msgspec.Struct, frozen=True):
    """A rule file of the kind qa-sheets; the points of its items come to `total`."""

    label: rules.Label
    source: str
    total: Annotated[int, msgspec.Meta(ge=1, le=10000)]
    parts: Annotated[list[Part], msgspec.Meta(min_length=1)]

    def __post_init__(self) -> None:
        """Refuse a sheet whose points do not come to the total, and codes that mean two items."""
        codes = [item.code for item in self.items()]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise ValueError(_("these codes are there twice: {codes}").format(codes=listed(twice)))
        points = sum(item.points for item in self.items())
        if points != self.total:
            said = _("the points of the items come to {points}, not to the total of {total}")
            raise ValueError(said.format(points=points, total=self.total))

    def items(self) -> Iterator[SheetItem]:
        """Yield every item, in the order of the file."""
        for part in self.parts:
            yield from part.items

    def titles(self) -> dict[str, str]:
        """Return what people see of the codes of items, in their language."""
        return {item.code: str(item.label) for item in self.items()}


def all_of(app: App) -> dict[str, rules.Rule]:
    """Return the sheets by name; raises as `rules.load` does."""
    return dict(rules.load(app, KIND))


def load(app: App, name: str) -> rules.Rule:
    """Return a sheet by name or by title in either language; raises `NotFound`."""
    known = all_of(app)
    for rule in known.values():
        if name in (rule.name, rule.value.label.en, rule.value.label.zh):
            return rule
    near = nearest(name, known)
    raise NotFound(
        _("there is no scoring sheet '{name}'").format(name=name),
        _("did you mean '{near}'?").format(near=near)
        if near
        else _("there are {names}").format(names=listed(known)),
    )


def titles(app: App) -> dict[str, str]:
    """Return what people see of the codes of the items of all sheets."""
    found: dict[str, str] = {}
    for rule in all_of(app).values():
        found |= rule.value.titles()
    return found


def codes(app: App) -> dict[str, str]:
    """Return the code of each item of all sheets, by itself and by its title in either language."""
    every = [item for rule in all_of(app).values() for item in rule.value.items()]
    found = {title: item.code for item in every for title in (item.label.en, item.label.zh)}
    return found | {item.code: item.code for item in every}


def listed_ones(app: App) -> Iterator[dict[str, Any]]:
    """Yield a row for each sheet."""
    for name, rule in sorted(all_of(app).items()):
        items = list(rule.value.items())
        yield {
            "name": name,
            "title": str(rule.value.label),
            "items": len(items),
            "critical": sum(item.critical for item in items),
            "total": rule.value.total,
            "source": rule.value.source,
        }


def rows(sheet: ScoreSheet) -> Iterator[dict[str, Any]]:
    """Yield a row for each item of a sheet."""
    for part in sheet.parts:
        for item in part.items:
            row = {"item": item.code, "part": str(part.label), "text": str(item.label)}
            yield row | {"points": Decimal(item.points)} | ({"critical": True} if item.critical else {})


def form(sheet: ScoreSheet) -> Sheet:
    """Return a sheet as it is filled in by hand."""
    blank = [Cell(_("Call")), Cell(_("Agent")), Cell(_("Scored by")), Cell(_("Day"))]
    headings = [_("No."), _("What is listened for"), _("Worth"), _("Points"), _("Note")]
    number, parts = 0, [Grid(blank)]
    tables: list[Any] = list(parts)
    for part in sheet.parts:
        lines = []
        for item in part.items:
            number += 1
            said = _("{item} (critical)").format(item=item.label) if item.critical else str(item.label)
            lines.append([str(number), said, str(item.points), "", ""])
        tables.append(Rows(headings, lines, str(part.label)))
    foot = _("A critical item that is not met makes the whole call worth 0. Total: {total}.")
    signed = (_("Scored by"), _("Acknowledged by the agent"))
    return Sheet(str(sheet.label), tables, signatures=signed, foot=foot.format(total=sheet.total))
