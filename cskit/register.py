"""What the record commands do: number, check, find, add, change and remove records. Must not import click."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

import msgspec

from cskit import edits, masking, numbering, records, stored
from cskit.digests import blake2b
from cskit.errors import BadRows, Conflict, NotFound, Problem
from cskit.i18n import _
from cskit.nouns import noun, one_record, shortened
from cskit.preparing import preparer
from cskit.records import Record
from cskit.references import Named, References, resolve
from cskit.store.protocol import Document, Filter, Reading, Transaction
from cskit.values import shown

if TYPE_CHECKING:
    from cskit.app import App
    from cskit.declarations import RecordType

NAMED: Callable[[Document], Named] = stored.decoder("", Named)


# --- numbers and ids ---------------------------------------------------------------------------------------


def keep_number(tx: Transaction, record_type: RecordType, own: str) -> None:
    """See to it that an id chosen by the user is never generated as well."""
    found = numbering.read(record_type, own)
    if found is not None:
        tx.reserve(record_type.table, found.series, found.number)


def check_id(own: str) -> str:
    """Return why `own` cannot be an id, "" if it can: ids are typed, piped and split at spaces and =."""
    if not own or len(own) > 64:
        return _("an id has 1 to 64 characters")
    if own[0] in "-[{":  # an option, or JSON where ids are read from a pipe
        return _("an id may not begin with {character}").format(character=own[0])
    if any(c in "=,;\"'\\" or c.isspace() or not c.isprintable() for c in own):
        return _("an id may not hold spaces, quotes, commas, semicolons, = or \\")
    return ""


def id_of(document: Document) -> str:
    """Return the id in a stored document."""
    return NAMED(document).id


def revision(raw: bytes) -> str:
    """Return a short name for a document's exact content: it changes with any change, and back with undo."""
    return blake2b(raw, digest_size=6).hexdigest()


# --- adding ------------------------------------------------------------------------------------------------


def create(
    app: App,
    tx: Transaction,
    record_type: RecordType,
    values: Mapping[str, Any],
    problems: Sequence[Problem] = (),
) -> Record:
    """Add a record made of parsed `values`; an `id` among them is kept, else one is generated.

    `problems` are with values that could not even be parsed. Raises `BadRows` listing every value that does
    not fit, `Conflict` when the id or key is taken.
    """
    found = dict(values)
    own = found.get("id")
    wrong = list(problems)
    if own is not None and check_id(own):
        wrong.append(Problem(0, "id", shown(own), check_id(own)))
    wrong += resolve(References(app, tx), app.model(record_type.table), found)
    if record_type.holds is not None:
        found[record_type.holds.field] = record_type.holds.value
    wrong += preparer(app, tx, record_type)(found, True)
    wrong += masking.refused(app.model(record_type.table), found)
    built = records.build(app.model(record_type.table), {**found, "id": "-"})
    if isinstance(built, list):
        unread = {problem.column for problem in wrong}
        wrong += [problem for problem in built if problem.column not in unread]
    if wrong or isinstance(built, list):
        raise edits.refused(wrong)
    if own is not None:
        _refuse_taken(tx, record_type, own)
    return insert(tx, record_type, built, own or "", numbering.day_in(app, record_type, built))


def insert(
    tx: Transaction, record_type: RecordType, built: Record, own: str = "", day: dt.date | None = None
) -> Record:
    """Store a checked record under its `own` id, or a new one, which may have the record's `day` in it."""
    if own:
        keep_number(tx, record_type, own)
    record = msgspec.structs.replace(built, id=own or numbering.next_id(tx, record_type, day))
    place = tx.insert(record_type.table, edits.encode(record))
    # Where numbers and documents have gone in step, nobody else can have made a record of this id.
    number = numbering.read(record_type, record.id)
    in_step = number is not None and number.number == place
    if not own and not in_step and _skipped(tx, record_type, record.id, place):
        record = msgspec.structs.replace(built, id=numbering.next_id(tx, record_type, day))
        tx.replace(record_type.table, place, edits.encode(record))
    return record


def _skipped(tx: Transaction, record_type: RecordType, own: str, place: int) -> bool:
    """Tell whether a generated id is another record's name; the next one then is nobody's.

    Costs a short pass over the table for the first record of a transaction, a long one for the second, and
    nothing after that.
    """
    looked = _LOOKED.setdefault(tx, {})
    table = record_type.table
    looked[table] = looked.get(table, 0) + 1
    if looked[table] > 2:
        return False
    if looked[table] == 1 and all(one.number == place for one in tx.read(table, names=[own])):
        return False
    looked[table] = 2
    names = [NAMED(one) for one in tx.read(table) if one.number != place]
    taken = {name for named in names for name in (named.id, named.key) if name}
    for name in taken:
        keep_number(tx, record_type, name)
    return own in taken


_LOOKED: WeakKeyDictionary[Transaction, dict[str, int]] = WeakKeyDictionary()


@contextlib.contextmanager
def savepoint(tx: Transaction) -> Iterator[None]:
    """Take back what a block changes when it raises, and what was learned from numbers given out in it."""
    looked = dict(_LOOKED.get(tx, {}))
    try:
        with tx.savepoint():
            yield
    except BaseException:
        _LOOKED[tx] = looked
        raise


def _refuse_taken(tx: Transaction, record_type: RecordType, own: str) -> None:
    if any(True for _document in tx.read(record_type.table, ids=[own])):
        raise Conflict(
            _("{record} exists already").format(record=one_record(record_type, own)),
            _("leave out --id to get the next number"),
        )


# --- changing ----------------------------------------------------------------------------------------------


class Changed(NamedTuple):
    """One field of one record, or one part or key inside it, that a command changed."""

    id: str
    field: str
    before: Any
    after: Any


