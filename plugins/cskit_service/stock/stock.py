"""The store room: what comes in, goes out, comes back and is counted; never below zero.

Every movement is numbered, and the stock of a part is the sum of its movements. Must not import click or a
store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import Refused, Usage, _, edits, register
from cskit.errors import Problem
from cskit.nouns import listed
from cskit.stored import decoder
from cskit.values import shown
from cskit_service.stock.model import MOVEMENTS, PARTS, Movement, MovementKind, SparePart

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Document, Reading, Transaction


def prepare(app: App, reading: Reading) -> Callable[[dict[str, Any], bool], list[Problem]]:
    """Return what checks the values of parts: no stock, minimum or price below zero."""

    def prepared(values: dict[str, Any], new: bool) -> list[Problem]:
        return list(below_zero(values, ("stock", "minimum", "cost", "price")))

    return prepared


def below_zero(values: Mapping[str, Any], names: Sequence[str]) -> Iterator[Problem]:
    """Yield a problem for each number below zero."""
    for name in names:
        value = values.get(name)
        if isinstance(value, Decimal) and value < 0:
            yield Problem(0, name, shown(value), _("cannot be below zero"))


class Wanted(NamedTuple):
    """So many of a part, by id or external key."""

    part: str
    quantity: Decimal


def read(words: Iterable[str]) -> list[Wanted]:
    """Return what words such as SP-0001=2 mean; a part alone is one of it. Raises `Usage`."""
    found = []
    for word in words:
        name, sign, number = word.partition("=")
        found.append(Wanted(name.strip(), amount(number) if sign else Decimal(1)))
        if not found[-1].part or found[-1].quantity <= 0:
            raise Usage(_("'{word}': expected a part and how many").format(word=word), _("such as SP-0001=2"))
    return found


def read_counted(words: Iterable[str]) -> list[Wanted]:
    """Return what was counted by words such as SP-0001=18, where nothing is an answer; raises `Usage`."""
    found = []
    for word in words:
        name, sign, number = word.partition("=")
        if not name.strip() or not sign:
            said = _("'{word}': expected a part and what was counted of it")
            raise Usage(said.format(word=word), _("such as SP-0001=18"))
        found.append(Wanted(name.strip(), amount(number)))
    return found


def amount(text: str) -> Decimal:
    """Return the quantity that a text means; raises `Usage`."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0:
        raise Usage(_("'{text}' is no quantity").format(text=text), _("such as 2 or 0.5"))
    return value


# --- movements ---------------------------------------------------------------------------------------------


def receive(app: App, tx: Transaction, wanted: Sequence[Wanted], *, why: str | None = None) -> list[Movement]:
    """Put parts into stock; raises `NotFound`."""
    return _move(app, tx, "receive", wanted, why=why)


def issue(
    app: App, tx: Transaction, wanted: Sequence[Wanted], *, job: str, why: str | None = None
) -> list[Movement]:
    """Take parts out of stock for a job, all of them or none.

    `job` is the id of the record they are for. Raises `NotFound`, and `Refused` naming every part of which
    there is too little.
    """
    return _move(app, tx, "issue", wanted, sign=-1, job=job, why=why)


def take_back(
    app: App, tx: Transaction, wanted: Sequence[Wanted], *, job: str, why: str | None = None
) -> list[Movement]:
    """Put parts back that a job did not need; raises `Refused` where it had fewer of them."""
    documents = _found(app, tx, wanted)
    out = _out_for(tx, job)
    short = []
    for own, quantity in _summed(documents, wanted).items():
        if out.get(own, Decimal(0)) < quantity:
            said = _("{part}: {quantity} cannot come back, {out} went to {job}")
            short.append(said.format(part=own, quantity=quantity, out=out.get(own, Decimal(0)), job=job))
    if short:
        raise Refused(short[0], "\n".join(short[1:]) or _("`cskit part movement list` shows what went out"))
    return _move(app, tx, "return", wanted, job=job, why=why)


def count(app: App, tx: Transaction, counted: Sequence[Wanted], *, why: str) -> list[Movement]:
    """Book what was counted: the difference to the stock is a movement with its reason; none, none."""
    documents = _found(app, tx, counted)
    decode, differences = decoder(PARTS, SparePart), []
    for own, quantity in _summed(documents, counted).items():
        difference = quantity - decode(documents[own]).stock
        if difference:
            differences.append(Wanted(own, difference))
    return _move(app, tx, "count", differences, why=why)


def _move(
    app: App,
    tx: Transaction,
    kind: MovementKind,
    wanted: Sequence[Wanted],
    *,
    sign: int = 1,
    job: str | None = None,
    why: str | None = None,
) -> list[Movement]:
    documents = _found(app, tx, wanted)
    decode, made = decoder(PARTS, SparePart), []
    held = {own: decode(document) for own, document in documents.items()}
    moved = {own: sign * quantity for own, quantity in _summed(documents, wanted).items()}
    _refuse_short(held, moved)
    for own, quantity in moved.items():
        after = msgspec.structs.replace(held[own], stock=held[own].stock + quantity)
        raw = edits.merge(after, msgspec.json.decode(documents[own].raw))
        tx.replace(PARTS, documents[own].number, raw)
        one = Movement(
            id="-",
            part=own,
            kind=kind,
            quantity=quantity,
            balance=after.stock,
            at=app.now,
            staff=app.staff or app.user,
            job=job,
            why=why,
        )
        noted = register.insert(tx, app.record_type(MOVEMENTS), one)
        assert isinstance(noted, Movement)  # noqa: S101 - what was inserted
        made.append(noted)
    return made


