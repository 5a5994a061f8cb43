"""What other programs did to table files, taken over: an entry before the command's own, or refused."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tinydb

from cskit.errors import Conflict, Exit, StorageFailed
from cskit.store import folder, history, lines
from cskit.store.folder import FolderStore, open_store
from cskit.store.protocol import Change, Origin
from cskit.store.snapshot import Clash
from tests.core.store.test_foreign import (
    EDITS,
    add,
    in_place,
    names,
    pretty,
    raw,
    read,
    snapshot_of,
    stock_insert,
)

ORIGIN = Origin(time=dt.datetime(2026, 11, 22, 8, 30, tzinfo=dt.UTC), user="li", command="customer add")
Edit = Callable[[Path], None]


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """A table with three documents, settled."""
    add(open_store(tmp_path), raw(1), raw(2), raw(3))
    return tmp_path / "customers.json"


@pytest.fixture
def half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table whose file has documents 1 to 3; 4, a change of 2, and the end of 3 are in the history."""
    monkeypatch.setattr(folder, "SMALL", -1)
    monkeypatch.setattr(folder, "SHARE", 1e-9)
    store = open_store(tmp_path)
    add(store, raw(1), raw(2), raw(3))
    with store.transaction(ORIGIN) as tx:
        tx.insert("customers", raw(4))
        tx.replace("customers", 2, raw(2, "pending"))
        tx.remove("customers", 3)
    return tmp_path / "customers.json"


def entries(path: Path) -> list[tuple[str, str]]:
    """Return command and user of each entry, oldest first."""
    return [(e.origin.command, e.origin.user) for e in open_store(path).history()][::-1]


def assert_whole(path: Path) -> None:
    """Assert that nothing is wrong with a folder, and that its files are in our own form."""
    store = open_store(path)
    assert store.verify().findings == []
    assert all(file.stamped and file.ours for file in store.reading().files.values())


def heard(path: Path) -> tuple[FolderStore, list[str]]:
    """Return a store and what it says."""
    said: list[str] = []
    return open_store(path, notice=said.append), said


# --- adopted -----------------------------------------------------------------------------------------------

CHANGES: dict[str, Callable[[Any], object]] = {
    "insert": lambda tx: tx.insert("customers", raw(9)),
    "replace": lambda tx: tx.replace("customers", 1, raw(1, "mine")),
    "remove": lambda tx: tx.remove("customers", 1),
    "number": lambda tx: (tx.next_number("customers", "C"), tx.insert("orders", b"{}")),
    "elsewhere": lambda tx: tx.insert("orders", b"{}"),
}


@pytest.mark.parametrize("edit", [*EDITS, stock_insert])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_an_edit_is_an_entry_before_the_commands(
    three: Path, edit: Edit, change: Callable[[Any], object]
) -> None:
    """What another program changed is saved first, as nobody's, with the file's time; then the command's."""
    os.utime(three, (1_790_000_000, 1_790_000_000))
    edit(three)
    os.utime(three, (1_790_000_000, 1_790_000_000))
    theirs = read(three.parent)
    store, said = heard(three.parent)
    with store.transaction(ORIGIN) as tx:
        assert {d.number: json.loads(d.raw) for d in tx.read("customers")} == theirs
        change(tx)
    assert entries(three.parent) == [
        ("customer add", "zhang"),
        ("", ""),
        ("customer add", "li"),
    ]
    entry, changes = store.changes_of(2)
    assert entry.origin.foreign == {"customers": dt.datetime.fromtimestamp(1_790_000_000, dt.UTC)}
    assert {c.number for c in changes} == ({4} if edit is stock_insert else {1})
    assert said == ["customers.json: 1 document was changed by another program; saved as 2"]
    assert_whole(three.parent)


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_beside_pending_changes(half: Path, edit: Edit) -> None:
    """A file that is behind the history: their document and ours both hold, each in its own entry."""
    edit(half)
    store = open_store(half.parent)
    add(store, raw(5))
    assert names(half.parent) == {1: "edited", 2: "pending", 4: "张三", 5: "张三"}
    assert [c.number for c in store.changes_of(3)[1]] == [1]
    store.settle()
    assert_whole(half.parent)


