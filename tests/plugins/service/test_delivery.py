"""Deliveries: who comes along and which gift, what is written and said, maintenance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cskit.testing import Result
from tests.plugins.service.conftest import worked

Run = Callable[..., Result]
Stored = Callable[..., dict[str, Any]]
BOOK = "delivery add KH7 --goods 餐桌 --at 2026-10-22T14:00 --contact 王样例 --user S-005"


@pytest.fixture
def vip(service: Run) -> Run:
    """Return a `run` for a department whose customer KH7 is a VIP of the store."""
    worked(service("grade set KH7 store-tier vip --reason 大额消费"))
    return service


def test_what_a_tier_brings(vip: Run, stored: Stored) -> None:
    """Attendants and gifts are the grade's; without a grade it is as the standard tier has it (A10)."""
    worked(vip(BOOK))
    worked(vip("delivery add C-000002 --at 2026-10-22T14:00"))
    one, other = (stored("delivery", f"DV-00000{number}") for number in (1, 2))
    assert one["attendants"] == ["brand-head", "store-manager", "assistant", "cs-manager"]
    assert (one["tier"], one["gifts"], one["reminder"]) == ("vip", ["flowers", "pillow", "sticker"], "store")
    assert (other.get("tier"), other["attendants"], other.get("gifts", [])) == (None, ["cs-supervisor"], [])
    assert one["due"] == "2026-10-29"  # 7 working days


def test_gifts_are_not_repeated(vip: Run, stored: Stored) -> None:
    """The best one is the one not given yet; the grades' own list of gifts is told."""
    for gift, line in (("flowers", ""), ("pillow", ""), (None, " --gift none"), ("flowers", " --gift 鲜花")):
        worked(vip(BOOK))
        number = f"DV-{int(worked(vip('delivery count')).split()[-1]):06d}"
        done = vip(
            f"delivery deliver {number}{line} --lang zh"
            if "鲜花" in line
            else f"delivery deliver {number}{line}"
        )
        assert done.exit_code == 0, done.stderr
        assert stored("delivery", number).get("gift") == gift
    assert done.stderr.startswith("C-000001 已于 2026-10-20 获赠鲜花\n")
    assert worked(vip("grade gift count")).split()[-1] == "3"
    done = vip("delivery deliver DV-000001")
    assert done.exit_code == 1


@pytest.mark.parametrize(
    ("gift", "said"),
    [
        (
            "car",
            "cskit: delivery DV-000001: car is no gift of the customer's tier\n"
            "the tier - brings none; say --gift none\n",
        ),
    ],
)
def test_a_gift_that_the_tier_does_not_bring(service: Run, gift: str, said: str) -> None:
    """It is refused, naming those there are."""
    worked(service("delivery add C-000002 --at 2026-10-22T14:00"))
    done = service(f"delivery deliver DV-000001 --gift {gift}")
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", said)


def test_the_message_says_all_that_it_has_to(vip: Run) -> None:
    """Addressee, sender and firm, day and hour, somebody at home, traffic, the number to call (B6.9)."""
    worked(vip(BOOK))
    line = "delivery message DV-000001 --firm 晨屿家居 --phone 400-000-0000"
    text = worked(vip(f"{line} --lang zh --reveal"))
    for part in (
        "王样例",
        "S-005",
        "晨屿家居",
        "2026-10-22",
        "14:00",
        "有人收货",
        "拥堵",
        "400-000-0000",
        "餐桌",
    ):
        assert part in text
    assert "王样例" not in worked(vip(line))
    done = vip("delivery message DV-000001 --firm 晨屿家居")
    assert (done.exit_code, done.stderr) == (
        1,
        "cskit: which number is the customer to call?\n"
        "say --phone, or set phone in [rules.delivery-service.default] of cskit.toml\n",
    )


@pytest.mark.parametrize(("gift", "part"), [("pillow", "抱枕"), ("flowers", "鲜花"), ("none", "逐件验收")])
def test_each_gift_has_its_words(vip: Run, gift: str, part: str) -> None:
    """What is said at the door is the gift's; without one there are words as well."""
    worked(vip(BOOK))
    text = worked(vip(f"delivery script DV-000001 --firm 晨屿家居 --gift {gift} --lang zh"))
    assert part in text
    assert "晨屿家居" in text


def test_the_plan_of_tomorrow(vip: Run) -> None:
    """Open deliveries of the day, with who goes along by title and the gift that is proposed."""
    worked(vip(BOOK))
    done = vip("delivery plan --lang zh -o csv", now="2026-10-21T09:00")
    (line,) = worked(done).splitlines()[1:]
    assert "品牌负责人 → 店长 → 店员 → 客服经理" in line
    assert "鲜花" in line
    assert worked(vip("delivery plan")) == ""


def test_an_appointment_after_the_last_day_is_told(service: Run) -> None:
    """Seven working days after the booking it should be there; a later appointment is allowed, and told."""
    assert "is to be there" not in service("delivery add KH7 --at 2026-10-29T18:00").stderr
    done = service("delivery set DV-000001 at=2026-10-30T09:00")
    assert done.exit_code == 0
    assert done.stderr.startswith(
        "delivery DV-000001 is to be there by 2026-10-29; the appointment is later\n"
    )


def test_maintenance_comes_again(service: Run, stored: Stored) -> None:
    """Half a year after the delivery, and after each maintenance; it stands in `today` a week before."""
    worked(service("delivery add KH7 --goods 餐桌 --at 2026-10-22T14:00"))
    assert service("delivery maintained DV-000001").exit_code == 1
    worked(service("delivery deliver DV-000001 --now 2026-10-22T14:00"))
    assert stored("delivery", "DV-000001")["maintenance_due"] == "2027-04-22"
    for day, shown in (("2027-04-14", False), ("2027-04-15", True)):
        assert ("maintenance" in worked(service(f"today --now {day}T09:00"))) is shown
    worked(service("delivery maintained DV-000001 --on 2027-04-20 --now 2027-04-20T15:00"))
    assert stored("delivery", "DV-000001")["maintenance_due"] == "2027-10-20"


def test_what_the_customer_can_be_told_of(vip: Run) -> None:
    """Requests, repairs, returns and deliveries stand in the customer's timeline."""
    worked(vip("request add 不出水 --customer KH7"))
    worked(vip("repair add 漏水 --customer KH7"))
    worked(vip("return add 净水器 --customer KH7"))
    worked(vip(BOOK))
    worked(vip("delivery deliver DV-000001"))
    text = worked(vip("customer timeline KH7 -o csv"))
    for said in ("asked for service: 不出水", "to be repaired: 漏水", "asked for: 净水器", "delivered: 餐桌"):
        assert said in text
