"""`list`: which records, in which order, which fields, in which format; without holding them all."""

from __future__ import annotations

import json
import subprocess
import sys
import tracemalloc

import pytest

from cskit import cli
from cskit.testing import run

TABLE = """\
ID        Name      Kind     Phone        Region    Owner    State
--------  --------  -------  -----------  --------  -------  -------
C-000001  海风贸易  company  138****0577  华东               active
C-000002  林小满    person                华南               active
C-000003  Aurora                                             active
"""


def test_table(register):
    """A table shows the record type's usual columns."""
    assert register("customer list") == (0, TABLE, "")


def test_formats(register):
    """json is one array, jsonl an object a line, csv has a header of field names."""
    line = "customer list --fields id,name,tags,potential_volume"
    assert register(f"{line} -o json").stdout == (
        "[\n"
        '  {"id":"C-000001","name":"海风贸易","tags":["vip","重点"]},\n'
        '  {"id":"C-000002","name":"林小满"},\n'
        '  {"id":"C-000003","name":"Aurora","potential_volume":1200.50}\n'
        "]\n"
    )
    assert register(f"{line} -o jsonl").stdout == (
        '{"id":"C-000001","name":"海风贸易","tags":["vip","重点"]}\n'
        '{"id":"C-000002","name":"林小满"}\n'
        '{"id":"C-000003","name":"Aurora","potential_volume":1200.50}\n'
    )
    assert register(f"{line} -o csv").stdout == (
        "id,name,tags,potential_volume\n"
        "C-000001,海风贸易,vip; 重点,\n"
        "C-000002,林小满,,\n"
        "C-000003,Aurora,,1200.50\n"
    )


def test_json_has_every_field_and_the_revision(register):
    """Without --fields the machine formats hold everything that is known, and the record's revision."""
    (record,) = json.loads(register("customer list C-000002 -o json").stdout)
    assert len(record.pop("rev")) == 12
    assert record == {
        "id": "C-000002",
        "name": "林小满",
        "kind": "person",
        "region": "华南",
        "fan": False,
        "state": "active",
        "behaviour": {"channel": "online"},
        "custom": {"colour": "red"},
    }


def test_fields(register):
    """--fields takes names, titles in both languages, and parts and keys after a dot."""
    assert register("customer list --fields id,客户名称,Region,custom.colour,消费行为.购物渠道 -o csv") == (
        0,
        "id,name,region,custom.colour,behaviour.channel\n"
        "C-000001,海风贸易,华东,,\n"
        "C-000002,林小满,华南,red,online\n"
        "C-000003,Aurora,,,\n",
        "",
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ("id,nme", "nme: no such field; did you mean name?"),
        ("客户名", "客户名: no such field; did you mean 客户名称?"),
        ("qqq", "qqq: no such field"),
        ("behaviour.chanel", "behaviour.chanel: no such field; did you mean channel?"),
        ("name.x", "name.x: has no parts; only maps and groups of fields take a dot"),
        ("custom.", "custom.: names no key; write it behind the dot"),
    ],
)
def test_unknown_fields(register, fields, said):
    """A field that there is not is named, with the one that may have been meant."""
    assert register(f"customer list --fields {fields}") == (2, "", f"cskit: --fields: {said}\n")


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("name", ["C-000003", "C-000002", "C-000001"]),
        ("-name", ["C-000001", "C-000002", "C-000003"]),
        ("potential_volume", ["C-000003", "C-000001", "C-000002"]),
        ("-potential_volume", ["C-000003", "C-000001", "C-000002"]),
        ("custom.colour", ["C-000002", "C-000001", "C-000003"]),
        ("-客户类型", ["C-000002", "C-000001", "C-000003"]),
    ],
)
def test_sort(register, sort, expected):
    """--sort orders by a field both ways; what holds nothing stays last."""
    listed = register(f"customer list --sort {sort} -o jsonl").stdout
    assert [json.loads(line)["id"] for line in listed.splitlines()] == expected


@pytest.mark.parametrize(
    ("sort", "said"),
    [
        ("nam", "nam: no such field; did you mean name?\n"),
        ("tags", "tags has no order\nsort by a field that holds one value\n"),
        ("-behaviour", "behaviour has no order\nsort by a field that holds one value\n"),
        ("rev", "rev has no order\nsort by a field that holds one value\n"),
    ],
)
def test_bad_sort(register, sort, said):
    """A field that there is not, or that has no order, is refused."""
    assert register(f"customer list --sort {sort}") == (2, "", f"cskit: --sort: {said}")


