"""What plugins ask of each other in one transaction, by name, without an import. Must not import click."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from cskit.declarations import ActionSpec
from cskit.errors import CskitError, PluginFailed
from cskit.i18n import _, speaking_for
from cskit.plugins.contributions import Owned
from cskit.plugins.isolation import FAILURES, load_target, quiet, told

if TYPE_CHECKING:
    from cskit.app import App
    from cskit.store.protocol import Transaction

Action = Callable[..., Any]


class Actions(Mapping[str, Action]):
    """The actions of the loaded plugins: `actions["customer.create"](tx, name="张三")`.

    Indexing is for a caller that needs the action and raises `PluginFailed` where no plugin gives it; `get`
    is for one that would like it, and returns None.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    def __getitem__(self, name: str) -> Action:
        found = self.get(name)
        if found is None:
            missing = self._app.plugins.missing()
            raise PluginFailed(
                _("this needs the action {name}, which no loaded plugin gives").format(name=name),
                _("not loaded: {plugins}").format(plugins=missing)
                if missing
                else _("install the plugin that gives it"),
            )
        action: Action = found
        return action

    def get(self, name: str, default: Any = None) -> Any:
        """Return the action as a function `(tx, **arguments)`, or `default`."""
        contents = self._app.plugins.actions
        for clash in contents.clashes:
            if clash.key == name:
                raise PluginFailed(str(clash), _("leave out one of them with CSKIT_DISABLE_PLUGINS"))
        found = contents.by_key.get(name)
        return default if found is None else _bound(self._app, found)

    def __contains__(self, name: object) -> bool:
        return name in self._app.plugins.actions.by_key

    def __iter__(self) -> Iterator[str]:
        return iter(self._app.plugins.actions.by_key)

    def __len__(self) -> int:
        return len(self._app.plugins.actions.by_key)


def _bound(app: App, found: Owned[ActionSpec]) -> Action:
    spec = found.value
    title = app.plugins.title(found.plugin)

    def act(tx: Transaction, **arguments: Any) -> Any:
        try:
            with quiet(), speaking_for(found.plugin):
                function = load_target(spec.target)
                fault = _misfit(function, spec, arguments) or _unbound(function, app, tx, arguments)
                if not fault:
                    return function(app, tx, **arguments)
        except CskitError:
            raise
        except FAILURES as error:
            said = _("action {name} of plugin {plugin} failed: {error}")
            raise PluginFailed(said.format(name=spec.name, plugin=title, error=told(error))) from error
        said = _("action {name} of plugin {plugin}: {fault}")
        raise PluginFailed(said.format(name=spec.name, plugin=title, fault=fault))

    act.__doc__ = spec.meaning
    return act


def _misfit(function: Any, spec: ActionSpec, arguments: Mapping[str, Any]) -> str:
    """Say which arguments the action does not declare; a function that takes any decides for itself."""
    parameters = inspect.signature(function).parameters.values()
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
        return ""
    unknown = sorted(arguments.keys() - spec.arguments.keys())
    if not unknown:
        return ""
    said = _("takes no argument {unknown}; it takes {known}")
    return said.format(unknown=_(", ").join(unknown), known=_(", ").join(spec.arguments))


def _unbound(function: Any, app: App, tx: Transaction, arguments: Mapping[str, Any]) -> str:
    """Say which argument the function misses."""
    try:
        inspect.signature(function).bind(app, tx, **arguments)
    except TypeError as error:
        return str(error)
    return ""
