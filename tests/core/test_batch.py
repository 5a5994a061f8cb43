"""`cskit batch`: many command lines as one change, seen line by line."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest

from cskit import Command, Refused
from cskit.app import App, pass_app
from cskit.store import folder as folder_store
from cskit.store.folder import FolderStore, open_store
from cskit.testing import Result, department, run
from tests.core.store.test_costs import Counted

Run = Callable[..., Result]


@pytest.fixture
def office(tmp_path: Path) -> Run:
    """Return a `run` for a department with two customers."""
    return department(tmp_path / "data", "customer add 海风贸易 --region 华东", "customer add 林小满")


def batch(office: Run, *lines: str, options: str = "", **settings: Any) -> Result:
    """Run lines as a batch that is piped in."""
    return office(f"batch - {options}", input="".join(f"{line}\n" for line in lines), **settings)


def held(tmp_path: Path) -> dict[str, list[bytes]]:
    """Return the documents of a department by table."""
    reading = open_store(tmp_path / "data").reading()
    return {table: [document.raw for document in reading.read(table)] for table in reading.tables()}


def entries(tmp_path: Path) -> int:
    """Return how many entries the history of a department has."""
    return sum(1 for _entry in open_store(tmp_path / "data").history())


# --- all goes well -----------------------------------------------------------------------------------------


def test_lines_are_one_change(office: Run, tmp_path: Path) -> None:
    """Later lines see what earlier ones did; what they print comes out in order; one undo takes all back."""
    before = held(tmp_path)
    assert batch(
        office,
        "# 十一月",
        "cskit customer add 陈知夏 --owner S-001",
        "",
        "customer order add C-000003 --date 2026-11-20 --amount 9.90",
        '{"cmd": ["customer", "set", "C-000003", "note=two words"]}',
        "customer list --where 'owner == \"S-001\"' --fields id,name,note",
        "customer remove C-000002 --yes",
    ) == (
        0,
        "C-000003\n"
        "O-000001\n"
        "ID        Field    Before    After\n"
        "--------  -------  --------  ---------\n"
        "C-000003  note               two words\n"
        "ID        Name    Note\n"
        "--------  ------  ---------\n"
        "C-000003  陈知夏  two words\n",
        "5 lines done: 1 customer added, 1 order added, 1 customer removed; saved as 3 "
        "(`cskit undo` takes it back)\n",
    )
    assert office("undo --yes").exit_code == 0
    assert {table: found for table, found in held(tmp_path).items() if found} == before


def test_scripts_get_what_became_of_each_line(office: Run) -> None:
    """A row a line: its number, its words, its exit code, and what it would have printed as JSON, or text."""
    result = batch(
        office,
        "customer add 陈知夏",
        "customer count",
        "customer list --limit 1 --fields id -o csv",
        "customer set C-000001 region=华东",
        options="-o jsonl",
    )
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(row["line"], row["exit"], row.get("output")) for row in rows] == [
        (
            1,
            0,
            {
                "id": "C-000003",
                "name": "陈知夏",
                "fan": False,
                "state": "active",
                "rev": rows[0]["output"]["rev"],
            },
        ),
        (2, 0, {"count": 3}),
        (3, 0, "id\nC-000001\n"),
        (4, 0, []),
    ]
    assert rows[2]["cmd"] == ["customer", "list", "--limit", "1", "--fields", "id", "-o", "csv"]
    assert batch(office, "customer count", options="-o csv --fields line,output").stdout == (
        'line,output\n1,"{""count"":3}"\n'
    )


def test_the_history_says_batch_and_why(office: Run) -> None:
    """The reason is the batch's own, else those of the lines, each once."""
    batch(
        office,
        "customer set C-000001 owner=S-001 --reason moved",
        "customer set C-000002 owner=S-001 --reason moved",
        "customer set C-000002 region=华北 --reason asked",
    )
    batch(office, "customer set C-000001 owner=S-002 --reason no", options="--reason year-end")
    fields = "command,options,reason"
    first, second = json.loads(office(f"log --limit 2 -o json --fields {fields}").stdout)
    assert first == {"command": "batch", "options": ["--reason"], "reason": "year-end"}
    assert second == {"command": "batch", "reason": "moved; asked"}


