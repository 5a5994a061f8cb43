"""The property plugin's hooks: estates looked after by others. Must not import anything but hook names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from cskit import (
    ActionSpec,
    Command,
    DemoStep,
    Event,
    FactSpec,
    Group,
    RecordType,
    RuleKind,
    Task,
    hookimpl,
    mark,
)

if TYPE_CHECKING:
    import datetime as dt

    from cskit import App, Period
    from cskit.declarations import Facts
    from cskit.sections import Section
    from cskit.store.protocol import Change, Transaction

_HERE = os.path.dirname(os.path.abspath(__file__))


@hookimpl
def cskit_commands() -> Iterable[Command]:
    """Declare what estates have beside the commands of their records."""
    from cskit_property import estatemenu, moneymenu

    return (*estatemenu.COMMANDS, *moneymenu.COMMANDS)


@hookimpl
def cskit_groups() -> Iterable[Group]:
    """Say what the groups of commands are about."""
    return (
        Group("property", mark("Property companies: checks, settlements, matters, sales, tenants.")),
        Group("property standard", mark("What a check looks at, and how it is scored.")),
    )


@hookimpl
def cskit_record_types() -> Iterable[RecordType]:
    """Declare companies, projects and what is checked there; settlements, matters and sales."""
    from cskit_property import estatemenu, moneymenu

    return (*estatemenu.RECORD_TYPES, *moneymenu.RECORD_TYPES)


@hookimpl
def cskit_rule_kinds() -> Iterable[RuleKind]:
    """Declare what a company may decide for itself about its estates."""
    from cskit_property import estatemenu, moneymenu

    return (*estatemenu.RULE_KINDS, *moneymenu.RULE_KINDS)


@hookimpl
def cskit_rule_files(kind: str) -> Iterable[str]:
    """Give the rules that come with the plugin."""
    yield os.path.join(_HERE, "rules", kind)


@hookimpl
def cskit_fact_specs() -> Iterable[FactSpec]:
    """Declare what is known of projects."""
    from cskit_property.estates import facts

    return facts.SPECS


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
    """Give facts about projects, from one pass over each table that they need."""
    from cskit_property.estates import facts

    return facts.known(app, names, ids, now, period) if kind == "project" else {}


@hookimpl
def cskit_actions() -> Iterable[ActionSpec]:
    """Offer what other plugins may ask for."""
    from cskit_property import moneymenu

    return moneymenu.ACTIONS


@hookimpl
def cskit_tasks(app: App, until: dt.date) -> Iterable[Task]:
    """Say what is late at the estates, and whose word or payment is waited for."""
    from cskit_property import moments, moneymoments

    yield from moments.tasks(app, until)
    yield from moneymoments.tasks(app, until)


@hookimpl
def cskit_timeline(app: App, kind: str, id: str) -> Iterable[Event]:
    """Say what happened at a project, or to what belongs to it."""
    from cskit_property import moments, moneymoments

    yield from moments.timeline(app, kind, id)
    yield from moneymoments.timeline(app, kind, id)


@hookimpl
def cskit_before_commit(app: App, tx: Transaction, changes: Sequence[Change]) -> None:
    """Refuse what cannot be, and take out what goes with erased customers."""
    if tx.origin.erases.get("customers") or any(map(_concerns, changes)):
        from cskit_property import vetoes

        vetoes.look(app, tx, changes)


def _concerns(change: Change) -> bool:
    """Tell whether a change is of estates, or of a fee that was settled for one."""
    settled = change.table == "ledger" and b'"settlement"' in (change.before or b"")
    return settled or change.table.startswith("property_")


@hookimpl
def cskit_locale_dir() -> tuple[str, str]:
    """Say where the Chinese of this plugin's messages is."""
    return "cskit_property", os.path.join(_HERE, "locale")


@hookimpl
def cskit_report_sections(app: App, period: Period) -> Iterable[Section]:
    """Say how the estates were looked after, what is late there, and what is owed."""
    from cskit_property.section import section

    found = section(app, period)
    if found is not None:
        yield found


@hookimpl
def cskit_demo_data() -> Iterable[DemoStep]:
    """Go through a month of one project, from spot check to settled fee."""
    from cskit_property import moneysample, sample

    return (*sample.STEPS, *moneysample.STEPS)
