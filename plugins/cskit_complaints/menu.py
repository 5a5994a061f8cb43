"""What can be done with cases, declared: the desk's verbs, and what measures them.

Imports hook names only.
"""

from __future__ import annotations

from cskit import ActionSpec, Command, RuleKind

DESK = tuple(
    Command(f"case {verb}", said, f"cskit_complaints.commands.{place}")
    for verb, said, place in (
        ("assign", "Pass cases to a department, with a deadline.", "desk:assign"),
        ("return", "Send cases back from the department they were passed to.", "desk:return_"),
        ("start", "Begin to handle cases.", "desk:start"),
        (
            "pause",
            "Let cases wait for the customer or somebody else, and say until when.",
            "desk:pause",
        ),
        ("resume", "Go on with cases that waited, where they were.", "desk:resume"),
        ("resolve", "Note that cases are dealt with, and how.", "desk:resolve"),
        ("reply", "Note what the customers of cases were answered.", "desk:reply"),
        ("close", "Close cases that were replied to, and schedule the follow-up.", "desk:close"),
        ("reopen", "Take up again cases that were resolved, replied to or closed.", "desk:reopen"),
        ("reject", "Do not take cases up, say why, and what the customer was told.", "desk:reject"),
        ("chase", "Note that the customers of cases asked again.", "notes:chase"),
        ("escalate", "Raise cases to the next level, such as the supervisor's.", "notes:escalate"),
        ("supervise", "Put cases under somebody's eye.", "notes:supervise"),
        ("comment", "Note something on cases, or which files belong to them.", "notes:comment"),
        ("link", "Link cases to another one, and that one to them.", "notes:link"),
        ("promise", "Note what the customers of cases were promised, and by when.", "promises:promise"),
        ("keep", "Note that a promise was kept.", "promises:keep"),
        ("extend", "Ask for a later deadline, which somebody else has to approve.", "promises:extend"),
        (
            "approve",
            "Approve an extension or compensation that somebody else asked for.",
            "promises:approve",
        ),
        ("compensate", "Propose compensation, which others have to approve.", "money:compensate"),
        ("pay", "Note that approved compensation was paid.", "money:pay"),
        (
            "crisis",
            "Show the checklist of a crisis, tick off steps, write the review memo.",
            "crisis:crisis",
        ),
        (
            "flow",
            "Show which states a case can have, and what leads from one to another.",
            "looking:flow",
        ),
        ("categories", "List the categories that cases can have.", "looking:categories"),
        (
            "track",
            "Show the course of cases: what happened, what was promised, what is still to come.",
            "looking:track",
        ),
    )
)
MEASURES = (
    Command(
        "case sla", "Show the clocks of cases, and explain them.", "cskit_complaints.commands.clocks:sla"
    ),
    Command(
        "case overdue",
        "List open cases with a promise that is missed and still to be met.",
        "cskit_complaints.commands.clocks:overdue",
    ),
    Command(
        "case import-events",
        "Take over the history of another system: cases rebuilt from its event log.",
        "cskit_complaints.commands.histories:import_events",
    ),
    Command(
        "case stats",
        "Show figures about cases: how many, on time, hours to the answer, reopened, repeated, satisfied.",
        "cskit_complaints.commands.figures:stats",
    ),
    Command(
        "case pareto",
        "Rank what most cases are about, with cumulative shares and classes A, B and C.",
        "cskit_complaints.commands.figures:pareto",
    ),
    Command(
        "case trend",
        "Draw how a figure changes from period to period.",
        "cskit_complaints.commands.figures:trend",
    ),
    Command(
        "case monthly",
        "Make the monthly sheet in four parts: property, service, planning, and what is urgent next month.",
        "cskit_complaints.commands.figures:monthly_",
    ),
    Command(
        "case repeat",
        "List customers who complained of one thing again within the days that count.",
        "cskit_complaints.commands.figures:repeat",
    ),
    Command(
        "case summary",
        "Sum up cases for others: technical problems and suggestions for development.",
        "cskit_complaints.commands.figures:summary",
    ),
    Command(
        "case audit pauses",
        "Show how much of the cases' time is paused, by whom and why, and which pauses look odd.",
        "cskit_complaints.commands.audits:pauses",
    ),
    Command(
        "case audit handovers",
        "Show who passes cases on to whom, and how often they come back to where they had been.",
        "cskit_complaints.commands.audits:handovers",
    ),
    Command(
        "case audit reopened",
        "Show whose cases come back, how soon, and how often.",
        "cskit_complaints.commands.audits:reopened",
    ),
)
RULE_KINDS = (
    RuleKind(
        "case-policies",
        "cskit_complaints.policy:Policy",
        "How severe cases are, who closes them, who approves compensation, what a crisis takes.",
    ),
    RuleKind(
        "category-trees",
        "cskit_complaints.categories:TreeFile",
        "What cases can be about, and in which part of the monthly sheet they count.",
    ),
    RuleKind(
        "sla-policies",
        "cskit_complaints.sla_policies:SlaPolicy",
        "What is promised for which case, and by which working time.",
    ),
    RuleKind(
        "case-figures",
        "cskit_complaints.measured:FigureRules",
        "What figures about cases count, and what is summarised for whom.",
    ),
)
ACTIONS = (
    ActionSpec(
        name="case.open",
        meaning="Register a case and return its number.",
        target="cskit_complaints.actions:open_case",
        arguments={
            "content": "what the customer says",
            "kind": "complaint, enquiry, repair …; a complaint if not given",
            "category": "a category by code, path or title",
            "customer": "the customer's id",
            "channel": "how it came in",
            "complainant": "who says it",
            "phone": "where they can be reached",
            "unit": "the id of the room or product it is about",
            "product": "the product it is about",
            "order": "the order it is about",
            "demand": "what the customer asks for",
            "received_at": "when it came in; now if not given",
            "key": "the code another system knows it by",
            "note": "anything else",
        },
    ),
    ActionSpec(
        name="case.comment",
        meaning="Note something on a case.",
        target="cskit_complaints.actions:comment",
        arguments={
            "case": "the case's number",
            "text": "what is to be noted",
            "contact": "whether the customer was spoken to",
        },
    ),
)
