"""The user's language: which it is, that all that is said follows it, and that tables stay aligned in it."""

from __future__ import annotations

import fcntl
import gettext
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Sequence
from pathlib import Path

import click
import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from wcwidth import wcswidth

from cskit import ActionSpec, Command, RecordType, Task, Usage, i18n
from cskit.app import App, pass_app
from cskit.terminal.helppages import wrapped
from cskit.testing import department, run

VISIT = RecordType(
    "visit", "visits", "cskit_customers.model:Order", "V-{}", "visit", "visits", "拜访", "customer", ("id",)
)


@pytest.fixture(autouse=True)
def _english():
    """Speak English again after a test that calls `use` itself."""
    before = i18n.spoken()
    yield
    i18n.resume(before)


# --- which language ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("zh", "zh"),
        ("zh_CN.UTF-8", "zh"),
        ("zh-Hans", "zh"),
        ("ZH", "zh"),
        ("en_GB", "en"),
        ("fr_FR.UTF-8", ""),
        ("C", ""),
        ("", ""),
    ],
)
def test_names_of_languages(name, language):
    """A language is known by its code, with or without country, script and encoding."""
    assert i18n.known(name) == language


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LC_MESSAGES": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "zh"),
        ({"LANGUAGE": "fr:zh:en", "LC_ALL": "en_US.UTF-8"}, "zh"),
        ({"LANGUAGE": "", "LANG": "zh_CN"}, "zh"),
        ({"LANGUAGE": "fr", "LANG": "zh_CN"}, "en"),
    ],
)
def test_language_of_the_locale(environ, language):
    """Of the usual variables the first that is set decides, by the first language in it that there is."""
    assert i18n.of_locale(environ) == language
    result = run("--version --help", env=environ)
    assert ("版本" in run("--help", env=environ).stdout) == (language == "zh")
    assert result.exit_code == 0


HELLO = {"en": "cskit: no customer C-9", "zh": "cskit: 没有客户 C-9"}


@pytest.mark.parametrize(
    ("line", "env", "own", "language"),
    [
        ("customer show C-9", {}, "", "en"),
        ("customer show C-9 --lang zh", {}, "", "zh"),
        ("--lang zh customer show C-9", {}, "", "zh"),
        ("customer --lang=zh show C-9", {}, "", "zh"),
        ("customer show C-9 --lang zh_CN", {}, "", "zh"),
        ("--lang zh customer show C-9 --lang en", {}, "", "en"),
        ("customer show C-9", {"CSKIT_LANG": "zh"}, "", "zh"),
        ("customer show C-9 --lang en", {"CSKIT_LANG": "zh"}, "", "en"),
        ("customer show C-9", {}, 'lang = "zh"\n', "zh"),
        ("customer show C-9", {"CSKIT_LANG": "en"}, 'lang = "zh"\n', "en"),
        ("customer show C-9", {"LANG": "zh_CN.UTF-8"}, 'lang = "en"\n', "en"),
        ("customer show C-9", {"LANG": "zh_CN.UTF-8"}, "", "zh"),
    ],
)
def test_what_decides(tmp_path, line, env, own, language):
    """--lang goes before CSKIT_LANG, that before the data folder's setting, that before the locale."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "cskit.toml").write_text(own)
    result = run(line, data=folder, env=env)
    assert (result.exit_code, result.stderr.splitlines()[0]) == (3, HELLO[language])


@pytest.mark.parametrize("place", ["data", "named", "above"])
def test_help_speaks_the_folders_language(tmp_path, monkeypatch, place):
    """The data folder's setting holds for help pages as well, wherever the folder is found."""
    folder = tmp_path / ".cskit"
    folder.mkdir()
    (folder / "cskit.toml").write_text('# ours\nlang = "zh"\n', encoding="utf-8")
    (tmp_path / "deep").mkdir()
    monkeypatch.chdir(tmp_path / "deep" if place == "above" else Path("/"))
    line = f"--data {folder} --help" if place == "named" else "--help"
    found = run(line, data=folder if place == "data" else None)
    assert found.stdout.startswith("用法：cskit [OPTIONS] COMMAND")


