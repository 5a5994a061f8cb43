"""Where the data folder is, and what its `cskit.toml` says. Must not import click, a store or a plugin.

Paths are plain text here and in the store: pathlib would cost every command 4 ms.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from cskit.errors import StorageFailed, Usage
from cskit.plugins import discovery
from cskit.plugins.isolation import nearest

FILE = "cskit.toml"
HERE = ".cskit"


class Settings(NamedTuple):
    """A department's choices; `staff` maps a login to a staff id."""

    zone: str = "Asia/Shanghai"
    staff: Mapping[str, str] = MappingProxyType({})


def find_folder(option: str | None, environ: Mapping[str, str] = os.environ) -> str:
    """Return the data folder: --data, else CSKIT_DATA, else `.cskit/` here or above, else the user's."""
    asked = option if option is not None else environ.get("CSKIT_DATA") or None
    if asked is not None:
        return _asked(asked)
    for folder in _upwards():
        if os.path.isdir(found := os.path.join(folder, HERE)):
            return _trusted(found)
    import platformdirs

    found = platformdirs.user_data_dir("cskit", appauthor=False)
    if not os.path.isabs(found):
        raise Usage("there is no home folder to keep data in", "name a folder with --data or CSKIT_DATA")
    return found


def _upwards() -> Iterator[str]:
    """Yield the working folder and those it lies in; nothing where it was deleted."""
    try:
        here = os.getcwd()
    except OSError:
        return
    yield here
    while here != (here := os.path.dirname(here)):
        yield here


def _asked(text: str) -> str:
    if not text.strip() or "\0" in text:
        raise Usage("--data needs the path of a folder")
    if re.match(r"[a-z][a-z0-9+]+://", text):
        raise Usage(f"--data takes a folder, not {text.partition('://')[0]}://…")
    try:
        return os.path.abspath(os.path.expanduser(text))
    except OSError as error:
        raise Usage(f"--data {text}: the working folder is gone", "give a path that begins with /") from error


def _trusted(folder: str) -> str:
    """Return a folder that was found, not named, unless somebody else may have planted it."""
    fault = discovery.unsafe(folder, os.stat(folder), others=0o002)
    if fault:
        raise Usage(f"{fault}; it is not used unasked", f"to use it, say --data {folder}")
    return folder


def load(folder: str) -> Settings:
    """Read the settings in a data folder; without a file all is as by default."""
    path = os.path.join(folder, FILE)
    try:
        with open(path, "rb") as file:
            raw = file.read()
    except (FileNotFoundError, NotADirectoryError):
        return Settings()
    except OSError as error:
        raise StorageFailed(f"{path} cannot be read: {error.strerror}") from error
    import tomllib

    try:
        values = tomllib.loads(raw.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        raise Usage(f"{path} is not UTF-8 text (byte {error.start + 1})") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Usage(f"{path} is not TOML: {error}") from error
    return _settings(path, values)


def _settings(path: str, values: Mapping[str, Any]) -> Settings:
    for key in values:
        if key not in Settings._fields:
            near = nearest(key, Settings._fields)
            raise Usage(
                f"{path}: there is no setting '{key}'", f"did you mean '{near}'?" if near else _known()
            )
    _must(path, "zone", values.get("zone", ""), str, "text")
    _must(path, "staff", values.get("staff", {}), dict, "a table, [staff]")
    for login, staff in values.get("staff", {}).items():
        _must(path, f"staff.{login}", staff, str, "a staff id as text")
    if "zone" in values:
        _check_zone(path, values["zone"])
    return Settings(**values)


def _known() -> str:
    return f"there are {', '.join(Settings._fields)}"


def _must(path: str, key: str, value: Any, kind: type, expected: str) -> None:
    if not isinstance(value, kind):
        raise Usage(f"{path}: {key} is {value!r}; expected {expected}")


def _check_zone(path: str, name: str) -> None:
    import zoneinfo

    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        near = nearest(name, zoneinfo.available_timezones())
        hint = f"did you mean '{near}'?" if near else "expected a name such as Asia/Shanghai"
        raise Usage(f"{path}: there is no time zone '{name}'", hint) from error
