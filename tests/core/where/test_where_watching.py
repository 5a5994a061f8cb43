"""Expressions over rows: constants, values, and what was done with a row, seen as it was done."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cskit import where
from cskit.where import NameType, Watch, WhereError
from cskit_customers.model import Customer

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2026, 11, 22, 8, 30, tzinfo=dt.UTC)
NAMES = {
    "count": NameType("integer"),
    "amount": NameType("decimal"),
    "last": NameType("date"),
    "fan": NameType("boolean"),
    "tier": NameType("choice", {"A": "甲", "B": "乙"}),
}
CONSTANTS = {"often": 5, "large": Decimal("99.5"), "vip": "A", "yes": True, "since": dt.date(2026, 1, 1)}
ROW = (6, Decimal("99.5"), dt.date(2026, 5, 22), None, "A")


def read(text, **options):
    """Return an expression over `NAMES` in rows."""
    options = {"rows": True, "constants": CONSTANTS, **options}
    return where.expression(text, NAMES, zone=SHANGHAI, now=NOW, **options)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("count > often and amount >= large", True),
        ("last < today() - months(often)", True),
        ("last >= since", True),
        ("tier == vip", True),
        ("fan or yes", True),
        ("fan and count > often", None),
        ("tier in ('A', 'B')", True),
    ],
)
def test_constants_and_rows(text, value):
    """A constant takes part as if it were written out, for shifts of days too; a row gives facts by place."""
    found = read(text)
    assert found.value(ROW) is value
    facts = dict(zip(NAMES, ROW, strict=True))
    assert read(text, rows=False).value(facts) is value
    assert not set(found.names) & CONSTANTS.keys()


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("count * 2", "integer", 12),
        ("amount / often", "decimal", Decimal("19.9")),
        ("last + months(1)", "date", dt.date(2026, 6, 22)),
        ("year(last)", "integer", 2026),
        ("year('2025-12-31')", "integer", 2025),
        ("year(now())", "integer", 2026),
        ("0 if count > often else count", "integer", 0),
        ("tier", "choice", "A"),
        ("fan", "boolean", None),
    ],
)
def test_values(text, kind, value):
    """An expression may be any value, of a type that is known beforehand."""
    found = read(text, truth=False)
    assert (found.type.kind, found.value(ROW)) == (kind, value)


def test_a_value_is_no_condition():
    """Where yes or no is asked for, a number is refused as ever; an unknown name lists constants too."""
    with pytest.raises(WhereError, match="a number, not a condition"):
        read("count * 2")
    with pytest.raises(WhereError, match="no fact 'oftne', did you mean 'often'"):
        read("count > oftne")


def test_what_was_seen():
    """Every part that was computed is seen, with what it read; what was not needed is not."""
    watch = Watch()
    found = read("count > often and (tier == 'B' or amount > large) and fan", watch=watch)
    assert found.value(ROW) is False
    (top,) = watch.taken()
    assert (top.kind, top.value) == ("and", False)
    first, second = top.parts
    assert (first.text, first.kind, first.value) == ("count > often", "compare", True)
    assert [(part.text, part.value) for part in first.parts] == [("count", 6)]
    assert (second.kind, [part.value for part in second.parts]) == ("or", [False, False])
    assert watch.taken() == ()


def test_one_row_alone_is_watched():
    """With a row set, what is done with others leaves no trace; a key tells conditions apart."""
    watch = Watch()
    watch.key = "first"
    found = read("count > often", watch=watch)
    watch.key = "second"
    other = read("fan", watch=watch)
    watch.row = row = list(ROW)
    for one in (list(ROW), row, list(ROW)):
        assert (found.value(one), other.value(one)) == (True, None)
    assert [(seen.key, seen.value) for seen in watch.taken()] == [("first", True), ("second", None)]


def test_what_is_compared():
    """A comparison with a constant is known before any row: name, sign and constant, a chain's both ways."""
    watch = Watch()
    read(
        "0 < count <= often and amount + count >= large and tier in ('A', 'B') and count > amount",
        watch=watch,
    )
    told = [(bound.name, bound.of, bound.names, bound.sign, bound.constant) for bound in watch.bounds]
    assert told == [
        ("count", "count", ("count",), ">", 0),
        ("count", "count", ("count",), "<=", 5),
        ("", "amount + count", ("amount", "count"), ">=", Decimal("99.5")),
        ("tier", "tier", ("tier",), "==", "A"),
        ("tier", "tier", ("tier",), "==", "B"),
    ]
    assert watch.bounds[2].value(ROW) == Decimal("105.5")


TEXTS = (
    "count > often or amount > large and not fan",
    "not (count > 3 and (fan or tier == 'B'))",
    "known(fan) and fan or 2 <= count < 9",
    "(amount if fan else count) > often",
)


@given(
    st.sampled_from(TEXTS),
    st.tuples(
        st.none() | st.integers(0, 12),
        st.none() | st.decimals(0, 200, places=2),
        st.none() | st.dates(),
        st.none() | st.booleans(),
        st.none() | st.sampled_from("AB"),
    ),
)
def test_watching_changes_nothing(text, row):
    """Watched or not, a condition gives the same, and the top part seen is that very answer."""
    watch = Watch()
    watched = read(text, watch=watch).value(row)
    assert watched is read(text).value(row)
    assert [seen.value for seen in watch.taken()] == [watched]


def test_fields_of_a_record():
    """A reader decodes just the fields asked for, down into groups and maps, and knows their types."""
    import msgspec

    reader = where.reader(Customer, ["tags", "custom.size", "behaviour.channel", "birth_year"])
    kinds = {path: type_.kind for path, (type_, _get) in reader.fields.items()}
    assert kinds == {
        "tags": "list",
        "custom.size": "text",
        "behaviour.channel": "choice",
        "birth_year": "integer",
    }
    raw = (
        b'{"id":"C-1","name":"x","phone":5,"tags":["a"],"custom":{"size":"L"},"behaviour":{"channel":"both"}}'
    )
    card = msgspec.json.decode(raw, type=reader.model)
    assert card.id == "C-1"
    assert [get(card) for _type, get in reader.fields.values()] == [["a"], "L", "both", None]
    with pytest.raises(where.NoSuchName, match="no field 'tag', did you mean 'tags'"):
        where.reader(Customer, ["tag"])
