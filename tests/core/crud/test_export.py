"""`export`: every field, in the format the file's name says, whole or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from cskit.display import output


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("c.csv", b"\xef\xbb\xbfid,name,custom.colour\nC-000001,"),
        ("c.json", b'[\n  {"id":"C-000001","name":'),
        ("c.jsonl", b'{"id":"C-000001","name":'),
        ("C.CSV", b"\xef\xbb\xbfid,name,custom.colour\nC-000001,"),
        ("c", b'{"id":"C-000001","name":'),
    ],
)
def test_the_ending_says_the_format(register, name, first):
    """The file's ending decides; CSV in a file begins with the mark Excel needs; no ending is jsonl."""
    assert register(f"customer export --out {name} --fields id,name,custom.colour") == (
        0,
        "",
        f"3 customers written to {name}\n",
    )
    assert Path(name).read_bytes().startswith(first)
    assert os.stat(name).st_mode & 0o777 == 0o600


def test_the_option_goes_before_the_ending(register):
    """-o wins over the ending."""
    register("customer export --out c.txt -o csv --fields id")
    assert Path("c.txt").read_text(encoding="utf-8-sig") == "id\nC-000001\nC-000002\nC-000003\n"


def test_stdout_is_jsonl(register):
    """Without a file, export is JSON lines with every field, which `import` takes back."""
    done = register("customer export")
    assert done.stderr == ""
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [record["id"] for record in records] == ["C-000001", "C-000002", "C-000003"]
    assert all("rev" in record and "schema" not in record for record in records)


@pytest.mark.parametrize(
    "name",
    ["customers.json", "new.json", "Orders.JSON", "history.jsonl", "cskit.toml", "lock", "rules/x.csv"],
)
def test_the_data_folder_keeps_its_own_files(register, name):
    """No result takes the place of a table, the history or the settings, by whatever path it is named."""
    Path("data/rules").mkdir()
    Path("link").symlink_to("data")
    before = {path: path.read_bytes() for path in Path("data").iterdir() if path.is_file()}
    for target in (f"data/{name}", f"link/{name}"):
        for line in (f"customer export -o csv --out {target}", f"customer add 丁 -o json --out {target}"):
            assert register(line) == (
                2,
                "",
                f"cskit: --out: {target} is a file of the data folder's own\n"
                f"name a file outside of {Path.cwd()}/data\n",
            )
    assert {path: path.read_bytes() for path in Path("data").iterdir() if path.is_file()} == before


def test_a_file_beside_the_tables(register):
    """Where the data folder is the folder of everything, its own files are all that is refused."""
    assert register("customer export -o csv --out data/c.csv").exit_code == 0


def test_where_and_ids(register):
    """--where and ids choose; nothing chosen writes an empty file."""
    register("customer export C-000002 C-000001 --out c.csv --fields id")
    assert Path("c.csv").read_text(encoding="utf-8-sig") == "id\nC-000002\nC-000001\n"
    done = register("customer export --where 'region == \"西北\"' --out c.csv --fields id")
    assert done == (0, "", "0 customers written to c.csv\n")
    assert Path("c.csv").read_text(encoding="utf-8-sig") == "id\n"
    assert register("customer export -", input="") == (0, "", "")


@pytest.mark.parametrize(
    ("out", "code", "said"),
    [
        (
            "c.pdf",
            2,
            "--out: .pdf says no format\n"
            "give a file that ends in .csv, .tsv, .json, .jsonl, .md, .xlsx, or say -o csv\n",
        ),
        ("sub", 2, "--out: sub is a folder\nname a file in it\n"),
        ("nix/c.csv", 3, "--out: there is no folder {here}/nix\nmake it, or give another file\n"),
    ],
    ids=["unknown-ending", "folder", "no-folder"],
)
def test_where_to(register, tmp_path, out, code, said):
    """A target that cannot be meant is refused, and nothing is left behind."""
    Path("sub").mkdir()
    done = register(f"customer export --out {out}")
    assert done == (code, "", "cskit: " + said.format(here=tmp_path))
    assert sorted(path.name for path in Path().iterdir()) == ["data", "sub"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(register):
    """A folder without leave to write is a storage failure."""
    Path("sub").mkdir(mode=0o500)
    done = register("customer export --out sub/c.csv")
    assert done == (7, "", "cskit: cannot write sub/c.csv: Permission denied\ngive another file with --out\n")


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["full", "ctrl-c"]
)
def test_an_existing_file_survives(register, monkeypatch, error):
    """Until the new file is whole the old one stays, whatever goes wrong; no part is left over."""
    Path("c.csv").write_text("old")

    def fail(*arguments: object, **options: object) -> int:
        raise error

    monkeypatch.setattr(output, "rows", fail)
    done = register("customer export --out c.csv")
    assert done.exit_code == (7 if isinstance(error, OSError) else 130)
    assert Path("c.csv").read_text() == "old"
    assert sorted(path.name for path in Path().iterdir()) == ["c.csv", "data"]


def test_a_replaced_file_keeps_its_mode(register):
    """A file that colleagues may read stays readable for them."""
    Path("c.csv").write_text("old")
    Path("c.csv").chmod(0o644)
    register("customer export --out c.csv")
    assert os.stat("c.csv").st_mode & 0o777 == 0o644
    assert Path("c.csv").read_text(encoding="utf-8-sig").startswith("id,")


def test_a_link_stays_a_link(register):
    """What a link points to is replaced, not the link."""
    Path("real.csv").write_text("old")
    Path("link.csv").symlink_to("real.csv")
    register("customer export --out link.csv")
    assert Path("link.csv").is_symlink()
    assert Path("real.csv").read_text(encoding="utf-8-sig").startswith("id,")


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give files away")
def test_what_another_user_put_there(register):
    """A link of another user is not followed; a file that another left ready does not say who may read."""
    Path("victim.csv").write_text("precious")
    Path("link.csv").symlink_to("victim.csv")
    os.lchown("link.csv", 12345, -1)
    Path("ready.csv").touch()
    Path("ready.csv").chmod(0o666)
    os.chown("ready.csv", 12345, -1)
    said = "cskit: --out: link.csv is a link that another user made\nname a file in a folder of your own\n"
    assert register("customer export --out link.csv") == (2, "", said)
    assert register("customer list -o csv --out link.csv") == (2, "", said)
    Path("bad.csv").write_text("name,founded\nx,never\n")
    Path("link.csv").rename("link.xlsx")
    done = register("customer import bad.csv --problems link.xlsx")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("cskit: --problems: link.xlsx is a link that another user made\n")
    assert Path("victim.csv").read_text() == "precious"
    assert register("customer export --out ready.csv").exit_code == 0
    assert oct(Path("ready.csv").stat().st_mode & 0o777) == "0o600"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_written_to(register):
    """A named pipe or a device is written to, not replaced by a file."""
    os.mkfifo("pipe")
    reader = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert register("customer export --out pipe --fields id").exit_code == 0
        assert os.read(reader, 1000).startswith(b'{"id":"C-000001"}\n')
    finally:
        os.close(reader)
    assert register("customer export --out /dev/null").exit_code == 0
    assert Path("/dev/null").is_char_device()
