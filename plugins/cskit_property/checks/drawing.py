"""Which items of a standard are looked at: a random draw that can be made again. Pure: no click, no store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from hashlib import blake2b


def drawn(items: Mapping[str, str], size: int, seed: int) -> list[str]:
    """Return the codes of `size` items, in the order in which `items` has them.

    `items` is code → area. Each area gets its share of the draw, by largest remainders (Hamilton's method),
    so that none is left out by chance; inside an area the seed decides. More than there are means all.
    """
    if size >= len(items):
        return list(items)
    groups: dict[str, list[str]] = {}
    for code, area in items.items():
        groups.setdefault(area, []).append(code)
    parts = _allotted({area: len(codes) for area, codes in groups.items()}, size)
    chosen = {code for area, codes in groups.items() for code in _in_order(codes, seed)[: parts[area]]}
    return [code for code in items if code in chosen]


def _in_order(codes: Sequence[str], seed: int) -> list[str]:
    """Return codes in the random order that a seed gives; each one's place hangs on it and the seed alone."""

    def place(code: str) -> tuple[bytes, str]:
        return blake2b(f"{seed}:{code}".encode(), digest_size=8).digest(), code

    return sorted(codes, key=place)


def _allotted(counts: Mapping[str, int], size: int) -> dict[str, int]:
    shares = {area: Fraction(size * count, sum(counts.values())) for area, count in counts.items()}
    parts = {area: int(share) for area, share in shares.items()}
    left = size - sum(parts.values())
    for area in sorted(shares, key=lambda one: (parts[one] - shares[one], one))[:left]:
        parts[area] += 1
    return parts
