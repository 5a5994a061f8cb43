"""What a terminal gets and a pipe does not: colours, and the pager."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cskit.display import console
from cskit.testing import run

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a pseudo-terminal is POSIX's")
HERE = Path(__file__).parents[3]
PLUGINS = {"customers": "cskit_customers"}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a department of thirty customers."""
    folder = tmp_path_factory.mktemp("data")
    rows = "".join(f'{{"name":"客户{number}"}}\n' for number in range(1, 31))
    assert run("customer import -", data=folder, plugins=PLUGINS, input=rows).exit_code == 0
    return folder


@pytest.fixture
def environ(data: Path, tmp_path: Path) -> dict[str, str]:
    """Return an environment in which a `python -m cskit` has the customers plugin and no settings."""
    info = tmp_path / "cskit-0.dist-info"
    info.mkdir()
    (info / "entry_points.txt").write_text("[cskit.plugins]\ncustomers = cskit_customers\n")
    ours = ("CSKIT_", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "PAGER", "LINES", "COLUMNS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(HERE), str(HERE / "plugins")]),
        "CSKIT_DATA": str(data),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "LANGUAGE": "en",
        "TERM": "xterm",
    }


def on_terminal(line: str, environ: dict[str, str], rows: int = 10, typed: str = "") -> tuple[int, str]:
    """Run a command line on a terminal of so many rows; return its exit code and all that was shown.

    `typed` is what somebody has typed there already.
    """
    import pty
    import termios

    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (rows, 80))
    command = [sys.executable, "-m", "cskit", *line.split(" ")]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environ)
    os.close(theirs)
    os.write(ours, typed.encode())
    shown = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the terminal is gone with the last who had it
            break
        shown += part
    os.close(ours)
    return process.wait(), shown.decode().replace("\r\n", "\n")


# --- colours -----------------------------------------------------------------------------------------------

RED = "\x1b[31m\x1b[1mcskit:\x1b[0m No such command 'nosuch'.\n"
PLAIN = "cskit: No such command 'nosuch'.\n"


@pytest.mark.parametrize(
    ("line", "variables", "said"),
    [
        ("nosuch", {}, RED),
        ("nosuch", {"NO_COLOR": "1"}, PLAIN),
        ("nosuch", {"NO_COLOR": ""}, RED),
        ("nosuch", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, PLAIN),
        ("nosuch", {"TERM": "dumb"}, PLAIN),
        ("--no-color nosuch", {}, PLAIN),
        ("--no-color nosuch", {"FORCE_COLOR": "1"}, PLAIN),
    ],
)
def test_colours_on_a_terminal(environ, line, variables, said):
    """The program's name before an error is red, unless somebody says no."""
    code, shown = on_terminal(line, environ | variables)
    assert code == 2
    assert said in shown
    assert shown.count("\x1b") == said.count("\x1b")


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({}, PLAIN),
        ({"FORCE_COLOR": "1"}, RED),
        ({"CLICOLOR_FORCE": "1"}, RED),
        ({"FORCE_COLOR": "0"}, PLAIN),
        ({"CLICOLOR_FORCE": "0"}, PLAIN),
        ({"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, PLAIN),
    ],
)
def test_colours_in_a_pipe(environ, variables, said):
    """In a pipe there are none, unless they are asked for."""
    command = [sys.executable, "-m", "cskit", "nosuch"]
    done = subprocess.run(command, env=environ | variables, capture_output=True, text=True, check=False)
    assert said in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("format", ["table", "json", "jsonl", "csv"])
def test_data_have_no_colour(environ, format):
    """Not even where colours are forced."""
    line = f"customer list --no-pager -o {format}"
    code, shown = on_terminal(line, environ | {"FORCE_COLOR": "1"})
    assert (code, "\x1b" in shown) == (0, False)


# --- the pager ---------------------------------------------------------------------------------------------


@pytest.fixture
def pager(tmp_path: Path) -> Path:
    """Return a pager that keeps what it is given, and tells how it was called."""
    program = tmp_path / "keep"
    program.write_text(f'#!/bin/sh\necho "paged by $0 $*"\ncat > {tmp_path}/paged\n')
    program.chmod(0o755)
    return program


def paged(pager: Path) -> str:
    """Return what the pager was given, "" if it was not called."""
    found = pager.parent / "paged"
    return found.read_text(encoding="utf-8") if found.exists() else ""


def test_a_long_table_is_paged(environ, pager):
    """What is longer than the screen goes through the pager, whole and in Chinese."""
    code, shown = on_terminal("customer list", environ | {"CSKIT_PAGER": f"{pager} -x 'a b'"})
    assert (code, shown) == (0, f"paged by {pager} -x a b\n")
    table = run("customer list", data=environ["CSKIT_DATA"], plugins=PLUGINS).stdout
    assert paged(pager) == table


