"""`cskit log`: who changed what, when and why, newest first, whole or of one record."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cskit.app import App
from cskit.nouns import counted_all
from cskit.store import disk
from cskit.store.folder import open_store
from cskit.store.protocol import Origin
from cskit.testing import Result, department

Run = Callable[..., Result]
START = dt.datetime(2026, 11, 22, 8, 30, tzinfo=dt.UTC)
SETTINGS = '[staff]\nzhang = "S-001"\n'


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a `run` for a department in which two people have worked, a minute apart each time."""
    minutes = iter(range(1000))
    monkeypatch.setattr("cskit.app._clock", lambda: START + dt.timedelta(minutes=next(minutes)))
    (tmp_path / "cskit.toml").write_text(SETTINGS, encoding="utf-8")
    return department(
        tmp_path,
        "customer add 海风贸易有限公司 --key KH1 --phone 13800000577 --user zhang",
        "customer add 林小满 --user li --reason 展会上认识的",
        "customer order add KH1 --date 2026-11-20 --amount 398.00 --user zhang --now 2026-11-21",
        "customer set KH1 region=华东 tags+=vip --user zhang --reason 'moved east'",
        "customer remove C-000002 --yes --user li",
        "undo --yes --user li",
    )


LOG = """\
  Entry  Time              By     Command             Changes     Reason
-------  ----------------  -----  ------------------  ----------  ------------
      6  2026-11-22 16:35  li     undo 5              1 customer
      5  2026-11-22 16:34  li     customer remove     1 customer
      4  2026-11-22 16:33  S-001  customer set        1 customer  moved east
      3  2026-11-22 16:32  S-001  customer order add  1 order
      2  2026-11-22 16:31  li     customer add        1 customer  展会上认识的
      1  2026-11-22 16:30  S-001  customer add        1 customer
"""


def test_log_shows_every_entry_newest_first(office: Run) -> None:
    """Times are the department's, people are staff ids where the settings know one, undo names its entry."""
    assert office("log") == (0, LOG, "")


def test_limit_shows_the_newest(office: Run) -> None:
    """--limit 2 shows the two newest entries."""
    assert office("log --limit 2 --fields entry,did -o csv") == (
        0,
        "entry,did\n6,undo 5\n5,customer remove\n",
        "",
    )


def test_scripts_get_login_and_staff_id_options_and_numbers(office: Run) -> None:
    """jsonl has user and staff apart, the names of options but no values, numbers, and what --now said."""
    found = [json.loads(line) for line in office("log -o jsonl").stdout.splitlines()]
    assert found[0] == {
        "entry": 6,
        "time": "2026-11-22T08:35:00Z",
        "user": "li",
        "command": "undo",
        "options": ["--user", "--yes"],
        "undoes": 5,
        "counts": {"customers": 1},
    }
    assert found[2]["reason"] == "moved east"
    assert found[3] == {
        "entry": 3,
        "time": "2026-11-22T08:32:00Z",
        "user": "zhang",
        "staff": "S-001",
        "command": "customer order add",
        "options": ["--amount", "--date", "--now", "--user"],
        "now": "2026-11-20T16:00:00Z",
        "counts": {"orders": 1},
    }
    assert found[5]["options"] == ["--key", "--phone", "--user"]
    assert "13800000577" not in office("log -o jsonl").stdout


def test_a_record_shows_its_life_field_by_field(office: Run) -> None:
    """`log ID` lists each field before and after, newest entry first."""
    shown = """\
  Entry  Time              By     Command       Field    Before    After             Reason
-------  ----------------  -----  ------------  -------  --------  ----------------  ----------
      4  2026-11-22 16:33  S-001  customer set  region             华东              moved east
      4  2026-11-22 16:33  S-001  customer set  tags               vip               moved east
      1  2026-11-22 16:30  S-001  customer add  id                 C-000001
      1  2026-11-22 16:30  S-001  customer add  key                KH1
      1  2026-11-22 16:30  S-001  customer add  name               海风贸易有限公司
      1  2026-11-22 16:30  S-001  customer add  phone              138****0577
"""
    assert office("log C-000001") == (0, shown, "")
    assert office("log KH1") == (0, shown, "")
    assert office("log KH1 --limit 1 --fields entry,field -o csv") == (
        0,
        "entry,field\n4,region\n4,tags\n",
        "",
    )


def test_a_record_in_jsonl_keeps_types_and_names_the_table(office: Run) -> None:
    """Scripts get the table, the id, and values as they are stored; what was or is nothing is left out."""
    first, second, *_ = map(json.loads, office("log C-000001 -o jsonl").stdout.splitlines())
    assert first == {
        "entry": 4,
        "time": "2026-11-22T08:33:00Z",
        "user": "zhang",
        "staff": "S-001",
        "command": "customer set",
        "options": ["--reason", "--user"],
        "table": "customers",
        "id": "C-000001",
        "field": "region",
        "after": "华东",
        "reason": "moved east",
    }
    assert second["after"] == ["vip"]


def test_a_removed_record_is_found_by_its_key(office: Run) -> None:
    """An external key leads to the record that had it last, also when that is gone."""
    office("customer order remove O-000001 --yes --user zhang")
    office("customer remove KH1 --yes --user zhang")
    shown = office("log C-000001")
    assert office("log KH1") == shown
    office("customer add 新海风贸易 --key KH1 --user zhang")
    assert office("log KH1 --fields id -o csv").stdout.splitlines()[1] == "C-000003"


