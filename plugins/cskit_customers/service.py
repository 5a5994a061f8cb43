"""What the register does when another plugin asks. Must not import click."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Transaction


def create(app: App, tx: Transaction, *, name: str, key: str | None = None, **fields: Any) -> str:
    """Put a customer on the register inside `tx` and return the new id.

    `fields` are a customer's fields by name; None stands for a field that is left out.
    """
    from cskit.register import create as add

    values = {"name": name, "key": key, **fields}
    given = {name: value for name, value in values.items() if value is not None}
    return add(app, tx, app.record_type("customers"), given).id
