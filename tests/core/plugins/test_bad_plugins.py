"""Plugins that do what they should not: the command works or fails with 6, never as if it had worked.

How they are found and named is in test_plugins.py; here whole commands run beside them.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cskit import Command, RuleKind, declarations, hookspecs
from cskit.testing import Result, run

HOOKS = sorted(name.removeprefix("cskit_") for name in vars(hookspecs) if name.startswith("cskit_"))


class Odd(BaseException):
    """What no plugin should raise."""


def fails() -> None:
    """Raise an error like any other."""
    raise KeyError("late")


def leaves() -> None:
    """End the process as if all were well."""
    sys.exit(0)


def cancels() -> None:
    """Raise what asyncio lets out; it is no Exception."""
    raise asyncio.CancelledError


def odd() -> None:
    """Raise a class of the plugin's own that is no Exception."""
    raise Odd("no\nreason")


def prints() -> None:
    """Spoil the output."""
    print('{"not": "yours"}')  # noqa: T201 - what the test is about
    sys.stdout.write("]")


def number() -> int:
    """Answer with what no hook answers with."""
    return 5


def text() -> str:
    """Answer with a text, which is a sequence of texts."""
    return "text"


def wrong() -> list[object]:
    """Answer with a list of what nobody asked for."""
    return [object(), 5]


def later() -> Iterator[object]:
    """Fail once it is read."""
    yield from ()
    raise ValueError("while reading")


FAULTS: list[Callable[[], object]] = [fails, leaves, cancels, odd, prints, number, text, wrong, later]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
@pytest.mark.parametrize("hook", HOOKS)
def test_any_hook_with_any_fault(plugin: Any, tmp_path: Path, hook: str, fault: Callable[[], Any]) -> None:
    """Beside a bad plugin a record is added or it is not, and the exit code says which; JSON stays JSON."""

    def other(line: str) -> Result:
        return run(line, data=tmp_path, plugins=plugins)

    plugins = {"customers": "cskit_customers", "bad": plugin(**{hook: fault})}
    added = other("customer add 海风")
    there = run("customer list -o json", data=tmp_path, plugins={"customers": "cskit_customers"})
    count = len(json.loads(there.stdout))
    if added.exit_code == 0:
        assert (count, added.stdout) == (1, "C-000001\n")
    else:
        assert added.exit_code == 6
        assert "bad" in added.stderr
        assert count == (1 if "saved as 1, but " in added.stderr else 0)
    for line in ("customer list", "fact list", "plugins list", "plugins rules list"):
        done = other(f"{line} -o json")
        assert done.exit_code in (0, 6), done.stderr
        if done.exit_code == 0 or done.stdout:
            json.loads(done.stdout)
        assert "Traceback" not in done.stderr + added.stderr
    assert other("customer list").exit_code == 0


@pytest.mark.parametrize(
    "fault", [fails, leaves, cancels, odd, number, text, wrong, later], ids=lambda fault: fault.__name__
)
def test_facts_that_cannot_be_had(plugin: Any, tmp_path: Path, fault: Callable[[], Any]) -> None:
    """A fact is given as declared or not at all: the command that asks fails with 6, naming the plugin."""
    spec = declarations.FactSpec("bad.count", "thing", "integer", "How many.")
    bad = plugin(fact_specs=lambda: [spec], facts=fault)
    done = run("fact show thing T-1 -o json", data=tmp_path, plugins={"bad": bad})
    assert (done.exit_code, done.stdout) == (6, "")
    assert "plugin bad" in done.stderr


