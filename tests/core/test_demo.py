"""`cskit demo`: a sample department in a folder of its own, built by real commands before one's eyes."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import tempfile
from pathlib import Path

import pytest
from wcwidth import wcswidth

from cskit import Command, DemoStep
from cskit.testing import Result, run

CUSTOMERS = {"customers": "cskit_customers"}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a folder in which the shell finds a `cskit`, as after an installation."""
    folder = tmp_path_factory.mktemp("bin")
    (folder / "cskit").touch(mode=0o755)
    return str(folder)


@pytest.fixture(autouse=True)
def _on_the_path(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", path)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the demonstration of our own plugins; it is built once and then only read."""
    return tmp_path_factory.mktemp("demo") / "sample department"


@pytest.fixture(scope="module")
def built(sample: Path, path: str) -> Result:
    """Return what that demonstration wrote."""
    return run(["demo", "--dir", str(sample)], env={"PATH": path, "LANGUAGE": "en"})


def next_steps(stdout: str) -> list[str]:
    """Return the lines under "Now try it yourself"."""
    return [line.strip() for line in stdout.partition("Now try it yourself:\n")[2].splitlines()]


def test_every_step_is_shown_and_succeeds(built: Result, sample: Path) -> None:
    """It ends with 0, says first where the data lie, and shows each command before what it wrote."""
    assert built.exit_code == 0
    assert re.findall("^cskit: (.*? bad rows) in ", built.stderr, re.MULTILINE) == ["3 bad rows"] * 2
    assert built.stdout.startswith(
        f"A sample department in {sample}\n"
        "Your own records are not touched.\n\n"
        "# Take over the customers from a colleague's workbook; its headings are Chinese.\n"
    )
    assert "$ cskit customer import customers.xlsx\n" in built.stdout
    assert run("customer count", data=sample).stdout == "27\n"  # three of them are tenants
    assert run("customer order count", data=sample).stdout == "60\n"
    assert run("data verify", data=sample).exit_code == 0
    assert {"mistakes.xlsx", "customers.xlsx"} <= set(os.listdir(sample))


@pytest.mark.skipif(os.name != "posix", reason="permission bits are POSIX's")
def test_its_folder_is_its_owners_alone(tmp_path: Path) -> None:
    """Whatever the umask, nobody else looks into the sample, as into no data folder."""
    before = os.umask(0)
    try:
        assert run(["demo", "--dir", str(tmp_path / "sample")], plugins={}).exit_code == 0
    finally:
        os.umask(before)
    assert oct((tmp_path / "sample").stat().st_mode & 0o777) == "0o700"


def test_its_folder_reaches_the_terminal_harmless(tmp_path: Path) -> None:
    """A folder may be called anything; what a terminal would obey is shown as a sign."""
    done = run(["demo", "--dir", str(tmp_path / "a\x1b[31m\x9b2J\u202e")], plugins=CUSTOMERS)
    assert done.exit_code == 0
    assert not set(done.stdout + done.stderr) & set("\x1b\x9b\u202e")


def test_a_mistake_is_part_of_it(built: Result) -> None:
    """A step that shows how a mistake is met exits as it says, and the code is shown."""
    shown = built.stdout.partition("november.csv")[2].partition("\n\n")[0]
    assert shown.splitlines()[-1] == "# (exit code 5)"


def test_it_speaks_chinese(tmp_path: Path) -> None:
    """In Chinese, what is said about each step is Chinese, and the tables have Chinese titles."""
    result = run(["demo", "--dir", str(tmp_path / "d"), "--lang", "zh"])
    assert result.exit_code == 0
    told = re.findall(r"^# (.*)$", result.stdout, re.MULTILINE)
    assert len(told) > 13
    assert [line for line in told if not re.search("[\u4e00-\u9fff]", line)] == []
    assert re.search(r"^编号 +客户名称", result.stdout, re.MULTILINE)


def test_it_says_how_to_find_a_program_that_is_not_on_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run as .venv/bin/cskit, it first says how the shell finds `cskit`."""
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.setattr("sys.argv", ["/opt/my tools/cskit", "demo"])
    result = run(["demo", "--dir", str(tmp_path / "sample")], plugins={})
    assert next_steps(result.stdout)[0] == "export PATH='/opt/my tools':\"$PATH\""


def test_it_ends_with_steps_that_work(built: Result, sample: Path, tmp_path: Path) -> None:
    """Each line under "Now try it yourself", typed in that order, does what it should."""
    first, *lines = next_steps(built.stdout)
    variable, _, folder = first.removeprefix("export ").partition("=")
    assert (variable, shlex.split(folder)) == ("CSKIT_DATA", [str(sample)])
    assert len(lines) == 5
    place = shutil.copytree(sample, tmp_path / "mine")
    for line in lines:
        program, *words = shlex.split(line)
        result = run(words, data=place)
        assert program == "cskit"
        assert (result.exit_code, line) == (0, line)
        assert result.stdout or result.stderr
    told = run("log --limit 2 --fields entry,did -o csv", data=place).stdout
    assert re.fullmatch(r"entry,did\n\d+,undo (\d+)\n\1,customer set\n", told), told


def test_what_it_shows_can_be_typed(
    built: Result, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commands as printed, pasted into a shell in the folders of the files, build the same department."""
    text = built.stdout.replace(" \\\n", " ")
    before, *commands = re.split(r"^\$ cskit ", text, flags=re.MULTILINE)
    folders = set()
    for command in commands:
        line, _end, written = command.partition("\n")
        folder = re.search(r"^# \(the file is in (.*)\)\n\Z", before, re.MULTILINE)
        folders.add(folder and folder[1])
        monkeypatch.chdir(folder[1] if folder else tmp_path)
        before = written
        code = re.search(r"^# \(exit code (\d+)\)$", written, re.MULTILINE)
        wanted = int(code[1]) if code else 0
        assert run([*shlex.split(line), "--yes"], data=tmp_path / "other").exit_code == wanted, line
    assert len(folders) > 2  # the plugins' own, and none
    for noun in ("customer", "customer order", "case"):
        assert run(f"{noun} list -o jsonl", data=tmp_path / "other") == run(
            f"{noun} list -o jsonl", data=sample
        )


def test_commands_fit_the_terminal(built: Result) -> None:
    """Command lines are broken where a word ends, so that they fit 80 columns, Chinese counted as wide."""
    shown = re.findall(r"^\$ (?:.*\\\n)*.*$", built.stdout, re.MULTILINE)
    assert any(" \\\n    " in command for command in shown)
    for command in shown:
        for line in command.split("\n"):
            assert wcswidth(line) <= 80 or len(shlex.split(line.removesuffix(" \\"))) == 1, line


def test_chinese_names_are_aligned(built: Result) -> None:
    """In a table of the demonstration, what follows the Chinese names begins in one column."""
    table = built.stdout.partition('region == "华东"')[2].split("\n\n")[0].splitlines()[3:]
    assert len(table) == 7
    assert len({wcswidth(re.split(r"(?=company|person)", line)[0]) for line in table}) == 1


def test_it_starts_afresh(tmp_path: Path) -> None:
    """Run twice it shows the same, and what was changed in between is gone."""
    first = run(["demo", "--dir", str(tmp_path / "d")], plugins=CUSTOMERS)
    run("customer add 苏望舒", data=tmp_path / "d")
    (tmp_path / "d" / "notes").mkdir()
    (tmp_path / "d" / "notes" / "x.txt").write_text("x")
    second = run(["demo", "--dir", str(tmp_path / "d")], plugins=CUSTOMERS)
    clock = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
    assert clock.sub("", second.stdout) == clock.sub("", first.stdout)
    assert run("customer count", data=tmp_path / "d").stdout == "24\n"
    assert not (tmp_path / "d" / "notes").exists()


def test_without_dir_it_uses_a_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's own data, by CSKIT_DATA or .cskit, are not touched, nor is a home needed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    run("data init")
    run("customer add 海风贸易")
    run("customer add 林小满", data=tmp_path / "mine")
    files = [*(tmp_path / ".cskit").iterdir(), *(tmp_path / "mine").iterdir()]
    before = {path: path.read_bytes() for path in files}
    for data in (None, tmp_path / "mine"):
        result = run("demo", data=data, env={"HOME": None}, plugins=CUSTOMERS)
        assert result.exit_code == 0
        assert Path(next_steps(result.stdout)[0].partition("=")[2]).parent == tmp_path / "tmp"
    files = [*(tmp_path / ".cskit").iterdir(), *(tmp_path / "mine").iterdir()]
    assert {path: path.read_bytes() for path in files} == before
    assert len(list((tmp_path / "tmp").iterdir())) == 1


def _department(place: Path) -> None:
    run("customer add 海风贸易", data=place)


def _files(place: Path) -> None:
    place.mkdir()
    (place / "letter.txt").write_text("mine")


def _link(place: Path) -> None:
    run(["demo", "--dir", str(place.parent / "elsewhere")], plugins={})
    place.symlink_to(place.parent / "elsewhere")


@pytest.mark.parametrize("there", [_department, _files, _link], ids=["department", "files", "link"])
def test_it_refuses_a_folder_that_is_not_its_own(tmp_path: Path, there) -> None:
    """Records, other files, and a link that somebody planted are left alone."""
    place = tmp_path / "place"
    there(place)
    before = {path: path.read_bytes() for path in place.iterdir() if path.is_file()}
    assert run(["demo", "--dir", str(place)]) == (
        4,
        "",
        f"cskit: {place} is no demonstration's folder, so it is left alone\n"
        "name a folder of its own with --dir\n",
    )
    assert {path: path.read_bytes() for path in place.iterdir() if path.is_file()} == before


def test_it_refuses_a_folder_of_somebody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a shared temporary folder others may have made one of that name."""
    run(["demo", "--dir", str(tmp_path / "d")], plugins={})
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000)
    result = run(["demo", "--dir", str(tmp_path / "d")])
    assert (result.exit_code, result.stdout) == (4, "")


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("demo --dir {file}", 4, "cskit: {file} is no folder\nname a folder of its own with --dir\n"),
        (
            "demo --dir {file}/x",
            7,
            "cskit: cannot make {file}/x: Not a directory\nname a folder of its own with --dir\n",
        ),
        (
            "demo --data x",
            2,
            "cskit: the demonstration never uses a department's own folder\nsay --dir, not --data\n",
        ),
    ],
    ids=["file", "in-a-file", "data"],
)
def test_places_where_it_cannot_be_built(tmp_path: Path, line: str, code: int, said: str) -> None:
    """A file, a place where nothing can be written, and --data are refused in words."""
    file = tmp_path / "file"
    file.write_text("mine")
    assert run(line.format(file=file)) == (code, "", said.format(file=file))
    assert file.read_text() == "mine"


def test_no_temporary_folder_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine where every temporary folder is read-only, --dir is named as the way out."""

    def none() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found in ['/tmp']")

    monkeypatch.setattr(tempfile, "gettempdir", none)
    result = run("demo")
    assert (result.exit_code, result.stdout) == (7, "")
    assert result.stderr == (
        "cskit: cannot make a temporary folder: No usable temporary directory found in ['/tmp']\n"
        "name a folder of its own with --dir\n"
    )


def test_where_the_system_knows_no_user_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows there is no os.getuid; the folder is then named after the login."""
    from cskit.commands import demo

    monkeypatch.delattr(os, "getuid")
    monkeypatch.setenv("USERNAME", "zhang")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert demo._prepare(None) == tmp_path / "cskit-demo-zhang"
    assert demo._prepare(None) == tmp_path / "cskit-demo-zhang"


def test_plugins_bring_their_own_steps(tmp_path: Path, plugin) -> None:
    """Steps of every plugin are run, with the plugins at hand; what needs an absent one is not suggested."""
    steps = [DemoStep("What is here?", ("plugins", "list", "--fields", "name", "-o", "csv"))]
    acme = plugin(demo_data=lambda: steps)
    assert run(["demo", "--dir", str(tmp_path / "d")], plugins={"acme": acme}) == (
        0,
        f"""\
A sample department in {tmp_path}/d
Your own records are not touched.

# What is here?
$ cskit plugins list --fields name -o csv
name
acme

Now try it yourself:
  export CSKIT_DATA={tmp_path}/d
  cskit data verify
""",
        "",
    )


def test_a_step_that_needs_another_plugin(tmp_path: Path, plugin) -> None:
    """Where nobody has the command it needs, it is left out; where somebody has, it is shown."""
    acme = plugin(
        demo_data=lambda: [
            DemoStep("With cases.", ("plugins", "list", "-o", "csv"), needs="case import-events"),
            DemoStep("With plugins.", ("plugins", "list", "-o", "csv"), needs="plugins list"),
        ]
    )
    done = run(["demo", "--dir", str(tmp_path / "d")], plugins={"acme": acme})
    assert done.exit_code == 0
    assert re.findall(r"^# (.*)$", done.stdout, re.MULTILINE) == ["With plugins."]


def test_a_step_that_fails_is_the_plugins_fault(tmp_path: Path, plugin) -> None:
    """The plugin and the command are named; exit code 6, and no next steps."""
    acme = plugin(demo_data=lambda: [DemoStep("Look.", ("log", "C-1"))])
    result = run(["demo", "--dir", str(tmp_path / "d")], plugins={"acme": acme})
    assert result.exit_code == 6
    assert "Now try" not in result.stdout
    assert result.stderr == (
        "cskit: the history knows no record C-1\n`cskit log` lists all that happened\n"
        "cskit: the demonstration of plugin acme stopped at `cskit log C-1`, exit code 3\n"
    )


def test_no_color_reaches_every_step(tmp_path: Path, plugin, monkeypatch: pytest.MonkeyPatch) -> None:
    """--no-color holds for the commands that the demonstration runs."""
    import sys

    import click

    @click.command()
    def red() -> None:
        """Write in red."""
        click.secho("red", fg="red")

    monkeypatch.setitem(sys.modules, "demo_commands", sys.modules[__name__])
    monkeypatch.setattr(sys.modules[__name__], "red", red, raising=False)
    acme = plugin(
        commands=lambda: [Command("acme red", "Write in red.", "demo_commands:red")],
        demo_data=lambda: [DemoStep("In red.", ("acme", "red"))],
    )
    line = ["demo", "--dir", str(tmp_path / "d")]
    coloured = run(line, plugins={"acme": acme}, env={"FORCE_COLOR": "1"}).stdout
    plain = run([*line, "--no-color"], plugins={"acme": acme}, env={"FORCE_COLOR": "1"}).stdout
    assert "\x1b[31mred" in coloured
    assert "\x1b" not in plain
