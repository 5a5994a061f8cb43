"""Plugins are found, chosen, isolated and laid side by side; see also test_lazy.py for their commands."""

from __future__ import annotations

import os
import sys
import textwrap
from pathlib import Path

import pytest

from cskit.declarations import ActionSpec, Command, FactSpec, RecordType
from cskit.errors import PluginFailed, Refused, Usage
from cskit.plugins import discovery
from cskit.plugins.installed import Broken
from cskit.plugins.loading import load
from cskit.testing import run

REPORT = Command("acme report", "Report.", "acme.commands:report")


def machine(command: str = "acme machine", table: str = "acme_machines") -> RecordType:
    """Return a record type that no test opens."""
    return RecordType(
        command, table, "acme.model:Machine", "AM-{:05d}", "machine", "machines", "机器", "serial", ("id",)
    )


@pytest.fixture
def said():
    """Collect what is said on stderr."""
    return []


def distribution(
    folder: Path, name: str, entries: str, version: str = "1.0", kind: str = "dist-info"
) -> None:
    """Put the metadata of an installed distribution into a folder."""
    place = folder / (f"{name}-{version}.{kind}" if version else f"{name}.{kind}")
    place.mkdir(parents=True)
    (place / "entry_points.txt").write_text(entries, encoding="utf-8")


# --- finding ------------------------------------------------------------------------------------------------


def test_finds_entry_points(tmp_path):
    """Every distribution's entry points of our group are found with name, version, origin and target."""
    entries = """
        [console_scripts]
        acme = acme:main
        [cskit.plugins]
        # a comment = ignored
        acme = cskit_acme
        extra = cskit_acme.extra:plugin [fast]
        [other]
        x = y
    """
    distribution(tmp_path, "cskit_acme", textwrap.dedent(entries), "1.2")
    distribution(tmp_path, "plain", "[console_scripts]\na = b:c\n")
    assert discovery.installed([str(tmp_path)]) == [
        ("acme", "1.2", "cskit-acme", "cskit_acme"),
        ("extra", "1.2", "cskit-acme", "cskit_acme.extra:plugin"),
    ]


def test_first_distribution_of_a_name_wins(tmp_path):
    """What is first on the path is what gets imported, so its metadata count, even without entry points."""
    distribution(tmp_path / "one", "Cskit.Acme", "[cskit.plugins]\nacme = one\n", "2.0")
    distribution(tmp_path / "two", "cskit_acme", "[cskit.plugins]\nacme = two\n", "1.0")
    (tmp_path / "one" / "bare-1.dist-info").mkdir()
    distribution(tmp_path / "two", "bare", "[cskit.plugins]\nbare = two\n", "0.1")
    found = discovery.installed([str(tmp_path / "one"), str(tmp_path / "two")])
    assert [(one.name, one.target) for one in found] == [("acme", "one")]


def test_finds_editable_egg(tmp_path):
    """A folder without a version in its name has it in PKG-INFO."""
    distribution(tmp_path, "cskit_acme", "[cskit.plugins]\nacme = cskit_acme\n", "", "egg-info")
    (tmp_path / "cskit_acme.egg-info" / "PKG-INFO").write_text("Name: cskit_acme\nVersion: 3.1\n")
    assert discovery.installed([str(tmp_path)])[0].version == "3.1"


@pytest.mark.parametrize("path", ["", "no/such/folder", __file__], ids=["working-folder", "missing", "file"])
def test_passes_over_what_is_no_folder(path):
    """The working folder, a missing folder and a file on the path hold no plugins and are no error."""
    assert discovery.installed([path]) == []


