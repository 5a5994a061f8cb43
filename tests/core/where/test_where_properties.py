"""Conditions against an independent reading of them: random conditions, random records, arbitrary text."""

from __future__ import annotations

import calendar
import datetime as dt
import decimal
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from cskit.records import Part, Record, field
from cskit.where import Condition, WhereError, condition
from cskit.where.functions import glob

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2026, 3, 31, 18, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 4, 1)
CODES = {"open": "处理中", "done": "已完成", "closed": "已关闭"}


class Spot(Part):
    """A group whose fields have defaults of their own."""

    city: Annotated[str | None, field("City", "城市")] = "a"
    floor: Annotated[int | None, field("Floor", "楼层")] = None


class Thing(Record):
    """A small record with every kind of field, defaults that are left out, and missing values."""

    state: Annotated[Literal["open", "done", "closed"], field("State", "状态", choices=CODES)] = "open"
    name: Annotated[str | None, field("Name", "名称")] = None
    count: int = 1
    amount: Decimal | None = None
    fan: bool | None = None
    urgent: bool = False
    due: dt.date | None = None
    at: dt.datetime | None = None
    tags: list[str] | None = msgspec.field(default_factory=list)
    profile: dict[str, str] = msgspec.field(default_factory=dict)
    spot: Spot | None = None
    home: Spot = Spot(city="b")


TEXTS = st.sampled_from(["", "a", "b", "ab", "A", "张三", 'q"\\', "\n", "open", "é\U0001f600"])
NUMBERS = st.integers(-3, 3)
MONEY = st.builds(lambda cents: Decimal(cents).scaleb(-2), st.integers(-300, 300))
DAYS = st.dates(dt.date(2026, 1, 28), dt.date(2026, 4, 5)) | st.just(dt.date(9999, 12, 31))
TIMES = st.datetimes(dt.datetime(2026, 3, 30), dt.datetime(2026, 4, 2), timezones=st.just(dt.UTC)).map(  # noqa: DTZ001 - the strategy adds the zone
    lambda moment: moment.replace(minute=0, second=0, microsecond=0)
)
SPOTS = st.builds(Spot, city=st.none() | TEXTS, floor=st.none() | NUMBERS)
THINGS = st.builds(
    Thing,
    id=st.just("T-1"),
    state=st.sampled_from(list(CODES)),
    name=st.none() | TEXTS,
    count=NUMBERS,
    amount=st.none() | MONEY,
    fan=st.none() | st.booleans(),
    urgent=st.booleans(),
    due=st.none() | DAYS,
    at=st.none() | TIMES,
    tags=st.none() | st.lists(TEXTS, max_size=3),
    profile=st.dictionaries(st.sampled_from(["x", "y", "爱好"]), TEXTS, max_size=2),
    spot=st.none() | SPOTS,
    home=SPOTS,
)

# A node is (text, meaning): the condition as typed, and what it must give for a record.
Meaning = Callable[[Thing], Any]
Node = tuple[str, Meaning]
EXACT = decimal.Context(prec=50, Emin=-999, Emax=999)
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
EQUALITIES = st.sampled_from(["==", "!="])


def known(function: Callable[..., Any], *nodes: Node) -> Meaning:
    """Apply `function` where all parts are known and it has a result."""

    def meaning(thing: Thing) -> Any:
        values = [node[1](thing) for node in nodes]
        if any(value is None for value in values):
            return None
        try:
            return function(*values)
        except (ArithmeticError, ValueError):
            return None

    return meaning


def constant(text: str, value: Any) -> Node:
    """Return a node that is the same for every record."""
    return text, lambda thing: value


def quoted(value: str) -> str:
    """Write a text as a constant; JSON's escapes for these texts are Python's as well."""
    return msgspec.json.encode(value).decode()


def part(thing: Thing, name: str) -> Any:
    """Read a dotted name."""
    value: Any = thing
    for step in name.split("."):
        if value is not None:
            value = value.get(step) if isinstance(value, dict) else getattr(value, step)
    return value


def named(*names: str) -> st.SearchStrategy[Node]:
    """Name one of some fields."""
    return st.sampled_from([(name, lambda thing, name=name: part(thing, name)) for name in names])


