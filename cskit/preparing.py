"""What a plugin makes of a record's values: codes for titles and what is left out, before they are checked;
what people see of codes, and sheets of paper.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cskit.errors import CskitError, PluginFailed, Problem
from cskit.i18n import _, speaking_for
from cskit.plugins.isolation import FAILURES, load_target, quiet, told

if TYPE_CHECKING:
    from cskit.app import App
    from cskit.declarations import RecordType
    from cskit.display.paper import Sheet
    from cskit.intake.tabular import Row
    from cskit.records import Record
    from cskit.store.protocol import Reading, Transaction

Prepare = Callable[[dict[str, Any], bool], Iterable[Problem]]
"""Completes field → value in place, of a record that is new or of a change, and returns what is wrong."""


def preparer(app: App, reading: Reading, record_type: RecordType) -> Prepare:
    """Return what completes the records of a type for one command; made once, called for each record.

    Raises `PluginFailed` naming the plugin where its function fails.
    """
    if not record_type.prepare:
        return lambda values, new: ()
    prepare = _guarded(app, record_type, load_target)(record_type.prepare)
    made: Prepare = _guarded(app, record_type, prepare)(app, reading)
    return _guarded(app, record_type, lambda values, new: tuple(made(values, new)))


def titles(app: App, record_type: RecordType) -> Mapping[str, Mapping[str, str]]:
    """Return what people see of the codes in some fields of a type: field → code → title."""
    if not record_type.titles:
        return {}
    made = _guarded(app, record_type, load_target)(record_type.titles)
    found: Mapping[str, Mapping[str, str]] = _guarded(app, record_type, made)(app)
    return found


def codes(app: App, record_type: RecordType) -> Mapping[str, Callable[[str], str]]:
    """Return what finds the codes that texts mean in some fields of a type, by field."""
    if not record_type.codes:
        return {}
    made = _guarded(app, record_type, load_target)(record_type.codes)
    found: Mapping[str, Callable[[str], str]] = _guarded(app, record_type, made)(app)
    return {name: _guarded(app, record_type, find) for name, find in found.items()}


def sheets(
    app: App, record_type: RecordType, held: Sequence[tuple[Record, Mapping[str, str]]]
) -> Sequence[Sheet]:
    """Return the sheets of paper of records, each of which comes with its texts by field."""
    made = _guarded(app, record_type, load_target)(record_type.sheets)
    found: Sequence[Sheet] = _guarded(app, record_type, made)(app, held)
    return found


def added(app: App, tx: Transaction, record_type: RecordType, record: Record) -> Sequence[str]:
    """Let a plugin make what else belongs to a record that `add` made; return what it says of that."""
    if not record_type.added:
        return ()
    made = _guarded(app, record_type, load_target)(record_type.added)
    found: Sequence[str] = _guarded(app, record_type, made)(app, tx, record)
    return found


def rows(app: App, reading: Reading, record_type: RecordType, found: Iterable[Row]) -> Iterable[Row]:
    """Let a plugin make rows with our fields of those that another program wrote."""
    if not record_type.rows:
        return found
    made = _guarded(app, record_type, load_target)(record_type.rows)
    rewritten: Iterable[Row] = _guarded(app, record_type, made)(app, reading, found)
    return rewritten


def _guarded(app: App, record_type: RecordType, function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        try:
            with quiet(), speaking_for(app.plugins.owner(record_type.table)):
                return function(*arguments)
        except CskitError:
            raise
        except FAILURES as error:
            plugin = app.plugins.title(app.plugins.owner(record_type.table))
            said = _("plugin {plugin} cannot prepare the records of {table}: {error}")
            raise PluginFailed(
                said.format(plugin=plugin, table=record_type.table, error=told(error))
            ) from error

    return call
