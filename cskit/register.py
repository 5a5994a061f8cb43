"""What the record commands do: number, check, find, add, change and remove records. Must not import click."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import edits, records
from cskit.digests import blake2b
from cskit.errors import BadData, BadRows, Conflict, NotFound, Problem
from cskit.records import Record
from cskit.references import Named, Reference, References, pointing, resolve
from cskit.store.protocol import Change, Document, Filter, Reading, Transaction
from cskit.values import shown

if TYPE_CHECKING:
    from cskit.app import App
    from cskit.hookspecs import RecordType

_NAMED: Callable[[bytes], Named] = msgspec.json.Decoder(Named).decode
_SHOWN = 5  # so many records fit in one line of an error


# --- numbers and ids ---------------------------------------------------------------------------------------


def new_id(tx: Transaction, record_type: RecordType) -> str:
    """Return the next id of a record type, such as C-000042."""
    series = record_type.number.partition("{")[0].rstrip("-")
    return record_type.number.format(tx.next_number(record_type.table, series))


def keep_number(tx: Transaction, record_type: RecordType, own: str) -> None:
    """See to it that an id chosen by the user is never generated as well."""
    prefix = record_type.number.partition("{")[0]
    digits = own.removeprefix(prefix)
    if own.startswith(prefix) and digits.isascii() and digits.isdigit() and len(digits) < 18:
        tx.reserve(record_type.table, prefix.rstrip("-"), int(digits))


def check_id(own: str) -> str:
    """Return why `own` cannot be an id, "" if it can: ids are typed, piped and split at spaces and =."""
    if not own or len(own) > 64:
        return "an id has 1 to 64 characters"
    if own[0] in "-[{":  # an option, or JSON where ids are read from a pipe
        return f"an id may not begin with {own[0]}"
    if any(c in "=,;\"'\\" or c.isspace() or not c.isprintable() for c in own):
        return "an id may not hold spaces, quotes, commas, semicolons, = or \\"
    return ""


def id_of(document: Document) -> str:
    """Return the id in a stored document."""
    return _NAMED(document.raw).id


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
    built = records.build(app.model(record_type.table), {**found, "id": "-"})
    if isinstance(built, list):
        unread = {problem.column for problem in wrong}
        wrong += [problem for problem in built if problem.column not in unread]
    if wrong or isinstance(built, list):
        raise edits.refused(wrong)
    if own is not None:
        _refuse_taken(tx, record_type, own)
    return insert(tx, record_type, built, own or "")


def insert(tx: Transaction, record_type: RecordType, built: Record, own: str = "") -> Record:
    """Store a checked record under its `own` id, or a new one."""
    if own:
        keep_number(tx, record_type, own)
    record = msgspec.structs.replace(built, id=own or new_id(tx, record_type))
    tx.insert(record_type.table, edits.encode(record))
    return record


def _refuse_taken(tx: Transaction, record_type: RecordType, own: str) -> None:
    if any(True for _ in tx.read(record_type.table, ids=[own])):
        raise Conflict(
            f"{record_type.singular} {own} exists already", "leave out --id to get the next number"
        )


def refuse_twice(tx: Transaction, changes: Iterable[Change]) -> None:
    """Raise `Conflict` where an external key in `changes` would mean two records of a table.

    Looked at once before the commit, so that a thousand additions cost one pass over the table.
    """
    keys: dict[str, dict[str, int]] = {}
    for change in changes:
        key = _key(change.after)
        if key is None or key == _key(change.before):
            continue
        other = keys.setdefault(change.table, {}).setdefault(key, change.number)
        if other != change.number:
            raise _twice(tx, change.table, key, [other, change.number])
    for table, numbers in keys.items():
        for document in tx.read(table, where=_ByKey(numbers)):
            key = _key(document.raw)
            if key is not None and numbers[key] != document.number:
                raise _twice(tx, table, key, [document.number, numbers[key]])


def _key(raw: bytes | None) -> str | None:
    return _NAMED(raw).key if raw is not None and b'"key":' in raw else None


def _twice(tx: Transaction, table: str, key: str, numbers: Sequence[int]) -> Conflict:
    both = " and ".join(id_of(Document(number, tx.get(table, number) or b"{}")) for number in numbers)
    return Conflict(
        f"the external key {key} would mean two of {table}: {both}", "give one of them another key"
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
    model = app.model(record_type.table)
    wanted = _resolved(app, tx, model, wanted)
    done = Changes([], 0)
    problems: list[Problem] = []
    for document in list(documents):
        before = decode(model, document)
        try:
            after, raw = edits.apply(model, document.raw, wanted)
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
    app: App, tx: Transaction, model: type[Record], wanted: Sequence[edits.Edit]
) -> list[edits.Edit]:
    """Return the edits with ids in the place of what references name."""
    known, found, problems = References(app, tx), [], []
    for edit in wanted:
        values = {edit.path[0]: edit.value}
        if len(edit.path) == 1:
            problems += resolve(known, model, values)
        found.append(edit._replace(value=values[edit.path[0]]))
    if problems:
        raise edits.refused(problems)
    return found


def differences(before: Record, after: Record) -> Iterator[Changed]:
    """Yield the fields in which two states of one record differ; of groups and maps, the parts."""
    for name in after.__struct_fields__:
        old, new = getattr(before, name), getattr(after, name)
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
    """Remove records and return their ids; raises `Conflict` naming those that other records point to."""
    ids = []
    for document in list(documents):
        ids.append(id_of(document))
        tx.remove(record_type.table, document.number)
    what = f"remove {ids[0]}" if len(ids) == 1 else f"remove {len(ids)} {record_type.plural}"
    if ids:
        refuse_orphans(app, tx, record_type.table, set(ids), what)
    return ids


def refuse_orphans(app: App, reading: Reading, table: str, ids: Collection[str], what: str) -> None:
    """Raise `Conflict` when what is left points to one of `ids`, which are gone from `reading`."""
    app.plugins.refuse_missing(reading.tables())
    held = list(pointing(app, reading, table, ids))
    if not held:
        return
    shown = ", ".join(_pointer(app, one) for one in held[:_SHOWN])
    more = f" and {len(held) - _SHOWN} more" if len(held) > _SHOWN else ""
    raise Conflict(f"cannot {what}: {shown}{more} would point to nothing", _way_out(app, held))


def _pointer(app: App, one: Reference) -> str:
    return f"{app.record_type(one.table).singular} {one.id} ({one.field} {one.target})"


def _way_out(app: App, held: Sequence[Reference]) -> str:
    """Say how to find what points to something that is to go."""
    first = held[0]
    if {(one.table, one.field, one.target) for one in held} != {(first.table, first.field, first.target)}:
        return "change or remove those first"
    command = app.record_type(first.table).command
    return f"change or remove those first: cskit {command} list --where '{first.field} == \"{first.target}\"'"


# --- finding -----------------------------------------------------------------------------------------------


def decode(model: type[Record], document: Document) -> Any:
    """Return a stored document as its record type; raises `BadData` naming the field that does not fit."""
    try:
        return msgspec.json.decode(document.raw, type=model)
    except msgspec.MsgspecError as error:
        raise BadData(f"document {document.number} ({id_of(document)}) cannot be read: {error}") from None


def find(app: App, reading: Reading, record_type: RecordType, names: Sequence[str]) -> list[Document]:
    """Return the records that `names` (ids or external keys) mean, in that order, each once.

    Raises `NotFound` naming all that mean nothing.
    """
    wanted = list(dict.fromkeys(names))
    found = {id_of(document): document for document in reading.read(record_type.table, ids=wanted)}
    missing = [name for name in wanted if name not in found]
    if missing:
        for document in by_key(app, reading, record_type, missing):
            found[_NAMED(document.raw).key or ""] = document
        missing = [name for name in wanted if name not in found]
    if missing:
        shown = ", ".join(missing[:10]) + (f" and {len(missing) - 10} more" if len(missing) > 10 else "")
        raise NotFound(
            f"no {record_type.singular} {shown}", f"`cskit {record_type.command} list` shows those there are"
        )
    return list(dict.fromkeys(found[name] for name in wanted))


class _ByKey:
    """A store's filter for one or more external keys."""

    def __init__(self, keys: Collection[str]) -> None:
        self.model: type[msgspec.Struct] = Named
        self._keys = set(keys)
        named = msgspec.json.encode(*self._keys) if len(self._keys) == 1 else b""
        self.anchors: tuple[bytes, ...] = (b'"key":' + named,)

    def matches(self, document: Any) -> bool:
        return document.key in self._keys


def by_key(app: App, reading: Reading, record_type: RecordType, keys: Collection[str]) -> Iterator[Document]:
    """Yield the records that were imported under one of `keys`."""
    return reading.read(record_type.table, where=_ByKey(keys))


def select(
    app: App, reading: Reading, record_type: RecordType, names: Sequence[str], where: Filter | None
) -> list[Document]:
    """Return the records that `names` mean, or that match `where`, or (with neither) all."""
    if names:
        found = find(app, reading, record_type, names)
        if where is None:
            return found
        decoder = msgspec.json.Decoder(where.model)
        return [document for document in found if where.matches(decoder.decode(document.raw))]
    return list(reading.read(record_type.table, where=where))
