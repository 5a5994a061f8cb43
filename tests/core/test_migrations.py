"""`cskit data migrate`: records brought to a newer form by their plugin, all or none; older ones too."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import pytest

from cskit import Migration, Record, RecordType, field, hookimpl
from cskit.store.folder import open_store
from cskit.testing import Result, run


class OldThing(Record, kw_only=True):
    """A thing as the first version knew it."""

    title: Annotated[str, field("Title", "名称")]
    size: Annotated[str, field("Size", "尺寸")] | None = None


class Thing(Record, kw_only=True):
    """A thing as the third version knows it: its width in millimetres, and a group."""

    title: Annotated[str, field("Title", "名称")]
    width: Annotated[int, field("Width", "宽度")] | None = None
    group: Annotated[str, field("Group", "分组")]


def to_width(document: dict[str, Any]) -> dict[str, Any]:
    """Read a width in millimetres from "12 cm"."""
    size = document.pop("size", None)
    return document if size is None else {**document, "width": int(size.removesuffix(" cm")) * 10}


def to_group(document: dict[str, Any]) -> dict[str, Any]:
    """Give everything a group."""
    return {**document, "group": "general"}


def things(model: str) -> RecordType:
    """Return the record type with one of the models."""
    return RecordType(
        "thing",
        "things",
        f"{__name__}:{model}",
        "T-{:06d}",
        "thing",
        "things",
        "物品",
        "title",
        ("id", "title"),
    )


class Old:
    """The plugin's first version."""

    @hookimpl
    def cskit_record_types(self) -> list[RecordType]:
        return [things("OldThing")]


class New:
    """The plugin's third version."""

    steps = (
        Migration("things", 2, f"{__name__}:to_width", "The size is a width in millimetres."),
        Migration("things", 3, f"{__name__}:to_group", "Everything has a group."),
    )

    @hookimpl
    def cskit_record_types(self) -> list[RecordType]:
        return [things("Thing")]

    @hookimpl
    def cskit_migrations(self) -> list[Migration]:
        return list(self.steps)


class HalfThing(Record, kw_only=True):
    """A thing as the second version knew it."""

    title: Annotated[str, field("Title", "名称")]
    width: Annotated[int, field("Width", "宽度")] | None = None


class Half(New):
    """A version between, which knows two forms."""

    steps = New.steps[:1]

    @hookimpl
    def cskit_record_types(self) -> list[RecordType]:
        return [things("HalfThing")]


Run = Callable[..., Result]
START = dt.datetime(2026, 10, 30, 2, 0, tzinfo=dt.UTC)


