"""Charts of characters for a terminal: bars, stacked bars, points on a plane; aligned by the cells that
characters take, so that Chinese labels stand right.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cskit.display.wrapping import cells as width_of
from cskit.values import one_line

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_SHADES, _SIGNS = "█▓▒░·○●◇◆+", "#=+-.o*x%@"
_LEAST = 10  # cells for the bars, however narrow the terminal is
_LABEL = 0.4  # of the width, at most, for labels


class Bar(NamedTuple):
    """One bar: its label, its length on 0 to `most`, and what stands behind it."""

    label: str
    value: float | None
    note: str = ""


class Stack(NamedTuple):
    """One stacked bar: its label, how many of each part, and what stands behind it."""

    label: str
    parts: Sequence[int]
    note: str = ""


class Point(NamedTuple):
    """A point on a plane: 0 to 1 from left to right and from bottom to top, and its sign of one cell."""

    right: float
    up: float
    sign: str


def bars(rows: Sequence[Bar], most: float, width: int, *, ascii: bool = False) -> Iterator[str]:
    """Yield a line for each bar, to the eighth of a cell; what has no value has no bar."""
    heads = labels([row.label for row in rows], width)
    room = _room(heads, [row.note for row in rows], width)
    for label, row in zip(heads, rows, strict=True):
        drawn = _drawn(row.value, most, room, ascii)
        yield f"{label}  {padded(drawn, room)}  {one_line(row.note)}".rstrip()


def _drawn(value: float | None, most: float, room: int, ascii: bool) -> str:
    if value is None or most <= 0:
        return ""
    share = min(1.0, max(0.0, value / most))
    if ascii:
        return "#" * round(share * room)
    whole, eighth = divmod(round(share * room * 8), 8)
    return "█" * whole + (_EIGHTHS[eighth] if eighth else "")


def stacks(rows: Sequence[Stack], width: int, *, ascii: bool = False) -> Iterator[str]:
    """Yield a line for each stacked bar; all are as long, whatever they count, and empty ones have none."""
    heads = labels([row.label for row in rows], width)
    room = _room(heads, [row.note for row in rows], width)
    for label, row in zip(heads, rows, strict=True):
        cells = "".join(sign(place, ascii) * count for place, count in enumerate(_shared(row.parts, room)))
        yield f"{label}  {padded(cells, room)}  {one_line(row.note)}".rstrip()


def sign(place: int, ascii: bool) -> str:
    """Return what the part number `place` of a stacked bar is drawn with."""
    signs = _SIGNS if ascii else _SHADES
    return signs[place % len(signs)]


def _shared(parts: Sequence[int], room: int) -> list[int]:
    """Return how many cells each part gets: in proportion, by largest remainders, `room` in all."""
    total = sum(parts)
    if not total:
        return [0] * len(parts)
    cells = [part * room // total for part in parts]
    order = sorted(range(len(parts)), key=lambda place: (-(parts[place] * room % total), place))
    for place in order[: room - sum(cells)]:
        cells[place] += 1
    return cells


def plane(points: Sequence[Point], width: int, height: int, *, ascii: bool = False) -> Iterator[str]:
    """Yield the lines of a plane with its middle lines drawn; two points on one cell show as `*`."""
    across, down, cross = ("-", "|", "+") if ascii else ("─", "│", "┼")
    cells = [[" "] * width for _line in range(height)]
    for line in range(height):
        cells[line][width // 2] = down
    cells[height // 2] = [across] * width
    cells[height // 2][width // 2] = cross
    taken = set()
    for point in points:
        column = min(width - 1, max(0, round(point.right * (width - 1))))
        line = min(height - 1, max(0, round((1 - point.up) * (height - 1))))
        cells[line][column] = "*" if (line, column) in taken else point.sign
        taken.add((line, column))
    yield from ("".join(line).rstrip() for line in cells)


# --- cells -------------------------------------------------------------------------------------------------


def labels(texts: Sequence[str], width: int) -> list[str]:
    """Return labels as wide as the widest, or as there is room for; longer ones end in …."""
    most = max(4, int(width * _LABEL))
    shown = [_cut(one_line(text), most) for text in texts]
    widest = max((width_of(text) for text in shown), default=0)
    return [padded(text, widest) for text in shown]


def _cut(text: str, most: int) -> str:
    if width_of(text) <= most:
        return text
    kept, used = "", 0
    for letter in text:
        used += width_of(letter)
        if used > most - 1:
            break
        kept += letter
    return kept + "…"


def padded(text: str, cells: int) -> str:
    """Return a text with spaces behind it up to so many cells."""
    return text + " " * (cells - width_of(text))


def _room(labels: Sequence[str], notes: Sequence[str], width: int) -> int:
    beside = max((width_of(label) for label in labels), default=0)
    behind = max((width_of(one_line(note)) for note in notes), default=0)
    return max(_LEAST, width - beside - behind - 4)
