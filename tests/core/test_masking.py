"""Personal data: what is shown in its place, what --reveal notes, and masks that come back from files."""

from __future__ import annotations

import errno
import json
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, NoReturn

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cskit import Column, Command, RecordType
from cskit.records import Part, Record, field, fields, masks
from cskit.records.masks import Masked
from cskit.store.disk import FolderDisk, failed
from cskit.testing import Result, department

Office = Callable[..., Result]
KINDS = ("phone", "email", "address", "identity", "other")


class Child(Part, kw_only=True, frozen=True):
    """Somebody's child."""

    name: Annotated[str, field("Name", "姓名", personal=True)]
    school: Annotated[str, field("School", "学校")] | None = None


class Paper(Part, kw_only=True, frozen=True):
    """An identity paper, of which everything is personal."""

    number: Annotated[str, field("Number", "号码", personal="identity")] | None = None
    issued_by: Annotated[str, field("Issued by", "签发机关")] | None = None
    year: Annotated[int, field("Year", "年份")] | None = None


class Person(Record, kw_only=True, frozen=True):
    """Somebody with personal data of every shape."""

    name: Annotated[str, field("Name", "姓名")]
    phones: Annotated[list[str], field("Phones", "电话", personal="phone")] = []  # noqa: RUF012 - msgspec copies it
    answers: Annotated[dict[str, str], field("Answers", "回答", personal=True)] = {}  # noqa: RUF012 - as above
    paper: Annotated[Paper, field("Paper", "证件", personal=True)] | None = None
    children: Annotated[list[Child], field("Children", "子女")] = []  # noqa: RUF012 - as above
    born: Annotated[int, field("Born", "出生年份", personal=True, ge=1900)] | None = None
    region: Annotated[str, field("Region", "区域")] | None = None