@pytest.mark.parametrize(
    ("line", "env", "source"),
    [
        ("--lang fr log", {}, "--lang"),
        ("log --lang fr", {}, "--lang"),
        ("log --lang=fr", {"CSKIT_LANG": "zh"}, "--lang"),
        ("log", {"CSKIT_LANG": "fr"}, "CSKIT_LANG"),
    ],
)
def test_language_there_is_not(tmp_path, line, env, source):
    """A language that was asked for and that there is not is named, exit 2."""
    said = {
        "en": f"cskit: {source}: there is no language 'fr'\nthere are en, zh\n",
        "zh": f"cskit: {source}：没有语言“fr”\n可用的有 en、zh\n",
    }
    language = "zh" if env.get("CSKIT_LANG") == "zh" else "en"
    assert run(line, data=tmp_path / "d", env=env) == (2, "", said[language])


def test_lang_after_two_dashes_is_text(tmp_path):
    """What stands behind -- is no option."""
    result = run(["customer", "show", "--", "--lang", "zh"], data=tmp_path)
    assert result.stderr.startswith("cskit: no customer --lang, zh")


def test_one_run_leaves_nothing_to_the_next(tmp_path):
    """A run in Chinese does not change what the next one, or the process itself, speaks."""
    assert run("log --nto", data=tmp_path, lang="zh").stderr.splitlines()[1].startswith("cskit: 没有选项")
    assert i18n.language() == "en"
    assert run("log --nto", data=tmp_path).stderr.splitlines()[1].startswith("cskit: No such option")


def test_run_with_a_language(tmp_path, monkeypatch):
    """`lang` of the testing kit sets the language; the tester's own does not count."""
    for variable in ("LANG", "LC_ALL", "LANGUAGE"):
        monkeypatch.setenv(variable, "zh_CN.UTF-8")
    assert run("customer show C-9", data=tmp_path).stderr.startswith("cskit: no customer")
    assert run("customer show C-9", data=tmp_path, lang="zh").stderr.startswith("cskit: 没有客户")


# --- what is said in it ------------------------------------------------------------------------------------


@click.group()
def family() -> None:
    """Hold commands."""


@family.command()
@click.option("--note", help="What to say.")
@pass_app
def child(app: App, note: str | None) -> None:
    """Say something.

    It is said on stderr, and
    nowhere else.

    \b
    Example:
      cskit family child --note hello
    """
    app.echo(i18n._("hello"))
    raise Usage(i18n.ngettext("{count} thing", "{count} things", 2).format(count=2))


WORDS = {
    "Hold commands.": "管着命令。",
    "What to say.": "要说什么。",
    "Say something.": "说点什么。",
    "It is said on stderr, and nowhere else.": "只说在标准错误上。",
    "hello": "你好",
    ("{count} thing", "{count} things"): ("{count} 件东西",),
    "Show this page.": "插件不能改的话",
}


def catalogue(folder: Path, domain: str, words: dict) -> tuple[str, str]:
    """Write a catalogue as a plugin brings it, and return what its hook says."""
    made = Catalog(locale="zh_CN", domain=domain, fuzzy=False)
    for message, said in words.items():
        made.add(message, said)
    place = folder / "zh_CN/LC_MESSAGES"
    place.mkdir(parents=True, exist_ok=True)
    with (place / f"{domain}.mo").open("wb") as file:
        write_mo(file, made)
    return domain, str(folder)


@pytest.fixture
def acme(plugin, monkeypatch, tmp_path):
    """Return a plugin with the commands of this module and a catalogue."""
    monkeypatch.setitem(sys.modules, "i18n_commands", sys.modules[__name__])
    place = catalogue(tmp_path / "locale", "acme", WORDS)
    commands = [Command("family", "Hold commands.", "i18n_commands:family")]
    return {"acme": plugin(commands=lambda: commands, locale_dir=lambda: place)}


