"""Record types: what `fields` tells about them, how text becomes values, and how bad rows are explained."""

# ruff: noqa: RUF012 - msgspec gives every record a list or map of its own where the default is an empty one

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import msgspec
import pytest
from msgspec import Meta

from cskit import i18n
from cskit.errors import Problem
from cskit.records import Part, Record, build, field, fields, parse
from cskit.records.wording import MESSAGES, explain
from cskit.values import shown

SHANGHAI = ZoneInfo("Asia/Shanghai")
Weight = Annotated[Decimal, field("Weight", "重量")]
Rank = Literal["VIP", "plain"]


class Spare(Part, kw_only=True, frozen=True):
    """A part inside a part."""

    weight: Weight


class Item(Part, kw_only=True, frozen=True):
    """One line of a parcel."""

    name: Annotated[str, field("Name", "名称", min_length=1)]
    price: Annotated[Decimal, field("Price", "单价")] | None = None
    spares: Annotated[list[Spare], field("Spares", "备件")] = []


class Strict(Part, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A part that msgspec itself keeps free of unknown names."""

    code: Annotated[int, field("Code", "代码")]


class Parcel(Record, kw_only=True, frozen=True):
    """A record with a field of every kind."""

    name: Annotated[str, field("Name", "名称", min_length=1)]
    pieces: Annotated[int, field("Pieces", "件数", unit="pieces", ge=0, le=99)] | None = None
    price: Annotated[Decimal | None, field("Price", "价格", unit="CNY")] = None
    fragile: Annotated[bool, field("Fragile", "易碎")] = False
    sent: Annotated[dt.date, field("Sent on", "发货日期")] | None = None
    seen: Annotated[dt.datetime, field("Last seen", "最近更新", tz=True)] | None = None
    state: (
        Annotated[
            Literal["open", "in_transit", "lost"],
            field("State", "状态", choices={"open": "待发", "in_transit": "运输中"}, owner="parcel send"),
        ]
        | None
    ) = None
    rank: Annotated[Rank, field("Rank", "等级", choices={"VIP": "贵宾"})] | None = None
    tags: Annotated[list[str], field("Tags", "标签")] = []
    sizes: Annotated[tuple[int, ...], field("Sizes", "尺寸")] = ()
    ranks: Annotated[list[Rank], field("Ranks", "等级列表", choices={"VIP": "贵宾"})] = []
    notes: Annotated[dict[str, str], field("Notes", "备注")] = {}
    weights: dict[str, Weight] = {}
    items: Annotated[list[Item], field("Items", "明细")] = []
    main: Annotated[Item, field("Main item", "主件")] | None = None
    strict: Strict | None = None
    phone: Annotated[str, field("Phone", "电话", personal=True, max_length=20)] | None = None
    buyer: Annotated[str, field("Buyer", "买家", ref="customers", create="customer.create")] | None = None
    plate: Annotated[str, field("Plate", "车牌", pattern="^[A-Z]{1,2}$")] | None = None
    labels: Annotated[list[str], field("Labels", "贴纸", min_length=1, max_length=2)] | None = None


# --- fields ------------------------------------------------------------------------------------------------


def test_fields_are_told_in_their_order() -> None:
    """The record's own three come first, then the type's as declared."""
    assert list(fields(Parcel))[:6] == ["id", "key", "schema", "name", "pieces", "price"]
    assert len(fields(Parcel)) == 23


@pytest.mark.parametrize(
    ("name", "kind", "required", "default", "of"),
    [
        ("id", "text", True, None, None),
        ("schema", "integer", False, 1, None),
        ("name", "text", True, None, None),
        ("pieces", "integer", False, None, None),
        ("price", "decimal", False, None, None),
        ("fragile", "boolean", False, False, None),
        ("sent", "date", False, None, None),
        ("seen", "time", False, None, None),
        ("state", "choice", False, None, ("open", "in_transit", "lost")),
        ("tags", "list", False, [], str),
        ("sizes", "list", False, (), int),
        ("notes", "map", False, {}, str),
        ("weights", "map", False, {}, Weight),
        ("items", "list", False, [], Item),
        ("main", "struct", False, None, Item),
    ],
)
def test_kind_and_default(name: str, kind: str, required: bool, default: Any, of: Any) -> None:
    """Optional or annotated in whatever order, the kind, the default and the element's type are found."""
    info = fields(Parcel)[name]
    assert (info.kind, info.required, info.default, info.of) == (kind, required, default, of)


def test_what_field_describes_is_told_back() -> None:
    """Titles, unit, reference, choices, personal mark and owner come back as they were declared."""
    known = fields(Parcel)
    assert (known["pieces"].en, known["pieces"].zh, known["pieces"].unit) == ("Pieces", "件数", "pieces")
    assert (known["price"].en, known["price"].unit) == ("Price", "CNY")
    assert (known["buyer"].ref, known["buyer"].create) == ("customers", "customer.create")
    assert known["state"].choices == {"open": "待发", "in_transit": "运输中"}
    assert known["state"].owner == "parcel send"
    assert [name for name, info in known.items() if info.personal] == ["phone"]


def test_fields_without_a_label_have_titles() -> None:
    """The record's own fields are titled in both languages, an undescribed one by its name."""
    known = fields(Parcel)
    assert (known["id"].en, known["id"].zh) == ("ID", "编号")
    assert (known["key"].en, known["key"].zh) == ("External key", "外部编号")
    assert (known["weights"].en, known["weights"].zh) == ("Weights", "weights")


@pytest.mark.parametrize("hint", [int | str, float, set[str], bytes, list], ids=str)
def test_types_a_field_cannot_hold_are_refused(hint: Any) -> None:
    """A record type with a type that has no form in tables and files fails when it is first looked at."""
    model = msgspec.defstruct("Odd", [("odd", hint)])
    with pytest.raises(TypeError, match="a record's field"):
        fields(model)


# --- parse -------------------------------------------------------------------------------------------------

GOOD: list[tuple[str, str, Any]] = [
    ("name", "  张三 ", "张三"),
    ("name", "００7", "００7"),
    ("pieces", "42", 42),
    ("pieces", "-3", -3),
    ("pieces", "3.00", 3),
    ("pieces", "1,234,567", 1234567),
    ("pieces", "１２，３４５", 12345),
    ("price", "1234.50", Decimal("1234.50")),
    ("price", "¥1,234.50", Decimal("1234.50")),
    ("price", "￥ 1，234.5", Decimal("1234.5")),
    ("price", "-0.5", Decimal("-0.5")),
    ("price", ".5", Decimal("0.5")),
    ("price", "１２．５", Decimal("12.5")),
    ("price", "9" * 28, Decimal("9" * 28)),
    ("fragile", "yes", True),
    ("fragile", "TRUE", True),
    ("fragile", "是", True),
    ("fragile", "有", True),
    ("fragile", "1", True),
    ("fragile", "No", False),
    ("fragile", "否", False),
    ("fragile", "无", False),
    ("fragile", "0", False),
    ("sent", "2026-11-22", dt.date(2026, 11, 22)),
    ("sent", "2026/1/2", dt.date(2026, 1, 2)),
    ("sent", "2026.1.2", dt.date(2026, 1, 2)),
    ("sent", "20261122", dt.date(2026, 11, 22)),
    ("sent", "2026年11月2日", dt.date(2026, 11, 2)),
    ("sent", "2026年11月2", dt.date(2026, 11, 2)),
    ("sent", "２０２６年１１月２日", dt.date(2026, 11, 2)),
    ("sent", "2028-02-29", dt.date(2028, 2, 29)),
    ("seen", "2026-11-22T16:30:00Z", dt.datetime(2026, 11, 22, 16, 30, tzinfo=dt.UTC)),
    ("seen", "2026-11-22T16:30:00.9+08:00", dt.datetime(2026, 11, 22, 8, 30, tzinfo=dt.UTC)),
    ("seen", "2026-11-22 16:30", dt.datetime(2026, 11, 22, 8, 30, tzinfo=dt.UTC)),
    ("seen", "2026/11/2 8:05", dt.datetime(2026, 11, 2, 0, 5, tzinfo=dt.UTC)),
    ("seen", "2026年11月2日 8:05:30", dt.datetime(2026, 11, 2, 0, 5, 30, tzinfo=dt.UTC)),
    ("seen", "2026年11月2日18：05", dt.datetime(2026, 11, 2, 10, 5, tzinfo=dt.UTC)),
    ("seen", "2026-11-22", dt.datetime(2026, 11, 21, 16, 0, tzinfo=dt.UTC)),
    ("state", "in_transit", "in_transit"),
    ("state", "In_Transit", "in_transit"),
    ("state", "运输中", "in_transit"),
    ("state", "LOST", "lost"),
    ("rank", "vip", "VIP"),
    ("rank", "贵宾", "VIP"),
    ("tags", "快递; 易碎；大件、 ", ["快递", "易碎", "大件"]),
    ("tags", "a,b", ["a,b"]),
    ("sizes", "1; 2；３", [1, 2, 3]),
    ("ranks", "贵宾、plain", ["VIP", "plain"]),
    ("notes", '{"颜色":"红"}', {"颜色": "红"}),
    ("items", '[{"name":"盒","price":1.10}]', [{"name": "盒", "price": Decimal("1.10")}]),
    ("main", '{"name":"盒"}', {"name": "盒"}),
]


@pytest.mark.parametrize(("name", "text", "expected"), GOOD, ids=[f"{name}={text}" for name, text, _ in GOOD])
def test_text_becomes_a_value(name: str, text: str, expected: Any) -> None:
    """What people type, in Chinese or English, full-width or not, becomes the one value it can mean."""
    found = parse(fields(Parcel)[name], text, SHANGHAI)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(("name", "text", "expected"), GOOD, ids=[f"{name}={text}" for name, text, _ in GOOD])
def test_parsed_values_fit_the_record(name: str, text: str, expected: Any) -> None:
    """Nothing `parse` returns is refused by `build` for its form, only for a limit of the field."""
    found = build(Parcel, {"id": "1", "name": "x", name: parse(fields(Parcel)[name], text, SHANGHAI)})
    if isinstance(found, list):
        assert [problem.message for problem in found] in (
            ["expected a number >= 0"],
            ["expected a number <= 99"],
        )


NUMBER = "expected a number such as 1234.50"
WHOLE = "expected a whole number"
DAY = "expected a date such as 2026-11-22"
NO_VALUE = "not JSON: expecting value at character 1"
TIME = "expected a time such as 2026-11-22T16:30"
BAD: list[tuple[str, str, str]] = [
    ("pieces", "", WHOLE),
    ("pieces", "many", WHOLE),
    ("pieces", "3.5", WHOLE),
    ("pieces", "1,5", WHOLE),
    ("pieces", "1,2,3", WHOLE),
    ("pieces", "1,2345", WHOLE),
    ("pieces", "1e3", WHOLE),
    ("pieces", "1_000", WHOLE),
    ("pieces", "٣", WHOLE),
    ("pieces", "9" * 19, WHOLE),
    ("pieces", "9" * 5000, WHOLE),
    ("price", "", NUMBER),
    ("price", "NaN", NUMBER),
    ("price", "Infinity", NUMBER),
    ("price", "1e5", NUMBER),
    ("price", "1.2.3", NUMBER),
    ("price", "12,50", NUMBER),
    ("price", "5元", NUMBER),
    ("price", ".", NUMBER),
    ("price", "9" * 29, NUMBER),
    ("fragile", "maybe", "expected yes or no (是 or 否)"),
    ("fragile", "", "expected yes or no (是 or 否)"),
    ("sent", "22.11.2026", DAY),
    ("sent", "2026-11", DAY),
    ("sent", "2026-11-22\n2026-11-23", DAY),
    ("sent", "tomorrow", DAY),
    ("sent", "٢٠٢٦-11-22", DAY),
    ("sent", "2026-02-29", "no such day in the calendar"),
    ("sent", "0000-01-01", "no such day in the calendar"),
    ("seen", "16:30", TIME),
    ("seen", "2026-11-22 25:00", TIME),
    ("seen", "2026-02-30 10:00", TIME),
    ("seen", "0001-01-01", TIME),
    ("seen", "9999-12-31T23:00-05:00", TIME),
    ("state", "gone", "expected one of open (待发), in_transit (运输中), lost"),
    ("rank", "", "expected one of VIP (贵宾), plain"),
    ("sizes", "1; two", WHOLE),
    ("ranks", "VIP; gold", "expected one of VIP (贵宾), plain"),
    (
        "notes",
        "red",
        'expected JSON, such as {"key": "text"} (not JSON: expecting value at character 1)',
    ),
    (
        "notes",
        '{"a":"1","a":"2"}',
        'expected JSON, such as {"key": "text"} (the key \'a\' is named more than once in one object)',
    ),
    (
        "items",
        "[NaN]",
        'expected JSON, such as [{"name": "…"}] (\'NaN\' is not a JSON number)',
    ),
    (
        "main",
        "",
        f'expected JSON, such as {{"name": "…"}} ({NO_VALUE})',
    ),
]


@pytest.mark.parametrize(("name", "text", "said"), BAD, ids=[f"{n}={t[:30]!r}" for n, t, _ in BAD])
def test_text_that_does_not_fit_is_refused(name: str, text: str, said: str) -> None:
    """The message says what was expected; nothing is guessed from a number written in two ways."""
    with pytest.raises(ValueError, match=re.escape(said)) as caught:
        parse(fields(Parcel)[name], text, SHANGHAI)
    assert str(caught.value) == said


# --- build -------------------------------------------------------------------------------------------------


def problems_of(**values: Any) -> list[Problem]:
    """Return what `build` finds wrong with a parcel of these values."""
    found = build(Parcel, {"id": "P-1", "name": "盒", **values}, line=7)
    assert isinstance(found, list)
    return found


def test_good_values_become_a_record() -> None:
    """Values as parsed, and values as JSON has them, make the same record."""
    parsed = build(
        Parcel,
        {"id": "P-1", "name": "盒", "price": Decimal("1.50"), "sent": dt.date(2026, 11, 22), "tags": ["a"]},
    )
    stored = build(Parcel, {"id": "P-1", "name": "盒", "price": "1.50", "sent": "2026-11-22", "tags": ["a"]})
    assert isinstance(parsed, Parcel)
    assert parsed == stored
    assert msgspec.json.encode(parsed) == (
        '{"id":"P-1","name":"盒","price":"1.50","sent":"2026-11-22","tags":["a"]}'.encode()
    )


def test_all_problems_of_a_row_are_listed_at_once() -> None:
    """Unknown names, bad values and missing fields come together, with line, column and value."""
    found = build(
        Parcel,
        {"nmae": "x", "pieces": 100, "price": Decimal("NaN"), "rank": "gold", "tags": ["a", 3], "zz": 1},
        line=12,
    )
    assert found == [
        Problem(12, "nmae", "***", "no such field; did you mean name?"),
        Problem(12, "pieces", "100", "expected a number <= 99"),
        Problem(12, "price", "NaN", "expected a number such as 1234.50"),
        Problem(12, "rank", "gold", "is not one of the choices"),
        Problem(12, "tags", '["a",3]', "[1]: expected text, not a whole number"),
        Problem(12, "zz", "***", "no such field"),
        Problem(12, "id", "", "is required"),
        Problem(12, "name", "", "is required"),
    ]


def of_type(hint: Any, value: Any) -> Callable[[], object]:
    """Return what makes msgspec refuse a value of no record's type."""
    return lambda: msgspec.convert(value, hint, strict=True)


def of_json(raw: bytes) -> Callable[[], object]:
    """Return what makes msgspec refuse bytes."""
    return lambda: msgspec.json.decode(raw)


def says(text: str) -> Callable[[], object]:
    """Return what says what msgspec may say of values that no record's field can have."""

    def refuse() -> None:
        raise msgspec.ValidationError(text)

    return refuse


NAIVE = Annotated[dt.datetime, Meta(tz=False)]

# What makes msgspec say it, and what we say: one case at least for every line of `MESSAGES`, so that a
# msgspec with other words fails here.
EXPLAINED: list[tuple[dict[str, Any] | Callable[[], object], str]] = [
    ({"name": ""}, "must not be empty"),
    ({"items": [{"name": ""}]}, "[0].name: must not be empty"),
    ({"phone": "1" * 21}, "expected a length <= 20"),
    ({"labels": []}, "expected a length >= 1"),
    ({"labels": ["a", "b", "c"]}, "expected a length <= 2"),
    ({"pieces": -1}, "expected a number >= 0"),
    ({"pieces": 100}, "expected a number <= 99"),
    ({"plate": "沪A"}, "expected text of the form '^[A-Z]{1,2}$'"),
    ({"state": "gone"}, "is not one of the choices"),
    ({"ranks": ["gold"]}, "[0]: is not one of the choices"),
    ({"sent": "22.11.2026"}, "expected a date such as 2026-11-22"),
    ({"seen": "22.11.2026"}, "expected a time such as 2026-11-22T16:30:00Z"),
    ({"seen": "2026-11-22T16:30:00"}, "expected a time with an offset, such as …T16:30:00Z"),
    ({"price": "1.2.3"}, "expected a number such as 1234.50"),
    ({"items": [{"name": "a"}, {"name": "b", "price": "x"}]}, "[1].price: expected a number such as 1234.50"),
    ({"main": {}}, "needs name"),
    ({"items": [{"name": "a"}, {}]}, "[1]: needs name"),
    ({"strict": {"code": 1, "colour": "red"}}, "has no field colour"),
    ({"name": 5}, "expected text, not a whole number"),
    ({"pieces": "5"}, "expected a whole number, not text"),
    ({"fragile": 1}, "expected yes or no, not a whole number"),
    ({"notes": {"a": 1}}, "[...]: expected text, not a whole number"),
    ({"tags": "a"}, "expected a list, not text"),
    ({"name": None}, "expected text, not nothing"),
    (of_type(tuple[int, int], [1]), "expected a length of 2"),
    (of_type(Annotated[tuple[int, ...], Meta(max_length=1)], [1, 2]), "expected a length <= 1"),
    (of_type(Literal[1, 2], 3), "is not one of the choices"),
    (of_type(int | bool | None, "x"), "expected yes or no or a whole number, not text"),
    (of_type(Annotated[int, Meta(multiple_of=5)], 3), "expected a multiple of 5"),
    (of_type(dt.time, "x"), "expected a time of day such as 16:30"),
    (of_type(dt.timedelta, "x"), "expected a duration such as PT2H"),
    (of_type(NAIVE, "2026-11-22T16:30:00Z"), "expected a time without an offset"),
    (of_type(uuid.UUID, "x"), "is not of the form expected here"),
    (of_json(b'{"a":'), "ends too early"),
    (of_json(b"{'a'"), "is not JSON, from byte 1 on"),
    (of_json(b"1e999"), "is too large a number"),
    (lambda: b"\xff".decode(), "is no UTF-8 text"),
    (of_type(dict[int, int], {"x": 1}), "expected a whole number, not text"),
    (says("Expected `array` - at `$.a`"), "a: expected a list"),
]


@pytest.mark.parametrize(("what", "said"), EXPLAINED, ids=[said for _, said in EXPLAINED])
def test_msgspecs_words_become_ours(what: dict[str, Any] | Callable[[], object], said: str) -> None:
    """Each way of not fitting is explained without the validator's own wording."""
    if isinstance(what, dict):
        (name,) = what
        (problem,) = problems_of(**what)
        assert (problem.line, problem.column, problem.message) == (7, name, said)
        return
    with pytest.raises((msgspec.MsgspecError, UnicodeDecodeError)) as caught:
        what()
    assert explain(caught.value) == said, str(caught.value)


def refused(what: dict[str, Any] | Callable[[], object]) -> str:
    """Return what msgspec says itself."""
    if isinstance(what, dict):
        ((name, value),) = what.items()
        what = of_type(fields(Parcel)[name].type, value)
    with pytest.raises((msgspec.MsgspecError, UnicodeDecodeError)) as caught:
        what()
    return str(caught.value)


def test_every_explanation_is_tested() -> None:
    """The table above leaves out no line of the explanations."""
    texts = [refused(what) for what, _said in EXPLAINED]
    first = {next(n for n, (pattern, _) in enumerate(MESSAGES) if re.search(pattern, text)) for text in texts}
    assert first == set(range(len(MESSAGES)))


FORMS = rb"Expected `|Invalid |Object (?:contains|missing)|Integer value|Number out|JSON is|Input data"
ELSEWHERE = ("MessagePack", "rename", "`bytes`", "_value2member_map_", "tag", "at least", "at most", "%zd to")
"""Of other formats and of types that no record's field can have."""
FILLED = {
    "`%U`, got `%s`": "`int`, got `str`",
    "field `%U`": "field `x`",
    "`%s`": "`int`",
    "%U": "",
    "%R": "'x'",
    "%zd": "3",
    "%lld": "3",
    "%llu": "3",
    "%s": ">=",
}


def test_no_message_of_msgspec_is_left_out() -> None:
    """Every message in msgspec's own code that a JSON value can bring about is one we have words for."""
    import msgspec._core

    code = Path(msgspec._core.__file__).read_bytes()
    found = {text.decode() for text in re.findall(rb"(?:" + FORMS + rb")[ -~]+", code)}
    assert len(found) > 30
    for text in found:
        if not any(word in text for word in ELSEWHERE):
            for sign, value in FILLED.items():
                text = text.replace(sign, value)
            assert explain(ValueError(text)) != text, text


def test_kinds_of_values_are_in_the_users_language() -> None:
    """A kind of value is named in the user's words, also beside others; that it may be absent is left out."""
    before = i18n.spoken()
    try:
        i18n.use("zh")
        said = explain(ValueError("Expected `str | int | null`, got `bool` - at `$.a[0]`"))
    finally:
        i18n.resume(before)
    assert said == "a[0]：应为 文字 或 整数，而不是 是或否"


@pytest.mark.parametrize("text", ["NaN", "-Infinity", "sNaN", "inf"])
@pytest.mark.parametrize(
    ("name", "place", "where"),
    [
        ("price", lambda number: number, ""),
        ("main", lambda number: {"name": "a", "price": number}, "price: "),
        ("items", lambda number: [{"name": "a"}, {"name": "b", "price": number}], "[1].price: "),
        (
            "items",
            lambda number: [{"name": "a", "spares": [{"weight": number}]}],
            "[0].spares[0].weight: ",
        ),
        ("weights", lambda number: {"gross": number}, "gross: "),
    ],
    ids=["field", "part", "list-of-parts", "part-in-a-part", "map"],
)
def test_numbers_must_be_finite(name: str, place: Any, where: str, text: str) -> None:
    """NaN and infinity are refused as decimal and as text, at any depth."""
    for number in (Decimal(text), text):
        (problem,) = problems_of(**{name: place(number)})
        assert (problem.column, problem.message) == (name, f"{where}expected a number such as 1234.50")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"main": {"name": "a", "pirce": "1"}}, "pirce: no such field; did you mean price?"),
        ({"items": [{"name": "a", "colour": "red"}]}, "[0].colour: no such field"),
        (
            {"items": [{"name": "a", "spares": [{"weight": "1", "wieght": 2}]}]},
            "[0].spares[0].wieght: no such field; did you mean weight?",
        ),
    ],
    ids=["part", "list-of-parts", "part-in-a-part"],
)
def test_unknown_names_inside_parts_are_refused(values: dict[str, Any], said: str) -> None:
    """A misspelt name inside a part is an error, not a value that vanishes."""
    assert [problem.message for problem in problems_of(**values)] == [said]


