"""`grade run`: who moves, what is recorded and what is not, and what is said of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.plugins.grading.conftest import MakeOffice, Office, moves, order, rows, run

WITHOUT_COMPLAINTS = {"customers": "cskit_customers", "grading": "cskit_grading"}


def test_the_first_run(office: Office) -> None:
    """Everybody gets a first grade, but who has no order; the table counts, then shows who moved."""
    done = office("grade run --scheme size --user lin --now 2026-02-01")
    assert (done.exit_code, done.stderr) == (
        0,
        "3 grades recorded; saved as 8 (`cskit undo` takes it back)\n",
    )
    assert done.stdout == (
        "Scheme      New    Up    Down    Ungraded    Unchanged\n"
        "--------  -----  ----  ------  ----------  -----------\n"
        "size          3     0       0           1            0\n"
        "\n"
        "Customer    Scheme    Before    Grade    Move    Why borderline    Reason\n"
        "----------  --------  --------  -------  ------  ----------------  --------\n"
        "C-000001    size                A        new\n"
        "C-000002    size                B        new\n"
        "C-000003    size                C        new\n"
    )


def test_a_record_says_all_there_is(office: Office) -> None:
    """What is kept: whose, which, when, by whom, by which facts, by which rule."""
    run(office, "2026-02-01")
    first = rows(office, "grade list")[0]
    assert len(first.pop("rule_hash")) == 64
    assert {name: value for name, value in first.items() if name != "rev"} == {
        "id": "GR-000001",
        "customer": "C-000001",
        "scheme": "size",
        "grade": "A",
        "move": "new",
        "at": "2026-02-01T01:00:00Z",
        "decided_by": "rule",
        "runs": 0,
        "facts": {"count": "3"},
        "recorded_by": "S-001",
    }


def test_nothing_new_is_written(office: Office) -> None:
    """A second run, also on another day, writes nothing, and says of each that the grade is unchanged."""
    run(office, "2026-02-01")
    again = run(office, "2026-03-01")
    assert moves(again) == {
        "1": ("A", "A", "unchanged"),
        "2": ("B", "B", "unchanged"),
        "3": ("C", "C", "unchanged"),
        "4": (None, None, "ungraded"),
    }
    done = office("grade run --scheme size --now 2026-04-01")
    assert done.stderr == "0 grades recorded; nothing to save\n"
    assert office("grade count").stdout == "3\n"


def test_moves(office: Office) -> None:
    """Up, down, first grade, no grade any more; each with what it was before."""
    run(office, "2026-02-01")
    order(office, 3, 2)
    order(office, 4)
    assert office("customer order remove O-000001 --yes").exit_code == 0
    assert office("customer close C-000002").exit_code == 0
    assert moves(run(office, "2026-03-01")) == {
        "1": ("A", "B", "down"),
        "2": ("B", None, "ungraded"),
        "3": ("C", "A", "up"),
        "4": (None, "C", "new"),
    }
    assert [row["move"] for row in rows(office, "grade list --where 'at > \"2026-02-15\"'")] == [
        "down",
        "ungraded",
        "up",
        "new",
    ]


def test_who_is_outside_is_not_spoken_of(office: Office) -> None:
    """A customer for whom the scheme is not, and who never had a grade, has no row and no count."""
    assert office("customer close C-000003").exit_code == 0
    assert set(run(office, "2026-02-01")) == {"C-000001", "C-000002", "C-000004"}


def test_borderline_is_a_move_of_its_own(office: Office) -> None:
    """The grade stays, the mark comes: that is recorded, once."""
    run(office, "2026-02-01")
    first = run(office, "2026-07-01")["C-000002"]
    assert (first["move"], first["grade"]) == ("borderline", "B")
    assert first["borderline"] == ["the middle was to be looked at by June"]
    assert run(office, "2026-08-01")["C-000002"]["move"] == "unchanged"


def test_grace(make_office: MakeOffice) -> None:
    """A lower grade counts after two runs in a row; until then the row says how many there were."""
    office = make_office("grace = 2", orders=(2,))
    run(office, "2026-02-01")
    assert office("customer order remove O-000001 --yes").exit_code == 0
    kept = run(office, "2026-03-01")["C-000001"]
    assert (kept["grade"], kept["move"], kept["reason"]) == ("B", "kept", "run 1 of 2 in a row that says C")
    assert run(office, "2026-03-01")["C-000001"]["move"] == "unchanged"
    assert moves(run(office, "2026-04-01")) == {"1": ("B", "C", "down")}


def test_a_dry_run_shows_the_moves(office: Office) -> None:
    """--dry-run shows who would move, and leaves all as it was."""
    before = office("log -o jsonl").stdout
    done = office("grade run --scheme size --dry-run --now 2026-02-01 -o jsonl")
    assert done.exit_code == 0
    assert [json.loads(row)["move"] for row in done.stdout.splitlines()] == ["new", "new", "new", "ungraded"]
    assert done.stderr == "dry run: 3 grades would be recorded\n"
    assert office("log -o jsonl").stdout == before


def test_in_a_batch(office: Office) -> None:
    """In a batch the run sees what the lines before it changed, and one undo takes back both."""
    lines = "customer order add C-000004 --date 2026-01-05\ngrade run --scheme size\n"
    done = office("batch - --now 2026-02-01", input=lines)
    assert done.exit_code == 0, done.stderr
    assert {row["customer"]: row["grade"] for row in rows(office, "grade list")}["C-000004"] == "C"
    assert office("undo --yes").exit_code == 0
    assert office("grade count").stdout == "0\n"


def test_only_some_customers(office: Office) -> None:
    """--where grades only those for whom it holds; the others keep what they have."""
    assert set(run(office, "2026-02-01", "--scheme size --where 'region == \"华南\"'")) == {
        "C-000001",
        "C-000003",
    }
    assert office("grade run --where 'regoin == 1'").exit_code == 2


def test_grades_only_go_forward(office: Office) -> None:
    """A run dated before a grade that is there is refused, but for a dry one."""
    run(office, "2026-03-01")
    done = office("grade run --scheme size --now 2026-02-01")
    assert (done.exit_code, done.stdout, done.stderr) == (
        1,
        "",
        "cskit: there are grades of size later than 2026-02-01; grades only go forward\n"
        "`cskit grade run --dry-run` shows what they would have been\n",
    )
    dry = office("grade run --scheme size --now 2026-02-01 --dry-run -o jsonl")
    assert {json.loads(row)["move"] for row in dry.stdout.splitlines()} == {"new", "ungraded"}


def test_a_bare_run_names_what_it_leaves_out(office: Office) -> None:
    """Without --scheme all schemes run whose facts are there; the others are said with what they lack."""
    done = office("grade run --now 2026-02-01 -o jsonl", plugins=WITHOUT_COMPLAINTS)
    assert done.exit_code == 0
    assert {"size", "order-volume"} <= {json.loads(row)["scheme"] for row in done.stdout.splitlines()}
    left = [line for line in done.stderr.splitlines() if " was left out: " in line]
    assert any(line.startswith("store-tier was left out: ") and "complaints" in line for line in left)


def test_a_scheme_that_cannot_run_is_refused_by_name(office: Office) -> None:
    """Asked for by name, a scheme whose facts' plugin is away refuses, and nothing is saved."""
    done = office("grade run --scheme size --scheme store-tier", plugins=WITHOUT_COMPLAINTS)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("cskit: the scheme store-tier cannot run: ")
    assert office("grade count").stdout == "0\n"


