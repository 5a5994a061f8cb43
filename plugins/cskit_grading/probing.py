"""Values on both sides of every threshold that conditions name, and cells of them said in words.

Must not import click or a store.
"""

from __future__ import annotations

import ast
import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_HALF_DOWN, Decimal
from typing import Any, NamedTuple

from cskit.values import plain
from cskit.where import Bound, NameType
from cskit_grading.reading import one_line

NUMBERS = ("integer", "decimal")
_OTHER = "…"
"""A text that no condition names."""


class Region(NamedTuple):
    """Values that no condition tells apart: those from `low` to `high`, or the one `sample`.

    None leaves a side open; `low` and `high` belong to it where they are equal, and always for whole numbers.
    """

    sample: Any
    low: Any = None
    high: Any = None


class Dimension(NamedTuple):
    """What one name may hold: its regions in order, all of them together everything."""

    name: str
    type: NameType
    regions: tuple[Region, ...]


Box = tuple[frozenset[int], ...]
"""For each dimension the regions that are meant."""


# --- regions -----------------------------------------------------------------------------------------------


class Limits(NamedTuple):
    """What tells values apart: comparisons, conditions, today, the smallest whole number there is."""

    bounds: Sequence[Bound]
    texts: Sequence[str]
    today: dt.date
    least: int | None


def dimension(name: str, type_: NameType, limits: Limits) -> Dimension:
    """Return the regions of a name by what it is compared with and what is looked for in it."""
    bounds = limits.bounds
    asked = _asked(limits.texts, name)
    found: list[Region]
    match type_.kind:
        case "integer":
            found = _whole(_thresholds(name, bounds), limits.least)
        case "decimal":
            found = _between(_thresholds(name, bounds))
        case "date":
            found = _days(_day_thresholds(name, bounds, limits.today))
        case "boolean":
            found = [Region(True), Region(False)]
        case "choice":
            found = [Region(code) for code in type_.choices]
        case "list":
            found = [Region([]), *(Region([text]) for text in asked.held)]
        case _:
            constants = dict.fromkeys(str(bound.constant) for bound in bounds if bound.name == name)
            found = [*(Region(text) for text in (*constants, *asked.held)), Region(_OTHER)]
    if asked.known or not found:
        found.append(Region(None))
    return Dimension(name, type_, tuple(found))


def _thresholds(name: str, bounds: Iterable[Bound]) -> list[Any]:
    """Return what a name is compared with, in order; in a sum, each name is tried at the whole threshold."""
    found = {
        bound.constant
        for bound in bounds
        if (bound.name == name or (not bound.name and name in bound.names))
        and not isinstance(bound.constant, bool | str)
    }
    return sorted(found)


def _day_thresholds(name: str, bounds: Iterable[Bound], today: dt.date) -> list[dt.date]:
    """Return the days a name is compared with; days_since(name) with a number is the day so long ago."""
    found = {bound.constant for bound in bounds if bound.name == name}
    ago = {bound.constant for bound in bounds if not bound.name and bound.names == (name,)}
    found |= {today - dt.timedelta(days=count) for count in ago if isinstance(count, int)}
    return sorted(day for day in found if type(day) is dt.date)


def _whole(thresholds: Sequence[Any], least: int | None) -> list[Region]:
    """Return each threshold for itself, and the whole numbers between, below and above."""
    edges = sorted(
        {int(edge) for edge in thresholds} | {int(edge) + 1 for edge in thresholds if edge != int(edge)}
    )
    if not edges:
        return [Region(least or 0, least, None)]
    found = []
    if least is None or least < edges[0]:
        found.append(Region(edges[0] - 1, least, edges[0] - 1))
    for edge, following in itertools.pairwise([*edges, None]):
        if least is None or edge is None or edge >= least:
            found.append(Region(edge, edge, edge))
        if following is None:
            found.append(Region((edge or 0) + 1, (edge or 0) + 1, None))
        elif edge is not None and following - edge > 1:
            found.append(Region(edge + 1, edge + 1, following - 1))
    return found


def _between(thresholds: Sequence[Any]) -> list[Region]:
    """Return each threshold for itself, and the numbers between, below and above."""
    edges: list[Any] = [Decimal(edge) for edge in thresholds]
    if not edges:
        return [Region(Decimal(1))]
    found = [Region(edges[0] / 2 if edges[0] > 0 else edges[0] - 1, None, edges[0])]
    for edge, following in itertools.pairwise([*edges, None]):
        found.append(Region(edge, edge, edge))
        above = edge * 3 / 2 if edge > 0 else edge + 1
        middle = above if following is None else _round((edge + following) / 2, edge, following)
        found.append(Region(middle, edge, following))
    return found


def _round(middle: Decimal, low: Decimal, high: Decimal) -> Decimal:
    """Return a number in the middle of two with one digit only, if such a one lies there."""
    short = middle.quantize(Decimal(1).scaleb(middle.adjusted()), ROUND_HALF_DOWN)
    return short if low < short < high else middle


def _days(edges: Sequence[Any]) -> list[Region]:
    day = dt.timedelta(days=1)
    if not edges:
        return [Region(dt.date(2000, 1, 1))]
    found = [Region(edges[0] - day, None, edges[0] - day)]
    for edge, following in itertools.pairwise([*edges, None]):
        found.append(Region(edge, edge, edge))
        if following is None:
            found.append(Region(edge + day, edge + day, None))
        elif following - edge > day:
            found.append(Region(edge + day, edge + day, following - day))
    return found


class _Asked(NamedTuple):
    known: bool
    held: tuple[str, ...]


