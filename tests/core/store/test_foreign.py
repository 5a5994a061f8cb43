"""Table files that other programs wrote or touched: what is read, what is refused; nothing is lost."""

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

from cskit.errors import Conflict, CskitError, Exit, StorageFailed
from cskit.store import folder
from cskit.store.folder import FolderStore, open_store
from cskit.store.protocol import Document, Origin

ORIGIN = Origin(time=dt.datetime(2026, 11, 22, 8, 30, tzinfo=dt.UTC), user="zhang", command="customer add")


def raw(number: int, name: str = "张三") -> bytes:
    """Return a document with a generated id."""
    return f'{{"id":"C-{number:06d}","name":"{name}"}}'.encode()


def add(store: FolderStore, *documents: bytes, table: str = "customers") -> None:
    """Save documents in one transaction."""
    with store.transaction(ORIGIN) as tx:
        for document in documents:
            tx.insert(table, document)


def read(path: Path, table: str = "customers") -> dict[int, Any]:
    """Return what another process would read now, decoded."""
    return {d.number: json.loads(d.raw) for d in open_store(path).reading().read(table)}


def snapshot_of(path: Path) -> dict[str, bytes]:
    """Return every file's bytes."""
    return {file.name: file.read_bytes() for file in path.iterdir() if file.is_file()}


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """A table with three documents, settled."""
    add(open_store(tmp_path), raw(1), raw(2), raw(3))
    return tmp_path / "customers.json"


