"""What the plugins declare, laid side by side: each key has one owner, or nobody gets it and both are named.

Imports no plugin, no click and no store.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from cskit.declarations import (
    ActionSpec,
    Command,
    Event,
    FactSpec,
    Group,
    Migration,
    RecordType,
    RuleKind,
    Task,
)
from cskit.i18n import _, label, mark, speaking_for
from cskit.nouns import joined

T = TypeVar("T")
CORE = "cskit"

VERBS = {
    "add": mark("Add {one}."),
    "list": mark("List {plural}."),
    "show": mark("Show {plural} in full."),
    "set": mark("Change fields of {plural}."),
    "remove": mark("Remove {plural}."),
    "import": mark("Import {plural} from a file."),
    "export": mark("Export {plural} to a file."),
    "count": mark("Count {plural}."),
    "merge": mark("Make {plural} part of another {singular}."),
    "schema": mark("Show what {one} may hold."),
}
"""What can be done with every record type, and the help of the command; {one} is "a customer"."""


def verbs_of(record_type: RecordType) -> tuple[str, ...]:
    """Return what can be done with a record type from the command line."""
    return record_type.verbs or tuple(VERBS)


def verb_help(verb: str, record_type: RecordType) -> str:
    """Return the help line of a record type's command, such as "Add a customer."."""
    zh, article = record_type.zh, "an" if record_type.singular[:1].lower() in "aeiou" else "a"
    return _(VERBS[verb]).format(
        one=label(f"{article} {record_type.singular}", zh),
        singular=label(record_type.singular, zh),
        plural=label(record_type.plural, zh),
    )


class Owned(NamedTuple, Generic[T]):
    """A value and the plugin that declared it."""

    plugin: str
    value: T


class Leaf(NamedTuple):
    """A command as typed, with what makes it: a `Command`, or a record type and one of the `VERBS`.

    `help` is what was declared, empty where `said` makes it of a record type and verb.
    `like` is the path of the command that this one is, for a narrower noun ("case assign").
    """

    path: str
    help: str
    plugin: str
    target: str = ""
    record_type: RecordType | None = None
    verb: str = ""
    outside: bool = False
    like: str = ""
    computes: bool = False

    def said(self) -> str:
        """Return the help line in the user's language."""
        if self.record_type:
            return verb_help(self.verb, self.record_type)
        with speaking_for(self.plugin):
            return _(self.help)


class Clash(NamedTuple):
    """A key that more than one contribution claims; nobody has it."""

    what: str
    key: str
    plugins: tuple[str, ...]

    def __str__(self) -> str:
        if len(self.plugins) == 1:
            said = _("plugin {plugin} declares the {what} '{key}' twice; it is left out")
            names = self.plugins[0]
        elif CORE in self.plugins:
            said = _("plugin {plugin} declares the {what} '{key}', which is cskit's own; it is left out")
            names = _(", ").join(name for name in self.plugins if name != CORE)
        else:
            said = _("plugins {plugin} declare the same {what} '{key}'; none of them has it")
            names = joined(self.plugins)
        return said.format(plugin=names, what=_(self.what), key=self.key)


class Contents(NamedTuple, Generic[T]):
    """One kind of contribution: what is usable by key, and what is not."""

    by_key: Mapping[str, Owned[T]]
    clashes: tuple[Clash, ...]


def by_key(what: str, items: Iterable[Owned[T]], key: Callable[[T], str]) -> Contents[T]:
    """Sort contributions by key; those with one key, whose ever they are, are all left out."""
    groups: dict[str, list[Owned[T]]] = defaultdict(list)
    for item in items:
        groups[key(item.value)].append(item)
    kept = {name: group[0] for name, group in sorted(groups.items()) if len(group) == 1}
    clashes = [
        Clash(what, name, tuple(sorted({item.plugin for item in group})))
        for name, group in sorted(groups.items())
        if len(group) > 1
    ]
    return Contents(kept, tuple(clashes))