class Changes(NamedTuple):
    """What a command changed, field by field, in how many records."""

    rows: list[Changed]
    records: int


def change(
    app: App,
    tx: Transaction,
    record_type: RecordType,
    documents: Iterable[Document],
    wanted: Sequence[edits.Edit],
) -> Changes:
    """Make the same edits on some records and return what changed; the others are left as they are.

    Raises `BadRows` listing every record that the edits would make invalid.
    """
    resolved = _resolved(app, tx, record_type, wanted)
    return change_each(app, tx, record_type, [(document, resolved) for document in documents])


def change_each(
    app: App,
    tx: Transaction,
    record_type: RecordType,
    wanted: Iterable[tuple[Document, Sequence[edits.Edit]]],
) -> Changes:
    """Make edits, in which references are ids, on a record each; otherwise as `change` does."""
    model = app.model(record_type.table)
    decode = stored.decoder(record_type.table, model)
    done = Changes([], 0)
    problems: list[Problem] = []
    for document, asked in wanted:
        before = decode(document)
        try:
            after, raw = edits.apply(model, document.raw, asked)
        except BadRows as error:
            problems += [one._replace(column=f"{before.id} {one.column}") for one in error.problems]
            continue
        if after != before:
            tx.replace(record_type.table, document.number, raw)
            done.rows.extend(differences(before, after))
            done = done._replace(records=done.records + 1)
    if problems:
        raise edits.refused(problems)
    return done


def _resolved(
    app: App, tx: Transaction, record_type: RecordType, wanted: Sequence[edits.Edit]
) -> list[edits.Edit]:
    """Return the edits with ids in the place of what references name, and what the plugin makes of them."""
    known, found, problems = References(app, tx), [], []
    model, prepare = app.model(record_type.table), preparer(app, tx, record_type)
    for edit in wanted:
        values = {edit.path[0]: edit.value}
        if len(edit.path) == 1 and edit.value is not None:
            problems += resolve(known, model, values)
            problems += prepare(values, False)
        found.append(edit._replace(value=values[edit.path[0]]))
    if problems:
        raise edits.refused(problems)
    return found


def differences(before: Record, after: Record) -> Iterator[Changed]:
    """Yield the fields in which two states of one record differ; of groups and maps, the parts."""
    values = zip(msgspec.structs.astuple(before), msgspec.structs.astuple(after), strict=True)
    for name, (old, new) in zip(after.__struct_fields__, values, strict=True):
        if old == new:
            continue
        if isinstance(old, dict | msgspec.Struct) or isinstance(new, dict | msgspec.Struct):
            inside_old, inside_new = _inside(old), _inside(new)
            for part in dict.fromkeys([*inside_old, *inside_new]):
                if inside_old.get(part) != inside_new.get(part):
                    yield Changed(after.id, f"{name}.{part}", inside_old.get(part), inside_new.get(part))
        else:
            yield Changed(after.id, name, _held(old), _held(new))


def _inside(value: Any) -> dict[str, Any]:
    """Return what a group or map holds, by part or key."""
    found = msgspec.structs.asdict(value) if isinstance(value, msgspec.Struct) else dict(value or {})
    return {name: part for name, part in found.items() if _held(part) is not None}


def _held(value: Any) -> Any:
    return None if value == [] else value


# --- removing ----------------------------------------------------------------------------------------------


def remove(app: App, tx: Transaction, record_type: RecordType, documents: Iterable[Document]) -> list[str]:
    """Remove records and return their ids; the commit refuses it where other records point to them."""
    ids = []
    for document in list(documents):
        ids.append(id_of(document))
        tx.remove(record_type.table, document.number)
    return ids


# --- finding -----------------------------------------------------------------------------------------------


def find(app: App, reading: Reading, record_type: RecordType, names: Sequence[str]) -> list[Document]:
    """Return the records that `names` (ids or external keys) mean, in that order, each once.

    Raises `NotFound` naming all that mean nothing.
    """
    wanted = list(dict.fromkeys(names))
    holds = _holds(app, record_type)
    read = reading.read(record_type.table, names=wanted)
    called = [(NAMED(one), one) for one in read if holds(one)]
    found = {named.key: one for named, one in called if named.key} | {named.id: one for named, one in called}
    missing = [name for name in wanted if name not in found]
    if missing:
        raise NotFound(
            _("no {noun} {names}").format(noun=noun(record_type, 1), names=shortened(missing, 10)),
            _("`cskit {command} list` shows those there are").format(command=record_type.command),
        )
    return list(dict.fromkeys(found[name] for name in wanted))


def _holds(app: App, record_type: RecordType) -> Callable[[Document], bool]:
    """Return what tells whether a record is one of those that a narrower noun means."""
    holds = record_type.holds
    if holds is None:
        return lambda document: True
    decode = stored.decoder(record_type.table, app.model(record_type.table))
    return lambda document: bool(getattr(decode(document), holds.field) == holds.value)


def size(reading: Reading, record_type: RecordType, where: Filter | None) -> int:
    """Return how many records match; of all, the store knows without reading each."""
    texts = reading.tally(record_type.table) if where is None else None
    if texts is not None:
        return sum(texts.values())
    return sum(1 for _one in reading.read(record_type.table, where=where))


def select(
    app: App, reading: Reading, record_type: RecordType, names: Sequence[str], where: Filter | None
) -> list[Document]:
    """Return the records that `names` mean, or that match `where`, or (with neither) all."""
    if names:
        found = find(app, reading, record_type, names)
        if where is None:
            return found
        decode = stored.decoder(record_type.table, where.model)
        return [document for document in found if where.matches(decode(document))]
    return list(reading.read(record_type.table, where=where))