@pytest.mark.parametrize("line", ["grade run --scheme sise", "grade matrix sise", "grade due --scheme sise"])
def test_an_unknown_scheme(office: Office, line: str) -> None:
    """A scheme that there is not is named with the nearest one."""
    done = office(line)
    assert (done.exit_code, done.stdout) == (3, "")
    assert done.stderr == "cskit: there is no grading scheme 'sise'\ndid you mean 'size'?\n"


def test_many_moves_on_a_screen(make_office: MakeOffice) -> None:
    """A screen shows the first fifty moves, worst first, and says how many more there are."""
    office = make_office(orders=(1,) * 52)
    run(office, "2026-02-01")
    order(office, 1, 2)
    assert office("customer order remove O-000052 --yes").exit_code == 0
    done = office("grade run --scheme size --now 2026-03-01")
    lines = done.stdout.splitlines()[4:]
    assert [line.split()[0] for line in lines] == ["Customer", "----------", "C-000001", "C-000052"]
    fresh = office("grade run --scheme order-volume --now 2026-03-01")
    assert len(fresh.stdout.splitlines()) == 3 + 1 + 2 + 50
    assert "1 more move; -o jsonl shows all\n" in fresh.stderr


def test_one_read_per_table(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many customers, each table is read as often as for a few: no read in a loop."""
    from cskit.store.snapshot import Snapshot

    counts: dict[str, int] = {}
    read = Snapshot.read

    def counting(self: Any, table: str, *args: Any, **kwargs: Any) -> Any:
        counts[table] = counts.get(table, 0) + 1
        return read(self, table, *args, **kwargs)

    monkeypatch.setattr(Snapshot, "read", counting)
    run(office, "2026-02-01")
    few = dict(counts)
    lines = "\n".join(json.dumps({"name": f"更多{n}"}) for n in range(300))
    assert office("customer import -", input=lines).exit_code == 0
    counts.clear()
    run(office, "2026-03-01")
    assert counts == few
