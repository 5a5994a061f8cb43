"""`cskit data adopt`, and what people see of files that other programs changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import tinydb

from cskit.store import folder as store_folder
from cskit.testing import Result, department

Run = Callable[..., Result]


@pytest.fixture
def office(tmp_path: Path) -> Run:
    """Return a `run` for a department with two customers."""
    return department(
        tmp_path / "data", "customer add 海风 --phone 13800000577", "customer add 林小满 --region 华东"
    )


def edit(tmp_path: Path, old: str, new: str) -> None:
    """Change the customers' file as an editor does."""
    path = tmp_path / "data/customers.json"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_an_editor_then_verify_and_log(office: Run, tmp_path: Path) -> None:
    """It is seen at once, found by verify with the way out, and stands in the log once it is taken over."""
    edit(tmp_path, "华东", "华南")
    assert office("customer show C-000002 --fields region -o csv").stdout == "region\n华南\n"
    found = office("data verify -o csv")
    assert (found.exit_code, found.stdout) == (
        7,
        "file,place,what\n"
        "customers.json,,was changed by another program\n"
        "customers.json,document 2,is not as the history has it\n",
    )
    assert found.stderr.endswith(
        "`cskit data adopt --dry-run` shows what another program changed; without it, takes it over\n"
    )
    assert office("data adopt -o csv") == (
        0,
        "table,id,change,field,before,after\ncustomers,C-000002,changed,region,华东,华南\n",
        "1 customer changed; saved as 3 (`cskit undo` takes it back)\n",
    )
    assert office("data verify").exit_code == 0
    assert office("log --limit 1 --fields entry,did -o csv").stdout == "entry,did\n3,data adopt\n"
    entry = json.loads(office("log --limit 1 -o jsonl").stdout)
    assert list(entry["foreign"]) == ["customers"]
    assert office("undo --yes").exit_code == 0
    assert "华东" in office("customer show C-000002 -o csv").stdout


def test_what_a_command_took_over_is_said_and_is_nobodys(office: Run, tmp_path: Path) -> None:
    """The command that notices says so; the entry has no user, and undo without a number leaves it alone."""
    edit(tmp_path, "华东", "华南")
    done = office("customer add 新")
    assert done.stderr.startswith("customers.json: 1 document was changed by another program; saved as 3\n")
    line = office("log --fields by,did,changes -o jsonl").stdout.splitlines()[1]
    assert json.loads(line)["did"] == "external change"
    assert "外部改动" in office("log", lang="zh").stdout
    assert "by" not in json.loads(line)
    assert "customers.json, changed 20" in json.loads(line)["changes"]
    assert "undid 4, `customer add`" in office("undo --yes").stderr
    refused = office("undo --yes")
    assert (refused.exit_code, refused.stderr.splitlines()[-1]) == (4, "undo 3 first")


def test_a_dry_run_shows_it_and_takes_nothing(office: Run, tmp_path: Path) -> None:
    """Personal data is masked in what is shown."""
    edit(tmp_path, "13800000577", "13900000578")
    before = (tmp_path / "data/customers.json").read_bytes()
    done = office("data adopt --dry-run")
    assert "138****0577" in done.stdout
    assert "139****0578" in done.stdout
    assert done.stderr == "dry run: 1 customer changed; nothing was saved\n"
    assert (tmp_path / "data/customers.json").read_bytes() == before


def test_nothing_to_take_over(office: Run) -> None:
    """All as cskit wrote it: nothing is saved; a table that is named must have been changed."""
    assert office("data adopt").stderr == "nothing differs from the history; nothing to save\n"
    done = office("data adopt customers")
    assert (done.exit_code, done.stderr.splitlines()[0]) == (
        3,
        "cskit: no other program changed the file of customers",
    )


