"""The store room: movements, never below zero, counted; its stock is always the sum of its movements."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cskit import Refused
from cskit.app import App
from cskit.stored import decoder
from cskit.terminal.options import Options
from cskit.testing import Result
from cskit_service.stock import stock
from cskit_service.stock.model import MOVEMENTS, PARTS, Movement, SparePart
from cskit_service.stock.stock import Wanted
from tests.plugins.service.conftest import worked

Run = Callable[..., Result]
D = Decimal


@pytest.fixture
def room(service: Run) -> Run:
    """Return a `run` for a department with ten seals and three filters in stock."""
    worked(service("part add 密封圈 --key MF --minimum 4"))
    worked(service("part add 滤芯 --key LX"))
    worked(service("part receive MF=10 LX=3 --reason 采购"))
    return service


def test_the_last_one_and_one_more(room: Run) -> None:
    """Stock goes down to zero; one more is refused, and of several parts all that are short are named."""
    worked(room("part issue MF=10 --job DP-1"))
    done = room("part issue MF LX=4 --job DP-1")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        "cskit: SP-0001 (密封圈): 0 in stock, 1 wanted\n"
        "SP-0002 (滤芯): 3 in stock, 4 wanted\n"
        "`cskit part receive` puts parts into stock\n"
    )
    low = room("part low --fields id,stock,minimum,missing -o csv")
    assert worked(low) == "id,stock,minimum,missing\nSP-0001,0,4,4\n"


def test_a_part_named_twice_counts_together(room: Run) -> None:
    """The same part by id and by key is one, so together they cannot be more than there is."""
    done = room("part issue MF=6 SP-0001=5 --job DP-1")
    assert (done.exit_code, done.stderr.splitlines()[0]) == (
        1,
        "cskit: SP-0001 (密封圈): 10 in stock, 11 wanted",
    )


def test_what_a_job_did_not_need_comes_back(room: Run) -> None:
    """No more comes back than went to the job."""
    worked(room("part issue MF=3 --job DP-1"))
    assert "1" in worked(room("part return MF --job DP-1"))
    done = room("part return MF=3 --job DP-1")
    assert done.stderr == (
        "cskit: SP-0001: 3 cannot come back, 2 went to DP-1\n`cskit part movement list` shows what went out\n"
    )


def test_what_is_counted_is_booked_with_its_reason(room: Run) -> None:
    """Only a difference is a movement, and it needs a reason."""
    assert room("part stocktake MF=10").exit_code == 2
    done = room("part stocktake MF=8 LX=3 --reason 十月盘点 -o jsonl --fields part,kind,quantity,balance")
    assert json.loads(worked(done)) == {"part": "SP-0001", "kind": "count", "quantity": -2, "balance": 8}
    assert room("part stocktake MF=8 --reason 再盘").stderr.endswith("0 movements booked; nothing to save\n")
    kept = json.loads(worked(room("part movement show SM-000003 -o json")))
    assert kept["why"] == "十月盘点"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("part receive MF=x", "cskit: 'x' is no quantity\nsuch as 2 or 0.5\n"),
        ("part receive MF=0", "cskit: 'MF=0': expected a part and how many\nsuch as SP-0001=2\n"),
        ("part receive MF=-1", "cskit: '-1' is no quantity\nsuch as 2 or 0.5\n"),
        (
            "part stocktake MF --reason x",
            "cskit: 'MF': expected a part and what was counted of it\nsuch as SP-0001=18\n",
        ),
    ],
)
def test_what_is_no_quantity(room: Run, line: str, said: str) -> None:
    """A quantity is a number above zero; a count may be zero."""
    done = room(line)
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", said)


def test_only_movements_change_a_stock(room: Run) -> None:
    """A file cannot change it; a new part that comes with a stock has it as its first movement."""
    done = room("part import -", input="id,stock\nSP-0001,99\n")
    assert (done.exit_code, done.stderr.splitlines()[0]) == (
        5,
        "line 2, stock: '99': is kept by `part receive, issue, return, stocktake`; use that command",
    )
    worked(room("part import -", input="name,stock\n垫片,7\n"))
    found = json.loads(worked(room("part movement list --where 'part == \"SP-0003\"' -o json")))
    assert [(one["kind"], one["quantity"]) for one in found] == [("opening", 7)]
    assert room("part set SP-0001 stock=5").exit_code == 5
    assert room("part import -", input="name,stock\n垫片,-1\n").exit_code == 5


def test_an_undo_takes_the_movement_back_as_well(room: Run) -> None:
    """Both go in one step, and a part that was moved is not removed."""
    worked(room("part issue MF=2 --job DP-1"))
    worked(room("undo --yes"))
    assert json.loads(worked(room("part show MF -o json")))["stock"] == 10
    assert worked(room("part movement count")).split()[-1] == "2"
    assert room("part remove MF --yes").exit_code == 1


ACTS = st.lists(
    st.tuples(st.sampled_from(["receive", "issue", "take_back", "count"]), st.integers(1, 6)), max_size=12
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_the_stock_is_the_sum_of_its_movements(tmp_path_factory: Any, acts: list[tuple[str, int]]) -> None:
    """Whatever is done: never below zero, each balance is the sum so far, numbers without gaps."""
    app = App(Options(data=str(tmp_path_factory.mktemp("stock") / "data")))
    with app.transaction() as tx:
        part = stock.register.create(app, tx, app.record_type(PARTS), {"name": "密封圈"}).id
        for act, quantity in acts:
            wanted = [Wanted(part, D(quantity))]
            try:
                if act == "receive":
                    stock.receive(app, tx, wanted)
                elif act == "count":
                    stock.count(app, tx, wanted, why="x")
                else:
                    getattr(stock, act)(app, tx, wanted, job="DP-1")
            except Refused:
                continue
        (held,) = map(decoder(PARTS, SparePart), tx.read(PARTS))
        moved = list(map(decoder(MOVEMENTS, Movement), tx.read(MOVEMENTS)))
    total = D(0)
    for number, one in enumerate(moved, 1):
        total += one.quantity
        assert (one.id, one.balance) == (f"SM-{number:06d}", total)
        assert total >= 0
    assert held.stock == total
