"""A scheme looked over: what is wrong in it, grades out of reach, and cells that no grade covers.

Whatever is probed is decided by the code that decides customers. Must not import click or a store.
"""

from __future__ import annotations

import ast
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

from cskit import NotFound, Usage, _, ngettext, rules
from cskit.config import tomlfile
from cskit.i18n import reason
from cskit.rules import shape
from cskit.where import Bound, Expression, NameType, Watch
from cskit_grading import needs, probing, reading, schemes
from cskit_grading.judging import Judge
from cskit_grading.probing import NUMBERS, Dimension, Region
from cskit_grading.reading import Fault, Read
from cskit_grading.schemes import KIND, Known, Scheme

if TYPE_CHECKING:
    from cskit import App

MOST = 50_000
"""Cells that are probed; of more, evenly chosen ones."""
WRONG = ("fault", "fact", "unreachable")
"""What must be put right; everything else may be meant."""


class Finding(NamedTuple):
    """One thing found: of which kind, where (a key of the file, or a grade), what it is, and an example."""

    kind: str
    where: str
    what: str
    example: str = ""


def check(app: App, target: str, *, literal: bool = False) -> list[Finding]:
    """Look a scheme over, by its name or as a file that need not be in force; return all that is found.

    With `literal`, the rules exactly as the source states them are probed instead of those that decide.
    Raises `NotFound` where there is no such scheme or file, `Usage` for a file that is not TOML.
    """
    survey = rules.survey(app, KIND)
    known = {rule.name: schemes.of_rule(rule) for rule in survey.rules.values() if rule.value is not None}
    if _is_file(target):
        name, scheme, faults = _from_file(target)
    else:
        name, scheme = target, known[target].scheme if target in known else None
        path = survey.rules[target].path if target in survey.rules else None
        faults = [Fault(one.key, one.message) for one in survey.faults if one.path == path]
        if scheme is None and not faults:
            schemes.chosen(known, [target])  # which says what there is
    found = [_fault(fault) for fault in faults]
    if scheme is None:
        return found
    one = known[name] if name in known and not _is_file(target) else Known(name, scheme, target, "", "")
    return [*found, *_looked_over(app, {**known, name: one}, one, literal)]


def _fault(fault: Fault) -> Finding:
    """Return what is wrong, with the condition that it is wrong in as the example."""
    message, *pointed = fault.message.splitlines()
    return Finding("fault", fault.key, message, pointed[0] if pointed else "")


def _is_file(target: str) -> bool:
    return target.endswith(".toml") or os.sep in target


def _from_file(path: str) -> tuple[str, Scheme | None, list[Fault]]:
    """Return the name and the scheme of a file, or everything in it that does not fit."""
    name = os.path.basename(path).removesuffix(".toml")
    try:
        with open(path, "rb") as file:
            values = tomlfile.parse(path, file.read(tomlfile.LARGEST + 1))
    except OSError as error:
        raise NotFound(_("{file} cannot be read: {why}").format(file=path, why=reason(error))) from error
    values.pop("replaces", None)
    faults = [Fault(key, said) for key, said in shape.faults(Scheme, values)]
    return name, None if faults else msgspec.convert(values, Scheme, strict=True), faults


def _looked_over(app: App, known: Mapping[str, Known], one: Known, literal: bool) -> Iterator[Finding]:
    """Yield what is found in a scheme of which the form is right."""
    try:
        schemes.ordered(known)
    except Usage as error:
        yield Finding("fault", "needs", error.message)
    typed = needs.typed(app, known, one)
    yield from (Finding("fault", key, said) for key, said in typed.wrong)
    yield from (Finding("fact", f"needs.{name}", said) for name, said in typed.absent.items())
    if typed.wrong:
        return
    watch = Watch()
    types = _guessed(one, typed.types, list(typed.absent))
    read, faults = reading.read(one, types, zone=app.zone, now=app.now, watch=watch, literal=literal)
    yield from map(_fault, faults)
    if read is not None:
        yield from _unused(read)
        yield from _Probe(app, read, watch, literal).findings()


