"""Random samples that can be drawn again: same seed, same people, same sample.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from hashlib import blake2b

from cskit import Usage, _
from cskit_surveys.sizes import needed


def in_order(ids: Iterable[str], seed: int) -> list[str]:
    """Return ids in the random order that a seed gives, whatever order they come in.

    Each id's place hangs on the seed and the id alone: who joins or leaves moves nobody else.
    """

    def place(own: str) -> tuple[bytes, str]:
        return blake2b(f"{seed}:{own}".encode(), digest_size=8).digest(), own

    return sorted(ids, key=place)


def size_of(wish: str, population: int, confidence: float, margin: float) -> int:
    """Return how many a wish such as "10%", "50" or "auto" means of a population; raises `Usage`.

    A percentage is rounded up; more than there are means all. "auto" is what the margin of error needs.
    """
    text = wish.strip()
    if text == "auto":
        return needed(population, margin, confidence)
    number = text.removesuffix("%").strip()
    try:
        value = Fraction(number)
    except (ValueError, ZeroDivisionError):
        raise Usage(
            _("--size {size}: expected a number, a percentage or auto").format(size=wish),
            _("such as 50, 10% or auto"),
        ) from None
    if text.endswith("%"):
        if not 0 < value <= 100:
            raise Usage(_("--size {size}: a percentage lies above 0 and at most at 100").format(size=wish))
        return -(-population * value.numerator // (100 * value.denominator))
    if value.denominator != 1 or value < 1:
        raise Usage(_("--size {size}: expected a whole number of 1 or more").format(size=wish))
    return min(population, int(value))


def allotted(strata: Mapping[str, int], size: int) -> dict[str, int]:
    """Return how many of a sample each stratum gets: in proportion, by largest remainders.

    Nobody is counted twice and nobody is lost: the parts add up to `size`, and none is larger than its
    stratum. Equal remainders go by name. Source: Hamilton's method.
    """
    total = sum(strata.values())
    if size >= total:
        return dict(strata)
    shares = {name: Fraction(size * count, total) for name, count in strata.items()}
    parts = {name: int(share) for name, share in shares.items()}
    left = size - sum(parts.values())
    for name in sorted(shares, key=lambda one: (parts[one] - shares[one], one))[:left]:
        parts[name] += 1
    return parts


def sample(members: Mapping[str, str], size: int, seed: int) -> list[str]:
    """Return the ids drawn, in the random order.

    `members` is id → stratum, "" for all where there are none.
    """
    groups: dict[str, list[str]] = {}
    for own, stratum in members.items():
        groups.setdefault(stratum, []).append(own)
    parts = allotted({stratum: len(ids) for stratum, ids in groups.items()}, size)
    drawn = (in_order(ids, seed)[: parts[stratum]] for stratum, ids in groups.items())
    return in_order((own for part in drawn for own in part), seed)


def parts_of(members: Mapping[str, str], drawn: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return stratum → how many there are, and how many of them were drawn."""
    chosen = set(drawn)
    found: dict[str, tuple[int, int]] = {}
    for own, stratum in members.items():
        there, taken = found.get(stratum, (0, 0))
        found[stratum] = there + 1, taken + (own in chosen)
    return found
