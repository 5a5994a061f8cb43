"""The demonstration's steps for estates: a month of one project, from the files in the folder `demo`."""

from __future__ import annotations

import os

from cskit import DemoStep

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "demo")
_METERS = ("--item", "power_meter=1200", "--item", "water_meter=35", "--rest-ok")


def _step(say: str, *arguments: str, at: str, needs: str = "", exits: int = 0) -> DemoStep:
    return DemoStep(say, (*arguments, "--now", f"2026-{at}"), _FOLDER, exits, needs)


STEPS: tuple[DemoStep, ...] = (
    _step(
        "A company that manages estates for the developer.",
        *("property", "company", "add", "清禾样例物业服务有限公司", "--key", "WY-1"),
        *("--phone", "13700000010"),
        at="10-08T09:00",
    ),
    _step(
        "Projects: areas, rates, until when the contract runs.",
        *("property", "project", "import", "{data}/projects.csv"),
        at="10-08T09:05",
    ),
    _step(
        "A spot check: twenty items of the standard, drawn at random; the same seed draws the same items.",
        *("property", "check", "new", "XM-01", "--standard", "residential", "--items", "20", "--seed", "7"),
        at="10-12T09:00",
    ),
    _step(
        "What was found comes back in the list that was filled in; each finding opens a rectification.",
        *("property", "check", "record", "CK-0001", "{data}/check-october.csv", "--user", "S-001"),
        at="10-12T16:00",
    ),
    _step(
        "The dead bough is dangerous: put right on the same day …",
        *("property", "rectification", "done", "RC-0001", "--text", "枯枝已清除", "--photo", "after.jpg"),
        *("--user", "S-003"),
        at="10-12T18:00",
    ),
    _step(
        "… but nobody verifies their own work.",
        *("property", "rectification", "verify", "RC-0001", "--user", "S-003"),
        at="10-13T09:00",
        exits=1,
    ),
    _step(
        "The other finding is put right, and somebody else sees to both.",
        *("property", "rectification", "done", "RC-0002", "--text", "公示已更新", "--user", "S-003"),
        at="10-14T09:00",
    ),
    _step(
        "Verified on site.",
        *("property", "rectification", "verify", "RC-0001", "RC-0002", "--user", "S-001"),
        at="10-14T15:00",
    ),
    _step(
        "Something to be agreed upon with the company, and who sees it through.",
        *("property", "event", "add", "二次供水水箱清洗停水", "--project", "XM-01", "--kind", "outage"),
        *("--parties", "清禾物业,供水公司", "--owner", "S-002", "--due", "2026-10-20"),
        at="10-14T16:00",
    ),
    _step(
        "What the meeting decided.",
        *("property", "event", "note", "PE-0001", "--decision", "10月18日9时至15时停水，提前三天公告"),
        at="10-15T10:00",
    ),
    _step("On it goes.", "property", "event", "move", "PE-0001", "--to", "implementing", at="10-15T10:05"),
    _step(
        "An event cannot be closed before somebody verified it.",
        *("property", "event", "move", "PE-0001", "--to", "closed"),
        at="10-19T09:00",
        exits=1,
    ),
    _step(
        "Tenants of both projects come from a file, and onto the register of customers.",
        *("property", "tenant", "import", "{data}/tenants.csv", "--create-customers"),
        at="10-09T09:00",
    ),
    _step(
        "Premises are handed over: the whole list, and the meters.",
        *("property", "tenant", "move-in", "ZH-02", "--on", "2026-10-10", *_METERS),
        at="10-10T10:00",
    ),
    _step(
        "A month's invoices, by days where it was no whole month, into the one ledger.",
        *("property", "invoice", "run", "--month", "2026-10"),
        at="10-25T09:00",
    ),
    _step(
        "Are the tenants satisfied? A round of the estates' questionnaire.",
        *("survey", "new", "property", "--population", "property tenant", "--size", "100%", "--seed", "7"),
        at="10-26T09:00",
        needs="survey new",
    ),
    _step(
        "Their answers.",
        *("survey", "import", "SR-0004", "{data}/satisfaction.csv"),
        at="10-28T17:00",
        needs="survey new",
    ),
    _step(
        "How do the projects stand in October?",
        *("property", "rank", "--period", "2026-10"),
        at="10-31T18:00",
    ),
    _step("What tenants owe, by age.", "property", "tenant", "arrears", at="11-20T09:00"),
)
