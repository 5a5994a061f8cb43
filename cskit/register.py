"""What the record commands do: number, check, find, add, change and remove records. Must not import click."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import edits, records
from cskit.errors import BadData, BadRows, Conflict, NotFound, Problem
from cskit.records import Field, Record
from cskit.store.protocol import Change, Document, Filter, Reading, Transaction

if TYPE_CHECKING:
    from cskit.app import App
    from cskit.hookspecs import RecordType


class Reference(NamedTuple):
    """A record that points to another: `id` of `table` names `target` in its `field`."""

    table: str
    id: str
    field: str
    target: str


class Changed(NamedTuple):
    """One field of one record that a command changed."""

    id: str
    field: str
    before: Any
    after: Any


class _Named(msgspec.Struct):
    id: str = ""
    key: str | None = None


# --- numbers and checks ------------------------------------------------------------------------------------


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
    if own.startswith("-") or any(c in "=,;\"'\\" or c.isspace() or not c.isprintable() for c in own):
        return "an id may not begin with - or hold spaces, quotes, commas or ="
    return ""


class References:
    """Looks up what reference fields name, by id or external key, reading each table once."""

    def __init__(self, app: App, reading: Reading) -> None:
        self._app, self._reading = app, reading
        self._names: dict[str, dict[str, str]] = {}

    def resolve(self, info: Field, name: str) -> str | None:
        """Return the id of the record that `name` means, None if there is none."""
        return self._known(info.ref).get(name)

    def add(self, table: str, name: str, own: str) -> None:
        """Remember a record that was just made."""
        self._known(table)[name] = own

    def _known(self, table: str) -> dict[str, str]:
        if table not in self._names:
            decode = msgspec.json.Decoder(_Named).decode
            found = [decode(document.raw) for document in self._reading.read(table)]
            self._names[table] = {named.key: named.id for named in found if named.key}
            self._names[table] |= {named.id: named.id for named in found}
        return self._names[table]

    def one(self, info: Field, name: str) -> str | None:
        """Resolve a single name without reading the whole table where it is an id."""
        if info.ref in self._names:
            return self.resolve(info, name)
        for document in self._reading.read(info.ref, ids=[name]):
            return msgspec.json.decode(document.raw, type=_Named).id
        return self.resolve(info, name)


def resolve(known: References, model: type[Record], values: dict[str, Any], line: int = 0) -> list[Problem]:
    """Put ids in the place of what the reference fields of `values` name; return those that name nothing."""
    problems = []
    for name, info in records.fields(model).items():
        if info.ref and isinstance(values.get(name), str):
            found = known.one(info, values[name])
            if found is None:
                said = f"{info.ref} has no record with this id or external key"
                problems.append(Problem(line, name, values[name], said))
            else:
                values[name] = found
    return problems


# --- adding, changing, removing ----------------------------------------------------------------------------


def create(app: App, tx: Transaction, record_type: RecordType, values: Mapping[str, Any]) -> Record:
    """Add a record made of parsed `values`; an `id` among them is kept, else one is generated.

    Raises `BadRows` listing every value that does not fit, `Conflict` when the id or key is taken.
    """
    model = app.model(record_type.table)
    found = dict(values)
    own = found.get("id") or ""
    if own:
        _refuse_taken(tx, record_type, own)
    problems = resolve(References(app, tx), model, found)
    built = records.build(model, {"id": "-", **found})
    if isinstance(built, list):
        problems = built + problems
    if own and check_id(own):
        problems.append(Problem(0, "id", own, check_id(own)))
    if problems or isinstance(built, list):
        raise BadRows(problems)
    return insert(tx, record_type, built, own)


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
    return msgspec.json.decode(raw, type=_Named).key if raw is not None and b'"key":' in raw else None


def _twice(tx: Transaction, table: str, key: str, numbers: Sequence[int]) -> Conflict:
    both = " and ".join(id_of(Document(number, tx.get(table, number) or b"{}")) for number in numbers)
    return Conflict(
        f"the external key {key} would mean two of {table}: {both}", "give one of them another key"
    )


def change(
    app: App, tx: Transaction, record_type: RecordType, documents: Iterable[Document], texts: Sequence[str]
) -> list[Changed]:
    """Make the same edits on some records; return what changed, field by field. Unchanged ones are left."""
    model = app.model(record_type.table)
    wanted = edits.parse(model, texts, app.zone)
    wanted, problems = _resolved(app, tx, model, wanted)
    if problems:
        raise BadRows(problems)
    done: list[Changed] = []
    for document in list(documents):
        before = decode(model, document)
        after, raw = edits.apply(model, document.raw, wanted)
        if raw != document.raw:
            tx.replace(record_type.table, document.number, raw)
            done += differences(before, after)
    return done


def _resolved(
    app: App, tx: Transaction, model: type[Record], wanted: list[edits.Edit]
) -> tuple[list[edits.Edit], list[Problem]]:
    known, found, problems = References(app, tx), [], []
    for edit in wanted:
        values = {edit.path[0]: edit.value}
        problems += resolve(known, model, values)
        found.append(edit._replace(value=values[edit.path[0]]))
    return found, problems


def differences(before: Record, after: Record) -> list[Changed]:
    """Return the fields in which two states of one record differ."""
    return [
        Changed(after.id, name, getattr(before, name), getattr(after, name))
        for name in after.__struct_fields__
        if getattr(before, name) != getattr(after, name)
    ]


def remove(app: App, tx: Transaction, record_type: RecordType, documents: Iterable[Document]) -> int:
    """Remove records; raises `Conflict` naming those that other records point to."""
    found = list(documents)
    ids = {id_of(document) for document in found}
    for document in found:
        tx.remove(record_type.table, document.number)
    refuse_orphans(app, tx, record_type.table, ids, f"remove {'them' if len(ids) > 1 else 'it'}")
    return len(found)


def refuse_orphans(app: App, reading: Reading, table: str, ids: Collection[str], what: str) -> None:
    """Raise `Conflict` when what is left points to one of `ids`, which are gone from `reading`."""
    app.plugins.refuse_missing(reading.tables())
    held = list(references(app, reading, table, ids))
    if held:
        shown = ", ".join(f"{one.table} {one.id} ({one.field} {one.target})" for one in held[:5])
        more = f" and {len(held) - 5} more" if len(held) > 5 else ""
        raise Conflict(f"cannot {what}: {shown}{more} would point to nothing", "change or remove those first")


def references(app: App, reading: Reading, table: str, ids: Collection[str]) -> Iterator[Reference]:
    """Yield every record that names one of `ids` of `table` in a reference field."""
    for record_type in app.plugins.record_types.values():
        named = [
            info.name for info in records.fields(app.model(record_type.table)).values() if info.ref == table
        ]
        if not named:
            continue
        small = msgspec.defstruct(
            "_Pointing", [("id", str, ""), *((name, str | None, None) for name in named)]
        )
        pointing: Callable[[bytes], Any] = msgspec.json.Decoder(small).decode
        for document in reading.read(record_type.table):
            found = pointing(document.raw)
            for name in named:
                if getattr(found, name) in ids:
                    yield Reference(record_type.table, found.id, name, getattr(found, name))


# --- finding -----------------------------------------------------------------------------------------------


def decode(model: type[Record], document: Document) -> Any:
    """Return a stored document as its record type; raises `BadData` naming the field that does not fit."""
    try:
        return msgspec.json.decode(document.raw, type=model)
    except msgspec.MsgspecError as error:
        raise BadData(f"document {document.number} ({id_of(document)}) cannot be read: {error}") from None


def id_of(document: Document) -> str:
    """Return the id in a stored document."""
    return msgspec.json.decode(document.raw, type=_Named).id


def revision(raw: bytes) -> str:
    """Return a short name for a document's exact content: it changes with any change, and back with undo."""
    import hashlib

    return hashlib.blake2b(raw, digest_size=6).hexdigest()


