"""TinyDB's own interface on our store: what TinyDB's documentation shows does the same as on stock TinyDB."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import tinydb
from tinydb import Query, TinyDB, operations, where
from tinydb.storages import MemoryStorage
from tinydb.table import Document, Table

from cskit.errors import Usage
from cskit.store.folder import FolderStore, open_store
from cskit.store.tinydb import FolderTinyDB, LineTable
from cskit.testing import run

User = Query()
DOCUMENTS: list[dict[str, Any]] = [
    {"name": "John", "age": 22, "groups": [{"name": "user"}], "city": "上海"},
    {"name": "Bob", "age": 42, "groups": [{"name": "admin"}, {"name": "user"}], "birthday": {"year": 1990}},
    {"name": "王芳", "age": 31, "groups": [], "city": None, "score": 1.5},
    {"name": "Alice", "age": 22, "groups": [{"name": "user"}, {"name": "sudo"}], "city": "上海"},
]


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    """Return an empty store."""
    return open_store(tmp_path)


def ours(store: FolderStore) -> FolderTinyDB:
    """Return our TinyDB over the table `users`, opened anew."""
    return FolderTinyDB(store, "users", "zhang")


def plain(value: Any) -> Any:
    """Return documents with their doc_ids, so that both count in a comparison."""
    if isinstance(value, Document):
        return ("document", value.doc_id, dict(value))
    return [plain(each) for each in value] if isinstance(value, list) else value


def increment_twice(document: dict[str, Any]) -> None:
    """Change a document in place, as a callable given to `update` may."""
    document["age"] += 2
    document["seen"] = True


READS: dict[str, Callable[[TinyDB], Any]] = {
    "all": lambda db: db.all(),
    "iter": lambda db: list(db),
    "len": lambda db: len(db),
    "iter-ids": lambda db: [document.doc_id for document in db],
    "search": lambda db: db.search(User.name == "John"),
    "search-none": lambda db: db.search(User.name == "Nobody"),
    "search-compare": lambda db: db.search((User.age > 21) & (User.age <= 31)),
    "search-or-not": lambda db: db.search((User.city == "上海") | ~(User.age < 40)),
    "search-where": lambda db: db.search(where("birthday").year == 1990),
    "search-item": lambda db: db.search(Query()["birthday"]["year"] == 1990),
    "search-exists": lambda db: db.search(User.city.exists()),
    "search-matches": lambda db: db.search(User.name.matches("^[A-J]")),
    "search-regex": lambda db: db.search(User.name.search("o")),
    "search-test": lambda db: db.search(User.age.test(lambda age, low: age > low, 30)),
    "search-any-query": lambda db: db.search(User.groups.any(Query().name == "admin")),
    "search-any-list": lambda db: db.search(User.groups.any([{"name": "sudo"}])),
    "search-all-query": lambda db: db.search(User.groups.all(Query().name == "user")),
    "search-all-list": lambda db: db.search(User.groups.all([{"name": "user"}, {"name": "sudo"}])),
    "search-one-of": lambda db: db.search(User.name.one_of(["Bob", "王芳"])),
    "search-fragment": lambda db: db.search(Query().fragment({"age": 22, "city": "上海"})),
    "search-field-fragment": lambda db: db.search(User.birthday.fragment({"year": 1990})),
    "search-map": lambda db: db.search(User.name.map(str.lower) == "bob"),
    "search-noop": lambda db: db.search(Query().noop()),
    "search-function": lambda db: db.search(lambda document: "score" in document),
    "get": lambda db: db.get(User.age == 22),
    "get-none": lambda db: db.get(User.age == 99),
    "get-id": lambda db: db.get(doc_id=3),
    "get-id-none": lambda db: db.get(doc_id=99),
    "get-ids": lambda db: db.get(doc_ids=[4, 1, 1, 99]),
    "contains": lambda db: [db.contains(User.name == "Bob"), db.contains(User.name == "Rob")],
    "contains-id": lambda db: [db.contains(doc_id=2), db.contains(doc_id=99)],
    "count": lambda db: [db.count(User.age == 22), db.count(User.age == 99)],
    "tables": lambda db: db.tables(),
    "table": lambda db: db.table("users").all(),
}

WRITES: dict[str, Callable[[TinyDB], Any]] = {
    "insert": lambda db: db.insert({"name": "Carol"}),
    "insert-document": lambda db: db.insert(Document({"name": "Carol"}, doc_id=12)),
    "insert-after-document": lambda db: [db.insert(Document({}, doc_id=12)), db.insert({"name": "Carol"})],
    "insert-multiple": lambda db: db.insert_multiple([{"name": "C"}, {"name": "D"}, Document({}, doc_id=9)]),
    "insert-generator": lambda db: db.insert_multiple({"int": number} for number in range(3)),
    "insert-multiple-none": lambda db: db.insert_multiple([]),
    "update": lambda db: db.update({"city": "北京"}),
    "update-query": lambda db: db.update({"city": "北京", "new": [1, {"a": None}]}, User.age == 22),
    "update-none": lambda db: db.update({"city": "北京"}, User.age == 99),
    "update-ids": lambda db: db.update({"city": "北京"}, doc_ids=[3, 1]),
    "update-ids-missing": lambda db: db.update({"city": "北京"}, doc_ids=[2, 99]),
    "update-callable": lambda db: db.update(increment_twice, User.age == 22),
    "delete": lambda db: db.update(operations.delete("city"), User.city.exists()),
    "increment": lambda db: db.update(operations.increment("age"), User.name == "Bob"),
    "decrement": lambda db: db.update(operations.decrement("age")),
    "add": lambda db: db.update(operations.add("age", 10), User.name == "Bob"),
    "add-text": lambda db: db.update(operations.add("name", "!"), doc_ids=[1]),
    "subtract": lambda db: db.update(operations.subtract("age", 10), User.name == "Bob"),
    "set": lambda db: db.update(operations.set("name", "李四"), User.name == "Bob"),
    "update-multiple": lambda db: db.update_multiple(
        [
            ({"city": "北京"}, User.name == "Alice"),
            (operations.increment("age"), User.age == 22),
            (operations.delete("name"), User.age == 23),
        ]
    ),
    "upsert-update": lambda db: db.upsert({"name": "John", "logged-in": True}, User.name == "John"),
    "upsert-insert": lambda db: db.upsert({"name": "Carol"}, User.name == "Carol"),
    "upsert-several": lambda db: db.upsert({"city": "北京"}, User.age == 22),
    "upsert-id": lambda db: db.upsert(Document({"name": "Jan"}, doc_id=1)),
    "upsert-new-id": lambda db: db.upsert(Document({"name": "Jan"}, doc_id=20)),
    "upsert-id-and-query": lambda db: db.upsert(Document({"name": "Jan"}, doc_id=20), User.name == "Bob"),
    "remove": lambda db: db.remove(User.age == 22),
    "remove-none": lambda db: db.remove(User.age == 99),
    "remove-ids": lambda db: db.remove(doc_ids=[3, 1]),
    "remove-ids-missing": lambda db: db.remove(doc_ids=[2, 99]),
    "remove-then-insert": lambda db: [db.remove(doc_ids=[2]), db.insert({"name": "Carol"})],
    "truncate": lambda db: db.truncate(),
    "drop-table": lambda db: db.drop_table("users"),
    "drop-tables": lambda db: db.drop_tables(),
    "clear-cache": lambda db: db.table("users").clear_cache(),
}

FAILURES: dict[str, Callable[[TinyDB], Any]] = {
    "insert-no-mapping": lambda db: db.insert([1, 2]),  # type: ignore[arg-type]
    "insert-multiple-no-mapping": lambda db: db.insert_multiple([{"name": "C"}, 5]),  # type: ignore[list-item]
    "insert-id-taken": lambda db: db.insert(Document({"name": "C"}, doc_id=2)),
    "insert-multiple-id-taken": lambda db: db.insert_multiple([{"name": "C"}, Document({}, doc_id=2)]),
    "insert-multiple-id-twice": lambda db: db.insert_multiple(
        [Document({}, doc_id=8), Document({}, doc_id=8)]
    ),
    "get-nothing": lambda db: db.get(),
    "contains-nothing": lambda db: db.contains(),
    "remove-nothing": lambda db: db.remove(),
    "upsert-nothing": lambda db: db.upsert({"name": "C"}),
    "update-callable": lambda db: db.update(operations.increment("city")),
    "delete-missing": lambda db: db.update(operations.delete("birthday")),
}


@pytest.fixture
def both(store: FolderStore) -> Iterator[tuple[TinyDB, TinyDB]]:
    """Return stock TinyDB and ours with the same documents."""
    stock = TinyDB(storage=MemoryStorage)
    stock.default_table_name = "users"
    mine = ours(store)
    for db in (stock, mine):
        db.insert_multiple(json.loads(json.dumps(DOCUMENTS)))
    yield stock, mine
    stock.close()
    mine.close()


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_reading_is_as_in_stock_tinydb(both: tuple[TinyDB, TinyDB], read: Callable[[TinyDB], Any]) -> None:
    """Queries, look-ups and counts find the same documents in the same order."""
    stock, mine = both
    expected = plain(read(stock))
    assert plain(read(mine)) == expected


@pytest.mark.parametrize("change", WRITES.values(), ids=WRITES)
def test_writing_is_as_in_stock_tinydb(
    both: tuple[TinyDB, TinyDB], store: FolderStore, change: Callable[[TinyDB], Any]
) -> None:
    """The same ids come back, the same documents are there after it, for whoever opens the table next."""
    stock, mine = both
    assert change(mine) == change(stock)
    assert sorted(plain(mine.all())) == sorted(plain(stock.all()))
    assert plain(ours(store).all()) == plain(mine.all())


@pytest.mark.parametrize("change", WRITES.values(), ids=WRITES)
def test_what_is_written_is_one_entry_that_undo_takes_back(
    both: tuple[TinyDB, TinyDB], store: FolderStore, tmp_path: Path, change: Callable[[TinyDB], Any]
) -> None:
    """A call that changes something is at most one entry a call, in the user's name, and undo restores it."""
    mine = both[1]
    before = plain(mine.all())
    change(mine)
    entries = list(store.history())[:-1]
    assert bool(entries) == (plain(mine.all()) != before)
    for entry in entries:
        assert (entry.origin.user, entry.origin.command.partition(" ")[0]) == ("zhang", "tinydb")
        assert run("undo --yes --user zhang", data=tmp_path).exit_code == 0
    assert plain(ours(store).all()) == before
    assert run("data verify", data=tmp_path).exit_code == 0