@pytest.fixture
def people(
    tmp_path: Path, plugin: Callable[..., types.ModuleType], monkeypatch: pytest.MonkeyPatch
) -> Office:
    """Return a `run` for a folder with one person in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "masked_people", sys.modules[Person.__module__])
    kind = RecordType(
        command="person",
        table="people",
        model="masked_people:Person",
        number="P-{:03d}",
        singular="person",
        plural="people",
        zh="人员",
        title="name",
        columns=("id", "name", "born"),
    )
    run = department(tmp_path / "data", plugins={"people": plugin(record_types=lambda: [kind])})
    added = run(
        "person add 甲 --phones '13800000577;021-58881234' --answers 爱好=象棋与围棋比赛 --born 1985 "
        '--paper \'{"number":"110101198501011234","issued_by":"北京市公安局","year":2020}\' '
        "--region 华东 "
        '--children \'[{"name":"赵小朋友同学","school":"一小"},{"name":"赵大朋友同学","school":"二小"}]\''
    )
    assert added.exit_code == 0, added.stderr
    return run


# --- the form of masks -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "mask"),
    [
        ("phone", "13800000577", "138****0577"),
        ("phone", "+86 138 0000 0577", "+86 1** **** 0577"),
        ("phone", "021-58881234", "021-****1234"),
        ("phone", "(0571) 88881234", "(0571) ****1234"),
        ("phone", "8888123", "88**123"),
        ("phone", "12345", "1***5"),
        ("phone", "110", "***"),
        ("phone", "张三 13800000577", "张***"),
        ("email", "zhang@example.com", "z***@example.com"),
        ("email", "z@example.com", "***@example.com"),
        ("email", "zhang", "z***"),
        ("identity", "110101199001011234", "110***********1234"),
        ("identity", "G12345678", "G******78"),
        ("identity", "1234", "****"),
        ("address", "上海市浦东新区样例路88号", "上海市浦****"),
        ("address", "北京市西城区很长很长的一条街道一百二十三号院", "北京市西城区****"),
        ("address", "上海", "****"),
        ("address", "12 Main Street, Springfield", "****"),
        ("other", "诸葛先生阁下", "诸***"),
        ("other", "张三", "***"),
        ("other", "", ""),
    ],
)
def test_masks(kind: masks.PersonalKind, value: str, mask: str) -> None:
    """Each kind keeps what people need to tell one from another, and no more."""
    assert masks.text(kind, value) == mask


@given(st.sampled_from(KINDS), st.text(min_size=1))
@example("phone", "0571-888")
@example("address", "上海市*区")
@example("email", "*a@b.cn")
def test_masks_hide_and_last(kind: masks.PersonalKind, value: str) -> None:
    """A mask looks masked, is its own mask, and is never the value, unless that was a mask already."""
    mask = masks.text(kind, value)
    assert masks.looks_masked(mask)
    assert masks.text(kind, mask) == mask
    assert "**" in value or mask != value
    kept = sum(letter not in "*" for letter in mask) if kind not in ("email", "phone") else 0
    assert kept <= 7


@given(st.text("0123456789", min_size=1, max_size=20))
def test_phone_digits_are_kept_sparingly(value: str) -> None:
    """At most seven digits of a number are shown, and never more than all but two of them."""
    shown = sum(letter.isdigit() for letter in masks.text("phone", value))
    assert shown <= min(7, max(len(value) - 2, 0))


def test_which_fields_have_masks() -> None:
    """A personal group hides everything in it, a list of parts only what is marked."""
    found = masks.of_model(Person)
    assert sorted(found) == ["answers", "born", "children", "paper", "phones"]
    assert found["children"].hide([{"name": "赵小朋友同学", "school": "一小", "x": 1}]) == [
        {"name": "赵***", "school": "一小", "x": "***"}
    ]
    assert found["paper"].hide(Paper(number="110101198501011234", issued_by="北京市公安局", year=2020)) == {
        "number": "110***********1234",
        "issued_by": "北***",
        "year": "***",
    }
    assert masks.of_path(Person, ("paper", "issued_by")) is not None
    assert masks.of_path(Person, ("region",)) is None


def test_a_kind_there_is_not() -> None:
    """A misspelt kind of personal data is a mistake in the plugin."""
    with pytest.raises(TypeError, match="personal= is one of phone, email"):
        field("Name", "姓名", personal="fone")  # type: ignore[arg-type]  # that is the point


# --- what stands behind a mask -----------------------------------------------------------------------------

A = {"name": "赵小朋友同学", "school": "一小"}
B = {"name": "赵大朋友同学", "school": "二小"}
C = {"name": "钱小朋友同学", "school": "二小"}
CHILDREN = masks.of_field(fields(Person)["children"])


@pytest.mark.parametrize(
    ("given_", "held", "restored"),
    [
        ([{**A, "name": "赵***"}, {**B, "name": "赵***"}], [A, B], [A, B]),
        ([{**B, "name": "赵***"}], [A, B], [B]),
        ([{**B, "name": "赵***"}, {**A, "name": "赵***"}], [A, B], [B, A]),
        ([{"name": "赵***", "school": "三小"}, {**B, "name": "赵***"}], [A, B], [{**A, "school": "三小"}, B]),
        ([{"name": "钱***", "school": "三小"}], [A, C], [{**C, "school": "三小"}]),
        ([{**A, "name": "赵***"}, {"name": "新来的朋友"}], [A], [A, {"name": "新来的朋友"}]),
    ],
    ids=["as exported", "one gone", "another order", "one changed", "found by its mask", "one more"],
)
def test_masked_elements(given_: list[object], held: list[object], restored: list[object]) -> None:
    """An element of a list is what looks the same, else what its mask fits, at its own place first."""
    assert CHILDREN is not None
    assert CHILDREN.restored(given_, held) == restored


@pytest.mark.parametrize(
    ("given_", "held"),
    [
        ([{"name": "孙***"}], [A, B]),
        ([A, B, {"name": "赵***", "school": "三小"}], [A, B]),
        ([{"name": "赵***"}], []),
    ],
    ids=["fits none", "fits two", "nothing held"],
)
def test_masked_elements_that_mean_nothing(given_: list[object], held: list[object]) -> None:
    """A mask that fits no element, or more than one, is refused."""
    assert CHILDREN is not None
    with pytest.raises(Masked):
        CHILDREN.restored(given_, held)


# --- rows --------------------------------------------------------------------------------------------------


def test_every_shape_is_masked(people: Office) -> None:
    """Lists, maps, groups and parts show no more than their masks, in a table and in JSON."""
    assert people("person list").stdout.splitlines()[-1] == "P-001  甲         ***"
    (shown,) = [json.loads(line) for line in people("person export").stdout.splitlines()]
    del shown["rev"]
    assert shown == {
        "id": "P-001",
        "name": "甲",
        "phones": ["138****0577", "021-****1234"],
        "answers": {"爱好": "象***"},
        "paper": {"number": "110***********1234", "issued_by": "北***", "year": "***"},
        "children": [{"name": "赵***", "school": "一小"}, {"name": "赵***", "school": "二小"}],
        "born": "***",
        "region": "华东",
    }


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (
            "person list --fields paper.number,answers.爱好 -o csv",
            "paper.number,answers.爱好\n110***********1234,象***\n",
        ),
        ("person count --by born -o csv", "born,count\n***,1\n"),
        ("person list --sort born --fields id,born -o csv", "id,born\nP-001,***\n"),
        (
            "person set P-001 born=1986 region=华南 -o csv",
            "id,field,before,after\nP-001,born,***,***\nP-001,region,华东,华南\n",
        ),
        (
            "person set P-001 paper.number= -o csv",
            "id,field,before,after\nP-001,paper.number,110***********1234,\n",
        ),
    ],
    ids=["parts picked", "grouped", "sorted", "set", "a part cleared"],
)  # fmt: skip
def test_parts_and_results(people: Office, line: str, shown: str) -> None:
    """Also a part picked out, a group of records and what a change prints are masked."""
    assert people(line).stdout == shown


def test_a_table_without_its_plugin(people: Office) -> None:
    """Where nobody knows which fields are personal, all of them are."""
    done = people("log P-001 --fields field,after -o csv", plugins={})
    assert done.exit_code == 0
    assert set(done.stdout.splitlines()[2:]) == {
        f"{name},***" for name in ("name", "phones", "answers", "paper", "children", "born", "region")
    }
    assert "13800000577" not in people("log P-001 -o jsonl", plugins={}).stdout


def test_a_plugins_own_rows(tmp_path: Path, plugin: Callable[..., types.ModuleType]) -> None:
    """A company's command gives a column a mask, and its rows are hidden and noted like any others."""
    import click

    from cskit import pass_app, rows

    columns = (Column("who", "Who"), Column("phone", "Phone", mask=masks.of_field(fields(Person)["phones"])))

    @click.command()
    @pass_app
    def calls(app: object) -> None:
        rows(app, [{"who": "甲", "phone": "13800000577"}], columns)  # type: ignore[arg-type]  # it is an App

    module = plugin(commands=lambda: [Command("calls", "", "masked_calls:calls")])
    sys.modules["masked_calls"] = types.SimpleNamespace(calls=calls)  # type: ignore[assignment]  # good enough
    try:
        run = department(tmp_path, plugins={"calls": module})
        assert run("calls -o csv").stdout == "who,phone\n甲,138****0577\n"
        assert run("calls -o csv --reveal").stdout == "who,phone\n甲,13800000577\n"
        assert json.loads(run("log -o jsonl").stdout)["revealed"] == {"calls": {"count": 1}}
    finally:
        del sys.modules["masked_calls"]


