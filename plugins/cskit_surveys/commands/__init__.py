"""The commands of surveys: parse, ask a service, hand over what it says."""

from __future__ import annotations

from cskit import App, Column, Usage
from cskit.display import views
from cskit.i18n import _
from cskit_surveys.groups import titled


def drawn(app: App) -> None:
    """Raise `Usage` for a format that what is drawn, which is no rows, cannot have."""
    wanted = views.form(app)
    if wanted != "table":
        said = _("this is a text, which cannot be written as {format}")
        raise Usage(said.format(format=wanted), _("leave out -o"))


def grouped(by: str | None) -> tuple[Column, ...]:
    """Return the column of the groups that rows are of, under the name of what they are grouped by."""
    return (Column("group", titled(by)),) if by else ()
