"""`cskit plugins check`: what is well passes, and each thing that can be wrong with a plugin is found."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo

from cskit import hookimpl
from cskit.testing import check_plugin, run

INIT = """
from cskit import (ActionSpec, Command, DemoStep, Event, FactSpec, RecordType, RuleKind, Task,
                   hookimpl)

@hookimpl
def cskit_record_types():
    yield RecordType("shop box", "shop_boxes", "cskit_shop.model:Box", "BX-{:05d}", "box", "boxes", "盒子",
                     "label", ("id", "label", "size"))

@hookimpl
def cskit_commands():
    yield Command("shop sum", "Sum up.", "cskit_shop.commands:total")

@hookimpl
def cskit_fact_specs():
    yield FactSpec("shop.boxes", "shop box", "integer", "Number of boxes.")

@hookimpl
def cskit_facts(kind, names, ids):
    return {"shop.boxes": dict.fromkeys(ids, 1)}

@hookimpl
def cskit_actions():
    yield ActionSpec("shop.pack", "Pack.", "cskit_shop.service:pack", {"what": "what to pack"})

@hookimpl
def cskit_rule_kinds():
    yield RuleKind("shop-sizes", "cskit_shop.service:Size", "How large.")

@hookimpl
def cskit_rule_files(kind):
    import os
    yield os.path.join(os.path.dirname(__file__), "rules", kind)

@hookimpl
def cskit_demo_data():
    yield DemoStep("The sum.", ("shop", "sum"))

@hookimpl
def cskit_tasks(app, until):
    if list(app.reading().read("shop_boxes")):
        yield Task(app.today, "Look at it.", "shop box", "BX-00001", do="shop box show BX-00001")

@hookimpl
def cskit_report_sections(app, period):
    from cskit.register import id_of
    from cskit.sections import Group, Section, count
    boxes = [id_of(one) for one in app.reading().read("shop_boxes")]
    yield Section("shop", "Shop", [Group([count("boxes", "Boxes", boxes, "shop box")])])

@hookimpl
def cskit_timeline(app, kind, id):
    if id.startswith("BX-"):
        yield Event(app.now, "Made.", "shop box", id)
"""
MODEL = '''
import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal
from cskit import Part, Record, field

class Side(Part, kw_only=True, frozen=True):
    """A side."""

    colour: Annotated[str, field("Colour", "颜色")] = ""

class Box(Record, kw_only=True, frozen=True):
    """A box."""

    label: Annotated[str, field("Label", "标签", min_length=9)]
    size: Annotated[Literal["small", "large"], field("Size", "大小", choices={"small": "小", "large": "大"})]
    weight: Annotated[Decimal, field("Weight", "重量", unit="kg")] = Decimal(1)
    count: Annotated[int, field("Count", "数量", ge=3, le=5)]
    made: Annotated[dt.date, field("Made", "生产日期")]
    seen: Annotated[dt.datetime, field("Seen", "查看时间")]
    fragile: Annotated[bool, field("Fragile", "易碎")]
    tags: Annotated[list[str], field("Tags", "标记")]
    extra: Annotated[dict[str, str], field("Extra", "其他")]
    side: Annotated[Side, field("Side", "侧面")] = Side()
    inside: Annotated[str, field("Inside", "内盒", ref="shop_boxes")] | None = None
'''
COMMANDS = '''
import click
from cskit import Column, pass_app, rows

@click.command()
@pass_app
def total(app):
    """Sum up.

    \\b
    Example:
      cskit shop sum
    """
    rows(app, [{"n": 1}], (Column("n", "N"),))
'''
SERVICE = '''
import msgspec

class Size(msgspec.Struct):
    """A size."""

    least: int

def pack(app, tx, *, what):
    """Pack."""
'''
GOOD = {
    "__init__.py": INIT,
    "model.py": MODEL,
    "commands.py": COMMANDS,
    "service.py": SERVICE,
    "README.md": "cskit shop sum, cskit shop box add, cskit box",
    "rules/shop-sizes/large.toml": "least = 3\n",
}
Shop = Callable[..., list[dict[str, str]]]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Return a function that writes the plugin shop with some text in it replaced, and checks it."""

    def make(*changes: tuple[str, str, str], check: str = "shop") -> list[dict[str, str]]:
        files = dict(GOOD)
        for name, old, text in changes:
            assert old in files[name]
            files[name] = files[name].replace(old, text)
        for name, text in files.items():
            path = tmp_path / "cskit_shop" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        for name in [name for name in sys.modules if name.partition(".")[0] == "cskit_shop"]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.setattr(sys, "dont_write_bytecode", True)  # files change within a second
        done = run(f"plugins check {check} -o jsonl", data=tmp_path / "data", plugins={"shop": "cskit_shop"})
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        failed = [row for row in rows if row["result"] == "failed"]
        assert done.exit_code == (6 if failed else 0), done.stderr
        return rows

    return make


