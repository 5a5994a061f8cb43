"""Commands are listed from what plugins declare, and imported only to run."""

from __future__ import annotations

import inspect
import re
import sys

import click
import pytest

from cskit import Command, Group
from cskit.app import App, pass_app
from cskit.catalogue import COMMANDS
from cskit.cli import root
from cskit.declarations import RecordType
from cskit.plugins.contributions import VERBS, verb_help
from cskit.plugins.isolation import load_target
from cskit.terminal.options import GlobalOption
from cskit.testing import run

ORDER = RecordType(
    "customer order", "orders", "m:Order", "O-{}", "order", "orders", "订单", "customer", ("id",)
)


@click.command()
@click.argument("data")
@click.option("--note")
@pass_app
def report(app: App, data: str, note: str | None) -> None:
    """Report."""
    click.echo(f"{data} {note} {app.options.output} {app.options.fields} {app.options.user}")


@click.command()
@pass_app
def page(app: App) -> None:
    """Show a page."""
    click.echo(app.options.output)


@click.command()
@click.option("--out")
def taking(out: str) -> None:
    """Take an option that is not free."""


@click.group()
def family() -> None:
    """Hold commands."""


@family.command()
@pass_app
def child(app: App) -> None:
    """Say who."""
    click.echo(app.options.user)


not_a_command = 5


@pytest.fixture
def acme(plugin, monkeypatch):
    """Return a plugin with commands of this module."""
    monkeypatch.setitem(sys.modules, "lazy_commands", sys.modules[__name__])
    targets = {
        "acme report": "lazy_commands:report",
        "acme deep down page": "lazy_commands:page",
        "acme taking": "lazy_commands:taking",
        "acme five": "lazy_commands:not_a_command",
        "acme absent": "lazy_commands:absent",
        "acme gone": "no_such_module:gone",
        "family": "lazy_commands:family",
    }
    commands = [Command(path, "Do.", target) for path, target in targets.items()]
    return {"acme": plugin(commands=lambda: commands)}


# --- help ---------------------------------------------------------------------------------------------------

GLOBAL = """
Global options:
  --data PATH             Data folder (else CSKIT_DATA, .cskit/ upwards).
  -o, --output FORMAT     table, json, jsonl, csv, tsv, md or xlsx.
  --fields A,B            Show only these fields.
  --out FILE              Write the result to a file.
  --lang en|zh            Speak this language (else CSKIT_LANG, the locale).
  --user NAME             Act as this user (else your login).
  --now TIME              Take this as the present time.
  --as-of TIME            Show what was known then; a day means its end.
  --dry-run               Show what would be changed; save nothing.
  --reveal                Show personal data unmasked; the history notes it.
  -y, --yes               Do it without asking.
  --no-color              Write without colours.
  --no-pager              Do not stop where the screen is full.
  --debug                 Show where an error came from.
  -q, --quiet             Leave out notices.
  --lock-timeout SECONDS  Wait so long for another writer (10).
  -h, --help              Show this page.
"""


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_of_a_command(acme, flag):
    """A command's own options come first, those of every command in a section at the end."""
    own = "Usage: cskit acme report [OPTIONS] DATA\n\n  Report.\n\nOptions:\n  --note TEXT\n"
    assert run(f"acme report {flag}", plugins=acme) == (0, own + GLOBAL, "")


def test_help_of_a_group(acme):
    """A group lists what is below it, by the declared lines."""
    usage = "Usage: cskit acme [OPTIONS] COMMAND [ARGS]...\n\n  Commands of acme.\n\nCommands:\n"
    rows = (
        "absent  Do.",
        "deep    Commands of acme.",
        "five    Do.",
        "gone    Do.",
        "report  Do.",
        "taking  Do.",
    )
    listed = "".join(f"  {row}\n" for row in rows)
    assert run("acme --help", plugins=acme) == (0, usage + listed + GLOBAL, "")


def test_help_imports_no_command(acme):
    """Neither the root's help nor a group's imports what it lists."""
    assert "no_such_module" in str(acme["acme"].cskit_commands())
    assert run("--help", plugins=acme).exit_code == 0
    assert run("acme --help", plugins=acme).stderr == ""


