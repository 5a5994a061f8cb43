"""Sales from lot to title, reminders, returned rooms, lists of rooms compared; fee reductions."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plugins.property.money import Run, good, office, rows, rule, stored

ONE = "PS-00001"
WAY = ("subscribe", "down-payment", "exchange", "file", "mortgage", "loan", "move-in", "title")


@pytest.fixture
def at(tmp_path: Path) -> Run:
    """Return a `run` for a department that has sold one room, on a Monday in September."""
    run = office(tmp_path)
    line = "property sale add 1-101 --project PJ-001 --customer C-000001 --price 1200000"
    assert good(run(line, now="2026-09-07T09:00")) == f"{ONE}\n"
    return run


def move(at: Run, *verbs: str, now: str = "2026-09-08T09:00") -> None:
    """Move the sale along."""
    for verb in verbs:
        good(at(f"property sale move {verb} {ONE}", now=now))


def test_from_the_lot_to_the_title(at: Run) -> None:
    """Every step leads on, and each is kept; what follows is said."""
    for place, verb in enumerate(WAY):
        before = stored(at, "property sale", ONE)["state"]
        good(at(f"property sale move {verb} {ONE} {'--number HT-1 --urgent' if verb == 'file' else ''}"))
        assert stored(at, "property sale", ONE)["state"] != before
        assert len(stored(at, "property sale", ONE)["events"]) == place + 2
    kept = stored(at, "property sale", ONE)
    assert (kept["state"], kept["contract"]) == ("titled", "HT-1")
    assert [event["what"] for event in kept["events"]] == ["choose", *WAY]
    assert kept["events"][4]["urgent"] is True


@pytest.mark.parametrize(
    ("before", "line", "code", "said"),
    [
        ((), f"move file {ONE}", 1, "so it cannot be done: file"),
        ((), f"move sell {ONE}", 2, "a sale cannot be moved by 'sell'"),
        ((), f"move change-room {ONE}", 2, "which room instead?"),
        ((), f"move subscribe {ONE} --room 1-102", 2, "--room does not belong to 'subscribe'"),
        ((), f"move subscribe {ONE} --on 2026-11-24", 2, "2026-11-24 is still to come"),
        ((), f"move subscribe {ONE} --on 2026-09-01", 1, "2026-09-01 is before its last step"),
        (WAY[:4], f"move move-in {ONE}", 1, "its loan comes first"),
        (WAY[:4], f"move mortgage {ONE} --amount=-5", 2, "--amount -5 is not above zero"),
        (WAY[:7], f"move return {ONE}", 1, "so it cannot be done: return"),
        (
            (),
            f"set {ONE} customer=C-000002",
            1,
            "the room is C-000001's and cannot become another customer's",
        ),
        ((), f"set {ONE} room=1-102", 5, "is kept by"),
        ((), "add 1-101 --project PJ-001 --customer C-000002 --price 5", 5, f"sold already, as {ONE}"),
        ((), "add 1-102 --project PJ-001 --customer C-000002 --price 0", 5, "must be above zero"),
        ((), f"special {ONE} --recover", 1, "no form of special approval is out"),
        ((), f"special {ONE}", 2, "issue a form or recover one?"),
        ((), f"remind {ONE}", 1, "no reminder is due"),
    ],
)
def test_what_is_refused(at: Run, before: tuple[str, ...], line: str, code: int, said: str) -> None:
    """Nothing is skipped, no room becomes another's, and nothing is saved of what is refused."""
    move(at, *before)
    held = good(at("property sale export -o jsonl"))
    done = at(f"property sale {line}")
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr
    assert good(at("property sale export -o jsonl")) == held


def test_paid_in_full_there_is_no_loan(at: Run) -> None:
    """Who pays at once moves in after the filing, and has no mortgage to register."""
    good(at(f"property sale set {ONE} payment=full"))
    move(at, *WAY[:4])
    done = at(f"property sale move mortgage {ONE}")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "it is paid in full, so there is no loan" in done.stderr
    move(at, "move-in")


def test_a_room_is_changed_and_returned(at: Run) -> None:
    """The new room must be free, the old one is kept; a returned room may be sold again, and is listed."""
    good(at("property sale add 1-102 --project PJ-001 --customer C-000002 --price 5"))
    taken = at(f"property sale move change-room {ONE} --room 1-102")
    assert (taken.exit_code, taken.stdout) == (1, "")
    assert "room 1-102 is sold already, as PS-00002" in taken.stderr
    good(at(f"property sale move change-room {ONE} --room 1-103"))
    kept = stored(at, "property sale", ONE)
    assert (kept["room"], kept["state"], kept["events"][-1]["room"]) == ("1-103", "chosen", "1-101")
    good(at(f"property sale move return {ONE} --text 资金问题 --amount 50000"))
    weekly = rows(at("property sale returned -o jsonl"))
    assert [(row["room"], row["refund"], row["reason"]) for row in weekly] == [("1-103", 50000, "资金问题")]
    assert good(at("property sale returned -o jsonl", now="2026-11-30T09:00")) == ""
    assert len(rows(at("property sale returned --period 2026-11 -o jsonl"))) == 1
    assert good(at("property sale add 1-103 --project PJ-001 --customer C-000002 --price 5")) == "PS-00003\n"


