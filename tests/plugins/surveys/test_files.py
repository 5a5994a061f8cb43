"""Answers from files at the command line: whose they are, what answers what, all mistakes at once."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest

from cskit.testing import Result, department, run
from tests.plugins.surveys.samples import TOML

NOW = "--now 2026-11-20T10:00:00"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a department with six customers, a questionnaire of its own and a round of them all."""
    folder = tmp_path_factory.mktemp("built") / "department"
    department(
        folder,
        *(f"customer add 客户{number} --region {region}" for number, region in enumerate("东东东西西西", 1)),
    )
    rules = folder / "rules" / "questionnaires"
    rules.mkdir(parents=True)
    (rules / "visit.toml").write_text(TOML, encoding="utf-8")
    department(folder, f"survey new visit --population customer --size 100% --seed 1 {NOW}")
    return folder


@pytest.fixture
def data(built: Path, tmp_path: Path) -> Path:
    """Return a copy of that department."""
    return Path(shutil.copytree(built, tmp_path / "department"))


def imported(data: Path, text: str, options: str = "") -> Result:
    """Import a text as a CSV file."""
    file = data.parent / "answers.csv"
    file.write_text(text, encoding="utf-8")
    return run(f"survey import SR-0001 '{file}' {options} {NOW}", data=data)


def answered(data: Path) -> list[dict[str, str]]:
    """Return the responses that hold answers, as an export has them."""
    done = run("survey response export -o csv", data=data)
    assert done.exit_code == 0
    return [row for row in csv.DictReader(io.StringIO(done.stdout)) if row["score"]]


def test_columns_by_code_title_and_number(data: Path) -> None:
    """A column may be headed by the code, by the text in either language, or by the question's number."""
    done = imported(data, "编号,came,2,总体如何？,Would you recommend us?\nC-000001,是,很好,4,9\n")
    assert (done.exit_code, done.stdout, done.stderr) == (
        0,
        "",
        "1 answered, 0 unchanged; saved as 8 (`cskit undo` takes it back)\n",
    )
    (row,) = answered(data)
    assert (row["record"], row["state"], row["score"]) == ("C-000001", "answered", "93.75")
    assert row["at"] == "2026-11-20T02:00:00Z"


def test_the_same_file_again_changes_nothing(data: Path) -> None:
    """An import can be repeated; a column that answers nothing is named."""
    text = "who,came,overall,IP\nC-000001,no,4,10.0.0.1\n"
    imported(data, text)
    done = imported(data, text)
    assert (done.exit_code, done.stderr) == (
        0,
        "columns that answer nothing: IP\n0 answered, 1 unchanged; nothing to save\n",
    )


def test_a_column_for_each_option(data: Path) -> None:
    """Services write several choices as one column for each option, ticked or not."""
    done = imported(data, "who,came,overall,kinds/part,kinds/use,涉及什么？(其他)\nC-000002,no,3,1,0,√\n")
    assert done.exit_code == 0, done.stderr
    (row,) = answered(data)
    assert row["chosen.kinds"] if "chosen.kinds" in row else "part;other" in row["chosen"]


def test_foreign_columns_are_mapped(data: Path) -> None:
    """--map says what a column answers, or that it answers nothing."""
    done = imported(
        data,
        "Kunde,q_a,q_b,extra\nC-000003,no,5,1\n",
        "--map Kunde=who --map q_a=came --map q_b=overall --map extra=",
    )
    assert (done.exit_code, done.stderr.splitlines()[0]) == (
        0,
        "1 answered, 0 unchanged; saved as 8 (`cskit undo` takes it back)",
    )


BAD = """who,came,manner,overall,recommend,kinds
C-000001,yes,6,4,,
C-000002,maybe,,4,,
C-999999,no,,4,,
C-000003,no,5,4,,
C-000004,no,,4,,part;nothing
C-000005,no,,4,,
C-000005,no,,3,,
,no,,3,,
"""


def test_all_mistakes_at_once(data: Path) -> None:
    """Each bad row is named with column, value and what is allowed; nothing is half-imported."""
    done = imported(data, BAD)
    assert (done.exit_code, done.stdout) == (5, "")
    lines = done.stderr.splitlines()
    assert lines[:-1] == [
        "line 2, manner: '6': expected 1 to 5",
        "line 3, came: 'maybe': is not one of yes (Yes), no (No)",
        "line 4, who: 'C-999999': is not in the sample of SR-0001",
        "line 5, manner: '5': is answered though the answers before it skip it",
        "line 6, kinds: 'part;nothing': is not one of part (A part), use (Use), other (Something, else)",
        "line 8, who: 'C-000005': answered in line 7 already",
        "line 9: does not say whose answers these are",
    ]
    assert lines[-1].endswith("answers.csv; nothing was saved")
    assert answered(data) == []


