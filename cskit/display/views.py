"""Records and rows as the user asked to see them: which fields, which format, on the screen or in a file.

Must not import click; `cskit.display.output` does the writing.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

import msgspec

from cskit import fieldnames, masking, preparing, records, register, stored, values
from cskit.display import output, pager
from cskit.display.output import Column
from cskit.errors import Usage
from cskit.fieldnames import Place
from cskit.i18n import _, label, mark, ngettext
from cskit.nouns import noun
from cskit.plugins.isolation import nearest
from cskit.records import Field, Record, masks
from cskit.store.protocol import Document

if TYPE_CHECKING:
    from cskit.app import App
    from cskit.declarations import RecordType

REVISION = "rev"
FORMATS = {name: name for name in ("csv", "tsv", "json", "jsonl", "md", "xlsx")}
"""The format a file's ending stands for."""
PEOPLE = ("table", "md")
"""The formats that show what people look at, not all there is."""
_RIGHT = {"integer", "decimal"}
_HIDDEN = ("schema",)
_BINARY = {
    "xlsx": mark("a workbook cannot be shown on a terminal"),
    "docx": mark("a Word document cannot be shown on a terminal"),
}
"""What is said of formats that are no text."""
_EMPTY: tuple[Any, ...] = (None, [], {})
_EXACT = (Decimal, dt.date, dt.datetime)

# --- which fields ------------------------------------------------------------------------------------------


def places(model: type[Record], names: Sequence[str], option: str) -> list[Place]:
    """Return the fields a user named in an option; raises `Usage` for one that there is not."""
    found = []
    for name in names:
        if name == REVISION:
            found.append(Place((REVISION,), Field(REVISION, str, "text", True, None, "Revision", "版本")))
            continue
        try:
            found.append(fieldnames.find(model, name))
        except ValueError as error:
            said = _("{option}: {name}: {fault}").format(option=option, name=name, fault=error)
            raise Usage(said) from None
    return found


def column(model: type[Record], place: Place) -> Column:
    """Return the output column of a field."""
    info, mask = place.info, masks.of_path(model, place.path)
    title = label(info.en, info.zh)
    return Column(
        place.name, title, "right" if info.kind in _RIGHT else "left", info.kind, mask, _choices(info)
    )


def _choices(info: Field) -> dict[str, str]:
    """Return what people see for each code of a choice: its title, where that is read as this code again."""
    codes = info.of if info.kind == "choice" else list(info.choices)
    seen = {code: label(code, info.choices.get(code, code)) for code in codes}
    times = Counter([*seen.values(), *(code for code, title in seen.items() if title != code)])
    return {code: title if times[title] == 1 else code for code, title in seen.items()}


def _places(app: App, record_type: RecordType, every: bool) -> list[Place]:
    model = app.model(record_type.table)
    if app.options.fields:
        return places(model, app.options.fields, "--fields")
    if not every and form(app) in PEOPLE:
        return places(model, record_type.columns, "columns")
    names = exported(model)
    return places(model, names[:-1] if form(app) == "table" else names, "--fields")


def exported(model: type[Record]) -> list[str]:
    """Return the names of all fields that files have, the revision last."""
    return [*(name for name in records.fields(model) if name not in _HIDDEN), REVISION]


def _rows(
    app: App, record_type: RecordType, documents: Iterable[Document], wanted: Sequence[Place]
) -> Iterator[dict[str, Any]]:
    """Yield each record's values by field, without those that hold nothing."""
    model = app.model(record_type.table)
    decode = stored.decoder(record_type.table, model)
    values = _values(model, wanted)
    revised = any(place.name == REVISION for place in wanted)
    for document in documents:
        found = values(decode(document))
        if revised:
            found[REVISION] = register.revision(document.raw)
        yield found


def _values(model: type[Record], wanted: Sequence[Place]) -> Callable[[Record], dict[str, Any]]:
    """Return what reads a record's values; of plain fields all that it holds, in a third of the time."""
    inside = [place for place in wanted if len(place.path) > 1]
    usual = {info.name: info.default for info in records.fields(model).values() if info.default not in _EMPTY}

    def values(record: Record) -> dict[str, Any]:
        found: dict[str, Any] = usual | msgspec.to_builtins(record, builtin_types=_EXACT)
        for place in inside:
            value = place.of(record)
            if value not in _EMPTY:
                found[place.name] = value
        return found

    return values


# --- writing -----------------------------------------------------------------------------------------------


