"""`merge`: records that turn out to be one; what pointed to them points to the one that stays."""

from __future__ import annotations

import datetime as dt
import json
import sys
from typing import Annotated

import pytest

import cskit_customers
from cskit import RecordType
from cskit.records import Record, field
from cskit.store.folder import open_store
from cskit.store.protocol import Origin
from cskit.testing import department


@pytest.fixture
def doubles(office):
    """Return a `run` for a register in which one customer stands three times, with four orders."""
    for line in (
        "customer add 海风贸易 --kind company --phone 13800000577 --tags 'vip;重点'",
        "customer add 海风贸易公司 --phone 13900001111 --email a@b.cn --tags '重点;old' --key KH2 --fan",
        "customer add 海风 --key KH3 --custom colour=blue",
        "customer add Aurora",
        "customer set C-000001 behaviour.frequency=weekly custom.size=L",
        "customer set C-000002 behaviour.frequency=daily behaviour.channel=online custom.colour=red",
        "customer set C-000002 behaviour.product_kinds=净水器 state=closed left_on=2026-11-20",
        "customer order add C-000001 --date 2026-11-20",
        "customer order add KH2 --date 2026-11-20 --amount 12.50",
        "customer order add KH3 --date 2026-11-21",
        "customer order add C-000004 --date 2026-11-22 --referred-by KH3",
    ):
        done = office(line)
        assert done.exit_code == 0, done.stderr
    return office


def test_merged(doubles):
    """Orders move, gaps are filled in the order given, what gave way is listed, one undo takes it back."""
    exports = ("customer export", "customer order export")
    before = [doubles(line).stdout for line in exports]
    assert doubles("customer merge C-000001 KH2 C-000003 --yes --fields id,field,before,after -o csv") == (
        0,
        "id,field,before,after\n"
        "C-000001,key,,KH2\n"
        "C-000001,email,,***@b.cn\n"
        "C-000001,tags,vip; 重点,vip; 重点; old\n"
        "C-000001,behaviour.product_kinds,,净水器\n"
        "C-000001,behaviour.channel,,online\n"
        "C-000001,custom.colour,,red\n"
        "O-000002,customer,C-000002,C-000001\n"
        "O-000003,customer,C-000003,C-000001\n"
        "O-000004,referred_by,C-000003,C-000001\n"
        "C-000002,name,海风贸易公司,海风贸易\n"
        "C-000002,phone,139****1111,138****0577\n"
        "C-000002,fan,true,false\n"
        "C-000002,state,closed,active\n"
        "C-000002,left_on,2026-11-20,\n"
        "C-000002,behaviour.frequency,daily,weekly\n"
        "C-000003,key,KH3,KH2\n"
        "C-000003,name,海风,海风贸易\n"
        "C-000003,custom.colour,blue,red\n",
        "9 values were dropped, they stand beside the ids of their records\n"
        "KH3 is no key any more: an import that names it makes a new record; let it name C-000001\n"
        "2 customers merged into C-000001, 3 orders moved; saved as 12 (`cskit undo` takes it back)\n",
    )
    assert doubles("customer list --fields id,key -o jsonl").stdout == (
        '{"id":"C-000001","key":"KH2"}\n{"id":"C-000004"}\n'
    )
    assert doubles("data verify").exit_code == 0
    assert doubles("undo --yes").exit_code == 0
    assert [doubles(line).stdout for line in exports] == before


def test_shown_as_a_table(doubles):
    """What a person sees has the columns of `set`."""
    assert doubles("customer order set O-000004 referred_by=").exit_code == 0
    assert doubles("customer merge C-000004 KH3 --yes").stdout == (
        "ID        Field          Before    After\n"
        "--------  -------------  --------  --------\n"
        "C-000004  key                      KH3\n"
        "C-000004  custom.colour            blue\n"
        "O-000003  customer       C-000003  C-000004\n"
        "C-000003  name           海风      Aurora\n"
    )


