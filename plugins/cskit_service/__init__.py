"""The service plugin's hooks: notices, orders and invoices; requests, repairs, parts and deliveries.

Must not import anything but hook names.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from cskit import ActionSpec, Command, DemoStep, Event, FactSpec, RecordType, RuleKind, Task, hookimpl

if TYPE_CHECKING:
    import datetime as dt

    from cskit import App, Evidence, Period
    from cskit.declarations import Facts
    from cskit.sections import Section
    from cskit.store.protocol import Change, Transaction

_HERE = os.path.dirname(os.path.abspath(__file__))
_TABLES = ("repairs", "parts", "part_movements", "deliveries")
"""Our tables whose names do not begin with service_."""


@hookimpl
def cskit_commands() -> Iterable[Command]:
    """Declare what notices and repairs have beside the commands of their records."""
    from cskit_service import noticemenu, repairmenu

    return (*noticemenu.COMMANDS, *repairmenu.COMMANDS)


@hookimpl
def cskit_record_types() -> Iterable[RecordType]:
    """Declare notices, service orders and invoices; requests, repairs, parts and deliveries."""
    from cskit_service import noticemenu, repairmenu

    return (*noticemenu.RECORD_TYPES, *repairmenu.RECORD_TYPES)


@hookimpl
def cskit_rule_kinds() -> Iterable[RuleKind]:
    """Declare what a company may decide for itself about its service."""
    from cskit_service import noticemenu, repairmenu

    return (*noticemenu.RULE_KINDS, *repairmenu.RULE_KINDS)


@hookimpl
def cskit_rule_files(kind: str) -> Iterable[str]:
    """Give the rules that come with the plugin."""
    yield os.path.join(_HERE, "rules", kind)


@hookimpl
def cskit_fact_specs() -> Iterable[FactSpec]:
    """Declare what is known of customers' notices and of engineers' jobs."""
    from cskit_service import noticefacts, repairfacts

    return (*noticefacts.SPECS, *repairfacts.SPECS)


@hookimpl
def cskit_facts(
    app: App,
    kind: str,
    names: Sequence[str],
    ids: Sequence[str],
    now: dt.datetime,
    period: Period,
    scope: Mapping[str, str],
    evidence: Evidence | None,
) -> Facts:
    """Give facts about customers and staff, from one pass over each table that they need."""
    if kind == "customer":
        from cskit_service import noticefacts

        return noticefacts.known(app, names, ids, now, period, evidence)
    if kind == "staff":
        from cskit_service import repairfacts

        return repairfacts.known(app, names, ids, now, period, evidence)
    return {}


@hookimpl
def cskit_actions() -> Iterable[ActionSpec]:
    """Offer what other plugins may ask for."""
    from cskit_service import noticemenu, repairmenu

    return (*noticemenu.ACTIONS, *repairmenu.ACTIONS)


@hookimpl
def cskit_tasks(app: App, until: dt.date) -> Iterable[Task]:
    """Say what was put off to today, what is late, and whose word is waited for."""
    from cskit_service import noticemoments, repairmoments

    yield from noticemoments.tasks(app, until)
    yield from repairmoments.tasks(app, until)


@hookimpl
def cskit_timeline(app: App, kind: str, id: str) -> Iterable[Event]:
    """Say what was done for a customer, or happened to one of our records."""
    from cskit_service import noticemoments, repairmoments

    yield from noticemoments.timeline(app, kind, id)
    yield from repairmoments.timeline(app, kind, id)


@hookimpl
def cskit_before_commit(app: App, tx: Transaction, changes: Sequence[Change]) -> None:
    """Refuse what cannot be, and take out what goes with erased customers."""
    if tx.origin.erases.get("customers") or any(
        change.table.startswith("service_") or change.table in _TABLES for change in changes
    ):
        from cskit_service import noticevetoes, repairvetoes

        noticevetoes.look(app, tx, changes)
        repairvetoes.look(app, tx, changes)


@hookimpl
def cskit_locale_dir() -> tuple[str, str]:
    """Say where the Chinese of this plugin's messages is."""
    return "cskit_service", os.path.join(_HERE, "locale")


@hookimpl
def cskit_report_sections(app: App, period: Period) -> Iterable[Section]:
    """Say what was asked for, done, repaired and delivered in a period."""
    from cskit_service.section import section

    found = section(app, period)
    if found is not None:
        yield found


@hookimpl
def cskit_demo_data() -> Iterable[DemoStep]:
    """Take notices through their ways, and repair what customers brought."""
    from cskit_service import noticesample, repairsample

    return (*noticesample.STEPS, *repairsample.STEPS)
