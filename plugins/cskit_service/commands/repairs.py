"""Repairs at the command line: begun, parts used, finished, signed off."""

from __future__ import annotations

import click

from cskit import App, pass_app, rows
from cskit.crud.choosing import IDS, REASON, WHERE, saved
from cskit.display import views
from cskit.i18n import _, mark
from cskit.terminal.options import writes
from cskit_service.commands.moves import Act, columns, flow_of, moment_of, quantity_of, take
from cskit_service.repairs import repairs
from cskit_service.repairs.model import REPAIRS, Repair
from cskit_service.stock import stock

_SHOWN = ("id", "fault", "engineer", "state", "in_warranty", "cost", "charge", "entry", "followup")


def _show(app: App, repair: Repair) -> None:
    rows(app, repairs.rows([repair]), columns(app, REPAIRS, _SHOWN))


def _take(
    app: App, ids: tuple[str, ...], where: str | None, asks: str, says: str, reason: str | None, act: Act
) -> None:
    take(app, REPAIRS, ids, where, asks, says, reason, act, repairs.rows, _SHOWN)


@click.command()
@IDS
@WHERE
@click.option("--engineer", metavar="STAFF", help="Who repairs (else who is named, else who says so).")
@REASON
@pass_app
def start(
    app: App, ids: tuple[str, ...], where: str | None, engineer: str | None, reason: str | None
) -> None:
    """Note that repairs are begun, and by whom.

    \b
    Example:
      cskit repair start RP-000001 --engineer S-008
    """
    _take(
        app,
        ids,
        where,
        mark("begin {records}"),
        mark("{records} begun"),
        reason,
        lambda tx, documents: repairs.start(app, tx, documents, engineer),
    )


@click.command()
@click.argument("id")
@click.argument("parts", nargs=-1, required=True, metavar="PART[=QUANTITY]...")
@click.option("--back", is_flag=True, help="Put them back: they were not needed.")
@REASON
@pass_app
def parts(app: App, id: str, parts: tuple[str, ...], back: bool, reason: str | None) -> None:
    """Use spare parts for a repair, or put them back into stock.

    \b
    Example:
      cskit repair parts RP-000003 SP-0002=2
    """
    wanted = stock.read(parts)
    views.form(app)  # refused before anything is saved
    with app.transaction(reason=reason) as tx:
        after = repairs.use(app, tx, id, wanted, back=back)
    _show(app, after)
    said = _("{id}: parts put back") if back else _("{id}: parts issued")
    saved(app, said.format(id=after.id), tx.sequence)


@click.command()
@click.argument("id")
@click.option("--cause", required=True, metavar="TEXT", help="Why it was broken.")
@click.option("--hours", metavar="N", help="Hours of work, such as 1.5.")
@click.option("--labour", metavar="AMOUNT", help="What the work costs (else hours at the department's rate).")
@click.option("--charge", metavar="AMOUNT", help="What is charged (else nothing in warranty, or all of it).")
@click.option(
    "--part", "used", multiple=True, metavar="PART[=N]", help="A part that went in; can be repeated."
)
@click.option("--text", metavar="TEXT", help="What was done.")
@click.option("--at", "moment", metavar="TIME", help="When it was finished (else now).")
@REASON
@pass_app
def finish(
    app: App,
    /,
    id: str,
    cause: str,
    hours: str | None,
    labour: str | None,
    charge: str | None,
    used: tuple[str, ...],
    text: str | None,
    moment: str | None,
    reason: str | None,
) -> None:
    """Finish a repair: cause, hours and parts; what it costs and what is charged follow.

    The parts leave the stock in the same step, or nothing is saved.

    \b
    Example:
      cskit repair finish RP-000003 --cause "worn seal" --hours 1.5 --part SP-0002=2
    """
    done = repairs.Done(
        cause,
        quantity_of(hours),
        quantity_of(labour),
        quantity_of(charge),
        stock.read(used),
        text,
        moment_of(app, moment, "--at"),
    )
    views.form(app)  # refused before anything is saved
    with app.transaction(reason=reason) as tx:
        after = repairs.finish(app, tx, id, done)
    _show(app, after)
    saved(app, _("{id}: finished").format(id=after.id), tx.sequence)


@click.command()
@IDS
@WHERE
@click.option("--reason", metavar="TEXT", required=True, help="What the customer did not accept.")
@pass_app
def rework(app: App, ids: tuple[str, ...], where: str | None, reason: str) -> None:
    """Take repairs up again that the customer did not accept.

    \b
    Example:
      cskit repair rework RP-000002 --reason "still noisy"
    """
    _take(
        app,
        ids,
        where,
        mark("take {records} up again"),
        mark("{records} taken up again"),
        reason,
        lambda tx, documents: repairs.rework(app, tx, documents, reason),
    )


@click.command("sign-off")
@IDS
@WHERE
@click.option("--by", metavar="NAME", help="Who signed for the customer.")
@click.option("--satisfaction", type=click.IntRange(1, 5), help="What they said about it, 1 to 5.")
@REASON
@pass_app
def sign_off(
    app: App,
    ids: tuple[str, ...],
    where: str | None,
    by: str | None,
    satisfaction: int | None,
    reason: str | None,
) -> None:
    """Note that customers accepted their repairs; charges go to the ledger.

    A follow-up is planned where a plugin makes them.

    \b
    Example:
      cskit repair sign-off RP-000002 --by "Mr Lu" --satisfaction 5
    """
    _take(
        app,
        ids,
        where,
        mark("sign {records} off"),
        mark("{records} signed off"),
        reason,
        lambda tx, documents: repairs.sign_off(app, tx, documents, by=by, satisfaction=satisfaction),
    )


@click.command()
@IDS
@WHERE
@click.option("--reason", metavar="TEXT", required=True, help="Why nothing is repaired.")
@pass_app
def cancel(app: App, ids: tuple[str, ...], where: str | None, reason: str) -> None:
    """Cancel repairs.

    \b
    Example:
      cskit repair cancel RP-000001 --reason "registered twice"
    """
    _take(
        app,
        ids,
        where,
        mark("cancel {records}"),
        mark("{records} cancelled"),
        reason,
        lambda tx, documents: repairs.cancel(app, tx, documents, reason),
    )


@writes("mermaid")
@click.command()
@pass_app
def flow(app: App) -> None:
    """Show which states a repair can have, and what leads from one to another.

    \b
    Example:
      cskit repair flow
    """
    flow_of(app, repairs.FLOW)