def failed(rows: list[dict[str, str]]) -> list[str]:
    """Return what failed, and why."""
    return [f"{row['check']}: {row['note']}" for row in rows if row["result"] == "failed"]


def test_a_good_plugin(shop: Shop) -> None:
    """Each check says that it is well, or why there was nothing to look at."""
    rows = shop()
    assert failed(rows) == []
    assert [(row["check"], row["note"]) for row in rows if row["result"] == "skipped"] == [
        ("texts are translated", "it has no catalogue of translations")
    ]
    assert len([row for row in rows if row["result"] == "ok"]) == 15


FIELDS = "records have fields with titles in both languages"
LED = "tasks and events lead to records that are there"
ROUND = "records come back as they went out"


@pytest.mark.parametrize(
    ("file", "old", "text", "expected"),
    [
        pytest.param(
            "__init__.py",
            "from cskit import",
            "import msgspec, click\nfrom cskit import",
            [
                f"imports nothing heavy: cskit_shop imports {name}; import it in the function that needs it"
                for name in ("click", "msgspec")
            ],
            id="heavy",
        ),
        pytest.param(
            "__init__.py",
            "cskit_commands",
            "cskit_comands",
            [
                "loads, with hooks that there are: "
                "there is no hook cskit_comands; did you mean cskit_commands?"
            ],
            id="hook",
        ),
        pytest.param(
            "__init__.py",
            "cskit_shop.commands:total",
            "cskit_shop.commands:sum",
            [
                "commands can be run and explain themselves: plugin shop cannot give the command 'shop sum': "
                "AttributeError: module 'cskit_shop.commands' has no attribute 'sum'"
            ],
            id="target",
        ),
        pytest.param(
            "commands.py",
            "    Sum up.\n".strip(),
            "Add up.",
            [
                "commands can be run and explain themselves: 'shop sum' is declared as 'Sum up.', "
                "but its docstring begins 'Add up.'"
            ],
            id="help",
        ),
        pytest.param(
            "commands.py",
            "cskit shop sum",
            "shop sum",
            [
                "commands can be run and explain themselves: "
                "the help of 'shop sum' has no example with cskit shop sum"
            ],
            id="example",
        ),
        pytest.param(
            "commands.py",
            "@pass_app",
            "@click.option('--user')\n@pass_app",
            [
                "commands can be run and explain themselves: plugin shop cannot give the command 'shop sum': "
                "its option --user is one that every command has"
            ],
            id="option",
        ),
        pytest.param(
            "model.py",
            'field("Weight", "重量", unit="kg")',
            'field("Weight", "")',
            [f"{FIELDS}: shop_boxes: the field weight has no titles: field('English', '中文')"],
            id="chinese",
        ),
        pytest.param(
            "model.py",
            'Annotated[str, field("Colour", "颜色")]',
            "str",
            [f"{FIELDS}: shop_boxes: the field side.colour has no titles: field('English', '中文')"],
            id="inside",
        ),
        pytest.param(
            "model.py",
            '"large": "大"',
            '"huge": "大"',
            [
                f"{FIELDS}: shop_boxes: size: there is a title for 'huge', which is no choice",
                f"{FIELDS}: shop_boxes: size: the choice 'large' has no Chinese title",
            ],
            id="choice",
        ),
        pytest.param(
            "model.py",
            '"Made", "生产日期"',
            '"Seen", "生产日期"',
            [f"{FIELDS}: shop_boxes: two fields have the title 'Seen'"],
            id="title-twice",
        ),
        pytest.param(
            "__init__.py",
            '"label", ("id", "label", "size"))',
            '"label", ("id", "labell", "size"))',
            [f"{FIELDS}: shop_boxes: columns: labell: no such field; did you mean label?"],
            id="column",
        ),
        pytest.param(
            "__init__.py",
            "BX-{:05d}",
            "BX",
            [f"{FIELDS}: shop_boxes: the number BX is not of the form AM-{{:05d}}"],
            id="number",
        ),
        pytest.param(
            "model.py",
            'ref="shop_boxes"',
            'ref="crates", create="crate.make"',
            [
                "references lead to tables that are there: "
                "shop_boxes: inside refers to the table crates, which no plugin has",
                "references lead to tables that are there: "
                "shop_boxes: inside needs the action crate.make, which no plugin offers",
            ],
            id="reference",
        ),
        pytest.param(
            "__init__.py",
            "dict.fromkeys(ids, 1)",
            "dict.fromkeys(['x', *ids], 1)",
            [
                "facts are what they are declared as: plugin shop, fact shop.boxes: nobody asked about 'x'",
                "facts are known of the demonstration's records: "
                "plugin shop, fact shop.boxes: nobody asked about 'x'",
            ],
            id="fact",
        ),
        pytest.param(
            "service.py",
            "def pack(app, tx, *, what)",
            "def pack(app, tx)",
            [
                "actions can be called: the action shop.pack, cskit_shop.service:pack: "
                "TypeError: got an unexpected keyword argument 'what'"
            ],
            id="action",
        ),
        pytest.param(
            "rules/shop-sizes/large.toml",
            "least",
            "lest",
            [
                "rule files fit: {rules}/shop-sizes/large.toml: lest: "
                "there is no such key; did you mean 'least'?",
                "rule files fit: {rules}/shop-sizes/large.toml: least: is missing",
            ],
            id="rule",
        ),
        pytest.param(
            "__init__.py",
            'yield Task(app.today, "Look at it.", "shop box", "BX-00001", do="shop box show BX-00001")',
            """import datetime as dt
        yield Task(dt.date(2999, 1, 1), "Look.", "shop box", "BX-00001", do="shop bax show")
        yield Task(app.today, "Look.", "shop box", "BX-00009", do="shop box 'show")
        yield Task(app.today, "Look.", "box", "BX-00001")""",
            [
                f"{LED}: a task of BX-00001 is due only on 2999-01-01, later than was asked for",
                f"{LED}: a task of BX-00001 says `cskit shop bax show`, which is no command",
                f"{LED}: a task of BX-00009 says `cskit shop box 'show`, which is no command",
                f"{LED}: there is no shop box BX-00009, of which it says something",
                f"{LED}: 'box' of BX-00001 is no noun of records",
            ],
            id="task",
        ),
        pytest.param(
            "__init__.py",
            'yield Event(app.now, "Made.", "shop box", id)',
            'yield Event("2026-11-01", "Made.", "shop box", id)',
            [f"{LED}: Event of BX-00001: '2026-11-01' is neither a day nor an aware time"],
            id="event",
        ),
        pytest.param(
            "__init__.py",
            'if id.startswith("BX-"):',
            "if kind:",
            [f"{LED}: it has events of a shop box that is not there"],
            id="event-of-nothing",
        ),
        pytest.param(
            "__init__.py",
            "def cskit_timeline(app, kind, id):",
            "def cskit_timeline(app, kind, id):\n    raise SystemExit('no')",
            [f"{LED}: cskit_timeline: SystemExit: no"],
            id="event-fails",
        ),
        pytest.param(
            "README.md",
            "cskit shop sum",
            "",
            ["the README names every command: README.md does not have `cskit shop sum`"],
            id="readme",
        ),
        pytest.param(
            "__init__.py",
            "def cskit_demo_data():",
            "def cskit_locale_dir():\n    return 'shop', '/nowhere'\n\n@hookimpl\ndef cskit_demo_data():",
            ["texts are translated: there is no /nowhere/zh_CN/LC_MESSAGES/shop.mo"],
            id="catalogue",
        ),
        pytest.param(
            "__init__.py",
            "def cskit_demo_data():",
            "def cskit_groups():\n    from cskit import Group\n    return [Group('store', 'Stores.')]\n\n"
            "@hookimpl\ndef cskit_demo_data():",
            [
                "commands can be run and explain themselves: "
                "the group 'store' has a help, but none of its commands"
            ],
            id="group",
        ),
        pytest.param(
            "model.py",
            "ge=3, le=5)]",
            "ge=3, le=5)] = 9",
            [f"{FIELDS}: shop_boxes: the default of count, 9, does not fit: expected a number <= 5"],
            id="default",
        ),
    ],
)
def test_what_is_wrong_is_found(
    shop: Shop, tmp_path: Path, file: str, old: str, text: str, expected: list[str]
) -> None:
    """Each check finds the fault that it is for, and says it in a line."""
    found = failed(shop((file, old, text)))
    if len(expected) < len(found):  # what is wrong makes what is tried with it fail as well
        found = [one for one in found if not one.startswith((ROUND, LED, "the demonstration runs"))]
    rules = tmp_path / "cskit_shop" / "rules"
    assert sorted(found) == sorted(one.format(rules=rules) if "{rules}" in one else one for one in expected)


