"""Conditions: what they mean, what they refuse, and how they point at the culprit."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import time
from decimal import Decimal
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import msgspec
import pytest

from cskit.errors import Exit
from cskit.records import Part, Record, field
from cskit.where import Condition, NameType, WhereError, condition, expression
from cskit.where.functions import glob

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2026, 11, 22, 20, 30, tzinfo=dt.UTC)  # already the 23rd in Shanghai
STATES = {"open": "处理中", "done": "已完成", "closed": "已关闭"}


class Habit(Part):
    """A group of fields inside the sample record."""

    frequency: Annotated[Literal["weekly", "monthly"] | None, field("Frequency", "频率")] = None
    channel: Annotated[str, field("Channel", "渠道")] = "shop"


class Case(Record):
    """A record with a field of every kind."""

    name: Annotated[str | None, field("Customer name", "客户名称")] = None
    state: Annotated[Literal["open", "done", "closed"], field("State", "状态", choices=STATES)] = "open"
    severity: Annotated[int, field("Severity", "等级")] = 3
    amount: Annotated[Decimal | None, field("Amount", "金额", unit="CNY")] = None
    fan: Annotated[bool | None, field("Fan", "粉丝")] = None
    urgent: bool = False
    due: Annotated[dt.date | None, field("Due", "期限")] = None
    received_at: Annotated[dt.datetime | None, field("Received at", "受理时间")] = None
    tags: list[str] = msgspec.field(default_factory=list)
    stages: Annotated[list[Literal["open", "done"]] | None, field("Stages", "阶段", choices=STATES)] = None
    profile: dict[str, str] = msgspec.field(default_factory=dict)
    behaviour: Habit | None = None
    visits: list[Habit] = msgspec.field(default_factory=list)


def read(text: str) -> Condition:
    """Read a condition on `Case`, at an instant when it is already tomorrow in Shanghai."""
    return condition(text, Case, zone=SHANGHAI, now=NOW)


def refused(text: str) -> WhereError:
    """Return the error that a condition on `Case` gives."""
    with pytest.raises(WhereError) as caught:
        read(text)
    return caught.value


FULL = Case(
    id="CP-1",
    name="Li Lei 李雷",
    state="done",
    severity=1,
    amount=Decimal("1234.50"),
    fan=True,
    due=dt.date(2026, 11, 20),
    received_at=dt.datetime(2026, 11, 19, 16, 0, tzinfo=dt.UTC),  # midnight of the 20th in Shanghai
    tags=["vip", "回头客"],
    stages=["open"],
    profile={"hobby": "fishing", "family.children": "2"},
    behaviour=Habit(frequency="weekly"),
)
BARE = Case(id="CP-2")

MEANINGS: list[tuple[str, bool | None, bool | None]] = [
    # text, on the full record, on the bare one
    ('state == "done"', True, False),
    ('"done" == state', True, False),
    ('state == "已完成"', True, False),
    ('状态 == "已完成"', True, False),
    ('state != "open"', True, False),
    ('state in ("done", "已关闭")', True, False),
    ('state not in ["done"]', False, True),
    ("state == name", False, None),
    ('客户名称 == "Li Lei 李雷"', True, None),
    ("ｎａｍｅ < 'M'", True, None),
    ("severity == 1", True, False),
    ("等级 == 1.0", True, False),
    ("severity in (1, 2.5)", True, False),
    ("1 <= severity < 3", True, False),
    ("3 > severity >= 1 and severity != 2", True, False),
    ("severity == -(-1)", True, False),
    ("amount < severity < 0", False, False),
    ("1 <= severity", True, True),
    ("1 < severity", False, True),
    ("1 >= severity", True, False),
    ("1 > severity", False, False),
    ("1 != severity", False, True),
    ("amount * 1000000001 == 1234500001234.50", True, None),
    ('due == "2026-11-20" == received_at', True, None),
    ("amount == 1234.5", True, None),
    ("amount > 1_234", True, None),
    ("amount * 0.1 == 123.45", True, None),
    ("amount - 34.50 == 1200", True, None),
    ("amount / 0 > 1", None, None),
    ("amount > 1 / 0", None, None),
    ("1 / 3 * 3 == 1", False, False),
    ("severity / 2 == 0.5", True, False),
    ("severity + severity * 2 == 3", True, False),
    ("-amount < 0", True, None),
    ("1e3 < amount < 1.5e3", True, None),
    ("fan", True, None),
    ("not fan", False, None),
    ("fan == True", True, None),
    ("urgent != False", False, False),
    ("(severity > 2) == urgent", True, False),
    ('due == "2026-11-20"', True, None),
    ('due < "2026/11/21"', True, None),
    ('"2026-11-01" <= due <= "2026年11月30日"', True, None),
    ('due in ("2026-11-20", "2026-11-21")', True, None),
    ("due == today() - 3", True, None),
    ("due + days(3) == today()", True, None),
    ("3 + due == today()", True, None),
    ("today() - due == 3", True, None),
    ('due - "2026-11-10" == 10', True, None),
    ("due + months(3) == '2027-02-20'", True, None),
    ("due - months(9) == '2026-02-20'", True, None),
    ("due + days(10000000) > today()", None, None),
    ("due + months(-99999) > today()", None, None),
    ("due + severity * 1000000000000 > today()", None, None),
    ('today() == "2026-11-23"', True, True),
    ('now() == "2026-11-23T04:30"', True, True),
    ('received_at == "2026-11-20"', True, None),
    ('received_at == "2026-11-19T16:00:00Z"', True, None),
    ('received_at < "2026-11-20T00:00:01"', True, None),
    ("received_at < today()", True, None),
    ("today() > received_at", True, None),
    ("received_at + days(3) == today()", True, None),
    ('received_at + months(1) == "2026-12-20"', True, None),
    ("now() - 30 < received_at", True, None),
    ("days_since(due) == 3", True, None),
    ("days_since(received_at) == 3", True, None),
    ("days_since('2026-11-13') == 10", True, True),
    ("known(name)", True, False),
    ("not known(amount)", False, True),
    ("known(profile.hobby)", True, False),
    ("known(profile.nothing)", False, False),
    ("known(behaviour)", True, False),
    ("known(tags)", True, True),
    ("known(1 / 0)", False, False),
    ('"vip" in tags', True, False),
    ('"vip" not in tags', False, True),
    ("name in tags", False, False),
    ('"open" in stages', True, None),
    ('"处理中" in stages', True, None),
    ("len(tags) == 2", True, False),
    ("len(visits) == 0", True, True),
    ("len(profile) > 0", True, False),
    ("len(name) == 9", True, None),
    ('contains(tags, "vip")', True, False),
    ('contains(name, "李")', True, None),
    ('contains(state, "on")', True, False),
    ('startswith(name, "Li ")', True, None),
    ('endswith(name, "雷")', True, None),
    ('glob(name, "Li*雷")', True, None),
    ('glob(name, "li*")', False, None),
    ('lower(name) == "li lei 李雷"', True, None),
    ('behaviour.frequency == "weekly"', True, None),
    ('behaviour.频率 == "weekly"', True, None),
    ('behaviour.channel == "shop"', True, None),
    ('profile.hobby == "fishing"', True, None),
    ("profile.family.children == '2'", True, None),
    ("(1 if fan else 0) + (amount if known(amount) else 0) > 1", True, None),
    ('("2026-01-01" if urgent else due) == "2026-11-20"', True, None),
    ('state == "done"\n  and severity == 1\n', True, False),
    ("True", True, True),
]


@pytest.mark.parametrize(("text", "full", "bare"), MEANINGS, ids=[row[0] for row in MEANINGS])
def test_meaning(text: str, full: bool | None, bare: bool | None) -> None:
    """A condition is true, false or unknown; unknown values make comparisons unknown."""
    found = read(text)
    assert [found.value(FULL), found.value(BARE)] == [full, bare]
    assert [found.matches(FULL), found.matches(BARE)] == [full is True, bare is True]


STATED = {"True": "severity > 0", "False": "severity < 0", "None": "amount > 0"}
AND = {("True", "True"): True, ("True", "None"): None, ("None", "None"): None}
OR = {("False", "False"): False, ("False", "None"): None, ("None", "None"): None}


@pytest.mark.parametrize("first", STATED)
@pytest.mark.parametrize("second", STATED)
def test_truth_tables(first: str, second: str) -> None:
    """`and`, `or`, `not` follow SQL's tables for true, false and unknown."""
    left, right = STATED[first], STATED[second]
    pair = (first, second) if (first, second) in AND or (first, second) in OR else (second, first)
    assert read(f"{left} and {right}").value(BARE) is AND.get(pair, False)
    assert read(f"{left} or {right}").value(BARE) is OR.get(pair, True)
    assert read(f"not {left}").value(BARE) is {"True": False, "False": True, "None": None}[first]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("due + months(1)", "2026-02-28"),
        ("due + months(25)", "2028-02-29"),
        ("due + months(11)", "2026-12-31"),
        ("due + months(0)", "2026-01-31"),
        ("due - months(2)", "2025-11-30"),
        ("due + months(1) - days(28)", "2026-01-31"),
    ],
)
def test_calendar_months(text: str, day: str) -> None:
    """A month on from the 31st is the last day of a shorter month."""
    assert read(f'{text} == "{day}"').matches(Case(id="1", due=dt.date(2026, 1, 31)))


