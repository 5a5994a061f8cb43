"""Acme's checklists: what a technician does at a visit, as the rule files say it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from cskit import NotFound, _, rules

if TYPE_CHECKING:
    from cskit import App

KIND = "acme-checklists"


class Step(msgspec.Struct, frozen=True):
    """One thing to do, and how long it takes."""

    label: rules.Label
    minutes: Annotated[int, msgspec.Meta(ge=1)]


class Limits(msgspec.Struct, frozen=True):
    """Readings beyond which a machine needs more than service."""

    pressure_bar: Decimal
    hours: int


class Checklist(msgspec.Struct, frozen=True):
    """A rule file of the kind acme-checklists."""

    label: rules.Label
    models: list[Literal["solo", "duo", "grand"]]
    minutes: Annotated[int, msgspec.Meta(ge=1)]
    steps: list[Step]
    limits: Limits


def steps(app: App, name: str) -> Iterator[dict[str, str | int]]:
    """Yield the steps of a checklist in order; raises `NotFound`."""
    found = rules.load(app, KIND)
    if name not in found:
        raise NotFound(
            _("there is no checklist '{name}'").format(name=name),
            _("there are {names}").format(names=", ".join(found)),
        )
    checklist: Checklist = found[name].value
    for number, step in enumerate(checklist.steps, 1):
        yield {"step": number, "what": str(step.label), "minutes": step.minutes}
