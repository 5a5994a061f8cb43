"""What can be done about shifts and scores, declared. Imports hook names only."""

from __future__ import annotations

from cskit import Command, RecordType, RuleKind

COMMANDS: tuple[Command, ...] = ()
RECORD_TYPES: tuple[RecordType, ...] = ()
RULE_KINDS: tuple[RuleKind, ...] = ()
