"""What is installed is what is here: one wheel with the core, our plugins, and the files they need."""

from __future__ import annotations

import configparser
import email
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PLUGINS = sorted(path.name for path in (ROOT / "plugins").iterdir() if (path / "__init__.py").exists())
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    """Build the wheel as an installer would, without the net."""
    folder = tmp_path_factory.mktemp("wheel")
    line = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (file,) = folder.glob("*.whl")
    with zipfile.ZipFile(file) as opened:
        yield opened


def files(folder: Path) -> Iterator[Path]:
    """Yield the files of a source folder that belong to it."""
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        if path.is_file() and "__pycache__" not in parts and not any(part.startswith(".") for part in parts):
            yield path


def entry_points(wheel: zipfile.ZipFile) -> configparser.ConfigParser:
    """Return the entry points that the wheel declares."""
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/entry_points.txt"))
    found = configparser.ConfigParser(delimiters="=")
    found.read_string(wheel.read(name).decode())
    return found


def test_the_plugins_are_found() -> None:
    """There is at least the plugin every other needs, or the tests below would test nothing."""
    assert "cskit_customers" in PLUGINS


@pytest.mark.parametrize("name", ["cskit", *PLUGINS])
def test_every_file_of_a_package_is_in_the_wheel(wheel: zipfile.ZipFile, name: str) -> None:
    """Modules, samples and rules, byte for byte, at the top of the wheel; not one is forgotten."""
    folder = ROOT / name if name == "cskit" else ROOT / "plugins" / name
    held = set(wheel.namelist())
    missing, other = [], []
    for path in files(folder):
        inside = f"{name}/{path.relative_to(folder).as_posix()}"
        if inside not in held:
            missing.append(inside)
        elif wheel.read(inside) != path.read_bytes():
            other.append(inside)
    assert (missing, other) == ([], [])


def test_types_and_samples_are_there(wheel: zipfile.ZipFile) -> None:
    """Type checkers find py.typed; the demonstration finds its tables."""
    samples = {f"cskit_customers/demo/{name}.xlsx" for name in ("customers", "orders")}
    assert {"cskit/py.typed", *samples} <= set(wheel.namelist())


def test_nothing_else_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    """No tests, no benchmarks, no folder `plugins`, nothing compiled: packages and their description."""
    tops = {name.split("/")[0] for name in wheel.namelist()}
    described = {top for top in tops if top.endswith(".dist-info")}
    assert tops - described == {"cskit", *PLUGINS}
    assert len(described) == 1
    left = [name for name in wheel.namelist() if "test_" in name or "__pycache__" in name]
    assert left == ["cskit/scaffold/package/tests/test_NAME.py.template"]  # what `plugins new` makes


def test_each_plugin_has_one_entry_point(wheel: zipfile.ZipFile) -> None:
    """Ours come through the same door as anybody's: one name for each package, without the prefix."""
    found = entry_points(wheel)
    assert dict(found["cskit.plugins"]) == {name.removeprefix("cskit_"): name for name in PLUGINS}
    assert dict(found["console_scripts"]) == {"cskit": "cskit.launch:main"}


def test_what_the_wheel_needs_is_what_the_project_says(wheel: zipfile.ZipFile) -> None:
    """Name, version and run-time dependencies; the tools of developers only as an extra."""
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    described = email.message_from_bytes(wheel.read(name))
    assert (described["Name"], described["Version"]) == ("cskit", PROJECT["project"]["version"])
    needed = [line for line in described.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert len(needed) == len(PROJECT["project"]["dependencies"])
    assert described["License-Expression"] == "MIT"


def test_the_version_is_one(wheel: zipfile.ZipFile) -> None:
    """The program says the version that the project has."""
    from cskit import __version__

    assert __version__ == PROJECT["project"]["version"]


def contract(name: str) -> dict[str, Any]:
    """Return an import contract by its name."""
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    return next(one for one in contracts if one["name"] == name)


@pytest.mark.parametrize(
    ("where", "listed", "core"),
    [
        ("mypy", PROJECT["tool"]["mypy"]["packages"], ["cskit"]),
        ("coverage", PROJECT["tool"]["coverage"]["run"]["source"], ["cskit"]),
        ("import-linter", PROJECT["tool"]["importlinter"]["root_packages"], ["cskit"]),
        ("core-contract", contract("The core knows no plugin")["forbidden_modules"], []),
    ],
)
def test_every_tool_looks_at_every_plugin(where: str, listed: list[str], core: list[str]) -> None:
    """A plugin that is added is type-checked, measured, and held to the import contracts."""
    assert sorted(listed) == sorted([*core, *PLUGINS]), where
