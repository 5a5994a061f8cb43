"""The report of our own plugins: each figure leads to as many records as it says, and is no second one."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from pathlib import Path

import pytest

from cskit import report
from cskit.app import App
from cskit.declarations import Period
from cskit.sections import Figure
from cskit.terminal.options import Options
from cskit.testing import department, run

NOW = "2026-12-02T09:00"
LINES = (
    "customer add 晨屿样例贸易 --region 华东 --since 2026-11-03",
    "customer add '<script>alert(1)</script>' --since 2026-10-03",
    "customer add 栖木样例家居 --phone 13812340577",
    "customer ledger add C-000002 --item fee --amount 100.50 --due 2026-11-10",
    "customer ledger add C-000001 --item fee --amount 900 --due 2026-12-20",
    "customer set C-000003 state=lost --now 2026-11-20T09:00",
    "grade set C-000001 order-volume B --reason signed --now 2026-11-05T09:00",
    "grade set C-000001 order-volume A --reason signed --now 2026-11-25T09:00",
    "grade set C-000002 order-volume C --reason signed --now 2026-12-01T09:00",
    *(f"followup add Call --customer C-000001 --due 2026-11-{day}" for day in (10, 11, 12)),
    "followup add Call --customer C-000001 --due 2026-12-20",
    "followup done FU-000001 --result well --now 2026-11-10T09:00",
    "followup done FU-000003 --drop --now 2026-11-10T09:00",
    *(f"case add 漏水 --category leaks --received-at 2026-11-0{day}T09:00" for day in (2, 3, 4)),
    "case add '<img src=x onerror=alert(1)>' --kind repair --received-at 2026-11-05T09:00",
    "case add 噪音 --received-at 2026-10-30T09:00",
    "case reply CP-20261102-001 --text done --satisfaction 5 --now 2026-11-02T10:00",
    "case close CP-20261102-001 --now 2026-11-03T10:00",
    "survey new overall --population customer --size 100% --seed 1 --now 2026-11-10T09:00",
    "survey import SR-0001 answers.csv --now 2026-11-12T09:00",
    "property project add 云栖样例花园",
    "property check new PJ-001 --standard residential --items 5 --seed 1 --on 2026-11-10",
    "property check record CK-0001 --rest-ok --now 2026-11-10T16:00",
    *(
        f"property rectification add {what} --project PJ-001 --now 2026-1{day}T09:00"
        for what, day in (("灯坏", "1-10"), ("门坏", "1-25"), ("墙裂", "2-01"))
    ),
    "property rectification done RC-0001 --now 2026-11-12T09:00",
    "property event add 停水 --project PJ-001 --due 2026-11-20 --now 2026-11-10T09:00",
)
FILE = "who,manner,overall\nC-000001,1,2\nC-000002,5,5\n"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a small department; it is only read."""
    folder = tmp_path_factory.mktemp("report")
    (folder / "answers.csv").write_text(FILE, encoding="utf-8")
    go = department(folder / "data")
    for line in LINES:
        done = go(line.replace("answers.csv", str(folder / "answers.csv")))
        assert done.exit_code == 0, f"{line}\n{done.stderr}"
    return folder / "data"


@pytest.fixture(scope="module")
def november(place: Path) -> dict[str, Figure]:
    """Return the figures of November by their whole names."""
    app = App(Options(data=str(place), now=NOW))
    found = report.collect(app, Period(dt.date(2026, 11, 1), dt.date(2026, 11, 30)))
    assert not app.plugins.broken
    return {report.key(owned.value, group, figure): figure for owned, group, figure in found.figures()}


def rows(place: Path, line: str) -> list[dict[str, object]]:
    """Return what a command says as rows."""
    done = run(f"{line} --now {NOW} -o jsonl", data=place)
    assert done.exit_code == 0, done.stderr
    return [json.loads(one) for one in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("name", "value", "ids"),
    [
        ("complaints.received", 3, ["CP-20261102-001", "CP-20261103-001", "CP-20261104-001"]),
        ("complaints.closed", 1, ["CP-20261102-001"]),
        (
            "complaints.by-category.property.repair.leak",
            3,
            ["CP-20261102-001", "CP-20261103-001", "CP-20261104-001"],
        ),
        ("complaints.by-kind.repair", 1, ["CP-20261105-001"]),
        ("customers.new", 1, ["C-000001"]),
        ("customers.lost", 1, ["C-000003"]),
        ("customers.active", 2, ["C-000001", "C-000002"]),
        ("grading.up", 1, ["GR-000002"]),
        ("grading.new", 1, ["GR-000001"]),
        ("grading.order-volume.A", 1, ["C-000001"]),
        ("grading.order-volume.C", 0, []),
        ("property.checks", 1, ["CK-0001"]),
        ("property.rectifications.open", 2, ["RC-0001", "RC-0002"]),
        ("property.rectifications.late", 0, []),
        ("property.events.overdue", 1, ["PE-0001"]),
        ("surveys.followups.due", 2, ["FU-000001", "FU-000002"]),
        ("surveys.SR-0001.low", 1, ["SA-000002"]),
    ],
)
def test_counts(november, name, value, ids):
    """What lies in the month is counted, what lies before and after is not."""
    assert (november[name].value, sorted(november[name].ids())) == (value, ids)