@pytest.fixture
def half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table whose file has documents 1 to 3; 4, two changes of 2, and the end of 3 are in the history."""
    monkeypatch.setattr(folder, "SMALL", -1)
    monkeypatch.setattr(folder, "SHARE", 1e-9)
    store = open_store(tmp_path)
    add(store, raw(1), raw(2), raw(3))
    with store.transaction(ORIGIN) as tx:
        tx.insert("customers", raw(4))
        tx.replace("customers", 2, raw(2, "first"))
        tx.remove("customers", 3)
    with store.transaction(ORIGIN) as tx:
        tx.replace("customers", 2, raw(2, "pending"))
    return tmp_path / "customers.json"


def names(path: Path) -> dict[int, str]:
    """Return the names in the table by number."""
    return {number: document["name"] for number, document in read(path).items()}


# --- only touched ------------------------------------------------------------------------------------------


def copied(path: Path) -> None:
    """Copy the file away and back, without its time."""
    shutil.copyfile(path, path.with_suffix(".bak"))
    shutil.copyfile(path.with_suffix(".bak"), path)
    path.with_suffix(".bak").unlink()


@pytest.mark.parametrize("touch", [lambda path: os.utime(path), copied], ids=["touch", "cp"])
def test_a_touched_file_is_still_ours(three: Path, touch: Callable[[Path], None]) -> None:
    """Another time of change alone: read as before, and the next change stamps the file anew."""
    before = three.stat().st_mtime_ns
    touch(three)
    assert three.stat().st_mtime_ns != before
    assert names(three.parent) == {1: "张三", 2: "张三", 3: "张三"}
    add(open_store(three.parent), raw(4))
    stamp = json.loads(three.read_bytes())["_cskit"]["1"]["stamp"]
    assert three.stat().st_mtime_ns == stamp * 1_000_000_000
    assert len(read(three.parent)) == 4


def test_a_touched_large_file_is_stamped_without_being_written(half: Path) -> None:
    """Where the change itself stays pending, the old file gets its time back: the next read is quick."""
    inode, stamp = half.stat().st_ino, half.stat().st_mtime_ns
    os.utime(half)
    add(open_store(half.parent), raw(5))
    assert (half.stat().st_ino, half.stat().st_mtime_ns) == (inode, stamp)


# --- changed -----------------------------------------------------------------------------------------------


def stock_insert(path: Path) -> None:
    """Add a document as any script with TinyDB would."""
    with tinydb.TinyDB(path, encoding="utf-8") as db:
        db.table("customers").insert({"id": "X-1", "name": "新来的"})


def stock_update(path: Path) -> None:
    """Change a document with TinyDB, which writes the whole file in another form."""
    with tinydb.TinyDB(path, encoding="utf-8", ensure_ascii=False) as db:
        db.table("customers").update({"name": "edited"}, doc_ids=[1])


def pretty(path: Path) -> None:
    """Change a document in an editor that also indents and escapes everything."""
    content = json.loads(path.read_bytes())
    content["customers"]["1"]["name"] = "edited"
    path.write_text(json.dumps(content, indent=4, sort_keys=True))


def in_place(path: Path) -> None:
    """Change a document with sed, which leaves the form of the file alone."""
    path.write_bytes(path.read_bytes().replace("张三".encode(), b"edited", 1))


def notepad(path: Path) -> None:
    """Change a document in an editor that writes a byte order mark and carriage returns."""
    in_place(path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))


EDITS = [stock_update, pretty, in_place, notepad]


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_file_is_read_in_full(three: Path, edit: Callable[[Path], None]) -> None:
    """Whatever form another program gave the file, its documents are found: all, by id, by number."""
    edit(three)
    assert names(three.parent) == {1: "edited", 2: "张三", 3: "张三"}
    reading = open_store(three.parent).reading()
    assert [d.number for d in reading.read("customers", ids=["C-000003", "C-000001", "none"])] == [1, 3]
    assert json.loads(reading.get("customers", 1) or b"") == {"id": "C-000001", "name": "edited"}
    assert reading.get("customers", 9) is None


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_document_that_is_also_pending_is_a_conflict(
    half: Path, edit: Callable[[Path], None]
) -> None:
    """Two changes of one document cannot both hold: that is said, and neither is lost."""
    store = open_store(half.parent)
    with store.transaction(ORIGIN) as tx:
        tx.replace("customers", 1, raw(1, "also pending"))
    edit(half)
    before = snapshot_of(half.parent)
    with pytest.raises(
        Conflict, match=r"document 1 of customers\.json was changed by another program"
    ) as caught:
        read(half.parent)
    assert caught.value.exit is Exit.CONFLICT
    assert (
        caught.value.hint == "`cskit data adopt customers --keep file`, or --keep history, says which holds"
    )
    assert snapshot_of(half.parent) == before


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_of_one_document_and_a_pending_change_of_another_both_show(
    half: Path, edit: Callable[[Path], None]
) -> None:
    """What another program changed, and what the history has beyond the file, are seen together."""
    edit(half)
    assert names(half.parent) == {1: "edited", 2: "pending", 4: "张三"}


def test_a_document_inserted_under_a_pending_number_is_a_conflict(half: Path) -> None:
    """Stock TinyDB gives a number that a pending document has already."""
    stock_insert(half)
    with pytest.raises(Conflict, match=r"document 4 of customers\.json"):
        read(half.parent)


def test_a_removal_of_a_pending_document_is_a_conflict(half: Path) -> None:
    """Removing with stock TinyDB what cskit has changed is a change of the same document."""
    with tinydb.TinyDB(half, encoding="utf-8") as db:
        db.table("customers").remove(doc_ids=[2])
    with pytest.raises(Conflict, match=r"document 2 of customers\.json"):
        read(half.parent)


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("state", ["three", "half"])
def test_settling_leaves_a_changed_file_alone(
    request: pytest.FixtureRequest, state: str, edit: Callable[[Path], None]
) -> None:
    """Bringing tables up to the history skips a file with somebody's changes, and does the others."""
    path: Path = request.getfixturevalue(state)
    store = open_store(path.parent)
    add(store, b"{}", table="orders")
    (path.parent / "orders.json").unlink()
    edit(path)
    before = path.read_bytes()
    assert store.settle() == ["orders"]
    assert path.read_bytes() == before
    assert (path.parent / "orders.json").exists()
    assert names(path.parent)[1] == "edited"