def test_days_of_a_zone_with_summer_time() -> None:
    """A day on from a time is the same clock time, also when that day has 23 hours."""
    berlin = ZoneInfo("Europe/Berlin")
    found = condition('received_at + 1 == "2026-03-29T12:00"', Case, zone=berlin, now=NOW)
    assert found.matches(Case(id="1", received_at=dt.datetime(2026, 3, 28, 11, tzinfo=dt.UTC)))


def test_hand_edited_values() -> None:
    """A time without an offset is in the department's zone; a number that is none is unknown."""
    found = read('received_at == "2026-11-20T08:00"')
    raw = b'{"id":"1","received_at":"2026-11-20T08:00:00","amount":"NaN"}'
    assert found.matches(msgspec.json.decode(raw, type=found.model))
    for text in ("amount > 1", "amount == 1", "amount != 1", "amount in (1, 2)", "amount + 1 > 1"):
        for number in ("NaN", "sNaN", "Infinity"):
            assert read(text).value(Case(id="1", amount=Decimal(number))) is None


def test_huge_stored_numbers() -> None:
    """Arithmetic that overflows is unknown rather than an error."""
    assert read("amount * amount * amount > 1").value(Case(id="1", amount=Decimal("1E+900"))) is None


# --- errors ----------------------------------------------------------------------------------------------

