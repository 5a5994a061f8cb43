"""Copies put together wrongly: what is refused with a way out, and what is rebuilt or brought forward."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import tinydb

from cskit.errors import Exit, StorageFailed
from cskit.store import history
from cskit.store.folder import FolderStore, open_store
from cskit.store.protocol import Document, Origin

ORIGIN = Origin(time=dt.datetime(2026, 11, 22, 8, 30, tzinfo=dt.UTC), user="zhang", command="customer add")


def raw(number: int, text: str = "张三") -> bytes:
    """Return a document with a generated id."""
    return f'{{"id":"C-{number:06d}","name":"{text}"}}'.encode()


def add(store: FolderStore, *documents: bytes, table: str = "customers") -> int:
    """Save documents in one transaction; return its sequence."""
    with store.transaction(ORIGIN) as tx:
        for document in documents:
            tx.insert(table, document)
    assert tx.sequence is not None
    return tx.sequence


def documents_in(path: Path, table: str = "customers") -> list[Document]:
    """Return what another process would read now."""
    return list(open_store(path).reading().read(table))


@pytest.fixture
def department(tmp_path: Path) -> Path:
    """A folder with three customers, each saved apart, and copies of it after each."""
    path = tmp_path / "data"
    store = open_store(path)
    for number in (1, 2, 3):
        add(store, raw(number))
        shutil.copytree(path, tmp_path / f"copy{number}")
    return path


def another(path: Path, count: int) -> Path:
    """Return a folder with a history of its own."""
    for number in range(1, count + 1):
        add(open_store(path), raw(number, "as long"[:6]))
    return path


def assert_mixed_up(path: Path, said: str) -> None:
    """Assert that nothing is read or written, with exit code 7 and a way out."""
    before = {file.name: file.read_bytes() for file in path.iterdir()}
    for use in (lambda: documents_in(path), lambda: add(open_store(path), raw(9)), open_store(path).settle):
        with pytest.raises(StorageFailed, match=said) as caught:
            use()
        assert caught.value.exit is Exit.STORAGE
        assert caught.value.hint == history.WAY_OUT
    assert {file.name: file.read_bytes() for file in path.iterdir()} == before


def test_an_older_history_is_mixed_up(department: Path, tmp_path: Path) -> None:
    """A history restored without its tables would lose what the tables hold."""
    shutil.copy(tmp_path / "copy2" / history.NAME, department)
    assert_mixed_up(department, r"customers\.json is ahead of history\.jsonl: the folder is a mixed-up copy")


@pytest.mark.parametrize("count", [1, 3, 5])
def test_the_history_of_another_folder_is_mixed_up(department: Path, tmp_path: Path, count: int) -> None:
    """Whether shorter, as long or longer, a history that the table was not made from is refused."""
    shutil.copy(another(tmp_path / "other", count) / history.NAME, department)
    assert_mixed_up(department, r"customers\.json (is ahead of|does not belong to) history\.jsonl")


@pytest.mark.parametrize("count", [1, 3, 5])
def test_a_table_of_another_folder_is_mixed_up(department: Path, tmp_path: Path, count: int) -> None:
    """A table file copied in from elsewhere is not taken for ours."""
    shutil.copy2(another(tmp_path / "other", count) / "customers.json", department)
    assert_mixed_up(department, r"customers\.json (is ahead of|does not belong to) history\.jsonl")


def test_a_deleted_history_is_mixed_up(department: Path) -> None:
    """Without its history a table cannot be added to."""
    (department / history.NAME).unlink()
    assert_mixed_up(department, r"customers\.json is ahead of history\.jsonl")


def test_a_deleted_table_is_rebuilt(department: Path) -> None:
    """The history holds every document: reading shows them, the next save writes the file again."""
    (department / "customers.json").unlink()
    everything = [Document(n, raw(n)) for n in (1, 2, 3)]
    assert documents_in(department) == everything
    assert not (department / "customers.json").exists()
    assert add(open_store(department), b"{}", table="orders") == 4
    with tinydb.TinyDB(department / "customers.json", encoding="utf-8") as db:
        assert len(db.table("customers")) == 3
    assert documents_in(department) == everything


@pytest.mark.parametrize("copy", [shutil.copy, shutil.copy2], ids=["new-time", "old-time"])
@pytest.mark.parametrize("number", [1, 2])
def test_an_old_copy_of_a_table_is_brought_forward(
    department: Path, tmp_path: Path, number: int, copy: Any
) -> None:
    """A table file put back from a backup is never read as stale: the history says what it lacks."""
    copy(tmp_path / f"copy{number}" / "customers.json", department)
    everything = [Document(n, raw(n)) for n in (1, 2, 3)]
    assert documents_in(department) == everything
    add(open_store(department), raw(4))
    assert documents_in(department) == [*everything, Document(4, raw(4))]
    assert len(json.loads((department / "customers.json").read_bytes())["customers"]) == 4
