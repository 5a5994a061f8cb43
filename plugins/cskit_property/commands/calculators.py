"""`property mapping-fee` and `property taxes`: what a mapping costs, and a room's taxes."""

from __future__ import annotations

from decimal import Decimal

import click

from cskit import App, Column, pass_app, rows
from cskit.i18n import _
from cskit_property.commands.amount import Amount
from cskit_property.sales import calculators

_AMOUNT = Column("amount", "Amount", "right", "decimal")
_NONE = Decimal(0)


@click.command("mapping-fee")
@click.option("--residential", type=Amount(), default=_NONE, metavar="M2", help="Residential area in m².")
@click.option("--other", type=Amount(), default=_NONE, metavar="M2", help="Other area in m².")
@pass_app
def mapping_fee(app: App, residential: Decimal, other: Decimal) -> None:
    """Compute what the mapping of a project costs.

    \b
    Example:
      cskit property mapping-fee --residential 12000 --other 800
    """
    parts = {"residential": _("residential"), "other": _("other premises"), "total": _("total")}
    columns = (
        Column("part", "Kind of area", choices=parts),
        Column("area", "Area (m²)", "right", "decimal"),
        Column("rate", "Rate (CNY/m²)", "right", "decimal"),
        _AMOUNT,
    )
    rows(app, list(calculators.mapping_fee(app, residential, other)), columns)


@click.command()
@click.option("--price", type=Amount(), required=True, metavar="AMOUNT", help="The price of the room.")
@click.option("--area", type=Amount(), required=True, metavar="M2", help="Its area in m².")
@pass_app
def taxes(app: App, price: Decimal, area: Decimal) -> None:
    """Compute the taxes and fees of a room, by the table that the company sets.

    \b
    Example:
      cskit property taxes --price 1000000 --area 89.5
    """
    columns = (Column("tax", "Tax or fee"), Column("percent", "Per cent", "right", "decimal"), _AMOUNT)
    rows(app, list(calculators.taxes(app, price, area)), columns)