def test_the_history_keeps_what_stood_before(three: Path) -> None:
    """Each image is kept, so that the change can be shown and undone; untouched bytes stay as they were."""
    pretty(three)
    add(open_store(three.parent), raw(4))
    store = open_store(three.parent)
    assert store.changes_of(2)[1] == [Change("customers", 1, raw(1), raw(1, "edited"))]
    assert [d.raw for d in store.reading().read("customers")] == [raw(1, "edited"), raw(2), raw(3), raw(4)]


def rewrite(path: Path) -> None:
    """Write the same documents in another form, keys sorted."""
    path.write_text(json.dumps(json.loads(path.read_bytes()), indent=1, sort_keys=True))


def untouched(path: Path) -> None:
    """Open the file with stock TinyDB and write back what was in it."""
    with tinydb.TinyDB(path, encoding="utf-8") as db:
        db.table("customers").update({}, doc_ids=[1])


@pytest.mark.parametrize("form", [rewrite, untouched])
@pytest.mark.parametrize("state", ["three", "half"])
def test_another_form_of_the_same_is_no_entry(request: pytest.FixtureRequest, state: str, form: Edit) -> None:
    """Nothing differs: no entry, and the next command that saves writes the file in our own form."""
    path: Path = request.getfixturevalue(state)
    before = len(entries(path.parent))
    form(path)
    store, said = heard(path.parent)
    add(store, raw(7))
    assert len(entries(path.parent)) == before + 1
    assert said == []
    store.settle()
    assert_whole(path.parent)


def test_numbers_are_not_given_out_again(three: Path) -> None:
    """Whatever the other program did to the counters, the history knows them; and its documents count."""
    store = open_store(three.parent)
    with store.transaction(ORIGIN) as tx:
        assert [tx.next_number("customers", "C") for _turn in range(7)][-1] == 7
        tx.remove("customers", 3)
    with tinydb.TinyDB(three, encoding="utf-8") as db:
        db.drop_table("_cskit")
        db.table("customers").insert(tinydb.table.Document({"id": "X"}, doc_id=40))
    with store.transaction(ORIGIN) as tx:
        assert tx.next_number("customers", "C") == 8
        assert tx.insert("customers", raw(8)) == 41
    assert_whole(three.parent)


def test_stock_drop_tables_is_a_removal_that_undo_knows(three: Path) -> None:
    """`drop_tables()` takes our tail with it: every document goes, and its last image is in the history."""
    with tinydb.TinyDB(three, encoding="utf-8") as db:
        db.drop_tables()
    store = open_store(three.parent)
    add(store, b"{}", table="orders")
    assert read(three.parent) == {}
    assert store.changes_of(2)[1] == [Change("customers", n, raw(n), None) for n in (1, 2, 3)]
    add(store, raw(4))
    assert list(read(three.parent)) == [4]
    assert_whole(three.parent)


def test_tables_beside_ours_are_kept(three: Path) -> None:
    """What a bare `db.insert` put into the file stays there, for stock TinyDB, through every later change."""
    with tinydb.TinyDB(three, encoding="utf-8") as db:
        db.insert({"stray": 1, "名": "张"})
        db.table("more").insert_multiple([{"a": [1, 2]}, {}])
    store = open_store(three.parent)
    add(store, raw(4))
    add(store, raw(5))
    assert len(entries(three.parent)) == 3
    assert len(three.read_bytes().splitlines()) == 9
    with tinydb.TinyDB(three, encoding="utf-8", access_mode="r") as db:
        assert db.all() == [{"stray": 1, "名": "张"}]
        assert db.table("more").all() == [{"a": [1, 2]}, {}]
        assert len(db.table("customers")) == 5
        assert list(json.loads(three.read_bytes()))[-1] == "_cskit"
    assert [d.number for d in store.reading().read("customers")] == [1, 2, 3, 4, 5]
    assert [d.number for d in store.reading().read("customers", ids=["C-000005"])] == [5]
    assert_whole(three.parent)


