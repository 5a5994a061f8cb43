"""The command for sign-offs: parse, ask, write."""

from __future__ import annotations

import click
import msgspec

from cskit import App, Column, Usage, ngettext, pass_app, rows
from cskit.crud import choosing
from cskit.i18n import _
from cskit_grading import reviews
from cskit_grading.commands.columns import BEFORE, BY, CUSTOMER, GRADE, REASON, SCHEME

_ID = Column("id", "ID", kind="name")
_RECORDED = Column("recorded_by", "Recorded by")
_PENDING = (_ID, Column("at", "At", kind="time"), CUSTOMER, SCHEME, BEFORE, GRADE, BY, _RECORDED, REASON)
_SIGNED = (
    _ID,
    CUSTOMER,
    SCHEME,
    GRADE,
    _RECORDED,
    Column("reviewed_by", "Reviewed by"),
    Column("reviewed_at", "Reviewed at", kind="time"),
)


@click.command()
@choosing.IDS
@click.option("--pending", is_flag=True, help="List what waits for a second person.")
@click.option("--scheme", multiple=True, metavar="SCHEME", help="With --pending: only of this scheme.")
@choosing.REASON
@pass_app
def review(
    app: App, ids: tuple[str, ...], pending: bool, scheme: tuple[str, ...], reason: str | None
) -> None:
    """Sign off grades that somebody else recorded.

    Who recorded a grade cannot sign it off; people are told apart by the staff ids of the settings.

    \b
    Example:
      cskit grade review --pending
    """
    if bool(ids) == pending or (scheme and not pending):
        raise Usage(
            _("which grades?"), _("give their ids, - to read them from a pipe, or --pending for a list")
        )
    if pending:
        waiting = reviews.pending(app.reading(), scheme)
        if not rows(app, map(msgspec.structs.asdict, waiting), _PENDING):
            app.echo(_("nothing waits for a sign-off"))
        return
    names = choosing.names_in(ids)
    with app.transaction(reason=reason) as tx:
        done = reviews.sign(app, tx, names)
    rows(app, map(msgspec.structs.asdict, done), _SIGNED)
    said = ngettext("{count} grade signed off", "{count} grades signed off", len(done))
    choosing.saved(app, said.format(count=len(done)), tx.sequence)
