"""`add`: one positional, an option for each field, every bad value at once, ids and references."""

from __future__ import annotations

import json

import pytest

from cskit.store.folder import open_store
from cskit.store.tinydb import FolderTinyDB


def test_prints_the_bare_id(office):
    """The new id stands alone on stdout, so that a script can keep it; what was saved is said on stderr."""
    assert office("customer add 海风贸易") == (
        0,
        "C-000001\n",
        "customer added; saved as 1 (`cskit undo` takes it back)\n",
    )
    assert office("customer add 林小满 --quiet") == (0, "C-000002\n", "")


def test_json_prints_the_record(office):
    """With -o json the whole record is printed, as `show` would."""
    added = office("customer add 海风贸易 --fan -o json")
    assert added.stdout == office("customer show C-000001 -o json").stdout
    assert json.loads(added.stdout) | {"rev": ""} == {
        "id": "C-000001",
        "name": "海风贸易",
        "fan": True,
        "state": "active",
        "rev": "",
    }


@pytest.mark.parametrize(
    ("options", "field", "value"),
    [
        ("--phone 13800000577", "phone", "138****0577"),
        ("--kind 自然人", "kind", "person"),
        ("--kind PERSON", "kind", "person"),
        ("--founded 2026年1月2日", "founded", "2026-01-02"),
        ("--potential-volume 1,200.50", "potential_volume", 1200.5),
        ("--birth-year １９９０", "birth_year", "***"),
        ("--uses-competitor", "uses_competitor", True),
        ("--no-uses-competitor", "uses_competitor", False),
        ("--tags 'vip；重点' --tags 老", "tags", ["vip", "重点", "老"]),
        ("--custom colour=red --custom 'a b=c=d'", "custom", {"a b": "c=d", "colour": "red"}),
        ("--behaviour '{\"average_spend\":12.5}'", "behaviour", {"average_spend": 12.5}),
        ("--note ''", "note", None),
        ("--note '=1+1'", "note", "=1+1"),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)  # fmt: skip
def test_options_of_every_kind(office, options, field, value):
    """Each kind of field takes what people write; an empty option is as good as none."""
    added = office(f"customer add x {options} -o jsonl")
    assert added.exit_code == 0, added.stderr
    assert json.loads(added.stdout).get(field) == value


def test_options_of_a_list_of_groups(register):
    """Each option is one group, or several in brackets."""
    words = ["--added", '{"item":"a","amount":1}', "--added", '[{"item":"b","amount":"2.50"}]']
    added = register(
        ["customer", "ledger", "add", "KH1", "--item", "x", "--amount", "9", *words, "-o", "json"]
    )
    assert json.loads(added.stdout)["added"] == [{"item": "a", "amount": 1}, {"item": "b", "amount": 2.5}]


def test_all_bad_values_at_once(office):
    """Whatever cannot be read, is out of range, incomplete or not an id is listed, and nothing is saved."""
    line = (
        "customer add x --kind foo --birth-year 12 --founded 2026-02-30 --usage-depth x "
        '--potential-volume 1,2 --custom a --needs \'{"nam":"x"}\' --consent \'{"scope":""}\' --id \'a b\''
    )
    assert office(line) == (
        5,
        "",
        "kind: 'foo': expected one of company (法人), person (自然人)\n"
        "founded: '2026-02-30': no such day in the calendar\n"
        "usage_depth: 'x': expected a whole number\n"
        "potential_volume: '1,2': expected a number such as 1234.50\n"
        "custom: 'a': expected KEY=TEXT\n"
        "id: 'a b': an id may not hold spaces, quotes, commas, semicolons, = or \\\n"
        "birth_year: '***': expected a number >= 1900\n"
        'needs: \'{"nam":"x"}\': nam: no such field\n'
        'consent: \'{"scope":""}\': scope: must not be empty\n'
        "cskit: 9 values do not fit; nothing was saved\n",
    )
    assert office("customer count").stdout == "0\n"


def test_bad_references_beside_bad_values(register):
    """References that name nobody are listed together with what is wrong in itself; the date is missing."""
    assert register("customer order add K9 --amount 12,5 --referred-by K8") == (
        5,
        "",
        "amount: '12,5': expected a number such as 1234.50\n"
        "customer: 'K9': no customer has this id or external key\n"
        "referred_by: 'K8': no customer has this id or external key\n"
        "date: is required\n"
        "cskit: 4 values do not fit; nothing was saved\n",
    )


@pytest.mark.parametrize("name", ["C-000001", "KH1"], ids=["by-id", "by-external-key"])
def test_references(register, name):
    """A reference may be an id of ours or an external key; what is kept is the id."""
    added = register(f"customer order add {name} --date 2026-11-22 --referred-by {name} -o jsonl")
    assert added.exit_code == 0
    kept = json.loads(added.stdout)
    assert (kept["customer"], kept["referred_by"]) == ("C-000001", "C-000001")


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ("''", "id: an id has 1 to 64 characters"),
        (f"{'x' * 65}", f"id: '{'x' * 57}…': an id has 1 to 64 characters"),
        ("-- -x", ""),
        ("'{x'", "id: '{x': an id may not begin with {"),
        ("'[x'", "id: '[x': an id may not begin with ["),
        ("a=b", "id: 'a=b': an id may not hold spaces, quotes, commas, semicolons, = or \\"),
        ("'a;b'", "id: 'a;b': an id may not hold spaces, quotes, commas, semicolons, = or \\"),
        ("a\u200bb", "id: 'a\u200bb': an id may not hold spaces, quotes, commas, semicolons, = or \\"),
    ],
    ids=["empty", "long", "dash", "brace", "bracket", "equals", "semicolon", "invisible"],
)
def test_bad_ids(office, own, said):
    """An id that could not be typed, piped or split again is refused."""
    result = office(f"customer add x --id {own}") if said else office(["customer", "add", "x", "--id", "-x"])
    shown = said or "id: '-x': an id may not begin with -"
    assert result == (5, "", f"{shown}\ncskit: 1 value does not fit; nothing was saved\n")


