"""How the house is built: who may import whom, how large a file may grow, what every module and hook says."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from cskit import hookspecs

ROOT = Path(__file__).parents[1]
PLUGINS = sorted(path.name for path in (ROOT / "plugins").iterdir() if (path / "__init__.py").exists())
LONGEST = 400
DRAWERS = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "tools", "base", "shared"}


class Module(NamedTuple):
    """A source file of ours: its dotted name and its syntax tree."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def docstring(self) -> str:
        """What the module says of itself, in one line."""
        return " ".join((ast.get_docstring(self.tree) or "").split())


def load(folder: Path) -> Iterator[Module]:
    """Yield the modules below a source root."""
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        yield Module(name, path, ast.parse(path.read_text(encoding="utf-8")))


CORE = list(load(ROOT / "cskit"))
OURS = {name: list(load(ROOT / "plugins" / name)) for name in PLUGINS}
ALL = [*CORE, *(module for modules in OURS.values() for module in modules)]


def imports(module: Module, *, at_once: bool = False) -> set[str]:
    """Return the modules that a module imports when it runs; `at_once`: when it is itself imported.

    What stands under `if TYPE_CHECKING` is never imported.
    """
    found: set[str] = set()
    for node in _running(module.tree, at_once):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def _running(node: ast.AST, at_once: bool) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        if at_once and isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        yield child
        yield from _running(child, at_once)


def below(name: str, *packages: str) -> bool:
    """Tell whether a dotted name is one of some packages or inside one."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def guilty(modules: list[Module], *forbidden: str) -> list[str]:
    """Return the modules that import what they must not."""
    return [
        f"{module.name} imports {name}"
        for module in modules
        for name in sorted(imports(module))
        if below(name, *forbidden)
    ]


# --- who imports whom --------------------------------------------------------------------------------------


def test_the_walk_sees_imports() -> None:
    """Imports in functions count, those for type checkers alone do not; or the tests below prove nothing."""
    text = """
import a
if TYPE_CHECKING:
    import b
def f():
    from c.d import e
class G:
    import h
try:
    import i
except ImportError:
    pass
"""
    module = Module("x", Path("x.py"), ast.parse(text))
    assert imports(module) == {"a", "c.d", "c.d.e", "h", "i"}
    assert imports(module, at_once=True) == {"a", "h", "i"}
    assert guilty([module], "c") == ["x imports c.d", "x imports c.d.e"]
    assert guilty([module], "c.d.e.f", "ca") == []


def test_only_the_store_knows_tinydb_and_databases() -> None:
    """TinyDB and SQL stay behind the store's protocol."""
    outside = [module for module in ALL if not below(module.name, "cskit.store")]
    assert guilty(outside, "tinydb", "sqlite3", "psycopg") == []


def test_only_output_knows_tabulate() -> None:
    """Tables are drawn in one place, and tabulate is imported in one."""
    assert guilty([module for module in ALL if module.name != "cskit.display.drawing"], "tabulate") == []


def test_the_core_names_no_plugin() -> None:
    """Neither by an import nor by a name in its text."""
    assert guilty(CORE, *PLUGINS) == []
    named = [
        f"{module.name} names {name}"
        for module in CORE
        for name in PLUGINS
        if re.search(rf"\b{name}\b", module.path.read_text(encoding="utf-8"))
    ]
    assert named == []


@pytest.mark.parametrize("plugin", PLUGINS)
def test_plugins_do_not_import_each_other(plugin: str) -> None:
    """They speak through facts, actions and hooks."""
    assert guilty(OURS[plugin], *(name for name in PLUGINS if name != plugin)) == []


@pytest.mark.parametrize("plugin", PLUGINS)
def test_plugins_know_of_the_store_its_protocol_only(plugin: str) -> None:
    """Any store will do for a plugin of ours, as for a stranger's."""
    found = [line for line in guilty(OURS[plugin], "cskit.store") if " cskit.store.protocol" not in line]
    assert [line for line in found if not line.endswith(" cskit.store")] == []


@pytest.mark.parametrize("plugin", PLUGINS)
def test_loading_a_plugin_imports_nothing_else(plugin: str) -> None:
    """A plugin's __init__ holds hooks: at once it imports the standard library and cskit, no more."""
    (own,) = (module for module in OURS[plugin] if module.name == plugin)
    heavy = [
        name
        for name in imports(own, at_once=True)
        if not below(name, "cskit") and name.split(".")[0] not in sys.stdlib_module_names
    ]
    assert heavy == []


# --- what a module says it does not import -----------------------------------------------------------------

