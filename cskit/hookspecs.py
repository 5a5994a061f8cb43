"""The hooks a plugin may implement; what they answer with is in `cskit.declarations`. Imports no plugin.

Where a hook returns something, None means that this plugin has nothing of the kind.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from cskit.app import App
    from cskit.declarations import (
        ActionSpec,
        Command,
        DemoStep,
        Event,
        Evidence,
        Facts,
        FactSpec,
        Group,
        Migration,
        Period,
        RecordType,
        RuleKind,
        Task,
    )
    from cskit.sections import Section
    from cskit.store.protocol import Change, Transaction

hookspec = pluggy.HookspecMarker("cskit")
hookimpl = pluggy.HookimplMarker("cskit")


@hookspec
def cskit_commands() -> Iterable[Command] | None:
    """Declare commands. Called once per process, before any command runs. Since 0.1.

    Groups merge, leaves collide: two plugins that declare one path are both named in an error.
    """


@hookspec
def cskit_groups() -> Iterable[Group] | None:
    """Say what the groups of this plugin's commands are about. Called when help names one. Since 0.1.

    A group without a word has the plural of its record type, or the names of the plugins that have it.
    """


@hookspec
def cskit_record_types() -> Iterable[RecordType] | None:
    """Declare record types; each gets add, list, show, set, remove, import, export … or the `verbs` it names.

    Called once per process. Two record types on one table, or one command, are an error. Since 0.1.
    """


@hookspec
def cskit_fact_specs() -> Iterable[FactSpec] | None:
    """Declare the facts this plugin can give. Called when facts are listed or asked for. Since 0.1."""


@hookspec
def cskit_facts(
    app: App,
    kind: str,
    names: Sequence[str],
    ids: Sequence[str],
    now: dt.datetime,
    period: Period,
    scope: Mapping[str, str],
    evidence: Evidence | None,
) -> Facts | None:
    """Give the facts `names` about the things `ids` of one `kind`, in one pass over the tables. Since 0.1.

    `names` holds only names this plugin declared for `kind`, or members of a family it declared; the family's
    own name asks for all its members. `now` is aware; facts of an instant are as at
    `now`, and a `period` or `scope` (such as product → "CD") narrows what is counted. Leave out what is
    unknown; an empty answer means that nothing is known. Where `evidence` is given, the caller wants to be
    led to the records: note in it which of them each fact was counted from.
    """


@hookspec
def cskit_actions() -> Iterable[ActionSpec] | None:
    """Declare the actions other plugins may call. Called when an action is first looked up. Since 0.1."""


@hookspec
def cskit_rule_kinds() -> Iterable[RuleKind] | None:
    """Declare the kinds of rules this plugin reads with `cskit.rules.load`. Called when rules are asked for.

    Two plugins that declare one kind are both named in an error, and neither has it. Since 0.1.
    """


@hookspec
def cskit_rule_files(kind: str) -> Iterable[str] | None:
    """Name the TOML files this plugin ships for rules of one `kind`, its own kind or another plugin's.

    Absolute paths of files, or of folders whose `*.toml` files are meant; a folder that is not there holds
    none. A rule is called as its file; a department's own stand in `rules/<kind>/` of the data folder.
    Called when rules of the kind are loaded; a failure stops the command with exit code 6. Since 0.1.
    """


@hookspec
def cskit_tasks(app: App, until: dt.date) -> Iterable[Task] | None:
    """Give all that is due by the end of the day `until`, what is overdue included; in any order.

    Called by `cskit today`, which sorts, and leaves out other people's. `app.now` is the present. Since 0.1.
    """


@hookspec
def cskit_timeline(app: App, kind: str, id: str) -> Iterable[Event] | None:
    """Give everything this plugin knows of one thing, such as of the customer C-000001; in any order.

    `kind` is the noun as typed ("customer"), `id` the id of a record that is there. Since 0.1.
    """


@hookspec
def cskit_report_sections(app: App, period: Period) -> Iterable[Section] | None:
    """Give what there is to say of a period, for `cskit report`: figures, as `cskit.sections` has them.

    `period` has both ends; it may end after today, and what lies after `app.now` has not happened. Each
    figure leads to the records it is made of, which are looked up only when they are asked for. Sections are
    sorted by name; two of one name are both left out. A plugin that fails is left out and named. Since 0.1.
    """


@hookspec
def cskit_migrations() -> Iterable[Migration] | None:
    """Declare the steps from the first form of this plugin's records to the one it works with. Since 0.1.

    Of each table all steps from 2 on, for good: nobody knows how old a department's records are. Commands
    refuse records of an older form until `cskit data migrate` was run. Called once per process, when records
    are read; a step that fails stops the command with exit code 6, and nothing is saved.
    """


@hookspec
def cskit_locale_dir() -> tuple[str, str] | None:
    """Say where this plugin's messages are translated: gettext domain and folder ("acme", ".../locale").

    The Chinese catalogue is `zh_CN/LC_MESSAGES/<domain>.mo` in that folder. Called when a message is in no
    catalogue of cskit's own, so never in English; what cskit itself says cannot be changed. Since 0.1.
    """


@hookspec
def cskit_before_commit(app: App, tx: Transaction, changes: Sequence[Change]) -> None:
    """See what is about to be saved; raise `Refused` to veto, or change more records through `tx`.

    Called inside the transaction after every command's own changes, and again (with all changes) until no
    plugin adds anything. Any other exception stops the commit with exit code 6. `tx.origin.erases` is table →
    ids of records whose personal data goes for good: take out what else is held of them. Since 0.1.
    """


@hookspec
def cskit_after_commit(app: App, sequence: int, changes: Sequence[Change]) -> None:
    """Hear what was saved, as history entry `sequence`. The lock is released; a failure here is reported
    as "saved as N, but …" and does not take the change back. Nothing can be saved from here, for that would
    be told again without end: what belongs to the change is added in `cskit_before_commit`. Since 0.1.
    """


@hookspec
def cskit_demo_data() -> Iterable[DemoStep] | None:
    """Give the commands that fill the sample department with this plugin's records, in order. Since 0.1."""
