"""Record types: what a record's fields are called, hold and accept. Must not import click or a store."""

from cskit.records.checks import build, unknown_name
from cskit.records.declared import Field, Part, R, Record, field, fields, is_struct
from cskit.records.texts import parse, parse_day, parse_pairs, parse_time

__all__ = [
    "Field",
    "Part",
    "R",
    "Record",
    "build",
    "field",
    "fields",
    "is_struct",
    "parse",
    "parse_day",
    "parse_pairs",
    "parse_time",
    "unknown_name",
]
