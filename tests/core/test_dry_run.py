"""`--dry-run`: every command that changes records shows what it would change, and changes nothing."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest

from cskit import Command, Refused
from cskit.app import App, pass_app
from cskit.store.folder import FolderStore
from cskit.testing import Result, department, run
from tests.core.store.test_costs import ORIGIN, Counted

Run = Callable[..., Result]


@pytest.fixture
def office(tmp_path: Path) -> Run:
    """Return a `run` for a department with two customers and an order."""
    return department(
        tmp_path / "data",
        "customer add 海风贸易 --region 华东 --tags vip --custom colour=red",
        "customer add 林小满",
        "customer order add C-000001 --date 2026-11-20 --amount 12.50",
    )


def everything(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Return every file below a folder with its bytes and its time of change."""
    return {
        str(path): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# --- what is shown -----------------------------------------------------------------------------------------

SHOWN = {
    "set": (
        "customer set C-000001 region=华南 tags+=new custom.colour=blue owner=S-001",
        "Record    Change    Field          Before    After\n"
        "--------  --------  -------------  --------  --------\n"
        "C-000001  changed   region         华东      华南\n"
        "                    owner                    S-001\n"
        "                    tags           vip       vip; new\n"
        "                    custom.colour  red       blue\n",
        "dry run: 1 customer changed; nothing was saved\n",
    ),
    "set-nothing": ("customer set C-000001 region=华东", "", "dry run: nothing would be changed\n"),
    "add": (
        "customer order add C-000002 --date 2026-11-21 --amount 0.10",
        "Record    Change    Field     Before    After\n"
        "--------  --------  --------  --------  ----------\n"
        "O-000002  added     customer            C-000002\n"
        "                    date                2026-11-21\n"
        "                    amount              0.10\n"
        "                    state               open\n",
        "dry run: 1 order added; nothing was saved\n",
    ),
    "remove": (
        "customer remove C-000002",
        "Record    Change    Field    Before    After\n"
        "--------  --------  -------  --------  -------\n"
        "C-000002  removed   name     林小满\n"
        "                    fan      no\n"
        "                    state    active\n",
        "dry run: 1 customer removed; nothing was saved\n",
    ),
    "undo": (
        "undo 2",
        "Record    Change    Field    Before    After\n"
        "--------  --------  -------  --------  -------\n"
        "C-000002  removed   name     林小满\n"
        "                    fan      no\n"
        "                    state    active\n",
        "dry run: 1 customer removed; nothing was saved\n",
    ),
    "where-many": (
        "customer set --where 'known(name)' owner=S-001",
        "Record    Change    Field    Before    After\n"
        "--------  --------  -------  --------  -------\n"
        "C-000001  changed   owner              S-001\n"
        "C-000002  changed   owner              S-001\n",
        "dry run: 2 customers changed; nothing was saved\n",
    ),
}


@pytest.mark.parametrize(("line", "table", "summary"), SHOWN.values(), ids=SHOWN)
def test_what_would_change_is_shown_in_the_place_of_the_result(
    office: Run, tmp_path: Path, line: str, table: str, summary: str
) -> None:
    """Each field before and after, nobody asked, one line that sums up, and the folder as it was."""
    before = everything(tmp_path)
    assert office(f"{line} --dry-run") == (0, table, summary)
    assert office(f"--dry-run {line} --quiet") == (0, table, "")
    assert everything(tmp_path) == before


def test_scripts_get_one_object_a_record(office: Run) -> None:
    """JSON holds the fields that differ under their names, exact and with their types."""
    assert office("customer set C-000001 region= custom.size=4 --dry-run -o jsonl").stdout == (
        '{"table":"customers","id":"C-000001","change":"changed",'
        '"before":{"region":"华东"},"after":{"custom.size":"4"}}\n'
    )
    (added,) = json.loads(office("customer order add C-000002 --date 2026-11-21 --dry-run -o json").stdout)
    assert added == {
        "table": "orders",
        "id": "O-000002",
        "change": "added",
        "before": {},
        "after": {"customer": "C-000002", "date": "2026-11-21", "state": "open"},
    }


def test_tables_of_other_programs_name_the_record_in_each_row(office: Run, tmp_path: Path) -> None:
    """CSV has a row a field, with --fields only some columns of it, and --out puts it into a file."""
    line = "customer set C-000001 region= owner=S-001 --dry-run"
    assert office(f"{line} -o csv").stdout == (
        "table,id,change,field,before,after\n"
        "customers,C-000001,changed,region,华东,\n"
        "customers,C-000001,changed,owner,,S-001\n"
    )
    result = office(f"{line} --fields id,field --out {tmp_path}/x.csv")
    assert result == (0, "", "dry run: 1 customer changed; nothing was saved\n")
    assert (tmp_path / "x.csv").read_text("utf-8-sig") == "id,field\nC-000001,region\nC-000001,owner\n"


def test_what_becomes_of_a_record_is_said_in_the_users_language(office: Run) -> None:
    """In what people look at, Markdown as well as tables; never in CSV, which scripts read."""
    line = "customer add 王五 --dry-run --fields id,change -o"
    shown = {form: office(f"{line} {form}", lang="zh").stdout for form in ("table", "md", "csv")}
    assert [("新增" in text, "added" in text) for text in shown.values()] == [
        (True, False),
        (True, False),
        (False, True),
    ]


def test_an_import_is_tried(office: Run, tmp_path: Path) -> None:
    """Rows are checked as ever, and what they would add or change is shown."""
    (tmp_path / "rows.csv").write_text(
        "id,name,region\nC-000001,海风贸易,华北\n,新来的,华东\n", encoding="utf-8"
    )
    result = office(
        ["customer", "import", str(tmp_path / "rows.csv"), "--map", "id=id", "--dry-run", "-o", "jsonl"]
    )
    assert [json.loads(line)["change"] for line in result.stdout.splitlines()] == ["changed", "added"]
    assert result.stderr.endswith("dry run: 1 customer changed, 1 customer added; nothing was saved\n")
    (tmp_path / "rows.csv").write_text("id,name,kind\nC-000001,海风贸易,robot\n", encoding="utf-8")
    bad = office(["customer", "import", str(tmp_path / "rows.csv"), "--dry-run"])
    assert (bad.exit_code, bad.stdout) == (5, "")


def test_reading_commands_just_run(office: Run) -> None:
    """What changes nothing has nothing to try."""
    assert office("customer count --dry-run") == (0, "2\n", "")


def test_personal_data_stay_masked(office: Run, tmp_path: Path) -> None:
    """A look at personal data is noted in the history, and a dry run notes nothing."""
    office("customer set C-000001 phone=13800000577")
    before = everything(tmp_path)
    line = "customer set C-000001 phone=13900000578 --dry-run -o jsonl"
    for options in ("", " --reveal"):
        assert office(line + options).stdout == (
            '{"table":"customers","id":"C-000001","change":"changed",'
            '"before":{"phone":"138****0577"},"after":{"phone":"139****0578"}}\n'
        )
    assert office("customer list --reveal --dry-run") == (
        2,
        "",
        "cskit: --reveal is noted in the history, and a dry run notes nothing\nleave out one of them\n",
    )
    assert everything(tmp_path) == before


def test_thousands_of_records_are_shown(tmp_path: Path) -> None:
    """Nothing is left out, however much would change."""
    rows = "".join(f"K{number},客户{number}\n" for number in range(3000))
    result = run("customer import - --dry-run -o jsonl", data=tmp_path, input=f"key,name\n{rows}")
    assert result.stderr.endswith("dry run: 3000 customers added; nothing was saved\n")
    assert len(result.stdout.splitlines()) == 3000
    assert list(tmp_path.iterdir()) == []


# --- that nothing is written -------------------------------------------------------------------------------


def test_nothing_is_written_and_nobody_is_kept_out(office: Run, tmp_path: Path) -> None:
    """No lock is taken that would keep others out, and no file is opened for writing."""
    disk = Counted(tmp_path / "data")
    app = App(store=FolderStore(disk))
    with FolderStore(Counted(tmp_path / "data")).disk.lock(False, ""):
        result = run("customer set C-000001 owner=S-001 --dry-run", data=tmp_path / "data", app=app)
    assert (result.exit_code, disk.written, app.saved) == (0, {}, None)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_can_be_tried_on(office: Run, tmp_path: Path) -> None:
    """Where nothing can be written, a dry run works all the same."""
    folder = tmp_path / "data"
    for path in (*folder.iterdir(), folder):
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    try:
        assert office("customer set C-000001 owner=S-001 --dry-run").exit_code == 0
    finally:
        folder.chmod(0o700)


# --- what else happens, and what does not -------------------------------------------------------------------


def test_plugins_have_their_say_but_are_told_nothing(
    tmp_path: Path, plugin: Callable[..., ModuleType]
) -> None:
    """A veto refuses, an addition is shown, and nobody hears of something saved."""
    told: list[int] = []

    def before_commit(app: App, tx: Any, changes: Any) -> None:
        if b"forbidden" in changes[0].after:
            raise Refused("not this one", "take another")
        if not any(change.table == "notes" for change in changes):
            tx.insert("notes", b'{"id":"N-1","text":{"of":"it"},"at":[1]}')

    def after_commit(app: App, sequence: int, changes: Any) -> None:
        told.append(sequence)

    plugins = {
        "customers": "cskit_customers",
        "watch": plugin(before_commit=before_commit, after_commit=after_commit),
    }
    result = run(
        "customer add 张三 --dry-run -o jsonl --fields table,id,after", data=tmp_path, plugins=plugins
    )
    assert result == (
        0,
        '{"table":"customers","id":"C-000001","after":{"name":"张三","fan":false,"state":"active"}}\n'
        '{"table":"notes","id":"N-1","after":{"text.of":"***","at":"***"}}\n',
        "dry run: 1 customer added, 1 of notes added; nothing was saved\n",
    )
    refused = run("customer add forbidden --dry-run", data=tmp_path, plugins=plugins)
    assert refused == (1, "", "cskit: not this one\ntake another\n")
    assert told == []


def test_references_are_checked(office: Run) -> None:
    """What would be refused is refused."""
    result = office("customer remove C-000001 --dry-run")
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr.startswith("cskit: cannot remove C-000001: order O-000001")


@click.command()
@pass_app
def twice(app: App) -> None:
    """Change something twice."""
    click.echo("before")
    with app.transaction() as tx:
        tx.insert("notes", b'{"id":"N-1","n":1}')
    held = [document.raw for document in app.reading().read("notes")]
    with app.transaction() as tx:
        tx.replace("notes", 1, held[0].replace(b"1}", b"2}"))
    app.echo(f"saved as {app.saved}")


@click.command()
@pass_app
def files(app: App) -> None:
    """Write a file."""
    raise AssertionError("must not be reached")


def commands() -> Iterator[Command]:
    """Declare the two."""
    yield Command("twice", "Change something twice.", f"{__name__}:twice")
    yield Command("files", "Write a file.", f"{__name__}:files", outside=True)


def test_a_command_may_have_several_transactions(tmp_path: Path, plugin: Callable[..., ModuleType]) -> None:
    """Each sees what those before it would have done, and what is shown is the sum."""
    result = run(
        "twice --dry-run -o jsonl", data=tmp_path, plugins={"own": plugin(commands=lambda: list(commands()))}
    )
    assert result == (
        0,
        'before\n{"table":"notes","id":"N-1","change":"added","before":{},"after":{"n":"***"}}\n',
        "dry run: 1 of notes added; nothing was saved\n",
    )


@pytest.mark.parametrize(
    "line", ["files --dry-run", "--dry-run files", "data settle --dry-run", "demo --dry-run"]
)
def test_what_writes_something_else_is_refused(
    tmp_path: Path, plugin: Callable[..., ModuleType], line: str
) -> None:
    """A command that writes what is no record is not run, since it could not be tried without doing it."""
    plugins = {"own": plugin(commands=lambda: list(commands()))}
    named = line.replace("--dry-run", "").strip()
    assert run(line, data=tmp_path / "data", plugins=plugins) == (
        2,
        "",
        f"cskit: `cskit {named}` has no dry run: it writes what are no records\n"
        "leave out --dry-run to do it\n",
    )
    assert not (tmp_path / "data").exists()


def test_unreadable_documents_are_shown_as_they_are(office: Run, tmp_path: Path) -> None:
    """A document that does not fit its record type can still be removed, and seen before that."""
    with FolderStore(Counted(tmp_path / "data")).transaction(ORIGIN) as tx:
        tx.insert("customers", b'{"id":"C-000009","name":5,"odd":{"a":1}}')
    result = office("undo 4 --dry-run -o jsonl")
    assert json.loads(result.stdout) == {
        "table": "customers",
        "id": "C-000009",
        "change": "removed",
        "before": {"name": 5, "odd.a": "***"},
        "after": {},
    }
