"""The grading plugin's hooks: schemes, grades, and what follows. Must not import anything but hook names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
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

HERE = os.path.dirname(os.path.abspath(__file__))


@hookimpl
def cskit_commands() -> Iterable[Command]:
    """Declare what can be asked of schemes and done about grades."""
    for path, text, target in (
        ("run", "Grade all customers, and show who moved.", "running:run"),
        ("show", "Show the grades that customers hold.", "holding:show"),
        ("set", "Set a grade by hand, with a reason and for a time.", "holding:set_"),
        ("review", "Sign off grades that somebody else recorded.", "reviewing:review"),
        ("changes", "Show which grades changed, newest first.", "figures:changes"),
        ("matrix", "Count customers by grade and region, or by two schemes.", "figures:matrix"),
        ("due", "Show which logs, visits and customers wait for somebody.", "following:due"),
        ("entitlements", "Show what follows from all grades of a customer.", "following:entitlements"),
        ("schemes", "List the grading schemes, with their source and what they need.", "asking:schemes"),
        ("explain", "Show how a scheme decides on a customer, condition by condition.", "asking:explain"),
        (
            "check",
            "Look a scheme over: unknown facts, grades out of reach, cells no grade covers.",
            "asking:check",
        ),
    ):
        yield Command(f"grade {path}", text, f"cskit_grading.commands.{target}")


@hookimpl
def cskit_groups() -> Iterable[Group]:
    """Say what the groups of commands are about."""
    return (
        Group("grade", mark("Customers' grades: the schemes, who moves, and what follows from a grade.")),
    )


@hookimpl
def cskit_record_types() -> Iterable[RecordType]:
    """Declare grades, which only grading writes, and gifts."""
    yield RecordType(
        command="grade",
        table="grades",
        model="cskit_grading.model:GradeRecord",
        number="GR-{:06d}",
        singular="grade",
        plural="grades",
        zh="客户等级",
        title="customer",
        columns=("id", "at", "customer", "scheme", "previous", "grade", "move", "decided_by", "review"),
        verbs=("list", "export", "count", "schema"),
    )
    yield RecordType(
        command="grade gift",
        table="gifts",
        model="cskit_grading.model:Gift",
        number="GI-{:05d}",
        singular="gift",
        plural="gifts",
        zh="礼品",
        title="customer",
        columns=("id", "customer", "gift", "on", "staff", "note"),
    )


@hookimpl
def cskit_fact_specs() -> Iterable[FactSpec]:
    """Declare the grades as facts."""
    from cskit_grading.facts import SPECS

    return SPECS


@hookimpl
def cskit_facts(app: App, kind: str, names: Sequence[str], ids: Sequence[str], now: dt.datetime) -> Facts:
    """Give the grades that customers hold, from one pass over the records."""
    from cskit_grading.facts import about_customers

    return about_customers(app, names, ids, now) if kind == "customer" else {}


@hookimpl
def cskit_actions() -> Iterable[ActionSpec]:
    """Offer what follows from a customer's grades, and to note a gift."""
    yield ActionSpec(
        name="grade.entitlements",
        meaning=(
            "Return what follows from all grades of a customer: attendants in order, who names the person, "
            "gifts with the next best first, quotas, service days and rights, by scheme."
        ),
        target="cskit_grading.entitlements:asked_for",
        arguments={"customer": "the customer's id"},
    )
    yield ActionSpec(
        name="grade.gift",
        meaning="Note a gift that a customer was given and return the id of the note.",
        target="cskit_grading.entitlements:given",
        arguments={
            "customer": "the customer's id",
            "gift": "the gift's code in the scheme, such as flowers",
            "on": "the day",
            "staff": "the staff id of who gave it",
            "note": "what else is to be remembered",
        },
    )


@hookimpl
def cskit_rule_kinds() -> Iterable[RuleKind]:
    """Declare the schemes, which each company may write for itself."""
    yield RuleKind(
        name="grading-schemes",
        model="cskit_grading.schemes:Scheme",
        meaning="Which grade a customer has by which rule, and what follows from it.",
    )


@hookimpl
def cskit_rule_files(kind: str) -> Iterable[str]:
    """Give the schemes that come with the plugin."""
    yield os.path.join(HERE, "rules", kind)


@hookimpl
def cskit_before_commit(app: App, tx: Transaction, changes: Sequence[Change]) -> None:
    """Let grades follow customers that are erased, merged or removed."""
    if "customers" in tx.origin.erases or any(
        (change.table, change.after is None) in (("customers", True), ("grades", False))
        for change in changes
        if change.before is not None
    ):
        from cskit_grading.keeping import customers_changed

        customers_changed(app, tx, changes)


@hookimpl
def cskit_tasks(app: App, until: dt.date) -> Iterable[Task]:
    """Say which logs, visits and sign-offs are due."""
    from cskit_grading.moments import tasks

    return tasks(app, until)


@hookimpl
def cskit_timeline(app: App, kind: str, id: str) -> Iterable[Event] | None:
    """Say which grades and gifts a customer got."""
    if kind != "customer":
        return None
    from cskit_grading.moments import timeline

    return timeline(app, id)


@hookimpl
def cskit_locale_dir() -> tuple[str, str]:
    """Say where the Chinese of this plugin's messages is."""
    return "cskit_grading", os.path.join(HERE, "locale")


@hookimpl
def cskit_report_sections(app: App, period: Period) -> Iterable[Section]:
    """Say which grades changed, and how many customers hold which."""
    from cskit_grading.section import section

    yield section(app, period)


@hookimpl
def cskit_demo_data() -> Iterable[DemoStep]:
    """Grade the sample department's customers, and show what can be asked of grades."""
    from cskit_grading.sample import STEPS

    return STEPS