ERRORS = [
    # text, column of the caret in cells, in the message, in the hint
    ("statu == 1", 0, "no field 'statu', did you mean 'state'?", ""),
    ('客户名 == "x"', 0, "no field '客户名'", ""),
    ('behaviour.freqency == "w"', 10, "no field 'freqency', did you mean 'frequency'?", ""),
    ("behaviour . x == 1", 12, "no field 'x'", "channel"),
    ("severity.high == 1", 9, "severity has no parts", ""),
    ("visits.channel == 'x'", 7, "visits has no parts", ""),
    ("state == open", 9, "no field 'open'", 'in quotes: "open"'),
    ("fan == true", 7, "did you mean 'True'?", ""),
    ("name == NULL", 8, "no field 'NULL'", "known(x)"),
    ("due < today", 6, "today is a function", "today()"),
    ('state == "opne"', 9, "state has no 'opne'; did you mean 'open'?", "open, done, closed"),
    ('状态 == "已完工"', 8, "状态 has no '已完工'; did you mean '已完成'?", "open"),
    ('state in ("open", "xyz")', 18, "state has no 'xyz'", "open, done, closed"),
    ('"opne" in stages', 0, "stages has no 'opne'; did you mean 'open'?", ""),
    ('due < "2026-13-01"', 6, '"2026-13-01": no such day', ""),
    ('due < "soon"', 6, "expected a date such as", ""),
    ('"soon" > received_at', 0, "expected a time such as", ""),
    ('days_since("soon") > 1', 11, "expected a date such as", ""),
    ('客户名称 == "张三" and 金额 > "5"', 30, '金额 is a number and "5" is text', "without quotes"),
    ("name == 5", 8, "name is text and 5 is a number", 'write it as text: "5"'),
    ("13800000577 == name", 0, "13800000577 is a number and name is text", 'write it as text: "13800000577"'),
    ("fan == yes", 7, "no field 'yes'", "write True or False"),
    ("fan == 1", 7, "fan is yes or no and 1 is a number", "True or False"),
    ("fan < True", 0, "fan has no order", "=="),
    ('state < "open"', 0, "state has no order", "=="),
    ("due < now()", 6, "due is a date and now() is a time", "today()"),
    ("due < received_at", 6, "they do not compare", "days_since()"),
    ('tags == "vip"', 8, "tags is a list", 'write "vip" in tags'),
    ('behaviour == "weekly"', 13, "behaviour is a group of fields", "parts"),
    ("due > months(3)", 6, "a number of months", ""),
    ("severity in tags", 0, "severity is a number and tags holds text", ""),
    ('"x" in visits', 7, "visits is a list of groups", ""),
    ('"x" in name', 7, "behind in comes a list, not text", 'contains(name, "x")'),
    ('state in ("open")', 10, "behind in comes a list, not text", 'in ("a", "b")'),
    ("severity in 5", 12, "behind in comes a list, not a number", ""),
    ("severity in ()", 12, "the list behind in is empty", ""),
    ("severity in (1, severity)", 16, "constants only", "=="),
    ("severity in (1, 1 / 0)", 16, "constants only", ""),
    ('name == ""', 8, "an empty text is never stored", "use not known(name)"),
    ('"" != profile.x', 0, "an empty text is never stored", "use known(profile.x)"),
    ('name in ("", "x")', 9, "an empty text is never stored", "use not known(name)"),
    ('"2026-01-01" in (today(), now())', 17, "does not compare", ""),
    ("1 < severity in (1, 2)", 16, "in does not join a chain", ""),
    ("amount", 0, "this is a number, not a condition; compare it with something", ""),
    ("1", 0, "this is a number, not a condition", ""),
    ('"open"', 0, "this is text, not a condition", ""),
    ("tags", 0, "this is a list, not a condition", "len(tags)"),
    ("due and fan", 0, "this is a date, not a condition", ""),
    ('state == "open" or "done"', 19, "this is text, not a condition", "in ("),
    ("not name", 4, "this is text, not a condition", ""),
    ("1 if name else 2", 5, "this is text, not a condition", ""),
    ("fan if fan else 2", 16, "they do not compare", ""),
    ("name == None", 8, "a missing value is not compared", "known(name)"),
    ("None != name", 0, "a missing value is not compared", "known(name)"),
    ("name is None", 8, "a missing value is not compared", "known(name)"),
    ("name in (None, 'x')", 9, "a missing value is not compared", "known(name)"),
    ("len(None) > 1", 4, "a missing value is not compared", "known(x)"),
    ("severity is 1", 9, "is does not compare", "=="),
    ('name + "x" == "y"', 5, "no + between them", ""),
    ('name * 3 == "x"', 5, "no * between them", ""),
    ("due + 1.5 > today()", 4, "no + between them", "days(n)"),
    ("due + due > 1", 4, "no + between them", ""),
    ("5 - due > 1", 2, "no - between them", ""),
    ("now() - received_at > 3", 6, "times are compared, not subtracted", "days_since()"),
    ("-name == 1", 1, "expected a number; name is text", ""),
    ("severity % 2 == 1", 9, "no place in a condition", "+ - * /"),
    ("fan & urgent", 4, "no place in a condition", "write and"),
    ("fan | urgent", 4, "no place in a condition", "write or"),
    ("severity == (1, 2)", 12, "no place in a condition", "in"),
    ("lowr(name) == 'x'", 0, "no function 'lowr', did you mean 'lower'?", "lower(name)"),
    ("zzz(name)", 0, "no function 'zzz'", "contains("),
    ("name.lower() == 'x'", 5, "name.lower() cannot be called, did you mean 'lower'?", "lower(name)"),
    ("today(1) < due", 0, "today() takes 0 values, not 1", "today()"),
    ("known()", 0, "known() takes 1 value, not 0", "known(name)"),
    ("known(x=1)", 0, "known() takes plain values", ""),
    ("known(*tags)", 0, "known() takes plain values", ""),
    ("days(1.5) == 1", 5, "expected a whole number; 1.5 is a number", ""),
    ("months(name) == 1", 7, "expected a whole number", ""),
    ("days_since(name) > 1", 11, "expected a date or a time; name is text", ""),
    ("contains(severity, '1')", 9, "expected text or a list", ""),
    ("contains(name, 1)", 15, "expected text; 1 is a number", ""),
    ("startswith(1, 'x')", 11, "expected text", ""),
    ("glob(name, name)", 11, "the pattern is a constant text", ""),
    ("len(severity) > 1", 4, "expected text or a list", ""),
    ('state = "open"', 6, "one = does not compare; use ==", "write =="),
    ('客户名称 = "x"', 9, "one = does not compare; use ==", ""),
    ("fan && urgent", 4, "and is written as a word", "write and"),
    ("fan || urgent", 4, "or is written as a word", "write or"),
    ("fan and !urgent", 8, "not is written as a word", "write not"),
    ("fan AND urgent", 4, "written in small letters", "write and"),
    ("NOT fan", 0, "written in small letters", "write not"),
    ("name == “张三”", 8, "“ is not a quote that a condition knows", '"text"'),
    ("客户名称 == ‘x’", 12, "‘ is not a quote", '"text"'),
    ("（fan）", 0, "（ is a full-width", "use ( from"),
    ("severity in (1，2)", 14, "， is a full-width", "use , from"),
    ("金额 ＞ 5", 5, "＞ is a full-width", "use > from"),
    ("金额 ≥ 5", 5, "≥ is a full-width", "use >= from"),
    ("fan　and urgent", 3, "is a full-width", "a space"),
    ("severity === 1", 9, "three = do not compare", "=="),
    ("severity => 1", 9, "the = comes last", ">="),
    ("severity <> 1", 9, "unequal is written !=", "!="),
    ('name like "x%"', 5, "there is no such comparison", "glob("),
    ("severity between 1 and 2", 9, "there is no such comparison", "<="),
    ("(fan", 0, "this bracket is not closed", ""),
    ("fan)", 3, "this bracket was never opened", ""),
    ("(fan]", 4, "this bracket does not fit", ""),
    ('name == "x', 8, "this quote is not closed", ""),
    ("severity ==", 11, "ends too early", ""),
    ("severity 1", 9, "this cannot be read", ""),
    ('name == "\\d"', 8, "a backslash is written twice", ""),
    ("severity == 01", 12, "a number does not begin with 0", ""),
    ("1if fan else 2", 0, "a number ends here", ""),
    ("", 0, "the condition is empty", "state"),
    ("  \n ", 0, "the condition is empty", ""),
    ("fan # urgent\nand urgent", 4, "holds no comments", "quotes"),
    ("fan\x1b[31m", 3, "U+001B cannot stand", ""),
    ("name == '\ud800'", 9, "U+D800 cannot stand", ""),
    ("name == '\\ud800'", 8, "half a character", ""),
    (f"severity == {'9' * 31}", 12, "more than 30 digits", ""),
    ("amount == 1e99", 10, "more than 30 digits", ""),
    (f"amount == 0.{'1' * 31}", 10, "more than 30 digits", ""),
]


