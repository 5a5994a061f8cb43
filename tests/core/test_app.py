"""What a command works with: clock, user, one moment of reading, and transactions with the plugins' say."""

from __future__ import annotations

import datetime as dt
import json
import sys
from typing import Annotated

import click
import pytest

from cskit import Command, Record, field
from cskit.app import App, pass_app
from cskit.config.settings import Settings
from cskit.declarations import RecordType
from cskit.errors import NotFound, PluginFailed, Refused, Usage
from cskit.saving import ROUNDS
from cskit.terminal.options import RESERVED, Options
from cskit.testing import run

NOW = "2026-11-22T23:30"


class Thing(Record):
    """A record of the tests."""

    name: Annotated[str, field("Name", "名称")]


class Taken(Record):
    """A record with a field that a global option has."""

    user: Annotated[str, field("User", "用户")]


@click.command()
@click.option("--note")
@click.option("--colour")
@pass_app
def put(app: App, note: str, colour: str) -> None:
    """Put something away."""
    with app.transaction(reason="because") as tx:
        tx.insert("things", b'{"note":"%s"}' % note.encode())
    click.echo(f"saved {tx.sequence}")


@pytest.fixture
def acme(plugin, monkeypatch):
    """Return a function that makes the plugins: acme with `put`, and any hooks given."""
    monkeypatch.setitem(sys.modules, "app_commands", sys.modules[__name__])

    def make(**hooks):
        return {"acme": plugin(commands=lambda: [Command("put", "Put.", "app_commands:put")], **hooks)}

    return make


# --- clock and user -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "now", "today"),
    [
        (NOW, "2026-11-22T15:30:00+00:00", "2026-11-22"),
        ("2026-11-22T23:30:59.9Z", "2026-11-22T23:30:59+00:00", "2026-11-23"),
        ("2026年11月22日", "2026-11-21T16:00:00+00:00", "2026-11-22"),
    ],
    ids=["local", "utc", "chinese"],
)
def test_now_and_today(text, now, today):
    """--now is read in the department's zone; today is that zone's day, whatever the machine's."""
    app = App(Options(now=text), settings=Settings())
    assert app.now.isoformat() == now
    assert app.today.isoformat() == today


def test_clock_by_default():
    """Without --now the time is the present one, in UTC and whole seconds, and stays the same for a run."""
    app = App(settings=Settings())
    assert abs(app.now - dt.datetime.now(dt.UTC)) < dt.timedelta(seconds=5)
    assert (app.now.tzinfo, app.now.microsecond) == (dt.UTC, 0)
    assert app.now is app.now


def test_time_that_is_none():
    """A --now that is no time is a usage error that says what was expected."""
    with pytest.raises(Usage, match="--now tomorrow: expected a time such as 2026-11-22T16:30"):
        _ = App(Options(now="tomorrow"), settings=Settings()).now


def test_zone_that_the_machine_lacks():
    """A machine without zone data is told what to install."""
    with pytest.raises(Usage, match="this machine knows no time zone 'Mars/Olympus'") as caught:
        _ = App(settings=Settings(zone="Mars/Olympus")).zone
    assert caught.value.hint == "install the package tzdata"


def test_user_and_staff():
    """--user beats the login; the settings say which staff member that is."""
    app = App(Options(user=" zhao "), settings=Settings(staff={"zhao": "S-001"}))
    assert (app.user, app.staff) == ("zhao", "S-001")
    own = App(settings=Settings())
    assert own.user
    assert own.staff is None
    with pytest.raises(Usage, match="--user needs a name"):
        _ = App(Options(user="  ")).user


# --- reading and saving -------------------------------------------------------------------------------------


def test_one_moment(store):
    """A command reads one moment, a transaction itself, and after it a new moment."""
    app = App(store=store, settings=Settings(), installed={})
    assert app.reading() is app.reading()
    assert store.readings == 1
    with app.transaction() as tx:
        tx.insert("things", b"{}")
        assert app.reading() is tx
    assert [each.raw for each in app.reading().read("things")] == [b"{}"]
    assert store.readings == 2


def test_origin(store, acme):
    """The history gets who, when, with which command and options, and why; never a value."""
    app = App(store=store, installed=acme(), settings=Settings(staff={"zhao": "S-001"}))
    result = run(["--user", "zhao", "put", "--note", "秘密", "--now", NOW, "-q"], app=app)
    assert result == (0, "saved 1\n", "")
    (origin,) = store.origins
    assert (origin.user, origin.staff, origin.command, origin.reason) == ("zhao", "S-001", "put", "because")
    assert origin.options == ("--note", "--now", "--quiet", "--user")
    assert origin.now == dt.datetime(2026, 11, 22, 15, 30, tzinfo=dt.UTC)
    assert abs(origin.time - dt.datetime.now(dt.UTC)) < dt.timedelta(seconds=5)
    assert origin.undoes is None
    with app.transaction(undoes=7) as tx:
        tx.insert("things", b"{}")
    assert (store.origins[1].undoes, store.origins[1].now) == (7, origin.now)


