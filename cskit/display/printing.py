"""Sheets of paper in the format asked for, to where it is asked for. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cskit import preparing, stored
from cskit.display import views
from cskit.errors import Usage
from cskit.i18n import _

if TYPE_CHECKING:
    from cskit.app import App
    from cskit.declarations import RecordType
    from cskit.display.paper import Sheet
    from cskit.store.protocol import Document

FORMATS = ("html", "docx")
"""The formats that sheets have beside those of rows: a command that prints says that it `writes` them."""


def form(app: App, *others: str) -> str:
    """Return the format that sheets are asked for in, md where none is; `others` are the command's own.

    Raises `Usage` for a format of rows.
    """
    wanted = views.form(app)
    known = (*FORMATS, "md", *others)
    if wanted not in ("table", *known):
        raise Usage(
            _("this is a text, which cannot be written as {format}").format(format=wanted),
            _("say -o {known}, or nothing").format(known=_(", ").join(known)),
        )
    return "md" if wanted == "table" else wanted


def write(app: App, sheets: Sequence[Sheet]) -> None:
    """Write sheets as they are asked for; raises `Usage` for a format of rows."""
    wanted = form(app)
    if wanted == "docx":
        from cskit.display import paper_docx

        written = paper_docx.docx(sheets, app.now)
        with views.target(app) as out:
            out.flush()
            out.buffer.write(written)
    else:
        from cskit.display import paper

        views.document(app, paper.html(sheets) if wanted == "html" else paper.markdown(sheets))


def records(app: App, record_type: RecordType, documents: Sequence[Document]) -> None:
    """Write records as sheets, as their plugin lays them out."""
    if app.rehearsed:  # a dry run shows what it would have changed instead
        return
    decode = stored.decoder(record_type.table, app.model(record_type.table))
    seen = views.texts(app, record_type, documents)
    write(app, preparing.sheets(app, record_type, list(zip(map(decode, documents), seen, strict=True))))
