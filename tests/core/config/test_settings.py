"""Where the data folder is, and what its settings say."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cskit.config.folders import find_folder
from cskit.config.settings import Settings, load
from cskit.errors import StorageFailed, Usage
from cskit.testing import run


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Work in a folder of its own, with a user data folder of its own."""
    tmp_path.chmod(0o700)
    place = tmp_path / "work" / "deep"
    place.mkdir(parents=True)
    monkeypatch.chdir(place)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    return place


# --- the folder ---------------------------------------------------------------------------------------------


def test_data_option_wins(here, tmp_path):
    """--data beats CSKIT_DATA, which beats a folder that is found."""
    (here / ".cskit").mkdir()
    environ = {"CSKIT_DATA": str(tmp_path / "env")}
    assert find_folder("asked", environ) == str(here / "asked")
    assert find_folder(None, environ) == str(tmp_path / "env")
    assert find_folder(None, {}) == str(here / ".cskit")


def test_folder_upwards(here, tmp_path):
    """The nearest .cskit at or above the working folder is used; a file of that name is passed over."""
    (tmp_path / ".cskit").mkdir()
    (here / ".cskit").write_text("")
    assert find_folder(None, {}) == str(tmp_path / ".cskit")


@pytest.mark.skipif(sys.platform != "linux", reason="the path is Linux's")
def test_users_own_folder(here, tmp_path):
    """Without any other the user's data folder is used; an empty CSKIT_DATA counts as none."""
    assert find_folder(None, {"CSKIT_DATA": ""}) == str(tmp_path / "share" / "cskit")


def test_home_in_a_path(here, monkeypatch):
    """A path may begin with ~."""
    monkeypatch.setenv("HOME", str(here))
    assert find_folder("~/dept", {}) == str(here / "dept")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "--data needs the path of a folder"),
        ("a\0b", "--data needs the path of a folder"),
        ("sqlite:///dept.db", "--data takes a folder, not sqlite://…"),
        ("postgresql://me:secret@host/db", "--data takes a folder, not postgresql://…"),
    ],
    ids=["empty", "nul", "sqlite", "postgresql"],
)
def test_what_is_no_folder(text, message):
    """What cannot be a folder is refused, and a password in it is not repeated."""
    with pytest.raises(Usage) as caught:
        find_folder(text, {})
    assert caught.value.message == message


@pytest.mark.skipif(os.name != "posix", reason="permission bits are POSIX's")
def test_planted_folder_is_not_used(here):
    """A folder that is only found must not be one that anybody can write; one that is named may."""
    planted = here / ".cskit"
    planted.mkdir()
    planted.chmod(0o777)
    with pytest.raises(Usage, match=r"/\.cskit can be written by others; it is not used unasked"):
        find_folder(None, {})
    assert find_folder(".cskit", {}) == str(planted)


@pytest.mark.skipif(os.name != "posix", reason="a working folder can only go away on POSIX")
@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (["fact", "list"], 0, ""),
        (
            ["log", "--data", "x"],
            2,
            "cskit: --data x: the working folder is gone\ngive a path that begins with /\n",
        ),
        (["log"], 0, ""),
    ],
    ids=["no-records", "relative", "own-folder"],
)
def test_deleted_working_folder(tmp_path, words, code, text):
    """A working folder that is gone, or a HOME that is not set, is no reason for a traceback."""
    gone = tmp_path / "gone"
    gone.mkdir()
    script = 'cd "$1" && rmdir "$1" && shift && exec "$@"'
    command = [sys.executable, "-c", "from cskit.cli import main; main()", *words]
    env = {"PYTHONPATH": str(Path(__file__).parents[3]), "CSKIT_PLUGINS": "", "XDG_DATA_HOME": str(tmp_path)}
    done = subprocess.run(
        ["/bin/sh", "-c", script, "sh", str(gone), *command],
        capture_output=True,
        text=True,
        env=env,
        check=False,
    )
    assert (done.returncode, done.stderr) == (code, text)


def test_no_home_at_all(here, monkeypatch):
    """Where there is no home folder the user is asked to name one."""
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setattr("platformdirs.user_data_dir", lambda *args, **settings: "~/.local/share/cskit")
    monkeypatch.setattr("os.path.expanduser", lambda path: path)
    with pytest.raises(Usage, match="there is no home folder to keep data in"):
        find_folder(None, {})


# --- the file -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "place", ["", "missing", "cskit.toml/x"], ids=["no-file", "no-folder", "below-a-file"]
)
def test_defaults(tmp_path, place):
    """Without a file all is as by default."""
    if place.startswith("cskit.toml"):
        (tmp_path / "cskit.toml").touch()
    assert load(tmp_path / place) == Settings("Asia/Shanghai", {})


def test_everything_set(tmp_path):
    """All settings are read; an editor's BOM and line ends do not matter."""
    text = """
        zone = "Europe/Berlin"
        [staff]
        zhao = "S-001"
    """
    (tmp_path / "cskit.toml").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert load(tmp_path) == Settings("Europe/Berlin", {"zhao": "S-001"})


@pytest.mark.parametrize(
    ("content", "message", "hint"),
    [
        ("zoen = 'x'", "there is no setting 'zoen'", "did you mean 'zone'?"),
        ("q = 1", "there is no setting 'q'", "there are zone, staff, lang, pager, rules"),
        ("zone = 8", "zone is 8; expected text", ""),
        ("zone = 'Asia/Shanghay'", "there is no time zone 'Asia/Shanghay'", "did you mean 'Asia/Shanghai'?"),
        ("zone = '../etc'", "there is no time zone '../etc'", "expected a name such as Asia/Shanghai"),
        ("staff = 'S-001'", "staff is 'S-001'; expected a table, [staff]", ""),
        ("[staff]\nzhao = 1", "staff.zhao is 1; expected a staff id as text", ""),
        ("zone = ", "Invalid value (at end of document)", ""),
        (b"zone = '\xff'", " is not UTF-8 text (byte 9)", ""),
    ],
    ids=["typo", "unknown", "type", "zone", "path", "staff", "id", "syntax", "bytes"],
)
def test_wrong_settings(tmp_path, content, message, hint):
    """A setting that cannot be is a usage error with file, key and what was expected."""
    file = tmp_path / "cskit.toml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(Usage) as caught:
        load(tmp_path)
    assert caught.value.message.startswith(str(file))
    assert caught.value.message.endswith(message)
    assert caught.value.hint == hint


def test_deep_settings(tmp_path):
    """A file made to exhaust the reader is an error like any other."""
    (tmp_path / "cskit.toml").write_text("zone = " + "[" * 100_000)
    with pytest.raises(Usage, match="is not TOML"):
        load(tmp_path)


def test_settings_that_cannot_be_read(tmp_path):
    """A folder in the file's place is a storage failure that names it."""
    (tmp_path / "cskit.toml").mkdir()
    with pytest.raises(StorageFailed, match=r"cskit\.toml cannot be read: "):
        load(tmp_path)


def test_wrong_settings_on_the_command_line(tmp_path):
    """Wrong settings stop a command that needs them with exit 2 and one line; help needs none."""
    (tmp_path / "cskit.toml").write_text("zoen = 'x'")
    assert run("log", data=tmp_path, plugins={}) == (
        2,
        "",
        f"cskit: {tmp_path}/cskit.toml: there is no setting 'zoen'\ndid you mean 'zone'?\n",
    )
    assert run("log --help", data=tmp_path, plugins={}).exit_code == 0
