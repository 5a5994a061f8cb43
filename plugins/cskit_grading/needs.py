"""What schemes need of customers: which of it is there, and all of it asked for at once.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from cskit import CskitError, Period, _, facts, stored, where
from cskit.records import masks
from cskit.where import NameType
from cskit.where.terms import plus_months
from cskit_grading.schemes import Known, Need

if TYPE_CHECKING:
    from cskit import App

ABOUT = "customer"
TABLE = "customers"


class Typed(NamedTuple):
    """The types of what a scheme needs, what of it is not there and why, and what can never be there."""

    types: dict[str, NameType]
    absent: dict[str, str]
    wrong: list[tuple[str, str]]


class Columns(NamedTuple):
    """What is known of customers: their `ids`, and need → id → value. A value that is unknown is absent."""

    ids: list[str]
    of: Mapping[Need, Mapping[str, Any]]
    listed: dict[Need, list[Any]]

    def values(self, need: Need) -> list[Any]:
        """Return what is known of a need in the order of `ids`, None for what is unknown."""
        if need not in self.listed:
            self.listed[need] = list(map(self.of[need].get, self.ids))
        return self.listed[need]


def typed(app: App, known: Mapping[str, Known], one: Known) -> Typed:
    """Return what is known beforehand of a scheme's needs; `known` are all schemes."""
    found = Typed({}, {}, [])
    for name, need in one.scheme.needs.items():
        try:
            type_, fault = _type(app, known, need)
        except where.NoSuchName as error:
            found.wrong.append((f"needs.{name}", error.message))
        except CskitError as error:  # nobody gives the fact, or who would is broken or blocked
            found.absent[name] = _hinted(error)
        else:
            if fault:
                found.wrong.append((f"needs.{name}", fault))
            elif isinstance(type_, str):
                found.absent[name] = type_
            else:
                found.types[name] = type_
    return found


def _hinted(error: CskitError) -> str:
    if not error.hint:
        return error.message
    return _("{message} ({hint})").format(message=error.message, hint=error.hint)


def _type(app: App, known: Mapping[str, Known], need: Need) -> tuple[NameType | str, str]:
    """Return the type of a need, or why it is away; and what is wrong with how it is asked for."""
    narrowed = need.months or need.skip or need.product
    if need.field:
        reader = where.reader(app.model(TABLE), [need.field])
        return reader.fields[need.field][0], _("a field is not counted") if narrowed else ""
    if need.scheme:
        if need.scheme not in known:
            return _("it needs the grade of the scheme {name}, which is not there").format(
                name=need.scheme
            ), ""
        grades = known[need.scheme].scheme.grades
        type_ = NameType("choice", {grade.code: grade.title.zh for grade in grades})
        return type_, _("a grade is not counted") if narrowed else ""
    if need.plugin and need.plugin not in {loaded.name for loaded in app.plugins.loaded}:
        said = _("it needs the fact {fact} of the plugin {plugin}, which is not loaded")
        return said.format(fact=need.fact, plugin=need.plugin), ""
    spec = facts.spec(app.plugins, ABOUT, need.fact).value
    wrong = ""
    if narrowed and spec.span != "period":
        wrong = _("{fact} holds at an instant: it cannot be counted over months or by product").format(
            fact=need.fact
        )
    return NameType(spec.type), wrong


def private(app: App, need: Need) -> bool:
    """Tell whether a need is personal data, which must not be stored or shown outside of the card."""
    return bool(need.field) and masks.of_name(app.model(TABLE), need.field) is not None


def ask(app: App, needs: Iterable[Need], ids: Sequence[str] | None = None) -> Columns:
    """Return what is known of the needs, grades left out, for all customers or some.

    Reads the table of customers once, and asks for facts once for each period and product. Raises
    `PluginFailed` where a plugin fails: a fact that fails must not downgrade anybody.
    """
    wanted = [need for need in dict.fromkeys(needs) if not need.scheme]
    fields = [need for need in wanted if need.field]
    reader = where.reader(app.model(TABLE), [need.field for need in fields])
    held: dict[Need, dict[str, Any]] = {need: {} for need in fields}
    gets = [(held[need], reader.fields[need.field][1]) for need in fields]
    found: list[str] = []
    documents = app.reading().read(TABLE, ids=None if ids is None else set(ids))
    for card in map(stored.decoder(TABLE, reader.model), documents):
        own = card.id  # type: ignore[attr-defined]  # the reader's own field
        found.append(own)
        for column, get in gets:
            value = get(card)
            if value is not None:
                column[own] = value
    asked: dict[tuple[Period, str], list[Need]] = defaultdict(list)
    for need in wanted:
        if need.fact:
            asked[_period(need, app.now.astimezone(app.zone).date()), need.product].append(need)
    answers: dict[Need, Mapping[str, Any]] = dict(held)
    for (period, product), same in asked.items():
        scope = {"product": product} if product else None
        answered = app.facts(ABOUT, [need.fact for need in same], found, period=period, scope=scope)
        answers |= {need: answered[need.fact] for need in same}
    return Columns(found, answers, {})


def _period(need: Need, today: dt.date) -> Period:
    """Return the days that a need counts, those to come left out anyway."""
    before = partial(plus_months, today)
    first = before(-need.months - need.skip) + dt.timedelta(days=1) if need.months else None
    return Period(first, before(-need.skip) if need.skip else None)
