"""The plugins of a run: what each contributes, and calling their hooks one plugin at a time.

A plugin that fails is left out, named once on stderr, and the rest works. Must not import click or a store.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

import pluggy

from cskit import i18n
from cskit.catalogue import COMMANDS, RULE_KINDS
from cskit.declarations import ActionSpec, Command, FactSpec, Group, Migration, RecordType, RuleKind
from cskit.errors import CskitError, PluginFailed
from cskit.i18n import _, mark, ngettext
from cskit.plugins import contributions
from cskit.plugins.contributions import Clash, Contents, Leaf, Owned
from cskit.plugins.isolation import FAILURES, quiet, told


class Loaded(NamedTuple):
    """A plugin that is at work."""

    name: str
    version: str
    origin: str
    plugin: object

    def __str__(self) -> str:
        return f"{self.name} {self.version}".rstrip()


class Broken(NamedTuple):
    """A plugin, or a part of one, that is left out because it failed."""

    name: str
    version: str
    error: str


class Blocked(NamedTuple):
    """A plugin that the environment keeps out, and the variable that does."""

    name: str
    version: str
    by: str


class Plugins:
    """The plugins of this run and what they contribute."""

    def __init__(
        self,
        manager: pluggy.PluginManager,
        loaded: Iterable[Loaded],
        broken: Iterable[Broken],
        blocked: Iterable[Blocked],
        say: Callable[[str], None],
        strict: bool = False,
    ) -> None:
        self._manager = manager
        self.loaded = tuple(loaded)
        self.blocked = tuple(sorted(blocked))
        self._broken: list[Broken] = []
        self._say = say
        self._strict = strict
        self._said: set[str] = set()
        self.misread: dict[str, str] = {}
        """Tables, with their plugins, whose records may be in another form than the plugin takes them for."""
        for one in sorted(broken):
            self._record(one)
        commands = self._declared("cskit_commands", Command)
        types_, lost = contributions.record_types(self._declared("cskit_record_types", RecordType))
        self._types = types_.by_key
        self.leaves, self.clashes = contributions.leaves(COMMANDS, commands, self._types.values())
        self._complain((*types_.clashes, *self.clashes.values()))
        self.clashes = lost | self.clashes
        self.commands: Mapping[str, Owned[Command]] = {
            one.value.path: one
            for one in commands
            if self.leaves.get(one.value.path, _NONE).plugin == one.plugin
        }
        self.record_types: Mapping[str, RecordType] = {table: one.value for table, one in self._types.items()}

    # --- what they are ------------------------------------------------------------------------------------

    @property
    def broken(self) -> tuple[Broken, ...]:
        """What failed so far, sorted by name."""
        return tuple(sorted(self._broken))

    def title(self, name: str) -> str:
        """Return a loaded plugin's name and version for a message."""
        return next((str(one) for one in self.loaded if one.name == name), name)

    def missing(self) -> str:
        """Name the plugins that are broken or blocked, or nothing if all are at work."""
        names = [_("{plugin} (broken)").format(plugin=one.name) for one in self.broken] + [
            _("{plugin} (blocked)").format(plugin=one.name) for one in self.blocked
        ]
        return _(", ").join(sorted(set(names)))

    def refuse_missing(self, tables: Collection[str]) -> None:
        """Raise `PluginFailed` when one of `tables` is nobody's: its plugin might have a say."""
        unknown = sorted(set(tables) - self.record_types.keys())
        if unknown:
            missing = self.missing()
            said = ngettext(
                "no loaded plugin knows the table {tables}, whose records may depend on this",
                "no loaded plugin knows the tables {tables}, whose records may depend on this",
                len(unknown),
            )
            raise PluginFailed(
                said.format(tables=_(", ").join(unknown)),
                _("not loaded: {plugins}").format(plugins=missing)
                if missing
                else _("install the plugin the table came from"),
                unsaved=True,
            )

    def owner(self, table: str) -> str:
        """Return the plugin whose table this is, or an empty text."""
        return self._types[table].plugin if table in self._types else ""

    def fight_over(self, table: str) -> str:
        """Say which plugins fight for a table that none of them has, or nothing."""
        return next(
            (str(one) for one in self.clashes.values() if (one.what, one.key) == ("table", table)), ""
        )

    # --- what they contribute -----------------------------------------------------------------------------

    @cached_property
    def groups(self) -> Mapping[str, Owned[Group]]:
        """What is said of groups of commands, by path; where two plugins speak, the first by name."""
        return {one.value.path: one for one in reversed(self._declared("cskit_groups", Group))}

    @cached_property
    def fact_specs(self) -> Contents[FactSpec]:
        """The facts that can be asked for, by `fact_key`."""
        found = self._declared("cskit_fact_specs", FactSpec)
        contents = contributions.by_key(mark("fact"), found, lambda one: fact_key(one.about, one.name))
        self._complain(contents.clashes)
        return contents

    @cached_property
    def actions(self) -> Contents[ActionSpec]:
        """The actions that can be called, by name."""
        contents = contributions.by_key(
            mark("action"), self._declared("cskit_actions", ActionSpec), lambda one: one.name
        )
        self._complain(contents.clashes)
        return contents

    @cached_property
    def rule_kinds(self) -> Contents[RuleKind]:
        """The kinds of rules that are kept in TOML files, by name; the core's own are never lost."""
        core = [Owned(contributions.CORE, one) for one in RULE_KINDS]
        declared = [*core, *self._declared("cskit_rule_kinds", RuleKind)]
        contents = contributions.by_key(mark("kind of rules"), declared, lambda one: one.name)
        self._complain(contents.clashes)
        kept = {**contents.by_key, **{one.value.name: one for one in core}}
        return contents._replace(by_key=dict(sorted(kept.items())))

    @cached_property
    def migrations(self) -> Mapping[str, tuple[Migration, ...]]:
        """The steps to the newest form of a table's records, by table, where there is more than one form.

        Where a plugin declares them wrongly, its tables are `misread`.
        """
        items: list[Owned[Migration]] = []
        wrong: dict[str, str] = {}
        for plugin in self.having("cskit_migrations"):
            try:
                with quiet():
                    found = tuple(self._call(plugin, "cskit_migrations", {}) or ())
            except FAILURES as error:
                wrong[plugin] = told(error)
            else:
                faults = [fault for one in found if (fault := contributions.check(one, Migration))]
                wrong |= {plugin: faults[0]} if faults else {}
                items += [] if faults else [Owned(plugin, one) for one in found]
        kept, misplaced = contributions.migrations(items, self.owner)
        for plugin, fault in sorted({**misplaced, **wrong}.items()):
            self._fail(plugin, f"cskit_migrations: {fault}")
            self.misread |= {table: plugin for table in self._types if self.owner(table) == plugin}
        return kept

    @cached_property
    def catalogues(self) -> dict[str, gettext.NullTranslations]:
        """What plugins say in the user's language, by their names."""
        found = {}
        for plugin in self.having("cskit_locale_dir"):
            try:
                domain, folder = self.call(plugin, "cskit_locale_dir") or (None, None)
                if domain and folder:
                    found[plugin] = i18n.catalogue(domain, folder)
            except FAILURES as error:
                self._fail(plugin, f"cskit_locale_dir: {told(error)}", error)
        return found

    def _declared(self, hook: str, kind: type) -> list[Owned[Any]]:
        """Ask every plugin for its specs; one that answers wrongly is left out of this as a whole."""
        return [Owned(plugin, item) for plugin, items in self.collect(hook, kind) for item in items]

    # --- calling hooks ------------------------------------------------------------------------------------

    def having(self, hook: str) -> list[str]:
        """Name the loaded plugins that implement `hook`."""
        implemented = {one.plugin_name for one in getattr(self._manager.hook, hook).get_hookimpls()}
        return [one.name for one in self.loaded if one.name in implemented]

    def collect(
        self, hook: str, of: type | None = None, /, **arguments: Any
    ) -> list[tuple[str, tuple[Any, ...]]]:
        """Call `hook` of every plugin and return plugin and items, which must be well-formed and `of` a type.

        A plugin that fails is left out as a whole and named.
        """
        found = []
        for plugin in self.having(hook):
            try:
                with quiet(), i18n.speaking_for(plugin):
                    items = tuple(self._call(plugin, hook, arguments) or ())
            except FAILURES as error:
                self._fail(plugin, f"{hook}: {told(error)}", error)
                continue
            faults = (fault for item in items if of and (fault := contributions.check(item, of)))
            fault = next(faults, "")
            if fault:
                self._fail(plugin, f"{hook}: {fault}")
            else:
                found.append((plugin, items))
        return found

    def each(self, hook: str, **arguments: Any) -> Iterator[tuple[str, Any]]:
        """Call `hook` of one plugin after the other, yielding plugin and answer; a failure stops it.

        A `CskitError` (a veto) passes as it is, anything else becomes `PluginFailed` naming the plugin.
        """
        for plugin in self.having(hook):
            yield plugin, self.call(plugin, hook, **arguments)

    def call(self, plugin: str, hook: str, **arguments: Any) -> Any:
        """Call `hook` of one plugin; fails as `each` does."""
        try:
            with quiet(), i18n.speaking_for(plugin):
                return self._call(plugin, hook, arguments)
        except CskitError:
            raise
        except FAILURES as error:
            raise PluginFailed(
                _("plugin {plugin} failed in {hook}: {error}").format(
                    plugin=self.title(plugin), hook=hook, error=told(error)
                ),
                _("CSKIT_DISABLE_PLUGINS={plugin} leaves it out, --debug shows where it failed").format(
                    plugin=plugin
                ),
            ) from error

    def _call(self, plugin: str, hook: str, arguments: Mapping[str, Any]) -> Any:
        others = [self._manager.get_plugin(one.name) for one in self.loaded if one.name != plugin]
        answers = self._manager.subset_hook_caller(hook, others)(**arguments)
        return answers[0] if answers else None

    # --- saying what is wrong -----------------------------------------------------------------------------

    def _fail(self, plugin: str, error: str, cause: BaseException | None = None) -> None:
        version = next((one.version for one in self.loaded if one.name == plugin), "")
        self._record(Broken(plugin, version, error), cause)

    def _record(self, one: Broken, cause: BaseException | None = None) -> None:
        self._broken.append(one)
        title = f"{one.name} {one.version}".rstrip()
        if self._strict:
            raise PluginFailed(
                _("plugin {plugin} is broken: {error}").format(plugin=title, error=one.error),
                _("CSKIT_STRICT is set: nothing runs while a plugin is broken"),
            ) from cause
        said = _("plugin {plugin} is broken: {error}; the rest works (cskit plugins list)")
        self._warn(said.format(plugin=title, error=one.error))

    def _complain(self, clashes: Iterable[Clash]) -> None:
        for clash in clashes:
            if self._strict:
                raise PluginFailed(str(clash), _("CSKIT_STRICT is set: nothing runs while plugins clash"))
            self._warn(str(clash))

    def _warn(self, line: str) -> None:
        if line not in self._said:
            self._said.add(line)
            self._say(line)


_NONE = Leaf("", "", "")


def fact_key(about: str, name: str) -> str:
    """Return the key of a fact among all plugins' facts."""
    return f"{name} of {about}"