def test_another_programs_document_shows(three: Path) -> None:
    """What stock TinyDB inserts is listed with its number and found by its id."""
    stock_insert(three)
    assert names(three.parent) == {1: "张三", 2: "张三", 3: "张三", 4: "新来的"}
    assert [d.number for d in open_store(three.parent).reading().read("customers", ids=["X-1"])] == [4]


def test_putting_the_file_back_makes_it_ours_again(three: Path) -> None:
    """The way out that the error names works: the file as it was, and everything goes on."""
    good = three.read_bytes()
    stock_insert(three)
    three.write_bytes(good)
    add(open_store(three.parent), raw(4))
    assert len(read(three.parent)) == 4


def test_moving_the_file_away_rebuilds_it(three: Path) -> None:
    """The other way out works as well: without the file the history gives everything back."""
    stock_insert(three)
    three.rename(three.with_suffix(".theirs"))
    add(open_store(three.parent), raw(4))
    assert names(three.parent) == {n: "张三" for n in (1, 2, 3, 4)}
    assert three.exists()


def test_exact_numbers_of_foreign_hands_stay_exact(three: Path) -> None:
    """A decimal that another program wrote is read digit by digit, not as a double."""
    content = json.loads(three.read_bytes())
    text = json.dumps(content).replace(
        '"C-000001"', '"C-000001", "amount": 0.1000000000000000055511151231257827'
    )
    three.write_text(text)
    raw_one = next(iter(open_store(three.parent).reading().read("customers"))).raw
    assert b'"amount":0.1000000000000000055511151231257827' in raw_one


@pytest.mark.parametrize("number", ["1.7976931348623157e+308", "1e+28", "5e-324", "-2.5e-101"])
def test_every_number_stock_tinydb_can_write_is_read(three: Path, number: str) -> None:
    """A float of any size in one document does not make the table unreadable, and keeps its value."""
    with tinydb.TinyDB(three, encoding="utf-8") as db:
        db.table("customers").insert({"id": "X-1", "amount": float(number)})
    assert read(three.parent)[4] == {"id": "X-1", "amount": float(number)}


def test_an_edited_table_of_another_folder_is_refused(half: Path, tmp_path: Path) -> None:
    """A foreign file whose kept tail points into another history is not combined with this one."""
    other = tmp_path / "other"
    add(open_store(other), raw(1, "李四"), raw(2), raw(3))
    in_place(other / "customers.json")
    shutil.copyfile(other / "customers.json", half)
    with pytest.raises(StorageFailed, match=r"customers\.json does not belong to history\.jsonl"):
        read(half.parent)


# --- broken ------------------------------------------------------------------------------------------------

