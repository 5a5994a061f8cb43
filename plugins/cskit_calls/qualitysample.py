"""The demonstration's steps for shifts and scores, from the files in the folder `demo`."""

from __future__ import annotations

import os

from cskit import DemoStep

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "demo")
_MONTH = ("--month", "2026-10")


def _step(say: str, *arguments: str, at: str, exits: int = 0) -> DemoStep:
    return DemoStep(say, (*arguments, "--now", f"2026-{at}"), _FOLDER, exits)


_ROTA: tuple[DemoStep, ...] = (
    _step(
        "A week's rota: three people through early, late and off.",
        *("call", "shift", "plan", "--from", "2026-11-02", "--to", "2026-11-08", "--pattern", "three-crews"),
        *("--staff", "S-003", "--staff", "S-004", "--staff", "S-005", "--user", "S-002"),
        at="10-28T15:10",
    ),
    _step(
        "Nobody works two shifts at once.",
        *("call", "shift", "add", "S-004", "--on", "2026-11-02", "--shift", "early", "--user", "S-002"),
        at="10-28T15:12",
        exits=1,
    ),
    _step(
        "Somebody is absent for a day …",
        *("call", "absence", "add", "S-004", "--first", "2026-11-05", "--user", "S-002"),
        at="10-30T09:00",
    ),
    _step(
        "… and somebody with enough rest works instead.",
        *("call", "shift", "cover", "AB-00001", "--by", "S-009", "--user", "S-002"),
        at="10-30T09:01",
    ),
    _step("The week as it is put up.", "call", "shifts", "--week", "2026-W45", at="10-30T09:05"),
    _step(
        "On paper.",
        *("call", "shifts", "--week", "2026-W45", "-o", "html", "--out", "{here}/rota.html"),
        at="10-30T09:06",
    ),
    _step(
        "The early shift hands over what is open …",
        *("call", "handover", "--shift", "early", "--on", "2026-11-02", "--note", "订购系统十四点后维护"),
        *("--user", "S-004"),
        at="11-02T13:55",
    ),
    _step(
        "… and the late one signs for it.",
        *("call", "takeover", "HO-00001", "--answer", "已知悉", "--user", "S-005"),
        at="11-02T14:02",
    ),
)
_QUALITY: tuple[DemoStep, ...] = (
    _step(
        "Two calls of each agent are drawn to be listened to; first only to see which …",
        *("call", "qa", "sample", *_MONTH, "--per-agent", "2", "--seed", "7", "--user", "S-010"),
        "--dry-run",
        at="11-02T09:00",
    ),
    _step(
        "… then in earnest: the same seed, the same calls.",
        *("call", "qa", "sample", *_MONTH, "--per-agent", "2", "--seed", "7", "--user", "S-010"),
        at="11-02T09:05",
    ),
    _step(
        "A month is drawn once; nobody draws until it suits.",
        *("call", "qa", "sample", *_MONTH, "--seed", "8", "--user", "S-010"),
        at="11-02T09:06",
        exits=4,
    ),
    _step("What calls are scored by.", "call", "qa", "sheet", "show", "hotline", at="11-03T09:00"),
    _step(
        "One scores all of them …",
        *("batch", "{data}/scores-wang.txt", "--user", "S-002"),
        at="11-03T16:00",
    ),
    _step(
        "… and somebody else ten of these, for comparison.",
        *("batch", "{data}/scores-feng.txt", "--user", "S-010"),
        at="11-04T16:00",
    ),
    _step("What do the scores come to?", "call", "qa", "report", *_MONTH, at="11-05T09:00"),
    _step("What is missed most often?", "call", "qa", "report", *_MONTH, "--by", "item", at="11-05T09:01"),
    _step("How far do the two agree?", "call", "qa", "agreement", *_MONTH, at="11-05T09:02"),
    _step(
        "A measure, and when it is to show.",
        *("call", "qa", "measure", "add", "班前会练习说明后续时限", "--item", "solution", "--user", "S-002"),
        at="11-05T09:10",
    ),
    _step(
        "What was spoken of with an agent …",
        *("call", "coaching", "add", "S-005", "--coach", "S-002", "--topic", "型号答复", "--words"),
        *("先查型号表再答复", "--assessment", "QS-000005", "--user", "S-002"),
        at="11-05T10:00",
    ),
    _step(
        "… is acknowledged by nobody else.",
        *("call", "coaching", "acknowledge", "CO-00001", "--user", "S-005"),
        at="11-05T17:00",
    ),
)
STEPS: tuple[DemoStep, ...] = (*_ROTA, *_QUALITY)