def test_no_fill(doubles):
    """With --no-fill the kept record takes an external key only; all else is listed as dropped."""
    done = doubles("customer merge C-000004 C-000002 --yes --no-fill -o jsonl")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["id"], line["field"], line.get("before"), line.get("after")) for line in lines] == [
        ("C-000004", "key", None, "KH2"),
        ("O-000002", "customer", "C-000002", "C-000004"),
        ("C-000002", "name", "海风贸易公司", "Aurora"),
        ("C-000002", "phone", "139****1111", None),
        ("C-000002", "email", "***@b.cn", None),
        ("C-000002", "tags", ["重点", "old"], None),
        ("C-000002", "fan", True, False),
        ("C-000002", "state", "closed", "active"),
        ("C-000002", "left_on", "2026-11-20", None),
        (
            "C-000002",
            "behaviour",
            {"frequency": "daily", "product_kinds": ["净水器"], "channel": "online"},
            None,
        ),
        ("C-000002", "custom", {"colour": "red"}, None),
    ]
    assert json.loads(doubles("customer show C-000004 -o json --fields name,phone").stdout) == {
        "name": "Aurora"
    }


def test_the_key_goes_on_meaning_the_customer(doubles):
    """A key that the kept record took names it in the next import; where it had its own, that stays."""
    doubles("customer merge C-000001 KH2 --yes")
    rows = '{"key":"KH2","region":"华东"}\n'
    assert "1 changed" in doubles("customer import -", input=rows).stderr
    done = doubles("customer merge KH3 C-000001 --yes")
    assert done.stderr.splitlines()[1] == (
        "KH2 is no key any more: an import that names it makes a new record; let it name C-000003"
    )
    assert doubles("customer show C-000003 --fields key -o csv").stdout == "key\nKH3\n"


@pytest.mark.parametrize(("reason", "said"), [("", ""), (" --reason 重复", "重复 ")], ids=["none", "given"])
def test_the_history_leads_on(doubles, reason, said):
    """`log` of a record that is gone names the command, and where it went."""
    doubles(f"customer merge C-000004 KH2 --yes{reason}")
    (line, *_rest) = doubles("log C-000002 --limit 1 -o jsonl").stdout.splitlines()
    entry = json.loads(line)
    way = "C-000002 → C-000004"
    assert (entry["command"], entry["reason"]) == ("customer merge", f"{said}({way})" if said else way)


def test_many_keys_are_counted(office):
    """Of many keys dropped the first are named, and the rest counted; the records are merged in one go."""
    rows = "".join(f'{{"key":"K{number}","name":"a"}}\n' for number in range(8))
    assert office("customer import -", input=rows).exit_code == 0
    assert office("customer merge K0 - --yes", input="\n".join(f"K{n}" for n in range(1, 8))).stderr == (
        "7 values were dropped, they stand beside the ids of their records\n"
        "K1, K2, K3, K4, K5 and 2 more are no keys any more: "
        "an import that names them makes new records; let it name C-000001\n"
        "7 customers merged into C-000001; saved as 2 (`cskit undo` takes it back)\n"
    )
    assert json.loads(office("log --limit 1 -o jsonl").stdout)["reason"] == (
        "C-000002, C-000003, C-000004, C-000005, C-000006, … → C-000001"
    )


def test_many_named_twice_are_counted(office):
    """Of many records that would name the kept one twice the first are named, and the rest counted."""
    office("customer add a")
    office("customer add b")
    row = '{"customer":"C-000001","date":"2026-11-01","referred_by":"C-000002"}'
    office("customer order import -", input="\n".join([row] * 7))
    done = office("customer merge C-000001 C-000002 --yes")
    assert done.exit_code == 4
    assert "O-000005 (customer C-000001, referred_by C-000002) and 2 more would name C-000001 twice\n" in (
        done.stderr
    )