def record_types(items: Sequence[Owned[RecordType]]) -> tuple[Contents[RecordType], dict[str, Clash]]:
    """Sort record types by table; also return the commands that are lost, and to which clash.

    A table has one record type, and a noun ("customer order") as well.
    """
    tables = by_key(mark("table"), items, lambda one: one.table)
    nouns = by_key(mark("noun"), items, lambda one: one.command)
    kept: dict[str, Owned[RecordType]] = {}
    lost: dict[str, Clash] = {}
    clashes = {(clash.what, clash.key): clash for clash in (*tables.clashes, *nouns.clashes)}
    for item in items:
        keys = (("table", item.value.table), ("noun", item.value.command))
        clash = next((clashes[key] for key in keys if key in clashes), None)
        if clash is None:
            kept[item.value.table] = item
        else:
            named = (item.value.command, *(noun.command for noun in item.value.narrowed))
            lost |= {f"{noun} {verb}": clash for noun in named for verb in verbs_of(item.value)}
    return Contents(kept, tuple(clashes.values())), lost


def leaves(
    core: Sequence[Command], commands: Sequence[Owned[Command]], types: Iterable[Owned[RecordType]]
) -> tuple[dict[str, Leaf], dict[str, Clash]]:
    """Lay out the command line: path → command, and path → the plugins that fight for it.

    Groups merge; a command cannot be a group as well. The core's own commands are never lost to a plugin.
    """
    claims: dict[str, list[Leaf]] = defaultdict(list)
    for command in core:
        claims[command.path].append(_leaf(CORE, command))
    for plugin, declared in commands:
        claims[declared.path].append(_leaf(plugin, declared))
    for plugin, one in types:
        verbs, start = verbs_of(one), f"{one.command} "
        for noun in (one, *map(one.narrow, one.narrowed)):
            for verb in verbs:
                path = f"{noun.command} {verb}"
                claims[path].append(Leaf(path, "", plugin, "", noun, verb))
            for owner, declared in commands if noun.holds else ():
                if declared.path.startswith(start):
                    path = f"{noun.command} {declared.path[len(start) :]}"
                    claims[path].append(_leaf(owner, declared)._replace(path=path, like=declared.path))
    contested = _contested(claims)
    lost = {leaf.path for rivals in contested.values() for leaf in rivals}
    kept = {
        path: leaf
        for path in sorted(claims)
        for leaf in claims[path]
        if path not in lost or leaf.plugin == CORE
    }
    clashes = {
        path: Clash(mark("command"), path, tuple(sorted({leaf.plugin for leaf in rivals})))
        for path, rivals in sorted(contested.items())
    }
    return kept, clashes


def _leaf(plugin: str, command: Command) -> Leaf:
    path, said, target, outside, computes = command
    return Leaf(path, said, plugin, target, None, "", outside, "", computes)


def _contested(claims: Mapping[str, list[Leaf]]) -> dict[str, list[Leaf]]:
    """Find the paths that several claim, or that are somebody's command and somebody else's group."""
    contested = {path: list(claim) for path, claim in claims.items() if len(claim) > 1}
    groups: set[str] = set()
    for path in claims:
        above = path.rpartition(" ")[0]
        while above and above not in groups:
            groups.add(above)
            above = above.rpartition(" ")[0]
    for group in sorted(groups & claims.keys()):
        rivals = contested.setdefault(group, list(claims[group]))
        for path, claim in claims.items():
            if path.startswith(f"{group} "):
                rivals.extend(claim)
    return contested


def migrations(
    items: Sequence[Owned[Migration]], owner: Callable[[str], str]
) -> tuple[dict[str, tuple[Migration, ...]], dict[str, str]]:
    """Sort steps by table; also return, by plugin, what is wrong with those that are not all there."""
    steps: dict[str, list[Migration]] = defaultdict(list)
    wrong: dict[str, str] = {}
    for plugin, one in items:
        if owner(one.table) != plugin:
            wrong[plugin] = _("the table '{table}' is not its own").format(table=one.table)
        else:
            steps[one.table].append(one)
    for table, found in steps.items():
        found.sort(key=lambda one: one.to)
        if [one.to for one in found] != list(range(2, len(found) + 2)):
            wrong[owner(table)] = _("the steps of '{table}' must be numbered from 2 on, each once").format(
                table=table
            )
    kept = {table: tuple(found) for table, found in sorted(steps.items()) if owner(table) not in wrong}
    return kept, wrong


