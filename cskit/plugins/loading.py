"""Loading plugins: chosen by the environment, imported one by one in the order of their names, checked.

A plugin that fails to load becomes a `Broken` and nothing else. Must not import click or a store.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import pluggy

from cskit import hookspecs
from cskit.errors import Usage
from cskit.i18n import _, reason
from cskit.nouns import joined
from cskit.plugins import discovery
from cskit.plugins.discovery import Candidate
from cskit.plugins.installed import Blocked, Broken, Loaded, Plugins
from cskit.plugins.isolation import FAILURES, load_target, nearest, quiet, told


def load(
    say: Callable[[str], None],
    *,
    installed: Mapping[str, object] | None = None,
    files: Sequence[str] = (),
    environ: Mapping[str, str] = os.environ,
) -> Plugins:
    """Load the installed plugins, and the `files` named by the user; `say` gets a line for each fault.

    `installed` stands in for what is installed: name → a module, an object with hooks, or "module:attribute".
    """
    manager = _Hooks("cskit")
    manager.add_hookspecs(hookspecs)
    if installed is None:
        candidates = discovery.installed()
    else:
        candidates = [Candidate(name, "", "given", target) for name, target in installed.items()]
    named = [_from_file(file) for file in files]
    candidates, blocked, broken = _chosen(candidates, named, environ)
    for name in sorted(_never(environ) - {one.name for one in blocked}):
        say(_("CSKIT_DISABLE_PLUGINS names {plugin}, which is not installed").format(plugin=name))
    loaded = []
    for name in sorted({one.name for one in candidates}):
        one, *rivals = [one for one in candidates if one.name == name]
        if rivals:
            origins = joined(sorted({one.origin, *(rival.origin for rival in rivals)}))
            plugin, error = None, _("{origins} both have a plugin of this name").format(origins=origins)
        else:
            plugin, error = _registered(manager, one)
        if error:
            broken.append(Broken(name, "" if rivals else one.version, error))
        else:
            loaded.append(Loaded(name, one.version, one.origin, plugin))
    strict = environ.get("CSKIT_STRICT", "") not in ("", "0")
    return Plugins(manager, loaded, broken, blocked, say, strict=strict)


class _Hooks(pluggy.PluginManager):
    """Finds hooks without a close look at each name of a module, which costs a start 1 ms a plugin."""

    def parse_hookimpl_opts(self, plugin: object, name: str) -> pluggy.HookimplOpts | None:
        """Return the options of a marked function, and None for all else."""
        if isinstance(plugin, types.ModuleType | _Marked):
            options: pluggy.HookimplOpts | None = _options(plugin, name, f"{self.project_name}_impl")
            return options
        return super().parse_hookimpl_opts(plugin, name)

    def parse_hookspec_opts(self, module_or_class: object, name: str) -> pluggy.HookspecOpts | None:
        """Return the options of a hook, and None for all else."""
        options: pluggy.HookspecOpts | None = _options(module_or_class, name, f"{self.project_name}_spec")
        return options


class _Marked:
    """The hooks of a module and nothing else of it: what pluggy is given to look through."""

    def __init__(self, module: types.ModuleType) -> None:
        vars(self).update({name: value for name, value in vars(module).items() if _is_marked(value)})


def _is_marked(value: object) -> bool:
    return isinstance(value, types.FunctionType) and "cskit_impl" in vars(value)


def _options(place: object, name: str, mark: str) -> Any:
    value = vars(place).get(name)
    return vars(value).get(mark) if isinstance(value, types.FunctionType) else None


def _chosen(
    candidates: Sequence[Candidate], named: Sequence[Candidate], environ: Mapping[str, str]
) -> tuple[list[Candidate], list[Blocked], list[Broken]]:
    """Apply CSKIT_PLUGINS and CSKIT_DISABLE_PLUGINS, before anything is imported.

    Files `named` by the user need not be in CSKIT_PLUGINS as well.
    """
    only = _names(environ["CSKIT_PLUGINS"]) if "CSKIT_PLUGINS" in environ else None
    never = _never(environ)
    chosen, blocked = [], []
    for one in (*candidates, *named):
        if one.name in never:
            blocked.append(Blocked(one.name, one.version, "CSKIT_DISABLE_PLUGINS"))
        elif only is not None and one.name not in only and one not in named:
            blocked.append(Blocked(one.name, one.version, "CSKIT_PLUGINS"))
        else:
            chosen.append(one)
    absent = (only or set()) - {one.name for one in candidates}
    return chosen, blocked, [Broken(name, "", _("not installed (CSKIT_PLUGINS names it)")) for name in absent]


def _never(environ: Mapping[str, str]) -> set[str]:
    return _names(environ.get("CSKIT_DISABLE_PLUGINS", ""))


def _names(text: str) -> set[str]:
    return {name.strip() for name in text.split(",") if name.strip()}


def _registered(manager: pluggy.PluginManager, one: Candidate) -> tuple[object, str]:
    """Import and register a plugin; return it, and what is wrong with it."""
    try:
        plugin = one.target
        if isinstance(plugin, str):
            plugin = load_target(plugin)
        elif isinstance(plugin, _File):
            plugin = plugin.run()
        with quiet():
            found = _Marked(plugin) if isinstance(plugin, types.ModuleType) else plugin
            manager.register(found, name=one.name)
        fault = _fault(manager, one.name, plugin)
    except FAILURES as error:
        plugin, fault = None, told(error)
    if fault and manager.has_plugin(one.name):
        manager.unregister(name=one.name)
    return plugin, fault


def _fault(manager: pluggy.PluginManager, name: str, plugin: object) -> str:
    """Say which of a plugin's functions looks like a hook and is none."""
    known = [name for name in vars(hookspecs) if name.startswith("cskit_")]
    try:
        manager.check_pending()
    except pluggy.PluginValidationError:
        callers = manager.get_hookcallers(manager.get_plugin(name)) or []
        unknown = sorted(caller.name for caller in callers if not caller.has_spec())
        near = nearest(unknown[0], known)
        if near:
            return _("there is no hook {name}; did you mean {near}?").format(name=unknown[0], near=near)
        return _("there is no hook {name}").format(name=unknown[0])
    for hook in known:
        if callable(getattr(plugin, hook, None)) and manager.parse_hookimpl_opts(plugin, hook) is None:
            return _("{hook} is not marked with @hookimpl").format(hook=hook)
    return ""


