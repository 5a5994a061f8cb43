"""How questionnaire services lay out the answers they export: rule files, and which of them a file follows.

Must not import click or a store.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from cskit import NotFound, _, rules
from cskit_surveys.answers import plain

if TYPE_CHECKING:
    from cskit import App

KIND = "answer-layouts"
NONE = "none"
Below = Literal["", "options", "texts"]


class Layout(msgspec.Struct, frozen=True):
    """A rule file of the kind answer-layouts. Headings are compared without width, case and spaces.

    `signs` are sets of headings: a file that has all of one set is of this layout. `who`, `at` and
    `interviewer` are the service's columns for them, those named first going first; `service` are columns
    that answer nothing (`*` at the end stands for anything). `below` says what a second line of headings
    holds: the options of what stands above it, or the questions' texts; `idle` many more lines hold nothing.
    `groups` stands between the group of a question and its code. `blanks` are cells that say that nothing was
    answered. `times` are forms of points in time beside ours, as strptime has them. `channel` is how people
    answered where no column says it.
    """

    title: rules.Label
    source: str
    signs: Annotated[list[list[str]], msgspec.Meta(min_length=1)]
    who: list[str] = []
    at: list[str] = []
    interviewer: list[str] = []
    service: list[str] = []
    below: Below = ""
    idle: Annotated[int, msgspec.Meta(ge=0, le=1)] = 0
    groups: str = ""
    blanks: list[str] = []
    times: list[str] = []
    channel: Literal["phone", "online", "visit", "paper", "other"] = "online"

    def meta(self) -> Iterator[tuple[str, str]]:
        """Yield the plain headings of columns that are about the row, and what they hold."""
        for about, names in (("who", self.who), ("at", self.at), ("interviewer", self.interviewer)):
            yield from ((plain(name), about) for name in names)

    def serves(self, said: str) -> bool:
        """Tell whether a plain heading is one of the service's own that answers nothing."""
        known = [plain(name) for name in self.service]
        return said in known or any(said.startswith(name[:-1]) for name in known if name.endswith("*"))

    def joined(self, lines: Sequence[Sequence[str]]) -> tuple[int, list[str]]:
        """Return how many of a table's first lines are headings, and the column names they make.

        Under `options`, a heading that stands once above several columns is that of them all, and the line
        below names what each of them is; "Response" there says nothing.
        """
        top = list(lines[0])
        if not self.below or len(lines) < 2:
            return 1, top
        second = [*lines[1], *[""] * (len(top) - len(lines[1]))]
        if self.below == "texts":
            own = {name for name, _about in self.meta()}
            kept = [
                plain(code) in own or self.serves(plain(code)) or not text
                for code, text in zip(top, second, strict=False)
            ]
            names = [code if keep else text for code, text, keep in zip(top, second, kept, strict=False)]
            return min(len(lines), 2 + self.idle), names
        names, above = [], ""
        for heading, below in zip(top, second, strict=False):
            above = heading or above
            told = "" if plain(below) in _NOTHING_BELOW else below
            names.append(f"{above} [{told}]" if told else heading)
        return 2 + self.idle, names


_NOTHING_BELOW = ("", "response", "open-ended response")


def load(app: App) -> dict[str, Layout]:
    """Return the layouts there are, by name."""
    return {rule.name: rule.value for rule in rules.load(app, KIND).values()}


def named(known: Mapping[str, Layout], name: str) -> Layout | None:
    """Return the layout that is called `name`, None for "none"; raises `NotFound`."""
    if name == NONE:
        return None
    if name not in known:
        raise NotFound(
            _("there is no layout '{name}'").format(name=name),
            _("there are {names}").format(names=", ".join([*known, NONE])),
        )
    return known[name]


def of(known: Mapping[str, Layout], titles: Sequence[str]) -> str:
    """Return the name of the layout that a file with these headings follows, "" for none of them.

    Where the signs of several are there, that with most of them: a longer list says more.
    """
    there = {plain(title) for title in titles}
    found = [
        (len(signs), name)
        for name, layout in known.items()
        for signs in layout.signs
        if there.issuperset(map(plain, signs))
    ]
    return max(found, key=lambda one: one[0])[1] if found else ""


_OFFSET = re.compile(r"\s*(?:GMT|UTC)([+-])(\d{1,2})(?::?(\d\d))?$")
_HALVES = (("上午", "AM"), ("下午", "PM"))


def moment(text: str) -> str:
    """Return a point in time as strptime can read it: halves of the day in English, an offset as +0800."""
    for zh, en in _HALVES:
        text = text.replace(zh, en)
    found = _OFFSET.search(text)
    if not found:
        return text
    return f"{text[: found.start()]} {found[1]}{int(found[2]):02d}{found[3] or '00'}"
