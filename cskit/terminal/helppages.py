"""Help pages laid out by the cells that characters take on a terminal, where Chinese ones take two.

click counts characters; what is plain ASCII is left to it. Imports no plugin and no store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from cskit.display.wrapping import cells, wrapped
from cskit.i18n import _, as_is

_FILLER = "\ufdd0"  # no character of any text; counted by click, and taken out at the end


class Page(click.HelpFormatter):
    """A help page that keeps its columns and its width in every language."""

    def write_heading(self, heading: str) -> None:
        """Write a heading with the language's colon."""
        self.write(f"{'':>{self.current_indent}}{_('{heading}:').format(heading=heading)}\n")

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how the command is called; further lines stand under the first."""
        said = _("Usage:") if prefix is None else prefix.rstrip()
        filled = said + _FILLER * (cells(said) - len(said))
        super().write_usage(prog, args, filled if said.endswith("：") else f"{filled} ")

    def write_text(self, text: str) -> None:
        """Write paragraphs."""
        if text.isascii():
            super().write_text(text)
        else:
            indent = " " * self.current_indent
            lines = _lines(text, self.width - self.current_indent)
            self.write("".join(f"{indent}{line}".rstrip() + "\n" for line in lines))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write terms and what they mean in two columns."""
        rows = list(rows)
        if all(term.isascii() and said.isascii() for term, said in rows):
            super().write_dl(rows, col_max, col_spacing)
            return
        indent = " " * self.current_indent
        first = min(max(cells(term) for term, _said in rows), col_max) + col_spacing
        for term, said in rows:
            beside = cells(term) <= first - col_spacing
            lines = list(_lines(said, max(self.width - first - 2, 10)))
            if lines and beside:
                self.write(f"{indent}{term}{' ' * (first - cells(term))}{lines.pop(0)}\n")
            else:
                self.write(f"{indent}{term}\n")
            self.write("".join(f"{indent}{' ' * first}{line}".rstrip() + "\n" for line in lines))

    def getvalue(self) -> str:
        """Return the page."""
        return super().getvalue().replace(_FILLER, "")


def _lines(text: str, width: int) -> Iterator[str]:
    """Yield the lines of paragraphs, with an empty one between them."""
    for place, paragraph in enumerate(text.split("\n\n")):
        if place:
            yield ""
        yield from as_is(paragraph) or wrapped(paragraph, width)