@pytest.mark.parametrize("fault", [fails, leaves, cancels, odd], ids=lambda fault: fault.__name__)
def test_a_command_that_fails(
    plugin: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Callable[[], Any]
) -> None:
    """A plugin's command that raises inside its transaction saved nothing, and never exits with 0."""
    import types

    import click

    from cskit import App, pass_app

    @click.command()
    @pass_app
    def spoil(app: App) -> None:
        """Spoil it."""
        with app.transaction() as tx:
            tx.insert("things", b'{"id":"T-1"}')
            fault()

    module = types.ModuleType("cskit_spoiling")
    module.spoil = spoil  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "cskit_spoiling", module)
    bad = plugin(commands=lambda: [Command("spoil", "Spoil it.", "cskit_spoiling:spoil")])
    done = run("spoil", data=tmp_path, plugins={"bad": bad})
    assert (done.exit_code, done.stdout) == (6, "")
    assert "Traceback" not in done.stderr
    assert (
        run("log -o json", data=tmp_path, plugins={}).stdout.split() == ["[", "]"]
        or not (tmp_path / "history.jsonl").exists()
    )


def test_warnings_are_no_failures(plugin: Any, tmp_path: Path) -> None:
    """A plugin that warns of something goes on working, and warns on stderr."""

    def commands() -> list[Command]:
        warnings.warn("old", DeprecationWarning, stacklevel=1)
        return []

    with pytest.warns(DeprecationWarning, match="old"):
        done = run("plugins list -o json", data=tmp_path, plugins={"bad": plugin(commands=commands)})
    assert (done.exit_code, json.loads(done.stdout)[0]["state"]) == (0, "loaded")


def test_a_kind_of_rules_that_fails(plugin: Any, tmp_path: Path) -> None:
    """Rules are not read while a plugin cannot say which it has: exit code 6, naming it."""
    plugins = {
        "good": plugin(rule_kinds=lambda: [RuleKind("kinds", "cskit.rules:Label", "Labels.")]),
        "bad": plugin(rule_files=odd),
    }
    done = run("plugins rules list kinds -o json", data=tmp_path, plugins=plugins)
    assert (done.exit_code, done.stdout) == (6, "")
    assert done.stderr.startswith(
        "cskit: plugin bad failed in cskit_rule_files: RuntimeError: Odd: no reason"
    )


# --- in a process of their own ------------------------------------------------------------------------------


