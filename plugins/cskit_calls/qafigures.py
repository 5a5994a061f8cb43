"""What scored sheets come to: means and accuracies, by agent and by item, and what each figure means.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from cskit import Period, _
from cskit.intervals import wilson
from cskit.sections import Figure
from cskit_calls import assessments, calibration, qalimits, roster, scoresheets
from cskit_calls.assessments import NOUN, ItemGot, Scored

if TYPE_CHECKING:
    from cskit import App


class Accuracy(NamedTuple):
    """Of how many chances how many were met; None per cent where there was none."""

    met: int
    of: int

    @property
    def per_cent(self) -> Decimal | None:
        """The share in per cent, to one place."""
        return round(Decimal(100 * self.met) / self.of, 1) if self.of else None


def mean(values: Sequence[Decimal]) -> Decimal | None:
    """Return a mean to two places, None of nothing."""
    return round(sum(values, Decimal(0)) / len(values), 2) if values else None


def critical(found: Sequence[Scored]) -> Accuracy:
    """Return how many calls failed no critical item, of all (COPC: critical error accuracy, by the call)."""
    return Accuracy(sum(not one.fatal for one in found), len(found))


def other(found: Iterable[Scored]) -> Accuracy:
    """Return how many items that are not critical were met in full, of those that applied (by the item)."""
    items = [item for one in found for item in one.items if not item.critical and item.got is not None]
    return Accuracy(sum(item.full for item in items), len(items))


def one_persons(found: Sequence[Scored]) -> bool:
    """Tell whether scores are one agent's alone: then their mean is nobody else's to see."""
    return len({one.staff for one in found}) == 1


class Said(NamedTuple):
    """A figure, and what it means, in the user's language."""

    figure: Figure
    definition: str


def figures(app: App, period: Period) -> list[Said]:
    """Return the figures of a period's calls, each with its definition; one read of the table.

    Of calls that are one agent's alone there is only their number: the rest is that agent's, not the team's.
    """
    every = assessments.of_period(app.reading(), period)
    found = assessments.counting(every)
    scored = Said(
        Figure("scored", _("Calls scored"), len(found), len(found), NOUN, lambda: [one.id for one in found]),
        _("calls of the period with a score, a second person's for calibration not counted"),
    )
    return [scored, *_quality(found), _agreed(app, every)]


def _quality(found: Sequence[Scored]) -> Iterator[Said]:
    ids = [one.id for one in found]
    reached, clean, items = None, Accuracy(0, 0), Accuracy(0, 0)
    if not one_persons(found):
        reached, clean, items = mean([one.total for one in found]), critical(found), other(found)
    yield Said(
        Figure("score", _("Mean score"), reached, len(found), NOUN, lambda: ids),
        _("mean total: points of the items that apply, in per cent; 0 if a critical item is failed"),
    )
    yield Said(
        Figure(
            "critical",
            _("Critical accuracy"),
            clean.per_cent,
            len(found),
            NOUN,
            lambda: ids,
            unit="%",
            hits=lambda: [one.id for one in found if not one.fatal],
            interval=wilson(clean.met, clean.of) if clean.of else None,
        ),
        _("calls in which no critical item was failed, of the calls scored"),
    )
    yield Said(
        Figure("other", _("Other accuracy"), items.per_cent, len(found), NOUN, lambda: ids, unit="%"),
        _("items that are not critical and were met in full, of those that applied"),
    )


def _agreed(app: App, every: Sequence[Scored]) -> Said:
    limits = qalimits.load(app)
    pairs = list(calibration.pairs(every))
    close = [pair for pair in pairs if pair.apart <= limits.tolerance]
    share = Accuracy(len(close), len(pairs))
    said = _(
        "pairs of scores of one call that are at most {tolerance} points apart; {target} % are asked for"
    )

    def ids(found: Iterable[calibration.Pair]) -> list[str]:
        return list(dict.fromkeys(own for pair in found for own in (pair.first.id, pair.second.id)))

    figure = Figure(
        "agreed",
        _("Scorers agree"),
        share.per_cent,
        len(ids(pairs)),
        NOUN,
        lambda: ids(pairs),
        unit="%",
        few=len(pairs) < limits.few,
    )
    return Said(figure, said.format(tolerance=limits.tolerance, target=limits.agreement))


def rows(found: Iterable[Said]) -> Iterator[dict[str, Any]]:
    """Yield a row for each figure, with what it means."""
    for one in found:
        figure = one.figure
        row = {
            "figure": figure.name,
            "title": figure.title,
            "value": figure.value,
            "unit": figure.unit,
            "n": figure.n,
            "definition": one.definition,
        }
        yield {name: value for name, value in row.items() if value not in (None, "")}


# --- apart -------------------------------------------------------------------------------------------------


def by_agent(app: App, found: Sequence[Scored]) -> Iterator[dict[str, Any]]:
    """Yield a row for each agent, by id: calls, mean, accuracies; few calls are marked."""
    few, names = qalimits.load(app).few, roster.names(app, app.reading())
    for staff, several in _grouped(found).items():
        row = {
            "id": staff,
            "name": names.get(staff),
            "calls": len(several),
            "score": mean([one.total for one in several]),
            "critical": critical(several).per_cent,
            "other": other(several).per_cent,
            "few": True if len(several) < few else None,
        }
        yield {name: value for name, value in row.items() if value is not None}


def _grouped(found: Sequence[Scored]) -> dict[str, list[Scored]]:
    grouped: dict[str, list[Scored]] = {}
    for one in sorted(found, key=lambda one: one.staff):
        grouped.setdefault(one.staff, []).append(one)
    return grouped


def by_item(app: App, found: Sequence[Scored]) -> Iterator[dict[str, Any]]:
    """Yield a row for each item that applied, the one that is missed most often first."""
    items: dict[tuple[str, str], list[ItemGot]] = {}
    for one in found:
        for item in one.items:
            if item.got is not None:
                items.setdefault((one.sheet, item.code), []).append(item)
    known = {name: rule.value.titles() for name, rule in scoresheets.all_of(app).items()}
    rows = [_item(key, several, known) for key, several in items.items()]
    yield from sorted(rows, key=lambda row: (row["right"], row["item"]))


def _item(
    key: tuple[str, str], several: Sequence[ItemGot], known: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    sheet, code = key
    worth = sum((one.points for one in several), Decimal(0))
    got = sum((one.got for one in several if one.got is not None), Decimal(0))
    row = {
        "item": code,
        "text": known.get(sheet, {}).get(code),
        "critical": several[0].critical or None,
        "n": len(several),
        "right": Accuracy(sum(one.full for one in several), len(several)).per_cent,
        "points": round(100 * got / worth, 1) if worth else None,
    }
    return {name: value for name, value in row.items() if value is not None}
