"""Organisations to begin with: rule files of the kind `organisations`, whose positions can be taken over.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from cskit import NotFound, _, register, rules
from cskit.nouns import listed as named
from cskit.plugins.isolation import nearest
from cskit_staff.people import organisation, people

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Transaction

KIND = "organisations"


class PatternPost(msgspec.Struct, frozen=True):
    """A position of a pattern; `under` is the code of one that stands before it, "" for a top."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    label: rules.Label
    under: str = ""
    headcount: Annotated[int, msgspec.Meta(ge=0, le=9999)] = 1
    department: rules.Label | None = None
    ladder: str = ""
    scheme: str = ""
    duties: list[rules.Label] = []


class Organisation(msgspec.Struct, frozen=True):
    """A rule file of the kind organisations; `source` says where it is from."""

    label: rules.Label
    source: str
    posts: Annotated[list[PatternPost], msgspec.Meta(min_length=1)]

    def __post_init__(self) -> None:
        """Refuse codes that stand twice, and positions under one that does not stand before them."""
        seen: set[str] = set()
        for post in self.posts:
            if post.code in seen:
                raise ValueError(_("the code {code} stands twice").format(code=post.code))
            if post.under and post.under not in seen:
                said = _("{code} is under {under}, which does not stand before it")
                raise ValueError(said.format(code=post.code, under=post.under))
            seen.add(post.code)


def load(app: App, name: str) -> Organisation:
    """Return a pattern; raises `NotFound` with the one that was meant, or those there are."""
    found = rules.load(app, KIND)
    if name not in found:
        near = nearest(name, found)
        raise NotFound(
            _("there is no organisation '{name}'").format(name=name),
            _("did you mean {name}?").format(name=near)
            if near
            else _("there are {names}").format(names=named(found)),
        )
    pattern: Organisation = found[name].value
    return pattern


def listed(app: App) -> list[dict[str, Any]]:
    """Return a row for each pattern, by name."""
    return [
        {
            "name": name,
            "title": str(rule.value.label),
            "positions": len(rule.value.posts),
            "people": sum(post.headcount for post in rule.value.posts),
            "source": rule.value.source,
        }
        for name, rule in sorted(rules.load(app, KIND).items())
    ]


def posts(app: App, name: str, *, drawn: bool) -> Iterator[dict[str, Any]]:
    """Yield the positions of a pattern as a tree, with lines before the titles where they are `drawn`."""
    found = {post.code: post for post in load(app, name).posts}
    held = {
        post.code: people.Post(
            post.code, str(post.label), superior=post.under or None, headcount=post.headcount
        )
        for post in found.values()
    }
    tops = organisation.grow(held, {}, [post.code for post in found.values() if not post.under])
    for node in (node for top in tops for node in top.all()):
        post = found[node.post.id]
        yield {
            "title": f"{node.lead}{post.label}" if drawn else str(post.label),
            "code": post.code,
            "department": str(post.department) if post.department else None,
            "planned": post.headcount,
            "duties": [str(duty) for duty in post.duties],
        }


def use(app: App, tx: Transaction, name: str, *, under: str | None = None) -> list[dict[str, Any]]:
    """Add a pattern's positions inside a transaction, titles in the user's language; return a row for each.

    `under` is the position that its tops are under. Raises `Conflict` where a code is taken.
    """
    record_type, made = app.record_type(people.POSITIONS), []
    for post in load(app, name).posts:
        values: dict[str, Any] = {
            "id": post.code,
            "title": str(post.label),
            "superior": post.under or under,
            "headcount": post.headcount,
            "department": str(post.department) if post.department else None,
            "ladder": post.ladder or None,
            "scheme": post.scheme or None,
            "duties": [str(duty) for duty in post.duties],
        }
        given = {name: value for name, value in values.items() if value not in (None, [])}
        record = register.create(app, tx, record_type, given)
        made.append({"id": record.id, "title": values["title"], "superior": given.get("superior")})
    return made