# --- choosing -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environ", "loaded", "blocked"),
    [
        ({}, ["acme", "beta"], []),
        ({"CSKIT_PLUGINS": ""}, [], [("acme", "CSKIT_PLUGINS"), ("beta", "CSKIT_PLUGINS")]),
        ({"CSKIT_PLUGINS": " beta, "}, ["beta"], [("acme", "CSKIT_PLUGINS")]),
        ({"CSKIT_DISABLE_PLUGINS": " beta,"}, ["acme"], [("beta", "CSKIT_DISABLE_PLUGINS")]),
        (
            {"CSKIT_PLUGINS": "acme", "CSKIT_DISABLE_PLUGINS": "acme"},
            [],
            [("acme", "CSKIT_DISABLE_PLUGINS"), ("beta", "CSKIT_PLUGINS")],
        ),
    ],
    ids=["all", "none", "only", "without", "both"],
)
def test_environment_chooses(plugin, said, environ, loaded, blocked):
    """CSKIT_PLUGINS names all there may be, CSKIT_DISABLE_PLUGINS those there may not."""
    found = load(said.append, installed={"beta": plugin(), "acme": plugin()}, environ=environ)
    assert [one.name for one in found.loaded] == loaded
    assert [(one.name, one.by) for one in found.blocked] == blocked
    assert said == []


def test_blocked_plugin_is_not_imported(said):
    """Blocking comes before the import."""
    found = load(said.append, installed={"x": "no_such_module"}, environ={"CSKIT_DISABLE_PLUGINS": "x"})
    assert (found.broken, said) == ((), [])


def test_unknown_name_is_broken(plugin, said):
    """A name in CSKIT_PLUGINS that is not installed is said, and listed."""
    found = load(said.append, installed={"acme": plugin()}, environ={"CSKIT_PLUGINS": "acme,acmee"})
    assert found.broken == (Broken("acmee", "", "not installed (CSKIT_PLUGINS names it)"),)
    assert said == [
        "plugin acmee is broken: not installed (CSKIT_PLUGINS names it); the rest works (cskit plugins list)"
    ]


