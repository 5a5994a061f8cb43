"""What can be done about calls and visitors, declared. Imports hook names only."""

from __future__ import annotations

from cskit import Command, RecordType, RuleKind

COMMANDS: tuple[Command, ...] = ()
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
        columns=("id", "at", "direction", "queue", "staff", "customer", "purpose", "result", "promise_due"),
        verbs=("add", "list", "show", "set", "remove", "import", "export", "count", "schema"),
        dated="at",
    ),
)
RULE_KINDS: tuple[RuleKind, ...] = ()
