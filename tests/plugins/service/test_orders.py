"""Service orders and invoices: sums to the fen, answers, numbers that never recur."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cskit import Usage, amounts
from cskit_service.notices import orders
from tests.plugins.service.conftest import Run, worked

Stored = Callable[..., Any]
NOTICE = "notice add 锁坏 --type Z1 --payment paid --demand chargeable --customer C-000001"


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("上门费=80", "80.00"),
        ("换锁=2*35.50", "71.00"),
        ("换锁=2×35.505", "71.01"),
        ("半小时=0.5*0.25", "0.13"),
        ("a=b=3", "3.00"),
        ("免费=0", "0.00"),
    ],
)
def test_lines_are_read(text: str, amount: str) -> None:
    """Quantity × price, half up to the fen; the last = parts text and sum."""
    (line,) = orders.lines([text])
    assert line.amount == Decimal(amount)


@pytest.mark.parametrize("text", ["80", "=80", "x=", "x=-1", "x=1*", "x=0*5", "x=nan", "x=1e30", "x=1*2*3"])
def test_what_is_no_line(text: str) -> None:
    """All that are none are named at once."""
    with pytest.raises(Usage, match="expected TEXT=PRICE"):
        orders.lines(["ok=1", text])


_PRICES = st.decimals(min_value=0, max_value=10**6, places=3)
_QUANTITIES = st.decimals(min_value="0.001", max_value=10**4, places=3)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(_QUANTITIES, _PRICES), min_size=1, max_size=8))
def test_a_total_is_the_sum_of_its_lines(pairs: list[tuple[Decimal, Decimal]]) -> None:
    """Exactly, in whole fen, and never further from the exact product than half a fen a line."""
    made = orders.lines([f"x={quantity}*{price}" for quantity, price in pairs])
    total = amounts.total(line.amount for line in made)
    assert total == sum((line.amount for line in made), Decimal(0))
    assert total == total.quantize(amounts.FEN)
    exact = sum((quantity * price for quantity, price in pairs), Decimal(0))
    assert abs(total - exact) <= Decimal("0.005") * len(pairs)


@pytest.fixture
def quoted(service: Run) -> Run:
    """Return a `run` with a notice that was surveyed and quoted."""
    for line in (NOTICE, "notice site-survey SN-000001", "notice quote SN-000001 --line 上门费=80"):
        worked(service(line))
    return service


def test_a_new_quotation_takes_the_place_of_the_last(quoted: Run, stored: Stored) -> None:
    """The earlier order says that it was replaced; the customer answers the later one."""
    worked(quoted("notice quote SN-000001 --line 上门费=60 --valid-until 2026-10-25"))
    worked(quoted("notice agree SN-000001"))
    assert stored("service-order", "ZFFW-00001")["state"] == "replaced"
    order = stored("service-order", "ZFFW-00002")
    assert (order["state"], order["total"], order["valid_until"]) == ("agreed", 60, "2026-10-25")
    assert (order["decided_on"], order["noted_by"]) == ("2026-10-20", "S-001")


def test_a_declined_quotation_ends_the_notice(quoted: Run, stored: Stored) -> None:
    """Or another one is made; an invoice is never made of it."""
    worked(quoted("notice decline SN-000001 --reason 太贵"))
    assert stored("service-order", "ZFFW-00001")["why"] == "太贵"
    assert quoted("notice invoice SN-000001").exit_code == 1
    worked(quoted("notice close SN-000001"))
    assert stored("notice", "SN-000001")["outcome"] == "declined"
    worked(quoted("undo --yes"))
    worked(quoted("notice quote SN-000001 --line 上门费=50"))


def test_many_at_once(service: Run) -> None:
    """A step on several notices is one change."""
    rows = "description,type,payment,demand,customer\n" + "锁坏,Z1,paid,chargeable,KH7\n" * 30
    worked(service("notice import -", input=rows))
    for step in ("site-survey", "quote --line 上门费=80", "agree", "perform", "sign-off --by 王", "invoice"):
        verb, _space, rest = step.partition(" ")
        worked(service(f"notice {verb} --where 'type == \"Z1\"' {rest}"))
    assert worked(service("service-invoice count")) == "30\n"
    assert worked(service("service-order count --by state -o jsonl")) == '{"state":"agreed","count":30}\n'


def test_without_a_ledger_the_invoice_is_made_all_the_same(quoted: Run) -> None:
    """And it is said that nothing was charged."""
    for line in ("agree", "perform", "sign-off --by 王"):
        worked(quoted(f"notice {line.partition(' ')[0]} SN-000001 {line.partition(' ')[2]}"))
    done = quoted("notice invoice SN-000001", plugins={"service": "cskit_service"})
    assert done.exit_code == 0, done.stderr
    assert "no ledger was charged: no plugin gives ledger.charge" in done.stderr


def test_an_order_cannot_be_changed_by_hand(quoted: Run) -> None:
    """Its lines, its total and its state are the flow's; a remark may stand on it."""
    assert "is kept by `notice quote" in quoted("service-order set ZFFW-00001 total=1").stderr
    worked(quoted("service-order set ZFFW-00001 note=电话确认"))
