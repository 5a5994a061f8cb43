"""Which settings there are, and what is set. Must not import click, a store or a plugin."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from cskit import i18n
from cskit.config import tomlfile
from cskit.config.folders import find_folder, own_file
from cskit.errors import CskitError, StorageFailed, Usage
from cskit.i18n import _, mark
from cskit.plugins import discovery
from cskit.plugins.isolation import nearest

FILE = "cskit.toml"


class Settings(NamedTuple):
    """What is set, for a run: a department's choices, and the user's where those may choose.

    `staff` maps a login to a staff id; `lang` and `pager` are empty where nobody has said anything.
    """

    zone: str = "Asia/Shanghai"
    staff: Mapping[str, str] = MappingProxyType({})
    lang: str = ""
    pager: str = ""
    rules: Mapping[str, Any] = MappingProxyType({})
    """Numbers of rules: kind → rule → key → number; `cskit.rules` puts them in."""


# --- the settings there are --------------------------------------------------------------------------------


def _check_zone(name: str) -> None:
    import zoneinfo

    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        near = nearest(name, zoneinfo.available_timezones())
        hint = _("did you mean '{name}'?").format(name=near) if near else ""
        raise Usage(
            _("there is no time zone '{name}'").format(name=name),
            hint or _("expected a name such as Asia/Shanghai"),
        ) from error


def _check_lang(name: str) -> None:
    if not i18n.known(name):
        raise Usage(
            _("there is no language '{name}'").format(name=name),
            _("there are {names}").format(names=_(", ").join(i18n.LANGUAGES)),
        )


def _check_pager(line: str) -> None:
    import shlex

    try:
        shlex.split(line)
    except ValueError as error:
        raise Usage(_("the pager '{line}' is no command line").format(line=line)) from error


class Setting(NamedTuple):
    """One setting: what it means, what it may be, and who may set it.

    A `group` holds a text under each of its keys (staff.zhangsan). `own` settings may stand in the user's
    file as well; where `shared` is false they may not stand in the department's. `variables` of the
    environment go before the files, the first that is set before the next.
    """

    name: str
    meaning: str
    check: Callable[[str], None] | None = None
    group: bool = False
    nested: bool = False
    own: bool = False
    shared: bool = True
    variables: tuple[str, ...] = ()
    option: str = ""


SETTINGS = {
    one.name: one
    for one in (
        Setting("zone", mark("The time zone in which days begin and times are shown."), _check_zone),
        Setting("staff", mark("The staff id of who logs in under a name."), group=True),
        Setting(
            "lang",
            mark("The language that cskit speaks: en or zh; without it, that of the system."),
            _check_lang,
            own=True,
            variables=("CSKIT_LANG",),
            option="--lang",
        ),
        # A command line, so never taken from a folder that others may have written.
        Setting(
            "pager",
            mark("The program that shows what is longer than the screen; cat for none."),
            _check_pager,
            own=True,
            shared=False,
            variables=("CSKIT_PAGER",),
            option="--no-pager",
        ),
        Setting(
            "rules", mark("Numbers that replace those of a rule: [rules.KIND.RULE]."), group=True, nested=True
        ),
    )
}


# --- what is set -------------------------------------------------------------------------------------------


def load(folder: str, environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings: those of the data folder, then the user's own, then the environment's."""
    values = read(os.path.join(folder, FILE))
    if own := own_file():
        values |= read(own, own=True)
    for variable, name in variables(environ):
        values[name] = environ[variable]
    return Settings(**values)


def spoken(data: str | None) -> str:
    """Return the language that is set, "" where none is, or where the settings are not to be had.

    Asked before every command, so what is wrong with them is left to those commands that need them.
    """
    try:
        files = ((own_file(), True), (os.path.join(find_folder(data), FILE), False))
        for path, own in files:
            if lang := _lang_in(path, own):
                return lang
    except (CskitError, OSError):
        return ""
    return ""


