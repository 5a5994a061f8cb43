"""Rounds, results, interviews, forms and follow-ups at the command line."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cskit.testing import department, run
from tests.plugins.surveys.samples import TOML

NOW = "--now 2026-11-20T10:00:00"


def ask(folder: Path, *lines: str) -> list[dict[str, Any]]:
    """Run a line that must succeed and return its rows."""
    (line,) = lines
    done = run(f"{line} -o jsonl", data=folder)
    assert done.exit_code == 0, done.stderr
    return [json.loads(row) for row in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a department with twelve customers in two regions, and the small questionnaire."""
    folder = tmp_path_factory.mktemp("built") / "department"
    department(
        folder,
        *(
            f"customer add 客户{n} --region {'东' if n <= 8 else '西'} --owner S-00{n % 2}"
            for n in range(1, 13)
        ),
    )
    rules = folder / "rules" / "questionnaires"
    rules.mkdir(parents=True)
    (rules / "visit.toml").write_text(TOML, encoding="utf-8")
    return folder


@pytest.fixture
def data(built: Path, tmp_path: Path) -> Path:
    """Return a copy of that department."""
    return Path(shutil.copytree(built, tmp_path / "department"))


def answers(folder: Path, number: int, ratings: list[int]) -> None:
    """Answer for the first customers of a round, all in the same way but for the overall rating."""
    file = folder.parent / "answers.csv"
    rows = [f"C-{own:06d},no,{rating},{min(10, rating * 2)}" for own, rating in enumerate(ratings, 1)]
    file.write_text("\n".join(["who,came,overall,recommend", *rows]), encoding="utf-8")
    department(folder, f"survey import SR-000{number} '{file}' {NOW}")


# --- rounds ------------------------------------------------------------------------------------------------


def test_a_stratified_sample(data: Path) -> None:
    """Six of twelve: four of the eight in the east, two of the four in the west."""
    done = run(
        f"survey new visit --population customer --size 50% --seed 7 --stratify region {NOW}", data=data
    )
    assert (done.exit_code, done.stdout) == (
        0,
        "Stratum      Population    Drawn\n"
        "---------  ------------  -------\n"
        "东                    8        4\n"
        "西                    4        2\n",
    )
    assert done.stderr.startswith("SR-0001 (Visit): 6 of 12 drawn, seed 7; saved as ")
    (held,) = ask(data, "survey round export")
    assert (held["eligible"], held["size"], held["wish"], held["confidence"]) == (12, 6, "50%", 0.95)


def test_a_draw_can_be_repeated(data: Path) -> None:
    """The same seed draws the same; a dry run shows who would be asked and saves nothing."""
    line = f"survey new visit --population customer --size 4 --seed 7 {NOW}"
    assert run(f"{line} --dry-run", data=data).exit_code == 0
    department(data, line, line)
    first, second = (
        [row["about"] for row in ask(data, f"survey sample SR-000{number}")] for number in (1, 2)
    )
    assert first == second
    assert len(first) == 4


def test_who_was_asked_lately_rests(data: Path) -> None:
    """--cooldown leaves out who was drawn in the last days; when nobody is left, nothing is drawn."""
    department(data, f"survey new visit --population customer --size 8 --seed 1 {NOW}")
    department(data, f"survey new visit --population customer --size 100% --seed 2 --cooldown 30 {NOW}")
    (_first, second) = ask(data, "survey round export")
    assert (second["eligible"], second["rested"], second["size"]) == (4, 8, 4)
    done = run(f"survey new visit --population customer --cooldown 30 {NOW}", data=data)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(
        "cskit: nobody is left to ask: 12 of customer fit, 12 of them were asked lately\n"
    )


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ("--population customer --size many", 2, "--size many: expected a number, a percentage or auto"),
        ("--population customer --confidence 95", 2, "--confidence 95: expected a share between 0 and 1"),
        ("--population customer --stratify name2", 2, "--stratify name2: the population has no such field"),
        ("--population customer --on name", 2, "--on name: the population has no such field with a day"),
        ("--population customers2", 3, "no plugin has a table 'customers2'"),
        ("--population customer --where 'regio == 1'", 2, "--where: no field 'regio'"),
        ("--population customer --due tomorrow", 2, "--due tomorrow: expected a date"),
    ],
)
def test_draws_that_cannot_be(data: Path, options: str, code: int, said: str) -> None:
    """The message names the option, the value and what is expected; nothing is drawn."""
    done = run(f"survey new visit {options} {NOW}", data=data)
    assert (done.exit_code, done.stdout) == (code, "")
    assert done.stderr.startswith(f"cskit: {said}")
    assert ask(data, "survey round export") == []


