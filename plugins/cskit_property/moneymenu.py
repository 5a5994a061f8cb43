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
    ("print", "Print settlements on sheets of paper: HTML, or Markdown with -o md."),
    ("return", "Send settlements back to who prepared them, and say why."),
    ("revise", "Take up returned settlements again: they are drafts, and are signed anew."),
    ("show", "Show the lines of settlements and their total; -o html makes the sheet to be signed."),
    ("submit", "Hand in drafts; from then on their amounts stay as they are."),
)
_PLACES = "cskit_property.commands"
_RESERVED = {"print": "print_", "return": "return_"}


def _commands(noun: str, place: str, verbs: tuple[tuple[str, str], ...]) -> tuple[Command, ...]:
    return tuple(
        Command(f"property {noun} {verb}", said, f"{_PLACES}.{place}:{_RESERVED.get(verb, verb)}")
        for verb, said in verbs
    )


COMMANDS: tuple[Command, ...] = (*_commands("settle", "settlements", _SETTLE),)
RECORD_TYPES: tuple[RecordType, ...] = (
    RecordType(
        command="property settle",
        table="property_settlements",
        model="cskit_property.moneymodel:Settlement",
        number="ST-{:05d}",
        singular="settlement",
        plural="settlements",
        zh="结算单",
        title="item",
        columns=("id", "project", "item", "first", "last", "total", "state", "paid", "due"),
        verbs=("list", "set", "export", "count", "schema"),
    ),
)
RULE_KINDS: tuple[RuleKind, ...] = (
    RuleKind(
        "property-settlements",
        "cskit_property.settling:Policy",
        "Who approves settlements, when they are to be paid, and how what is owed is cut by age.",
    ),
    RuleKind(
        "property-deductions",
        "cskit_property.deductions:Table",
        "What check scores and satisfaction take off a property company's fee.",
    ),
)
ACTIONS: tuple[ActionSpec, ...] = ()