@pytest.mark.parametrize(("text", "column", "message", "hint"), ERRORS, ids=[ascii(row[0]) for row in ERRORS])
def test_errors_point_at_the_culprit(text: str, column: int, message: str, hint: str) -> None:
    """An error says what is wrong, shows the text, and has its caret under the culprit, in display cells."""
    error = refused(text)
    what, shown, caret = error.message.split("\n")
    assert message in what
    assert hint in error.hint
    assert shown == text.replace("\n", " ").strip(" ").replace("\x1b", "\ufffd").replace("\ud800", "\ufffd")
    assert caret == " " * column + "^"
    assert error.exit is Exit.USAGE


def test_a_long_condition_is_shown_around_the_culprit() -> None:
    """Of a long text only the neighbourhood of the culprit is shown, with the caret still under it."""
    _, shown, caret = refused(
        " or ".join(["severity == 1"] * 40 + ["statu == 1"] + ["fan"] * 40)
    ).message.split("\n")
    assert len(shown) < 170
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert shown[len(caret) - 1 :].startswith("statu")


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("fan" + " or fan" * 280, True),
        ("fan" + " or fan" * 300, False),
        ("not " * 49 + "fan", True),
        ("not " * 60 + "fan", False),
        ("(" * 190 + "fan" + ")" * 190, True),
        ("(" * 250 + "fan" + ")" * 250, False),
    ],
    ids=["long", "too long", "nested", "nested too deeply", "brackets", "too many brackets"],
)
def test_limits(text: str, allowed: bool) -> None:
    """Conditions are limited in length and depth, generously."""
    if allowed:
        read(text)
    else:
        assert len(refused(text).message) < 400


