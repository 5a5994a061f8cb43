"""What a report says of calls and visitors. Reckons nothing itself. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cskit import Column, Period, _
from cskit.i18n import label
from cskit.intervals import wilson
from cskit.sections import Figure, Group, Section, Table, count
from cskit.stored import decoder
from cskit_calls import grouping, promises, queues, thresholds
from cskit_calls.counted import Calls
from cskit_calls.figures import FIGURES, Measuring
from cskit_calls.reception import KINDS
from cskit_calls.visitors import Came

if TYPE_CHECKING:
    from cskit import App
    from cskit_calls.figures import Group as Counted

_MAIN = (
    "offered",
    "answer-rate",
    "abandon-rate",
    "service-level",
    "asa",
    "aht",
    "transfer",
    "fcr",
    "fcr-net",
)


def sections(app: App, period: Period) -> Iterator[Section]:
    """Yield how the hotline was answered in a period and who came, unless nobody called or came."""
    calls = Calls.of(app, period)
    came = list(_visitors(app, period))
    groups = [*_of_calls(app, calls, period), *came]
    if groups:
        yield Section("calls", _("Hotline and front desk"), groups, list(_tables(app, calls)))


def _of_calls(app: App, calls: Calls, period: Period) -> Iterator[Group]:
    if not calls.chosen:
        return
    rules = thresholds.load(app)
    measuring, whole = Measuring(calls.all, rules, calls.rota), grouping.together(calls)
    made = [_made(measuring, whole, name) for name in _MAIN]
    yield Group([*made, _promised(app, period)])
    titles = queues.shown(queues.queues(app))
    by_queue = [
        count(str(key or "none"), titles.get(str(key), str(key)), _ids(group), "call")
        for key, group in grouping.groups(calls, "queue")
    ]
    if len(by_queue) > 1:
        yield Group(by_queue, "by-queue", _("Calls by queue"), drawn=True)
    by_hour = [
        count(f"{key:02d}", f"{key:02d}:00", _ids(group), "call")
        for key, group in grouping.groups(calls, "hour")
    ]
    yield Group(by_hour, "by-hour", _("Calls by hour"), drawn=True)


def _ids(group: Counted) -> Sequence[str]:
    return [call.id for call in (*group.answered, *group.abandoned)]


def _made(measuring: Measuring, whole: Counted, name: str) -> Figure:
    """Return a figure of `call stats` as the report has it."""
    kind = FIGURES[name]
    made = kind.formula(measuring, whole)
    share = bool(made.whole)
    return Figure(
        name,
        _(kind.title),
        made.value,
        made.n,
        "call",
        lambda: made.base or made.ids,
        unit=kind.unit,
        hits=(lambda: made.ids) if share else None,
        interval=wilson(len(made.counted), made.n) if share and made.n else None,
    )


def _promised(app: App, period: Period) -> Figure:
    """Return the share of promises to call back, due in the period by now, that were kept in time."""
    due = [
        one
        for one in promises.promises(app.reading(), app.now)
        if one.state != "due" and period.holds(one.due.astimezone(app.zone).date())
    ]
    kept = [one.call.id for one in due if one.state == "kept"]
    ids = [one.call.id for one in due]
    return Figure(
        "called-back",
        _("Called back in time"),
        round(100 * len(kept) / len(ids), 1) if ids else None,
        len(ids),
        "call",
        lambda: ids,
        unit="%",
        hits=lambda: kept,
        interval=wilson(len(kept), len(ids)) if ids else None,
    )


def _visitors(app: App, period: Period) -> Iterator[Group]:
    decode = decoder("call_visitors", Came)
    found: dict[str, list[str]] = {}
    for one in map(decode, app.reading().read("call_visitors")):
        if one.at <= app.now and period.holds(one.at.astimezone(app.zone).date()):
            found.setdefault(one.kind, []).append(one.id)
    if found:
        bars = [
            count(kind, label(kind, zh), found[kind], "call visitor")
            for kind, zh in KINDS.items()
            if kind in found
        ]
        yield Group(bars, "visitors", _("Visitors by kind"), drawn=True)


def _tables(app: App, calls: Calls) -> Iterator[Table]:
    """Yield the definitions, so that nobody has to guess what a figure is."""
    if calls.chosen:
        rules = thresholds.load(app)
        rows = [
            {"figure": _(FIGURES[name].title), "definition": FIGURES[name].defined(rules)} for name in _MAIN
        ]
        columns = (Column("figure", "Figure"), Column("definition", "Definition"))
        yield Table(_("How the figures of calls are made"), columns, rows)
