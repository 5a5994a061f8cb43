"""Terms: the typed pieces a condition is made of, and the three-valued closures that compute them.

None is the unknown value throughout. Must not know records, texts or syntax trees beyond a term's place.
"""

from __future__ import annotations

import ast
import datetime as dt
import operator
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Any, Literal, NamedTuple, Protocol
from zoneinfo import ZoneInfo

import msgspec

from cskit.records.declared import Kind

Get = Callable[[Any], Any]


class NameType(msgspec.Struct, frozen=True):
    """What a name holds: `choices` code → Chinese title of a choice, `of` the elements of a list or map."""

    kind: Kind | Literal["months"]
    choices: Mapping[str, str] = msgspec.field(default_factory=dict)
    of: NameType | None = None


class Named(NamedTuple):
    """A name found: how to read it, and the stored JSON that holds it when it equals a constant.

    `fixed`: it stands for a `constant`. `sound`: nothing that is read under it can be a number or time that
    is none. `code` finds the code that a text means, as a title does; it raises `CskitError` for none.
    """

    name: str
    type: NameType
    get: Get
    fragments: Callable[[Any], tuple[bytes, ...]] = lambda constant: ()
    fixed: bool = False
    constant: Any = None
    sound: bool = False
    code: Callable[[str], str] | None = None


