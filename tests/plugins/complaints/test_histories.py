"""A real help desk's log taken over, and what it says about clocks, waiting and reopenings."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cskit.testing import Result, department
from cskit_complaints.flow import FLOW
from cskit_complaints.model import State
from cskit_complaints.replaying import STATES, way
from tests.plugins.complaints import apart

ROOT = Path(__file__).parents[3]
EXCERPT = ROOT / "tests" / "data" / "helpdesk-excerpt.csv.gz"
WHOLE = Path(os.environ.get("CSKIT_SHARED_DATA", ROOT.parent / "shared" / "data")) / "helpdesk-events.csv.gz"
MAP = Path(__file__).parent / "helpdesk.toml"
NOW = "2014-01-05T00:00:00+00:00"


def rows(done: Result) -> list[dict[str, object]]:
    """Return what a command wrote as JSON lines."""
    assert done.exit_code == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("log", "cases", "events", "figures"),
    [
        pytest.param(EXCERPT, 382, 1808, {"on-time": 34.6, "waiting": 35.9, "reopenings": 15}, id="excerpt"),
        pytest.param(
            WHOLE,
            4580,
            21348,
            {"on-time": 38.4, "waiting": 32.3, "reopenings": 158},
            id="whole",
            marks=pytest.mark.skipif(not WHOLE.exists(), reason=f"there is no {WHOLE}"),
        ),
    ],
)
def test_the_figures_are_those_of_another_calculation(
    tmp_path: Path, log: Path, cases: int, events: int, figures: dict[str, float]
) -> None:
    """On-time share, waiting share and reopenings equal what a loop over the rows says; twice is once."""
    run = department(tmp_path / "data")
    line = f"case import-events {log} --map {MAP} --create-customers -o jsonl"
    (first,) = rows(run(line))
    assert (first["new"], first["rows"]) == (cases, events)
    (again,) = rows(run(line))
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, cases)
    assert len(rows(run("log -o jsonl"))) == 1

    (stats,) = rows(run(f"case stats --figures on-time,waiting -o jsonl --now {NOW}"))
    came_back = rows(run(f"case audit reopened -o jsonl --now {NOW}"))
    ours = {**stats, "reopenings": sum(int(str(row["reopenings"])) for row in came_back)}
    assert ours == apart.figures(log, dt.datetime.fromisoformat(NOW)) == figures

    kept = rows(run("case list -o jsonl --fields events"))
    told = sum(event["what"] == "comment" for case in kept for event in case["events"])  # type: ignore[attr-defined, misc]  # lists of events
    assert told == int(str(first["remarks"])) + int(str(first["unfit"]))


# --- logs of any kind --------------------------------------------------------------------------------------

SMALL = """\
工单号,环节,时间,处理人,原因
T1,登记,2026-11-23 09:00,张三,
T1,处理中,2026-11-23 10:00,李四,
T1,挂起,2026-11-23 11:00,李四,等待配件
"""
LATER = "T1,处理中,2026-11-23 15:00,王五,\nT1,办结,2026-11-23 16:00,王五,\nT1,结案,2026-11-23 17:00,王五,\n"
MEANS = """\
source = "old"
columns = { case = "工单号", activity = "环节", time = "时间", who = "处理人", reason = "原因" }
[activities]
"登记" = "registered"
"处理中" = "handling"
"挂起" = "paused"
"办结" = "replied"
"结案" = "closed"
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a small log and what it means, in which commands run."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "log.csv").write_text(SMALL, encoding="utf-8")
    (tmp_path / "map.toml").write_text(MEANS, encoding="utf-8")
    return tmp_path


TAKE = "case import-events log.csv --map map.toml"


def steps(run: Callable[..., Result]) -> list[str]:
    """Return what happened to the only case: verb, state after it, and who had it."""
    (kept,) = rows(run("case list -o jsonl --fields events"))
    events: list[dict[str, str]] = kept["events"]  # type: ignore[assignment]  # as listed
    return [f"{one['what']} {one['after']} {one.get('handler', '')}".strip() for one in events]


def test_steps_between_are_filled_in(place: Path) -> None:
    """A log that jumps is told as our flow has it; who takes a case on was handed it."""
    (place / "log.csv").write_text(SMALL + LATER, encoding="utf-8")
    run = department(place / "data", TAKE)
    assert steps(run) == [
        "register registered",
        "assign assigned 李四",
        "start handling 李四",
        "pause paused",
        "resume handling",
        "assign assigned 王五",
        "start handling 王五",
        "resolve resolved",
        "reply replied",
        "close closed",
    ]
    (kept,) = rows(run("case list -o jsonl"))
    assert (kept["id"], kept["key"], kept["state"]) == ("CP-20261123-001", "old:T1", "closed")
    assert (kept["handler"], kept["closed_at"]) == ("王五", "2026-11-23T09:00:00Z")


