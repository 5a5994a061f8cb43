"""`import`: files in every form, columns by name or title, all bad rows at once, records found again."""

from __future__ import annotations

import csv
import gc
import io
import json
from pathlib import Path

import pytest

from cskit import cells

NEW_3 = "customers: 3 new, 0 changed, 0 unchanged; saved as 1 (`cskit undo` takes it back)\n"


def names(office):
    """Return id and name of every customer."""
    listed = office("customer list -o jsonl --fields id,name").stdout
    return [tuple(json.loads(line).values()) for line in listed.splitlines()]


# --- forms of files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "options"),
    [
        ("c.csv", "name,region\n甲,华东\n乙,\n丙,华南\n", ""),
        ("c.csv", "\ufeffname;region\r\n甲;华东\r\n乙;\r\n丙;华南\r\n", ""),
        ("c.tsv", "name\tregion\n甲\t华东\n乙\t\n丙\t华南\n", ""),
        ("c.jsonl", '{"name":"甲","region":"华东"}\n{"name":"乙"}\n{"name":"丙","region":"华南"}\n', ""),
        (
            "c.json",
            '[{"name":"甲","region":"华东"},{"name":"乙","region":null},\n{"name":"丙","region":"华南"}]',
            "",
        ),
        ("c.txt", "甲 华东\n乙\n丙 华南\n", "--columns 'name=1-1'"),
        ("c.dat", "name,region\n甲,华东\n乙,\n丙,华南\n", "--format csv"),
        ("c", '{"name":"甲"}\n{"name":"乙"}\n{"name":"丙"}\n', ""),
    ],
    ids=["csv", "csv-semicolons", "tsv", "jsonl", "json", "fixed-width", "named-format", "by-content"],
)
def test_forms(office, name, text, options):
    """csv, tsv, json, jsonl and fixed-width text give the same records; the ending or the content tells."""
    Path(name).write_bytes(text.encode())
    assert office(f"-q customer import {name} {options}") == (0, "", "")
    assert names(office) == [("C-000001", "甲"), ("C-000002", "乙"), ("C-000003", "丙")]


def test_stdin(office):
    """`-` reads the rows from a pipe."""
    assert office("customer import -", input="name,region\n甲,\n乙,\n丙,\n") == (0, "", NEW_3)


def test_what_was_guessed_is_said(office):
    """A delimiter and an encoding that nobody named are told before the counts; -q leaves them out."""
    Path("c.csv").write_bytes("name;region\n甲;华东\n乙;\n丙;华南\n".encode("gb18030"))
    assert office("customer import c.csv") == (
        0,
        "",
        "c.csv: read as GB18030 (--encoding names another)\nc.csv: cells are divided by semicolons\n" + NEW_3,
    )
    assert office("customer import c.csv -q") == (0, "", "")


def test_an_empty_pipe(office):
    """An empty pipe is what a failed command leaves, so it is bad data; --format jsonl lets it pass."""
    said = "cskit: standard input is empty\nwhere no rows are as good as some, say --format jsonl\n"
    assert office("customer import -", input="") == (5, "", said)
    assert office("customer import - --format jsonl", input="").exit_code == 0


def test_gb18030(office):
    """A file from a Chinese Windows program needs no option; a named encoding is taken at its word."""
    Path("g.csv").write_bytes("客户名称,电话\n𠮷野家,138\n".encode("gb18030"))
    assert office("customer import g.csv").exit_code == 0
    assert names(office) == [("C-000001", "𠮷野家")]
    Path("b.csv").write_bytes("客戶,電話\n臺灣,139\n".encode("big5"))
    line = "customer import b.csv --encoding big5 --map 客戶=name --map 電話=phone"
    assert office(line).exit_code == 0
    assert names(office)[1] == ("C-000002", "臺灣")


def test_counts_as_json(office):
    """With -o json a script gets the counts."""
    done = office("customer import - -o json", input="name,region\n甲,\n")
    assert done.stdout == '[\n  {"new":1,"changed":0,"unchanged":0}\n]\n'


