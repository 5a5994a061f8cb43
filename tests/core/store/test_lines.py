"""The form of a table file: its exact bytes, and how documents are found, listed and spliced in it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
import pytest
import tinydb
from hypothesis import given, settings
from hypothesis import strategies as st

from cskit.errors import StorageFailed
from cskit.store import lines, names, splicing
from cskit.store.lines import PATIENCE, TableFile, Tail
from cskit.store.protocol import Document

STAMP = 1_795_334_400


class Bytes:
    """A file in memory that counts what is read of it; `size` may promise more than is there."""

    def __init__(self, data: bytes, *, mtime: int = STAMP * 1_000_000_000, size: int | None = None) -> None:
        self.data, self.mtime = data, mtime
        self.size = len(data) if size is None else size
        self.reads: list[int] = []

    def read(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from `offset`."""
        self.reads.append(length)
        return self.data[offset : offset + length]


class Sink:
    """A file being written, kept in memory."""

    def __init__(self) -> None:
        self.data = b""

    def write(self, data: bytes) -> None:
        """Put `data` at the end."""
        self.data += data

    def truncate(self, size: int) -> None:
        """Cut to `size` bytes."""
        self.data = self.data[:size]

    def touch(self, seconds: int) -> None:
        """Have no time of change."""

    def sync(self) -> None:
        """Have nothing to make safe."""

    def close(self) -> None:
        """Have nothing to give back."""


def tail(marks: Mapping[str, int] | None = None) -> Tail:
    """Return a tail as it is before its sum is known."""
    return Tail(
        table="customers",
        seq=3,
        at=500,
        commit="c0ffee",
        next=1000,
        marks=dict(marks or {"C": 7}),
        sum="",
        stamp=STAMP,
    )


def written(documents: Mapping[int, bytes], marks: Mapping[str, int] | None = None) -> bytes:
    """Return the bytes of a table file with these documents, written from nothing."""
    out = Sink()
    splicing.write(out, "customers", splicing.splice(None, documents), tail(marks))
    return out.data


def opened(documents: Mapping[int, bytes]) -> TableFile:
    """Return a file in our own form with these documents."""
    return TableFile("customers", Bytes(written(documents)))


def foreign(documents: Mapping[int, bytes]) -> TableFile:
    """Return the same documents as stock TinyDB with an indent writes them."""
    table = {str(number): json.loads(raw) for number, raw in documents.items()}
    text = json.dumps({"customers": table}, indent=2)
    return TableFile("customers", Bytes(text.encode(), mtime=STAMP * 1_000_000_000 + 1))


