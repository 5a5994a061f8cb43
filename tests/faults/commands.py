"""The commands that are killed, failed and interrupted: what each changes when it is let be."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from tests.faults import sample
from tests.faults.command import run
from tests.faults.tally import Tally
from tests.faults.witness import Corrupt, State, look


class Subject(NamedTuple):
    """A command line, the department it runs on, how many entries it saves and documents it changes."""

    words: tuple[str, ...]
    changes: dict[str, int]
    piped: str = ""
    entries: int = 1
    people: int = 60
    plugin: str = ""

    def department(self, place: Path) -> Path:
        """Return the department that the command is run on copies of."""
        if self.plugin:
            return sample.with_plugin(place, self.plugin)
        return sample.department(place, self.people, 40 if self.people < 1000 else 0)

    def source(self, place: Path) -> tuple[str, ...]:
        """Return the command line's words, with what it reads written to a file."""
        if self.plugin:
            return ("--plugin", str(place / "things.py"), *self.words)
        if not self.piped:
            return self.words
        path = place / f"source-{'-'.join(self.words)}"
        if not path.exists():
            path.write_text(self.piped, encoding="utf-8")
        return (*self.words, str(path))

    def check(self, before: State, after: State, told: str) -> None:
        """Raise where a command that was let be did not do what it is here for: its trials would be void."""
        if (after.entries - before.entries, after.changed(before)) != (self.entries, self.changes):
            raise RuntimeError(f"{self.words} changed {after.changed(before)}: {told}")


BATCH = """customer add 张三 --phone 13800000001
customer order add C-000001 --date 2026-11-22 --amount 5
customer set C-000002 owner=S-777
customer order set O-000002 amount=1 quantity=2
"""
MANY = 12_000  # customers in a table that is more than a megabyte, and so not rewritten at each commit

SUBJECTS = {
    "add": Subject(("customer", "add", "张三", "--phone", "13800000001"), {"customers": 1}),
    "set": Subject(("customer", "set", "--where", "known(phone)", "owner=S-777"), {"customers": 60}),
    "remove": Subject(
        ("customer", "remove", *(f"C-{n:06d}" for n in range(31, 51)), "--yes"), {"customers": 20}
    ),
    "two tables": Subject(("batch",), {"customers": 2, "orders": 2}, piped=BATCH),
    "import": Subject(
        ("customer", "import", "--format", "csv"),
        {"customers": 20_000},
        piped=sample.customers(20_000, first=1_000_001),
    ),
    "undo": Subject(("undo", "--yes"), {"customers": 3}),
    "compact": Subject(("data", "compact", "--yes"), {}),
    "migrate": Subject(("data", "migrate"), {"things": sample.THINGS}, plugin=sample.NEWER),
    "settle": Subject(("data", "settle"), {}, entries=0, people=MANY),
    "large table": Subject(
        ("customer", "set", "--where", 'owner == "S-003"', "region=东北", "--yes"),
        {"customers": MANY // 20},
        people=MANY,
    ),
}


def judge(
    tally: Tally, subject: Subject, before: State, folder: Path, *, acknowledged: bool, verify: bool
) -> bool:
    """Hold a folder against what a command may have left of it; return whether it had saved.

    Then the next command must work, without anybody's help, and what it says it saved must be there.
    """
    try:
        after = look(folder)
        saved = after.entries - before.entries
        changed = after.changed(before)
        tally.expect(
            not acknowledged or saved == subject.entries, "lost", f"{subject.words}: {saved} entries"
        )
        tally.expect(saved in (0, subject.entries), "partial", f"{subject.words}: {saved} entries")
        expected = subject.changes if saved else {}
        tally.expect(changed == expected, "partial", f"{subject.words}: changed {changed}")
        go_on(tally, after, folder)
        if verify:
            checked = run(folder, "data", "verify")
            tally.expect(checked.code == 0, "not whole", checked.told())
    except Corrupt as error:
        tally.wrong("corrupt", f"{subject.words}: {error}")
        return False
    return saved > 0


def go_on(tally: Tally, before: State, folder: Path) -> None:
    """Run the next command, which must find nothing in its way."""
    done = run(folder, "customer", "add", "下一个")
    own = done.out.strip()
    tally.expect(done.code == 0, "blocked", done.told())
    if done.code == 0:
        after = look(folder)
        tally.expect(after.entries == before.entries + 1, "lost", f"{own} of the next command")
        tally.expect(
            after.changed(before) == {"customers": 1}, "wrong", f"the next command changed more: {own}"
        )
        held = [one for one in after.tables["customers"].values() if one["id"] == own]
        tally.expect(len(held) == 1, "wrong", f"{len(held)} records have the id {own}")
