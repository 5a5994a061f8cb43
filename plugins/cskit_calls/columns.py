"""Columns that a command and the report both have. Must not import click or a store."""

from cskit import Column
from cskit.i18n import mark
from cskit.records.masks import Mask

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
