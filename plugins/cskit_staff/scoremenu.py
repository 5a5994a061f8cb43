"""What the plugin declares of schemes, score cards, reviews and pay. Imports hook names only."""

from __future__ import annotations

from cskit import ActionSpec, Command, RecordType, RuleKind

_AT = "cskit_staff.commands"
COMMANDS: tuple[Command, ...] = (
    Command(
        "staff score",
        "Score a month: a card for everybody whose position has a scheme.",
        f"{_AT}.scores:score",
        computes=True,
    ),
    Command("staff card", "Show a person's score card of a month, line by line.", f"{_AT}.scores:card"),
    Command("staff facts", "Show what the records say of a person's month.", f"{_AT}.scores:facts"),
    Command("staff trend", "Show how a person's score went, month by month.", f"{_AT}.standing:trend"),
    Command("staff rank", "Rank people by their scores, in all or by group.", f"{_AT}.standing:rank"),
    Command("staff confirm", "Confirm score cards or reviews, as a second person.", f"{_AT}.reviews:confirm"),
    Command(
        "staff review",
        "Propose what a quarter's scores make of ranks.",
        f"{_AT}.reviews:review",
        computes=True,
    ),
    Command("staff apply", "Put confirmed reviews into effect: rank, state and pay.", f"{_AT}.reviews:apply"),
    Command("staff pay", "Reckon what everybody is paid for a month.", f"{_AT}.pay:pay"),
)
RECORD_TYPES: tuple[RecordType, ...] = (
    RecordType(
        command="staff scorecard",
        table="staff_cards",
        model="cskit_staff.scores.assessment:ScoreCard",
        number="SC-{:06d}",
        singular="score card",
        plural="score cards",
        zh="考核表",
        title="staff",
        columns=("id", "month", "staff", "scheme", "total", "state", "missing"),
        verbs=("list", "show", "export", "count", "schema"),
    ),
    RecordType(
        command="staff appraisal",
        table="staff_reviews",
        model="cskit_staff.scores.assessment:Review",
        number="RV-{:06d}",
        singular="review",
        plural="reviews",
        zh="季度评定",
        title="staff",
        columns=("id", "period", "staff", "mean", "proposal", "rank_before", "rank_after", "state"),
        verbs=("list", "show", "export", "count", "schema"),
    ),
)
RULE_KINDS: tuple[RuleKind, ...] = (
    RuleKind(
        "kpi-schemes",
        "cskit_staff.scores.schemes:Scheme",
        "Which figures make a month's score, with which weight.",
    ),
    RuleKind(
        "ladders", "cskit_staff.people.ladders:Ladder", "Which ranks a position has, and what each is paid."
    ),
    RuleKind(
        "review-rules", "cskit_staff.reviews.bands:Bands", "What a quarter's mean score makes of a rank."
    ),
    RuleKind("pay-rules", "cskit_staff.pay.payrules:PayRules", "What a month is paid, by rank and score."),
    RuleKind(
        "sales-pay", "cskit_staff.pay.payrules:SalesPay", "What sales staff gain or lose by their targets."
    ),
)
ACTIONS: tuple[ActionSpec, ...] = ()