def test_a_demonstration_that_fails(shop: Shop) -> None:
    """A step that fails is named with what it said."""
    rows = shop(("__init__.py", '("shop", "sum")', '("shop", "box", "show", "BX-7")'))
    assert failed(rows) == ["the demonstration runs: cskit shop box show BX-7: no box BX-7"]


def test_texts_without_a_translation(shop: Shop, tmp_path: Path) -> None:
    """Each text that is in no catalogue is named, and each translation that could not be filled in."""
    hook = "\n@hookimpl\ndef cskit_locale_dir():\n    return 'shop', '{folder}'\n"
    catalogue = Catalog(locale="zh_CN", domain="shop")
    for english, chinese in {
        "Sum up.": "求和。",
        "Number of boxes.": "盒子数。",
        "Pack.": "装箱。",
        "The sum.": "总和。",
        "no {what}": "没有 {waht}",
    }.items():
        catalogue.add(english, chinese)
    (tmp_path / "zh_CN/LC_MESSAGES").mkdir(parents=True)
    with (tmp_path / "zh_CN/LC_MESSAGES/shop.mo").open("wb") as file:
        write_mo(file, catalogue)
    rows = shop(
        ("__init__.py", "\n@hookimpl", hook.format(folder=tmp_path) + "\n@hookimpl"),
        ("service.py", '"""Pack."""', 'raise ValueError(_("no {what}").format(what=what))'),
        ("commands.py", "@pass_app", "@click.option('--all', is_flag=True, help='Sum up all.')\n@pass_app"),
        ("commands.py", "total(app)", "total(app, all)"),
    )
    assert sorted(failed(rows)) == [
        f"texts are translated: shop.mo: {said}"
        for said in (
            "no translation of 'How large.'",
            "no translation of 'N'",
            "no translation of 'Sum up all.'",
            "no translation of 'kg'",
            "the translation of 'no {what}' has {waht}, which is not filled in",
        )
    ]


