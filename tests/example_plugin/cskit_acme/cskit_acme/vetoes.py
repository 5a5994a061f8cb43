"""What Acme does not let into its records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import Refused, _

if TYPE_CHECKING:
    from cskit import App


class _Installation(msgspec.Struct, frozen=True):
    id: str
    installed: dt.date


def refuse_future(app: App, changes: Sequence[Any]) -> None:
    """Raise `Refused` for a machine that is about to be saved as installed after today."""
    for change in changes:
        if change.table != "acme_machines" or change.after is None:
            continue
        machine = msgspec.json.decode(change.after, type=_Installation)
        if machine.installed > app.today:
            raise Refused(
                _("machine {id} cannot be installed on {day}, a day still to come").format(
                    id=machine.id, day=machine.installed
                ),
                _("note it on the day it is installed"),
            )
