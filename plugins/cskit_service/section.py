"""What service has to say in the report of a month. Nothing is reckoned here.

Must not import click or a store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cskit import Period, _
from cskit.sections import Section
from cskit_service import noticefigures, repairfigures

if TYPE_CHECKING:
    from cskit import App


def section(app: App, period: Period) -> Section | None:
    """Return the service of a period; None for a department that has none."""
    groups = [*noticefigures.groups(app, period), *repairfigures.groups(app, period)]
    tables = [*noticefigures.tables(app, period), *repairfigures.tables(app, period)]
    if not tables and not any(figure.n for group in groups for figure in group.figures):
        return None
    return Section("service", _("After-sales service"), groups, tables)
