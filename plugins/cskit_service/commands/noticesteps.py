"""`notice process`, `notice approve` …: what is done about notices, step by step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import click

from cskit import App, Column, Usage, pass_app, rows
from cskit.commands.today import Day
from cskit.crud.choosing import IDS, WHERE, chosen, saved
from cskit.display import views
from cskit.i18n import _, label, mark
from cskit.nouns import counted
from cskit.records import parse_time
from cskit.store.protocol import Transaction
from cskit_service.notices import desk, intake, orders, steps
from cskit_service.notices.desk import Act
from cskit_service.notices.model import SYSTEM, TABLE

Make = Callable[..., Act]
TEXT = click.option("--text", metavar="TEXT", help="What is to be noted.")
STAFF = click.option("--staff", metavar="STAFF", help="Who does it (else who is in charge, else who acts).")


def _columns() -> list[Column]:
    seen = intake.statuses()
    return [
        Column("id", "ID"),
        Column("before", "Status before", choices=seen),
        Column("status", "User status", choices=seen),
        Column("system", "System status", choices={name: label(name, zh) for name, zh in SYSTEM.items()}),
        Column("next", "What comes next", kind="list"),
    ]


def command(doing: str, done: str, *, reason: bool = False) -> Callable[[Make], click.Command]:
    """Make a command of a function that returns the step to be made on each notice that is meant."""

    def made(make: Make) -> click.Command:
        name = make.__name__.rstrip("_").replace("_", "-")

        @click.command(name, help=make.__doc__)
        @IDS
        @WHERE
        @click.option(
            "--reason", metavar="TEXT", required=reason, help="Why; kept in the notice and in the history."
        )
        @pass_app
        def stepping(app: App, /, ids: tuple[str, ...], where: str | None, **options: Any) -> None:
            choice = chosen(app, app.record_type(TABLE), ids, where, doing)
            views.form(app)  # refused before anything is saved
            why = options.pop("reason")
            step = make(app, **(options | {"text": options.get("text") or why}))
            with app.transaction(reason=why) as tx:
                moved = desk.act(app, tx, choice.documents(app, tx), step)
            _show(app, moved, done, tx)

        stepping.params.extend(reversed(vars(make).get("__click_params__", ())))
        return stepping

    return made


def _show(app: App, moved: list[Any], done: str, tx: Transaction) -> None:
    rows(app, desk.moved(moved), _columns())
    records = counted(app.record_type(TABLE), len(moved))
    saved(app, _(done).format(records=records), tx.sequence)


@command(mark("begin {records}"), mark("{records} begun"))
@STAFF
@TEXT
def process(app: App, staff: str | None, text: str | None) -> Act:
    """Begin to deal with notices; urgent ones are handled on the spot.

    \b
    Example:
      cskit notice process SN-000001 --staff S-003
    """
    return steps.process(staff=staff, text=text)


@command(mark("postpone {records}"), mark("{records} postponed"), reason=True)
@click.option("--until", type=Day(), required=True, metavar="DAY", help="The day on which it is to go on.")
def postpone(app: App, until: dt.date, text: str | None) -> Act:
    """Put notices off to a day that is still to come.

    \b
    Example:
      cskit notice postpone SN-000001 --until 2099-10-26 --reason "the customer is away"
    """
    return steps.postpone(app, until, text=text)


@command(mark("note the survey of {records}"), mark("{records} surveyed"))
@click.option("--head-office", is_flag=True, help="The head office has to help, so a supervisor decides.")
@TEXT
def site_survey(app: App, head_office: bool, text: str | None) -> Act:
    """Note that notices were surveyed on site, and whether the head office has to help.

    \b
    Example:
      cskit notice site-survey SN-000001 --head-office --text "the lock has to be replaced"
    """
    return steps.survey(head_office=head_office, text=text)


@command(mark("approve {records}"), mark("{records} approved"))
@TEXT
def approve(app: App, text: str | None) -> Act:
    """Approve that the head office is asked about notices; a supervisor who did not survey them.

    \b
    Example:
      cskit notice approve SN-000002 --user lead
    """
    return steps.note("approve", text=text)


@command(mark("refuse {records}"), mark("{records} refused"), reason=True)
def refuse(app: App, text: str | None) -> Act:
    """Refuse that the head office is asked about notices, and say why.

    \b
    Example:
      cskit notice refuse SN-000002 --reason "can be done here" --user lead
    """
    return steps.note("refuse", text=text)


@command(mark("pass on {records}"), mark("{records} passed on to logistics"))
@TEXT
def logistics(app: App, text: str | None) -> Act:
    """Pass notices on to district logistics; refused without the payment state.

    \b
    Example:
      cskit notice logistics SN-000003
    """
    return steps.forward(text=text)


@command(mark("note the reply about {records}"), mark("{records} replied to by the department"))
@click.option("--text", required=True, metavar="TEXT", help="What the department answered.")
def reply(app: App, text: str | None) -> Act:
    """Note what the department answered about notices.

    \b
    Example:
      cskit notice reply SN-000004 --text "180 yuan, one person"
    """
    return steps.note("reply", text=text)


@command(mark("quote {records}"), mark("{records} quoted"))
@click.option(
    "--line",
    "lines",
    multiple=True,
    metavar="TEXT=SUM",
    help="A line: TEXT=PRICE or TEXT=QUANTITY*PRICE; several times.",
)
@click.option("--valid-until", type=Day(), metavar="DAY", help="How long it holds (some days from now).")
@TEXT
def quote(app: App, lines: tuple[str, ...], valid_until: dt.date | None, text: str | None) -> Act:
    """Make service orders of lines and prices for notices, which the customer has yet to answer.

    A new quotation takes the place of one that is not answered.

    \b
    Example:
      cskit notice quote SN-000005 --line "call-out=80" --line "lock=2*35.50"
    """
    return orders.quote(app, orders.lines(lines), until=valid_until, text=text)


@command(mark("note the agreement to {records}"), mark("{records} agreed to"))
@TEXT
def agree(app: App, text: str | None) -> Act:
    """Note that the customers of notices agree to the quotation.

    \b
    Example:
      cskit notice agree SN-000006
    """
    return orders.answer(app, "agree", text=text)


@command(mark("note that {records} are declined"), mark("{records} declined"), reason=True)
def decline(app: App, text: str | None) -> Act:
    """Note that the customers of notices decline the quotation, and why.

    \b
    Example:
      cskit notice decline SN-000006 --reason "too dear"
    """
    return orders.answer(app, "decline", text=text)


@command(mark("take parts for {records}"), mark("parts taken for {records}"))
@click.option(
    "--part", "parts_", multiple=True, metavar="PART[=N]", help="A spare part by id or key, and how many."
)
@TEXT
def parts(app: App, parts_: tuple[str, ...], text: str | None) -> Act:
    """Take spare parts from the stock for notices.

    \b
    Example:
      cskit notice parts SN-000005 --part SP-0002=1
    """
    return steps.parts(parts_, text=text)


@command(mark("note the service of {records}"), mark("{records}: service noted"))
@STAFF
@click.option("--unfinished", is_flag=True, help="There is still something to be done.")
@TEXT
def perform(app: App, staff: str | None, unfinished: bool, text: str | None) -> Act:
    """Note that the service of notices was performed, or that a visit did not finish it.

    \b
    Example:
      cskit notice perform SN-000005 --text "lock replaced"
    """
    return steps.perform(staff=staff, finished=not unfinished, text=text)


@command(mark("sign off {records}"), mark("{records} signed off"))
@click.option("--by", required=True, metavar="NAME", help="Who signed for the customer.")
@click.option(
    "--satisfaction", type=click.IntRange(1, 5), metavar="1-5", help="How satisfied the customer is."
)
@TEXT
def sign_off(app: App, by: str, satisfaction: int | None, text: str | None) -> Act:
    """Note that the customers of notices signed off what was done.

    \b
    Example:
      cskit notice sign-off SN-000007 --by "Ms Wang" --satisfaction 5
    """
    return steps.sign_off(by, satisfaction=satisfaction, text=text)


@command(mark("note the delivery of {records}"), mark("{records}: delivery noted"))
@click.option("--at", required=True, metavar="TIME", help="The day or time at which the goods arrive.")
@TEXT
def delivered(app: App, at: str, text: str | None) -> Act:
    """Note when the goods of notices reach the customer.

    \b
    Example:
      cskit notice delivered SN-000003 --at 2026-10-22T10:00
    """
    try:
        moment = parse_time(at, app.zone)
    except ValueError as error:
        raise Usage(_("{option} {day}: {fault}").format(option="--at", day=at, fault=error)) from None
    return steps.delivered(moment, text=text)


@command(mark("return the goods of {records}"), mark("{records}: goods returned"))
@click.option("--maker", required=True, metavar="NAME", help="Who made them.")
@TEXT
def return_to_maker(app: App, maker: str, text: str | None) -> Act:
    """Note that the goods of notices went back to their maker.

    \b
    Example:
      cskit notice return-to-maker SN-000003 --maker "a maker of chairs"
    """
    return steps.returned(maker, text=text)


@command(mark("open a case of {records}"), mark("cases of {records} opened"))
@click.option("--category", metavar="CODE", help="The category of the case.")
@click.option("--kind", metavar="KIND", help="Its kind (else complaint or repair, as the notice is).")
def open_case(app: App, category: str | None, kind: str | None, text: str | None) -> Act:
    """Open a case of each of some notices.

    \b
    Example:
      cskit notice open-case SN-000003
    """
    return steps.open_case(app, category=category, kind=kind)


@command(mark("close {records}"), mark("{records} closed"))
@TEXT
def close(app: App, text: str | None) -> Act:
    """Close notices, and schedule the call back.

    \b
    Example:
      cskit notice close SN-000008
    """
    return steps.close(app, text=text)


@command(mark("invoice {records}"), mark("{records} invoiced"))
@click.option("--due", type=Day(), metavar="DAY", help="By when it is to be paid (some days from now).")
@TEXT
def invoice(app: App, due: dt.date | None, text: str | None) -> Act:
    """Make invoices of what customers agreed to and signed off.

    The ledger is charged where a plugin keeps one.

    \b
    Example:
      cskit notice invoice SN-000008
    """
    return orders.invoice(app, due=due, text=text)