def _guessed(one: Known, types: Mapping[str, NameType], absent: Sequence[str]) -> Mapping[str, NameType]:
    """Return types for facts that are not there as well, by what conditions compare them with."""
    trees = [ast.parse(reading.one_line(text), mode="eval") for text in _texts(one.scheme) if _parses(text)]
    return {**types, **{name: NameType(_guess(name, trees)) for name in absent}}


def _parses(text: str) -> bool:
    return bool(reading.names_in(text))


def _guess(name: str, trees: Sequence[ast.AST]) -> Literal["text", "date", "decimal", "boolean"]:
    """Return what a name is beside: a text, a day, a number; by itself it is yes or no."""
    for node in (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Compare)):
        sides = [node.left, *node.comparators]
        if not any(
            isinstance(part, ast.Name) and part.id == name for side in sides for part in ast.walk(side)
        ):
            continue
        parts = [part for side in sides for part in ast.walk(side)]
        if any(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in parts):
            return "text"
        called = {
            part.func.id for part in parts if isinstance(part, ast.Call) and isinstance(part.func, ast.Name)
        }
        return "date" if called & {"today", "now", "days_since", "year"} else "decimal"
    sums = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.BinOp)]
    summed = {part.id for node in sums for part in ast.walk(node) if isinstance(part, ast.Name)}
    return "decimal" if name in summed else "boolean"


def _unused(read: Read) -> Iterator[Finding]:
    """Yield the needs and numbers that nothing reads."""
    scheme = read.known.scheme
    used = {name for text in _texts(scheme) for name in reading.names_in(text)}
    used |= {one.of for group in (scheme.bins, scheme.ranks, scheme.shares) for one in group.values()}
    used |= {grade.service.handle_by for grade in scheme.grades}
    for key, group in (("needs", scheme.needs), ("numbers", scheme.numbers), ("values", scheme.values)):
        for name in group.keys() - used:
            yield Finding("unused", f"{key}.{name}", _("nothing in the scheme reads it"))


def _texts(scheme: Scheme) -> Iterator[str]:
    """Yield every condition and value of a scheme."""
    yield scheme.scope
    yield from scheme.values.values()
    if scheme.keep is not None:
        yield scheme.keep.when
    for grade in scheme.grades:
        yield grade.when
        if grade.literal:
            yield grade.literal
        yield from (one.when for one in grade.also)
        yield from (one.when for one in grade.doubts)