def months_on(day: dt.date, count: int) -> dt.date:
    """Step from month to month, and cut the day to the last month's length."""
    year, month = day.year, day.month
    for _ in range(abs(count)):
        month += 1 if count > 0 else -1
        if month in (0, 13):
            year, month = (year - 1, 12) if month == 0 else (year + 1, 1)
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def arithmetic(sign: str, left: Node, right: Node) -> Node:
    """Calculate with two numbers."""

    def exact(a: Any, b: Any) -> Any:
        if isinstance(a, int) and isinstance(b, int) and sign != "/":
            return {"+": a + b, "-": a - b, "*": a * b}[sign]
        with decimal.localcontext(EXACT):
            first, second = Decimal(a), Decimal(b)
            if sign == "/":
                return first / second
            return {"+": first + second, "-": first - second, "*": first * second}[sign]

    return f"({left[0]} {sign} {right[0]})", known(exact, left, right)


def chosen(test: Node, then: Node, otherwise: Node) -> Node:
    """Choose by a condition, which may be unknown."""

    def meaning(thing: Thing) -> Any:
        decided = test[1](thing)
        return None if decided is None else then[1](thing) if decided else otherwise[1](thing)

    return f"({then[0]} if {test[0]} else {otherwise[0]})", meaning


def both(left: Node, right: Node) -> Node:
    """Join by `and`: the least of false < unknown < true."""
    return f"({left[0]} and {right[0]})", lambda thing: worst([left[1](thing), right[1](thing)])


def one(left: Node, right: Node) -> Node:
    """Join by `or`: the greatest of false < unknown < true."""
    return f"({left[0]} or {right[0]})", lambda thing: best([left[1](thing), right[1](thing)])


ORDER = [False, None, True]


def worst(values: list[bool | None]) -> bool | None:
    """Return the least of some truth values."""
    return ORDER[min(map(ORDER.index, values))]


def best(values: list[bool | None]) -> bool | None:
    """Return the greatest of some truth values."""
    return ORDER[max(map(ORDER.index, values))]


def compared(sign: str, left: Node, right: Node) -> Node:
    """Compare two values."""
    return f"({left[0]} {sign} {right[0]})", known(COMPARISONS[sign], left, right)


def chained(first: str, second: str, a: Node, b: Node, c: Node) -> Node:
    """Compare three values in a chain."""
    links = [known(COMPARISONS[first], a, b), known(COMPARISONS[second], b, c)]
    return f"({a[0]} {first} {b[0]} {second} {c[0]})", lambda thing: worst([link(thing) for link in links])


def listed(item: Node, constants: list[Node], negated: bool) -> Node:
    """Look for a value among constants."""
    inside = ", ".join(node[0] for node in constants)
    values = [node[1](Thing(id="")) for node in constants]
    word = "not in" if negated else "in"
    return f"({item[0]} {word} ({inside},))", known(lambda value: (value in values) is not negated, item)


def held(item: Node, form: str) -> Node:
    """Look for a value in the record's list; nothing is in an empty one."""

    def meaning(thing: Thing) -> Any:
        if not thing.tags:
            return None if thing.tags is None else False
        value = item[1](thing)
        return None if value is None else value in thing.tags

    return form.format(item[0]), meaning


SIGN = st.sampled_from(list(COMPARISONS))
WHOLE_CONSTANT = NUMBERS.map(lambda value: constant(str(value), value))
NUMBER_CONSTANT = WHOLE_CONSTANT | MONEY.map(lambda value: constant(f"{value:.2f}", value))
TEXT_CONSTANT = TEXTS.map(lambda value: constant(quoted(value), value))
WORD_CONSTANT = TEXTS.filter(bool).map(lambda value: constant(quoted(value), value))  # "" equals no field
DAY_CONSTANT = DAYS.map(lambda value: constant(f'"{value}"', value))
TIME_CONSTANT = TIMES.map(lambda value: constant(f'"{value.isoformat()}"', value)) | st.dates(
    dt.date(2026, 3, 30), dt.date(2026, 4, 2)
).map(lambda day: constant(f'"{day}"', dt.datetime.combine(day, dt.time(), SHANGHAI)))
CODE = st.sampled_from(list(CODES))
CODE_CONSTANT = CODE.map(lambda code: constant(quoted(code), code)) | CODE.map(
    lambda code: constant(quoted(CODES[code]), code)
)
TEXT_FIELD = named("name", "profile.x", "profile.爱好", "spot.city", "home.city")
STATE = named("state")


def texts() -> st.SearchStrategy[Node]:
    """Texts that come from the record."""
    lowered = TEXT_FIELD.map(lambda node: (f"lower({node[0]})", known(str.lower, node)))
    return TEXT_FIELD | lowered