@pytest.mark.parametrize("text", ["name\n", "", "[]"], ids=["header", "empty", "empty-array"])
def test_nothing_in_it(office, text):
    """A file without rows changes nothing."""
    Path("c.jsonl" if not text else "c.json" if text == "[]" else "c.csv").write_text(text)
    (file,) = [path for path in Path().iterdir() if path.suffix.startswith((".c", ".j"))]
    assert office(f"customer import {file}") == (
        0,
        "",
        "customers: 0 new, 0 changed, 0 unchanged; nothing to save\n",
    )


@pytest.mark.parametrize(
    ("file", "code", "message"),
    [
        ("nix.csv", 3, "there is no file nix.csv"),
        (".", 2, ". is a folder"),
        ("plain.txt", 2, "plain.txt is text without named columns"),
    ],
)
def test_no_such_file(office, file, code, message):
    """A file that cannot be read is named, and what to do about it."""
    Path("plain.txt").write_text("00004 0001\n")
    done = office(f"customer import {file}")
    assert (done.exit_code, done.stderr.splitlines()[0]) == (code, f"cskit: {message}")


# --- columns -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        "name,kind,custom.colour,behaviour.average_spend,key",
        "Name,KIND,Custom fields.colour,buying behaviour.average spend,External key",
        "客户名称,客户类型,自定义项.colour,消费行为.平均消费金额,外部编号",
        " 客户名称 ,Kind,custom.colour,消费行为.average-spend,key",
    ],
    ids=["names", "english", "chinese", "mixed"],
)
def test_titles(office, header):
    """Columns go by name or by title in either language, with a dot for parts and keys."""
    done = office("customer import -", input=f'{header}\n甲,自然人,red,"1,200.50",KH1\n')
    assert done.exit_code == 0, done.stderr
    record = json.loads(office("customer show KH1 -o json").stdout)
    assert (record["name"], record["kind"], record["custom"]) == ("甲", "person", {"colour": "red"})
    assert record["behaviour"] == {"average_spend": 1200.5}


def test_map(office):
    """--map names the field of a column, or leaves it out; an unknown column says so."""
    text = "客户名,说明,色\n甲,x,red\n"
    assert office("customer import -", input=text) == (
        2,
        "",
        "cskit: no field for the columns '客户名' (did you mean 客户名称?), '说明', '色'\n"
        "say where a column goes with --map 'COLUMN=field', or leave it out with --map 'COLUMN='\n",
    )
    line = "customer import - --map 客户名=name --map 说明= --map 色=custom.colour --set region=华东 -o json"
    assert office(line, input=text).exit_code == 0
    record = json.loads(office("customer show C-000001 -o json").stdout)
    assert (record["name"], record["custom"], record["region"]) == ("甲", {"colour": "red"}, "华东")
    assert "note" not in record


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (
            "张三,13800000577,华东\n李四,13900000577,华北\n",
            2,
            "none of the columns is a field; does the file begin with the names of its columns?\n"
            "such as name,kind,phone; or say where each goes with --map 'COLUMN=field'\n",
        ),
        (
            "13800000577,客户名\n,x\n",
            2,
            "no field for the columns '***', '客户名' (did you mean 客户名称?)\n"
            "say where a column goes with --map 'COLUMN=field', or leave it out with --map 'COLUMN='\n",
        ),
        (
            "a,13800000577,13800000577\n,x,y\n",
            5,
            "standard input: line 1 names '***' more than once\nrename all but one of them\n",
        ),
    ],
    ids=["none", "near", "twice"],
)
def test_a_row_in_the_place_of_names(office, text, code, said):
    """Where a file begins with a row, nobody's number or name is quoted in the place of a column's name."""
    assert office("customer import -", input=text) == (code, "", f"cskit: {said}")