def test_root_lists_everything(acme):
    """The root lists the core's commands and the plugins', groups once."""
    lines = run("--help", plugins=acme).stdout.splitlines()
    start = lines.index("Commands:") + 1
    names = [line.split()[0] for line in lines[start : lines.index("", start)]]
    core = {command.path.split()[0] for command in COMMANDS}
    assert names == sorted({"acme", "family"} | core)


def test_group_of_a_record_type(plugin):
    """A record type's group has its plural as help, one that only leads further its plugins' names."""
    installed = {"acme": plugin(record_types=lambda: [ORDER])}
    assert re.search(
        r"^  customer +Commands of acme\.$", run("--help", plugins=installed).stdout, re.MULTILINE
    )
    assert "\n  Orders.\n" in run("customer order --help", plugins=installed).stdout


def test_what_a_plugin_says_of_its_groups(plugin):
    """A plugin's own word goes before the plural of its records; of two words the first plugin's counts."""
    ours = [Group("customer", "Who buys."), Group("customer order", "What was sold.")]
    installed = {
        "acme": plugin(record_types=lambda: [ORDER], groups=lambda: ours),
        "beta": plugin(groups=lambda: [Group("customer", "Nobody.")]),
    }
    assert re.search(r"^  customer +Who buys\.$", run("--help", plugins=installed).stdout, re.MULTILINE)
    assert "\n  What was sold.\n" in run("customer order --help", plugins=installed).stdout
    wrong = {"acme": plugin(record_types=lambda: [ORDER], groups=lambda: [Group("customer", "two\nlines")])}
    result = run("customer --help", plugins=wrong)
    assert "the group 'customer' needs one line of help; the rest works" in result.stderr
    assert "Commands of acme." in result.stdout


@pytest.mark.parametrize(
    ("verb", "text"),
    [("add", "Add an order."), ("list", "List orders."), ("import", "Import orders from a file.")],
)
def test_verb_help(verb, text):
    """The help line of a verb names the records."""
    assert verb_help(verb, ORDER) == text
    assert verb in VERBS


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.path)
def test_declared_help_is_the_docstrings_first_line(command):
    """What the list says of a core command is what the command says of itself."""
    found = load_target(command.target)
    assert inspect.cleandoc(found.help).splitlines()[0] == command.help


# --- running ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("acme report x", "x None table () None"),
        ("acme report x --note n", "x n table () None"),
        ("-o json acme report x", "x None json () None"),
        ("acme -o json report x", "x None json () None"),
        ("acme report x -o json", "x None json () None"),
        ("-o csv acme -o jsonl report -o json x", "x None json () None"),
        ("--user a acme report x --fields id,name", "x None table ('id', 'name') a"),
    ],
)
def test_global_options_at_every_level(acme, line, expected):
    """Global options work before and after the command, and the last level wins."""
    assert run(line, plugins=acme) == (0, f"{expected}\n", "")


@pytest.mark.parametrize("line", ["acme report x -o html", "-o html acme report x"])
def test_format_that_the_command_lacks(acme, line):
    """A format is held against the list of the command that runs."""
    result = run(line, plugins=acme)
    assert result.exit_code == 2
    assert "'html' is not one of 'table', 'json', 'jsonl', 'csv', 'tsv', 'md', 'xlsx'." in result.stderr


def test_static_group(acme):
    """A group that a plugin brings whole gets the global options as well."""
    assert run("family child --user zhao", plugins=acme) == (0, "zhao\n", "")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("acme taking", "'acme taking': its option --out is one that every command has"),
        ("acme five", "'acme five': lazy_commands:not_a_command is not a click command"),
        (
            "acme absent",
            f"'acme absent': AttributeError: module {__name__!r} has no attribute 'absent'",
        ),
        ("acme gone", "'acme gone': ModuleNotFoundError: No module named 'no_such_module'"),
    ],
    ids=["option", "no-command", "no-attribute", "no-module"],
)
def test_command_that_cannot_be_had(acme, line, why):
    """A declared command that is not there names the plugin, the command and the reason, exit 6."""
    result = run(line, plugins=acme)
    assert (result.exit_code, result.stdout) == (6, "")
    assert result.stderr == f"cskit: plugin acme cannot give the command {why}\n"


