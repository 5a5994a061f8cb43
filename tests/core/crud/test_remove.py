"""`remove`: only what nothing points to, and only after a yes."""

from __future__ import annotations

import json

import pytest

import cskit_customers
from cskit.display import console
from cskit.errors import Refused
from cskit.testing import department


def test_needs_a_yes(register):
    """Without a terminal to ask at, --yes is needed, whatever the number."""
    assert register("customer remove C-000003") == (
        2,
        "",
        "cskit: to remove 1 customer needs a yes, and there is nobody to ask\nsay --yes if you mean it\n",
    )
    assert register("customer remove --where 'known(region)'").stderr.startswith(
        "cskit: to remove 2 customers"
    )


def test_removed(register):
    """A removed record is gone, and can be put back."""
    assert register("customer remove C-000003 --yes --reason double") == (
        0,
        "",
        "1 customer removed; saved as 7 (`cskit undo` takes it back)\n",
    )
    assert register("customer show C-000003").exit_code == 3
    assert register("customer add next").stdout == "C-000004\n"
    assert register("undo 7 --yes").exit_code == 0
    assert register("customer show C-000003").exit_code == 0


def test_json_lists_what_is_gone(register):
    """With -o json a script learns the ids."""
    assert json.loads(register("customer order remove O-000001 O-000002 --yes -o json").stdout) == [
        {"id": "O-000001"},
        {"id": "O-000002"},
    ]


def test_referred_to(register):
    """A record that others point to stays; they are named, and where to find them."""
    assert register("customer remove KH1 --yes") == (
        4,
        "",
        "cskit: cannot remove C-000001: order O-000001 (customer C-000001) would point to nothing\n"
        "change or remove those first: cskit customer order list --where 'customer == \"C-000001\"'\n",
    )
    register("customer order set O-000002 referred_by=KH1")
    assert register("customer remove C-000001 C-000002 C-000003 --yes") == (
        4,
        "",
        "cskit: cannot remove 3 customers: order O-000001 (customer C-000001), "
        "order O-000002 (customer C-000002), order O-000002 (referred_by C-000001) would point to nothing\n"
        "change or remove those first\n",
    )
    assert register("customer count").stdout == "3\n"


def test_many_that_point_are_counted(register):
    """After five the rest of those that point is counted."""
    rows = "\n".join('{"customer":"C-000003","date":"2026-11-01"}' for _ in range(7))
    register("customer order import -", input=rows)
    assert "order O-000007 (customer C-000003) and 2 more would point to nothing" in (
        register("customer remove C-000003 --yes").stderr
    )


def test_in_order(register):
    """Orders first, then their customer."""
    assert register("customer order remove --where 'customer == \"C-000001\"' --yes").exit_code == 0
    assert register("customer remove C-000001 --yes").exit_code == 0


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ("customer remove", 2, "which customers?"),
        ("customer remove C-8 KH1 C-9 --yes", 3, "no customer C-8, C-9"),
        ("customer remove C-8", 3, "no customer C-8"),
        (
            "customer remove --where 'regin == 1' --yes",
            2,
            "--where: no field 'regin', did you mean 'region'?",
        ),
    ],
    ids=["nothing-named", "missing", "missing-unasked", "bad-where"],
)
def test_refused(register, line, code, message):
    """What cannot be done is refused before anybody is asked."""
    done = register(line)
    assert (done.exit_code, done.stdout, done.stderr.splitlines()[0]) == (code, "", f"cskit: {message}")


def test_nothing_matches(register):
    """Where --where means nothing, nobody is asked."""
    done = register("customer remove --where 'region == \"西北\"'")
    assert done == (0, "", "0 customers removed; nothing to save\n")


@pytest.mark.parametrize("where", ["", " --where 'known(name)'"], ids=["alone", "with-where"])
def test_empty_pipe_means_nothing(register, where):
    """`-` with nothing on stdin removes nothing, also beside a --where that would match."""
    done = register(f"customer remove - --yes{where}", input="\n")
    assert done == (0, "", "0 customers removed; nothing to save\n")
    assert register("customer count").stdout == "3\n"


@pytest.fixture
def terminal(monkeypatch):
    """Return the questions asked at a terminal that is answered with `answers`."""
    asked, answers = [], []

    def confirm(doing):
        asked.append(doing)
        answer = answers.pop()
        if not (answer() if callable(answer) else answer):
            raise Refused(f"not confirmed: {doing}", "nothing was changed")

    monkeypatch.setattr(console, "confirm", confirm)
    return asked, answers


def test_asked_at_a_terminal(register, terminal):
    """At a terminal the user is asked once, and a no changes nothing."""
    asked, answers = terminal
    answers.append(False)
    assert register("customer remove C-000003").exit_code == 1
    assert register("customer count").stdout == "3\n"
    answers.append(True)
    assert register("customer remove C-000003").exit_code == 0
    assert asked == ["remove 1 customer", "remove 1 customer"]


def test_more_than_was_confirmed(register, terminal):
    """Records that came to match while the user was thinking are not removed with the others."""
    asked, answers = terminal
    answers.append(lambda: register("customer order set O-000001 state=completed").exit_code == 0)
    assert register("customer order remove --where 'state == \"completed\"'") == (
        4,
        "",
        "cskit: this now means 2 orders, not those of a moment ago\nrun the command again\n",
    )
    assert asked == ["remove 1 order"]


def test_table_whose_plugin_is_not_loaded(register, tmp_path):
    """While the folder holds a table that nobody loaded knows, nothing is removed: it might point here."""
    (tmp_path / "data" / "surveys.json").write_text(
        '{"surveys": {"1": {"id": "SV-1", "customer": "C-000003"}}}'
    )
    done = register("customer remove C-000003 --yes")
    assert done.exit_code == 6
    assert done.stderr.startswith(
        "cskit: no loaded plugin knows the table surveys, whose records may depend on this"
    )
    assert register("customer count").stdout == "3\n"


def test_others_than_were_confirmed(register, terminal):
    """As many records as were confirmed, but others, are not removed."""
    asked, answers = terminal
    answers.append(
        lambda: [
            register(f"customer order set {change}").exit_code
            for change in ("O-000001 state=completed", "O-000002 state=")
        ] == [0, 0]
    )  # fmt: skip
    done = register("customer order remove --where 'state == \"completed\"'")
    assert (done.exit_code, asked) == (4, ["remove 1 order"])
    assert "not those of a moment ago" in done.stderr
    assert register("customer order count").stdout == "2\n"


def test_orphans_made_by_a_plugin(tmp_path, plugin):
    """What a plugin removes before the commit may not be pointed to either."""

    def clear(app, tx):
        for document in list(tx.read("customers", ids=["C-000001"])):
            tx.remove("customers", document.number)

    office = department(tmp_path / "data")
    office("customer add a")
    office("customer order add C-000001 --date 2026-11-20")
    meddling = department(
        tmp_path / "data", plugins={"customers": cskit_customers, "acme": plugin(before_commit=clear)}
    )
    done = meddling("customer add b")
    assert done.exit_code == 4
    assert done.stderr.startswith("cskit: cannot remove C-000001: order O-000001 (customer C-000001) would")
