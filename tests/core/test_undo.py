"""`cskit undo`: any entry is taken back whole, as a new entry, or refused with the reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cskit import Refused, hookimpl
from cskit.store.folder import open_store
from cskit.store.tinydb import FolderTinyDB
from cskit.testing import Result, department

Run = Callable[..., Result]
CUSTOMERS = "key,name,region\nKH1,海风贸易,华东\nKH2,林小满,\nKH3,陈知夏,华北\n"


@pytest.fixture
def office(tmp_path: Path) -> Run:
    """Return a `run` for an empty department."""
    return department(tmp_path / "data")


def stored(folder: Path) -> dict[str, list[bytes]]:
    """Return every table's documents, byte for byte with their numbers."""
    reading = open_store(folder).reading()
    return {table: [b"%d %s" % document for document in reading.read(table)] for table in reading.tables()}


def held(folder: Path) -> dict[str, list[bytes]]:
    """Return the same without the tables that hold nothing."""
    return {table: documents for table, documents in stored(folder).items() if documents}


# --- what is taken back ------------------------------------------------------------------------------------

CHANGES = {
    "add": ["customer add 苏望舒 --tags vip"],
    "set": ["customer set C-000001 region=华南 tags+=vip custom.colour=red"],
    "clear": ["customer set C-000001 region= name=海风"],
    "remove": ["customer remove C-000002 --yes"],
    "many": ["customer set C-000001 C-000002 C-000003 owner=S-002"],
    "import": ["customer import {folder}/new.csv"],
    "order-and-customer": ["customer order import {folder}/orders.csv --create-customers"],
}


