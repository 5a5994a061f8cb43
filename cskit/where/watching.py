"""What a condition did with one row: every part computed, in order, with what it read and what came out.

The closures that decide are the ones that are watched; nothing is computed a second time. Must not import
click or a store.
"""

from __future__ import annotations

import ast
from typing import Any, Literal, NamedTuple

import msgspec

from cskit.where.terms import Get, Term
from cskit.where.text import Source

SIGNS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_MIRRORED = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
SeenKind = Literal["and", "or", "not", "compare", "name", "other"]


class Bound(NamedTuple):
    """A comparison of something with a constant: `name` is what is compared, "" if that is computed.

    `of` is how it is written, `names` what it reads, `value` computes it; `key` is the condition's.
    """

    key: str
    name: str
    of: str
    names: tuple[str, ...]
    sign: str
    constant: Any
    value: Get


class Seen(NamedTuple):
    """One part of a condition as it was computed; parts that were not needed are not among `parts`.

    `key` is what the watch was told of the condition when it was read.
    """

    key: str
    text: str
    kind: SeenKind
    value: Any
    parts: tuple[Seen, ...]
    bounds: tuple[Bound, ...]


class Watch:
    """Keeps what the conditions read with it compare (`bounds`), and what they do with each row.

    `key` is set before a condition is read, to know it by in what is seen; with a `row`, no other is watched.
    """

    def __init__(self) -> None:
        self.key = ""
        self.row: Any = None
        self.bounds: list[Bound] = []
        self._of: dict[ast.expr, list[Bound]] = {}
        self._open: list[list[Seen]] = [[]]

    def taken(self) -> tuple[Seen, ...]:
        """Return what was seen since the last time this was asked."""
        found = tuple(self._open[0])
        self._open = [[]]
        return found

    def compares(self, source: Source, node: ast.expr, sign: str, left: Term, right: Term) -> None:
        """Note at reading a condition that `node` compares two terms; of interest is one with a constant."""
        if left.fixed:
            left, right, sign = right, left, _MIRRORED[sign]
        if left.fixed or not right.fixed or right.constant is None:
            return
        names = tuple(_names(left.at))
        name = left.named.name if left.named is not None else ""
        bound = Bound(self.key, name, source.literal(left.at), names, sign, right.constant, left.value)
        self.bounds.append(bound)
        self._of.setdefault(node, []).append(bound)

    def over(self, source: Source, node: ast.expr, term: Term) -> Term:
        """Return the same term, watched."""
        get, key, text, kind = term.value, self.key, source.literal(node), _kind(node)
        bounds = tuple(self._of.get(node, ()))

        def watched(row: Any) -> Any:
            if self.row is not None and row is not self.row:
                return get(row)
            self._open.append([])
            try:
                value = get(row)
            finally:
                parts = tuple(self._open.pop())
            self._open[-1].append(Seen(key, text, kind, value, parts, bounds))
            return value

        return msgspec.structs.replace(term, value=watched)


def _names(node: ast.expr) -> dict[str, None]:
    """Return the dotted names below a node, in order; those of functions are none."""
    found: dict[str, None] = {}
    waiting: list[ast.AST] = [node]
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, ast.Name | ast.Attribute):
            found[ast.unparse(part)] = None
        elif isinstance(part, ast.Call):
            waiting = [*part.args, *waiting]
        else:
            waiting = [*ast.iter_child_nodes(part), *waiting]
    return found


def _kind(node: ast.expr) -> SeenKind:
    match node:
        case ast.BoolOp(op=ast.And()):
            return "and"
        case ast.BoolOp():
            return "or"
        case ast.UnaryOp(op=ast.Not()):
            return "not"
        case ast.Compare():
            return "compare"
        case ast.Name() | ast.Attribute():
            return "name"
    return "other"
