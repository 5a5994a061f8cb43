"""The calls plugin's hooks: the hotline and the front desk. Must not import anything but hook names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from cskit import Command, DemoStep, Event, FactSpec, Group, RecordType, RuleKind, Task, hookimpl, mark

if TYPE_CHECKING:
    import datetime as dt

    from cskit import App, Evidence, Period
    from cskit.declarations import Facts
    from cskit.sections import Section
    from cskit.store.protocol import Change, Transaction

_HERE = os.path.dirname(os.path.abspath(__file__))


@hookimpl
def cskit_commands() -> Iterable[Command]:
    """Declare what calls, visitors, shifts and scores have beside the commands of their records."""
    from cskit_calls import deskmenu, qualitymenu

    return (*deskmenu.COMMANDS, *qualitymenu.COMMANDS)


@hookimpl
def cskit_groups() -> Iterable[Group]:
    """Say what the groups of commands are about."""
    return (
        Group("call", mark("Calls, visitors, the rota and the quality of calls.")),
        Group("call qa", mark("Quality of calls: draws, scores, agreement, measures.")),
        Group("call qa sheet", mark("What calls are scored by.")),
    )


@hookimpl
def cskit_record_types() -> Iterable[RecordType]:
    """Declare calls and who came to the desk; shifts, hand-overs and what was listened to."""
    from cskit_calls import deskmenu, qualitymenu

    return (*deskmenu.RECORD_TYPES, *qualitymenu.RECORD_TYPES)


@hookimpl
def cskit_rule_kinds() -> Iterable[RuleKind]:
    """Declare what a company may decide for itself about its hotline."""
    from cskit_calls import deskmenu, qualitymenu

    return (*deskmenu.RULE_KINDS, *qualitymenu.RULE_KINDS)


@hookimpl
def cskit_rule_files(kind: str) -> Iterable[str]:
    """Give the rules that come with the plugin, also those of other plugins' kinds."""
    yield os.path.join(_HERE, "rules", kind)


@hookimpl
def cskit_fact_specs() -> Iterable[FactSpec]:
    """Declare what is known of the work of staff on the telephone."""
    from cskit_calls import deskfacts, qualityfacts

    return (*deskfacts.SPECS, *qualityfacts.SPECS)


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
    from cskit_calls import deskfacts, qualityfacts

    if kind != "staff":
        return {}
    return {
        **deskfacts.about(app, names, ids, now, period, evidence),
        **qualityfacts.about(app, names, ids, now, period, evidence),
    }


@hookimpl
def cskit_tasks(app: App, until: dt.date) -> Iterable[Task]:
    """Say whom to call back, who is missing on the rota, and what is still to be listened to."""
    from cskit_calls import deskmoments, qualitymoments

    yield from deskmoments.tasks(app, until)
    yield from qualitymoments.tasks(app, until)


@hookimpl
def cskit_timeline(app: App, kind: str, id: str) -> Iterable[Event]:
    """Say when somebody called or came, and what was said of somebody's calls."""
    from cskit_calls import deskmoments, qualitymoments

    yield from deskmoments.timeline(app, kind, id)
    yield from qualitymoments.timeline(app, kind, id)


@hookimpl
def cskit_before_commit(app: App, tx: Transaction, changes: Sequence[Change]) -> None:
    """Refuse what cannot be, complete what follows, and take out what goes with erased customers."""
    if tx.origin.erases or any(change.table.startswith("call") for change in changes):
        from cskit_calls import deskvetoes, qualityvetoes

        deskvetoes.look(app, tx, changes)
        qualityvetoes.look(app, tx, changes)


@hookimpl
def cskit_locale_dir() -> tuple[str, str]:
    """Say where the Chinese of this plugin's messages is."""
    return "cskit_calls", os.path.join(_HERE, "locale")


@hookimpl
def cskit_report_sections(app: App, period: Period) -> Iterable[Section]:
    """Say how the hotline was answered, and how well."""
    from cskit_calls import desksection, qualitysection

    yield from desksection.sections(app, period)
    yield from qualitysection.sections(app, period)


@hookimpl
def cskit_demo_data() -> Iterable[DemoStep]:
    """Go through a day of the front desk, a week of its rota, and a month's scores."""
    from cskit_calls import desksample, qualitysample

    return (*desksample.STEPS, *qualitysample.STEPS)
