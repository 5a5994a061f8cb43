"""What can be done about settlements, matters and sales, declared. Imports hook names only."""

from __future__ import annotations

from cskit import ActionSpec, Command, RecordType, RuleKind

_SETTLE = (
    ("approve", "Approve checked settlements; a large one takes two, and the last one charges the ledger."),
    ("cancel", "Give up drafts or returned settlements; their days can be settled again."),
    ("check", "Note that submitted settlements are right; somebody else than who submitted them."),
    ("flow", "Show which states a settlement can have, and what leads from one to another."),
    ("line", "Change the lines of a draft; computed deductions are reckoned anew."),
    ("new", "Make a settlement: its lines, and the deductions that the period's figures take off."),
    ("owed", "List approved settlements that are not paid in full, by age."),
    ("pay", "Note the payment of approved settlements, in the ledger as well."),
    ("print", "Print settlements on sheets of paper: Markdown, or a page or document with -o html or docx."),
    ("return", "Send settlements back to who prepared them, and say why."),
    ("revise", "Take up returned settlements again: they are drafts, and are signed anew."),
    ("show", "Show the lines of settlements and their total; -o html makes the sheet to be signed."),
    ("submit", "Hand in drafts; from then on their amounts stay as they are."),
)
_MATTER = (
    ("blocked", "List steps of open matters that cannot be taken, and what they wait for."),
    ("cancel", "Give matters up, and say why."),
    ("course", "Show every step of matters: done, ready, or waiting for what, and by when."),
    ("open", "Open a matter: a procedure for a project or a sale."),
    ("overdue", "List steps of open matters that should be done by now, the latest first."),
    ("procedures", "List the procedures that matters can have, with their steps."),
    ("receive", "Note that documents of a matter have come in."),
    ("step", "Note that a step of a matter was taken; one whose prerequisite is missing is refused."),
)
_SALE = (
    ("flow", "Show which states a sale can have, and what leads from one to another."),
    ("move", "Move sales along: subscribe, down-payment, exchange, file, mortgage, loan, move-in, title …"),
    (
        "reconcile",
        "Compare rooms and prices of the ledger with an export, or of two files, and name what differs.",
    ),
    ("remind", "Note that the reminders which are due today were sent, so that they are not sent twice."),
    ("reminders", "List sales that stand still, and whom to remind; -o html makes the sheets and letters."),
    ("returned", "List the rooms that were returned this week, or in a period."),
    ("special", "Note that a form of special approval was issued for sales, or recovered."),
    ("track", "Show what happened to sales, step by step."),
)
_REDUCTION = (
    ("check", "Note that reductions agree with their papers; somebody else than who registered them."),
    ("confirm", "Confirm reductions that somebody else checked."),
    ("file", "Note where the papers of reductions are filed."),
    ("flow", "Show which states a reduction can have, and what leads from one to another."),
    ("pass", "Note that confirmed reductions were passed on, and to whom."),
    ("refuse", "Refuse reductions, and say why."),
)
_PLACES = "cskit_property.commands"
_RESERVED = {
    "print": "print_",
    "return": "return_",
    "open": "open_",
    "procedures": "procedures_",
    "reminders": "reminders_",
    "pass": "pass_",
}


def _commands(noun: str, place: str, verbs: tuple[tuple[str, str], ...]) -> tuple[Command, ...]:
    return tuple(
        Command(f"property {noun} {verb}", said, f"{_PLACES}.{place}:{_RESERVED.get(verb, verb)}")
        for verb, said in verbs
    )


COMMANDS: tuple[Command, ...] = (
    *_commands("settle", "settlements", _SETTLE),
    *_commands("reduction", "reductions", _REDUCTION),
    *_commands("matter", "matters", _MATTER),
    *_commands("sale", "sales", _SALE),
    Command(
        "property mapping-fee",
        "Compute what the mapping of a project costs.",
        f"{_PLACES}.calculators:mapping_fee",
    ),
    Command(
        "property taxes",
        "Compute the taxes and fees of a room, by the table that the company sets.",
        f"{_PLACES}.calculators:taxes",
    ),
)
RECORD_TYPES: tuple[RecordType, ...] = (
    RecordType(
        command="property settle",
        table="property_settlements",
        model="cskit_property.settlements.moneymodel:Settlement",
        number="ST-{:05d}",
        singular="settlement",
        plural="settlements",
        zh="结算单",
        title="item",
        columns=("id", "project", "item", "first", "last", "total", "state", "paid", "due"),
        verbs=("list", "export", "count", "schema"),
    ),
    RecordType(
        command="property matter",
        table="property_matters",
        model="cskit_property.matters.mattermodel:Matter",
        number="MT-{:05d}",
        singular="matter",
        plural="matters",
        zh="办理事项",
        title="title",
        columns=("id", "procedure", "title", "project", "sale", "state", "opened", "ended", "handler"),
        verbs=("list", "show", "set", "export", "count", "schema"),
    ),
    RecordType(
        command="property sale",
        table="property_sales",
        model="cskit_property.sales.salemodel:Sale",
        number="PS-{:05d}",
        singular="sale",
        plural="sales",
        zh="销售合同",
        title="room",
        columns=("id", "project", "room", "customer", "price", "payment", "state", "since", "contract"),
        verbs=("add", "list", "show", "set", "remove", "import", "export", "count", "schema"),
        prepare="cskit_property.sales.sales:prepare",
    ),
    RecordType(
        command="property reduction",
        table="property_reductions",
        model="cskit_property.settlements.moneymodel:Reduction",
        number="FR-{:05d}",
        singular="reduction",
        plural="reductions",
        zh="物业费减免",
        title="content",
        columns=("id", "project", "customer", "room", "kind", "content", "amount", "state"),
        verbs=("add", "list", "show", "set", "remove", "import", "export", "count", "schema"),
        prepare="cskit_property.settlements.reductions:prepare",
    ),
)
RULE_KINDS: tuple[RuleKind, ...] = (
    RuleKind(
        "property-settlements",
        "cskit_property.settlements.settling:Policy",
        "Who approves settlements, when they are to be paid, and how what is owed is cut by age.",
    ),
    RuleKind(
        "property-deductions",
        "cskit_property.settlements.deductions:Table",
        "What check scores and satisfaction take off a property company's fee.",
    ),
    RuleKind(
        "property-procedures",
        "cskit_property.matters.procedures:Procedure",
        "What steps a matter takes, which before which, with which documents, in how many days.",
    ),
    RuleKind(
        "property-fees",
        "cskit_property.sales.calculators:Fees",
        "What mapping costs, and the taxes of a room.",
    ),
    RuleKind(
        "property-reminders",
        "cskit_property.sales.reminders:Reminder",
        "Which sales should have gone on within how many days, and what is written to whom.",
    ),
)
ACTIONS: tuple[ActionSpec, ...] = ()
