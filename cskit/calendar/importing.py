"""Days off and days worked, from a colleague's table into a rule file. Must not import click."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from cskit.calendar.files import parse_hours
from cskit.calendar.reading import DAYS
from cskit.errors import BadRows, Problem, Usage
from cskit.i18n import _
from cskit.intake import tabular
from cskit.records import parse_day
from cskit.values import shown

if TYPE_CHECKING:
    from cskit.app import App

TITLES = {
    "date": ("date", "day", "日期"),
    "until": ("until", "to", "至", "截止日期"),
    "work": ("work", "type", "班次", "类型"),
    "hours": ("hours", "工时", "上班时间"),
    "name": ("name", "label", "名称", "说明"),
}
_OFF = frozenset(("off", "holiday", "休", "休息", "放假", "休假"))
_MAKE_UP = frozenset(("make-up", "workday", "work", "班", "上班", "补班", "调休上班"))
_NAME = re.compile(r"\w[\w-]{0,63}")


class Read(NamedTuple):
    """A day, or days up to `until`, as a row of the table gives them."""

    date: dt.date
    until: dt.date | None
    work: str
    hours: tuple[str, ...]
    name: str

    def each(self) -> Iterator[dt.date]:
        """Yield the days that are meant."""
        for ordinal in range(self.date.toordinal(), (self.until or self.date).toordinal() + 1):
            yield dt.date.fromordinal(ordinal)


class Written(NamedTuple):
    """What an import wrote: the rule file, how many rows, which years it holds whole."""

    path: str
    rows: int
    whole: str


def bring_in(app: App, file: str, *, name: str | None, calendars: Sequence[str]) -> Written:
    """Write a table of days into the rule file `name`, else that of the table's name, in its place if there.

    A year in which the table names a make-up workday counts as whole: nobody is warned about it any more.
    Raises `BadRows` with all that is wrong, `Usage` for a name or calendar that cannot be.
    """
    rule = name or os.path.basename(file).partition(".")[0]
    if not _NAME.fullmatch(rule):
        raise Usage(_("'{name}' cannot be a rule's name").format(name=rule), _("give another with --name"))
    for each in calendars:
        app.calendars.named(each)
    days = _read(file)
    whole = tuple(sorted({day.date.year for day in days if day.work == "make-up"}))
    path = os.path.join("rules", DAYS, f"{rule}.toml")
    _write(app, path, _toml(days, calendars, whole))
    return Written(os.path.join(app.folder, path), len(days), " ".join(map(str, whole)))


def _read(file: str) -> list[Read]:
    data, name = tabular.read_source(file)
    problems: list[Problem] = []
    known = {title: key for key, titles in TITLES.items() for title in titles}
    found: list[tuple[int, Read]] = []
    for row in tabular.read_rows(data, name, problems=problems, knows=known.__contains__):
        cells = {known[key]: value for title, value in row.cells.items() if (key := _key(title)) in known}
        found += _day(row.line, cells, problems)
    seen: dict[dt.date, int] = {}
    for line, read in found:
        twice = [day for day in read.each() if seen.setdefault(day, line) != line]
        if twice:
            said = _("line {line} gives this day as well").format(line=seen[twice[0]])
            problems.append(Problem(line, "date", str(twice[0]), said))
    if problems:
        raise BadRows(sorted(problems), name)
    if not found:
        raise Usage(_("{file} holds no days").format(file=name))
    return [day for _line, day in sorted(found, key=lambda one: one[1].date)]


def _key(title: str) -> str:
    return title.strip().lower()


def _day(line: int, cells: Mapping[str, Any], problems: list[Problem]) -> Iterable[tuple[int, Read]]:
    """Return the day of a row with its line, nothing where something is wrong with it."""
    before = len(problems)
    texts = {key: str(value).strip() for key, value in cells.items() if value is not None}
    first = _date(line, "date", texts.get("date", ""), problems)
    until = _date(line, "until", texts["until"], problems) if texts.get("until") else None
    if first and until and not 0 <= (until - first).days <= 365:
        problems.append(Problem(line, "until", str(until), _("it is before the date, or a year after it")))
    work, hours = texts.get("work", "").lower(), tuple(texts.get("hours", "").replace("；", " ").split())
    kind = "make-up" if work in _MAKE_UP else "off" if work in _OFF or not work else ""
    if not kind:
        said = _("expected off or make-up (休 or 班)")
        problems.append(Problem(line, "work", shown(work), said))
    try:
        parse_hours(list(hours))
    except ValueError as error:
        problems.append(Problem(line, "hours", shown(texts["hours"]), str(error)))
    if len(problems) > before or first is None:
        return ()
    return ((line, Read(first, until, "" if hours else kind, hours, texts.get("name", ""))),)


def _date(line: int, column: str, text: str, problems: list[Problem]) -> dt.date | None:
    try:
        return parse_day(text.partition("T")[0].partition(" ")[0])
    except ValueError as error:
        problems.append(Problem(line, column, shown(text), str(error)))
        return None


def _toml(days: Sequence[Read], calendars: Sequence[str], whole: Sequence[int]) -> bytes:
    import tomlkit

    document = tomlkit.document()
    if calendars:
        document["calendars"] = list(calendars)
    document["whole"] = list(whole)
    array = tomlkit.aot()
    for day in days:
        table = tomlkit.table()
        table["date"] = day.date
        if day.until:
            table["until"] = day.until
        if day.hours:
            table["hours"] = list(day.hours)
        else:
            table["work"] = day.work
        if day.name:
            label = tomlkit.inline_table()
            label.update({"en": day.name, "zh": day.name})
            table["label"] = label
        array.append(table)
    document["days"] = array
    return tomlkit.dumps(document).encode()


def _write(app: App, path: str, content: bytes) -> None:
    """Put a rule file into the data folder in one step, made for the owner alone."""
    from cskit.store.disk import FolderDisk

    disk = FolderDisk(app.folder, lock_timeout=app.options.lock_timeout, notice=app.echo)
    with disk.lock(True, app.command):
        os.makedirs(os.path.join(app.folder, os.path.dirname(path)), mode=0o700, exist_ok=True)
        writer = disk.create(f"{path}.new")
        try:
            writer.write(content)
            writer.sync()
        finally:
            writer.close()
        disk.rename(f"{path}.new", path)
        disk.sync_folder()