HOW = "write --map 'COLUMN=field', or 'COLUMN=' to leave it out\n"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--map nam", f"--map: 'nam' maps nothing\n{HOW}"),
        ("--map =name", f"--map: '=name' maps nothing\n{HOW}"),
        ("--map a= --map a=name", "--map: 'a' is mapped twice\nsay once where it goes\n"),
        (
            "--map a=nam --map b=",
            "no field for the column 'a' (nam: no such field; did you mean name?)\n"
            "say where a column goes with --map 'COLUMN=field', or leave it out with --map 'COLUMN='\n",
        ),
        (
            "--map a=name --map b=客户名称",
            "two columns, 'a' and 'b', go to the field name\nleave one out with --map 'COLUMN='\n",
        ),
        ("--map a=name --map b= --map c=", "--map: the file has no column 'c'\nit has 'a', 'b'\n"),
        (
            "--map a=name --map b=schema",
            "no field for the column 'b' (schema: it belongs to the program)\n"
            "say where a column goes with --map 'COLUMN=field', or leave it out with --map 'COLUMN='\n",
        ),
        ("--map a=name --map b= --set tags+=x", "--set takes field=value, and tags is given no value\n"),
        ("--map a=name --map b= --set region=", "--set takes field=value, and region is given no value\n"),
    ],
)  # fmt: skip
def test_bad_maps(office, options, said):
    """A mapping that cannot be meant is wrong usage, and nothing is saved."""
    assert office(f"customer import - {options}", input="a,b\n1,2\n") == (2, "", f"cskit: {said}")


def test_set_fills_what_rows_leave_empty(office):
    """--set is the value of rows that give none."""
    assert (
        office(
            "customer import - --set region=华东 --set custom.x=1", input="name,region\n甲,\n乙,华南\n"
        ).exit_code
        == 0
    )
    assert office("customer list -o csv --fields name,region,custom.x").stdout == (
        "name,region,custom.x\n甲,华东,1\n乙,华南,1\n"
    )


def test_bad_set(office):
    """A --set that does not fit is refused before the file is read."""
    assert office("customer import nix.csv --set nam=甲 --set kind=x") == (
        5,
        "",
        "nam: '***': no such field; did you mean name?\n"
        "kind: 'x': expected one of company (法人), person (自然人)\n"
        "cskit: 2 values do not fit; nothing was saved\n",
    )


def test_json_keys_that_come_later(office):
    """A key that only some objects have is a fault of those rows, unless --map leaves it out."""
    text = '{"name":"甲"}\n{"name":"乙","nmae":1}\n{"name":"丙","region":"x"}\n'
    assert office("customer import -", input=text) == (
        5,
        "",
        "line 2, nmae: '***': no such field; did you mean name?; --map 'nmae=' leaves it out\n"
        "cskit: 1 bad row in standard input; nothing was saved\n",
    )
    assert office("customer import - --map nmae=", input=text) == (0, "", NEW_3)


# --- bad rows ----------------------------------------------------------------------------------------------

BAD = """\
客户名称,kind,birth_year,founded,potential_volume,usage_depth,needs,key,fan,id
,company,1990,2026-01-01,1,1,,A1,yes,
b,comp,1990,2026-01-01,1,1,,A2,yes,
c,company,99,2026-01-01,1,1,,A3,yes,
d,company,x,2026-01-01,1,1,,A4,yes,
e,company,1990,2026-02-30,1,1,,A5,yes,
f,company,1990,2026-01-01,"1,2",1,,A6,yes,
g,company,1990,2026-01-01,1,101,,A7,yes,
h,company,1990,2026-01-01,1,1,{bad,A8,yes,
i,company,1990,2026-01-01,1,1,"{""nam"":1}",A9,maybe,
j,company,1990
k,company,1990,2026-01-01,1,1,,A1,yes,
l,company,1990,2026-01-01,1,1,,,yes,a b
,x,1,x,x,x,x,,x,
"""


