"""Checks of what a plugin declares: its commands, facts, actions and rules."""

from __future__ import annotations

import inspect
from collections import defaultdict
from collections.abc import Iterator

from cskit import lazy, rules
from cskit.contract.subject import NotChecked, Subject
from cskit.declarations import FactSpec, Period
from cskit.errors import CskitError
from cskit.i18n import _
from cskit.plugins.isolation import FAILURES, load_target, told


def commands(subject: Subject) -> Iterator[str]:
    """Each command is found, has no option of every command's, the help that was declared, and an example.

    What is said of a group is said of one that there is.
    """
    leaves = list(subject.leaves())
    if not leaves:
        raise NotChecked(_("it has no commands of its own"))
    for leaf in leaves:
        try:
            command = lazy.load(subject.app, leaf)
        except CskitError as error:
            yield error.message
            continue
        text = inspect.cleandoc(command.help or "").replace("\b", "")
        first = " ".join(text.partition("\n\n")[0].split())
        declared = leaf.said() if leaf.record_type else leaf.help
        if first != declared:
            yield _("'{command}' is declared as '{help}', but its docstring begins '{said}'").format(
                command=leaf.path, help=declared, said=first
            )
        if f"cskit {leaf.path}" not in text:
            yield _("the help of '{command}' has no example with cskit {command}").format(command=leaf.path)
    plugins = subject.app.plugins
    mine = [leaf.path for leaf in plugins.leaves.values() if leaf.plugin == subject.name]
    for path in (path for path, one in plugins.groups.items() if one.plugin == subject.name):
        if not any(leaf.startswith(f"{path} ") for leaf in mine):
            yield _("the group '{path}' has a help, but none of its commands").format(path=path)


def facts(subject: Subject) -> Iterator[str]:
    """Asked about something that is not there, of nothing, and over a period, each fact is well-formed."""
    about: dict[str, list[FactSpec]] = defaultdict(list)
    for owned in subject.app.plugins.fact_specs.by_key.values():
        if owned.plugin == subject.name:
            about[owned.value.about].append(owned.value)
    if not about:
        raise NotChecked(_("it gives no facts"))
    app = subject.trying()
    for kind, specs in about.items():
        for spec in specs:
            if not spec.meaning.strip():
                yield _("the fact {name} has no meaning").format(name=spec.name)
        names = [spec.name for spec in specs]
        for ids in ([], ["no-such-id"]):
            for period in (None, Period(app.today, app.today)):
                try:
                    app.facts(kind, names, ids, period=period)
                except CskitError as error:
                    yield error.message


def actions(subject: Subject) -> Iterator[str]:
    """Each action's function is found and takes the arguments that are declared."""
    found = [one.value for one in subject.app.plugins.actions.by_key.values() if one.plugin == subject.name]
    if not found:
        raise NotChecked(_("it offers no actions"))
    for spec in found:
        try:
            function = load_target(spec.target)
            inspect.signature(function).bind(None, None, **dict.fromkeys(spec.arguments))
        except FAILURES as error:
            yield _("the action {name}, {target}: {error}").format(
                name=spec.name, target=spec.target, error=told(error)
            )


def rule_files(subject: Subject) -> Iterator[str]:
    """Each rule file that the plugin ships fits the model of its kind."""
    app = subject.trying()
    asked = False
    for name, kind in rules.kinds(app).items():
        try:
            found = rules.survey(app, name)
        except CskitError as error:
            if kind.plugin == subject.name:
                yield error.message
            continue
        owners = {rule.owner for rule in found.rules.values()} | {fault.owner for fault in found.faults}
        asked = asked or subject.name in owners or kind.plugin == subject.name
        yield from (str(fault) for fault in found.faults if fault.owner == subject.name)
    if not asked:
        raise NotChecked(_("it has no rules in files"))
