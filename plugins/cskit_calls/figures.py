"""Figures of the hotline: each a function that returns its value, of how many, and the calls it counts.

Formulas: norms, call centre. Each has a definition, in which the thresholds stand that were used. Must not
import click or a store.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import NamedTuple

from cskit import NotFound, _, mark, telephones
from cskit.plugins.isolation import nearest
from cskit_calls.counted import Counted
from cskit_calls.onduty import Rota
from cskit_calls.thresholds import Thresholds

_TENTH = Decimal("0.1")


class Figure(NamedTuple):
    """A value, of how many calls it was made, and the calls it counts; `whole` are all, of a share.

    `value` is None where there is nothing to make it of: never 0.
    """

    value: Decimal | int | None
    n: int
    counted: Sequence[Counted]
    whole: Sequence[Counted] = ()

    @property
    def ids(self) -> list[str]:
        """The calls it counts, by id."""
        return [call.id for call in self.counted]

    @property
    def base(self) -> list[str]:
        """All calls that a share is made of, by id; none where the figure is no share."""
        return [call.id for call in self.whole]


class Measuring:
    """What figures are reckoned with: the thresholds, and who called again on the same matter."""

    def __init__(self, calls: Sequence[Counted], thresholds: Thresholds, rota: Rota | None = None) -> None:
        self._calls, self.thresholds, self.rota = calls, thresholds, rota

    @cached_property
    def _times(self) -> Mapping[tuple[str, str], list[str]]:
        """The moments of all calls in, by who called and on what matter."""
        found: dict[tuple[str, str], list[str]] = {}
        for call in self._calls:
            if call.direction == "in" and (matter := matter_of(call)):
                found.setdefault(matter, []).append(call.at)
        for times in found.values():
            times.sort()
        return found

    def again(self, call: Counted) -> bool:
        """Tell whether the caller of a call in called again on the same matter within the days that count."""
        matter = matter_of(call)
        times = self._times.get(matter, []) if matter else []
        place = bisect_right(times, call.at)
        if place >= len(times):
            return False
        within = dt.timedelta(days=self.thresholds.recontact_days)
        return _moment(times[place]) - _moment(call.at) <= within


def matter_of(call: Counted) -> tuple[str, str] | None:
    """Return who called and about what: the issue, else the queue; None where it is not known who did."""
    person = call.customer or (telephones.digits(call.number) if call.number else "")
    return (person, call.issue or call.queue) if person else None


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


class Group:
    """Calls that are counted together, by what became of them; `key` of the kind `by` says which."""

    __slots__ = ("abandoned", "answered", "by", "key", "out")

    def __init__(self, by: str = "", key: object = None) -> None:
        self.by, self.key = by, key
        self.answered: list[Counted] = []
        self.abandoned: list[Counted] = []
        self.out: list[Counted] = []

    def add(self, call: Counted) -> None:
        """Put a call where it belongs."""
        if call.direction == "out":
            self.out.append(call)
        elif call.result == "abandoned":
            self.abandoned.append(call)
        else:
            self.answered.append(call)


Formula = Callable[[Measuring, Group], Figure]


class Kind(NamedTuple):
    """A figure as people ask for it: its formula, its titles, its unit, and how its definition is said."""

    formula: Formula
    title: str
    head: str
    definition: str
    unit: str = ""

    def defined(self, thresholds: Thresholds) -> str:
        """Return the definition with the thresholds in it, in the user's language."""
        said: str = _(self.definition)
        return said.format(
            within=thresholds.answer_within, short=thresholds.short_abandon, days=thresholds.recontact_days
        )


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_TENTH, ROUND_HALF_UP)


def _share(counted: Sequence[Counted], base: Sequence[Counted]) -> Figure:
    value = _rounded(Decimal(100 * len(counted)) / len(base)) if base else None
    return Figure(value, len(base), counted, base)


def _mean(seconds: int, calls: Sequence[Counted]) -> Figure:
    return Figure(_rounded(Decimal(seconds) / len(calls)) if calls else None, len(calls), calls)


def offered(_measuring: Measuring, group: Group) -> Figure:
    """Return how many calls came in."""
    calls = [*group.answered, *group.abandoned]
    return Figure(len(calls), len(calls), calls)


def answered(_measuring: Measuring, group: Group) -> Figure:
    """Return how many calls in were answered."""
    return Figure(len(group.answered), len(group.answered), group.answered)


def answer_rate(_measuring: Measuring, group: Group) -> Figure:
    """Return answered / offered (接通率)."""
    return _share(group.answered, [*group.answered, *group.abandoned])


def abandoned(_measuring: Measuring, group: Group) -> Figure:
    """Return how many callers gave up."""
    return Figure(len(group.abandoned), len(group.abandoned), group.abandoned)


def abandon_rate(_measuring: Measuring, group: Group) -> Figure:
    """Return abandoned / offered, with those who gave up at once."""
    return _share(group.abandoned, [*group.answered, *group.abandoned])


def service_level(measuring: Measuring, group: Group) -> Figure:
    """Return answered within T / (offered - abandoned within τ), of calls whose waiting is known."""
    within, short = measuring.thresholds.answer_within, measuring.thresholds.short_abandon
    known = [call for call in group.answered if call.waiting is not None]
    in_time = [call for call in known if call.waiting is not None and call.waiting <= within]
    gave_up = [call for call in group.abandoned if call.waiting is not None and call.waiting > short]
    return _share(in_time, known + gave_up)


