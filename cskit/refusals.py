"""Many refused rows said in few lines. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Sequence

from cskit.errors import BadRows, Problem
from cskit.i18n import _, ngettext

_LISTED = 10  # so many lines with one and the same fault are named
_SHOWN = 100  # so many different faults; nobody reads more on a screen


def listed(error: BadRows) -> BadRows:
    """Say what is wrong with many rows once, with their lines, a screen or two of it; keep their count."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    for line, *fault in sorted(error.problems, key=lambda problem: problem.line):
        lines = groups.setdefault((fault[0], fault[1], fault[2]), [])
        if not lines or lines[-1] != line:
            lines.append(line)
    error.problems = tuple(
        Problem(lines[0], column, value, _also(said, lines[1:]))
        for (column, value, said), lines in list(groups.items())[:_SHOWN]
    )
    more = len(groups) - _SHOWN
    if more > 0:
        error.problems += (Problem(0, "", "", _("and {count} more").format(count=more)),)
    return error


def _also(said: str, lines: Sequence[int]) -> str:
    """Name the other lines with the same fault behind what is said of the first."""
    if not lines:
        return said
    named = _(", ").join(map(str, lines[:_LISTED]))
    more = len(lines) - _LISTED
    if more > 0:
        return _("{problem} (also in lines {lines} and {more} more)").format(
            problem=said, lines=named, more=more
        )
    also = ngettext("{problem} (also in line {lines})", "{problem} (also in lines {lines})", len(lines))
    return also.format(problem=said, lines=named)
