"""`cskit plugins new`: a plugin to start from, whole and tested, or nothing at all. Must not import click.

The files are templates in `package/`; @name@ and the like stand for the plugin's name in what they hold.
"""

from __future__ import annotations

import keyword
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING

from cskit.errors import Conflict, NotFound, StorageFailed, Usage
from cskit.i18n import _, reason

if TYPE_CHECKING:
    from cskit.plugins.installed import Plugins

TEMPLATES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "package")
_ENDING = ".template"
_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_LONGEST = 30
_DEVICES = re.compile(r"con|nul|aux|prn|com\d|lpt\d")  # which no folder on Windows can be called


def make(plugins: Plugins, name: str, parent: str) -> tuple[str, list[str]]:
    """Write a plugin into a new folder in `parent`; return the folder, and the files by their path in it.

    Nothing is left when anything fails. Raises `Usage` for a name that cannot be, `Conflict` for one that is
    taken and for a folder that holds something.
    """
    _check(plugins, name)
    folder = os.path.join(os.path.abspath(os.path.expanduser(parent)), name)
    _check_folder(folder)
    files = dict(sorted(_filled(name)))
    _write(folder, files)
    return folder, list(files)


def next_steps(folder: str) -> list[str]:
    """Return the commands that install what was made beside the cskit that runs, and test it."""
    import shlex

    place = shlex.quote(folder)
    python = shlex.quote(sys.executable)
    if os.path.basename(os.path.dirname(sys.prefix)) == "venvs" and "pipx" in sys.prefix:
        install = "pipx inject cskit -e . pytest"
    elif find_spec("pip") is None:  # an environment that uv made
        install = f"uv pip install --python {python} -e '.[dev]'"
    else:
        install = f"{python} -m pip install -e '.[dev]'"
    return [f"cd {place}", install, f"{python} -m pytest", f"cskit plugins check {os.path.basename(folder)}"]


# --- may it be called so ------------------------------------------------------------------------------------


def _check(plugins: Plugins, name: str) -> None:
    allowed = _("a name is lower-case letters, digits and _, begins with a letter, and has 30 at most: acme")
    if name.startswith("cskit_"):
        raise Usage(_("leave out cskit_: the package is called cskit_… by itself"), allowed)
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        near = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
        hint = (
            _("such as {name}").format(name=near) if _NAME.fullmatch(near) and len(near) <= _LONGEST else ""
        )
        raise Usage(_("a plugin cannot be called '{name}'").format(name=name), hint or allowed)
    if keyword.iskeyword(name) or _DEVICES.fullmatch(name) or name in ("cskit", "test", "tests"):
        raise Usage(
            _("a plugin cannot be called '{name}', which means something else").format(name=name), allowed
        )
    taken = {one.name for one in plugins.loaded} | {one.name for one in plugins.blocked}
    taken |= {one.name for one in plugins.broken}
    if name in taken or find_spec(f"cskit_{name}") is not None:
        raise Conflict(_("there is a plugin '{name}' already").format(name=name), _("choose another name"))
    noun = _noun(name)
    for path, leaf in plugins.leaves.items():
        if path.partition(" ")[0] == noun:
            raise Conflict(
                _("`cskit {noun}` is a command of {plugin}").format(noun=noun, plugin=leaf.plugin),
                _("choose another name"),
            )


def _check_folder(folder: str) -> None:
    parent = os.path.dirname(folder)
    if not os.path.isdir(parent):
        raise NotFound(_("there is no folder {folder}").format(folder=parent), _("make it, or give another"))
    if os.path.islink(folder) or (os.path.exists(folder) and not os.path.isdir(folder)):
        raise Conflict(_("{path} is there already, and is no folder").format(path=folder))
    if os.path.isdir(folder) and os.listdir(folder):
        raise Conflict(
            _("{path} is there already, and not empty").format(path=folder),
            _("choose another name, or give another folder with --dir"),
        )


def _noun(name: str) -> str:
    """Return the word that commands begin with."""
    return name.replace("_", "-")


# --- the files ----------------------------------------------------------------------------------------------


def _filled(name: str) -> Iterator[tuple[str, str]]:
    """Yield the path and the content of each file."""
    words = {
        "@name@": name,
        "@noun@": _noun(name),
        "@dashed@": _noun(name),
        "@Title@": name.replace("_", " ").title(),
        "@PREFIX@": name.replace("_", "").upper(),
    }
    for folder, _folders, names in os.walk(TEMPLATES):
        for one in names:
            if one.endswith(_ENDING):
                path = os.path.relpath(os.path.join(folder, one), TEMPLATES).removesuffix(_ENDING)
                with open(os.path.join(folder, one), encoding="utf-8") as file:
                    text = file.read()
                yield path.replace("NAME", name), re.sub(r"@\w+@", lambda found: words[found[0]], text)


def _write(folder: str, files: Mapping[str, str]) -> None:
    """Write the files into a folder beside, which takes its name once it is whole."""
    part = os.path.join(os.path.dirname(folder), f".{os.path.basename(folder)}.{os.getpid()}.part")
    try:
        os.mkdir(part)
    except OSError as error:
        raise _failed(part, error) from error
    try:
        for path, text in files.items():
            place = os.path.join(part, path)
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "x", encoding="utf-8", newline="\n") as file:
                file.write(text)
        if os.path.isdir(folder):
            os.rmdir(folder)  # empty, or this fails and leaves it alone
        os.rename(part, folder)
    except OSError as error:
        raise _failed(folder, error) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _failed(path: str, error: OSError) -> StorageFailed:
    return StorageFailed(_("cannot write {path}: {error}").format(path=path, error=reason(error)))
