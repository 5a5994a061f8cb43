"""`--as-of`: what the store knew at an earlier moment; reading only."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cskit import Command, hookimpl
from cskit.app import App, pass_app
from cskit.store.folder import FolderStore, open_store
from cskit.store.past import PastStore
from cskit.store.protocol import Origin
from cskit.testing import Result, department, run

Run = Callable[..., Result]
START = dt.datetime(2026, 10, 30, 2, 0, tzinfo=dt.UTC)  # ten in the morning in Shanghai


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[dt.datetime], None]:
    """Return what sets the time that the history notes."""

    def turn(to: dt.datetime) -> None:
        monkeypatch.setattr("cskit.app._clock", lambda: to)

    turn(START)
    return turn


@pytest.fixture
def office(tmp_path: Path, clock: Callable[[dt.datetime], None]) -> Run:
    """Return a `run` for a department with a history of four days, a command a day."""
    office = department(tmp_path / "data")
    lines = (
        "customer add 海风 --region 华东 --phone 13800000577",
        "customer add 林小满",
        "customer set C-000001 region=华南 owner=S-1",
        "customer remove C-000002 --yes",
    )
    for day, line in enumerate(lines):
        clock(START + dt.timedelta(days=day))
        assert office(line).exit_code == 0
    clock(START + dt.timedelta(days=9))
    return office


SEEN = {
    "2026-10-29": [],
    "2026-10-30": ["C-000001,华东"],
    "2026-10-31": ["C-000001,华东", "C-000002,"],
    "2026-11-01": ["C-000001,华南", "C-000002,"],
    "2026-11-02": ["C-000001,华南"],
    "2026-11-08": ["C-000001,华南"],
    "2026-10-30T09:59:59": [],
    "2026-10-30T10:00": ["C-000001,华东"],
    "2026-10-30T02:00:00Z": ["C-000001,华东"],
    "2026年11月1日": ["C-000001,华南", "C-000002,"],
    "today": ["C-000001,华南"],
}


@pytest.mark.parametrize(("when", "rows"), SEEN.items(), ids=SEEN)
def test_a_list_as_it_was(office: Run, when: str, rows: list[str]) -> None:
    """A day means its end in the department's zone, a time all up to it."""
    listed = office(f"customer list --fields id,region -o csv --as-of {when}")
    assert listed == (0, "\n".join(["id,region", *rows, ""]), listed.stderr)
    assert office(f"customer count --as-of {when}").stdout == f"{len(rows)}\n"
    assert office(f"customer export -o csv --fields id,region --as-of {when}").stdout == listed.stdout


def test_what_was_there_is_found_as_it_was(office: Run) -> None:
    """By id, by a condition on a value that it has no more, and a removed record; not one that came later."""
    assert (
        office("customer show C-000001 --fields region -o csv --as-of 2026-10-30").stdout == "region\n华东\n"
    )
    where = "customer list --where 'region == \"华东\"' --fields id -o csv"
    assert office(f"{where} --as-of 2026-10-31").stdout == "id\nC-000001\n"
    assert office(where).stdout == "id\n"
    assert office("customer show C-000002 --fields id -o csv --as-of 2026-11-01").stdout == "id\nC-000002\n"
    assert office("customer show C-000002 --as-of 2026-10-30").exit_code == 3


def test_log_as_it_was(office: Run) -> None:
    """The history is the one of then, of all and of one record."""
    assert office("log --as-of 2026-10-31 --fields entry -o csv").stdout == "entry\n2\n1\n"
    fields = office("log C-000001 --as-of 2026-10-31 --fields field,after -o jsonl").stdout.splitlines()
    assert {"field": "region", "after": "华东"} in map(json.loads, fields)
    assert office("log C-000002 --as-of 2026-10-30").exit_code == 3
    info = json.loads(office("data info --as-of 2026-10-31 -o json").stdout)
    assert (info["entries"], info["tables"][0]["records"]) == (2, 2)


