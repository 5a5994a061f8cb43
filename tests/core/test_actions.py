"""Actions: what plugins ask of each other, by name, in one transaction."""

from __future__ import annotations

import sys

import pytest

from cskit.app import App
from cskit.config.settings import Settings
from cskit.declarations import ActionSpec
from cskit.errors import Conflict, PluginFailed


def create(app: App, tx: object, *, name: str, key: str | None = None) -> tuple[object, ...]:
    """Return what it was called with."""
    print("not for stdout")  # noqa: T201 - what a plugin may do
    return app, tx, name, key


def loose(app: App, tx: object, **fields: object) -> dict[str, object]:
    """Take anything."""
    return fields


def fail(app: App, tx: object) -> None:
    """Fail."""
    raise KeyError("x")


def leave(app: App, tx: object) -> None:
    """Exit."""
    sys.exit(0)


def refuse(app: App, tx: object) -> None:
    """Say no."""
    raise Conflict("it exists already")


SPECS = (
    ActionSpec("thing.create", "Make one.", "action_targets:create", {"name": "its name", "key": "its key"}),
    ActionSpec("thing.loose", "Make one.", "action_targets:loose", {"name": "its name"}),
    ActionSpec("thing.fail", "Fail.", "action_targets:fail", {}),
    ActionSpec("thing.leave", "Exit.", "action_targets:leave", {}),
    ActionSpec("thing.refuse", "Say no.", "action_targets:refuse", {}),
    ActionSpec("thing.gone", "Be away.", "no_such_module:gone", {}),
)


@pytest.fixture
def app(plugin, monkeypatch):
    """Return an App with a plugin that offers the actions of this module."""
    monkeypatch.setitem(sys.modules, "action_targets", sys.modules[__name__])
    return App(settings=Settings(), installed={"things": plugin(actions=lambda: SPECS)})


def test_call(app, capsys):
    """An action gets the App, the caller's transaction and the arguments; what it prints goes to stderr."""
    tx = object()
    assert app.actions["thing.create"](tx, name="x") == (app, tx, "x", None)
    assert capsys.readouterr() == ("", "not for stdout\n")


def test_mapping(app):
    """The actions can be listed, counted and tested for."""
    assert len(app.actions) == len(SPECS)
    assert "thing.create" in app.actions
    assert "thing.mend" not in app.actions
    assert sorted(app.actions)[0] == "thing.create"


def test_action_that_is_needed(app):
    """An action that no plugin gives is refused for a caller that needs it, with exit 6."""
    with pytest.raises(PluginFailed) as caught:
        app.actions["case.open"]
    assert caught.value.message == "this needs the action case.open, which no loaded plugin gives"
    assert caught.value.hint == "install the plugin that gives it"


def test_missing_plugin_is_named(plugin, monkeypatch):
    """The plugin that is not at work may be the one that gives it."""
    monkeypatch.setenv("CSKIT_DISABLE_PLUGINS", "cases")
    app = App(settings=Settings(), installed={"cases": plugin()})
    with pytest.raises(PluginFailed) as caught:
        app.actions["case.open"]
    assert caught.value.hint == "not loaded: cases (blocked)"


def test_action_that_would_be_liked(app):
    """A caller that would like an action gets None where there is none."""
    assert app.actions.get("case.open") is None
    assert app.actions.get("thing.loose")(None, name=1) == {"name": 1}


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        (
            "thing.create",
            {"name": "x", "colour": "red", "age": 1},
            "action thing.create of plugin things: takes no argument age, colour; it takes name, key",
        ),
        (
            "thing.create",
            {"key": "k"},
            "action thing.create of plugin things: missing a required argument: 'name'",
        ),
        ("thing.fail", {}, "action thing.fail of plugin things failed: KeyError: 'x'"),
        ("thing.leave", {}, "action thing.leave of plugin things failed: SystemExit: 0"),
        (
            "thing.gone",
            {},
            "action thing.gone of plugin things failed: "
            "ModuleNotFoundError: No module named 'no_such_module'",
        ),
    ],
    ids=["unexpected", "missing", "raises", "exits", "gone"],
)
def test_action_that_fails(app, name, arguments, message):
    """What goes wrong in an action names action and plugin."""
    with pytest.raises(PluginFailed) as caught:
        app.actions[name](None, **arguments)
    assert caught.value.message.replace("keyword-only ", "") == message


def test_function_that_takes_anything(app):
    """A function with open arguments decides for itself what it takes."""
    assert app.actions["thing.loose"](None, colour="red") == {"colour": "red"}


def test_refusal_passes(app):
    """An action that says no says it in its own words."""
    with pytest.raises(Conflict, match="it exists already"):
        app.actions["thing.refuse"](None)


def test_action_of_two_plugins(plugin):
    """An action that two plugins give is nobody's, also for a caller that would only like it."""
    app = App(
        settings=Settings(), installed={name: plugin(actions=lambda: [SPECS[0]]) for name in ("a", "b")}
    )
    for call in (app.actions.__getitem__, app.actions.get):
        with pytest.raises(PluginFailed, match=r"plugins a and b declare the same action 'thing\.create'"):
            call("thing.create")