def test_transaction_in_a_transaction(store):
    """A transaction cannot be opened inside another; the first is not saved either."""
    app = App(store=store, settings=Settings(), installed={})

    def nested() -> None:
        with app.transaction() as tx:
            tx.insert("things", b"{}")
            with app.transaction():
                pass

    with pytest.raises(PluginFailed, match="a transaction is open already"):
        nested()
    assert store.tables == {}
    with app.transaction() as tx:
        tx.insert("things", b"{}")
    assert app.saved == 1


def test_veto(store, acme):
    """A plugin's veto stops the commit with its own message, exit 1."""

    def veto(changes):
        if any(b"Sunday" in change.after for change in changes):
            raise Refused("not on Sundays", "try Monday")

    installed = acme(before_commit=veto)
    assert run("put --note Sunday", app=App(store=store, installed=installed)) == (
        1,
        "",
        "cskit: not on Sundays\ntry Monday\n",
    )
    assert store.tables == {}
    assert run("put --note Monday", app=App(store=store, installed=installed)).exit_code == 0


@pytest.mark.parametrize("error", [KeyError("x"), SystemExit(0)], ids=["error", "exit"])
def test_veto_that_fails(store, acme, error):
    """A veto that fails must not pass: exit 6, nothing saved, the plugin named."""

    def veto():
        raise error

    result = run("put --note x", app=App(store=store, installed=acme(before_commit=veto)))
    assert (result.exit_code, result.stdout) == (6, "")
    assert result.stderr.startswith("cskit: plugin acme failed in cskit_before_commit: ")
    assert store.tables == {}


def test_vetoes_see_additions(store, acme, plugin):
    """What one plugin adds, every plugin sees, also those that came before it."""
    seen = []

    def watch(changes):
        seen.append(len(changes))

    def add(tx, changes):
        if len(changes) < 3:
            tx.insert("extra", b"{}")

    installed = {"a": plugin(before_commit=watch), **acme(), "z": plugin(before_commit=add)}
    assert run("put --note x", app=App(store=store, installed=installed)).exit_code == 0
    assert seen == [1, 2, 3]
    assert len(store.tables["extra"]) == 2


def test_endless_additions(store, acme):
    """A plugin that adds for ever is stopped and named, and nothing is saved."""
    rounds = []

    def add(tx):
        rounds.append(tx.insert("extra", b"{}"))

    result = run("put --note x", app=App(store=store, installed=acme(before_commit=add)))
    assert result == (
        6,
        "",
        "cskit: plugin acme kept changing the transaction, 10 times over; nothing was saved\n",
    )
    assert len(rounds) == ROUNDS
    assert store.tables == {}


def test_after_commit(store, acme):
    """Plugins hear what was saved, with its place in the history and everything that was added."""
    heard = []

    def add(tx, changes):
        if len(changes) == 1:
            tx.insert("extra", b"{}")

    def hear(app, sequence, changes):
        heard.append((sequence, [change.table for change in changes], app.reading().tables()))

    app = App(store=store, installed=acme(before_commit=add, after_commit=hear))
    assert run("put --note x", app=app).exit_code == 0
    assert heard == [(1, ["extra", "things"], ["extra", "things"])]


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (KeyError("x"), "plugin acme failed in cskit_after_commit: KeyError: 'x'"),
        (Refused("too late"), "plugin acme failed: too late"),
    ],
    ids=["error", "refused"],
)
def test_failure_after_the_commit(store, acme, plugin, error, text):
    """A plugin that fails after the commit takes nothing back: output comes, others hear of it, exit 6."""
    heard = []

    def fail():
        raise error

    installed = acme(after_commit=fail) | {"z": plugin(after_commit=lambda sequence: heard.append(sequence))}
    result = run("put --note x", app=App(store=store, installed=installed))
    assert result == (6, "saved 1\n", f"cskit: saved as 1, but {text}\n")
    assert store.tables == {"things": {1: b'{"note":"x"}'}}
    assert heard == [1]


def test_saving_after_the_commit(store, acme):
    """A plugin that changes records once it hears what was saved is refused, named, and not told again."""

    def save(app):
        with app.transaction() as tx:
            tx.insert("things", b"{}")

    def elsewhere(app):
        save(app.sibling())

    late = "it changes records in cskit_after_commit, which is too late to save anything"
    for hook in (save, elsewhere):
        store.tables, store.origins = {}, []
        app = App(store=store, installed=acme(after_commit=hook))
        app.sibling = lambda app=app: _with_store(App.sibling(app), store)
        result = run("put --note x", app=app)
        assert result == (6, "saved 1\n", f"cskit: saved as 1, but plugin acme failed: {late}\n")
        assert store.tables == {"things": {1: b'{"note":"x"}'}}


def _with_store(app, store):
    app.store, app.settings = store, Settings()
    return app


