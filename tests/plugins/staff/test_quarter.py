"""A quarter at the shell: cards, confirmation, proposals, overrides, effect and its undoing."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from tests.plugins.staff import quarter
from tests.plugins.staff.quarter import NOW, Run, copied, listed

Q3 = f"--quarter 2026-Q3 {NOW}"


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a department whose three months are scored and not confirmed."""
    folder = tmp_path_factory.mktemp("scored") / "data"
    quarter.people(folder)
    quarter.score(folder)
    return folder


@pytest.fixture(scope="module")
def proposed(scored: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a department whose quarter is confirmed and reviewed."""
    folder = tmp_path_factory.mktemp("proposed") / "data"
    office = copied(scored, folder)
    quarter.confirm(folder)
    assert office(f"staff review {Q3} --user S-004").exit_code == 0
    return folder


@pytest.fixture
def drafts(scored: Path, tmp_path: Path) -> Run:
    """Return a `run` for a copy of the scored department."""
    return copied(scored, tmp_path / "data")


@pytest.fixture
def office(proposed: Path, tmp_path: Path) -> Run:
    """Return a `run` for a copy of the reviewed department."""
    return copied(proposed, tmp_path / "office")


# --- cards --------------------------------------------------------------------------------------------------


def test_totals(scored: Path) -> None:
    """Weights by catalogue D2: 0.2·90 + 0.2·88 + 0.25·86 + 0.25·88 + 0.1·100 = 89.1 for S-003 in July."""
    rows = listed(scored, "staff scorecard list --where 'month == \"2026-07\"'")
    assert {row["staff"]: row.get("total") for row in rows} == {
        "S-003": 89.1,
        "S-004": 75.9,
        "S-005": 63.73,
        "S-006": 51.05,
        "S-008": 81.2,
        "S-009": 69.4,
    }


def test_a_card(scored: Path, drafts: Run) -> None:
    """Each line has its weight, value, score and origin; scores are masked unless they are to be revealed."""
    rows = listed(scored, "staff card S-003 --month 2026-07")
    assert [(row["code"], row.get("value"), row.get("points"), row.get("origin")) for row in rows] == [
        ("followups", 90, 18, "entered"),
        ("satisfaction", 88, 17.6, "entered"),
        ("handling", 86, 21.5, "entered"),
        ("training", 88, 22, "facts"),
        ("attendance", 100, 10, "facts"),
        ("total", None, 89.1, None),
    ]
    shown = drafts("staff card S-003 --month 2026-07 -o csv").stdout
    assert "***" in shown
    assert "88" not in shown


def test_a_card_leads_to_its_records(drafts: Run) -> None:
    """--ids lists the records behind each figure; where they changed since, that is said."""
    line = "staff card S-003 --month 2026-07 --ids --fields fact,about,record -o csv"
    behind = (
        "fact,about,record\n"
        "staff.training_score,staff training,TR-00001\n"
        "staff.attendance_rate,staff attendance,AT-000003\n"
    )
    assert drafts(line) == (0, behind, "")
    drafts("staff attendance set AT-000003 days_present=20")
    done = drafts(line)
    assert (done.exit_code, done.stdout) == (0, behind)
    said = "Attendance: the records have changed since SC-000001 was scored; --as-of shows those of then\n"
    assert done.stderr == said


def test_scoring_again(drafts: Run, tmp_path: Path) -> None:
    """What was entered stays on a draft, what is counted is counted anew, the same changes nothing."""
    again = f"staff score --month 2026-07 --user S-004 {NOW}"
    drafts(again)
    assert "staff score" in drafts("log --fields did -o csv").stdout
    before = listed(tmp_path / "data", "staff scorecard list --where 'month == \"2026-07\"'")
    drafts("staff attendance set AT-000003 days_present=20.7")
    drafts(again)
    after = listed(tmp_path / "data", "staff scorecard list --where 'month == \"2026-07\"'")
    assert [row["total"] for row in before[1:]] == [row["total"] for row in after[1:]]
    assert (before[0]["total"], after[0]["total"]) == (89.1, 88.1)  # 90 % of the days: a tenth of ten points


def test_a_scorer_cannot_confirm(drafts: Run) -> None:
    """Neither the own card nor one that the person scored; nor can anybody but a superior."""
    own = drafts(f"staff confirm S-004 --month 2026-07 --user S-004 {NOW}")
    assert own == (1, "", "cskit: S-004: nobody confirms the own card\n")
    other = drafts(f"staff confirm S-003 --month 2026-07 --user S-004 {NOW}")
    assert other == (1, "", "cskit: S-003: S-004 scored it, so somebody else has to confirm it\n")
    peer = drafts(f"staff confirm S-003 --month 2026-07 --user S-005 {NOW}")
    assert peer == (1, "", "cskit: S-003: S-002 confirms it, who is the superior\n")
    above = drafts(f"staff confirm S-003 --month 2026-07 --user S-001 {NOW} -o csv")
    assert (above.exit_code, above.stdout) == (
        0,
        "id,staff,month,state\nSC-000001,S-003,2026-07,confirmed\n",
    )


def test_confirming_all_or_none(drafts: Run) -> None:
    """Of people who are named one that cannot be confirmed keeps all back; with --all the others are."""
    done = drafts(f"staff confirm S-003 S-008 --month 2026-08 --user S-002 {NOW}")
    assert done.exit_code == 1
    assert done.stderr == (
        "cskit: S-008: solving, feedback, mastery missing; "
        "`cskit staff card S-008 --month 2026-08` says what of\n"
    )
    done = drafts(f"staff confirm --all --month 2026-08 --user S-002 {NOW} -o csv")
    assert (done.exit_code, len(done.stdout.splitlines())) == (0, 6)
    assert "S-008: solving" in done.stderr
    assert "confirmed already" in drafts(f"staff confirm S-003 --month 2026-08 --user S-002 {NOW}").stderr


def test_nobody_knows_who_confirms(drafts: Run) -> None:
    """A login without a staff id is nobody's second person."""
    done = drafts(f"staff confirm S-003 --month 2026-07 --user somebody {NOW}")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("cskit: somebody has no staff id")


def test_a_month_that_has_not_ended(drafts: Run) -> None:
    """It can be scored, and says so; it cannot be confirmed, and one to come is none."""
    done = drafts("staff score S-003 --month 2026-10 --now 2026-10-09 --user S-004")
    assert (done.exit_code, done.stderr) == (
        0,
        "2026-10 ends on 2026-10-31: the figures are those up to now\n",
    )
    done = drafts("staff confirm S-003 --month 2026-10 --now 2026-10-09 --user S-002")
    assert done.exit_code == 1
    assert drafts("staff score --month 2026-11 --now 2026-10-09").exit_code == 2
    for wrong in ("13", "2026", "2026-13", "Q3"):
        done = drafts(f"staff score --month {wrong} --now 2026-10-09")
        assert done == (2, "", f"cskit: '{wrong}' is no month\nexpected such as 2026-10\n")
    assert (
        drafts("staff review --quarter 2026-Q4 --now 2026-10-09").stderr
        == "cskit: 2026-Q4 ends on 2026-12-31\n"
    )


def test_figures_that_do_not_fit(drafts: Run, tmp_path: Path) -> None:
    """All bad rows of a sheet at once, and nothing is saved."""
    sheet = tmp_path / "figures.csv"
    sheet.write_text(
        "staff,month,followups,satisfaction,calls,attendance\n"
        "S-003,2026-07,abc,88,,\n"
        "S-099,2026-07,90,,,\n"
        "S-004,2026-08,90,,12,\n"
        "S-005,2026-07,-1,,,90\n"
        "S-003,2026-07,90,,,\n"
        "S-001,2026-07,90,,,\n"
        ",,90,,,\n",
        encoding="utf-8",
    )
    done = drafts(f"staff score --month 2026-07 --enter {sheet} {NOW}")
    assert (done.exit_code, done.stdout) == (5, "")
    assert done.stderr == (
        "line 2, followups: 'abc': expected a number such as 92.5\n"
        "line 3, staff: 'S-099': is nobody's id\n"
        "line 4, month: '2026-08': is not 2026-07\n"
        "line 4, calls: '12': there is no such indicator in representative; "
        "there are followups, satisfaction, handling, training, attendance\n"
        "line 5, followups: '-1': expected a number such as 92.5\n"
        "line 5, attendance: '90': Attendance is counted from records\n"
        "line 6, staff: 'S-003': is in the file twice\n"
        "line 7, staff: 'S-001': is not scored in this run\n"
        "line 8, staff: does not say whose figures these are\n"
        f"cskit: 7 bad rows in {sheet}; nothing was saved\n"
    )


# --- reviews ------------------------------------------------------------------------------------------------


def test_what_is_proposed(proposed: Path) -> None:
    """One up, one stays, two down, one probation ends in a proposal to part, one has too few months."""
    rows = listed(proposed, f"staff review {Q3} --user S-004")
    assert [(row["staff"], row.get("mean"), row["proposal"]) for row in rows] == [
        ("S-003", 90.8033, "up"),
        ("S-004", 76.75, "stay"),
        ("S-005", 63.44, "down"),
        ("S-006", 48.3933, "dismissal"),
        ("S-008", None, "insufficient"),
        ("S-009", 69.2833, "down"),
    ]


def test_a_review_again_changes_nothing(office: Run) -> None:
    """Judging the same cards a second time saves nothing."""
    before = office("log -o csv --fields entry").stdout
    assert office(f"staff review {Q3} --user S-004").exit_code == 0
    assert office("log -o csv --fields entry").stdout == before
    done = office(f"staff review {Q3} --user S-004 --dry-run")
    assert done.exit_code == 0


def test_two_people_for_an_override(office: Run) -> None:
    """Who decided is not who confirms, nor the person concerned; a reason has to be given."""
    line = f"staff confirm S-009 {Q3} --override stay"
    assert office(f"{line} --user S-002").exit_code == 2
    same = office(f"{line} --by S-002 --reason x --user S-002")
    assert same.stderr == (
        "cskit: S-002 cannot decide and confirm it as well\na second person has to confirm it\n"
    )
    own = office(f"{line} --by S-009 --reason x --user S-002")
    assert own == (1, "", "cskit: S-009 cannot decide on the own review\n")
    done = office(f"{line} --by S-001 --reason 病假 --user S-002 --fields proposal,note -o csv")
    assert done == (0, "proposal,note\nstay,decided by S-001: 病假\n", "")
    (row,) = listed_reviews(office, "S-009")
    assert (row["rule"], row["rank_after"]) == ("down", "major-intermediate")


def listed_reviews(office: Run, staff: str) -> list[dict[str, str]]:
    """Return the stored reviews of a person."""
    done = office(
        f"staff appraisal list --where 'staff == \"{staff}\"' --reveal -o jsonl --fields "
        "staff,rule,proposal,rank_before,rank_after,state"
    )
    return [json.loads(row) for row in done.stdout.splitlines()]


def test_reviews_are_confirmed_by_others(office: Run) -> None:
    """Neither by who proposed them nor about oneself; what has too few months is nothing to confirm."""
    proposer = office(f"staff confirm S-003 {Q3} --user S-004")
    assert proposer.stderr == "cskit: S-003: S-004 proposed it, so somebody else has to confirm it\n"
    own = office(f"staff confirm S-003 {Q3} --user S-003")
    assert own.stderr == "cskit: S-003: nobody confirms the own review\n"
    few = office(f"staff confirm S-008 {Q3} --user S-002")
    assert few.stderr == "cskit: S-008: months are missing, so there is nothing to confirm\n"
    assert office(f"staff confirm S-001 {Q3} --user S-002").exit_code == 3
    assert office(f"staff confirm {Q3} --user S-002").exit_code == 2


STAFF = "staff list --reveal -o csv --fields id,rank,state,probation_until,left,base_pay,performance_base"


def test_effect_and_its_undoing(office: Run) -> None:
    """Rank, state and pay of everybody change as one; the dismissal only where named; one undo, and back."""
    before = office(STAFF).stdout
    office(f"staff confirm --all {Q3} --user S-002")
    done = office(f"staff apply {Q3} --on 2026-10-01 --user S-001 --fields staff,proposal,state -o csv")
    assert done.exit_code == 0
    assert done.stdout == (
        "staff,proposal,state\nS-003,up,applied\nS-004,stay,applied\nS-005,down,applied\nS-009,down,applied\n"
    )
    assert done.stderr.endswith("1 dismissal waits to be named: S-006\n")
    rows = dict(line.split(",", 1) for line in office(STAFF).stdout.splitlines())
    assert rows["S-003"] == "ordinary-senior,regular,,,1700,600"  # 1500 and 500 in the rank before
    assert rows["S-004"] == "ordinary-senior,regular,,2026-11-30,1700,600"
    assert rows["S-005"] == "ordinary-intermediate,regular,,,1500,500"
    assert rows["S-006"] == "ordinary-intermediate,probation,2026-09-30,,1500,500"
    named = office(f"staff apply S-006 {Q3} --on 2026-10-15 --user S-001")
    assert named.exit_code == 0
    assert "S-006,ordinary-intermediate,left,,2026-10-15,1500,500" in office(STAFF).stdout
    office("undo --yes --user S-001")
    office("undo --yes --user S-001")
    assert office(STAFF).stdout == before
    locked = office("staff scorecard list --where 'state == \"locked\"' -o csv --fields id").stdout
    assert locked == "id\n"


def test_a_probation_begins_and_is_judged(office: Run) -> None:
    """A month of probation follows; its card alone then decides, before the quarter ends."""
    office(f"staff confirm S-005 {Q3} --override probation --by S-001 --reason 连续投诉 --user S-002")
    office(f"staff apply S-005 {Q3} --on 2026-10-09 --user S-001")
    assert "S-005,ordinary-intermediate,probation,2026-11-30,,1500,500" in office(STAFF).stdout
    later = "--now 2026-12-02T09:00"
    figures = "followups,satisfaction,handling,training,attendance\n"
    office(
        [
            "staff",
            "score",
            "S-005",
            "--month",
            "2026-11",
            "--user",
            "S-004",
            "--now",
            "2026-12-02",
            "--enter",
            "-",
        ],
        input=f"staff,{figures}S-005,50,50,50,50,50\n",
    )
    assert office(f"staff confirm S-005 --month 2026-11 --user S-002 {later}").exit_code == 0
    done = office(f"staff review --month 2026-11 --user S-004 {later} --fields staff,proposal,note -o csv")
    assert done.stdout == "staff,proposal,note\nS-005,ended,the probation ends\n"
    confirm = f"staff confirm S-005 --month 2026-11 --probation --user S-002 {later}"
    assert office(confirm).exit_code == 0
    assert office(f"staff apply S-005 --month 2026-11 --user S-001 {later}").exit_code == 0
    assert "S-005,ordinary-intermediate,regular,,,1500,500" in office(STAFF).stdout


def test_who_changed_since_is_refused(office: Run) -> None:
    """A rank that somebody set in the meantime is not overwritten."""
    office(f"staff confirm --all {Q3} --user S-002")
    office("staff set S-003 rank=major-senior")
    done = office(f"staff apply {Q3} --user S-001")
    assert (done.exit_code, done.stdout) == (4, "")
    assert "rank or state of S-003 has changed since the proposal" in done.stderr


def _confirmed(office: Run) -> int:
    """Return the entry that confirmed the last month's cards; looks at figures have entries as well."""
    entries = json.loads(office("log --limit 50 -o json").stdout)
    return next(one["entry"] for one in entries if one["command"] == "staff confirm")


def test_what_rests_on_other_cards_is_refused(office: Run) -> None:
    """A proposal, confirmed or not, does not outlive the confirmation of the cards that it was made of."""
    confirmed = _confirmed(office)
    undone = office(f"undo {confirmed} --yes").stderr
    for line in (f"staff confirm --all {Q3} --user S-001", f"staff confirm S-003 {Q3} --user S-001"):
        done = office(line)
        assert (done.exit_code, done.stdout) == (4, "")
        assert "S-003" in done.stderr.splitlines()[0]
        assert done.stderr.endswith("undo that change, or review the period again\n")
    again = undone.partition("saved as ")[2].split()[0]
    assert office(f"undo {again} --yes").exit_code == 0
    assert office(f"staff confirm --all {Q3} --user S-001").exit_code == 0
    assert office(f"undo {confirmed} --yes").exit_code == 0
    done = office(f"staff apply {Q3} --user S-001")
    assert (done.exit_code, done.stdout) == (4, "")
    assert "have changed since the proposals" in done.stderr


def test_what_would_come_again_shows_no_score(office: Run, tmp_path: Path) -> None:
    """That cards are others than those a review was made of is said without anybody's mean."""
    assert office(f"undo {_confirmed(office)} --yes").exit_code == 0
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("员工编号,客户满意度\nS-003,11\n", encoding="utf-8")
    assert office(f"staff score S-003 --month 2026-09 --enter {sheet} --user S-004 {NOW}").exit_code == 0
    done = office(f"staff review --quarter 2026-Q3 --as-of {dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ}")
    assert done.exit_code == 0, done.stderr
    assert "S-003: the score cards are others now, and come to: up\n" in done.stderr


def test_nothing_waits(office: Run) -> None:
    """Proposals that nobody confirmed do not take effect."""
    done = office(f"staff apply {Q3} --user S-001")
    assert done == (
        1,
        "",
        "cskit: no review of 2026-Q3 waits to be put into effect\n"
        "`cskit staff review` proposes, `cskit staff confirm` confirms\n",
    )
    assert office(f"staff apply S-003 {Q3} --user S-001").exit_code == 1


def test_ranks_and_course(proposed: Path, office: Run) -> None:
    """The best and the last of each group; one person's months; without --reveal no figure is shown."""
    rows = listed(proposed, f"staff rank {Q3} --by group")
    assert [(row["group"], row["place"], row["staff"], row.get("mark")) for row in rows] == [
        ("一组", 1, "S-003", "champion"),
        ("一组", 2, "S-004", None),
        ("一组", 3, "S-005", "last"),
        ("二组", 1, "S-009", "champion"),
        ("二组", 2, "S-006", "last"),
    ]
    course = listed(proposed, "staff trend S-003")
    assert [(row["month"], row["total"], row.get("change")) for row in course] == [
        ("2026-07", 89.1, None),
        ("2026-08", 90.86, 1.76),
        ("2026-09", 92.45, 1.59),
    ]
    for line in (f"staff rank {Q3}", "staff trend S-003", f"staff review {Q3} --user S-004"):
        shown = office(f"{line} -o csv").stdout
        assert "90.8" not in shown
        assert "92.45" not in shown
    assert office("staff rank").exit_code == 2


def test_what_is_due(drafts: Run, office: Run) -> None:
    """Cards to be confirmed and figures missing by superior, then the quarter, then each step of it."""
    due = drafts("today --now 2026-10-09 --fields what,who,do -o csv").stdout
    assert "2026-09: 7 score cards to be confirmed,S-002,staff confirm --month 2026-09 --all" in due
    due = drafts("today --now 2026-11-02 --fields what,do -o csv").stdout
    assert "2026-10: 7 people to be scored,staff score --month 2026-10" in due
    due = office("today --now 2026-10-09 --fields what,do -o csv").stdout
    assert "2026-Q3: 5 reviews to be confirmed,staff confirm --quarter 2026-Q3 --all" in due
    office(f"staff confirm --all {Q3} --user S-002")
    due = office("today --now 2026-10-09 --fields what,do -o csv").stdout
    assert "2026-Q3: 4 reviews to be put into effect,staff apply --quarter 2026-Q3" in due
    assert "2026-Q3: decide on the dismissal,staff apply S-006 --quarter 2026-Q3" in due