def test_all_bad_rows_at_once(office):
    """Every bad cell of every row is listed with line, column, value and reason, and nothing is saved."""
    Path("bad.csv").write_text(BAD)
    done = office("customer import bad.csv")
    assert (done.exit_code, done.stdout) == (5, "")
    assert done.stderr == (
        "line 2, 客户名称: is required (also in line 14)\n"
        "line 3, kind: 'comp': expected one of company (法人), person (自然人)\n"
        "line 4, birth_year: '***': expected a number >= 1900 (also in line 14)\n"
        "line 5, birth_year: '***': expected a whole number\n"
        "line 6, founded: '2026-02-30': no such day in the calendar\n"
        "line 7, potential_volume: '1,2': expected a number such as 1234.50\n"
        "line 8, usage_depth: '101': expected a number <= 100\n"
        'line 9, needs: \'{bad\': expected JSON, such as {"product": "…"} '
        "(not JSON: expecting property name enclosed in double quotes at character 2)\n"
        "line 10, fan: 'maybe': expected yes or no (是 or 否)\n"
        "line 10, needs: '{\"nam\":1}': nam: no such field\n"
        "line 11: has 3 cells, but the header names 10\n"
        "line 12: 'A1': is the record of line 2 again\n"
        "line 13, id: 'a b': an id may not hold spaces, quotes, commas, semicolons, = or \\\n"
        "line 14, kind: 'x': expected one of company (法人), person (自然人)\n"
        "line 14, founded: 'x': expected a date such as 2026-11-22\n"
        "line 14, potential_volume: 'x': expected a number such as 1234.50\n"
        "line 14, usage_depth: 'x': expected a whole number\n"
        'line 14, needs: \'x\': expected JSON, such as {"product": "…"} '
        "(not JSON: expecting value at character 1)\n"
        "line 14, fan: 'x': expected yes or no (是 or 否)\n"
        "cskit: 13 bad rows in bad.csv; nothing was saved\n"
        "--problems FILE.xlsx writes them beside your rows\n"
    )
    assert office("customer count").stdout == "0\n"
    assert office("log").stdout == ""


def test_one_fault_in_many_rows(office):
    """A fault that many rows share is said once, with their lines; the rows are still counted."""
    assert office("customer import - --format csv", input="region\n" + "x\n" * 14) == (
        5,
        "",
        "line 2, name: is required (also in lines 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 3 more)\n"
        "cskit: 14 bad rows in standard input; nothing was saved\n"
        "--problems FILE.xlsx writes them beside your rows\n",
    )


def test_no_more_faults_than_anybody_reads(office):
    """Of many different faults the first hundred are listed; the rows are counted all the same."""
    done = office("customer import -", input="name,founded\n" + "".join(f"x,d{n}\n" for n in range(130)))
    lines = done.stderr.splitlines()
    assert lines[99:] == [
        "line 101, founded: 'd99': expected a date such as 2026-11-22",
        "and 30 more",
        "cskit: 130 bad rows in standard input; nothing was saved",
        "--problems FILE.xlsx writes them beside your rows",
    ]


def test_types_of_json(office):
    """JSON keeps its types: a number is no text, and is said to be none."""
    done = office("customer import -", input='{"name":5,"birth_year":"1990","fan":1,"tags":["a",2]}\n')
    assert done.exit_code == 5
    assert [line.partition(": '")[0] for line in done.stderr.splitlines()[:-1]] == [
        "line 1, name",
        "line 1, fan",
        "line 1, tags",
    ]


# --- records found again -----------------------------------------------------------------------------------


def test_the_same_file_again(office):
    """Rows without a name are known again by what they hold; identical rows are as many as there are."""
    text = "customer,date,amount\nKH1,2026-11-01,5\nKH1,2026-11-01,5\nKH1,2026-11-02,5\n"
    office("customer add 甲 --key KH1")
    first = office("customer order import -", input=text)
    assert first.stderr.startswith("orders: 3 new, 0 changed, 0 unchanged; saved as 2")
    again = office("customer order import -", input=text)
    assert again.stderr == "orders: 0 new, 0 changed, 3 unchanged; nothing to save\n"
    longer = office("customer order import -", input=text + "KH1,2026-11-01,5\n")
    assert longer.stderr == (
        "orders: 1 new, 0 changed, 3 unchanged; saved as 3 (`cskit undo` takes it back)\n"
        "1 row is new although 3 were known: corrected rows of a file without ids are added again\n"
    )
    assert len(office("log").stdout.splitlines()) == 2 + 3
    other = office("customer order import -", input=text + "KH1,2026-12-01,5\n" * 4)
    assert "although" not in other.stderr  # more new rows than old ones: this is another file


