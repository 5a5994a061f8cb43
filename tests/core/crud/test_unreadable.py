"""Documents that another program spoilt: every command names them, none fails for it as a bug would."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path
from typing import Annotated

import pytest
from tinydb import TinyDB

from cskit.records import Record, field, fields, parse_pairs

SHARED_MEMORY = "/dev/shm"  # noqa: S108 - the test writes a file of its own there
HINT = "correct that document, then run the command again\n"


def spoil(document: dict[str, object], table: str = "customers") -> None:
    """Put a document into a table as any program with TinyDB would."""
    with TinyDB(Path("data", f"{table}.json"), encoding="utf-8") as file:
        file.table(table).insert(document)


@pytest.mark.parametrize(
    "line",
    [
        "customer list",
        "customer list --sort name",
        "customer list --where 'name == \"x\"'",
        "customer export",
    ],
)
def test_an_id_that_is_no_text(register, line):
    """Reading a document whose id is a number is bad data, however it is read."""
    spoil({"id": 7, "name": "x"})
    done = register(line)
    assert done.exit_code == 5, done.stderr
    assert done.stderr.startswith(
        "cskit: document 4 of table customers cannot be read: id: expected text, not"
    )
    assert done.stderr.endswith(HINT)


def test_a_key_that_is_no_text(register):
    """Looking names up among documents of which one has a spoilt key is bad data."""
    Path("c.csv").write_text("key,name\nKH9,x\n")
    spoil({"id": "C-9", "name": "x", "key": 5})
    done = register("customer order add KH9 --date 2026-11-20")
    assert "customer: 'KH9': no customer has this id or external key\n" in done.stderr
    done = register("customer import c.csv")
    assert done.exit_code == 5, done.stderr
    assert " (C-9) cannot be read: key: expected text, not a whole number\n" in done.stderr


def test_a_condition_on_a_spoilt_field(register):
    """A condition is refused alike for records that are named and for all."""
    spoil({"id": "C-9", "name": "x", "region": 5})
    for line in ("customer list C-9 --where 'known(region)'", "customer list --where 'known(region)'"):
        done = register(line)
        assert done.exit_code == 5, done.stderr
        assert "document 4 of table customers (C-9) cannot be read" in done.stderr


def test_a_flipped_byte(register):
    """A byte that is no UTF-8, in a file that looks untouched, is bad data."""
    file = Path("data", "customers.json")
    before = file.stat()
    file.write_bytes(file.read_bytes().replace(b'"Aurora"', b'"Auror\xff"'))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    done = register("customer list")
    assert done.exit_code == 5, done.stderr
    assert "document 3 of table customers (C-000003) cannot be read: " in done.stderr


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "snan"])
@pytest.mark.parametrize("options", ["-o jsonl", "--sort amount", "--where 'amount > 5'"])
def test_numbers_are_finite(register, number, options):
    """What has no order and no JSON is no number, though msgspec takes it for one."""
    spoil(
        {"id": "O-9", "customer": "C-000001", "date": "2026-11-20", "amount": number},
        "orders",
    )
    done = register(f"customer order list {options}")
    assert done.exit_code == 5, done.stderr
    assert "(O-9) cannot be read: amount: expected a number such as 1234.50\n" in done.stderr


# --- lists and formats -------------------------------------------------------------------------------------


def test_lists_come_back_from_csv(register):
    """Elements that hold a separator, a bracket or outer blanks are exported as JSON and read back."""
    tags = ["a;b", "c、d", "[e", " f"]
    Path("c.jsonl").write_text(json.dumps({"key": "KH1", "name": "x", "tags": tags}))
    assert register("customer import c.jsonl").exit_code == 0
    register("customer export C-000001 --fields id,tags --out c.csv")
    register("customer set C-000001 tags=")
    assert register("customer import c.csv").exit_code == 0
    assert json.loads(register("customer show C-000001 -o json").stdout)["tags"] == tags


@pytest.mark.parametrize(
    "line", ["data info", "fact show customer C-000001", "log", "customer list", "customer add x"]
)
def test_an_ending_that_says_no_format(register, line):
    """Every command refuses a file whose ending it cannot honour, and saves nothing."""
    done = register(f"{line} --out l.pdf")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("cskit: --out: .pdf says no format\n")
    assert register("customer count").stdout == "3\n"


@pytest.mark.parametrize("line", ["data info", "fact show customer C-000001", "log"])
def test_the_ending_is_as_good_as_the_option(register, line):
    """A file that ends in .json holds what -o json prints."""
    register(f"{line} --out f.json")
    assert Path("f.json").read_text() == register(f"{line} -o json").stdout


def test_export_writes_no_table(register):
    """A table could not be imported again."""
    done = register("customer export -o table")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("cskit: export writes no table\n")


def test_a_map_of_numbers():
    """What is given for a map is parsed as its elements are, and a bad one is named by its key."""

    class Counts(Record, kw_only=True, frozen=True):
        counts: Annotated[dict[str, int], field("Counts", "数")] = {}  # noqa: RUF012 - each gets its own

    info = fields(Counts)["counts"]
    assert parse_pairs(info, ["a=1", "b = 2"], dt.UTC) == {"a": 1, "b": 2}
    with pytest.raises(ValueError, match=r"^a: expected a whole number$"):
        parse_pairs(info, ["a=x"], dt.UTC)


@pytest.mark.skipif(not os.access(SHARED_MEMORY, os.W_OK), reason="this system has no memory for files")
def test_a_file_below_dev(register):
    """A file in memory is a file: it begins with the mark Excel needs."""
    file = Path(SHARED_MEMORY, f"cskit-{os.getpid()}.csv")
    try:
        assert register(f"customer export --out {file} --fields id").exit_code == 0
        assert file.read_bytes().startswith(b"\xef\xbb\xbfid\n")
    finally:
        file.unlink(missing_ok=True)