def test_plugins_speak_chinese(acme):
    """A plugin's help, options and messages come from its own catalogue; the core's words stay the core's."""
    page = run("family child --help", plugins=acme, lang="zh").stdout
    assert page.startswith(
        "用法：cskit family child [OPTIONS]\n\n  说点什么。\n\n  只说在标准错误上。\n\n"
        "  示例：\n    cskit family child --note hello\n\n"
        "选项：\n  --note TEXT  要说什么。\n\n通用选项：\n"
    )
    assert "插件不能改的话" not in page
    assert "  family      管着命令。\n" in run("--help", plugins=acme, lang="zh").stdout
    assert "  child  说点什么。\n" in run("family --help", plugins=acme, lang="zh").stdout
    assert run("family child", plugins=acme, lang="zh").stderr == "你好\ncskit: 2 件东西\n"


def test_the_same_command_in_two_languages(acme):
    """A command's module is loaded once; its help is in the language of each run."""
    pages = [run("family child --help", plugins=acme, lang=lang).stdout for lang in ("zh", "en", "zh")]
    assert pages[0] == pages[2] != pages[1]
    assert "It is said on stderr, and nowhere else." in " ".join(pages[1].split())
    assert run("family child", plugins=acme).stderr == "hello\ncskit: 2 things\n"
    run("family child --help", plugins=acme, lang="zh")
    assert (family.help, child.help.split("\n")[0]) == ("Hold commands.", "Say something.")
    assert [param.help for param in child.params if param.name == "note"] == ["What to say."]


def test_two_plugins_mean_two_things_by_one_message(acme, plugin, tmp_path):
    """What is said in a plugin's command, hook or action is in that plugin's Chinese, not the first one's."""
    others = {"hello": "喂", "Say something.": "讲点什么。", "Hold commands.": "带着命令。"}
    place = catalogue(tmp_path / "other", "abc", others)

    def tasks(app, until):
        return [Task(app.today, i18n._("hello"), "customer", "C-000001")]

    installed = {
        "abc": plugin(
            locale_dir=lambda: place,
            commands=lambda: [Command("another", "Say something.", "i18n_commands:child")],
            tasks=tasks,
        ),
        **acme,
    }
    assert run("family child", plugins=installed, lang="zh").stderr.startswith("你好\n")
    assert run("another", plugins=installed, lang="zh").stderr.startswith("喂\n")
    page = run("--help", plugins=installed, lang="zh").stdout
    assert "  another     讲点什么。\n" in page
    assert "  family      管着命令。\n" in page
    data = str(tmp_path / "data")
    run("data init", plugins=installed, data=data)
    assert "喂" in run("today", plugins=installed, lang="zh", data=data).stdout


def test_nobody_asks_for_catalogues_in_english(plugin):
    """A plugin's catalogue is not even looked for where English is spoken."""
    asked = []
    installed = {"acme": plugin(record_types=lambda: [VISIT], locale_dir=lambda: asked.append("asked"))}
    assert run("visit --help", plugins=installed).exit_code == 0
    assert asked == []


@pytest.mark.parametrize("fault", ["raises", "broken-file", "no-pair"])
def test_catalogue_that_cannot_be_read(plugin, tmp_path, fault):
    """A plugin with a broken catalogue is named; its texts stay as they are and everything else works."""
    _domain, folder = catalogue(tmp_path, "acme", WORDS)
    (tmp_path / "zh_CN/LC_MESSAGES/acme.mo").write_bytes(b"no catalogue at all")
    answers = {"raises": lambda: 1 / 0, "broken-file": lambda: ("acme", folder), "no-pair": lambda: 5}
    commands = [Command("beta", "Hold on.", "a:b")]
    installed = {"acme": plugin(commands=lambda: commands, locale_dir=answers[fault])}
    result = run("--help", plugins=installed, lang="zh")
    assert "  beta        Hold on.\n" in result.stdout
    assert result.exit_code == 0
    assert result.stderr.startswith("cskit: 插件 acme 出错：cskit_locale_dir: ")