def test_customers_who_are_one(at: Run) -> None:
    """Where two customers turn out to be one the sale is that one's, and undoing it gives it back."""
    good(at("customer merge C-000002 C-000001 --yes"))
    assert stored(at, "property sale", ONE)["customer"] == "C-000002"
    good(at("undo --yes"))
    assert stored(at, "property sale", ONE)["customer"] == "C-000001"


def test_a_form_of_special_approval(at: Run) -> None:
    """It goes out and comes back, each by somebody on a day."""
    good(at(f"property sale special {ONE} --issue 首付分期", by="bo"))
    good(at(f"property sale special {ONE} --recover", by="cai"))
    (form,) = stored(at, "property sale", ONE)["specials"]
    assert form == {
        "text": "首付分期",
        "issued": "2026-11-23",
        "issued_by": "bo",
        "recovered": "2026-11-23",
        "recovered_by": "cai",
    }


# --- reminders ---------------------------------------------------------------------------------------------


def due(at: Run, day: str) -> list[tuple[str, int]]:
    """Return what is to be sent on a day, and how many days late."""
    return [
        (row["send"], row["late"]) for row in rows(at("property sale reminders -o jsonl", now=f"{day}T09:00"))
    ]


def test_the_sheet_comes_before_the_letter(at: Run) -> None:
    """Subscribed on 8 September, due on the 23rd: a sheet from the 24th on, a letter over 15 days late."""
    move(at, "subscribe")
    assert due(at, "2026-09-23") == []
    assert due(at, "2026-09-24") == [("sheet", 1)]
    assert due(at, "2026-12-01") == [("sheet", 69)]
    good(at(f"property sale remind {ONE}", now="2026-09-24T09:00"))
    assert due(at, "2026-09-25") == []
    assert due(at, "2026-10-08") == []
    assert due(at, "2026-10-09") == [("letter", 16)]
    (letter,) = rows(at("property sale reminders -o jsonl", now="2026-10-09T09:00"))
    assert letter["to"] == "陈示例"
    good(at(f"property sale remind {ONE}", now="2026-10-09T09:00"))
    assert due(at, "2026-12-01") == []
    assert [event["what"] for event in stored(at, "property sale", ONE)["events"]][-2:] == ["sheet", "letter"]


def test_the_loan_is_reminded_of_apart(at: Run) -> None:
    """A contract that is signed is no longer late; its loan is, 30 days on, unless it is paid in full."""
    move(at, "subscribe", "exchange")
    assert due(at, "2026-10-09") == [("sheet", 1)]
    good(at(f"property sale set {ONE} payment=full"))
    assert due(at, "2026-10-09") == []


def test_the_letters_on_paper(at: Run) -> None:
    """The sheet goes to the sales department, the letter to the customer, with what is the sale's in it."""
    move(at, "subscribe")
    line = "property sale reminders -o html"
    sheet = good(at(line, now="2026-09-24T09:00"))
    for text in (
        "Reminder sheet",
        "Sales department",
        "陈示例",
        "云栖苑",
        "1-101",
        "2026-09-23",
        "1 days late",
    ):
        assert text in sheet
    assert "催办工作联系单" in good(at(line, now="2026-09-24T09:00", lang="zh"))
    good(at(f"property sale remind {ONE}", now="2026-09-24T09:00"))
    letter = good(at(line, now="2026-10-20T09:00", lang="zh"))
    assert "律师函" in letter
    assert "1,200,000" in letter


def test_a_placeholder_that_stands_for_nothing(tmp_path: Path) -> None:
    """A template with an unknown placeholder is refused with its file, and no letter is written by it."""
    at = office(tmp_path)
    label = '{ en = "x", zh = "某" }'
    text = f"title = {label}\nto = {label}\ntext = {{ en = 'Dear {{name}}', zh = '某' }}\n"
    rule(
        tmp_path,
        "property-reminders",
        "exchange",
        f'replaces = "exchange"\nlabel = {label}\nstates = ["subscribed"]\npayments = ["full"]\n'
        f'since = "subscribe"\ndays = 1\nsheet_after = 0\nletter_after = 9\n[sheet]\n{text}[letter]\n{text}',
    )
    done = at("property sale reminders")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "exchange.toml" in done.stderr
    assert "{name} stands for nothing" in done.stderr


# --- lists compared ----------------------------------------------------------------------------------------


