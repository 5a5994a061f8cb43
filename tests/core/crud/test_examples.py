"""Examples in the help of record commands can be typed; that they run, test_conventions.py shows."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

import pytest

from cskit import Record, field
from cskit.crud.examples import example
from cskit.declarations import RecordType


class Lamp(Record, kw_only=True, frozen=True):
    """What every kind of field is needed of."""

    name: Annotated[str, field("Name", "名称")]
    at: Annotated[str, field("At", "客户", ref="customers")]
    made_on: Annotated[dt.date, field("Made on", "日期")]
    watts: Annotated[Decimal, field("Watts", "瓦")]
    maker: Annotated[str, field("Maker", "厂家")]
    colour: Annotated[Literal["red", "blue"], field("Colour", "颜色")] = "red"


class Note(Record, kw_only=True, frozen=True):
    """Nothing but a text."""

    text: Annotated[str, field("Text", "正文")]


def kind(**changes: object) -> RecordType:
    given = {
        "command": "acme lamp",
        "table": "acme_lamps",
        "model": "x:y",
        "number": "L-{:03d}",
        "singular": "street lamp",
        "plural": "street lamps",
        "zh": "灯",
        "title": "name",
        "columns": ("id", "name", "watts", "colour"),
    }
    return RecordType(**{**given, **changes})  # type: ignore[arg-type]


LAMP, NOTE = kind(), kind(title="text", columns=("id", "text"))
CUSTOMER = kind(table="customers", number="C-{:06d}")


@pytest.mark.parametrize(
    ("record_type", "model", "verb", "line"),
    [
        (
            LAMP,
            Lamp,
            "add",
            "add 'New street lamp' --at C-000001 --made-on 2026-11-22 --watts 1.50 --maker …",
        ),
        (LAMP, Lamp, "set", "set L-001 colour=red"),
        (kind(title="at"), Lamp, "add", "add C-000001 --name … --made-on 2026-11-22 --watts 1.50 --maker …"),
        (NOTE, Note, "add", "add 'New street lamp'"),
        (NOTE, Note, "set", "set L-001 'text=New name'"),
        (LAMP, Lamp, "show", "show L-001"),
        (LAMP, Lamp, "merge", "merge L-001 L-002 --yes"),
        (LAMP, Lamp, "export", "export --out street-lamps.csv"),
    ],
)
def test_examples(record_type: RecordType, model: type[Record], verb: str, line: str) -> None:
    """The first numbers of the record type, values its fields take, … where only people know one."""
    types = {"customers": CUSTOMER, "acme_lamps": record_type}
    assert example(record_type, verb, lambda: model, types) == f"cskit acme lamp {line}"
