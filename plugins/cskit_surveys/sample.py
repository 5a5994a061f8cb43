"""The demonstration's steps for surveys: real commands on the files in the folder `demo`."""

from __future__ import annotations

import os

from cskit import DemoStep

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "demo")


def _step(say: str, *arguments: str, exits: int = 0) -> DemoStep:
    return DemoStep(say, arguments, _FOLDER, exits)


STEPS: tuple[DemoStep, ...] = (
    _step(
        "Ask half of the customers how satisfied they are: a random sample, in proportion from each region.",
        *("survey", "new", "overall", "--population", "customer", "--size", "50%"),
        *("--stratify", "region", "--seed", "7"),
    ),
    _step(
        "Whom to call? In the order of the draw, telephone numbers masked.",
        *("survey", "sample", "SR-0001", "--fields", "id,about,name,phone,staff"),
    ),
    _step(
        "Answers typed in by hand, with mistakes: all of them are listed, nothing is half-imported.",
        *("survey", "import", "SR-0001", "{data}/answers-typed.csv"),
        exits=5,
    ),
    _step(
        "The export of a questionnaire service, a column for each question.",
        *("survey", "import", "SR-0001", "{data}/answers.xlsx"),
    ),
    _step(
        "How satisfied are they, and how sure is that?",
        *("survey", "score", "SR-0001", "--chart"),
    ),
    _step("Who was dissatisfied, and has to be called back?", "survey", "low", "SR-0001"),
    _step(
        "Plan that call; it stands in `today` when its day has come, and comes again every three months.",
        *("followup", "add", "满意度偏低，了解原因", "--customer", "C-000004", "--due", "2026-12-01"),
        *("--kind", "after_service", "--every", "3", "--staff", "S-001"),
    ),
    _step(
        "What the departments should read, as a page to print.",
        *("survey", "report", "SR-0001", "--by", "region", "-o", "html", "--out", "{here}/survey.html"),
    ),
)