# --- results -----------------------------------------------------------------------------------------------


def test_figures_with_their_intervals(data: Path) -> None:
    """8 of 10 satisfied: 80 % between 49.0 and 94.3 (Wilson); the index and its parts; ids on request."""
    department(data, f"survey new visit --population customer --size 100% --seed 1 {NOW}")
    answers(data, 1, [5, 5, 5, 4, 4, 4, 4, 4, 2, 1])
    found = {(row["figure"], row.get("about", "")): row for row in ask(data, "survey score SR-0001 --ids")}
    csat = found["csat", "overall"]
    assert (csat["value"], csat["low"], csat["high"], csat["mean"], csat["n"]) == (80.0, 49.0, 94.3, 3.8, 10)
    assert "note" not in csat
    assert len(csat["ids"]) == 10
    nps = found["nps", "recommend"]
    assert (nps["value"], nps["n"]) == (10.0, 10)
    assert found["index", ""]["value"] == 70.0
    by = [row for row in ask(data, "survey score SR-0001 --by region") if row["figure"] == "index"]
    assert [(row["group"], row["n"], row["note"]) for row in by] == [
        ("东", 8, "few answers"),
        ("西", 2, "few answers"),
    ]


def test_a_change_is_real_or_not(data: Path) -> None:
    """From 9 of 12 to 2 is worse; from 9 to 8 is no real change; rounds of two surveys do not compare."""
    for number, ratings in enumerate(([5] * 9 + [1] * 3, [5] * 2 + [1] * 10, [5] * 8 + [1] * 4), 1):
        department(data, f"survey new visit --population customer --size 100% --seed {number} {NOW}")
        answers(data, number, ratings)
    said = {
        pair: {
            row.get("about", ""): row["says"]
            for row in ask(data, f"survey compare {pair}")
            if row["figure"] == "csat"
        }
        for pair in ("SR-0001 SR-0002", "SR-0001 SR-0003")
    }
    assert said["SR-0001 SR-0002"]["overall"] == "worse"
    assert said["SR-0001 SR-0003"]["overall"] == "no real change"
    trend = [row.get("says", "") for row in ask(data, "survey trend visit") if row["figure"] == "csat"]
    assert trend == ["", "worse", "better"]
    department(data, f"survey new overall --population customer --size 100% --seed 1 {NOW}")
    done = run("survey compare SR-0001 SR-0004", data=data)
    assert (done.exit_code, done.stderr) == (
        1,
        "cskit: SR-0001 asked 'visit' and SR-0004 'overall': their figures do not compare\n",
    )


def test_low_scores_need_somebody_who_opens_cases(data: Path) -> None:
    """They are listed lowest first; without a plugin that opens cases, asking for cases is refused, 6."""
    department(data, f"survey new visit --population customer --size 100% --seed 1 {NOW}")
    answers(data, 1, [5, 1, 3, 2])
    assert [row["about"] for row in ask(data, "survey low SR-0001")] == ["C-000002", "C-000004", "C-000003"]
    assert [row["about"] for row in ask(data, "survey low SR-0001 --below 20")] == ["C-000002"]
    done = run(
        "survey low SR-0001 --open-cases",
        data=data,
        plugins={"customers": "cskit_customers", "surveys": "cskit_surveys"},
    )
    assert done.exit_code == 6
    assert "case.open" in done.stderr


def test_a_chart_is_aligned_in_chinese(data: Path) -> None:
    """Bars begin in one column whatever the labels, and the legend names the parts."""
    department(data, f"survey new visit --population customer --size 100% --seed 1 {NOW}")
    answers(data, 1, [5, 4, 3, 2])
    done = run("survey score SR-0001 --chart --lang zh", data=data, lang="zh")
    lines = done.stdout.splitlines()
    assert lines[-1].startswith("█ 推荐者")
    plain = run("survey score SR-0001 --ascii", data=data).stdout
    assert plain.isascii() is False  # the intervals' titles are the questionnaire's own
    assert "#" in plain
    assert "█" not in plain


# --- interviews --------------------------------------------------------------------------------------------


