"""Rules as data: TOML files that plugins ship, and departments replace or change a number of.

    from cskit import rules

    checklist = rules.load(app, "acme-checklists")["service"].value

Must not import click or a store.
"""

from cskit.rules.changing import Changed
from cskit.rules.files import Fault
from cskit.rules.laying import Rule, Survey, kinds, load, survey
from cskit.rules.listing import listed, none_of, shown
from cskit.rules.shape import Label

__all__ = [
    "Changed",
    "Fault",
    "Label",
    "Rule",
    "Survey",
    "kinds",
    "listed",
    "load",
    "none_of",
    "shown",
    "survey",
]
