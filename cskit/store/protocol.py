"""What a store must do, and the values it trades in. Knows no file format and no database."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, NamedTuple, Protocol

import msgspec


class Document(NamedTuple):
    """One stored JSON document: its number in the table and its exact bytes."""

    number: int
    raw: bytes


class Change(NamedTuple):
    """What a transaction does to one document; None before is an insertion, None after a removal."""

    table: str
    number: int
    before: bytes | None
    after: bytes | None


class Filter(Protocol):
    """A condition that a store may use to decode less than everything.

    `model` is the smallest struct that `matches` needs; `anchors` are fragments of JSON text of which a
    matching document's text must hold all, as this program writes it (empty: no shortcut).
    """

    model: type[msgspec.Struct]
    anchors: tuple[bytes, ...]

    def matches(self, document: Any) -> bool:
        """Tell whether a decoded `model` satisfies the condition; unknown counts as no."""
        ...


class Look(msgspec.Struct, frozen=True, omit_defaults=True):
    """Personal data of one table that somebody had shown: of how many records, and the first ids of them."""

    count: int
    ids: tuple[str, ...] = ()


class Origin(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who asks for a transaction, when, with which command, and why; written to the history as it stands.

    `revealed` and `erases` are table → the records whose personal data was shown, or goes for good; `foreign`
    is table → when another program changed its file, where this entry only takes over what it found there
    (`user` and `command` are "" unless somebody asked for that);
    `migrates` is table → the form its records had before, where they were brought to a newer one.
    """

    time: dt.datetime
    user: str
    command: str
    staff: str | None = None
    options: tuple[str, ...] = ()
    now: dt.datetime | None = None
    reason: str | None = None
    undoes: int | None = None
    revealed: dict[str, Look] = {}
    erases: dict[str, tuple[str, ...]] = {}
    foreign: dict[str, dt.datetime] = {}
    migrates: dict[str, int] = {}


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a history stands on that was made anew without values.

    `sequence` and `time` are those of the last entry before it, `head` is that entry's chain value;
    `earlier` are the heads of checkpoints before this one.
    """

    sequence: int
    time: dt.datetime
    head: str
    earlier: tuple[str, ...] = ()


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One committed transaction of the history, without its documents.

    `archived` is an entry whose documents the history no longer holds, since it was compacted: the entry that
    has a `checkpoint`.
    """

    sequence: int
    origin: Origin
    counts: Mapping[str, int]
    checkpoint: Checkpoint | None = None
    archived: bool = False


class Reading(Protocol):
    """A moment of the store: what it shows does not change while it is held."""

    def read(
        self,
        table: str,
        where: Filter | None = None,
        ids: Collection[str] | None = None,
        names: Collection[str] | None = None,
    ) -> Iterator[Document]:
        """Yield the documents of `table`, oldest number first, that match `where` and have one of `ids`.

        With `names` (in the place of `ids`) those that have one of them as id or as external key; where one
        has it as id, another that has it as key may be left out. Asked for often in one moment, as by the
        lines of a batch, this costs no pass over the table each time.
        """
        ...

    def tally(self, table: str, field: str | None = None) -> Mapping[bytes, int] | None:
        """Count the documents of `table` by the JSON text they hold in `field`, b"" where they hold none.

        Without a field all count under b"". Texts may differ that mean one value, such as 1.0 and 1.00. None
        where a document cannot be read: reading them says which.
        """
        ...

    def get(self, table: str, number: int) -> bytes | None:
        """Return document `number` of `table`, None where there is none."""
        ...

    def tables(self) -> list[str]:
        """Name every table the store holds, sorted."""
        ...

    def mark(self, table: str, series: str) -> int:
        """Return the highest number given out in a series of `table`, 0 where none was."""
        ...


class Savepoint(Protocol):
    """A part of a transaction."""

    @property
    def changes(self) -> list[Change]:
        """What this part has changed so far: one change per document, from its state when the part began."""
        ...


class Transaction(Reading, Protocol):
    """A reading that can change; all of it is saved, or nothing."""

    def insert(self, table: str, raw: bytes, number: int | None = None) -> int:
        """Add a document and return its number; a `number` given must be free (undo puts documents back)."""
        ...

    def replace(self, table: str, number: int, raw: bytes) -> None:
        """Put `raw` in the place of document `number`, which must exist."""
        ...

    def remove(self, table: str, number: int) -> None:
        """Take document `number` out of `table`; its number is never used again."""
        ...

    def next_number(self, table: str, series: str) -> int:
        """Return the next number of `series`, never one that was given out before."""
        ...

    def reserve(self, table: str, series: str, number: int) -> None:
        """Keep `next_number` above `number`, which a user chose."""
        ...

    def savepoint(self) -> AbstractContextManager[Savepoint]:
        """Open a part of the transaction; when its block raises, it is as if it had never been."""
        ...

    origin: Origin
    """Who asks, when and why, as it will be written to the history; may be completed until then."""

    sequence: int | None
    """The history entry this was saved as; None before the commit, and when nothing had changed."""

    @property
    def changes(self) -> list[Change]:
        """What would be saved now: one change per document, from its first to its last state."""
        ...