@pytest.mark.parametrize("call", FAILURES.values(), ids=FAILURES)
def test_failures_are_as_in_stock_tinydb(
    both: tuple[TinyDB, TinyDB], store: FolderStore, call: Callable[[TinyDB], Any]
) -> None:
    """The same error with the same words, and nothing of a call that failed is saved."""
    stock, mine = both
    before = plain(mine.all())
    with pytest.raises(Exception) as expected:  # noqa: PT011 - whatever stock TinyDB raises
        call(stock)
    with pytest.raises(expected.type) as found:
        call(mine)
    assert str(found.value) == str(expected.value)
    assert plain(mine.all()) == before
    assert len(list(store.history())) == 1


# --- where ours is stricter or safer -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "error", "said"),
    [
        ({"at": dt.date(2026, 11, 22)}, TypeError, "date is not JSON serializable"),
        ({"tags": {1, 2}}, TypeError, "set is not JSON serializable"),
        ({"x": float("nan")}, ValueError, "Out of range float values are not JSON compliant"),
        ({"x": 2**63}, ValueError, "is a whole number beyond 64 bits"),
        ({"1": "a", 1: "b"}, ValueError, "the key '1' is named more than once"),
        ({"x": "a\0b"}, ValueError, "U\\+0000"),
        ({"x": "张\ud800"}, ValueError, "half of a surrogate pair"),
        ({"\udc00": 1}, ValueError, "half of a surrogate pair"),
        (Document({}, doc_id=0), ValueError, "doc_id 0: expected a whole number from 1 up"),
        (Document({}, doc_id=-1), ValueError, "doc_id -1: expected"),
        (Document({}, doc_id="x"), ValueError, "doc_id 'x': expected"),
    ],
    ids=[
        "date",
        "set",
        "nan",
        "integer",
        "key-twice",
        "zero-character",
        "half",
        "half-key",
        "zero",
        "negative",
        "text-id",
    ],
)
def test_what_would_not_come_back_is_refused(
    store: FolderStore, document: Any, error: type[Exception], said: str
) -> None:
    """A value that JSON cannot hold, or that would be read back as another, is an error and not saved."""
    mine = ours(store)
    with pytest.raises(error, match=said):
        mine.insert(document)
    if not isinstance(document, Document):
        mine.insert({"name": "John"})
        with pytest.raises(error, match=said):
            mine.update(document)
    assert mine.count(~(User.name == "John")) == 0


