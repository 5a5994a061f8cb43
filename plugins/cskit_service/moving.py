"""Records taken a step on along a table of states, all of them or none. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import msgspec

from cskit import Refused, edits, ngettext
from cskit.stored import decoder
from cskit.workflow import State, Workflow
from cskit_service.steps import Step

if TYPE_CHECKING:
    from cskit import App, Record
    from cskit.store.protocol import Document, Transaction

R = TypeVar("R", bound=Any)


class Way(NamedTuple):
    """The records of a table and the states that they go through."""

    table: str
    model: type[Any]
    flow: Workflow


def states(
    first: str, done: Sequence[str], en: Mapping[str, str], zh: Mapping[str, str]
) -> tuple[State, ...]:
    """Return states by their titles: which is the first, and which are done with."""
    return tuple(State(name, en[name], zh[name], name == first, name not in done) for name in zh)


def actor(app: App) -> str:
    """Return who acts: the staff id, or the login of somebody who has none."""
    return app.staff or app.user


def step(app: App, what: str, text: str | None = None) -> Step:
    """Return the note of a step that is taken now."""
    return Step(at=app.now, who=actor(app), what=what, text=text)


def take(
    app: App,
    tx: Transaction,
    way: Way,
    documents: Sequence[Document],
    verb: str,
    change: Callable[[R], Mapping[str, Any]],
    text: str | None = None,
) -> list[R]:
    """Take records a step on and return them as they are then; `change` gives what else is new of each.

    Raises `Refused` naming all that cannot take it, as the table says or as `change` raises. Then none is
    changed.
    """
    decode = decoder(way.table, way.model)
    taken: list[tuple[Document, R]] = []
    refused: list[Refused] = []
    for document in documents:
        before: R = decode(document)
        try:
            state = way.flow.after(verb, before.state, before, id=before.id)
            changed = dict(change(before))
        except Refused as error:
            refused.append(error)
            continue
        noted = [*before.steps, step(app, verb, text)]
        taken.append((document, msgspec.structs.replace(before, **changed, state=state, steps=noted)))
    if refused:
        raise together(refused)
    for document, after in taken:
        keep(tx, way.table, document, after)
    return [after for _document, after in taken]


def keep(tx: Transaction, table: str, document: Document, after: Record) -> None:
    """Put a changed record in the place of the stored one; what else stands in that stays."""
    tx.replace(table, document.number, edits.merge(after, msgspec.json.decode(document.raw)))


def together(refused: Sequence[Refused]) -> Refused:
    """Return one refusal that names all of them."""
    if len(refused) == 1:
        return refused[0]
    said = ngettext(
        "{count} record refuses; nothing was saved", "{count} records refuse; nothing was saved", len(refused)
    )
    return Refused(said.format(count=len(refused)), "\n".join(error.message for error in refused[:10]))


def table(flow: Workflow) -> Iterator[dict[str, str]]:
    """Yield a row for each state and each step that leads on from it."""
    for row in flow.rows():
        yield {
            "state": row.source.name,
            "title": str(row.source),
            "verb": row.move.verb,
            "to": row.target.name if row.target else "",
            "means": str(row.move),
        }
