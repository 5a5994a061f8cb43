"""Scores of one call by several people, set beside each other. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

from cskit import _, ngettext
from cskit_calls import agreement, qalimits, roster, scoresheets
from cskit_calls.assessments import Scored

if TYPE_CHECKING:
    from cskit import App
    from cskit_calls.qalimits import Limits

_PLACES = 4


class Pair(NamedTuple):
    """What two people, in the order of their ids, scored one call."""

    first: Scored
    second: Scored

    @property
    def apart(self) -> Decimal:
        """By how many points the totals differ."""
        return abs(self.first.total - self.second.total)


def calls(found: Iterable[Scored]) -> list[list[Scored]]:
    """Return the scores of each call that several people scored, in the order of who did."""
    grouped: dict[str, list[Scored]] = {}
    for one in found:
        grouped.setdefault(one.call, []).append(one)
    return [sorted(several, key=lambda one: one.scorer) for several in grouped.values() if len(several) > 1]


def pairs(found: Iterable[Scored]) -> Iterator[Pair]:
    """Yield every two scores of one call."""
    for several in calls(found):
        for first, second in combinations(several, 2):
            yield Pair(first, second)


# --- who agrees with whom ----------------------------------------------------------------------------------


def rows(app: App, found: Sequence[Scored]) -> Iterator[dict[str, Any]]:
    """Yield a row for every two people who scored the same calls, and one for all people together.

    Kappa is of levels of totals; alpha of totals as they are, and for any number of people.
    """
    limits, names = qalimits.load(app), roster.names(app, app.reading())
    of_two: dict[tuple[str, str], list[Pair]] = {}
    for pair in pairs(found):
        of_two.setdefault((pair.first.scorer, pair.second.scorer), []).append(pair)
    for (first, second), several in sorted(of_two.items()):
        row = {"scorers": f"{names.get(first, first)} · {names.get(second, second)}", "calls": len(several)}
        yield row | _agreed(several, limits) | _kappas(several, limits) | _alpha(several)
    everything = list(pairs(found))
    if len(of_two) > 1:
        row = {"scorers": _("all"), "calls": len(calls(found))}
        yield row | _agreed(everything, limits) | _alpha_of(calls(found))


def _agreed(several: Sequence[Pair], limits: Limits) -> dict[str, Any]:
    totals = [(Fraction(pair.first.total), Fraction(pair.second.total)) for pair in several]
    close = agreement.within(totals, limits.tolerance)
    return {"within": round(Decimal(100 * close) / len(several), 1)}


def _kappas(several: Sequence[Pair], limits: Limits) -> dict[str, Any]:
    levels = [(limits.level(pair.first.total), limits.level(pair.second.total)) for pair in several]
    most = len(limits.levels) + 1
    found = {
        "kappa": agreement.kappa(levels, most),
        "linear": agreement.kappa(levels, most, "linear"),
        "quadratic": agreement.kappa(levels, most, "quadratic"),
    }
    return {name: rounded(value) for name, value in found.items() if value is not None}


def _alpha(several: Sequence[Pair]) -> dict[str, Any]:
    return _alpha_of([list(pair) for pair in several])


def _alpha_of(several: Iterable[Sequence[Scored]]) -> dict[str, Any]:
    value = agreement.alpha([[Fraction(one.total) for one in call] for call in several])
    return {} if value is None else {"alpha": rounded(value)}


def rounded(value: Fraction) -> Decimal:
    """Return a coefficient to four places."""
    return round(Decimal(value.numerator) / value.denominator, _PLACES)


def by_item(app: App, found: Sequence[Scored]) -> Iterator[dict[str, Any]]:
    """Yield a row for each item that several people scored: how often they gave the same, and alpha of it.

    The item on which people agree least comes first.
    """
    units: dict[str, list[list[Fraction]]] = {}
    for several in calls(found):
        given: dict[str, list[Fraction]] = {}
        for one in several:
            for item in one.items:
                if item.got is not None:
                    given.setdefault(item.code, []).append(Fraction(item.got))
        for code, values in given.items():
            if len(values) > 1:
                units.setdefault(code, []).append(values)
    titles = scoresheets.titles(app)
    rows = []
    for code, of_item in units.items():
        same = sum(len(set(values)) == 1 for values in of_item)
        row: dict[str, Any] = {"item": code, "text": titles.get(code), "calls": len(of_item)}
        row["same"] = round(Decimal(100 * same) / len(of_item), 1)
        value = agreement.alpha(of_item)
        rows.append(row | ({} if value is None else {"alpha": rounded(value)}))
    yield from sorted(rows, key=lambda row: (row["same"], row["item"]))


# --- who is strict -----------------------------------------------------------------------------------------


def by_scorer(app: App, found: Sequence[Scored]) -> Iterator[dict[str, Any]]:
    """Yield a row for each person who scored: how many, how many together with others, and the drift."""
    limits, names = qalimits.load(app), roster.names(app, app.reading())
    shared = calls(found)
    drifts = agreement.drift({one.scorer: Fraction(one.total) for one in several} for several in shared)
    for who in sorted({one.scorer for one in found}):
        row: dict[str, Any] = {"id": who, "name": names.get(who)}
        row["scored"] = sum(one.scorer == who for one in found)
        row["shared"] = sum(any(one.scorer == who for one in several) for several in shared)
        if who in drifts:
            row["drift"] = round(Decimal(drifts[who].numerator) / drifts[who].denominator, 2)
            row["judgement"] = _judged(row["drift"], limits)
        yield {name: value for name, value in row.items() if value is not None}


def _judged(drift: Decimal, limits: Limits) -> str:
    if abs(drift) <= limits.drift:
        return "fair"
    return "lenient" if drift > 0 else "strict"


def remarks(app: App, found: Sequence[Scored]) -> Iterator[str]:
    """Yield what the figures of agreement mean, and whether there are enough calls to rely on them."""
    limits = qalimits.load(app)
    said = _("agree: totals at most {points} points apart; {target} % are asked for")
    yield said.format(points=limits.tolerance, target=limits.agreement)
    cuts = ", ".join(map(str, limits.levels))
    said = _("kappa: Cohen's, of levels with the cut points {cuts}; linear and quadratic weights beside it")
    yield said.format(cuts=cuts)
    yield _("alpha: Krippendorff's, of the totals as they are; 1 is the same, 0 what chance gives")
    shared = len(calls(found))
    if shared < limits.few:
        said = ngettext(
            "{count} call was scored by several people: too few to rely on",
            "{count} calls were scored by several people: too few to rely on",
            shared,
        )
        yield said.format(count=shared)
