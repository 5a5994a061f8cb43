"""Which columns a terminal of 80 has room for; files and --fields have them all."""

from __future__ import annotations

from collections.abc import Sequence

from cskit import App, Column
from cskit.display import views


def fitting(app: App, short: Sequence[Column], every: Sequence[Column]) -> Sequence[Column]:
    """Return the columns that people see in a table, or every one for programs and who asks by name."""
    return short if views.form(app) in views.PEOPLE and not app.options.fields else every
