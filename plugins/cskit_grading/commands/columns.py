"""Columns that the commands of grading share."""

from __future__ import annotations

from cskit import Column, mark

CUSTOMER = Column("customer", "Customer")
SCHEME = Column("scheme", "Scheme")
GRADE = Column("grade", "Grade")
BEFORE = Column("previous", "Before")
BORDERLINE = Column("borderline", "Why borderline")
REASON = Column("reason", "Reason")
MOVE = Column(
    "move",
    "Move",
    codes=(
        mark("new"),
        mark("up"),
        mark("down"),
        mark("changed"),
        mark("ungraded"),
        mark("borderline"),
        mark("kept"),
        mark("unchanged"),
    ),
)
BY = Column("decided_by", "Decided by", codes=(mark("rule"), mark("override")))
REVIEW = Column("review", "Review", codes=(mark("pending"), mark("signed")))
