"""What can be done about shifts and scores, declared. Imports hook names only."""

from __future__ import annotations

from cskit import Command, RecordType, RuleKind

_AT = "cskit_calls.commands"
COMMANDS: tuple[Command, ...] = (
    Command("call shifts", "Show the rota of a week; -o html or docx prints it.", f"{_AT}.shifts:week"),
    Command(
        "call shift plan",
        "Lay out a rota by a pattern; days on which somebody is absent are left out.",
        f"{_AT}.shifts:plan",
    ),
    Command("call shift swap", "Let two people exchange their shifts.", f"{_AT}.shifts:swap"),
    Command("call shift cover", "Give the shifts of somebody absent to others.", f"{_AT}.shifts:cover"),
    Command(
        "call shift support",
        "Put inspectors and trainers on the telephones for their days of a month.",
        f"{_AT}.shifts:support",
    ),
    Command(
        "call shift gaps",
        "List the hours in which fewer people work than are needed.",
        f"{_AT}.shifts:gaps",
    ),
    Command(
        "call handover",
        "Hand a shift over: open cases, promises and notes, signed by who acts.",
        f"{_AT}.handovers:handover",
    ),
    Command(
        "call takeover",
        "Take a shift over from somebody else; then nothing changes the hand-over any more.",
        f"{_AT}.handovers:takeover",
    ),
)
_VERBS = ("add", "list", "show", "set", "remove", "import", "export", "count", "schema")
RECORD_TYPES: tuple[RecordType, ...] = (
    RecordType(
        command="call shift",
        table="call_shifts",
        model="cskit_calls.rotamodel:Shift",
        number="SH-{:05d}",
        singular="shift",
        plural="shifts",
        zh="班次",
        title="staff",
        columns=("id", "staff", "on", "shift", "begins", "ends", "kind", "absence"),
        verbs=_VERBS,
        prepare="cskit_calls.shifts:prepare",
        titles="cskit_calls.shifts:titles",
    ),
    RecordType(
        command="call absence",
        table="call_absences",
        model="cskit_calls.rotamodel:Absence",
        number="AB-{:05d}",
        singular="absence",
        plural="absences",
        zh="缺勤",
        title="staff",
        columns=("id", "staff", "kind", "first", "last"),
        verbs=_VERBS,
        prepare="cskit_calls.shifts:person",
    ),
    RecordType(
        command="call logbook",
        table="call_handovers",
        model="cskit_calls.rotamodel:Handover",
        number="HO-{:05d}",
        singular="hand-over",
        plural="hand-overs",
        zh="交接班记录",
        title="shift",
        columns=("id", "on", "shift", "group", "giver", "given_at", "taker", "taken_at", "state"),
        verbs=("list", "show", "set", "export", "count", "schema"),
        titles="cskit_calls.handovers:titles",
        sheets="cskit_calls.handovers:sheets",
    ),
)
RULE_KINDS: tuple[RuleKind, ...] = (
    RuleKind(
        "shift-patterns", "cskit_calls.patterns:Pattern", "Shifts with their times, and how people rotate."
    ),
    RuleKind("shift-limits", "cskit_calls.shiftlimits:Limits", "Rest, days in a row, and people needed."),
)
