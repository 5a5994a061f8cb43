"""What other programs wrote, brought in on purpose: changed table files, and TinyDB files from elsewhere.

Must not import click.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from cskit import fitting, numbering, register, stored
from cskit.errors import BadData, BadRows, Diverged, Diverging, NotFound, Problem, Usage
from cskit.i18n import _, ngettext
from cskit.intake.tabular import read_source
from cskit.store import foreign
from cskit.store.protocol import Adopted, Document, Keep, Transaction

if TYPE_CHECKING:
    from cskit.app import App
    from cskit.declarations import RecordType


def sort_out(app: App, names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return which names are tables of the data folder, and which are files from elsewhere.

    A file of the data folder means its table. Raises `Usage` where both kinds are named.
    """
    tables, files = [], []
    home = os.path.realpath(app.folder)
    for name in names:
        if not name.endswith(".json") and os.sep not in name:
            tables.append(name)
        elif os.path.dirname(os.path.realpath(name)) == home:
            tables.append(os.path.basename(name).removesuffix(".json"))
        else:
            files.append(name)
    if tables and files:
        raise Usage(
            _("{table} is in the data folder, {file} is not").format(table=tables[0], file=files[0]),
            _("adopt either at a time"),
        )
    return tables, files


def in_folder(
    app: App, tables: Sequence[str], keep: Keep, reason: str | None
) -> tuple[list[Adopted], int | None]:
    """Take over what other programs changed in the data folder; a dry run only tells what that is.

    Returns it and the entry, if anything was saved; says what in it is no record. Raises `NotFound` for a
    table without such a file, and `Diverged` for a document that cskit has changed as well, unless `keep`
    says which version holds.
    """
    if app.options.dry_run:
        found, sequence = app.store.foreign(keep, tables), None
    else:
        found, sequence = app.store.adopt(app.origin(reason), keep, tables)
    for one in found:
        made = (Document(change.number, change.after) for change in one.changes if change.after is not None)
        for finding in fitting.of_table(app, one.table, made):
            app.warn(finding.what)
    missing = sorted(set(tables) - {one.table for one in found})
    if missing and sequence is None:
        raise NotFound(
            _("no other program changed the file of {tables}").format(tables=_(", ").join(missing)),
            _("`cskit data info` lists the tables, and which were changed"),
        )
    app.saved = sequence if sequence is not None else app.saved
    return found, sequence


# --- files from elsewhere ----------------------------------------------------------------------------------


class Brought(NamedTuple):
    """How many documents of files from elsewhere are new, changed, the same, or left as cskit has them."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: int = 0


class Incoming(NamedTuple):
    """A document from elsewhere: its id, "" where it is to get one, and the day that is then in it."""

    own: str
    document: dict[str, Any]
    day: dt.date | None


def bring_in(app: App, tx: Transaction, files: Sequence[str], table: str | None, keep: Keep) -> Brought:
    """Put the documents of TinyDB files into their tables, those of the default table into `table`.

    A document with the id of a record is that record; one without an id gets the next. Raises `BadRows`
    listing all that fit no record type, `Diverged` where records differ and `keep` does not say which holds.
    """
    done, problems, both = Brought(), list[Problem](), list[Diverging]()
    for name, held in _tables(app, files, table):
        record_type = app.record_type(name)
        wanted, wrong = _fitting(app, record_type, held)
        problems += wrong
        if not problems:
            one, differing = _put(tx, record_type, wanted, keep)
            done = Brought(*map(sum, zip(done, one, strict=True)))
            both += differing
    if problems:
        raise BadRows(problems)
    if both:
        said = ngettext(
            "{count} document differs from the record of its id",
            "{count} documents differ from the records of their ids",
            len(both),
        )
        raise Diverged(
            said.format(count=len(both)),
            _("--keep file takes what the file holds, --keep history leaves the records as they are"),
            both,
        )
    return done


def _tables(app: App, files: Sequence[str], table: str | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the tables in files, by name."""
    for path in files:
        data, name = read_source(path)
        for found, held in foreign.tables(name, data).items():
            if found == foreign.OWN or not held:
                continue
            into = table if found == "_default" or table else found
            if into is None:
                raise Usage(
                    _("{file} holds a table without a name").format(file=name),
                    _("--table TABLE says which records they are"),
                )
            yield into, held


def _fitting(app: App, record_type: RecordType, held: dict[str, Any]) -> tuple[list[Incoming], list[Problem]]:
    """Return the documents with their ids, "" where they have none, and what is wrong with any."""
    decode = stored.decoder(record_type.table, app.model(record_type.table))
    found, problems = [], []
    for key, document in held.items():
        day = None
        own = document.get("id", "")
        why = register.check_id(own) if isinstance(own, str) and own else ""
        try:
            record = decode(Document(0, foreign.encoded({"id": "-", **document})))
            day = None if own else numbering.day_in(app, record_type, record)
        except BadData as error:
            why = error.message.rpartition(": ")[2]
        if why:
            problems.append(Problem(0, _("document {number}").format(number=key), str(own), why))
        found.append(Incoming(own, document, day))
    return found, problems


def _put(
    tx: Transaction, record_type: RecordType, wanted: Sequence[Incoming], keep: Keep
) -> tuple[Brought, list[Diverging]]:
    table = record_type.table
    held = {
        register.id_of(one): one for one in tx.read(table, ids=[own for own, _one, _day in wanted if own])
    }
    new, changed, unchanged, kept = 0, 0, 0, 0
    both = []
    for own, document, day in wanted:
        before = held.get(own)
        name = own or numbering.next_id(tx, record_type, day)
        raw = foreign.encoded({"id": name, **{key: v for key, v in document.items() if key != "id"}})
        if before is None:
            register.keep_number(tx, record_type, name)
            tx.insert(table, raw)
            new += 1
        elif foreign.same(before.raw, raw):
            unchanged += 1
        elif keep == "history":
            kept += 1
        elif keep == "file":
            tx.replace(table, before.number, raw)
            changed += 1
        else:
            both.append(Diverging(table, before.number, raw, before.raw))
    return Brought(new, changed, unchanged, kept), both
