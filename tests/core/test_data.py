"""`cskit data`: what a folder holds, whether it is whole, bringing it up to date, making one."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cskit.store import folder as store_folder
from cskit.store.folder import open_store
from cskit.store.protocol import Origin
from cskit.store.tinydb import FolderTinyDB
from cskit.testing import Result, department, run

Run = Callable[..., Result]
MOVE = "move customers.json away: the next command rebuilds it from the history\n"
ADOPT = "`cskit data adopt --dry-run` shows what another program changed; without it, takes it over\n"
RESTORE = "restore the whole folder from one backup\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a data folder with three customers and an order, in four entries."""
    department(
        tmp_path / "data",
        "customer add 海风贸易有限公司",
        "customer add 林小满",
        "customer add 陈知夏",
        "customer order add C-000001 --date 2026-11-20",
    )
    return tmp_path / "data"


def ends(folder: Path) -> list[int]:
    """Return where each entry of the history ends."""
    data, found, place = (folder / "history.jsonl").read_bytes(), [0], 0
    while (place := data.find(b'\n{"commit":', place)) >= 0:
        place = data.index(b"\n", place + 1)
        found.append(place + 1)
    return found


# --- verify ------------------------------------------------------------------------------------------------


def head(folder: Path) -> str:
    """Return the last chain value."""
    return run("data verify", data=folder).stdout.strip()


def test_a_whole_folder(folder: Path) -> None:
    """It prints the chain value, which scripts may have as JSON, and says what was checked."""
    result = run("data verify", data=folder)
    last = json.loads((folder / "history.jsonl").read_text("utf-8").splitlines()[-1])
    assert result == (0, f"{last['chain']}\n", "whole: 4 entries, 3 customers, 1 order\n")
    assert json.loads(run("data verify -o json", data=folder).stdout) == {"head": last["chain"]}
    assert run("data verify -q --head " + last["chain"], data=folder) == (0, f"{last['chain']}\n", "")


def test_an_empty_folder_is_whole(tmp_path: Path) -> None:
    """Where nothing was saved there is nothing to print; nothing is made by looking."""
    assert run("data verify", data=tmp_path / "none") == (0, "", "whole: 0 entries, nothing saved yet\n")
    assert not (tmp_path / "none").exists()


def test_an_earlier_head_is_still_there(folder: Path) -> None:
    """A chain value noted earlier is found after more entries."""
    noted = head(folder)
    run("customer add 苏望舒", data=folder)
    result = run(["data", "verify", "--head", noted], data=folder)
    assert (result.exit_code, result.stdout) == (0, f"{head(folder)}\n")
    assert result.stdout.strip() != noted


def edit(name: str, old: bytes, new: bytes) -> Callable[[Path], None]:
    """Return a damage: text in a file changed, its time of change kept."""

    def do(folder: Path) -> None:
        path = folder / name
        data, info = path.read_bytes(), path.stat()
        assert data.count(old) >= 1
        path.write_bytes(data.replace(old, new, 1))
        os.utime(path, ns=(info.st_atime_ns, info.st_mtime_ns))

    return do


