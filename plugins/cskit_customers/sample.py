"""The demonstration's steps for the register: real commands on the files in the folder `demo`."""

from __future__ import annotations

import os

from cskit import DemoStep

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "demo")


def _step(say: str, *arguments: str, exits: int = 0) -> DemoStep:
    return DemoStep(say, arguments, _FOLDER, exits)


STEPS: tuple[DemoStep, ...] = (
    _step(
        "Take over the customers from a colleague's workbook; its headings are Chinese.",
        *("customer", "import", "{data}/customers.xlsx"),
    ),
    _step(
        "Take over the orders; they name customers by the company's own codes.",
        *("customer", "order", "import", "{data}/orders.xlsx"),
    ),
    _step(
        "A file with mistakes: all of them are listed at once, and nothing is half-saved.",
        *("customer", "order", "import", "{data}/november.csv", "--problems", "{here}/mistakes.xlsx"),
        exits=5,
    ),
    _step(
        "Who are our customers in the east? Personal data are masked.",
        *("customer", "list", "--where", 'region == "华东"'),
    ),
    _step("Everything on one customer's card.", "customer", "show", "C-000001"),
    _step("How many customers are there in each region?", "customer", "count", "--by", "region"),
    _step(
        "The month's last changes stand in a file, a command a line. What would they do?",
        *("batch", "{data}/month-end.txt", "--dry-run"),
    ),
    _step(
        "Just that: do it, all or nothing.",
        *("batch", "{data}/month-end.txt", "--reason", "month end"),
    ),
    _step("What happened so far, and why?", "log"),
    _step("That was too early: take all of it back at once.", "undo", "--yes"),
    _step(
        "The large completed orders, ready for jq or a script.",
        *("customer", "order", "list", "--where", 'amount >= 30000 and state == "completed"'),
        *("--fields", "id,customer,amount", "-o", "jsonl"),
    ),
    _step(
        "A workbook for a colleague: filters, dates and drop-downs are in it, and it can be imported again.",
        *("customer", "export", "--out", "{here}/customers.xlsx"),
    ),
    _step(
        "What the register knows of two customers, for grades and reports to ask for.",
        *("fact", "show", "customer", "C-000001", "C-000002"),
        *("--names", "orders.count,orders.amount,orders.last_on,customer.months_known,customer.member"),
    ),
)
