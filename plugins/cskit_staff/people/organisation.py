"""The organisation: positions as a tree, planned and actual headcount. Must not import click or a store.

Planned is a position's headcount; actual are those who work in it on the day that is looked at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from cskit import _, register
from cskit_staff.people import people
from cskit_staff.people.people import Person, Post

if TYPE_CHECKING:
    from cskit import App

By = Literal["position", "department", "family", "group"]
Row = dict[str, Any]
_EDGE = "·  "
"""What stands under a last branch at the left: blanks there would be taken off by who draws the table."""


class Node:
    """One position of the tree and those below it; `lead` is drawn before its title, `rest` below that.

    `planned` and `actual` count the position and all below it.
    """

    __slots__ = ("actual", "below", "lead", "level", "people", "planned", "post", "rest")

    def __init__(self, post: Post, people: Sequence[Person], level: int, lead: str, rest: str) -> None:
        self.post, self.people, self.level, self.lead, self.rest = post, people, level, lead, rest
        self.planned, self.actual = post.headcount, len(people)
        self.below: list[Node] = []

    def add(self, node: Node) -> None:
        """Put a position and all below it under this one."""
        self.below.append(node)
        self.planned += node.planned
        self.actual += node.actual

    def all(self) -> Iterator[Node]:
        """Yield the position itself and all below it, as they are drawn."""
        yield self
        for node in self.below:
            yield from node.all()


# --- the tree ----------------------------------------------------------------------------------------------


def tree(app: App, top: str | None = None) -> tuple[list[Node], list[Person]]:
    """Return the tops of the organisation, and those who work in no position that there is.

    `top` is where to begin, else all is returned. Raises `NotFound` for a position that there is not.
    """
    reading = app.reading()
    held = people.posts(reading)
    wanted = [post.id for post in held.values() if post.superior not in held]
    if top is not None:
        (document,) = register.find(app, reading, app.record_type(people.POSITIONS), [top])
        wanted = [register.id_of(document)]
    placed = filled(people.everybody(reading), app.today)
    grown = grow(held, placed, wanted)
    nowhere = [one for position, some in placed.items() if position not in held for one in some]
    return grown, nowhere if top is None else []


def grow(held: Mapping[str, Post], placed: Mapping[str, Sequence[Person]], tops: Iterable[str]) -> list[Node]:
    """Put positions below each other, in the order of the table; one that is met again is left out."""
    under: dict[str | None, list[Post]] = {}
    for post in held.values():
        under.setdefault(post.superior, []).append(post)
    met: set[str] = set()

    def node(post: Post, level: int, lead: str, rest: str) -> Node:
        met.add(post.id)
        found = Node(post, placed.get(post.id, ()), level, lead, rest)
        children = [child for child in under.get(post.id, ()) if child.id not in met]
        for place, child in enumerate(children, 1):
            branch, stem = ("└─ ", "   " if rest else _EDGE) if place == len(children) else ("├─ ", "│  ")
            found.add(node(child, level + 1, rest + branch, rest + stem))
        return found

    return [node(held[top], 0, "", "") for top in tops]


def filled(staff: Iterable[Person], day: dt.date) -> dict[str, list[Person]]:
    """Return, by position, who works in it on a day; those without one are under ""."""
    found: dict[str, list[Person]] = {}
    for person in staff:
        if person.works_on(day):
            found.setdefault(person.position or "", []).append(person)
    return found


def rows(tops: Sequence[Node], nowhere: Sequence[Person], *, drawn: bool, names: bool) -> Iterator[Row]:
    """Yield the tree a position a row: planned, actual and open, and counted with all below it.

    `drawn` is for people to look at: with lines before the titles, with `names` who works there below each,
    and at the end who has no position. Else a row holds the ids of who works there.
    """
    for top in tops:
        for node in top.all():
            yield _row(node, f"{node.lead}{node.post.title}" if drawn else node.post.title)
            if drawn and names:
                yield from _named(node.rest + ("│  " if node.below else "   "), node.people)
    if drawn and nowhere:
        yield {"title": _("(no position)"), "actual": len(nowhere), "actual_below": len(nowhere)}
        yield from _named(_EDGE, nowhere) if names else ()


def _row(node: Node, title: str) -> Row:
    post = node.post
    return {
        "title": title,
        "id": post.id,
        "level": node.level,
        "superior": post.superior,
        "department": post.department,
        **_counts(post.headcount, len(node.people)),
        "planned_below": node.planned,
        "actual_below": node.actual,
        "people": [person.id for person in node.people],
    }


def _named(stem: str, staff: Sequence[Person]) -> Iterator[Row]:
    for person in staff:
        yield {"title": f"{stem or _EDGE}- {person.name}", "id": person.id}


def _counts(planned: int, actual: int) -> Row:
    return {"planned": planned, "actual": actual, "open": planned - actual}


# --- headcount ---------------------------------------------------------------------------------------------


def headcount(app: App, by: By) -> list[Row]:
    """Return planned, actual and open by position, department, job family or group, and by state.

    A group has no plan. Departments are people's own, else their position's. Where nothing is named, the row
    has no name. Sorted by name, those without one last; the tables are read once each.
    """
    held = people.posts(app.reading())
    found: dict[str | None, Row] = {}

    def row(name: str | None) -> Row:
        return found.setdefault(name, {by: name, "planned": 0, "people": [], **dict.fromkeys(_STATES, 0)})

    for post in held.values() if by != "group" else ():
        row(post.id if by == "position" else getattr(post, by))["planned"] += post.headcount
    for person in people.everybody(app.reading()):
        if person.works_on(app.today):
            counted = row(_where(person, held, by))
            counted["people"].append(person.id)
            counted[person.state if person.state in _STATES else "regular"] += 1
    return [
        _counted(found[name], held, by) for name in sorted(found, key=lambda one: (one is None, one or ""))
    ]


_STATES = ("induction", "regular", "probation")


def _where(person: Person, held: Mapping[str, Post], by: By) -> str | None:
    post = held.get(person.position or "")
    if by == "group":
        return person.group
    if by == "department":
        return people.department_of(person, held)
    if post is None:
        return None
    return post.id if by == "position" else post.family


def _counted(row: Row, held: Mapping[str, Post], by: By) -> Row:
    actual = len(row["people"])
    if by == "position" and row[by] is not None:
        row["title"] = held[row[by]].title
    if by == "group" or (row[by] is None and not row["planned"]):
        del row["planned"]
        return {**row, "actual": actual}
    return {**row, **_counts(row["planned"], actual)}