def _from_file(path: str) -> Candidate:
    """Make a candidate of a Python file the user named, unless somebody else could have written it."""
    real = os.path.realpath(path)
    name = os.path.basename(real).removesuffix(".py")
    try:
        handle = os.open(real, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))  # a pipe is not waited for
        with open(handle, "rb") as file:  # the very file that is checked is the one that runs
            found = os.fstat(handle)
            fault = discovery.exposed(path) or discovery.unsafe(real, found)
            if not stat.S_ISREG(found.st_mode):
                raise OSError(errno.EINVAL, _("it is no regular file"))
            source = file.read()
    except OSError as error:
        said = _("--plugin {path} cannot be read: {reason}")
        raise Usage(said.format(path=path, reason=reason(error))) from error
    if fault:
        raise Usage(
            _("--plugin {path} is not loaded: {fault}").format(path=path, fault=fault),
            _("make it yours alone, such as with chmod go-w"),
        )
    return Candidate(name, "", real, _File(name, real, source))


class _File(NamedTuple):
    """A file's code that has not run yet."""

    name: str
    path: str
    source: bytes

    def run(self) -> types.ModuleType:
        """Run the code as a module that commands can be found in by `__name__`, or by the file's name."""
        module = types.ModuleType(f"cskit_file_{self.name}")
        module.__file__ = self.path
        sys.modules[module.__name__] = module
        if self._free():
            sys.modules[self.name] = module  # "visits:Visit" in visits.py then means what it looks like
        with quiet():
            exec(compile(self.source, self.path, "exec"), module.__dict__)  # noqa: S102 - the user named it
        return module

    def _free(self) -> bool:
        """Tell whether the file's own name is no module's, but perhaps that of an earlier plugin file."""
        from importlib.util import find_spec

        held = sys.modules.get(self.name)
        if held is not None:
            return held.__name__ == f"cskit_file_{self.name}"
        return self.name.isidentifier() and find_spec(self.name) is None