def test_values_come_back_as_json_has_them(store: FolderStore) -> None:
    """Tuples become lists and keys text, as in TinyDB's own files; numbers keep their kind."""
    mine = ours(store)
    mine.insert({"t": (1, 2), 3: "c", "f": 1e22, "i": -(2**63), "b": True, "n": None, "中": "文"})
    assert mine.all() == [{"t": [1, 2], "3": "c", "f": 1e22, "i": -(2**63), "b": True, "n": None, "中": "文"}]
    assert [type(value) for value in mine.all()[0].values()][2:5] == [float, int, bool]


def test_a_change_of_kind_is_a_change(store: FolderStore) -> None:
    """1 becoming True or 1.0 is saved, though Python holds them for equal."""
    mine = ours(store)
    mine.insert({"x": 1})
    for value in (True, 1.0, 1):
        mine.update({"x": value})
        assert type(ours(store).all()[0]["x"]) is type(value)
    assert len(list(store.history())) == 4


def test_numbers_are_never_given_out_again(store: FolderStore) -> None:
    """Unlike in a file of TinyDB's own, a doc_id does not come back, not even after truncate."""
    mine = ours(store)
    mine.insert_multiple([{}, {}, {}])
    mine.remove(doc_ids=[3])
    assert ours(store).insert({}) == 4
    mine.truncate()
    assert ours(store).insert({}) == 5
    assert mine.insert_multiple([Document({}, doc_id=9), {}]) == [9, 10]