def test_each_document_has_one_before_and_one_after(tmp_path: Path) -> None:
    """However often lines change a record: one entry, one pair of states, and each table written once."""
    disk = Counted(tmp_path / "data")
    lines = ["customer add 张三"] + [f"customer set C-000001 owner=S-{n:03d}" for n in range(50)]
    lines += ["customer order add C-000001 --date 2026-11-20"]
    result = run("batch -", data=tmp_path / "data", input="\n".join(lines), app=App(store=FolderStore(disk)))
    assert result.exit_code == 0
    history = (tmp_path / "data" / "history.jsonl").read_bytes()
    assert (history.count(b'{"commit":'), history.count(b'"doc":')) == (1, 2)
    sizes = {
        f"{table}.json.new": (tmp_path / "data" / f"{table}.json").stat().st_size
        for table in ("customers", "orders")
    }
    assert disk.written == {"history.jsonl": len(history), **sizes}


def test_a_line_reads_no_table_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What many additions read of a table's file is what one reads, until the file is written anew."""
    monkeypatch.setattr(folder_store, "SMALL", -1)
    monkeypatch.setattr(folder_store, "SHARE", 1e-9)
    counts = []
    for count in (10, 500):
        folder = tmp_path / str(count)
        run("batch -", data=folder, input="customer add 张三\n" * 200)
        open_store(folder).settle()
        disk = Counted(folder)
        result = run(
            "batch -", data=folder, input="customer add 李四\n" * count, app=App(store=FolderStore(disk))
        )
        assert result.exit_code == 0
        counts.append(disk.read["customers.json"])
    assert counts[0] == counts[1]


def test_nothing_to_save_is_no_entry(office: Run, tmp_path: Path) -> None:
    """A batch that only reads, or has no lines at all, saves nothing."""
    assert batch(office, "customer count") == (0, "2\n", "1 line done; nothing to save\n")
    assert batch(office, "# nothing", "") == (0, "", "there are no commands in it\n")
    assert entries(tmp_path) == 2


def test_the_clock_and_the_user_are_the_batchs(office: Run) -> None:
    """Every line has the batch's present time and user, unless it says --now itself."""
    lines = (
        "customer order add C-000001 --date 2026-01-15",
        "fact show customer C-000001 --names customer.months_known -o json",
        "--now 2026-06-20T10:00 fact show customer C-000001 --names customer.months_known -o json",
    )
    result = batch(office, *lines, options="--now 2026-03-20T10:00 --user 王")
    assert (result.exit_code, re.findall(r"known\":(\d+)", result.stdout)) == (0, ["2", "5"])
    (entry,) = json.loads(office("log --limit 1 -o json").stdout)
    assert (entry["user"], entry["now"]) == ("王", "2026-03-20T02:00:00Z")


# --- lines that fail ---------------------------------------------------------------------------------------

BAD = (
    "customer add 甲",
    "customer set C-9 owner=S-1",
    "customer add 乙 --kind robot --phone 1",
    "customer ad 丙",
    "customer add 'open",
    "customer show C-8",
    "customer",
)
NAMED = (
    "line 2: cskit customer set C-9 owner=S-1: no customer C-9\n"
    "`cskit customer list` shows those there are\n"
    "line 3: cskit customer add 乙 --kind robot --phone ****: 1 value does not fit\n"
    "  kind: 'robot': expected one of company (法人), person (自然人)\n"
    "line 4: cskit customer ad …: No such command 'ad'. Did you mean 'add'?\n"
    "Try 'cskit customer --help' for help.\n"
    "line 5: cskit customer add …: the quote ' is never closed\n"
    "close it on the same line, or put a backslash before it\n"
    "line 6: cskit customer show C-8: no customer C-8\n"
    "line 7: cskit customer: names no command\n"
    "`cskit --help` lists them\n"
)