def test_needs_a_yes(doubles):
    """Without a terminal to ask at, --yes is needed."""
    assert doubles("customer merge C-000001 KH2 KH3") == (
        2,
        "",
        "cskit: to merge 2 customers into C-000001 needs a yes, and there is nobody to ask\n"
        "say --yes if you mean it\n",
    )


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ("merge C-000002 KH3 KH2 --yes", 2, "C-000002 cannot become part of itself"),
        ("merge KH2 C-000002 --yes", 2, "C-000002 cannot become part of itself"),
        ("merge C-000001 C-8 C-9", 3, "no customer C-8, C-9"),
        ("merge C-9 KH2 --yes", 3, "no customer C-9"),
        (
            "merge C-000004 KH3 --yes",
            4,
            "cannot merge: order O-000004 (customer C-000004, referred_by C-000003) "
            "would name C-000004 twice",
        ),
    ],
    ids=["itself", "itself-by-key", "missing", "keep-missing", "twice"],
)
def test_refused(doubles, line, code, message):
    """What makes no sense is refused, and nothing changes."""
    before = doubles("customer order export").stdout
    done = doubles(f"customer {line}")
    assert (done.exit_code, done.stdout, done.stderr.splitlines()[0]) == (code, "", f"cskit: {message}")
    assert doubles("customer order export").stdout == before
    assert doubles("customer count").stdout == "4\n"


def test_twice_has_a_way_out(doubles):
    """Where a record would name the kept one twice, the message is the command that clears one of them."""
    done = doubles("customer merge C-000004 KH3 --yes")
    hint = "clear that first: cskit customer order set O-000004 referred_by="
    assert done.stderr.splitlines()[1] == hint
    assert doubles(hint.partition("cskit ")[2]).exit_code == 0
    assert doubles("customer merge C-000004 KH3 --yes").exit_code == 0


def test_dry_run(doubles):
    """--dry-run shows every record that would change, asks nobody and saves nothing."""
    done = doubles("customer merge C-000001 KH2 --dry-run -o jsonl")
    changed = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 0
    assert [(line["id"], line["change"]) for line in changed] == [
        ("C-000001", "changed"),
        ("O-000002", "changed"),
        ("C-000002", "removed"),
    ]
    assert doubles("customer count").stdout == "4\n"


def test_in_a_batch(doubles):
    """Later lines of a batch see the merged record, and one undo takes all of it back."""
    lines = "customer merge C-000001 KH2\ncustomer merge KH2 KH3\ncustomer set KH2 region=华东\n"
    assert doubles("batch - --yes -q", input=lines).exit_code == 0
    assert doubles("customer show C-000001 --fields key,region,email -o csv").stdout == (
        "key,region,email\nKH2,华东,***@b.cn\n"
    )
    assert doubles("undo --yes -q").exit_code == 0
    assert doubles("customer count").stdout == "4\n"


def test_nothing_piped_in(doubles):
    """`-` with nothing on stdin merges nothing."""
    assert doubles("customer merge C-000001 - --yes", input="\n") == (
        0,
        "",
        "0 customers merged into C-000001; nothing to save\n",
    )


def test_from_a_pipe(doubles):
    """Ids come from a pipe as well."""
    found = doubles("customer list --where 'startswith(name, \"海风\") and known(key)' -o jsonl").stdout
    assert doubles("customer merge C-000001 - --yes -q", input=found).exit_code == 0
    assert doubles("customer count").stdout == "2\n"


def test_a_table_of_nobody(doubles, tmp_path):
    """With records that no plugin knows, which might point to these, nothing is merged."""
    (tmp_path / "data" / "visits.json").write_text('{"visits": {"1": {"id": "V-1", "customer": "C-000002"}}}')
    done = doubles("customer merge C-000001 KH2 --yes")
    assert (done.exit_code, doubles("customer count").stdout) == (6, "4\n")
    assert "no loaded plugin knows the table visits" in done.stderr


def rewrite(folder, table, number, before, after):
    """Change a stored document as another program would that uses the same store."""
    store = open_store(folder)
    asked = Origin(time=dt.datetime(2026, 11, 22, tzinfo=dt.UTC), user="x", command="x")
    with store.transaction(asked) as tx:
        raw = tx.get(table, number)
        assert before in raw
        tx.replace(table, number, raw.replace(before, after))