def test_a_check_over_several_fields_is_explained() -> None:
    """What a record type checks as a whole is one problem of the row, in the type's own words."""

    class Span(Record, kw_only=True, frozen=True):
        first: int
        last: int

        def __post_init__(self) -> None:
            if self.first > self.last:
                raise ValueError("first must not be after last")

    assert isinstance(build(Span, {"id": "1", "first": 1, "last": 2}), Span)
    assert build(Span, {"id": "1", "first": 3, "last": 2}, line=4) == [
        Problem(4, "", "", "first must not be after last")
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("张三", "张三"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 57 + "…"),
        (Decimal("1.50"), "1.50"),
        (dt.date(2026, 11, 22), "2026-11-22"),
        (True, "true"),
        (None, "null"),
        ({"a": [1]}, '{"a":[1]}'),
    ],
    ids=["text", "60", "61", "decimal", "date", "boolean", "none", "map"],
)
def test_values_in_messages_are_short(value: Any, expected: str) -> None:
    """A value in an error message is its text, cut after sixty characters."""
    assert shown(value) == expected


@pytest.mark.parametrize("hint", [list[str], dict[str, str], int])
def test_references_only_in_texts(hint) -> None:
    """A reference in a list, map or number would not be checked, so such a record type is refused."""
    model = msgspec.defstruct(
        "Visit",
        [("customer", Annotated[hint, field("C", "客", ref="customers")])],
        bases=(Record,),
        kw_only=True,
    )
    with pytest.raises(TypeError, match=r"Visit\.customer: ref= needs a text field"):
        fields(model)
