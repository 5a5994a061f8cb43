"""The demonstration of scores: a quarter from cards to pay. Imports hook names only."""

from __future__ import annotations

import os

from cskit import DemoStep

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "demo")
_QUARTER = ("--quarter", "2026-Q3")


def _step(say: str, *arguments: str, at: str, exits: int = 0) -> DemoStep:
    when = ("--now", f"2026-10-{at}") if at else ()
    return DemoStep(say, (*arguments, *when), _FOLDER, exits)


STEPS: tuple[DemoStep, ...] = (
    _step(
        "July is scored for everybody: what no record tells is missing, not 0, and says who would know it.",
        *("staff", "score", "--month", "2026-07", "--user", "S-004"),
        at="09T09:00",
    ),
    _step(
        "The supervisor cannot be scored: the source has no scheme for supervisors, and none is made up.",
        *("staff", "score", "S-002", "--month", "2026-07", "--user", "S-004"),
        at="09T09:01",
        exits=1,
    ),
    _step(
        "What is missing comes from a sheet: a row a person, a column an indicator.",
        *("staff", "score", "--month", "2026-07", "--reason", "三季度考核"),
        *("--enter", "{data}/figures-2026-07.csv", "--user", "S-004"),
        at="09T09:05",
    ),
    _step(
        "August …",
        *("staff", "score", "--month", "2026-08", "--reason", "三季度考核"),
        *("--enter", "{data}/figures-2026-08.csv", "--user", "S-004"),
        at="09T09:06",
    ),
    _step(
        "… and September.",
        *("staff", "score", "--month", "2026-09", "--reason", "三季度考核"),
        *("--enter", "{data}/figures-2026-09.csv", "--user", "S-004"),
        at="09T09:07",
    ),
    _step("One card, line by line.", "staff", "card", "S-003", "--month", "2026-07", at="09T09:10"),
    _step(
        "Its attendance and training lead to their records.",
        *("staff", "card", "S-003", "--month", "2026-07", "--ids"),
        at="09T09:11",
    ),
    _step(
        "Who scored cannot confirm, least of all the own card.",
        *("staff", "confirm", "S-004", "--month", "2026-07", "--user", "S-004"),
        at="09T09:20",
        exits=1,
    ),
    *(
        _step(
            say,
            *("staff", "confirm", "--month", f"2026-{month}", "--all", "--user", "S-002"),
            at="09T10:00",
        )
        for month, say in (
            ("07", "The superior confirms July …"),
            ("08", "… August …"),
            ("09", "… and September."),
        )
    ),
    _step(
        "What does the quarter make of everybody's rank?",
        *("staff", "review", *_QUARTER, "--user", "S-004"),
        at="09T10:10",
    ),
    _step(
        "Zheng took over difficult customers: the manager decides that the rank stays, another confirms it.",
        *("staff", "confirm", "S-009", *_QUARTER, "--override", "stay", "--by", "S-001"),
        *("--reason", "接手两家重点投诉客户", "--user", "S-002"),
        at="09T10:30",
    ),
    _step(
        "The others are confirmed as they are proposed.",
        *("staff", "confirm", "--all", *_QUARTER, "--user", "S-002"),
        at="09T10:31",
    ),
    _step(
        "All takes effect at once: rank, state and pay; only the dismissal waits for somebody to name it.",
        *("staff", "apply", *_QUARTER, "--on", "2026-10-01", "--user", "S-001"),
        at="09T11:00",
    ),
    _step("Who was the best of each group?", "staff", "rank", *_QUARTER, "--by", "group", at="09T11:05"),
    _step(
        "September's pay: of the time before the review, and masked.",
        *("staff", "pay", "--month", "2026-09"),
        at="09T11:10",
    ),
    _step(
        "For the bank it is a workbook with the figures; the history notes who had it.",
        *("staff", "pay", "--month", "2026-09", "--reveal", "-o", "xlsx", "--out", "{here}/pay-2026-09.xlsx"),
        *("--user", "S-001"),
        at="09T11:11",
    ),
    _step("One undo takes the whole review back …", "undo", "--yes", "--user", "S-001", at="09T11:20"),
    _step(
        "… and another the undo.",
        "staff",
        "apply",
        *_QUARTER,
        "--on",
        "2026-10-01",
        "--user",
        "S-001",
        at="09T11:21",
    ),
    _step(
        "Looking back shows what was decided, by the rules recorded with it; others of today it would name.",
        *("staff", "review", *_QUARTER, "--as-of", "today"),
        at="",
    ),
)