def test_keys_that_no_plugin_knows(doubles, tmp_path):
    """What a newer plugin keeps beside the fields is kept as well, the kept record's own first."""
    folder = tmp_path / "data"
    rewrite(folder, "customers", 1, b'"name"', b'"level":1,"name"')
    rewrite(folder, "customers", 3, b'"name"', b'"level":3,"route":"north","name"')
    assert doubles("customer merge C-000001 KH3 --yes").exit_code == 0
    kept = json.loads(open_store(folder).reading().get("customers", 1))
    assert (kept["level"], kept["route"]) == (1, "north")


def test_a_document_that_would_not_fit(doubles, tmp_path):
    """A record that cannot be changed as it is stored is named, and nothing is saved."""
    file = tmp_path / "data" / "orders.json"
    file.write_text(file.read_text().replace('"amount":"12.50"', '"amount":"much"'))
    done = doubles("customer merge C-000001 KH2 --yes")
    assert (done.exit_code, doubles("customer count").stdout) == (5, "4\n")
    assert "O-000002" in done.stderr


class Site(Record, kw_only=True, frozen=True):
    """A site, perhaps part of another, whose state a workflow keeps."""

    name: Annotated[str, field("Name", "名称", min_length=1)]
    parent: Annotated[str, field("Part of", "上级", ref="sites")] | None = None
    state: Annotated[str, field("State", "状态", owner="site close")] | None = None
    grade: Annotated[str, field("Grade", "等级")] | None = None

    def __post_init__(self) -> None:
        if self.grade == "top" and self.parent is not None:
            raise ValueError("a top site is part of none")


@pytest.fixture
def sites(tmp_path, plugin, monkeypatch):
    """Return a `run` for an office with sites that may be parts of each other."""
    monkeypatch.setitem(sys.modules, "crud_sites", sys.modules[Site.__module__])
    kind = RecordType(
        command="site",
        table="sites",
        model="crud_sites:Site",
        number="S-{:03d}",
        singular="site",
        plural="sites",
        zh="站点",
        title="name",
        columns=("id", "name", "parent"),
    )
    return department(
        tmp_path / "data",
        "site add a",
        "site add b --parent S-001",
        "site add c --parent S-002",
        plugins={"sites": plugin(record_types=lambda: [kind]), "customers": cskit_customers},
    )


def test_within_one_table(sites):
    """Records of the same table move as well; what the merged ones said of each other is dropped."""
    assert sites("site merge S-001 S-002 --yes -o jsonl") == (
        0,
        '{"id":"S-003","field":"parent","before":"S-002","after":"S-001"}\n'
        '{"id":"S-002","field":"name","before":"b","after":"a"}\n'
        '{"id":"S-002","field":"parent","before":"S-001"}\n',
        "2 values were dropped, they stand beside the ids of their records\n"
        "1 site merged into S-001, 1 site moved; saved as 4 (`cskit undo` takes it back)\n",
    )


def test_part_of_itself(sites):
    """A record that would become part of itself is refused, with the way out."""
    assert sites("site merge S-002 S-001 --yes") == (
        4,
        "",
        "cskit: cannot merge: site S-002 (parent S-001) would name itself\n"
        "clear that first: cskit site set S-002 parent=\n",
    )


def test_what_a_workflow_keeps(sites, tmp_path):
    """A field that a workflow keeps is never filled in."""
    rewrite(tmp_path / "data", "sites", 3, b'"name"', b'"state":"closed","name"')
    assert '{"id":"S-003","field":"state","before":"closed"}' in (
        sites("site merge S-001 S-003 --yes -o jsonl").stdout.splitlines()
    )
    assert sites("site list --fields id,state -o jsonl").stdout == '{"id":"S-001"}\n{"id":"S-002"}\n'


def test_what_does_not_go_together(sites):
    """Values that make an invalid record of the kept one are refused, with the way out."""
    sites("site add d --grade top")
    done = sites("site merge S-002 S-004 --yes")
    assert done.exit_code == 5
    assert "a top site is part of none" in done.stderr
    assert "--no-fill leaves the values of the kept record as they are" in done.stderr
    assert sites("site merge S-002 S-004 --yes --no-fill").exit_code == 0
