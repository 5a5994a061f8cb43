"""`grade schemes`, `grade explain`, `grade check`: what is asked of schemes, at the command line."""

# ruff: noqa: E501 - tables and messages stand here as they are shown

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cskit.app import App
from cskit.terminal.options import Options
from cskit.testing import department
from cskit_grading import checking, schemes

NOW = "--now 2026-11-22"
FACTS_AND_RULES = """\
Part     Name       Rule                                         Value   Note
-------  ---------  -------------------------------------------  ------  ------------------------------------------------
fact     state      state                                        active
fact     count      orders.count                                 4
fact     volume     orders.amount                                150000
fact     potential  customer.potential_volume                            unknown; plugin customers gives it
scope               state != "closed"                            yes     state = active
grade    A          count > often and volume > large             no
test     A          count > often                                no      count = 4, often = 5
grade    A          count == 0 and potential > large             no
test     A          count == 0                                   no      count = 4
grade    B          count > several and volume >= small          yes
test     B          count > several                              yes     count = 4, several = 3
test     B          volume >= small                              yes     volume = 150000, small = 10000
grade    B          count == 0 and potential >= small                    not tested
grade    C          count >= 1                                           not tested
grade    C          count == 0 and potential < small                     not tested
literal  B          count > several and small < volume <= large  no
test     B          count > several                              yes     count = 4, several = 3
test     B          small < volume <= large                      no      volume = 150000, small = 10000, large = 100000
decided  B          B                                                    borderline: the source's own rule does not hold:\
 count > several and small < volume <= large
next     A          count > 5                                    4       2 more
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Make a department: four orders of 150 000 together, none but potential volume, and nothing at all."""
    folder = tmp_path_factory.mktemp("office") / "data"
    orders = [f"customer order add C-000001 --date 2026-10-0{n} --amount 37500" for n in range(1, 5)]
    return department(
        folder,
        "customer add 海风 --key KH1",
        "customer add 张三 --potential-volume 20000",
        "customer add 李四",
        *orders,
    )


def squeezed(text):
    """Return a table without the room between its columns, which depends on the longest cell."""
    return [" ".join(line.split()) for line in text.splitlines() if not line.startswith("---")]


def test_explain(office):
    """The trace: facts, each grade tested and each comparison in it, what decided, how far the next is."""
    done = office(f"grade explain KH1 --scheme order-volume {NOW}")
    assert (done.exit_code, done.stderr) == (0, "")
    assert squeezed(done.stdout) == squeezed(FACTS_AND_RULES)


def test_explain_in_json_and_in_chinese(office):
    """JSON gives the same rows with true, false and numbers; Chinese speaks of parts and notes."""
    done = office(f"grade explain C-000001 --scheme order-volume {NOW} -o jsonl")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines[5] == {
        "part": "grade",
        "name": "A",
        "rule": "count > often and volume > large",
        "value": False,
    }
    assert lines[-1] == {"part": "next", "name": "A", "rule": "count > 5", "value": 4, "note": "2 more"}
    chinese = office(f"grade explain C-000001 --scheme order-volume {NOW}", lang="zh").stdout
    assert "B级" in chinese
    assert "not tested" not in chinese


def test_explain_what_is_unknown(office):
    """Without orders and potential volume the customer is ungraded, and it is said who would know."""
    lines = office(f"grade explain C-000003 --scheme order-volume {NOW} -o jsonl").stdout.splitlines()
    decided = next(row for row in map(json.loads, lines) if row["part"] == "decided")
    assert decided == {
        "part": "decided",
        "name": "ungraded",
        "note": "unknown: customer.potential_volume",
    }
    assert '"unknown; plugin customers gives it"' in "\n".join(lines)


def test_explain_looks_at_everybody(office):
    """A place among all customers is told with how many there are."""
    done = office(f"grade explain C-000001 --scheme key {NOW} -o jsonl")
    place = next(row for row in map(json.loads, done.stdout.splitlines()) if row["name"] == "place")
    assert place == {"part": "value", "name": "place", "rule": "place by amount among 3", "value": 1}


