"""`show`: records in full, named by id, by external key or from a pipe."""

from __future__ import annotations

import json

import pytest


def test_a_card(register):
    """A table shows a field a line, only those that hold something; a key finds the record as its id does."""
    card = (
        "ID            C-000001\n"
        "External key  KH1\n"
        "Name          海风贸易\n"
        "Kind          company\n"
        "Phone         138****0577\n"
        "Region        华东\n"
        "Tags          vip; 重点\n"
        "Fan           no\n"
        "State         active\n"
    )
    assert register("customer show C-000001") == (0, card, "")
    assert register("customer show KH1") == (0, card, "")


def test_several_cards(register):
    """Several records are told apart by an empty line, in the order they were named, each once."""
    assert register("customer show C-000003 KH1 C-000003 --fields id,name") == (
        0,
        "ID    C-000003\nName  Aurora\n\nID    C-000001\nName  海风贸易\n",
        "",
    )


def test_one_record_as_json(register):
    """One record that was named is one JSON object."""
    shown = register("customer show C-000002 -o json --fields id,custom,behaviour.channel")
    assert shown == (
        0,
        '{\n  "id": "C-000002",\n  "custom": {\n    "colour": "red"\n  },\n'
        '  "behaviour.channel": "online"\n}\n',
        "",
    )


@pytest.mark.parametrize("ids", [["C-000003", "C-000002"], ["-"]], ids=["several", "from-a-pipe"])
def test_records_as_json(register, ids):
    """Several records, and however many come from a pipe, are an array."""
    shown = register(["customer", "show", *ids, "-o", "json"], input="C-000003\n")
    assert [record["id"] for record in json.loads(shown.stdout)] == ["C-000003", "C-000002"][: len(ids)]


def test_missing_ids_are_all_named(register):
    """Ids that mean nothing are all named at once."""
    assert register("customer show C-9 KH1 K8 O-000001") == (
        3,
        "",
        "cskit: no customer C-9, K8, O-000001\n`cskit customer list` shows those there are\n",
    )


def test_many_missing_ids_are_counted(register):
    """After ten the rest of the missing ids is counted."""
    names = " ".join(f"N{number}" for number in range(12))
    assert register(f"customer show {names}").stderr == (
        "cskit: no customer N0, N1, N2, N3, N4, N5, N6, N7, N8, N9 and 2 more\n"
        "`cskit customer list` shows those there are\n"
    )


@pytest.mark.parametrize(
    "piped",
    [
        "C-000001\nC-000003\n",
        "\ufeffC-000001\r\n\r\n  C-000003  ",
        '{"id":"C-000001","name":"x"}\n{"name":"y","id":"C-000003"}\n',
        'KH1\n{"id":"C-000003"}\n',
        '[{"id":"C-000001"},\n {"id":"C-000003"}]',
        '{\n  "id": "C-000001"\n}\n{\n  "id": "C-000003"\n}\n',
        '{"id":"C-000001","note":"one\u2028two"}\nC-000003',
    ],
    ids=["lines", "windows-lines", "json-lines", "mixed", "json-array", "printed-objects", "line-separator"],
)
def test_ids_from_a_pipe(register, piped):
    """`-` takes ids one a line, JSON lines, an array, or what `show -o json` prints."""
    assert register("customer show - --fields id -o csv", input=piped) == (0, "id\nC-000001\nC-000003\n", "")


def test_bad_lines_of_a_pipe(register):
    """Every line that names no record is listed with its number."""
    piped = 'C-000001\n{"ID":3}\n{bad\n{"id":4}\n\n{"id":"a","id":"b"}\n'
    assert register("customer show -", input=piped) == (
        5,
        "",
        "line 2, id: expected an object with the id of a record\n"
        "line 3: '{bad': is not JSON: expecting property name enclosed in double quotes at character 2\n"
        "line 4, id: expected an object with the id of a record\n"
        "line 6, id: is named more than once in one object\n"
        "cskit: 4 bad rows in standard input; nothing was saved\n",
    )


def test_needs_an_id(office):
    """Without an id there is nothing to show."""
    assert office("customer show").exit_code == 2


def test_control_characters_stay_harmless(office):
    """Escape sequences in stored text never reach the terminal."""
    office(["customer", "add", "a\x1b[31mb"])
    assert office("customer show C-000001 --fields name") == (0, "Name  a␛[31mb\n", "")


def test_a_document_that_does_not_fit(office, tmp_path):
    """A document that another program spoilt is named with what is wrong."""
    office("customer add x")
    file = tmp_path / "data" / "customers.json"
    file.write_text(file.read_text().replace('"name":"x"', '"name":5'))
    shown = office("customer show C-000001")
    assert (shown.exit_code, shown.stdout) == (5, "")
    assert shown.stderr == (
        "cskit: document 1 of table customers (C-000001) cannot be read: "
        "name: expected text, not a whole number\n"
        "correct that document, then run the command again\n"
    )