def test_own_id_moves_the_numbers(office):
    """After a chosen C-000500 the next number is 501; an id of another form moves nothing."""
    assert office("customer add a --id C-000500").stdout == "C-000500\n"
    assert office("customer add b --id ACME").stdout == "ACME\n"
    assert office("customer add c").stdout == "C-000501\n"
    assert office("customer add d --id C-000007").stdout == "C-000007\n"
    assert office("customer add e").stdout == "C-000502\n"


def test_taken_id(register):
    """An id that is taken is a conflict, and says how to get another."""
    assert register("customer add x --id C-000002") == (
        4,
        "",
        "cskit: customer C-000002 exists already\nleave out --id to get the next number\n",
    )


def test_taken_external_key(register):
    """An external key means one record only."""
    assert register("customer add x --key KH1") == (
        4,
        "",
        "cskit: the external key KH1 would mean two of customers: C-000001 and C-000004\n"
        "give one of them another key\n",
    )


@pytest.mark.parametrize("name", ["", "  "], ids=["empty", "blank"])
def test_title_must_hold_something(office, name):
    """A required title that is empty or blank is refused in the same words."""
    assert office(["customer", "add", name]) == (
        5,
        "",
        "name: must not be empty\ncskit: 1 value does not fit; nothing was saved\n",
    )


def test_unknown_option(office):
    """A misspelt option suggests the right one."""
    assert office("customer add x --phon 1") == (
        2,
        "",
        "Usage: cskit customer add [OPTIONS] NAME\n"
        "cskit: No such option '--phon'. (Did you mean one of: '--owner', '--phone'?)\n"
        "Try 'cskit customer add --help' for help.\n",
    )


def test_text_that_begins_with_a_dash(office):
    """A text that looks like an option is explained, and `--` lets it through."""
    assert office("customer add -5%") == (
        2,
        "",
        "Usage: cskit customer add [OPTIONS] NAME\n"
        "cskit: No such option '-5'.\n"
        "For text that begins with -, put -- before it: cskit customer add … -- '-…'\n"
        "Try 'cskit customer add --help' for help.\n",
    )
    assert office("customer add -- -5%").stdout == "C-000001\n"
    assert office("customer list -o csv --fields name").stdout == "name\n'-5%\n"


def test_help_shows_what_is_required_and_what_groups_hold(office):
    """The help's example can be typed; required fields say so, groups and lists say what they take."""
    page = office("customer order add --help").stdout
    assert "    cskit customer order add C-000001 --date 2026-11-22\n" in page
    assert "  --date DATE                     Date 订单日期 [required]\n" in page
    page = office("customer add --help").stdout
    assert "  --consent JSON                  Consent 个人信息授权: date, scope\n" in page
    assert "  --fan / --no-fan                Fan 粉丝客户\n" in page
    assert "--state active|lost|closed" in page


def test_fields_a_workflow_keeps_have_no_option(cases):
    """A state that a workflow keeps cannot be given when a record is added."""
    assert cases("case add broken --state closed").exit_code == 2
    assert cases("case add broken --minutes 5").stdout == "CP-001\n"
    assert "Effort (minutes) 工时" in cases("case add --help").stdout


def test_reason_is_kept(office):
    """--reason stands in the history."""
    office("customer add x --reason '展会名片'")
    assert "展会名片" in office("log").stdout


def test_generated_ids_skip_names(office, tmp_path):
    """A generated id is nobody's id or external key, whoever made those records."""
    store = open_store(tmp_path / "data")
    FolderTinyDB(store, "customers", "li").insert({"id": "C-000001", "name": "a"})
    assert office("customer add b").stdout == "C-000002\n"
    assert office("customer add c --key C-000004").exit_code == 0
    assert office("customer add d").stdout == "C-000005\n"


def test_own_id_that_is_a_key(office):
    """An id of one's own may not be another record's external key."""
    assert office("customer add a --key K").exit_code == 0
    assert office("customer add b --id K").exit_code == 4


def test_fields_that_fill_themselves(register):
    """An activity is noted for now, and for who acts by the settings, unless something else is said."""
    register("config set staff.wang S-007")
    line = "customer activity add KH1 --now 2026-11-28T10:00 --user"
    for rest in ("wang", "li", "wang --at 2026-11-01T08:00 --staff S-1"):
        assert register(f"{line} {rest}").exit_code == 0
    assert register("customer activity list --fields id,at,staff -o csv").stdout == (
        "id,at,staff\n"
        "AC-000001,2026-11-28T02:00:00Z,S-007\n"
        "AC-000002,2026-11-28T02:00:00Z,\n"
        "AC-000003,2026-11-01T00:00:00Z,S-1\n"
    )
    said = register("customer activity add --help").stdout
    assert "At 跟进时间 [now]" in said
    assert "Staff 跟进人 [who acts]" in said


def test_files_say_when(register):
    """What fills itself at the keyboard is required of a file, whose rows are of other days."""
    done = register("customer activity import -", input='{"customer":"KH1","mode":"phone"}\n')
    assert (done.exit_code, done.stdout) == (5, "")
    assert done.stderr.startswith("line 1, at: is required\n")