def test_limit(register):
    """--limit counts after --where and --sort."""
    assert register("customer list --where 'known(region)' --sort -name --limit 1 --fields id -o csv") == (
        0,
        "id\nC-000001\n",
        "",
    )


def test_where(register):
    """--where selects; with ids it selects among them."""
    assert (
        register("customer list --where 'region == \"华东\"' --fields id -o csv").stdout == "id\nC-000001\n"
    )
    assert (
        register("customer list C-000001 C-000002 --where '客户类型 == \"person\"' --fields id -o csv").stdout
        == "id\nC-000002\n"
    )


@pytest.mark.parametrize(
    ("where", "said"),
    [
        (
            'regin == "华东"',
            "no field 'regin', did you mean 'region'?\n"
            'regin == "华东"\n'
            "^\n"
            'or put a text in quotes: "regin"\n',
        ),
        ('region = "华东"', 'one = does not compare; use ==\nregion = "华东"\n       ^\nwrite ==\n'),
        ("region ==", "the condition ends too early\nregion ==\n         ^\n"),
        (
            'state == "open"',
            "state has no 'open'\nstate == \"open\"\n         ^\nit is one of active, lost, closed\n",
        ),
    ],
    ids=["unknown-field", "assignment", "unfinished", "no-such-choice"],
)
def test_bad_where(register, where, said):
    """A condition that cannot be understood is shown with a caret under the culprit."""
    assert register(["customer", "list", "--where", where]) == (2, "", f"cskit: --where: {said}")


def test_nothing_found(register):
    """Nothing found is no error: machine formats stay well-formed, and a notice says so."""
    line = "customer list --where 'region == \"西北\"'"
    assert register(line) == (0, "", "no customers found\n")
    assert register(f"{line} -o json") == (0, "[]\n", "no customers found\n")
    assert register(f"{line} -o jsonl") == (0, "", "no customers found\n")
    assert register(f"{line} -o csv --fields id") == (0, "id\n", "no customers found\n")


def test_fail_empty(register):
    """--fail-empty makes nothing found exit 3, and something found 0."""
    assert register("customer list --where 'region == \"西北\"' --fail-empty") == (
        3,
        "",
        "cskit: no customers found\n",
    )
    assert register("customer list --fail-empty").exit_code == 0


def test_empty_office(office):
    """A newcomer is told how to begin."""
    assert office("customer list") == (
        0,
        "",
        "there are no customers yet; `cskit customer add` makes the first\n",
    )


@pytest.mark.parametrize("more", ["", " --where 'region == \"华东\"'"], ids=["alone", "with-where"])
def test_empty_pipe_means_nothing(register, more):
    """`-` with nothing on stdin lists nothing, not everything."""
    assert register(f"customer list - -o json{more}", input="") == (0, "[]\n", "no customers found\n")


def test_closed_pipe(register, tmp_path):
    """`cskit customer list | head` is exit 0 and quiet, however much was to come."""
    rows = "\n".join(f'{{"name":"customer number {number}"}}' for number in range(3000))
    assert register("customer import -", input=rows).exit_code == 0
    command = [sys.executable, "-c", "from cskit.cli import main; main()", "customer", "list", "-o", "jsonl"]
    with subprocess.Popen(
        [*command, "--data", str(tmp_path / "data")], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 0


class _Nowhere:
    """A stdout that keeps nothing."""

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        """Nothing is kept."""

    def isatty(self) -> bool:
        return False


def test_memory_does_not_grow_with_the_table(tmp_path, monkeypatch):
    """Listing 12 MB of records takes hardly more memory than listing 3 MB."""
    peaks = []
    for size in (3000, 12_000):
        folder = tmp_path / str(size)
        rows = "\n".join(f'{{"name":"{n}","note":"{"n" * 1000}"}}' for n in range(size))
        assert run("customer import -", data=folder, input=rows).exit_code == 0
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", _Nowhere())
            tracemalloc.start()
            assert cli.run(["customer", "list", "-o", "jsonl", "--data", str(folder)]) == 0
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < peaks[0] + 3_000_000, peaks


def test_without_a_data_folder(tmp_path):
    """Where nothing was ever saved, there is nothing to list."""
    assert run("customer list -o json", data=tmp_path / "nowhere").stdout == "[]\n"
    assert not (tmp_path / "nowhere").exists()