def test_a_row_changed_since_is_left_alone(office):
    """A record that was changed after its nameless row was imported is not put back by the same file."""
    text = "name,region\n甲,华东\n"
    office("customer import -", input=text)
    office("customer set C-000001 region=西南")
    assert office("customer import -", input=text).stderr.startswith(
        "customers: 0 new, 0 changed, 1 unchanged"
    )
    assert office("customer list --fields region -o csv").stdout == "region\n西南\n"


@pytest.mark.parametrize("column", ["id", "key"])
def test_update(register, column):
    """A row that names a record by id or external key changes what it gives, and leaves the rest."""
    name = {"id": "C-000001", "key": "KH1"}[column]
    done = register("customer import -", input=f"{column},region,tags,custom.x\n{name},西南,,1\nN-1,,,\n")
    assert done.exit_code == 5  # N-1 is new and has no name
    done = register("customer import -", input=f"{column},region,tags,custom.x\n{name},西南,,1\n")
    assert done.stderr.startswith("customers: 0 new, 1 changed, 0 unchanged; saved as 7")
    record = json.loads(register("customer show C-000001 -o json").stdout)
    assert (record["region"], record["tags"], record["custom"]) == ("西南", ["vip", "重点"], {"x": "1"})
    assert record["phone"] == "138****0577"


def test_own_ids(office):
    """Ids of the file's own are kept; generated ones go round them, in whatever order they come."""
    done = office("customer import -", input="id,name\n,甲\nC-000001,乙\nACME,丙\n,丁\nC-000007,戊\n")
    assert done.exit_code == 0, done.stderr
    assert names(office) == [
        ("C-000008", "甲"),
        ("C-000001", "乙"),
        ("ACME", "丙"),
        ("C-000009", "丁"),
        ("C-000007", "戊"),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        ["X-1,,甲", "X-1,,乙"],
        [",K-1,甲", ",K-1,乙"],
        ["C-000001,,甲", ",KH1,乙"],
        [",KH1,甲", "C-000001,,乙"],
    ],
    ids=["new-id", "new-key", "id-and-key", "key-and-id"],
)
def test_two_rows_for_one_record(register, rows):
    """Two rows that mean one record are refused, however they name it."""
    done = register("customer import -", input="id,key,name\n" + "\n".join(rows) + "\n")
    again = rows[1].split(",")[0] or rows[1].split(",")[1]
    assert done == (
        5,
        "",
        f"line 3: '{again}': is the record of line 2 again\n"
        "cskit: 1 bad row in standard input; nothing was saved\n",
    )


def test_taken_key(register):
    """A row that would give a record somebody else's external key is a conflict."""
    done = register("customer import -", input="id,key\nC-000002,KH1\n")
    assert done.exit_code == 4
    assert done.stderr.startswith("cskit: the external key KH1 would mean two of customers")


def test_workflow_fields(cases):
    """A file may bring a record's state, but not change what the workflow keeps."""
    assert cases("case import -", input="content,state\nbroken,closed\nlate,new\n").exit_code == 0
    assert cases("case import -", input="id,state,minutes\nCP-001,closed,5\nCP-002,closed,5\n") == (
        5,
        "",
        "line 3, state: 'closed': is kept by `case close`; use that command\n"
        "cskit: 1 bad row in standard input; nothing was saved\n",
    )


# --- revisions ---------------------------------------------------------------------------------------------


def exported(register, form="csv"):
    """Return the customers as exported."""
    return register(f"customer export -o {form}").stdout