@pytest.mark.parametrize("failure", [RecursionError, MemoryError])
def test_the_parser_may_run_out_of_depth(failure: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    """What Python's parser gives up on, depending on its version and the stack, is nested too deeply."""

    def parse(*arguments: Any, **options: Any) -> Any:
        raise failure

    monkeypatch.setattr("cskit.where.text.ast.parse", parse)
    assert refused("fan").message.startswith("the condition is nested too deeply\nfan")


PAYLOADS = [
    "().__class__.__bases__[0].__subclasses__()",
    "''.__class__",
    "name.__class__ == 'x'",
    "name.format('x') == 'x'",
    "today.__globals__",
    "today().__class__",
    "known.__code__",
    "profile.__class__ == 'x'",
    "profile.__init__.__globals__ == 'x'",
    "behaviour.__struct_fields__",
    "__import__('os').system('true')",
    "__builtins__",
    "open('/etc/passwd')",
    "eval('1')",
    "exec('x = 1')",
    "compile('1', '', 'eval')",
    "getattr(name, 'x')",
    "globals()",
    "print(1)",
    "9**9**9 > 1",
    "severity ** 99999999 > 1",
    "1 << 99999999 > 1",
    "~severity == 1",
    "'a' * 999999999 == name",
    "999999999 * 'a' == name",
    "[0] * 999999999 == tags",
    "f'{name}' == 'x'",
    "f'{name.__class__}'",
    "'%s' % name == 'x'",
    "b'x' == name",
    "1j == severity",
    "... == severity",
    "[x for x in tags]",
    "{x for x in tags}",
    "{x: 1 for x in tags}",
    "(x for x in tags)",
    "lambda: 1",
    "(lambda: fan)()",
    "(fan := True)",
    "tags[0] == 'x'",
    "name[:1] == 'x'",
    "{'a': 1}",
    "{1, 2}",
    "*tags",
    "await fan",
    "(yield fan)",
    "fan; fan",
    "import os",
    "fan if fan",
    "known(known)",
    "contains(*tags)",
    "glob(name, '*' * 999)",
    "fan\x00",
    "-" * 1999 + "1",
    "(" * 1500,
    "[" * 900 + "]" * 900,
    "not " * 490 + "fan",
    "9" * 1999,
    "1e999999999 > amount",
    "severity == 0x" + "f" * 400,
    "a" + ".a" * 900,
    "severity" + " - -1" * 300 + " > 1",
]


@pytest.mark.parametrize("payload", PAYLOADS, ids=[ascii(payload)[:40] for payload in PAYLOADS])
def test_hostile_conditions_are_refused(payload: str) -> None:
    """Whatever reaches for Python's objects, or for time and memory, is refused at once by our error."""
    start = time.process_time()
    refused(payload)
    assert time.process_time() - start < 1


def test_chains_are_computed_once() -> None:
    """Chains of comparisons inside chains make neither reading nor matching exponential."""
    text = "fan"
    for _ in range(45):
        text = f"(fan == {text} == fan)"
    assert read(text).value(FULL) is True


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("", "", True),
        ("", "a", False),
        ("*", "", True),
        ("**", "ab", True),
        ("?", "", False),
        ("?", "张", True),
        ("a*c", "abc", True),
        ("a*c", "abcd", False),
        ("a?c*", "abc", True),
        ("*b*b", "abab", True),
        ("*aab", "aaaab", True),
        ("a.c", "abc", False),
        ("[ab]", "a", False),
        ("[ab]", "[ab]", True),
        ("*a*b?", "xxaxxbz", True),
        ("*a*b?", "xxaxxb", False),
    ],
)
def test_glob(pattern: str, text: str, fits: bool) -> None:
    """`*` is any text and `?` one character; everything else stands for itself."""
    assert glob(pattern)(text) is fits


