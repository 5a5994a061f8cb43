"""`set`: changes as people type them, on one record or many, all or none."""

from __future__ import annotations

import json
import re

import pytest


def stored(register, name):
    """Return a record as JSON, without its revision."""
    record = json.loads(register(f"customer show {name} -o json").stdout)
    del record["rev"]
    return record


def test_table(register):
    """Each changed field is shown before and after; how many changed is said."""
    assert register("customer set C-000001 C-000002 owner=S-1 region=华东") == (
        0,
        "ID        Field    Before    After\n"
        "--------  -------  --------  -------\n"
        "C-000001  owner              S-1\n"
        "C-000002  region   华南      华东\n"
        "C-000002  owner              S-1\n",
        "2 customers changed, 0 unchanged; saved as 7 (`cskit undo` takes it back)\n",
    )


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("json", '[\n  {"id":"C-000001","field":"tags","before":["vip","重点"],"after":["vip"]}\n]\n'),
        ("jsonl", '{"id":"C-000001","field":"tags","before":["vip","重点"],"after":["vip"]}\n'),
        ("csv", "id,field,before,after\nC-000001,tags,vip; 重点,vip\n"),
    ],
)
def test_other_formats(register, form, shown):
    """The same rows come in every format."""
    assert register(f"customer set KH1 tags-=重点 -o {form}").stdout == shown


@pytest.mark.parametrize(
    ("change", "field", "before", "after"),
    [
        ("phone=13911112222", "phone", "138****0577", "139****2222"),
        ("phone=", "phone", "138****0577", None),
        ("kind=自然人", "kind", "company", "person"),
        ("tags+=vip", None, None, None),
        ("tags+=老;vip", "tags", ["vip", "重点"], ["vip", "重点", "老"]),
        ("tags-=vip；重点", "tags", ["vip", "重点"], None),
        ("tags-=nix", None, None, None),
        ("tags=甲", "tags", ["vip", "重点"], ["甲"]),
        ("tags=", "tags", ["vip", "重点"], None),
        ("custom.a-b=1=2", "custom.a-b", None, "1=2"),
        ("behaviour.average_spend=1,200.50", "behaviour.average_spend", None, 1200.5),
        ("behaviour.product_kinds+=a", "behaviour.product_kinds", None, ["a"]),
        ("消费行为.购物渠道=线下", "behaviour.channel", None, "offline"),
        ("birth-year=1990", "birth_year", None, "***"),
        ("fan=是", "fan", False, True),
        ("fan=", None, None, None),
        ("founded=2020/1/2", "founded", None, "2020-01-02"),
        ('custom={"a":"b"}', "custom.a", None, "b"),
    ],
)
def test_changes(register, change, field, before, after):
    """Fields are set, cleared, added to and taken from; parts and keys of groups one by one."""
    done = register(["customer", "set", "KH1", change, "-o", "jsonl"])
    assert done.exit_code == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    expected = {"id": "C-000001", "field": field, "before": before, "after": after}
    wanted = {name: value for name, value in expected.items() if value is not None}
    assert rows == ([wanted] if field else [])
    assert done.stderr.startswith(
        "1 customer changed, 0" if field else "0 customers changed, 1 unchanged; nothing"
    )


def test_groups_are_taken_out_by_their_first_field(register):
    """An element of a list of groups is taken out whole, or by its first field."""
    register("customer ledger add KH1 --item x --amount 9")
    first, others = '{"item":"a","amount":1}', '[{"item":"b","amount":2},{"item":"c","amount":3}]'
    register(["customer", "ledger", "set", "FE-000001", f"added+={first}", f"added+={others}"])
    done = register(["customer", "ledger", "set", "FE-000001", "added-=a", 'added-={"item":"c","amount":3}'])
    assert done.exit_code == 0, done.stderr
    shown = json.loads(register("customer ledger show FE-000001 -o json").stdout)
    assert shown["added"] == [{"item": "b", "amount": 2}]


def test_last_part_takes_the_group_with_it(register):
    """When nothing is left in a group or map, the document holds none."""
    register("customer set C-000002 custom.colour= behaviour.channel=")
    assert stored(register, "C-000002").keys() == {"id", "name", "kind", "region", "fan", "state"}
    assert register("customer count --where 'known(behaviour)'").stdout == "0\n"