@pytest.fixture
def clashing(office: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A department in which both changed one customer's phone."""
    monkeypatch.setattr(store_folder, "SMALL", -1)
    monkeypatch.setattr(store_folder, "SHARE", 1e-9)
    assert office("customer set C-000001 phone=13700000579").exit_code == 0
    edit(tmp_path, "13800000577", "13900000578")
    return office


BOTH = (
    "C-000001, phone: '139****0578' in the file, '137****0579' in the history\n"
    "cskit: document 1 of customers.json was changed by another program and by cskit\n"
    "`cskit data adopt customers --keep file`, or --keep history, says which holds\n"
)


@pytest.mark.parametrize("line", ["customer list", "customer add 新", "data adopt", "customer count"])
def test_both_versions_are_shown(clashing: Run, line: str) -> None:
    """Exit code 4, with either version of each field, masked, and the way out."""
    done = clashing(line)
    assert (done.exit_code, done.stdout) == (4, "")
    assert done.stderr.endswith(BOTH)


@pytest.mark.parametrize(("keep", "phone"), [("file", "13900000578"), ("history", "13700000579")])
def test_somebody_says_which_holds(clashing: Run, tmp_path: Path, keep: str, phone: str) -> None:
    """The chosen version holds, everywhere; what the file held is kept where it does not."""
    assert clashing(f"data adopt customers.json --keep {keep} --dry-run").exit_code in (0, 3)
    done = clashing(f"data adopt customers --keep {keep}")
    assert done.exit_code == 0
    shown = clashing("customer show C-000001 --fields phone --reveal -o csv").stdout
    assert shown == f"phone\n{phone}\n"
    assert (tmp_path / "data/customers.json.theirs").exists() == (keep == "history")
    assert clashing("data settle").exit_code == 0
    assert clashing("data verify").exit_code == 0


# --- files from elsewhere ----------------------------------------------------------------------------------


def elsewhere(tmp_path: Path, *documents: dict[str, object], table: str = "customers") -> Path:
    """Return a file of stock TinyDB that holds documents."""
    path = tmp_path / "old.json"
    with tinydb.TinyDB(path, encoding="utf-8", ensure_ascii=False) as db:
        db.table(table).insert_multiple(documents)
    return path


def test_a_file_of_stock_tinydb_is_brought_in(office: Run, tmp_path: Path) -> None:
    """Records by their ids, those without one get the next; keys that nobody knows stay; one entry."""
    path = elsewhere(
        tmp_path,
        {"name": "没有编号", "extra": {"a": [1, 2.5]}},
        {"name": "旧的", "id": "OLD-7"},
        {"id": "C-000002", "name": "林小满", "region": "华东"},
    )
    tried = office(["data", "adopt", str(path), "--dry-run"])
    assert (tried.exit_code, "2 customers added" in tried.stderr) == (0, True)
    done = office(["data", "adopt", str(path)])
    assert done.stderr == (
        "2 new, 0 changed, 1 unchanged, 0 left as they are; saved as 3 (`cskit undo` takes it back)\n"
    )
    held = json.loads((tmp_path / "data/customers.json").read_bytes())["customers"]
    assert held["3"] == {"id": "C-000003", "name": "没有编号", "extra": {"a": [1, 2.5]}}
    assert held["4"]["id"] == "OLD-7"
    assert office("undo --yes").exit_code == 0
    assert office("customer count").stdout == "2\n"


def test_a_record_that_differs_is_shown_until_somebody_says_which_holds(office: Run, tmp_path: Path) -> None:
    """Nothing of ours is lost to an old file without being asked."""
    path = elsewhere(tmp_path, {"id": "C-000002", "name": "林小满", "region": "华北"})
    done = office(["data", "adopt", str(path)])
    assert (done.exit_code, done.stderr) == (
        4,
        "C-000002, region: '华北' in the file, '华东' in the history\n"
        "cskit: 1 document differs from the record of its id\n"
        "--keep file takes what the file holds, --keep history leaves the records as they are\n",
    )
    kept = office(["data", "adopt", str(path), "--keep", "history"])
    assert kept.stderr == "0 new, 0 changed, 0 unchanged, 1 left as they are; nothing to save\n"
    assert office(["data", "adopt", str(path), "--keep", "file"]).exit_code == 0
    assert "华北" in office("customer show C-000002 -o csv").stdout


def test_all_that_fits_no_record_is_listed(office: Run, tmp_path: Path) -> None:
    """Every bad document at once, and nothing is saved."""
    path = elsewhere(tmp_path, {"name": 5}, {"name": "好"}, {"id": "a b", "name": "x"}, {"region": "y"})
    done = office(["data", "adopt", str(path)])
    assert done.exit_code == 5
    assert [line.partition(":")[0] for line in done.stderr.splitlines()[:3]] == [
        "document 1",
        "document 3",
        "document 4",
    ]
    assert office("customer count").stdout == "2\n"


def test_a_default_table_needs_a_name(office: Run, tmp_path: Path) -> None:
    """A bare `db.insert` leaves no name of a table: the user says which."""
    path = elsewhere(tmp_path, {"name": "甲"}, table="_default")
    done = office(["data", "adopt", str(path)])
    assert (done.exit_code, done.stderr.splitlines()[1]) == (2, "--table TABLE says which records they are")
    assert office(["data", "adopt", str(path), "--table", "customers"]).exit_code == 0
    assert office(["data", "adopt", str(path), "--table", "nothing"]).exit_code == 3


def test_a_stray_file_stands_in_nobodys_way(office: Run, tmp_path: Path) -> None:
    """A lower-case *.json that holds no table does not keep records from being removed."""
    (tmp_path / "data/notes.json").write_text('{"my": "notes"}')
    assert office("customer remove C-000002 --yes").exit_code == 0
    assert office("data verify").exit_code == 0
    assert "notes" not in office("data info").stdout


# --- batches and undo --------------------------------------------------------------------------------------


def test_undo_of_a_batch_of_5000(office: Run, tmp_path: Path) -> None:
    """One entry, one undo: every document is what it was, byte for byte."""
    path = tmp_path / "data/customers.json"

    def lines() -> list[bytes]:
        return path.read_bytes().splitlines()[:-1]

    before = lines()
    batch = "\n".join(f"customer add 客户{number}" for number in range(5000))
    assert office("batch -", input=batch).exit_code == 0
    assert office("customer count").stdout == "5002\n"
    assert office("undo --yes").exit_code == 0
    office("data settle")
    assert lines() == before


def test_an_undo_refused_names_every_entry_in_its_way(office: Run) -> None:
    """All later entries at once, newest first, whichever of many records they changed."""
    many = "\n".join(f"customer add 客户{number}" for number in range(10))
    assert office("batch -", input=many).exit_code == 0
    for number in (4, 9, 12):
        assert office(f"customer set C-{number:06d} region=x").exit_code == 0
    done = office("undo 3 --yes")
    assert (done.exit_code, done.stderr.splitlines()[-1]) == (4, "undo these first, in this order: 6, 5, 4")