def test_rooms_and_prices_compared(at: Run, tmp_path: Path) -> None:
    """A room in one list only, twice in one, or priced differently is named; what agrees is not."""
    for room, price in (("1-102", 5), ("1-103", 7)):
        good(at(f"property sale add {room} --project PJ-001 --customer C-000002 --price {price}"))
    other = tmp_path / "export.csv"
    other.write_text("房号,总价\n1-101,1200000.00\n1-102,6\n1-104,9\n1-104,9\n,\n", encoding="utf-8")
    found = rows(at(f"property sale reconcile {other} -o jsonl"))
    assert [(row["room"], row["why"], row.get("difference")) for row in found] == [
        ("1-102", "price", 1),
        ("1-103", "first-only", None),
        ("1-104", "second-only", None),
        ("1-104", "second-twice", None),
    ]
    same = at(f"property sale reconcile {other} {other} --room-column 房号 -o jsonl")
    assert [row["why"] for row in rows(same)] == ["first-twice", "second-twice"]


@pytest.mark.parametrize(
    ("text", "rest", "code", "said"),
    [
        ("a,b\n1,2\n", "", 3, "has no column of rooms; does it begin with"),
        ("房号,总价\n1-1,viel\n1-2,mehr\n", "", 5, "viel"),
        ("房号,总价\n1-1,1\n", "--project PJ-009", 3, "PJ-009"),
        ("房号,价\n1-1,1\n", "", 3, "name it with --price-column"),
    ],
)
def test_lists_that_cannot_be_compared(
    at: Run, tmp_path: Path, text: str, rest: str, code: int, said: str
) -> None:
    """What is missing in a file, or is no price, is said with the file and all its rows."""
    other = tmp_path / "export.csv"
    other.write_text(text, encoding="utf-8")
    done = at(f"property sale reconcile {other} {rest}")
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr


def test_rooms_of_two_projects(at: Run, tmp_path: Path) -> None:
    """Two projects may have a room of one number, so that the project has to be said."""
    good(at("property sale add 1-101 --project PJ-002 --customer C-000002 --price 5"))
    other = tmp_path / "export.csv"
    other.write_text("房号,总价\n1-101,5\n", encoding="utf-8")
    done = at(f"property sale reconcile {other}")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "say which one with --project" in done.stderr
    assert good(at(f"property sale reconcile {other} --project PJ-002 -o jsonl")) == ""


# --- persons -----------------------------------------------------------------------------------------------


def test_erased_customers(at: Run) -> None:
    """What was written about an erased customer goes; rooms, prices and steps stay for the figures."""
    move(at, "subscribe")
    good(at(f"property sale special {ONE} --issue 家庭困难"))
    good(at(f"property sale set {ONE} note=电话联系"))
    good(at("property reduction add 生病减免 --project PJ-001 --customer C-000001 --amount 5 --room 1-101"))
    good(at("customer close C-000001 --erase --yes"))
    sale, reduction = stored(at, "property sale", ONE), stored(at, "property reduction", "FR-00001")
    assert (sale["price"], sale.get("note"), sale["specials"][0]["text"]) == (1200000, None, "-")
    assert (reduction["content"], reduction["amount"], reduction.get("room")) == ("FR-00001", 5, None)


def test_what_happened_to_a_customer(at: Run) -> None:
    """The customer's timeline has the steps of their rooms."""
    move(at, "subscribe")
    found = [row for row in rows(at("customer timeline C-000001 -o jsonl")) if row["id"] == ONE]
    assert [row["what"] for row in found] == ["room 1-101: subscribe", "room 1-101: room chosen"]


# --- reductions --------------------------------------------------------------------------------------------


def test_a_reduction_to_the_files(at: Run) -> None:
    """Registered, checked, confirmed by three people, passed on, filed; its amount stays once checked."""
    good(at("property reduction add 春节优惠 --project PJ-001 --amount 120", by="anna"))
    own = at("property reduction check FR-00001", by="anna")
    assert (own.exit_code, own.stdout) == (1, "")
    assert own.stderr == "cskit: reduction FR-00001: anna registered it, so somebody else has to do this\n"
    good(at("property reduction set FR-00001 amount=130", by="anna"))
    good(at("property reduction check FR-00001", by="bo"))
    twice = at("property reduction confirm FR-00001", by="bo")
    assert twice.stderr == "cskit: reduction FR-00001: bo checked it, so somebody else has to do this\n"
    frozen = at("property reduction set FR-00001 amount=5", by="anna")
    assert (frozen.exit_code, frozen.stdout) == (1, "")
    for line in ("confirm FR-00001", "pass FR-00001 --to 财务", "file FR-00001 --as 2026-07"):
        good(at(f"property reduction {line}", by="cai"))
    kept = stored(at, "property reduction", "FR-00001")
    assert (kept["state"], kept["party"], kept["place"]) == ("filed", "财务", "2026-07")
    assert (kept["amount"], len(kept["steps"])) == (130, 5)


@pytest.mark.parametrize(
    "rest", ["--amount 0", "--amount -5", "--amount 5 --first 2026-02-01 --last 2026-01-01"]
)
def test_what_is_no_reduction(at: Run, rest: str) -> None:
    """An amount that is none, and a period that ends before it begins, are refused."""
    done = at(f"property reduction add x --project PJ-001 {rest}")
    assert done.exit_code in (2, 5)
    assert done.stdout == ""
