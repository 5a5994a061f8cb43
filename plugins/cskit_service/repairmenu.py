"""What can be done about requests, work orders, repairs, parts and deliveries, declared.

Imports hook names only.
"""

from __future__ import annotations

from cskit import ActionSpec, Command, RecordType, RuleKind

COMMANDS: tuple[Command, ...] = ()
RECORD_TYPES: tuple[RecordType, ...] = ()
RULE_KINDS: tuple[RuleKind, ...] = ()
ACTIONS: tuple[ActionSpec, ...] = ()