DEEP = "[" * 100_000 + "]" * 100_000
BROKEN: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is empty"),
    "blank": (b" \r\n\n", "is empty"),
    "mark-only": (b"\xef\xbb\xbf", "is empty"),
    "truncated": (b'{"customers": {"1": {"id":"C-000001"},', "is damaged: not JSON: expecting property name"),
    "binary": (bytes(range(256)), "is damaged: 'utf-8' codec can't decode byte 0x80 in position 128"),
    "utf-16": ('{"customers": {}}'.encode("utf-16"), "is damaged: 'utf-8' codec can't decode byte 0xff"),
    "gb18030": ('{"customers": {"1": {"name":"张三"}}}'.encode("gb18030"), "is damaged: 'utf-8' codec"),
    "zeros": (bytes(100), "is damaged: not JSON: expecting value at character 1"),
    "two-marks": (b"\xef\xbb\xbf\xef\xbb\xbf{}", "is damaged: not JSON: unexpected byte order mark"),
    "twice-a-number": (
        b'{"customers": {"1": {"a":1}, "1": {"a":2}}}',
        "is damaged: the key '1' is named more than once",
    ),
    "twice-a-field": (
        b'{"customers": {"1": {"a":1,"a":2}}}',
        "is damaged: the key 'a' is named more than once",
    ),
    "twice-a-table": (
        b'{"customers": {}, "customers": {}}',
        "is damaged: the key 'customers' is named more than once",
    ),
    "leading-zero": (b'{"customers": {"1": {}, "01": {}}}', "is damaged: '01' is not a document number"),
    "no-number": (b'{"customers": {"one": {}}}', "is damaged: 'one' is not a document number"),
    "negative": (b'{"customers": {"-1": {}}}', "is damaged: '-1' is not a document number"),
    "arabic": ('{"customers": {"١": {}}}'.encode(), "is damaged: '١' is not a document number"),
    "long-number": (b'{"customers": {"%s": {}}}' % (b"1" * 5000), "is damaged: '1111"),
    "nan": (b'{"customers": {"1": {"a":NaN}}}', "is damaged: 'NaN' is not a JSON number"),
    "infinity": (b'{"customers": {"1": {"a":-Infinity}}}', "is damaged: '-Infinity' is not a JSON number"),
    "huge": (b'{"customers": {"1": {"a":1e999}}}', "is damaged: '1e999' is a number too large"),
    "exponent": (
        b'{"customers": {"1": {"a":1e-99999999999999999999}}}',
        "is damaged: '1e-99999999999999999999' is a number too",
    ),
    "5000-digits": (
        b'{"customers": {"1": {"a":%s}}}' % (b"7" * 5000),
        f"is damaged: '{'7' * 57}…' is a whole number beyond 64 bits",
    ),
    "deep": (f'{{"customers": {{"1": {{"a":{DEEP}}}}}}}'.encode(), "is damaged: nested more than 64 deep"),
    "surrogate": (rb'{"customers": {"1": {"a":"\ud800"}}}', r"is damaged: '\ud800' holds half"),
    "nul": (rb'{"customers": {"1": {"a":"\u0000"}}}', r"is damaged: '\u0000' holds the char"),
    "list": (b"[]", "is not a TinyDB file"),
    "text": (b'"customers"', "is not a TinyDB file"),
    "null": (b"null", "is empty"),
    "table-is-a-list": (b'{"customers": []}', "is not a TinyDB file"),
    "document-is-a-list": (b'{"customers": {"1": []}}', "is not a TinyDB file"),
    "other-table-is-odd": (b'{"customers": {}, "_default": 5}', "is not a TinyDB file"),
}


@pytest.mark.parametrize(("content", "said"), list(BROKEN.values()), ids=list(BROKEN))
@pytest.mark.parametrize("known", [True, False], ids=["in-history", "unknown"])
def test_a_broken_file_is_named_and_left_as_it_is(
    tmp_path: Path, known: bool, content: bytes, said: str
) -> None:
    """Reading and writing say which file and what is wrong with it, in one line, and change nothing."""
    if known:
        add(open_store(tmp_path), raw(1))
    (tmp_path / "customers.json").write_bytes(content)
    before = snapshot_of(tmp_path)

    def write() -> None:
        add(open_store(tmp_path), raw(2))

    with pytest.raises(StorageFailed) as caught:
        read(tmp_path)
    assert caught.value.exit is Exit.STORAGE
    assert caught.value.message.startswith(f"customers.json {said}")
    assert caught.value.hint
    assert "\n" not in caught.value.message
    assert len(caught.value.message) < 200
    with pytest.raises(CskitError, match=r"customers\.json"):
        write()
    after = snapshot_of(tmp_path)
    assert {name: after[name] for name in before} == before


@pytest.mark.parametrize(
    "tail",
    [
        {},
        {"1": {}},
        {"2": {"table": "customers"}},
        {"1": {"table": "customers", "seq": "1"}},
        {"1": {"table": 5, "seq": 1, "at": -1}},
    ],
    ids=str,
)
def test_a_tail_that_is_none_is_ignored(three: Path, tail: Any) -> None:
    """A `_cskit` table that somebody emptied or filled with something else does not stop the reading."""
    content = json.loads(three.read_bytes())
    three.write_text(json.dumps({**content, "_cskit": tail}))
    assert names(three.parent) == {1: "张三", 2: "张三", 3: "张三"}


