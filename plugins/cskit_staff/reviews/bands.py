"""What a mean score makes of a rank: the bands of a review, and how it judges by them.

Rule files of the kind `review-rules`. Pure: must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, NamedTuple

import msgspec

from cskit import _
from cskit_staff.people.model import StaffState
from cskit_staff.scores.assessment import Held, Proposal

KIND = "review-rules"
_PLACES, _SHORT = Decimal("0.0001"), Decimal("0.01")


class Bands(msgspec.Struct, frozen=True):
    """A rule file of the kind review-rules (catalogue D3).

    A mean above `up_above` lifts a rank, from `down_below` up it stays, below that it lowers one, and below
    `probation_below` it puts on probation as well, for `probation_months`. A month of probation below
    `dismissal_below` proposes to part. Just `up_above` stays; just another of these is not below it.
    """

    up_above: Decimal
    down_below: Decimal
    probation_below: Decimal
    dismissal_below: Decimal
    probation_months: Annotated[int, msgspec.Meta(ge=1, le=12)]

    def __post_init__(self) -> None:
        """See that the bands are in order."""
        if not 100 >= self.up_above >= self.down_below >= self.probation_below >= 0:
            raise ValueError(_("up_above, down_below and probation_below fall from 100 to 0"))
        if not 0 <= self.dismissal_below <= 100:
            raise ValueError(_("dismissal_below lies between 0 and 100"))

    def values(self) -> dict[str, str]:
        """Return the numbers as they are noted beside what they decided."""
        return {name: str(getattr(self, name)) for name in self.__struct_fields__}


def from_values(values: Mapping[str, str]) -> Bands:
    """Return the bands that were noted beside a review."""
    return msgspec.convert(dict(values), Bands, strict=False)


class Standing(NamedTuple):
    """Where a person stands before a review: rank, state, and the month that a probation is judged by."""

    rank: str | None
    state: StaffState
    probation_month: str | None = None


class Verdict(NamedTuple):
    """What a review comes to."""

    proposal: Proposal
    mean: Decimal | None
    rank: str | None
    state: StaffState
    held: Held | None = None


def mean_of(totals: Sequence[Decimal]) -> Decimal:
    """Return the mean to two places where that is all of it, else to four, half up.

    Of three totals with two places none is rounded onto a band: 80.0033 is above 80.
    """
    found = (sum(totals, Decimal(0)) / len(totals)).quantize(_PLACES, ROUND_HALF_UP)
    short = found.quantize(_SHORT, ROUND_HALF_UP)
    return short if short == found else found


def judge(
    bands: Bands, ladder: Sequence[str], months: Mapping[str, Decimal | None], standing: Standing
) -> Verdict:
    """Return what the months' totals come to; None is a month without a confirmed card.

    One month judges a probation, three judge a rank as well. `ladder` is the ranks, lowest first.
    """
    totals = list(months.values())
    complete = [one for one in totals if one is not None]
    mean = mean_of(complete) if len(complete) == len(totals) else None
    state = standing.state
    judged_by = standing.probation_month
    if state == "probation" and judged_by is not None and judged_by in months:
        decisive = months[judged_by]
        if decisive is None:
            return Verdict("insufficient", mean, standing.rank, state)
        if decisive < bands.dismissal_below:
            return Verdict("dismissal", mean, standing.rank, "left")
        state = "regular"
    ended = state != standing.state
    if len(months) == 1 or (mean is None and ended):
        return Verdict("ended" if ended else "insufficient", mean, standing.rank, state)
    if mean is None:
        return Verdict("insufficient", None, standing.rank, state)
    return outcome(bands, ladder, _proposed(bands, mean), mean, standing._replace(state=state))


def _proposed(bands: Bands, mean: Decimal) -> Proposal:
    if mean > bands.up_above:
        return "up"
    if mean >= bands.down_below:
        return "stay"
    return "down" if mean >= bands.probation_below else "probation"


def outcome(
    bands: Bands, ladder: Sequence[str], proposal: Proposal, mean: Decimal | None, standing: Standing
) -> Verdict:
    """Return where a proposal leads somebody, whoever made it; at the ends of the ladder a move is held."""
    state: StaffState = standing.state
    if proposal == "dismissal":
        return Verdict(proposal, mean, standing.rank, "left")
    if proposal == "probation":
        state = "probation"
    elif proposal == "ended":
        state = "regular"
    step = {"up": 1, "down": -1, "probation": -1}.get(proposal, 0)
    if not step:
        return Verdict(proposal, mean, standing.rank, state)
    if standing.rank is None or standing.rank not in ladder:
        return Verdict(proposal, mean, standing.rank, state, "unranked")
    place = list(ladder).index(standing.rank) + step
    if not 0 <= place < len(ladder):
        return Verdict(proposal, mean, standing.rank, state, "top" if step > 0 else "bottom")
    return Verdict(proposal, mean, ladder[place], state)