def test_two_distributions_with_one_name(tmp_path, said, monkeypatch):
    """Two plugins of one name are both left out, and the distributions named."""
    distribution(tmp_path, "one", "[cskit.plugins]\nacme = sys\n")
    distribution(tmp_path, "two", "[cskit.plugins]\nacme = os\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    found = load(said.append, environ={})
    assert found.loaded == ()
    assert found.broken == (Broken("acme", "", "one and two both have a plugin of this name"),)
    assert len(said) == 1


# --- isolating ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("import no_such_module_here", "ModuleNotFoundError: No module named 'no_such_module_here'"),
        ("import sys\nsys.exit(0)", "SystemExit: 0"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("def f(:", "SyntaxError: invalid syntax (fault.py, line 1)"),
        ("raise ValueError('two\\nlines')", "ValueError: two lines"),
        ("raise ValueError", "ValueError"),
    ],
    ids=["import", "exit", "error", "syntax", "lines", "no-text"],
)
def test_import_that_fails(tmp_path, monkeypatch, said, plugin, code, error):
    """A plugin that cannot be imported, whatever it raises, is named in one line; the rest works."""
    (tmp_path / "fault.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "fault", raising=False)
    found = load(said.append, installed={"fault": "fault", "good": plugin()}, environ={})
    assert [one.name for one in found.loaded] == ["good"]
    assert said == [f"plugin fault is broken: {error}; the rest works (cskit plugins list)"]


def test_ctrl_c_during_import_is_the_users(tmp_path, monkeypatch, said):
    """An interrupt is not taken for a plugin's failure."""
    (tmp_path / "slow.py").write_text("raise KeyboardInterrupt")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        load(said.append, installed={"slow": "slow"}, environ={})


def test_print_during_import_goes_to_stderr(tmp_path, monkeypatch):
    """What a plugin prints does not spoil the command's output."""
    (tmp_path / "loud.py").write_text("print('hello')")
    monkeypatch.syspath_prepend(tmp_path)
    result = run("plugins list -o jsonl", data=tmp_path, plugins={"loud": "loud"})
    assert result.stdout == '{"name":"loud","state":"loaded","origin":"given"}\n'
    assert result.stderr == "hello\n"


def test_misspelt_hook(plugin, said):
    """A hook that does not exist makes the plugin broken; the nearest one is offered."""
    found = load(said.append, installed={"acme": plugin(comands=lambda: [REPORT])}, environ={})
    assert found.loaded == ()
    assert [one.error for one in found.broken] == [
        "there is no hook cskit_comands; did you mean cskit_commands?"
    ]


def test_hook_without_its_mark(plugin, said):
    """A function named like a hook but not marked is said, since pluggy would pass it over in silence."""
    module = plugin()
    module.cskit_commands = lambda: [REPORT]
    found = load(said.append, installed={"acme": module}, environ={})
    assert [one.error for one in found.broken] == ["cskit_commands is not marked with @hookimpl"]


def test_hook_with_a_wrong_argument(plugin, said):
    """A hook that asks for what it is not given is broken, and the next plugin is not."""
    found = load(
        said.append, installed={"acme": plugin(commands=lambda nothing: []), "b": plugin()}, environ={}
    )
    assert [one.name for one in found.loaded] == ["b"]
    assert found.broken[0].error.startswith("PluginValidationError: ")


def generator_that_fails():
    """Yield one command and then fail."""
    yield REPORT
    raise KeyError("later")


@pytest.mark.parametrize(
    ("hook", "error"),
    [
        (lambda: 1 / 0, "cskit_commands: ZeroDivisionError: division by zero"),
        (lambda: sys.exit(0), "cskit_commands: SystemExit: 0"),
        (generator_that_fails, "cskit_commands: KeyError: 'later'"),
        (lambda: 5, "cskit_commands: TypeError: 'int' object is not iterable"),
        (lambda: ["x"], "cskit_commands: expected Command, not str"),
        (
            lambda: [REPORT, Command("Acme Report", "x", "a:b")],
            "cskit_commands: the name 'Acme Report' is not of the form 'acme report'",
        ),
        (
            lambda: [Command("acme report", "x", "nowhere")],
            "cskit_commands: the target 'nowhere' of 'acme report' is not of the form 'package.module:name'",
        ),
    ],
    ids=["raises", "exits", "late", "no-list", "no-command", "bad-path", "bad-target"],
)
def test_collector_that_fails(plugin, said, hook, error):
    """A plugin whose hook fails is left out of that hook as a whole; the others' answers count."""
    other = Command("beta report", "Report.", "beta:report")
    installed = {"acme": plugin(commands=hook), "beta": plugin(commands=lambda: [other])}
    found = load(said.append, installed=installed, environ={})
    assert list(found.commands) == ["beta report"]
    assert found.broken == (Broken("acme", "", error),)
    assert said == [f"plugin acme is broken: {error}; the rest works (cskit plugins list)"]


def test_fault_is_said_once(plugin, said):
    """Asking a broken plugin twice names it once."""
    found = load(said.append, installed={"acme": plugin(demo_data=lambda: 1 / 0)}, environ={})
    assert found.collect("cskit_demo_data") == []
    assert found.collect("cskit_demo_data") == []
    assert len(said) == 1


def test_collect_is_sorted_by_name(plugin, said):
    """The order of plugins is that of their names, not of their installation."""
    installed = {name: plugin(demo_data=lambda name=name: [name]) for name in ("c", "a", "b")}
    found = load(said.append, installed=installed, environ={})
    assert found.collect("cskit_demo_data") == [("a", ("a",)), ("b", ("b",)), ("c", ("c",))]


def test_strict_makes_broken_fatal(plugin, said):
    """With CSKIT_STRICT nothing runs while a plugin is broken, or plugins clash."""
    installed = {"acme": plugin(commands=lambda: 1 / 0)}
    with pytest.raises(PluginFailed, match="plugin acme is broken: cskit_commands: ZeroDivisionError"):
        load(said.append, installed=installed, environ={"CSKIT_STRICT": "1"})
    installed = {"a": plugin(commands=lambda: [REPORT]), "b": plugin(commands=lambda: [REPORT])}
    with pytest.raises(PluginFailed, match="plugins a and b declare the same command 'acme report'"):
        load(said.append, installed=installed, environ={"CSKIT_STRICT": "1"})
    assert run("log", plugins={"x": "no_such_module"}, env={"CSKIT_STRICT": "1"}).exit_code == 6


# --- strict calls -------------------------------------------------------------------------------------------


def test_each_stops_at_a_failure(plugin, said):
    """A hook that must not fail in silence names its plugin."""
    installed = {"acme": plugin(after_commit=lambda: 1 / 0), "beta": plugin(after_commit=lambda: "done")}
    found = load(said.append, installed=installed, environ={})
    arguments = {"app": None, "sequence": 1, "changes": []}
    with pytest.raises(PluginFailed) as caught:
        list(found.each("cskit_after_commit", **arguments))
    assert (
        caught.value.message
        == "plugin acme failed in cskit_after_commit: ZeroDivisionError: division by zero"
    )
    assert found.call("beta", "cskit_after_commit", **arguments) == "done"


def test_each_lets_a_veto_pass(plugin, said):
    """A plugin that refuses is not a plugin that failed."""

    def veto(tx):
        raise Refused("not on Sundays")

    found = load(said.append, installed={"acme": plugin(before_commit=veto)}, environ={})
    with pytest.raises(Refused, match="not on Sundays"):
        list(found.each("cskit_before_commit", app=None, tx=None, changes=[]))


# --- clashes ------------------------------------------------------------------------------------------------


def test_same_command_twice(plugin, said):
    """Nobody gets a command that two plugins declare, and both are named."""
    installed = {name: plugin(commands=lambda: [REPORT]) for name in ("beta", "acme")}
    found = load(said.append, installed=installed, environ={})
    assert dict(found.commands) == {}
    assert said == ["plugins acme and beta declare the same command 'acme report'; none of them has it"]


def test_one_plugin_twice(plugin, said):
    """A plugin that declares a command twice is told so."""
    load(said.append, installed={"acme": plugin(commands=lambda: [REPORT, REPORT])}, environ={})
    assert said == ["plugin acme declares the command 'acme report' twice; it is left out"]


def test_command_and_group(plugin, said):
    """A path cannot be one plugin's command and another's group; all below it is left out."""
    third = Command("acme list", "List.", "gamma:list_")
    installed = {
        "acme": plugin(commands=lambda: [Command("acme", "All.", "acme:all")]),
        "beta": plugin(commands=lambda: [REPORT]),
        "gamma": plugin(commands=lambda: [third]),
    }
    found = load(said.append, installed=installed, environ={})
    assert dict(found.commands) == {}
    assert said == ["plugins acme, beta and gamma declare the same command 'acme'; none of them has it"]


@pytest.mark.parametrize("path", ["log", "data", "data info", "log all"])
def test_core_commands_cannot_be_taken(plugin, said, path):
    """A plugin that claims the core's command loses its own; the core's stays."""
    found = load(
        said.append, installed={"acme": plugin(commands=lambda: [Command(path, "x", "a:b")])}, environ={}
    )
    assert dict(found.commands) == {}
    assert {"log", "data info", "data verify"} <= found.leaves.keys()
    assert len(said) == 1
    assert said[0].endswith("which is cskit's own; it is left out")


@pytest.mark.parametrize(
    ("rival", "what"),
    [
        (machine("beta machine"), "table 'acme_machines'"),
        (machine(table="beta_machines"), "noun 'acme machine'"),
    ],
    ids=["table", "noun"],
)
def test_same_records_twice(plugin, said, rival, what):
    """Two record types on one table, or of one noun, are both left out."""
    installed = {
        "acme": plugin(record_types=lambda: [machine()]),
        "beta": plugin(record_types=lambda: [rival]),
    }
    found = load(said.append, installed=installed, environ={})
    assert dict(found.record_types) == {}
    assert said == [f"plugins acme and beta declare the same {what}; none of them has it"]
    result = run("acme machine add X", plugins=installed)
    assert result.exit_code == 6
    assert f"cskit: plugins acme and beta declare the same {what}" in result.stderr


def test_record_types_with_some_verbs(plugin, said):
    """Records that a program writes have only the commands named; a command may then take another's place."""
    kept = machine()._replace(verbs=("list", "export"))
    installed = {
        "acme": plugin(
            record_types=lambda: [kept], commands=lambda: [Command("acme machine add", "x", "a:b")]
        )
    }
    found = load(said.append, installed=installed, environ={})
    assert said == []
    assert [path for path in found.leaves if path.startswith("acme")] == [
        "acme machine add",
        "acme machine export",
        "acme machine list",
    ]


def test_a_verb_that_there_is_not(plugin, said):
    """A verb that cskit does not know leaves the record types out, and is named with those there are."""
    odd = machine()._replace(verbs=("list", "destroy"))
    found = load(said.append, installed={"acme": plugin(record_types=lambda: [odd])}, environ={})
    assert dict(found.record_types) == {}
    assert "'acme machine' has no verb 'destroy'; there are add, list, show" in said[0]


def test_command_against_a_record_types_verb(plugin, said):
    """Records and commands may fill one group, but only once each path."""
    installed = {
        "acme": plugin(record_types=lambda: [machine()]),
        "beta": plugin(
            commands=lambda: [
                Command("acme machine add", "x", "a:b"),
                Command("acme machine move", "x", "a:b"),
            ]
        ),
    }
    found = load(said.append, installed=installed, environ={})
    assert list(found.commands) == ["acme machine move"]
    assert "acme machine add" not in found.leaves
    assert "acme machine list" in found.leaves
    assert said == ["plugins acme and beta declare the same command 'acme machine add'; none of them has it"]


def test_same_fact_and_action_twice(plugin, said):
    """Facts clash by name and kind, actions by name; said when they are first looked at."""
    fact = FactSpec("acme.count", "customer", "integer", "How many.")
    action = ActionSpec("acme.create", "Make one.", "acme:create", {})
    installed = {
        name: plugin(fact_specs=lambda: [fact], actions=lambda: [action]) for name in ("acme", "beta")
    }
    found = load(said.append, installed=installed, environ={})
    assert said == []
    assert dict(found.fact_specs.by_key) == {}
    assert dict(found.actions.by_key) == {}
    assert said == [
        "plugins acme and beta declare the same fact 'acme.count of customer'; none of them has it",
        "plugins acme and beta declare the same action 'acme.create'; none of them has it",
    ]


def test_one_fact_about_two_kinds(plugin, said):
    """A fact's name may be used about customers and about staff."""
    specs = [FactSpec("acme.count", about, "integer", "How many.") for about in ("customer", "staff")]
    found = load(said.append, installed={"acme": plugin(fact_specs=lambda: specs)}, environ={})
    assert sorted(found.fact_specs.by_key) == ["acme.count of customer", "acme.count of staff"]


def test_refuse_missing(plugin, said):
    """What may concern the records of a plugin that is not loaded is refused, naming what is missing."""
    found = load(
        said.append,
        installed={"acme": plugin(record_types=lambda: [machine()]), "beta": plugin()},
        environ={"CSKIT_DISABLE_PLUGINS": "beta"},
    )
    found.refuse_missing(["acme_machines"])
    with pytest.raises(PluginFailed, match="no loaded plugin knows the table beta_things") as caught:
        found.refuse_missing(["acme_machines", "beta_things"])
    assert caught.value.hint == "not loaded: beta (blocked)"


# --- files --------------------------------------------------------------------------------------------------

HELLO = """
import click
from cskit import Command, hookimpl

@hookimpl
def cskit_commands():
    return [Command("hello", "Say hello.", f"{__name__}:hello")]

@click.command()
def hello():
    '''Say hello.'''
    click.echo("hello")
"""


@pytest.fixture
def hello(tmp_path):
    """Return a plugin in a file that only its owner can write."""
    tmp_path.chmod(0o700)
    file = tmp_path / "hello.py"
    file.write_text(HELLO)
    file.chmod(0o600)
    return file


def test_plugin_from_a_file(hello):
    """A file named with --plugin is a plugin, whatever CSKIT_PLUGINS says."""
    result = run(["--plugin", str(hello), "hello"], env={"CSKIT_PLUGINS": ""})
    assert result == (0, "hello\n", "")


@pytest.mark.skipif(os.name != "posix", reason="permission bits are POSIX's")
@pytest.mark.parametrize("who", ["file", "folder", "owner"])
def test_unsafe_file_is_refused(hello, who):
    """A file that others could have written is not run."""
    if who == "owner":
        if os.getuid() != 0:
            pytest.skip("only root can give files away")
        os.chown(hello, 12345, -1)
    (hello if who == "file" else hello.parent).chmod(0o700 if who == "owner" else 0o772)
    with pytest.raises(
        Usage, match=r"hello\.py is not loaded: /.* (can be written by others|belongs to another)"
    ):
        load(lambda text: None, installed={}, files=[str(hello)], environ={})


def test_missing_file(tmp_path):
    """A file that is not there is a usage error that names it."""
    result = run(["--plugin", str(tmp_path / "none.py"), "log"], plugins={})
    assert result.exit_code == 2
    assert result.stderr == f"cskit: --plugin {tmp_path}/none.py cannot be read: No such file or directory\n"


def test_file_that_fails(hello):
    """A file that raises is a broken plugin like any other."""
    hello.write_text("1 / 0")
    result = run(["--plugin", str(hello), "--version"], plugins={})
    assert result.exit_code == 0
    result = run(["--plugin", str(hello), "plugins", "list", "-o", "jsonl"], plugins={})
    assert result.exit_code == 0
    assert '"state":"broken","note":"ZeroDivisionError: division by zero"' in result.stdout


# --- cskit plugins list -------------------------------------------------------------------------------------


def test_plugins_list(plugin):
    """The list shows what is loaded, broken and blocked, and why."""
    installed = {
        "acme": plugin(commands=lambda: [REPORT]),
        "beta": plugin(commands=lambda: [REPORT]),
        "gamma": "no_such_module",
        "zeta": plugin(),
    }
    result = run("plugins list -o jsonl", plugins=installed, env={"CSKIT_DISABLE_PLUGINS": "zeta"})
    clash = "plugins acme and beta declare the same command 'acme report'; none of them has it"
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f'{{"name":"acme","state":"loaded","origin":"given","note":"{clash}"}}',
        f'{{"name":"beta","state":"loaded","origin":"given","note":"{clash}"}}',
        '{"name":"gamma","state":"broken","note":"ModuleNotFoundError: No module named \'no_such_module\'"}',
        '{"name":"zeta","state":"blocked","note":"by CSKIT_DISABLE_PLUGINS"}',
    ]
    assert result.stderr == (
        "cskit: plugin gamma is broken: ModuleNotFoundError: No module named 'no_such_module'; "
        f"the rest works (cskit plugins list)\ncskit: {clash}\n"
    )


