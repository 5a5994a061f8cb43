"""Rewards and penalties: proposed by one person, confirmed or refused by another. Must not import click.

Who that is tell the staff ids of the settings, else the logins (catalogue F27, H5).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cskit import Refused, _, edits, register
from cskit.edits import Edit
from cskit.i18n import ngettext
from cskit.nouns import shortened
from cskit.stored import decoder
from cskit_staff.people.entering import actor
from cskit_staff.people.model import Conduct, ConductState

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Document, Transaction

_SHOWN = 5


def propose(app: App, tx: Transaction, table: str, *, staff: str, what: str, **values: Any) -> str:
    """Note a reward or a penalty, by its table, that a second person has to confirm, and return its id.

    `values` are further fields, None where nothing is known. Raises `BadRows` with all that does not fit.
    """
    given = {name: value for name, value in values.items() if value is not None}
    record = {"staff": staff, "what": what, **given}
    return register.create(app, tx, app.plugins.record_types[table], record).id


def reward(
    app: App,
    tx: Transaction,
    *,
    staff: str,
    what: str,
    amount: Decimal | None = None,
    on: dt.date | None = None,
    about: str | None = None,
) -> str:
    """Propose a reward inside another plugin's transaction; see `propose`."""
    return propose(app, tx, "staff_rewards", staff=staff, what=what, amount=amount, on=on, about=about)


def penalty(
    app: App,
    tx: Transaction,
    *,
    staff: str,
    what: str,
    amount: Decimal | None = None,
    on: dt.date | None = None,
    about: str | None = None,
) -> str:
    """Propose a penalty inside another plugin's transaction; see `propose`."""
    return propose(app, tx, "staff_penalties", staff=staff, what=what, amount=amount, on=on, about=about)


def decide(
    app: App,
    tx: Transaction,
    table: str,
    documents: Iterable[Document],
    state: ConductState,
    answer: str | None = None,
) -> list[Conduct]:
    """Confirm or refuse what others proposed, all or none; return the records as they are now.

    Raises `Refused` naming those that who acts has proposed, that concern them, or that were decided on.
    """
    held = [(document, decoder(table, Conduct)(document)) for document in documents]
    _refuse(app, [one for _document, one in held])
    done = []
    for document, _before in held:
        wanted = [
            Edit(("state",), "=", state),
            Edit(("decided_by",), "=", actor(app)),
            Edit(("decided_at",), "=", app.now),
            Edit(("answer",), "=", answer),
        ]
        record, raw = edits.apply(Conduct, document.raw, wanted)
        tx.replace(table, document.number, raw)
        done.append(record)
    return done


def _refuse(app: App, found: list[Conduct]) -> None:
    ended = [one.id for one in found if one.state != "proposed"]
    if ended:
        raise Refused(_("decided on already: {ids}").format(ids=shortened(ended, _SHOWN)))
    who, selves = actor(app), (app.staff, app.user)
    own = [one.id for one in found if one.proposed_by in selves]
    if own:
        said = ngettext(
            "{who} proposed {ids} and cannot decide on it as well",
            "{who} proposed {ids} and cannot decide on them as well",
            len(own),
        )
        raise Refused(
            said.format(who=who, ids=shortened(own, _SHOWN)), _("a second person has to look at it")
        )
    about = [one.id for one in found if one.staff in selves]
    if about:
        said = _("{ids}: nobody decides on what concerns themselves")
        raise Refused(said.format(ids=shortened(about, _SHOWN)), _("a second person has to look at it"))