class Look(NamedTuple):
    """How rows look in a file: "names" or "titles" as `headings`, and the text's `encoding`."""

    headings: str | None = None
    encoding: str | None = None


def look(app: App, headings: str | None, encoding: str | None) -> Look:
    """Return how rows are to look; raises `Usage` for what the format has no use for."""
    asked = form(app)
    if encoding is not None:
        if asked not in ("csv", "tsv"):
            said = _("--encoding is for csv and tsv; {format} is always UTF-8")
            raise Usage(said.format(format=asked), _("leave it out, or say -o csv"))
        from cskit.intake.encoding import check  # 5 ms of patterns, which no other option needs

        check(encoding)
    if headings is not None and asked not in ("csv", "tsv", "xlsx"):
        said = _("--headings is for csv, tsv and xlsx, not for {format}")
        raise Usage(said.format(format=asked), _("leave it out, or say -o csv"))
    return Look(headings, encoding)


def many(
    app: App,
    record_type: RecordType,
    documents: Iterable[Document],
    *,
    every: bool = False,
    look: Look = Look(),  # noqa: B008 - a value, never changed
) -> int:
    """Write records as rows, the usual columns or `every` field; return how many."""
    if app.rehearsed:  # a dry run shows what it would have changed instead
        return 0
    wanted = _places(app, record_type, every)
    found = _rows(app, record_type, documents, wanted)
    columns = _columns(app, record_type, wanted)
    if form(app) == "xlsx" or look.headings == "titles":
        columns = _headed(app.model(record_type.table), columns)
    return rows(app, found, columns, record_type.table, title=noun(record_type), look=look)


def _headed(model: type[Record], columns: Sequence[Column]) -> list[Column]:
    """Return columns whose titles an import takes for the same fields again: else they are the names."""
    titles = Counter(column.title for column in columns)
    found = []
    for column in columns:
        again = column.name == REVISION and titles[column.title] == 1
        with suppress(ValueError):
            again = again or fieldnames.find(model, column.title).name == column.name
        found.append(column if again else column._replace(title=column.name))
    return found


def one(app: App, record_type: RecordType, document: Document) -> None:
    """Write one record in full, a field a line in a table."""
    if app.rehearsed:  # a dry run shows what it would have changed instead
        return
    wanted = _places(app, record_type, True)
    columns = _columns(app, record_type, wanted)
    found = _rows(app, record_type, [document], wanted)
    (values,) = masking.shown(app, found, columns, record_type.table)
    with target(app) as out:
        output.record(values, columns, form(app), out, zone=app.zone, title=noun(record_type, 1))


def cards(app: App, record_type: RecordType, documents: Iterable[Document]) -> None:
    """Write some records in full, one below the other with an empty line between."""
    if app.rehearsed:  # a dry run shows what it would have changed instead
        return
    wanted = _places(app, record_type, True)
    columns = _columns(app, record_type, wanted)
    found = masking.shown(app, _rows(app, record_type, documents, wanted), columns, record_type.table)
    with target(app) as out:
        for place, values in enumerate(found):
            if place:
                out.write("\n")
            output.record(values, columns, "table", out, zone=app.zone)


def texts(app: App, record_type: RecordType, documents: Iterable[Document]) -> Iterator[dict[str, str]]:
    """Yield each record's fields as people may see them: titles for codes, personal data masked."""
    model = app.model(record_type.table)
    wanted = [place for place in places(model, exported(model), "columns") if place.name != REVISION]
    columns = _columns(app, record_type, wanted)
    for row in masking.shown(app, _rows(app, record_type, documents, wanted), columns, record_type.table):
        yield {each.name: values.text(each.shown(row.get(each.name)), app.zone) for each in columns}


def _columns(app: App, record_type: RecordType, wanted: Sequence[Place]) -> list[Column]:
    model = app.model(record_type.table)
    columns = [column(model, place) for place in wanted]
    if form(app) not in (*PEOPLE, "xlsx", "html", "docx"):
        return columns
    titles = preparing.titles(app, record_type)
    return [one._replace(choices=titles[one.name]) if one.name in titles else one for one in columns]


def rows(
    app: App,
    found: Iterable[Mapping[str, Any]],
    columns: Sequence[Column],
    table: str = "",
    *,
    title: str = "",
    look: Look = Look(),  # noqa: B008 - a value, never changed
) -> int:
    """Write rows as the global options say; return how many.

    `table` is what they are records of, `title` what a workbook's sheet is called.
    """
    found = masking.shown(app, found, columns, table)
    left_out: list[str] = []
    with target(app, look.encoding) as out:
        count = output.rows(
            found,
            columns,
            form(app),
            out,
            width=width() if out.isatty() else None,
            zone=app.zone,
            title=title or app.command,
            headings=look.headings,
            left_out=lambda columns: left_out.extend(column.name for column in columns),
        )
    if left_out:
        _tell_left_out(app, left_out)
    return count


