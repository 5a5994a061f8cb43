"""Rows out of text whose columns stand at fixed places in each line."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import NamedTuple

from cskit.errors import Problem, Usage
from cskit.i18n import _
from cskit.values import shown

EXAMPLE = '"customer=8-11 date=13-20"'


class Span(NamedTuple):
    """A column, as slice bounds."""

    name: str
    start: int
    end: int


def layout(columns: str) -> list[Span]:
    """Return the columns of a text such as "customer=8-11 date=13-20"; raises `Usage` for another."""
    spans: dict[str, Span] = {}
    for part in re.split(r"[\s,，]+", columns.strip(" \t\r\n,，")):
        found = re.fullmatch(r"([^=]+)=(\d{1,6})-(\d{1,6})", part, re.ASCII)
        if not found or not 1 <= int(found[2]) <= int(found[3]):
            said = _("cannot read the column '{column}'").format(column=part)
            hint = _("write name=first-last, such as {example}").format(example=EXAMPLE)
            raise Usage(said, hint)
        if found[1] in spans:
            said = _("the columns name {column} twice").format(column=found[1])
            raise Usage(said, _("give each column a name of its own"))
        spans[found[1]] = Span(found[1], int(found[2]) - 1, int(found[3]))
    return list(spans.values())


def rows(plain: bytes, columns: str, problems: list[Problem]) -> Iterator[tuple[int, dict[str, str] | None]]:
    """Yield the line and cells of each row, None for one that is too short, which goes to `problems`."""
    spans = layout(columns)
    for number, line in enumerate(io.TextIOWrapper(io.BytesIO(plain), "utf-8", newline="\n"), 1):
        text = line.rstrip("\r\n")
        if not text.strip():
            continue
        missing = [span for span in spans if len(text) <= span.start]
        if missing:
            said = _("the line ends before position {position}")
            problems.extend(
                Problem(number, span.name, shown(text), said.format(position=span.start + 1))
                for span in missing
            )
            yield number, None
            continue
        yield number, {name: text[start:end].strip() for name, start, end in spans}
