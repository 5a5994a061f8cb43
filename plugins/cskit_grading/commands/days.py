"""Days as options take them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from cskit.records import parse_day


class Day(click.ParamType[dt.date]):
    """A day as people write it: 2026-11-22, 2026年11月22日."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the day; fails with what was expected."""
        if not isinstance(value, str):
            return value
        try:
            return parse_day(value)
        except ValueError as error:
            self.fail(f"{value!r}: {error}", param, ctx)