def test_an_entry_whose_file_was_not_written_is_found_done(three: Path) -> None:
    """Killed between the entry and the file: the next command finds nothing new, and writes the file."""
    pretty(three)
    theirs = three.read_bytes()
    add(open_store(three.parent), b"{}", table="orders")
    three.write_bytes(theirs)
    assert names(three.parent) == {1: "edited", 2: "张三", 3: "张三"}
    add(open_store(three.parent), raw(4))
    assert [command for command, _user in entries(three.parent)].count("") == 1
    assert_whole(three.parent)


def test_a_rehearsal_takes_an_edit_as_it_stands(three: Path) -> None:
    """A dry run changes what the file holds now, and leaves file and history alone."""
    in_place(three)
    before = snapshot_of(three.parent)
    tx = open_store(three.parent).rehearsal(ORIGIN)
    tx.replace("customers", 2, raw(2, "tried"))
    assert json.loads(tx.get("customers", 1) or b"") == {"id": "C-000001", "name": "edited"}
    assert [change.number for change in tx.changes] == [2]
    assert snapshot_of(three.parent) == before


def test_compaction_takes_over_first(three: Path) -> None:
    """What another program wrote is in the history before earlier entries are emptied."""
    in_place(three)
    open_store(three.parent).compact(ORIGIN)
    assert names(three.parent) == {1: "edited", 2: "张三", 3: "张三"}
    assert_whole(three.parent)


@pytest.mark.parametrize("known", [True, False])
def test_a_file_of_stock_tinydb_in_an_empty_folder(tmp_path: Path, known: bool) -> None:
    """A table that a plugin keeps is taken over with the first change; another is left alone."""
    with tinydb.TinyDB(tmp_path / "customers.json", encoding="utf-8") as db:
        db.table("customers").insert({"id": "X-1", "name": "old"})
    before = (tmp_path / "customers.json").read_bytes()
    store = open_store(tmp_path, owned=lambda table: known)
    add(store, b"{}", table="orders")
    assert len(entries(tmp_path)) == (2 if known else 1)
    assert ((tmp_path / "customers.json").read_bytes() == before) != known
    assert read(tmp_path) == {1: {"id": "X-1", "name": "old"}}
    if not known:
        with pytest.raises(Conflict, match=r"customers\.json was written by another program"):
            add(store, raw(1))


# --- refused -----------------------------------------------------------------------------------------------


@pytest.fixture
def clashing(half: Path) -> Path:
    """A table in which document 2 was changed by both, document 1 by another program alone."""
    content = json.loads(half.read_bytes())
    content["customers"]["2"]["name"] = "theirs"
    content["customers"]["1"]["name"] = "edited"
    half.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return half


def test_a_document_that_both_changed_is_refused_with_both_versions(clashing: Path) -> None:
    """Reading and changing that table exit with 4 and hold both versions; other tables go on."""
    before = snapshot_of(clashing.parent)
    for use in (lambda: read(clashing.parent), lambda: add(open_store(clashing.parent), raw(9))):
        with pytest.raises(Clash) as caught:
            use()
        assert caught.value.exit is Exit.CONFLICT
        assert [(one.number, one.theirs, one.ours) for one in caught.value.both] == [
            (2, raw(2, "theirs"), raw(2, "pending"))
        ]
    after = snapshot_of(clashing.parent)
    assert {name: after[name] for name in before} == before
    add(open_store(clashing.parent), b"{}", table="orders")
    assert clashing.read_bytes() == before["customers.json"]


def test_keeping_the_file(clashing: Path) -> None:
    """On purpose their version holds; ours stays in the history."""
    done, sequence = open_store(clashing.parent).adopt(ORIGIN, "file")
    assert (sequence, [c.number for c in done[0].changes]) == (3, [1, 2])
    assert names(clashing.parent) == {1: "edited", 2: "theirs", 4: "张三"}
    assert entries(clashing.parent)[-1] == ("customer add", "li")
    assert_whole(clashing.parent)