@pytest.mark.parametrize("form", ["csv", "json", "jsonl"])
def test_unchanged_export_changes_nothing(register, form):
    """What was exported and comes back as it was changes nothing."""
    for noun, count in (("customer", 3), ("customer order", 2)):
        text = register(f"{noun} export -o {form}").stdout
        done = register(f"{noun} import - --format {form}", input=text)
        assert done.stderr == f"{noun.split()[-1]}s: 0 new, 0 changed, {count} unchanged; nothing to save\n"


def test_edited_export(register):
    """What was edited in an export is changed, and only that; an emptied cell clears."""
    rows = list(csv.DictReader(io.StringIO(exported(register))))
    rows[0] |= {"region": "西南", "phone": "", "tags": "老"}
    rows[1] |= {"custom": '{"size":"40"}'}
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    before = [json.loads(line) for line in exported(register, "jsonl").splitlines()]
    assert register("customer import -", input=out.getvalue()).stderr.startswith(
        "customers: 0 new, 2 changed, 1 unchanged"
    )
    after = [json.loads(line) for line in exported(register, "jsonl").splitlines()]
    assert after[0].pop("rev") != before[0].pop("rev")
    del before[0]["phone"]
    assert after[0] == before[0] | {"region": "西南", "tags": ["老"]}
    assert after[1]["custom"] == {"size": "40"}  # with its revision, a cell is all that the map holds
    assert after[2] == before[2]


def test_null_clears_with_a_revision(register):
    """In JSON, null clears where the row carries a revision; a key that is not there says nothing."""
    row = json.loads(exported(register, "jsonl").splitlines()[0])
    del row["region"]
    done = register("customer import -", input=json.dumps(row | {"phone": None}))
    assert done.stderr.startswith("customers: 0 new, 1 changed")
    record = json.loads(register("customer show KH1 -o json").stdout)
    assert ("phone" in record, record["region"]) == (False, "华东")


def test_empty_cells_without_a_revision(register):
    """Without a revision an empty cell means that the file does not know."""
    done = register("customer import -", input="key,phone,region\nKH1,,\n")
    assert done.stderr.startswith("customers: 0 new, 0 changed, 1 unchanged")


def test_stale_rows(register):
    """Rows that would undo what was changed since they were exported are all named, and nothing is saved."""
    text = exported(register).replace("C-000003,,Aurora", "C-000003,,Borealis")
    text = text.replace("海风贸易", "海风").replace("林小满", "林大满")
    register("customer set KH1 C-000002 owner=S-1")
    assert register("customer import -", input=text) == (
        4,
        "",
        "line 2: 'C-000001': was changed since this file was exported\n"
        "line 3: 'C-000002': was changed since this file was exported\n"
        "cskit: 2 bad rows in standard input; nothing was saved\n"
        "export again and repeat your changes in the new file\n",
    )
    assert names(register)[2] == ("C-000003", "Aurora")
    assert register("customer import - --map rev=", input=text).stderr.startswith(
        "customers: 0 new, 3 changed"
    )


def test_stale_rows_that_say_what_is_so(register):
    """The same edited file a second time changes nothing and is no conflict."""
    text = exported(register, "jsonl").replace("海风贸易", "海风")
    assert register("customer import -", input=text).exit_code == 0
    assert register("customer import -", input=text).stderr == (
        "customers: 0 new, 0 changed, 3 unchanged; nothing to save\n"
    )


def test_texts_a_spreadsheet_would_run(office, tmp_path):
    """Texts that begin like formulas are guarded in a file and come back as they were."""
    texts = ["=1+1", "'=1+1", "+86 138", "-5%", "@home", "''x", "plain", "a\nb", 'say "hi"', "＝2"]
    rows = "\n".join(json.dumps({"name": text, "tags": [text]}) for text in texts)
    assert office("customer import -", input=rows).exit_code == 0
    assert office("customer export --out c.csv").exit_code == 0
    assert "'=1+1" in Path("c.csv").read_text(encoding="utf-8-sig")
    assert office("customer import c.csv").stderr.startswith(
        f"customers: 0 new, 0 changed, {len(texts)} unchanged"
    )
    (tmp_path / "other").mkdir()
    office("customer import c.csv --map rev=", data=tmp_path / "other")
    assert [name for _, name in names(lambda line: office(line, data=tmp_path / "other"))] == texts