def test_explain_what_is_held_instead(office, tmp_path):
    """An override and what a run would leave in force stand at the end, with the reason."""
    line = f"grade set C-000001 order-volume A --reason 'framework contract' --until 2026-12-31 {NOW}"
    with_override = office(f"grade run --scheme order-volume {NOW} --dry-run")
    assert with_override.exit_code == 0
    done = office(line)
    assert done.exit_code == 0, done.stderr
    lines = office(f"grade explain C-000001 --scheme order-volume {NOW} -o jsonl").stdout.splitlines()
    held = [row for row in map(json.loads, lines) if row["part"] == "held"]
    assert held[0]["name"] == "A"
    assert held[0]["note"] == "set by hand until 2026-12-31: framework contract"
    assert held[1] == {
        "part": "held",
        "name": "A",
        "rule": "what a run would leave in force",
        "note": "framework contract",
    }
    assert office("undo --yes").exit_code == 0


def test_explain_hides_personal_data(office):
    """What a segment reads of personal data is hidden, and so is what comes of looking at it."""
    set_ = office("customer set C-000002 gender=female birth_year=1995 occupation=职员")
    assert set_.exit_code == 0
    done = office(f"grade explain C-000002 --scheme segment {NOW} -o jsonl")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    values = {row["name"]: row.get("value") for row in rows if row["part"] in ("fact", "value")}
    for name in ("gender", "birth_year", "occupation", "woman", "is_young", "white_collar"):
        assert values[name] == "***"
    assert "1995" not in done.stdout
    assert "职员" not in "".join(row.get("note", "") for row in rows)
    assert {row["value"] for row in rows if row["part"] == "test" and row["rule"] == "woman"} == {"***"}


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("grade explain C-000009 --scheme deal", 3, "cskit: no customer C-000009\n"),
        (
            "grade explain C-000001 --scheme del",
            3,
            "cskit: there is no grading scheme 'del'\ndid you mean 'deal'?\n",
        ),
        (
            "grade explain C-000001 --scheme store-tier",
            1,
            "cskit: the scheme store-tier cannot run: it needs the fact complaints.count of the plugin complaints, "
            "which is not loaded\n`cskit grade schemes` shows what each needs\n",
        ),
        ("grade check nothing.toml", 3, "cskit: nothing.toml cannot be read: No such file or directory\n"),
        ("grade check nothing", 3, "cskit: there is no grading scheme 'nothing'\n"),
    ],
)
def test_what_is_not_there(office, line, code, said):
    """An unknown customer, scheme, file or plugin is named on one line, with what to do."""
    alone = {"customers": "cskit_customers", "grading": "cskit_grading"}
    done = office(line, plugins=alone)
    assert (done.exit_code, done.stdout) == (code, "")
    assert done.stderr.startswith(said)


