"""Acme's machines, visits, fact and veto, as its staff meet them on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cskit import timeline
from cskit.app import App
from cskit.terminal.options import Options
from cskit.testing import check_plugin, run

NOW = "--now 2026-11-22T10:00"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A department with two customers, three machines and an open order."""
    folder = tmp_path / "department"
    for line in (
        "customer add 晨屿样例贸易有限公司 --region 华东",
        "customer add 栖木样例家居有限公司",
        "customer order add C-000001 --date 2026-11-03",
        "acme machine add CM-1 --customer C-000001 --model duo --installed 2026-05-31"
        " --warranty-until 2027-05-30 --hours 812.5",
        "acme machine add CM-2 --customer C-000002 --installed 2026-05-18 --service-every 3",
        "acme machine add CM-3 --customer C-000001 --installed 2026-09-01",
    ):
        done = run(f"{line} {NOW}", data=folder)
        assert done.exit_code == 0, done.stderr
    return folder


def lines(data: Path, command: str) -> list[dict[str, Any]]:
    """Run a command that lists, and return its rows."""
    done = run(f"{command} {NOW} -o jsonl", data=data)
    assert done.exit_code == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_machine_is_noted(data: Path) -> None:
    """A machine gets a number of its own and keeps the company's fields."""
    machine = lines(data, "acme machine list --where 'serial == \"CM-1\"' --fields id,model,hours,installed")
    assert machine == [{"id": "AM-00001", "model": "duo", "hours": 812.5, "installed": "2026-05-31"}]


def test_a_machine_stands_somewhere(data: Path) -> None:
    """A machine at a customer who is not on the register is refused as bad data."""
    done = run(f"acme machine add CM-9 --customer C-000099 --installed 2026-11-01 {NOW}", data=data)
    assert (done.exit_code, done.stdout) == (5, "")
    assert "C-000099" in done.stderr
    assert len(lines(data, "acme machine list")) == 3


def test_the_visits_of_a_month(data: Path) -> None:
    """A visit falls on the day of installation, or the last of a shorter month, every so many months."""
    assert lines(data, "acme visitplan --month 2026-11") == [
        {
            "date": "2026-11-18",
            "customer": "C-000002",
            "name": "栖木样例家居有限公司",
            "machine": "AM-00002",
            "model": "solo",
            "warranty": False,
            "open_orders": 0,
        },
        {
            "date": "2026-11-30",
            "customer": "C-000001",
            "name": "晨屿样例贸易有限公司",
            "region": "华东",
            "machine": "AM-00001",
            "model": "duo",
            "warranty": True,
            "open_orders": 1,
        },
    ]


@pytest.mark.parametrize(
    ("option", "machines"),
    [
        pytest.param("", ["AM-00002", "AM-00001"], id="this month"),
        pytest.param("--month 2026-08", ["AM-00002"], id="every three months"),
        pytest.param("--month 2027-03", ["AM-00003"], id="every six months"),
        pytest.param("--month 2026-05", [], id="the month of installation"),
        pytest.param("--month 2026-12", [], id="between visits"),
    ],
)
def test_which_machines_are_due(data: Path, option: str, machines: list[str]) -> None:
    """Only machines whose months are full are due; without a month the present one is meant."""
    assert [row["machine"] for row in lines(data, f"acme visitplan {option}")] == machines


def test_what_is_no_month(data: Path) -> None:
    """A month that cannot be read is wrong usage, and the message shows how to write it."""
    done = run(f"acme visitplan --month November {NOW}", data=data)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "'November' is not a month" in done.stderr
    assert "2026-11" in done.stderr


def test_the_fact(data: Path) -> None:
    """Other plugins learn how many machines a customer has."""
    facts = run(f"fact show customer C-000001 C-000002 --names acme.machines {NOW} -o json", data=data)
    assert facts.exit_code == 0, facts.stderr
    assert [row["acme.machines"] for row in json.loads(facts.stdout)] == [2, 1]


@pytest.mark.parametrize(
    "command",
    [
        "acme machine add CM-9 --customer C-000001 --installed 2026-11-23",
        "acme machine set AM-00003 installed=2026-11-23",
    ],
)
def test_the_future_is_refused(data: Path, command: str) -> None:
    """A machine cannot have been installed tomorrow, whichever command says so; nothing is saved."""
    before = lines(data, "acme machine list")
    done = run(f"{command} {NOW}", data=data)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "2026-11-23" in done.stderr
    assert lines(data, "acme machine list") == before


# --- checklists ---------------------------------------------------------------------------------------------