class _Probe:
    """Decides cells around every threshold, and keeps which had no grade, or only a borderline one."""

    def __init__(self, app: App, read: Read, watch: Watch, literal: bool) -> None:
        self._read, self._literal = read, literal
        self._judge = Judge(read)
        self._places = {name: place for place, name in enumerate(read.types)}
        self._today = app.today
        self._direct = self._taken_directly()
        self._dimensions = self._all_dimensions(watch)

    def findings(self) -> Iterator[Finding]:
        """Yield the grades that no cell has, then the cells without a grade or with a borderline one."""
        reached: set[str] = set()
        cells: dict[tuple[str, str, str], list[tuple[int, ...]]] = defaultdict(list)
        total, probed = probing.total(self._dimensions), 0
        for cell in probing.cells(self._dimensions, MOST):
            probed += 1
            code, kind, why = self._decided(cell)
            reached.add(code)
            if kind:
                cells[kind, code, why].append(cell)
        whole = probed == total
        for grade in self._read.known.scheme.grades:
            if grade.code not in reached:
                yield Finding(*self._out_of_reach(grade.code, whole, probed))
        for (kind, code, why), found in sorted(cells.items(), key=lambda one: one[0][0] != "uncovered"):
            for box in probing.boxes(found) if whole else [probing.boxes(found[:1])[0]]:
                said = probing.said(self._dimensions, box) or _("everybody")
                what = _("{cell}: {why}").format(cell=said, why=why) if why else said
                yield Finding(kind, code, what, probing.sample(self._dimensions, box))
        if not whole:
            said = _("{probed} of {total} cells were probed, evenly chosen; there may be more")
            yield Finding("part", "", said.format(probed=probed, total=total))

    def _out_of_reach(self, code: str, whole: bool, probed: int) -> tuple[str, str, str]:
        if whole:
            return "unreachable", code, _("no customer can have this grade: another always comes first")
        said = ngettext(
            "none of {count} cell probed has this grade",
            "none of {count} cells probed has this grade",
            probed,
        )
        return "unreached", code, said.format(count=probed)

    def _decided(self, cell: Sequence[int]) -> tuple[str, str, str]:
        """Return the grade of a cell, and what is the matter with it, if anything, and why."""
        row: list[Any] = [None] * len(self._places)
        for one, place in zip(self._dimensions, cell, strict=True):
            row[self._places[one.name]] = one.regions[place].sample
        for name, step in (*self._read.early, *self._read.late):
            if isinstance(step, Expression) and name not in self._direct:
                row[self._places[name]] = step.value(row)
        if self._read.keep is not None and self._read.keep.value(row) is True:
            return "", "", ""
        decision = self._judge.decide("", row, True, None)
        if decision.code is None:
            return "", "" if decision.unknown else "uncovered", ""
        borderline = decision.borderline and not self._literal
        return decision.code, "borderline" if borderline else "", "; ".join(decision.borderline)

    # --- what is tried -------------------------------------------------------------------------------------

    def _used(self) -> dict[str, None]:
        """Return the names that deciding reads."""
        read = self._read
        expressions = [test.condition for test in read.tests]
        for checked in read.checked.values():
            expressions += [
                one for one in (checked.literal, *(doubt for doubt, _why in checked.doubts)) if one
            ]
        if read.keep is not None:
            expressions.append(read.keep)
        return dict.fromkeys(name for one in expressions for name in one.names)

    def _taken_directly(self) -> set[str]:
        """Return the values that are tried as they are, not computed from what is tried of their needs.

        Numbers made of others, and whatever nothing else that is read has needs in common with.
        """
        used = self._used()
        steps = dict((*self._read.early, *self._read.late))
        direct = {name for name, step in steps.items() if not isinstance(step, Expression)}
        for name in used:
            if name in steps and name not in direct:
                own = set(self._read.sources[name])
                apart = all(own.isdisjoint(self._read.sources[other]) for other in used if other != name)
                if apart or self._read.types[name].kind in NUMBERS:
                    direct.add(name)
        return direct

    def _all_dimensions(self, watch: Watch) -> list[Dimension]:
        used = self._used()
        names = {
            source: None
            for name in used
            for source in ((name,) if name in self._direct else self._read.sources[name])
        }
        keys = ("grades[", "keep.", *(f"values.{name}" for name in used if name not in self._direct))
        bounds = [bound for bound in watch.bounds if bound.key.startswith(keys)]
        texts = [*_texts(self._read.known.scheme)]
        return [self._scores(name) or self._probed(name, bounds, texts) for name in names]

    def _scores(self, name: str) -> Dimension | None:
        """Return all scores of a bin, which are few."""
        step = self._read.known.scheme.bins.get(name)
        if step is None:
            return None
        regions = (Region(score, score, score) for score in range(1, len(step.cuts) + 2))
        return Dimension(name, self._read.types[name], tuple(regions))

    def _probed(self, name: str, bounds: Sequence[Bound], texts: Sequence[str]) -> Dimension:
        """Return what is tried of a name: counts begin at 0, places at 1, other whole numbers anywhere."""
        scheme = self._read.known.scheme
        need = scheme.needs.get(name)
        least = 1 if name in scheme.ranks else 0 if need is not None and need.fact else None
        limits = probing.Limits(bounds, texts, self._today, least)
        return probing.dimension(name, self._read.types[name], limits)
