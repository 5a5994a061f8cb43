"""The demonstration's steps for calls and visitors: two days of the front desk, from the folder `demo`."""

from __future__ import annotations

import os

from cskit import DemoStep

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "demo")


def _step(say: str, *arguments: str, at: str, needs: str = "", exits: int = 0) -> DemoStep:
    return DemoStep(say, ("call", *arguments, "--now", f"2026-{at}"), _FOLDER, exits, needs)


STEPS: tuple[DemoStep, ...] = (
    _step(
        "Two days' records of the telephone system, known by their headings; numbers lead to customers.",
        *("import", "{data}/call-records.csv"),
        at="10-27T22:05",
    ),
    _step("The same file again changes nothing.", "import", "{data}/call-records.csv", at="10-27T22:06"),
    _step(
        "A complaint on the telephone: the call, its case and the promise to call back are one transaction.",
        *("add", "配送迟到两天仍未送达", "--number", "13800000501", "--queue", "complaint"),
        *("--waiting", "9", "--talking", "185", "--user", "S-003"),
        at="10-27T16:10",
    ),
    _step(
        "A question that nobody could answer at once becomes an enquiry.",
        *("add", "净水器滤芯型号不匹配", "--number", "13800000507", "--queue", "technical"),
        *("--result", "unsettled", "--talking", "240", "--user", "S-008"),
        at="10-27T16:30",
    ),
    _step("Who waits for a call back?", "promises", at="10-28T09:00"),
    _step(
        "A call out to the customer keeps the promise.",
        *("add", "已改由专车今日送达", "--direction", "out", "--customer", "KH0001", "--user", "S-003"),
        at="10-28T09:30",
    ),
    _step("Kept, and by which call.", "promises", "--kept", at="10-28T09:31"),
    _step("The figures of both days, each with its definition.", "stats", at="10-28T10:00"),
    _step("And hour by hour.", "stats", "--by", "hour", at="10-28T10:01"),
    _step(
        "How many agents does a busy hour take?",
        *("staffing", "--calls-per-hour", "60", "--aht", "240", "--target", "80/20"),
        at="10-28T10:05",
    ),
    _step(
        "And each hour, by the calls of these days?",
        *("staffing", "--from", "2026-10-26", "--to", "2026-10-27"),
        at="10-28T10:06",
    ),
    _step(
        "Visitors are handed to the groups in turn …",
        *("visitor", "add", "看样板间", "--name", "何样例", "--phone", "13900000188"),
        at="10-27T09:20",
    ),
    _step(
        "… also who booked by telephone …",
        *("visitor", "add", "电约看房", "--name", "吕样例", "--kind", "appointment", "--people", "3"),
        at="10-27T10:40",
    ),
    _step(
        "… and who comes again goes to the same group.",
        *("visitor", "add", "再次看房", "--phone", "13900000188", "--kind", "return"),
        at="10-27T15:10",
    ),
    _step("The front desk's day.", "visitors", at="10-27T22:00"),
    _step(
        "An interview by telephone is planned …",
        *(
            "plan",
            "add",
            "使用满三个月访谈",
            "--customer",
            "KH0003",
            "--due",
            "2026-10-28",
            "--staff",
            "S-004",
        ),
        at="10-27T11:00",
    ),
    _step(
        "… and held with a call out.",
        *("add", "满三个月访谈", "--direction", "out", "--plan", "IP-00001", "--customer", "KH0003"),
        *("--note", "希望增加上门保养", "--user", "S-004"),
        at="10-28T14:00",
    ),
    _step("What stands on the desks.", "equipment", "import", "{data}/equipment.csv", at="10-28T15:00"),
)
