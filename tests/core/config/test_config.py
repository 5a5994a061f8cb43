"""`cskit config`: what holds, where it comes from, and writing it down."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from cskit.testing import Result, run


@pytest.fixture
def here(tmp_path):
    """Return a data folder; the user's own settings are beside it."""
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


def config(here: Path, line: str, **settings: object) -> Result:
    own = {"XDG_CONFIG_HOME": str(here.parent / "config")} | settings.pop("env", {})  # type: ignore[operator]
    return run(f"config {line}", data=here, plugins={}, env=own, **settings)  # type: ignore[arg-type]


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(text, encoding="utf-8")
    return path


# --- what holds --------------------------------------------------------------------------------------------


def test_defaults(here):
    """Without any file the settings are those that are built in, and the system's language."""
    shown = """\
Setting    Value
---------  -------------
zone       Asia/Shanghai
lang       en
pager      more
"""
    assert config(here, "list", env={"PAGER": "more"}) == (0, shown, "")


def test_every_layer_and_what_it_stands_before(here, tmp_path):
    """An option goes before the environment, that before the own file, the department's, the default."""
    shared = write(
        here / "cskit.toml",
        '# ours\nlang = "zh"\n\n[staff]\n# who\n"li.si" = "S-002"\nzhangsan = "S-001" # him\n',
    )
    own = write(tmp_path / "config" / "cskit" / "config.toml", 'pager = "most"\nlang = "en"\n')
    done = config(here, "list --origin -o jsonl --lang en", env={"CSKIT_LANG": "zh", "PAGER": "more"})
    lang = ["en (the system's language)", f"zh ({shared}:2)", f"en ({own}:2)", "zh (CSKIT_LANG)"]
    assert [json.loads(row) for row in done.stdout.splitlines()] == [
        {"name": "zone", "value": "Asia/Shanghai", "origin": "default"},
        {"name": "staff.li.si", "value": "S-002", "origin": f"{shared}:6"},
        {"name": "staff.zhangsan", "value": "S-001", "origin": f"{shared}:7"},
        {"name": "lang", "value": "en", "origin": "--lang", "overrides": lang},
        {"name": "pager", "value": "most", "origin": f"{own}:1", "overrides": ["more (PAGER)"]},
    ]


@pytest.mark.parametrize(
    ("line", "code", "out", "err"),
    [
        ("get zone", 0, "Europe/Berlin\n", ""),
        ("get staff", 0, '{"zhangsan":"S-001"}\n', ""),
        ("get staff.zhangsan", 0, "S-001\n", ""),
        ("get zone -o json", 0, '{\n  "value": "Europe/Berlin"\n}\n', ""),
        ("get staff.x", 3, "", "cskit: staff.x is not set\n`cskit config list` shows what is\n"),
        ("get zoen", 2, "", "cskit: there is no setting 'zoen'\ndid you mean 'zone'?\n"),
        ("get zone.x", 2, "", "cskit: the setting 'zone' has no parts\n"),
    ],
)
def test_get(here, line, code, out, err):
    """One setting is shown bare, a group as an object; what is not set is not found, a typo is refused."""
    write(here / "cskit.toml", 'zone = "Europe/Berlin"\n[staff]\nzhangsan = "S-001"\n')
    assert config(here, line) == (code, out, err)


# --- changing ----------------------------------------------------------------------------------------------

BEFORE = '# Ours.\nzone = "Asia/Shanghai"  # here\n\n[staff] # who is who\nli = "S-002" # her\n'


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("set zone Europe/Berlin", BEFORE.replace("Asia/Shanghai", "Europe/Berlin")),
        ("set staff.zhao S-003", f'{BEFORE}zhao = "S-003"\n'),
        ("set staff.a.b 'x\"y'", f'{BEFORE}"a.b" = "x\\"y"\n'),
        ("set lang zh", BEFORE.replace("# here\n\n", '# here\n\nlang = "zh"\n')),
        ("unset staff.li", BEFORE.replace('li = "S-002" # her\n', "")),
        ("unset zone", BEFORE.replace('zone = "Asia/Shanghai"  # here\n', "")),
    ],
)
def test_set_keeps_comments(here, line, after):
    """Only the setting's own line changes; what was read before is read after, and what was asked for."""
    file = write(here / "cskit.toml", BEFORE)
    done = config(here, line)
    assert (done.exit_code, done.stdout) == (0, "")
    found = file.read_text(encoding="utf-8")
    assert sorted(found.split("\n")) == sorted(after.split("\n"))
    _verb, key, *value = line.replace("'", "").split(" ")
    assert config(here, f"get {key}").stdout == (
        f"{value[0]}\n" if value else config(here, f"get {key}").stdout
    )
    assert [one.name for one in here.iterdir() if one.name.endswith(".new")] == []


def test_what_is_stored_is_shown_harmless(here):
    """A value in a file may hold anything; what a terminal would obey is shown as a sign."""
    write(here / "cskit.toml", '[staff]\n"li" = "S-1\\u001b[31m\\u202e"\n')
    assert config(here, "get staff.li") == (0, "S-1␛[31m\N{REPLACEMENT CHARACTER}\n", "")
    assert "S-1␛[31m\N{REPLACEMENT CHARACTER}" in config(here, "list").stdout