# --- references --------------------------------------------------------------------------------------------


def test_references(register):
    """References in a file may be ids or external keys."""
    text = "customer,date,referred_by\nKH1,2026-11-01,C-000003\nC-000002,2026-11-02,KH1\n"
    assert register("customer order import -", input=text).exit_code == 0
    listed = register("customer order list O-000003 O-000004 --fields customer,referred_by -o csv").stdout
    assert listed == "customer,referred_by\nC-000001,C-000003\nC-000002,C-000001\n"


def test_missing_references(register):
    """References to nobody are listed once each, with their lines, and what would help."""
    text = "客户,date,referred_by\nN1,2026-11-01,\nN1,2026-11-02,N2\nKH1,2026-11-03,\nN1,2026-11-04,\n"
    assert register("customer order import -", input=text) == (
        5,
        "",
        "line 2, 客户: 'N1': no customer has this id or external key; --create-customers would add it "
        "(also in lines 3, 5)\n"
        "line 3, referred_by: 'N2': no customer has this id or external key\n"
        "cskit: 3 bad rows in standard input; nothing was saved\n",
    )


def test_create_customers(register):
    """--create-customers adds whom rows name and nobody knows, once each, in the same entry."""
    text = "customer,date\nN1,2026-11-01\nN1,2026-11-02\nKH1,2026-11-03\nN2,2026-11-04\n"
    assert register("customer order import - --create-customers", input=text) == (
        0,
        "",
        "orders: 4 new, 0 changed, 0 unchanged; 2 customers created; "
        "saved as 7 (`cskit undo` takes it back)\n",
    )
    assert names(register)[3:] == [("C-000004", "N1"), ("C-000005", "N2")]
    assert register("customer show N2").exit_code == 0
    assert register("undo 7 --yes").exit_code == 0
    assert register("customer count").stdout == "3\n"


def test_nothing_is_created_for_bad_rows(register):
    """A bad row takes the created customers back as well."""
    text = "customer,date\nN1,2026-11-01\nN2,x\n"
    assert register("customer order import - --create-customers", input=text).exit_code == 5
    assert register("customer count").stdout == "3\n"


def test_collector_runs_again(office):
    """The cycle collector, kept out during an import, is back afterwards if it was there before."""
    assert gc.isenabled()
    assert office("customer import -", input="name,kind\na,x\n").exit_code == 5
    assert gc.isenabled()
    gc.disable()
    try:
        assert office("customer import - --format csv", input="name\n").exit_code == 0
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_bad_values_for_records_there_are(register):
    """A row that would spoil a record is a bad row like any other; a required cell may be left out."""
    text = "key,name,birth_year,consent.date\nKH1,,12,2026-01-01\n"
    assert register("customer import -", input=text) == (
        5,
        "",
        "line 2, birth_year: '***': expected a number >= 1900\n"
        'line 2, consent.date: \'{"date":"2026-01-01"}\': needs scope\n'
        "cskit: 1 bad row in standard input; nothing was saved\n",
    )


def test_one_fault_twice_in_a_line(office):
    """Rows that stand in one line, as in an array, are one line of the message."""
    done = office("customer import -", input='[{"kind":"x"},{"kind":"x"}]')
    assert done.stderr.splitlines() == [
        "line 1, kind: 'x': expected one of company (法人), person (自然人)",
        "line 1, name: is required",
        "cskit: 1 bad row in standard input; nothing was saved",
    ]


def test_an_action_that_gives_no_id(office, monkeypatch):
    """A plugin's action that does not return the new id is named, and nothing is saved."""
    monkeypatch.setattr("cskit_customers.service.create", lambda app, tx, **fields: None)
    done = office("customer order import - --create-customers", input="customer,date\nN1,2026-11-01\n")
    assert done == (6, "", "cskit: the action customer.create did not return the new record's id\n")


