"""The demonstration's steps for the register: real commands on the files in the folder `demo`."""

from __future__ import annotations

import os

from cskit import DemoStep

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "demo")


def _step(say: str, *arguments: str) -> DemoStep:
    return DemoStep(say, arguments, _FOLDER)


STEPS: tuple[DemoStep, ...] = (
    _step(
        "Take over the customers from a colleague's table; its headings are Chinese.",
        *("customer", "import", "{data}/customers.csv"),
    ),
    _step(
        "Take over the orders; they name customers by the company's own codes.",
        *("customer", "order", "import", "{data}/orders.csv"),
    ),
    _step("Who are our customers in the east?", *("customer", "list", "--where", 'region == "华东"')),
    _step("Everything on one customer's card.", "customer", "show", "C-000001"),
    _step("How many customers are there in each region?", "customer", "count", "--by", "region"),
    _step(
        "Give three customers another owner and a tag, all in one go.",
        *("customer", "set", "C-000003", "C-000005", "C-000009", "owner=S-002", "tags+=重点"),
        *("--reason", "Zhao takes over from Li"),
    ),
    _step("What happened so far, and why?", "log"),
    _step("That was too early: take it back, all three at once.", "undo", "--yes"),
    _step(
        "The large completed orders, ready for jq or a script.",
        *("customer", "order", "list", "--where", 'amount >= 30000 and state == "completed"'),
        *("--fields", "id,customer,amount", "-o", "jsonl"),
    ),
    _step(
        "What the register knows of two customers, for grades and reports to ask for.",
        *("fact", "show", "customer", "C-000001", "C-000002"),
        *("--names", "orders.count,orders.amount,orders.last_on,customer.months_known,customer.member"),
    ),
)
