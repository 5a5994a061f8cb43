"""What can be done about calls and visitors, declared. Imports hook names only."""

from __future__ import annotations

from cskit import Command, RecordType, RuleKind

_PLACES = "cskit_calls.commands"
COMMANDS: tuple[Command, ...] = (
    Command(
        "call flow",
        "Show the way of calls in: queue by queue, what is opened, and when the caller is called back.",
        f"{_PLACES}.calls:flow",
    ),
    Command(
        "call promises",
        "List promises to call back: due, overdue, or kept and by which call.",
        f"{_PLACES}.calls:promises_",
    ),
    Command(
        "call staffing",
        "Reckon how many agents answer calls in time: of a forecast, or hour by hour of past weeks.",
        f"{_PLACES}.staffing:staffing_",
    ),
    Command(
        "call stats",
        "Show figures of the hotline, each with its definition: answered, in time, given up, first contact.",
        f"{_PLACES}.figures:stats",
    ),
    Command(
        "call visitors",
        "Count who came to the front desk: first and return visits, appointments, enquiries, business.",
        f"{_PLACES}.visitors:visitors_",
    ),
    Command("call plan done", "Note that planned interviews were held.", f"{_PLACES}.plans:done"),
    Command("call plan drop", "Note that planned interviews will not be held.", f"{_PLACES}.plans:drop"),
)
RECORD_TYPES: tuple[RecordType, ...] = (
    RecordType(
        command="call",
        table="calls",
        model="cskit_calls.model:Call",
        number="CL-%Y%m%d-{:03d}",
        singular="call",
        plural="calls",
        zh="通话",
        title="purpose",
        columns=("id", "at", "direction", "queue", "staff", "customer", "purpose", "result", "case"),
        verbs=("add", "list", "show", "set", "remove", "import", "export", "count", "schema"),
        dated="at",
        prepare="cskit_calls.intake:calls",
        titles="cskit_calls.queues:titles",
        codes="cskit_calls.queues:finders",
        added="cskit_calls.taking:complete",
        rows="cskit_calls.systems:rewritten",
    ),
    RecordType(
        command="call visitor",
        table="call_visitors",
        model="cskit_calls.reception:Visitor",
        number="VS-%Y%m%d-{:03d}",
        singular="visitor",
        plural="visitors",
        zh="来访",
        title="purpose",
        columns=("id", "at", "kind", "name", "group", "staff", "customer", "purpose"),
        verbs=("add", "list", "show", "set", "remove", "import", "export", "count", "schema"),
        dated="at",
        prepare="cskit_calls.intake:visitors",
        titles="cskit_calls.queues:group_titles",
        codes="cskit_calls.queues:group_codes",
        added="cskit_calls.taking:received",
    ),
    RecordType(
        command="call plan",
        table="call_plans",
        model="cskit_calls.reception:Plan",
        number="IP-{:05d}",
        singular="planned interview",
        plural="planned interviews",
        zh="电话访谈计划",
        title="subject",
        columns=("id", "due", "subject", "customer", "staff", "state", "done_on"),
        verbs=("add", "list", "show", "set", "remove", "import", "export", "count", "schema"),
    ),
    RecordType(
        command="call equipment",
        table="call_equipment",
        model="cskit_calls.reception:Equipment",
        number="EQ-{:04d}",
        singular="piece of equipment",
        plural="equipment",
        zh="设备",
        title="name",
        columns=("id", "name", "kind", "model", "quantity", "seat", "staff", "state"),
        verbs=("add", "list", "show", "set", "remove", "import", "export", "count", "schema"),
    ),
)
RULE_KINDS: tuple[RuleKind, ...] = (
    RuleKind(
        "call-queues",
        "cskit_calls.queues:Queue",
        "What an answered call in a queue opens, and in how many hours the caller is called back.",
    ),
    RuleKind(
        "reception-groups",
        "cskit_calls.queues:Group",
        "Which groups visitors and sales calls are handed to in turn.",
    ),
    RuleKind(
        "call-systems",
        "cskit_calls.systems:System",
        "What the columns and words of a telephone system's call records mean.",
    ),
    RuleKind(
        "call-figures",
        "cskit_calls.thresholds:Thresholds",
        "The thresholds of the hotline's figures, and what staffing aims at.",
    ),
)
