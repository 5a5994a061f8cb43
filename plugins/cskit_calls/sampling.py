"""Which calls of each agent are listened to: a draw by hours that can be made again. Pure: no click."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from hashlib import blake2b
from typing import NamedTuple


class Candidate(NamedTuple):
    """A call that may be drawn: whose it is, and in which hour of the day it began."""

    id: str
    staff: str
    hour: int


class Drawn(NamedTuple):
    """The calls drawn, by agent and hour; `short` is agent → how many calls there were, where too few."""

    calls: list[Candidate]
    short: dict[str, int]


def draw(candidates: Iterable[Candidate], per_agent: int, seed: int) -> Drawn:
    """Draw so many calls of each agent; of one who has fewer, all.

    Each hour of an agent's day gets its share, by largest remainders (Hamilton's method); inside an hour the
    seed decides. A call's place in that order hangs on its id and the seed alone, so that the order in which
    calls come in changes nothing.
    """
    of_agent: dict[str, dict[int, list[Candidate]]] = {}
    for one in candidates:
        of_agent.setdefault(one.staff, {}).setdefault(one.hour, []).append(one)
    drawn = Drawn([], {})
    for staff, hours in sorted(of_agent.items()):
        there = sum(map(len, hours.values()))
        if there < per_agent:
            drawn.short[staff] = there
        parts = _allotted(
            {hour: len(calls) for hour, calls in hours.items()}, min(per_agent, there), seed, staff
        )
        for hour, calls in sorted(hours.items()):
            drawn.calls.extend(sorted(calls, key=lambda one: _place(seed, one.id))[: parts[hour]])
    return drawn


def _allotted(counts: Mapping[int, int], size: int, seed: int, staff: str) -> dict[int, int]:
    """Share a size out over hours; of equal remainders the seed decides, or early hours would always win."""
    shares = {hour: Fraction(size * count, sum(counts.values())) for hour, count in counts.items()}
    parts = {hour: int(share) for hour, share in shares.items()}

    def order(hour: int) -> tuple[Fraction, tuple[bytes, str]]:
        return parts[hour] - shares[hour], _place(seed, f"{staff}@{hour}")

    for hour in sorted(shares, key=order)[: size - sum(parts.values())]:
        parts[hour] += 1
    return parts


def _place(seed: int, name: str) -> tuple[bytes, str]:
    return blake2b(f"{seed}:{name}".encode(), digest_size=8).digest(), name


def fingerprint(candidates: Sequence[Candidate]) -> str:
    """Return a short hash of what is drawn from: another one means that calls came or went since."""
    told = "\n".join(sorted(f"{one.id} {one.staff} {one.hour}" for one in candidates))
    return blake2b(told.encode(), digest_size=8).hexdigest()
