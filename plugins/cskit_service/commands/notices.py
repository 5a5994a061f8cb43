"""`notice query`, `plan`, `flow`, `print`, `send`: notices as people look at them."""

from __future__ import annotations

import datetime as dt

import click

from cskit import App, Column, Usage, pass_app, register, rows
from cskit.commands.today import Day
from cskit.crud.choosing import names_in
from cskit.display import printing, views
from cskit.i18n import _, label
from cskit.terminal.options import writes
from cskit_service.notices import course, lists, mail, papers
from cskit_service.notices.flow import VERBS
from cskit_service.notices.model import SYSTEM, TABLE, TYPES
from cskit_service.notices.papers import Form

FORM = click.option(
    "--form",
    type=click.Choice(("service", "complaint", "contact")),
    help="Which sheet (else as the kind of demand says).",
)
_FLOW = (
    Column("type", "Type"),
    Column("status", "User status"),
    Column("title", "Title"),
    Column("verb", "Command"),
    Column("to", "Leads to"),
    Column("means", "Meaning"),
)


@click.command()
@click.option(
    "--system", multiple=True, type=click.Choice(tuple(SYSTEM)), help="The system status; several times."
)
@click.option("--status", multiple=True, metavar="CODE", help="The user status by code or title.")
@click.option("--type", "type_", type=click.Choice(tuple(TYPES)), help="Z1 or Z2.")
@click.option("--from-number", metavar="ID", help="From this number on.")
@click.option("--to-number", metavar="ID", help="Up to this number.")
@click.option("--from", "first", type=Day(), metavar="DAY", help="Notices from this day on.")
@click.option("--to", "last", type=Day(), metavar="DAY", help="Notices up to this day.")
@click.option("--centre", metavar="CODE", help="Only of this work centre.")
@click.option("--staff", metavar="STAFF", help="Only those this person is in charge of.")
@pass_app
def query(
    app: App,
    system: tuple[str, ...],
    status: tuple[str, ...],
    type_: str | None,
    from_number: str | None,
    to_number: str | None,
    first: dt.date | None,
    last: dt.date | None,
    centre: str | None,
    staff: str | None,
) -> None:
    """List notices by state, number, type and day, with the columns one chooses.

    The address is the object's, else the customer's.

    \b
    Example:
      cskit notice query --system outstanding --type Z1 --fields id,description,status,address,end,centre
    """
    asked = lists.Asked(system, status, type_, from_number, to_number, first, last, centre, staff)
    rows(app, lists.query(app, asked), lists.query_columns(), TABLE)


@writes(*printing.FORMATS)
@click.command()
@click.option("--from", "first", type=Day(), metavar="DAY", help="The first day (today).")
@click.option("--to", "last", type=Day(), metavar="DAY", help="The last day (six days after the first).")
@click.option("--centre", metavar="CODE", help="Only of this work centre.")
@pass_app
def plan(app: App, first: dt.date | None, last: dt.date | None, centre: str | None) -> None:
    """Show the work plan: open notices by person and day, to be printed as well.

    What should have been done before is on the first day, with the days it is late.

    \b
    Example:
      cskit notice plan --from 2026-10-19 --to 2026-10-23 --centre S4002
    """
    wanted = lists.Span.of(app, first, last, centre)
    planned = lists.plan(app, wanted)
    if views.form(app) in printing.FORMATS:
        printing.write(app, lists.plan_sheets(app, planned, wanted))
    else:
        rows(app, lists.plan_rows(planned), lists.plan_columns(), TABLE)


def _course(app: App, several: bool) -> list[Column]:
    """Return the columns of a course; a table of one notice needs no id, and has room for the details."""
    states = {"done": _("done"), "possible": _("possible"), "blocked": _("not yet")}
    own = [Column("id", "ID")] if several or views.form(app) != "table" or app.options.fields else []
    return [
        *own,
        Column("state", "Whether", choices=states),
        Column("what", "Step", choices={verb: label(*said) for verb, said in VERBS.items()}),
        Column("at", "Time", kind="time"),
        Column("status", "Status then"),
        Column("who", "By whom", kind="name"),
        Column("text", "Details"),
    ]


@writes("mermaid")
@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--type", "type_", type=click.Choice(tuple(TYPES)), help="Only the way of Z1 or Z2.")
@pass_app
def flow(app: App, ids: tuple[str, ...], type_: str | None) -> None:
    """Show the ways of notices, or how far some have come and what is possible now.

    -o mermaid draws the way of one type.

    \b
    Example:
      cskit notice flow SN-000005
    """
    if views.form(app) == "mermaid":
        views.document(app, course.mermaid(type_ or "Z1"))
    elif ids:
        names = names_in(ids)
        rows(app, course.course(app, names), _course(app, len(names) > 1))
    else:
        rows(app, course.table(type_), _FLOW)


@writes(*printing.FORMATS)
@click.command("print")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@FORM
@pass_app
def print_(app: App, ids: tuple[str, ...], form: Form | None) -> None:
    """Print notices: the service sheet, the complaint sheet, or the contact sheet for others.

    \b
    Example:
      cskit notice print SN-000005 --form service --out service.html
    """
    printing.form(app)  # refused before anything is looked up
    names = names_in(ids)
    reading = app.reading()
    documents = register.find(app, reading, app.record_type(TABLE), names)
    printing.write(app, papers.sheets(app, reading, documents, form))


@writes("eml")
@click.command()
@click.argument("id", metavar="ID")
@click.option("--to-address", "to", multiple=True, required=True, metavar="ADDRESS", help="To whom.")
@click.option("--cc-address", "copies", multiple=True, metavar="ADDRESS", help="Who gets a copy.")
@click.option("--from-address", "sender", metavar="ADDRESS", help="From whom.")
@click.option("--subject", metavar="TEXT", help="The title (else the notice's number and description).")
@click.option("--text", metavar="TEXT", help="What is written above the sheet.")
@FORM
@pass_app
def send(
    app: App,
    id: str,
    to: tuple[str, ...],
    copies: tuple[str, ...],
    sender: str | None,
    subject: str | None,
    text: str | None,
    form: Form | None,
) -> None:
    """Write a notice as a mail, marked urgent where it is.

    A mail program opens the file as a draft; personal data is masked in it unless --reveal is given.

    \b
    Example:
      cskit notice send SN-000005 --to-address logistics@example.com --out notice.eml
    """
    if views.form(app) not in ("table", "eml"):
        raise Usage(_("a mail cannot be written as {format}").format(format=views.form(app)), _("say -o eml"))
    letter = mail.Letter(to, copies, sender, subject, text, form)
    written = mail.written(app, id, letter)
    with views.target(app) as out:
        out.flush()
        out.buffer.write(written)