def test_a_generator_of_updates_reaches_every_document(store: FolderStore) -> None:
    """Unlike stock TinyDB, which is through with the generator after its first document."""
    mine = ours(store)
    mine.insert_multiple([{"x": 1}, {"x": 2}])
    assert mine.update_multiple(({"y": x}, Query().x == x) for x in (1, 2)) == [1, 2]
    assert mine.all() == [{"x": 1, "y": 1}, {"x": 2, "y": 2}]


def test_two_at_once_lose_nothing(store: FolderStore) -> None:
    """Two TinyDB objects that were opened before the other wrote see and keep each other's documents."""
    one, other = ours(store), ours(store)
    one.insert({"by": "one"})
    other.insert({"by": "other"})
    one.update({"seen": True})
    assert other.all() == [{"by": "one", "seen": True}, {"by": "other", "seen": True}]


def test_reading_goes_on_while_others_write(store: FolderStore) -> None:
    """A loop over the table may change it: it sees the moment it began at."""
    mine = ours(store)
    mine.insert_multiple([{"x": 1}, {"x": 2}])
    for document in mine:
        mine.insert({"x": document["x"] + 10})
        mine.remove(doc_ids=[document.doc_id])
    assert [document["x"] for document in mine] == [11, 12]


def test_an_insert_reads_and_writes_little(store: FolderStore, tmp_path: Path) -> None:
    """A document more in a large table is appended to the history; the table's file is not written."""
    mine = ours(store)
    mine.insert_multiple({"name": "x" * 100, "number": number} for number in range(12_000))
    store.settle()
    file, history = tmp_path / "users.json", tmp_path / "history.jsonl"
    before = (file.read_bytes(), history.stat().st_size)
    mine.insert({"name": "one more"})
    assert file.read_bytes() == before[0]
    assert history.stat().st_size - before[1] < 600
    assert mine.get(doc_id=12_001) == {"name": "one more"}


