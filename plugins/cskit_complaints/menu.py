"""The commands that measure cases, declared: clocks, figures, audits, histories. Imports hook names only."""

from __future__ import annotations

from cskit import Command, RuleKind

CLOCKS = (
    Command(
        "case sla", "Show the clocks of cases, and explain them.", "cskit_complaints.commands.clocks:sla"
    ),
    Command(
        "case overdue",
        "List open cases with a promise that is missed and still to be met.",
        "cskit_complaints.commands.clocks:overdue",
    ),
)
RULE_KINDS = (
    RuleKind(
        "sla-policies",
        "cskit_complaints.sla_policies:SlaPolicy",
        "What is promised for which case, and by which working time.",
    ),
)
