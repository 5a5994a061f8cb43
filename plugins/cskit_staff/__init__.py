"""The staff plugin's hooks: people, and how they do. Must not import anything but hook names."""

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

    from cskit import App, Evidence, Period
    from cskit.declarations import Facts
    from cskit.store.protocol import Change, Transaction

_HERE = os.path.dirname(os.path.abspath(__file__))


@hookimpl
def cskit_commands() -> Iterable[Command]:
    """Declare what staff have beside the commands of their records."""
    from cskit_staff import menu, scoremenu

    return (*menu.COMMANDS, *scoremenu.COMMANDS)


@hookimpl
def cskit_groups() -> Iterable[Group]:
    """Say what the groups of commands are about."""
    return (
        Group("staff", mark("Staff: people, positions, training, scores, reviews and pay.")),
        Group("staff organisation", mark("Ready-made departments: positions and who is under whom.")),
    )


@hookimpl
def cskit_record_types() -> Iterable[RecordType]:
    """Declare people and positions, what is noted of them, and how they are scored."""
    from cskit_staff import menu, scoremenu

    return (*menu.RECORD_TYPES, *scoremenu.RECORD_TYPES)


@hookimpl
def cskit_rule_kinds() -> Iterable[RuleKind]:
    """Declare what a company may decide for itself about its staff."""
    from cskit_staff import menu, scoremenu

    return (*menu.RULE_KINDS, *scoremenu.RULE_KINDS)


@hookimpl
def cskit_rule_files(kind: str) -> Iterable[str]:
    """Give the rules that come with the plugin."""
    yield os.path.join(_HERE, "rules", kind)


@hookimpl
def cskit_fact_specs() -> Iterable[FactSpec]:
    """Declare what is known of the people themselves."""
    from cskit_staff.facts import SPECS

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
    evidence: Evidence | None,
) -> Facts:
    """Give facts about staff, from one pass over each table that they need."""
    from cskit_staff.facts import known

    return known(app, names, ids, now, period, scope, evidence) if kind == "staff" else {}


@hookimpl
def cskit_actions() -> Iterable[ActionSpec]:
    """Offer to propose a reward or a penalty."""
    from cskit_staff import menu, scoremenu

    return (*menu.ACTIONS, *scoremenu.ACTIONS)


@hookimpl
def cskit_tasks(app: App, until: dt.date) -> Iterable[Task]:
    """Say which probations end, and what waits for somebody's word."""
    from cskit_staff import moments, scoremoments

    yield from moments.tasks(app, until)
    yield from scoremoments.tasks(app, until)


@hookimpl
def cskit_timeline(app: App, kind: str, id: str) -> Iterable[Event] | None:
    """Say what happened to a person."""
    if kind != "staff":
        return None
    from cskit_staff import moments, scoremoments

    return (*moments.timeline(app, id), *scoremoments.timeline(app, id))


@hookimpl
def cskit_before_commit(app: App, tx: Transaction, changes: Sequence[Change]) -> None:
    """Refuse what cannot be twice, and people who would be their own superiors."""
    if any(change.table.startswith("staff") or change.table == "positions" for change in changes):
        from cskit_staff import vetoes

        vetoes.refuse(app, tx, changes)


@hookimpl
def cskit_locale_dir() -> tuple[str, str]:
    """Say where the Chinese of this plugin's messages is."""
    return "cskit_staff", os.path.join(_HERE, "locale")


@hookimpl
def cskit_demo_data() -> Iterable[DemoStep]:
    """Take the sample department's people on, and follow them through a quarter."""
    from cskit_staff.sample import STEPS

    return STEPS