def test_what_set_says(here):
    """What was, what is, and where; the same again, and a rehearsal, say so."""
    file = here / "cskit.toml"
    assert config(here, "set zone Asia/Tokyo --dry-run") == (
        0,
        "",
        f"zone: (not set) → Asia/Tokyo in {file}; nothing was written (--dry-run)\n",
    )
    assert list(here.iterdir()) == []
    assert config(here, "set zone Asia/Tokyo").stderr == f"zone: (not set) → Asia/Tokyo in {file}\n"
    assert config(here, "set zone Asia/Tokyo").stderr == f"zone is Asia/Tokyo already in {file}\n"
    assert config(here, "unset zone").stderr == f"zone: Asia/Tokyo → (not set) in {file}\n"


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("set zone Asia/Shanghay", 2, "there is no time zone 'Asia/Shanghay'\ndid you mean 'Asia/Shanghai'?"),
        ("set zoen x", 2, "there is no setting 'zoen'\ndid you mean 'zone'?"),
        ("set lang xx", 2, "there is no language 'xx'\nthere are en, zh"),
        ("set staff x", 2, "the setting 'staff' is a group\nname one of it, such as staff.zhangsan"),
        (
            "set --mine zone Asia/Tokyo",
            2,
            "the setting 'zone' is the department's\nset it with `cskit config set zone …`, for everybody",
        ),
        (
            "set pager cat",
            2,
            "the setting 'pager' is each user's own\nset it with `cskit config set --mine pager …`",
        ),
        ('set --mine pager "less \'"', 2, "the pager 'less '' is no command line"),
        (
            "set rules.a.b.c x",
            2,
            "rules.a.b.c cannot be 'x'\nsettings change numbers of rules: rules.KIND.RULE.NUMBER 12.5",
        ),
        ("unset staff.lo", 3, "{file} does not set staff.lo\ndid you mean 'staff.li'?"),
    ],
)
def test_what_cannot_be_set(here, line, code, said):
    """A key or value that could not be read back is refused before anything is written."""
    file = write(here / "cskit.toml", BEFORE)
    assert config(here, line) == (code, "", f"cskit: {said}\n".replace("{file}", str(file)))
    assert file.read_text(encoding="utf-8") == BEFORE
    assert not (here.parent / "config").exists()


def test_a_rules_number(here):
    """A number of a rule is written as a number, in tables of its own."""
    assert config(here, "set rules.schemes.order-volume.share 12.5").exit_code == 0
    assert (here / "cskit.toml").read_text() == "[rules.schemes.order-volume]\nshare = 12.5\n"
    assert config(here, "get rules.schemes.order-volume.share").stdout == "12.5\n"


def test_my_own_settings(here, tmp_path):
    """--mine writes the user's file, which only they can read, and which goes before the department's."""
    assert config(here, "set --mine lang zh").exit_code == 0
    own = tmp_path / "config" / "cskit" / "config.toml"
    assert own.read_text() == 'lang = "zh"\n'
    assert os.name != "posix" or oct(own.stat().st_mode & 0o777) == "0o600"
    write(here / "cskit.toml", 'lang = "en"\n')
    assert config(here, "get lang").stdout == "zh\n"
    assert "用法" in config(here, "get --help").stdout
    assert config(here, "get lang", lang="en").stdout == "en\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("zone = 'UTC'\n", "the setting 'zone' is the department's"),
        ("staff = {}\n", "the setting 'staff' is the department's"),
        ("lang = 'xx'\n", "there is no language 'xx'"),
    ],
)
def test_an_own_file_may_not_say_what_others_rely_on(here, tmp_path, text, said):
    """Nobody's own file changes the department's zone or who is who: it is refused, by name."""
    own = write(tmp_path / "config" / "cskit" / "config.toml", text)
    settings = {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    done = run("customer list", data=here, plugins={"customers": "cskit_customers"}, env=settings)
    assert (done.exit_code, done.stderr.split("\n")[0]) == (2, f"cskit: {own}: {said}")


@pytest.mark.skipif(os.name != "posix", reason="permission bits are POSIX's")
def test_an_own_file_that_others_can_write_is_not_used(here, tmp_path):
    """It names a program to run; so it must be the user's alone."""
    own = write(tmp_path / "config" / "cskit" / "config.toml", 'pager = "evil"\n')
    own.chmod(0o666)
    done = config(here, "get zone")
    assert (done.exit_code, done.stderr) == (
        2,
        f"cskit: {own} can be written by others; it is not used\nmake it yours alone: chmod 600\n",
    )


@pytest.mark.skipif(os.name != "posix", reason="named pipes are POSIX's")
def test_a_pipe_in_the_place_of_settings(here):
    """A pipe or device is not waited for."""
    os.mkfifo(here / "cskit.toml")
    done = config(here, "get zone")
    assert (done.exit_code, done.stderr) == (
        7,
        f"cskit: {here / 'cskit.toml'} cannot be read: it is no regular file\n",
    )


@pytest.mark.parametrize("line", ["set zone UTC", "unset zone", "set --mine lang en"])
def test_not_in_the_past(here, line):
    """Settings are those of today, whatever moment is looked at."""
    done = run(f"config {line} --as-of 2026-10-31", data=here, plugins={})
    assert done.exit_code == 2
    assert done.stderr == (
        f"cskit: --as-of only looks back, and `cskit config {line.split()[0]}` saves something\n"
        "leave out --as-of to do it now\n"
    )
    assert not (here / "cskit.toml").exists()


def test_not_in_a_batch(here):
    """A change of settings could not be taken back with the batch."""
    done = run("batch -", data=here, plugins={}, input="config set zone UTC\n")
    assert done.exit_code == 2
    assert not (here / "cskit.toml").exists()
