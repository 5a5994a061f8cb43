"""The customers plugin's hooks: the register. Must not import anything but hook names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from cskit import ActionSpec, Command, DemoStep, Event, FactSpec, Group, RecordType, Task, hookimpl, mark

if TYPE_CHECKING:
    import datetime as dt

    from cskit import App, Period
    from cskit.declarations import Facts
    from cskit.sections import Section
    from cskit.store.protocol import Change, Transaction


@hookimpl
def cskit_commands() -> Iterable[Command]:
    """Declare what customers have beside the commands of every record type."""
    yield Command(
        "customer close",
        "Close customers; with --erase also take out their personal data.",
        "cskit_customers.commands.closing:close",
    )
    yield Command(
        "customer copy",
        "Write a copy of all that is kept of a customer.",
        "cskit_customers.commands.person:copy",
    )
    yield Command(
        "customer duplicates",
        "List customers that may be one: the same phone, or the same name.",
        "cskit_customers.commands.standing:duplicates",
    )
    yield Command(
        "customer handover",
        "Hand customers over to somebody else, with a list to sign.",
        "cskit_customers.commands.handover:handover",
    )
    yield Command(
        "customer ledger open",
        "List fees that are not paid in full, the earliest due first.",
        "cskit_customers.commands.ledger:open_",
    )
    yield Command(
        "customer ledger pay",
        "Note a payment of a fee, in full or in part.",
        "cskit_customers.commands.ledger:pay",
    )
    yield Command(
        "customer lost",
        "List active customers who have not ordered for a while.",
        "cskit_customers.commands.standing:lost",
    )
    yield Command(
        "customer rank", "Rank customers by what they ordered.", "cskit_customers.commands.standing:rank"
    )
    yield Command(
        "customer timeline",
        "Show everything known of a customer, newest first.",
        "cskit_customers.commands.person:timeline_",
    )


@hookimpl
def cskit_groups() -> Iterable[Group]:
    """Say what the groups of commands are about."""
    return (
        Group("customer", mark("Customers: who they are, what they ordered and owe, who follows them.")),
        Group("customer ledger", mark("What customers were charged, paid and still owe.")),
    )


@hookimpl
def cskit_record_types() -> Iterable[RecordType]:
    """Declare customers, and what is kept of them."""
    yield RecordType(
        command="customer",
        table="customers",
        model="cskit_customers.model:Customer",
        number="C-{:06d}",
        singular="customer",
        plural="customers",
        zh="客户",
        title="name",
        columns=("id", "name", "kind", "phone", "region", "owner", "state"),
    )
    yield RecordType(
        command="customer order",
        table="orders",
        model="cskit_customers.model:Order",
        number="O-{:06d}",
        singular="order",
        plural="orders",
        zh="订单",
        title="customer",
        columns=("id", "customer", "date", "product", "quantity", "amount", "state"),
    )
    yield RecordType(
        command="customer contact",
        table="contacts",
        model="cskit_customers.model:Contact",
        number="CT-{:06d}",
        singular="contact",
        plural="contacts",
        zh="联系人",
        title="customer",
        columns=("id", "customer", "name", "department", "position", "phone", "relation"),
    )
    yield RecordType(
        command="customer opportunity",
        table="opportunities",
        model="cskit_customers.pursuit:Opportunity",
        number="OP-{:06d}",
        singular="opportunity",
        plural="opportunities",
        zh="商机",
        title="customer",
        columns=("id", "customer", "subject", "need", "chance", "expected_close", "amount", "state", "owner"),
    )
    yield RecordType(
        command="customer activity",
        table="activities",
        model="cskit_customers.pursuit:Activity",
        number="AC-{:06d}",
        singular="activity",
        plural="activities",
        zh="跟进记录",
        title="customer",
        columns=("id", "customer", "at", "mode", "staff", "purpose", "result", "next_on"),
    )
    yield RecordType(
        command="customer ledger",
        table="ledger",
        model="cskit_customers.entry:Entry",
        number="FE-{:06d}",
        singular="ledger entry",
        plural="ledger entries",
        zh="费用往来",
        title="customer",
        columns=("id", "customer", "item", "amount", "due", "direction"),
    )
    yield RecordType(
        command="customer unit",
        table="units",
        model="cskit_customers.model:Unit",
        number="U-{:06d}",
        singular="unit",
        plural="units",
        zh="产品台账",
        title="customer",
        columns=("id", "customer", "project", "product", "serial", "handed_over", "warranty_until"),
    )


@hookimpl
def cskit_before_commit(app: App, tx: Transaction, changes: Sequence[Change]) -> None:
    """Note when customers are lost or closed."""
    if any(change.table == "customers" for change in changes):
        from cskit_customers import leaving

        leaving.note(app, tx, changes)


@hookimpl
def cskit_fact_specs() -> Iterable[FactSpec]:
    """Declare what the register knows of a customer."""
    from cskit_customers.arrears import ENTRY_SPECS
    from cskit_customers.facts import SPECS

    return (*SPECS, *ENTRY_SPECS)


@hookimpl
def cskit_facts(
    app: App,
    kind: str,
    names: Sequence[str],
    ids: Sequence[str],
    now: dt.datetime,
    period: Period,
    scope: Mapping[str, str],
) -> Facts:
    """Give facts about customers, or about fees, from one pass over each table that they need."""
    from cskit_customers import arrears, facts

    if kind == arrears.ENTRY:
        return arrears.about_entries(app.reading(), names, ids, now.astimezone(app.zone).date(), period)
    return facts.about_customers(app, names, ids, now, period, scope) if kind == "customer" else {}


@hookimpl
def cskit_tasks(app: App, until: dt.date) -> Iterable[Task]:
    """Give follow-ups, opportunities to close, and fees that are due."""
    from cskit_customers.moments import tasks

    return tasks(app, until)


@hookimpl
def cskit_timeline(app: App, kind: str, id: str) -> Iterable[Event] | None:
    """Give what the register knows of a customer."""
    from cskit_customers.moments import timeline

    return timeline(app, id) if kind == "customer" else None


@hookimpl
def cskit_actions() -> Iterable[ActionSpec]:
    """Offer to put a customer on the register, and to use the ledger."""
    yield ActionSpec(
        name="customer.create",
        meaning="Put a customer on the register and return the new id.",
        target="cskit_customers.service:create",
        arguments={
            "name": "the customer's name",
            "key": "the code another system or file knows the customer by",
            "kind": "company or person",
            "phone": "the telephone number",
            "region": "the sales region",
            "owner": "the staff id of who looks after the customer",
            "source": "where the customer came from",
        },
    )
    yield ActionSpec(
        name="ledger.charge",
        meaning="Note a fee in the ledger and return the id of its entry.",
        target="cskit_customers.ledger:charge",
        arguments={
            "item": "what the fee is for",
            "amount": "the amount, a Decimal in the department's currency",
            "customer": "the id of the customer; a settlement may have none",
            "due": "the day by which it is to be paid",
            "direction": "receivable (from the customer, unless said otherwise) or payable (by us)",
            "settlement": "the id of the settlement that is to be paid",
            "grade": "the customer's grade at the time",
            "payer": "who answers for it on the side that pays: name, position, department, phone",
            "payee": "who answers for it on the side that is paid",
            "note": "whatever else there is to say",
        },
    )
    yield ActionSpec(
        name="ledger.pay",
        meaning="Note a payment of a fee and return the entry's id and what is still to be paid.",
        target="cskit_customers.ledger:pay",
        arguments={
            "entry": "the id of the ledger entry",
            "amount": "what was paid, a Decimal above zero",
            "date": "the day of the payment, today unless given",
            "form": "how it was paid, such as by bank transfer",
        },
    )


@hookimpl
def cskit_locale_dir() -> tuple[str, str]:
    """Say where the Chinese of this plugin's messages is."""
    import os

    return "cskit_customers", os.path.join(os.path.dirname(os.path.abspath(__file__)), "locale")


@hookimpl
def cskit_report_sections(app: App, period: Period) -> Iterable[Section]:
    """Say who came and went, and what is owed."""
    from cskit_customers.section import section

    yield section(app, period)


@hookimpl
def cskit_demo_data() -> Iterable[DemoStep]:
    """Fill the sample department's register and show what can be asked of it."""
    from cskit_customers.sample import STEPS

    return STEPS
