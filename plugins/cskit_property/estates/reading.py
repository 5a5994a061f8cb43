"""What people look up: standards, and what happened at a project, as rows.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from cskit_property.checks.standards import Standard, all_of

if TYPE_CHECKING:
    from cskit import App, Event


def standards(app: App) -> Iterator[dict[str, Any]]:
    """Yield a row for each service standard."""
    for name, rule in sorted(all_of(app).items()):
        found = list(rule.value.placed())
        yield {
            "name": name,
            "title": str(rule.value.label),
            "items": len(found),
            "points": sum(place.item.points for place in found),
            "source": rule.owner,
        }


def items(standard: Standard) -> Iterator[dict[str, Any]]:
    """Yield a row for each item of a standard."""
    for area, item in standard.placed():
        row = {"item": item.code, "area": str(area.label), "text": str(item.label), "points": item.points}
        yield row | ({"serious": True} if item.serious else {})


def happened(events: Iterable[Event]) -> Iterator[dict[str, Any]]:
    """Yield events as rows."""
    for event in events:
        row = {"at": event.at, "what": event.what, "about": event.about, "id": event.id, "who": event.who}
        yield {name: value for name, value in row.items() if value}
