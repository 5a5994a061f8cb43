"""Settings as `cskit config` shows and changes them: which holds, who set it, and writing one down.

Must not import click.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from cskit import i18n, past
from cskit.config import settings, tomlfile
from cskit.config.folders import own_file
from cskit.config.settings import FILE, SETTINGS, Setting
from cskit.display import pager
from cskit.errors import NotFound, Usage
from cskit.i18n import _
from cskit.plugins.isolation import nearest

if TYPE_CHECKING:
    from cskit.app import App

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")


class Held(NamedTuple):
    """A setting as it holds now: its dotted key, where it comes from, and what that stands before."""

    key: str
    value: Any
    origin: str
    overrides: tuple[str, ...] = ()


class Change(NamedTuple):
    """What was, or would be, written down: None stands for nothing."""

    key: str
    before: Any
    after: Any
    file: str


# --- what holds --------------------------------------------------------------------------------------------


def held(app: App) -> list[Held]:
    """Return every setting, each from the last that says something: file, own file, environment, option."""
    found: dict[str, Held] = {}
    for key, value, origin in _said(app):
        before = found.get(key)
        over = (*before.overrides, _overridden(before)) if before else ()
        found[key] = Held(key, value, origin, over)
    order = list(SETTINGS)
    return sorted(found.values(), key=lambda one: (order.index(one.key.partition(".")[0]), one.key))


def _overridden(before: Held) -> str:
    return _("{value} ({origin})").format(value=before.value, origin=before.origin)


def _said(app: App) -> Iterator[tuple[str, Any, str]]:
    """Yield key, value and origin, from the weakest to what wins."""
    yield "zone", settings.Settings().zone, _("default")
    yield "lang", i18n.of_locale(os.environ), _("the system's language")
    command, origin = pager.usual(os.environ)
    yield "pager", command, origin or _("default")
    for path, own in ((os.path.join(app.folder, FILE), False), (own_file(), True)):
        if path:
            yield from _of_file(path, own)
    for variable, name in settings.variables(os.environ):
        yield name, os.environ[variable], variable
    if app.options.lang:
        yield "lang", app.options.lang, "--lang"
    if app.options.no_pager:
        yield "pager", pager.NONE, "--no-pager"


def _of_file(path: str, own: bool) -> Iterator[tuple[str, Any, str]]:
    values = settings.read(path, own=own)
    lines = _lines(settings.content(path, own)) if values else {}
    for keys, value in _flat(values):
        near = next((lines[keys[:end]] for end in range(len(keys), 0, -1) if keys[:end] in lines), 0)
        yield ".".join(keys), value, f"{path}:{near}" if near else path


def _flat(values: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, (*above, key))
        else:
            yield (*above, key), value


def _lines(raw: bytes) -> dict[tuple[str, ...], int]:
    """Return the line on which each key of a TOML file stands, which its reader does not tell."""
    found: dict[tuple[str, ...], int] = {}
    section: tuple[str, ...] = ()
    for number, line in enumerate(raw.decode("utf-8-sig").splitlines(), 1):
        table = re.fullmatch(r"\s*\[([^\[\]]+)\]\s*(?:#.*)?", line)
        if table:
            section = _keys(table[1])
        elif "=" in line and not line.lstrip().startswith("#"):
            keys = _keys(line.partition("=")[0])
            if keys:
                found.setdefault((*section, *keys), number)
    return found


def _keys(text: str) -> tuple[str, ...]:
    try:
        return next((keys for keys, _value in _flat(tomlfile.parse("", f"{text} = 0".encode()))), ())
    except Usage:  # a line inside a text of several
        return ()


def value_of(app: App, key: str) -> Any:
    """Return the value of a setting, or of a group all its values by key.

    Raises `Usage` for a key that cannot be, `NotFound` for one of a group that is not set.
    """
    path = _path(key, whole=True)
    found = {one.key: one.value for one in held(app)}
    if ".".join(path) in found:
        return found[".".join(path)]
    start = ".".join((*path, ""))
    inside = {one.removeprefix(start): value for one, value in found.items() if one.startswith(start)}
    if inside or len(path) == 1:
        return inside
    raise NotFound(_("{name} is not set").format(name=key), _("`cskit config list` shows what is"))


def _path(key: str, *, whole: bool = False) -> tuple[str, ...]:
    """Return the parts of a dotted key; `whole` lets a group itself be named."""
    first, dot, rest = key.partition(".")
    one = settings.find(first)
    if not one.group:
        if dot:
            raise Usage(_("the setting '{name}' has no parts").format(name=first))
        return (first,)
    if not rest:
        if whole:
            return (first,)
        raise Usage(
            _("the setting '{name}' is a group").format(name=first),
            _("name one of it, such as {example}").format(example=_example(one)),
        )
    path = (first, *rest.split(".")) if one.nested else (first, rest)
    if not all(path):
        raise Usage(_("'{key}' names no setting").format(key=key))
    return path


def _example(one: Setting) -> str:
    return "rules.KIND.RULE.NUMBER" if one.nested else f"{one.name}.zhangsan"


# --- changing it -------------------------------------------------------------------------------------------


def put(app: App, key: str, text: str | None, *, own: bool = False) -> Change:
    """Write a setting into the department's file, or the user's `own`; None takes it out.

    With --dry-run nothing is written. Raises `Usage` for what the file could not be read with afterwards,
    and with --as-of, since settings are only those of today.
    """
    path = _path(key)
    settings.check_place(path[0], own)
    if app.options.as_of is not None:
        raise past.saves(app.command)
    file = own_file() if own else os.path.join(app.folder, FILE)
    if not file:
        raise Usage(_("there is no home folder to keep settings in"), _("set XDG_CONFIG_HOME"))
    change, _content = _changed(file, key, path, text, own)  # refused before a folder is made
    if app.options.dry_run or change.before == change.after:
        return change
    from cskit.store.disk import FolderDisk

    folder, name = os.path.split(file)
    disk = FolderDisk(folder, lock_timeout=app.options.lock_timeout, notice=app.echo)
    with disk.lock(True, app.command):
        change, content = _changed(file, key, path, text, own)
        if change.before != change.after:
            writer = disk.create(f"{name}.new")
            try:
                writer.write(content)
                writer.sync()
            finally:
                writer.close()
            disk.rename(f"{name}.new", name)
            disk.sync_folder()
    return change


def _changed(file: str, key: str, path: tuple[str, ...], text: str | None, own: bool) -> tuple[Change, bytes]:
    """Return what changes, and the file's new content with all its comments."""
    import tomlkit

    raw = settings.content(file, own)
    tomlfile.parse(file, raw)  # says where a file is broken that tomlkit only refuses
    document = tomlkit.parse(raw.decode("utf-8-sig"))
    before = _at(document, path)
    if text is None:
        if before is None:
            raise _absent(file, key, raw)
        _take_out(document, path)
    else:
        _put_in(document, path, _item(key, path, text))
    content = tomlkit.dumps(document).encode()
    values = settings.parse(file, content, own=own)
    return Change(key, before, _at(values, path), file), content


