"""The functions a condition may call, each a row of one table. Must not import click or a store."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from cskit.i18n import _, mark
from cskit.where.terms import (
    BOOLEAN,
    DATE,
    DECIMAL,
    INTEGER,
    MONTHS,
    NUMBERS,
    TEXT,
    TEXTS,
    TIME,
    Term,
    computed,
    fixed,
    is_known,
)

if TYPE_CHECKING:
    from cskit.where.tree import Translation


class Function(NamedTuple):
    """A function: how it is written, how many arguments it takes, and what a call of it becomes."""

    usage: str
    takes: int
    build: Callable[[Translation, ast.Call, Sequence[Term]], Term]


def _today(reader: Translation, call: ast.Call, terms: Sequence[Term]) -> Term:
    return fixed(call, DATE, reader.today)


def _now(reader: Translation, call: ast.Call, terms: Sequence[Term]) -> Term:
    return fixed(call, TIME, reader.now)


def _days(reader: Translation, call: ast.Call, terms: Sequence[Term]) -> Term:
    reader.types.expect(terms[0], ("integer",), mark("a whole number"))
    return computed(call, INTEGER, int, terms[0])


def _months(reader: Translation, call: ast.Call, terms: Sequence[Term]) -> Term:
    reader.types.expect(terms[0], ("integer",), mark("a whole number"))
    return computed(call, MONTHS, int, terms[0])


def _days_since(reader: Translation, call: ast.Call, terms: Sequence[Term]) -> Term:
    since, today, zone = reader.types.day(terms[0]), reader.today, reader.zone
    reader.types.expect(since, ("date", "time"), mark("a date or a time"))
    if since.type.kind == "date":
        return computed(call, INTEGER, lambda day: (today - day).days, since)
    return computed(call, INTEGER, lambda moment: (today - moment.astimezone(zone).date()).days, since)


def _year(reader: Translation, call: ast.Call, terms: Sequence[Term]) -> Term:
    when, zone = reader.types.day(terms[0]), reader.zone
    reader.types.expect(when, ("date", "time"), mark("a date or a time"))
    if when.type.kind == "date":
        return computed(call, INTEGER, operator.attrgetter("year"), when)
    return computed(call, INTEGER, lambda moment: moment.astimezone(zone).year, when)


def _known(reader: Translation, call: ast.Call, terms: Sequence[Term]) -> Term:
    asked = is_known(terms[0].value)
    return fixed(call, BOOLEAN, asked(None)) if terms[0].fixed else Term(call, BOOLEAN, asked)


def _contains(reader: Translation, call: ast.Call, terms: Sequence[Term]) -> Term:
    whole, part = terms
    reader.types.expect(whole, (*TEXTS, "list"), mark("text or a list"))
    if whole.type.kind == "list":
        return reader.held(call, part, whole)
    reader.types.expect(part, TEXTS, mark("text"))
    return computed(call, BOOLEAN, operator.contains, whole, part)


def _on_texts(function: Callable[..., bool]) -> Callable[[Translation, ast.Call, Sequence[Term]], Term]:
    def build(reader: Translation, call: ast.Call, terms: Sequence[Term]) -> Term:
        for term in terms:
            reader.types.expect(term, TEXTS, mark("text"))
        return computed(call, BOOLEAN, function, *terms)

    return build


def _glob(reader: Translation, call: ast.Call, terms: Sequence[Term]) -> Term:
    text, pattern = terms
    reader.types.expect(text, TEXTS, mark("text"))
    reader.types.expect(pattern, TEXTS, mark("text"))
    if not pattern.fixed or pattern.constant is None:
        raise reader.source.fault(
            pattern.at, _("the pattern is a constant text"), _('write glob(name, "*text?")')
        )
    return computed(call, BOOLEAN, glob(pattern.constant), text)


def _lower(reader: Translation, call: ast.Call, terms: Sequence[Term]) -> Term:
    reader.types.expect(terms[0], TEXTS, mark("text"))
    return computed(call, TEXT, str.lower, terms[0])


def _len(reader: Translation, call: ast.Call, terms: Sequence[Term]) -> Term:
    reader.types.expect(terms[0], (*TEXTS, "list", "map"), mark("text or a list"))
    return computed(call, INTEGER, len, terms[0])


def _of_two(function: Callable[..., Any]) -> Callable[[Translation, ast.Call, Sequence[Term]], Term]:
    def build(reader: Translation, call: ast.Call, terms: Sequence[Term]) -> Term:
        for term in terms:
            reader.types.expect(term, NUMBERS, mark("a number"))
        whole = all(term.type == INTEGER for term in terms)
        return computed(call, INTEGER if whole else DECIMAL, function, *terms)

    return build


FUNCTIONS = {
    "contains": Function('contains(name, "text")', 2, _contains),
    "days": Function("days(30)", 1, _days),
    "days_since": Function("days_since(name)", 1, _days_since),
    "endswith": Function('endswith(name, "text")', 2, _on_texts(str.endswith)),
    "glob": Function('glob(name, "*text?")', 2, _glob),
    "known": Function("known(name)", 1, _known),
    "len": Function("len(name)", 1, _len),
    "lower": Function("lower(name)", 1, _lower),
    "max": Function("max(a, b)", 2, _of_two(max)),
    "min": Function("min(a, b)", 2, _of_two(min)),
    "months": Function("months(3)", 1, _months),
    "now": Function("now()", 0, _now),
    "startswith": Function('startswith(name, "text")', 2, _on_texts(str.startswith)),
    "today": Function("today()", 0, _today),
    "year": Function("year(name)", 1, _year),
}


def glob(pattern: str) -> Callable[[str], bool]:
    """Return a test for texts of the form `pattern`: `*` is any text, `?` any one character.

    One pass over the text, whatever the pattern: the states reached are the bits of one integer.
    """
    signs: dict[str, int] = {}
    stay = anything = 0
    last = 1
    for sign in pattern:
        if sign == "*":
            stay |= last
        elif sign == "?":
            anything |= last
            last <<= 1
        else:
            signs[sign] = signs.get(sign, 0) | last
            last <<= 1

    def matches(text: str) -> bool:
        states = 1
        for sign in text:
            states = ((states & (signs.get(sign, 0) | anything)) << 1) | (states & stay)
            if not states:
                return False
            if states & stay & last:
                return True
        return bool(states & last)

    return matches


def usages() -> str:
    """List how every function is written."""
    return ", ".join(function.usage for function in FUNCTIONS.values())
