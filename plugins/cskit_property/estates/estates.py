"""Projects and their buildings; how estates' records are completed as they come in.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import _, edits, register
from cskit.errors import BadRows, Problem
from cskit.stored import decoder
from cskit.values import shown
from cskit_property.checks import rectifications
from cskit_property.estates.model import Building, Project

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading, Transaction

PROJECTS = "property_projects"
_NEVER_BELOW_ZERO = ("residential_area", "other_area", "residential_rate", "other_rate")
Prepared = Callable[[dict[str, Any], bool], list[Problem]]


def prepare_project(app: App, reading: Reading) -> Prepared:
    """Return what checks the values of projects: nothing below zero, no contract that ends first."""

    def prepared(values: dict[str, Any], new: bool) -> list[Problem]:
        found = list(below_zero(values, _NEVER_BELOW_ZERO))
        first, last = values.get("contract_from"), values.get("contract_until")
        if isinstance(first, dt.date) and isinstance(last, dt.date) and last < first:
            said = _("the contract would end before it begins on {day}").format(day=first)
            found.append(Problem(0, "contract_until", shown(last), said))
        return found

    return prepared


def below_zero(values: dict[str, Any], names: tuple[str, ...]) -> Iterator[Problem]:
    """Yield a problem for each amount below zero."""
    for name in names:
        value = values.get(name)
        if isinstance(value, Decimal) and value < 0:
            yield Problem(0, name, shown(value), _("cannot be below zero"))


def prepare_rectification(app: App, reading: Reading) -> Prepared:
    """Return what completes rectifications: when it was found, until when it is to be put right."""

    def prepared(values: dict[str, Any], new: bool) -> list[Problem]:
        if new:
            rectifications.completed(app, values)
        return []

    return prepared


def prepare_raised(app: App, reading: Reading) -> Prepared:
    """Return what completes events: when they were raised, the case they came from among those linked."""

    def prepared(values: dict[str, Any], new: bool) -> list[Problem]:
        if new:
            values.setdefault("raised_at", app.now)
            if values.get("case") and not values.get("cases"):
                values["cases"] = [values["case"]]
        return []

    return prepared


def prepare_patrol(app: App, reading: Reading) -> Prepared:
    """Return what completes patrols: when it was, and who went."""

    def prepared(values: dict[str, Any], new: bool) -> list[Problem]:
        if new:
            values.setdefault("at", app.now)
            values.setdefault("staff", app.staff or app.user)
        return []

    return prepared


def prepare_audit(app: App, reading: Reading) -> Prepared:
    """Return what checks audits: a mutual one names the project that audits, and no project audits itself."""

    def prepared(values: dict[str, Any], new: bool) -> list[Problem]:
        mutual, by = values.get("kind") == "mutual", values.get("by_project")
        if mutual and new and not by:
            return [Problem(0, "by_project", "", _("a mutual audit needs the project that audits"))]
        if by is not None and by == values.get("project"):
            return [Problem(0, "by_project", shown(by), _("no project audits itself"))]
        return []

    return prepared


# --- buildings ---------------------------------------------------------------------------------------------


def put_building(
    app: App,
    tx: Transaction,
    name: str,
    *,
    building: str,
    floors: int | None = None,
    built: int | None = None,
    units: int | None = None,
) -> Building:
    """Put a building of a project down, or change what is known of it; return it as it is now.

    Raises `BadRows` where a new building has no number of floors, or more floors stand than it is to have.
    """
    (document,) = register.find(app, tx, app.record_type(PROJECTS), [name])
    project = decoder(PROJECTS, Project)(document)
    held = {one.name: one for one in project.buildings}
    old = held.get(building)
    total = floors if floors is not None else old.floors if old else None
    if total is None:
        raise BadRows([Problem(0, "floors", "", _("a new building needs its number of floors"))])
    stand = built if built is not None else old.built if old else 0
    if stand > total:
        said = _("of {total} floors, so many cannot stand").format(total=total)
        raise BadRows([Problem(0, "built", shown(stand), said)])
    dwellings = units if units is not None else old.units if old else None
    held[building] = Building(name=building, floors=total, built=stand, units=dwellings)
    after = msgspec.structs.replace(project, buildings=list(held.values()))
    tx.replace(PROJECTS, document.number, edits.merge(after, msgspec.json.decode(document.raw)))
    return held[building]
