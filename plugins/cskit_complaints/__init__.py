"""The complaints plugin's hooks: cases and their clocks. Must not import anything but hook names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from cskit import (
    ActionSpec,
    Command,
    DemoStep,
    FactSpec,
    Group,
    Narrowing,
    RecordType,
    RuleKind,
    hookimpl,
    mark,
)

if TYPE_CHECKING:
    import datetime as dt

    from cskit import App, Event, Evidence, Period, Task
    from cskit.declarations import Facts
    from cskit.sections import Section
    from cskit.store.protocol import Change, Transaction


@hookimpl
def cskit_commands() -> Iterable[Command]:
    """Declare what can be done with cases beside the commands of every record type."""
    from cskit_complaints import menu

    yield from menu.DESK
    yield from menu.MEASURES


@hookimpl
def cskit_rule_kinds() -> Iterable[RuleKind]:
    """Declare what a company may decide for itself about cases."""
    from cskit_complaints import menu

    yield from menu.RULE_KINDS


@hookimpl
def cskit_rule_files(kind: str) -> Iterable[str]:
    """Give the rules that come with the plugin."""
    import os

    yield os.path.join(os.path.dirname(os.path.abspath(__file__)), "rules", kind)


@hookimpl
def cskit_groups() -> Iterable[Group]:
    """Say what the groups of commands are about."""
    return (
        Group("case", mark("Cases: complaints and all else that waits for an answer by a time.")),
        Group("case audit", mark("Look for what figures about cases could hide.")),
        Group("complaint", mark("Complaints: cases of this kind, with every command of a case.")),
        Group("complaint audit", mark("Look for what figures about complaints could hide.")),
    )


@hookimpl
def cskit_record_types() -> Iterable[RecordType]:
    """Declare the case."""
    yield RecordType(
        command="case",
        table="cases",
        model="cskit_complaints.model:Case",
        number="CP-%Y%m%d-{:03d}",
        singular="case",
        plural="cases",
        zh="受理单",
        title="content",
        columns=("id", "severity", "content", "department", "state", "due"),
        verbs=("add", "list", "show", "set", "remove", "import", "export", "count", "schema"),
        dated="received_at",
        prepare="cskit_complaints.intake:prepare",
        titles="cskit_complaints.intake:titles",
        codes="cskit_complaints.intake:codes",
        sheets="cskit_complaints.papers:sheets",
        narrowed=(Narrowing("complaint", "kind", "complaint", "complaint", "complaints", "投诉"),),
    )
    yield RecordType(
        command="case policy",
        table="case_policies",
        model="cskit.rules.editions:Edition",
        number="PV-{:04d}",
        singular="edition of a policy",
        plural="editions of policies",
        zh="时限规则版本",
        title="name",
        columns=("id", "kind", "name", "since", "hash"),
        verbs=("list",),
    )


@hookimpl
def cskit_before_commit(app: App, tx: Transaction, changes: Sequence[Change]) -> None:
    """Give cases their severity, and keep what was promised for them; take out what goes with others.

    That is what is told of erased customers, and links to removed cases.
    """
    erased = tx.origin.erases.get("customers", ())
    touched = any(change.table == "cases" for change in changes)
    if erased or touched:
        from cskit_complaints import editions, erasing, money, severity

        money.refuse_alone(changes)
        severity.complete(app, tx, changes)
        if touched:
            editions.note(app, tx)
        erasing.unlink(tx, changes)
        erasing.erase(tx, erased)


@hookimpl
def cskit_fact_specs() -> Iterable[FactSpec]:
    """Declare what cases know of customers and staff."""
    from cskit_complaints.facts import SPECS

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
    """Give facts about customers and staff, from one pass over the cases."""
    from cskit_complaints import facts

    return facts.about(app, kind, names, ids, now, period, scope, evidence)


@hookimpl
def cskit_actions() -> Iterable[ActionSpec]:
    """Offer to open a case, and to note something on one."""
    from cskit_complaints import menu

    return menu.ACTIONS


@hookimpl
def cskit_tasks(app: App, until: dt.date) -> Iterable[Task]:
    """Give what cases ask for: crises first, clocks, promises, approvals."""
    from cskit_complaints import deadlines, tasks

    yield from tasks.tasks(app, until)
    yield from deadlines.tasks(app, until)


@hookimpl
def cskit_timeline(app: App, kind: str, id: str) -> Iterable[Event] | None:
    """Give what happened to a case, or to the cases of a customer."""
    from cskit_complaints import timeline

    return timeline.events(app, kind, id)


@hookimpl
def cskit_report_sections(app: App, period: Period) -> Iterable[Section]:
    """Say what came in, how it went, and what it was about."""
    from cskit_complaints.section import section

    yield section(app, period)


@hookimpl
def cskit_demo_data() -> Iterable[DemoStep]:
    """Show a day at the complaints desk."""
    from cskit_complaints.sample import STEPS

    return STEPS


@hookimpl
def cskit_locale_dir() -> tuple[str, str]:
    """Say where the Chinese of this plugin's messages is."""
    import os

    return "cskit_complaints", os.path.join(os.path.dirname(os.path.abspath(__file__)), "locale")
