"""Call records of telephone systems: known by their headings, taken once, all problems at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cskit.values import Faulty
from cskit_calls.systems import seconds
from tests.plugins.calls.conftest import Run, worked

ASTERISK = """calldate,clid,src,dst,dcontext,channel,dstchannel,lastapp,duration,billsec,disposition,uniqueid
2026-10-19 09:00:05,x,13800000012,A1,from-trunk,,,Queue,110,95,ANSWERED,1.1
2026-10-19 09:05:05,x,13900000012,600,from-trunk,,,Queue,12,0,NO ANSWER,1.2
2026-10-19 09:10:05,x,8001,13800000012,from-internal,,,Dial,40,30,ANSWERED,1.3
2026-10-19 09:15:05,x,8001,13800000012,from-internal,,,Dial,25,0,BUSY,1.4
"""
FREESWITCH = """caller_id_number,destination_number,start_stamp,duration,billsec,hangup_cause,uuid
13800000012,A2,2026-10-19 09:00:05,110,95,NORMAL_CLEARING,u-1
13900000012,600,2026-10-19 09:05:05,12,0,ORIGINATOR_CANCEL,u-2
8001,13800000012,2026-10-19 09:10:05,40,30,NORMAL_CLEARING,u-3
8001,13800000012,2026-10-19 09:15:05,25,0,NO_ANSWER,u-4
"""
HEADINGS = (
    "通话ID 通话类型 主叫号码 被叫号码 来电时间 等待时长 通话时长 话后时长 是否接通 坐席工号 队列 处理结果"
)
HOTLINE = f"""{HEADINGS.replace(" ", ",")}
A1,呼入,13800000012,4008001234,2026-10-19 09:00:05,00:00:15,1分35秒,20秒,1,A1,投诉建议,当场解决
A2,呼入,13900000012,4008001234,2026-10-19 09:05:05,12,0,0,0,,咨询,
A3,呼出,4008001234,13800000012,2026-10-19 09:10:05,10,30,0,已接通,A2,外呼组,
A4,去电,4008001234,13800000012,2026-10-19 09:15:05,25,0,0,未接,,,
"""


def taken(hotline: Run) -> list[dict[str, Any]]:
    """Return all calls as they are stored."""
    shown = worked(hotline("call export -o jsonl --reveal")).splitlines()
    return [json.loads(line) for line in shown]


@pytest.mark.parametrize(
    ("text", "system", "agent"),
    [
        (ASTERISK, "Asterisk", "S-001"),
        (FREESWITCH, "FreeSWITCH", "S-002"),
        (HOTLINE, "hotline platform", "S-001"),
    ],
    ids=["asterisk", "freeswitch", "hotline"],
)
def test_call_records_are_known(hotline: Run, text: str, system: str, agent: str) -> None:
    """Direction, wait, agent, customer and what became of a call follow from what each system writes."""
    done = hotline("call import -", input=text)
    assert done.exit_code == 0, done.stderr
    assert done.stderr.splitlines()[0] == f"read as call records: {system}"
    answered, gave_up, out, unreached = taken(hotline)
    assert (answered["at"], answered["direction"]) == ("2026-10-19T01:00:05Z", "in")
    assert (answered["waiting"], answered["talking"], answered["staff"]) == (15, 95, agent)
    assert (answered["customer"], answered["number"]) == ("C-000002", "13800000012")
    assert (gave_up["result"], gave_up["waiting"], gave_up.get("staff")) == ("abandoned", 12, None)
    assert (out["direction"], out["customer"], out["talking"], out.get("result")) == (
        "out",
        "C-000002",
        30,
        None,
    )
    assert (unreached["direction"], unreached["result"]) == ("out", "unreached")


def test_what_a_platform_says_beside(hotline: Run) -> None:
    """Queues by title, results in our words; a skill group that is no queue of ours is kept as a note."""
    worked(hotline("call import -", input=HOTLINE))
    answered, _gave_up, out, _unreached = taken(hotline)
    assert (answered["queue"], answered["result"], answered["wrap_up"]) == ("complaint", "settled", 20)
    assert (out["queue"], out["note"]) == ("consult", "外呼组")


def test_the_same_records_again_change_nothing(hotline: Run) -> None:
    """A file that was taken is known by the system's own numbers."""
    worked(hotline("call import -", input=ASTERISK))
    done = hotline("call import -", input=ASTERISK)
    assert done.stderr.splitlines()[-1] == "calls: 0 new, 0 changed, 4 unchanged; nothing to save"