def test_shares(november):
    """A share knows what it counts, of what, and how sure it is."""
    made = november["surveys.followups.done"]
    assert (str(made.value), made.n, list(made.hits())) == ("50.0", 2, ["FU-000001"])
    assert [round(end, 1) for end in made.interval] == [9.5, 90.5]  # Wilson 1927
    happy = november["complaints.satisfied"]
    assert (str(happy.value), happy.n, list(happy.ids())) == ("100.0", 1, ["CP-20261102-001"])
    owed = november["customers.overdue"]
    assert (str(owed.value), owed.n, list(owed.ids())) == ("100.50", 1, ["FE-000001"])


def test_every_figure_leads_to_as_many_records_as_it_says(november):
    """Of each the ids are n, all different; what a share counts is among them."""
    assert len(november) > 25
    for name, figure in november.items():
        ids = list(figure.ids())
        assert (len(ids), len(set(ids))) == (figure.n, figure.n), name
        if figure.hits:
            assert set(figure.hits()) <= set(ids), name


def test_the_report_says_what_the_commands_say(place, november):
    """There is no second calculation: figures are those of `case stats`, `survey score`, the ledger."""
    where = 'kind == "complaint" and received_at >= "2026-11-01"'
    (stats,) = rows(
        place, f"case stats --where '{where}' --figures count,open,on-time,median,waiting,satisfied"
    )
    for key, name in {"count": "received"}.items() | {(one, one) for one in stats if one != "count"}:
        assert float(november[f"complaints.{name}"].value) == stats[key], name
    scores = {
        row["figure"]: row for row in rows(place, "survey score SR-0001") if row["figure"] in ("index", "nps")
    }
    index = november["surveys.SR-0001.index"]
    assert (round(index.value, 1), index.n) == (scores["index"]["value"], scores["index"]["n"])
    owed = rows(place, "customer ledger open --overdue")
    assert [row["id"] for row in owed] == list(november["customers.overdue"].ids())


def test_the_command_lists_them(place, november):
    """--ids has a row for each record of each figure."""
    listed = Counter((row["section"], row["figure"]) for row in rows(place, "report --month 2026-11 --ids"))
    assert sum(listed.values()) == sum(figure.n for figure in november.values())
    assert listed["surveys", "SR-0001.index"] == 2


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page(place, lang):
    """All sections stand on the page, what records hold is no markup, and it is the same each time."""
    pages = {
        run(f"report --month 2026-11 --now {NOW} -o html", data=place, lang=lang).stdout for _time in (1, 2)
    }
    (page,) = pages
    assert page.count("<section>") == 5
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script" not in page


def test_each_table_is_read_a_few_times(place, monkeypatch):
    """However many records there are: no plugin reads a table for each of them."""
    app = App(Options(data=str(place), now=NOW))
    reading = app.reading()
    read: Counter[str] = Counter()
    real = type(reading).read

    def counted(self, table, *rest, **named):
        read[table] += 1
        return real(self, table, *rest, **named)

    monkeypatch.setattr(type(reading), "read", counted)
    report.collect(app, Period(dt.date(2026, 11, 1), dt.date(2026, 11, 30)))
    assert {name for name, times in read.items() if times > 2} == set()


def test_a_real_change_is_said_in_words():
    """Only where the test finds one, and there are answers enough on both sides."""
    from cskit_surveys import comparing, section
    from cskit_surveys.figures import Figure as Scored
    from cskit_surveys.intervals import Share

    def scored(hits: int, n: int) -> Scored:
        share = Share(hits, n)
        return Scored("", "csat", "overall", "x", share.value, share.interval, n, n < 30, share, ())

    class Round:
        id = "SR-0001"

    for before, after, said in (
        ((50, 100), (80, 100), "better than SR-0001"),
        ((80, 100), (50, 100), "worse than SR-0001"),
        ((50, 100), (55, 100), ""),
        ((1, 20), (20, 20), ""),
    ):
        (pair,) = comparing.compare([scored(*before)], [scored(*after)])
        assert section._change(pair, Round) == said
    assert section._change(pair, None) == ""
