"""What is expected of a plugin, as checks that look at one: `cskit plugins check`, and a plugin's own tests.

Nothing a plugin does here reaches a department's records: commands run in folders that are thrown away.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from cskit.app import App
from cskit.contract import declared, moments, records, sections, surroundings, trying
from cskit.contract.subject import NotChecked, Run, Subject
from cskit.errors import NotFound
from cskit.i18n import _, mark
from cskit.plugins import loading
from cskit.plugins.installed import Plugins
from cskit.plugins.isolation import FAILURES, nearest, told

__all__ = ["Finding", "check", "chosen", "findings"]

Check = Callable[[Subject], Iterator[str]]


class Finding(NamedTuple):
    """What one check found: "ok", "failed" with a note on one fault, or "skipped" with the reason."""

    check: str
    result: str
    note: str = ""


CHECKS: Mapping[str, Check] = {
    mark("imports nothing heavy"): surroundings.light,
    mark("shares no name with others"): surroundings.clashes,
    mark("commands can be run and explain themselves"): declared.commands,
    mark("records have fields with titles in both languages"): records.fields,
    mark("references lead to tables that are there"): records.references,
    mark("facts are what they are declared as"): declared.facts,
    mark("actions can be called"): declared.actions,
    mark("rule files fit"): declared.rule_files,
    mark("texts are translated"): surroundings.languages,
    mark("the demonstration runs"): trying.demonstration,
    mark("records come back as they went out"): trying.round_trips,
    mark("facts are known of the demonstration's records"): trying.facts,
    mark("tasks and events lead to records that are there"): moments.moments,
    mark("figures of the report lead to as many records as they say"): sections.sections,
    mark("the README names every command"): surroundings.readme,
}
"""In the order they run: later ones look at the records that the demonstration made."""


def check(plugins: Plugins, name: str, run: Run) -> list[Finding]:
    """Look at one of the plugins; `run` is `cskit.testing.run`, which is not imported from here."""
    broken = [one.error for one in plugins.broken if one.name == name]
    loaded = [one for one in plugins.loaded if one.name == name]
    loads = _("loads, with hooks that there are")
    if not loaded:
        return [Finding(loads, "failed", error) for error in broken]
    with tempfile.TemporaryDirectory(prefix="cskit-check-") as folder:
        app = App()
        app.plugins = plugins
        subject = Subject(name, loaded[0].plugin, app, folder, run)
        os.mkdir(subject.data, 0o700)
        found = [finding for title, look in CHECKS.items() for finding in _found(title, look, subject)]
    broken = [one.error for one in plugins.broken if one.name == name]  # by what was asked of it meanwhile
    first = [Finding(loads, "failed", error) for error in broken] or [Finding(loads, "ok")]
    return [*first, *found]


def _found(title: str, look: Check, subject: Subject) -> Iterator[Finding]:
    try:
        notes = list(dict.fromkeys(look(subject)))
    except NotChecked as reason:
        yield Finding(_(title), "skipped", str(reason))
        return
    except FAILURES as error:  # which a check did not expect of a plugin's code
        notes = [told(error)]
    if not notes:
        yield Finding(_(title), "ok")
    for note in notes:
        yield Finding(_(title), "failed", note)


def chosen(app: App, names: Sequence[str]) -> tuple[Plugins, list[str]]:
    """Return the plugins that were named, by name or as a file, each once; all where none was.

    Raises `NotFound` for a name that is no plugin's.
    """
    files = [name for name in names if name.endswith(".py") or os.path.sep in name]
    plugins = app.plugins
    if files:
        known = {one.name: one.plugin for one in plugins.loaded}
        plugins = loading.load(app.warn, installed=known, files=files)
    there = sorted({one.name for one in plugins.loaded} | {one.name for one in plugins.broken})
    wanted: dict[str, None] = {}
    for name in names or ("all",):
        if name == "all":
            wanted |= dict.fromkeys(there)
        elif name in files:
            wanted[os.path.basename(os.path.realpath(name)).removesuffix(".py")] = None
        elif name in there:
            wanted[name] = None
        else:
            near = nearest(name, there)
            hint = _("did you mean '{near}'?").format(near=near) if near else _("`cskit plugins list`")
            raise NotFound(_("there is no plugin '{name}' at work").format(name=name), hint)
    return plugins, list(wanted)


def findings(plugins: Plugins, names: Sequence[str], run: Run) -> list[dict[str, str]]:
    """Return the findings about some plugins as rows."""
    return [
        {key: value for key, value in {"plugin": name, **finding._asdict()}.items() if value}
        for name in names
        for finding in check(plugins, name, run)
    ]
