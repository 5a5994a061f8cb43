"""`count`: a bare figure, or one for each value of some fields."""

from __future__ import annotations

import pytest


def test_a_bare_figure(register):
    """The number stands alone, so that a script can take it as it is."""
    assert register("customer count") == (0, "3\n", "")
    assert register("customer count --where 'known(region)'") == (0, "2\n", "")
    assert register("customer count --where 'region == \"西北\"'") == (0, "0\n", "")


@pytest.mark.parametrize(
    ("form", "shown"), [("json", '{\n  "count": 3\n}\n'), ("jsonl", '{"count":3}\n'), ("csv", "count\n3\n")]
)
def test_formats(register, form, shown):
    """In the machine formats the figure has a name."""
    assert register(f"customer count -o {form}") == (0, shown, "")


def test_by_a_field(register):
    """--by counts each value, the commonest first; no value is one too."""
    register("customer add y --region 华东")
    assert register("customer count --by region") == (
        0,
        "Region      Count\n--------  -------\n华东            2\n                1\n华南            1\n",
        "",
    )


def test_by_several(register):
    """Several fields, also inside groups and maps and by title, count each combination."""
    assert register("customer count --by 客户类型,behaviour.channel,custom.colour -o csv").stdout == (
        "kind,behaviour.channel,custom.colour,count\n,,,1\ncompany,,,1\nperson,online,red,1\n"
    )


def test_by_what_is_no_single_value(register):
    """Groups count as wholes, and look as they do in a list."""
    assert register("customer count --by behaviour -o jsonl").stdout == (
        '{"count":2}\n{"behaviour":{"channel":"online"},"count":1}\n'
    )


def test_by_a_list(register):
    """A record counts once for each different element of its list; how many records there are stays."""
    register("customer set C-000002 tags='vip;new'")
    assert register("customer count --by tags -o jsonl").stdout == (
        '{"tags":"vip","count":2}\n{"count":1}\n{"tags":"new","count":1}\n{"tags":"重点","count":1}\n'
    )
    assert register("customer count --by kind,tags -o csv").stdout == (
        "kind,tags,count\n,,1\ncompany,vip,1\ncompany,重点,1\nperson,new,1\nperson,vip,1\n"
    )
    assert register("customer count").stdout == "3\n"


def test_by_a_list_of_groups(register):
    """The groups in a list count one by one as well, equal ones in one record once."""
    added = '[{"item":"a","amount":1},{"item":"a","amount":1},{"item":"b","amount":2}]'
    register(["customer", "ledger", "add", "C-000001", "--item", "x", "--amount", "9", "--added", added])
    register("customer ledger add C-000002 --item x --amount 9")
    assert register("customer ledger count --by added -o jsonl").stdout == (
        '{"added":{"item":"a","amount":1},"count":1}\n{"added":{"item":"b","amount":2},"count":1}\n'
        '{"count":1}\n'
    )


def test_a_document_that_does_not_fit(register, tmp_path):
    """A document that another program spoilt is named where its value is needed."""
    file = tmp_path / "data" / "customers.json"
    file.write_text(file.read_text().replace('"region":"华南"', '"region":5'))
    done = register("customer count --by region")
    assert (done.exit_code, done.stdout) == (5, "")
    assert (
        done.stderr == "cskit: document 2 of table customers (C-000002) cannot be read: "
        "region: expected text, not a whole number\n"
        "correct that document, then run the command again\n"
    )
    assert register("customer list --sort region").exit_code == 5
    assert register("customer count").stdout == "3\n"


def test_by_nothing_there(office):
    """Where there are no records, there is nothing to count by."""
    assert office("customer count --by region -o json") == (0, "[]\n", "")


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("regio", "regio: no such field; did you mean region?\n"),
        ("", "'' does not name fields\nwrite them with commas between, each once\n"),
        ("region,,kind", "'region,,kind' does not name fields\nwrite them with commas between, each once\n"),
        ("region,区域", "'region,区域' does not name fields\nwrite them with commas between, each once\n"),
        ("rev", "'rev' does not name fields\nwrite them with commas between, each once\n"),
    ],
)
def test_bad_fields(register, by, said):
    """A field that there is not, or twice, is refused."""
    assert register(["customer", "count", "--by", by]) == (2, "", f"cskit: --by: {said}")