# --- --reveal ----------------------------------------------------------------------------------------------


def test_a_look_is_noted(people: Office) -> None:
    """--reveal shows the values, and the history tells who looked at whose, with which command."""
    looked = people("person list --fields id,born -o csv --reveal --user wang")
    assert looked == (0, "id,born\nP-001,1985\n", "noted as 2: personal data is shown\n")
    noted = json.loads(people("log --limit 1 -o jsonl").stdout)
    assert (noted["entry"], noted["user"], noted["command"]) == (2, "wang", "person list")
    assert noted["options"] == ["--fields", "--output", "--reveal", "--user"]
    assert noted["revealed"] == {"people": {"count": 1, "ids": ["P-001"]}}
    line = people("log --limit 1 --fields did,changes -o csv").stdout
    assert line == "did,changes\nperson list --reveal,1 person shown\n"


def test_a_reason_is_noted_with_the_look(people: Office) -> None:
    """A command that takes a reason gives it to the look as well."""
    people("person set P-001 born=1986 --reason 更正 --reveal")
    reasons = [json.loads(line).get("reason") for line in people("log -o jsonl").stdout.splitlines()]
    assert reasons == ["更正", "更正", None]


@pytest.mark.parametrize(
    "line",
    [
        "person list --fields id,region",
        "person count --by region",
        "person list --where 'region == \"x\"'",
        "person set P-001 region=x",
        "person set P-001 born=1990 --dry-run",
    ],
)
def test_a_look_at_nothing_personal(people: Office, line: str) -> None:
    """A command that shows no personal data notes nothing, and a dry run shows none."""
    before = len(people("log -o jsonl").stdout.splitlines())
    done = people(f"{line} --reveal")
    assert done.exit_code == 0, done.stderr
    assert "noted" not in done.stderr
    assert len(people("log -o jsonl").stdout.splitlines()) - before == ("=x" in line)
    assert "1990" not in done.stdout


def test_a_hundred_ids_at_most(people: Office) -> None:
    """The history names the first hundred records and counts them all."""
    rows = "".join(f"n{number},{1900 + number % 100}\n" for number in range(149))
    people("person import -", input=f"name,born\n{rows}")
    people("person export --reveal")
    (look,) = json.loads(people("log --limit 1 -o jsonl").stdout)["revealed"].values()
    assert (look["count"], len(look["ids"])) == (150, 100)


