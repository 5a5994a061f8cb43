"""What can be typed next: ids with titles, fields, values. Runs at every press of Tab, so it reads little.

Must not import a plugin or a store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from cskit import numbering
from cskit.i18n import LANGUAGES, _, label

if TYPE_CHECKING:
    from cskit.app import App
    from cskit.declarations import RecordType
    from cskit.plugins.contributions import Leaf
    from cskit.records import Field
    from cskit.store.protocol import Document

Item = CompletionItem[str]
Offer = Callable[[click.Context, str], Iterable[Item]]
LIMIT = 50
"""So many ids are offered at most: more, nobody reads."""
OPEN = "open"
"""The type of what is not the end of a word: the shell is to put no space behind it."""


def teach(app: App, leaf: Leaf, command: click.Command) -> None:
    """Let the arguments and options of a command offer what is in the records and settings."""
    for param in command.params:
        offer = _offer(app, leaf, param)
        if offer is not None:
            # The attribute, not a class of our own: what a plugin's parameter is made of is its affair.
            vars(param)["shell_complete"] = _listed(offer)


def _listed(offer: Offer) -> Callable[[click.Context, str], list[Item]]:
    return lambda ctx, incomplete: [one for one in offer(ctx, incomplete) if one.value.isprintable()]


def of_global(key: str, ctx: click.Context, incomplete: str) -> list[Item] | None:
    """Return what a global option offers, None where that is up to its type."""
    if key == "data":
        return [CompletionItem(incomplete, type="dir")]
    if key in ("out", "plugin"):
        return [CompletionItem(incomplete, type="file")]
    if key == "lang":
        return list(_plain(LANGUAGES, incomplete))
    if key == "fields":
        app: App = ctx.obj
        leaf = app.plugins.leaves.get(app.command)
        return list(_several(app, leaf.record_type, incomplete)) if leaf and leaf.record_type else []
    return None


def _offer(app: App, leaf: Leaf, param: click.Parameter) -> Offer | None:
    """Return what a parameter offers, None where that is up to its type."""
    name = param.name or ""
    if leaf.record_type is not None:
        return _of_records(app, leaf.record_type, name)
    return _OF_CORE.get((leaf.path, name)) if leaf.target.startswith("cskit.") else None


# --- parameters of the commands every record type has ------------------------------------------------------


def _of_records(app: App, record_type: RecordType, name: str) -> Offer | None:
    if name in ("ids", "keep", "others"):
        return lambda ctx, text: _ids(app, record_type, text)
    if name == "words":
        return lambda ctx, text: _words(app, record_type, ctx.params.get("words") or (), text)
    if name in ("where", "sort"):
        return lambda ctx, text: _fields(app, record_type, text)
    if name == "by":
        return lambda ctx, text: _several(app, record_type, text)
    if name == "file":
        return lambda ctx, text: [CompletionItem(text, type="file")]
    if name == "fixed":
        return lambda ctx, text: _edits(app, record_type, text)
    if name == "title":
        return lambda ctx, text: _values(app, _known(app, record_type)[record_type.title], text)
    if name.startswith("field_"):
        return lambda ctx, text: _values(app, _known(app, record_type)[name[len("field_") :]], text)
    return None


def _known(app: App, record_type: RecordType) -> Mapping[str, Field]:
    from cskit.records import fields

    return fields(app.model(record_type.table))


def _words(app: App, record_type: RecordType, typed: Iterable[str], text: str) -> Iterator[Item]:
    """Offer ids while none is typed, then fields to change; what is begun may become either."""
    chosen = any("=" not in word for word in typed)
    if "=" not in text and (text or not chosen):
        yield from _ids(app, record_type, text)
    if text or chosen:
        yield from _edits(app, record_type, text)


def _edits(app: App, record_type: RecordType, text: str) -> Iterator[Item]:
    """Offer FIELD= and, behind that, the values a field may have."""
    known = {name: one for name, one in _known(app, record_type).items() if _changes(one)}
    name, equals, value = text.partition("=")
    if not equals:
        yield from (
            CompletionItem(f"{one.name}=", type=OPEN, help=label(one.en, one.zh))
            for one in known.values()
            if one.name.startswith(text)
        )
    elif (field := known.get(name.rstrip("+-"))) is not None:
        for one in _values(app, field, value):
            yield CompletionItem(f"{name}={one.value}", help=one.help)


def _changes(field: Field) -> bool:
    return field.name not in ("id", "schema") and not field.owner


def _values(app: App, field: Field, text: str) -> Iterator[Item]:
    """Offer the values of a field that has few, or the ids of the records that it names."""
    if field.kind == "choice":
        for code in field.of:
            if str(code).startswith(text):
                yield CompletionItem(str(code), help=label("", field.choices.get(code, "")) or None)
    elif field.kind == "boolean":
        yield from _plain(("true", "false"), text)
    elif field.ref in app.plugins.record_types:
        yield from _ids(app, app.plugins.record_types[field.ref], text)


def _fields(app: App, record_type: RecordType, text: str) -> Iterator[Item]:
    for one in _known(app, record_type).values():
        if one.name.startswith(text) and one.name != "schema":
            yield CompletionItem(one.name, help=label(one.en, one.zh))


def _several(app: App, record_type: RecordType, text: str) -> Iterator[Item]:
    """Offer fields for the last of some names between commas."""
    before, comma, last = text.rpartition(",")
    for one in _fields(app, record_type, last):
        yield CompletionItem(f"{before}{comma}{one.value}", type=OPEN, help=one.help)


# --- ids ---------------------------------------------------------------------------------------------------


def _ids(app: App, record_type: RecordType, text: str) -> Iterator[Item]:
    """Offer the ids that begin with a text, with titles; of very many the newest, the first and the last.

    Those two keep the shell from writing a beginning that not all of them have.
    """
    from cskit.register import id_of

    begin, form = b'{"id":"' + text.encode(), b'{"id":"'
    found = [
        document
        for document in app.reading().read(record_type.table)
        if document.raw.startswith(begin) or not document.raw.startswith(form)
    ]
    if len(found) > LIMIT:
        ends = (min(found, key=_raw), max(found, key=_raw))
        found = list(dict.fromkeys((*ends, *found[2 - LIMIT :])))
    title = _title(app, record_type)
    for document in found:
        name = id_of(document)
        if name.startswith(text):
            yield CompletionItem(name, help=title(document) or None)


def _raw(document: Document) -> bytes:
    return document.raw


def _title(app: App, record_type: RecordType) -> Callable[[Document], str]:
    """Return what reads a record's title; personal data are not shown to who looks over a shoulder."""
    import msgspec

    from cskit.values import one_line

    if _known(app, record_type)[record_type.title].personal:
        return lambda document: ""
    return lambda document: one_line(str(msgspec.json.decode(document.raw).get(record_type.title, "")))