@pytest.mark.parametrize("lines", CHANGES.values(), ids=CHANGES)
def test_undo_restores_every_byte(office: Run, tmp_path: Path, lines: list[str]) -> None:
    """After undo each document is what it was, byte for byte; undoing that makes the change again."""
    (tmp_path / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    (tmp_path / "new.csv").write_text("key,name\nKH1,海风贸易（集团）\nKH9,许拟声\n", encoding="utf-8")
    (tmp_path / "orders.csv").write_text("key,customer,date\nD1,KH1,2026-11-01\nD2,NEW,2026-11-02\n")
    assert office(["customer", "import", str(tmp_path / "customers.csv")]).exit_code == 0
    before = stored(tmp_path / "data")
    for line in lines:
        assert office(line.format(folder=tmp_path)).exit_code == 0, line
    after = stored(tmp_path / "data")
    assert after != before
    assert office("undo --yes").exit_code == 0
    assert held(tmp_path / "data") == before
    assert office("undo 3 --yes").exit_code == 0
    assert stored(tmp_path / "data") == after
    assert office("data verify").exit_code == 0


def test_undo_all_is_the_start(office: Run, tmp_path: Path) -> None:
    """Undo after undo goes back through imports, changes and removals of two tables to nothing at all."""
    (tmp_path / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    lines = [
        f"customer import {tmp_path}/customers.csv",
        "customer order add KH1 --date 2026-11-20",
        "customer set KH2 region=华南",
        "customer order remove O-000001 --yes",
        "customer remove KH1 --yes",
    ]
    states = []
    for line in lines:
        states.append(held(tmp_path / "data"))
        assert office(line).exit_code == 0, line
    assert states[0] == {}
    for state in reversed(states):
        assert office("undo --yes").exit_code == 0
        assert held(tmp_path / "data") == state
    assert office("undo --yes").exit_code == 3


def test_undo_says_what_it_did(office: Run) -> None:
    """It names the entry, its command and records, the new entry, and how to have the change back."""
    office("customer add 海风贸易")
    assert office("undo --yes --reason typo") == (
        0,
        "",
        "undid 1, `customer add`, 1 customer; saved as 2 (`cskit undo 2` does it again)\n",
    )
    assert office("undo 2 --yes") == (
        0,
        "",
        "undid 2, `undo 1`, 1 customer; saved as 3 (`cskit undo 3` does it again)\n",
    )
    newest = json.loads(office("log -o jsonl --limit 2").stdout.splitlines()[1])
    assert (newest["undoes"], newest["reason"]) == (1, "typo")


def test_bare_undo_passes_over_undos_and_what_is_undone(office: Run) -> None:
    """The latest that stands is taken back: no undo, nothing undone already, but what was redone."""
    for name in ("一", "二", "三"):
        office(["customer", "add", name])

    def names() -> list[str]:
        found = office("customer list -o jsonl").stdout.splitlines()
        return [json.loads(line)["name"] for line in found]

    office("undo --yes")
    assert names() == ["一", "二"]
    office("undo 2 --yes")
    assert names() == ["一"]
    office("undo 4 --yes")  # redoes the third
    assert names() == ["一", "三"]
    office("undo --yes")  # which stands again, and is the latest
    assert names() == ["一"]
    office("undo --yes")
    assert names() == []
    assert office("undo --yes").exit_code == 3


def test_bare_undo_takes_back_the_users_own(office: Run) -> None:
    """Somebody else's newer entry is left alone unless it is named."""
    office("customer add 一 --user zhang")
    office("customer add 二 --user li")
    assert office("undo --yes --user zhang").stderr.startswith("undid 1, ")
    assert office("undo --yes --user zhang") == (
        3,
        "",
        "cskit: zhang has nothing to undo\n`cskit undo ENTRY` takes back any entry that `cskit log` lists\n",
    )
    assert office("undo 2 --yes --user zhang").exit_code == 0
    assert office("undo --yes --user li").exit_code == 3


def test_numbers_are_not_given_out_again(office: Run) -> None:
    """The number of an addition that was undone stays used, also after redoing and undoing once more."""
    assert office("customer add 一").stdout == "C-000001\n"
    office("undo --yes")
    assert office("customer add 二").stdout == "C-000002\n"
    office("undo 2 --yes")
    office("undo --yes")
    office("undo --yes")
    assert office("customer add 三").stdout == "C-000003\n"
    assert office("customer list --fields id,name -o csv").stdout == "id,name\nC-000003,三\n"


# --- what is refused ---------------------------------------------------------------------------------------


def test_a_later_change_is_named(office: Run, tmp_path: Path) -> None:
    """Undo of an entry whose records changed since names the entries; undoing those first works."""
    office("customer add 海风贸易")
    office("customer set C-000001 region=华东")
    office("customer set C-000001 owner=S-001")
    office("customer set C-000001 fax=1")
    assert office("undo 2 --yes --lock-timeout 0.2") == (
        4,
        "",
        "cskit: cannot undo 2: C-000001 changed since, in entries 3, 4\n"
        "undo these first, in this order: 4, 3\n",
    )
    assert office("undo 3 --yes").stderr.endswith("changed since, in entry 4\nundo 4 first\n")
    for entry in (4, 3, 2, 1):
        assert office(f"undo {entry} --yes").exit_code == 0
    assert stored(tmp_path / "data") == {"customers": []}


def test_an_entry_that_was_taken_back_is_in_nobodys_way(office: Run) -> None:
    """Of later changes only those that still stand have to be undone first."""
    office("customer add 海风贸易")
    office("customer set C-000001 region=华东")
    office("undo --yes")
    office("customer set C-000001 owner=S-001")
    assert office("undo 1 --yes") == (
        4,
        "",
        "cskit: cannot undo 1: C-000001 changed since, in entry 4\nundo 4 first\n",
    )


def test_many_moved_records_are_counted(office: Run, tmp_path: Path) -> None:
    """Five records are named, the others counted."""
    rows = "".join(f"KH{number},示例{number}\n" for number in range(1, 9))
    (tmp_path / "many.csv").write_text(f"key,name\n{rows}", encoding="utf-8")
    office(["customer", "import", str(tmp_path / "many.csv")])
    office("customer set --where 'known(name)' region=华东")
    named = ", ".join(f"C-00000{number}" for number in range(1, 6))
    assert office("undo 1 --yes").stderr == (
        f"cskit: cannot undo 1: {named} and 3 more changed since, in entry 2\nundo 2 first\n"
    )


def test_a_removed_record_counts_as_changed(office: Run) -> None:
    """The entry that added a record which was removed later cannot be undone before the removal."""
    office("customer add 海风贸易")
    office("customer remove C-000001 --yes")
    assert office("undo 1 --yes") == (
        4,
        "",
        "cskit: cannot undo 1: C-000001 changed since, in entry 2\nundo 2 first\n",
    )


def test_newer_records_that_refer_are_named(office: Run) -> None:
    """A customer with a newer order does not vanish under it."""
    office("customer add 海风贸易")
    office("customer order add C-000001 --date 2026-11-20")
    assert office("undo 1 --yes") == (
        4,
        "",
        "cskit: cannot undo 1: order O-000001 (customer C-000001) would point to nothing\n"
        "change or remove those first: cskit customer order list --where 'customer == \"C-000001\"'\n",
    )
    assert office("customer count") == (0, "1\n", "")


@pytest.mark.parametrize(
    ("lines", "refused"),
    [
        (["customer order remove O-000001 --yes", "customer remove C-000001 --yes"], 4),
        (["customer order set O-000001 customer=C-000002", "customer remove C-000001 --yes"], 4),
    ],
    ids=["removed", "pointed-elsewhere"],
)
def test_nothing_comes_back_that_points_to_nothing(office: Run, lines: list[str], refused: int) -> None:
    """An order is not put back on a customer who was removed in the meantime."""
    for line in (
        "customer add 一",
        "customer add 二",
        "customer order add C-000001 --date 2026-11-20",
        *lines,
    ):
        assert office(line).exit_code == 0, line
    assert office(f"undo {refused} --yes") == (
        4,
        "",
        "cskit: cannot undo 4: order O-000001 (customer C-000001) would point to nothing\n"
        "`cskit log C-000001` shows what became of C-000001; undo that first\n",
    )
    assert office("undo --yes").exit_code == 0
    assert office("undo 4 --yes").exit_code == 0


def test_twice_is_refused(office: Run) -> None:
    """What is undone already is not undone again, and the message names the undo."""
    office("customer add 海风贸易")
    office("undo --yes")
    said = "cskit: entry 1 is undone already, by entry 2\n`cskit undo 2` does it again\n"
    assert office("undo 1 --yes") == (4, "", said)
    office("undo 2 --yes")
    assert office("undo 2 --yes").stderr.startswith("cskit: entry 2 is undone already, by entry 3\n")
    assert office("undo 1 --yes").exit_code == 0


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("undo 7 --yes", 3, "cskit: the history has no entry 7\n`cskit log` lists them\n"),
        (
            "undo --yes --user li",
            3,
            "cskit: li has nothing to undo\n`cskit undo ENTRY` takes back any entry that `cskit log` lists\n",
        ),
        (
            "undo 1",
            2,
            "cskit: to undo entry 1, `customer add` of 2026-11-22 16:30, 1 customer needs a yes, "
            "and there is nobody to ask\nsay --yes if you mean it\n",
        ),
        (
            "undo 0",
            2,
            "Usage: cskit undo [OPTIONS] [ENTRY]\n"
            "cskit: Invalid value for '[ENTRY]': 0 is not in the range x>=1.\n"
            "Try 'cskit undo --help' for help.\n",
        ),
    ],
    ids=["unknown", "nothing", "no-yes", "zero"],
)
def test_what_undo_refuses(
    office: Run, monkeypatch: pytest.MonkeyPatch, line: str, code: int, said: str
) -> None:
    """Unknown entries, nothing to undo, and a missing yes leave the records as they are."""
    import datetime as dt

    monkeypatch.setattr("cskit.app._clock", lambda: dt.datetime(2026, 11, 22, 8, 30, tzinfo=dt.UTC))
    office("customer add 海风贸易 --user zhang")
    assert office(line) == (code, "", said)
    assert office("customer count").stdout == "1\n"