def _absent(file: str, key: str, raw: bytes) -> NotFound:
    near = nearest(key, [".".join(keys) for keys, _value in _flat(tomlfile.parse(file, raw))])
    return NotFound(
        _("{file} does not set {name}").format(file=file, name=key),
        _("did you mean '{name}'?").format(name=near) if near else _("`cskit config list --origin` shows it"),
    )


def _at(values: Any, path: tuple[str, ...]) -> Any:
    for part in path:
        if not isinstance(values, Mapping) or part not in values:
            return None
        values = values[part]
    return getattr(values, "unwrap", lambda: values)()


def _item(key: str, path: tuple[str, ...], text: str) -> Any:
    """Return a value as TOML holds it: a rule's is a number, every other a text."""
    import tomlkit

    one = SETTINGS[path[0]]
    if not one.nested:
        if one.check is not None:
            one.check(text)  # before the file is looked at, so that the message is about what was typed
        return tomlkit.string(text)
    if len(path) < 4 or not _NUMBER.fullmatch(text):
        raise Usage(
            _("{name} cannot be '{value}'").format(name=key, value=text),
            _("settings change numbers of rules: rules.KIND.RULE.NUMBER 12.5"),
        )
    return tomlkit.parse(f"number = {text}\n")["number"]


def _put_in(document: Any, path: tuple[str, ...], item: Any) -> None:
    import tomlkit

    place = document
    for depth, part in enumerate(path[:-1], 1):
        if part not in place:
            place[part] = tomlkit.table(is_super_table=depth < len(path) - 1)
        place = place[part]
    place[path[-1]] = item


def _take_out(document: Any, path: tuple[str, ...]) -> None:
    place = document
    for part in path[:-1]:
        place = place[part]
    del place[path[-1]]