# --- parameters of the core's own commands -----------------------------------------------------------------


def _plain(names: Iterable[str], text: str, help: Callable[[str], str] = lambda name: "") -> Iterator[Item]:
    return (CompletionItem(name, help=help(name) or None) for name in names if name.startswith(text))


def _any_id(ctx: click.Context, text: str) -> Iterator[Item]:
    """Offer ids of the record types whose numbers can begin like this."""
    for record_type in ctx.obj.plugins.record_types.values():
        prefix = numbering.prefix(record_type)
        if prefix.startswith(text) and text != prefix:
            yield CompletionItem(prefix, type=OPEN, help=label(record_type.plural, record_type.zh))
        elif text.startswith(prefix):
            yield from _ids(ctx.obj, record_type, text)


def _entries(ctx: click.Context, text: str) -> Iterator[Item]:
    for entry in islice(ctx.obj.store.history(), LIMIT):
        if str(entry.sequence).startswith(text):
            yield CompletionItem(str(entry.sequence), help=entry.origin.command)


def _settings(ctx: click.Context, text: str) -> Iterator[Item]:
    from cskit.config.configuration import held
    from cskit.config.settings import SETTINGS

    for one in SETTINGS.values():
        if one.group and f"{one.name}.".startswith(text) and not text.endswith("."):
            yield CompletionItem(f"{one.name}.", type=OPEN, help=_(one.meaning))
        elif not one.group and one.name.startswith(text):
            yield CompletionItem(one.name, help=_(one.meaning))
    if "." in text:
        yield from _plain((one.key for one in held(ctx.obj)), text)


def _setting_values(ctx: click.Context, text: str) -> Iterator[Item]:
    if ctx.params.get("name") == "lang":
        yield from _plain(LANGUAGES, text)
    elif ctx.params.get("name") == "zone":
        import zoneinfo

        yield from _plain(sorted(zoneinfo.available_timezones()), text)


def _pages(ctx: click.Context, text: str) -> Iterator[Item]:
    from cskit import topics

    typed = ctx.params.get("words") or ()
    start = "".join(f"{word} " for word in typed)
    paths = (
        path[len(start) :].partition(" ")[0] for path in ctx.obj.plugins.leaves if path.startswith(start)
    )
    yield from _plain(dict.fromkeys([*(() if typed else topics.NAMES), *paths]), text)


def _kinds(ctx: click.Context, text: str) -> Iterator[Item]:
    specs = ctx.obj.plugins.fact_specs.by_key.values()
    return _plain(sorted({one.value.about for one in specs}), text)


def _of_kind(ctx: click.Context, text: str) -> Iterator[Item]:
    for record_type in ctx.obj.plugins.record_types.values():
        if record_type.command == ctx.params.get("kind"):
            yield from _ids(ctx.obj, record_type, text)


def _facts(ctx: click.Context, text: str) -> Iterator[Item]:
    before, comma, last = text.rpartition(",")
    kind = ctx.params.get("kind")
    for one in ctx.obj.plugins.fact_specs.by_key.values():
        if kind in (None, one.value.about) and one.value.name.startswith(last):
            yield CompletionItem(f"{before}{comma}{one.value.name}", type=OPEN, help=_(one.value.meaning))


def _folder(ctx: click.Context, text: str) -> list[Item]:
    return [CompletionItem(text, type="dir")]


def _file(ctx: click.Context, text: str) -> list[Item]:
    return [CompletionItem(text, type="file")]


def _plugins(ctx: click.Context, text: str) -> Iterator[Item]:
    return _plain((one.name for one in ctx.obj.plugins.loaded), text)


_OF_CORE: Mapping[tuple[str, str], Any] = {
    ("batch", "file"): _file,
    ("config get", "name"): _settings,
    ("config set", "name"): _settings,
    ("config set", "value"): _setting_values,
    ("config unset", "name"): _settings,
    ("data init", "folder"): _folder,
    ("demo", "folder"): _folder,
    ("fact list", "about"): _kinds,
    ("fact show", "ids"): _of_kind,
    ("fact show", "kind"): _kinds,
    ("fact show", "names"): _facts,
    ("help", "words"): _pages,
    ("log", "record"): _any_id,
    ("plugins check", "names"): _plugins,
    ("undo", "entry"): _entries,
}
