"""The demonstration's steps for the register: real commands on the files in the folder `demo`."""

from __future__ import annotations

import os

from cskit import DemoStep

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "demo")


def _step(say: str, *arguments: str, exits: int = 0) -> DemoStep:
    return DemoStep(say, arguments, _FOLDER, exits)


_RANK = ("customer", "rank", "--by", "gross_profit", "--limit", "5")

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
        "Whom do we talk to there? A file of contacts; their telephone numbers are masked.",
        *("customer", "contact", "import", "{data}/contacts.xlsx"),
    ),
    _step(
        "Who does the purchasing there?", "customer", "contact", "list", "--where", 'position == "采购经理"'
    ),
    _step("What is being negotiated?", "customer", "opportunity", "import", "{data}/opportunities.xlsx"),
    _step(
        "The tracking log of the last weeks, with the day on which each goes on.",
        *("customer", "activity", "import", "{data}/activities.xlsx"),
    ),
    _step("What was charged, and by when it is due.", "customer", "ledger", "import", "{data}/ledger.xlsx"),
    _step(
        "One customer pays a part, late.",
        *("customer", "ledger", "pay", "FY01", "10000", "--date", "2026-11-12", "--form", "银行转账"),
    ),
    _step("Who is behind with what?", "customer", "ledger", "open", "--overdue"),
    _step("What they have of ours, and until when.", "customer", "unit", "import", "{data}/units.xlsx"),
    _step("Our best customers, by what we earn from them.", *_RANK),
    _step("Who has not ordered for three months?", "customer", "lost", "--days", "90"),
    _step(
        "A colleague puts a customer on the register again, written in another way.",
        *("customer", "add", "晨屿 样例贸易有限公司", "--phone", "+86 138-0000-0501", "--key", "KH0001-2"),
    ),
    _step("It is found.", "customer", "duplicates"),
    _step(
        "And made one with the first.",
        *("customer", "merge", "KH0001", "KH0001-2", "--yes", "--reason", "同一家公司"),
    ),
    _step("Everything about one customer, newest first.", "customer", "timeline", "KH0001"),
    _step(
        "A colleague leaves: all that is hers passes on, with a list to sign.",
        *("customer", "handover", "--from", "S-004", "--to", "S-002", "--reason", "离职移交"),
    ),
    _step("What is to be done?", "today"),
    _step(
        "What the register knows of two customers, for grades and reports to ask for.",
        *("fact", "show", "customer", "C-000001", "C-000002"),
        *("--names", "orders.count,orders.amount,activity.next_on,opportunity.state,fees.overdue_amount"),
    ),
)
