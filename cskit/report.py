"""The report of a month, or of other days: sections from every plugin, checked, sorted, as rows.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from cskit.declarations import Period
from cskit.errors import CskitError, NotFound, PluginFailed, Usage
from cskit.facts import parse_period
from cskit.i18n import _, mark
from cskit.plugins.contributions import Owned, by_key
from cskit.plugins.isolation import FAILURES, nearest, told
from cskit.records import parse_day
from cskit.sections import Figure, Group, Ids, Section

if TYPE_CHECKING:
    from cskit.app import App


class Report(NamedTuple):
    """The sections of a period, by name, each with the plugin it is from."""

    first: dt.date
    last: dt.date
    sections: Sequence[Owned[Section]]

    def figures(self) -> Iterator[tuple[Owned[Section], Group, Figure]]:
        """Yield every figure with the section and the group it stands in."""
        for owned in self.sections:
            for group, figure in owned.value.figures():
                yield owned, group, figure


# --- which days --------------------------------------------------------------------------------------------


def days(app: App, month: str | None, first: str | None, last: str | None) -> Period:
    """Return the days of a month ("2026-10"; this one if nothing is given), or from one day to another.

    Without a last day they end today. Raises `Usage` for what is no month or day, and for days that have
    not begun.
    """
    if month and (first or last):
        raise Usage(_("--month and --from, --to exclude each other"), _("give one of them"))
    if last and not first:
        raise Usage(_("--to needs --from"), _("such as --from 2026-10-01 --to 2026-10-31"))
    if first:
        begins, ends = _day("--from", first), _day("--to", last) if last else app.today
    else:
        begins, ends = _month(month or f"{app.today:%Y-%m}")
    if begins > app.today:
        said = _("{day} has not come yet: today is {today}")
        raise Usage(said.format(day=begins, today=app.today), _("--now takes another day for today"))
    if ends < begins:
        raise Usage(_("--to {last} is before --from {first}").format(first=begins, last=ends))
    return Period(begins, ends)


def _month(text: str) -> tuple[dt.date, dt.date]:
    wrong = Usage(_("--month: '{text}' is no month").format(text=text), _("expected such as 2026-10"))
    try:
        period = parse_period(text)
    except Usage:
        raise wrong from None
    first, last = period.first, period.last
    if first is None or last is None or first.day != 1 or not 27 <= (last - first).days <= 30:
        raise wrong
    return first, last


def _day(option: str, text: str) -> dt.date:
    try:
        return parse_day(text)
    except ValueError as error:
        raise Usage(_("{option} {day}: {fault}").format(option=option, day=text, fault=error)) from None


# --- sections ----------------------------------------------------------------------------------------------


def collect(app: App, period: Period, only: Sequence[str] = ()) -> Report:
    """Return what every plugin says of a period, which has both ends; or only some of it.

    `only` names sections ("complaints"), groups or figures in them ("complaints.on-time"). A plugin that
    fails is named and left out. Raises `NotFound` for a name that there is not.
    """
    assert period.first is not None  # noqa: S101 - see `days`
    assert period.last is not None  # noqa: S101 - see `days`
    found = [
        Owned(plugin, section)
        for plugin, sections in app.plugins.collect("cskit_report_sections", Section, app=app, period=period)
        for section in sections
    ]
    contents = by_key(mark("section"), found, lambda section: section.name)
    for clash in contents.clashes:
        app.warn(str(clash))
    return Report(period.first, period.last, _narrowed(list(contents.by_key.values()), only))


def _narrowed(sections: list[Owned[Section]], only: Sequence[str]) -> list[Owned[Section]]:
    if not only:
        return sections
    known = {name: None for owned in sections for name in _names(owned.value)}
    for name in only:
        if name not in known:
            near = nearest(name, known)
            raise NotFound(
                _("the report has no '{name}'").format(name=name),
                _("did you mean '{near}'?").format(near=near)
                if near
                else _("there are {names}").format(
                    names=_(", ").join(owned.value.name for owned in sections)
                ),
            )
    narrow = [Owned(owned.plugin, _part(owned.value, set(only))) for owned in sections]
    return [owned for owned in narrow if owned.value.groups or owned.value.tables]


def _names(section: Section) -> Iterator[str]:
    yield section.name
    for group, figure in section.figures():
        if group.name:
            yield f"{section.name}.{group.name}"
        yield key(section, group, figure)


def key(section: Section, group: Group, figure: Figure) -> str:
    """Return what a figure is called in the whole report, such as "complaints.by-category.leaks"."""
    return ".".join(filter(None, (section.name, group.name, figure.name)))


def _part(section: Section, only: set[str]) -> Section:
    if section.name in only:
        return section
    groups = []
    for group in section.groups:
        whole = bool(group.name) and f"{section.name}.{group.name}" in only
        kept = [one for one in group.figures if whole or key(section, group, one) in only]
        groups += [group._replace(figures=kept)] if kept else []
    return section._replace(groups=groups, tables=())


# --- rows --------------------------------------------------------------------------------------------------


def rows(report: Report) -> Iterator[dict[str, Any]]:
    """Yield a row for each figure, without what it does not have; `figure` is its name in its section."""
    for owned, group, figure in report.figures():
        interval = figure.interval
        row = {
            "section": owned.value.name,
            "figure": ".".join(filter(None, (group.name, figure.name))),
            "title": figure.title,
            "value": rounded(figure.value),
            "unit": figure.unit or None,
            "low": rounded(interval.low) if interval else None,
            "high": rounded(interval.high) if interval else None,
            "n": figure.n,
            "note": remark(figure) or None,
        }
        yield {name: value for name, value in row.items() if value is not None}


def rounded(value: Any) -> Any:
    """Return a value as it is shown: of a float one decimal, anything else as it is."""
    return round(value, 1) + 0.0 if isinstance(value, float) else value  # no -0.0


def remark(figure: Figure) -> str:
    """Return what is to be noted beside a figure: that there is little behind it, and its own note."""
    return _("; ").join(filter(None, (_("few answers") if figure.few else "", figure.note)))


def records(app: App, report: Report) -> Iterator[dict[str, Any]]:
    """Yield a row for each record behind each figure; of a share, `counts` says which of them it counts.

    Raises `PluginFailed` where a plugin cannot say which they are.
    """
    for owned, group, figure in report.figures():
        ids = _asked(app, owned, figure, figure.ids)
        hits = None if figure.hits is None else set(_asked(app, owned, figure, figure.hits))
        name = ".".join(filter(None, (group.name, figure.name)))
        for own in ids:
            row = {"section": owned.value.name, "figure": name, "about": figure.about, "id": own}
            yield row if hits is None else row | {"counts": own in hits}


def _asked(app: App, owned: Owned[Section], figure: Figure, ids: Ids) -> list[str]:
    try:
        return list(ids())
    except CskitError:
        raise
    except FAILURES as error:
        said = _("plugin {plugin}: the records behind {figure} cannot be named: {error}")
        raise PluginFailed(
            said.format(plugin=app.plugins.title(owned.plugin), figure=figure.name, error=told(error))
        ) from error
