"""What a plugin makes of a record that `add` made (`added`), and of rows that others wrote (`rows`)."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import pytest

from cskit import RecordType, Refused
from cskit.intake.tabular import Row
from cskit.records import Record, field
from cskit.testing import Result, department

Office = Callable[..., Result]


class Note(Record, kw_only=True, frozen=True):
    """A note, of which each that is typed has another beside it."""

    text: Annotated[str, field("Text", "内容", min_length=1)]


def added(app: Any, tx: Any, record: Note) -> list[str]:
    """Put a second note beside one that was typed; a bad one is refused."""
    if record.text == "bad":
        raise Refused("no such note")
    if record.text == "broken":
        raise ValueError("a fault of the plugin's own")
    tx.insert("notes", b'{"id":"beside-%s","text":"beside"}' % record.id.encode())
    return [f"beside-{record.id} was made"]


def rows(app: Any, reading: Any, found: Iterable[Row]) -> Iterator[Row]:
    """Know a file whose column is called `wort`."""
    for row in found:
        yield Row(row.line, {"text": row.cells["wort"]} if "wort" in row.cells else row.cells)


@pytest.fixture
def notes(tmp_path: Path, plugin: Callable[..., types.ModuleType], monkeypatch: pytest.MonkeyPatch) -> Office:
    """Return a `run` for an office with nothing but notes."""
    monkeypatch.setitem(sys.modules, "notes_of_a_test", sys.modules[__name__])
    noted = plugin(
        record_types=lambda: [
            RecordType(
                command="note",
                table="notes",
                model="notes_of_a_test:Note",
                number="N-{:03d}",
                singular="note",
                plural="notes",
                zh="便签",
                title="text",
                columns=("id", "text"),
                added="notes_of_a_test:added",
                rows="notes_of_a_test:rows",
            )
        ]
    )
    return department(tmp_path / "data", plugins={"notes": noted})


def test_what_belongs_to_it_is_saved_with_it(notes: Office) -> None:
    """It is said once all is saved; one entry of the history, one undo."""
    assert notes("note add a") == (
        0,
        "N-001\n",
        "note added; saved as 1 (`cskit undo` takes it back)\nbeside-N-001 was made\n",
    )
    assert notes("note count").stdout == "2\n"
    assert notes("undo --yes").exit_code == 0
    assert notes("note count").stdout == "0\n"


def test_a_batch_makes_it_as_well(notes: Office) -> None:
    """Each line of a batch makes what belongs to its record."""
    assert notes("batch -", input="note add a\nnote add b\n").exit_code == 0
    assert notes("note count").stdout == "4\n"


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("bad", 1, "cskit: no such note\n"),
        (
            "broken",
            6,
            "cskit: plugin notes cannot prepare the records of notes: ValueError: ",
        ),
    ],
)
def test_what_cannot_be_made_saves_nothing(notes: Office, text: str, code: int, said: str) -> None:
    """Where it is refused, or the plugin fails, the record is not there either."""
    done = notes(f"note add {text}")
    assert (done.exit_code, done.stdout) == (code, "")
    assert done.stderr.startswith(said)
    assert notes("note count").stdout == "0\n"


def test_no_import_makes_it(notes: Office) -> None:
    """Rows of a file are only themselves, and a plugin knows what others wrote."""
    done = notes("note import - --format csv", input="wort\na\nb\n")
    assert (done.exit_code, done.stderr.partition(";")[0]) == (0, "notes: 2 new, 0 changed, 0 unchanged")
    assert notes("note import - --format csv", input="text\nc\n").exit_code == 0
    assert notes("note count").stdout == "3\n"


def test_with_a_mapping_the_rows_are_as_they_are(notes: Office) -> None:
    """--map says itself where a column goes."""
    assert notes("note import - --format csv --map wort=text", input="wort\na\n").exit_code == 0
    assert notes("note list -o csv --fields text").stdout == "text\na\n"
