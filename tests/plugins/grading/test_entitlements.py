"""What follows from grades: who attends a delivery, which gift, which rights; and as an action for others."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec
import pytest

from cskit.app import App
from cskit.config.settings import Settings
from cskit.store.folder import open_store
from cskit_grading.entitlements import rotated
from cskit_grading.schemes import Right
from tests.plugins.grading.conftest import Office, rows, run

GIFTS = msgspec.convert(
    [
        {"code": "flowers", "label": {"en": "flowers", "zh": "鲜花"}},
        {"code": "pillow", "label": {"en": "pillow", "zh": "抱枕"}},
        {"code": "sticker", "label": {"en": "blessing sticker", "zh": "福贴"}},
    ],
    list[Right],
)
STORE = """
title = { en = "Store", zh = "门店" }
source = { en = "made for tests", zh = "测试用" }
[needs]
count = { fact = "orders.count", plugin = "customers" }

[[grades]]
code = "vip"
title = { en = "VIP", zh = "贵宾" }
when = "count >= 2"
[grades.service]
reminder = "store"
named_by = { en = "the CS manager", zh = "客服经理" }
attendants = [
    { code = "head", label = { en = "brand head", zh = "品牌负责人" } },
    { code = "manager", label = { en = "store manager", zh = "店长" } },
]
gifts = [
    { code = "flowers", label = { en = "flowers", zh = "鲜花" } },
    { code = "pillow", label = { en = "pillow", zh = "抱枕" } },
]
rights = [
    { code = "hotline", label = { en = "priority on the hotline", zh = "热线优先" } },
    { code = "supply", label = { en = "main brands", zh = "主销品牌" }, given = false },
]

[[grades]]
code = "standard"
title = { en = "standard", zh = "标准" }
[grades.service]
reminder = "service"
service_days = 7
served_by = { en = "the order's signer", zh = "签单人" }
"""


@pytest.mark.parametrize(
    ("given", "order"),
    [
        ({}, ["flowers", "pillow", "sticker"]),
        ({"flowers": 3}, ["pillow", "sticker", "flowers"]),
        ({"flowers": 3, "pillow": 1}, ["sticker", "pillow", "flowers"]),
        ({"flowers": 3, "pillow": 1, "sticker": 2}, ["pillow", "sticker", "flowers"]),
        ({"鲜花": 3, "blessing sticker": 4}, ["pillow", "flowers", "sticker"]),
    ],
    ids=["none", "one", "two", "all", "by-their-titles"],
)
def test_gifts_take_turns(given: dict[str, int], order: list[str]) -> None:
    """One never given goes first, then the one given longest ago."""
    days = {word: dt.date(2026, 1, day) for word, day in given.items()}
    assert [gift.code for gift, _last in rotated(GIFTS, days)] == order


@pytest.fixture
def store(office: Office, tmp_path: Path) -> Office:
    """Return an office that grades by a scheme with all that can follow, too."""
    path = tmp_path / "data/rules/grading-schemes/store.toml"
    path.write_text(STORE, encoding="utf-8")
    path.chmod(0o600)
    run(office, "2026-02-01", "--scheme store")
    return office


def test_of_the_better(store: Office) -> None:
    """Attendants stand in their order, a gift with its turn; what is not given is said as well."""
    done = store("grade entitlements C-000001 --now 2026-03-01")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == (
        "Scheme    Grade    Kind        What                                             Note\n"
        "--------  -------  ----------  -----------------------------------------------  "
        "-------------------------------\n"
        "store     vip      attendants  brand head → store manager                       "
        "the CS manager names the person\n"
        "store     vip      gift        flowers                                          not given before\n"
        "store     vip      reminder    the store makes the appointment for maintenance\n"
        "store     vip      right       priority on the hotline\n"
        "store     vip      withheld    main brands\n"
    )


def test_of_the_others(store: Office) -> None:
    """The standard's seven working days are named with who serves."""
    assert rows(store, "grade entitlements C-000003 --now 2026-03-01") == [
        {
            "scheme": "store",
            "grade": "standard",
            "kind": "reminder",
            "what": "customer service makes the appointment for maintenance",
        },
        {
            "scheme": "store",
            "grade": "standard",
            "kind": "service",
            "what": "within 7 working days",
            "note": "by the order's signer",
        },
    ]


def test_a_gift_that_was_given(store: Office) -> None:
    """A gift noted changes whose turn it is, whichever word it is noted by."""

    def gift() -> tuple[str, str]:
        found = rows(store, "grade entitlements C-000001 --now 2026-06-01")
        ((what, note),) = ((row["what"], row["note"]) for row in found if row["kind"] == "gift")
        return what, note

    assert store("grade gift add C-000001 --gift 鲜花 --on 2026-03-01").exit_code == 0
    assert gift() == ("pillow", "not given before")
    assert store("grade gift add C-000001 --gift pillow --on 2026-02-15").exit_code == 0
    assert gift() == ("pillow", "all were given; this one longest ago, on 2026-02-15")


def test_nothing_follows(store: Office) -> None:
    """A customer without such a grade has nothing coming, and one who is not there is not found."""
    assert store("customer add Neu").exit_code == 0
    done = store("grade entitlements C-000005")
    assert (done.exit_code, done.stdout, done.stderr) == (
        0,
        "",
        "nothing follows from the grades of C-000005\n",
    )
    assert store("grade entitlements C-000009").exit_code == 3


def test_asked_for_by_another_plugin(store: Office, tmp_path: Path) -> None:
    """The action gives codes to reckon with, and a gift is noted in the same transaction."""
    app = App(settings=Settings(), store=open_store(str(tmp_path / "data")))
    app.folder = str(tmp_path / "data")
    app.options.now = "2026-03-01"
    with app.transaction() as tx:
        app.actions["grade.gift"](tx, customer="C-000001", gift="flowers")
        found = app.actions["grade.entitlements"](tx, customer="C-000001")
    assert found == {
        "store": {
            "grade": "vip",
            "title": "VIP",
            "attendants": ["head", "manager"],
            "named_by": "the CS manager",
            "gifts": [{"gift": "pillow", "last": None}, {"gift": "flowers", "last": dt.date(2026, 3, 1)}],
            "reminder": "store",
            "rights": {"hotline": True, "supply": False},
        }
    }
    assert rows(store, "grade gift list --fields customer,gift,on") == [
        {"customer": "C-000001", "gift": "flowers", "on": "2026-03-01"}
    ]
