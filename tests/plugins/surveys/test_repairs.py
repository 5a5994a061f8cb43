"""The monthly check of repairs, from closed cases to the report, as the demonstration shows it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import cskit_customers
from cskit.testing import department, run
from cskit_surveys.sample import STEPS

CUSTOMERS = Path(cskit_customers.__file__).parent / "demo" / "customers.xlsx"
CHECK = [step for step in STEPS if step.needs == "case import-events"]


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Return a department in which every step of the check was done, and what each wrote."""
    folder = tmp_path_factory.mktemp("repairs") / "department"
    # The rounds of the demonstration stand behind that of all customers, so that theirs are 2 and 3.
    department(
        folder,
        f"customer import '{CUSTOMERS}'",
        "survey new overall --population customer --size 1 --seed 7 --now 2026-09-01T09:00",
    )
    written = []
    for step in CHECK:
        done = run([*step.typed(str(folder.parent)), "--yes"], data=folder)
        assert done.exit_code == step.exits, (step, done.stderr)
        written.append(done.stdout)
    return folder, written


def rows(folder: Path, line: str) -> list[dict[str, Any]]:
    """Return the rows of a line that must succeed."""
    done = run(f"{line} -o jsonl", data=folder)
    assert done.exit_code == 0, done.stderr
    return [json.loads(row) for row in done.stdout.splitlines()]


def test_only_repairs_closed_in_the_month_are_drawn(checked: tuple[Path, list[str]]) -> None:
    """27 of September's 36, 29 of October's 38; nobody of another month, and none that is still open."""
    folder, _written = checked
    held = {row["id"]: row for row in rows(folder, "survey round export")}
    assert [(held[own]["eligible"], held[own]["size"]) for own in ("SR-0002", "SR-0003")] == [
        (36, 27),
        (38, 29),
    ]
    asked = {row["about"] for row in rows(folder, "survey sample SR-0003 --all")}
    closed = {
        row["id"]
        for row in rows(folder, "case export")
        if row["kind"] == "repair" and (row.get("closed_at") or "") >= "2026-09-30T16:00:00Z"
    }
    assert asked < closed
    assert len(asked) == 29


def test_a_service_export_needs_no_map(checked: tuple[Path, list[str]]) -> None:
    """The answers came online, at the times of the export, and are complete."""
    folder, _written = checked
    answered = [
        row for row in rows(folder, "survey response export") if row["round"] == "SR-0003" and "at" in row
    ]
    assert len(answered) == 25
    assert {(row["state"], row["channel"]) for row in answered} == {("answered", "online")}
    assert {row["at"][:7] for row in answered} == {"2026-11"}


def test_how_far_it_came(checked: tuple[Path, list[str]]) -> None:
    """25 answered of 29, one refused, two were not reached, one is still to be asked."""
    folder, _written = checked
    (left,) = rows(folder, "survey nonresponse SR-0003")
    assert (left["sampled"], left["answered"], left["refused"], left["unreached"], left["open"]) == (
        29,
        25,
        1,
        2,
        1,
    )


def test_what_became_better(checked: tuple[Path, list[str]]) -> None:
    """Quality from 9 of 23 to 22 of 25 is better; an option is no figure that is good or bad."""
    folder, _written = checked
    found = {
        (row["figure"], row.get("about"), row.get("option")): row
        for row in rows(folder, "survey compare SR-0002 SR-0003")
    }
    quality = found["csat", "quality", None]
    assert (quality["before"], quality["after"], quality["says"]) == (39.1, 88.0, "better")
    assert found["csat", "manner", None]["says"] == "no real change"
    assert found["csat", "clear", None]["says"] == "too few answers to tell"
    assert not {row["says"] for key, row in found.items() if key[0] == "share"} & {"better", "worse"}


def test_low_scores_are_cases(checked: tuple[Path, list[str]]) -> None:
    """Each has one, of the customer whose repair it was; asked again, none is opened twice."""
    folder, _written = checked
    low = rows(folder, "survey low SR-0003")
    cases = {row["id"]: row for row in rows(folder, "case export")}
    assert [cases[row["case"]]["customer"] for row in low] == [row["customer"] for row in low]
    done = run("survey low SR-0003 --open-cases", data=folder)
    assert done.stderr == "0 cases opened; nothing to save\n"


def test_the_report_is_one_page(checked: tuple[Path, list[str]]) -> None:
    """It stands by itself, and has the figures that the table has."""
    folder, _written = checked
    page = (folder.parent / "repairs.html").read_text("utf-8")
    assert "default-src 'none'" in page
    assert "72.7 – 82.6" in page
    assert "S-006" in page


def test_groups_have_names_in_both_languages(checked: tuple[Path, list[str]]) -> None:
    """A column of groups is called what they are, not what another plugin calls a group."""
    folder, _written = checked
    for lang, title in (("en", "Staff concerned"), ("zh", "相关员工")):
        done = run(f"survey score SR-0003 --by staff --lang {lang}", data=folder)
        assert done.stdout.startswith(title)
