"""Checks of what is around a plugin's declarations: its imports, its rivals, its texts and its README."""

from __future__ import annotations

import gettext
import json
import os
import re
import subprocess
import sys
import types
from collections.abc import Iterator

from cskit.contract import texts
from cskit.contract.subject import NotChecked, Subject
from cskit.i18n import DOMAIN, FOLDER, LANGUAGES, _
from cskit.plugins.contributions import Leaf

HEAVY = ("click", "msgspec", "openpyxl", "pandas", "python_calamine", "tabulate", "tinydb", "xlsxwriter")
_LOOK = """
import importlib, json, sys
sys.path[:] = json.loads(sys.argv[1])
importlib.import_module(sys.argv[2])
print(json.dumps([name for name in json.loads(sys.argv[3]) if name in sys.modules]))
"""


def light(subject: Subject) -> Iterator[str]:
    """Importing the plugin imports nothing heavy, for every command of cskit would wait for it."""
    name = _package(subject)
    if name is None:
        raise NotChecked(_("a plugin in one file holds its commands as well"))
    words = [sys.executable, "-I", "-c", _LOOK, json.dumps(sys.path), name, json.dumps(HEAVY)]
    done = subprocess.run(  # noqa: S603 - our own interpreter, importing what is imported here already
        words, capture_output=True, text=True, check=False, timeout=60
    )
    if done.returncode:
        yield done.stderr.strip().rpartition("\n")[2]
        return
    for heavy in json.loads(done.stdout.splitlines()[-1]):
        yield _("{package} imports {heavy}; import it in the function that needs it").format(
            package=name, heavy=heavy
        )


def _package(subject: Subject) -> str | None:
    """Return the name that the plugin is imported by, None if it is a file or an object."""
    plugin = subject.plugin
    if isinstance(plugin, types.ModuleType) and plugin.__spec__ is not None:
        return plugin.__name__
    return None


def clashes(subject: Subject) -> Iterator[str]:
    """No command, table, fact, action or kind of rules is another plugin's as well."""
    plugins = subject.app.plugins
    for clash in (
        *plugins.clashes.values(),
        *plugins.fact_specs.clashes,
        *plugins.actions.clashes,
        *plugins.rule_kinds.clashes,
    ):
        if subject.name in clash.plugins:
            yield str(clash)


def languages(subject: Subject) -> Iterator[str]:
    """The catalogue of each language is where the plugin says, and has every text of the plugin."""
    plugins = subject.app.plugins
    if subject.name not in plugins.having("cskit_locale_dir"):
        raise NotChecked(_("it has no catalogue of translations"))
    domain, folder = plugins.call(subject.name, "cskit_locale_dir")
    for code, language in LANGUAGES.items():
        path = os.path.join(folder, language, "LC_MESSAGES", f"{domain}.mo")
        if code == "en":
            continue
        if os.path.isfile(path):
            yield from _translated(subject, path)
        else:
            yield _("there is no {path}").format(path=path)


def _translated(subject: Subject, path: str) -> Iterator[str]:
    """Yield the texts that are in neither the plugin's catalogue nor ours, or cannot be filled in there."""
    with open(path, "rb") as file:
        catalogue = gettext.GNUTranslations(file)
    catalogue.add_fallback(gettext.translation(DOMAIN, FOLDER, [path.split(os.sep)[-3]]))
    catalogue.add_fallback(_Nothing())
    for said in texts.of(subject.plugin):
        found = catalogue.ngettext(said.text, said.plural, 2) if said.plural else catalogue.gettext(said.text)
        if not found:
            yield _("{file}: no translation of '{text}'").format(file=os.path.basename(path), text=said.text)
        for name in sorted(_places(found) - _places(said.text) - _places(said.plural)):
            yield _("{file}: the translation of '{text}' has {place}, which is not filled in").format(
                file=os.path.basename(path), text=said.text, place=f"{{{name}}}"
            )


class _Nothing(gettext.NullTranslations):
    """What is asked last: that a text is in no catalogue."""

    def gettext(self, message: str) -> str:
        """Return nothing."""
        return ""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return nothing."""
        return ""


def _places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)", text))


def readme(subject: Subject) -> Iterator[str]:
    """The README has each of the plugin's commands, and each noun of its records."""
    if _package(subject) is None:
        raise NotChecked(_("a plugin in one file has no README"))
    text = _readme(subject.plugin)
    if text is None:
        yield _("there is no README.md beside the package or in it")
        return
    wanted = [leaf.path for leaf in subject.leaves() if not leaf.like and not _narrower(leaf)]
    wanted += [
        one.command for each in subject.record_types() for one in (each, *map(each.narrow, each.narrowed))
    ]
    for path in wanted:
        if f"cskit {path}" not in text:
            yield _("README.md does not have `cskit {command}`").format(command=path)


def _narrower(leaf: Leaf) -> bool:
    return leaf.record_type is not None and leaf.record_type.holds is not None


def _readme(plugin: object) -> str | None:
    """Return the README of the package, of its project, or of the installed distribution."""
    file = getattr(plugin, "__file__", None)
    if not file:
        return None
    package = os.path.dirname(file)
    for folder in (package, os.path.dirname(package)):
        path = os.path.join(folder, "README.md")
        if os.path.isfile(path):
            with open(path, encoding="utf-8") as opened:
                return opened.read()
    return _described(os.path.basename(package))


def _described(package: str) -> str | None:
    """Return the description of the distribution that holds a package: its README, where it was given one."""
    from importlib import metadata

    for name in metadata.packages_distributions().get(package, ()):
        return str(metadata.metadata(name).json.get("description") or "") or None
    return None
