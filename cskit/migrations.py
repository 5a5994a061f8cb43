"""Records brought to a newer form by their plugin, and kept apart from a plugin that knows another.

A document carries the number of its form as `schema` (absent: 1). The numbers that a table's documents have
come to is also a mark of the table, so that a command knows without reading it. Must not import click.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import stored
from cskit.declarations import Migration
from cskit.errors import BadData, Conflict, PluginFailed
from cskit.i18n import _
from cskit.nouns import document_name, noun
from cskit.plugins.isolation import FAILURES, load_target, quiet, told
from cskit.store.protocol import Change, Document, Reading, Transaction

if TYPE_CHECKING:
    from cskit.app import App

SERIES = "schema"
_ENCODE = msgspec.json.Encoder().encode


class _Form(msgspec.Struct):
    schema: int = 1


_FORM = msgspec.json.Decoder(_Form).decode


def newest(app: App, table: str, raw: bytes) -> bool:
    """Tell whether a document says that it is in the form which its plugin works with."""
    try:
        return _FORM(raw).schema == len(app.plugins.migrations.get(table, ())) + 1
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return True  # it says nothing that anybody could bring up to it


def refuse_other(app: App, reading: Reading) -> None:
    """Raise `Conflict` where records are of an older or newer form than their plugin's.

    Costs nothing where no plugin has changed the form of its records.
    """
    if app.any_form or app.options.as_of is not None:  # what was is brought to today's form
        return
    forms = app.plugins.migrations
    for table in app.plugins.misread:
        if any(True for _one in reading.read(table)):
            raise _unknown_form(app, table)
    for table, steps in forms.items():
        newest, held = len(steps) + 1, reading.mark(table, SERIES) or 1
        if held == newest or not any(True for _one in reading.read(table)):
            continue
        named = {"records": noun(app.record_type(table)), "held": held, "newest": newest}
        if held < newest:
            said = _("the {records} are in form {held}, and this version works with form {newest}")
            raise Conflict(said.format(**named), _("`cskit data migrate` brings them up to it"))
        said = _("the {records} are in form {held}, and this version knows no more than form {newest}")
        raise Conflict(said.format(**named), _("install the version of the plugin that wrote them"))


def stamp(app: App, tx: Transaction, changes: Sequence[Change]) -> None:
    """Give new documents the number of the form that their plugin writes."""
    for table, steps in app.plugins.migrations.items():
        newest = len(steps) + 1
        for change in changes:
            if change.table == table and change.after is not None and change.before is None:
                document = msgspec.json.decode(change.after)
                if "schema" not in document:
                    tx.replace(table, change.number, _ENCODE({**document, "schema": newest}))
                tx.reserve(table, SERIES, newest)


def modern(app: App) -> Callable[[str, bytes], bytes]:
    """Return what brings a document of a table, as it once was, to the form that its plugin works with."""
    steps = app.plugins.migrations
    if not steps:
        return lambda table, raw: raw
    return lambda table, raw: _brought(app, Document(0, raw), table, steps[table]) if table in steps else raw


def migrate(app: App, reason: str | None) -> tuple[Mapping[str, int], int | None]:
    """Bring every record to the form that its plugin works with, all as one entry.

    Returns how many there were by table, and the entry, if anything was saved. Raises `PluginFailed` naming
    the record where a plugin's step fails or makes of it what is none; nothing is saved then.
    """
    done: Counter[str] = Counter()
    forms_of = app.plugins.migrations
    for table in app.plugins.misread:
        raise _unknown_form(app, table)
    app.any_form = True
    with app.transaction(reason) as tx:
        forms: dict[str, int] = {}
        for table, steps in forms_of.items():
            decode = stored.decoder(table, app.model(table))
            for document in list(tx.read(table)):
                form = _FORM(document.raw).schema
                if form > len(steps):
                    continue
                raw = _brought(app, document, table, steps)
                try:
                    decode(Document(document.number, raw))
                except BadData as error:
                    raise _failed(app, table, document, error.message) from error
                tx.replace(table, document.number, raw)
                forms[table] = min(form, forms.get(table, form))
                done[table] += 1
            tx.reserve(table, SERIES, len(steps) + 1)
        tx.origin = msgspec.structs.replace(tx.origin, migrates=forms)
    return done, tx.sequence


def _brought(app: App, document: Document, table: str, steps: Sequence[Migration]) -> bytes:
    """Return a document after every step that it lacks."""
    form = _FORM(document.raw).schema
    if form > len(steps):
        return document.raw
    held: Any = msgspec.json.decode(document.raw)
    for step in steps[form - 1 :]:
        try:
            with quiet():
                held = load_target(step.target)(held)
        except FAILURES as error:
            raise _failed(app, table, document, told(error)) from error
        if not isinstance(held, dict):
            why = _("{target} returned no document").format(target=step.target)
            raise _failed(app, table, document, why)
    return _ENCODE({**held, "schema": len(steps) + 1})


def _unknown_form(app: App, table: str) -> PluginFailed:
    plugin = app.plugins.misread[table]
    return PluginFailed(
        _("plugin {plugin} does not say rightly in which form its {records} are").format(
            plugin=app.plugins.title(plugin), records=noun(app.record_type(table))
        ),
        _("CSKIT_DISABLE_PLUGINS={plugin} leaves it out; `cskit plugins list` shows what is wrong").format(
            plugin=plugin
        ),
    )


def _failed(app: App, table: str, document: Document, why: str) -> PluginFailed:
    said = _("plugin {plugin} could not bring {record} to its newest form: {why}; nothing was saved")
    own = msgspec.json.decode(document.raw).get("id") or document_name(document.number, table)
    plugin = app.plugins.title(app.plugins.owner(table))
    return PluginFailed(
        said.format(plugin=plugin, record=own, why=why),
        _("the records are as they were: go on with the plugin's version before, and report this"),
    )
