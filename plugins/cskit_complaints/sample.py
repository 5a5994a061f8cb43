"""The demonstration of cases: a day at the complaints desk. Imports hook names only."""

from __future__ import annotations

import os

from cskit import DemoStep

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "demo")
_CRISIS = ("task-force", "facts", "reply", "press", "close")


def _step(say: str, *arguments: str, at: str, exits: int = 0) -> DemoStep:
    when = ("--now", f"2026-11-{at}") if at else ()
    return DemoStep(say, (*arguments, *when), _FOLDER, exits)


STEPS: tuple[DemoStep, ...] = (
    _step(
        "Ten cases of a Monday morning come from the hotline's file; categories are given by their titles.",
        *("case", "import", "{data}/cases.csv"),
        at="23T11:05",
    ),
    _step("What is to be done? A crisis stands first.", "today", "--until", "2026-11-24", at="23T11:10"),
    _step(
        "The morning's work stands in a file: answered, passed on, promised, paused; as one change.",
        *("batch", "{data}/desk.txt", "--user", "S-001"),
        at="23T11:30",
    ),
    _step(
        "A case cannot be closed before the customer knows: what it could take is named.",
        *("case", "close", "RX-101"),
        at="23T11:31",
        exits=1,
    ),
    _step(
        "A title that several categories have is no name; all of them are listed.",
        *("case", "set", "RX-109", "category=服务规范"),
        at="23T11:32",
        exits=5,
    ),
    _step(
        "Nor is there a department of this name.",
        *("case", "assign", "RX-110", "--to", "财务部"),
        at="23T11:33",
        exits=3,
    ),
    _step(
        "The afternoon: a promise kept, a case passed to another department, the crisis step by step.",
        *("batch", "{data}/afternoon.txt", "--user", "S-004"),
        at="23T15:40",
    ),
    _step(
        "A later deadline is asked for …",
        *("case", "extend", "RX-108", "--until", "2026-12-04", "--reason", "等待定损", "--user", "S-004"),
        at="23T16:00",
    ),
    _step(
        "… and cannot be approved by who asked for it.",
        *("case", "approve", "RX-108", "--extension", "1", "--user", "S-004"),
        at="23T16:01",
        exits=1,
    ),
    _step(
        "Somebody else can.",
        *("case", "approve", "RX-108", "--extension", "1", "--user", "S-009"),
        at="23T16:02",
    ),
    _step(
        "Dealt with on the next day,",
        *("case", "resolve", "RX-101", "--solution", "重做防水层并闭水试验", "--cause", "防水层破损"),
        *("--liability", "工程部", "--validity", "valid", "--user", "S-004"),
        at="24T15:00",
    ),
    _step(
        "told to the customer,",
        *("case", "reply", "RX-101", "--text", "已修好,闭水试验合格", "--satisfaction", "4"),
        at="24T15:20",
    ),
    _step("closed,", "case", "close", "RX-101", at="24T17:00"),
    _step(
        "and taken up again: it is counted.",
        *("case", "reopen", "RX-101", "--reason", "昨夜又渗水"),
        at="26T09:00",
    ),
    _step("The whole course of one case.", "case", "track", "RX-101", at="26T09:10"),
    _step(
        "The crisis ends with its checklist …",
        *("case", "crisis", "RX-102", *(word for step in _CRISIS for word in ("--done", step))),
        at="26T09:20",
    ),
    _step(
        "… and a review memo.",
        *("case", "crisis", "RX-102", "--memo", "{data}/memo.txt"),
        at="26T09:30",
    ),
    _step("What is to be done now?", "today", at="26T09:40"),
    _step(
        "How many cases of which kind are in which state?",
        *("case", "count", "--by", "kind,state"),
        at="",
    ),
    _step(
        "Which cases are behind a figure of the month's report? Of a share, counts says which it counts.",
        *("report", "--month", "2026-11", "--ids", "--only", "complaints.on-time"),
        at="30T18:00",
    ),
)
