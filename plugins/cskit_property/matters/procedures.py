"""Procedures: what steps a matter takes, which before which, with which documents, in how many days.

Rule files of the kind `property-procedures`. Must not import click or a store.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, NamedTuple

import msgspec

from cskit import NotFound, _, rules
from cskit.nouns import listed
from cskit.plugins.isolation import nearest

if TYPE_CHECKING:
    from cskit import App

KIND = "property-procedures"


class Paper(msgspec.Struct, frozen=True):
    """A document that a step needs."""

    code: str
    label: rules.Label


class Step(msgspec.Struct, frozen=True):
    """A step: what has to be done before (`needs`), with which documents, in how many working days.

    `built_share` says that each building has to have so much of its floors, rounded up to a whole floor.
    """

    code: str
    label: rules.Label
    days: Annotated[int, msgspec.Meta(ge=0)]
    needs: list[str] = []
    documents: list[Paper] = []
    built_share: Decimal | None = None

    def __post_init__(self) -> None:
        """Refuse a share that is none."""
        if self.built_share is not None and not 0 < self.built_share <= 1:
            raise ValueError(_("built_share: {value} is not from 0 to 1").format(value=self.built_share))


class Procedure(msgspec.Struct, frozen=True):
    """A rule file of the kind property-procedures; its days are counted by `calendar`."""

    label: rules.Label
    calendar: str
    steps: list[Step]

    def __post_init__(self) -> None:
        """Refuse two steps of one code, and a step that needs one that does not come before it."""
        before: list[str] = []
        for step in self.steps:
            if step.code in before:
                raise ValueError(_("steps: two are called '{code}'").format(code=step.code))
            unknown = [code for code in step.needs if code not in before]
            if unknown:
                said = _("steps: '{code}' needs '{needed}', which is not a step before it")
                raise ValueError(said.format(code=step.code, needed=unknown[0]))
            before.append(step.code)
        if not self.steps:
            raise ValueError(_("steps: there are none"))

    def step(self, name: str) -> Step:
        """Return a step by code or title; raises `NotFound` with those there are."""
        found = [one for one in self.steps if name in (one.code, one.label.en, one.label.zh)]
        if len(found) == 1:
            return found[0]
        codes = [one.code for one in self.steps]
        near = nearest(name, codes)
        hint = (
            _("did you mean {name}?").format(name=near)
            if near
            else _("there are {names}").format(names=listed(codes))
        )
        raise NotFound(_("'{procedure}' has no step '{name}'").format(procedure=self.label, name=name), hint)

    def papers(self) -> Mapping[str, rules.Label]:
        """Return the documents that steps need, by code."""
        return {paper.code: paper.label for step in self.steps for paper in step.documents}


class Named(NamedTuple):
    """A procedure, its code, and what a record notes of its file."""

    code: str
    procedure: Procedure
    noted: str


def load(app: App) -> dict[str, Named]:
    """Return the procedures by code; raises as `rules.load` does."""
    found = rules.load(app, KIND)
    return {code: Named(code, rule.value, f"{code}@{rule.hash[:12]}") for code, rule in found.items()}


def find(known: Mapping[str, Named], name: str) -> Named:
    """Return a procedure by code or title; raises `NotFound` with those there are."""
    if name in known:
        return known[name]
    titled = [one for one in known.values() if name in (one.procedure.label.en, one.procedure.label.zh)]
    if len(titled) == 1:
        return titled[0]
    near = nearest(name, known)
    hint = (
        _("did you mean {name}?").format(name=near)
        if near
        else _("there are {names}").format(names=listed(known))
    )
    raise NotFound(_("there is no procedure '{name}'").format(name=name), hint)


def needed_floors(floors: int, share: Decimal) -> int:
    """Return how many floors are so much of all, rounded up: half of 31 is 16 (catalogue C03)."""
    return math.ceil(share * floors)


def titles(steps: Sequence[Step]) -> str:
    """Return steps as a sentence names them."""
    return listed(_("{code} ({title})").format(code=step.code, title=step.label) for step in steps)