def test_stock_tinydb_opens_the_file(store: FolderStore, tmp_path: Path) -> None:
    """What was written through it is in a file that stock TinyDB reads."""
    ours(store).insert_multiple(DOCUMENTS)
    with TinyDB(tmp_path / "users.json", access_mode="r", encoding="utf-8") as stock:
        assert stock.table("users").all() == DOCUMENTS


def test_records_and_tinydb_share_a_table(tmp_path: Path) -> None:
    """What commands saved is there for queries, and what was changed here is there for commands."""
    run("customer add 海风贸易 --region 华东", data=tmp_path)
    customers = FolderTinyDB(open_store(tmp_path), "customers", "li")
    assert customers.search(Query().region == "华东") == [
        {"id": "C-000001", "name": "海风贸易", "region": "华东"}
    ]
    customers.update(operations.set("region", "华南"))
    assert run("customer list --fields region -o csv", data=tmp_path).stdout == "region\n华南\n"
    assert (
        run("log --limit 1 --fields user,did -o csv", data=tmp_path).stdout == "user,did\nli,tinydb update\n"
    )


def test_it_is_one_table(store: FolderStore) -> None:
    """Another table's name is refused, by the database and by a write of everything."""
    mine = ours(store)
    assert isinstance(mine.table("users"), LineTable)
    with pytest.raises(Usage, match="this TinyDB holds the table users, not orders"):
        mine.table("orders")
    with pytest.raises(Usage, match="this TinyDB holds the table users, not _default"):
        mine.storage.write({"users": {}, "_default": {"1": {"x": 1}}})
    assert list(store.history()) == []


def test_whole_reads_and_writes_as_a_storage(store: FolderStore) -> None:
    """As a plain TinyDB storage it reads everything and writes what differs, as one entry."""
    mine = ours(store)
    assert mine.storage.read() is None
    mine.insert_multiple([{"x": 1}, {"x": 2}, {"x": 3}])
    assert mine.storage.read() == {"users": {"1": {"x": 1}, "2": {"x": 2}, "3": {"x": 3}}}
    mine.storage.write({"users": {"1": {"x": 1}, "2": {"x": 9}, "7": {"x": 7}}})
    entry, changes = store.changes_of(2)
    assert entry.origin.command == "tinydb write"
    assert [(change.number, change.before, change.after) for change in changes] == [
        (2, b'{"x":2}', b'{"x":9}'),
        (3, b'{"x":3}', None),
        (7, None, b'{"x":7}'),
    ]
    mine.storage.write(mine.storage.read())
    assert len(list(store.history())) == 2


def test_the_whole_public_interface_is_covered() -> None:
    """Every public method of a TinyDB table is ours, or rests on one that is."""
    rest = {"name", "storage", "document_class", "document_id_class", "query_cache_class"}
    public = {name for name in vars(Table) if not name.startswith("_")} - rest
    public -= {"default_query_cache_capacity"}
    assert public <= vars(LineTable).keys()
    assert tinydb.__version__.startswith("4.")


def test_without_a_name_the_login_is_the_user(store: FolderStore) -> None:
    """Who did not say otherwise is the operating system's user."""
    import getpass

    FolderTinyDB(store, "users").insert({})
    assert next(store.history()).origin.user == getpass.getuser()
