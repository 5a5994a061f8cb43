"""Personal data in what a command shows: masked, or whole after the history has noted who looks.

`records.masks` knows what a mask is. Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from cskit import records
from cskit.errors import CskitError, Problem
from cskit.i18n import _
from cskit.records import Record, masks
from cskit.records.masks import Mask

if TYPE_CHECKING:
    from cskit.app import App
    from cskit.display.output import Column

Row = Mapping[str, Any]
Masks = Callable[[str], Mask | None]
NAMED = 100
"""So many ids of records whose personal data was shown the history notes; the rest it counts."""
_PLAIN = ("id", "schema")


# --- rows of records ---------------------------------------------------------------------------------------


def shown(app: App, found: Iterable[Row], columns: Sequence[Column], table: str = "") -> Iterable[Row]:
    """Return rows as they may be shown: without personal data, or, with --reveal, noted in the history.

    `table` is what they are records of; rows of something else are noted under the command's name. Raises
    `StorageFailed` where the look cannot be noted: nothing has been shown then.
    """
    hidden = {column.name: column.mask for column in columns if column.mask is not None}
    if not hidden:
        return found
    if not app.options.reveal:
        return _masked(found, hidden)
    looked = list(found)
    held = [row for row in looked if any(row.get(name) is not None for name in hidden)]
    note(app, {table or app.command: [row.get("id") for row in held]})
    return looked


def _masked(found: Iterable[Row], hidden: Mapping[str, Mask]) -> Iterator[Row]:
    for row in found:
        changed = dict(row)
        for name, mask in hidden.items():
            if name in changed:
                changed[name] = mask.hide(changed[name])
        yield changed


# --- rows of changes ---------------------------------------------------------------------------------------


def changes(app: App, found: Iterable[Row], table: str = "") -> Iterable[Row]:
    """Return rows with `field`, `before` and `after` as they may be shown; see `shown`.

    They are changes of the records of `table`, or of the table that each row names.
    """
    of_table = cache(lambda name: by_field(app, name))
    if not app.options.reveal:
        return (_masked_change(row, of_table(row.get("table") or table)) for row in found)
    looked = list(found)
    ids: dict[str, dict[Any, None]] = {}
    for row in looked:
        own = row.get("table") or table
        if of_table(own)(row["field"]) is not None:
            ids.setdefault(own, {})[row.get("id")] = None
    note(app, {own: list(named) for own, named in ids.items()})
    return looked


def _masked_change(row: Row, of: Masks) -> Row:
    mask = of(row["field"])
    if mask is None:
        return row
    return {**row, "before": mask.hide(row["before"]), "after": mask.hide(row["after"])}


def by_field(app: App, table: str) -> Masks:
    """Return what tells the mask of a field of a table's documents, named as changes name it.

    What nobody has declared may be anything: a field that the record type does not know, or every field of a
    table whose plugin is not here.
    """
    model = _model(app, table)
    if model is None:
        return lambda name: None if name in _PLAIN else Mask()
    known = records.fields(model)

    def of(name: str) -> Mask | None:
        return masks.of_name(model, name) if name.partition(".")[0] in known else Mask()

    return of


def _model(app: App, table: str) -> type[Record] | None:
    if table not in app.plugins.record_types:
        return None
    try:
        return app.model(table)
    except CskitError:  # a broken plugin
        return None


# --- the note ----------------------------------------------------------------------------------------------


def note(app: App, ids: Mapping[str, Sequence[Any]]) -> None:
    """Write into the history whose personal data is about to be shown."""
    from cskit.store.protocol import Look

    looks = {
        table: Look(len(named), tuple(str(own) for own in named[:NAMED] if own is not None))
        for table, named in ids.items()
        if named
    }
    if looks and not app.rehearsed:  # a dry run shows what would change in the place of this
        app.note_look(looks)


# --- masks that come back ----------------------------------------------------------------------------------


def refused(model: type[Record], values: Mapping[str, Any], line: int = 0) -> list[Problem]:
    """Return the problems of a new record's values that are masks, which stand for nothing."""
    found = []
    for name, mask in masks.of_model(model).items():
        if name in values:
            try:
                mask.restored(values[name], None)
            except masks.Masked as masked:
                said = _("is masked; a new record needs the whole value")
                found.append(Problem(line, name, masked.given, said))
    return found
