"""Which terms go together, constants read as what they stand beside, and what is said if they do not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NoReturn
from zoneinfo import ZoneInfo

from cskit.i18n import _, mark
from cskit.records import parse_day, parse_time
from cskit.where.terms import DATE, NUMBERS, TEXT, TEXTS, TIME, NameType, Term, computed, fixed, midnight
from cskit.where.text import Source

_CAST = ("choice", "date", "time")
_WORDS = {
    "text": mark("text"),
    "choice": mark("text"),
    "integer": mark("a number"),
    "decimal": mark("a number"),
    "boolean": mark("yes or no"),
    "date": mark("a date"),
    "time": mark("a time"),
    "list": mark("a list"),
    "map": mark("a group of fields"),
    "struct": mark("a group of fields"),
    "months": mark("a number of months"),
}


class Types:
    """Checks and adapts the terms of one text; every refusal points at the culprit."""

    def __init__(self, source: Source, zone: ZoneInfo) -> None:
        self._source = source
        self._zone = zone

    def alike(self, left: Term, right: Term) -> tuple[Term, Term]:
        """Bring two terms to one kind, or say that they do not compare."""
        return self._adapted(left, right) or self._mismatch(left, right)

    def member(self, part: Term, whole: Term) -> Term:
        """Bring `part` to the kind of the elements of the list `whole`."""
        element = whole.type.of or TEXT
        if element.kind not in (*NUMBERS, *TEXTS, "boolean", "date", "time"):
            said = _("{name} is a list of groups; only len() and known() look at it")
            raise self._source.fault(whole.at, said.format(name=self.said(whole)))
        adapted = self._adapted(part, Term(whole.at, element, whole.value))
        if adapted is None:
            said = _("{part} and {list} holds {kind}: they do not compare").format(
                part=self.described(part), list=self.said(whole), kind=_(_WORDS[element.kind])
            )
            raise self._source.fault(part.at, said, _("compare values of one kind"))
        return adapted[0]

    def _adapted(self, left: Term, right: Term) -> tuple[Term, Term] | None:
        first, second = left.type.kind, right.type.kind
        if first in NUMBERS and second in NUMBERS:
            return left, right
        if right.fixed and right.type == TEXT and first in _CAST:
            return left, self.cast(right, left.type, left)
        if left.fixed and left.type == TEXT and second in _CAST:
            return self.cast(left, right.type, right), right
        if {first, second} <= {*TEXTS} or (first == second and first in ("boolean", "date", "time")):
            return left, right
        if (first, second) == ("time", "date") and right.fixed:
            return left, self._begun(right)
        if (first, second) == ("date", "time") and left.fixed:
            return self._begun(left), right
        return None

    def _begun(self, day: Term) -> Term:
        return computed(day.at, TIME, lambda value: midnight(value, self._zone), day)

    def cast(self, term: Term, type_: NameType, beside: Term | None = None) -> Term:
        """Read a constant text as a date, a time, or a choice of the field `beside` it."""
        text: str = term.constant
        try:
            if type_.kind == "date":
                return fixed(term.at, type_, parse_day(text))
            if type_.kind == "time":
                return fixed(term.at, type_, parse_time(text, self._zone))
        except ValueError as error:
            raise self._source.fault(term.at, f"{self.said(term)}: {error}") from None
        return fixed(term.at, type_, self._code(term, type_, beside))

    def day(self, term: Term) -> Term:
        """Read a constant text as a date, and leave everything else as it is."""
        return self.cast(term, DATE) if term.fixed and term.type == TEXT else term

    def _code(self, term: Term, type_: NameType, beside: Term | None) -> str:
        """Return the code of a choice that is given by its code or its Chinese title."""
        text: str = term.constant
        if text in type_.choices:
            return text
        for code, title in type_.choices.items():
            if title and text == title:
                return code
        name = self.said(beside) if beside else _("the field")
        near = nearest(text, [*type_.choices, *filter(None, type_.choices.values())])
        said = _("{name} has no '{text}'; did you mean '{near}'?") if near else _("{name} has no '{text}'")
        hint = _("it is one of {choices}").format(choices=_(", ").join(type_.choices))
        raise self._source.fault(term.at, said.format(name=name, text=text, near=near), hint)

    def expect(self, term: Term, kinds: Sequence[str], wanted: str) -> None:
        """Refuse a term that is not of one of `kinds`."""
        if term.type.kind not in kinds:
            raise self._source.fault(
                term.at, _("expected {wanted}; {found}").format(wanted=_(wanted), found=self.described(term))
            )

    def listed(self, part: Term, whole: Term) -> None:
        """Refuse what stands behind `in` and is no list."""
        if whole.type.kind == "list":
            return
        hint = _('write in ("a", "b")')
        if whole.type.kind in TEXTS and not whole.fixed:
            hint = _("use contains({text}, {part})").format(text=self.said(whole), part=self.said(part))
        said = _("behind in comes a list, not {kind}").format(kind=_(_WORDS[whole.type.kind]))
        raise self._source.fault(whole.at, said, hint)

    def truth(self, term: Term) -> Term:
        """Refuse a term that is neither true nor false."""
        kind = term.type.kind
        if kind == "boolean":
            return term
        hint = _("use ==, !=, < or >, or known() to ask whether there is a value")
        name = "field" if term.fixed else self.said(term)
        if kind in TEXTS:
            hint = _('write {name} == "text" in full, or {name} in ("a", "b") for several texts')
        elif kind == "list":
            hint = _('write "text" in {name}, or len({name}) > 0')
        said = _("this is {kind}, not a condition; compare it with something").format(kind=_(_WORDS[kind]))
        raise self._source.fault(term.at, said, hint.format(name=name))

    def _mismatch(self, left: Term, right: Term) -> NoReturn:
        kinds = {left.type.kind, right.type.kind}
        hint = _("compare values of one kind")
        culprit = left if left.fixed and not right.fixed else right
        if "list" in kinds:
            whole, part = (left, right) if left.type.kind == "list" else (right, left)
            hint = _("write {part} in {list}").format(part=self.said(part), list=self.said(whole))
        elif kinds & {"map", "struct"}:
            hint = _("name one of its parts, as in group.part")
        elif kinds == {"date", "time"}:
            hint = _("compare a date with today(), or days_since() of both")
        elif kinds & {*NUMBERS} and "text" in kinds:
            text = culprit.type.kind == "text"
            as_text = _('write it as text: "{value}"').format(value=self.said(culprit))
            hint = _("write a number without quotes") if text else as_text
        elif "boolean" in kinds:
            hint = _("write True or False, without quotes")
        said = _("{left} and {right}: they do not compare").format(
            left=self.described(left), right=self.described(right)
        )
        raise self._source.fault(culprit.at, said, hint)

    def described(self, term: Term) -> str:
        """Say what a term is: `amount is a number`."""
        return _("{name} is {kind}").format(name=self.said(term), kind=_(_WORDS[term.type.kind]))

    def said(self, term: Term) -> str:
        """Return a term as it is written, shortened."""
        return self._source.said(term.at)


def nearest(text: str, known: Iterable[str]) -> str:
    """Return what may have been meant by `text`, or nothing."""
    import difflib

    return next(iter(difflib.get_close_matches(text, list(known), 1)), "")
