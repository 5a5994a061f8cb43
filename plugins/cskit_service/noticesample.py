"""The demonstration's steps for notices, orders and invoices: five notices through their ways.

Imports hook names only.
"""

from __future__ import annotations

import os

from cskit import DemoStep

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "demo")


def _step(say: str, *arguments: str, at: str, needs: str = "", exits: int = 0) -> DemoStep:
    return DemoStep(say, (*arguments, "--now", f"2026-10-{at}"), _FOLDER, exits, needs)


_ON_THE_SPOT = (
    _step(
        "Five service notices come from the branch's file; codes are what the company says they are.",
        *("notice", "import", "{data}/notices.csv", "--user", "S-003"),
        at="12T08:30",
    ),
    _step(
        "The week's work plan: by person and day, urgent ones first; -o html prints it.",
        *("notice", "plan", "--from", "2026-10-12", "--to", "2026-10-16", "--centre", "S4002"),
        at="12T08:40",
    ),
    _step(
        "The urgent one is handled on the spot: four steps from a file, as one change.",
        *("batch", "{data}/on-the-spot.txt", "--user", "S-008"),
        at="12T09:30",
    ),
)
_CHARGEABLE = (
    _step(
        "The next one is surveyed: it takes a part that only the head office has.",
        *("notice", "site-survey", "FW-2", "--head-office", "--text", "锁芯停产，需总部报价"),
        *("--user", "S-008"),
        at="13T10:00",
    ),
    _step(
        "Who surveyed it cannot approve it …",
        *("notice", "approve", "FW-2", "--user", "S-008"),
        at="13T10:05",
        exits=1,
    ),
    _step("… the supervisor can.", "notice", "approve", "FW-2", "--user", "S-002", at="13T11:00"),
    _step("On to district logistics …", "notice", "logistics", "FW-2", at="13T11:10"),
    _step(
        "… which answers with a price and people.",
        *("notice", "reply", "FW-2", "--text", "锁具每套35.50元，一人上门"),
        at="14T09:00",
    ),
    _step(
        "The quotation: lines and prices, added up to the fen.",
        *("notice", "quote", "FW-2", "--line", "上门服务费=80", "--line", "更换锁具=2*35.50"),
        at="14T09:30",
    ),
    _step(
        "Nothing is performed, and nothing invoiced, before the customer agrees.",
        *("notice", "perform", "FW-2"),
        at="14T09:40",
        exits=1,
    ),
    _step("The customer agrees.", "notice", "agree", "FW-2", at="14T14:00"),
    _step(
        "The locks come into the store room …",
        *("part", "add", "活动柜锁具", "--key", "LK-35", "--minimum", "2"),
        at="15T08:30",
        needs="part receive",
    ),
    _step("… ten of them …", "part", "receive", "LK-35=10", at="15T08:35", needs="part receive"),
    _step(
        "… and two go to the notice, in the same transaction.",
        *("notice", "parts", "FW-2", "--part", "LK-35=2"),
        at="15T08:40",
        needs="part receive",
    ),
    _step(
        "Performed,",
        *("notice", "perform", "FW-2", "--text", "两套锁具已更换", "--user", "S-008"),
        at="15T10:30",
    ),
    _step(
        "signed off by the customer,",
        *("notice", "sign-off", "FW-2", "--by", "陈样例", "--satisfaction", "4", "--user", "S-008"),
        at="15T11:00",
    ),
    _step("closed,", "notice", "close", "FW-2", at="15T17:00"),
    _step("and invoiced, in the ledger as well.", "notice", "invoice", "FW-2", at="15T17:05"),
    _step(
        "The service sheet, to be printed and filed.",
        *("notice", "print", "FW-2", "--out", "{here}/service-sheet.html"),
        at="15T17:10",
    ),
    _step("All that happened to it.", "notice", "flow", "FW-2", at="15T17:15"),
)
_REFUSED = (
    _step(
        "The third one: the supervisor refuses that the head office is asked …",
        *("notice", "site-survey", "FW-3", "--head-office", "--user", "S-008"),
        at="14T15:00",
    ),
    _step(
        "… and says why.",
        *("notice", "refuse", "FW-3", "--reason", "铰链可在本地更换", "--user", "S-002"),
        at="14T16:00",
    ),
    _step(
        "So it is surveyed again, and can be done here.",
        *("notice", "site-survey", "FW-3", "--text", "调整铰链即可", "--user", "S-008"),
        at="16T09:00",
    ),
    _step(
        "The customer is away: it is put off, and comes back to `cskit today` on that day.",
        *("notice", "postpone", "FW-3", "--until", "2026-10-20", "--reason", "客户出差"),
        at="16T09:10",
    ),
)
_BEFORE_PAYMENT = (
    _step(
        "The fourth came before the goods were paid: without the payment state logistics gets nothing …",
        *("notice", "logistics", "FW-4", "--user", "S-010"),
        at="14T10:00",
        exits=1,
    ),
    _step("… so it is put down …", "notice", "set", "FW-4", "payment=part", at="14T10:05"),
    _step("… and passed on.", "notice", "logistics", "FW-4", "--user", "S-010", at="14T10:10"),
    _step(
        "The complaint sheet goes along by mail: a draft that a mail program opens.",
        *("notice", "send", "FW-4", "--to-address", "logistics@example.com", "--form", "complaint"),
        *("--out", "{here}/notice.eml"),
        at="14T10:15",
    ),
    _step(
        "Logistics solves it: the goods reach the customer on Friday.",
        *("notice", "delivered", "FW-4", "--at", "2026-10-16T10:00", "--text", "补发两片屏风"),
        at="15T09:00",
    ),
    _step("Closed once they are there.", "notice", "close", "FW-4", "--user", "S-010", at="16T16:00"),
    _step(
        "The fifth goes back to its maker, and is a complaint as well.",
        *("notice", "return-to-maker", "FW-5", "--maker", "样例椅业", "--user", "S-010"),
        at="16T10:00",
    ),
    _step(
        "A case is opened of it where cases are kept.",
        *("notice", "open-case", "FW-5", "--user", "S-010"),
        at="16T10:05",
        needs="case add",
    ),
    _step("Closed.", "notice", "close", "FW-5", "--user", "S-010", at="19T09:00"),
    _step(
        "Which notices are where? The list has the columns one asks for.",
        *("notice", "query", "--from", "2026-10-12", "--to", "2026-10-31"),
        *("--fields", "id,type,description,status,system,end,centre"),
        at="19T09:10",
    ),
)
STEPS: tuple[DemoStep, ...] = (*_ON_THE_SPOT, *_CHARGEABLE, *_REFUSED, *_BEFORE_PAYMENT)