def test_the_checklist_that_comes_with_the_plugin(data: Path) -> None:
    """The steps of a visit are those of the plugin's rule file, in the user's language."""
    assert lines(data, "acme checklist") == [
        {"step": 1, "what": "Descale the boiler", "minutes": 20},
        {"step": 2, "what": "Replace the water filter", "minutes": 5},
    ]
    assert [row["what"] for row in lines(data, "acme checklist --lang zh")] == ["锅炉除垢", "更换滤芯"]


OWN = """
replaces = "service"
label = { en = "Our service", zh = "本公司保养" }
models = ["duo"]
minutes = 15
limits = { pressure_bar = 9, hours = 1500 }

[[steps]]
label = { en = "Wipe it", zh = "擦拭" }
minutes = 15
"""


def test_a_department_does_it_otherwise(data: Path) -> None:
    """A file in the data folder takes the place of the plugin's; without the word it is refused."""
    file = data / "rules" / "acme-checklists" / "service.toml"
    file.parent.mkdir(parents=True)
    file.write_text(OWN, encoding="utf-8")
    assert lines(data, "acme checklist") == [{"step": 1, "what": "Wipe it", "minutes": 15}]
    file.write_text(OWN.replace('replaces = "service"', ""), encoding="utf-8")
    done = run("acme checklist", data=data)
    assert (done.exit_code, done.stdout) == (2, "")
    assert 'say replaces = "service" to take its place' in done.stderr


def test_a_checklist_that_is_not_there(data: Path) -> None:
    """A misspelt name is not found; those that there are, are named."""
    done = run("acme checklist servise", data=data)
    assert done == (3, "", "cskit: there is no checklist 'servise'\nthere are service\n")


def test_visits_are_due(data: Path) -> None:
    """The visits that are still to come stand in what is due, by their day."""
    due = lines(data, "today --until 2026-12-31")
    assert [(row["due"], row["what"], row["id"]) for row in due] == [
        ("2026-11-30", "Visit machine CM-1", "AM-00001")
    ]
    assert [row["due"] for row in lines(data, "today --until 2027-03-01")] == [
        *("2026-11-30", "2027-02-18", "2027-03-01")
    ]


def test_installations_are_events(data: Path) -> None:
    """What a customer got is on that customer's timeline alone."""
    app = App(Options(data=str(data), now="2026-11-22T10:00"))
    found = [
        event for event in timeline.collect(app, "customer", "C-000001") if event.about == "acme machine"
    ]
    assert [(str(event.at), event.what) for event in found] == [
        ("2026-09-01", "Machine CM-3 installed"),
        ("2026-05-31", "Machine CM-1 installed"),
    ]
    assert timeline.collect(app, "acme machine", "AM-00001") == []


# --- for others ---------------------------------------------------------------------------------------------


def test_machines_are_taken_back(data: Path) -> None:
    """Another plugin may have a customer's machines removed in its own transaction."""
    app = App(Options(data=str(data), now="2026-11-22T10:00"))
    with app.transaction() as tx:
        assert app.actions["acme.take_back"](tx, customer="C-000001") == 2
    assert [row["id"] for row in lines(data, "acme machine list")] == ["AM-00002"]


def test_it_speaks_chinese(data: Path) -> None:
    """What the plugin says is in its own catalogue."""
    done = run("acme visitplan --month November", data=data, lang="zh")
    assert done.stderr == "cskit: “November”不是月份\n请写成 2026-11 的形式\n"


def test_the_catalogue_is_compiled() -> None:
    """What the program reads is what stands in the file that people translate in; nothing is left over."""
    from babel.messages.mofile import read_mo
    from babel.messages.pofile import read_po

    folder = Path(__file__).parents[1] / "cskit_acme/locale/zh_CN/LC_MESSAGES"
    with open(folder / "cskit_acme.po", "rb") as po, open(folder / "cskit_acme.mo", "rb") as mo:
        texts = {message.id: message.string for message in read_po(po) if message.id}
        assert {message.id: message.string for message in read_mo(mo) if message.id} == texts
    assert all(texts.values())


def test_the_plugin_is_as_cskit_expects() -> None:
    """All that `cskit plugins check` looks at is well."""
    check_plugin("cskit_acme")


def test_acme_grades_its_customers(data: Path) -> None:
    """The scheme that comes with the plugin grades by its own fact, and is well."""
    assert run(f"customer order set O-000001 amount=2500 {NOW}", data=data).exit_code == 0
    done = run(f"grade explain C-000001 --scheme acme-machines {NOW} -o jsonl", data=data)
    assert '"name":"silver","rule":"silver"' in done.stdout
    assert run("grade check acme-machines", data=data) == (
        0,
        "",
        "acme-machines is well: every case has a grade\n",
    )