def test_more_values_than_are_remembered(office, monkeypatch):
    """What cells mean is remembered for a few texts only, and found out again for the others."""
    monkeypatch.setattr(cells, "_REMEMBERED", 2)
    text = "name,founded\n" + "".join(f"{n},{1990 + n % 5}-01-01\n" for n in range(20))
    assert office("customer import -", input=text).exit_code == 0
    assert office("customer count --by founded -o csv").stdout == (
        "founded,count\n1990-01-01,4\n1991-01-01,4\n1992-01-01,4\n1993-01-01,4\n1994-01-01,4\n"
    )


def test_rows_of_removed_records(register):
    """A row exported before its record was removed is stale: it does not bring the record back."""
    text = exported(register)
    assert register("customer remove C-000003 --yes").exit_code == 0
    done = register("customer import -", input=text)
    assert done.exit_code == 4
    assert "'C-000003': was removed since this file was exported" in done.stderr


def test_two_new_rows_of_one_key(office):
    """Of two new rows with one external key the second is bad, though the first has an id as well."""
    done = office("customer import -", input="id,key,name\nX,K,a\n,K,b\n")
    assert done.exit_code == 5
    assert "line 3: 'K': is the record of line 2 again" in done.stderr


def test_keys_that_are_ids_of_others(office):
    """A file whose keys would be the ids of other records is refused, with the way to keep its codes."""
    text = "key,name\nC-000003,甲\nC-000001,乙\n"
    done = office("customer import -", input=text)
    assert (done.exit_code, names(office)) == (4, [])
    assert "the id of one and the external key of C-000002" in done.stderr
    assert office("customer import - --map key=id", input=text).exit_code == 0
    assert sorted(names(office)) == [("C-000001", "乙"), ("C-000003", "甲")]


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_more_columns_than_anybody_has(office, tmp_path, form):
    """A row of thousands of columns is refused at once; of many that are unknown a few are named."""
    for count, code, said in (
        (4097, 5, "cskit: a row has 4097 columns; 4096 are the most that is read\n"),
        (100, 2, "'c18', 'c19' …\n"),
    ):
        names = ["name", *(f"c{number}" for number in range(count - 1))]
        file = tmp_path / f"wide.{form}"
        cells = ",".join("1" * count)
        file.write_text(
            json.dumps(dict.fromkeys(names, "1")) if form == "jsonl" else f"{','.join(names)}\n{cells}\n"
        )
        done = office(f"customer import {file}")
        assert (done.exit_code, done.stdout) == (code, "")
        assert said in done.stderr
        assert len(done.stderr) < 500


@pytest.mark.parametrize("form", ["csv", "jsonl", "xlsx"])
def test_rows_that_say_what_is_known_cost_little(register, monkeypatch, form):
    """Of an export that comes back, masked, only the rows that differ are worked out as changes."""
    register(f"customer export C-000001 C-000003 --out c.{form}")
    with monkeypatch.context() as patched:
        patched.delattr("cskit.edits.apply")
        done = register(f"customer import c.{form} -o json")
    assert json.loads(done.stdout) == [{"new": 0, "changed": 0, "unchanged": 2}], done.stderr


@pytest.mark.parametrize(
    ("row", "exit_code"),
    [
        ({"phone": "138****0577"}, 0),
        ({"phone": "138****0578"}, 5),
        ({"phone": "139****0577"}, 5),
        ({"birth_year": "***"}, 5),
        ({"fan": 0}, 5),
    ],
    ids=["its-mask", "another-mask", "another-number", "none-held", "another-type"],
)
def test_what_only_looks_like_what_is_known(register, row, exit_code):
    """A mask of something else, or a value of another type, is no value that is held."""
    line = json.dumps({"id": "C-000001", **row}, ensure_ascii=False)
    done = register("customer import - --format jsonl -o json", input=line)
    assert done.exit_code == exit_code, done.stderr
    if not exit_code:
        assert json.loads(done.stdout) == [{"new": 0, "changed": 0, "unchanged": 1}]