def test_a_removed_record_has_its_log(office: Run) -> None:
    """Removing is shown as every field becoming nothing, and the log outlives the record."""
    office("customer remove C-000002 --yes --user li")
    assert (
        office("log C-000002 --limit 1").stdout
        == """\
  Entry  Time              By    Command          Field    Before    After    Reason
-------  ----------------  ----  ---------------  -------  --------  -------  --------
      7  2026-11-22 16:36  li    customer remove  id       C-000002
      7  2026-11-22 16:36  li    customer remove  name     林小满
"""
    )


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("log C-9", 3, "cskit: the history knows no record C-9\n`cskit log` lists all that happened\n"),
        (
            "log --fields entry,usr",
            2,
            "cskit: --fields: there is no field 'usr'\ndid you mean user?\n",
        ),
        (
            "log --limit 0",
            2,
            "Usage: cskit log [OPTIONS] [ID]\n"
            "cskit: Invalid value for '--limit': 0 is not in the range x>=1.\n"
            "Try 'cskit log --help' for help.\n",
        ),
    ],
    ids=["unknown-record", "unknown-field", "no-limit"],
)
def test_what_log_refuses(office: Run, line: str, code: int, said: str) -> None:
    """A record that never was, a field that is none, and a limit below one are told in words."""
    assert office(line) == (code, "", said)


def test_fields_choose_columns_of_either_kind(office: Run) -> None:
    """--fields may name what tables show and what scripts get."""
    assert office("log --limit 2 --fields entry,did,options") == (
        0,
        "  Entry  Command          Options\n"
        "-------  ---------------  -------------\n"
        "      6  undo 5           --user; --yes\n"
        "      5  customer remove  --user; --yes\n",
        "",
    )


def test_an_id_in_two_tables_is_told_apart(tmp_path: Path) -> None:
    """Two records with one id both have their lines, each with its table."""
    office = department(
        tmp_path,
        "customer add 林小满 --id X-1",
        "customer order add X-1 --date 2026-11-20 --id X-1",
    )
    tables = [json.loads(line)["table"] for line in office("log X-1 -o jsonl").stdout.splitlines()]
    assert list(dict.fromkeys(tables)) == ["orders", "customers"]


def test_an_empty_folder_has_an_empty_log(tmp_path: Path) -> None:
    """Nothing is printed, and nothing is made, where nothing was ever saved."""
    office = department(tmp_path / "none")
    assert office("log") == (0, "", "")
    assert office("log -o json") == (0, "[]\n", "")
    assert not (tmp_path / "none").exists()


def test_control_characters_do_not_reach_the_screen(tmp_path: Path) -> None:
    """A reason and a user's name with escape sequences stay one harmless line."""
    office = department(tmp_path)
    office(["customer", "add", "X", "--reason", "a\x1b[2Jb\nc", "--user", "eve\x1b[31m"])
    found = office("log").stdout
    assert found.count("\n") == 3
    assert "\x1b" not in found
    assert "a␛[2Jb⏎c" in found
    assert "eve␛[31m" in found


def test_log_reads_only_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 10 000 entries, those beyond the limit are not read from the medium."""
    ten_thousand(tmp_path)
    read: list[int] = []
    original = disk._OpenFile.read

    def counting(handle: disk._OpenFile, offset: int, length: int) -> bytes:
        data = original(handle, offset, length)
        read.append(len(data))
        return data

    monkeypatch.setattr(disk._OpenFile, "read", counting)
    result = department(tmp_path)("log --limit 5 -o jsonl")
    assert [json.loads(line)["entry"] for line in result.stdout.splitlines()] == [*range(10_000, 9_995, -1)]
    assert (tmp_path / "history.jsonl").stat().st_size > 2_500_000
    assert sum(read) < 100_000
    assert len(read) < 60


def ten_thousand(folder: Path) -> None:
    """Write a history of 10 000 entries without waiting for the medium 10 000 times."""
    from cskit.store import history

    store = open_store(folder)
    with store.transaction(Origin(time=START, user="zhang", command="customer add")) as tx:
        tx.insert("customers", b'{"id":"C-000001"}')
    snapshot = store.reading()
    head, end, lines = snapshot.head, snapshot.end, []
    for number in range(2, 10_001):
        before = b'{"id":"C-000001","note":"%d"}' % number
        change = history.Change("customers", 1, before, before.replace(b'":"', b'":"x'))
        told = history.payload(number, Origin(time=START, user="zhang", command="x"), {}, [change])
        body = b"".join(told)
        head, line = history.sealed(head, end, len(body), history.digest(body), {"customers": number})
        end += len(body) + len(line)
        lines += [body, line]
    with (folder / "history.jsonl").open("ab") as file:
        file.write(b"".join(lines))
    store.settle()


def test_counts_are_said_in_words(plugin) -> None:
    """One is singular, more are plural, and a table that no plugin knows keeps its name."""
    types = App().plugins.record_types
    said = counted_all(types, {"customers": 1, "orders": 2, "visits": 3})
    assert said == "1 customer, 2 orders, 3 of visits"
    assert counted_all(types, {}) == ""
