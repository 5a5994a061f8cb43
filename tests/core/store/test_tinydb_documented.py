"""What TinyDB's documentation says of each public method and query, on its own storages and on ours alike."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tinydb import JSONStorage, Query, TinyDB, operations, where
from tinydb.middlewares import CachingMiddleware
from tinydb.queries import QueryInstance
from tinydb.storages import MemoryStorage
from tinydb.table import Document, Table

from cskit import Refused, hookimpl
from cskit.app import App
from cskit.store.folder import open_store
from cskit.store.tinydb import FolderTinyDB, LineTable
from cskit.terminal.options import Options

User = Query()
NAMES = ["John", "Bob", "王芳", "Alice"]
DOCUMENTS: list[dict[str, Any]] = [
    {"name": "John", "age": 22, "groups": ["user"], "city": "上海", "car": {"make": "A", "year": 1990}},
    {"name": "Bob", "age": 42, "groups": ["user", "admin"], "car": {"make": "B", "year": 2001}},
    {"name": "王芳", "age": 31, "groups": [], "city": None},
    {"name": "Alice", "age": 22, "groups": ["sudo", "user"], "city": "北京", "tall": True},
]


def memory(path: Path) -> TinyDB:
    """Return TinyDB's own in memory."""
    return TinyDB(storage=MemoryStorage)


def file(path: Path) -> TinyDB:
    """Return TinyDB's own in a file."""
    return TinyDB(path / "stock.json", encoding="utf-8")


def caching(path: Path) -> TinyDB:
    """Return TinyDB's own in a file, with its caching middleware."""
    return TinyDB(path / "cached.json", storage=CachingMiddleware(JSONStorage), encoding="utf-8")


def ours(path: Path) -> TinyDB:
    """Return TinyDB's interface to a table of our store."""
    return FolderTinyDB(open_store(path / "data"), "users", "zhang")


DOCUMENTS[0]["visits"] = [{"by": "car"}]
DOCUMENTS[1]["visits"] = [{"by": "car"}, {"by": "train"}]


@pytest.fixture(params=[memory, file, caching, ours], ids=lambda made: made.__name__)
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TinyDB]:
    """Return a database whose default table `users` holds four documents."""
    made: TinyDB = request.param(tmp_path)
    made.default_table_name = "users"
    made.insert_multiple(dict(document) for document in DOCUMENTS)
    yield made
    made.close()


# --- queries -----------------------------------------------------------------------------------------------

QUERIES: dict[str, tuple[Any, str]] = {
    "==": (User.name == "John", "J"),
    "!=": (User.name != "John", "B王A"),
    "<": (User.age < 31, "JA"),
    "<=": (User.age <= 31, "J王A"),
    ">": (User.age > 31, "B"),
    ">=": (User.age >= 31, "B王"),
    "item": (User["name"] == "Bob", "B"),
    "where": (where("name") == "Bob", "B"),
    "where-path": (where("car").year == 1990, "J"),
    "nested": (User.car.year > 1990, "B"),
    "nested-item": (User["car"]["make"] == "A", "J"),
    "exists": (User.city.exists(), "J王A"),
    "none": (User.city == None, "王"),  # noqa: E711 - a query, not a comparison
    "matches": (User.name.matches("J.*n"), "J"),
    "matches-flags": (User.name.matches("john", flags=re.IGNORECASE), "J"),
    "search": (User.name.search("o"), "JB"),
    "search-flags": (User.name.search("A", flags=re.IGNORECASE), "A"),
    "test": (User.age.test(lambda age: age % 2 == 1), "王"),
    "test-arguments": (User.age.test(lambda age, low, high: low < age < high, 22, 42), "王"),
    "any-values": (User.groups.any(["admin", "sudo"]), "BA"),
    "any-query": (User.visits.any(Query().by == "train"), "B"),
    "all-values": (User.groups.all(["user"]), "JBA"),
    "all-query": (User.visits.all(Query().by == "car"), "J"),
    "all-two": (User.groups.all(["user", "admin"]), "B"),
    "one_of": (User.name.one_of(["Bob", "王芳", "none"]), "B王"),
    "fragment": (Query().fragment({"age": 22, "city": "北京"}), "A"),
    "fragment-of-field": (User.car.fragment({"make": "B"}), "B"),
    "map": (User.name.map(str.upper) == "BOB", "B"),
    "noop": (Query().noop(), "JB王A"),
    "not": (~(User.age == 22), "B王"),
    "and": ((User.age == 22) & (User.city == "上海"), "J"),
    "or": ((User.name == "Bob") | (User.tall == True), "BA"),  # noqa: E712 - a query, not a comparison
    "function": (lambda document: len(document["groups"]) == 2, "BA"),
}