Keep = Literal["", "file", "history"]
"""Which version of a document holds that another program and cskit both changed; "" refuses."""


class Adopted(NamedTuple):
    """A file that another program changed, and when: what differed from the history."""

    table: str
    changed: dt.datetime
    changes: list[Change]


class TableInfo(NamedTuple):
    """One table: its records, its file's size, the bytes of history it lacks, and what is odd about it."""

    table: str
    records: int
    bytes: int
    pending: int
    state: str


class StoreInfo(NamedTuple):
    """What a store holds; `strangers` are files that lie in it and are not its own."""

    entries: int
    bytes: int
    tables: list[TableInfo]
    strangers: Sequence[str] = ()


class Finding(NamedTuple):
    """Something that is not as it should be: which file, where, and what.

    Of a `mixed_up` folder no file alone is to blame; what another program has `edited` can be adopted.
    """

    file: str
    place: str
    what: str
    mixed_up: bool = False
    edited: bool = False


class Compacted(NamedTuple):
    """What `compact` did: its entry, its chain value and the one before, and how many entries it emptied.

    `strangers` are files of the folder that are not the store's; they may hold what the history held.
    """

    sequence: int
    head: str
    old_head: str
    entries: int
    strangers: list[str]


class Report(NamedTuple):
    """What `verify` checked: entries, documents by table, the last chain value, and what it found."""

    entries: int
    documents: dict[str, int]
    head: str
    findings: list[Finding]


class Store(Protocol):
    """A department's records, wherever they are kept."""

    def reading(self) -> Reading:
        """Return the present moment; commands that only read call this once.

        While a transaction of this store is open, it is the moment before: nobody waits for his own lock. The
        same holds for what else only reads, such as `history`.
        """
        ...

    def transaction(
        self, origin: Origin, check: Callable[[Transaction], None] | None = None
    ) -> AbstractContextManager[Transaction]:
        """Open a transaction; `check` runs before it is saved and may raise or change more.

        Raises `Conflict` when the lock is not had in time, at once where this store holds it already, and
        `StorageFailed` when nothing could be saved.
        """
        ...

    def rehearsal(self, origin: Origin) -> Transaction:
        """Return a transaction on the present moment that nothing ever saves: it locks and writes nothing."""
        ...

    def note(self, origin: Origin) -> int:
        """Write an entry that changes no document, and return its sequence; raises as `transaction` does."""
        ...

    def compact(self, origin: Origin) -> Compacted:
        """Make the history anew from what the tables hold now, without what earlier entries changed.

        Raises `Refused` where there is nothing to make anew, `StorageFailed` where the store is not whole.
        """
        ...

    def history(self) -> Iterator[Entry]:
        """Yield the committed transactions, newest first."""
        ...

    def changes_with(self, name: str) -> Iterator[tuple[Entry, list[Change]]]:
        """Yield the transactions, newest first, that may have changed a record with the id or key `name`."""
        ...

    def changes_of(self, sequence: int) -> tuple[Entry, list[Change]]:
        """Return one committed transaction with its documents; raises `NotFound`."""
        ...

    def touching(self, places: Collection[tuple[str, int]], since: int) -> Iterator[Entry]:
        """Yield the transactions after entry `since`, newest first, that changed one of some documents.

        `places` are tables and numbers.
        """
        ...

    def info(self) -> StoreInfo:
        """Return what the store holds, table by table."""
        ...

    def verify(self, head: str | None = None) -> Report:
        """Check everything; `head` is a chain value noted earlier, which must still be in the history.

        A checkpoint speaks for the head that it replaced.
        """
        ...

    def foreign(self, keep: Keep = "", tables: Collection[str] = ()) -> list[Adopted]:
        """Return what `adopt` would do; raises as it does."""
        ...

    def adopt(
        self, origin: Origin, keep: Keep = "", tables: Collection[str] = ()
    ) -> tuple[list[Adopted], int | None]:
        """Take over what other programs changed in `tables`, or in all; return it and the entry, if any.

        Raises `Conflict` where cskit changed a document as well, unless `keep` says which version holds.
        """
        ...

    def settle(self, origin: Origin | None = None) -> list[str]:
        """Bring what lags behind the history up to it; return the tables that did.

        With an `origin`, what other programs changed is taken over first.
        """
        ...
