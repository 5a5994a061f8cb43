"""Rows of the core's own lists, with the columns that --fields asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cskit import views
from cskit.app import App
from cskit.errors import Usage
from cskit.output import Column
from cskit.plugins.isolation import nearest


def write(app: App, rows: Iterable[Mapping[str, Any]], columns: Sequence[Column]) -> None:
    """Write rows as the global options say."""
    known = {column.name: column for column in columns}
    for name in app.options.fields:
        if name not in known:
            near = nearest(name, known)
            raise Usage(
                f"--fields: there is no field '{name}'",
                f"did you mean {near}?" if near else f"there are {', '.join(known)}",
            )
    views.rows(app, rows, [known[name] for name in app.options.fields] or columns)