def test_going_on_with_the_good_rows(data: Path) -> None:
    """--keep-going takes the good rows, says how many were left out, and still exits with 5."""
    done = imported(data, BAD, "--keep-going")
    assert done.exit_code == 5
    assert "1 answered, 0 unchanged; saved as 8" in done.stderr
    assert "7 bad rows" in done.stderr
    assert "were left out" in done.stderr
    assert [row["record"] for row in answered(data)] == ["C-000005"]


def test_nobody_answers_twice(data: Path) -> None:
    """Another answer to a question that was answered is refused; what was left open can be added."""
    imported(data, "who,came\nC-000001,no\n")
    done = imported(data, "who,came,overall\nC-000001,yes,4\n")
    assert (done.exit_code, done.stderr.splitlines()[0]) == (
        5,
        "line 2, came: 'yes': was answered with no already",
    )
    assert imported(data, "who,overall\nC-000001,4\n").exit_code == 0
    (row,) = answered(data)
    assert row["state"] == "answered"


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("who,came,1\nC-000001,no,no\n", "", "cskit: the columns 'came' and '1' answer the same question"),
        ("who,came\nC-000001,no\n", "--map went=came", "cskit: --map: the file has no column 'went'"),
        ("who,x\nC-000001,no\n", "--map x=went", "cskit: --map x=went: there is no such question"),
    ],
)
def test_columns_that_cannot_be_meant(data: Path, text: str, options: str, said: str) -> None:
    """Two columns for one question, or a mapping of nothing, is wrong usage."""
    done = imported(data, text, options)
    assert (done.exit_code, done.stderr.splitlines()[0]) == (2, said)


def test_who_refused_and_who_was_not_reached(data: Path) -> None:
    """Both are noted, counted and left out of the figures; who answered cannot refuse."""
    imported(data, "who,came,overall\nC-000001,no,4\n")
    assert run("survey missed SR-0001 C-000002 --refused", data=data).exit_code == 0
    assert run("survey missed SR-0001 C-000003 C-000004 --unreached", data=data).exit_code == 0
    done = run("survey missed SR-0001 C-000001 --refused", data=data)
    assert (done.exit_code, done.stderr) == (1, f"cskit: {_id(data, 'C-000001')}: answered already\n")
    shown = run("survey nonresponse SR-0001 -o jsonl", data=data)
    assert shown.stdout == (
        '{"sampled":6,"answered":1,"partial":0,"refused":1,"unreached":2,"open":2,'
        '"response_rate":16.7,"contact_rate":33.3}\n'
    )


def _id(data: Path, record: str) -> str:
    done = run(f"survey response list --where 'record == \"{record}\"' -o csv --fields id", data=data)
    return done.stdout.split()[1]


def test_a_department_says_how_its_own_form_writes(data: Path) -> None:
    """A rule file of the data folder is a layout like the shipped ones; which was taken is said."""
    rules = data / "rules" / "answer-layouts"
    rules.mkdir()
    (rules / "web-form.toml").write_text(
        'title = { en = "Our web form", zh = "自建问卷" }\nsource = "ours"\n'
        'signs = [["填表编号", "填表时间"]]\n'
        'who = ["填表编号"]\nat = ["填表时间"]\nservice = ["浏览器"]\nblanks = ["未填"]\n',
        encoding="utf-8",
    )
    text = "填表编号,填表时间,浏览器,came,overall,words\nC-000001,2026-11-18 09:30,微信,no,4,未填\n"
    done = imported(data, text)
    file = data.parent / "answers.csv"
    assert (done.exit_code, done.stderr.splitlines()[0]) == (
        0,
        f"{file}: read as an export of Our web form (--layout names another, or none)",
    )
    (row,) = answered(data)
    assert (row["at"], row["channel"], row["said"]) == ("2026-11-18T01:30:00Z", "online", "")
    done = imported(data, text, "--layout none")
    assert (done.exit_code, done.stderr.splitlines()[0]) == (
        2,
        "cskit: no column says whose answers these are",
    )


def test_two_lines_of_headings_in_a_workbook(data: Path) -> None:
    """SurveyMonkey's question above, its options below; the lines of the sheet are counted from its top."""
    import xlsxwriter

    file = data.parent / "answers.xlsx"
    lines = [
        [
            "Respondent ID",
            "Collector ID",
            "Custom Data 1",
            "Did somebody come?",
            "What was it about?",
            "",
            "",
        ],
        ["", "", "", "Response", "A part", "Use", "Something, else"],
        ["1", "2", "C-000001", "No", "A part", "", "Something, else"],
        ["1", "2", "C-000002", "Perhaps", "", "", ""],
    ]
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate(lines):
            sheet.write_row(number, 0, cells)
    done = run(f"survey import SR-0001 '{file}' --keep-going {NOW}", data=data)
    assert done.exit_code == 5
    assert "line 4, Did somebody come?: 'Perhaps': is not one of yes (Yes), no (No)\n" in done.stderr
    shown = run("survey response export -o jsonl --where 'known(at)'", data=data).stdout
    assert '"chosen":{"came":"no","kinds":"part;other"}' in shown
