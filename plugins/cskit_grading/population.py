"""All customers at once: cut points, places and shares among them. Must not import click or a store."""

from __future__ import annotations

import decimal
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from cskit_grading.schemes import Bin, Rank, Share

_EXACT = decimal.Context(prec=60, traps=[])
_SHOWN = Decimal("0.0001")
"""Shares in percent are rounded to so much, half to even: nobody compares them finer."""


class Found(NamedTuple):
    """What looking at all customers gave: a value for each (None where it is unknown), and cut points."""

    values: list[Any]
    cuts: tuple[Any, ...] = ()


def looked_up(step: Bin | Rank | Share, values: Sequence[Any], inside: Sequence[bool]) -> Found:
    """Return what `step` gives each customer; `values` stand in order, and only those `inside` count."""
    counted = sorted(
        value for value, within in zip(values, inside, strict=True) if within and value is not None
    )
    match step:
        case Bin():
            return _binned(step, values, counted)
        case Rank():
            return Found(
                [
                    None if value is None else 1 + len(counted) - bisect_right(counted, value)
                    for value in values
                ]
            )
    return _shared(values, counted)


def cut_points(counted: Sequence[Any], cuts: Sequence[Decimal]) -> tuple[Any, ...]:
    """Return the lower empirical quantiles of sorted values: the first that at least so many percent reach.

    Norm of the field: with n values, the one at place ⌈n·p⌉ (Hyndman and Fan 1996, type 1).
    """
    count = len(counted)
    places = (int((count * cut / 100).to_integral_value(decimal.ROUND_CEILING)) for cut in cuts)
    return tuple(counted[place - 1] for place in places) if counted else ()


def _binned(step: Bin, values: Sequence[Any], counted: list[Any]) -> Found:
    """Score 1 + the number of cut points below, from the low end or from the high one."""
    if step.best == "high":
        cuts = cut_points(counted, step.cuts)
        scores = [None if value is None else 1 + bisect_left(cuts, value) for value in values]
    else:
        cuts = cut_points(counted[::-1], step.cuts)
        rising = cuts[::-1]
        scores = [
            None if value is None else 1 + len(rising) - bisect_right(rising, value) for value in values
        ]
    return Found(scores, cuts)


def _shared(values: Sequence[Any], counted: Sequence[Any]) -> Found:
    total = Decimal(0)
    for value in counted:
        total = _EXACT.add(total, value)
    if total <= 0:
        return Found([None] * len(values))
    return Found(
        [
            None
            if value is None
            else _EXACT.quantize(_EXACT.divide(_EXACT.multiply(value, 100), total), _SHOWN)
            for value in values
        ]
    )


def empty_bins(step: Bin, found: Found, inside: Sequence[bool]) -> tuple[int, ...]:
    """Return the scores that none of those `inside` has."""
    held = {value for value, within in zip(found.values, inside, strict=True) if within}
    return tuple(score for score in range(1, len(step.cuts) + 2) if score not in held)