def test_a_log_that_has_grown(place: Path) -> None:
    """A longer log adds what is new; a case that was worked on here is left as it is, and counted."""
    run = department(place / "data", TAKE)
    (place / "log.csv").write_text(SMALL + LATER, encoding="utf-8")
    assert rows(run(f"{TAKE} -o jsonl"))[0]["changed"] == 1
    assert steps(run)[-1] == "close closed"
    assert run("case comment CP-20261123-001 --text 回访 --now 2026-11-24").exit_code == 0
    again = SMALL + LATER + "T1,处理中,2026-11-25 09:00,张三,\n"
    (place / "log.csv").write_text(again, encoding="utf-8")
    (counts,) = rows(run(f"{TAKE} -o jsonl"))
    assert (counts["ours"], counts["changed"]) == (1, 0)
    assert steps(run)[-1] == "comment closed"


def test_rows_that_fit_nothing_are_kept(place: Path) -> None:
    """What the mapping does not name, or the flow does not allow, is a comment, and said."""
    (place / "log.csv").write_text(
        SMALL + "T1,抽检,2026-11-23 12:00,赵六,\nT1,挂起,2026-11-23 13:00,李四,\n", encoding="utf-8"
    )
    run = department(place / "data")
    done = run(f"{TAKE} -o jsonl")
    (counts,) = rows(done)
    assert (counts["remarks"], counts["unfit"]) == (1, 1)
    assert done.stderr == (
        "the mapping does not name '抽检': 1 row is a comment\n"
        "5 rows read; saved as 1 (`cskit undo` takes it back)\n"
    )
    assert steps(run)[-2:] == ["comment paused", "comment paused"]


def test_a_mapping_to_fill_in(place: Path) -> None:
    """--init-map guesses columns and meanings, and what it writes can be used as it is."""
    run = department(place / "data")
    done = run("case import-events log.csv --init-map")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == (
        "# What each activity means: a state of ours, or comment for a remark.\n"
        "# States: registered, assigned, handling, paused, resolved, replied, closed, rejected\n"
        'source = "log"\ncontacts = []\n\n'
        '[columns]\ncase = "工单号"\nactivity = "环节"\ntime = "时间"\nwho = "处理人"\nreason = "原因"\n\n'
        '[fixed]\nkind = "complaint"\n\n[fields]\n\n'
        '[activities]\n"登记" = "registered" # 1 row\n"处理中" = "handling" # 1 row\n'
        '"挂起" = "paused" # 1 row\n'
    )
    (place / "guessed.toml").write_text(done.stdout, encoding="utf-8")
    assert rows(run("case import-events log.csv --map guessed.toml -o jsonl"))[0]["new"] == 1


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (("map.toml", MEANS.replace('"closed"', '"done"')), 2, "activities.结案: 'done' is no state"),
        (("map.toml", MEANS.replace("环节", "动作")), 2, "log.csv has no column '动作'"),
        (("map.toml", MEANS.replace('source = "old"\n', "")), 2, "map.toml: source: is missing"),
        (("map.toml", MEANS + '[fields]\n"原因" = "state"\n'), 2, "the mapping fills 'state'"),
        (("log.csv", SMALL.replace("2026-11-23 10:00", "soon")), 5, "line 3, 时间: 'soon': expected a time"),
        (("log.csv", SMALL.replace("T1,处理中", ",处理中")), 5, "line 3, 工单号: is missing"),
    ],
    ids=["no-state", "no-column", "no-source", "owned-field", "no-time", "no-case"],
)
def test_what_cannot_be_taken_over(place: Path, change: tuple[str, str], code: int, said: str) -> None:
    """A wrong mapping is wrong usage, wrong rows are all told; nothing is saved."""
    (place / change[0]).write_text(change[1], encoding="utf-8")
    run = department(place / "data")
    done = run(TAKE)
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr
    assert run("case count").stdout == "0\n"


def test_a_torn_archive(place: Path) -> None:
    """A log that ends before it is whole is refused, not taken over in part."""
    packed = gzip.compress(SMALL.encode())
    (place / "log.csv.gz").write_bytes(packed[:-12])
    run = department(place / "data")
    done = run("case import-events log.csv.gz --map map.toml")
    assert (done.exit_code, done.stderr) == (5, "cskit: log.csv.gz ends before it is whole\n")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("target", STATES)
@pytest.mark.parametrize("back", ["registered", "handling", "replied"])
def test_every_way_is_one_of_the_flow(state: State, target: str, back: State) -> None:
    """Steps that are filled in are such as the flow allows, and lead where they should."""
    here: str = state
    for verb in way(state, back, target):
        here = FLOW.after(verb, here, back=back)
    assert here == target or (here == state and (state == target or state == "rejected"))