@pytest.mark.parametrize(("query", "found"), QUERIES.values(), ids=QUERIES)
def test_every_query(db: TinyDB, query: Any, found: str) -> None:
    """search, get, contains, count, update and remove agree on which documents a query means, in order."""
    wanted = [name for name in NAMES if name[0] in found]
    assert [document["name"] for document in db.search(query)] == wanted
    first = db.get(query)
    assert isinstance(first, Document)
    assert first["name"] == wanted[0]
    assert (db.contains(query), db.count(query)) == (True, len(wanted))
    ids = [NAMES.index(name) + 1 for name in wanted]
    assert db.update({"seen": 1}, query) == ids
    assert [document.doc_id for document in db.search(User.seen == 1)] == ids
    assert db.remove(query) == ids
    assert [document["name"] for document in db] == [name for name in NAMES if name not in wanted]


def test_every_way_to_query_is_tried() -> None:
    """A query method that TinyDB adds must be added above."""
    public = {name for name in vars(Query) if not name.startswith("_")} - {"is_cacheable"}
    assert public <= {re.split("-", name)[0] for name in QUERIES}
    assert {"__and__", "__or__", "__invert__"} <= set(vars(QueryInstance))


# --- the table ---------------------------------------------------------------------------------------------


def test_insert(db: TinyDB) -> None:
    """A doc_id comes back, one more than the highest; a Document brings its own."""
    assert db.insert({"name": "E"}) == 5
    assert db.insert(Document({"name": "F"}, doc_id=12)) == 12
    assert db.insert({"name": "G"}) == 13
    assert db.insert_multiple({"n": n} for n in range(2)) == [14, 15]
    assert db.insert_multiple([{"a": 1}, Document({"a": 2}, doc_id=20)]) == [16, 20]
    with pytest.raises(ValueError, match="Document with ID 12 already exists"):
        db.insert(Document({}, doc_id=12))
    with pytest.raises(ValueError, match="Document is not a Mapping"):
        db.insert("text")  # type: ignore[arg-type]  # what is to be refused


def test_look_up_by_doc_id(db: TinyDB) -> None:
    """get and contains take one, get also several; what is not there is None, or left out."""
    assert db.get(doc_id=2) == DOCUMENTS[1]
    assert db.get(doc_id=9) is None
    found: Any = db.get(doc_ids=[1, 4, 9])
    assert [document.doc_id for document in found] == [1, 4]
    assert (db.contains(doc_id=2), db.contains(doc_id=9)) == (True, False)
    for call in (db.get, db.contains):
        with pytest.raises(RuntimeError, match="You have to pass either cond or doc_id"):
            call()


def test_reading_it_all(db: TinyDB) -> None:
    """all, iteration and len; documents know their doc_ids and are plain dictionaries otherwise."""
    assert db.all() == list(db) == DOCUMENTS
    assert (len(db), len(db.table("users"))) == (4, 4)
    assert [document.doc_id for document in db.all()] == [1, 2, 3, 4]
    db.all()[0]["name"] = "not saved"
    assert db.all() == DOCUMENTS


def test_update(db: TinyDB) -> None:
    """Fields or a function, on all, on a query's or on some doc_ids; the doc_ids come back."""
    assert db.update({"x": 1}) == [1, 2, 3, 4]
    assert db.update({"x": 2}, doc_ids=[4, 2]) == [4, 2]
    assert [document["x"] for document in db] == [1, 2, 1, 2]
    changed = db.update_multiple([({"x": 5}, where("age") == 22), (operations.delete("x"), where("x") == 2)])
    assert sorted(changed) == [1, 2, 4]
    assert [document.get("x") for document in db] == [5, None, 1, 5]


OPERATIONS: dict[str, tuple[Callable[[Any], None], Any]] = {
    "delete": (operations.delete("age"), None),
    "increment": (operations.increment("age"), 43),
    "decrement": (operations.decrement("age"), 41),
    "add": (operations.add("age", 8), 50),
    "subtract": (operations.subtract("age", 2), 40),
    "set": (operations.set("age", "old"), "old"),
}


