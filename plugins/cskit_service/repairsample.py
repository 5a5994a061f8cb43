"""The demonstration's steps for work orders, repairs, parts and deliveries: a month of one engineer.

Imports hook names only.
"""

from __future__ import annotations

import os

from cskit import DemoStep

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "demo")
_SEEN = ("--now", "2026-12-02T09:00")


def _step(say: str, *arguments: str, at: str, exits: int = 0, needs: str = "") -> DemoStep:
    return DemoStep(say, (*arguments, "--now", f"2026-{at}"), _FOLDER, exits, needs)


_STOCK = (
    _step(
        "Spare parts come from the store room's list; the stock it has is their first movement.",
        *("part", "import", "{data}/parts.csv", "--user", "S-010"),
        at="10-08T08:30",
    ),
    _step("Of one too little is left.", "part", "low", at="10-08T08:40"),
    _step(
        "Delivered: it goes into stock.",
        *("part", "receive", "QG-3=6", "--reason", "采购到货", "--user", "S-010"),
        at="10-09T09:00",
    ),
)
_MONTH = (
    _step(
        "October's repairs so far come from the workshop's own list: warranty and deadlines are judged.",
        *("repair", "import", "{data}/repairs-october.csv", "--user", "S-002"),
        at="10-28T15:00",
    ),
    _step(
        "A visit has to be entered beforehand.",
        *("request", "add", "年度巡检", "--customer", "C-000001", "--kind", "site_visit", "--user", "S-003"),
        at="10-29T09:00",
        exits=5,
    ),
    _step(
        "A customer asks for service.",
        *("request", "add", "抽屉又卡住", "--customer", "C-000001", "--product", "办公桌"),
        *("--serial", "BZ-260303-01", "--phone", "13800000501", "--user", "S-003"),
        at="10-29T09:05",
    ),
    _step(
        "Who should go? Whoever repaired this very desk before.",
        *("dispatch", "propose", "RQ-000001"),
        at="10-29T09:06",
    ),
    _step(
        "He is sent.",
        *("dispatch", "add", "RQ-000001", "--at", "2026-10-29T14:00", "--user", "S-003"),
        at="10-29T09:10",
    ),
    _step(
        "A second order in the same time is told.",
        *("request", "add", "会议桌调试", "--customer", "C-000005", "--kind", "tuning"),
        *("--planned-at", "2026-10-29T15:00", "--user", "S-003"),
        at="10-29T09:15",
    ),
    _step(
        "The same engineer, from afar.",
        *("dispatch", "add", "RQ-000002", "--engineer", "S-008", "--mode", "remote", "--user", "S-003"),
        at="10-29T09:16",
    ),
    _step("He begins,", "dispatch", "start", "DP-000001", "--user", "S-008", at="10-29T14:05"),
    _step(
        "registers the repair,",
        *("repair", "add", "抽屉滑轨卡顿", "--customer", "C-000001", "--product", "办公桌"),
        *("--serial", "BZ-260303-01", "--bought", "2026-03-10", "--dispatch", "DP-000001"),
        *("--engineer", "S-008", "--user", "S-008"),
        at="10-29T14:10",
    ),
    _step(
        "wants more slides than there are: nothing is saved …",
        *("repair", "finish", "RP-000015", "--cause", "滑轨磨损", "--hours", "1.5", "--part", "HG-45=20"),
        *("--user", "S-008"),
        at="10-29T15:20",
        exits=1,
    ),
    _step(
        "… two are enough. In warranty, so nothing is charged.",
        *("repair", "finish", "RP-000015", "--cause", "滑轨磨损", "--hours", "1.5", "--part", "HG-45=2"),
        *("--user", "S-008"),
        at="10-29T15:30",
    ),
    _step(
        "The customer signs off; a follow-up is planned.",
        *("repair", "sign-off", "RP-000015", "--by", "王样例", "--satisfaction", "5", "--user", "S-008"),
        at="10-29T15:40",
    ),
    _step(
        "On paper.",
        *("repair", "show", "RP-000015", "-o", "html", "--out", "{here}/repair-order.html"),
        at="10-29T15:45",
    ),
    _step(
        "The service is to be entered on the same day …",
        *("service-record", "missing"),
        at="10-29T16:00",
    ),
    _step(
        "… and is.",
        *("service-record", "add", "DP-000001", "--what", "更换三节滑轨两副", "--hours", "1.5"),
        *("--user", "S-008"),
        at="10-29T17:00",
    ),
    _step(
        "Closed.",
        *("dispatch", "close", "DP-000001", "--result", "已修复", "--user", "S-008"),
        at="10-29T17:05",
    ),
    _step(
        "What is still open passes to the next shift …",
        *("dispatch", "handover", "new", "白班", "--to", "S-010", "--user", "S-008"),
        at="10-29T18:00",
    ),
    _step(
        "… who signs for it.",
        *("dispatch", "handover", "sign", "DH-0001", "--user", "S-010"),
        at="10-29T18:05",
    ),
)
_BACK = (
    _step(
        "A wardrobe came back with the same fault: the customer wants another one.",
        *("return", "add", "定制衣柜", "--repair", "WX-1006", "--kind", "exchange", "--user", "S-003"),
        at="10-30T09:00",
    ),
    _step(
        "Who took it up cannot approve it …",
        *("return", "approve", "RT-000001", "--user", "S-003"),
        at="10-30T09:05",
        exits=1,
    ),
    _step("… the supervisor can.", "return", "approve", "RT-000001", "--user", "S-002", at="10-30T09:30"),
    _step(
        "The goods are back,",
        *("return", "receive", "RT-000001", "--condition", "门板变形，配件齐全", "--user", "S-010"),
        at="11-02T10:00",
    ),
    _step(
        "and exchanged; a follow-up is planned here as well.",
        *("return", "settle", "RT-000001", "--replacement", "YG-261102-01", "--user", "S-003"),
        at="11-03T16:00",
    ),
    _step(
        "Stocktaking: the difference is booked with its reason.",
        *("part", "stocktake", "JL-110=28", "HG-45=10", "--reason", "十月盘点", "--user", "S-010"),
        at="10-31T17:00",
    ),
    _step("Every movement of the month.", "part", "movement", "list", at="10-31T17:10"),
)
_DELIVERY = (
    _step(
        "A good customer of the store …",
        *("grade", "set", "C-000002", "store-tier", "vip", "--reason", "全年消费满三万", "--user", "S-002"),
        at="10-30T09:50",
        needs="grade set",
    ),
    _step(
        "… is to get a table: who comes along, and which gift, follows from the tier.",
        *("delivery", "add", "C-000002", "--goods", "餐桌", "--at", "2026-11-05T14:00", "--user", "S-005"),
        at="10-30T10:00",
    ),
    _step(
        "The message to the customer.",
        *("delivery", "message", "DV-000001", "--firm", "晨屿样例家居", "--phone", "400-000-0000"),
        at="11-04T09:00",
    ),
    _step("What is on tomorrow?", "delivery", "plan", at="11-04T09:05"),
    _step(
        "What is said at the door.",
        *("delivery", "script", "DV-000001", "--firm", "晨屿样例家居", "--gift", "flowers"),
        at="11-05T13:50",
    ),
    _step(
        "Delivered; the maintenance in half a year is planned.",
        *("delivery", "deliver", "DV-000001", "--attendant", "店长", "--user", "S-005"),
        at="11-05T14:30",
    ),
)
_FIGURES = (
    _step(
        "Customers are asked about three quarters of the month's repairs, in proportion from each engineer.",
        *("survey", "new", "repair", "--population", "repair", "--on", "finished_at"),
        *("--period", "2026-10", "--size", "75%", "--stratify", "engineer", "--seed", "10"),
        *("--title", "十月维修满意度"),
        at="10-30T17:00",
        needs="survey new",
    ),
    _step(
        "What they answered by the end of the month.",
        *("survey", "import", "SR-0005", "{data}/repair-answers.csv"),
        at="10-31T18:00",
        needs="property settle new",  # whose round is the fourth
    ),
    DemoStep("Which faults does the month have?", ("repair", "faults", "--period", "2026-10", *_SEEN)),
    DemoStep(
        "The repairers' month: one did not hold, one was late.",
        ("repair", "monthly", "--month", "2026-10", *_SEEN),
    ),
    DemoStep(
        "Returns and exchanges, summed up.",
        ("return", "summary", "--by", "product", "--period", "2026-10", *_SEEN),
    ),
    DemoStep(
        "Were services entered on the same day?",
        ("service-record", "stats", "--period", "2026-10", *_SEEN),
    ),
    DemoStep(
        "The technician's October is scored: what his repairs tell is computed, the rest is still missing.",
        ("staff", "score", "S-008", "--month", "2026-10", "--user", "S-002", *_SEEN),
        needs="staff score",
    ),
    DemoStep(
        "His card leads to the repairs that it is counted from.",
        ("staff", "card", "S-008", "--month", "2026-10", "--ids", *_SEEN),
        needs="staff score",
    ),
)
STEPS: tuple[DemoStep, ...] = (*_STOCK, *_MONTH, *_BACK, *_DELIVERY, *_FIGURES)
