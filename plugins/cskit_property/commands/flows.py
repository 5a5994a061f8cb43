"""A state machine as rows, or as a diagram with -o mermaid; for every `… flow` of the plugin."""

from __future__ import annotations

from cskit import App, Column, rows
from cskit.display import views
from cskit.workflow import Workflow

_FLOW = (
    Column("state", "State"),
    Column("title", "Title"),
    Column("verb", "Command"),
    Column("to", "Leads to"),
    Column("means", "Meaning"),
)


def show(app: App, flow: Workflow) -> None:
    """Write the table of a flow; what is in no row has come to its end."""
    if views.form(app) == "mermaid":
        views.document(app, flow.mermaid())
        return
    found = [
        {
            "state": row.source.name,
            "title": str(row.source),
            "verb": row.move.verb,
            "to": row.target.name if row.target else None,
            "means": str(row.move),
        }
        for row in flow.rows()
    ]
    rows(app, found, _FLOW)