@pytest.fixture
def go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a `run` with a plugin, on a department of three things, of which one was removed."""

    def go(line: str, plugin: object, day: int = 9, **more: Any) -> Result:
        monkeypatch.setattr("cskit.app._clock", lambda: START + dt.timedelta(days=day))
        return run(line, data=tmp_path / "data", plugins={"acme": plugin}, **more)

    lines = (
        "thing add 一 --size '12 cm'",
        "thing add 二",
        "thing add 三 --size '5 cm'",
        "thing remove T-000003 --yes",
    )
    for day, line in enumerate(lines):
        assert go(line, Old(), day).exit_code == 0
    return go


LIST = "thing list --fields id,width,group -o csv"


def test_older_records_are_refused_until_they_are_brought_up(go: Run) -> None:
    """No command reads or saves records that it would misread; the history can be looked at."""
    for line in ("thing list", "thing add x --group g", "undo 1 --yes"):
        assert go(line, New()) == (
            4,
            "",
            "cskit: the things are in form 1, and this version works with form 3\n"
            "`cskit data migrate` brings them up to it\n",
        )
    assert go("log --limit 1", New()).exit_code == 0
    assert go("data verify", New()).exit_code == 0


def test_all_of_them_as_one_entry(go: Run, tmp_path: Path) -> None:
    """Each document gets the steps that it lacks and the number of its form; what is new has it too."""
    tried = go("data migrate --dry-run -o jsonl", New())
    assert [json.loads(line)["after"] for line in tried.stdout.splitlines()] == [
        {"group": "general", "width": 120},
        {"group": "general"},
    ]
    assert go("thing list", New()).exit_code == 4
    done = go("data migrate --reason 新版本", New())
    assert done == (0, "", "brought to the newest form: 2 things; saved as 5\n")
    assert go(LIST, New()).stdout == "id,width,group\nT-000001,120,general\nT-000002,,general\n"
    assert go("thing add 四 --group neu", New()).exit_code == 0
    documents = [json.loads(d.raw) for d in open_store(tmp_path / "data").reading().read("things")]
    assert [one["schema"] for one in documents] == [3, 3, 3]
    assert go("data migrate", New()) == (0, "", "every record is in its newest form\n")
    assert json.loads(go("log -o jsonl", New()).stdout.splitlines()[1])["migrates"] == {"things": 1}


def test_from_any_form_to_the_newest(go: Run) -> None:
    """A department that skipped no version, and one that skipped one, hold the same."""
    assert go("data migrate", Half()).exit_code == 0
    assert go("data migrate", New()).exit_code == 0
    assert go(LIST, New()).stdout == "id,width,group\nT-000001,120,general\nT-000002,,general\n"


def test_records_of_a_newer_version_are_refused(go: Run) -> None:
    """An older plugin that knows of forms leaves alone what it does not understand."""
    assert go("data migrate", New()).exit_code == 0
    done = go("thing list", Half())
    assert (done.exit_code, done.stderr.splitlines()[0]) == (
        4,
        "cskit: the things are in form 3, and this version knows no more than form 2",
    )


def test_the_past_is_read_in_the_form_of_today(go: Run) -> None:
    """Documents of an earlier moment, removed ones too, go through the same steps."""
    assert go("data migrate", New()).exit_code == 0
    assert go(f"{LIST} --as-of 2026-11-01", New()).stdout == (
        "id,width,group\nT-000001,120,general\nT-000002,,general\nT-000003,50,general\n"
    )
    assert go(f"{LIST} --where 'width == 50' --as-of 2026-11-01", New()).stdout.count("T-") == 1


def test_what_is_put_back_comes_in_the_form_of_today(go: Run) -> None:
    """Undoing a removal from before gives a record that can be read; the step itself stays."""
    assert go("data migrate", New()).exit_code == 0
    assert go("undo 4 --yes", New()).exit_code == 0
    assert "T-000003,50,general" in go(LIST, New()).stdout
    done = go("undo 5 --yes", New())
    assert (done.exit_code, "it brought records to a form that is needed now" in done.stderr) == (4, True)
    assert go("data verify", New()).exit_code == 0


def fails(document: dict[str, Any]) -> dict[str, Any]:
    """Fail at the second document."""
    return {**document, "group": document["size"]}


def nothing(document: dict[str, Any]) -> None:
    """Return what is no document."""


def unfit(document: dict[str, Any]) -> dict[str, Any]:
    """Return what no thing is."""
    return {**document, "width": "wide"}


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("fails", "could not bring T-000002 to its newest form: KeyError: 'size'"),
        ("nothing", "returned no document"),
        (
            "unfit",
            "to its newest form: document 1 of table things (T-000001) cannot be read",
        ),
        ("missing", "could not bring T-000001 to its newest form"),
    ],
)
def test_a_step_that_fails_changes_nothing(go: Run, tmp_path: Path, step: str, said: str) -> None:
    """Exit code 6 naming plugin and record; every file is as it was."""

    class Bad(New):
        steps = (Migration("things", 2, f"{__name__}:{step}", "Fails."),)

    before = {path.name: path.read_bytes() for path in (tmp_path / "data").iterdir()}
    done = go("data migrate", Bad())
    assert (done.exit_code, done.stdout) == (6, "")
    assert done.stderr.startswith("cskit: plugin acme ")
    assert said in done.stderr
    assert "nothing was saved" in done.stderr
    assert {path.name: path.read_bytes() for path in (tmp_path / "data").iterdir()} == before


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([Migration("things", 3, "a:b", "x")], "the steps of 'things' must be numbered from 2 on, each once"),
        ([Migration("other", 2, "a:b", "x")], "the table 'other' is not its own"),
        ([Migration("things", 2, "ab", "x")], "the target 'ab' of 'things' is not of the form"),
        (["x"], "expected Migration, not str"),
    ],
)
def test_steps_that_are_declared_wrongly(go: Run, steps: Any, said: str) -> None:
    """A gap, a table of somebody else's, or nonsense: no record is read by guess."""

    class Bad(New):
        pass

    Bad.steps = steps
    done = go("thing list", Bad())
    assert (done.exit_code, said in done.stderr) == (6, True)
