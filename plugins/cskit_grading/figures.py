"""Grades in figures: which changed, and how many customers hold which. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import Usage, fieldnames
from cskit.i18n import _
from cskit.stored import decoder
from cskit.values import plain
from cskit_grading import holding, schemes
from cskit_grading.holding import TABLE

if TYPE_CHECKING:
    from cskit import App
    from cskit_grading.schemes import Known

CUSTOMERS = "customers"
NONE, TOTAL = "-", "total"
"""The column of those of whom nothing is known, and that of all."""


# --- changes -----------------------------------------------------------------------------------------------


class Change(msgspec.Struct, gc=False):
    """A record as the list of changes shows it."""

    at: dt.datetime
    customer: str
    scheme: str
    id: str = ""
    grade: str | None = None
    previous: str | None = None
    move: str = "new"
    decided_by: str = "rule"
    recorded_by: str = ""
    reason: str | None = None


def changes(
    app: App,
    since: dt.date,
    *,
    names: Sequence[str] = (),
    moves: Collection[str] = (),
    customer: str | None = None,
) -> list[Change]:
    """Return what was recorded from the day `since` until now, newest first; of some schemes or moves only.

    Raises `NotFound` for a scheme that there is not.
    """
    if names:
        schemes.chosen(schemes.load(app), names)
    first = dt.datetime.combine(since, dt.time.min, app.zone)
    found = []
    where = holding.Of(customer=customer) if customer else None
    for number, one in enumerate(map(decoder(TABLE, Change), app.reading().read(TABLE, where=where))):
        if (
            first <= one.at <= app.now
            and (not names or one.scheme in names)
            and (not moves or one.move in moves)
            and (customer is None or one.customer == customer)
        ):
            found.append((one.at, number, one))
    return [one for _at, _number, one in sorted(found, key=lambda each: each[:2], reverse=True)]


# --- counts ------------------------------------------------------------------------------------------------


class Matrix(NamedTuple):
    """Customers counted: `heads` are the columns with their titles, `rows` what each grade has in them."""

    heads: Sequence[tuple[str, str]]
    rows: Sequence[Mapping[str, Any]]


def by_field(app: App, scheme: str, field: str) -> Matrix:
    """Count the customers of each grade of a scheme by a field of the card, such as region.

    Raises `NotFound` for a scheme, `Usage` for a field that holds no single value.
    """
    known = _known(app, [scheme])[scheme]
    try:
        place = fieldnames.find(app.model(CUSTOMERS), field)
    except ValueError as error:
        raise Usage(_("--by: {name}: {fault}").format(name=field, fault=error)) from None
    if place.info.kind in ("list", "map", "struct") or place.info.personal:
        raise Usage(
            _("--by: customers cannot be counted by {name}").format(name=field),
            _("name a field that holds one value, such as region"),
        )
    shape = _shape(app, place)
    decode = decoder(CUSTOMERS, shape)
    of = {
        one.id: plain(value) if (value := place.of(one)) is not None else NONE
        for one in map(decode, app.reading().read(CUSTOMERS))
    }
    return _crossed(app, known, of, [(value, value) for value in sorted(set(of.values()) - {NONE})])


def _shape(app: App, place: fieldnames.Place) -> type[Any]:
    """Return the smallest struct that has a customer's id and one field."""
    info = {one.name: one for one in msgspec.structs.fields(app.model(CUSTOMERS))}[place.path[0]]
    default = info.default if info.default is not msgspec.NODEFAULT else None
    return msgspec.defstruct("CustomerInMatrix", [("id", str), (info.name, info.type | None, default)])


def by_scheme(app: App, scheme: str, other: str) -> Matrix:
    """Count the customers of each grade of a scheme by their grade in another one."""
    known = _known(app, [scheme, other])
    held = holding.held(app.reading(), app.now, schemes=[scheme, other])
    of = {own: code or NONE for own, one in held.get(other, {}).items() for code in [one.in_force(app.today)]}
    heads = [(grade.code, str(grade.title)) for grade in known[other].scheme.grades]
    return _crossed(app, known[scheme], of, heads, held.get(scheme, {}))


def _known(app: App, names: Sequence[str]) -> Mapping[str, Known]:
    known = schemes.load(app)
    schemes.chosen(known, names)
    return known


def _crossed(
    app: App,
    known: Known,
    of: Mapping[str, str],
    heads: Sequence[tuple[str, str]],
    holders: Mapping[str, holding.Held] | None = None,
) -> Matrix:
    if holders is None:
        holders = holding.held(app.reading(), app.now, schemes=[known.name]).get(known.name, {})
    counts: Counter[tuple[str, str]] = Counter()
    for customer in holders.keys() | of.keys():
        one = holders.get(customer)
        code = one.in_force(app.today) if one is not None else None
        counts[code or NONE, of.get(customer, NONE)] += 1
    columns = list(heads)
    if any(column == NONE for _code, column in counts):
        columns.append((NONE, _("none")))
    titles = {grade.code: str(grade.title) for grade in known.scheme.grades}
    strange = sorted({code for code, _column in counts} - titles.keys() - {NONE})
    titles |= dict.fromkeys(strange, "") | {NONE: _("ungraded")}
    rows: list[dict[str, Any]] = []
    for code, title in titles.items():
        row = {_name(value): counts[code, value] for value, _title in columns}
        if known.scheme.grade(code) or any(row.values()):
            rows.append({"grade": code, "title": title, **row, TOTAL: sum(row.values())})
    return Matrix([(_name(value), title) for value, title in columns], rows)


def _name(value: str) -> str:
    """Return what a column is called, in which a region may not be taken for the total."""
    return f"={value}" if value in ("grade", "title", TOTAL) else value