def test_all_bad_values_at_once(register):
    """Whatever is wrong in itself is listed before any record is looked at."""
    line = (
        'customer set C-9 ownr=1 birth_year=12 kind=z name= \'needs={"product":"王","x":1}\' tags+= tags-= '
        "region.x=3 custom.=4 behaviour.chan=1 id=C-2 schema=3 behaviour.average_spend=x name+=y fan=maybe"
    )
    assert register(line) == (
        5,
        "",
        "ownr: '***': no such field; did you mean owner?\n"
        "birth_year: '***': expected a number >= 1900\n"
        "kind: 'z': expected one of company (法人), person (自然人)\n"
        "name: is required, so it cannot be cleared\n"
        'needs: \'{"product":"王","x":1}\': x: no such field\n'
        "tags: names nothing to add\n"
        "tags: names nothing to take out\n"
        "region.x: '***': has no parts; only maps and groups of fields take a dot\n"
        "custom.: '***': names no key; write it behind the dot\n"
        "behaviour.chan: '***': no such field; did you mean channel?\n"
        "id: 'C-2': cannot be set: an id never changes\n"
        "schema: '3': cannot be set: it belongs to the program\n"
        "behaviour.average_spend: 'x': expected a number such as 1234.50\n"
        "name: 'y': is no list, so += has nothing to work on; use =\n"
        "fan: 'maybe': expected yes or no (是 or 否)\n"
        "cskit: 15 values do not fit; nothing was saved\n"
        "`cskit customer add --help` lists the fields\n",
    )


def test_what_would_break_a_record(register):
    """A change that leaves some of the records incomplete names each, and changes none."""
    register('customer set C-000001 \'consent={"date":"2026-01-01","scope":"all"}\'')
    assert register("customer set C-000001 C-000002 C-000003 consent.date=2026-02-02") == (
        5,
        "",
        'C-000002 consent: \'{"date":"2026-02-02"}\': needs scope\n'
        'C-000003 consent: \'{"date":"2026-02-02"}\': needs scope\n'
        "cskit: 2 values do not fit; nothing was saved\n",
    )
    assert stored(register, "C-000001")["consent"]["date"] == "2026-01-01"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["C-000001"], "what is to change?"),
        (["owner=S-1"], "which customers?"),
        (["C-000001", "=3"], "'=3' is not a change"),
        (["C-000001", "owner", "=", "3"], "'=' is not a change"),
        (["C-000001", "note=1", "备注=2"], "备注 is given twice"),
    ],
    ids=["no-change", "no-ids", "no-field", "spaces", "twice"],
)
def test_bad_command_lines(register, words, message):
    """A command line that cannot be understood is wrong usage."""
    done = register(["customer", "set", *words])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.splitlines()[0] == f"cskit: {message}"


def test_missing_ids(register):
    """Ids that mean nothing are all named, and none of the others is changed."""
    assert register("customer set C-000001 C-8 C-9 owner=S-1") == (
        3,
        "",
        "cskit: no customer C-8, C-9\n`cskit customer list` shows those there are\n",
    )
    assert "owner" not in stored(register, "C-000001")


def test_nothing_to_change_leaves_no_trace(register, tmp_path):
    """Records that are so already are not rewritten, and the history has no entry."""
    before = register("log").stdout, (tmp_path / "data" / "customers.json").read_bytes()
    assert register("customer set KH1 region=华东 tags+=vip") == (
        0,
        "",
        "0 customers changed, 1 unchanged; nothing to save\n",
    )
    assert (register("log").stdout, (tmp_path / "data" / "customers.json").read_bytes()) == before


def test_many_records_are_one_entry(register):
    """However many records change, one entry holds them all, and one undo takes them all back."""
    register("customer set C-000001 C-000002 C-000003 owner=S-7 --reason 'new team'")
    first = register("log --limit 1").stdout.splitlines()[-1]
    assert re.search(r"customer set +3 customers +new team$", first)
    assert register("undo --yes").exit_code == 0
    assert register("customer count --where 'known(owner)'").stdout == "0\n"