def test_no_catalogue_for_the_language(plugin, tmp_path):
    """A plugin that has no Chinese speaks English, without a complaint."""
    commands = [Command("beta", "Hold on.", "a:b")]
    installed = {"acme": plugin(commands=lambda: commands, locale_dir=lambda: ("acme", str(tmp_path)))}
    result = run("--help", plugins=installed, lang="zh")
    assert ("  beta        Hold on.\n" in result.stdout, result.stderr) == (True, "")


def test_record_types_speak_chinese(plugin):
    """What is made for a record type names it by its Chinese noun."""
    installed = {"acme": plugin(record_types=lambda: [VISIT])}
    page = run("visit --help", plugins=installed, lang="zh").stdout
    assert page.startswith("用法：cskit visit [OPTIONS] COMMAND [ARGS]...\n\n  拜访。\n\n命令：\n")
    assert "  add     新增拜访。\n" in page


def test_actions_of_a_plugin_keep_their_meaning():
    """What an action means is kept as a message, to be shown in any language."""
    assert ActionSpec("a.b", "Do it.", "a:b", {}).meaning == "Do it."


def test_codes_are_translated_for_people_only(plugin):
    """A table says in Chinese what JSON and CSV say in a code that scripts rely on."""
    installed = {"acme": plugin(record_types=lambda: [VISIT])}
    assert "在用" in run("plugins list", plugins=installed, lang="zh").stdout
    for form in ("json", "csv"):
        assert "loaded" in run(f"plugins list -o {form}", plugins=installed, lang="zh").stdout


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "tsv"])
@pytest.mark.parametrize("line", ["customer list", "customer show C-000001", "log", "fact list", "data info"])
def test_what_scripts_read_is_the_same_in_every_language(sample, line, form):
    """Names, codes and values in JSON and CSV do not depend on who asks; only meanings and units are said."""
    pages = [
        run(f"{line} -o {form} --fields {FIELDS[line]}", data=sample, lang=lang) for lang in ("en", "zh")
    ]
    assert pages[0].exit_code == 0
    assert pages[0].stdout == pages[1].stdout


FIELDS = {
    "customer list": "id,name,kind,state,fan,phone",
    "customer show C-000001": "id,name,kind,state,fan,phone",
    "log": "entry,user,command,options,counts",
    "fact list": "name,about,type,span,plugin",
    "data info": "table,records,bytes,pending,state",
}


def test_why_the_system_refuses():
    """Why a file is refused is said in the user's language where it is known, else as the system says it."""
    i18n.use("zh")
    assert i18n.reason(OSError(2, "No such file or directory")) == "没有该文件或文件夹"
    assert i18n.reason(OSError(84, "Something rare")) == "Something rare"


def test_help_text_paragraph_by_paragraph():
    """Each paragraph is a message, whatever its line ends; of an example only its heading is."""
    i18n.use("zh")
    text = "Show this\npage.\n\n\b\nExample:\n  cskit log\n\nNobody translates this."
    assert i18n.prose(text) == "显示本页。\n\n\b\n示例：\n  cskit log\n\nNobody translates this."


def test_an_empty_text_stays_empty():
    """Gettext answers "" with the catalogue's heading, which nobody wants to read."""
    i18n.use("zh")
    assert (i18n._(""), i18n.label("", "")) == ("", "")


def test_click_speaks_the_language_too():
    """click looks its own words up in our catalogue."""
    i18n.use("zh")
    assert gettext.gettext("Missing command.") == "缺少命令。"
    i18n.use("en")
    assert gettext.gettext("Missing command.") == "Missing command."


