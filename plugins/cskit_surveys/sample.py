"""The demonstration's steps for surveys: real commands on the files in the folder `demo`."""

from __future__ import annotations

import os

from cskit import DemoStep

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "demo")


def _step(say: str, *arguments: str, exits: int = 0) -> DemoStep:
    return DemoStep(say, arguments, _FOLDER, exits)


def _repairs(say: str, *arguments: str, at: str) -> DemoStep:
    """Make a step of the monthly check of repairs, which needs somebody who keeps cases."""
    return DemoStep(say, (*arguments, "--now", f"2026-{at}T09:00"), _FOLDER, needs="case import-events")


def _of(verb: str) -> tuple[str, ...]:
    return "survey", verb, "SR-0003"


_DRAW = (
    "survey",
    "new",
    "repair",
    "--population",
    "case",
    "--where",
    'kind == "repair"',
    "--on",
    "closed_at",
)

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
    _repairs(
        "The monthly check of repairs: two months of them come from the log of the repair office's system.",
        *("case", "import-events", "{data}/repairs.csv", "--map", "{data}/repairs.toml"),
        at="11-02",
    ),
    _repairs(
        "Three quarters of the repairs closed in September: the same seed draws the same again.",
        *(*_DRAW, "--period", "2026-09", "--size", "75%", "--seed", "9", "--due", "2026-10-10"),
        at="10-01",
    ),
    _repairs(
        "Their answers, as a questionnaire service exports them: known by its headings, without any map.",
        *("survey", "import", "SR-0002", "{data}/repair-september.csv"),
        at="10-09",
    ),
    _repairs(
        "October's, in proportion from each engineer.",
        *(*_DRAW, "--period", "2026-10", "--size", "75%", "--seed", "10", "--due", "2026-11-10"),
        *("--stratify", "handler"),
        at="11-02",
    ),
    _repairs(
        "A form of it for telephones, which ODK and KoboToolbox take as it is.",
        *("survey", "form", "repair", "-o", "xlsform", "--out", "{here}/repair.xlsx"),
        at="11-02",
    ),
    _repairs(
        "What came in by the ninth.",
        *("survey", "import", "SR-0003", "{data}/repair-october.csv"),
        at="11-09",
    ),
    _repairs(
        "Nobody was at home at two of them,",
        *("survey", "missed", "SR-0003", "CP-20261019-001", "CP-20261023-001", "--unreached"),
        at="11-09",
    ),
    _repairs(
        "one did not wish to answer.",
        *("survey", "missed", "SR-0003", "CP-20261003-001", "--refused"),
        at="11-09",
    ),
    _repairs("How far has it come, at each engineer's?", *_of("nonresponse"), "--by", "staff", at="11-09"),
    _repairs("How satisfied are they, and how sure is that?", *_of("score"), at="11-09"),
    _repairs(
        "Is October better than September? A change is called one only where the test says so.",
        *("survey", "compare", "SR-0002", "SR-0003"),
        at="11-09",
    ),
    _repairs("What does it hang on?", *_of("drivers"), "--chart", at="11-09"),
    _repairs("Who was dissatisfied becomes a case at once.", *_of("low"), "--open-cases", at="11-09"),
    _repairs(
        "What the repair office should read, as a page to print.",
        *(*_of("report"), "--by", "staff", "-o", "html", "--out", "{here}/repairs.html"),
        at="11-09",
    ),
)
