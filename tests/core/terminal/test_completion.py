"""What the four shells are offered at a press of Tab, by their protocols and in the shells themselves."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cskit.terminal.completion import LIMIT
from cskit.testing import run

PLUGINS = {"customers": "cskit_customers"}
HERE = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small department."""
    folder = tmp_path_factory.mktemp("data")
    for line in (
        "customer add 张三 --region 华东",
        "customer add 'Li\x1b\nSi'",
        "customer add Wang --id W:7",
        "customer order add C-000001 --date 2026-01-05",
        "config set staff.zhao S-001",
    ):
        assert run(line, data=folder, plugins=PLUGINS).exit_code == 0
    return folder


@pytest.fixture(scope="module")
def environ(data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return an environment in which a `cskit` that is installed with the customers plugin is found."""
    site, programs = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("bin")
    info = site / "cskit-0.dist-info"
    info.mkdir()
    (info / "entry_points.txt").write_text("[cskit.plugins]\ncustomers = cskit_customers\n")
    paths = [str(site), str(HERE), str(HERE / "plugins")]
    program = programs / "cskit"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m cskit "$@"\n')
    program.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CSKIT_")}
    return kept | {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(paths),
        "CSKIT_DATA": str(data),
        "XDG_CONFIG_HOME": str(site),
        "LANGUAGE": "en",
        "HOME": str(site),
        "TERM": "xterm",
    }


Ask = Callable[..., list[str]]


@pytest.fixture
def ask(environ: dict[str, str]) -> Ask:
    """Return a function that asks as bash does, of a line up to the cursor."""

    def asked(line: str, **variables: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-m", "cskit"],
            env={**environ, "_CSKIT_COMPLETE": "bash_complete", "COMP_LINE": f"cskit {line}", **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout.splitlines()

    return asked


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("custo", ["plain,customer"]),
        ("customer or", ["plain,order"]),
        ("customer show C-", ["plain,C-000001", "plain,C-000002"]),
        ("customer show C-000001 C-000002 W", [r"plain,W:7"]),
        ("customer show W:", ["plain,7"]),
        ("customer remove ", ["plain,C-000001", "plain,C-000002", "plain,W:7"]),
        ("customer set C-000001 sta", ["open,state="]),
        ("customer set C-000001 state=", ["plain,active", "plain,lost", "plain,closed"]),
        ("customer set C-000001 state=l", ["plain,lost"]),
        ("customer set C-000001 fan=", ["plain,true", "plain,false"]),
        ("customer order set O-000001 customer=C-000001", ["plain,C-000001"]),
        ("customer order add C-000001", ["plain,C-000001"]),
        ("customer order add C-000001 --state o", ["plain,open"]),
        ("customer add X --kind=p", ["plain,person"]),
        ("customer list --fields id,na", ["open,id,name"]),
        ("customer --fields na", []),
        ("customer list --sort potential", ["plain,potential_volume"]),
        ("customer list --where potential", ["plain,potential_volume"]),
        ("customer count --by region,sta", ["open,region,state"]),
        ("customer list -o js", ["plain,json", "plain,jsonl"]),
        ("customer list --lang ", ["plain,en", "plain,zh"]),
        ("customer list --lim", ["plain,--limit"]),
        ("customer list 'C-0", ["plain,C-000001", "plain,C-000002"]),
        ("customer import fi", ["file,fi"]),
        ("--data da", ["dir,da"]),
        ("log O-", ["plain,O-000001"]),
        ("undo ", ["plain,4", "plain,3", "plain,2", "plain,1"]),
        ("help ex", ["plain,exit-codes"]),
        ("help customer ord", ["plain,order"]),
        ("config get st", ["open,staff."]),
        ("config get staff.", ["plain,staff.zhao"]),
        ("config set zone Asia/Shang", ["plain,Asia/Shanghai"]),
        ("config set lang z", ["plain,zh"]),
        ("fact show customer C-000001 --names orders.cou", ["open,orders.count"]),
        ("fact show cu", ["plain,customer", r"plain,customer\ ledger"]),
        ("plugins check cu", ["plain,customers"]),
        ("completion z", ["plain,zsh"]),
        ("nosuch ", []),
        ("customer show 'a\"", []),
        ("", None),
    ],
)
def test_what_is_offered(ask: Ask, line: str, offered: list[str] | None) -> None:
    """Each place in a command line offers what may stand there, and nothing where that is unknown."""
    found = ask(line)
    assert found == offered if offered is not None else "plain,customer" in found


def test_how_ids_begin(ask: Ask) -> None:
    """Where a record of any kind may stand, each kind's ids begin to be offered."""
    found = ask("log ")
    assert {"open,C-", "open,O-", "open,CT-"} <= set(found)
    assert all(one.startswith("open,") for one in found)


@pytest.mark.parametrize(
    ("shell", "variables", "offered"),
    [
        (
            "zsh",
            {"COMP_WORDS": "cskit customer show", "COMP_CWORD": "3"},
            ["plain", "C-000001", "张三", "plain", "C-000002", "Li␛⏎Si", "plain", r"W\:7", "Wang"],
        ),
        (
            "fish",
            {"COMP_WORDS": "cskit customer show", "COMP_CWORD": ""},
            ["plain,C-000001\t张三", "plain,C-000002\tLi␛⏎Si", "plain,W:7\tWang"],
        ),
        (
            "powershell",
            {"COMP_WORDS": "cskit customer show", "COMP_CWORD": "3"},
            ["plain", "C-000001", "张三", "plain", "C-000002", "Li␛⏎Si", "plain", "W:7", "Wang"],
        ),
        ("csh", {"COMP_WORDS": "cskit", "COMP_CWORD": "1"}, []),
    ],
)
def test_every_shell_in_its_own_way(
    ask: Ask, shell: str, variables: dict[str, str], offered: list[str]
) -> None:
    """Shells that show help get the title beside the id, harmless; one nobody knows gets nothing."""
    assert ask("", _CSKIT_COMPLETE=f"{shell}_complete", **variables) == offered


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / "customers.json").write_text("{"),
        lambda folder: (folder / "cskit.toml").write_text("zone = 8"),
        lambda folder: (folder / "history.jsonl").write_text("no"),
        lambda folder: (folder / "customers.json").unlink() or (folder / "customers.json").mkdir(),
    ],
    ids=["table", "settings", "history", "folder"],
)
def test_a_broken_folder_offers_nothing(
    ask: Ask, data: Path, tmp_path: Path, spoil: Callable[..., object]
) -> None:
    """Whatever is wrong, not a word is written between what the user types."""
    shutil.copytree(data, tmp_path / "broken")
    spoil(tmp_path / "broken")
    found = ask("customer show C-", CSKIT_DATA=str(tmp_path / "broken"))
    assert found in ([], ["plain,C-000001", "plain,C-000002"])


