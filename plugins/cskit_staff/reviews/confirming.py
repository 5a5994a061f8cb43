"""Four eyes: score cards and reviews confirmed by somebody else. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from cskit import NotFound, Refused, Usage, _, edits, ngettext
from cskit.nouns import listed
from cskit_staff.reviews import bands, reviews
from cskit_staff.reviews.bands import Standing
from cskit_staff.reviews.reviews import REVIEWS
from cskit_staff.scores import cards
from cskit_staff.scores.assessment import Proposal, Review, ScoreCard
from cskit_staff.scores.cards import CARDS, Held
from cskit_staff.scores.population import Population, Span

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Transaction

_SHOWN = 10


def confirm_cards(
    app: App, tx: Transaction, month: Span, names: Sequence[str], *, every: bool = False
) -> tuple[list[ScoreCard], list[str]]:
    """Confirm the cards of some people, all or none; with `every` those of the month that this person may.

    Who confirms is no scorer and nobody's own judge, but a superior, where there is one (domain page).
    Returns the cards, and with `every` why the other drafts wait. Raises `Refused` with all that refuse.
    """
    population = Population(app, tx)
    who = acting(app, population)
    if month.last >= app.today:
        said = _("{month} ends on {day}; cards are confirmed after that")
        raise Refused(said.format(month=month.text, day=month.last))
    held = cards.of_months(tx, month.months)
    wanted = list(held.values()) if every else _named(population, held, names, month)
    drafts = [one for one in wanted if not every or one.card.state == "draft"]
    refused = {one.number: _why_not(population, one.card, who) for one in drafts}
    waiting = [why for why in refused.values() if why]
    if waiting and not every:
        raise _together(waiting)
    done = []
    for one in drafts:
        if refused[one.number]:
            continue
        confirmed = msgspec.structs.replace(
            one.card, state="confirmed", confirmed_by=who, confirmed_at=app.now
        )
        tx.replace(CARDS, one.number, edits.encode(confirmed))
        done.append(confirmed)
    return done, waiting


def acting(app: App, population: Population) -> str:
    """Return the staff id of who acts: the settings', or the user's name where that is one.

    Raises `Refused` where nobody can tell who it is.
    """
    found = app.staff or (app.user if app.user in population.people else None)
    if found is None:
        raise Refused(
            _("{user} has no staff id, so nobody can tell whether a second person confirms").format(
                user=app.user
            ),
            _("`cskit config set staff.{user} ID` gives one").format(user=app.user),
        )
    return found


def _named(
    population: Population, held: dict[tuple[str, str], Held], names: Sequence[str], month: Span
) -> list[Held]:
    by_id = {one.card.id: one for one in held.values()}
    people = population.named([name for name in names if name not in by_id])
    missing = [person.id for person in people if (person.id, month.text) not in held]
    if missing:
        raise NotFound(
            _("there is no score card of {names} for {month}").format(
                names=listed(missing), month=month.text
            ),
            _("`cskit staff score --month {month}` makes them").format(month=month.text),
        )
    found = [by_id[name] for name in names if name in by_id]
    return found + [held[person.id, month.text] for person in people]


def _why_not(population: Population, card: ScoreCard, who: str) -> str:
    """Say why this person cannot confirm a card, "" where nothing stands against it."""
    if card.state != "draft":
        return _("{staff}: the card {id} is confirmed already").format(staff=card.staff, id=card.id)
    if card.staff == who:
        return _("{staff}: nobody confirms the own card").format(staff=card.staff)
    if card.scored_by == who or any(line.by == who for line in card.indicators):
        return _("{staff}: {who} scored it, so somebody else has to confirm it").format(
            staff=card.staff, who=who
        )
    if card.missing and card.total is None:
        said = _("{staff}: {codes} missing; `cskit staff card {staff} --month {month}` says what of")
        return said.format(staff=card.staff, codes=_(", ").join(card.missing), month=card.month)
    superiors = population.superiors(card.staff)
    if superiors and who not in superiors:
        said = _("{staff}: {superior} confirms it, who is the superior")
        return said.format(staff=card.staff, superior=superiors[0])
    return ""


def _together(reasons: Sequence[str]) -> Refused:
    if len(reasons) == 1:
        return Refused(reasons[0])
    said = ngettext(
        "{count} card cannot be confirmed; none was",
        "{count} cards cannot be confirmed; none was",
        len(reasons),
    )
    lines = list(reasons[:_SHOWN])
    if len(reasons) > _SHOWN:
        lines.append(_("and {count} more").format(count=len(reasons) - _SHOWN))
    return Refused(said.format(count=len(reasons)), "\n".join(lines))


# --- reviews ------------------------------------------------------------------------------------------------


def confirm_reviews(
    app: App,
    tx: Transaction,
    span: Span,
    names: Sequence[str],
    *,
    every: bool = False,
    override: Proposal | None = None,
    by: str | None = None,
    reason: str | None = None,
) -> list[Review]:
    """Confirm proposals, all or none; with `every` all that are proposed and can be.

    `override` puts another outcome in the rule's place, which somebody else (`by`) decided for a `reason`
    (catalogue D3: special cases are the department's to decide). Raises `Refused` naming what stands against.
    """
    population = Population(app, tx)
    who = acting(app, population)
    kept = reviews.of_period(tx, span.text)
    wanted = (
        [one for one in kept.values() if one.review.state == "proposed"]
        if every
        else reviews.chosen(kept, names, span.text)
    )
    if every:
        wanted = [one for one in wanted if one.review.proposal != "insufficient"]
    if override is not None:
        _check_override(population, [one.review for one in wanted], by, reason, who)
    against = [why for one in wanted if (why := _against(one.review, who, override))]
    if against:
        raise _together(against)
    reviews.refuse_stale(cards.of_months(tx, span.months), [one.review for one in wanted])
    done = []
    for one in wanted:
        decided = one.review if override is None else _overridden(one.review, override, by, reason)
        decided = msgspec.structs.replace(decided, state="confirmed", confirmed_by=who, confirmed_at=app.now)
        tx.replace(REVIEWS, one.number, edits.encode(decided))
        done.append(decided)
    return done


def _check_override(
    population: Population, found: Sequence[Review], by: str | None, reason: str | None, who: str
) -> None:
    if by is None or not (reason or "").strip():
        raise Usage(_("--override needs --by, who decided it, and --reason"))
    (decider,) = population.named([by])
    if decider.id == who:
        raise Refused(
            _("{who} cannot decide and confirm it as well").format(who=who),
            _("a second person has to confirm it"),
        )
    if any(one.staff == decider.id for one in found):
        raise Refused(_("{who} cannot decide on the own review").format(who=decider.id))


def _against(one: Review, who: str, override: Proposal | None) -> str:
    """Say why this person cannot confirm a review, "" where nothing stands against it."""
    if one.state != "proposed":
        return _("{staff}: the review {id} is confirmed already").format(staff=one.staff, id=one.id)
    if one.staff == who:
        return _("{staff}: nobody confirms the own review").format(staff=one.staff)
    if one.proposed_by == who:
        return _("{staff}: {who} proposed it, so somebody else has to confirm it").format(
            staff=one.staff, who=who
        )
    if one.proposal == "insufficient" and override is None:
        return _("{staff}: months are missing, so there is nothing to confirm").format(staff=one.staff)
    if override == "ended" and one.state_before != "probation":
        return _("{staff}: there is no probation that could end").format(staff=one.staff)
    return ""


def _overridden(one: Review, override: Proposal, by: str | None, reason: str | None) -> Review:
    """Return a review with another outcome; what the rule said is kept."""
    state = "regular" if one.state_before == "probation" and override != "dismissal" else one.state_before
    standing = Standing(one.rank_before, state, one.probation_month)
    verdict = bands.outcome(bands.from_values(one.bands), one.ladder, override, one.mean, standing)
    return msgspec.structs.replace(
        one,
        proposal=override,
        rule=one.rule or one.proposal,
        rank_after=verdict.rank,
        state_after=verdict.state,
        held=verdict.held,
        override_by=by,
        override_reason=reason,
    )
