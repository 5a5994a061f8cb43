"""The error boundary: what went wrong becomes one line on stderr and an exit code."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

from cskit import BadData, Command, Conflict, NotFound, PluginFailed, Refused, Usage, __version__
from cskit.app import App, pass_app
from cskit.cli import Terminated
from cskit.errors import BadRows, Exit, Problem, StorageFailed
from cskit.testing import department, run

RAISED: list[BaseException] = []


@click.command()
@pass_app
def fail(app: App) -> None:
    """Fail."""
    raise RAISED[0]


@click.command()
@pass_app
def deep(app: App) -> None:
    """Call itself without end."""
    deep.callback()


@click.command()
@pass_app
def save(app: App) -> None:
    """Save and then fail."""
    with app.transaction() as tx:
        tx.insert("things", b"{}")
    raise RAISED[0]


@click.command()
@pass_app
def quit_early(app: App) -> None:
    """End in the middle of a transaction."""
    with app.transaction() as tx:
        tx.insert("things", b"{}")
        raise RAISED[0]


@click.command()
@pass_app
def ask(app: App) -> None:
    """Ask before doing."""
    app.confirm("remove 3 things")
    click.echo("removed")


@click.command()
@pass_app
def colour(app: App) -> None:
    """Write in colour, and say something."""
    click.secho("red", fg="red")
    app.echo("a notice\x1b[2J")


@pytest.fixture
def acme(plugin, monkeypatch):
    """Return a plugin with the commands of this module."""
    monkeypatch.setitem(sys.modules, "cli_commands", sys.modules[__name__])
    names = ("fail", "deep", "save", "quit_early", "ask", "colour")
    commands = [Command(name.replace("_", "-"), "Do.", f"cli_commands:{name}") for name in names]
    return {"acme": plugin(commands=lambda: commands)}


@pytest.fixture
def raising(acme, store):
    """Return a function that runs a command which raises what it is given."""

    def raise_in(line: str, error: BaseException):
        RAISED[:] = [error]
        return run(line, app=App(installed=acme, store=store))

    return raise_in


# --- errors -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (Refused("no", "ask the head"), 1, "cskit: no\nask the head\n"),
        (Usage("how"), 2, "cskit: how\n"),
        (NotFound("no customer 'C-9'"), 3, "cskit: no customer 'C-9'\n"),
        (Conflict("it moved on"), 4, "cskit: it moved on\n"),
        (BadData("bad"), 5, "cskit: bad\n"),
        (PluginFailed("plugin x failed"), 6, "cskit: plugin x failed\n"),
        (StorageFailed("full"), 7, "cskit: full\n"),
        (NotFound("no 'a\x1b[2J\nb'"), 3, "cskit: no 'a␛[2J⏎b'\n"),
        (click.ClickException("as click says"), 2, "cskit: as click says\n"),
        (click.FileError("x", "not there"), 2, "cskit: Could not open file 'x': not there\n"),
        (KeyboardInterrupt(), 130, "cskit: interrupted\n"),
        (click.Abort(), 130, "cskit: interrupted\n"),
        (Terminated(), 143, "cskit: terminated\n"),
        (BrokenPipeError(), 0, ""),
        (
            OSError(28, "No space left on device"),
            7,
            "cskit: the output could not be written: No space left on device\n",
        ),
        (SystemExit(3), 3, ""),
        (SystemExit("the end"), 1, "the end\n"),
        (SystemExit(), 0, ""),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_each_error_has_its_exit_code(raising, error, code, text):
    """Every kind of failure is told in one line, with a hint on the next, and has its own exit code."""
    assert raising("fail", error) == (code, "", text)


def test_bad_rows_are_all_told():
    """Every bad cell has its line before the summary."""
    problems = [
        Problem(7, "amount", "12x", "expected a number such as 1234.50"),
        Problem(7, "date", "", "is required"),
        Problem(9, "", "", "has 3 cells, expected 2"),
        Problem(0, "phone", "1\x1b", "too short"),
        Problem(0, "", "", "nothing to add"),
    ]
    from cskit import cli

    assert [cli._line(problem) for problem in problems] == [
        "line 7, amount: '12x': expected a number such as 1234.50",
        "line 7, date: is required",
        "line 9: has 3 cells, expected 2",
        "phone: '1␛': too short",
        "nothing to add",
    ]


def test_bad_rows_summary(raising):
    """The last line counts the rows and says that nothing was saved."""
    problems = [Problem(2, "a", "x", "expected y"), Problem(3, "a", "z", "expected y")]
    assert raising("fail", BadRows(problems, "orders.csv", "mend them")) == (
        5,
        "",
        "line 2, a: 'x': expected y\nline 3, a: 'z': expected y\n"
        "cskit: 2 bad rows in orders.csv; nothing was saved\nmend them\n",
    )


def test_bug_in_a_plugins_command(raising):
    """An unexpected error in a plugin's command names the plugin; the traceback comes with --debug."""
    line = "cskit: plugin acme failed: KeyError: 'x'. Run again with --debug and report it\n"
    assert raising("fail", KeyError("x")) == (6, "", line)
    result = raising("fail --debug", KeyError("x"))
    assert result.exit_code == 6
    assert result.stderr.startswith("Traceback (most recent call last):\n")
    assert result.stderr.endswith(f"KeyError: 'x'\n{line}")