def _lang_in(path: str, own: bool) -> str:
    raw = content(path, own)
    # Reading TOML takes 6 ms, so only where it may say something.
    return str(parse(path, raw, own=own).get("lang", "")) if re.search(rb"^\s*\"?lang", raw, re.M) else ""


def variables(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each variable of the environment that sets something, and what it sets."""
    for one in SETTINGS.values():
        for variable in one.variables:
            if environ.get(variable):
                yield variable, one.name
                break


def read(path: str, *, own: bool = False) -> dict[str, Any]:
    """Read and check a file of settings, the department's or the user's `own`; {} where there is none."""
    return parse(path, content(path, own), own=own)


def content(path: str, own: bool) -> bytes:
    """Return what is in a file, b"" where there is none; a pipe or device is not waited for."""
    try:
        fd = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(fd, "rb") as file:
            found = os.fstat(fd)
            if not stat.S_ISREG(found.st_mode):
                raise StorageFailed(
                    _("{file} cannot be read: {reason}").format(file=path, reason=_("it is no regular file"))
                )
            fault = discovery.unsafe(path, found, others=0o002) if own else ""
            if fault:
                raise Usage(
                    _("{fault}; it is not used").format(fault=fault), _("make it yours alone: chmod 600")
                )
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return b""
    except OSError as error:
        raise StorageFailed(
            _("{file} cannot be read: {reason}").format(file=path, reason=i18n.reason(error))
        ) from error


def parse(path: str, raw: bytes, *, own: bool = False) -> dict[str, Any]:
    """Return the checked settings in the content of a file."""
    if not re.search(rb"^[^#\s]", raw, re.MULTILINE):  # comments only: as `data init` makes it
        return {}
    values = tomlfile.parse(path, raw)
    for key, value in values.items():
        try:
            _check(key, value, own)
        except Usage as error:
            raise Usage(_("{file}: {fault}").format(file=path, fault=error.message), error.hint) from error
    return values


def find(name: str) -> Setting:
    """Return a setting by its name; raises `Usage` for one that there is not."""
    if name in SETTINGS:
        return SETTINGS[name]
    near = nearest(name, SETTINGS)
    hint = _("did you mean '{name}'?").format(name=near) if near else ""
    raise Usage(
        _("there is no setting '{name}'").format(name=name),
        hint or _("there are {names}").format(names=_(", ").join(SETTINGS)),
    )


def check_place(key: str, own: bool) -> None:
    """Raise `Usage` where a setting may not stand in the user's `own` file, or not in the department's."""
    one = find(key)
    if own and not one.own:
        raise Usage(
            _("the setting '{name}' is the department's").format(name=key),
            _("set it with `cskit config set {name} …`, for everybody").format(name=key),
        )
    if not own and not one.shared:
        raise Usage(
            _("the setting '{name}' is each user's own").format(name=key),
            _("set it with `cskit config set --mine {name} …`").format(name=key),
        )


def _check(key: str, value: Any, own: bool) -> None:
    check_place(key, own)
    one = find(key)
    if one.nested:
        _check_rules(key, value)
    elif one.group:
        if not isinstance(value, dict):
            raise _wrong(key, value, _("a table, [{name}]").format(name=key))
        for inner, text in value.items():
            if not isinstance(text, str):
                raise _wrong(f"{key}.{inner}", text, _("a staff id as text"))
    elif not isinstance(value, str):
        raise _wrong(key, value, _("text"))
    elif one.check is not None:
        one.check(value)


def _check_rules(key: str, value: Any) -> None:
    """See that [rules.KIND.RULE] is what there is; what may stand in it is for those who know the rules."""
    if not isinstance(value, dict):
        raise _wrong(key, value, _("a table, [rules.KIND.RULE]"))
    for kind, named in value.items():
        if not isinstance(named, dict) or not all(isinstance(one, dict) for one in named.values()):
            raise _wrong(f"{key}.{kind}", named, _("a table, [rules.{kind}.RULE]").format(kind=kind))


def _wrong(key: str, value: Any, expected: str) -> Usage:
    return Usage(
        _("{name} is {value}; expected {expected}").format(name=key, value=repr(value), expected=expected)
    )
