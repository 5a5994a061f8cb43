"""The customers plugin's hooks: customers and their orders. Must not import anything but hook names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from cskit import ActionSpec, Command, DemoStep, FactSpec, RecordType, hookimpl

if TYPE_CHECKING:
    import datetime as dt

    from cskit import App, Period
    from cskit.hookspecs import Facts


@hookimpl
def cskit_commands() -> Iterable[Command]:
    """Declare what customers have beside the commands of every record type."""
    yield Command(
        "customer close",
        "Close customers; with --erase also take out their personal data.",
        "cskit_customers.commands:close",
    )


@hookimpl
def cskit_record_types() -> Iterable[RecordType]:
    """Declare customers and orders."""
    yield RecordType(
        command="customer",
        table="customers",
        model="cskit_customers.model:Customer",
        number="C-{:06d}",
        singular="customer",
        plural="customers",
        zh="客户",
        title="name",
        columns=("id", "name", "kind", "phone", "region", "owner", "state"),
    )
    yield RecordType(
        command="customer order",
        table="orders",
        model="cskit_customers.model:Order",
        number="O-{:06d}",
        singular="order",
        plural="orders",
        zh="订单",
        title="customer",
        columns=("id", "customer", "date", "product", "quantity", "amount", "state"),
    )


@hookimpl
def cskit_fact_specs() -> Iterable[FactSpec]:
    """Declare what the register knows of a customer."""
    from cskit_customers.facts import SPECS

    return SPECS


@hookimpl
def cskit_facts(
    app: App,
    kind: str,
    names: Sequence[str],
    ids: Sequence[str],
    now: dt.datetime,
    period: Period,
    scope: Mapping[str, str],
) -> Facts:
    """Give facts about customers, from one pass over customers and one over orders."""
    from cskit_customers.facts import about_customers

    return about_customers(app, names, ids, now, period, scope) if kind == "customer" else {}


@hookimpl
def cskit_actions() -> Iterable[ActionSpec]:
    """Offer to put a customer on the register."""
    yield ActionSpec(
        name="customer.create",
        meaning="Put a customer on the register and return the new id.",
        target="cskit_customers.service:create",
        arguments={
            "name": "the customer's name",
            "key": "the code another system or file knows the customer by",
            "kind": "company or person",
            "phone": "the telephone number",
            "region": "the sales region",
            "owner": "the staff id of who looks after the customer",
            "source": "where the customer came from",
        },
    )


@hookimpl
def cskit_locale_dir() -> tuple[str, str]:
    """Say where the Chinese of this plugin's messages is."""
    import os

    return "cskit_customers", os.path.join(os.path.dirname(os.path.abspath(__file__)), "locale")


@hookimpl
def cskit_demo_data() -> Iterable[DemoStep]:
    """Fill the sample department's register and show what can be asked of it."""
    from cskit_customers.sample import STEPS

    return STEPS
