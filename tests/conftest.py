"""What many tests need: plugins made of a few functions, and a store that lives in memory."""

from __future__ import annotations

import contextlib
import itertools
import os
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import settings

from cskit import NotFound, hookimpl
from cskit.plugins import discovery
from cskit.store.protocol import Change, Document, Origin

settings.register_profile("ci", derandomize=True)  # the same examples for everybody who looks at a failure
settings.register_profile("here", deadline=None)  # a busy machine is no failure
settings.load_profile("ci" if os.environ.get("CI") else "here")

MakePlugin = Callable[..., types.ModuleType]


@pytest.fixture(autouse=True)
def _same_environment() -> Iterator[None]:
    """See to it that no test leaves variables behind that the next would find."""
    before = dict(os.environ)
    yield
    left = {name for name in before.keys() | os.environ.keys() if before.get(name) != os.environ.get(name)}
    assert left - {"PYTEST_CURRENT_TEST"} == set()


@pytest.fixture(scope="session", autouse=True)
def _looked_once() -> Iterator[None]:
    """Look for installed plugins once for each `sys.path`: that is an eighth of a command line in here."""
    looked, seen = discovery.installed, {}

    def installed(paths: Sequence[str] | None = None) -> list[discovery.Candidate]:
        if paths is not None:
            return looked(paths)
        if (here := tuple(sys.path)) not in seen:
            seen[here] = looked()
        return list(seen[here])

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(discovery, "installed", installed)
        yield


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a folder for what can be made again, so that the tester's own is left alone."""
    return str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(autouse=True)
def _plain_environment(_same_environment: None, monkeypatch: pytest.MonkeyPatch, cache: str) -> None:
    """Keep the tester's own settings and language out of the tests."""
    for name in list(os.environ):
        if name.startswith("CSKIT_") or name in ("NO_COLOR", "FORCE_COLOR"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.setenv("XDG_CACHE_HOME", cache)


@pytest.fixture
def plugin() -> MakePlugin:
    """Return a function that makes a plugin: `plugin(commands=lambda: [...])` implements cskit_commands."""
    numbers = itertools.count(1)

    def make(**hooks: Callable[..., Any]) -> types.ModuleType:
        module = types.ModuleType(f"plugin_{next(numbers)}")
        for name, function in hooks.items():
            setattr(module, f"cskit_{name}", hookimpl(function))
        return module

    return make


class MemoryTransaction:
    """A transaction over the tables of a `MemoryStore`."""

    def __init__(self, tables: dict[str, dict[int, bytes]], origin: Origin | None = None) -> None:
        self.held = {table: dict(rows) for table, rows in tables.items()}
        self._before = tables
        self.origin = origin
        self.sequence: int | None = None

    @contextlib.contextmanager
    def savepoint(self) -> Iterator[MemoryTransaction]:
        before = {table: dict(rows) for table, rows in self.held.items()}
        part = MemoryTransaction(before)
        part.held = self.held
        try:
            yield part
        except BaseException:
            self.held.clear()
            self.held.update(before)
            raise

    def read(self, table: str, where: Any = None, ids: Any = None, names: Any = None) -> Iterator[Document]:
        return (Document(number, raw) for number, raw in sorted(self.held.get(table, {}).items()))

    def get(self, table: str, number: int) -> bytes | None:
        return self.held.get(table, {}).get(number)

    def tables(self) -> list[str]:
        return sorted(self.held)

    def mark(self, table: str, series: str) -> int:
        return 0

    def insert(self, table: str, raw: bytes, number: int | None = None) -> int:
        rows = self.held.setdefault(table, {})
        number = number or max(rows, default=0) + 1
        rows[number] = raw
        return number

    def replace(self, table: str, number: int, raw: bytes) -> None:
        self.held[table][number] = raw

    def remove(self, table: str, number: int) -> None:
        del self.held[table][number]

    def next_number(self, table: str, series: str) -> int:
        return max(self.held.get(table, {}), default=0) + 1

    def reserve(self, table: str, series: str, number: int) -> None:
        """Numbers are not kept."""

    @property
    def changes(self) -> list[Change]:
        found = []
        for table in sorted(self._before.keys() | self.held.keys()):
            old, new = self._before.get(table, {}), self.held.get(table, {})
            for number in sorted(old.keys() | new.keys()):
                if old.get(number) != new.get(number):
                    found.append(Change(table, number, old.get(number), new.get(number)))
        return found


class MemoryStore:
    """A store that forgets; `origins` are those of what was saved."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[int, bytes]] = {}
        self.origins: list[Origin] = []
        self.readings = 0

    def reading(self) -> MemoryTransaction:
        self.readings += 1
        return MemoryTransaction(self.tables)

    @contextlib.contextmanager
    def transaction(self, origin: Origin, check: Any = None) -> Iterator[MemoryTransaction]:
        tx = MemoryTransaction(self.tables, origin)
        yield tx
        if check is not None and tx.changes:
            check(tx)
        if tx.changes:
            self.tables = tx.held
            self.origins.append(tx.origin)
            tx.sequence = len(self.origins)

    def rehearsal(self, origin: Origin) -> MemoryTransaction:
        return MemoryTransaction(self.tables, origin)

    def history(self) -> Iterator[Any]:
        return iter(())

    def changes_with(self, name: str) -> Iterator[Any]:
        return iter(())

    def changes_of(self, sequence: int) -> Any:
        raise NotFound(f"the history has no entry {sequence}")


@pytest.fixture
def store() -> MemoryStore:
    """Return an empty store in memory."""
    return MemoryStore()
