"""Who could work something more, and who has least to do. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cskit_calls import roster, shiftlimits, shiftrules
from cskit_calls.shifts import Away, Turn

if TYPE_CHECKING:
    from cskit import App


class Book:
    """Who works when, so that it is known who could work something more."""

    def __init__(self, app: App, turns: Sequence[Turn], away: Sequence[Away]) -> None:
        self._bounds, self._away = shiftlimits.load(app).bounds, away
        self._of: dict[str, list[Turn]] = {}
        for turn in turns:
            if turn.absence is None:
                self._of.setdefault(turn.staff, []).append(turn)
        here = roster.people(app)
        self._groups = {own: one.group for own, one in here.items()}
        self._all = sorted(here or self._of)

    def colleagues(self, turn: Turn) -> list[str]:
        """Return who may be asked for a shift: of its group, or anybody on the rota; the least busy first."""
        group = turn.group or self._groups.get(turn.staff, "")
        found = [
            own
            for own in self._all
            if own != turn.staff
            and (self._groups.get(own) == group if group else own in self._of or not self._groups)
        ]
        return sorted(found, key=lambda own: (self._hours(own, turn.on), own))

    def _hours(self, own: str, day: dt.date) -> float:
        week = day.isocalendar()[:2]
        mine = [one for one in self._of.get(own, ()) if one.on.isocalendar()[:2] == week]
        return sum((one.ends - one.begins) / dt.timedelta(hours=1) for one in mine)

    def free(self, own: str, turn: Turn) -> bool:
        """Tell whether somebody can work a shift beside their own."""
        if any(one.staff == own and one.holds(turn.on) for one in self._away):
            return False
        mine = [one.duty({}) for one in self._of.get(own, ())]
        wanted = turn.duty({})._replace(id="-", staff=own)
        found = shiftrules.clashes([*mine, wanted], self._bounds)
        return not any("-" in clash.ids for clash in found)

    def add(self, turn: Turn) -> None:
        """Take a new shift into account."""
        self._of.setdefault(turn.staff, []).append(turn)
