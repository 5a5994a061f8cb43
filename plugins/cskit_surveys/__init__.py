"""The surveys plugin's hooks: questionnaires, rounds, follow-ups. Must not import anything but hook names."""

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
    from cskit.sections import Section
    from cskit.store.protocol import Change, Transaction

_HERE = os.path.dirname(os.path.abspath(__file__))
_COMMANDS = (
    (
        "followup done",
        "Note that follow-ups were made; those with an interval are planned again.",
        "followups:done",
    ),
    ("followup due", "List the follow-ups that are due, the longest overdue first.", "followups:due"),
    ("survey ask", "Interview the next of a round's sample, or WHO, in the terminal.", "asking:ask"),
    ("survey check", "Look at a questionnaire's file before it is used.", "papers:check"),
    (
        "survey compare",
        "Compare two rounds, figure by figure, and say which changes are real.",
        "scores:compare",
    ),
    (
        "survey drivers",
        "Show what overall satisfaction hangs on, and how well each of it is done.",
        "scores:drivers",
    ),
    ("survey form", "Write a questionnaire as a form: on paper, or for phones.", "papers:form"),
    ("survey import", "Take over answers from a file into a round's sample.", "rounds:import_"),
    ("survey low", "List the low scores of a round, and open a case for each where asked.", "scores:low"),
    ("survey missed", "Note who refused to answer, or was not reached.", "rounds:missed"),
    ("survey new", "Draw the random sample of a new round.", "rounds:new"),
    (
        "survey nonresponse",
        "Show how far a round has come: who answered, who refused, who is still to be asked.",
        "rounds:nonresponse",
    ),
    ("survey questionnaires", "List the questionnaires there are.", "papers:list_"),
    ("survey report", "Write what the departments concerned should read of a round.", "scores:report"),
    ("survey sample", "List whom to ask: a round's sample, in the order it was drawn.", "rounds:sample"),
    (
        "survey score",
        "Show a round's figures, each with its interval and the number of answers.",
        "scores:score",
    ),
    ("survey show", "Show what a questionnaire asks.", "papers:show"),
    (
        "survey trend",
        "Show the main figures of a questionnaire's rounds, one after the other.",
        "scores:trend",
    ),
)


@hookimpl
def cskit_commands() -> Iterable[Command]:
    """Declare what surveys and follow-ups have beside the commands of their records."""
    for path, said, target in _COMMANDS:
        yield Command(path, said, f"cskit_surveys.commands.{target}")


@hookimpl
def cskit_groups() -> Iterable[Group]:
    """Say what the groups of commands are about."""
    return (
        Group("survey", mark("Surveys: questionnaires, random samples, answers, scores, reports.")),
        Group("followup", mark("Follow-ups: who is to be asked again, and what they said.")),
    )


@hookimpl
def cskit_record_types() -> Iterable[RecordType]:
    """Declare rounds, responses and follow-ups."""
    yield RecordType(
        command="survey round",
        table="survey_rounds",
        model="cskit_surveys.model:Round",
        number="SR-{:04d}",
        singular="round",
        plural="rounds",
        zh="调查批次",
        title="title",
        columns=("id", "title", "questionnaire", "population", "size", "due", "state"),
        verbs=("list", "show", "set", "count", "export", "schema"),
    )
    yield RecordType(
        command="survey response",
        table="survey_responses",
        model="cskit_surveys.model:Response",
        number="SA-{:06d}",
        singular="response",
        plural="responses",
        zh="答卷",
        title="record",
        columns=("id", "round", "record", "customer", "staff", "state", "at", "score"),
        verbs=("list", "show", "count", "export", "schema"),
    )
    yield RecordType(
        command="followup",
        table="followups",
        model="cskit_surveys.model:FollowUp",
        number="FU-{:06d}",
        singular="follow-up",
        plural="follow-ups",
        zh="回访",
        title="subject",
        columns=("id", "due", "customer", "subject", "kind", "staff", "state"),
    )


@hookimpl
def cskit_rule_kinds() -> Iterable[RuleKind]:
    """Declare questionnaires, layouts of files with answers, and the numbers a department may set."""
    yield RuleKind("questionnaires", "cskit_surveys.questionnaires:Questionnaire", "What a survey asks.")
    yield RuleKind(
        "answer-layouts",
        "cskit_surveys.layouts:Layout",
        "How questionnaire services lay out the answers they export.",
    )
    yield RuleKind(
        "survey-limits", "cskit_surveys.limits:Limits", "Where figures of surveys are taken with care."
    )


@hookimpl
def cskit_rule_files(kind: str) -> Iterable[str]:
    """Give the questionnaires and layouts that come with the plugin, and its numbers."""
    yield os.path.join(_HERE, "rules", kind)


@hookimpl
def cskit_fact_specs() -> Iterable[FactSpec]:
    """Declare what surveys know of customers, staff and projects."""
    from cskit_surveys.facts import SPECS

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
    """Give facts from one pass over the responses, and one over the follow-ups where they are asked for.

    The scope `round` narrows responses to those of a round.
    """
    from cskit_surveys.facts import known

    return known(app, kind, names, ids, now, period, scope, evidence)


@hookimpl
def cskit_actions() -> Iterable[ActionSpec]:
    """Offer to plan a follow-up."""
    yield ActionSpec(
        name="followup.schedule",
        meaning="Plan a follow-up, unless one of its kind is planned about the record, and return its id.",
        target="cskit_surveys.followups:schedule",
        arguments={
            "subject": "what it is about",
            "customer": "the customer's id",
            "about": "the id of the record it follows up, such as a case",
            "kind": "in_service, after_service, complaint, old_customer, win_back or after_use",
            "due": "the day; months from now as the department's limits say if left out",
            "staff": "the staff id of who should make it",
            "every": "after how many months it comes again",
        },
    )


@hookimpl
def cskit_tasks(app: App, until: dt.date) -> Iterable[Task]:
    """Say which rounds, follow-ups and low scores are due."""
    from cskit_surveys.moments import tasks

    return tasks(app, until)


@hookimpl
def cskit_timeline(app: App, kind: str, id: str) -> Iterable[Event]:
    """Say what a customer answered, and how they were followed up."""
    from cskit_surveys.moments import timeline

    return timeline(app, id) if kind == "customer" else ()


@hookimpl
def cskit_before_commit(app: App, tx: Transaction, changes: Sequence[Change]) -> None:
    """Take out the words of customers whose personal data goes for good."""
    customers = tx.origin.erases.get("customers", ())
    if customers:
        from cskit_surveys.erasing import erase

        erase(tx, customers)


@hookimpl
def cskit_locale_dir() -> tuple[str, str]:
    """Say where the Chinese of this plugin's messages is."""
    return "cskit_surveys", os.path.join(_HERE, "locale")


@hookimpl
def cskit_report_sections(app: App, period: Period) -> Iterable[Section]:
    """Say how satisfied people are, how sure that is, and which follow-ups were made."""
    from cskit_surveys.section import section

    yield section(app, period)


@hookimpl
def cskit_demo_data() -> Iterable[DemoStep]:
    """Ask the sample department's customers, and read what they say."""
    from cskit_surveys.sample import STEPS

    return STEPS
