"""Arithmetic in conditions: exact numbers, and days moved along the calendar."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cskit.i18n import _
from cskit.where.terms import (
    DECIMAL,
    EXACT,
    INTEGER,
    NUMBERS,
    Term,
    computed,
    local,
    plus_days,
    plus_months,
)

if TYPE_CHECKING:
    from cskit.where.tree import Translation

SIGNS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_WHOLE: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}
_EXACT: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: EXACT.add,
    ast.Sub: EXACT.subtract,
    ast.Mult: EXACT.multiply,
    ast.Div: EXACT.divide,
}


def summed(reader: Translation, node: ast.BinOp, left: Term, right: Term) -> Term:
    """Translate a sum, difference, product or quotient of numbers, or a shifted day."""
    kind = type(node.op)
    if left.type.kind in NUMBERS and right.type.kind in NUMBERS:
        if left.type.kind == right.type.kind == "integer" and kind in _WHOLE:
            return computed(node, INTEGER, _WHOLE[kind], left, right)
        return computed(node, DECIMAL, _EXACT[kind], left, right)
    shifted = _shifted(reader, node, left, right) if kind in (ast.Add, ast.Sub) else None
    if shifted:
        return shifted
    sign = reader.source.after(node.left)
    if kind is ast.Sub and {left.type.kind, right.type.kind} <= {"date", "time"}:
        raise reader.source.fault(
            sign, _("times are compared, not subtracted"), _("write a > b + days(3), or use days_since()")
        )
    raise reader.source.fault(
        sign,
        _("{left} and {right}: no {sign} between them").format(
            left=reader.types.described(left), right=reader.types.described(right), sign=SIGNS[kind]
        ),
        _("calculate with numbers, or shift a date by days(n) or months(n)"),
    )


def _shifted(reader: Translation, node: ast.BinOp, left: Term, right: Term) -> Term | None:
    """Translate date ± days, date ± months(n) and date - date; None if it is none of these."""
    back = isinstance(node.op, ast.Sub)
    if back and "date" in (left.type.kind, right.type.kind):
        left, right = reader.types.day(left), reader.types.day(right)
        if left.type == right.type:
            return computed(node, INTEGER, lambda last, first: (last - first).days, left, right)
    if not back and right.type.kind in ("date", "time"):
        left, right = right, left
    if left.type.kind not in ("date", "time") or right.type.kind not in ("integer", "months"):
        return None
    shift: Callable[[Any, int], Any] = plus_days if right.type.kind == "integer" else plus_months
    if left.type.kind == "time":
        shift = local(shift, reader.zone)
    return computed(
        node, left.type, lambda start, count: shift(start, -count if back else count), left, right
    )