def speed(_measuring: Measuring, group: Group) -> Figure:
    """Return the mean seconds that answered callers waited (ASA)."""
    known = [call for call in group.answered if call.waiting is not None]
    return _mean(sum([call.waiting or 0 for call in known]), known)


def handling(_measuring: Measuring, group: Group) -> Figure:
    """Return the mean seconds spent on an answered call (AHT): talking, on hold, wrapping up."""
    known = [call for call in group.answered if call.talking is not None]
    return _mean(sum([(call.talking or 0) + call.hold + call.wrap_up for call in known]), known)


def transfers(_measuring: Measuring, group: Group) -> Figure:
    """Return the share of answered calls that went on to somebody else."""
    return _share([call for call in group.answered if call.transferred], group.answered)


def first_contact(measuring: Measuring, group: Group) -> Figure:
    """Return the share of answered calls settled at once and not followed by another on the same matter."""
    base = _judged(group)
    return _share([call for call in base if _settled(measuring, call)], base)


def first_contact_net(measuring: Measuring, group: Group) -> Figure:
    """Return the same without what the first line cannot settle: calls that were transferred."""
    base = [call for call in _judged(group) if not call.transferred]
    return _share([call for call in base if _settled(measuring, call)], base)


def _judged(group: Group) -> list[Counted]:
    """Return answered calls of which it is known who called and how they ended."""
    return [call for call in group.answered if call.result is not None and (call.customer or call.number)]


def _settled(measuring: Measuring, call: Counted) -> bool:
    return call.result == "settled" and not call.transferred and not measuring.again(call)


def calls_out(_measuring: Measuring, group: Group) -> Figure:
    """Return how many calls went out."""
    return Figure(len(group.out), len(group.out), group.out)


def occupancy(measuring: Measuring, group: Group) -> Figure:
    """Return the time spent on calls, in and out, of the time on shift; of people who were on shift then."""
    there = measuring.rota.on_shift(group.by, group.key) if measuring.rota else {}
    calls = [
        call for call in (*group.answered, *group.out) if call.staff in there and call.talking is not None
    ]
    staffed = sum(there.values())
    spent = sum([call.handled for call in calls])
    return Figure(_rounded(Decimal(100 * spent) / staffed) if staffed else None, len(calls), calls)


FIGURES: Mapping[str, Kind] = {
    "offered": Kind(
        offered, mark("Calls offered"), mark("Offered"), mark("calls in, whatever became of them")
    ),
    "answered": Kind(
        answered, mark("Calls answered"), mark("Picked up"), mark("calls in that were not abandoned")
    ),
    "abandoned": Kind(
        abandoned, mark("Calls abandoned"), mark("Given up"), mark("callers who gave up waiting")
    ),
    "answer-rate": Kind(
        answer_rate, mark("Answer rate"), mark("Picked up %"), mark("answered / offered"), "%"
    ),
    "abandon-rate": Kind(
        abandon_rate,
        mark("Abandonment rate"),
        mark("Given up %"),
        mark("abandoned / offered, also those given up at once"),
        "%",
    ),
    "service-level": Kind(
        service_level,
        mark("Service level"),
        mark("SL %"),
        mark(
            "answered within {within} s / (offered − abandoned within {short} s), of calls with a known wait"
        ),
        "%",
    ),
    "asa": Kind(
        speed,
        mark("Average speed of answer"),
        mark("ASA s"),
        mark("seconds that answered callers waited, the mean"),
        "s",
    ),
    "aht": Kind(
        handling,
        mark("Average handling time"),
        mark("AHT s"),
        mark("(talking + hold + wrap-up) / answered calls whose talking time is known"),
        "s",
    ),
    "transfer": Kind(
        transfers, mark("Transfer rate"), mark("Transfer %"), mark("transferred / answered"), "%"
    ),
    "fcr": Kind(
        first_contact,
        mark("First-contact resolution, gross"),
        mark("FCR %"),
        mark(
            "settled, and no call of the same caller on the same issue (else queue) within {days} days / "
            "answered calls of known callers and result; the last {days} days may still fall"
        ),
        "%",
    ),
    "fcr-net": Kind(
        first_contact_net,
        mark("First-contact resolution, net"),
        mark("FCR net %"),
        mark("the same without calls that were transferred, which the first line cannot settle"),
        "%",
    ),
    "occupancy": Kind(
        occupancy,
        mark("Occupancy"),
        mark("Occupied %"),
        mark("(talking + hold + wrap-up of calls in and out) / time on shift up to now, of who was on shift"),
        "%",
    ),
    "out": Kind(calls_out, mark("Calls out"), mark("Out"), mark("calls out, also those that reached nobody")),
}
"""The figures there are."""
SEEN = ("offered", "abandon-rate", "service-level", "asa", "aht", "transfer", "fcr")
"""Those that stand beside each other in a table of 80 columns."""


def chosen(names: Sequence[str], usual: Iterable[str]) -> list[str]:
    """Return the figures asked for, the usual ones if none are; raises `NotFound` for one unknown."""
    for name in names:
        if name not in FIGURES:
            near = nearest(name, FIGURES)
            raise NotFound(
                _("there is no figure '{name}'").format(name=name),
                _("did you mean '{near}'?").format(near=near)
                if near
                else _("there are {names}").format(names=_(", ").join(FIGURES)),
            )
    return list(names) or list(usual)
