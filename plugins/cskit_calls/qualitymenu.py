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
    Command("call qa sheet list", "List the scoring sheets.", f"{_AT}.qa:sheets"),
    Command(
        "call qa sheet show",
        "Show the items of a scoring sheet; -o html or docx is the sheet to fill in by hand.",
        f"{_AT}.qa:sheet",
    ),
    Command("call qa sample", "Draw the calls of a month that are to be listened to.", f"{_AT}.qa:sample"),
    Command(
        "call qa unscored",
        "List the calls that were drawn and that nobody has scored yet.",
        f"{_AT}.qa:unscored",
    ),
    Command(
        "call qa score",
        "Score a call by a sheet; a second person may score the same call, for comparison.",
        f"{_AT}.qa:score",
    ),
    Command(
        "call qa report",
        "Report on scored calls: figures, agents, items, months with a judgement, scorers, measures.",
        f"{_AT}.qareport:report",
    ),
    Command(
        "call qa agreement",
        "Show how far people who scored the same calls agree: within tolerance, kappa, alpha.",
        f"{_AT}.qareport:agreement",
    ),
    Command("call qa measure done", "Note measures as done, and what came of them.", f"{_AT}.qareport:done"),
    Command(
        "call coaching acknowledge",
        "Acknowledge coaching notes, as the agent whom they are about.",
        f"{_AT}.qareport:acknowledge",
    ),
)
_QA = "cskit_calls.quality.qamodel"
_VERBS = ("add", "list", "show", "set", "remove", "import", "export", "count", "schema")
RECORD_TYPES: tuple[RecordType, ...] = (
    RecordType(
        command="call shift",
        table="call_shifts",
        model="cskit_calls.rota.rotamodel:Shift",
        number="SH-{:05d}",
        singular="shift",
        plural="shifts",
        zh="班次",
        title="staff",
        columns=("id", "staff", "on", "shift", "begins", "ends", "absence", "kind"),
        verbs=_VERBS,
        prepare="cskit_calls.rota.shifts:prepare",
        titles="cskit_calls.rota.shifts:titles",
    ),
    RecordType(
        command="call absence",
        table="call_absences",
        model="cskit_calls.rota.rotamodel:Absence",
        number="AB-{:05d}",
        singular="absence",
        plural="absences",
        zh="缺勤",
        title="staff",
        columns=("id", "staff", "kind", "first", "last"),
        verbs=_VERBS,
        prepare="cskit_calls.rota.shifts:person",
    ),
    RecordType(
        command="call logbook",
        table="call_handovers",
        model="cskit_calls.rota.rotamodel:Handover",
        number="HO-{:05d}",
        singular="hand-over",
        plural="hand-overs",
        zh="交接班记录",
        title="shift",
        columns=("id", "on", "shift", "group", "giver", "taker", "taken_at", "state"),
        verbs=("list", "show", "set", "export", "count", "schema"),
        titles="cskit_calls.rota.handovers:titles",
        sheets="cskit_calls.rota.handovers:sheets",
    ),
    RecordType(
        command="call qa draw",
        table="call_samples",
        model=f"{_QA}:Draw",
        number="QD-{:04d}",
        singular="draw of calls",
        plural="draws of calls",
        zh="监听抽样",
        title="month",
        columns=("id", "month", "per_agent", "seed", "population", "drawn_by", "drawn_at", "replaces"),
        verbs=("list", "show", "export", "count", "schema"),
    ),
    RecordType(
        command="call qa assessment",
        table="call_assessments",
        model=f"{_QA}:Assessment",
        number="QS-{:06d}",
        singular="scored sheet",
        plural="scored sheets",
        zh="监听评分记录",
        title="call",
        columns=("id", "call", "staff", "on", "scorer", "total", "calibration", "penalty"),
        verbs=("list", "show", "export", "count", "schema"),
        titles="cskit_calls.quality.assessments:titles",
    ),
    RecordType(
        command="call qa measure",
        table="call_measures",
        model=f"{_QA}:Measure",
        number="QM-{:05d}",
        singular="measure",
        plural="measures",
        zh="改进措施",
        title="what",
        columns=("id", "what", "item", "staff", "since", "due", "owner", "state"),
        verbs=_VERBS,
        prepare="cskit_calls.quality.coaching:measure",
    ),
    RecordType(
        command="call coaching",
        table="call_coaching",
        model=f"{_QA}:Coaching",
        number="CO-{:05d}",
        singular="coaching note",
        plural="coaching notes",
        zh="辅导记录",
        title="staff",
        columns=("id", "staff", "coach", "on", "topic", "call", "acknowledged_at"),
        verbs=_VERBS,
        prepare="cskit_calls.rota.shifts:person",
    ),
    RecordType(
        command="call analysis",
        table="call_analyses",
        model=f"{_QA}:Analysis",
        number="CA-{:04d}",
        singular="case analysis",
        plural="case analyses",
        zh="案例分析",
        title="title",
        columns=("id", "title", "kind", "on", "author", "call", "tags"),
        verbs=_VERBS,
        sheets="cskit_calls.quality.coaching:analyses",
    ),
)
RULE_KINDS: tuple[RuleKind, ...] = (
    RuleKind(
        "shift-patterns",
        "cskit_calls.rota.patterns:Pattern",
        "Shifts with their times, and how people rotate.",
    ),
    RuleKind(
        "shift-limits", "cskit_calls.rota.shiftlimits:Limits", "Rest, days in a row, and people needed."
    ),
    RuleKind("qa-sheets", "cskit_calls.quality.scoresheets:ScoreSheet", "What calls are scored by."),
    RuleKind(
        "qa-limits", "cskit_calls.quality.qalimits:Limits", "Draws, tolerances and trends of scored calls."
    ),
)
