"""Rounds beside each other: what changed, and whether that is real. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from cskit.i18n import _
from cskit_surveys.figures import Figure
from cskit_surveys.intervals import (
    Change,
    Mean,
    Promoters,
    Share,
    between_means,
    between_promoters,
    between_shares,
)

Key = tuple[str, str, str, str]


class Compared(NamedTuple):
    """One figure in two rounds; `change` is None where one of them has no answers to it."""

    before: Figure | None
    after: Figure | None
    change: Change | None


def compare(before: Sequence[Figure], after: Sequence[Figure]) -> Iterator[Compared]:
    """Yield figures of two rounds that mean the same, in the order of the later one, then what is gone."""
    old = {_key(figure): figure for figure in before}
    for figure in after:
        was = old.pop(_key(figure), None)
        yield Compared(was, figure, None if was is None else between(was.basis, figure.basis))
    for figure in old.values():
        yield Compared(figure, None, None)


def _key(figure: Figure) -> Key:
    return figure.group, figure.kind, figure.about, figure.option


def between(before: Any, after: Any) -> Change | None:
    """Test two bases of one kind for a change; None where they are not of one kind, or without answers."""
    if isinstance(before, Share) and isinstance(after, Share):
        return between_shares(before, after)
    if isinstance(before, Promoters) and isinstance(after, Promoters):
        return between_promoters(before, after)
    if isinstance(before, Mean) and isinstance(after, Mean):
        change = between_means(before, after)
        return change
    return None


def verdict(compared: Compared) -> str:
    """Say in words what a comparison says; few answers are never called a change."""
    if compared.before is None:
        return _("new")
    if compared.after is None:
        return _("not asked any more")
    if compared.change is None:
        return _("no answers to compare")
    if compared.before.few or compared.after.few:
        return _("too few answers to tell")
    if not compared.change.real:
        return _("no real change")
    if compared.after.kind == "share":  # an option is neither good nor bad
        return _("more often") if compared.change.difference > 0 else _("less often")
    return _("better") if compared.change.difference > 0 else _("worse")


class Left(NamedTuple):
    """How far a round has come in one group, in people."""

    group: str
    sampled: int
    answered: int
    partial: int
    refused: int
    unreached: int
    open: int

    @property
    def reached(self) -> int:
        """How many were spoken to, whether they answered or not."""
        return self.answered + self.partial + self.refused

    def row(self) -> Mapping[str, Any]:
        """Return the counts, with response and contact rate in per cent: answered, or reached, of sampled.

        A partial answer is an answer to some questions, not a response (AAPOR response rate 1).
        """
        rates = {
            "response_rate": round(100 * self.answered / self.sampled, 1),
            "contact_rate": round(100 * self.reached / self.sampled, 1),
        }
        return {**self._asdict(), **rates}


def nonresponse(states: Mapping[str, Sequence[str]]) -> Iterator[Left]:
    """Yield how far a round has come; `states` is group → the states of its responses."""
    for group in sorted(states):
        held = states[group]
        count = {state: held.count(state) for state in ("answered", "partial", "refused", "unreached")}
        yield Left(group=group, sampled=len(held), open=held.count("sampled"), **count)