def _asked(texts: Sequence[str], name: str) -> _Asked:
    """Return whether conditions ask if a name is known, and the texts they look for in it."""
    known, held = False, dict[str, None]()
    for node in (node for text in texts for node in ast.walk(ast.parse(one_line(text), mode="eval"))):
        match node:
            case ast.Call(func=ast.Name(id="known"), args=[ast.Name(id=asked)]) if asked == name:
                known = True
            case ast.Call(args=[ast.Name(id=asked), ast.Constant(value=str(text))]) if asked == name:
                held[text] = None
            case ast.Compare(left=ast.Constant(value=str(text)), comparators=[ast.Name(id=asked)]) if (
                asked == name
            ):
                held[text] = None
    return _Asked(known, tuple(held))


# --- cells -------------------------------------------------------------------------------------------------


def cells(dimensions: Sequence[Dimension], most: int) -> Iterator[tuple[int, ...]]:
    """Yield the cells as places of regions: all, or evenly chosen ones where there are over `most`."""
    sizes = [len(one.regions) for one in dimensions]
    count = total(dimensions)
    step = 1 if count <= most else -(-count // most) | 1
    for number in range(0, count, step):
        found = []
        for size in sizes:
            number, place = divmod(number, size)
            found.append(place)
        yield tuple(found)


def total(dimensions: Sequence[Dimension]) -> int:
    """Return how many cells there are."""
    count = 1
    for one in dimensions:
        count *= len(one.regions)
    return count


def boxes(found: Iterable[tuple[int, ...]]) -> list[Box]:
    """Return cells laid together to as few boxes as joining along one dimension after the other makes."""
    held: set[Box] = {tuple(frozenset((place,)) for place in cell) for cell in found}
    while True:
        before = len(held)
        for axis in range(len(next(iter(held), ()))):
            rest: dict[Box, set[int]] = defaultdict(set)
            for box in held:
                rest[(*box[:axis], *box[axis + 1 :])] |= box[axis]
            held = {(*box[:axis], frozenset(places), *box[axis:]) for box, places in rest.items()}
        if len(held) == before:
            return sorted(held, key=lambda box: [sorted(places) for places in box])


def said(dimensions: Sequence[Dimension], box: Box) -> str:
    """Return a box as a condition: `1 <= count <= 3 and volume >= 10000`; "" if it is everything."""
    parts = [
        _side(one, sorted(places))
        for one, places in zip(dimensions, box, strict=True)
        if len(places) < len(one.regions)
    ]
    return " and ".join(parts)


def sample(dimensions: Sequence[Dimension], box: Box) -> str:
    """Return one cell of a box, from the middle of it, as far as the box is told by it: `count = 2`."""
    return ", ".join(
        f"{one.name} = {_shown(one.regions[sorted(places)[len(places) // 2]].sample)}"
        for one, places in zip(dimensions, box, strict=True)
        if len(places) < len(one.regions)
    )


def _side(one: Dimension, places: Sequence[int]) -> str:
    unknown = [place for place in places if one.regions[place].sample is None]
    held = [place for place in places if place not in unknown]
    parts = []
    if one.type.kind == "boolean":
        parts = [one.name if one.regions[place].sample else f"not {one.name}" for place in held]
    elif one.type.kind in (*NUMBERS, "date"):
        parts = [_span(one, run[0], run[-1]) for run in _runs(held)]
    elif held:
        texts = [one.regions[place].sample for place in held]
        parts = [_named(one, texts)]
    if unknown:
        parts.append(f"not known({one.name})")
    return parts[0] if len(parts) == 1 else "(" + " or ".join(parts) + ")"


def _named(one: Dimension, texts: Sequence[Any]) -> str:
    if one.type.kind == "list":
        return " or ".join(
            f"len({one.name}) == 0" if not text else f'"{text[0]}" in {one.name}' for text in texts
        )
    if _OTHER in texts:
        others = [region.sample for region in one.regions if region.sample not in (*texts, None)]
        return _among(one.name, others, "not in", "!=")
    return _among(one.name, texts, "in", "==")


def _among(name: str, texts: Sequence[str], many: str, single: str) -> str:
    if len(texts) == 1:
        return f'{name} {single} "{texts[0]}"'
    return f"{name} {many} ({', '.join(chr(34) + text + chr(34) for text in texts)})"


def _runs(places: Sequence[int]) -> Iterator[list[int]]:
    for _key, run in itertools.groupby(enumerate(places), lambda pair: pair[1] - pair[0]):
        yield [place for _number, place in run]


def _span(one: Dimension, first: int, last: int) -> str:
    """Return neighbouring regions as a comparison."""
    low, high = one.regions[first], one.regions[last]
    closed = one.type.kind != "decimal"
    if low.low is not None and low.low == high.high:
        return f"{one.name} == {_shown(low.low)}"
    if first == 0:  # there is nothing below
        low = low._replace(low=None)
    text = one.name
    if low.low is not None:
        text = f"{_shown(low.low)} {'<=' if closed or low.low == low.high else '<'} {text}"
    if high.high is not None:
        text = f"{text} {'<=' if closed or high.low == high.high else '<'} {_shown(high.high)}"
    if high.high is None and low.low is not None:  # said the usual way round
        sign = ">=" if closed or low.low == low.high else ">"
        text = f"{one.name} {sign} {_shown(low.low)}"
    return text


def _shown(value: Any) -> str:
    if value is None:
        return "?"
    if isinstance(value, Decimal):
        value = value.normalize() if value == value.to_integral_value() and value.adjusted() < 20 else value
        return f"{value:f}"
    if isinstance(value, list):
        return "[" + ", ".join(value) + "]"
    return plain(value)