def test_schemes(office):
    """All schemes with their grades and needs; one that cannot run says what it lacks."""
    alone = {"customers": "cskit_customers", "grading": "cskit_grading"}
    done = office("grade schemes -o jsonl", plugins=alone)
    rows = {row["scheme"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert rows["order-volume"]["grades"] == ["A", "B", "C"]
    assert rows["order-volume"]["needs"] == [
        "state",
        "orders.count",
        "orders.amount",
        "customer.potential_volume",
    ]
    assert rows["order-volume"]["source"] == "catalogue A03 (battery maker, MF/Q 102/A)"
    assert (rows["order-volume"]["runs"], rows["store-tier"]["runs"]) == (True, False)
    assert "complaints.count of the plugin complaints" in rows["store-tier"]["note"]
    assert list(rows).index("dangerous") > list(rows).index("credit")


# --- check -------------------------------------------------------------------------------------------------


def test_the_literal_rules_leave_cells_open(office):
    """The rules of order-volume as the source states them match neither 2/50 000 nor 4/150 000 nor 6/5 000."""
    done = office(f"grade check order-volume --literal {NOW} -o jsonl")
    assert (done.exit_code, done.stderr) == (0, "")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(row["kind"], row["what"]) for row in found] == [
        ("uncovered", "count <= 3 and 10000 < volume <= 100000"),
        ("uncovered", "count <= 5 and volume > 100000"),
        ("uncovered", "volume == 10000"),
        ("uncovered", "(count == 0 or count >= 4) and volume < 10000"),
    ]
    for count, volume in ((2, 50000), (4, 150000), (6, 5000)):
        condition = " or ".join(f"({row['what']})" for row in found)
        assert eval(condition, {"count": count, "volume": volume})  # noqa: S307 - our own output
    assert not eval(condition, {"count": 4, "volume": 50000})  # noqa: S307 - our own output


def test_what_is_only_borderline(office):
    """The rules that decide leave nothing open; what the source does not cover is borderline, told as cells."""
    found = office(f"grade check order-volume {NOW} -o jsonl").stdout.splitlines()
    assert [(row["kind"], row["where"], row["what"].partition(":")[0]) for row in map(json.loads, found)] == [
        ("borderline", "C", "1 <= count <= 3 and volume >= 10000"),
        ("borderline", "C", "count >= 4 and volume < 10000"),
        ("borderline", "B", "4 <= count <= 5 and volume > 100000"),
        ("borderline", "B", "count >= 4 and volume == 10000"),
    ]


OWN = """
title = { en = "Acme", zh = "甲" }
source = { en = "own", zh = "自定" }
[needs]
count = { fact = "orders.cuont", plugin = "customers" }
volume = { fact = "orders.amount", months = 6 }
idle = { fact = "orders.open" }
[numbers]
big = 100
[[grades]]
code = "A"
title = { en = "A", zh = "甲级" }
when = "volume > big"
[[grades]]
code = "B"
title = { en = "B", zh = "乙级" }
when = "volume > big + 50 and count > 4"
[[grades]]
code = "C"
title = { en = "C", zh = "丙级" }
when = "volume > 1"
"""
FOUND = [
    ["fact", "needs.count", "there is no fact 'orders.cuont' about a customer (did you mean orders.count?)"],
    ["unused", "needs.idle", "nothing in the scheme reads it"],
    ["unreachable", "B", "no customer can have this grade: another always comes first"],
    ["uncovered", "", "volume <= 1"],
]


def check(office, path, text):
    """Write a scheme and look it over; return exit code, stderr, and kind, place and text of each finding."""
    path.write_text(text, encoding="utf-8")
    done = office(["grade", "check", str(path), "-o", "jsonl"])
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return done.exit_code, done.stderr, [[row["kind"], row.get("where", ""), row["what"]] for row in rows]


def test_a_company_file(office, tmp_path):
    """A misspelt fact, a grade out of reach and a gap are all found at once, though the fact is not there."""
    file = tmp_path / "acme.toml"
    assert check(office, file, OWN) == (5, f"cskit: 2 faults in {file}\n", FOUND)


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ('code = "B"', 'code = "A"', ["fault", "", "two grades have the code A"]),
        ("[numbers]\nbig", "[numbers]\ncount", ["fault", "", "count is the name of two things"]),
        ('when = "volume > 1"', 'when = "vlume > 1"', ["fault", "grades[3].when", "no fact 'vlume', did you mean 'volume'?"]),
        ("months = 6", "months = -6", ["fault", "needs.volume.months", "expected a number >= 0"]),
        ('fact = "orders.open"', 'field = "tag"', ["fault", "needs.idle", "no field 'tag', did you mean 'tags'?"]),
        ('fact = "orders.open"', 'fact = "customer.fan", months = 3', ["fault", "needs.idle", "customer.fan holds at an instant: it cannot be counted over months or by product"]),
        ('fact = "orders.open"', 'fact = "grade.non_such"', ["fact", "needs.idle", "it needs the grade of the scheme non-such, which is not there"]),
        ("[[grades]]\ncode = \"A\"", "[values]\na = \"b + 1\"\nb = \"a + 1\"\n[[grades]]\ncode = \"A\"", ["fault", "values", "a → b → a need each other"]),
        ("[[grades]]\ncode = \"A\"", "[bins.x]\nof = \"volume\"\ncuts = [50, 20]\n[[grades]]\ncode = \"A\"", ["fault", "bins.x", "cuts must rise between 0 and 100"]),
        ("[[grades]]\ncode = \"A\"", "[ranks.x]\nof = \"volum\"\n[[grades]]\ncode = \"A\"", ["fault", "ranks.x.of", "there is no need or value 'volum'"]),
    ],
    ids=["code", "name", "condition", "months", "field", "instant", "grade", "circle", "cuts", "of"],
)  # fmt: skip
def test_faults(office, tmp_path, old, new, finding):
    """Each mistake is told by its place in the file."""
    text = OWN.replace("orders.cuont", "orders.count")
    assert old in text
    code, _stderr, found = check(office, tmp_path / "acme.toml", text.replace(old, new))
    assert code == 5
    assert finding in found or [finding[0], "values", "b → a → b need each other"] in found, found