@pytest.fixture
def cskit(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs the command line beside an installed plugin of the code given."""

    def command(code: str, *words: str, cwd: Path = tmp_path) -> subprocess.CompletedProcess[str]:
        site = tmp_path / "site"
        info = site / "bad-1.dist-info"
        info.mkdir(parents=True, exist_ok=True)
        (info / "entry_points.txt").write_text("[cskit.plugins]\nbad = cskit_bad\n", encoding="utf-8")
        (site / "cskit_bad.py").write_text(code, encoding="utf-8")
        env = {**os.environ, "PYTHONPATH": str(site), "CSKIT_DATA": str(tmp_path / "data"), "LANG": "C.UTF-8"}
        line = [sys.executable, "-B", "-m", "cskit", *words]
        return subprocess.run(line, cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=60)

    return command


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise SystemExit(0)", "SystemExit: 0"),
        ("raise SystemExit('bye')", "SystemExit: bye"),
        ("import asyncio\nraise asyncio.CancelledError", "RuntimeError: CancelledError"),
        ("print('[')\n1 / 0", "ZeroDivisionError: division by zero"),
    ],
    ids=["exit", "exit-text", "cancelled", "prints"],
)
def test_ending_at_import(cskit: Any, code: str, said: str) -> None:
    """A plugin that ends the process while it is imported does not: the command does its work."""
    done = cskit(code, "customer", "add", "海风", "-o", "json")
    assert (done.returncode, json.loads(done.stdout)["id"]) == (0, "C-000001")
    assert f"cskit: plugin bad 1 is broken: {said}; the rest works (cskit plugins list)\n" in done.stderr


def test_killing_the_process(cskit: Any) -> None:
    """Nothing can catch os._exit: the exit code is the plugin's, but nothing is saved or broken."""
    code = (
        "import os\nfrom cskit import hookimpl\n"
        "@hookimpl\ndef cskit_before_commit():\n    if not os.environ.get('WELL'):\n        os._exit(0)\n"
    )
    assert cskit(code, "customer", "add", "海风").stdout == ""
    done = cskit("", "customer", "list", "-o", "json")
    assert (done.returncode, json.loads(done.stdout)) == (0, [])
    assert cskit("", "customer", "add", "海风").stdout == "C-000001\n"
    assert cskit("", "data", "verify").returncode == 0


@pytest.mark.parametrize("name", ["tomllib", "msgspec", "difflib", "json"])
def test_the_working_folder_is_not_imported_from(cskit: Any, tmp_path: Path, name: str) -> None:
    """Neither a module nor a plugin that lies in the working folder is taken for an installed one."""
    here = tmp_path / "here"
    (here / "evil-1.dist-info").mkdir(parents=True)
    (here / "evil-1.dist-info" / "entry_points.txt").write_text(f"[cskit.plugins]\nevil = {name}\n")
    (here / f"{name}.py").write_text("raise SystemExit('taken over')")
    done = cskit("", "custmer", "list", cwd=here)
    assert done.returncode == 2
    assert "Did you mean 'customer'?" in done.stderr
    done = cskit("", "plugins", "list", "-o", "jsonl", cwd=here)
    assert (done.returncode, done.stderr) == (0, "")
    assert "evil" not in done.stdout


def test_a_working_folder_that_is_gone(cskit: Any, tmp_path: Path) -> None:
    """`python -m cskit` works where the working folder was deleted."""
    here = tmp_path / "gone"
    here.mkdir()
    code = "import os, sys\nos.rmdir(os.getcwd())\nos.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    line = [sys.executable, "-c", code, "-m", "cskit", "--version"]
    done = subprocess.run(line, cwd=here, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


# --- files that others could have written -------------------------------------------------------------------

posix = pytest.mark.skipif(os.name != "posix", reason="permission bits and links are POSIX's")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a plugin in a file of the user's own, two folders down."""
    place = tmp_path / "a" / "b"
    place.mkdir(parents=True)
    for folder in (tmp_path, tmp_path / "a", place):
        folder.chmod(0o700)
    path = place / "mine.py"
    path.write_text("")
    path.chmod(0o600)
    return path


@posix
def test_a_folder_above_that_others_can_write(file: Path) -> None:
    """Who can write a folder further up can put another file in the place of the plugin's."""
    line = ["--plugin", str(file), "plugins", "list"]
    assert run(line, plugins={}).exit_code == 0
    file.parent.parent.chmod(0o777)
    done = run(line, plugins={})
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"{file.parent.parent} can be written by others" in done.stderr
    file.parent.parent.chmod(0o1777)  # as /tmp is: others add, but cannot move what is there
    assert run(line, plugins={}).exit_code == 0


@posix
def test_a_link_in_a_folder_that_others_can_write(file: Path, tmp_path: Path) -> None:
    """A link is as safe as the folder it stands in, and as the file that it leads to."""
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o700)
    (shared / "link.py").symlink_to(file)
    line = ["--plugin", str(shared / "link.py"), "plugins", "list", "-o", "jsonl"]
    done = run(line, plugins={})
    assert done.stdout == f'{{"name":"mine","state":"loaded","origin":"{file}"}}\n'
    shared.chmod(0o777)
    done = run(line, plugins={})
    assert (done.exit_code, done.stdout) == (2, "")
    shared.chmod(0o700)
    file.chmod(0o666)
    assert run(line, plugins={}).exit_code == 2


@posix
def test_what_is_no_plugin_file(tmp_path: Path) -> None:
    """A pipe, a device or a folder is refused at once."""
    tmp_path.chmod(0o700)
    os.mkfifo(tmp_path / "pipe.py")
    for path in (str(tmp_path / "pipe.py"), "/dev/zero", str(tmp_path)):
        done = run(["--plugin", path, "plugins", "list"], plugins={})
        assert (done.exit_code, done.stdout) == (2, "")
        assert len(done.stderr.splitlines()) <= 2
