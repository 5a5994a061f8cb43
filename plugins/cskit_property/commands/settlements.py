"""`property settle …`: settlements made, approved by several, paid, shown and printed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import click

from cskit import App, Column, pass_app, rows
from cskit.commands.today import Day
from cskit.crud.choosing import IDS, REASON, WHERE, chosen, saved
from cskit.display import printing, views
from cskit.i18n import _, mark
from cskit.nouns import counted
from cskit.store.protocol import Transaction
from cskit.terminal.options import writes
from cskit_property.commands.amount import Amount
from cskit_property.commands.typed import flow_of
from cskit_property.settlements import approval, settlements, statements
from cskit_property.settlements.lines import Asked
from cskit_property.settlements.moneymodel import LINE_KINDS, SETTLEMENT_STATES
from cskit_property.settlements.settlements import Act
from cskit_property.settlements.settling import FLOW

Make = Callable[..., Act]


def _states() -> dict[str, str]:
    return {name: str(FLOW.state(name)) for name in SETTLEMENT_STATES}


def _moved() -> list[Column]:
    states = _states()
    return [
        Column("id", "ID"),
        Column("before", "State before", choices=states),
        Column("state", "State", choices=states),
        Column("total", "Total", "right", "decimal"),
        Column("outstanding", "Outstanding", "right", "decimal"),
        Column("next", "What comes next", kind="list"),
    ]


_LINE_OPTIONS = (
    click.option(
        "--fee",
        "fees",
        multiple=True,
        metavar="TEXT=SUM",
        help="A fee: RATE*AREA*MONTHS, QUANTITY*PRICE or an amount.",
    ),
    click.option(
        "--add", "additions", multiple=True, metavar="TEXT=SUM", help="Something added, in the same forms."
    ),
    click.option(
        "--deduct",
        "deductions",
        multiple=True,
        metavar="REASON=AMOUNT",
        help="Something taken off, beside what is computed.",
    ),
    click.option(
        "--adjust", "adjustments", multiple=True, metavar="REASON=AMOUNT", help="A correction, up or down."
    ),
)


def _line_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_LINE_OPTIONS):
        command = option(command)
    return command


@click.command()
@click.argument("project", metavar="PROJECT")
@click.option("--item", required=True, metavar="TEXT", help="What is settled, such as 物业服务费.")
@click.option(
    "--period", required=True, metavar="PERIOD", help="For 2026-10, 2026-10..2026-12 or the days A..B."
)
@_line_options
@click.option("--round", "round_", metavar="ROUND", help="The survey round that satisfaction is from.")
@click.option("--id", "own", metavar="ID", help="The company's own code (else the next number).")
@click.option("--note", metavar="TEXT", help="Whatever else there is to say.")
@REASON
@pass_app
def new(
    app: App,
    /,
    project: str,
    item: str,
    period: str,
    round_: str | None,
    own: str | None,
    note: str | None,
    reason: str | None,
    **asked: Any,
) -> None:
    """Make a settlement: its lines, and the deductions that the period's figures take off.

    Without a --fee its lines are the project's areas at the project's rates.

    \b
    Example:
      cskit property settle new PJ-001 --item 保洁费 --period 2025-03 --fee 保洁费=1.20*10000*1
    """
    views.form(app)  # refused before anything is saved
    wanted = settlements.Wanted(
        project, item, settlements.Period.read(period), Asked(**asked), round_, own, note
    )
    with app.transaction(reason=reason) as tx:
        made = settlements.create(app, tx, wanted)
    if views.form(app) == "table":
        views.figure(app, "id", made.id)
    else:
        rows(app, statements.moved([(made, made)]), _moved())
    said = _("settlement of {total} made")
    saved(app, said.format(total=f"{made.total:,}"), tx.sequence)


def _command(doing: str, done: str, *, reason: bool = False) -> Callable[[Make], click.Command]:
    """Make a command of a function that returns the step to be made on each settlement that is meant."""

    def made(make: Make) -> click.Command:
        @click.command(make.__name__.rstrip("_"), help=make.__doc__)
        @IDS
        @WHERE
        @click.option(
            "--reason",
            metavar="TEXT",
            required=reason,
            help="Why; kept in the settlement and in the history.",
        )
        @pass_app
        def command(app: App, /, ids: tuple[str, ...], where: str | None, **options: Any) -> None:
            choice = chosen(app, app.record_type(settlements.TABLE), ids, where, doing)
            views.form(app)  # refused before anything is saved
            with app.transaction(reason=options["reason"]) as tx:
                step = make(app, tx, **options)
                changed = settlements.act(app, tx, choice.documents(app, tx), step)
            _show(app, changed, done, tx)

        command.params.extend(reversed(vars(make).get("__click_params__", ())))
        return command

    return made


def _show(app: App, changed: list[Any], done: str, tx: Transaction) -> None:
    rows(app, statements.moved(changed), _moved())
    records = counted(app.record_type(settlements.TABLE), len(changed))
    saved(app, _(done).format(records=records), tx.sequence)


@_command(mark("change the lines of {records}"), mark("{records}: lines changed"))
@_line_options
@click.option("--drop", multiple=True, type=int, metavar="N", help="Take out the line with this number.")
def line(app: App, tx: Transaction, reason: str | None, **asked: Any) -> Act:
    """Change the lines of a draft; computed deductions are reckoned anew.

    \b
    Example:
      cskit property settle line ST-00001 --adjust 上期多付冲减=-120.50
    """
    return settlements.relined(app, Asked(**asked))


@_command(mark("submit {records}"), mark("{records} submitted"))
def submit(app: App, tx: Transaction, reason: str | None) -> Act:
    """Hand in drafts; from then on their amounts stay as they are.

    \b
    Example:
      cskit property settle submit ST-00001
    """
    return approval.submit(app)


@_command(mark("check {records}"), mark("{records} checked"))
def check(app: App, tx: Transaction, reason: str | None) -> Act:
    """Note that submitted settlements are right; somebody else than who submitted them.

    \b
    Example:
      cskit property settle check ST-00002 --user zhang
    """
    return approval.check(app, reason=reason)


@_command(mark("approve {records}"), mark("{records} signed"))
@click.option("--due", type=Day(), metavar="DAY", help="By when it is to be paid (some days from now).")
def approve(app: App, tx: Transaction, due: dt.date | None, reason: str | None) -> Act:
    """Approve checked settlements; a large one takes two, and the last one charges the ledger.

    \b
    Example:
      cskit property settle approve ST-00003 --user wang
    """
    return approval.approve(app, tx, due=due, reason=reason)


@_command(mark("send back {records}"), mark("{records} sent back"), reason=True)
def return_(app: App, tx: Transaction, reason: str) -> Act:
    """Send settlements back to who prepared them, and say why.

    \b
    Example:
      cskit property settle return ST-00002 --reason 面积与合同不符 --user zhang
    """
    return approval.send_back(app, reason=reason)


@_command(mark("revise {records}"), mark("{records} are drafts again"))
def revise(app: App, tx: Transaction, reason: str | None) -> Act:
    """Take up returned settlements again: they are drafts, and are signed anew.

    \b
    Example:
      cskit property settle revise ST-00005
    """
    return approval.move(app, "revise", reason=reason)


@_command(mark("cancel {records}"), mark("{records} cancelled"))
def cancel(app: App, tx: Transaction, reason: str | None) -> Act:
    """Give up drafts or returned settlements; their days can be settled again.

    \b
    Example:
      cskit property settle cancel ST-00001 --reason 重复编制
    """
    return approval.move(app, "cancel", reason=reason)


@_command(mark("pay {records}"), mark("{records} paid"))
@click.option("--amount", type=Amount(), metavar="AMOUNT", help="A part (else all that is outstanding).")
@click.option("--date", type=Day(), metavar="DAY", help="The day of the payment (today).")
@click.option("--form", metavar="TEXT", help="How it was paid, such as 银行转账.")
def pay(
    app: App,
    tx: Transaction,
    amount: Decimal | None,
    date: dt.date | None,
    form: str | None,
    reason: str | None,
) -> Act:
    """Note the payment of approved settlements, in the ledger as well.

    \b
    Example:
      cskit property settle pay ST-00004 --amount 1000 --form 银行转账
    """
    return approval.pay(app, tx, amount=amount, date=date, form=form)


# --- looking -----------------------------------------------------------------------------------------------


def _lines() -> list[Column]:
    from cskit.i18n import label

    kinds = {name: label(name, zh) for name, zh in LINE_KINDS.items()} | {"total": _("total")}
    return [
        Column("id", "ID"),
        Column("number", "No.", "right", "integer"),
        Column("kind", "Kind", choices=kinds),
        Column("text", "Wording"),
        Column("sum", "How it comes about"),
        Column("amount", "Amount", "right", "decimal"),
        Column("reason", "Reason"),
    ]


@writes(*printing.FORMATS)
@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@pass_app
def show(app: App, ids: tuple[str, ...]) -> None:
    """Show the lines of settlements and their total; -o html makes the sheet to be signed.

    \b
    Example:
      cskit property settle show ST-00001
    """
    found = statements.found(app, app.reading(), ids)
    if views.form(app) in printing.FORMATS:
        printing.write(app, statements.sheets(app, app.reading(), found))
    else:
        rows(app, statements.lines(found), _lines())


@writes(*printing.FORMATS)
@click.command("print")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@pass_app
def print_(app: App, ids: tuple[str, ...]) -> None:
    """Print settlements on sheets of paper: Markdown, or a page or document with -o html or docx.

    \b
    Example:
      cskit property settle print ST-00004 --out settlement.html
    """
    printing.write(app, statements.sheets(app, app.reading(), statements.found(app, app.reading(), ids)))


@click.command()
@click.option("--overdue", is_flag=True, help="Only what is overdue.")
@click.option("--by", type=click.Choice(["project", "company"]), help="Add up by this, and by age.")
@pass_app
def owed(app: App, overdue: bool, by: str | None) -> None:
    """List approved settlements that are not paid in full, by age.

    \b
    Example:
      cskit property settle owed --by company
    """
    rows(app, statements.owed(app, overdue=overdue, by=by), _owed(by))


def _owed(by: str | None) -> list[Column]:
    left = Column("outstanding", "Outstanding", "right", "decimal")
    age = Column("age", "Days overdue, by age")
    company, project = Column("company", "Property company"), Column("project", "Project")
    if by is not None:
        return [
            company if by == "company" else project,
            age,
            Column("count", "Settlements", "right", "integer"),
            left,
        ]
    return [
        Column("id", "ID"),
        project,
        company,
        Column("item", "Item"),
        Column("first", "Period from", kind="date"),
        Column("last", "Period to", kind="date"),
        Column("total", "Total", "right", "decimal"),
        Column("paid", "Paid", "right", "decimal"),
        left,
        Column("due", "Due on", kind="date"),
        Column("overdue", "Days overdue", "right", "integer"),
        age,
    ]


@writes("mermaid")
@click.command()
@pass_app
def flow(app: App) -> None:
    """Show which states a settlement can have, and what leads from one to another.

    \b
    Example:
      cskit property settle flow
    """
    flow_of(app, FLOW)
