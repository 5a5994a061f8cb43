"""Acme's hooks: its coffee machines, when to visit them, and what must not be saved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cskit import Command, FactSpec, RecordType, hookimpl

if TYPE_CHECKING:
    import datetime as dt

    from cskit import App, Period


@hookimpl
def cskit_commands() -> Iterable[Command]:
    """Declare the visit plan."""
    yield Command("acme visitplan", "List the visits due in a month.", "cskit_acme.commands:visitplan")


@hookimpl
def cskit_record_types() -> Iterable[RecordType]:
    """Declare the machines."""
    yield RecordType(
        command="acme machine",
        table="acme_machines",
        model="cskit_acme.model:Machine",
        number="AM-{:05d}",
        singular="machine",
        plural="machines",
        zh="设备",
        title="serial",
        columns=("id", "serial", "customer", "model", "installed", "hours"),
    )


@hookimpl
def cskit_fact_specs() -> Iterable[FactSpec]:
    """Declare how many machines a customer has."""
    yield FactSpec(
        name="acme.machines",
        about="customer",
        type="integer",
        meaning="Number of machines installed up to now, in the period if one is given; 0 if there are none.",
        unit="machines",
    )


@hookimpl
def cskit_facts(
    app: App,
    kind: str,
    names: Sequence[str],
    ids: Sequence[str],
    now: dt.datetime,
    period: Period,
    scope: Mapping[str, str],
) -> Mapping[str, Mapping[str, Any]]:
    """Count the machines of all customers at once."""
    from cskit_acme.facts import machines

    return {"acme.machines": machines(app, ids, now, period)} if "acme.machines" in names else {}


@hookimpl
def cskit_before_commit(app: App, changes: Sequence[Any]) -> None:
    """Refuse machines that are said to be installed in the future."""
    if any(change.table == "acme_machines" for change in changes):
        from cskit_acme.vetoes import refuse_future

        refuse_future(app, changes)
