"""`cskit data backup`, `restore` and `copy`: a department in one file, and back, or nothing at all."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from cskit import backups
from cskit.app import App
from cskit.store import swapping
from cskit.store.backup import allowed
from cskit.terminal.options import Options
from cskit.testing import Result, department, run

Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the data folder of a department with settings, a rule, and three entries."""
    folder = tmp_path / "data"
    department(folder, "config set zone Asia/Shanghai", "customer add 海风", "customer add 林小满")
    department(folder, "customer order add C-000001 --date 2026-11-20")
    (folder / "rules/acme-checklists").mkdir(parents=True)
    (folder / "rules/acme-checklists/巡检.toml").write_text('steps = ["a"]\n', encoding="utf-8")
    return folder


def content(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder but its lock."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "lock")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def backup(folder: Path, name: str = "one.tar") -> Path:
    """Save a department, and return the file."""
    path = folder.parent / name
    done = run(["data", "backup", str(path)], data=folder)
    assert done == (0, f"{path}\n", "saved and checked: 3 entries, 2 customers, 1 order\n")
    return path


# --- backup ------------------------------------------------------------------------------------------------


def test_the_same_records_are_the_same_bytes(folder: Path) -> None:
    """Written twice, and after all times of change are others: byte for byte."""
    one = backup(folder)
    for path in folder.rglob("*"):
        os.utime(path)
    assert backup(folder, "two.tar").read_bytes() == one.read_bytes()
    run(["data", "restore", str(one), "--yes"], data=folder.parent / "again")
    assert backup(folder.parent / "again", "three.tar").read_bytes() == one.read_bytes()


def test_it_holds_all_that_belongs_to_a_department(folder: Path) -> None:
    """Tables, history, settings and rules, and nothing else; only the owner can read it."""
    (folder / "notes.json").write_text("[]")
    (folder / "customers.json.theirs").write_text("{}")
    path = backup(folder)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with tarfile.open(path) as tar:
        assert tar.getnames() == [
            "cskit.toml",
            "customers.json",
            "history.jsonl",
            "orders.json",
            "rules/acme-checklists/巡检.toml",
        ]
        assert {(one.mode, one.uid, one.uname) for one in tar} == {(0o600, 0, "")}


def test_it_is_named_after_the_last_entry(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a name: the day of the last entry, and its number."""
    monkeypatch.chdir(folder.parent)
    done = run("data backup", data=folder)
    assert done.exit_code == 0
    assert [path.name for path in folder.parent.glob("*.tar")] == [done.stdout.strip()]
    assert done.stdout.startswith("cskit-20")
    assert done.stdout.endswith("-000003.tar\n")


@pytest.mark.parametrize("kind", ["file", "link", "dangling", "folder"])
def test_nothing_is_written_over(folder: Path, kind: str) -> None:
    """A name that is taken, by a planted link too, is refused; what stands there is untouched."""
    path, victim = folder.parent / "taken.tar", folder.parent / "victim"
    victim.write_text("precious")
    if kind == "folder":
        path.mkdir()
    elif kind == "file":
        path.write_text("precious")
    else:
        path.symlink_to(victim if kind == "link" else folder.parent / "nowhere")
    done = run(["data", "backup", str(path)], data=folder)
    assert (done.exit_code, done.stdout) == (4, "")
    assert victim.read_text() == "precious"
    assert not (folder.parent / "nowhere").exists()
    assert [p.name for p in folder.parent.iterdir() if p.name.startswith(".")] == []


def test_a_department_that_is_not_whole_is_not_saved(folder: Path) -> None:
    """Damage is not carried into a backup that would be trusted."""
    (folder / "orders.json").write_text("{")
    done = run(["data", "backup", str(folder.parent / "x.tar")], data=folder)
    assert (done.exit_code, (folder.parent / "x.tar").exists()) == (7, False)
    assert "is not whole, so nothing was saved\n`cskit data verify` shows what is wrong" in done.stderr


def test_what_an_editor_changed_is_in_it(folder: Path) -> None:
    """What another program changed becomes an entry first, so that the backup is whole."""
    file = folder / "customers.json"
    file.write_bytes(file.read_bytes().replace("海风".encode(), "山风".encode()))
    done = run(["data", "backup", str(folder.parent / "one.tar")], data=folder)
    assert (done.exit_code, "saved and checked: 4 entries" in done.stderr) == (0, True)


def test_an_empty_department(tmp_path: Path) -> None:
    """There is nothing to save yet."""
    done = run(["data", "backup", str(tmp_path / "x.tar")], data=tmp_path / "none")
    assert (done.exit_code, "holds no records yet" in done.stderr) == (4, True)


# --- restore -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["absent", "empty", "locked"])
def test_into_a_new_folder(folder: Path, kind: str) -> None:
    """A folder that is to be made, or is empty, is filled without a question; modes and bytes are right."""
    path, target = backup(folder), folder.parent / "deep/er/new"
    if kind != "absent":
        target.mkdir(parents=True)
    if kind == "locked":
        (target / "lock").touch()
    before = os.umask(0)
    try:
        done = run(["data", "restore", str(path)], data=target)
    finally:
        os.umask(before)
    assert (done.exit_code, done.stdout) == (0, "")
    assert content(target) == content(folder)
    modes = {stat.S_IMODE(one.stat().st_mode) for one in target.rglob("*") if one.is_file()}
    folders = {stat.S_IMODE(one.stat().st_mode) for one in (target, *target.rglob("*")) if one.is_dir()}
    assert (modes, folders) == ({0o600}, {0o700})
    assert run("customer add 新", data=target).stdout == "C-000003\n"
    assert run("data verify", data=target).exit_code == 0


def test_over_a_department(folder: Path) -> None:
    """It asks; what was there is kept under another name, and is whole."""
    path = backup(folder)
    before = content(folder)
    department(folder, "customer remove C-000002 --yes")
    later = content(folder)
    assert run(["data", "restore", str(path)], data=folder).exit_code == 2
    assert content(folder) == later
    done = run(["data", "restore", str(path), "--yes"], data=folder)
    assert done.exit_code == 0
    assert done.stderr.endswith(f"what was there is kept in {folder}.before\n")
    assert content(folder) == before
    assert content(folder.parent / "data.before") == later
    assert run(["data", "restore", str(path), "--yes"], data=folder).stderr.endswith(f"{folder}.before-2\n")


@pytest.mark.parametrize("system", [True, False], ids=["at one stroke", "by two renames"])
@pytest.mark.parametrize("step", [1, 2, 3])
def test_stopped_between_its_steps(
    folder: Path, monkeypatch: pytest.MonkeyPatch, system: bool, step: int
) -> None:
    """Killed at any rename: the old or the new department is there, or it is said how to get it back."""
    path = backup(folder)
    before = content(folder)
    department(folder, "customer remove C-000002 --yes")
    later, steps, rename, exchange = content(folder), iter(range(1, 9)), os.rename, swapping.exchanged

    class Killed(BaseException):
        """What nobody answers, as nobody answers SIGKILL."""

    def stepping(do: Callable[..., object]) -> Callable[..., object]:
        def called(*names: str) -> object:
            if str(folder) in names[0] and next(steps) >= step:
                raise Killed
            return do(*names)

        return called

    with monkeypatch.context() as patch, contextlib.suppress(Killed):
        patch.setattr(os, "rename", stepping(rename))
        patch.setattr(swapping, "exchanged", stepping(exchange) if system else lambda one, other: False)
        backups.Restoring(App(Options(data=str(folder), yes=True)), str(path)).carry_out()
    done = run("customer list", data=folder)
    if done.exit_code == 7:
        assert done.stderr.startswith(f"cskit: {folder} is missing: ")
        line = done.stderr.split("`")[1]
        assert line == f"mv {folder}.before {folder}"
        rename(*line.split()[1:])
    assert content(folder) in (before, later)
    assert run("data verify", data=folder).exit_code == 0
    assert {one.name: content(one) for one in folder.parent.glob("data.*")}.get("data.before", later) == later


def test_a_dry_run_only_checks(folder: Path) -> None:
    """What is in it is said, and nothing is touched."""
    path = backup(folder)
    department(folder, "customer add 新")
    before = content(folder)
    done = run(["data", "restore", str(path), "--dry-run"], data=folder)
    assert (done.exit_code, done.stdout) == (0, "")
    assert "is whole: 3 entries, 2 customers, 1 order" in done.stderr
    assert content(folder) == before
    assert sorted(one.name for one in folder.parent.iterdir()) == ["data", "one.tar"]


NASTY = [
    *("/etc/passwd", "../evil.json", "rules/../../evil", "rules/..", "./customers.json", "rules//a.toml"),
    *(
        "C:\\evil.json",
        "rules\\..\\evil",
        "rules/a\\b.toml",
        "~root.json",
        "rules/.ssh",
        "rules/~",
        ".bashrc",
    ),
    *("lock", "history.jsonl.new", "customers.json.new", "Customers.JSON", "cskit.toml/x", "rules", ""),
    *("rules/con.toml", "rules/NUL", "rules/a.", "rules/a b", "rules/a\nb", "rules/a\0b", "rules/a\u202eb"),
    *(
        "rules/" + "x" * 250,
        "rules/a/b/c/d/e",
        "customers.json/../x",
        "cskit.toml:evil",
        "\ufeffhistory.jsonl",
    ),
]


@pytest.mark.parametrize("name", NASTY)
def test_a_name_that_is_none_of_ours_is_refused(folder: Path, name: str) -> None:
    """A crafted backup writes nothing anywhere: names are a closed list."""
    path = backup(folder)
    assert not allowed(name)
    if "\0" in name or not name:
        return  # which no tar can hold
    with tarfile.open(path, "a") as tar:
        entry = tarfile.TarInfo(name)
        entry.size = 4
        tar.addfile(entry, io.BytesIO(b"evil"))
    target = folder.parent / "new"
    done = run(["data", "restore", str(path)], data=target)
    assert (done.exit_code, target.exists()) == (5, False)
    assert "which is in no backup" in done.stderr
    assert sorted(one.name for one in folder.parent.iterdir()) == ["data", "one.tar"]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])
def test_what_is_no_file_is_refused(folder: Path, kind: bytes) -> None:
    """Links, pipes and folders in a backup are not made, whatever their names."""
    path = backup(folder)
    with tarfile.open(path, "a") as tar:
        entry = tarfile.TarInfo("rules/x.toml")
        entry.type, entry.linkname = kind, "/etc/passwd"
        tar.addfile(entry)
    assert run(["data", "restore", str(path)], data=folder.parent / "new").exit_code == 5


@pytest.mark.parametrize("cut", [0, 100, 512, 700, 1500, 4000])
def test_a_cut_backup_is_refused(folder: Path, cut: int) -> None:
    """Wherever it ends: nothing is restored."""
    path = backup(folder)
    path.write_bytes(path.read_bytes()[:cut])
    done = run(["data", "restore", str(path)], data=folder.parent / "new")
    assert done.exit_code in (5, 7)
    assert done.stderr.count("\n") == 2
    assert not (folder.parent / "new").exists()


def test_every_changed_byte_of_history_or_tables_is_found(folder: Path) -> None:
    """A backup is held against its own chain before anything is put in its place."""
    path = backup(folder)
    whole = path.read_bytes()
    with tarfile.open(path) as tar:
        places = [(one.offset_data, one.size) for one in tar if one.name.endswith((".json", ".jsonl"))]
    for begin, size in places:
        for place in range(begin, begin + size, 97):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            done = run(["data", "restore", str(path)], data=folder.parent / "new")
            assert done.exit_code in (5, 7), place
            assert not (folder.parent / "new").exists()


def test_what_is_no_backup(folder: Path) -> None:
    """A file that is missing, or is something else."""
    assert run("data restore none.tar", data=folder).exit_code == 3
    done = run(["data", "restore", str(folder / "cskit.toml")], data=folder)
    assert (done.exit_code, "is no backup" in done.stderr) == (5, True)


# --- one table ---------------------------------------------------------------------------------------------


def test_an_old_copy_of_a_table_is_brought_forward(folder: Path) -> None:
    """It never turns back what was saved since: the history knows more than the copy."""
    copy = folder.parent / "customers.json"
    shutil.copy(folder / "customers.json", copy)
    department(folder, "customer set C-000001 region=华东", "customer add 新")
    before = content(folder)
    tried = run(["data", "restore", str(copy), "--dry-run"], data=folder)
    assert (tried.exit_code, content(folder)) == (0, before)
    done = run(["data", "restore", str(copy)], data=folder)
    assert done == (0, "", "customers.json stood at entry 2, and was brought up to entry 5\n")
    assert run("customer list --fields region -o csv", data=folder).stdout == 'region\n华东\n""\n""\n'
    assert run("data verify", data=folder).exit_code == 0


def test_a_table_of_another_department_is_refused(folder: Path, tmp_path: Path) -> None:
    """With the way to bring in what it holds."""
    other = tmp_path / "other"
    department(other, "customer add 别人")
    before = content(folder)
    done = run(["data", "restore", str(other / "customers.json")], data=folder)
    assert (done.exit_code, content(folder)) == (7, before)
    assert done.stderr.endswith(
        f"`cskit data adopt {other}/customers.json` brings in the records that are in it\n"
    )
    (tmp_path / "theirs.json").write_text('{"customers": {"1": {"id": "X-1", "name": "y"}}}')
    assert run(["data", "restore", str(tmp_path / "theirs.json")], data=folder).exit_code == 4


# --- copy --------------------------------------------------------------------------------------------------


def test_a_copy_is_the_department(folder: Path) -> None:
    """All of it, in a folder that is new or empty, and nowhere else."""
    target = folder.parent / "trial"
    done = run(["data", "copy", str(target)], data=folder)
    assert done == (0, "", f"copied to {target}: 3 entries, 2 customers, 1 order\n")
    assert content(target) == content(folder)
    assert run(["data", "copy", str(target)], data=folder).exit_code == 4
    assert run("customer add 新", data=target).stdout == "C-000003\n"
    assert run("customer count", data=folder).stdout == "2\n"