def _refuse_short(held: Mapping[str, SparePart], moved: Mapping[str, Decimal]) -> None:
    short = [own for own, quantity in moved.items() if held[own].stock + quantity < 0]
    if not short:
        return
    said = _("{part} ({name}): {stock} in stock, {wanted} wanted")
    told = [
        said.format(part=own, name=held[own].name, stock=held[own].stock, wanted=-moved[own]) for own in short
    ]
    raise Refused(told[0], "\n".join([*told[1:], _("`cskit part receive` puts parts into stock")]))


def _found(app: App, tx: Reading, wanted: Sequence[Wanted]) -> dict[str, Document]:
    if not wanted:
        return {}
    names = [one.part for one in wanted]
    return {register.id_of(one): one for one in register.find(app, tx, app.record_type(PARTS), names)}


def _summed(documents: Mapping[str, Document], wanted: Sequence[Wanted]) -> dict[str, Decimal]:
    """Return how many are wanted of each part by id; a part named twice counts together."""
    decode = decoder(PARTS, SparePart)
    own = {name: key for key, one in documents.items() for name in (key, decode(one).key) if name}
    found: dict[str, Decimal] = {}
    for one in wanted:
        found[own[one.part]] = found.get(own[one.part], Decimal(0)) + one.quantity
    return found


class _Out(msgspec.Struct, frozen=True, gc=False):
    part: str
    quantity: Decimal
    job: str | None = None


def _out_for(reading: Reading, job: str) -> dict[str, Decimal]:
    """Return what is out for a job, by part."""
    found: dict[str, Decimal] = {}
    for one in map(decoder(MOVEMENTS, _Out), reading.read(MOVEMENTS)):
        if one.job == job:
            found[one.part] = found.get(one.part, Decimal(0)) - one.quantity
    return found


# --- looking -----------------------------------------------------------------------------------------------


def parts(app: App, reading: Reading, names: Sequence[str]) -> dict[str, SparePart]:
    """Return parts by each of the names they were asked for."""
    found = map(decoder(PARTS, SparePart), register.find(app, reading, app.record_type(PARTS), names))
    by_name = {name: one for one in found for name in (one.id, one.key) if name}
    return {name: by_name[name] for name in names}


def below_minimum(reading: Reading) -> Iterator[SparePart]:
    """Yield the parts of which there is less than the minimum, from one pass over the table."""
    for one in map(decoder(PARTS, SparePart), reading.read(PARTS)):
        if one.minimum is not None and one.stock < one.minimum:
            yield one


def rows(found: Iterable[SparePart]) -> Iterator[dict[str, Any]]:
    """Yield a row for each part of which there is too little."""
    for one in sorted(found, key=lambda part: part.id):
        row: dict[str, Any] = {
            "id": one.id,
            "name": one.name,
            "stock": one.stock,
            "minimum": one.minimum,
            "missing": (one.minimum or Decimal(0)) - one.stock,
            "place": one.place,
            "supplier": one.supplier,
        }
        yield {name: value for name, value in row.items() if value is not None}


def moved(found: Sequence[Movement]) -> Iterator[dict[str, Any]]:
    """Yield a row for each movement."""
    for one in found:
        row: dict[str, Any] = {
            "id": one.id,
            "part": one.part,
            "kind": one.kind,
            "quantity": one.quantity,
            "balance": one.balance,
            "job": one.job,
        }
        yield {name: value for name, value in row.items() if value is not None}


# --- before it is saved ------------------------------------------------------------------------------------


def keep(app: App, tx: Transaction, parts: Mapping[str, tuple[Decimal, Decimal]], new: Iterable[str]) -> None:
    """See that stocks change by movements alone, and never fall below zero.

    `parts` is id → (what the stock changed by, what the movements come to), `new` are parts that were not
    there before: what they come in with is their first movement. Raises `Refused`.
    """
    wrong, fresh = [], set(new)
    for own, (changed, moved) in parts.items():
        if changed == moved:
            continue
        if own in fresh and moved == 0 and changed > 0:
            one = Movement(
                id="-",
                part=own,
                kind="opening",
                quantity=changed,
                balance=changed,
                at=app.now,
                staff=app.staff or app.user,
            )
            register.insert(tx, app.record_type(MOVEMENTS), one)
        else:
            wrong.append(own)
    if wrong:
        raise Refused(
            _("{parts}: a stock changes by its movements alone, and is never below zero").format(
                parts=listed(wrong)
            ),
            _("`cskit part receive`, `issue`, `return` or `stocktake` make them"),
        )