def test_a_locked_folder_is_not_waited_for(ask: Ask, data: Path) -> None:
    """While somebody writes, there are no ids for a moment; the shell does not hang."""
    fcntl = pytest.importorskip("fcntl")
    with open(data / "lock", "r+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        started = time.monotonic()
        assert ask("customer show C-") == []
        assert time.monotonic() - started < 5


def test_of_many_ids_the_shell_sees_the_ends(ask: Ask, tmp_path: Path) -> None:
    """So many ids and no more are offered, the first and the last of all among them."""
    rows = "".join(f'{{"name":"N{number}"}}\n' for number in range(1, 201))
    assert run("customer import -", data=tmp_path, plugins=PLUGINS, input=rows).exit_code == 0
    found = ask("customer show C-0", CSKIT_DATA=str(tmp_path))
    assert LIMIT - 2 < len(found) <= LIMIT
    assert {"plain,C-000001", "plain,C-000200", "plain,C-000199"} <= set(found)
    assert not all(name.startswith("plain,C-0001") for name in found)


def test_what_is_imported(environ: dict[str, str]) -> None:
    """Offering ids loads no tables, no spreadsheets and no TinyDB: it happens at every Tab."""
    program = "import sys\ntry:\n from cskit.cli import main\n main()\nfinally: print(sorted(sys.modules))"
    variables = {"_CSKIT_COMPLETE": "bash_complete", "COMP_LINE": "cskit customer show C-"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environ | variables, capture_output=True, text=True, check=True
    )
    modules = set(eval(done.stdout.splitlines()[-1]))  # noqa: S307 - our own list
    assert "plain,C-000001" in done.stdout
    heavy = {"tabulate", "tinydb", "platformdirs", "python_calamine", "xlsxwriter", "tomlkit", "wcwidth"}
    assert modules & heavy == set()


# --- the scripts, in the shells ----------------------------------------------------------------------------


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_scripts(shell: str) -> None:
    """Each script names the command that is completed and the variable that asks it."""
    done = run(f"completion {shell}", plugins={})
    assert (done.exit_code, done.stderr) == (0, "")
    assert f"{shell}_complete" in done.stdout
    assert "cskit" in done.stdout


def test_other_shells() -> None:
    """A shell that there is no script for is wrong usage."""
    done = run("completion csh", plugins={})
    assert done.exit_code == 2
    assert "'csh' is not one of 'bash', 'zsh', 'fish', 'powershell'" in done.stderr


OWNING = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp(sys.argv[1], sys.argv[1:])
"""
"""Makes the terminal the one that the shell is steered from, as a window does."""


class Terminal:
    """An interactive shell on a pseudo-terminal."""

    def __init__(self, command: list[str], environ: dict[str, str]) -> None:
        import pty

        self.ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-c", OWNING, *command],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environ,
            start_new_session=True,
        )
        os.close(theirs)

    def type(self, text: str) -> None:
        os.write(self.ours, text.encode())

    def until(self, wanted: str, seconds: float = 20) -> str:
        """Return what was shown, once `wanted` is in it."""
        shown, end = "", time.monotonic() + seconds
        while wanted not in shown:
            ready, _write, _other = select.select([self.ours], [], [], max(end - time.monotonic(), 0))
            assert ready, f"not shown: {wanted}\n{shown}"
            shown += os.read(self.ours, 65536).decode(errors="replace")
        return shown

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.ours)


STARTS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "source <(cskit completion bash); PS1='r'dy\n", "rdy"),
    "zsh": (
        ["zsh", "-f", "-i"],
        "autoload -U compinit; compinit -u -D; source <(cskit completion zsh); PS1='r'dy\n",
        "rdy",
    ),
    "fish": (
        ["fish", "--no-config", "-i"],
        "cskit completion fish | source; function fish_prompt; echo r''dy; end\n",
        "rdy",
    ),
}


@pytest.fixture(params=list(STARTS))
def shell(request: pytest.FixtureRequest, environ: dict[str, str]) -> Iterator[Terminal]:
    """Return an interactive shell that has read our script."""
    command, start, ready = STARTS[request.param]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    terminal = Terminal(command, environ)
    try:
        terminal.type(start)
        terminal.until(ready)
        yield terminal
    finally:
        terminal.close()


def test_tab_in_the_shell(shell: Terminal, data: Path) -> None:
    """A press of Tab writes what can only be meant, behind = as well; the line then runs as it stands."""
    assert run("customer set C-000001 state=active", data=data, plugins=PLUGINS).exit_code == 0
    for part in ("cskit custo\t", "set C-000001 sta\t", "lo\t"):
        shell.type(part)
        time.sleep(0.7)
    shell.type("; echo do''ne\n")
    shell.until("done")
    assert run("customer show C-000001 --fields state -o jsonl", data=data, plugins=PLUGINS).stdout == (
        '{"state":"lost"}\n'
    )
