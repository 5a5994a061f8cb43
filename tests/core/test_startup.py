"""What a command imports: facts instead of timings, in processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

HEAVY = {
    "tabulate",
    "wcwidth",
    "importlib.metadata",
    "holidays",
    "platformdirs",
    "filelock",
    "asyncio",
    "zipfile",
}
RECORDS = {"msgspec", "tinydb", "cskit.records", "cskit.store", "cskit.crud"}
PLUGINS = {"pluggy", "cskit.plugins.installed", "cskit.plugins.loading", "cskit.hookspecs", "cskit_customers"}
PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
SHIPPED = PROJECT["project"]["entry-points"]["cskit.plugins"]

PROGRAM = """
import json, sys
try:
    from cskit.cli import main
    main(sys.argv[1:])
finally:
    print("\\n" + json.dumps(sorted(sys.modules)))
"""


@pytest.fixture
def imported(tmp_path):
    """Return a function that runs a command line and returns the modules it had at its end."""
    place = Path(__file__).parents[2]
    metadata = tmp_path / "site" / "cskit-0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "entry_points.txt").write_text(
        "[cskit.plugins]\n" + "".join(f"{name} = {target}\n" for name, target in SHIPPED.items())
    )
    path = [str(tmp_path / "site"), str(place), str(place / "plugins")]
    # -S leaves out the site module and whatever the tester's own installation makes it import; our metadata
    # stand before those of an installed cskit.
    path += [entry for entry in sys.path if entry.endswith("site-packages")]

    def run(*words: str, plugins: Iterable[str] = ("customers",)) -> set[str]:
        env = {
            "PYTHONPATH": ":".join(path),
            "CSKIT_DATA": str(tmp_path / "data"),
            "CSKIT_PLUGINS": ",".join(plugins),
        }
        command = [sys.executable, "-S", "-c", PROGRAM, *words]
        done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
        assert (done.returncode, done.stderr.partition(";")[0]) in ((0, ""), (0, "customer added")), (
            done.stderr
        )
        return set(json.loads(done.stdout.splitlines()[-1]))

    return run


@pytest.mark.parametrize(
    ("words", "never"),
    [
        (["--version"], HEAVY | RECORDS | PLUGINS),
        ([], HEAVY | RECORDS | PLUGINS),
        (
            ["--help"],
            HEAVY | RECORDS | {"cskit_customers.model", "cskit_customers.facts", "cskit.commands.fact"},
        ),
        (["customer", "--help"], HEAVY | RECORDS | {"cskit_customers.model", "cskit_customers.facts"}),
        (
            ["customer", "add", "张三"],
            (HEAVY - {"platformdirs"})
            | {"tinydb", "cskit_customers.facts", "cskit.where", "cskit.commands.fact"},
        ),
    ],
    ids=["version", "bare", "help", "group-help", "add"],
)
def test_imports(imported, words, never):
    """A command imports what it needs, and none of what another command needs."""
    modules = imported(*words)
    assert modules & never == set()
    assert "click" in modules


def test_other_plugins_stay_out(imported):
    """A change of one plugin's records costs nothing of the others but what they say they have."""
    modules = imported("customer", "add", "张三", plugins=SHIPPED)
    others = tuple(f"{target}." for name, target in SHIPPED.items() if name != "customers")
    assert len(others) > 4
    assert {name for name in modules if name.startswith(others) and not name.endswith("menu")} == set()
    assert "cskit.rules" not in modules


def test_help_loads_plugins(imported):
    """The check above is worth something: help does load the plugins, lightly."""
    assert {"pluggy", "cskit_customers"} <= imported("--help")


def test_a_table_does_without_metadata(imported):
    """Drawing a table imports tabulate, but not importlib.metadata, which that asks for its version."""
    modules = imported("customer", "schema", "-o", "table")
    assert "tabulate" in modules
    assert "importlib.metadata" not in modules
    assert "email.message" not in modules