def days(numbers: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Days that come from the record or the clock, shifted or not."""
    start = named("due") | st.just(constant("today()", TODAY))
    whole = WHOLE_CONSTANT | named("count", "spot.floor")

    def shifted(node: Node, count: Node, sign: str) -> Node:
        move = 1 if sign == "+" else -1
        return f"({node[0]} {sign} days({count[0]}))", known(
            lambda day, n: day + dt.timedelta(days=move * n), node, count
        )

    def moved(node: Node, count: Node, sign: str) -> Node:
        move = 1 if sign == "+" else -1
        return f"({node[0]} {sign} months({count[0]}))", known(
            lambda day, n: months_on(day, move * n), node, count
        )

    signs = st.sampled_from("+-")
    return start | st.builds(shifted, start, whole, signs) | st.builds(moved, start, whole, signs)


def numbers(conditions: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Numbers that come from the record, calculated or not."""
    leaf = named("count", "amount", "spot.floor", "home.floor")
    length = (TEXT_FIELD | named("tags")).map(lambda node: (f"len({node[0]})", known(len, node)))
    since = named("due").map(
        lambda node: (f"days_since({node[0]})", known(lambda day: (TODAY - day).days, node))
    )
    minus = leaf.map(lambda node: (f"(-{node[0]})", known(lambda value: -value, node)))
    apart = named("due").map(
        lambda node: (f"({node[0]} - today())", known(lambda day: (day - TODAY).days, node))
    )
    simple = leaf | length | since | minus | apart
    operand = simple | NUMBER_CONSTANT
    return (
        simple
        | st.builds(arithmetic, st.sampled_from("+-*/"), operand, operand)
        | st.builds(chosen, conditions, operand, operand)
    )


def leaves() -> st.SearchStrategy[Node]:
    """Conditions without other conditions in them."""
    fan = named("fan", "urgent")
    number = numbers(fan)
    day = days(number)
    instant = named("at") | st.just(constant("now()", NOW))
    anything = named("name", "amount", "due", "tags", "spot", "spot.floor", "profile.x", "fan")
    item = TEXT_CONSTANT | TEXT_FIELD
    inner = st.sampled_from(["contains({}, {})", "startswith({}, {})", "endswith({}, {})"])

    def inside(form: str, whole: Node, piece: Node) -> Node:
        functions: dict[str, Callable[[str, str], bool]] = {
            "c": lambda text, found: found in text,
            "s": str.startswith,
            "e": str.endswith,
        }
        return form.format(whole[0], piece[0]), known(functions[form[0]], whole, piece)

    return st.one_of(
        fan,
        st.builds(compared, EQUALITIES, STATE, CODE_CONSTANT),
        st.builds(compared, EQUALITIES, CODE_CONSTANT, STATE),
        st.builds(listed, STATE, st.lists(CODE_CONSTANT, min_size=1, max_size=2), st.booleans()),
        st.builds(compared, SIGN, number, number | NUMBER_CONSTANT),
        st.builds(compared, SIGN, NUMBER_CONSTANT, number),
        st.builds(compared, st.just("=="), named("count", "spot.floor"), WHOLE_CONSTANT),
        st.builds(chained, SIGN, SIGN, number | NUMBER_CONSTANT, number, number | NUMBER_CONSTANT),
        st.builds(listed, number, st.lists(NUMBER_CONSTANT, min_size=1, max_size=3), st.booleans()),
        st.builds(compared, SIGN, texts(), texts() | WORD_CONSTANT),
        st.builds(compared, st.sampled_from(["<", ">", "<=", ">="]), texts(), TEXT_CONSTANT),
        st.builds(compared, st.just("=="), TEXT_FIELD, WORD_CONSTANT),
        st.builds(listed, TEXT_FIELD, st.lists(WORD_CONSTANT, min_size=1, max_size=3), st.booleans()),
        st.builds(compared, SIGN, day, day | DAY_CONSTANT),
        st.builds(compared, SIGN, DAY_CONSTANT, day),
        st.builds(compared, SIGN, instant, instant | TIME_CONSTANT),
        st.builds(compared, st.just("=="), fan, st.booleans().map(lambda value: constant(str(value), value))),
        st.builds(inside, inner, TEXT_FIELD, item),
        st.builds(held, item, st.sampled_from(["({} in tags)", "contains(tags, {})"])),
        anything.map(lambda node: (f"known({node[0]})", lambda thing: node[1](thing) is not None)),
    )


def joined(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Conditions made of others."""
    opposite = inner.map(lambda node: (f"(not {node[0]})", known(lambda value: not value, node)))
    return st.one_of(
        st.builds(both, inner, inner),
        st.builds(both, inner, inner),
        st.builds(one, inner, inner),
        opposite,
        st.builds(chosen, inner, inner, inner),
        st.builds(compared, EQUALITIES, inner, inner),
    )


CONDITIONS = st.recursive(leaves(), joined, max_leaves=6)
FEW = settings(max_examples=150, deadline=None)


def read(text: str) -> Condition:
    """Read a condition on `Thing`."""
    return condition(text, Thing, zone=SHANGHAI, now=NOW)


@FEW
@given(CONDITIONS, st.lists(THINGS, min_size=1, max_size=5))
def test_a_condition_means_what_it_says(node: Node, things: list[Thing]) -> None:
    """The value agrees with a plain interpreter, also for a stored copy, decoded small or whole."""
    assume(len(node[0]) <= 2000)
    found = read(node[0])
    for thing in things:
        expected = node[1](thing)
        assert found.value(thing) is expected
        assert found.matches(thing) is (expected is True)
        raw = msgspec.json.encode(thing, order="deterministic")
        assert found.value(msgspec.json.decode(raw, type=found.model)) is expected
        assert found.value(msgspec.json.decode(raw, type=Thing)) is expected


@settings(max_examples=120, deadline=None)
@given(CONDITIONS, st.lists(THINGS, min_size=4, max_size=8))
def test_anchors_never_hide_a_match(node: Node, things: list[Thing]) -> None:
    """Whatever record matches, its text holds every fragment the condition promises."""
    assume(len(node[0]) <= 2000)
    found = read(node[0])
    for thing in things:
        if found.matches(thing):
            raw = msgspec.json.encode(thing, order="deterministic")
            assert all(anchor in raw for anchor in found.anchors)


EQUAL = st.one_of(
    st.builds(compared, st.just("=="), STATE, CODE_CONSTANT),
    st.builds(compared, st.just("=="), named("count", "spot.floor", "home.floor"), WHOLE_CONSTANT),
    st.builds(compared, st.just("=="), TEXT_FIELD, WORD_CONSTANT),
    st.builds(compared, st.just("=="), named("due"), DAY_CONSTANT),
    st.builds(held, TEXT_CONSTANT, st.just("({} in tags)")),
    named("fan", "urgent"),
)


@settings(max_examples=120, deadline=None)
@given(EQUAL, st.lists(THINGS, min_size=4, max_size=8))
def test_anchors_of_equalities_stand_in_the_text(node: Node, things: list[Thing]) -> None:
    """The same for the very conditions that give fragments, which match often."""
    found = read(node[0])
    for thing in filter(found.matches, things):
        raw = msgspec.json.encode(thing, order="deterministic")
        assert all(anchor in raw for anchor in found.anchors)


WORDS = """state count name due tags fan spot . city == = < in not and or if else is ( ) [ ] , "open" " ' 1
0.5 None True today() days( months( known( len( glob( * ** - + / “ ” ， # lambda : := for await \\ f'{name}'
1e9 AND && ! 状态 @"""
PIECES = st.lists(st.sampled_from([*WORDS.split(), "\n", "\u3000", " "]), max_size=12)


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=60) | PIECES.map(" ".join) | PIECES.map("".join))
@example("\x00")
@example("\ud800")
@example("\ufeffstate")
@example("name == '\u2028'")
@example("glob(name, '\\x00*')")
@example("'''\n''' == name")
def test_any_text_is_read_or_refused(text: str) -> None:
    """Arbitrary text gives a condition that can be asked, or our one error, and at once."""
    start = time.process_time()
    try:
        found = read(text)
    except WhereError as error:
        lines = len(error.message.split("\n"))
    else:
        lines = 3 if found.value(Thing(id="T-1")) in (True, False, None) else 0
    assert lines == 3
    assert time.process_time() - start < 1


@settings(max_examples=200, deadline=None)
@given(st.text("ab*?", max_size=7), st.text("ab", max_size=8))
def test_glob_is_what_a_recursive_reading_gives(pattern: str, text: str) -> None:
    """The one-pass matcher agrees with the definition of `*` and `?`."""

    def fits(form: str, rest: str) -> bool:
        if not form:
            return not rest
        if form[0] == "*":
            return fits(form[1:], rest) or (rest != "" and fits(form, rest[1:]))
        return rest != "" and form[0] in ("?", rest[0]) and fits(form[1:], rest[1:])

    assert glob(pattern)(text) is fits(pattern, text)