def test_an_import_opens_no_case(hotline: Run) -> None:
    """Cases are opened by whoever takes a call, not by what a telephone system knows of it."""
    worked(hotline("call import -", input=HOTLINE))
    assert worked(hotline("case count")).strip() == "0"


def test_all_that_is_wrong_is_told_at_once(hotline: Run) -> None:
    """Words, lengths, times and agents that cannot be read are named together; nothing is saved."""
    rows = HOTLINE + (
        "A5,留言,13800000013,4008001234,2026-10-19 09:20:05,9秒x,5,0,1,A1,,\n"
        "A6,呼入,13800000013,4008001234,昨天,9,5,0,1,A9,,很好\n"
    )
    done = hotline("call import -", input=rows)
    assert (done.exit_code, done.stdout) == (5, "")
    for said in (
        "line 6, direction: '留言': is not known",
        "line 6, waiting: '9秒x': expected a length",
        "line 7, at: '昨天'",
        "line 7, result: '很好'",
        "line 7, staff: 'A9': no staff member has this id or external key",
    ):
        assert said in done.stderr
    assert worked(hotline("call count")).strip() == "0"


def test_a_mapping_is_left_alone(hotline: Run) -> None:
    """With --map the columns are those that the user says, whatever system wrote them."""
    left_out = [f"{name}=" for name in ASTERISK.splitlines()[0].split(",")]
    taken_over = {"uniqueid=": "key", "calldate=": "at", "src=": "number", "billsec=": "talking"}
    mapping = " ".join(f"--map {name}{taken_over.get(name, '')}" for name in left_out)
    done = hotline(f"call import - {mapping}", input=ASTERISK)
    assert done.exit_code == 0, done.stderr
    assert "read as" not in done.stderr
    assert {call["talking"] for call in taken(hotline)} == {95, 0, 30}


def test_our_own_export_is_no_telephone_system(hotline: Run) -> None:
    """What was exported comes back unchanged, in every format that is read."""
    worked(hotline("call add 咨询 --number 13800000012 --talking 30"))
    worked(hotline("call export --reveal --out calls.csv"))
    done = hotline("call import calls.csv")
    assert done.stderr == "calls: 0 new, 0 changed, 1 unchanged; nothing to save\n"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_department_adds_its_own_system(hotline: Run, tmp_path: Path) -> None:
    """A rule file in the data folder makes another system known."""
    rules = tmp_path / "data" / "rules" / "call-systems" / "ours.toml"
    rules.parent.mkdir(parents=True)
    rules.write_text(
        'label = { en = "Ours", zh = "本部话机" }\nrecognised = ["wer", "wann"]\n'
        '[headings]\nkey = ["nr"]\nat = ["wann"]\ncaller = ["wer"]\ntalking = ["dauer"]\n',
        encoding="utf-8",
    )
    rules.chmod(0o600)
    done = hotline("call import -", input="nr,wann,wer,dauer\n7,2026-10-19 09:00,13800000012,2:05\n")
    assert done.exit_code == 0, done.stderr
    assert [(call["key"], call["talking"]) for call in taken(hotline)] == [("7", 125)]


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("0", 0),
        ("95", 95),
        (95, 95),
        ("1:35", 95),
        ("00:01:35", 95),
        ("1m35s", 95),
        ("1分35秒", 95),
        ("2分钟", 120),
        ("1小时2分", 3720),
        ("35秒", 35),
    ],
)
def test_lengths(text: object, length: int) -> None:
    """Seconds as systems write them."""
    assert seconds(text) == length


@pytest.mark.parametrize("text", ["x", "1:3:5:7", "-5", "9秒x", "1.5", "::"])
def test_what_is_no_length(text: str) -> None:
    """Anything else is told, not guessed."""
    assert isinstance(seconds(text), Faulty)
