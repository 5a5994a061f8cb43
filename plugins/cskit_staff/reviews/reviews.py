"""Reviews as they are kept, and as rows. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import Conflict, NotFound, _, mark, ngettext
from cskit.nouns import listed
from cskit.stored import decoder
from cskit_staff.people import ladders
from cskit_staff.scores.assessment import MonthScore, Review
from cskit_staff.scores.cards import Held

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading

REVIEWS = "staff_reviews"
STAYS = {
    "top": mark("held: the highest rank"),
    "bottom": mark("held: the lowest rank"),
    "unranked": mark("held: the rank is on no ladder"),
}


class Kept(NamedTuple):
    """A stored review and its document's number."""

    number: int
    review: Review


class _Period(msgspec.Struct, gc=False):
    period: str = ""


class _OfPeriod:
    """A store's filter for the reviews of a period."""

    model: type[msgspec.Struct] = _Period

    def __init__(self, period: str) -> None:
        self._period = period
        self.anchors: tuple[bytes, ...] = (b'"period":' + msgspec.json.encode(period),)

    def matches(self, document: Any) -> bool:
        return bool(document.period == self._period)


def of_period(reading: Reading, period: str) -> dict[str, Kept]:
    """Return the reviews of a quarter, or of a month of probation, by staff id."""
    decode = decoder(REVIEWS, Review)
    found = [
        (document.number, decode(document)) for document in reading.read(REVIEWS, where=_OfPeriod(period))
    ]
    return {review.staff: Kept(number, review) for number, review in found}


def chosen(kept: Mapping[str, Kept], names: Sequence[str], period: str) -> list[Kept]:
    """Return the reviews that staff ids or ids of reviews mean; raises `NotFound` naming the others."""
    by_id = {one.review.id: one for one in kept.values()}
    missing = [name for name in names if name not in kept and name not in by_id]
    if missing:
        raise NotFound(
            _("there is no review of {names} in {period}").format(names=listed(missing), period=period),
            _("`cskit staff review` proposes them"),
        )
    return [kept.get(name) or by_id[name] for name in dict.fromkeys(names)]


def refuse_stale(held: Mapping[tuple[str, str], Held], found: Sequence[Review]) -> None:
    """Raise `Conflict` naming whose confirmed cards are others now than those that a review rests on.

    `held` are the cards of the reviews' months, by person and month.
    """
    stale = []
    for one in found:
        now = {part.month: held.get((one.staff, part.month)) for part in one.months}
        if any(part != month_score(part.month, now[part.month]) for part in one.months):
            stale.append(one.staff)
    if stale:
        said = ngettext(
            "the score cards of {names} have changed since the proposal",
            "the score cards of {names} have changed since the proposals",
            len(stale),
        )
        raise Conflict(said.format(names=listed(stale)), _("undo that change, or review the period again"))


def month_score(month: str, held: Held | None) -> MonthScore:
    """Return a month's confirmed total; a draft is none."""
    if held is None or held.card.state == "draft":
        return MonthScore(month=month)
    return MonthScore(month=month, total=held.card.total, card=held.card.id)


def rows(app: App, found: Sequence[Review], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return a row for each review: the totals of its months, the mean, and what follows."""
    titles = {rank.code: str(rank.label) for rule in ladders.load(app).values() for rank in rule.value.ranks}
    made = []
    for one in found:
        row = {
            "id": one.id,
            "staff": one.staff,
            "name": names.get(one.staff),
            "period": one.period,
            "months": [
                _("{month}: {total}").format(
                    month=part.month, total="–" if part.total is None else part.total
                )
                for part in one.months
            ],
            "mean": one.mean,
            "proposal": one.proposal,
            "rank_before": titles.get(one.rank_before or "", one.rank_before),
            "rank_after": titles.get(one.rank_after or "", one.rank_after),
            "state_after": one.state_after,
            "state": one.state,
            "note": _("; ").join(_notes(one)),
        }
        made.append({key: value for key, value in row.items() if value not in (None, "")})
    return made


def _notes(one: Review) -> list[str]:
    said = []
    if one.held is not None:
        said.append(_(STAYS[one.held]))
    missing = [part.month for part in one.months if part.total is None]
    if missing:
        said.append(_("no confirmed card of {months}").format(months=listed(missing)))
    if one.proposal == "dismissal":
        said.append(_("somebody has to decide: it is put into effect only where it is named"))
    elif one.state_before == "probation" and one.state_after != "probation":
        said.append(_("the probation ends"))
    if one.rule is not None:
        said.append(_("decided by {who}: {reason}").format(who=one.override_by, reason=one.override_reason))
    return said