def test_all_lines_that_fail_are_listed_and_nothing_is_saved(office: Run, tmp_path: Path) -> None:
    """A failing line does not keep the others from being tried, and each hint is given once."""
    before = held(tmp_path)
    assert batch(office, *BAD) == (
        1,
        "",
        f"{NAMED}cskit: 6 of 7 lines failed; nothing was saved\n--keep-going saves what the other lines do\n",
    )
    assert (held(tmp_path), entries(tmp_path)) == (before, 2)


def test_a_line_says_nothing_of_what_is_saved(office: Run) -> None:
    """Whether all lines are given up for one or not is said once, and in the mode that holds."""
    lines = ["customer add 甲 --kind robot", "customer import none.csv", "customer add 乙 --kind x --phone 1"]
    for options, end in {
        "": "nothing was saved\n--keep-going saves what the other lines do\n",
        "--keep-going": "nothing was saved\n",
        "--dry-run": "so nothing would be saved\n--keep-going saves what the other lines do\n"
        "dry run: nothing would be changed\n",
    }.items():
        said = batch(office, *lines, options=options).stderr
        assert said.endswith(end)
        assert said.count("saved") == 1


def test_keep_going_saves_the_rest(office: Run, tmp_path: Path) -> None:
    """Only what did not fail is saved, and numbers are given out as if the others had not been tried."""
    lines = [*BAD, "customer add 丁"]
    assert batch(office, *lines, options="--keep-going") == (
        1,
        "C-000003\nC-000004\n",
        f"{NAMED}cskit: saved as 3, but 6 of 8 lines failed\n",
    )
    names = [json.loads(raw)["name"] for raw in held(tmp_path)["customers"]]
    assert names == ["海风贸易", "林小满", "甲", "丁"]


@pytest.mark.parametrize(
    ("lines", "code"),
    {
        "not-found": (["customer show C-8", "customer set C-9 owner=S-1"], 3),
        "usage": (["customer", "customer list | wc"], 2),
        "mixed": (["customer show C-8", "customer"], 1),
    }.values(),
    ids=["not-found", "usage", "mixed"],
)
@pytest.mark.parametrize("options", ["", "--keep-going", "--dry-run", "-o jsonl"])
def test_the_exit_code_is_that_of_the_lines(office: Run, lines: list[str], code: int, options: str) -> None:
    """It is the code that all lines that failed have in common, else 1."""
    assert batch(office, "customer add 甲", *lines, options=options).exit_code == code


def test_rows_of_a_batch_that_failed_show_no_results(office: Run) -> None:
    """What was taken back is not shown as if it had come to something."""
    result = batch(office, "customer add 甲", "customer show C-8", options="-o jsonl")
    assert result.stdout == (
        '{"line":1,"cmd":["customer","add","甲"],"exit":0}\n'
        '{"line":2,"cmd":["customer","show","C-8"],"exit":3,"error":"no customer C-8"}\n'
    )


def test_more_failures_than_anybody_reads_are_counted(office: Run) -> None:
    """A hundred are named, and how many more there are."""
    result = batch(office, *["customer show C-8"] * 103)
    assert len(result.stderr.splitlines()) == 100 + 1 + 1 + 2
    assert result.stderr.endswith(
        "and 3 more lines\ncskit: 103 of 103 lines failed; nothing was saved\n"
        "--keep-going saves what the other lines do\n"
    )


def test_a_line_that_fails_halfway_leaves_nothing(office: Run, tmp_path: Path) -> None:
    """An import with a bad row is taken back as a whole, with what it made in other tables."""
    (tmp_path / "orders.csv").write_text(
        "key,customer,date\nD1,NEW,2026-11-01\nD2,NEW,never\n", encoding="utf-8"
    )
    lines = [f"customer order import {tmp_path}/orders.csv --create-customers", "customer add 甲"]
    result = batch(office, *lines, options="--keep-going")
    assert result.stderr.splitlines()[1].startswith("  line 3, date: 'never'")
    assert [json.loads(raw)["id"] for raw in held(tmp_path)["customers"]] == [
        "C-000001",
        "C-000002",
        "C-000003",
    ]
    assert not held(tmp_path).get("orders")