class NoSuchName(Exception):
    """A dotted name is unknown from its part number `part` on."""

    def __init__(self, part: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.part = part
        self.message = message
        self.hint = hint


class Names(Protocol):
    """What the names in a condition stand for."""

    def find(self, parts: Sequence[str]) -> Named:
        """Return what a dotted name stands for, or raise `NoSuchName`."""
        ...


class Term(msgspec.Struct, frozen=True):
    """A piece of a condition: a constant if `fixed`, else computed from a document by `value`.

    `anchors` are fragments of JSON that a document's text holds whenever the term is true.
    """

    at: ast.expr
    type: NameType
    value: Get
    fixed: bool = False
    constant: Any = None
    named: Named | None = None
    anchors: tuple[bytes, ...] = ()


TEXT = NameType("text")
INTEGER = NameType("integer")
DECIMAL = NameType("decimal")
BOOLEAN = NameType("boolean")
DATE = NameType("date")
TIME = NameType("time")
MONTHS = NameType("months")
NUMBERS = ("integer", "decimal")
TEXTS = ("text", "choice")


def fixed(at: ast.expr, type_: NameType, constant: Any) -> Term:
    """Return a term that has the same value for every document."""
    return Term(at, type_, lambda row: constant, True, constant)


def computed(at: ast.expr, type_: NameType, function: Callable[..., Any], *parts: Term) -> Term:
    """Return a term computed from others; unknown if one of them is, or if there is no result."""
    get = strict(function, *(part.value for part in parts))
    if all(part.fixed for part in parts):
        return fixed(at, type_, get(None))
    return Term(at, type_, get)


def strict(function: Callable[..., Any], *parts: Get) -> Get:
    """Lift a function to unknown values; overflow, division by zero and days off the calendar are unknown."""
    if len(parts) == 2:
        return _of_two(function, *parts)

    def apply(row: Any) -> Any:
        values = [part(row) for part in parts]
        if None in values:
            return None
        try:
            return function(*values)
        except (ArithmeticError, ValueError):
            return None

    return apply


def _of_two(function: Callable[[Any, Any], Any], first: Get, second: Get) -> Get:
    """Lift a function of two, written out: sums in schemes pass here for every customer."""

    def apply(row: Any) -> Any:
        left = first(row)
        if left is None:
            return None
        right = second(row)
        if right is None:
            return None
        try:
            return function(left, right)
        except (ArithmeticError, ValueError):
            return None

    return apply


# --- truth -----------------------------------------------------------------------------------------------


def all_of(terms: Sequence[Get]) -> Get:
    """Join with `and`: false if one is false, else unknown if one is unknown."""

    def conjunction(row: Any) -> bool | None:
        result: bool | None = True
        for term in terms:
            value = term(row)
            if value is False:
                return False
            if value is None:
                result = None
        return result

    return conjunction


def any_of(terms: Sequence[Get]) -> Get:
    """Join with `or`: true if one is true, else unknown if one is unknown."""

    def disjunction(row: Any) -> bool | None:
        result: bool | None = False
        for term in terms:
            value = term(row)
            if value is True:
                return True
            if value is None:
                result = None
        return result

    return disjunction


def either(test: Get, then: Get, otherwise: Get) -> Get:
    """Choose between two values; an unknown test gives an unknown value."""

    def choose(row: Any) -> Any:
        decided = test(row)
        if decided is None:
            return None
        return then(row) if decided else otherwise(row)

    return choose


def is_known(get: Get) -> Get:
    """Ask whether there is a value at all; the answer is never unknown."""
    return lambda row: get(row) is not None


# --- comparing -------------------------------------------------------------------------------------------

Comparison = Callable[[Any, Any], bool]
_MIRRORED: dict[Comparison, Comparison] = {
    operator.eq: operator.eq,
    operator.ne: operator.ne,
    operator.lt: operator.gt,
    operator.gt: operator.lt,
    operator.le: operator.ge,
    operator.ge: operator.le,
}


def compared(compare: Comparison, left: Term, right: Term) -> Get:
    """Compare two terms of one type; written out for a constant side, since every row passes here."""
    if left.fixed and not right.fixed:
        left, right, compare = right, left, _MIRRORED[compare]
    first, second, constant = left.value, right.value, right.constant
    if not right.fixed:
        return strict(compare, first, second)
    if constant is None:
        return lambda row: None

    def against(row: Any) -> bool | None:
        value = first(row)
        return None if value is None else compare(value, constant)

    return against


def chained(comparisons: Sequence[tuple[Comparison, Term, Term]]) -> Get:
    """Compare each of several terms with the next; a term in the middle is computed once.

    (Twice would be exponential where chains stand inside chains.)
    """

    def conjunction(row: Any) -> bool | None:
        result: bool | None = True
        before = comparisons[0][1].value(row)
        for compare, left, right in comparisons:
            first = left.constant if left.fixed else before
            before = right.value(row)
            if first is None or before is None:
                result = None
            elif not compare(first, before):
                return False
        return result

    return conjunction


def among(get: Get, constants: Collection[Any]) -> Get:
    """Look a value up in a list of constants."""
    lookup = frozenset(constants)

    def found(row: Any) -> bool | None:
        value = get(row)
        return None if value is None else value in lookup

    return found


def within(get: Get, elements: Get) -> Get:
    """Look a value up in a list of the document; nothing, known or not, is in an empty one."""

    def found(row: Any) -> bool | None:
        held = elements(row)
        if not held:
            return None if held is None else False
        value = get(row)
        try:
            return None if value is None else value in held
        except ArithmeticError:  # a signalling NaN that somebody wrote into the file
            return None

    return found


# --- reading ---------------------------------------------------------------------------------------------


def sound(get: Get, kind: str, zone: ZoneInfo) -> Get:
    """Guard against what a hand-edited document can hold: a number that is none, a time without an offset."""
    if kind == "decimal":

        def number(row: Any) -> Any:
            value = get(row)
            return None if type(value) is Decimal and not value.is_finite() else value

        return number
    if kind == "time":

        def time(row: Any) -> Any:
            value = get(row)
            return value.replace(tzinfo=zone) if value is not None and value.tzinfo is None else value

        return time
    return get


# --- arithmetic ------------------------------------------------------------------------------------------

# Wide enough that sums and products of money are exact; results beyond the exponents count as unknown.
EXACT = Context(prec=50, Emin=-999, Emax=999, traps=[InvalidOperation, DivisionByZero, Overflow])


def negative(value: Any) -> Any:
    """Return minus a number, exactly."""
    return EXACT.minus(value) if isinstance(value, Decimal) else -value


def midnight(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """Return when a day begins in `zone`."""
    return dt.datetime.combine(day, dt.time(), zone).astimezone(dt.UTC)


def plus_days(start: dt.date, days: int) -> dt.date:
    """Return the day, or the same clock time, so many days on."""
    return start + dt.timedelta(days=days)


def plus_months(start: dt.date, months: int) -> dt.date:
    """Return the same day of the month so many calendar months on, or that month's last day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if month == 11:
        return start.replace(year=year, month=12)
    last = (dt.date(year, month + 2, 1) - dt.timedelta(days=1)).day
    return start.replace(year=year, month=month + 1, day=min(start.day, last))


def local(shift: Callable[[Any, int], Any], zone: ZoneInfo) -> Callable[[dt.datetime, int], dt.datetime]:
    """Return `shift` for instants, made on the clock of `zone`."""
    return lambda start, count: shift(start.astimezone(zone), count).astimezone(dt.UTC)