def test_command_that_two_claim(plugin):
    """Running a command that two plugins declare names both, whatever arguments it is given."""
    installed = {name: plugin(commands=lambda: [Command("sum", "x", "a:b")]) for name in ("acme", "beta")}
    clash = "plugins acme and beta declare the same command 'sum'; none of them has it"
    for line in ("sum", "sum --help", "sum --by x 1 2"):
        result = run(line, plugins=installed)
        assert (result.exit_code, result.stdout) == (6, "")
        assert result.stderr == (
            f"cskit: {clash}\ncskit: {clash}\n"
            "leave one out with CSKIT_DISABLE_PLUGINS=acme or CSKIT_DISABLE_PLUGINS=beta\n"
        )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("famly", "No such command 'famly'. Did you mean 'family'?"),
        ("acme reprot x", "No such command 'reprot'. Did you mean 'report'?"),
        ("qqq", "No such command 'qqq'."),
        ("acme report x --nto y", "No such option '--nto'. (Did you mean one of: '--note', "),
        ("acme report", "Missing argument 'DATA'."),
        ("acme report x --fields a,,b", "Invalid value for '--fields': 'a,,b' has an empty name; "),
        (
            "acme report x --lock-timeout -1",
            "Invalid value for '--lock-timeout': -1.0 is not in the range x>=0.",
        ),
        ("acme report x --lock-timeout nan", "Invalid value for '--lock-timeout': 'nan' is not a number of"),
        ("acme report x --lock-timeout inf", "Invalid value for '--lock-timeout': 'inf' is not a number of"),
    ],
)
def test_what_cannot_be_understood(acme, line, message):
    """A usage error shows the usage, what is wrong and what may have been meant, exit 2, on stderr."""
    result = run(line, plugins=acme)
    assert (result.exit_code, result.stdout) == (2, "")
    lines = result.stderr.splitlines()
    assert lines[0].startswith("Usage: cskit")
    assert lines[1].startswith(f"cskit: {message}")
    assert lines[-1].startswith("Try 'cskit")


def test_missing_plugins_are_named_for_an_unknown_command(acme):
    """An unknown command may be one of a plugin that is not loaded."""
    result = run("beta", plugins={**acme, "beta": "no_such_module"})
    assert "\nNot loaded: beta (broken)\n" in result.stderr


def test_text_that_begins_with_a_dash(acme):
    """A text that looks like an option gets an offer of `--`, and works with it."""
    result = run(["acme", "report", "-张三"], plugins=acme)
    assert result == (
        2,
        "",
        "Usage: cskit acme report [OPTIONS] DATA\ncskit: No such option '-张'.\n"
        "For text that begins with -, put -- before it: cskit acme report … -- '-…'\n"
        "Try 'cskit acme report --help' for help.\n",
    )
    assert run(["acme", "report", "--", "-张三"], plugins=acme) == (0, "-张三 None table () None\n", "")


def test_bare_group(acme):
    """A group without a command is incomplete: its help goes to stderr, exit 2."""
    result = run("acme", plugins=acme)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Commands:\n  absent  Do.\n" in result.stderr


def test_every_command_has_every_global_option():
    """Walking the whole tree of the core, no command misses a global option."""
    app = App(installed={})
    missing = []

    def walk(command: click.Command, ctx: click.Context) -> None:
        keys = {param.key for param in command.params if isinstance(param, GlobalOption)}
        missing.extend([] if {"data", "output", "yes", "help"} <= keys else [ctx.command_path])
        if isinstance(command, click.Group):
            for name in command.list_commands(ctx):
                part = command.get_command(ctx, name)
                assert part is not None
                walk(part, click.Context(part, info_name=name, parent=ctx))

    top = root()
    walk(top, click.Context(top, info_name="cskit", obj=app))
    assert missing == []
