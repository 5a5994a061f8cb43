"""`cskit customer close`."""

from __future__ import annotations

import click

from cskit import App, Usage, masking, pass_app, rows
from cskit.crud.changing import CHANGED
from cskit.crud.choosing import IDS, REASON, names_in, saved
from cskit.i18n import _
from cskit.nouns import counted_all, noun
from cskit_customers import closing


@click.command()
@IDS
@click.option("--erase", is_flag=True, help="Take out their personal data as well, for good.")
@REASON
@pass_app
def close(app: App, ids: tuple[str, ...], erase: bool, reason: str | None) -> None:
    """Close customers; with --erase also take out their personal data.

    A closed customer stays on the register. --erase leaves the number, the region, the industry, marks,
    orders and fees, so that figures stay as they are, and takes out contacts and notes; a company keeps its
    name, a person's is replaced by the number. It cannot be undone. `cskit data compact` then takes the
    values out of the history, too.

    \b
    Example:
      cskit customer close C-000001 --reason "moved away"
    """
    names = names_in(ids)
    if not ids:
        record_type = app.record_type("customers")
        raise Usage(_("which {records}?").format(records=noun(record_type)), _("give ids, or - to read them"))
    if erase and names:
        app.confirm(closing.what_goes(app, names))
    with app.transaction(reason=reason) as tx:
        done = closing.close(app, tx, names, erase=erase)
    found = (row._asdict() for row in done.rows)
    if erase:
        rows(app, found, CHANGED[:2])  # which fields went; not for the last time what was in them
    else:
        rows(app, masking.changes(app, found, "customers"), CHANGED)
    _tell(app, done, erase, tx.sequence)


def _tell(app: App, done: closing.Closed, erase: bool, sequence: int | None) -> None:
    types = app.plugins.record_types
    customers = counted_all(types, {"customers": done.customers})
    if not erase or sequence is None:
        saved(app, _("{records} closed").format(records=customers), sequence)
        return
    said = _("{customers} erased; saved as {sequence}, which stays")
    if done.others:
        said = _("{customers} erased, and what was noted in {others}; saved as {sequence}, which stays")
    others = counted_all(types, done.others)
    app.echo(said.format(customers=customers, others=others, sequence=sequence))
    app.echo(_("`cskit data compact` takes what was erased out of the history, too"))