# --- dry run -----------------------------------------------------------------------------------------------


def test_a_dry_run_shows_the_sum_of_all_lines(office: Run, tmp_path: Path) -> None:
    """One before and one after for each record, whatever the lines do in between, and nothing saved."""
    before = held(tmp_path)
    lines = (
        "customer add 陈知夏",
        "customer set C-000003 owner=S-001",
        "customer set C-000001 region=华南",
        "customer set C-000001 region=华北",
        "customer remove C-000002",
        "customer set C-000003 region=华南",
    )
    assert batch(office, *lines, options="--dry-run") == (
        0,
        "Record    Change    Field    Before    After\n"
        "--------  --------  -------  --------  -------\n"
        "C-000003  added     name               陈知夏\n"
        "                    region             华南\n"
        "                    owner              S-001\n"
        "                    fan                no\n"
        "                    state              active\n"
        "C-000001  changed   region   华东      华北\n"
        "C-000002  removed   name     林小满\n"
        "                    fan      no\n"
        "                    state    active\n",
        "dry run: 1 customer added, 1 customer changed, 1 customer removed; nothing was saved\n",
    )
    assert (held(tmp_path), entries(tmp_path)) == (before, 2)


def test_a_dry_run_lists_the_lines_that_would_fail(office: Run) -> None:
    """What the other lines would change is shown as well."""
    result = batch(
        office, "customer show C-8", "customer set C-000001 region=华北", options="--dry-run -o jsonl"
    )
    assert result == (
        3,
        '{"table":"customers","id":"C-000001","change":"changed",'
        '"before":{"region":"华东"},"after":{"region":"华北"}}\n',
        "line 1: cskit customer show C-8: no customer C-8\n"
        "`cskit customer list` shows those there are\n"
        "cskit: 1 of 2 lines would fail, so nothing would be saved\n"
        "--keep-going saves what the other lines do\n"
        "dry run: 1 customer changed; nothing was saved\n",
    )


# --- what is refused ---------------------------------------------------------------------------------------

ALONE = "run it on its own, before or after the batch"
WHOLE = "give it to `cskit batch` instead"
REFUSED = {
    **{
        line: (line, f"`cskit {line}` cannot be in a batch", ALONE)
        for line in ("undo", "data info", "data settle", "demo", "plugins list", "config list", "completion")
    },
    "batch": ("batch x", "`cskit batch` cannot be in a batch", ALONE),
    "outside": ("files", "`cskit files` cannot be in a batch", ALONE),
    **{
        option: (
            f"customer list {option}",
            f"{option.split()[0]} holds for a whole batch, not for one line",
            WHOLE,
        )
        for option in (
            "--data x",
            "--user x",
            "--lang zh",
            "--lock-timeout 1",
            "--dry-run",
            "--out x",
            "--reveal",
            "--debug",
        )
    },
    "--plugin": ("--plugin x.py customer list", "--plugin holds for a whole batch, not for one line", WHOLE),
    "problems": (
        "customer import no.csv --problems p.xlsx",
        "--problems writes a file, which no line of a batch does",
        ALONE,
    ),
    "workbook": ("customer list -o xlsx", "its result is no text", "run it on its own, with --out"),
    "yes": (
        "customer remove C-000001",
        "to remove 1 customer needs a yes, and a batch asks nobody",
        "say --yes on this line, or for the whole batch",
    ),
    "pipe": (
        "customer import -",
        "- stands for standard input, which no line of a batch has",
        "write the ids, or name a file",
    ),
}