def test_nothing_to_save(store, plugin):
    """A transaction that changes nothing asks and tells no plugin."""
    called = []
    hooks = {"before_commit": lambda: called.append("before"), "after_commit": lambda: called.append("after")}
    app = App(store=store, settings=Settings(), installed={"acme": plugin(**hooks)})
    with app.transaction() as tx:
        pass
    assert (called, tx.sequence, app.saved) == ([], None, None)


# --- record types -------------------------------------------------------------------------------------------


def record_type(model: str) -> RecordType:
    return RecordType("thing", "things", model, "T-{}", "thing", "things", "物", "name", ("id",))


@pytest.fixture
def things(plugin, monkeypatch):
    """Return a function that makes an App in which `things` are of a model."""
    monkeypatch.setitem(sys.modules, "app_records", sys.modules[__name__])

    def make(model: str) -> App:
        return App(installed={"acme": plugin(record_types=lambda: [record_type(model)])})

    return make


def test_model(things):
    """A table's model is imported when it is asked for."""
    assert things("app_records:Thing").model("things") is Thing


def test_unknown_table(things):
    """A table that no plugin has is an error with a near miss."""
    with pytest.raises(NotFound, match="no plugin has a table 'thigns'") as caught:
        things("x:Y").record_type("thigns")
    assert caught.value.hint == "did you mean things?"


@pytest.mark.parametrize(
    ("model", "why"),
    [
        (
            "no_such_module:Thing",
            "no_such_module:Thing: ModuleNotFoundError: No module named 'no_such_module'",
        ),
        ("app_records:App", "app_records:App is not a Record"),
        ("app_records:Taken", "a field cannot be called 'user', which is a global option"),
    ],
    ids=["module", "class", "field"],
)
def test_model_that_cannot_be_had(things, model, why):
    """A model that cannot be used names plugin, table and reason."""
    with pytest.raises(PluginFailed) as caught:
        things(model).model("things")
    assert caught.value.message == f"plugin acme cannot give the records of things: {why}"


@pytest.mark.parametrize("verb", ["add x", "add --help", "import -", "list"])
def test_commands_of_a_model_that_cannot_be_had(plugin, tmp_path, verb):
    """Every command of a record type without its module blames the plugin, exit 6."""
    gone = {"acme": plugin(record_types=lambda: [record_type("no_such_module:Thing")])}
    why = "no_such_module:Thing: ModuleNotFoundError: No module named 'no_such_module'"
    assert run(f"thing {verb}", data=tmp_path, plugins=gone) == (
        6,
        "",
        f"cskit: plugin acme cannot give the records of things: {why}\n",
    )


def test_command_whose_title_is_no_field(plugin, monkeypatch, tmp_path):
    """A record type whose title is no field of its records cannot give `add`, which is the plugin's fault."""
    monkeypatch.setitem(sys.modules, "app_records", sys.modules[__name__])
    wrong = record_type("app_records:Thing")._replace(title="nmae")
    result = run("thing add x", data=tmp_path, plugins={"acme": plugin(record_types=lambda: [wrong])})
    assert result == (6, "", "cskit: plugin acme cannot give the command 'thing add': KeyError: 'nmae'\n")


class Complaint(Record):
    """A record with fields called like what `add` takes besides them."""

    content: Annotated[str, field("Content", "内容")]
    reason: Annotated[str, field("Reason", "原因")] | None = None
    title: Annotated[str, field("Title", "标题")] | None = None
    own: Annotated[str, field("Own", "自有")] | None = None
    urgent: Annotated[bool, field("Urgent", "紧急")] | None = None


def test_fields_called_like_the_parts_of_add(plugin, monkeypatch, tmp_path):
    """Fields `reason`, `title` and `own` get what their options say; --log-reason goes to the history."""
    monkeypatch.setitem(sys.modules, "app_records", sys.modules[__name__])
    kind = record_type("app_records:Complaint")._replace(title="content")
    plugins = {"acme": plugin(record_types=lambda: [kind])}
    line = "thing add late --reason storm --title Late --own me --no-urgent --log-reason 'by phone' -o json"
    added = run(line, data=tmp_path, plugins=plugins)
    assert added.exit_code == 0, added.stderr
    assert json.loads(added.stdout) | {"rev": ""} == {
        "id": "T-1",
        "content": "late",
        "reason": "storm",
        "title": "Late",
        "own": "me",
        "urgent": False,
        "rev": "",
    }
    entry = json.loads(run("log -o jsonl", data=tmp_path, plugins=plugins).stdout)
    assert entry["reason"] == "by phone"
    flags = ["--log-reason", "--no-urgent", "--output", "--own", "--reason", "--title"]
    assert entry["options"] == flags  # as typed, --no-urgent and not --urgent


def test_reserved_names():
    """Every global option's name is kept from record fields."""
    from cskit.terminal.options import global_options

    assert {option.key for option in global_options()} <= RESERVED


def test_sibling(plugin):
    """Another command line in this process shares the plugins and nothing else."""
    app = App(installed={"acme": plugin()})
    other = app.sibling()
    assert other.plugins is app.plugins
    assert other.options is not app.options