def test_facts_as_they_were(office: Run, clock: Callable[[dt.datetime], None]) -> None:
    """Plugins answer from the records of then."""
    clock(START + dt.timedelta(days=10))
    assert office("customer order add C-000001 --date 2026-11-09 --amount 10").exit_code == 0
    clock(START + dt.timedelta(days=11))
    known = "fact show customer C-000001 --fields orders.first_on -o csv"
    assert "2026-11-09" in office(known).stdout
    then = office(f"{known} --as-of 2026-11-02")
    assert then.exit_code == 0
    assert "2026-11-09" not in then.stdout


REFUSED = {
    "add": "customer add X",
    "set": "customer set C-000001 region=x",
    "dry-run": "customer set C-000001 region=x --dry-run",
    "remove": "customer remove C-000001 --yes",
    "undo": "undo --yes",
    "batch": "batch -",
    "settle": "data settle",
    "compact": "data compact --yes",
    "adopt": "data adopt",
}


@pytest.mark.parametrize("line", REFUSED.values(), ids=REFUSED)
def test_nothing_is_saved_in_the_past(office: Run, tmp_path: Path, line: str) -> None:
    """A command that would save is refused as wrong usage, before and after its name."""
    before = {path.name: path.read_bytes() for path in (tmp_path / "data").iterdir()}
    piped = "customer add X" if line == "batch -" else None
    command = line.partition(" -")[0].partition(" C-")[0].partition(" X")[0]
    for typed in (f"{line} --as-of 2026-10-31", f"--as-of 2026-10-31 {line}"):
        done = office(typed, input=piped)
        assert (done.exit_code, done.stdout) == (2, "")
        assert f"cskit: --as-of only looks back, and `cskit {command}` saves something\n" in done.stderr
    assert {path.name: path.read_bytes() for path in (tmp_path / "data").iterdir()} == before


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("2027-01-01", "cskit: --as-of 2027-01-01 has not come yet\nname a day that is past\n"),
        ("soon", "cskit: --as-of soon: expected a time such as 2026-11-22T16:30\n"),
        ("2026-02-30", "cskit: --as-of 2026-02-30: expected a time such as 2026-11-22T16:30\n"),
    ],
)
def test_no_moment(office: Run, when: str, said: str) -> None:
    """What is no past time is said in a line."""
    assert office(f"customer list --as-of {when}") == (2, "", said)


def test_in_a_batch_it_holds_for_no_line(office: Run) -> None:
    """One line of a batch cannot read another moment than the rest."""
    done = office("batch -", input="customer list --as-of 2026-10-31\n")
    assert (done.exit_code, "--as-of holds for a whole batch" in done.stderr) == (2, True)


def test_an_export_of_a_past_day_is_the_same_every_time(office: Run, tmp_path: Path) -> None:
    """Byte for byte, whatever was saved between."""
    for name, change in (("one", "customer set C-000001 name=又 tags+=vip"), ("two", "customer add 新")):
        line = f"customer export --as-of 2026-11-01 --out {tmp_path / name}.csv"
        assert office(line).exit_code == 0
        assert office(change).exit_code == 0
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()
    assert "华南" in (tmp_path / "one.csv").read_text("utf-8-sig")


def test_before_the_horizon_of_a_compaction(office: Run, clock: Callable[[dt.datetime], None]) -> None:
    """What the history no longer holds is refused; from the last entry before it on, all is known."""
    clock(START + dt.timedelta(days=10))
    assert office("data compact --yes").exit_code == 0
    assert office("customer list --as-of 2026-11-01") == (
        4,
        "",
        "cskit: the history was compacted, and holds no values from before 2026-11-02T02:00:00Z\n"
        "ask for a later time, or look into a backup from before\n",
    )
    for when in ("2026-11-02", "2026-11-05", "2026-11-09"):
        assert office(f"customer count --as-of {when}").stdout == "1\n"