def test_plugins_list_of_nothing():
    """Without plugins the list says so, on stderr."""
    assert run("plugins list", plugins={}) == (0, "", "no plugins are installed\n")


def test_a_plugin_file_is_a_module_by_its_own_name(tmp_path: Path) -> None:
    """In visits.py, "visits:due" is found; a module that has the name already keeps it."""
    code = (
        "import click\nfrom cskit import Command, hookimpl\n"
        "@hookimpl\ndef cskit_commands():\n"
        "    return [Command('{1} due', 'Say when.', '{0}:due')]\n"
        "@click.command()\ndef due():\n    'Say when.'\n    click.echo('soon')\n"
    )
    tmp_path.chmod(0o700)
    for name, noun in (("visits_of_mine", "mine"), ("json", "theirs")):
        (tmp_path / f"{name}.py").write_text(code.format(name, noun), encoding="utf-8")
        (tmp_path / f"{name}.py").chmod(0o600)
    mine = run(["--plugin", str(tmp_path / "visits_of_mine.py"), "mine", "due"])
    assert (mine.exit_code, mine.stdout) == (0, "soon\n")
    assert run(["--plugin", str(tmp_path / "json.py"), "theirs", "due"]).exit_code == 6


def test_disabling_what_is_not_there_is_said(tmp_path: Path) -> None:
    """A misspelt name in CSKIT_DISABLE_PLUGINS is named, since the plugin it meant goes on working."""
    result = run("plugins list -o jsonl", env={"CSKIT_DISABLE_PLUGINS": "custmers"})
    assert result.stderr == "cskit: CSKIT_DISABLE_PLUGINS names custmers, which is not installed\n"
    assert '"state":"loaded"' in result.stdout


def test_a_plugin_file_can_be_disabled(tmp_path: Path) -> None:
    """CSKIT_DISABLE_PLUGINS blocks a file named with --plugin as well, before its code runs."""
    tmp_path.chmod(0o700)
    (tmp_path / "loud.py").write_text("raise ValueError('ran')", encoding="utf-8")
    (tmp_path / "loud.py").chmod(0o600)
    result = run(
        ["--plugin", str(tmp_path / "loud.py"), "plugins", "list"], env={"CSKIT_DISABLE_PLUGINS": "loud"}
    )
    assert (result.exit_code, result.stderr) == (0, "")
    assert "blocked" in result.stdout