# --- is it one at all ---------------------------------------------------------------------------------------

_WORD = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
_NAME = r"[a-z][a-z0-9_]*"
_DOTTED = rf"{_NAME}(?:\.{_NAME})+"
_IS_WORD, _IS_NAME, _IS_DOTTED = re.compile(_WORD), re.compile(_NAME), re.compile(_DOTTED)
_IS_PATH = re.compile(rf"{_WORD}(?: {_WORD})*")
_IS_FACT = re.compile(rf"{_DOTTED}|{_NAME}(?:\.{_NAME})*\.\*")
_IS_TARGET = re.compile(r"[\w.]+:[\w.]+")


def check(item: object, kind: type) -> str:
    """Say what is wrong with one item a plugin declared, or nothing."""
    if not isinstance(item, kind):
        return _("expected {type}, not {other}").format(type=kind.__name__, other=type(item).__name__)
    match item:
        case Command(path=name, target=target):
            pattern, example = _IS_PATH, "'acme report'"
        case RecordType(command=name, table=table, model=target, verbs=verbs):
            pattern, example = _IS_PATH, "'acme machine'"
            if unknown := [verb for verb in verbs if verb not in VERBS]:
                return _("'{name}' has no verb '{verb}'; there are {known}").format(
                    name=name, verb=unknown[0], known=_(", ").join(VERBS)
                )
            if not _IS_NAME.fullmatch(table):
                return _("the table '{name}' is not of the form {example}").format(
                    name=table, example="'acme_machines'"
                )
        case Group(path=name, help=said):
            pattern, example, target = _IS_PATH, "'acme machine'", "a:b"
            if not isinstance(said, str) or not said.strip() or "\n" in said:
                return _("the group '{name}' needs one line of help").format(name=name)
        case ActionSpec(name=name, target=target):
            pattern, example = _IS_DOTTED, "'acme.create'"
        case RuleKind(name=name, model=target):
            pattern, example = _IS_WORD, "'acme-checklists'"
        case Migration(table=name, target=target):
            pattern, example = _IS_NAME, "'acme_machines'"
        case FactSpec(name=name):
            pattern, example, target = _IS_FACT, "'acme.machines'", "a:b"
        case Task(due=when, what=what) | Event(at=when, what=what):
            return _moment_fault(item, when, what)
        case _:
            return item.fault() if hasattr(item, "fault") else ""  # such as a section of the report
    if not pattern.fullmatch(name):
        return _("the name '{name}' is not of the form {example}").format(name=name, example=example)
    if not _IS_TARGET.fullmatch(target):
        return _("the target '{target}' of '{name}' is not of the form 'package.module:name'").format(
            target=target, name=name
        )
    return ""


def _moment_fault(item: Task | Event, when: object, what: object) -> str:
    """Say what is wrong with a task or an event, or nothing."""
    texts = [what, item.about, item.id]
    kind = type(item).__name__
    if not all(isinstance(one, str) and one.strip() for one in texts):
        return _("{type} needs what, about and id: {item}").format(type=kind, item=tuple(item))
    if not isinstance(when, dt.date) or (isinstance(when, dt.datetime) and when.tzinfo is None):
        return _("{type} of {id}: {when} is neither a day nor an aware time").format(
            type=kind, id=item.id, when=repr(when)
        )
    rest = (item.who, item.do) if isinstance(item, Task) else (item.who,)
    if not all(isinstance(one, str) for one in rest):
        return _("{type} of {id}: who, and what to type, are texts").format(type=kind, id=item.id)
    return ""
