"""Whether stored documents are the records that their plugins work with. Must not import click.

A store knows JSON and no record types: what another program wrote is whole to it, and may still be no record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cskit import migrations, stored
from cskit.errors import BadData
from cskit.store.protocol import Document, Finding, Reading

if TYPE_CHECKING:
    from cskit.app import App


def misfits(app: App, reading: Reading) -> Iterator[Finding]:
    """Yield every document that is no record of its table's type, of those tables whose plugin is here."""
    for table in reading.tables():
        yield from of_table(app, table, reading.read(table))


def of_table(app: App, table: str, documents: Iterable[Document]) -> Iterator[Finding]:
    """Yield the documents that are no records of a table; those of an older form wait to be migrated."""
    if table not in app.plugins.record_types:
        return
    decode = stored.decoder(table, app.model(table))
    for document in documents:
        try:
            decode(document)
        except BadData as error:
            if migrations.newest(app, table, document.raw):
                yield Finding(f"{table}.json", "", error.message)