def test_a_table_that_another_program_changed(office: Run, tmp_path: Path) -> None:
    """A document that an editor changed is not overwritten: it is an entry, which stands in the way."""
    office("customer add 海风贸易")
    file = tmp_path / "data" / "customers.json"
    file.write_bytes(file.read_bytes().replace("海风".encode(), "山风".encode()))
    assert office("undo --yes") == (
        4,
        "",
        "customers.json: 1 document was changed by another program; saved as 2\n"
        "cskit: cannot undo 1: C-000001 changed since, in entry 2\n"
        "undo 2 first\n",
    )
    assert office("undo 2 --yes").exit_code == 0
    assert office("customer show C-000001 --fields name -o csv").stdout == "name\n海风贸易\n"
    assert office("undo --yes --user nobody").exit_code == 3


def test_the_name_of_a_record_taken_again(office: Run) -> None:
    """A removed record does not come back beside a new one with its id, or with its external key."""
    office("customer add 一 --id X-1 --key KH1")
    office("customer remove X-1 --yes")
    office("customer add 二 --id X-1")
    assert office("undo 2 --yes") == (
        4,
        "",
        "cskit: X-1 exists again; putting the old one back would make it twice\n"
        "`cskit log X-1` shows who made the new one\n",
    )
    office("customer remove X-1 --yes")
    office("customer add 三 --key KH1")
    assert office("undo 2 --yes").stderr.startswith("cskit: the external key KH1 would mean two of customers")
    assert office("customer count").stdout == "1\n"