_PROMISE = re.compile(r"(?:[Mm]ust not import|[Ii]mports no) (.*?)(?:\.(?: |$)|;|:)")
_STORE = ("cskit.store.folder", "cskit.store.tinydb", "cskit.store.disk", "cskit.store.lines")
_MEANT = {
    r"\bclick\b": ("click",),
    r"\bpluggy\b": ("pluggy",),
    r"\bmsgspec\b": ("msgspec",),
    r"\btinydb\b": ("tinydb",),
    r"\bstore\b": (*_STORE, "cskit.store.snapshot", "cskit.store.history", "cskit.store.verify"),
    r"\bplugin\b": tuple(PLUGINS),
    r"`cskit\.crud`": ("cskit.crud",),
    r"\bimportlib\.metadata\b": ("importlib.metadata",),
}


def promised(docstring: str) -> tuple[set[str], bool]:
    """Return what a docstring says is not imported, and whether that holds only "before it is used"."""
    found = " ".join(match.group(1) for match in _PROMISE.finditer(docstring))
    names = {name for pattern, names in _MEANT.items() if re.search(pattern, found) for name in names}
    return names, "before it is used" in found


@pytest.mark.parametrize("module", ALL, ids=lambda module: module.name)
def test_modules_keep_what_they_say(module: Module) -> None:
    """ "Must not import click" in a module's docstring is true."""
    names, later = promised(module.docstring)
    at_once = later or module.name == "cskit.cli"  # whose promise is about what starting costs
    assert [name for name in sorted(imports(module, at_once=at_once)) if below(name, *names)] == []


def test_services_promise_to_know_no_click() -> None:
    """What other programs may call, and every plugin's services, say so and are held to it above."""
    core = [
        "register",
        "importing",
        "history",
        "records",
        "edits",
        "intake.tabular",
        "display.views",
        "facts",
        "actions",
        "where",
        "rules",
        "scaffold",
    ]
    services = [f"cskit.{name}" for name in core] + [
        module.name for module in ALL if module.name.split(".")[-1] in ("service", "model", "facts")
    ]
    silent = [
        module.name
        for module in ALL
        if module.name in services and "click" not in promised(module.docstring)[0]
    ]
    assert silent == []
    assert set(services) <= {module.name for module in ALL}


def test_the_store_knows_no_command_line() -> None:
    """No module of the store imports click or what stands above it."""
    store = [module for module in CORE if below(module.name, "cskit.store")]
    above = (
        "click",
        "cskit.cli",
        "cskit.app",
        "cskit.commands",
        "cskit.crud",
        "cskit.display.views",
        "cskit.display.output",
    )
    assert guilty(store, *above) == []


# --- files -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", ALL, ids=lambda module: module.name)
def test_files_stay_small_and_say_what_they_own(module: Module) -> None:
    """No file over 400 lines, no drawer by its name, a docstring in each."""
    length = len(module.path.read_text(encoding="utf-8").splitlines())
    assert length <= LONGEST, f"{module.path.relative_to(ROOT)} has {length} lines: split it by noun"
    assert not DRAWERS & set(module.name.split(".")[-1].split("_"))
    assert module.docstring


def test_no_unfinished_work_is_left() -> None:
    """No TODO, no skipped coverage, no print for debugging."""
    wanted = re.compile(r"\b(TODO|FIXME|XXX)\b|pragma: no cover|breakpoint\(\)")
    found = [
        f"{module.name}:{number}"
        for module in ALL
        for number, line in enumerate(module.path.read_text(encoding="utf-8").splitlines(), 1)
        if wanted.search(line)
    ]
    assert found == []


# --- hooks -------------------------------------------------------------------------------------------------

HOOKS = sorted(name for name in vars(hookspecs) if name.startswith("cskit_"))
TESTS = "\n".join(
    path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "tests").rglob("*.py"))
    if path != Path(__file__)
)


def test_there_are_hooks() -> None:
    """The hooks are found where they are declared."""
    assert len(HOOKS) >= 8


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_is_documented_and_tested(name: str) -> None:
    """A hook says what it is for and since when; some test implements it, by its name or `plugin(name=…)`."""
    doc = " ".join((getattr(hookspecs, name).__doc__ or "").split())
    assert re.search(r"Since \d+\.\d+\.", doc), f"{name} does not say since which version it is there"
    assert len(doc) > 60
    short = name.removeprefix("cskit_")
    assert re.search(rf"def {name}\b|\bplugin\([^)]*\b{short}=|\b{short}=lambda", TESTS), (
        f"no test has {name}"
    )