def test_keeping_the_history(clashing: Path) -> None:
    """On purpose our version holds; what the file held is kept beside it, and their other changes hold."""
    theirs = clashing.read_bytes()
    store, said = heard(clashing.parent)
    assert store.adopt(ORIGIN, "history")[1] == 3
    assert names(clashing.parent) == {1: "edited", 2: "pending", 4: "张三"}
    assert (clashing.parent / "customers.json.theirs").read_bytes() == theirs
    assert said == ["what customers.json held is kept as customers.json.theirs"]
    assert_whole(clashing.parent)


def test_what_adopting_would_do_changes_nothing(clashing: Path) -> None:
    """Looking at it first leaves every byte as it is."""
    before = snapshot_of(clashing.parent)
    store = open_store(clashing.parent)
    assert [c.number for c in store.foreign("file")[0].changes] == [1, 2]
    with pytest.raises(Clash):
        store.foreign()
    assert snapshot_of(clashing.parent) == before


def test_the_same_change_made_twice_is_no_conflict(half: Path) -> None:
    """Another program wrote what the history holds already: nobody has to choose."""
    content = json.loads(half.read_bytes())
    content["customers"]["2"]["name"] = "pending"
    half.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    assert names(half.parent) == {1: "张三", 2: "pending", 4: "张三"}
    add(open_store(half.parent), raw(5))
    assert len(entries(half.parent)) == 3


def test_one_id_on_two_documents_is_refused(three: Path) -> None:
    """A line copied in an editor, with its id: neither could be meant by it any more."""
    content = json.loads(three.read_bytes())
    content["customers"]["9"] = {"id": "C-000002", "name": "copied"}
    three.write_text(json.dumps(content))
    with pytest.raises(Conflict, match=r"documents 2 and 9 of customers\.json have the same id C-000002"):
        add(open_store(three.parent), raw(4))


def test_a_large_file_without_its_last_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Old documents in it look like ones changed back: it is refused until somebody says which holds."""
    monkeypatch.setattr(lines, "SMALL", 10)
    monkeypatch.setattr(folder, "SMALL", -1)
    monkeypatch.setattr(folder, "SHARE", 1e-9)
    store = open_store(tmp_path)
    add(store, raw(1), raw(2))
    with store.transaction(ORIGIN) as tx:
        tx.replace("customers", 2, raw(2, "pending"))
    path = tmp_path / "customers.json"
    content = json.loads(path.read_bytes())
    path.write_text(json.dumps({"customers": content["customers"]}))
    for use in (lambda: read(tmp_path), lambda: add(open_store(tmp_path), raw(9))):
        with pytest.raises(Conflict, match=r"customers\.json lost its last line to another program"):
            use()
    shutil.copytree(tmp_path, tmp_path.parent / "other")
    store.adopt(ORIGIN, "history")
    assert names(tmp_path) == {1: "张三", 2: "pending"}
    open_store(tmp_path.parent / "other").adopt(ORIGIN, "file")
    assert names(tmp_path.parent / "other") == {1: "张三", 2: "张三"}


def test_the_table_of_another_folder_is_refused(three: Path, tmp_path: Path) -> None:
    """An edited file whose tail is of another history: exit code 7 and the way out, whatever is done."""
    other = tmp_path / "other"
    add(open_store(other), raw(1, "李四"), raw(2), raw(3))
    pretty(other / "customers.json")
    shutil.copyfile(other / "customers.json", three)
    before = snapshot_of(three.parent)
    for use in (lambda: read(three.parent), lambda: add(open_store(three.parent), raw(4))):
        with pytest.raises(StorageFailed, match=r"customers\.json does not belong to history") as caught:
            use()
        assert caught.value.hint == history.WAY_OUT
    assert snapshot_of(three.parent) == before


# --- files that are no tables ------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["{}", '{"a": 1}', "[1, 2]", "not JSON", "", '{"_default": {"1": {}}}'])
def test_a_stray_file_is_no_table(three: Path, text: str) -> None:
    """A lower-case *.json that holds no table of its name is left alone by all that goes through tables."""
    (three.parent / "notes.json").write_text(text)
    store = open_store(three.parent, owned=lambda table: table == "customers")
    assert store.reading().tables() == ["customers"]
    assert store.foreign() == []
    add(store, raw(4))
    assert (three.parent / "notes.json").read_text() == text
    assert [info.table for info in store.info().tables] == ["customers"]