def test_looks_that_cannot_be_noted(people: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be written nothing is shown."""

    def read_only(disk: FolderDisk, name: str) -> NoReturn:
        raise failed("write", name, OSError(errno.EROFS, ""))

    monkeypatch.setattr(FolderDisk, "append", read_only)
    for line in ("person list", "person show P-001", "log P-001", "person export -o csv"):
        done = people(f"{line} --reveal")
        assert (done.exit_code, done.stdout) == (7, ""), line


def test_a_look_cannot_be_undone(people: Office) -> None:
    """There is nothing to take back, and a bare undo takes back the change before it."""
    people("person list --reveal")
    refused = people("undo 2 --yes")
    assert (refused.exit_code, refused.stderr) == (
        4,
        "cskit: cannot undo 2: it changed nothing, it notes that personal data was shown\n"
        "`cskit undo ENTRY` takes back another entry that `cskit log` lists\n",
    )
    assert people("undo --yes").exit_code == 0
    assert people("person count").stdout == "0\n"


def test_log_reveals(people: Office) -> None:
    """`log ID --reveal` shows the values before and after, and notes whose."""
    people("person set P-001 born=1986")
    assert people("log P-001 --limit 1 --fields before,after -o csv").stdout == "before,after\n***,***\n"
    shown = people("log P-001 --limit 1 --fields before,after -o csv --reveal")
    assert shown.stdout == "before,after\n1985,1986\n"
    assert json.loads(people("log --limit 1 -o jsonl").stdout)["revealed"] == {
        "people": {"count": 1, "ids": ["P-001"]}
    }


# --- masks that come back ----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["csv", "jsonl", "json", "xlsx"])
def test_an_export_comes_back_unchanged(people: Office, tmp_path: Path, form: str) -> None:
    """What was exported masked is imported as no change at all."""
    assert people(f"person export --out people.{form}").exit_code == 0
    done = people(f"person import people.{form} -o json")
    assert json.loads(done.stdout) == [{"new": 0, "changed": 0, "unchanged": 1}], done.stderr


def test_the_rest_of_a_masked_row_changes(people: Office) -> None:
    """What stands beside masks is taken over, and the values behind them stay."""
    text = '{"id":"P-001","born":"***","region":"西南","phones":["021-****1234"]}\n'
    done = people("person import -", input=text)
    assert done.exit_code == 0, done.stderr
    shown = json.loads(people("person show P-001 --fields born,region,phones -o json --reveal").stdout)
    assert shown == {"born": 1985, "region": "西南", "phones": ["021-58881234"]}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{"id":"P-001","phones":["139****0577"]}', "line 1, phones: '139****0577'"),
        ('{"id":"P-001","children":[{"name":"孙***"}]}', "line 1, children: '孙***'"),
        (
            '{"id":"P-001","paper":{"number":"120***********1234"}}',
            "line 1, paper.number: '120***********1234'",
        ),
    ],
)  # fmt: skip
def test_another_mask_is_a_bad_row(people: Office, text: str, line: str) -> None:
    """A mask that is not that of the stored value stands for nothing."""
    done = people("person import -", input=text)
    assert (done.exit_code, done.stderr) == (
        5,
        f"{line}: is masked; give the whole value, or leave the cell as it was exported\n"
        "cskit: 1 bad row in standard input; nothing was saved\n",
    )


def test_a_new_record_needs_whole_values(people: Office) -> None:
    """Masks in a new row, or in `add`, have nothing to stand for."""
    done = people("person import -", input="name,born,phones\n乙,***,139****0577\n")
    assert (done.exit_code, done.stderr) == (
        5,
        "line 2, phones: '139****0577': is masked; a new record needs the whole value\n"
        "line 2, born: '***': is masked; a new record needs the whole value\n"
        "cskit: 1 bad row in standard input; nothing was saved\n",
    )
    done = people("person add 乙 --phones 139****0577")
    assert (done.exit_code, done.stderr) == (
        5,
        "phones: '139****0577': is masked; a new record needs the whole value\n"
        "cskit: 1 value does not fit; nothing was saved\n",
    )


def test_set_takes_the_same_mask(people: Office) -> None:
    """`set` with the mask of what is stored changes nothing; with any other it is refused."""
    assert people("person set P-001 born=*** paper.number=110***********1234").stderr == (
        "0 people changed, 1 unchanged; nothing to save\n"
    )
    done = people("person set P-001 answers.爱好=围***")
    assert (done.exit_code, done.stderr) == (
        5,
        "P-001 answers.爱好: '围***': is masked; give the whole value, or leave the cell as it was exported\n"
        "cskit: 1 value does not fit; nothing was saved\n",
    )
