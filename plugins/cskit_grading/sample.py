"""The demonstration's steps for grading, on the sample department's customers and orders."""

from __future__ import annotations

from cskit import DemoStep

_FIRST, _LATER, _LAST = "2026-12-01T09:00", "2026-12-02T09:00", "2027-01-05T09:00"


def _step(say: str, *arguments: str, exits: int = 0) -> DemoStep:
    return DemoStep(say, arguments, exits=exits)


STEPS: tuple[DemoStep, ...] = (
    _step(
        "A deal is expected in March, from a customer who knows what is needed.",
        *("customer", "opportunity", "add", "C-000003", "--need", "obvious", "--chance", "yes"),
        *("--expected-close", "2027-03-15", "--owner", "S-001"),
    ),
    _step(
        "Grade everybody by order volume. Borderline grades say why.",
        *("grade", "run", "--scheme", "order-volume", "--now", _FIRST),
    ),
    _step(
        "Why is C-000005 a B? What the code that decided saw, and how far the next grade is.",
        *("grade", "explain", "C-000005", "--scheme", "order-volume", "--now", _FIRST),
    ),
    _step("Which grades are where?", "grade", "matrix", "order-volume", "--now", _FIRST),
    _step("Lin and Wang work here; this says which staff they are.", "config", "set", "staff.lin", "S-001"),
    _step("And Wang.", "config", "set", "staff.wang", "S-002"),
    _step(
        "A grade can be set by hand, with a reason and for a time.",
        *("grade", "set", "C-000003", "order-volume", "B", "--reason", "年框协议待签"),
        *("--until", "2026-12-31"),
        *("--user", "lin", "--now", _LATER),
    ),
    _step(
        "Who recorded it cannot sign it off …",
        *("grade", "review", "GR-000023", "--user", "lin", "--now", _LATER),
        exits=1,
    ),
    _step(
        "… a colleague can.",
        *("grade", "review", "GR-000023", "--user", "wang", "--now", _LATER),
    ),
    _step(
        "And by when a deal is expected: from A, within a month, to E, no chance.",
        *("grade", "run", "--scheme", "deal", "--now", _LATER),
    ),
    _step(
        "What do the grades ask for? Nobody has noted an activity for a fortnight.",
        *("grade", "due", "--now", "2026-12-20T09:00"),
    ),
    _step(
        "In January the override has run out, and the deal has come closer.",
        *("grade", "run", "--scheme", "order-volume", "--scheme", "deal", "--now", _LAST),
    ),
    _step(
        "Everything that became of the customer's grades.",
        *("customer", "timeline", "C-000003", "--now", _LAST),
    ),
)
