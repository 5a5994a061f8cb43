"""The demonstration of the staff plugin: ten people and their third quarter. Imports hook names only."""

from __future__ import annotations

import os

from cskit import DemoStep
from cskit_staff import scoresample

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "demo")
_OCTOBER = "2026-10-09T09:00"


def _step(say: str, *arguments: str, exits: int = 0) -> DemoStep:
    return DemoStep(say, (*arguments, "--now", _OCTOBER), _FOLDER, exits)


PEOPLE: tuple[DemoStep, ...] = (
    _step(
        "Organisations to begin with come along; this one has positions with ladders and KPI schemes.",
        *("staff", "organisation", "use", "video-cloud"),
    ),
    _step("The people come from a file, ranks by their titles.", "staff", "import", "{data}/staff.csv"),
    _step("Who is where, and what is still to be filled.", "staff", "tree", "--people"),
    _step("Planned and actual by position.", "staff", "headcount", "--by", "position"),
    _step("What somebody is paid is masked; --reveal shows it, and is noted.", "staff", "show", "S-003"),
    _step("A job sheet is filled in, a command a line …", "batch", "{data}/job-sheet.txt"),
    _step(
        "… and printed.",
        *("staff", "position", "show", "VC-REP", "-o", "html", "--out", "{here}/job-sheet.html"),
    ),
    _step(
        "Four months of attendance.",
        *("staff", "attendance", "import", "{data}/attendance.csv"),
    ),
    _step(
        "What people need to learn was asked, and noted.",
        *("staff", "need", "import", "{data}/needs.csv"),
    ),
    _step("The courses of the quarter …", "staff", "course", "import", "{data}/courses.csv"),
    _step("… and who took them.", "staff", "training", "import", "{data}/trainings.csv"),
    _step("What is still needed, the most wanted first?", "staff", "training", "needs"),
    _step("What did a course do?", "staff", "training", "report", "PX-08"),
    _step("A question bank …", "staff", "question", "import", "{data}/questions.csv"),
    _step(
        "… from which a seed draws an exam, the same whenever it is asked.",
        *("staff", "exam", "draw", "十月服务规范考试", "--topic", "服务礼仪", "--topic", "投诉沟通"),
        *("--questions", "5", "--seed", "10", "--on", "2026-10-08"),
    ),
    _step("On paper.", "staff", "exam", "paper", "EX-0001", "-o", "html", "--out", "{here}/exam.html"),
    _step("The answer sheets are marked.", "staff", "exam", "mark", "EX-0001", "{data}/sheets.csv"),
    _step("Which question was not understood?", "staff", "exam", "items", "EX-0001"),
    _step(
        "A penalty is proposed by one …",
        *("staff", "penalty", "add", "S-006", "--what", "九月迟到六次", "--amount", "50"),
        *("--on", "2026-09-30", "--user", "S-002"),
    ),
    _step(
        "… who cannot confirm it as well …",
        *("staff", "penalty", "confirm", "PN-00001", "--user", "S-002"),
        exits=1,
    ),
    _step("… a colleague can.", "staff", "penalty", "confirm", "PN-00001", "--user", "S-001"),
    _step(
        "Targets of the quarter and the year: counted where a fact measures them, else entered.",
        *("staff", "target", "import", "{data}/targets.csv"),
    ),
    _step("Plan and actual.", "staff", "target", "report", "--period", "2026"),
    _step("What happened to somebody.", "staff", "timeline", "S-006"),
)
STEPS: tuple[DemoStep, ...] = (*PEOPLE, *scoresample.STEPS)