def test_glob_is_linear() -> None:
    """A pattern that makes backtracking matchers hang takes one pass over the text."""
    start = time.process_time()
    assert glob("*a" * 500 + "*?b")("a" * 20_000) is False
    assert time.process_time() - start < 1


# --- shortcuts for the store -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "anchors"),
    [
        ('state == "done"', (b'"state":"done"',)),
        ('"已完成" == 状态', (b'"state":"done"',)),
        ('state in ("done",)', (b'"state":"done"',)),
        ('state == "open"', ()),
        ('state in ("done", "closed")', ()),
        ('state != "done"', ()),
        ('not (state == "done")', ()),
        ('not not (state == "done")', ()),
        ('state == "done" or fan', ()),
        ('state == "done" if fan else urgent', ()),
        ('(state == "done") == fan', ()),
        (
            'state == "done" and (name == "张\\"三\\n" and fan)',
            (b'"state":"done"', '"name":"张\\"三\\n"'.encode(), b'"fan":true'),
        ),
        ("fan and fan", (b'"fan":true',)),
        ("fan == False", (b'"fan":false',)),
        ("urgent == False", ()),
        ("severity == 1", (b'"severity":1',)),
        ("severity == 3", ()),
        ("severity == 1.0", ()),
        (f"severity == {10**20}", ()),
        ("amount == 5", ()),
        ('due == "2026/11/2"', (b'"due":"2026-11-02"',)),
        ('received_at == "2026-11-02"', ()),
        ('behaviour.frequency == "weekly"', (b'"frequency":"weekly"',)),
        ('behaviour.channel == "shop"', ()),
        ('profile.爱好 == "x"', ('"爱好":"x"'.encode(),)),
        ('"vip" in tags', (b'"vip"',)),
        ('contains(tags, "vip")', (b'"vip"',)),
        ('"vip" not in tags', ()),
        ("name in tags", ()),
        ('lower(name) == "x"', ()),
        ("1 == severity == 1 and 2 < 3", (b'"severity":1',)),
    ],
)
def test_anchors(text: str, anchors: tuple[bytes, ...]) -> None:
    """Fragments come from positive equalities joined by `and`, never from what the text may leave out."""
    assert read(text).anchors == anchors