def test_an_interview_read_from_a_pipe(data: Path) -> None:
    """Answers one a line; quitting saves, and the next interview takes it up where it was left."""
    department(data, f"survey new visit --population customer --size 1 --seed 1 {NOW}")
    done = run(f"survey ask SR-0001 {NOW} --user S-009", data=data, input="yes\nvery good\nq!\n")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "[1/8] Did somebody come?" in done.stderr
    assert done.stderr.endswith("SA-000001: partial; 1 is still to ask\n")
    done = run(f"survey ask SR-0001 {NOW}", data=data, input=">\n5\n9\n\n\n\n\n")
    assert "[3/9] How noisy was it?" in done.stderr
    assert done.stderr.endswith("SA-000001: answered; 0 are still to ask\n")
    (held,) = ask(data, "survey response export")
    assert held["ratings"] == {"manner": 5, "overall": 5, "recommend": 9}
    assert (held["channel"], held["attempts"], held["score"]) == ("phone", 2, 100)
    done = run("survey ask SR-0001", data=data, input="")
    assert (done.exit_code, done.stderr) == (3, "cskit: everybody in the sample of SR-0001 was asked\n")


def test_an_interview_broken_off(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C keeps what was said until then, and exits as an interrupted command does."""
    from cskit_surveys.commands import asking

    def line(said: Iterator[str] = iter(["yes", "4"])) -> str:  # noqa: B008 - of this one interview
        try:
            return next(said)
        except StopIteration:
            raise KeyboardInterrupt from None

    department(data, f"survey new visit --population customer --size 1 --seed 1 {NOW}")
    monkeypatch.setattr(asking, "_line", line)
    done = run(f"survey ask SR-0001 {NOW}", data=data)
    assert done.exit_code == 130
    assert "SA-000001: partial; 1 is still to ask\n" in done.stderr
    (held,) = ask(data, "survey response export")
    assert (held["chosen"], held["ratings"]) == ({"came": "yes"}, {"manner": 4})


def test_a_wrong_answer_in_a_pipe_is_refused(data: Path) -> None:
    """Where nobody can correct it, the question, the answer and what is allowed are said; nothing is kept."""
    department(data, f"survey new visit --population customer --size 1 --seed 1 {NOW}")
    done = run("survey ask SR-0001", data=data, input="perhaps\n")
    assert done.exit_code == 2
    assert done.stderr.endswith("cskit: came: 'perhaps': is not one of yes (Yes), no (No)\n")


# --- forms -------------------------------------------------------------------------------------------------


def test_a_form_on_paper(data: Path) -> None:
    """One self-contained page: escaped, A4, no request to anybody; boxes to tick, conditions in words."""
    done = run("survey form visit -o html --lang zh", data=data, lang="zh")
    assert done.exit_code == 0
    page = done.stdout
    assert "default-src 'none'" in page
    assert "http" not in page.replace("http-equiv", "")
    assert "<h1>上门服务</h1>" in page
    assert "☐ 5 很好" in page
    assert "仅当" in page
    assert "script" not in page


def test_an_xlsform_has_three_sheets(data: Path, tmp_path: Path) -> None:
    """survey, choices and settings, in both languages, conditions as XPath."""
    import zipfile

    out = tmp_path / "visit.xlsx"
    assert run(f"survey form visit -o xlsform --out '{out}'", data=data).exit_code == 0
    with zipfile.ZipFile(out) as book:
        assert [name for name in book.namelist() if "sheet" in name and name.endswith(".xml")]
        texts = book.read("xl/sharedStrings.xml").decode()
    for text in ("select_one came", "select_multiple kinds", "${came} = &apos;yes&apos;", "label::中文 (zh)"):
        assert text in texts or text.replace("&apos;", "'") in texts


def test_questionnaires_are_looked_at(data: Path, tmp_path: Path) -> None:
    """A good file is said to be good; of a bad one every fault is named, and the exit code is 5."""
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(TOML, encoding="utf-8")
    bad.write_text(
        TOML.replace('overall = "overall"', 'overall = "words"').replace("[4, 5]", "[4, 7]"), "utf-8"
    )
    done = run(f"survey check '{good}'", data=data)
    assert (done.exit_code, done.stderr) == (0, f"{good}: nothing is wrong\n")
    done = run(f"survey check '{bad}'", data=data)
    assert (done.exit_code, done.stderr.splitlines()) == (
        5,
        [
            "cskit: scale five: 7 is not a point from 1 to 5",
            "cskit: overall: 'words' is no question with a scale",
            f"cskit: 2 faults in {bad}",
            "correct it, then check again",
        ],
    )


# --- follow-ups --------------------------------------------------------------------------------------------


def test_follow_ups_come_again(data: Path) -> None:
    """One with an interval is planned again when it was made, as long as its customer is active."""
    add = "followup add 回访{n} --customer C-00000{n} --due 2026-11-19 --every 3 --staff S-001"
    department(data, add.format(n=1), add.format(n=2), "customer close C-000002")
    assert [row["id"] for row in ask(data, f"followup due {NOW}")] == ["FU-000001", "FU-000002"]
    done = run(f"followup done FU-000001 FU-000002 --result 满意 --satisfaction 5 {NOW}", data=data)
    assert done.exit_code == 0, done.stderr
    held = ask(data, "followup export")
    assert [(row["id"], row["customer"], row["due"], row["state"]) for row in held] == [
        ("FU-000001", "C-000001", "2026-11-19", "done"),
        ("FU-000002", "C-000002", "2026-11-19", "done"),
        ("FU-000003", "C-000001", "2027-02-20", "planned"),
    ]
    done = run("followup done FU-000001", data=data)
    assert (done.exit_code, done.stderr.splitlines()[0]) == (1, "cskit: FU-000001: already made or dropped")


def test_nobody_reached_stays_due(data: Path) -> None:
    """An attempt is counted, and the follow-up stays on the list."""
    department(data, "followup add 回访 --due 2026-11-19")
    department(data, f"followup done FU-000001 --unreached {NOW}")
    (row,) = ask(data, f"followup due {NOW}")
    assert (row["id"], row["attempts"]) == ("FU-000001", 1)


def test_what_is_due_today(data: Path) -> None:
    """Follow-ups, rounds whose day has come, low scores that nobody has followed up."""
    department(data, "followup add 电话回访 --due 2026-11-19 --staff S-001")
    department(data, f"survey new visit --population customer --size 100% --seed 1 --due 2026-11-20 {NOW}")
    answers(data, 1, [5, 1])
    rows = ask(data, "today --now 2026-11-24T10:00:00")
    assert sorted((row["about"], row["due"]) for row in rows) == [
        ("followup", "2026-11-19"),
        ("survey response", "2026-11-23"),
        ("survey round", "2026-11-20"),
    ]


def test_facts(data: Path) -> None:
    """What other plugins may ask: of customers, and of the staff whose customers answered."""
    department(data, f"survey new visit --population customer --size 100% --seed 1 {NOW}")
    answers(data, 1, [5, 1])
    department(data, "staff add 周航 --id S-001")
    (customer,) = ask(data, "fact show customer C-000001 --names surveys.csat,surveys.last_score,surveys.nps")
    assert customer == {"id": "C-000001", "surveys.csat": 100, "surveys.last_score": 100, "surveys.nps": 100}
    (staff,) = ask(data, "fact show staff S-001 --names surveys.satisfaction,surveys.answers")
    assert staff == {"id": "S-001", "surveys.satisfaction": 100, "surveys.answers": 1}
    department(data, "followup add 回访 --due 2026-11-19 --staff S-001 --customer C-000001")
    behind = ask(data, f"fact show staff S-001 --ids --names surveys.satisfaction,followups.done_rate {NOW}")
    (response,) = ask(data, "survey response list --where 'customer == \"C-000001\"'")
    assert [(row["about"], row["record"]) for row in behind] == [
        ("survey response", response["id"]),
        ("followup", "FU-000001"),
    ]


def test_a_customer_who_is_erased_leaves_no_words(data: Path) -> None:
    """Ratings stay for the figures; what was said goes, from responses and follow-ups."""
    department(data, f"survey new visit --population customer --size 100% --seed 1 {NOW}")
    file = data.parent / "words.csv"
    file.write_text("who,came,overall,words\nC-000001,no,4,张三说的话\n", encoding="utf-8")
    department(
        data,
        f"survey import SR-0001 '{file}' {NOW}",
        "followup add 问候张三 --customer C-000001 --due 2026-12-01",
    )
    department(data, "customer close C-000001 --erase --yes", "data compact --yes")
    assert not [path for path in data.rglob("*") if path.is_file() and "张三".encode() in path.read_bytes()]
    (held,) = [row for row in ask(data, "survey response export") if row["record"] == "C-000001"]
    assert held["ratings"] == {"overall": 4}