@pytest.mark.parametrize(("line", "message", "hint"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_part_of_one_change_is_refused(
    tmp_path: Path, plugin: Callable[..., ModuleType], line: str, message: str, hint: str
) -> None:
    """Commands that write elsewhere, options of the whole run, questions: none is quietly done otherwise."""
    own = plugin(commands=lambda: [Command("files", "Write a file.", f"{__name__}:files", outside=True)])
    plugins = {"customers": "cskit_customers", "own": own}
    office = department(tmp_path / "data", "customer add 张三", plugins=plugins)
    result = batch(office, line)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-4:-2] == [f"line 1: cskit {line}: {message}", hint]


def test_a_batch_shows_no_personal_data(office: Run) -> None:
    """A look at it is noted before anything is shown, and what a batch shows comes after all is saved."""
    assert batch(office, "customer list", options="--reveal") == (
        2,
        "",
        "cskit: a batch shows no personal data\nrun the command that is to show it on its own\n",
    )


def test_the_log_in_a_batch_is_of_before(office: Run) -> None:
    """The history has nothing of a batch before all of it is saved; the log says so, and waits for nobody."""
    lines = ["customer set C-000002 region=华北", "log C-000002 --fields field,after", "log --fields did"]
    result = batch(office, *lines, options="--lock-timeout 0 -q")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.endswith("Command\n------------\ncustomer add\ncustomer add\n")
    assert "华北" not in result.stdout.partition("After")[2].partition("Field")[2]
    said = batch(office, *lines[1:], options="--lock-timeout 0").stderr
    assert said.startswith(
        "line 1: the history as it was before this batch\nline 2: the history as it was before this batch\n"
    )
    assert batch(office, *lines, options="--dry-run --lock-timeout 0").exit_code == 0


def test_erasures_of_several_lines_are_one_erasure(office: Run, tmp_path: Path) -> None:
    """The history knows whose data went in any line that was saved, and in no line that failed."""
    lines = [f"customer close {own} --erase" for own in ("C-000001", "C-000001 C-9", "C-000002")]
    assert batch(office, *lines, options="--yes --keep-going").exit_code == 3
    (entry, *_earlier) = open_store(tmp_path / "data").history()
    assert entry.origin.erases == {"customers": ("C-000001", "C-000002")}


def test_options_of_a_line_hold_for_it_alone(office: Run) -> None:
    """--yes of the batch holds for all lines; a line's own --quiet and --fields only there."""
    result = batch(office, "customer remove C-000001", "customer list --fields name", options="--yes -q")
    assert (result.exit_code, result.stdout.splitlines()[2:], result.stderr) == (0, ["林小满"], "")
    assert batch(
        office, "customer list --where 'region == \"x\"' -q", "customer list --where 'region == \"x\"'"
    ).stderr == ("line 2: no customers found\n2 lines done; nothing to save\n")


@pytest.mark.parametrize("file", [".", "none.txt", "pipe", os.devnull])
def test_only_a_file_is_read(office: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str) -> None:
    """A folder, a device or a named pipe is refused before anything waits for it."""
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    assert office(["batch", file]).exit_code in (2, 3)


def test_a_file_in_gb18030_is_read(office: Run, tmp_path: Path) -> None:
    """Chinese text in either usual encoding is the same command."""
    (tmp_path / "b.txt").write_bytes("customer set C-000001 region=华北\n".encode("gb18030"))
    assert office(["batch", str(tmp_path / "b.txt"), "-o", "csv"]).exit_code == 0
    assert "华北" in office("customer show C-000001").stdout


# --- plugins -----------------------------------------------------------------------------------------------


@click.command()
@pass_app
def files(app: App) -> None:
    """Write a file."""
    raise AssertionError("must not be reached")


class Watch:
    """A plugin's hooks that note when they are called, and veto a forbidden name, and lone records."""

    def __init__(self, plugin: Callable[..., ModuleType], *, pairs: bool = False) -> None:
        self.before: list[int] = []
        self.after: list[int] = []

        def before_commit(tx: Any, changes: Any) -> None:
            self.before.append(len(changes))
            if any(b"forbidden" in (change.after or b"") for change in changes):
                raise Refused("not this one")
            if pairs and sum(1 for _document in tx.read("customers")) % 2:
                raise Refused("customers come in pairs")

        def after_commit(changes: Any) -> None:
            self.after.append(len(changes))

        hooks = plugin(before_commit=before_commit, after_commit=after_commit)
        self.plugins = {"customers": "cskit_customers", "watch": hooks}


def test_plugins_see_a_batch_once_and_whole(tmp_path: Path, plugin: Callable[..., ModuleType]) -> None:
    """A batch may be in disorder in between; what counts is what would be saved."""
    watch = Watch(plugin, pairs=True)
    office = department(tmp_path / "data", plugins=watch.plugins)
    assert batch(office, "customer add 甲", "customer add 乙").exit_code == 0
    assert (watch.before, watch.after) == ([2], [2])
    assert batch(office, "customer add 丙") == (1, "", "cskit: customers come in pairs\n")
    assert watch.after == [2]


def test_kept_going_each_line_is_vetoed_alone(tmp_path: Path, plugin: Callable[..., ModuleType]) -> None:
    """Plugins are asked about a line's own changes, and told once of all that was saved."""
    watch = Watch(plugin)
    office = department(tmp_path / "data", plugins=watch.plugins)
    lines = ["customer add 甲", "customer add forbidden", "customer set C-000001 name=乙", "customer add 丙"]
    result = batch(office, *lines, options="--keep-going")
    assert result == (
        1,
        "C-000001\nID        Field    Before    After\n--------  -------  --------  -------\n"
        "C-000001  name     甲        乙\nC-000002\n",
        "line 2: cskit customer add forbidden: not this one\ncskit: saved as 1, but 1 of 4 lines failed\n",
    )
    assert (watch.before, watch.after) == ([1, 1, 1, 1], [2])


def test_kept_going_names_and_references_are_checked(office: Run, tmp_path: Path) -> None:
    """What the core sees to at every commit holds for each line: no name twice, no record missed."""
    office("customer order add C-000001 --date 2026-11-20")
    lines = ["customer remove C-000001 --yes", "customer add 甲 --id C-000002", "customer add 乙"]
    result = batch(office, *lines, options="--keep-going")
    assert (result.exit_code, result.stdout) == (4, "C-000003\n")
    assert result.stderr.endswith("cskit: saved as 4, but 2 of 3 lines failed\n")
    assert office("data verify").exit_code == 0


def test_a_warning_names_its_line(tmp_path: Path, plugin: Callable[..., ModuleType]) -> None:
    """What goes wrong without a failure is said at once, with the number of the line."""
    own = plugin(commands=lambda: [Command("careful", "Warn.", f"{__name__}:careful")])
    result = run("batch -", data=tmp_path, input="\ncareful\n", plugins={"own": own})
    assert result == (
        0,
        "said\n",
        "cskit: line 2: take care\n1 line done: 1 of notes added; saved as 1 (`cskit undo` takes it back)\n",
    )


@click.command()
@pass_app
def careful(app: App) -> None:
    """Warn."""
    with app.transaction() as tx:
        tx.insert("notes", b'{"id":"N-1"}')
    app.warn("take care")
    app.echo(f"saved as {app.saved}")
    click.echo("said")


def test_an_interrupt_saves_nothing(tmp_path: Path, plugin: Callable[..., ModuleType]) -> None:
    """Ctrl-C in any line ends the whole batch, also with --keep-going."""

    def before_commit(changes: Any) -> None:
        raise KeyboardInterrupt

    plugins = {"customers": "cskit_customers", "stop": plugin(before_commit=before_commit)}
    for options in ("", " --keep-going"):
        result = run(f"batch -{options}", data=tmp_path, input="customer add 甲\n", plugins=plugins)
        assert result == (130, "", "cskit: interrupted\n")
    assert not (tmp_path / "history.jsonl").exists()
