"""Event logs of other systems: their rows read by a mapping, and a mapping to fill in made from their rows.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import BadData, Usage, _, edits, mark, ngettext, records
from cskit.cells import Cells
from cskit.config import tomlfile
from cskit.errors import BadRows, Problem
from cskit.intake import tabular
from cskit.records import parse_time
from cskit.rules import shape
from cskit.values import shown
from cskit_complaints.model import Case
from cskit_complaints.replaying import COMMENT, MEANINGS, Logged

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from cskit import App

GUESSED = {
    "case": ("case", "case id", "case_id", "case:concept:name", "ticket", "工单号", "受理单号", "编号"),
    "activity": ("concept:name", "activity", "event", "action", "活动", "动作", "环节", "状态"),
    "time": ("time:timestamp", "timestamp", "time", "date", "时间", "操作时间", "日期"),
    "who": ("org:resource", "resource", "user", "agent", "处理人", "操作人", "人员"),
    "group": ("org:group", "group", "workgroup", "team", "department", "部门", "班组"),
    "reason": ("reason", "原因"),
}
"""What the columns of a log are often called, lower case."""
_WORDS = (
    ("registered", ("insert", "create", "register", "open", "new", "登记", "受理", "新建")),
    ("paused", ("wait", "pend", "hold", "suspend", "挂起", "等待")),
    ("closed", ("clos", "结案", "归档", "关闭")),
    ("resolved", ("resolv", "solve", "complete", "done", "处理完", "办结", "解决")),
    ("replied", ("repl", "answer", "答复", "回复")),
    ("rejected", ("reject", "invalid", "duplicate", "不受理", "作废")),
    ("handling", ("take in charge", "start", "accept", "handle", "接单", "处理")),
    ("assigned", ("assign to", "dispatch", "queue", "派单", "转办", "转派")),
)
"""What activities are often called, and the state that they then mean; the first that fits."""


class Columns(msgspec.Struct, frozen=True):
    """The columns of a log that say which case, what happened, when, by whom, in which group, and why."""

    case: str
    activity: str
    time: str
    who: str = ""
    group: str = ""
    reason: str = ""


class LogMap(msgspec.Struct, frozen=True):
    """A mapping: what a log's columns are, and what its activities mean.

    `activities` is activity → a state of ours or "comment"; `fields` is column → field of the case, `fixed`
    what every case has; `contacts` are the activities in which the customer was spoken to. `zone` is that of
    times without an offset, the department's where it is empty.
    """

    source: str
    columns: Columns
    activities: dict[str, str]
    fields: dict[str, str] = {}
    fixed: dict[str, str] = {}
    contacts: list[str] = []
    zone: str = ""


class Log(NamedTuple):
    """A log that was read: its rows by case, each in the order of time, and what nobody mapped."""

    cases: Mapping[str, list[Logged]]
    rows: int
    unmapped: Mapping[str, int]


def mapping(path: str) -> LogMap:
    """Read a mapping; raises `Usage` with all that is wrong in it."""
    raw, name = tabular.read_source(path)
    values = tomlfile.parse(name, raw)
    faults = [f"{key}: {said}" if key else said for key, said in shape.faults(LogMap, values)]
    if not faults:
        found = msgspec.convert(values, LogMap)
        faults = [
            _("activities.{activity}: '{meaning}' is no state; there are {known}").format(
                activity=activity, meaning=meaning, known=_(", ").join(MEANINGS)
            )
            for activity, meaning in found.activities.items()
            if meaning not in MEANINGS
        ]
    if faults:
        first, *rest = faults
        raise Usage(_("{file}: {fault}").format(file=name, fault=first), "\n".join(rest[:20]))
    return found


def read(app: App, path: str, mapped: LogMap) -> Log:
    """Read a log by a mapping; raises `BadRows` with all rows that say no case, no activity or no time."""
    data, name = _plain(path)
    problems: list[Problem] = []
    zone = _zone(app, mapped)
    reader = _Reader(app, mapped, zone)
    cases: dict[str, list[Logged]] = {}
    unmapped: Counter[str] = Counter()
    count = 0
    for row in tabular.read_rows(data, name, problems=problems, knows=reader.knows):
        count += 1
        logged = reader.row(row.line, row.cells, problems)
        if logged is not None:
            cases.setdefault(logged.case, []).append(logged)
            if logged.activity not in mapped.activities:
                unmapped[logged.activity] += 1
    reader.refuse_absent(name, count)
    if problems:
        raise BadRows(sorted(problems), name)
    for rows in cases.values():
        rows.sort(key=lambda row: row.at)  # stable: rows of one second keep their order
    return Log(cases, count, unmapped)


class _Reader:
    """Makes rows of cells into what they say, by a mapping."""

    def __init__(self, app: App, mapped: LogMap, zone: ZoneInfo) -> None:
        self._mapped, self._zone = mapped, zone
        known = records.fields(Case)
        for field in (*mapped.fields.values(), *mapped.fixed):
            if field not in known or known[field].owner or field in _OURS:
                raise Usage(
                    _("the mapping fills '{field}', which is no field that a log can").format(field=field)
                )
        fixed = edits.parse(Case, [f"{field}={value}" for field, value in mapped.fixed.items()], app.zone)
        self._cells = Cells(Case, mapped.fields, fixed, app.zone)
        self._wanted = [name for name in msgspec.structs.astuple(mapped.columns) if name]
        self._seen: set[str] = set()

    def knows(self, title: str) -> bool:
        """Tell whether a title is that of a column which the mapping names."""
        return title in self._wanted

    def refuse_absent(self, file: str, rows: int) -> None:
        """Raise `Usage` for a column that the mapping names and the log has not."""
        absent = [name for name in self._wanted if name not in self._seen]
        if rows and absent:
            said = _("{file} has no column '{column}'").format(file=file, column=absent[0])
            raise Usage(said, _("there are {names}").format(names=_(", ").join(sorted(self._seen))))

    def row(self, line: int, cells: Mapping[str, Any], problems: list[Problem]) -> Logged | None:
        """Return what a row says, None where something is wrong with it."""
        self._seen.update(cells)
        columns, before = self._mapped.columns, len(problems)
        texts = {column: str(value).strip() for column, value in cells.items() if value is not None}
        for column in (columns.case, columns.activity, columns.time):
            if column in self._seen and not texts.get(column):
                problems.append(Problem(line, column, "", _("is missing")))
        at = self._time(line, columns.time, texts.get(columns.time, ""), problems)
        kept = {column: value for column, value in cells.items() if column in self._mapped.fields}
        said = self._cells.read(tabular.Row(line, kept))
        problems += said.problems
        if len(problems) > before or at is None:
            return None
        case, activity = texts.get(columns.case, ""), texts.get(columns.activity, "")
        who, group, reason = (texts.get(name, "") for name in (columns.who, columns.group, columns.reason))
        return Logged(line, case, activity, at, who, group, reason, said.values)

    def _time(self, line: int, column: str, text: str, problems: list[Problem]) -> dt.datetime | None:
        if not text:
            return None
        try:
            return parse_time(text, self._zone)
        except ValueError as error:
            problems.append(Problem(line, column, shown(text), str(error)))
            return None


_OURS = frozenset(("id", "key", "received_at", "events", "promises", "extensions", "compensation", "crisis"))


def _zone(app: App, mapped: LogMap) -> ZoneInfo:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(mapped.zone) if mapped.zone else app.zone
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Usage(_("there is no time zone '{name}'").format(name=mapped.zone)) from error


def _plain(path: str) -> tuple[bytes, str]:
    """Return the bytes of a file, unpacked where it is gzip, and the name that tells its form."""
    data, name = tabular.read_source(path)
    if not data.startswith(b"\x1f\x8b"):
        return data, name
    unpacking = zlib.decompressobj(wbits=31)
    try:
        plain = unpacking.decompress(data, tabular.LARGEST_FILE)
    except zlib.error as error:
        raise BadData(_("{file} cannot be unpacked: {why}").format(file=name, why=error)) from error
    if unpacking.unconsumed_tail:
        raise BadData(
            _("{file} holds more than {most} MB").format(file=name, most=tabular.LARGEST_FILE >> 20)
        )
    if not unpacking.eof:
        raise BadData(_("{file} ends before it is whole").format(file=name))
    return plain, name.removesuffix(".gz")


# --- a mapping to fill in ----------------------------------------------------------------------------------


def started(path: str) -> str:
    """Return a mapping for a log, as TOML to be gone over: columns and meanings guessed from their names.

    What is not guessed is a comment. Raises `Usage` where no column looks like a case, an activity or a time.
    """
    import tomlkit

    data, name = _plain(path)
    problems: list[Problem] = []
    rows = list(tabular.read_rows(data, name, problems=problems))
    if problems:
        raise BadRows(problems, name)
    titles = list(dict.fromkeys(title for row in rows for title in row.cells))
    columns = {key: title for key in GUESSED if (title := _guessed(key, titles))}
    for key in ("case", "activity", "time"):
        if key not in columns:
            said = _("no column of {file} looks like the {what}").format(file=name, what=_(_CALLED[key]))
            raise Usage(said, _("there are {names}").format(names=_(", ").join(titles)))
    activities = Counter(str(row.cells.get(columns["activity"])) for row in rows)
    begun = {
        str(row.cells.get(columns["case"])): str(row.cells.get(columns["activity"])) for row in reversed(rows)
    }
    first = set(begun.values())
    document = tomlkit.document()
    document.add(tomlkit.comment(_("What each activity means: a state of ours, or comment for a remark.")))
    document.add(tomlkit.comment(_("States: {names}").format(names=", ".join(MEANINGS[:-1]))))
    document["source"] = name.rpartition("/")[2].partition(".")[0]
    document["contacts"] = []
    document["columns"] = dict(columns)
    document["fixed"] = {"kind": "complaint"}
    fields = tomlkit.table()
    rest = [title for title in titles if title not in columns.values()]
    for title in rest:
        fields.add(tomlkit.comment(f'{tomlkit.key(title).as_string()} = "…"'))
    document["fields"] = fields
    table = tomlkit.table()
    for activity, count in activities.most_common():
        item = tomlkit.item(_meaning(activity, begins=activity in first))
        item.comment(ngettext("{count} row", "{count} rows", count).format(count=count))
        table[activity] = item
    document["activities"] = table
    return tomlkit.dumps(document)


_CALLED = {"case": mark("case"), "activity": mark("activity"), "time": mark("time")}


def _guessed(key: str, titles: Sequence[str]) -> str:
    lowered = {title.strip().lower(): title for title in titles}
    return next((lowered[name] for name in GUESSED[key] if name in lowered), "")


def _meaning(activity: str, *, begins: bool) -> str:
    lowered = activity.lower()
    found = next((state for state, words in _WORDS if any(word in lowered for word in words)), COMMENT)
    return COMMENT if found == "registered" and not begins else found
