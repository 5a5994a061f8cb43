"""Rooms and prices of two lists compared: the sales ledger and an export, or a price list and a control list.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import NotFound, Usage, _, register
from cskit.errors import BadRows, Problem
from cskit.intake import tabular
from cskit.records import Field, parse
from cskit.stored import decoder
from cskit.values import shown
from cskit_property.sales import sales
from cskit_property.sales.salemodel import SaleState
from cskit_property.settlements.settlements import PROJECTS

if TYPE_CHECKING:
    from cskit import App

ROOM = ("room", "Room", "房号", "房间号", "房源")
PRICE = ("price", "Price", "成交总价", "总价", "价格", "成交价")
_PRICE = Field("price", Decimal, "decimal", True, None, "", "")


class Room(NamedTuple):
    """A room of a list: its price, and where it stands there (a sale's id, or a line of the file)."""

    price: Decimal | None
    place: str


class Listed(NamedTuple):
    """The rooms of a list by number, and those that stand there twice: number → the places of the others."""

    rooms: Mapping[str, Room]
    twice: Mapping[str, Sequence[str]]


def compared(ours: Listed, theirs: Listed) -> list[dict[str, Any]]:
    """Return a row for each room that is in one list only, twice in one, or priced differently."""
    rows = []
    for number in sorted({*ours.rooms, *theirs.rooms}):
        here, there = ours.rooms.get(number), theirs.rooms.get(number)
        row = {
            "room": number,
            "ours": here and here.price,
            "theirs": there and there.price,
            "place": here and here.place,
            "other": there and there.place,
        }
        if there is None:
            rows.append({**row, "why": "first-only"})
        elif here is None:
            rows.append({**row, "why": "second-only"})
        elif here.price != there.price:
            rows.append({**row, "why": "price", "difference": _difference(here, there)})
        rows += [{**row, "why": "first-twice", "place": place} for place in ours.twice.get(number, ())]
        rows += [{**row, "why": "second-twice", "other": place} for place in theirs.twice.get(number, ())]
    return rows


def _difference(here: Room, there: Room) -> Decimal | None:
    return None if here.price is None or there.price is None else there.price - here.price


def lists(
    app: App, file: str, other: str | None, project: str | None, titles: tuple[str | None, str | None]
) -> tuple[Listed, Listed]:
    """Return the two lists that are to be compared: two files, or the ledger and a file."""
    if other is None:
        return of_ledger(app, project), of_file(file, *titles)
    if project is not None:
        raise Usage(_("--project is of the ledger, and two files are compared"), _("leave it out"))
    return of_file(file, *titles), of_file(other, *titles)


class _Sold(msgspec.Struct, frozen=True, gc=False):
    id: str
    room: str
    project: str
    price: Decimal
    state: SaleState = "chosen"


def of_ledger(app: App, project: str | None) -> Listed:
    """Return the rooms of the sales ledger that were not returned, of one project.

    Raises `Usage` where none is named and there are several: rooms of two projects may have one number.
    """
    reading = app.reading()
    wanted = None
    if project is not None:
        (document,) = register.find(app, reading, app.record_type(PROJECTS), [project])
        wanted = register.id_of(document)
    found = [
        one for one in map(decoder(sales.TABLE, _Sold), reading.read(sales.TABLE)) if one.state != "returned"
    ]
    several = {one.project for one in found}
    if wanted is None and len(several) > 1:
        raise Usage(
            _("the ledger holds sales of {count} projects").format(count=len(several)),
            _("say which one with --project"),
        )
    held = [(one.room, Room(one.price, one.id)) for one in found if wanted in (None, one.project)]
    return _listed(held)


def of_file(path: str, room: str | None, price: str | None) -> Listed:
    """Return the rooms of a file, from its columns of rooms and prices.

    `room` and `price` name the columns where they have no usual title. Raises `BadRows` with every cell that
    is no price, and `NotFound` where a column is not there.
    """
    data, name = tabular.read_source(path)
    problems: list[Problem] = []
    known = {*ROOM, *PRICE, room, price}
    found = list(tabular.read_rows(data, name, problems=problems, knows=lambda title: title in known))
    held: list[tuple[str, Room]] = []
    columns: tuple[str, str] | None = None
    for row in found:
        if columns is None:
            columns = (
                _column(row.cells, room, ROOM, name, "--room-column"),
                _column(row.cells, price, PRICE, name, "--price-column"),
            )
        number = str(row.cells.get(columns[0]) or "").strip()
        if number:
            held.append((number, Room(_priced(row, columns[1], problems), str(row.line))))
    if problems:
        raise BadRows(sorted(problems, key=lambda one: one.line), name)
    return _listed(held)


def _priced(row: tabular.Row, column: str, problems: list[Problem]) -> Decimal | None:
    cell = row.cells.get(column)
    if cell in (None, ""):
        return None
    try:
        value: Decimal = parse(_PRICE, str(cell), dt.UTC)
    except ValueError as error:
        problems.append(Problem(row.line, column, shown(cell), str(error)))
        return None
    return value


def _column(cells: Mapping[str, Any], asked: str | None, usual: Sequence[str], name: str, option: str) -> str:
    for title in (asked,) if asked else usual:
        if title in cells:
            return title
    # which titles there are is not said: those of a file without any are somebody's data
    said = _("{file} has no column of {what}; does it begin with the names of its columns?")
    what = _("rooms") if usual is ROOM else _("prices")
    raise NotFound(said.format(file=name, what=what), _("name it with {option}").format(option=option))


def _listed(held: Sequence[tuple[str, Room]]) -> Listed:
    rooms: dict[str, Room] = {}
    twice: dict[str, list[str]] = {}
    for number, room in held:
        if number in rooms:
            twice.setdefault(number, []).append(room.place)
        else:
            rooms[number] = room
    return Listed(rooms, twice)


def words() -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a room, as stored in rows and as people read it."""
    yield from {
        "first-only": _("only in the first"),
        "second-only": _("only in the second"),
        "price": _("priced differently"),
        "first-twice": _("twice in the first"),
        "second-twice": _("twice in the second"),
    }.items()