@pytest.mark.parametrize(
    ("line", "variables", "rows"),
    [
        ("customer list --limit 5", {}, 10),
        ("customer list", {}, 100),
        ("customer list", {"LINES": "100"}, 10),
        ("customer list --no-pager", {}, 10),
        ("--no-pager customer list", {}, 10),
        ("customer list -o jsonl", {}, 10),
        ("customer list", {"TERM": "dumb"}, 10),
        ("customer list", {"CSKIT_PAGER": "cat"}, 10),
    ],
    ids=["short", "tall", "lines", "no-pager", "before", "jsonl", "dumb", "cat"],
)
def test_what_is_not_paged(environ, pager, line, variables, rows):
    """What fits, what is for programs, and where the user says no, is simply written."""
    code, shown = on_terminal(line, {**environ, "CSKIT_PAGER": str(pager), **variables}, rows)
    assert code == 0
    assert "C-000001" in shown
    assert paged(pager) == ""


def test_nothing_is_paged_in_a_pipe(environ, pager):
    """A pipe is read by a program."""
    command = [sys.executable, "-m", "cskit", "customer", "list"]
    variables = {"CSKIT_PAGER": str(pager), "LINES": "3"}
    done = subprocess.run(command, env=environ | variables, capture_output=True, text=True, check=True)
    assert done.stdout.count("\n") == 32
    assert paged(pager) == ""


@pytest.mark.parametrize(
    ("own", "variables", "by"),
    [
        ("", {"PAGER": "{pager} PAGER"}, "PAGER"),
        ("{pager} own", {"PAGER": "{pager} PAGER"}, "own"),
        ("{pager} own", {"PAGER": "{pager} PAGER", "CSKIT_PAGER": "{pager} ours"}, "ours"),
    ],
    ids=["PAGER", "setting", "CSKIT_PAGER"],
)
def test_which_pager(environ, tmp_path, pager, own, variables, by):
    """CSKIT_PAGER goes before the user's own setting, and that before PAGER, which is everybody's."""
    if own:
        (tmp_path / "config" / "cskit").mkdir(parents=True)
        (tmp_path / "config" / "cskit" / "config.toml").write_text(f'pager = "{own.format(pager=pager)}"\n')
    given = {name: value.format(pager=pager) for name, value in variables.items()}
    assert on_terminal("customer list", environ | given) == (0, f"paged by {pager} {by}\n")


def test_who_leaves_the_pager_has_seen_enough(environ):
    """A pager that ends early, or fails, is no failure of ours."""
    for pager in ("head -1", "false"):
        code, shown = on_terminal("customer list", environ | {"CSKIT_PAGER": pager})
        assert code == 0
        assert "cskit" not in shown


def test_a_pager_that_there_is_not(environ):
    """It is named, and the table is shown all the same."""
    code, shown = on_terminal("customer list", environ | {"CSKIT_PAGER": "nosuchpager", "NO_COLOR": "1"})
    said = "cskit: the pager 'nosuchpager' cannot be started: No such file or directory\n"
    assert code == 0
    assert said in shown
    assert "C-000030" in shown


def test_others_work_while_somebody_reads(environ, tmp_path, pager):
    """No lock is held while the pager is open: a change from within it goes through."""
    pager.write_text(
        f"#!/bin/sh\n{sys.executable} -m cskit customer set C-000001 region=华北 --lock-timeout 1\n"
    )
    code, shown = on_terminal("customer list", environ | {"CSKIT_PAGER": str(pager)})
    assert code == 0
    assert "1 customer changed" in shown


def test_less_is_the_pager(environ):
    """Where nobody says otherwise, less shows the first screen; leaving it with q is no failure."""
    import shutil

    if shutil.which("less") is None:
        pytest.skip("less is not installed")
    code, shown = on_terminal("customer list", environ, typed="q")
    assert code == 0
    assert "客户1" in shown
    assert "客户30" not in shown


# --- odd surroundings --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "variables",
    [{"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}, {"COLUMNS": "20"}, {"HOME": "", "XDG_CONFIG_HOME": ""}],
    ids=["LANG=C", "20-columns", "no-HOME"],
)
@pytest.mark.parametrize(
    "line", ["customer list --no-pager", "customer show C-000001", "config list --origin", "help"]
)
def test_odd_surroundings(environ, variables, line):
    """A locale without Chinese, a narrow terminal, and a missing home make no traceback."""
    code, shown = on_terminal(line, environ | variables)
    assert code == 0, shown
    assert "Traceback" not in shown


def test_questions_obey_nothing(monkeypatch, capsys):
    """What is asked about may be called anything; the question shows signs where a terminal would obey."""
    monkeypatch.setattr(console, "at_terminal", lambda: True)
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    console.confirm("remove a\x1b[2J")
    assert capsys.readouterr() == ("", "Remove a␛[2J? [y/N] ")
