"""`cskit customer lost`, `rank` and `duplicates`: who stands where among the customers."""

from __future__ import annotations

import click

from cskit import App, Column, facts, pass_app, rows
from cskit.crud.choosing import condition
from cskit.i18n import _, label, mark, ngettext
from cskit.records import fields
from cskit.records.masks import of_path
from cskit_customers import duplicates as alike
from cskit_customers import standing
from cskit_customers.model import Customer

_WHO = (
    Column("id", "ID"),
    Column("name", "Name"),
    Column("region", "Region"),
    Column("owner", "Owner", kind="name"),
)
_ORDERS = Column("orders", "Orders", "right", "integer")
_TITLES = {
    "amount": mark("Amount"),
    "gross_profit": mark("Gross profit"),
    "quantity": mark("Quantity"),
}
WHERE = click.option("--where", metavar="EXPR", help="Only customers for whom this holds.")


def state() -> Column:
    """Return the column of a customer's state."""
    info = fields(Customer)["state"]
    codes = {code: label(code, info.choices[code]) for code in info.of}
    return Column("state", "State", choices=codes)


@click.command()
@click.option("--days", type=click.IntRange(min=1), required=True, help="Without an order for so many days.")
@WHERE
@pass_app
def lost(app: App, days: int, where: str | None) -> None:
    """List active customers who have not ordered for a while.

    Orders that are open or completed count. Who has never ordered is not listed.

    \b
    Example:
      cskit customer lost --days 180
    """
    customers = condition(app, app.record_type("customers"), where)
    found = standing.lost(app.reading(), days, app.today, customers=customers)
    orders, last = (
        Column("orders", "Orders", "right", "integer"),
        Column("last_on", "Last order", kind="date"),
    )
    rows(app, found, (*_WHO, orders, last, Column("days", "Days since", "right", "integer")))


@click.command()
@click.option(
    "--by",
    type=click.Choice(standing.MEASURES),
    default="amount",
    show_default=True,
    help="What the orders are added up by.",
)
@click.option("--period", metavar="PERIOD", help="Only orders of 2026, 2026-10 or 2026-01-01..2026-03-31.")
@click.option("--product", metavar="TEXT", help="Only orders of exactly this product.")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many customers.")
@WHERE
@pass_app
def rank(
    app: App,
    by: standing.Measure,
    period: str | None,
    product: str | None,
    limit: int | None,
    where: str | None,
) -> None:
    """Rank customers by what they ordered.

    Orders that are open or completed count. A share is of all customers ranked, before --limit.

    \b
    Example:
      cskit customer rank --by gross_profit --period 2026
    """
    found = standing.rank(
        app.reading(),
        by,
        app.today,
        period=facts.parse_period(period) if period else None,
        product=product,
        customers=condition(app, app.record_type("customers"), where),
    )
    title = _TITLES[by]
    place = Column("rank", "Rank", "right", "integer")
    sums = (
        Column(by, title, "right", "decimal"),
        Column("share", "Share %", "right", "decimal"),
        Column("so_far", "So far %", "right", "decimal"),
    )
    rows(app, found.rows[:limit], (place, *_WHO, _ORDERS, *sums))
    if found.unknown:
        said = ngettext(
            "{count} customer is not ranked: an order states no {field}",
            "{count} customers are not ranked: an order states no {field}",
            found.unknown,
        )
        app.echo(said.format(count=found.unknown, field=_(title).lower()))


@click.command()
@WHERE
@pass_app
def duplicates(app: App, where: str | None) -> None:
    """List customers that may be one: the same phone, or the same name.

    Names are the same whatever their width, case and blanks, phones whatever is between their digits.
    `cskit customer merge` makes one of several.

    \b
    Example:
      cskit customer duplicates
    """
    customers = condition(app, app.record_type("customers"), where)
    number = Column("group", "Group", "right", "integer")
    why = Column("why", "Same", codes=alike.WHY)
    phone = Column("phone", "Phone", mask=of_path(Customer, ("phone",)))
    who, name, *rest = _WHO
    rows(
        app,
        alike.find(app.reading(), customers),
        (number, why, who, name, phone, *rest, state()),
        "customers",
    )
