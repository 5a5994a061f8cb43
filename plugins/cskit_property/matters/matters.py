"""Matters: opened, their steps taken in order, documents received; what they wait for, and what is late.

One engine for every procedure. Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from cskit import NotFound, Refused, Usage, _, edits, register
from cskit.nouns import listed
from cskit.stored import decoder
from cskit_property.matters import procedures
from cskit_property.matters.mattermodel import Floors, Matter, Paper, Taken
from cskit_property.matters.procedures import Named, Procedure, Step
from cskit_property.settlements.settlements import PROJECTS, actor

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Document, Reading, Transaction

TABLE = "property_matters"
SALES = "property_sales"


class Wanted(NamedTuple):
    """A matter that is to be opened, for a project or a sale by id or key."""

    procedure: str
    project: str | None = None
    sale: str | None = None
    title: str | None = None
    handler: str | None = None
    own: str | None = None
    opened: dt.date | None = None


def create(app: App, tx: Transaction, wanted: Wanted) -> Matter:
    """Open a matter inside `tx` and return it.

    Raises `Refused` where the same procedure runs for the same thing already.
    """
    if (wanted.project is None) == (wanted.sale is None):
        raise Usage(_("a matter is for a project or a sale"), _("give --project ID or --sale ID"))
    named = procedures.find(procedures.load(app), wanted.procedure)
    table, own = (PROJECTS, wanted.project) if wanted.project else (SALES, wanted.sale)
    (about,) = register.find(app, tx, app.record_type(table), [own or ""])
    thing = decoder(table, _About)(about)
    for held in _matters(tx):
        same = held.procedure == named.code and thing.id in (held.project, held.sale)
        if same and held.state != "cancelled":
            said = _("matter {id} ({procedure}) is for {about} already")
            raise Refused(said.format(id=held.id, procedure=named.procedure.label, about=thing.id))
    usual = _("{procedure}: {about}").format(procedure=named.procedure.label, about=thing.called)
    values = {
        "id": wanted.own,
        "procedure": named.code,
        "title": wanted.title or usual,
        "project": thing.id if table == PROJECTS else thing.project,
        "sale": thing.id if table == SALES else None,
        "handler": wanted.handler or app.staff,
        "opened": _not_to_come(app, wanted.opened),
        "rules": named.noted,
    }
    given = {name: value for name, value in values.items() if value is not None}
    made = register.create(app, tx, app.record_type(TABLE), given)
    assert isinstance(made, Matter)  # noqa: S101 - what the table's type says
    return made


class _About(msgspec.Struct, frozen=True, gc=False):
    """What a matter is for: a project has a name, a sale a room."""

    id: str
    name: str | None = None
    room: str | None = None
    project: str | None = None

    @property
    def called(self) -> str:
        return self.name or self.room or self.id


def _matters(reading: Reading) -> Iterator[Matter]:
    return map(decoder(TABLE, Matter), reading.read(TABLE))


def _not_to_come(app: App, day: dt.date | None) -> dt.date:
    if day is not None and day > app.today:
        raise Usage(_("{day} is still to come").format(day=day), _("note it on the day it happens"))
    return day or app.today


# --- taking steps ------------------------------------------------------------------------------------------


class Noted(NamedTuple):
    """What is noted of a step: on which day, documents that came with it, how far which building is."""

    date: dt.date | None = None
    documents: Sequence[str] = ()
    floors: Sequence[str] = ()
    note: str | None = None


def take(app: App, tx: Transaction, document: Document, name: str, noted: Noted) -> Matter:
    """Note that a step was taken, and return the matter, which is done when its last step is.

    Raises `Refused` naming the step or document that has to come first, or the building that is too low.
    """
    matter, named = _open_matter(app, document)
    step = named.procedure.step(name)
    had = {one.step: one for one in matter.taken}
    if step.code in had:
        said = _("matter {id}: {step} was done on {day}")
        raise Refused(said.format(id=matter.id, step=procedures.titles([step]), day=had[step.code].date))
    missing = [named.procedure.step(code) for code in step.needs if code not in had]
    if missing:
        said = _("matter {id}: before {step} comes {missing}")
        told = said.format(id=matter.id, step=procedures.titles([step]), missing=procedures.titles(missing))
        raise Refused(
            told,
            _("note that first: `cskit property matter step {id} {code}`").format(
                id=matter.id, code=missing[0].code
            ),
        )
    day = _not_to_come(app, noted.date)
    _refuse_before(matter, step, had, day)
    matter = _received(app, matter, named.procedure, noted.documents, day)
    _refuse_without_papers(matter, step)
    buildings = _built(app, tx, matter, step, noted.floors)
    taken = Taken(step=step.code, date=day, who=actor(app), at=app.now, note=noted.note)
    done = len(had) + 1 == len(named.procedure.steps)
    after = msgspec.structs.replace(
        matter,
        taken=[*matter.taken, taken],
        buildings=buildings or matter.buildings,
        state="done" if done else "open",
        ended=day if done else None,
    )
    return _replaced(tx, document, after)


def receive(
    app: App, tx: Transaction, document: Document, names: Sequence[str], day: dt.date | None
) -> Matter:
    """Note that documents have come in, by code or title, and return the matter."""
    matter, named = _open_matter(app, document)
    return _replaced(tx, document, _received(app, matter, named.procedure, names, _not_to_come(app, day)))


def cancel(app: App, tx: Transaction, document: Document, why: str) -> Matter:
    """Give a matter up, and return it."""
    matter, _named = _open_matter(app, document)
    after = msgspec.structs.replace(matter, state="cancelled", ended=app.today, why=why)
    return _replaced(tx, document, after)


def _open_matter(app: App, document: Document) -> tuple[Matter, Named]:
    matter = decoder(TABLE, Matter)(document)
    if matter.state != "open":
        said = _("matter {id} ended on {day}")
        raise Refused(said.format(id=matter.id, day=matter.ended))
    return matter, procedures.find(procedures.load(app), matter.procedure)


def _replaced(tx: Transaction, document: Document, after: Matter) -> Matter:
    tx.replace(TABLE, document.number, edits.merge(after, msgspec.json.decode(document.raw)))
    return after


def _refuse_before(matter: Matter, step: Step, had: Mapping[str, Taken], day: dt.date) -> None:
    earliest = max([matter.opened, *(had[code].date for code in step.needs)])
    if day < earliest:
        said = _("matter {id}: {step} on {day} is before {earliest}, when it could begin")
        raise Refused(said.format(id=matter.id, step=procedures.titles([step]), day=day, earliest=earliest))


def _received(app: App, matter: Matter, procedure: Procedure, names: Sequence[str], day: dt.date) -> Matter:
    known = procedure.papers()
    codes = {label: code for code, one in known.items() for label in (code, one.en, one.zh)}
    unknown = [name for name in names if name not in codes]
    if unknown:
        said = _("'{procedure}' needs no document '{name}'")
        hint = _("there are {names}").format(names=listed(known) or "-")
        raise NotFound(said.format(procedure=procedure.label, name=unknown[0]), hint)
    held = {one.document for one in matter.papers}
    new = [code for code in dict.fromkeys(codes[name] for name in names) if code not in held]
    papers = [Paper(document=code, date=day, who=actor(app)) for code in new]
    return msgspec.structs.replace(matter, papers=[*matter.papers, *papers])


def lacking(matter: Matter, step: Step) -> list[str]:
    """Return the documents that a step still lacks, as a sentence names them."""
    held = {one.document for one in matter.papers}
    return [
        _("{code} ({title})").format(code=one.code, title=one.label)
        for one in step.documents
        if one.code not in held
    ]


def _refuse_without_papers(matter: Matter, step: Step) -> None:
    missing = lacking(matter, step)
    if missing:
        said = _("matter {id}: {step} needs the document {names}")
        raise Refused(
            said.format(id=matter.id, step=procedures.titles([step]), names=listed(missing)),
            _("give it with --document CODE, or `cskit property matter receive`"),
        )


# --- floors ------------------------------------------------------------------------------------------------


class _Built(msgspec.Struct, frozen=True, gc=False):
    name: str
    floors: int
    built: int = 0


class _Buildings(msgspec.Struct, frozen=True, gc=False):
    buildings: tuple[_Built, ...] = ()


def _built(
    app: App, tx: Transaction, matter: Matter, step: Step, texts: Sequence[str]
) -> list[Floors] | None:
    """Return how far the buildings are, None where the step does not ask; refuse those that are too low.

    They are the project's; what is typed for one, NAME=BUILT/FLOORS, comes before what the project has.
    """
    if step.built_share is None:
        if texts:
            said = _("step {step} asks for no floors").format(step=procedures.titles([step]))
            raise Usage(said, _("leave out --floors"))
        return None
    found = {one.name: one for one in _of_project(tx, matter)}
    found |= {one.name: one for one in map(_floors, texts)}
    if not found:
        said = _("matter {id}: how far are the buildings?").format(id=matter.id)
        raise Refused(said, _("give --floors '1#=16/31' for each, or `cskit property project building`"))
    low = [
        _("{name} has {built} of {floors} floors and needs {needed}").format(
            name=one.name,
            built=one.built,
            floors=one.floors,
            needed=procedures.needed_floors(one.floors, step.built_share),
        )
        for one in found.values()
        if one.built < procedures.needed_floors(one.floors, step.built_share)
    ]
    if low:
        said = _("matter {id}: {step}: {low}")
        raise Refused(
            said.format(id=matter.id, step=procedures.titles([step]), low="; ".join(low)),
            _("each building has to be built that far"),
        )
    return list(found.values())


def _of_project(tx: Transaction, matter: Matter) -> Iterator[Floors]:
    decode = decoder(PROJECTS, _Buildings)
    for document in tx.read(PROJECTS, ids=[matter.project or ""]):
        for one in decode(document).buildings:
            yield Floors(name=one.name, built=one.built, floors=one.floors)


def _floors(text: str) -> Floors:
    name, equals, counts = text.rpartition("=")
    built, slash, floors = counts.partition("/")
    if not (name.strip() and equals and slash and built.strip().isdecimal() and floors.strip().isdecimal()):
        said = _("--floors '{text}': expected NAME=BUILT/FLOORS, such as 1#=16/31")
        raise Usage(said.format(text=text))
    found = Floors(name=name.strip(), built=int(built), floors=int(floors))
    if not 0 <= found.built <= found.floors or not found.floors:
        said = _("--floors '{text}': a building of {floors} floors cannot have {built}")
        raise Usage(said.format(text=text, floors=found.floors, built=found.built))
    return found