# --- how it is laid out ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("没有文件", ["没有文件"]),
        ("数据文件夹（默认取环境变量）。", ["数据文件夹", "（默认取环", "境变量）。"]),
        ("写 --yes 就好", ["写 --yes", "就好"]),
        ("averyverylongword", ["averyverylongword"]),
        ("", [""]),
    ],
)
def test_chinese_text_is_wrapped_by_cells(text, lines):
    """Lines break between Chinese characters, never before a full stop or behind an opening bracket."""
    found = list(wrapped(text, 10))
    assert found == lines
    assert all(wcswidth(line) <= 10 or line.isascii() for line in found)


def on_a_terminal(words: Sequence[str], columns: int, **variables: str) -> str:
    """Return what a command line shows on a terminal of so many columns."""
    main, sub = pty.openpty()
    fcntl.ioctl(sub, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    env = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    line = [sys.executable, "-m", "cskit", *words]
    process = subprocess.Popen(line, stdin=sub, stdout=sub, stderr=sub, env=env | variables)
    os.close(sub)
    shown = b""
    while True:
        try:
            part = os.read(main, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        shown += part
    os.close(main)
    assert process.wait() == 0, shown.decode()
    return shown.decode().replace("\r\n", "\n")


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """Return a data folder with customers whose values are of every width."""
    folder = tmp_path_factory.mktemp("sample")
    department(
        folder,
        "customer add 北京四方科技发展有限公司 --kind company --region 华北 --owner 张三 --phone 13800000577",
        "customer add 'Smith & Sons' --kind company --region East --owner S-002",
        "customer add '阳光🌞超市 Café' --kind person --region 华东 --owner 李四",
        "customer add e\u0301te\u0301 --region ＡＢ --owner 👩‍💻",
        "customer add 无",
    )
    return folder


def starts(line: str) -> list[int]:
    """Return the cells in which the columns of a table's line begin."""
    found, cell = [], 0
    for word in line.split("  "):
        if word:
            found.append(cell + wcswidth(word) - wcswidth(word.lstrip()))
        cell += wcswidth(word) + 2
    return found


@pytest.mark.parametrize("columns", [80, 60])
def test_chinese_table_on_a_terminal(sample, columns):
    """Every column of a table starts at the same cell in each row, and no line is wider than the screen."""
    shown = on_a_terminal(["customer", "list", "--lang", "zh", "--no-pager"], columns, CSKIT_DATA=str(sample))
    lines = [line for line in shown.splitlines() if line]
    heads = next(place for place, line in enumerate(lines) if line.startswith("编号"))
    title, rule, *rows = lines[heads:]
    table = [title, rule, *(row for row in rows if row.startswith("C-"))]
    assert len(table) == 7
    columns_at = starts(rule)
    assert columns_at == starts(title)
    for row in table:
        assert set(starts(row)) <= set(columns_at), row
        assert wcswidth(row) <= columns, row


@pytest.mark.parametrize("words", [["--help"], ["customer", "add", "--help"], ["log", "--help"]])
@pytest.mark.parametrize("columns", [80, 60])
def test_chinese_help_on_a_terminal(words, columns):
    """Help fits the screen, and what options mean stands in one column."""
    shown = on_a_terminal(["--lang", "zh", *words], columns, CSKIT_DATA="/nonexistent")
    lines = shown.splitlines()
    assert max(map(wcswidth, lines)) <= columns
    first = lines.index("通用选项：") + 1
    assert len({starts(line)[-1] for line in lines[first:] if line.startswith("  -")}) == 1


def test_first_steps_in_chinese():
    """A newcomer who types the bare command is told in Chinese what to do first."""
    assert run("", lang="zh").stdout.startswith(
        "cskit 0.1.0：在命令行里管理客服部门的各类记录。\n\n  cskit demo "
    )
