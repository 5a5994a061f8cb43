"""The commands of surveys: parse, ask a service, hand over what it says."""

from __future__ import annotations

from cskit import App, Column, Usage
from cskit.display import views
from cskit.i18n import _
from cskit_surveys.groups import titled


def text_form(app: App, *known: str) -> str:
    """Return the format of a result that is a text, no rows; raises `Usage` for one that it cannot have."""
    wanted = views.form(app)
    if wanted not in ("table", *known):
        raise Usage(
            _("this is a text, which cannot be written as {format}").format(format=wanted),
            _("say -o {known}, or nothing").format(known=", ".join(known)) if known else _("leave out -o"),
        )
    return wanted


def grouped(by: str | None) -> tuple[Column, ...]:
    """Return the column of the groups that rows are of, under the name of what they are grouped by."""
    return (Column("group", titled(by)),) if by else ()