def test_records_that_a_veto_refuses(shop: Shop) -> None:
    """Where no sample can be added and the demonstration adds none, the reason is said."""
    veto = (
        "@hookimpl\ndef cskit_before_commit(changes):\n    from cskit import Refused\n"
        "    raise Refused('not today')\n\n@hookimpl\ndef cskit_demo_data():\n    return []\n\ndef unused():"
    )
    rows = shop(("__init__.py", "@hookimpl\ndef cskit_demo_data():", veto))
    assert failed(rows) == [
        f"{ROUND}: a sample could not be added: not today; a step of the demonstration that adds one would do"
    ]


def test_a_sample_that_does_not_fit(shop: Shop) -> None:
    """Where a field takes only what nobody can guess, the field is named."""
    rows = shop(("model.py", "min_length=9", 'pattern="^[0-9]+$"'))
    assert failed(rows) == [
        f"{ROUND}: a sample could not be added: 1 value does not fit; nothing was saved "
        "(label: 'sample': expected text of the form '^[0-9]+$'); "
        "a step of the demonstration that adds one would do"
    ]


def test_records_that_do_not_come_back(shop: Shop) -> None:
    """A plugin that fails after each commit is found when its records are added and imported."""
    change = (
        "@hookimpl\ndef cskit_after_commit():\n    raise ValueError('late')\n\n"
        "@hookimpl\ndef cskit_demo_data():"
    )
    assert ROUND in "\n".join(failed(shop(("__init__.py", "@hookimpl\ndef cskit_demo_data():", change))))


