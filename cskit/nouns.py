"""Records as people count them: "1 customer, 2 orders", "3 条客户". Must not import click or a store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from cskit.i18n import _, label

if TYPE_CHECKING:
    from cskit.declarations import RecordType


def noun(record_type: RecordType, count: int = 2) -> str:
    """Return what so many records of a type are called: customer, customers, 客户."""
    return label(record_type.singular if count == 1 else record_type.plural, record_type.zh)


def one_record(record_type: RecordType, own: str) -> str:
    """Return what one record is called: customer C-000001, 客户 C-000001."""
    return _("{noun} {id}").format(noun=noun(record_type, 1), id=own)


def document_name(number: int, table: str) -> str:
    """Return what a document is called whose record is not known."""
    return _("document {number} of table {table}").format(number=number, table=table)


def counted(record_type: RecordType, count: int) -> str:
    """Return how many records of a type: 1 customer, 2 customers, 2 条客户."""
    return _("{count} {noun}").format(count=count, noun=noun(record_type, count))


def counted_all(record_types: Mapping[str, RecordType], counts: Mapping[str, int]) -> str:
    """Return how many records of which table: "2 customers, 1 order"; a table may have lost its plugin."""
    return listed(
        counted(record_types[table], count)
        if table in record_types
        else _("{count} of {table}").format(count=count, table=table)
        for table, count in counts.items()
    )


def shortened(parts: Sequence[str], most: int) -> str:
    """Return at most so many texts, and how many more there are."""
    shown = listed(parts[:most])
    if len(parts) <= most:
        return shown
    return _("{names} and {count} more").format(names=shown, count=len(parts) - most)


def joined(parts: Sequence[str]) -> str:
    """Return texts as a sentence names them: "a, b and c"."""
    if len(parts) < 2:
        return listed(parts)
    return _("{several} and {last}").format(several=listed(parts[:-1]), last=parts[-1])


def listed(parts: Iterable[str]) -> str:
    """Return texts one after the other, with what the user's language puts between them."""
    return _(", ").join(parts)