@pytest.mark.parametrize(
    ("old", "new"), [(b'"at":', b'"at":1'), (b'"seq":', b'"seq":9'), (b'"commit":"', b'"commit":"0')]
)
def test_a_changed_position_in_a_tail_is_a_mixed_up_copy(three: Path, old: bytes, new: bytes) -> None:
    """A tail that points elsewhere than into this history is another folder's: nothing is read or written."""
    three.write_bytes(three.read_bytes().replace(old, new))
    before = snapshot_of(three.parent)
    for use in (lambda: read(three.parent), lambda: add(open_store(three.parent), raw(4))):
        assert_storage_fails(use, "the folder is a mixed-up copy", "restore the whole data folder")
    assert snapshot_of(three.parent) == before


def test_a_tail_that_was_spoilt_is_no_tail(three: Path) -> None:
    """A position below nothing is none: the documents are read, and what differs is the history's to tell."""
    three.write_bytes(three.read_bytes().replace(b'"at":', b'"at":-'))
    assert names(three.parent) == {1: "张三", 2: "张三", 3: "张三"}


# --- links and odd files -----------------------------------------------------------------------------------


def assert_storage_fails(use: Callable[[], object], *said: str) -> None:
    """Assert that `use` fails with exit code 7 and a message with all of `said`."""
    with pytest.raises(StorageFailed) as caught:
        use()
    assert caught.value.exit is Exit.STORAGE
    assert all(part in f"{caught.value.message} {caught.value.hint}" for part in said)


@pytest.mark.parametrize("name", ["customers.json", "history.jsonl", "lock"])
@pytest.mark.parametrize("target", ["there", "missing"])
def test_a_planted_link_is_refused_and_its_target_untouched(tmp_path: Path, name: str, target: str) -> None:
    """A symbolic link where a data file belongs is neither followed nor replaced."""
    victim = tmp_path / "victim"
    if target == "there":
        victim.write_bytes(b"precious")
    data = tmp_path / "data"
    add(open_store(data), raw(1))
    (data / name).unlink()
    (data / name).symlink_to(victim)
    for use in (lambda: read(data), lambda: add(open_store(data), raw(2))):
        assert_storage_fails(use, str(data / name), "a symbolic link stands where a data file belongs")
    assert victim.exists() == (target == "there")
    assert not victim.exists() or victim.read_bytes() == b"precious"
    assert (data / name).is_symlink()


def test_a_link_planted_as_temporary_file_is_replaced(tmp_path: Path) -> None:
    """The temporary file's name is taken over without following what stands there."""
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    data = tmp_path / "data"
    add(open_store(data), raw(1))
    (data / "customers.json.new").symlink_to(victim)
    add(open_store(data), raw(2))
    assert victim.read_bytes() == b"precious"
    assert sorted(file.name for file in data.iterdir()) == ["customers.json", "history.jsonl", "lock"]
    assert not (data / "customers.json").is_symlink()
    assert len(read(data)) == 2


@pytest.mark.parametrize("name", ["customers.json", "history.jsonl"])
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["pipe", "folder"])
def test_what_is_no_file_is_refused(tmp_path: Path, name: str, make: Callable[[Path], None]) -> None:
    """A pipe or a folder where a data file belongs is named at once; nobody waits for it."""
    make(tmp_path / name)
    for use in (lambda: read(tmp_path), lambda: add(open_store(tmp_path), raw(2))):
        assert_storage_fails(use, str(tmp_path / name), "is not a regular file")


def test_reading_gives_documents_as_they_are_stored(three: Path) -> None:
    """The bytes of an untouched document are those that were saved."""
    assert list(open_store(three.parent).reading().read("customers")) == [
        Document(number, raw(number)) for number in (1, 2, 3)
    ]