def test_a_clash_is_found(shop: Shop) -> None:
    """A command that is cskit's own is not the plugin's."""
    rows = shop(("__init__.py", '"shop sum", "Sum up."', '"log", "Sum up."'))
    assert failed(rows)[0] == (
        "shares no name with others: "
        "plugin shop declares the command 'log', which is cskit's own; it is left out"
    )


def test_a_table_for_people(shop: Shop) -> None:
    """The table has a line for each check, and the count of faults goes to stderr with exit code 6."""
    shop()
    done = run("plugins check shop", plugins={"shop": "cskit_shop"})
    assert done.exit_code == 0
    assert done.stdout.splitlines()[2].split() == ["shop", *"loads, with hooks that there are".split(), "ok"]
    done = run("plugins check", plugins={"shop": "no_such_module"})
    assert done.exit_code == 6
    assert done.stderr.splitlines()[-1] == "cskit: 1 fault in shop"


def test_names_that_are_no_plugins() -> None:
    """A plugin that is not there is not found, and the nearest is offered."""
    done = run("plugins check custmers", plugins={"customers": "cskit_customers"})
    assert done == (3, "", "cskit: there is no plugin 'custmers' at work\ndid you mean 'customers'?\n")


def test_a_file_is_checked(tmp_path: Path) -> None:
    """A plugin in one file is checked by its path, without what only a package has."""
    tmp_path.chmod(0o700)
    file = tmp_path / "greet.py"
    file.write_text(
        textwrap.dedent('''
            import click
            from cskit import Command, hookimpl

            @hookimpl
            def cskit_commands():
                return [Command("greet", "Say hello.", f"{__name__}:greet")]

            @click.command()
            def greet():
                """Say hello.

                Example: cskit greet
                """
        ''')
    )
    file.chmod(0o600)
    done = run(["plugins", "check", str(file), "-o", "jsonl"], plugins={})
    assert (done.exit_code, done.stderr) == (0, "")
    results = {row["check"]: row["result"] for row in map(json.loads, done.stdout.splitlines())}
    assert results["commands can be run and explain themselves"] == "ok"
    assert results["imports nothing heavy"] == "skipped"
    file.chmod(0o666)
    assert run(["plugins", "check", str(file)], plugins={}).exit_code == 2


@pytest.mark.parametrize("name", ["customers"])
def test_our_own_plugins_keep_the_contract(name: str) -> None:
    """What is asked of strangers is kept by ours."""
    check_plugin(f"cskit_{name}")


def test_check_plugin_says_all() -> None:
    """In a plugin's own tests all faults are in one assertion; a plugin may be an object."""

    class Good:
        """A plugin that does nothing."""

    class Odd:
        """A plugin with a hook that there is not."""

        @hookimpl
        def cskit_nothing(self) -> None:
            """Do nothing."""

    check_plugin(Good(), "good")
    with pytest.raises(AssertionError, match="there is no hook cskit_nothing"):
        check_plugin(Odd(), "odd")
