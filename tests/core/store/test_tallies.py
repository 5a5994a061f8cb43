"""Counting by a field from the bytes of a table's file: the same as reading every document, always."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cskit.store import lines
from cskit.store.folder import open_store
from cskit.store.protocol import Origin, Reading

ORIGIN = Origin(time=dt.datetime(2026, 11, 22, tzinfo=dt.UTC), user="zhang", command="x")
TEXTS = st.sampled_from(["华东", "华", "东", "", 'a"b', "\\", 'x\\"region', "{", "region", "1", "12"])
PLAIN = st.one_of(TEXTS, st.integers(-2, 12), st.booleans(), st.none())
VALUES = st.one_of(PLAIN, st.lists(PLAIN, max_size=2), st.dictionaries(TEXTS, PLAIN, max_size=2))
TRAPS = {
    "a name inside a group": [{"x": {"region": "华东"}}, {"region": "华东"}] * 9,
    "a number in a longer one": [{"region": 1}] * 9 + [{"region": 12}] * 9,
    "a name at the end of another": [{'a"region': "华东"}, {"region": "华东"}] * 9,
    "a name as a text": [{"x": '"region":"华东"'}, {"region": "华东"}] * 9,
    "many values": [{"region": str(number)} for number in range(40)],
    "lists": [{"region": ["华东", "{"]}, {"region": []}, {}] * 9,
}
DOCUMENTS = st.dictionaries(st.sampled_from(["region", "note", 'a"region', "x"]), VALUES, max_size=4)


def counted(reading: Reading, field: str) -> Counter[bytes]:
    """Count by reading everything, with no thought for time."""
    decode = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
    return Counter(bytes(decode(one.raw).get(field, b"")) for one in reading.read("t"))


@settings(max_examples=80, deadline=None)
@given(
    documents=st.lists(DOCUMENTS, max_size=12),
    later=st.lists(st.tuples(st.integers(0, 14), st.one_of(st.none(), DOCUMENTS)), max_size=5),
    same=st.booleans(),
)
def test_counting_bytes_is_counting_documents(
    documents: list[dict[str, Any]], later: list[tuple[int, dict[str, Any] | None]], same: bool
) -> None:
    """Nested names, escapes, numbers in numbers, changes not in the file yet: equal to reading them all."""
    if same:  # as most tables are: nothing nested, so that bytes alone are counted
        documents = [{name: value for name, value in one.items() if type(value) is str} for one in documents]
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "BLOCK", 100)
        patch.setattr("os.fsync", lambda number: None)
        store = open_store(name)
        with store.transaction(ORIGIN) as tx:
            for document in documents:
                tx.insert("t", msgspec.json.encode(document))
        patch.setattr("cskit.store.folder.SMALL", 0)
        patch.setattr("cskit.store.folder.SHARE", 0.01)
        with store.transaction(ORIGIN) as tx:
            _change(tx, later)
            assert tx.tally("t", "region") == counted(tx, "region")
        reading = store.reading()
        assert reading.tally("t", "region") == counted(reading, "region")
        assert sum(reading.tally("t").values()) == sum(1 for _one in reading.read("t"))


def _change(tx: Any, later: list[tuple[int, dict[str, Any] | None]]) -> None:
    for number, document in later:
        raw = msgspec.json.encode(document)
        if tx.get("t", number) is None:
            tx.insert("t", raw if document is not None else b"{}")
        elif document is None:
            tx.remove("t", number)
        else:
            tx.replace("t", number, raw)


@pytest.mark.parametrize("documents", TRAPS.values(), ids=TRAPS)
def test_what_looks_like_the_field_is_not_counted(
    documents: list[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bytes that are those of the field in one place are others in another."""
    monkeypatch.setattr(lines, "BLOCK", 100)
    store = open_store(tmp_path)
    with store.transaction(ORIGIN) as tx:
        for document in documents:
            tx.insert("t", msgspec.json.encode(document))
    reading = store.reading()
    assert reading.tally("t", "region") == counted(reading, "region")


def test_a_file_that_another_program_wrote_is_counted_by_its_documents(tmp_path: Path) -> None:
    """Spaces and escapes mean the same value; a table that is not there counts nothing."""
    path = tmp_path / "t.json"
    path.write_text('{"t": {"1": {"region": "x", "n": {"region": "y"}}, "2": {}}}', encoding="utf-8")
    reading = open_store(tmp_path).reading()
    assert reading.tally("t", "region") == {b'"x"': 1, b"": 1}
    assert sum(reading.tally("none").values()) == 0


def test_a_document_that_cannot_be_read_is_not_counted_over(tmp_path: Path) -> None:
    """Whoever counts is told to read them instead, which says which document it is."""
    store = open_store(tmp_path)
    with store.transaction(ORIGIN) as tx:
        tx.insert("t", b'{"region":{"a":nul}}')
    assert store.reading().tally("t", "region") is None