def test_keys_of_others_survive(register):
    """A key that the record type does not know, such as a newer plugin's, is kept."""
    from pathlib import Path

    from cskit.store.folder import open_store

    folder = Path("data")
    with open_store(folder).transaction(origin()) as tx:
        raw = tx.get("customers", 3)
        tx.replace("customers", 3, raw[:-1] + b',"loyalty":{"points":3}}')
    assert register("customer set C-000003 region=西南 custom.a=1").exit_code == 0
    kept = open_store(folder).reading().get("customers", 3)
    assert json.loads(kept) == {
        "id": "C-000003",
        "name": "Aurora",
        "region": "西南",
        "potential_volume": "1200.50",
        "custom": {"a": "1"},
        "loyalty": {"points": 3},
    }


def origin():
    """Return who changes something behind the commands' back."""
    import datetime as dt

    from cskit.store.protocol import Origin

    return Origin(time=dt.datetime(2026, 11, 22, tzinfo=dt.UTC), user="test", command="test")


def test_references(register):
    """References may be given as external keys; one that means nobody is refused."""
    done = register("customer order set O-000002 customer=KH1 referred_by=C-000003 -o csv")
    assert done.stdout == (
        "id,field,before,after\nO-000002,customer,C-000002,C-000001\nO-000002,referred_by,,C-000003\n"
    )
    assert register("customer order set O-000001 customer=nix referred_by=nemo") == (
        5,
        "",
        "customer: 'nix': no customer has this id or external key\n"
        "referred_by: 'nemo': no customer has this id or external key\n"
        "cskit: 2 values do not fit; nothing was saved\n",
    )


def test_external_keys_mean_one_record(register):
    """Two records cannot get the same external key, nor one that is taken."""
    assert register("customer set C-000002 C-000003 key=K5") == (
        4,
        "",
        "cskit: the external key K5 would mean two of customers: C-000002 and C-000003\n"
        "give one of them another key\n",
    )
    assert register("customer set C-000002 key=KH1").exit_code == 4


def test_fields_a_workflow_keeps(cases):
    """A state that a workflow keeps is changed by its command, not by `set`."""
    cases("case add broken")
    assert cases("case set CP-001 state=closed minutes=-1") == (
        5,
        "",
        "state: 'closed': is kept by `case close`; use that command\n"
        "minutes: '-1': expected a number >= 0\n"
        "cskit: 2 values do not fit; nothing was saved\n"
        "`cskit case add --help` lists the fields\n",
    )


def test_where(register):
    """--where chooses the records; with ids, among them."""
    assert register("customer set --where 'known(region)' owner=S-1").stderr.startswith("2 customers changed")
    done = register("customer set C-000001 C-000003 --where 'known(region)' owner=S-2")
    assert done.stderr.startswith("1 customer changed")
    assert register("customer set --where 'region == \"西北\"' owner=S-1") == (
        0,
        "",
        "0 customers changed, 0 unchanged; nothing to save\n",
    )


def test_empty_pipe_means_nothing(register):
    """`-` with nothing on stdin changes nothing, also beside a --where that would match."""
    done = register("customer set - --where 'known(region)' owner=S-1", input="")
    assert done == (0, "", "0 customers changed, 0 unchanged; nothing to save\n")


def test_from_a_pipe(register):
    """What `list` prints can be piped into `set`."""
    listed = register("customer list --where 'known(region)' -o jsonl").stdout
    assert register("customer set - owner=S-1", input=listed).stderr.startswith("2 customers changed")


@pytest.fixture
def crowd(office):
    """Return a `run` for an office with 101 customers."""
    rows = "\n".join(f'{{"name":"{number}"}}' for number in range(101))
    assert office("customer import -", input=rows).exit_code == 0
    return office


def test_many_by_where_need_a_yes(crowd):
    """Over 100 records by --where are not changed unasked where nobody can be asked."""
    line = "customer set --where 'known(name)' owner=S-1"
    assert crowd(line) == (
        2,
        "",
        "cskit: to change 101 customers needs a yes, and there is nobody to ask\nsay --yes if you mean it\n",
    )
    assert crowd("customer set --where 'name != \"7\"' owner=S-1").stderr.startswith("100 customers changed")
    assert crowd(f"{line} --yes").stderr.startswith("1 customer changed, 100 unchanged")


def test_many_by_id_need_none(crowd):
    """Records that were named one by one were meant one by one."""
    listed = crowd("customer list -o jsonl").stdout
    assert crowd("customer set - owner=S-1", input=listed).stderr.startswith("101 customers changed")
