"""Tenants at the command line: moving in and out, what they owe, figures of a quarter or a year."""

from __future__ import annotations

import click

from cskit import App, Column, pass_app, rows
from cskit.crud.choosing import REASON, saved
from cskit.display import views
from cskit.i18n import _
from cskit_property.commands.typed import day_of, term_of
from cskit_property.tenants import arrears, invoices, tenants, turnover
from cskit_property.tenants.tenancy import Way

_ITEM = click.option(
    "--item", "items", multiple=True, metavar="ITEM=ok|READING|TEXT", help="As it is found; can be repeated."
)
_REST = click.option("--rest-ok", is_flag=True, help="Everything else, but for meters, is in order.")
_ON = click.option("--on", metavar="DAY", help="The day (else today).")
_COMPARED = (
    Column("item", "Checked item", kind="name"),
    Column("title", "What is looked at"),
    Column("in", "At the move in"),
    Column("out", "At the move out"),
    Column("used", "Used", "right", "decimal"),
    Column("unit", "Unit"),
    Column("damaged", "Damaged", kind="boolean"),
)
_FIGURES = (
    Column("project", "Project", kind="name"),
    Column("moved_in", "Moved in", "right", "integer"),
    Column("moved_out", "Moved out", "right", "integer"),
    Column("tenants", "Tenants", "right", "integer"),
    Column("area", "Area let", "right", "decimal"),
    Column("invoices", "Invoices", "right", "integer"),
    Column("invoiced", "Invoiced", "right", "decimal"),
    Column("collected", "Collected", "right", "decimal"),
    Column("outstanding", "Outstanding", "right", "decimal"),
    Column("reminders", "Reminders", "right", "integer"),
    Column("mediations", "Mediations", "right", "integer"),
)


def _move(
    app: App, id: str, way: Way, on: str | None, items: tuple[str, ...], rest: bool, reason: str | None
) -> None:
    """Hand premises over and say what is wrong with them."""
    day = day_of(on, "--on") or app.today
    views.form(app)  # refused before anything is saved
    with app.transaction(reason=reason) as tx:
        tenant = tenants.move(app, tx, id, way, on=day, words=items, rest=rest)
    rows(app, tenants.compared(app, tenant.id), _COMPARED)
    said = _("tenant {id} moved in") if way == "in" else _("tenant {id} moved out")
    saved(app, said.format(id=tenant.id), tx.sequence)


@click.command()
@click.argument("id")
@_ON
@_ITEM
@_REST
@REASON
@pass_app
def move_in(
    app: App, id: str, on: str | None, items: tuple[str, ...], rest_ok: bool, reason: str | None
) -> None:
    """Hand premises to a tenant: every item of the list, meters with their readings.

    \b
    Example:
      cskit property tenant move-in PT-0001 --item power_meter=1200 --item water_meter=35 --rest-ok
    """
    _move(app, id, "in", on, items, rest_ok, reason)


@click.command()
@click.argument("id")
@_ON
@_ITEM
@_REST
@REASON
@pass_app
def move_out(
    app: App, id: str, on: str | None, items: tuple[str, ...], rest_ok: bool, reason: str | None
) -> None:
    """Take premises back from a tenant, and see what is damaged and what was used.

    \b
    Example:
      cskit property tenant move-out PT-0002 --item power_meter=1900 --item water_meter=60 --rest-ok
    """
    _move(app, id, "out", on, items, rest_ok, reason)


@click.command()
@click.argument("id")
@pass_app
def handover(app: App, id: str) -> None:
    """Compare the premises of a tenant at the move in and at the move out.

    \b
    Example:
      cskit property tenant handover PT-0002
    """
    rows(app, tenants.compared(app, id), _COMPARED)


@click.command("arrears")
@click.option("--project", metavar="ID", help="Only of this project.")
@pass_app
def arrears_(app: App, project: str | None) -> None:
    """List what tenants owe, by how long it is overdue.

    \b
    Example:
      cskit property tenant arrears --project PJ-001
    """
    own = invoices.project_id(app, project)
    aged = (Column(name, title, "right", "decimal") for name, title in arrears.titled(app))
    whole = Column("total", "Total", "right", "decimal")
    columns = (Column("tenant", "Tenant", kind="name"), Column("name", "Name"), *aged, whole)
    rows(app, arrears.by_age(app, own), columns)


@click.command()
@click.option("--period", required=True, metavar="PERIOD", help="2026-Q3, 2026-H1, 2026, 2026-10 …")
@pass_app
def figures(app: App, period: str) -> None:
    """Show figures about tenants of a quarter, a half-year or a year: moves, invoices, what came in.

    \b
    Example:
      cskit property tenant figures --period 2026-Q4
    """
    rows(app, turnover.figures(app, term_of(period)), _FIGURES)