def write(name: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """Return a damage: a file written anew by another program."""

    def do(folder: Path) -> None:
        path = folder / name
        data = change(path.read_bytes())
        assert data != path.read_bytes()
        path.write_bytes(data)

    return do


def reorder(*order: int) -> Callable[[Path], None]:
    """Return a damage: the history with only these entries, in this order."""

    def do(folder: Path) -> None:
        path, places = folder / "history.jsonl", ends(folder)
        data = path.read_bytes()
        path.write_bytes(b"".join(data[places[n - 1] : places[n]] for n in order))

    return do


def line_of(number: int) -> Callable[[bytes], bytes]:
    """Return a change that drops the line of a document."""
    return lambda data: b"".join(
        line for line in data.splitlines(True) if not line.startswith(b'"%d"' % number)
    )


BREAK = "the chain breaks here: this entry, or one before it, is not what was saved"
DAMAGE: dict[str, tuple[Callable[[Path], None], list[tuple[str, str, str]], str]] = {
    "payload": (
        edit("history.jsonl", "林小满".encode(), "林小溪".encode()),
        [
            (
                "history.jsonl",
                "entry 2, byte {1}",
                "the chain breaks here: this entry, or one before it, is not what was saved",
            ),
            ("customers.json", "document 2", "is not in the history"),
            ("customers.json", "document 3", "is not in the history"),
            ("orders.json", "document 1", "is not in the history"),
        ],
        RESTORE,
    ),
    "commit-line": (
        edit("history.jsonl", b'"orders":4},"prev":"', b'"orders":4},"prev":"0'),
        [
            ("history.jsonl", "entry 4, byte {3}", BREAK),
            ("orders.json", "", "is ahead of history.jsonl: the folder is a mixed-up copy"),
        ],
        RESTORE,
    ),
    "entry-removed": (
        reorder(1, 2, 4),
        [
            ("history.jsonl", "entry 3, byte {2}", BREAK),
            ("customers.json", "", "is ahead of history.jsonl: the folder is a mixed-up copy"),
        ],
        RESTORE,
    ),
    "entries-swapped": (
        reorder(2, 1, 3, 4),
        [
            (
                "history.jsonl",
                "entry 1, byte 0",
                "the chain breaks here: this entry, or one before it, is not what was saved",
            ),
            ("customers.json", "document 1", "is not in the history"),
            ("customers.json", "document 2", "is not in the history"),
            ("customers.json", "document 3", "is not in the history"),
            ("orders.json", "document 1", "is not in the history"),
        ],
        RESTORE,
    ),
    "end-cut": (
        reorder(1, 2, 3),
        [("orders.json", "", "is ahead of history.jsonl: the folder is a mixed-up copy")],
        RESTORE,
    ),
    "history-removed": (
        lambda folder: (folder / "history.jsonl").unlink(),
        [("customers.json", "", "is ahead of history.jsonl: the folder is a mixed-up copy")],
        RESTORE,
    ),
    "document-edited": (
        write("customers.json", lambda data: data.replace("林小满".encode(), "林小溪".encode())),
        [
            ("customers.json", "", "was changed by another program"),
            ("customers.json", "document 2", "is not as the history has it"),
        ],
        ADOPT,
    ),
    "document-edited-in-secret": (
        edit("customers.json", "林小满".encode(), "林小溪".encode()),
        [("customers.json", "document 2", "is not as the history has it")],
        MOVE,
    ),
    "document-missing": (
        write("customers.json", line_of(2)),
        [
            ("customers.json", "", "was changed by another program"),
            ("customers.json", "document 2", "is in the history but not in the file"),
        ],
        ADOPT,
    ),
    "document-missing-in-secret": (
        edit("customers.json", '"2": {"id":"C-000002","name":"林小满"},\n'.encode(), b""),
        [("customers.json", "document 2", "is in the history but not in the file")],
        MOVE,
    ),
    "document-added": (
        write("customers.json", lambda data: data.replace(b'"3": {', b'"2000": {"id":"C-9"},\n"3": {')),
        [
            ("customers.json", "", "was changed by another program"),
            ("customers.json", "document 2000", "is not in the history"),
        ],
        ADOPT,
    ),
    "id-twice": (
        write("customers.json", lambda data: data.replace(b"C-000003", b"C-000001")),
        [
            ("customers.json", "", "was changed by another program"),
            ("customers.json", "document 3", "is not as the history has it"),
            ("customers.json", "document 3", 'has the id of document 1: "C-000001"'),
        ],
        MOVE,
    ),
    "number-turned-back": (
        edit("customers.json", b'"next":4', b'"next":2'),
        [("customers.json", "last line", "would give out document number 2 again")],
        MOVE,
    ),
    "mark-turned-back": (
        edit("customers.json", b'"marks":{"C":3}', b'"marks":{"C":1}'),
        [("customers.json", "last line", "would give out the numbers of C after 1 again")],
        MOVE,
    ),
    "no-json": (
        write("customers.json", lambda data: data[:-40]),
        [("customers.json", "", "is damaged: not JSON: {json}")],
        MOVE,
    ),
    "emptied": (
        write("customers.json", lambda data: b""),
        [("customers.json", "", "is empty")],
        MOVE,
    ),
    "key-twice": (
        write("customers.json", lambda data: data.replace(b'{"id":"C-000002"', b'{"id":"x","id":"C-000002"')),
        [
            ("customers.json", "line 3", "is damaged: the key 'id' is named more than once in one object"),
        ],
        MOVE,
    ),
}


@pytest.mark.parametrize(("damage", "found", "hint"), DAMAGE.values(), ids=DAMAGE)
def test_damage_is_found(
    folder: Path, damage: Callable[[Path], None], found: list[tuple[str, str, str]], hint: str
) -> None:
    """Each damage is listed with file and place; exit code 7, and what to do."""
    places = ends(folder)
    damage(folder)
    result = run("data verify -o jsonl", data=folder)
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    expected = [
        (file, place.format(*places), what if "{json}" not in what else rows[0]["what"])
        for file, place, what in found
    ]
    assert [(row["file"], row["place"], row["what"]) for row in rows] == expected
    count = f"{len(found)} findings" if len(found) > 1 else "1 finding"
    assert result.stderr == f"cskit: {folder} is not whole: {count}\n{hint}"
    assert result.exit_code == 7


def test_findings_are_a_table_for_people(folder: Path) -> None:
    """Without -o the findings are a table on stdout; the summary goes to stderr."""
    edit("customers.json", "林小满".encode(), "林小溪".encode())(folder)
    assert run("data verify", data=folder) == (
        7,
        "File            Place       What\n"
        "--------------  ----------  ----------------------------\n"
        "customers.json  document 2  is not as the history has it\n",
        f"cskit: {folder} is not whole: 1 finding\n{MOVE}",
    )


def test_the_way_out_of_a_damaged_table_works(folder: Path) -> None:
    """A damaged table that is moved away is rebuilt from the history, and all is whole again."""
    edit("customers.json", "林小满".encode(), "林小溪".encode())(folder)
    (folder / "customers.json").rename(folder.parent / "customers.json")
    assert run("data verify", data=folder).exit_code == 0
    assert run("customer add 苏望舒", data=folder).stdout == "C-000004\n"
    assert run("customer list --fields name -o csv", data=folder).stdout == (
        "name\n海风贸易有限公司\n林小满\n陈知夏\n苏望舒\n"
    )
    assert (folder / "customers.json").exists()


def tampered(lines: list[bytes]) -> Iterator[tuple[str, int, list[bytes]]]:
    """Yield what can be done to a line of the history, which, and what the history then is."""
    for place, line in enumerate(lines):
        flipped = line[:-3] + bytes([line[-3] ^ 1]) + line[-2:]
        yield "flip", place, [*lines[:place], flipped, *lines[place + 1 :]]
        if place < len(lines) - 1:  # at the end it is a cut, or what was never saved
            yield "insert", place, [*lines[:place], line, *lines[place:]]
            yield "delete", place, lines[:place] + lines[place + 1 :]
            yield "swap", place, [*lines[:place], lines[place + 1], line, *lines[place + 2 :]]


@pytest.mark.parametrize("settled", [True, False], ids=["with-tables", "history-alone"])
def test_any_line_of_history_tampered_with(folder: Path, settled: bool) -> None:
    """Flipped, inserted, deleted, swapped: whichever line, it is found and the file named."""
    path, noted = folder / "history.jsonl", head(folder)
    lines = path.read_bytes().splitlines(keepends=True)
    if not settled:
        for table in folder.glob("*.json"):
            table.unlink()
    for how, place, changed in tampered(lines):
        path.write_bytes(b"".join(changed))
        done = run(["data", "verify", "--head", noted, "-o", "csv"], data=folder)
        assert done.exit_code == 7, (how, place)
        assert "history.jsonl" in done.stdout, (how, place)


def test_a_cut_end_shows_by_a_noted_head(folder: Path) -> None:
    """With the newest entries cut off everywhere all fits together; a head noted elsewhere is missing."""
    noted = head(folder)
    reorder(1, 2)(folder)
    (folder / "customers.json").unlink()
    (folder / "orders.json").unlink()
    assert run("data verify", data=folder).exit_code == 0
    assert run(["data", "verify", "--head", noted, "-o", "csv"], data=folder) == (
        7,
        f"file,place,what\nhistory.jsonl,,the entry with this chain value is gone: {noted}\n",
        f"cskit: {folder} is not whole: 1 finding\n{RESTORE}",
    )


@pytest.mark.parametrize("noted", ["abc", "A" * 40, "g" * 40, ""])
def test_a_head_that_cannot_be_one(folder: Path, noted: str) -> None:
    """A chain value that was not copied whole is a mistake in the command, not a damage."""
    assert run(["data", "verify", "--head", noted], data=folder) == (
        2,
        "",
        f"cskit: --head {noted}: expected the 40 digits that `cskit data verify` prints\n",
    )


def test_a_torn_end_needs_no_repair(folder: Path) -> None:
    """What a killed command left is told with file and place; the next command that saves cuts it."""
    size = (folder / "history.jsonl").stat().st_size
    whole = head(folder)
    with (folder / "history.jsonl").open("ab") as file:
        file.write(b'{"seq":5,"time":"2026')
    assert run("data verify", data=folder) == (
        0,
        f"{whole}\n",
        f"history.jsonl, byte {size}: the torn end of a command that was stopped: "
        "the next command that saves cuts it off\n"
        "whole: 4 entries, 3 customers, 1 order\n",
    )
    run("customer add 苏望舒", data=folder)
    assert run("data verify", data=folder).stderr == "whole: 5 entries, 4 customers, 1 order\n"


def test_the_same_id_twice_in_the_history(folder: Path) -> None:
    """Two records with one id are found also where the history has them so."""
    FolderTinyDB(open_store(folder), "customers").insert({"id": "C-000002", "name": "林小溪"})
    result = run("data verify -o csv", data=folder)
    assert (result.exit_code, result.stdout) == (
        7,
        'file,place,what\ncustomers.json,document 4,"has the id of document 2: ""C-000002"""\n',
    )


def test_pending_entries_are_verified_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents that only the history holds yet are checked like those in files."""
    monkeypatch.setattr(store_folder, "SMALL", 0)
    monkeypatch.setattr(store_folder, "SHARE", 0.001)
    run("customer set C-000002 region=华东", data=folder)
    assert run("data verify", data=folder).stderr == "whole: 5 entries, 3 customers, 1 order\n"
    end = ends(folder)[-2]
    edit("history.jsonl", "华东".encode(), "华西".encode())(folder)
    result = run("data verify -o jsonl", data=folder)
    assert (result.exit_code, json.loads(result.stdout)) == (
        7,
        {
            "file": "history.jsonl",
            "place": f"byte {end}",
            "what": "an entry is not what its last line says: damaged, or torn as power failed; "
            "the next command cuts it off",
        },
    )


# --- info and settle ---------------------------------------------------------------------------------------


def test_info_shows_where_and_what(folder: Path) -> None:
    """The folder, the history and every table, for people and for scripts."""
    size = {name: (folder / name).stat().st_size for name in os.listdir(folder)}
    shown = f"""\
Folder              {folder}
Entries of history  4
Bytes of history    {size["history.jsonl"]}

Table        Records    Bytes    Pending  State
---------  ---------  -------  ---------  -------
customers          3      {size["customers.json"]}          0
orders             1      {size["orders.json"]}          0
"""
    assert run("data info", data=folder) == (0, shown, "")
    assert json.loads(run("data info -o json", data=folder).stdout) == {
        "folder": str(folder),
        "entries": 4,
        "bytes": size["history.jsonl"],
        "tables": [
            {"table": "customers", "records": 3, "bytes": size["customers.json"], "pending": 0},
            {"table": "orders", "records": 1, "bytes": size["orders.json"], "pending": 0},
        ],
    }


def test_info_of_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """It says where data would go, and that nothing is there."""
    assert run("data info", data=tmp_path / "none") == (
        0,
        f"Folder              {tmp_path}/none\nEntries of history  0\nBytes of history    0\n",
        "nothing has been saved here yet\n",
    )
    assert not (tmp_path / "none").exists()


def test_info_names_a_table_that_another_program_changed(folder: Path) -> None:
    """Its state says so."""
    write("customers.json", lambda data: data.replace("林小满".encode(), "林小溪".encode()))(folder)
    tables = json.loads(run("data info -o json", data=folder).stdout)["tables"]
    assert [table.get("state") for table in tables] == ["changed by another program", None]


def test_info_names_files_that_are_not_the_departments(folder: Path) -> None:
    """A colleague's file, or a table of nobody, lies in the folder unnoticed otherwise."""
    (folder / "Notes.txt").write_text("x", encoding="utf-8")
    (folder / "plans.json").write_text("[]", encoding="utf-8")
    done = run("data info", data=folder)
    assert (done.exit_code, done.stderr) == (0, "not the department's: Notes.txt, plans.json\n")
    assert json.loads(run("data info -o json", data=folder).stdout)["strangers"] == [
        "Notes.txt",
        "plans.json",
    ]


def test_verify_names_documents_that_are_no_records(folder: Path) -> None:
    """What another program wrote may be whole and no customer: adopting and verifying say which it is."""
    write("customers.json", lambda data: data.replace(b'"name":"', b'"owner":7,"name":"', 1))(folder)
    said = "document 1 of table customers (C-000001) cannot be read: owner: expected text, not a whole number"
    adopted = run("data adopt", data=folder)
    assert adopted.exit_code == 0
    assert f"cskit: {said}\n" in adopted.stderr
    done = run("data verify -o json", data=folder)
    assert done.exit_code == 5
    assert json.loads(done.stdout)[0]["what"] == said
    assert done.stderr == (
        "cskit: 1 document is no record of its table\n"
        "correct them in the file, and `cskit data adopt` takes that over\n"
    )
    write("customers.json", lambda data: data.replace(b'"owner":7,', b""))(folder)
    assert run("data adopt", data=folder).exit_code == 0
    assert run("data verify", data=folder).exit_code == 0


def test_settle_brings_large_tables_up_to_date(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a large table's file does not hold yet is pending until settle writes it; reading is the same."""
    monkeypatch.setattr(store_folder, "SMALL", 0)
    monkeypatch.setattr(store_folder, "SHARE", 0.001)
    run("customer add 苏望舒", data=folder)
    assert "苏望舒" not in (folder / "customers.json").read_text("utf-8")
    before = run("customer list -o jsonl", data=folder)
    tables = json.loads(run("data info -o json", data=folder).stdout)["tables"]
    assert tables[0]["pending"] > 0
    assert run("data settle", data=folder) == (0, "", "brought up to date: customers\n")
    assert "苏望舒" in (folder / "customers.json").read_text("utf-8")
    assert run("customer list -o jsonl", data=folder) == before
    assert run("data settle", data=folder) == (0, "", "every table file is up to date\n")
    assert run("data verify", data=folder).exit_code == 0


# --- init --------------------------------------------------------------------------------------------------


def test_init_makes_a_folder_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """.cskit with settings, private, which commands in and below this folder then use."""
    monkeypatch.chdir(tmp_path)
    made = tmp_path / ".cskit"
    assert run("data init") == (0, "", f"made {made}; its settings are in cskit.toml\n")
    assert os.listdir(made) == ["cskit.toml"]
    assert (made.stat().st_mode & 0o777, (made / "cskit.toml").stat().st_mode & 0o777) == (0o700, 0o600)
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    assert run("customer add 海风贸易").exit_code == 0
    assert (made / "customers.json").exists()


@pytest.mark.parametrize("how", ["argument", "option", "environment"])
def test_init_makes_the_folder_that_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """An argument, --data or CSKIT_DATA say where; where commands would not look there by themselves, how."""
    monkeypatch.chdir(tmp_path)
    made = tmp_path / "our data"
    lines = {
        "argument": (["data", "init", "our data"], None),
        "option": (["data", "init", "--data", "our data"], None),
        "environment": (["data", "init"], made),
    }
    line, data = lines[how]
    later = f"commands use it after: export CSKIT_DATA='{made}'\n" if how == "argument" else ""
    assert run(line, data=data) == (0, "", f"made {made}; its settings are in cskit.toml\n{later}")
    assert (made / "cskit.toml").exists()


def test_the_settings_of_a_new_folder_can_be_uncommented(tmp_path: Path) -> None:
    """Every line that is commented out is a setting that works."""
    run(["data", "init", str(tmp_path / "x")])
    file = tmp_path / "x" / "cskit.toml"
    lines = file.read_text("utf-8").splitlines()[1:]
    file.write_text("\n".join(line.removeprefix("# ") for line in lines), encoding="utf-8")
    assert run("log", data=tmp_path / "x") == (0, "", "")
    run("customer add 海风贸易 --user zhangsan", data=tmp_path / "x")
    assert json.loads(run("log -o jsonl", data=tmp_path / "x").stdout)["staff"] == "S-001"


def _department(place: Path) -> None:
    run("data init", data=place)


def _file(place: Path) -> None:
    place.write_text("mine")


def _other(place: Path) -> None:
    place.mkdir()
    (place / "letter.txt").write_text("mine")


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (_department, "is a data folder already\n`cskit data info` shows what it holds\n"),
        (_file, "is a file\nname a folder that is still to be made\n"),
        (_other, "holds other files\nname a new folder\n"),
    ],
    ids=["data-folder", "file", "other-files"],
)
def test_init_leaves_alone_what_is_there(tmp_path: Path, there: Callable[[Path], None], said: str) -> None:
    """A data folder, a file, and a folder of other things are refused and stay as they are."""
    place = tmp_path / "place"
    there(place)
    before = sorted(os.listdir(place)) if place.is_dir() else place.read_text()
    assert run(["data", "init", str(place)]) == (4, "", f"cskit: {place} {said}")
    assert (sorted(os.listdir(place)) if place.is_dir() else place.read_text()) == before