def find(app: App, reading: Reading, record_type: RecordType, names: Sequence[str]) -> list[Document]:
    """Return the records that `names` (ids or external keys) mean, in that order, each once.

    Raises `NotFound` naming all that mean nothing.
    """
    wanted = list(dict.fromkeys(names))
    found = {id_of(document): document for document in reading.read(record_type.table, ids=wanted)}
    missing = [name for name in wanted if name not in found]
    if missing:
        for document in by_key(app, reading, record_type, missing):
            found[msgspec.json.decode(document.raw, type=_Named).key or ""] = document
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
        self.model: type[msgspec.Struct] = _Named
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


def counted(model: type[Record], documents: Iterable[Document], names: Sequence[str]) -> list[dict[str, Any]]:
    """Count records by the values of some fields, the commonest first; nothing counts as a value too."""
    tops = dict.fromkeys(name.partition(".")[0] for name in names)
    known = records.fields(model)
    small = msgspec.defstruct(
        "_Counted", [(name, known[name].type, known[name].default) for name in tops], kw_only=True
    )
    decode: Callable[[bytes], Any] = msgspec.json.Decoder(small).decode
    counts: dict[tuple[Any, ...], int] = {}
    for document in documents:
        found = decode(document.raw)
        group = tuple(_hashable(value_at(found, name)) for name in names)
        counts[group] = counts.get(group, 0) + 1
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], [str(part) for part in pair[0]]))
    return [{**dict(zip(names, group, strict=True)), "count": count} for group, count in ordered]


def value_at(record: Any, name: str) -> Any:
    """Return a field of a record, or the part or key inside it that a dotted name means."""
    first, _, rest = name.partition(".")
    outer = getattr(record, first)
    if not rest:
        return outer
    return outer.get(rest) if isinstance(outer, dict) else getattr(outer, rest, None)


def _hashable(value: Any) -> Any:
    return value if not isinstance(value, list | dict) else msgspec.json.encode(value).decode()
