"""The small values plugins declare and answer with. Imports no plugin.

They are named tuples: six dataclasses would cost every start 3 ms.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable, Mapping
from typing import Any, Literal, NamedTuple


class Command(NamedTuple):
    """A command, declared without importing it.

    `path` is what the user types after `cskit` ("customer lost"), `help` the first line of the command's
    docstring, `target` where the click command is found ("package.module:attribute"). `outside` says that it
    writes what is no record, such as files: neither a dry run nor a batch could take that back, so there it
    is refused. `computes` says that what it saves follows from the records alone: with --as-of it shows what
    would have been saved then, as a dry run, where other commands that save are refused.
    """

    path: str
    help: str
    target: str
    outside: bool = False
    computes: bool = False


class Group(NamedTuple):
    """What is said of a group of commands, such as "customer", where help lists it. `help` is one line."""

    path: str
    help: str


class Narrowing(NamedTuple):
    """A noun of its own for those of a type's records whose `field` holds `value`, with all their commands.

    `complaint list` then is `case list` of the complaints, and what `complaint add` adds is one.
    """

    command: str
    field: str
    value: str
    singular: str
    plural: str
    zh: str


class RecordType(NamedTuple):
    """A kind of record: its table, its numbers and its commands, declared without importing its fields.

    `command` is the noun as typed ("customer order"), `model` where its `Record` class is found, `number` the
    form of generated ids, `title` the field that `add` takes as its argument, `columns` what `list` shows.
    `verbs` are the commands it has where not all of them make sense ("list", "export"); none named: all.

    With `dated`, a field that holds a day or a time, ids are counted by day: the `number` "CP-%Y%m%d-{:03d}"
    makes CP-20261122-001. `prepare` names a function `(app, reading)` that is called once for a command and
    returns another, `(values, new)`, called for each record before it is checked: it completes the field →
    value that were given, in place, and returns `Problem`s. `titles` names a function `(app)` that returns
    field → code → what people see in tables and workbooks, which `prepare` reads as the code again.
    `codes` names a function `(app)` that returns field → what finds the code that a text means, for --where;
    it raises `NotFound` for a text that means none.
    `sheets` names a function `(app, [(record, texts), ...])` that returns a `cskit.display.paper.Sheet` for
    each, which `show -o html` writes; `texts` are its fields as people may see them, personal data masked.
    All come at once, so that what they need is read once.
    `added` names a function `(app, tx, record)` that `add` calls in its transaction, and no import does: it
    makes what else belongs to the record, and returns lines that say so once all is saved. `rows` names a
    function `(app, reading, rows)` that makes rows with our fields of what other programs write to a file.
    `narrowed` are nouns for some of the records; `holds`, which is not declared, is the one of them that a
    command is about.
    """

    command: str
    table: str
    model: str
    number: str
    singular: str
    plural: str
    zh: str
    title: str
    columns: tuple[str, ...]
    verbs: tuple[str, ...] = ()
    dated: str = ""
    prepare: str = ""
    titles: str = ""
    codes: str = ""
    sheets: str = ""
    added: str = ""
    rows: str = ""
    narrowed: tuple[Narrowing, ...] = ()
    holds: Narrowing | None = None

    def narrow(self, holds: Narrowing) -> RecordType:
        """Return the type as one of its narrower nouns has it."""
        return self._replace(
            command=holds.command,
            singular=holds.singular,
            plural=holds.plural,
            zh=holds.zh,
            holds=holds,
        )


FactKind = Literal["integer", "decimal", "text", "date", "boolean"]


class FactSpec(NamedTuple):
    """A figure or state about one kind of thing that other plugins may ask for.

    `name` is flat and dotted ("orders.count"); it ends in `.*` for a family whose members are not known
    beforehand ("grade.*", asked for as "grade.order_volume", or as a whole). `about` says of what
    ("customer"); `span` tells whether it holds at an instant or is counted over a period. `personal` says
    that it is nobody else's to see, such as somebody's score: it is shown as personal data is. Absent means
    unknown, never 0.
    """

    name: str
    about: str
    type: FactKind
    meaning: str
    unit: str = ""
    span: Literal["instant", "period"] = "instant"
    personal: bool = False


class Period(NamedTuple):
    """Days from `first` to `last`, both included; None leaves that side open."""

    first: dt.date | None = None
    last: dt.date | None = None

    def holds(self, day: dt.date) -> bool:
        """Tell whether `day` lies in the period."""
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)


Facts = Mapping[str, Mapping[str, Any]]
"""Fact name → id → value. An id that is missing under a name has no known value."""


class Counted(NamedTuple):
    """The records that one fact about one thing is counted from.

    `about` is their noun as typed ("case"), `ids` theirs. Of a share, `hits` is how many of them it counts;
    None where the fact is no share.
    """

    about: str
    ids: tuple[str, ...]
    hits: int | None = None


class Evidence(dict[tuple[str, str], Counted]):
    """(fact name, id) → what the fact was counted from, noted by the code that counts."""

    def note(self, fact: str, id: str, about: str, ids: Iterable[str], hits: int | None = None) -> None:
        """Note which records a fact about the thing `id` is counted from."""
        self[fact, id] = Counted(about, tuple(ids), hits)


class ActionSpec(NamedTuple):
    """Something another plugin may ask for inside its own transaction.

    `target` names a function `(app, tx, **arguments) -> result`; `arguments` says what each argument means.
    """

    name: str
    meaning: str
    target: str
    arguments: Mapping[str, str]


class RuleKind(NamedTuple):
    """A kind of rules that a plugin keeps in TOML files, such as "acme-checklists".

    `name` is the folder's in `rules/`, `model` names the msgspec Struct that each file of the kind must fit
    ("package.module:Class"), `meaning` says in a line what such a file decides.
    """

    name: str
    model: str
    meaning: str


class Task(NamedTuple):
    """Something to be done: `due` at an aware time, or on a day in the department's zone.

    `what` says in one line, in the user's language, what to do; `about` is the record's noun as typed
    ("case"), `id` its id. `who` is the staff id of who should do it, empty if nobody in particular; `urgent`
    stands first whatever its time; `do` is what to type for it, after `cskit`.
    """

    due: dt.date | dt.datetime
    what: str
    about: str
    id: str
    who: str = ""
    urgent: bool = False
    do: str = ""


class Event(NamedTuple):
    """Something that happened, or is to happen: `at` an aware time, or on a day in the department's zone.

    `what` says in one line, in the user's language, what; `about` is the noun as typed of the record it is
    from ("customer order"), `id` that record's id, `who` the staff id of who did it.
    """

    at: dt.date | dt.datetime
    what: str
    about: str
    id: str
    who: str = ""


class Migration(NamedTuple):
    """A step that brings the records of a table to the next form: `to` is its number, from 2 up.

    `target` names a function (document) -> document on the JSON as it is stored, which looks at nothing else:
    it is also asked about documents of long ago, for --as-of. `meaning` says in a line what changes.
    """

    table: str
    to: int
    target: str
    meaning: str


class DemoStep(NamedTuple):
    """One command of the demonstration: `arguments` as typed after `cskit`, `say` the line printed before it.

    `{data}` in an argument stands for the folder with the plugin's demonstration files, `folder`, `{here}`
    for the sample department's. `exits` is the exit code to be shown: a step may show how a mistake is met.
    `needs` names a command that another plugin may have: where nobody has it, the step is left out.
    """

    say: str
    arguments: tuple[str, ...]
    folder: str = ""
    exits: int = 0
    needs: str = ""

    def possible(self, commands: Container[str]) -> bool:
        """Tell whether the command that the step needs is one of `commands`."""
        return not self.needs or self.needs in commands

    def typed(self, here: str) -> list[str]:
        """Return the arguments for a sample department in the folder `here`."""
        return [word.replace("{here}", here).replace("{data}", self.folder) for word in self.arguments]
