"""Service standards as rule files: areas, their items, what each is worth.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, NamedTuple

import msgspec

from cskit import NotFound, _, rules
from cskit.nouns import listed
from cskit.plugins.isolation import nearest

if TYPE_CHECKING:
    from cskit import App

KIND = "service-standards"
Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,31}$")]


class StandardItem(msgspec.Struct, frozen=True):
    """What is looked at: `points` it is worth, and whether any loss of them is a serious finding."""

    code: Code
    label: rules.Label
    points: Annotated[int, msgspec.Meta(ge=1, le=100)]
    serious: bool = False


class Area(msgspec.Struct, frozen=True):
    """Items that belong together, such as all that is cleaned."""

    code: Code
    label: rules.Label
    items: Annotated[list[StandardItem], msgspec.Meta(min_length=1)]


class Standard(msgspec.Struct, frozen=True):
    """A rule file of the kind service-standards; no two items have one code."""

    label: rules.Label
    areas: Annotated[list[Area], msgspec.Meta(min_length=1)]

    def __post_init__(self) -> None:
        """Refuse a standard in which a code means two items, or two areas."""
        for codes in (
            [area.code for area in self.areas],
            [item.code for area in self.areas for item in area.items],
        ):
            twice = sorted({code for code in codes if codes.count(code) > 1})
            if twice:
                raise ValueError(_("these codes are there twice: {codes}").format(codes=listed(twice)))

    def placed(self) -> Iterator[Placed]:
        """Yield every item with its area, in the order of the file."""
        for area in self.areas:
            for item in area.items:
                yield Placed(area, item)


class Placed(NamedTuple):
    """An item and the area it belongs to."""

    area: Area
    item: StandardItem

    @property
    def points(self) -> Decimal:
        """What the item is worth."""
        return Decimal(self.item.points)


def all_of(app: App) -> Mapping[str, rules.Rule]:
    """Return the standards by name; raises as `rules.load` does."""
    return rules.load(app, KIND)


def load(app: App, name: str) -> rules.Rule:
    """Return a standard by name, or by its title in either language; raises `NotFound`."""
    known = all_of(app)
    if name in known:
        return known[name]
    for rule in known.values():
        if name in (rule.value.label.en, rule.value.label.zh):
            return rule
    near = nearest(name, known)
    raise NotFound(
        _("there is no service standard '{name}'").format(name=name),
        _("did you mean '{near}'?").format(near=near)
        if near
        else _("there are {names}").format(names=listed(known)),
    )


def placed(app: App, name: str) -> dict[str, Placed]:
    """Return the items of a standard by code; none where the standard is there no more."""
    rule = all_of(app).get(name)
    return {} if rule is None else {one.item.code: one for one in rule.value.placed()}
