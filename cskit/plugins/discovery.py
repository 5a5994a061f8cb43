"""Which plugins are installed, by one look at the folders of `sys.path`; imports none of them.

Must not import importlib.metadata: that alone costs more than everything else before a command (34–40 ms).
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from cskit.i18n import _

GROUP = "cskit.plugins"


class Candidate(NamedTuple):
    """A plugin to load: `target` says where it is ("module", "module:attribute"), or is the plugin itself."""

    name: str
    version: str
    origin: str
    target: object


def installed(paths: Sequence[str] | None = None) -> list[Candidate]:
    """List the plugins that the distributions on `paths` (else `sys.path`) declare."""
    found = []
    for distribution, version, folder in versions(sys.path if paths is None else paths):
        text = _read(os.path.join(folder, "entry_points.txt"))
        if GROUP in text:
            found += [
                Candidate(name, version or _own_version(folder), distribution, target)
                for name, target in entries(text)
            ]
    return found


def versions(paths: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield name, version and metadata folder; of one name, the first on the path is what gets imported."""
    seen = set()
    for path in paths:
        if not path:  # the working folder, where anybody may have put anything
            continue
        try:
            with os.scandir(path) as entries:
                folders = sorted(
                    one.name for one in entries if one.name.endswith((".dist-info", ".egg-info"))
                )
        except OSError:  # a zip file, or a folder that is gone
            continue
        for folder in folders:
            name, _dash, rest = folder.rpartition(".")[0].partition("-")
            known = re.sub(r"[-_.]+", "-", name).lower()
            if known not in seen and not name.startswith("~"):  # pip's leftovers
                seen.add(known)
                yield name.replace("_", "-"), rest.partition("-")[0], os.path.join(path, folder)


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:  # most distributions have no entry points
        return ""


def _own_version(folder: str) -> str:
    """Read the version where the folder's name has none, as in an editable `name.egg-info`."""
    found = re.search(r"^Version: *(.+)$", _read(os.path.join(folder, "PKG-INFO")), re.MULTILINE)
    return found[1].strip() if found else ""


def entries(text: str) -> Iterator[tuple[str, str]]:
    """Yield name and target of each entry point of our group in an `entry_points.txt`."""
    ours = False
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("["):
            ours = line == f"[{GROUP}]"
        elif ours and "=" in line and not line.startswith(("#", ";")):
            name, _sign, target = line.partition("=")
            yield name.strip(), target.partition("[")[0].strip()


def exposed(path: str) -> str:
    """Say who else might put another file in the place of the one at `path`, or nothing if only the user can.

    Looks at every folder on the way, as it is written and as links lead. In a folder with the sticky bit,
    such as /tmp, others can add to what is there but not move it; a file right in it is still refused.
    """
    for end in dict.fromkeys((os.path.abspath(path), os.path.realpath(path))):
        folder = os.path.dirname(end)
        fault = unsafe(folder, os.stat(folder))
        while not fault and folder != (folder := os.path.dirname(folder)):
            found = os.stat(folder)
            fault = unsafe(folder, found, others=0 if found.st_mode & stat.S_ISVTX else 0o022)
        if fault:
            return fault
    return ""


def unsafe(path: str, file: os.stat_result, others: int = 0o022) -> str:
    """Say why what lies at `path` may be somebody else's work, or nothing if only the user can write it.

    `others` are the permission bits that nobody but the owner may have.
    """
    if os.name != "posix":
        return ""
    if file.st_uid not in (0, os.getuid()):
        return _("{path} belongs to another user").format(path=path)
    if file.st_mode & others:
        return _("{path} can be written by others").format(path=path)
    return ""
