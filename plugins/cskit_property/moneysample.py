"""The demonstration's steps for settlements, matters and sales."""

from __future__ import annotations

import os

from cskit import DemoStep

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "demo")
_ROOM = ("property", "sale", "add")


def _step(say: str, *arguments: str, at: str, exits: int = 0) -> DemoStep:
    return DemoStep(say, (*arguments, "--now", f"2026-{at}"), _FOLDER, exits)


STEPS: tuple[DemoStep, ...] = (
    _step(
        "October's fee of the estate: areas at its rates, less what check score and satisfaction take off.",
        *("property", "settle", "new", "XM-01", "--item", "物业服务费", "--period", "2026-10"),
        *("--add", "中秋绿植布置=20*35.50", "--user", "S-001"),
        at="11-02T09:00",
    ),
    _step("Line by line.", "property", "settle", "show", "ST-00001", at="11-02T09:05"),
    _step(
        "The same month again is refused.",
        *("property", "settle", "new", "XM-01", "--item", "物业服务费", "--period", "2026-10"),
        *("--user", "S-002"),
        at="11-02T09:10",
        exits=1,
    ),
    _step(
        "Handed in; from now on the amounts stay.",
        *("property", "settle", "submit", "ST-00001", "--user", "S-001"),
        at="11-02T10:00",
    ),
    _step(
        "Who handed it in cannot check it …",
        *("property", "settle", "check", "ST-00001", "--user", "S-001"),
        at="11-02T10:01",
        exits=1,
    ),
    _step(
        "… somebody else can,",
        *("property", "settle", "check", "ST-00001", "--user", "S-002"),
        at="11-03T09:00",
    ),
    _step(
        "and a third person approves it, which charges the ledger.",
        *("property", "settle", "approve", "ST-00001", "--user", "S-009"),
        at="11-03T15:00",
    ),
    _step(
        "Paid, as the ledger shows as well.",
        *("property", "settle", "pay", "ST-00001", "--form", "银行转账", "--user", "S-003"),
        at="11-20T10:00",
    ),
    _step(
        "The sheet for the files.",
        *("property", "settle", "print", "ST-00001", "-o", "md"),
        at="11-20T10:05",
    ),
    _step(
        "The pre-sale permit of the second project is a matter of five steps.",
        *("property", "matter", "open", "presale", "--project", "XM-02", "--user", "S-001"),
        at="11-02T11:00",
    ),
    _step(
        "Half of 31 floors are 16: one of three buildings is too low.",
        *("property", "matter", "step", "MT-00001", "community-certificate", "--document", "application"),
        *("--floors", "1#=16/31", "--floors", "2#=15/31", "--floors", "3#=20/31", "--user", "S-001"),
        at="11-05T11:00",
        exits=1,
    ),
    _step(
        "The permit itself comes last; what is missing is named.",
        *("property", "matter", "step", "MT-00001", "permit", "--user", "S-001"),
        at="11-05T11:05",
        exits=1,
    ),
    _step("Where it stands.", "property", "matter", "course", "MT-00001", at="11-20T11:00"),
    _step(
        "What the mapping costs.",
        *("property", "mapping-fee", "--residential", "12000", "--other", "800"),
        at="11-05T11:10",
    ),
    _step(
        "Taxes are each city's own: without its table nothing is made up.",
        *("property", "taxes", "--price", "1180000", "--area", "89.5"),
        at="11-05T11:15",
        exits=2,
    ),
    _step(
        "Two rooms are sold,",
        *(*_ROOM, "1-1801", "--project", "XM-01", "--customer", "C-000001", "--price", "1180000"),
        *("--salesperson", "周样例"),
        at="10-08T10:00",
    ),
    _step(
        "the second to somebody who pays in full.",
        *(*_ROOM, "1-1802", "--project", "XM-01", "--customer", "C-000002", "--price", "1215000"),
        *("--payment", "full"),
        at="10-08T10:10",
    ),
    _step(
        "Both are subscribed for.",
        *("property", "sale", "move", "subscribe", "PS-00001", "PS-00002"),
        at="10-09T10:00",
    ),
    _step(
        "One contract is signed in time;",
        *("property", "sale", "move", "exchange", "PS-00002", "--number", "HT-2026-118"),
        at="10-20T10:00",
    ),
    _step("the other one is late: whom to remind?", "property", "sale", "reminders", at="11-02T09:30"),
    _step(
        "The sheet went to the sales department.",
        *("property", "sale", "remind", "PS-00001"),
        at="11-02T09:40",
    ),
    _step(
        "The sales system's export has a room that we do not, and another price.",
        *("property", "sale", "reconcile", "{data}/sales-system.csv", "--project", "XM-01"),
        at="11-02T09:50",
    ),
)
