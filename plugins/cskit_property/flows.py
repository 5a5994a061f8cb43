"""States and what leads from one to another, as rows to look at. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from cskit.workflow import Workflow
from cskit_property.checks.inspection import Rectification
from cskit_property.estates.liaison import LiaisonEvent


def table(workflow: Workflow) -> Iterator[dict[str, str]]:
    """Yield a row for each state and each step that leads on from it."""
    for row in workflow.rows():
        yield {
            "state": row.source.name,
            "title": str(row.source),
            "verb": row.move.verb,
            "to": row.target.name if row.target else "",
            "means": str(row.move),
        }


def stands(found: Iterable[Rectification | LiaisonEvent]) -> Iterator[dict[str, Any]]:
    """Yield a row for each record with the state it is in now."""
    for one in found:
        what = {"finding": one.finding} if isinstance(one, Rectification) else {"title": one.title}
        yield {"id": one.id, **({"project": one.project} if one.project else {}), **what, "state": one.state}
