"""What can be done about companies, projects, checks, events and tenants, declared.

Imports hook names only.
"""

from __future__ import annotations

from cskit import Command, RecordType, RuleKind

_ESTATES = (
    (
        "property project building",
        "Put down a building of a project, or how far it has come.",
        "estates:building",
    ),
    (
        "property project timeline",
        "Show everything every plugin knows of a project, newest first.",
        "estates:timeline_",
    ),
    ("property rank", "Rank the projects by what their checks scored.", "estates:rank"),
    ("property standard list", "List the service standards there are.", "estates:standards_"),
    ("property standard show", "Show what a service standard looks at.", "estates:standard"),
)
_CHECKS = (
    ("property check new", "Draw the items of a new spot check of a project.", "checks:new"),
    (
        "property check items",
        "List the items of a check and what was found; as CSV it is the list to fill in.",
        "checks:items_",
    ),
    (
        "property check record",
        "Put down what a check found; each finding opens a rectification with a deadline.",
        "checks:record",
    ),
    ("property check trend", "Show how projects score from period to period.", "checks:trend"),
)
_RECTIFICATIONS = (
    (
        "property rectification done",
        "Note that rectifications are done, and by whom; somebody else has to verify them.",
        "rectifications:done",
    ),
    (
        "property rectification verify",
        "Verify rectifications that somebody else has done.",
        "rectifications:verify",
    ),
    (
        "property rectification return",
        "Send rectifications back that are not as they should be.",
        "rectifications:return_",
    ),
    (
        "property rectification withdraw",
        "Withdraw rectifications of findings that were none.",
        "rectifications:withdraw",
    ),
    (
        "property rectification late",
        "List rectifications that are late, serious ones first.",
        "rectifications:late",
    ),
    (
        "property rectification flow",
        "Show which states a rectification can have, and what leads from one to another.",
        "rectifications:flow",
    ),
)
_EVENTS = (
    ("property event move", "Take liaison events on to a state.", "events:move"),
    ("property event note", "Note a decision, a word or complaints on a liaison event.", "events:note"),
    (
        "property event overdue",
        "List liaison events whose day is over, the longest overdue first.",
        "events:overdue",
    ),
    (
        "property event flow",
        "Show which states a liaison event can have, and what leads from one to another.",
        "events:flow",
    ),
)
_FINDINGS = (
    ("property audit find", "Note what an audit found; it opens a rectification.", "findings:audit_find"),
    ("property audit conclude", "Conclude an audit: passed or failed, and why.", "findings:conclude"),
    (
        "property audit results",
        "Sum up audits for the quality department: how many, what came out, what is still open.",
        "findings:results",
    ),
    ("property patrol find", "Note what a patrol found; it opens a rectification.", "findings:patrol_find"),
)
_TENANTS = (
    (
        "property tenant move-in",
        "Hand premises to a tenant: every item of the list, meters with their readings.",
        "tenants:move_in",
    ),
    (
        "property tenant move-out",
        "Take premises back from a tenant, and see what is damaged and what was used.",
        "tenants:move_out",
    ),
    (
        "property tenant handover",
        "Compare the premises of a tenant at the move in and at the move out.",
        "tenants:handover",
    ),
    ("property tenant arrears", "List what tenants owe, by how long it is overdue.", "tenants:arrears_"),
    (
        "property tenant figures",
        "Show figures about tenants of a quarter, a half-year or a year: moves, invoices, what came in.",
        "tenants:figures",
    ),
    (
        "property invoice run",
        "Issue a month's invoices to tenants, each once, and charge them in the ledger.",
        "invoices:run",
    ),
    (
        "property invoice pay",
        "Note a payment of an invoice, in full or in part, in the ledger.",
        "invoices:pay",
    ),
    (
        "property invoice remind",
        "Remind tenants of invoices that are overdue: those named, or all whose next reminder is due.",
        "invoices:remind",
    ),
)
COMMANDS: tuple[Command, ...] = tuple(
    Command(path, said, f"cskit_property.commands.{target}")
    for path, said, target in (*_ESTATES, *_CHECKS, *_RECTIFICATIONS, *_EVENTS, *_FINDINGS, *_TENANTS)
)
_WITHOUT_MERGE = ("add", "list", "show", "set", "remove", "import", "export", "count", "schema")
RECORD_TYPES: tuple[RecordType, ...] = (
    RecordType(
        command="property company",
        table="property_companies",
        model="cskit_property.estates.model:Company",
        number="PC-{:03d}",
        singular="property company",
        plural="property companies",
        zh="物业公司",
        title="name",
        columns=("id", "name", "contact", "phone", "grade"),
    ),
    RecordType(
        command="property project",
        table="property_projects",
        model="cskit_property.estates.model:Project",
        number="PJ-{:03d}",
        singular="project",
        plural="projects",
        zh="项目",
        title="name",
        columns=(
            "id",
            "name",
            "company",
            "units",
            "residential_area",
            "other_area",
            "contract_until",
            "state",
        ),
        verbs=_WITHOUT_MERGE,  # what was signed for a project stays that project's
        prepare="cskit_property.estates.estates:prepare_project",
    ),
    RecordType(
        command="property check",
        table="property_checks",
        model="cskit_property.checks.inspection:Check",
        number="CK-{:04d}",
        singular="check",
        plural="checks",
        zh="抽查",
        title="project",
        columns=("id", "on", "project", "standard", "checker", "score", "findings", "serious", "state"),
        verbs=("list", "show", "set", "remove", "export", "count", "schema"),
    ),
    RecordType(
        command="property rectification",
        table="property_rectifications",
        model="cskit_property.checks.inspection:Rectification",
        number="RC-{:04d}",
        singular="rectification",
        plural="rectifications",
        zh="整改",
        title="finding",
        columns=("id", "project", "finding", "serious", "due", "owner", "state"),
        verbs=_WITHOUT_MERGE,
        prepare="cskit_property.estates.estates:prepare_rectification",
    ),
    RecordType(
        command="property event",
        table="property_events",
        model="cskit_property.estates.liaison:LiaisonEvent",
        number="PE-{:04d}",
        singular="liaison event",
        plural="liaison events",
        zh="对接事件",
        title="title",
        columns=("id", "title", "project", "kind", "owner", "due", "state"),
        verbs=_WITHOUT_MERGE,
        prepare="cskit_property.estates.estates:prepare_raised",
    ),
    RecordType(
        command="property audit",
        table="property_audits",
        model="cskit_property.checks.inspection:Audit",
        number="PA-{:04d}",
        singular="audit",
        plural="audits",
        zh="审核",
        title="project",
        columns=("id", "on", "project", "kind", "topic", "lead", "findings", "result"),
        verbs=_WITHOUT_MERGE,
        prepare="cskit_property.estates.estates:prepare_audit",
    ),
    RecordType(
        command="property patrol",
        table="property_patrols",
        model="cskit_property.checks.inspection:Patrol",
        number="PP-{:04d}",
        singular="patrol",
        plural="patrols",
        zh="巡查",
        title="project",
        columns=("id", "at", "project", "staff", "route", "seen", "findings"),
        verbs=_WITHOUT_MERGE,
        prepare="cskit_property.estates.estates:prepare_patrol",
    ),
    RecordType(
        command="property tenant",
        table="property_tenants",
        model="cskit_property.tenants.tenancy:Tenant",
        number="PT-{:04d}",
        singular="tenant",
        plural="tenants",
        zh="租户",
        title="name",
        columns=("id", "name", "project", "room", "phone", "area", "lease_until", "state"),
        prepare="cskit_property.tenants.tenants:prepare",
    ),
    RecordType(
        command="property invoice",
        table="property_invoices",
        model="cskit_property.tenants.tenancy:Invoice",
        number="PI-{:06d}",
        singular="invoice",
        plural="invoices",
        zh="账单",
        title="tenant",
        columns=("id", "tenant", "project", "month", "amount", "due", "entry"),
        verbs=("list", "show", "set", "remove", "export", "count", "schema"),
    ),
    RecordType(
        command="property mediation",
        table="property_mediations",
        model="cskit_property.tenants.tenancy:Mediation",
        number="PM-{:04d}",
        singular="mediation",
        plural="mediations",
        zh="调解",
        title="tenant",
        columns=("id", "on", "tenant", "subject", "mediator", "outcome"),
        verbs=_WITHOUT_MERGE,
    ),
)
RULE_KINDS: tuple[RuleKind, ...] = (
    RuleKind(
        "service-standards",
        "cskit_property.checks.standards:Standard",
        "What is looked at when an estate is checked, and what each item is worth.",
    ),
    RuleKind(
        "premises-lists",
        "cskit_property.tenants.premises:PremisesList",
        "What is looked at when premises are handed to a tenant, or back.",
    ),
    RuleKind(
        "tenant-letters",
        "cskit_property.tenants.letters:Letters",
        "How tenants are reminded of what they owe, and when.",
    ),
    RuleKind("property-limits", "cskit_property.limits:Limits", "Deadlines and other numbers for estates."),
)
