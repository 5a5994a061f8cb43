"""Scoring reads each table as often for a thousand people as for ten; looking back repeats a review."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from cskit.app import App
from cskit.store.snapshot import Snapshot
from cskit.terminal.options import Options
from cskit.testing import department
from cskit_staff.scores import population, scoring
from tests.plugins.staff import quarter
from tests.plugins.staff.quarter import copied


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Return how often each table was read."""
    found: Counter[str] = Counter()

    def read(self, table, where=None, ids=None, names=None, *, real=Snapshot.read):
        found[table] += 1
        return real(self, table, where, ids, names)

    monkeypatch.setattr(Snapshot, "read", read)
    return found


def test_a_thousand_people_in_one_pass(tmp_path: Path, reads: Counter[str]) -> None:
    """Facts of everybody are asked for once: no table is read more often for 1 000 people than for 10."""
    counts = []
    for size in (10, 1000):
        people = "".join(
            f'{{"id":"S-{n:04d}","name":"员{n}","position":"REP"}}\n' for n in range(1, size + 1)
        )
        days = "".join(
            f'{{"staff":"S-{n:04d}","month":"2026-09","days_due":22,"days_present":20}}\n'
            for n in range(1, size + 1)
        )
        (tmp_path / f"people-{size}.jsonl").write_text(people, encoding="utf-8")
        (tmp_path / f"days-{size}.jsonl").write_text(days, encoding="utf-8")
        folder = tmp_path / f"data-{size}"
        department(
            folder,
            "staff position add 代表 --id REP --scheme representative",
            f"staff import {tmp_path / f'people-{size}.jsonl'}",
            f"staff attendance import {tmp_path / f'days-{size}.jsonl'}",
        )
        app = App(Options(data=str(folder), now="2026-10-09"))
        reads.clear()
        found = scoring.score(app, app.reading(), population.month_of(app, "2026-09"))
        assert len(found.cards) == size
        assert {card.indicators[-1].score for card in found.cards} == {found.cards[0].indicators[-1].score}
        counts.append(dict(reads))
    assert counts[0] == counts[1]
    assert max(counts[0].values()) == 1


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return what sets the time that the history notes."""

    def turn(day: str) -> None:
        now = dt.datetime.fromisoformat(f"{day}T02:00:00+00:00")
        monkeypatch.setattr("cskit.app._clock", lambda: now)

    return turn


def test_a_review_repeated_as_of_then(tmp_path: Path, clock: Callable[[str], None]) -> None:
    """Records and rules change afterwards; looking back shows the same, and says that the rules differ."""
    folder = tmp_path / "data"
    clock("2026-10-08")
    quarter.people(folder)
    quarter.score(folder)
    quarter.confirm(folder)
    office = department(folder, "staff review --quarter 2026-Q3 --user S-004")
    shown = "staff review --quarter 2026-Q3 --fields staff,proposal,rank_after,state -o csv"
    (then,) = (office(f"{shown} --user S-004").stdout,)
    assert "S-003,up," in then
    clock("2026-10-20")
    office("staff confirm --all --quarter 2026-Q3 --user S-002")
    office("staff apply --quarter 2026-Q3 --user S-001")
    office("staff set S-004 rank=major-senior")
    office("staff position set VC-REP scheme=technical")
    with (folder / "cskit.toml").open("a", encoding="utf-8") as settings:
        settings.write("\n[rules.review-rules.standard]\nup_above = 95\n")
    clock("2026-11-20")
    again = office(f"{shown} --as-of 2026-10-08")
    assert (again.exit_code, again.stdout) == (0, then)
    assert again.stderr == "6 reviews were judged by rules that are others today; shown by those recorded\n"
    cards = office("staff score --month 2026-07 --as-of 2026-10-08 --fields staff,state -o csv")
    assert (cards.exit_code, len(cards.stdout.splitlines())) == (0, 7)
    before = office(f"{shown} --as-of 2026-10-01")
    assert before.exit_code == 1


def test_as_of_before_anything_was_proposed(tmp_path: Path, clock: Callable[[str], None]) -> None:
    """Where nothing was recorded, today's rules judge what there was, and that is said."""
    folder = tmp_path / "source"
    clock("2026-10-08")
    quarter.people(folder)
    quarter.score(folder)
    quarter.confirm(folder)
    clock("2026-11-20")
    office = copied(folder, tmp_path / "data")
    done = office("staff review --quarter 2026-Q3 --as-of 2026-10-08 --fields staff,proposal -o csv")
    assert done.exit_code == 0
    assert "S-003,up" in done.stdout
    assert "nothing was recorded of 2026-Q3 by then; judged by today's rules" in done.stderr
    assert office("staff appraisal count").stdout == "0\n"