def _tell_left_out(app: App, names: Sequence[str]) -> None:
    said = ngettext(
        "{count} column left out: {names}; --fields chooses, -o json shows all",
        "{count} columns left out: {names}; --fields chooses, -o json shows all",
        len(names),
    )
    app.echo(said.format(count=len(names), names=_(", ").join(names)))


def listing(app: App, found: Iterable[Mapping[str, Any]], columns: Sequence[Column], table: str = "") -> int:
    """Write rows that are no records, with the columns that --fields asks for; return how many.

    `table` is where the records are that they tell of, whose look the history notes with --reveal.
    """
    if app.rehearsed:  # a dry run shows what it would have changed instead
        return 0
    known = {column.name: column for column in columns}
    for name in app.options.fields:
        if name not in known:
            near = nearest(name, known)
            raise Usage(
                _("--fields: there is no field '{name}'").format(name=name),
                _("did you mean {name}?").format(name=near)
                if near
                else _("there are {names}").format(names=_(", ").join(known)),
            )
    return rows(app, found, [known[name] for name in app.options.fields] or columns, table)


def width() -> int:
    """Return the terminal's width; `shutil` would do, and load four compression libraries for it."""
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given) > 0:
        return int(given)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def figure(app: App, name: str, value: Any) -> None:
    """Write a single figure: bare, so that a script can take it as it is, or as an object with one key."""
    with target(app) as out:
        if form(app) == "table":
            out.write(f"{output.clean(value) if isinstance(value, str) else output.text(value, app.zone)}\n")
        else:
            output.record({name: value}, [Column(name, name.capitalize())], form(app), out, zone=app.zone)


def page(app: App, lines: Callable[[int | None], Iterable[str]]) -> None:
    """Write lines of text; `lines` is told how wide the terminal is, None where there is none."""
    with target(app) as out:
        out.writelines(f"{line}\n" for line in lines(width() if out.isatty() else None))


def document(app: App, text: str) -> None:
    """Write a text as it is, such as one in a format of the command's own."""
    with target(app) as out:
        out.write(text)


def whole(app: App, value: Any) -> None:
    """Write a value as JSON over several lines, whatever the format."""
    with target(app) as out:
        out.write(output.encode_json(value, indent=True) + "\n")


# --- where to ----------------------------------------------------------------------------------------------


def form(app: App) -> str:
    """Return the format asked for with --output, else what the ending of --out stands for.

    Raises `Usage` for an ending that stands for none: a table is no file's content; and for what is no text
    but would go to a terminal. So is a file of the data folder's own refused.
    """
    out, asked = app.options.out, app.options.output
    if out is not None and out != "-":
        from cskit.display.outfile import refuse_held

        refuse_held(out, app)
    if asked == "table" and out is not None:
        ending = os.path.splitext(out)[1]
        endings = FORMATS | {name: name for name in app.options.also}
        if ending and ending[1:].lower() not in endings:
            known = _(", ").join(f".{each}" for each in endings)
            raise Usage(
                _("--out: {ending} says no format").format(ending=ending),
                _("give a file that ends in {known}, or say -o csv").format(known=known),
            )
        asked = endings.get(ending[1:].lower(), "table")
    if asked in _BINARY and out in (None, "-") and sys.stdout.isatty():
        raise Usage(_(_BINARY[asked]), _("say --out FILE.{ending}").format(ending=asked))
    return asked


@contextmanager
def target(app: App, encoding: str | None = None) -> Iterator[TextIO]:
    """Yield standard output, or the file of --out, which takes its place only once it is whole."""
    name = app.options.out
    if app.rehearsed:  # what a dry run shows is what it would have changed
        yield io.TextIOWrapper(io.BytesIO(), "utf-8")
        return
    if encoding and name in (None, "-"):
        sys.stdout.flush()
        encoded = io.TextIOWrapper(sys.stdout.buffer, encoding, newline="")
        try:
            yield encoded
        finally:
            encoded.detach()  # which writes what is left, and leaves standard output open
        return
    if name is None or name == "-":
        with pager.screen(app, paged=form(app) == "table") as shown:
            yield shown
        return
    from cskit.display.outfile import replacing

    with replacing(name, form(app), encoding) as out:
        yield out