def test_bug_in_the_core(monkeypatch):
    """An unexpected error elsewhere is a bug of ours, exit 70."""

    def broken(app):
        raise KeyError("x")

    monkeypatch.setattr("cskit.commands.plugins.rows", broken)
    assert run("plugins list", plugins={}) == (
        70,
        "",
        "cskit: this is a bug: KeyError: 'x'. Run again with --debug and report it\n",
    )


def test_endless_recursion(acme):
    """A command that never returns to itself is told like any other failure."""
    result = run("deep", plugins=acme)
    assert result.exit_code == 6
    assert result.stderr.startswith("cskit: plugin acme failed: RecursionError: ")


@pytest.mark.parametrize(
    ("error", "code", "what"),
    [
        (KeyError("x"), 6, "plugin acme failed: KeyError: 'x'. Run again with --debug and report it"),
        (StorageFailed("the disk is full"), 7, "the disk is full"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (
            OSError(28, "No space left on device"),
            7,
            "the output could not be written: No space left on device",
        ),
    ],
    ids=["bug", "storage", "interrupt", "full"],
)
def test_what_was_saved_is_said(raising, store, error, code, what):
    """A failure after something was saved does not sound as if nothing had been."""
    assert raising("save", error) == (code, "", f"cskit: saved as 1, but {what}\n")
    assert store.tables == {"things": {1: b"{}"}}


def test_a_plugin_file_after_the_command_is_refused_with_the_way_to_say_it(tmp_path: Path) -> None:
    """--plugin decides which commands there are, so it stands before them; a value is never taken for it."""
    result = run("customer list --plugin x.py", data=tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "\n--plugin stands before the command's name: cskit --plugin FILE …\n" in result.stderr


def test_saved_as_is_not_said_twice(raising):
    """A store's own "saved as" stays as it is."""
    assert raising("save", StorageFailed("saved as 1, but late")).stderr == "cskit: saved as 1, but late\n"


@pytest.mark.parametrize(
    ("error", "code", "what"),
    [
        (SystemExit(0), 6, "the command ended before it was done; nothing was saved"),
        (click.exceptions.Exit(0), 6, "the command ended before it was done; nothing was saved"),
        (BrokenPipeError(), 7, "the output was closed before the command was done; nothing was saved"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
    ids=["exit", "click-exit", "pipe", "interrupt"],
)
def test_never_success_with_the_work_undone(raising, store, error, code, what):
    """What ends a command inside its transaction is no success, whatever exit code it asked for."""
    assert raising("quit-early", error) == (code, "", f"cskit: {what}\n")
    assert store.tables == {}


# --- the first steps, the version, asking -------------------------------------------------------------------


def test_bare_command():
    """Without arguments a newcomer sees the three first steps, and no plugin is loaded."""
    result = run([], plugins={"x": "no_such_module"})
    assert (result.exit_code, result.stderr) == (0, "")
    for step in ("cskit demo ", "cskit data init ", 'cskit customer add "…" '):
        assert f"\n  {step}" in result.stdout


def test_version_loads_no_plugin():
    """--version is answered before any plugin is looked at."""
    assert run("--version", plugins={"x": "no_such_module"}) == (0, f"cskit {__version__}\n", "")


@pytest.mark.parametrize("option", ["--user zhao", "-q", "--lang en", "-o json", "--dry-run", "-y"])
def test_options_without_a_command(option):
    """Global options alone ask for what no argument at all does, and load no plugin."""
    assert run(option, plugins={"x": "no_such_module"}) == run([], plugins={})


def test_options_behind_a_group():
    """A group with options and no command shows its help, as without them, and it is wrong usage."""
    bare = run("data", plugins={})
    assert (bare.exit_code, bare.stdout) == (2, "")
    assert bare.stderr.startswith("Usage: cskit data [OPTIONS] COMMAND [ARGS]...\n\n")
    assert run("data -q", plugins={}) == bare
    assert run("data --lang zh", plugins={}).stderr.startswith(
        "用法：cskit data [OPTIONS] COMMAND [ARGS]...\n"
    )


def test_options_alone_in_a_batch():
    """A line of a batch names a command; nobody reads first steps there."""
    assert run("batch -", plugins={}, input="-q\n") == (
        2,
        "",
        "line 1: cskit -q: names no command\n`cskit --help` lists them\n"
        "cskit: 1 of 1 lines failed; nothing was saved\n--keep-going saves what the other lines do\n",
    )


def test_no_question_without_a_terminal(acme):
    """Without a terminal nothing is asked: --yes, or exit 2."""
    assert run("ask", plugins=acme, input="y\n") == (
        2,
        "",
        "cskit: to remove 3 things needs a yes, and there is nobody to ask\nsay --yes if you mean it\n",
    )
    assert run("ask --yes", plugins=acme) == (0, "removed\n", "")
    assert run("-y ask", plugins=acme) == (0, "removed\n", "")


@pytest.mark.parametrize(("answer", "code", "out"), [("y", 0, "removed\n"), ("n", 1, ""), ("", 1, "")])
def test_question_at_a_terminal(acme, monkeypatch, answer, code, out):
    """At a terminal the question goes to stderr; only yes means yes."""
    monkeypatch.setattr("cskit.display.console.at_terminal", lambda: True)
    result = run("ask", plugins=acme, input=f"{answer}\n")
    assert (result.exit_code, result.stdout) == (code, out)
    assert result.stderr.startswith("Remove 3 things? [y/N] ")


# --- colours and quiet --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "env", "coloured"),
    [
        ("colour", {}, False),
        ("colour", {"FORCE_COLOR": "1"}, True),
        ("colour", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ("colour --no-color", {"FORCE_COLOR": "1"}, False),
        ("--no-color colour", {"FORCE_COLOR": "1"}, False),
    ],
    ids=["pipe", "forced", "no-beats-force", "flag", "flag-before"],
)
def test_colours(acme, line, env, coloured):
    """Colours go to terminals, or where they are forced; what forbids them wins."""
    result = run(line, plugins=acme, env=env)
    assert result.stdout == ("\x1b[31mred\x1b[0m\n" if coloured else "red\n")


def test_quiet(acme):
    """-q leaves out notices; their control characters never reach the terminal."""
    assert run("colour", plugins=acme).stderr == "a notice␛[2J\n"
    assert run("colour -q", plugins=acme).stderr == ""


def test_exit_codes_are_distinct():
    """No two outcomes share an exit code."""
    assert len({int(code) for code in Exit}) == len(Exit)
    assert all(code.meaning for code in Exit)


# --- the testing kit ----------------------------------------------------------------------------------------


def test_run_leaves_the_process_as_it_was(acme):
    """Streams, environment and signal handlers are the tester's again."""
    before = sys.stdin, sys.stdout, sys.stderr, dict(os.environ), signal.getsignal(signal.SIGTERM)
    run("colour", plugins=acme, env={"CSKIT_NEW": "1", "PATH": None}, input="x")
    after = sys.stdin, sys.stdout, sys.stderr, dict(os.environ), signal.getsignal(signal.SIGTERM)
    assert after == before


def test_department(acme, tmp_path):
    """A department is set up by command lines that must succeed, and answers more of them."""
    here = department(tmp_path, "colour", plugins=acme)
    assert here("colour -q").stdout == "red\n"
    with pytest.raises(AssertionError, match="cskit nothing: exit code 2"):
        department(tmp_path, "nothing", plugins=acme)


# --- the process --------------------------------------------------------------------------------------------

PLUGIN = """
import sys, time
import click
from cskit import Command, hookimpl

@hookimpl
def cskit_commands():
    yield Command("many", "Write many lines.", f"{__name__}:many")
    yield Command("sleep", "Sleep.", f"{__name__}:sleep")

@click.command()
def many():
    '''Write many lines.'''
    for number in range(200_000):
        click.echo("一行 " + str(number))

@click.command()
def sleep():
    '''Sleep.'''
    click.echo("ready", err=True)
    time.sleep(60)
"""


@pytest.fixture
def process(tmp_path):
    """Return the command line of a cskit of its own, with a plugin from a file, and its environment."""
    tmp_path.chmod(0o700)
    file = tmp_path / "busy.py"
    file.write_text(PLUGIN)
    file.chmod(0o600)
    place = str(Path(__file__).parents[2])
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": place, "CSKIT_PLUGINS": "", "CSKIT_DATA": str(tmp_path)}
    return [sys.executable, "-c", "from cskit.cli import main; main()", "--plugin", str(file)], env


def test_closed_pipe_is_no_error(process):
    """`cskit … | head` ends well and quietly."""
    command, env = process
    with subprocess.Popen(
        [*command, "many"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env
    ) as running:
        assert running.stdout.readline() == "一行 0\n".encode()
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 0


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", [["many"], ["--version"]], ids=["while-writing", "at-the-end"])
def test_full_disk_at_stdout(process, words):
    """Output that could not be written is exit 7, also when it only shows at the end."""
    command, env = process
    with open("/dev/full", "w") as full:
        done = subprocess.run([*command, *words], stdout=full, stderr=subprocess.PIPE, env=env, check=False)
    assert done.returncode == 7
    assert done.stderr == b"cskit: the output could not be written: No space left on device\n"


@pytest.mark.skipif(os.name != "posix", reason="the shell's >&- is POSIX's")
@pytest.mark.parametrize("closed", [">&-", ">&- 2>&-", "<&- >&-"])
def test_closed_streams(process, closed):
    """Streams that are closed from the start stop nothing."""
    command, env = process
    done = subprocess.run(
        ["/bin/sh", "-c", f'"$@" {closed}', "sh", *command, "--help"],
        capture_output=True,
        env=env,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
@pytest.mark.parametrize(
    ("number", "code", "text"),
    [(signal.SIGINT, 130, "cskit: interrupted\n"), (signal.SIGTERM, 143, "cskit: terminated\n")],
    ids=["ctrl-c", "term"],
)
def test_signals(process, number, code, text):
    """A signal ends the command in one line with the usual exit code."""
    command, env = process
    with subprocess.Popen([*command, "sleep"], stderr=subprocess.PIPE, env=env, text=True) as running:
        assert running.stderr.readline() == "ready\n"
        time.sleep(0.05)
        running.send_signal(number)
        assert running.stderr.read() == text
    assert running.returncode == code


@pytest.mark.parametrize(("encoding", "shown"), [("latin-1", r'"\u2026"'), ("utf-8", '"…"')])
def test_terminal_that_cannot_show_a_character(process, encoding, shown):
    """What a terminal cannot show is escaped; nothing fails."""
    command, env = process
    done = subprocess.run(
        command[:3], capture_output=True, env={**env, "PYTHONIOENCODING": encoding}, check=False
    )
    assert done.returncode == 0
    assert shown in done.stdout.decode(encoding)


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="asks Linux which files are open")
def test_no_file_stays_open(tmp_path):
    """What a command line read it lets go of, so that a process may run a thousand of them."""
    run = department(tmp_path / "data", "customer add 海风贸易")
    gc.disable()  # what only the collector of cycles closes counts as open
    try:
        before = len(os.listdir("/proc/self/fd"))
        assert [run(line).exit_code for line in ("customer list", "customer show C-9", "log")] == [0, 3, 0]
        assert len(os.listdir("/proc/self/fd")) == before
    finally:
        gc.enable()