@pytest.fixture(params=[1, 7, 64, 1 << 20])
def block(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Read in blocks so small that their borders fall everywhere, and in one piece."""
    monkeypatch.setattr(lines, "BLOCK", request.param)
    return int(request.param)


NASTY: dict[int, bytes] = {
    1: b'{"id":"C-000001","name":"first"}',
    2: '{"id":"客户二","name":"张三"}'.encode(),
    3: rb'{"id":"say \"C-000001\"","name":"quotes"}',
    5: rb'{"id":"back\\slash\\","name":"x"}',
    8: b'{"id":"C-000009","name":"not where its number says"}',
    9: b'{"id":"C-000010","parts":[{"id":"C-000008"},{"id":"inner"}]}',
    10: b'{"name":"the id comes last","id":"last"}',
    11: b'{"name":"{\\"id\\":\\"C-000012\\"}","id":"C-000011"}',
    12: b'{"name":"no id at all","part":{"id":"inner"}}',
    13: b'{"id":17,"name":"the id is a number"}',
    100: b'{"id":"C-000100","name":"%s"}' % (b"long " * 3000),
    101: b'{"id":"C-000101","name":"after the long one"}',
    4000: '{"id":"C-004000","name":"last 最后"}'.encode(),
}

# --- form --------------------------------------------------------------------------------------------------


def test_the_bytes_of_a_small_table() -> None:
    """One document a line, in the order of numbers, then a line that says where the file stands."""
    assert written({2: '{"id":"C-2","name":"张三"}'.encode(), 1: b'{"id":"C-1"}'}).decode() == (
        '{"customers": {\n'
        '"1": {"id":"C-1"},\n'
        '"2": {"id":"C-2","name":"张三"}\n'
        '},"_cskit": {"1":{"table":"customers","seq":3,"at":500,"commit":"c0ffee","next":1000,'
        '"marks":{"C":7},"sum":"277e21faaf91009b022b76077090f9f5","stamp":1795334400}}}\n'
    )


@pytest.mark.parametrize("documents", [{}, {1: b'{"id":"C-1"}'}, NASTY], ids=["empty", "one", "nasty"])
def test_stock_tinydb_and_json_read_every_file(
    documents: Mapping[int, bytes], tmp_path: Path, block: int
) -> None:
    """A stock TinyDB finds the same documents under the same numbers, whatever was written."""
    path = tmp_path / "customers.json"
    path.write_bytes(written(documents))
    expected = {number: json.loads(raw) for number, raw in documents.items()}
    assert {int(n): d for n, d in json.loads(path.read_bytes())["customers"].items()} == expected
    with tinydb.TinyDB(path, encoding="utf-8") as db:
        assert {found.doc_id: dict(found) for found in db.table("customers").all()} == expected


def test_a_document_is_a_line(block: int) -> None:
    """A file has as many lines as documents, and two."""
    data = written(NASTY)
    assert data.count(b"\n") == len(NASTY) + 2
    assert data.endswith(b"\n")


@pytest.mark.parametrize("missing", range(3))
def test_tails_of_any_length_are_found(missing: int) -> None:
    """The tail grows with the marks; wherever its first byte falls in what is read first, it is found."""
    base = written({1: b'{"id":"C-1"}'}, {"x": 1})
    start = base.index(b'},"_cskit"')
    for length in (4096, 32768):
        name = "x" * (length - (len(base) - start) + missing)
        data = written({1: b'{"id":"C-1"}'}, {name: 1})
        assert len(data) - start == length + missing - 1
        file = TableFile("customers", Bytes(data))
        assert file.tail is not None
        assert file.tail.marks == {name: 1}
        assert file.ours


# --- ours or not -------------------------------------------------------------------------------------------


def test_a_stamped_file_is_trusted_unread() -> None:
    """A file whose time of change is its stamp is not read through to open it."""
    handle = Bytes(written({n: b'{"id":"C-%06d","text":"%s"}' % (n, b"x" * 100) for n in range(1, 2000)}))
    assert TableFile("customers", handle).ours
    assert sum(handle.reads) < 8192


def test_a_copied_file_is_ours() -> None:
    """Another time of change alone does not make a file foreign: its sum still fits."""
    file = TableFile("customers", Bytes(written(NASTY), mtime=1))
    assert not file.stamped
    assert file.ours


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"first"', b'"frist"'),
        (b'"next":1000', b'"next":9'),
        (b'"marks":{"C":7}', b'"marks":{"C":6}'),
        (b'"seq":3', b'"seq":2'),
        (b'"at":500', b'"at":400'),
        (b"c0ffee", b"c0ffef"),
        (b'"stamp":17', b'"stamp":18'),
        (b'"sum":"....', b'"sum":"0000'),
        (b"\n},", b"\n\n},"),
        (b'"at":500', b'"at":-500'),
        (b'"table":"customers"', b'"table":"orders"'),
        (b'^{"customers"', b'{"orders"'),
        (b'"_cskit"', b'"_cskat"'),
    ],
)
def test_any_change_makes_a_file_foreign(old: bytes, new: bytes) -> None:
    """A changed document, and a changed claim of the tail such as a lower next number, both show."""
    data, count = re.subn(old, new, written({1: b'{"id":"C-1","name":"first"}'}), count=1)
    assert count == 1
    assert not TableFile("customers", Bytes(data, mtime=1)).ours


def test_a_tail_of_another_table_is_no_tail() -> None:
    """What stands in a file that was copied to another table's name says nothing about this table."""
    content = json.loads(written(NASTY).replace(b'"table":"customers"', b'"table":"orders"'))
    file = TableFile("customers", Bytes(json.dumps(content, indent=1).encode(), mtime=1))
    assert len(file.foreign()) == len(NASTY)
    assert file.tail is None


def test_foreign_documents_come_in_the_order_of_numbers() -> None:
    """A program that sorts keys as text puts 10 before 2; the listing does not."""
    content = json.dumps(json.loads(written(NASTY)), indent=1, sort_keys=True)
    file = TableFile("customers", Bytes(content.encode(), mtime=1))
    assert [document.number for document in file.lines()] == list(NASTY)


# --- finding -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 2, 3, 17])
@pytest.mark.parametrize("width", [0, 30, 1500, 9000])
def test_documents_are_found_by_number(count: int, width: int, block: int) -> None:
    """Every number is found at its line, every missing one at the place where it would go."""
    numbers = [n * n + 1 for n in range(count)]
    documents = {n: b'{"id":"%d","x":"%s"}' % (n, b"x" * (width * (n % 3))) for n in numbers}
    file = opened(documents)
    data = written(documents)
    for number in range(max(numbers, default=0) + 3):
        later = [n for n in numbers if n >= number]
        expected = data.index(b'\n"%d": ' % later[0]) + 1 if later else data.index(b'},"_cskit"')
        assert file.place(number) == expected
        assert file.get(number) == documents.get(number)
        place = file.locate(number)
        assert (place is not None) == (number in documents)
        if place is not None:
            assert data[slice(*place)].rstrip(b",\n") == b'"%d": %s' % (number, documents[number])


def test_finding_by_number_reads_little() -> None:
    """Halving: a hundred thousand documents are searched in a few short reads."""
    handle = Bytes(written({n: b'{"id":"C-%06d"}' % n for n in range(1, 100_001)}))
    file = TableFile("customers", handle)
    handle.reads.clear()
    assert file.get(77_777) == b'{"id":"C-077777"}'
    assert sum(handle.reads) < 64 * 1024


@pytest.mark.parametrize(
    "anchors",
    [
        [],
        [b'"name":"'],
        [b'"name":"x"'],
        [b'"id":"C-0000'],
        [b'"id":"C-0000', b'"name":"first"'],
        [b'"name":"first"', b'"id":"C-0000'],
        [b'"id":"C-0000', b'"x"'],
        [b'"id":"C-0000', b"long"],
        ["张三".encode()],
        [b"long long"],
        [b"nowhere"],
        [b'"id":"inner"'],
    ],
    ids=str,
)
def test_anchors_find_the_lines_that_hold_them(anchors: list[bytes], block: int) -> None:
    """The documents that hold all anchors come in the order of numbers, each once, and no other."""
    expected = [Document(n, raw) for n, raw in NASTY.items() if all(anchor in raw for anchor in anchors)]
    assert list(opened(NASTY).lines(anchors)) == expected


def id_of(raw: bytes) -> object:
    """Return the id a document has at its outermost level."""
    return json.loads(raw).get("id")


@pytest.mark.parametrize(
    "wanted",
    [
        ["C-000001"],
        ["客户二"],
        ['say "C-000001"'],
        ["back\\slash\\"],
        ["C-000009"],
        ["C-000010"],
        ["C-000008"],
        ["C-000012"],
        ["inner"],
        ["last"],
        ["17"],
        ["C-000100"],
        ["C-004000"],
        ["C-1"],
        ["C-999999999999999999999"],
        [""],
        ["C-004000", "last", "C-000001", "none"],
        ["C-000001", *(f"N-{n}" for n in range(9)), "last", "客户二"],
        ["C-004000", *(f"N-{n}" for n in range(70)), "C-000009"],
        [],
    ],
    ids=lambda names: ",".join(names)[:40],
)
@pytest.mark.parametrize("make", [opened, foreign])
def test_documents_are_found_by_id(
    wanted: list[str], make: Callable[[Mapping[int, bytes]], TableFile], block: int
) -> None:
    """By its own id only, wherever that stands in it; never by one inside a part or a text."""
    file = make(NASTY)
    texts = [msgspec.json.encode(name) for name in wanted]
    found = [(d.number, json.loads(d.raw)) for d in file.find(texts)]
    assert found == [(n, json.loads(raw)) for n, raw in NASTY.items() if id_of(raw) in wanted]


CALLED: dict[int, bytes] = {
    1: b'{"id":"A","key":"K-1"}',
    2: b'{"id":"B","part":{"key":"K-3"},"note":"\\"key\\":\\"K-3\\""}',
    3: b'{"id":"C","name":"x","key":"K-3"}',
    4: b'{"id":"D","key":null}',
    5: b'{"key":"\xe9\x94\xae","id":"E"}',
    6: b'{"id":"F","key":"say \\"F\\""}',
    7: b'{"id":"G","key":""}',
    8: b'{"name":"no id","key":"K-8"}',
}
NAMES = ["A", "K-1", "B", "K-3", "C", "D", "键", "E", 'say "F"', "G", "K-8", "null", "none", "part"]


@pytest.mark.parametrize("before", [0, PATIENCE + 1], ids=["at-first", "noted"])
@pytest.mark.parametrize(
    "wanted", [[name] for name in NAMES] + [NAMES, NAMES * 2 + [f"N-{n}" for n in range(30)]], ids=str
)
@pytest.mark.parametrize("make", [opened, foreign])
def test_documents_are_found_by_name(
    make: Callable[[Mapping[int, bytes]], TableFile], wanted: list[str], before: int
) -> None:
    """By id or by external key, at the top of the document only, as often as is asked for."""
    file = make(CALLED)
    for _turn in range(before):
        assert list(file.find([b'"nobody"'], [b'"nobody"'])) == []
    texts = [msgspec.json.encode(name) for name in wanted]
    found = [document.number for document in file.find(texts, texts)]
    held = {number: json.loads(raw) for number, raw in CALLED.items()}
    assert found == [n for n, one in held.items() if one.get("id") in wanted or one.get("key") in wanted]


def test_two_documents_with_one_id_are_both_found() -> None:
    """An id that stands twice (a merged copy) is not hidden by where the first stands."""
    twins = {1: b'{"id":"X"}', 2: b'{"id":"Y"}', 3: b'{"id":"X","b":1}'}
    file = opened(twins)
    for _turn in range(PATIENCE + 2):
        assert [d.number for d in file.find([b'"X"'])] == [1, 3]


@given(
    st.lists(
        st.tuples(st.sampled_from("ABC"), st.sampled_from(["", "K", "A"]), st.integers(1, 4), st.booleans())
    )
)
def test_places_come_and_go(steps: list[tuple[str, str, int, bool]]) -> None:
    """A name is found where a document that is called so stands, and nowhere else."""
    places, there = names.Places(), dict[int, bytes]()
    for own, key, place, coming in steps:
        if place in there:
            places.drop(there.pop(place), place)
        if coming:
            there[place] = f'{{"id":"{own}","key":"{key}"}}'.encode()
            places.add(there[place], place)
        for text in (b'"A"', b'"B"', b'"K"'):
            by_id = {n for n, raw in there.items() if names.id_text(raw) == text}
            by_key = {n for n, raw in there.items() if names.key_text(raw) == text}
            assert places.of([text]) == places.copy().of([text]) == by_id
            assert places.of(names.wanted([], [text])) == by_key


# --- splicing ----------------------------------------------------------------------------------------------

RAW = st.one_of(
    st.just(b'{"id":"C-1"}'),
    st.integers(0, 400).map(lambda size: b'{"id":"%d","x":"%s"}' % (size, b"x," * size)),
    st.text(max_size=8).map(lambda text: msgspec.json.encode({"id": text, "客": text})),
)
NUMBERS = st.integers(1, 40)


@settings(max_examples=150, deadline=None, database=None)
@given(
    before=st.dictionaries(NUMBERS, RAW, max_size=12),
    changes=st.dictionaries(NUMBERS, st.none() | RAW, max_size=8),
    block=st.sampled_from([1, 16, 64, 1 << 20]),
)
def test_a_spliced_file_is_as_if_written_anew(
    before: dict[int, bytes], changes: dict[int, bytes | None], block: int
) -> None:
    """Changing, adding and removing lines gives byte for byte the file written from all documents."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "BLOCK", block)
        out = Sink()
        splicing.write(out, "customers", splicing.splice(opened(before), changes), tail())
    after = {n: raw for n, raw in {**before, **changes}.items() if raw is not None}
    assert out.data == written(after)
    again = TableFile("customers", Bytes(out.data, mtime=1))
    assert again.ours
    assert list(again.lines()) == sorted(Document(n, raw) for n, raw in after.items())


# --- damage ------------------------------------------------------------------------------------------------

DAMAGED: list[tuple[str, bytes, bytes]] = [
    ("no-number", b'\n"2": ', b"\n2222: "),
    ("letters", b'\n"2": ', b'\n"x": '),
    ("zeros", b'\n"2": ', b"\n\0\0\0\0\0"),
    ("empty-line", b'\n"2": ', b"\n\n\n\n\n\n"),
]


@pytest.mark.parametrize(("old", "new"), [row[1:] for row in DAMAGED], ids=[row[0] for row in DAMAGED])
def test_a_damaged_line_is_an_error_of_the_storage(old: bytes, new: bytes) -> None:
    """A medium's fault behind an unchanged time of change is named with the file, not a traceback."""
    documents = {n: b'{"id":"C-%d"}' % n for n in (1, 2, 3)}
    broken = written(documents).replace(old, new)
    file = TableFile("customers", Bytes(broken))

    uses: list[Callable[[], object]] = [
        lambda: list(file.lines()),
        lambda: [file.get(n) for n in (1, 2, 3)],
        lambda: list(splicing.splice(file, {2: b"{}"})),
    ]
    for use in uses:
        with pytest.raises(
            StorageFailed, match=r"customers\.json is damaged: a line begins with no document number"
        ):
            use()


def test_a_damaged_document_is_an_error_when_its_id_is_needed() -> None:
    """A line whose document is no JSON is said to be damaged; what it holds is not."""
    file = TableFile("customers", Bytes(written({1: b'{"name":"x","id":"C-1"}'}).replace(b'"x",', b'"x"!!')))
    with pytest.raises(StorageFailed, match=r"^a document is damaged: is not JSON"):
        list(file.find([b'"C-1"']))


USES: dict[str, Callable[[TableFile], object]] = {
    "lines": lambda file: list(file.lines()),
    "get": lambda file: file.get(48),
    "splice": lambda file: list(splicing.splice(file, {1: None})),
    "sum": lambda file: file.ours,
}


@pytest.mark.parametrize("use", USES)
def test_a_file_cut_by_another_program_while_open_ends_the_reading(use: str, block: int) -> None:
    """Stock TinyDB cuts files in place: what is missing is an error, neither an endless loop nor silence."""
    data = written({n: b'{"id":"C-%d","x":"%s"}' % (n, b"x" * 50) for n in range(1, 50)})
    handle = Bytes(data, mtime=1 if use == "sum" else STAMP * 1_000_000_000)
    file = TableFile("customers", handle)
    handle.data = data[: len(data) // 2 + 3]
    with pytest.raises(StorageFailed, match=r"customers\.json ends too early"):
        USES[use](file)
