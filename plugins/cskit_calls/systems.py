"""Call records of telephone systems: which system a file is from, and its rows with our fields.

What each writes is a rule file of the kind `call-systems`. Must not import click or a store.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec

from cskit import _, rules
from cskit.i18n import label
from cskit.intake.tabular import Row
from cskit.references import References
from cskit.values import Faulty
from cskit_calls import queues

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading

KIND = "call-systems"
Role = Literal[
    "key",
    "at",
    "caller",
    "callee",
    "direction",
    "status",
    "waiting",
    "talking",
    "hold",
    "wrap_up",
    "total",
    "agent",
    "queue",
    "transferred_to",
    "recording",
    "purpose",
    "result",
]
_LENGTHS: tuple[Role, ...] = ("waiting", "talking", "hold", "wrap_up", "total")
_AS_IS: tuple[Role, ...] = ("key", "at", "queue", "transferred_to", "recording", "purpose", "result")
_RESULTS = {"in": "abandoned", "out": "unreached"}
_CLOCK = re.compile(r"(?:(\d+):)?(\d+):(\d{2})")
_WORDS = re.compile(r"(?:(\d+)(?:小时|时|h))?\s*(?:(\d+)(?:分钟|分|m))?\s*(?:(\d+)(?:秒|s)?)?")
EXTENSION = 6
"""So many digits are a number inside the house at most: the shortest numbers of subscribers have seven."""


class System(msgspec.Struct, frozen=True, kw_only=True):
    """A rule file of the kind call-systems.

    `recognised` are headings by which a file is known, `headings` say which columns hold what, `values` what
    words of the system mean: a direction is "in" or "out", a status "answered" or "missed".
    """

    label: rules.Label
    recognised: Annotated[list[str], msgspec.Meta(min_length=1)]
    headings: dict[Role, list[str]]
    values: dict[Literal["direction", "status"], dict[str, Literal["in", "out", "answered", "missed"]]] = {}


def rewritten(app: App, reading: Reading, rows: Iterable[Row]) -> Iterable[Row]:
    """Return a file's rows with our fields where a telephone system wrote it, else as they are."""
    found = iter(rows)
    first = next(found, None)
    if first is None:
        return ()
    everything = chain([first], found)
    system = _recognised(app, first)
    if system is None:
        return everything
    app.echo(_("read as call records: {system}").format(system=label(system.label.en, system.label.zh)))
    columns = _columns(system, first.cells)
    taken = Taking(app, reading, system, columns)
    return (Row(row.line, taken.fields(row.cells)) for row in everything)


def _recognised(app: App, first: Row) -> System | None:
    titles = {_plain(title) for title in first.cells}
    for _name, rule in sorted(rules.load(app, KIND).items()):
        system: System = rule.value
        if all(_plain(title) in titles for title in system.recognised):
            return system
    return None


def _plain(title: str) -> str:
    return title.strip().casefold()


def _columns(system: System, cells: Mapping[str, Any]) -> dict[Role, str]:
    """Return which column holds what; of several names for one thing the first that the file has."""
    titles = {_plain(title): title for title in reversed(list(cells))}
    found = {}
    for role, names in system.headings.items():
        name = next((titles[_plain(name)] for name in names if _plain(name) in titles), None)
        if name is not None:
            found[role] = name
    return found


class Taking:
    """Makes fields of a call from what a telephone system wrote of one."""

    def __init__(self, app: App, reading: Reading, system: System, columns: Mapping[Role, str]) -> None:
        self._system, self._columns = system, columns
        self._staff = References(app, reading).known("staff")
        self._queues = {*queues.queues(app)} | {
            title for one in queues.queues(app).values() for title in (one.label.en, one.label.zh)
        }

    def fields(self, cells: Mapping[str, Any]) -> dict[str, Any]:
        """Return field → text of a call; what cannot be read is `Faulty`, to be told with all the rest."""
        said = {role: cells.get(title) for role, title in self._columns.items()}
        found: dict[str, Any] = {role: said[role] for role in _AS_IS if said.get(role) not in (None, "")}
        lengths = {role: seconds(said[role]) for role in _LENGTHS if said.get(role) not in (None, "")}
        caller, callee = _digits(said.get("caller")), _digits(said.get("callee"))
        direction = self._means("direction", said) or _direction(caller, callee)
        found["direction"] = direction
        found["number"] = caller if direction == "in" else callee
        missed = self._missed(said, lengths)
        if missed and direction in _RESULTS:
            found["result"] = _RESULTS[direction]  # whatever else stands there
        elif not missed and (agent := self._agent(said, callee if direction == "in" else caller)):
            found["staff"] = agent
        found |= _times(lengths, answered=not missed)
        if "queue" in found and found["queue"] not in self._queues:  # a skill group of its own
            found["note"] = str(found.pop("queue"))
        return found

    def _means(self, what: Literal["direction", "status"], said: Mapping[Role, Any]) -> Any:
        """Return what the system's word means: "" where there is none, `Faulty` for one that is not known."""
        word = str(said.get(what) or "").strip()
        known = self._system.values.get(what, {})
        if not word or not known:
            return ""
        if word in known:
            return known[word]
        if what == "status":
            return ""
        return Faulty(word, _("is not known; rules/call-systems say what words mean"))

    def _missed(self, said: Mapping[Role, Any], lengths: Mapping[Role, Any]) -> bool:
        """Tell whether nobody answered: by the system's word, else by the seconds talked."""
        status = self._means("status", said)
        return bool(status == "missed" if status else lengths.get("talking") == 0)

    def _agent(self, said: Mapping[Role, Any], inside: str) -> str:
        """Return who took the call: as the file says, else whose extension it was, where that is known."""
        named = str(said.get("agent") or "").strip()
        return named or (inside if inside in self._staff else "")


def _times(lengths: Mapping[Role, Any], *, answered: bool) -> dict[str, Any]:
    """Return the seconds of a call; the wait is what is left of the whole where nothing says it."""
    found: dict[str, Any] = {role: value for role, value in lengths.items() if role != "total"}
    total, talked = lengths.get("total"), lengths.get("talking")
    if "waiting" not in found and isinstance(total, int):
        spent = [talked, lengths.get("hold", 0)] if answered else [0, 0]
        if all(isinstance(one, int) for one in spent):
            found["waiting"] = max(0, total - sum(spent))
    if not answered:
        found = {name: value for name, value in found.items() if name == "waiting"}
    return {name: value if isinstance(value, Faulty) else str(value) for name, value in found.items()}


def seconds(value: Any) -> int | Faulty:
    """Return a length in seconds, written as 95, 1:35, 00:01:35, 1m35s or 1分35秒."""
    text = str(value).strip().casefold()
    if text.isascii() and text.isdigit():
        return int(text)
    found = _CLOCK.fullmatch(text) or _WORDS.fullmatch(text)
    if found is None or not any(found.groups()):
        return Faulty(str(value), _("expected a length, such as 95 or 00:01:35"))
    hours, minutes, rest = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + rest


def _digits(value: Any) -> str:
    return str(value or "").strip().strip('"')


def _direction(caller: str, callee: str) -> str:
    """Return which way a call went by its numbers: out where only the caller's is inside the house."""
    return "out" if len(caller) <= EXTENSION < len(callee) and caller else "in"