def test_a_look_at_personal_data_of_the_past_is_noted(office: Run) -> None:
    """What is shown unmasked is in the history of today."""
    done = office("customer show C-000001 --fields phone -o csv --reveal --as-of 2026-10-30")
    assert (done.exit_code, done.stdout) == (0, "phone\n13800000577\n")
    assert office("log --limit 1 --fields did -o csv").stdout == "did\ncustomer show --reveal\n"


def test_what_an_editor_changed_was_not_known_then(office: Run, tmp_path: Path) -> None:
    """A change that the history does not hold yet belongs to no earlier day."""
    file = tmp_path / "data" / "customers.json"
    file.write_bytes(file.read_bytes().replace("华南".encode(), "改过".encode()))
    assert "改过" in office("customer list").stdout
    assert office("customer list --fields region -o csv --as-of 2026-11-07").stdout == "region\n华南\n"


class Sums:
    """A plugin whose command saves what follows from the records."""

    @hookimpl
    def cskit_commands(self) -> list[Command]:
        target = f"{__name__}:total"
        return [Command("total", "Count customers and keep it.", target, computes=True)]


@click.command()
@pass_app
def total(app: App) -> None:
    """Count customers and keep it."""
    with app.transaction() as tx:
        count = sum(1 for _one in tx.read("customers"))
        tx.insert("totals", json.dumps({"id": "T", "count": count}, separators=(",", ":")).encode())


def test_what_follows_from_the_records_is_rehearsed(office: Run, tmp_path: Path) -> None:
    """Such a command shows what it would have saved then, and saves nothing."""
    plugins = {"customers": "cskit_customers", "sums": Sums()}
    done = run("total --as-of 2026-10-31 -o jsonl", data=tmp_path / "data", plugins=plugins)
    assert done.exit_code == 0, done.stderr
    assert '"after":{"count":' in done.stdout
    assert "dry run" in done.stderr
    assert office("log --limit 1 --fields entry -o csv").stdout == "entry\n4\n"


# --- any history -------------------------------------------------------------------------------------------

STEP = st.tuples(st.integers(1, 4), st.sampled_from(["put", "remove"]), st.integers(0, 9))


def play(store: FolderStore, steps: list[tuple[int, str, int]]) -> list[dict[int, bytes]]:
    """Carry out steps, an hour each, and return what the table held after each."""
    held: dict[int, bytes] = {}
    states: list[dict[int, bytes]] = [{}]
    for hour, (number, act, value) in enumerate(steps):
        origin = Origin(time=START + dt.timedelta(hours=hour), user="u", command="c")
        with store.transaction(origin) as tx:
            raw = b'{"id":"X-%d","v":%d}' % (number, value)
            if act == "remove":
                if number in held:
                    tx.remove("things", number)
                    del held[number]
            elif number in held:
                tx.replace("things", number, raw)
                held[number] = raw
            else:
                tx.insert("things", raw, number)
                held[number] = raw
        states.append(dict(held))
    return states


@settings(deadline=None, max_examples=50)
@given(steps=st.lists(STEP, max_size=12), lag=st.booleans())
def test_every_moment_is_what_it_was(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, str, int]], lag: bool
) -> None:
    """Whatever happened, each past state is found: all of it, by number and by id."""
    from cskit.store import folder

    small, share = folder.SMALL, folder.SHARE
    if lag:
        folder.SMALL, folder.SHARE = -1, 1e-9  # type: ignore[assignment]  # nothing is ever settled
    try:
        store = open_store(tmp_path_factory.mktemp("past"))
        states = play(store, steps)
        for hour, state in enumerate(states):
            reading: Any = PastStore(store, START + dt.timedelta(hours=hour)).reading()
            assert {d.number: d.raw for d in reading.read("things")} == state
            for number in range(1, 5):
                assert reading.get("things", number) == state.get(number)
                ids = [d.number for d in reading.read("things", ids=[f"X-{number}"])]
                assert ids == ([number] if number in state else [])
    finally:
        folder.SMALL, folder.SHARE = small, share
