"""Commands on compensation: compensate, pay."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

import click

from cskit import App, _, mark
from cskit_complaints import money
from cskit_complaints.acting import Step
from cskit_complaints.commands.promises import NUMBER
from cskit_complaints.commands.verbs import command


class Money(click.ParamType[Decimal]):
    """An amount, never a float."""

    name = "amount"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the amount that a text says."""
        try:
            amount = Decimal(value)
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite() or abs(amount.adjusted()) > 12:
            self.fail(_("{value!r} is no amount, such as 300 or 99.50").format(value=value), param, ctx)
        return amount


@command(mark("propose compensation for {records}"), mark("{records}: compensation proposed"))
@click.option("--amount", required=True, type=Money(), metavar="AMOUNT", help="How much.")
@click.option("--charge-to", metavar="WHO", help="The department or supplier liable (else as noted).")
def compensate(app: App, amount: Decimal, charge_to: str | None, reason: str | None) -> Step:
    """Propose compensation, which others have to approve.

    \b
    Example:
      cskit case compensate CP-20261122-001 --amount 300 --charge-to repair --reason "damaged floor"
    """
    return money.compensate(app, amount=amount, charge_to=charge_to, reason=reason)


@command(mark("note a payment on {records}"), mark("{records}: compensation paid"))
@NUMBER
def pay(app: App, number: int | None, reason: str | None) -> Step:
    """Note that approved compensation was paid.

    \b
    Example:
      cskit case pay CP-20261122-005
    """
    return money.pay(app, number=number, reason=reason)
