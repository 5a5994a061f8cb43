"""Rules of one kind laid over each other: plugins', the department's, numbers from the settings.

Must not import click or a store.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from cskit.catalogue import SHIPPED
from cskit.config.settings import FILE
from cskit.errors import CskitError, NotFound, PluginFailed, Usage
from cskit.i18n import _, ngettext
from cskit.plugins.contributions import CORE, Owned
from cskit.plugins.isolation import FAILURES, load_target, nearest, quiet, told
from cskit.rules import changing, files, shape
from cskit.rules.changing import Changed
from cskit.rules.files import Fault, File

if TYPE_CHECKING:
    from cskit.app import App
    from cskit.declarations import RuleKind

SHOWN = 5


class Rule(NamedTuple):
    """A rule that is in force.

    `value` is the kind's model, `values` the same as plain data, `owner` the plugin it is from or "" where it
    is the department's own, `hash` the SHA-256 of its file; `replaces` says whose rule it took the place of,
    `changed` holds the numbers that the settings give, by key path.
    """

    name: str
    value: Any
    values: Mapping[str, Any]
    owner: str
    path: str
    hash: str
    replaces: str = ""
    changed: Mapping[str, Changed] = MappingProxyType({})

    @property
    def stamp(self) -> str:
        """The hash of the file, or of the file and what the settings change of it.

        This is what a result that is recorded keeps, to tell later whether the rule is still the same.
        """
        if not self.changed:
            return self.hash
        from cskit.digests import blake2b

        changes = "".join(f"\n{key}={one.settings}" for key, one in sorted(self.changed.items()))
        return blake2b((self.hash + changes).encode(), digest_size=32).hexdigest()


class Survey(NamedTuple):
    """All rules of one kind, and all that is wrong with them."""

    rules: Mapping[str, Rule]
    faults: tuple[Fault, ...]


def load(app: App, kind: str) -> Mapping[str, Rule]:
    """Return the rules of a kind by name.

    Raises `Usage` or `PluginFailed` while anything is wrong with one of them, for a rule that is passed
    over would decide as if it had never been made; `NotFound` for a kind that no plugin declares.
    """
    found = survey(app, kind)
    if found.faults:
        raise _refusal(kind, found.faults)
    return found.rules


def survey(app: App, kind: str) -> Survey:
    """Return the rules of a kind, and the faults that `load` would stop at."""
    declared = _declared(app, kind)
    model = _model(app, declared)
    found = [*_of_plugins(app, kind), *files.of_department(app.folder, kind)]
    faults = [one for one in found if isinstance(one, Fault)]
    held = [one for one in found if isinstance(one, File)]
    laid, wrongly = _laid({}, [one for one in held if one.owner])
    faults += wrongly
    laid, wrongly = _laid(laid, [one for one in held if not one.owner])
    faults += wrongly
    numbers = app.settings.rules.get(kind, {})
    faults += _unknown_kinds(app)
    faults += _unmeant(app, kind, numbers, laid)
    for name, rule in laid.items():
        texts = getattr(model, "SETTINGS_CHANGE", ())
        values, changed, wrong = changing.changed(rule.values, numbers.get(name, {}), texts)
        settings = os.path.join(app.folder, FILE)
        faults += [Fault(settings, f"rules.{kind}.{name}.{key}", said, "") for key, said in wrong]
        value = None if changed else _MADE.get((model, rule.hash))
        if value is None:
            wrong = list(shape.faults(model, values))
            faults += [_blamed(app, kind, rule, key, said, changed) for key, said in wrong]
            value = None if wrong else _made(model, values, "" if changed else rule.hash)
        laid[name] = rule._replace(value=value, values=values, changed=changed)
    return Survey(dict(sorted(laid.items())), tuple(dict.fromkeys(faults)))


def kinds(app: App) -> Mapping[str, Owned[RuleKind]]:
    """Return the kinds of rules that the loaded plugins declare."""
    return app.plugins.rule_kinds.by_key


def _declared(app: App, kind: str) -> RuleKind:
    known = kinds(app)
    if kind in known:
        return known[kind].value
    for clash in app.plugins.rule_kinds.clashes:
        if clash.key == kind:
            raise PluginFailed(str(clash))
    near, missing = nearest(kind, known), app.plugins.missing()
    hint = _("did you mean '{near}'?").format(near=near) if near else ""
    if missing and not near:
        hint = _("not loaded: {missing}").format(missing=missing)
    raise NotFound(_("no plugin has rules of the kind '{kind}'").format(kind=kind), hint)


def _model(app: App, kind: RuleKind) -> type[Any]:
    import msgspec

    title = app.plugins.title(kinds(app)[kind.name].plugin)
    try:
        model = load_target(kind.model)
    except FAILURES as error:
        raise PluginFailed(
            _("plugin {plugin} cannot give the form of its rules {kind}: {error}").format(
                plugin=title, kind=kind.name, error=told(error)
            )
        ) from error
    if not (isinstance(model, type) and issubclass(model, msgspec.Struct)):
        raise PluginFailed(
            _("plugin {plugin}: the form of its rules {kind}, {model}, is no msgspec Struct").format(
                plugin=title, kind=kind.name, model=kind.model
            )
        )
    return model


_MADE: dict[tuple[type[Any], str], Any] = {}
"""Rules by their form and their file's hash: the lines of a batch all have the same files."""


def _made(model: type[Any], values: Mapping[str, Any], digest: str) -> Any:
    import msgspec

    made = msgspec.convert(values, model, strict=True)
    if digest:
        _MADE[model, digest] = made
    return made


