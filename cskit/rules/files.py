"""Rule files on the disk: which there are, whether they can be trusted, and what they hold.

Must not import click or a store.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from cskit.config import tomlfile
from cskit.errors import CskitError
from cskit.i18n import _, reason
from cskit.plugins import discovery

ENDING = ".toml"
MOST = 500
"""Files of one kind in one folder."""
_NAME = re.compile(r"\w[\w-]{0,63}")
_OTHERS, _EVERYBODY = 0o022, 0o002


class File(NamedTuple):
    """A rule file that was read: its `name` is the file's, `owner` the plugin's name, "" the department."""

    name: str
    owner: str
    path: str
    hash: str
    values: Mapping[str, Any]
    replaces: str


class Fault(NamedTuple):
    """Something wrong with a rule: `key` is the path to it inside the file, "" if it is the file itself."""

    path: str
    key: str
    message: str
    owner: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.path, self.key, self.message) if part)


def of_plugin(owner: str, path: str) -> Iterator[File | Fault]:
    """Yield the rule file at `path`, or those in the folder there, as far as they can be used.

    Who may write into a plugin's folder may change its code as well, so that only files which
    everybody can write are refused.
    """
    if not os.path.isabs(path):
        yield Fault(path, "", _("the plugin names it by a path that is not absolute"), owner)
    elif os.path.isdir(path):
        yield from _in_folder(owner, path, path, _EVERYBODY)
    elif path.endswith(ENDING):
        yield _read(owner, path, os.path.dirname(path), _EVERYBODY)
    elif os.path.exists(path):
        yield Fault(path, "", _("a rule file's name ends in .toml"), owner)


def of_department(folder: str, kind: str) -> Iterator[File | Fault]:
    """Yield the rule files of one kind in a data folder, as far as nobody else could have written them."""
    if not os.path.isdir(os.path.join(folder, "rules", kind)):
        return
    others = _others(folder)
    within = folder
    for part in ("rules", kind):
        within = os.path.join(within, part)
        fault = _planted(within, folder) or discovery.unsafe(within, os.stat(within), others)
        if fault:
            yield Fault(within, "", fault, "")
            return
    yield from _in_folder("", within, folder, others)


def kinds_in(folder: str) -> list[str]:
    """Name the folders in a data folder's `rules`, whether any plugin knows such a kind or not."""
    try:
        with os.scandir(os.path.join(folder, "rules")) as entries:
            return sorted(one.name for one in entries if one.is_dir() and not one.name.startswith("."))
    except OSError:
        return []


def _others(folder: str) -> int:
    """Return the permission bits that give a rule file away: none, where only its owner gets in at all.

    A folder made by hand is often open to its group; inside a data folder, which is closed, that is no harm.
    """
    return _OTHERS if os.stat(folder).st_mode & 0o077 else 0


def _planted(path: str, folder: str) -> str:
    """Say so where a link leads out of the folder that a file should lie in."""
    real, home = os.path.realpath(path), os.path.realpath(folder)
    if os.path.commonpath([real, home]) == home:
        return ""
    return _("it is a link that leads out of {folder}").format(folder=folder)


def _in_folder(owner: str, folder: str, home: str, others: int) -> Iterator[File | Fault]:
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        yield Fault(folder, "", _("it cannot be read: {error}").format(error=reason(error)), owner)
        return
    names = [name for name in names if name.endswith(ENDING) and not name.startswith(".")]
    if len(names) > MOST:
        yield Fault(folder, "", _("it holds over {most} rule files").format(most=MOST), owner)
        return
    for name in names:
        yield _read(owner, os.path.join(folder, name), home, others)


def _read(owner: str, path: str, home: str, others: int) -> File | Fault:
    name = unicodedata.normalize("NFC", os.path.basename(path).removesuffix(ENDING))
    if not _NAME.fullmatch(name):
        return Fault(path, "", _("a rule is called by letters, digits, - and _, 64 at most"), owner)
    try:
        raw = _bytes(path, home, others)
        values = dict(_parsed(path, raw)) if isinstance(raw, bytes) else {}
    except OSError as error:
        return Fault(path, "", _("it cannot be read: {error}").format(error=reason(error)), owner)
    except CskitError as error:
        return Fault("", "", error.message, owner)  # which names the path and the line
    if isinstance(raw, str):
        return Fault(path, "", raw, owner)
    replaces = values.pop("replaces", "")
    if not isinstance(replaces, str):
        return Fault(path, "replaces", _("expected the name of a rule"), owner)
    return File(name, owner, path, _hash(raw), values, replaces)


@lru_cache(512)
def _parsed(path: str, raw: bytes) -> Mapping[str, Any]:
    """Return what a file holds; the lines of a batch all have the same files."""
    return tomlfile.parse(path, raw)


def _bytes(path: str, home: str, others: int) -> bytes | str:
    """Return what a regular file holds, or why it is not read; a pipe is not waited for."""
    planted = _planted(path, home)
    if planted:
        return planted
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with open(handle, "rb") as file:  # the very file that is checked is the one that is read
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            return _("it is no regular file")
        return discovery.unsafe(path, found, others) or file.read(tomlfile.LARGEST + 1)


def _hash(raw: bytes) -> str:
    import hashlib

    return hashlib.sha256(raw).hexdigest()