class Shop(Record):
    """A record whose group has a default of its own, and a field with another name in JSON."""

    habit: Habit = Habit(frequency="weekly")
    tags: list[str] = msgspec.field(default_factory=lambda: ["new"])
    kind: str = msgspec.field(default="x", name="type")


def test_anchors_know_what_defaults_leave_out() -> None:
    """No fragment is promised that a left-out group or list would hold; JSON's names are used."""

    def anchors(text: str) -> tuple[bytes, ...]:
        return condition(text, Shop, zone=SHANGHAI, now=NOW).anchors

    assert anchors('habit.frequency == "weekly"') == ()
    assert anchors('habit.frequency == "monthly"') == (b'"frequency":"monthly"',)
    assert anchors('"new" in tags') == ()
    assert anchors('"old" in tags') == (b'"old"',)
    assert anchors('kind == "y"') == (b'"type":"y"',)


def test_the_model_holds_the_named_fields_only() -> None:
    """The small struct has the fields that are named, with the record's types, defaults and JSON names."""
    found = read(
        'behaviour.frequency == "weekly" or 状态 == "open" or known(profile.a.b) or behaviour.channel == "x"'
    )
    assert found.names == ("behaviour.frequency", "state", "profile.a.b", "behaviour.channel")
    assert found.model.__struct_fields__ == ("state", "profile", "behaviour")
    empty: Any = msgspec.json.decode(b'{"id":"1","name":2}', type=found.model)
    assert (empty.state, empty.profile, empty.behaviour) == ("open", {}, None)
    shop = condition('kind == "x" and "new" in tags', Shop, zone=SHANGHAI, now=NOW)
    assert shop.matches(msgspec.json.decode(b"{}", type=shop.model))
    assert not shop.matches(msgspec.json.decode(b'{"type":"y"}', type=shop.model))
    assert read("today() > '2026-01-01'").matches(msgspec.json.decode(b'{"id":"1"}', type=read("True").model))