def test_settings_change_numbers_measure_and_product(office, tmp_path):
    """cskit.toml changes a threshold, the window, the measure and the product; the scheme's hash with them."""
    folder = tmp_path / "data"
    lines = [
        "customer add 张三",
        "customer order add C-000001 --date 2026-11-01 --product 电池 --quantity 200 --amount 5",
        "customer order add C-000001 --date 2026-11-02 --product 电芯 --quantity 900 --amount 5",
    ]
    run = department(folder, *lines)
    explain = f"grade explain C-000001 --scheme order-volume {NOW} -o jsonl"

    def told():
        rows = map(json.loads, run(explain).stdout.splitlines())
        return {row["name"]: row.get("value") for row in rows if row["part"] in ("fact", "decided")}

    plain = schemes.load(App(Options(data=str(folder))))["order-volume"].hash
    assert told()["volume"] == 10
    (folder / "cskit.toml").write_text(
        "[rules.grading-schemes.order-volume]\nnumbers.several = 0\nnumbers.small = 100\n"
        'needs.volume.fact = "orders.quantity"\nneeds.volume.product = "电池"\nneeds.volume.months = 1\n'
    )
    assert told()["volume"] == 200
    assert '"name":"B","rule":"B"' in run(explain).stdout
    assert schemes.load(App(Options(data=str(folder))))["order-volume"].hash != plain


def test_over_many_cells_some_are_chosen(office, monkeypatch, tmp_path):
    """Of more cells than are probed, evenly chosen ones are; what was not reached is not called out of reach."""
    monkeypatch.setattr(checking, "MOST", 20)
    app = App(Options(data=str(tmp_path), now="2026-11-22"))
    kinds = {one.kind for one in checking.check(app, "order-volume", literal=True)}
    assert "part" in kinds
    assert "unreachable" not in kinds


def test_a_companys_scheme_takes_part(office, tmp_path):
    """A scheme in the data folder replaces a shipped one or stands beside them."""
    folder = tmp_path / "data"
    run = department(folder, "customer add 张三")
    place = folder / "rules" / "grading-schemes"
    place.mkdir(parents=True, mode=0o700)
    (folder / "rules").chmod(0o700)
    shipped = Path(schemes.load(App(Options(data=str(folder))))["need"].path).read_text(encoding="utf-8")
    (place / "need.toml").write_text(
        'replaces = "need"\n' + shipped.replace("target", "hot"), encoding="utf-8"
    )
    (place / "own.toml").write_text(shipped, encoding="utf-8")
    rows = {row["scheme"]: row for row in map(json.loads, run("grade schemes -o jsonl").stdout.splitlines())}
    assert rows["need"]["grades"][0] == "hot"
    assert rows["own"]["grades"][0] == "target"
    assert (rows["need"]["origin"], rows["deal"]["origin"]) == ("department", "grading")