@pytest.mark.parametrize(("operation", "age"), OPERATIONS.values(), ids=OPERATIONS)
def test_every_operation(db: TinyDB, operation: Callable[[Any], None], age: Any) -> None:
    """The operations module changes the documents that a query means, and no other."""
    assert db.update(operation, User.name == "Bob") == [2]
    assert [document.get("age") for document in db] == [22, age, 31, 22]


def test_every_operation_is_tried() -> None:
    """An operation that TinyDB adds must be added above."""
    assert {n for n, one in vars(operations).items() if inspect.isfunction(one)} == set(OPERATIONS)


def test_upsert(db: TinyDB) -> None:
    """What a query or a Document's doc_id means is updated, else inserted."""
    assert db.upsert({"age": 23}, User.name == "John") == [1]
    assert db.upsert({"name": "New"}, User.name == "New") == [5]
    assert db.upsert(Document({"tall": False}, doc_id=4)) == [4]
    assert db.upsert(Document({"name": "Own"}, doc_id=30)) == [30]
    assert db.get(doc_id=1) == {**DOCUMENTS[0], "age": 23}
    assert db.get(doc_id=4) == {**DOCUMENTS[3], "tall": False}
    with pytest.raises(ValueError, match="you must specify a doc_id"):
        db.upsert({"name": "New"})


def test_remove_and_truncate(db: TinyDB) -> None:
    """By query or by doc_ids; all at once only with truncate."""
    assert db.remove(doc_ids=[3, 1]) == [3, 1]
    with pytest.raises(RuntimeError, match=r"Use truncate\(\) to remove all documents"):
        db.remove()
    db.truncate()
    assert (len(db), db.all()) == (0, [])


def test_tables(db: TinyDB) -> None:
    """tables names what there is, table returns it; drop_table and drop_tables empty it."""
    assert db.tables() == {"users"}
    users = db.table("users")
    assert isinstance(users, Table)
    assert users.name == "users"
    assert users.get(doc_id=1) == DOCUMENTS[0]
    users.clear_cache()
    db.drop_table("users")
    assert db.tables() == set()
    db.insert({"a": 1})
    assert db.tables() == {"users"}
    db.drop_tables()
    assert (db.tables(), len(db)) == (set(), 0)


def test_it_closes(db: TinyDB) -> None:
    """As a context manager it closes at the end of the block."""
    with db as same:
        assert same is db
        assert len(db) == 4


def test_the_cache_changes_no_answer(db: TinyDB) -> None:
    """A query asked again after each change sees it."""
    query = User.age == 22
    assert db.count(query) == 2
    db.insert({"age": 22})
    assert db.count(query) == len(db.search(query)) == 3
    db.update({"age": 1}, query)
    assert (db.search(query), db.get(query)) == ([], None)


# --- in a command ------------------------------------------------------------------------------------------


class Vetoes:
    """A plugin with a say."""

    @hookimpl
    def cskit_before_commit(self, changes: Any) -> None:
        for change in changes:
            if b"forbidden" in (change.after or b""):
                raise Refused("that is forbidden")


def in_command(folder: Path, **options: Any) -> tuple[App, FolderTinyDB]:
    """Return a run of a command and TinyDB's interface in it."""
    app = App(Options(data=str(folder), **options), installed={"vetoes": Vetoes()})
    app.command = "acme sync"
    store = open_store(folder)
    return app, FolderTinyDB(store, "users", opened=app.transaction, reading=app.reading)


def test_in_a_command_plugins_have_their_say(tmp_path: Path) -> None:
    """A veto stops a call as a whole; what passes is an entry of the command."""
    _app, mine = in_command(tmp_path)
    assert isinstance(mine.table("users"), LineTable)
    assert mine.insert({"id": "U-1", "name": "John"}) == 1
    with pytest.raises(Refused, match="that is forbidden"):
        mine.insert_multiple([{"id": "U-2"}, {"id": "U-3", "name": "forbidden"}])
    assert mine.all() == [{"id": "U-1", "name": "John"}]
    assert len(list(open_store(tmp_path).history())) == 1


def test_in_a_dry_run_nothing_is_saved(tmp_path: Path) -> None:
    """The calls see each other's changes, as a command's own do, and nothing is kept."""
    app, mine = in_command(tmp_path, dry_run=True)
    mine.insert({"id": "U-1"})
    mine.update({"name": "John"})
    assert mine.all() == [{"id": "U-1", "name": "John"}]
    assert app.rehearsed
    assert list(open_store(tmp_path).history()) == []
