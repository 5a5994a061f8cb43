"""The commands list, show and count of a record type."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import click

from cskit import register
from cskit.app import App, pass_app
from cskit.crud.choosing import IDS, condition, names_in, where_option
from cskit.declarations import RecordType
from cskit.display import arranging, printing, views
from cskit.display.output import Column
from cskit.errors import NotFound, Usage
from cskit.fieldnames import Place
from cskit.i18n import _
from cskit.nouns import noun
from cskit.plugins.contributions import verbs_of
from cskit.records import Record
from cskit.store.protocol import Document
from cskit.terminal.options import writes


def list_(record_type: RecordType) -> click.Command:
    """Return the command that lists records."""

    @click.command("list")
    @IDS
    @where_option(record_type)
    @click.option("--sort", metavar="FIELD", help="Sort by a field; -FIELD for the highest first.")
    @click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most so many.")
    @click.option("--fail-empty", is_flag=True, help="Exit with 3 when nothing is found.")
    @pass_app
    def command(
        app: App,
        ids: tuple[str, ...],
        where: str | None,
        sort: str | None,
        limit: int | None,
        fail_empty: bool,
    ) -> None:
        found = _sorted(app, record_type, documents(app, record_type, ids, where), sort)
        count = views.many(app, record_type, itertools.islice(found, limit))
        if not count:
            _nothing(app, record_type, chosen=bool(where or ids), fail=fail_empty)

    return command


def documents(
    app: App, record_type: RecordType, ids: tuple[str, ...], where: str | None
) -> Iterable[Document]:
    """Return the records that a reading command means, one after the other where they need no order."""
    names = names_in(ids)
    if not ids:
        return app.reading().read(record_type.table, where=condition(app, record_type, where))
    wanted = condition(app, record_type, where)
    return register.select(app, app.reading(), record_type, names, wanted) if names else []


def _sorted(
    app: App, record_type: RecordType, found: Iterable[Document], sort: str | None
) -> Iterable[Document]:
    if sort is None:
        return found
    model = app.model(record_type.table)
    (place,) = views.places(model, [sort.removeprefix("-")], "--sort")
    if place.name == views.REVISION or place.info.kind in ("list", "map", "struct"):
        raise Usage(
            _("--sort: {name} has no order").format(name=place.name),
            _("sort by a field that holds one value"),
        )
    return arranging.in_order(record_type.table, model, found, place, sort.startswith("-"))


def _nothing(app: App, record_type: RecordType, *, chosen: bool, fail: bool) -> None:
    said = _("no {records} found") if chosen else _("there are no {records} yet")
    if not chosen and not fail and "add" in verbs_of(record_type):
        said = _("there are no {records} yet; `cskit {command} add` makes the first")
    said = said.format(records=noun(record_type), command=record_type.command)
    if fail:
        raise NotFound(said)
    app.echo(said)


def show(record_type: RecordType) -> click.Command:
    """Return the command that shows records in full."""

    @click.command("show")
    @click.argument("ids", nargs=-1, required=True, metavar="ID...")
    @pass_app
    def command(app: App, ids: tuple[str, ...]) -> None:
        found = register.find(app, app.reading(), record_type, names_in(ids))
        if views.form(app) in printing.FORMATS:
            printing.records(app, record_type, found)
        elif views.form(app) == "table":
            views.cards(app, record_type, found)
        elif len(found) == 1 and ids != ("-",):
            views.one(app, record_type, found[0])
        else:
            views.many(app, record_type, found, every=True)

    return writes(*printing.FORMATS)(command) if record_type.sheets else command


def count(record_type: RecordType) -> click.Command:
    """Return the command that counts records."""

    @click.command("count")
    @where_option(record_type)
    @click.option(
        "--by",
        metavar="FIELD[,FIELD]",
        help="Count for each value of these fields, a list once for each of its elements.",
    )
    @pass_app
    def command(app: App, where: str | None, by: str | None) -> None:
        wanted = condition(app, record_type, where)
        if by is None:
            views.figure(app, "count", register.size(app.reading(), record_type, wanted))
            return
        model = app.model(record_type.table)
        places = _groups(model, by)
        counts = arranging.groups(app.reading(), record_type.table, model, wanted, places)
        columns = [views.column(model, place) for place in places]
        views.rows(app, counts, [*columns, Column("count", "Count", "right", "integer")], record_type.table)

    return command


def _groups(model: type[Record], by: str) -> list[Place]:
    names = [name.strip() for name in by.split(",")]
    places = views.places(model, names, "--by") if all(names) else []
    found = {place.name for place in places} - {views.REVISION}
    if len(found) < len(names):
        raise Usage(
            _("--by: '{names}' does not name fields").format(names=by),
            _("write them with commas between, each once"),
        )
    return places


VERBS = {"list": list_, "show": show, "count": count}
