"""`cskit plugins new`: from nothing to a plugin whose tests pass, installed or not."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cskit import scaffold
from cskit.testing import Result, run

FILES = [
    "README.md",
    "cskit_acme2/__init__.py",
    "cskit_acme2/commands.py",
    "cskit_acme2/model.py",
    "cskit_acme2/visits.py",
    "pyproject.toml",
    "tests/test_acme2.py",
]


def new(*words: str, plugins: dict[str, object] | None = None) -> Result:
    """Run `cskit plugins new`."""
    return run(["plugins", "new", *words], plugins={} if plugins is None else plugins)


def test_what_is_made(tmp_path: Path) -> None:
    """The files are listed, and what to do next is said on stderr with commands that can be pasted."""
    done = new("acme2", "--dir", str(tmp_path), "-o", "jsonl")
    assert done.exit_code == 0
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["file"] for row in rows] == FILES
    assert {row["folder"] for row in rows} == {str(tmp_path / "acme2")}
    assert done.stderr.splitlines() == [
        "Next:",
        f"  cd {tmp_path}/acme2",
        f"  {sys.executable} -m pip install -e '.[dev]'",
        f"  {sys.executable} -m pytest",
        "  cskit plugins check acme2",
    ]
    found = sorted(path.relative_to(tmp_path / "acme2") for path in (tmp_path / "acme2").rglob("*.*"))
    assert [path.as_posix() for path in found if path.suffix] == FILES
    texts = [path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.*") if path.is_file()]
    assert [text for text in texts if re.search(r"@\w+@", text)] == []
    assert os.listdir(tmp_path) == ["acme2"]


def test_pipx_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where pipx keeps cskit, the plugin is injected beside it."""
    monkeypatch.setattr(sys, "prefix", "/home/li/.local/share/pipx/venvs/cskit")
    assert scaffold.next_steps("/x/acme2")[1] == "pipx inject cskit -e . pytest"


def test_uv_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment without pip is uv's."""
    monkeypatch.setattr(scaffold, "find_spec", lambda name: None)
    expected = f"uv pip install --python {sys.executable} -e '.[dev]'"
    assert scaffold.next_steps("/x/acme2")[1] == expected


