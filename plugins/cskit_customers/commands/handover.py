"""`cskit customer handover`: customers pass from one member of staff to another."""

from __future__ import annotations

import json

import click

from cskit import App, Column, pass_app
from cskit.crud.choosing import REASON, chosen, names_in, saved
from cskit.display import views
from cskit.i18n import _, mark
from cskit.nouns import counted_all
from cskit.records.masks import of_path
from cskit_customers import handover as service
from cskit_customers.model import Customer

_LIST = (
    Column("id", "ID"),
    Column("name", "Name"),
    Column("phone", "Phone", mask=of_path(Customer, ("phone",))),
    Column("region", "Region"),
    Column("open_orders", "Open orders", "right", "integer"),
    Column("overdue", "Overdue", "right", "decimal"),
    Column("next_on", "Next on", kind="date"),
)


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--from", "giving", required=True, metavar="STAFF", help="Who looked after the customers.")
@click.option("--to", "taking", required=True, metavar="STAFF", help="Who is to look after them.")
@click.option("--where", metavar="EXPR", help="Only customers for whom this holds.")
@REASON
@pass_app
def handover(
    app: App, ids: tuple[str, ...], giving: str, taking: str, where: str | None, reason: str | None
) -> None:
    """Hand customers over to somebody else, with a list to sign.

    All of them, or those named. Open opportunities go along, and so do follow-ups and fees to collect,
    which are due from whoever looks after the customer.

    \b
    Example:
      cskit customer handover --from S-001 --to S-002 --reason "parental leave"
    """
    service.check(app.reading(), giving, taking)
    record_type = app.record_type("customers")
    own = f"owner == {json.dumps(giving, ensure_ascii=False)}"
    asked = f"{own} and ({where})" if where else own
    choice = chosen(app, record_type, names_in(ids), asked, mark("hand over {records}"))
    views.form(app)  # refused before anything is saved
    with app.transaction(reason=reason) as tx:
        done = service.hand_over(app, tx, choice.documents(app, tx), giving, taking)
    counts = {"customers": len(done.rows), "opportunities": done.opportunities}
    count = counted_all(app.plugins.record_types, {name: number for name, number in counts.items() if number})
    views.listing(app, done.rows, _LIST, "customers")
    if views.form(app) in views.PEOPLE and done.rows and not app.options.out:
        views.page(app, lambda width: service.signatures(giving, taking, app.today, count))
    saved(app, _("{records} handed over to {staff}").format(records=count or "0", staff=taking), tx.sequence)
