"""`cskit customer timeline` and `copy`: all that is known of one customer."""

from __future__ import annotations

import click

from cskit import App, Column, pass_app, register, rows, timeline
from cskit.crud.choosing import REASON
from cskit.display import views
from cskit.i18n import _
from cskit_customers import copying

_AT, _WHAT = Column("at", "When", kind="time"), Column("what", "Event")
_ABOUT, _ID = Column("about", "Record", kind="name"), Column("id", "ID")
_WHO = Column("who", "By", kind="name")
_COPY = (
    Column("record", "Record", kind="name"),
    Column("id", "ID"),
    Column("field", "Field", kind="name"),
    Column("value", "Value"),
)


@click.command("timeline")
@click.argument("id", metavar="ID")
@pass_app
def timeline_(app: App, id: str) -> None:
    """Show everything known of a customer, newest first.

    What is still to come, such as the day a fee is due, stands there as well.

    \b
    Example:
      cskit customer timeline C-000001
    """
    (document,) = register.find(app, app.reading(), app.record_type("customers"), [id])
    found = timeline.collect(app, "customer", register.id_of(document))
    about = _ABOUT._replace(choices=copying.nouns(app))
    events = ({key: value for key, value in one._asdict().items() if value} for one in found)
    rows(app, events, (_AT, _WHAT, about, _ID, _WHO))


@click.command()
@click.argument("id", metavar="ID")
@REASON
@pass_app
def copy(app: App, id: str, reason: str | None) -> None:
    """Write a copy of all that is kept of a customer.

    It is what a person may ask to see: the card, and every record about this customer alone, of every
    plugin. Say --reveal for a copy to hand out, which the history notes with the reason, and -o json for
    one to take away.

    \b
    Example:
      cskit customer copy C-000001 --reveal --out copy.json
    """
    found = copying.of_customer(app, id)
    if views.form(app) == "json" and not app.options.fields:
        views.whole(app, copying.nested(found))
    else:
        rows(app, copying.rows(found, app), _COPY)
    if found.masked:
        app.echo(_("personal data is masked; --reveal shows it, and the history notes that"))
