"""Command lines shown again by a batch: nobody's personal data is in them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from cskit.testing import Result, department

Run = Callable[..., Result]


@pytest.fixture
def office(tmp_path: Path) -> Run:
    """Return a `run` for a department with one customer."""
    return department(tmp_path / "data", "customer add 海风贸易 --region 华东")


def batch(office: Run, line: str, options: str = "") -> Result:
    """Run a line as a batch that is piped in."""
    return office(f"batch - {options}", input=f"{line}\n")


ECHOED = {
    "option": (
        "customer add 甲 --phone 13812340577 --kind z",
        "customer add 甲 --phone 138****0577 --kind z",
    ),
    "option=": ("customer add 甲 --phone=13812340577 --fun", "customer add 甲 --phone=138****0577 --fun"),
    "mistyped": ("customer add 甲 --phnoe 13812340577", "customer add 甲 --phnoe ***"),
    "mistyped=": ("customer add 甲 --phnoe=13812340577", "customer add 甲 --phnoe=***"),
    "short": ("customer add 甲 -13812340577", "customer add 甲 ***"),
    "assigned": ("customer set C-9 phone=13812340577", "customer set C-9 phone=138****0577"),
    "title": ("customer set C-9 电话=13812340577", "customer set C-9 电话=138****0577"),
    "no-field": ("customer set C-9 phnoe=13812340577", "customer set C-9 phnoe=***"),
    "list": ("customer set C-9 phone+=13812340577", "customer set C-9 phone+=138****0577"),
    "shown": ("customer set C-9 region=华东 owner=", "customer set C-9 region=华东 owner="),
    "words": ("customer set C-9 phone 13812340577", "customer set C-9 phone ***"),
    "more-words": ("customer add 甲 --phone 138 1234 0577", "customer add 甲 --phone *** *** ***"),
    "name": ("customer close 张小满", "customer close ***"),
    "number": ("customer show 13812340577", "customer show ***"),
    "mail": ("customer show zhang@example.com", "customer show ***"),
    "where": ("customer list --where 'phone == \"138123405\" and'", "customer list --where ***"),
    "where-title": ("customer list --where '电话 == \"138123405\" and'", "customer list --where ***"),
    "where-shown": ("customer list --where 'region ='", "customer list --where 'region ='"),
    "set": (
        "customer import 客户.xlsx --set phone=138123405",
        "customer import 客户.xlsx --set phone=13****405",
    ),
    "map": ("customer import 客户.xlsx --map 客户=name", "customer import 客户.xlsx --map 客户=name"),
    "no-command": ("custmer add 甲 --phone 13812340577", "custmer …"),
    "no-group": ("甲 --phone 13812340577", "*** …"),
    "quote": ("customer add '甲 --phone 13812340577", "customer add …"),
    "pipe": ("customer add 甲 --phone 13812340577 | wc", "customer add …"),
    "stdin": ("customer set - phone=13812340577", "customer set - phone=138****0577"),
    "json": ('{"cmd": ["customer", "show", "13812340577"]}', "customer show ***"),
    "json-no-list": ('{"cmd": "customer show 13812340577"}', "…"),
    "dashes": ("customer add --kind z -- 甲 13812340577", "customer add --kind z -- 甲 ***"),
    "global": ("-o json -q customer show C-9", "-o json -q customer show C-9"),
    "long": (f"customer add 甲 --kind z --note {'很' * 60}", f"customer add 甲 --kind z --note {'很' * 20}…"),
}


@pytest.mark.parametrize(("line", "echo"), ECHOED.values(), ids=ECHOED)
@pytest.mark.parametrize("options", ["", "--keep-going", "--dry-run"])
def test_a_failing_line_is_masked(office: Run, line: str, echo: str, options: str) -> None:
    """What may be somebody's data is masked in the line and in what is wrong with it, in text and in rows."""
    text = batch(office, line, options)
    assert text.exit_code != 0
    assert text.stderr.startswith(f"line 1: cskit {echo}: "), text.stderr
    rows = batch(office, line, f"{options} -o jsonl")
    assert bool(rows.stdout) == (options != "--dry-run")
    for said in (text.stderr, rows.stdout, rows.stderr):
        assert not re.search("8123405|1234 0577|张小满|zhang@", said), said


def test_rows_mask_lines_that_are_done(office: Run) -> None:
    """Also what a script reads of lines that did not fail is masked."""
    done = batch(office, "customer add 甲 --phone 13812340577", "-o jsonl")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["cmd"] == ["customer", "add", "甲", "--phone", "138****0577"]


def test_a_value_for_no_field_is_masked(office: Run) -> None:
    """What is said of a field that there is not tells no value either: it may be anything."""
    done = office("customer set C-000001 phnoe=13812340577")
    assert done.stderr.startswith("phnoe: '***': no such field; did you mean phone?\n")
