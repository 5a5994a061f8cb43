"""Acme's hooks: its coffee machines, when to visit them, and what must not be saved."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cskit import ActionSpec, Command, DemoStep, Event, FactSpec, Group, RecordType, RuleKind, Task, hookimpl

if TYPE_CHECKING:
    import datetime as dt

    from cskit import App, Period
    from cskit.sections import Section

HERE = os.path.dirname(os.path.abspath(__file__))


@hookimpl
def cskit_commands() -> Iterable[Command]:
    """Declare the visit plan and the checklists."""
    yield Command("acme checklist", "Show what to do at a visit.", "cskit_acme.commands:checklist")
    yield Command("acme visitplan", "List the visits due in a month.", "cskit_acme.commands:visitplan")


@hookimpl
def cskit_groups() -> Iterable[Group]:
    """Say what `cskit acme` is about."""
    yield Group("acme", "Acme's coffee machines: where they stand, and when to visit them.")


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
def cskit_actions() -> Iterable[ActionSpec]:
    """Let other plugins take a machine back, such as when a contract ends."""
    yield ActionSpec(
        name="acme.take_back",
        meaning="Remove a customer's machines from the register and return how many there were.",
        target="cskit_acme.returns:take_back",
        arguments={"customer": "the customer's id"},
    )


@hookimpl
def cskit_tasks(app: App, until: dt.date) -> Iterable[Task]:
    """Give the visits that are due."""
    from cskit_acme.moments import visits_due

    return visits_due(app, until)


@hookimpl
def cskit_report_sections(app: App, period: Period) -> Iterable[Section]:
    """Say how many machines were installed."""
    from cskit_acme.moments import installations

    return installations(app, period)


@hookimpl
def cskit_timeline(app: App, kind: str, id: str) -> Iterable[Event] | None:
    """Give what a customer had installed."""
    from cskit_acme.moments import installed

    return installed(app, id) if kind == "customer" else None


@hookimpl
def cskit_rule_kinds() -> Iterable[RuleKind]:
    """Declare the checklists, which each department may write for itself."""
    yield RuleKind(
        name="acme-checklists",
        model="cskit_acme.checklists:Checklist",
        meaning="What a technician does at a visit.",
    )


@hookimpl
def cskit_rule_files(kind: str) -> Iterable[str]:
    """Give the checklists that come with the plugin."""
    yield os.path.join(HERE, "rules", kind)


@hookimpl
def cskit_demo_data() -> Iterable[DemoStep]:
    """Put machines into the sample department, and show when to visit them."""
    yield DemoStep(
        "The coffee machines that Acme lends to customers come from a file.",
        ("acme", "machine", "import", "{data}/machines.csv", "--create-customers"),
        os.path.join(HERE, "demo"),
    )
    yield DemoStep(
        "Which of them are to be visited in November?", ("acme", "visitplan", "--month", "2026-11")
    )


@hookimpl
def cskit_locale_dir() -> tuple[str, str]:
    """Say where the Chinese texts are."""
    return "cskit_acme", os.path.join(HERE, "locale")


@hookimpl
def cskit_before_commit(app: App, changes: Sequence[Any]) -> None:
    """Refuse machines that are said to be installed in the future."""
    if any(change.table == "acme_machines" for change in changes):
        from cskit_acme.vetoes import refuse_future

        refuse_future(app, changes)