# --- facts -----------------------------------------------------------------------------------------------

FACTS = {
    "orders.count": NameType("integer"),
    "orders.amount": NameType("decimal"),
    "orders.last_on": NameType("date"),
    "opportunity.need": NameType("choice", {"obvious": "明显", "potential": "潜在"}),
    "customer.fan": NameType("boolean"),
    "customer.tags": NameType("list", of=NameType("text")),
    "customer.debts": NameType("list", of=NameType("decimal")),
}


@pytest.mark.parametrize(
    ("text", "facts", "value"),
    [
        ("orders.count > 5 and known(orders.amount)", {"orders.count": 6, "orders.amount": Decimal(1)}, True),
        ("orders.count > 5 and known(orders.amount)", {"orders.count": 6}, False),
        ("orders.count > 5", {}, None),
        ("orders.count > 5", {"orders.count": None}, None),
        ("not orders.count > 5", {}, None),
        ("orders.count + orders.amount > 5", {"orders.count": 3, "orders.amount": 3}, True),
        ("days_since(orders.last_on) > 180", {"orders.last_on": dt.date(2026, 1, 1)}, True),
        ('opportunity.need == "明显"', {"opportunity.need": "obvious"}, True),
        ("customer.fan or orders.count > 1", {"customer.fan": True}, True),
        ('"vip" in customer.tags', {"customer.tags": ["vip"]}, True),
        ("orders.amount > 1", {"orders.amount": Decimal("NaN")}, None),
        ("5 in customer.debts", {"customer.debts": [Decimal(5)]}, True),
        ("5 in customer.debts", {"customer.debts": [Decimal("sNaN")]}, None),
    ],
)
def test_facts(text: str, facts: dict[str, Any], value: bool | None) -> None:
    """Over facts, dotted names are flat keys, and a fact that is absent is unknown."""
    found = expression(text, FACTS, zone=SHANGHAI, now=NOW)
    assert found.value(facts) is value
    assert set(found.names) <= FACTS.keys()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("order.count > 5", "no fact 'order.count', did you mean 'orders.count'?"),
        ("orders > 5", "no fact 'orders', did you mean 'orders.count'?"),
        ("orders.count", "this is a number, not a condition; compare it with something"),
        ('opportunity.need == "obvius"', "opportunity.need has no 'obvius'; did you mean 'obvious'?"),
        ("orders.count == 'x'", "orders.count is a number and 'x' is text: they do not compare"),
    ],
)
def test_errors_over_facts(text: str, message: str) -> None:
    """Mistakes in a rule over facts are explained as those over fields are."""
    with pytest.raises(WhereError) as caught:
        expression(text, FACTS, zone=SHANGHAI, now=NOW)
    assert caught.value.message.split("\n")[0] == message


def test_imports_stay_light() -> None:
    """Reading a condition imports neither click, nor a store, nor what only error messages need."""
    script = (
        "import sys, datetime as dt, zoneinfo, cskit.where as w, cskit.records as r\n"
        "w.condition('schema == 1', r.Record, zone=zoneinfo.ZoneInfo('UTC'), now=dt.datetime.now(dt.UTC))\n"
        "print([n for n in ('click', 'tinydb', 'cskit.store', 'difflib', 'wcwidth') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