def _of_plugins(app: App, kind: str) -> Iterator[File | Fault]:
    """Yield what the core ships, and after it what plugins do."""
    yield from files.of_plugin(CORE, os.path.join(SHIPPED, kind))
    for plugin, answer in app.plugins.each("cskit_rule_files", kind=kind):
        try:
            with quiet():
                paths = tuple(answer or ())
        except FAILURES as error:
            raise PluginFailed(
                _("plugin {plugin} failed in cskit_rule_files: {error}").format(
                    plugin=app.plugins.title(plugin), error=told(error)
                )
            ) from error
        for path in paths:
            if isinstance(path, str):
                yield from files.of_plugin(plugin, path)
            else:
                yield Fault("", "cskit_rule_files", _("{path} is no path as text").format(path=path), plugin)


# --- one over the other -------------------------------------------------------------------------------------


def _laid(below: Mapping[str, Rule], layer: Sequence[File]) -> tuple[dict[str, Rule], list[Fault]]:
    """Return what is in force with the files of a `layer` over the rules `below`, and what cannot be.

    A file may replace what lies below, or what another plugin gives; else every name is one rule's.
    """
    rules, faults = dict(below), []
    for one in layer:
        if not one.replaces:
            if one.name in rules:
                faults.append(_same_name(one, rules[one.name]))
            else:
                rules[one.name] = _rule(one)
    taken: dict[str, File] = {}
    for one in layer:
        if one.replaces:
            said = _not_replacing(one, rules, taken)
            if said:
                faults.append(Fault(one.path, "replaces", said, one.owner))
            else:
                taken[one.replaces] = one
    replaced = {name: rules.pop(name) for name in taken}
    for name, one in taken.items():
        if one.name in rules:
            faults.append(_same_name(one, rules[one.name]))
        else:
            rules[one.name] = _rule(one, _named(replaced[name]))
    return rules, faults


def _rule(one: File, replaces: str = "") -> Rule:
    return Rule(one.name, None, one.values, one.owner, one.path, one.hash, replaces)


def _not_replacing(one: File, rules: Mapping[str, Rule], taken: Mapping[str, File]) -> str:
    """Say why a file cannot replace what it says it does, "" if it can."""
    if one.replaces in taken:
        return _("{path} replaces '{name}' as well; only one can").format(
            path=taken[one.replaces].path, name=one.replaces
        )
    others = [name for name, rule in rules.items() if rule.owner != one.owner]
    if one.replaces in others:
        return ""
    near = nearest(one.replaces, others)
    if near:
        return _("there is no rule '{name}'; did you mean '{near}'?").format(name=one.replaces, near=near)
    return _("there is no rule '{name}' to replace").format(name=one.replaces)


def _same_name(one: File, rival: Rule) -> Fault:
    said = _(
        '{other} has a rule of this name; say replaces = "{name}" to take its place, or rename this file'
    ).format(other=_origin(rival), name=one.name)
    return Fault(one.path, "", said, one.owner)


def _named(rule: Rule) -> str:
    return _("{name} of plugin {plugin}").format(name=rule.name, plugin=rule.owner)


def _origin(rule: Rule) -> str:
    if not rule.owner:
        return rule.path
    return _("plugin {plugin} ({path})").format(plugin=rule.owner, path=rule.path)


# --- what the settings say ----------------------------------------------------------------------------------


def _unknown_kinds(app: App) -> Iterator[Fault]:
    """Yield the kinds in the settings that are misspelt; others may be of a plugin that is away."""
    for kind in app.settings.rules:
        if kind not in kinds(app) and not app.plugins.missing() and nearest(kind, kinds(app)):
            yield _absent(app, f"rules.{kind}", kind, kinds(app))


def _unmeant(app: App, kind: str, numbers: Mapping[str, Any], laid: Mapping[str, Rule]) -> Iterator[Fault]:
    for name in numbers:
        if name not in laid:
            yield _absent(app, f"rules.{kind}.{name}", name, laid)


def _absent(app: App, key: str, name: str, known: Iterable[str]) -> Fault:
    near = nearest(name, known)
    said = (
        _("there is no '{name}'; did you mean '{near}'?").format(name=name, near=near)
        if near
        else _("there is no '{name}'").format(name=name)
    )
    return Fault(os.path.join(app.folder, FILE), key, said, "")


def _blamed(app: App, kind: str, rule: Rule, key: str, said: str, changed: Mapping[str, Changed]) -> Fault:
    """Blame the settings for a number that only they made wrong, else the rule's file."""
    if key in changed:
        return Fault(os.path.join(app.folder, FILE), f"rules.{kind}.{rule.name}.{key}", said, "")
    return Fault(rule.path, key, said, rule.owner)


# --- saying it ----------------------------------------------------------------------------------------------


def _refusal(kind: str, faults: Sequence[Fault]) -> CskitError:
    """Return the error with the first fault as its message and some more in its hint."""
    own = [fault for fault in faults if not fault.owner]
    first, *rest = own or faults
    lines = [str(fault) for fault in (*rest, *(one for one in faults if own and one.owner))][:SHOWN]
    more = len(faults) - 1 - len(lines)
    if more:
        lines.append(ngettext("and {count} more fault", "and {count} more faults", more).format(count=more))
    hint = "\n".join([*lines, _("`cskit plugins rules list {kind}` shows every fault").format(kind=kind)])
    if own:
        return Usage(str(first), hint)
    return PluginFailed(_("plugin {plugin}: {fault}").format(plugin=first.owner, fault=first), hint)
