"""Columns of what scored calls come to. Must not import click or a store."""

from cskit import Column
from cskit.i18n import mark
from cskit.records.masks import Mask

JUDGED = {
    "few": mark("too few months"),
    "above": mark("better than chance"),
    "below": mark("worse than chance"),
    "rise": mark("better for long"),
    "fall": mark("worse for long"),
    "steady": mark("no sign of a change"),
}
"""What people see of the judgement of a month."""

AGENTS = (
    Column("id", mark("ID"), kind="name"),
    Column("name", mark("Name")),
    Column("calls", mark("Calls"), "right", "integer"),
    Column("score", mark("Score"), "right", "decimal", Mask()),
    Column("critical", mark("Critical %"), "right", "decimal", Mask()),
    Column("other", mark("Other %"), "right", "decimal", Mask()),
    Column("few", mark("Few"), kind="boolean"),
)
"""Scores by agent: each is that person's, and masked."""
FIGURES = (
    Column("title", mark("Figure")),
    Column("value", mark("Value"), "right", "decimal"),
    Column("unit", mark("Unit")),
    Column("n", mark("Calls or sheets"), "right", "integer"),
    Column("figure", mark("Code"), kind="name"),
    Column("definition", mark("Definition")),
)
ITEMS = (
    Column("item", mark("Sheet item"), kind="name"),
    Column("text", mark("What is listened for")),
    Column("critical", mark("Critical"), kind="boolean"),
    Column("n", mark("Calls"), "right", "integer"),
    Column("right", mark("Met %"), "right", "decimal"),
    Column("points", mark("Points %"), "right", "decimal"),
)
MONTHS = (
    Column("month", mark("Month")),
    Column("calls", mark("Calls"), "right", "integer"),
    Column("score", mark("Score"), "right", "decimal"),
    Column("critical", mark("Critical %"), "right", "decimal"),
    Column("low", mark("Lower limit"), "right", "decimal"),
    Column("high", mark("Upper limit"), "right", "decimal"),
    Column("judgement", mark("Judgement")),
)
SCORERS = (
    Column("id", mark("ID"), kind="name"),
    Column("name", mark("Name")),
    Column("scored", mark("Scored"), "right", "integer"),
    Column("shared", mark("Together"), "right", "integer"),
    Column("drift", mark("Drift"), "right", "decimal", Mask()),
    Column(
        "judgement", mark("Judgement"), mask=Mask(), codes=(mark("fair"), mark("lenient"), mark("strict"))
    ),
)
MEASURES = (
    Column("id", mark("ID"), kind="name"),
    Column("what", mark("Measure")),
    Column("item", mark("Sheet item"), kind="name"),
    Column("staff", mark("Agent"), kind="name"),
    Column("state", mark("State"), codes=(mark("open"), mark("done"))),
    Column("due", mark("Due"), kind="date"),
    Column("before", mark("Before"), "right", "decimal"),
    Column("after", mark("After"), "right", "decimal"),
)
AGREEMENT = (
    Column("scorers", mark("Scorers")),
    Column("calls", mark("Calls"), "right", "integer"),
    Column("within", mark("Agree %"), "right", "decimal"),
    Column("kappa", mark("Kappa"), "right", "decimal"),
    Column("linear", mark("Linear"), "right", "decimal"),
    Column("quadratic", mark("Quadratic"), "right", "decimal"),
    Column("alpha", mark("Alpha"), "right", "decimal"),
)
AGREED_ITEMS = (
    Column("item", mark("Sheet item"), kind="name"),
    Column("text", mark("What is listened for")),
    Column("calls", mark("Calls"), "right", "integer"),
    Column("same", mark("Same %"), "right", "decimal"),
    Column("alpha", mark("Alpha"), "right", "decimal"),
)
DONE = (MEASURES[0], MEASURES[1], MEASURES[4])
