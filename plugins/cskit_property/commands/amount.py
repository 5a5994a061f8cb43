"""An amount of money, or another exact number, as an option of the command line has it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import click

from cskit.i18n import _
from cskit.records import Field, parse


class Amount(click.ParamType[Decimal]):
    """A number as people write it, such as 1,234.50; one that may not be below zero is `counted`."""

    name = "amount"

    def __init__(self, *, counted: bool = False) -> None:
        self._counted = counted

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number that a text says."""
        if isinstance(value, Decimal):
            return value
        try:
            number = parse(Field("amount", Decimal, "decimal", True, None, "", ""), value, dt.UTC)
        except ValueError as error:
            self.fail(_("{value!r}: {fault}").format(value=value, fault=error), param, ctx)
        if self._counted and number < 0:
            self.fail(_("{value} is below zero").format(value=number), param, ctx)
        return number
