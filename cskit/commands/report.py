"""`cskit report`: what every plugin has to say of a month, and the records behind it."""

from __future__ import annotations

import shlex

import click

from cskit import report as reporting
from cskit.app import App, pass_app
from cskit.display import views
from cskit.display.output import Column
from cskit.errors import Usage
from cskit.i18n import _
from cskit.terminal.options import writes

_FIGURES = (
    Column("section", "Section", kind="name"),
    Column("figure", "Figure", kind="name"),
    Column("title", "Title"),
    Column("value", "Value", "right", "decimal"),
    Column("unit", "Unit"),
    Column("low", "Lower", "right", "decimal"),
    Column("high", "Upper", "right", "decimal"),
    Column("n", "n", "right", "integer"),
    Column("note", "Note"),
)
_RECORDS = (
    Column("section", "Section", kind="name"),
    Column("figure", "Figure", kind="name"),
    Column("about", "About", kind="name"),
    Column("id", "ID", kind="name"),
    Column("counts", "Counted in", kind="boolean"),
)


@writes("html")
@click.command()
@click.option("--month", metavar="YYYY-MM", help="Which month; this one if nothing is given.")
@click.option("--from", "first", metavar="DAY", help="From this day on instead of a month.")
@click.option("--to", "last", metavar="DAY", help="Up to this day (today).")
@click.option("--only", metavar="A,B", default="", help="Only these sections or figures: complaints.on-time.")
@click.option("--ids", is_flag=True, help="List the records behind the figures instead.")
@click.option("--ascii", is_flag=True, help="Draw it with plain characters.")
@pass_app
def report(
    app: App, month: str | None, first: str | None, last: str | None, only: str, ids: bool, ascii: bool
) -> None:
    """Report on a month: what every plugin counts.

    -o html writes a page to print or to send; other formats have a row for each figure. --ids leads from
    figures to their records: of a share, counts says which of them it counts.

    \b
    Example:
      cskit report --month 2026-10 --only complaints
    """
    names = [name.strip() for name in only.split(",") if name.strip()]
    found = reporting.collect(app, reporting.days(app, month, first, last), names)
    form = views.form(app)
    if ids:
        if form == "html":
            raise Usage(_("--ids lists records, no page"), _("leave out --ids, or say -o jsonl"))
        views.listing(app, reporting.records(app, found), _RECORDS)
    elif form == "html":
        from cskit.display.reportpage import html

        if app.options.fields:
            raise Usage(_("--fields: a page has no fields to choose from"), _("leave it out"))
        views.document(app, html(app, found, _again(found, names)))
    elif form == "table" and not app.options.fields:
        from cskit.display.report import lines

        views.page(app, lambda width: lines(app, found, width or views.width(), ascii=ascii))
    else:
        views.listing(app, reporting.rows(found), _FIGURES)
    if not found.sections:
        app.echo(_("no loaded plugin has anything to report"))


def _again(found: reporting.Report, names: list[str]) -> str:
    """Return what lists the records behind a report."""
    only = f" --only {shlex.quote(','.join(names))}" if names else ""
    return f"cskit report --from {found.first} --to {found.last} --ids{only}"
