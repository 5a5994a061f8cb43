"""From a condition's tree to one typed term: which forms are allowed, and what each becomes."""

from __future__ import annotations

import ast
import datetime as dt
import operator
from collections.abc import Sequence
from decimal import Decimal
from typing import NoReturn
from zoneinfo import ZoneInfo

from cskit.errors import CskitError
from cskit.i18n import _, mark, ngettext
from cskit.where.functions import FUNCTIONS, usages
from cskit.where.sums import SIGNS, summed
from cskit.where.terms import (
    BOOLEAN,
    DECIMAL,
    INTEGER,
    NUMBERS,
    TEXT,
    Comparison,
    Names,
    NoSuchName,
    Term,
    all_of,
    among,
    any_of,
    chained,
    compared,
    computed,
    either,
    fixed,
    negative,
    sound,
    within,
)
from cskit.where.text import Source
from cskit.where.types import Types, nearest
from cskit.where.watching import SIGNS as COMPARED
from cskit.where.watching import Watch

_DEPTH = 50
_DIGITS = 30
_COMPARISONS: dict[type[ast.cmpop], Comparison] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_EQUALITIES = (operator.eq, operator.ne)


class Translation:
    """Turns the tree of a text into a term, and remembers the names it met."""

    def __init__(
        self, source: Source, names: Names, zone: ZoneInfo, now: dt.datetime, watch: Watch | None = None
    ) -> None:
        self.source = source
        self.zone = zone
        self.now = now.astimezone(dt.UTC)
        self.today = now.astimezone(zone).date()
        self.used: dict[str, None] = {}
        self.types = Types(source, zone)
        self._names = names
        self._watch = watch

    def whole(self) -> Term:
        """Translate the whole text, which must come out true, false or unknown."""
        return self.types.truth(self.value())

    def value(self) -> Term:
        """Translate the whole text, whatever it comes out as."""
        return self._term(self.source.tree, 0)

    # --- one node ----------------------------------------------------------------------------------------

    def _term(self, node: ast.expr, depth: int) -> Term:
        term = self._translated(node, depth)
        return term if self._watch is None or term.fixed else self._watch.over(self.source, node, term)

    def _translated(self, node: ast.expr, depth: int) -> Term:
        if depth > _DEPTH:
            raise self.source.fault(
                node, _("the condition is nested too deeply"), _("write it with fewer brackets")
            )
        depth += 1
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name() | ast.Attribute():
                return self._name(node)
            case ast.BoolOp():
                return self._joined(node, [self.types.truth(self._term(part, depth)) for part in node.values])
            case ast.UnaryOp(op=ast.Not()):
                return computed(
                    node, BOOLEAN, operator.not_, self.types.truth(self._term(node.operand, depth))
                )
            case ast.UnaryOp(op=ast.USub()):
                number = self._term(node.operand, depth)
                self.types.expect(number, NUMBERS, mark("a number"))
                return computed(node, number.type, negative, number)
            case ast.BinOp():
                return self._sum(node, depth)
            case ast.Compare():
                return self._chain(node, depth)
            case ast.IfExp():
                return self._choice(node, depth)
            case ast.Call():
                return self._call(node, depth)
        return self._refuse(node)

    def _constant(self, node: ast.Constant) -> Term:
        match node.value:
            case bool(value):
                return fixed(node, BOOLEAN, value)
            case str(value):
                return self._text(node, value)
            case int(value):
                if abs(value) >= 10**_DIGITS:
                    raise self.source.fault(
                        node, _("the number has more than {count} digits").format(count=_DIGITS)
                    )
                return fixed(node, INTEGER, value)
            case float():
                number = Decimal(self.source.literal(node))  # as typed: the tree's float is already rounded
                _sign, digits, exponent = number.as_tuple()
                if len(digits) > _DIGITS or abs(int(exponent)) > _DIGITS:
                    raise self.source.fault(
                        node, _("the number has more than {count} digits").format(count=_DIGITS)
                    )
                return fixed(node, DECIMAL, number)
            case None:
                raise self.source.fault(
                    node, _("a missing value is not compared"), _("use known(x) or not known(x)")
                )
        return self._refuse(node)

    def _text(self, node: ast.Constant, value: str) -> Term:
        if any("\ud800" <= sign <= "\udfff" for sign in value):
            raise self.source.fault(node, _("half a character cannot stand in a text"))
        return fixed(node, TEXT, value)

    def _name(self, node: ast.Name | ast.Attribute) -> Term:
        nodes: list[ast.expr] = [node]
        while isinstance(nodes[0], ast.Attribute):
            nodes.insert(0, nodes[0].value)
        if not isinstance(nodes[0], ast.Name):
            raise self.source.fault(node, _("only a field has parts"), _("name a field before the dot"))
        parts = [nodes[0].id, *(part.attr for part in nodes[1:] if isinstance(part, ast.Attribute))]
        try:
            found = self._names.find(parts)
        except NoSuchName as error:
            if parts[0] in FUNCTIONS:
                usage = FUNCTIONS[parts[0]].usage
                raise self.source.fault(
                    node,
                    _("{name} is a function").format(name=parts[0]),
                    _("write {usage}").format(usage=usage),
                ) from None
            place = nodes[error.part - 1] if error.part else None
            index = self.source.after(place, " ).") if place else self.source.start(node)
            raise self.source.fault(index, error.message, error.hint) from None
        if found.fixed:
            return fixed(node, found.type, found.constant)
        self.used[found.name] = None
        get = found.get if found.sound else sound(found.get, found.type.kind, self.zone)
        anchors = found.fragments(True) if found.type.kind == "boolean" else ()
        return Term(node, found.type, get, named=found, anchors=anchors)

    def _joined(self, node: ast.BoolOp, terms: Sequence[Term]) -> Term:
        gets = [term.value for term in terms]
        if isinstance(node.op, ast.Or):
            return Term(node, BOOLEAN, any_of(gets))
        anchors = tuple(anchor for term in terms for anchor in term.anchors)
        return Term(node, BOOLEAN, all_of(gets), anchors=anchors)

    def _sum(self, node: ast.BinOp, depth: int) -> Term:
        if type(node.op) not in SIGNS:
            self._refuse(node)
        return summed(self, node, self._term(node.left, depth), self._term(node.right, depth))

    def _choice(self, node: ast.IfExp, depth: int) -> Term:
        test = self.types.truth(self._term(node.test, depth))
        then, otherwise = self._term(node.body, depth), self._term(node.orelse, depth)
        if {then.type.kind, otherwise.type.kind} <= {*NUMBERS}:
            type_ = then.type if then.type == otherwise.type else DECIMAL
        else:
            then, otherwise = self.types.alike(then, otherwise)
            type_ = then.type if then.type == otherwise.type else TEXT
        return Term(node, type_, either(test.value, then.value, otherwise.value))

    def _call(self, node: ast.Call, depth: int) -> Term:
        name = node.func
        if not isinstance(name, ast.Name) or name.id not in FUNCTIONS:
            self._refuse_function(node)
        function = FUNCTIONS[name.id]
        written = _("write {usage}").format(usage=function.usage)
        if node.keywords or any(isinstance(part, ast.Starred) for part in node.args):
            raise self.source.fault(
                node, _("{function}() takes plain values").format(function=name.id), written
            )
        if len(node.args) != function.takes:
            said = ngettext(
                "{function}() takes {count} value, not {given}",
                "{function}() takes {count} values, not {given}",
                function.takes,
            ).format(function=name.id, count=function.takes, given=len(node.args))
            raise self.source.fault(node, said, written)
        return function.build(self, node, [self._term(part, depth) for part in node.args])

    # --- comparing ---------------------------------------------------------------------------------------

    def _chain(self, node: ast.Compare, depth: int) -> Term:
        """Translate `a < b <= c` as `a < b and b <= c`, with each part translated once."""
        places = [node.left, *node.comparators]
        for left_node, right_node, sign in zip(places, places[1:], node.ops, strict=False):
            self._refuse_missing(left_node, right_node, sign)
        if isinstance(node.ops[0], (ast.In, ast.NotIn)) and len(node.ops) == 1:
            return self._member(node, self._term(node.left, depth), depth)
        links: list[tuple[Comparison, Term, Term]] = []
        left = self._term(node.left, depth)
        for place, sign in zip(node.comparators, node.ops, strict=True):
            if isinstance(sign, (ast.In, ast.NotIn)):
                raise self.source.fault(
                    place, _("in does not join a chain of comparisons"), _("put it behind and")
                )
            right = self._term(place, depth)
            links.append(self._link(_COMPARISONS[type(sign)], left, right))
            if self._watch is not None:
                self._watch.compares(self.source, node, COMPARED[type(sign)], *links[-1][1:])
            left = right
        anchors = tuple(
            anchor for sign, *pair in links if sign is operator.eq for anchor in self._equal(*pair)
        )
        get = compared(*links[0]) if len(links) == 1 else chained(links)
        return Term(node, BOOLEAN, get, anchors=anchors)

    def _link(self, compare: Comparison, left: Term, right: Term) -> tuple[Comparison, Term, Term]:
        """Bring both sides of a comparison to one kind, which must have an order where one is asked for."""
        left, right = self.types.alike(left, right)
        for term in (left, right):
            if compare not in _EQUALITIES and term.type.kind in ("boolean", "choice"):
                said = _("{name} has no order").format(name=self.source.said(term.at))
                raise self.source.fault(term.at, said, _("compare it with ==, != or in"))
        if compare in _EQUALITIES:
            self._refuse_empty(left, right, compare is operator.eq)
            self._refuse_empty(right, left, compare is operator.eq)
            left, right = self._meant(left, right), self._meant(right, left)
        return compare, left, right

    def _meant(self, term: Term, beside: Term) -> Term:
        """Return a constant text as the code that it means in the field beside it, else the term as it is."""
        code = beside.named.code if beside.named is not None else None
        if code is None or not term.fixed or term.type != TEXT or term.constant is None:
            return term
        try:
            return fixed(term.at, TEXT, code(term.constant))
        except CskitError as error:
            said = _("{place}: {fault}").format(place=self.source.said(beside.at), fault=error.message)
            raise self.source.fault(term.at, said, error.hint) from None

    def _member(self, node: ast.Compare, left: Term, depth: int) -> Term:
        place = node.comparators[0]
        if isinstance(place, (ast.Tuple, ast.List)):
            found = self._listed(node, left, place, depth)
        else:
            right = self._term(place, depth)
            self.types.listed(left, right)
            found = self.held(node, left, right)
        return found if isinstance(node.ops[0], ast.In) else computed(node, BOOLEAN, operator.not_, found)

    def _listed(self, node: ast.Compare, left: Term, right: ast.Tuple | ast.List, depth: int) -> Term:
        constants = []
        for part in right.elts:
            self._refuse_missing(left.at, part)
            item = self._term(part, depth)
            if not item.fixed or item.constant is None:
                raise self.source.fault(part, _("a list behind in holds constants only"), _("use or and =="))
            same, item = self.types.alike(left, item)
            if same is not left:
                raise self.source.fault(part, _("this does not compare with what stands before in"))
            self._refuse_empty(left, item, True)
            item = self._meant(item, left)
            constants.append(item)
            if self._watch is not None:
                self._watch.compares(self.source, node, "==", left, item)
        if not constants:
            raise self.source.fault(right, _("the list behind in is empty"), _('write in ("a", "b")'))
        anchors = self._equal(left, constants[0]) if len(constants) == 1 else ()
        get = among(left.value, [item.constant for item in constants])
        return Term(node, BOOLEAN, get, anchors=anchors)

    def _equal(self, left: Term, right: Term) -> tuple[bytes, ...]:
        """Return what a document's text holds when a name equals a constant."""
        if left.fixed:
            left, right = right, left
        if left.named is None or not right.fixed or right.constant is None:
            return ()
        return left.named.fragments(right.constant)

    def held(self, node: ast.expr, part: Term, whole: Term) -> Term:
        """Look for `part` in a list of the document; a text found there stands in the document's text too."""
        part = self._meant(self.types.member(part, whole), whole)
        return Term(node, BOOLEAN, within(part.value, whole.value), anchors=self._equal(part, whole))

    # --- refusing ----------------------------------------------------------------------------------------

    def _refuse_missing(self, left: ast.expr, right: ast.expr, sign: ast.cmpop | None = None) -> None:
        """Refuse `x == None` and `is`, which have no place in three-valued logic."""
        missing = [part for part in (left, right) if isinstance(part, ast.Constant) and part.value is None]
        if missing:
            asked = self.source.said(left if missing[0] is right else right)
            raise self.source.fault(
                missing[0], _("a missing value is not compared"), _("use known({name})").format(name=asked)
            )
        if isinstance(sign, (ast.Is, ast.IsNot)):
            raise self.source.fault(
                self.source.after(left),
                _("is does not compare"),
                _("use == or !=, and known(x) for what is missing"),
            )

    def _refuse_empty(self, name: Term, constant: Term, missing: bool) -> None:
        """Refuse to look for an empty text, which no name ever holds: it is then unknown."""
        if name.named is not None and constant.fixed and constant.constant == "":
            asked = _("use not known({name})") if missing else _("use known({name})")
            raise self.source.fault(
                constant.at, _("an empty text is never stored"), asked.format(name=self.source.said(name.at))
            )

    def _refuse_function(self, node: ast.Call) -> NoReturn:
        func, there = node.func, _("there are {usages}").format(usages=usages())
        if isinstance(func, ast.Attribute):
            called, name, index = self.source.said(func), func.attr, self.source.after(func.value, " ).")
            said = _("{name}() cannot be called, did you mean '{near}'?"), _("{name}() cannot be called")
        elif isinstance(func, ast.Name):
            called, name, index = func.id, func.id, self.source.start(func)
            said = _("no function '{name}', did you mean '{near}'?"), _("no function '{name}'")
        else:
            raise self.source.fault(node, _("only functions are called"), there)
        near = nearest(name, FUNCTIONS)
        if near:
            written = _("write {usage}").format(usage=FUNCTIONS[near].usage)
            raise self.source.fault(index, said[0].format(name=called, near=near), written)
        raise self.source.fault(index, said[1].format(name=called), there)

    def _refuse(self, node: ast.expr) -> NoReturn:
        place: ast.expr | int = node
        hint = _("use comparisons, and, or, not, in, + - * /, and {usages}").format(usages=usages())
        if isinstance(node, ast.BinOp):
            place = self.source.after(node.left)
            words: dict[type[ast.operator], str] = {ast.BitAnd: _("write and"), ast.BitOr: _("write or")}
            hint = words.get(type(node.op), _("calculate with + - * /"))
        elif isinstance(node, (ast.Tuple, ast.List)):
            hint = _('a list stands behind in, as in state in ("a", "b")')
        raise self.source.fault(place, _("this form has no place in a condition"), hint)