def test_init_gives_settings_to_a_folder_that_has_none(tmp_path: Path) -> None:
    """Records saved without init keep their place; the settings are added."""
    run("customer add 海风贸易", data=tmp_path / "x")
    assert run("data init", data=tmp_path / "x").exit_code == 0
    assert run("customer count", data=tmp_path / "x").stdout == "1\n"


def test_init_writes_through_no_link(tmp_path: Path) -> None:
    """A link that stands where the settings go leads nothing elsewhere."""
    place = tmp_path / "x"
    run("customer add 海风贸易", data=place)
    (place / "cskit.toml").symlink_to(tmp_path / "target")
    assert run("data init", data=place).exit_code == 4
    assert not (tmp_path / "target").exists()


def test_init_where_nothing_can_be_made(tmp_path: Path) -> None:
    """A place where no folder can be made is a failure of storage."""
    (tmp_path / "file").touch()
    place = tmp_path / "file" / "x"
    assert run(["data", "init", str(place)]) == (
        7,
        "",
        f"cskit: cannot make {place}: Not a directory\nname a folder where you may write\n",
    )


@pytest.mark.parametrize("name", ["postgresql://host/db", "", "a\0b"])
def test_init_takes_a_folders_name(name: str) -> None:
    """An address or nothing is no folder."""
    result = run(["data", "init", name])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("cskit: --data ")


def test_a_lock_is_not_taken_for_damage(folder: Path) -> None:
    """While another program writes, verify waits and gives up with a conflict, not a finding."""
    store = open_store(folder)
    origin = Origin(time=next(store.history()).origin.time, user="li", command="batch")
    with store.transaction(origin):
        result = run("data verify --lock-timeout 0.1", data=folder)
    assert (result.exit_code, result.stdout) == (4, "")


def test_making_a_folder_that_a_reader_left_a_lock_in(tmp_path: Path) -> None:
    """A lock alone is no other file: the folder can be made a data folder."""
    (tmp_path / "lock").touch()
    assert run(f"data init {tmp_path}").exit_code == 0
    assert (tmp_path / "cskit.toml").exists()
