"""The columns of a file of answers: which question, option or else each of them holds, by its heading.

Must not import click or a store.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from cskit import Usage, _
from cskit_surveys import layouts
from cskit_surveys.answers import plain
from cskit_surveys.layouts import Layout
from cskit_surveys.questionnaires import Question, Questionnaire

META = {  # what else a column may hold → what it may be called
    "who": (
        *("who", "response", "respondent", "id", "record", "about", "your id"),
        *("编号", "您的编号", "答卷编号", "调查对象", "受访者"),
    ),
    "customer": ("customer", "客户", "客户编号"),
    "at": (
        *("at", "answered at", "time", "date", "submitted", "submission time", "end"),
        *("答卷时间", "提交时间", "填写时间", "结束时间"),
    ),
    "channel": ("channel", "渠道"),
    "interviewer": ("interviewer", "访问员", "回访人"),
    "staff": ("staff", "staff concerned", "相关员工"),
}
_NUMBERED = re.compile(r"^(?:第\s*)?[qn题]?\s*(\d{1,3})\s*题?\s*[.、:)]?\s*")
_REMARKS = re.compile(r"\s*(?:\*|\[(?:单选题?|多选题?|填空题?|量表题?)\]|\((?:必填|多选|单选)\))\s*")
_ENDS = " ?:.。*"
_MARKS = ("/", ".", ":", "(", "[", "—", "-")
_SELECTED = re.compile(r"\s*-\s*selected choice\b")


class Place(NamedTuple):
    """What a column holds: the answer to a question, one option of it, or something `about` the row.

    Where several columns may say something about the row, that of the lowest `rank` does which is not empty.
    """

    question: Question | None
    option: str = ""
    about: str = ""
    rank: int = 0


class Columns:
    """Finds out what the columns of a file mean.

    `mapping` is column → question, option, or other content; `known` are the layouts of services by name, and
    `told` the name of one of them ("" to look which it is, "none" for none).
    """

    def __init__(
        self,
        asked: Questionnaire,
        mapping: Mapping[str, str] | None = None,
        known: Mapping[str, Layout] | None = None,
        told: str = "",
    ) -> None:
        self._questions = list(asked.questions())
        self._mapping = dict(mapping or {})
        self._layouts = dict(known or {})
        self._told = told
        self._signs = {plain(one) for layout in self._layouts.values() for row in layout.signs for one in row}
        self._by_name = {name: one for one in reversed(self._questions) for name in _names(one)}
        self._titles: Sequence[str] = ()
        self.places: dict[str, Place | None] = {}
        self.layout: Layout | None = layouts.named(self._layouts, told) if told else None
        self.unused: dict[str, None] = {}
        self._blanks: frozenset[str] = frozenset()
        self._meta: dict[str, tuple[str, int]] = {}

    def heads(self, lines: Sequence[Sequence[str]]) -> tuple[int, Sequence[str]]:
        """Return how many of a table's first lines are headings, and what the columns are called by them."""
        self._settle(lines[0])
        return self.layout.joined(lines) if self.layout else (1, lines[0])

    def _settle(self, titles: Sequence[str]) -> None:
        if not self._told:
            self._told = layouts.of(self._layouts, titles) or layouts.NONE
            self.layout = layouts.named(self._layouts, self._told)
        if self.layout:
            self._blanks = frozenset(map(plain, self.layout.blanks))
            self._meta = {}
            for rank, (name, about) in enumerate(self.layout.meta()):
                self._meta.setdefault(name, (about, rank))

    def blank(self, text: str) -> bool:
        """Tell whether a cell says, in the words of the file's layout, that nothing was answered."""
        return bool(self._blanks) and plain(text) in self._blanks

    def knows(self, title: str) -> bool:
        """Tell whether a title is one that a column of such a file may have."""
        return plain(title) in self._signs or self._find(title) is not None

    def place(self, title: str) -> Place | None:
        """Return what a column holds, None (and remembered in `unused`) if nothing that is known."""
        if title not in self.places:
            self.places[title] = found = self._mapped(title) if title in self._mapping else self._find(title)
            served = self.layout is not None and self.layout.serves(plain(title))
            if found is None and not served and self._mapping.get(title) != "":
                self.unused[title] = None
        return self.places[title]

    def check(self, titles: Sequence[str]) -> None:
        """Raise `Usage` where a mapped column is absent, two answer one thing, none says whose they are."""
        self._settle(titles)
        self._titles, self.places = titles, {}
        absent = [title for title in self._mapping if title not in titles]
        if absent:
            raise Usage(
                _("--map: the file has no column '{column}'").format(column=absent[0]),
                _("there are {names}").format(names=_(", ").join(titles)),
            )
        seen: dict[tuple[str, str, str, int], str] = {}
        for title in titles:
            place = self.place(title)
            if place is None:
                continue
            key = (place.question.code if place.question else "", place.option, place.about, place.rank)
            if key in seen:
                raise Usage(
                    _("the columns '{first}' and '{second}' answer the same question").format(
                        first=seen[key], second=title
                    ),
                    _("leave one of them out with --map '{column}='").format(column=title),
                )
            seen[key] = title
        if not any(place and place.about in ("who", "customer") for place in self.places.values()):
            raise Usage(
                _("no column says whose answers these are"),
                _("one must hold the response's id, or the record or customer it is about: --map COLUMN=who"),
            )

    def _mapped(self, title: str) -> Place | None:
        wanted = self._mapping[title]
        if not wanted:
            return None
        found = self._find(wanted, own=True)
        if found is None:
            codes = [question.code for question in self._questions]
            raise Usage(
                _("--map {column}={name}: there is no such question").format(column=title, name=wanted),
                _("there are {names}").format(names=", ".join([*codes, *META])),
            )
        return found

    def _find(self, title: str, *, own: bool = False) -> Place | None:
        """Return what a heading means, or, where it is our `own` word for it, with no regard to a layout."""
        said = _heading(title)
        if said in self._by_name:
            return Place(self._by_name[said])
        if self.layout and not own:
            if plain(title) in self._meta:
                about, rank = self._meta[plain(title)]
                return Place(None, about=about, rank=rank + 1)
            if self.layout.serves(plain(title)):
                return None
        for about, names in META.items():
            if said in names or _unnumbered(said) in names:
                return Place(None, about=about)
        question = self._question(said, own=own)
        return Place(question) if question else self._part(said)

    def _question(self, said: str, *, own: bool = True) -> Question | None:
        if said in self._by_name:
            return self._by_name[said]
        found = _NUMBERED.match(said)
        if found:
            rest = said[found.end() :].strip()
            if rest in self._by_name:
                return self._by_name[rest]
            if not rest:
                return self._numbered(int(found[1]), own=own)
        groups = self.layout.groups if self.layout else ""
        tail = said.rpartition(groups)[2].strip() if groups else said
        return self._by_name.get(tail) if tail != said else None

    def _numbered(self, number: int, *, own: bool) -> Question | None:
        """Return the question of a number; a service's numbers may be others, since it asks more.

        What the headings with number and text have in common says by how much.
        """
        if self.layout is None or (own and not self._titles):
            return self._at(number, 0)
        if self.layout.below == "texts":
            return None
        shifts = set(self._shifts())
        return self._at(number, shifts.pop()) if len(shifts) == 1 else None

    def _shifts(self) -> Iterator[int]:
        places = {question.code: place for place, question in enumerate(self._questions, 1)}
        for title in self._titles:
            said = _heading(title)
            found = _NUMBERED.match(said)
            question = self._by_name.get(said[found.end() :].strip()) if found else None
            if found and question:
                yield int(found[1]) - places[question.code]

    def _at(self, number: int, shift: int) -> Question | None:
        place = number - shift - 1
        return self._questions[place] if 0 <= place < len(self._questions) else None

    def _part(self, said: str) -> Place | None:
        """Read "kinds/part", "问题(选项)", "问题:选项" as one option, "grid [question]" as a grid's row."""
        for mark in _MARKS:
            head, found, tail = said.rpartition(mark)
            tail = tail.strip().rstrip(")]" + _ENDS).strip()
            if not found or not tail:
                continue
            question = self._question(_SELECTED.sub("", head).strip().rstrip(_ENDS), own=False)
            if question is not None and question.type == "multi":
                for number, option in enumerate(question.options, 1):
                    if tail in (
                        option.code,
                        str(number),
                        _heading(option.label.en),
                        _heading(option.label.zh),
                    ):
                        return Place(question, option.code)
            row = self._by_name.get(tail)
            if row is not None and tail != row.code and self.layout:
                return Place(row)
        return None


def _names(question: Question) -> set[str]:
    return {question.code, _heading(question.text.en), _heading(question.text.zh)}


def _heading(title: str) -> str:
    """Return a heading as it is compared: without marks that a form puts around it, or at its end."""
    return _REMARKS.sub("", plain(title)).rstrip(_ENDS)


def _unnumbered(said: str) -> str:
    found = _NUMBERED.match(said)
    return said[found.end() :].strip() if found else said