@pytest.mark.parametrize("name", ["acme2", "green_tea"])
def test_its_tests_pass_at_once(tmp_path: Path, name: str) -> None:
    """Neither changed nor installed, the new plugin's own tests pass, the contract's checks among them."""
    assert new(name, "--dir", str(tmp_path)).exit_code == 0
    line = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(line, cwd=tmp_path / name, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "8 passed" in done.stdout


def test_its_readme_does_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command lines of the new README run beside our own plugins, in order."""
    assert new("green_tea", "--dir", str(tmp_path)).exit_code == 0
    monkeypatch.syspath_prepend(tmp_path / "green_tea")
    plugins = {"customers": "cskit_customers", "green_tea": "cskit_green_tea"}
    readme = (tmp_path / "green_tea" / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^    \$ cskit (.*)$", readme, re.MULTILINE)
    shown = [run(f"{line} --now 2026-11-22T10:00", data=tmp_path / "data", plugins=plugins) for line in lines]
    assert [done.exit_code for done in shown] == [0, 0, 0, 0], shown
    assert [done.stdout.splitlines()[-1].split() for done in shown[2:]] == [
        ["C-000001", "1.5"],
        ["C-000001", "green_tea.visits", "1", "visits"],
    ]


def test_it_can_be_installed(tmp_path: Path) -> None:
    """Built and installed by pip, cskit finds it, and `plugins check` has no fault to find."""
    assert new("acme2", "--dir", str(tmp_path)).exit_code == 0
    site = tmp_path / "site"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    line = [*pip, "--disable-pip-version-check", "--target", str(site), str(tmp_path / "acme2")]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for words, expected in (
        (["plugins", "list"], '{"name":"acme2","version":"0.1.0","state":"loaded","origin":"cskit-acme2"}'),
        (
            ["plugins", "check", "acme2"],
            '{"plugin":"acme2","check":"loads, with hooks that there are","result":"ok"}',
        ),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "cskit", *words, "-o", "jsonl"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(site)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert expected in done.stdout.splitlines()


# --- names --------------------------------------------------------------------------------------------------

NASTY = [
    *("", " ", ".", "..", "../acme", "a/b", "/x", "a\\b", "Acme", "acme!", "2acme", "-x", "_x", "a__b", "a_"),
    *("a b", "a\nb", "a\0b", "a\x1b[31m", "ácme", "~", "$HOME", "a;b", "a" * 31, "class", "con", "nul"),
    *("com1", "tests", "cskit", "cskit_acme", "客户"),
]


@pytest.mark.parametrize("name", NASTY, ids=ascii)
def test_names_that_cannot_be(tmp_path: Path, name: str) -> None:
    """A name that is no plain word is refused with what is allowed, and nothing is written anywhere."""
    done = new("--dir", str(tmp_path / "inner"), "--", name)
    (tmp_path / "inner").mkdir()
    done = new("--dir", str(tmp_path / "inner"), "--", name)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("cskit: ")
    assert len(done.stderr.splitlines()) == 2
    assert list(tmp_path.rglob("*")) == [tmp_path / "inner"]


def test_what_is_allowed_is_said() -> None:
    """The hint offers the nearest name, or says what a name is."""
    assert new("Acme-Tea").stderr == "cskit: a plugin cannot be called 'Acme-Tea'\nsuch as acme_tea\n"
    rule = "a name is lower-case letters, digits and _, begins with a letter, and has 30 at most: acme"
    assert new("客户").stderr == f"cskit: a plugin cannot be called '客户'\n{rule}\n"
    assert new("cskit_tea").stderr.endswith(f"the package is called cskit_… by itself\n{rule}\n")


@pytest.mark.parametrize("name", ["customers", "customer", "log", "beta", "gamma"])
def test_names_that_are_taken(tmp_path: Path, name: str, plugin: object) -> None:
    """A plugin that is installed, also broken, or a command, keeps its name."""
    plugins: dict[str, object] = {"customers": "cskit_customers", "beta": "no_such_module", "gamma": plugin()}  # type: ignore[operator]
    done = new(name, "--dir", str(tmp_path), plugins=plugins)
    assert (done.exit_code, done.stdout) == (4, "")
    assert list(tmp_path.iterdir()) == []


# --- folders ------------------------------------------------------------------------------------------------


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    """A folder of the name that is there and empty becomes the plugin's."""
    (tmp_path / "acme2").mkdir()
    assert new("acme2", "--dir", str(tmp_path)).exit_code == 0


@pytest.mark.parametrize("kind", ["full", "file", "link", "dangling"])
def test_what_is_there_is_left_alone(tmp_path: Path, kind: str) -> None:
    """A folder that holds something, a file or a link in the place is a conflict, and stays as it is."""
    place, other = tmp_path / "acme2", tmp_path / "other"
    other.mkdir()
    if kind == "full":
        place.mkdir()
        (place / "mine.txt").write_text("mine")
    elif kind == "file":
        place.write_text("mine")
    else:
        place.symlink_to(other if kind == "link" else tmp_path / "nowhere")
    before = sorted(map(str, tmp_path.rglob("*")))
    assert new("acme2", "--dir", str(tmp_path)).exit_code == 4
    assert sorted(map(str, tmp_path.rglob("*"))) == before


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """--dir names a folder that exists."""
    assert new("acme2", "--dir", str(tmp_path / "none")) == (
        3,
        "",
        f"cskit: there is no folder {tmp_path}/none\nmake it, or give another\n",
    )


def test_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a file cannot be written, nothing is left behind."""

    def full(source: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "rename", full)
    done = new("acme2", "--dir", str(tmp_path))
    assert (done.exit_code, done.stdout) == (7, "")
    assert done.stderr == f"cskit: cannot write {tmp_path}/acme2: No space left on device\n"
    assert list(tmp_path.iterdir()) == []


def test_a_rehearsal_is_refused(tmp_path: Path) -> None:
    """Files are no records: --dry-run makes none, and says so."""
    done = new("acme2", "--dir", str(tmp_path), "--dry-run")
    assert (done.exit_code, done.stdout) == (2, "")
    assert list(tmp_path.iterdir()) == []