# --- plugins -----------------------------------------------------------------------------------------------


class Guard:
    """A plugin that lets no customer vanish once told to."""

    on = False

    @hookimpl
    def cskit_before_commit(self, changes) -> None:
        """Veto removals."""
        if self.on and any(change.after is None for change in changes):
            raise Refused("customers stay", "ask the manager")


def test_vetoes_run_on_undo(tmp_path: Path) -> None:
    """A plugin may refuse what an undo would do; nothing is saved then."""
    guard = Guard()
    office = department(tmp_path, "customer add 一", plugins={"customers": "cskit_customers", "guard": guard})
    guard.on = True
    assert office("undo --yes") == (1, "", "cskit: customers stay\nask the manager\n")
    guard.on = False
    assert office("log --fields entry -o csv").stdout == "entry\n1\n"
    assert office("undo --yes").exit_code == 0


def test_several_tables_in_one_entry(tmp_path: Path, office: Run) -> None:
    """One entry over several tables goes back as one."""
    from cskit.store.protocol import Origin

    office("customer add 海风贸易")
    store = open_store(tmp_path / "data")
    origin = Origin(time=next(store.history()).origin.time, user="batch", command="batch")
    before = stored(tmp_path / "data")
    with store.transaction(origin) as tx:
        tx.replace("customers", 1, b'{"id":"C-000001","name":"X"}')
        tx.insert("orders", b'{"id":"O-000009","customer":"C-000001","date":"2026-11-20"}')
    assert office("undo --yes --user batch").stderr == (
        "undid 2, `batch`, 1 customer, 1 order; saved as 3 (`cskit undo 3` does it again)\n"
    )
    assert stored(tmp_path / "data") == before | {"orders": []}


def test_documents_without_an_id(tmp_path: Path, office: Run) -> None:
    """What a program wrote without ids is undone like all else, and a refusal names table and number."""
    notes = FolderTinyDB(open_store(tmp_path / "data"), "notes", "li")
    notes.insert({"text": "a"})
    notes.update({"text": "b"})
    assert office("undo 1 --yes").stderr.startswith("cskit: cannot undo 1: document 1 of notes changed since")
    assert office("undo 2 --yes").exit_code == 0
    assert notes.all() == [{"text": "a"}]
