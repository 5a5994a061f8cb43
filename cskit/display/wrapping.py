"""Text broken into lines by the cells that characters take on a terminal, where Chinese ones take two.

Must not import click, a plugin or a store.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_ATOM = re.compile(
    r"""(?P<gap>\s+)
      | [(（「『“‘《【]* (?:[^\s\u1100-\uffdc]+|.) [，。；：、！？,.;:!?)）」』”’》】…]*""",
    re.VERBOSE,
)
"""A gap, or what no line is broken in: a word or a wide character, with the punctuation that clings to it."""


def cells(text: str) -> int:
    """Return how many cells of a terminal a text takes."""
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth

    width: int = wcswidth(text)
    return max(width, 0)


def wrapped(text: str, width: int) -> Iterator[str]:
    """Yield the lines of one paragraph, none wider than `width` cells if its words allow."""
    line, gap = "", ""
    for atom in _ATOM.finditer(text.strip()):
        if atom["gap"]:
            gap = " "
            continue
        if line and cells(line + gap + atom[0]) > width:
            yield line
            line, gap = "", ""
        line, gap = line + gap + atom[0], ""
    yield line
