"""Where the data folder is, and the user's own settings. Must not import click, a store or a plugin.

Paths are plain text here and in the store: pathlib would cost every command 4 ms.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from typing import Literal

from cskit.errors import Usage
from cskit.i18n import _
from cskit.plugins import discovery

HERE = ".cskit"
OWN = "config.toml"


def find_folder(option: str | None, environ: Mapping[str, str] = os.environ) -> str:
    """Return the data folder: --data, else CSKIT_DATA, else `.cskit/` here or above, else the user's."""
    asked = option if option is not None else environ.get("CSKIT_DATA") or None
    if asked is not None:
        return _asked(asked)
    for folder in _upwards():
        if os.path.isdir(found := os.path.join(folder, HERE)):
            return _trusted(found)
    found = _users("data")
    if not os.path.isabs(found):
        raise Usage(
            _("there is no home folder to keep data in"), _("name a folder with --data or CSKIT_DATA")
        )
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
        raise Usage(_("--data needs the path of a folder"))
    if re.match(r"[a-z][a-z0-9+]+://", text):
        raise Usage(_("--data takes a folder, not {scheme}://…").format(scheme=text.partition("://")[0]))
    try:
        return os.path.abspath(os.path.expanduser(text))
    except OSError as error:
        raise Usage(
            _("--data {folder}: the working folder is gone").format(folder=text),
            _("give a path that begins with /"),
        ) from error


def _trusted(folder: str) -> str:
    """Return a folder that was found, not named, unless somebody else may have planted it."""
    fault = discovery.unsafe(folder, os.stat(folder), others=0o002)
    if fault:
        raise Usage(
            _("{fault}; it is not used unasked").format(fault=fault),
            _("to use it, say --data {folder}").format(folder=folder),
        )
    return folder


def own_file() -> str:
    """Return where the user's own settings are; "" where there is no home folder."""
    folder = _users("config")
    return os.path.join(folder, OWN) if os.path.isabs(folder) else ""


def cache_folder() -> str:
    """Return where what can be made again is kept for the user; "" where there is no home folder."""
    folder = _users("cache")
    return folder if os.path.isabs(folder) else ""


def _users(kind: Literal["data", "config", "cache"]) -> str:
    """Return the user's folder for one purpose, which is no absolute path where there is no home."""
    if sys.platform in ("win32", "darwin"):
        import platformdirs  # 10 ms, which no command needs to pay where the answer is as short as below

        named = {
            "data": platformdirs.user_data_dir,
            "config": platformdirs.user_config_dir,
            "cache": platformdirs.user_cache_dir,
        }
        return named[kind]("cskit", appauthor=False)
    variable, usual = _XDG[kind]
    base = os.environ.get(variable, "")
    return os.path.join(base if os.path.isabs(base) else os.path.expanduser(usual), "cskit")


_XDG = {
    "data": ("XDG_DATA_HOME", "~/.local/share"),
    "config": ("XDG_CONFIG_HOME", "~/.config"),
    "cache": ("XDG_CACHE_HOME", "~/.cache"),
}
