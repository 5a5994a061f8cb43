"""What is due, and what happened, of shifts and scores. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from cskit import Event, Task, _, ngettext
from cskit.stored import decoder
from cskit.values import one_line
from cskit.where.terms import plus_months
from cskit_calls import (
    assessments,
    coverage,
    handovers,
    patterns,
    qalimits,
    qatrend,
    roster,
    shiftlimits,
    shifts,
    supporting,
    weeks,
)
from cskit_calls.coaching import TABLE as COACHING
from cskit_calls.shifts import Away, Turn

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Document

_DAY = dt.timedelta(days=1)


class _Note(msgspec.Struct, frozen=True, gc=False):
    """What a coaching note says without its words."""

    id: str
    staff: str
    coach: str | None = None
    on: dt.date | None = None
    topic: str | None = None
    acknowledged_at: dt.datetime | None = None


class _Handed(msgspec.Struct, frozen=True, gc=False):
    id: str
    shift: str
    on: dt.date
    giver: str
    given_at: dt.datetime
    to: str | None = None
    taker: str | None = None
    taken_at: dt.datetime | None = None


# --- due ---------------------------------------------------------------------------------------------------


def tasks(app: App, until: dt.date) -> Iterator[Task]:
    """Yield what is due by the end of the day `until`, from one pass over each table."""
    for task in (*_rota(app, until), *_handovers(app), *_unscored(app), *_notes(app), *_measures(app)):
        day = task.due.astimezone(app.zone).date() if isinstance(task.due, dt.datetime) else task.due
        if day <= until:
            yield task


def _rota(app: App, until: dt.date) -> Iterator[Task]:
    """Yield hours that nobody works, absences without a cover, a rota that ends, support days that lack."""
    turns = list(shifts.every(app.reading()))
    if not turns:
        return
    limits = shiftlimits.load(app)
    last = max(turns, key=lambda one: (one.on, one.id))
    ahead = app.today + dt.timedelta(days=limits.ahead_days)
    for gap in coverage.gaps(turns, limits.need, app.zone, app.today, min(until, ahead, last.on)):
        near = max((one for one in turns if one.on <= gap.on), key=lambda one: (one.on, one.id), default=last)
        do = f"call shift gaps --from {gap.on} --to {gap.on}"
        what = _("too few people: {gap}").format(gap=weeks.told(gap))
        yield Task(gap.on, what, "call shift", near.id, do=do)
    yield from _covers(app, turns, shifts.absences(app.reading()))
    ends = last.on - dt.timedelta(days=limits.ahead_days)
    if app.today - dt.timedelta(days=limits.ahead_days) <= last.on:
        said = _("the rota ends on {day}: lay out what follows").format(day=last.on)
        do = f"call shift plan --from {last.on + _DAY} --to {last.on + 28 * _DAY} --group GROUP"
        yield Task(ends, said, "call shift", last.id, do=do)
    month = (app.today.year, app.today.month)
    for one in supporting.lacking(roster.people(app), limits, turns, month):
        said = _("{name}: {have} of {want} days on the telephones this month")
        due = plus_months(app.today.replace(day=1), 1) - _DAY
        what = said.format(name=one.person.name, have=one.have, want=one.want)
        do = f"call shift support --month {app.today:%Y-%m}"
        yield Task(due, what, "staff", one.person.id, do=do)


def _covers(app: App, turns: Sequence[Turn], away: Iterable[Away]) -> Iterator[Task]:
    covered = {one.covers for one in turns if one.covers}
    for absence in away:
        left = [
            one
            for one in turns
            if one.staff == absence.staff
            and absence.holds(one.on)
            and one.on >= app.today
            and one.id not in covered
        ]
        if left:
            said = ngettext(
                "{staff} is absent: {count} shift to be covered",
                "{staff} is absent: {count} shifts to be covered",
                len(left),
            )
            what = said.format(staff=absence.staff, count=len(left))
            day = min(one.on for one in left)
            yield Task(day, what, "call absence", absence.id, do=f"call shift cover {absence.id}")


def _handovers(app: App) -> Iterator[Task]:
    titles = patterns.titles(patterns.all_of(app))
    for one in map(decoder(handovers.TABLE, _Handed), app.reading().read(handovers.TABLE)):
        if one.taker is None:
            said = _("take over {shift} of {day} from {who}")
            what = said.format(shift=titles.get(one.shift, one.shift), day=one.on, who=one.giver)
            yield Task(one.given_at, what, "call logbook", one.id, one.to or "", do=f"call takeover {one.id}")


def _unscored(app: App) -> Iterator[Task]:
    """Yield one task for each draw of which calls are still to be scored."""
    days = dt.timedelta(days=qalimits.load(app).score_days)
    left: dict[tuple[str, str], int] = {}
    for row in assessments.unscored(app, app.reading()):
        key = (row["draw"], row["month"])
        left[key] = left.get(key, 0) + 1
    for (draw, month), count in left.items():
        due = plus_months(dt.date.fromisoformat(f"{month}-01"), 1) - _DAY + days
        said = ngettext(
            "{month}: {count} drawn call to be scored", "{month}: {count} drawn calls to be scored", count
        )
        yield Task(due, said.format(month=month, count=count), "call qa draw", draw, do="call qa unscored")


def _notes(app: App) -> Iterator[Task]:
    days = dt.timedelta(days=qalimits.load(app).acknowledge_days)
    for one in map(decoder(COACHING, _Note), app.reading().read(COACHING)):
        if one.acknowledged_at is None:
            what = _("acknowledge coaching: {topic}").format(topic=one_line(one.topic or one.id))
            do = f"call coaching acknowledge {one.id}"
            yield Task((one.on or app.today) + days, what, "call coaching", one.id, one.staff, do=do)


def _measures(app: App) -> Iterator[Task]:
    for one in qatrend.late(app):
        if one.due is not None:
            what = _("see through the measure: {what}").format(what=one_line(one.what))
            do = f"call qa measure done {one.id}"
            yield Task(one.due, what, "call qa measure", one.id, one.owner or "", do=do)


# --- happened ----------------------------------------------------------------------------------------------


def timeline(app: App, kind: str, id: str) -> Iterator[Event]:
    """Yield what happened to a person: absences, hand-overs, calls scored, coaching; no figures."""
    if kind != roster.KIND:
        return
    reading = app.reading()
    for away in shifts.absences(reading):
        if away.staff == id:
            what = _("absent until {day}").format(day=away.last or away.first)
            yield Event(away.first, what, "call absence", away.id)
    yield from _signed(reading.read(handovers.TABLE), id, patterns.titles(patterns.all_of(app)))
    for one in assessments.every(reading):
        if one.staff == id:
            what = _("call {call} scored").format(call=one.call)
            yield Event(one.scored_at, what, assessments.NOUN, one.id, one.scorer)
    for note in map(decoder(COACHING, _Note), reading.read(COACHING)):
        if note.staff == id:
            what = _("coached: {topic}").format(topic=one_line(note.topic or "–"))
            if note.on is not None:
                yield Event(note.on, what, "call coaching", note.id, note.coach or "")
            if note.acknowledged_at is not None:
                yield Event(note.acknowledged_at, _("coaching acknowledged"), "call coaching", note.id, id)


def _signed(documents: Iterable[Document], own: str, titles: Mapping[str, str]) -> Iterator[Event]:
    for one in map(decoder(handovers.TABLE, _Handed), documents):
        shift = titles.get(one.shift, one.shift)
        if one.giver == own:
            what = _("handed over {shift} of {day}").format(shift=shift, day=one.on)
            yield Event(one.given_at, what, "call logbook", one.id, own)
        if one.taker == own and one.taken_at is not None:
            what = _("took over {shift} of {day}").format(shift=shift, day=one.on)
            yield Event(one.taken_at, what, "call logbook", one.id, own)
