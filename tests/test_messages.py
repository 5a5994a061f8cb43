"""Every text that a user can see is marked for translation, and is there in Chinese."""

from __future__ import annotations

import ast
import importlib.util
import re
import string
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from cskit.app import App
from cskit.contract.texts import name_of
from cskit.testing import run

ROOT = Path(__file__).parents[1]


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", ROOT / "scripts/messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["messages"] = module  # named tuples look their module up
    spec.loader.exec_module(module)
    return module


messages = _script()
DOMAINS = messages.domains()
CATALOGUES = {domain.name: messages.updated(domain) for domain in DOMAINS}

SAME = {
    "`cskit plugins list`": "nothing but a command",
    "{noun} {id}": "the noun is translated already",
}
"""Texts that are the same in Chinese, and why."""
LESS = {"{value!r} is not a valid {number_type}.": "click names the type in English, such as integer range"}
"""Texts whose Chinese leaves a placeholder out, and why."""


def _texts(value: object) -> list[str]:
    return [value] if isinstance(value, str) else [str(text) for text in value]  # type: ignore[attr-defined]


def _entries(name: str) -> list[tuple[list[str], list[str]]]:
    """Return the messages of a catalogue and what they are in Chinese."""
    return [(_texts(one.id), _texts(one.string)) for one in CATALOGUES[name] if one.id]


# --- the catalogues ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda domain: domain.name)
def test_catalogues_are_in_step_with_the_code(domain):
    """Nothing is missing from a catalogue and nothing in it is said no more; `make messages` sees to it."""
    assert domain.po.read_text(encoding="utf-8") == messages.as_po(CATALOGUES[domain.name]).decode()
    assert domain.mo.read_bytes() == messages.as_mo(CATALOGUES[domain.name])


@pytest.mark.parametrize("name", CATALOGUES)
def test_everything_is_translated(name):
    """No message is without its Chinese, or with English in its place."""
    left = [
        said[0]
        for said, chinese in _entries(name)
        if said[0] not in SAME and re.search("[A-Za-z]{2}", re.sub(r"\{.*?\}", "", said[0]))
        # What is left of a text without its commands and names must be Chinese.
        if not all(re.search("[\u3000-\u9fff\uff00-\uffef]", text) for text in chinese)
    ]
    assert left == []


@pytest.mark.parametrize("name", CATALOGUES)
def test_placeholders_agree(name):
    """A translation has the placeholders of its message, and no other."""
    wrong = []
    for said, chinese in _entries(name):
        if said[0] in LESS:
            continue
        wanted = [_placeholders(text) for text in said]
        for text in filter(None, chinese):
            if _placeholders(text) not in wanted:
                wrong.append(text)
    assert wrong == []


def _placeholders(text: str) -> set[tuple[str | None, str | None, str | None]]:
    if "%(" in text:
        return {(found, None, None) for found in re.findall(r"%\(\w+\)s", text)}
    try:
        return {
            (field, spec, conversion)
            for _text, field, spec, conversion in string.Formatter().parse(text)
            if field is not None
        }
    except ValueError:  # braces that are none of a placeholder, as in the text of an example
        return {(text.count("{"), None, None)}


@pytest.mark.parametrize("name", CATALOGUES)
def test_chinese_is_written_as_chinese(name):
    """Full-width punctuation behind Chinese characters; quotes and brackets in pairs."""
    half = re.compile("[\u4e00-\u9fff](?:[,;:!?](?![ -~])|\\.$)|“[^”]*$|^[^“]*”|（[^）]*$")
    wrong = [text for _said, chinese in _entries(name) for text in chinese if half.search(text)]
    assert wrong == []


def test_what_click_says_is_in_our_catalogue():
    """Every message of the click that is installed is translated; a new click's new messages fail here."""
    ours = {said[0]: chinese for said, chinese in _entries("cskit")}
    found = [message.text for message in messages.click_says()]
    assert len(found) > 60
    assert [text for text in found if not all(ours.get(text, [""]))] == []


def test_unused_allowances_are_taken_back():
    """The list of texts that are the same in both languages holds only texts that are said."""
    said = {text for name in CATALOGUES for texts, _chinese in _entries(name) for text in texts}
    assert (SAME | LESS).keys() - said == set()


# --- what is marked ----------------------------------------------------------------------------------------

OURS = {domain.name.removeprefix("cskit_"): domain.name for domain in DOMAINS if domain.name != "cskit"}


def commands() -> list[str]:
    """Return every command and group there is, "" for the root."""
    leaves = App(installed=OURS).plugins.leaves
    return sorted({" ".join(path.split(" ")[:end]) for path in leaves for end in range(path.count(" ") + 2)})


PATHS = set(commands())
DECLARED = {
    message.text for domain in DOMAINS if domain.name != "cskit" for message in messages.declared(domain)
}
"""What plugins declare; it is extracted from what their hooks return."""
FILES = sorted(path for domain in DOMAINS for path in domain.package.rglob("*.py"))
PLACES = [path.relative_to(ROOT).as_posix().removeprefix("plugins/") for path in FILES]
TREES = {
    place: ast.parse(path.read_text(encoding="utf-8")) for place, path in zip(PLACES, FILES, strict=True)
}

MARKERS = {"_", "mark", "ngettext"}
BY_PLACE = {"Command", "Column", "FactSpec", "ActionSpec", "DemoStep", "RuleKind", "RecordType", "field"}
"""Calls whose texts are extracted, or are labels in both languages, by where they stand."""
NOBODY_SEES = {"TypeError", "AssertionError", "NotImplementedError", "compile", "TypeVar", "split", "dedent"}
"""Errors of programmers, patterns, and words for the program itself."""
SAYING = {
    "Refused", "Usage", "NotFound", "Conflict", "BadData", "PluginFailed", "StorageFailed", "CskitError",
    "BadRows", "Problem", "echo", "warn", "say", "confirm", "fail", "secho", "unreadable",
}  # fmt: skip
"""Calls that say something to the user: a literal among their arguments is marked, be it one word."""
PROSE = re.compile(r"[A-Za-z]{2,}[,;:]? +[a-z]{2,}")

ALLOWED: dict[str, dict[str, str]] = {
    "cskit/app.py": {"cskit: ": "the program's name"},
    "cskit/contract/subject.py": {"exit code": "for who writes a plugin"},
    "cskit/store/transaction.py": {"a document is one line": "for who writes a command"},
    "cskit/__init__.py": {"module 'cskit' has no": "Python's own error for a name that a module lacks"},
    "cskit/commands/data.py": {
        "# Settings of this": "a comment in a file, which people write in as they like"
    },
    "cskit/commands/demo.py": {"  export ": "a line for a shell", "  $env": "a line for a shell"},
    "cskit/contract/surroundings.py": {"\nimport ": "a program"},
    "cskit/crud/examples.py": {"New name": "a value to type"},
    "cskit/history.py": {"changed since": "caught where it is raised from, and told in other words"},
    "cskit/intervals.py": dict.fromkeys(("a confidence", "hits lie"), "for who writes a caller"),
    "cskit/intake/jsonrows.py": {
        "Expecting a comma": "written as the module json writes; see strict.py for its message"
    },
    "cskit/plugins/contributions.py": {"'acme ": "an example of a name"},
    "cskit/records/declared.py": {"External key": "a label, with its Chinese beside it"},
    "cskit/records/wording.py": dict.fromkeys(
        ("Expected `", "Invalid ", "Object ", "(?:Integer", "JSON is", "Input data", "'utf-8' codec"),
        "what msgspec says",
    ),
    "cskit/scaffold/__init__.py": dict.fromkeys(("pipx ", " -m pip ", "uv pip "), "a line for a shell"),
    "cskit/terminal/shells.py": {
        "%(complete_func)s": "a program",
        "#compdef": "a program",
        "function %(complete_func)s": "a program",
    },
    "cskit/store/overlay.py": {"a document is one line": "for who writes a store"},
    "cskit/store/tinydb.py": dict.fromkeys(
        ("tinydb ", "You have to", "doc_id …", "Document ", "If you don't", "Use truncate"),
        "TinyDB's interface, which programs use",
    ),
    "cskit/intake/tabular.py": dict.fromkeys(("field larger", "unexpected end"), "what the module csv says"),
    "cskit/config/tomlfile.py": {"(.*) ": "a pattern"},
    "cskit/where/text.py": dict.fromkeys(
        ("was never", "does not match", "too many", "invalid escape", "leading zeros", "Perhaps you"),
        "what Python's parser says",
    ),
    "cskit/display/workbook.py": {"yyyy-mm-dd": "a format"},
    "cskit/workflow.py": dict.fromkeys(
        ("two states", "one state", " knows a state", " leads from", "nothing leads"),
        "for who writes a plugin",
    ),
    "cskit_complaints/categories.py": dict.fromkeys(
        ("Property complaints", "Service complaints", "Management and planning"),
        "labels beside their Chinese",
    ),
    "cskit_complaints/flow.py": {"being handled": "a label, with its Chinese beside it"},
    "cskit_grading/probing.py": dict.fromkeys(("not known(", "not in"), "a condition as it is typed"),
    "cskit_complaints/logs.py": dict.fromkeys(
        ("case id", "take in charge", "assign to"), "what columns and activities of other systems are called"
    ),
    "cskit_customers/moments.py": {"customer ": "a line to type"},
    "cskit/display/paper.py": dict.fromkeys(
        ("\n@page", "\n<div", "<!DOCTYPE", "<div", "<table", "<tr", "boxes stacked"), "HTML and CSS"
    ),
    "cskit/display/paper_docx.py": dict.fromkeys(
        ("<?xml version", "<Types", "<Relationships", "<w:styles", "<cp:core"), "a part of a file, as it is"
    ),
    "cskit/display/reportpage.py": dict.fromkeys(
        (
            "\n:root",
            "<!DOCTYPE",
            "<h3",
            "<table",
            "<tr",
            "<svg",
            "<line",
            "<td",
            "<th",
            "default-src",
            "<section",
        ),
        "HTML and CSS",
    ),
    "cskit_grading/section.py": dict.fromkeys(
        ("First grades", "Moved up", "Moved down", "Lost their grade", "Borderline mark", "Kept for now"),
        "labels, with their Chinese beside them",
    ),
    "cskit_surveys/columns.py": dict.fromkeys(
        ("answered at", "submission time", "staff concerned", "your id"),
        "titles that columns of files may have",
    ),
    "cskit_surveys/layouts.py": {"open-ended response": "what a service writes"},
    "cskit_surveys/answers.py": dict.fromkeys(("not applicable", "does not apply"), "words that files hold"),
    "cskit_surveys/interview.py": {"the interview is over": "for who writes a caller"},
    "cskit_surveys/sizes.py": dict.fromkeys(("a margin", "a response rate"), "for who writes a caller"),
    "cskit_surveys/xlsform.py": dict.fromkeys(
        ("does not apply", "Number of the person"), "labels, with their Chinese beside them"
    ),
    "cskit_property/checks/rectifications.py": {"done, to be": "a label, with its Chinese beside it"},
    "cskit_property/checks/results.py": {"points kept": "a heading that files have"},
    "cskit_property/settlements/reductions.py": {"pass on": "a label, with its Chinese beside it"},
    "cskit_property/sales/saleflow.py": dict.fromkeys(
        (
            "room ",
            "down payment",
            "contract ",
            "mortgage ",
            "loan paid",
            "moved in",
            "title issued",
            "exchange ",
            "file the",
            "register the",
            "move in",
            "return the",
            "change the",
            "reminder sheet",
            "lawyer's",
        ),
        "labels beside their Chinese",
    ),
    "cskit_property/settlements/statements.py": {"pay in part": "a label, with its Chinese beside it"},
    "cskit_service/notices/flow.py": dict.fromkeys(
        (
            *("pass to logistics", "take parts", "sign off", "note the delivery", "not approved"),
            *("delivery set",),
        ),
        "labels beside their Chinese",
    ),
    "cskit_service/jobs/dispatching.py": {"under way": "a label beside its Chinese"},
    "cskit_service/repairs/repairs.py": dict.fromkeys(
        ("in repair", "repaired, to be signed off", "signed off", "not accepted", "sign off"),
        "labels beside their Chinese",
    ),
    "cskit_service/repairs/returns.py": dict.fromkeys(
        ("to be decided", "goods received", "receive the goods"), "labels beside their Chinese"
    ),
    "cskit_calls/commands/calls.py": {"kept late": "a label, with its Chinese beside it"},
    "cskit_calls/hotline/inbound.py": dict.fromkeys((" --result", "call add"), "a command as typed"),
    "cskit_customers/sample.py": {"month end": "an argument as typed", "amount >= ": "an argument"},
}
"""File → the beginning of a text that looks like one for users → why it is none."""


class Literal:
    """A text in the code, and the calls around it, the nearest first."""

    def __init__(self, node: ast.AST, text: str, around: list[ast.AST]) -> None:
        self.line = getattr(node, "lineno", 0)
        self.text = text
        self.joined = isinstance(node, ast.JoinedStr)
        self.calls = [name_of(one.func) for one in around if isinstance(one, ast.Call)]
        self.near = around[0]
        self.place = (
            self.near.args.index(node) if isinstance(self.near, ast.Call) and node in self.near.args else -1
        )

    def is_marked(self) -> bool:
        """Tell whether somebody sees to it that this is translated."""
        return not self.joined and bool(MARKERS & set(self.calls[:1]))


def literals(tree: ast.AST) -> Iterator[Literal]:
    """Yield the texts of a file, without docstrings, annotations and the constant parts of type checks."""
    yield from _literals(tree, [tree])


def _literals(node: ast.AST, around: list[ast.AST]) -> Iterator[Literal]:
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST):
                continue
            if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                continue  # a docstring, of a module, a function or a constant
            if isinstance(child, ast.JoinedStr):
                parts = [part.value for part in child.values if isinstance(part, ast.Constant)]
                yield Literal(child, "…".join(map(str, parts)), around)
                for part in child.values:
                    yield from _literals(part, [part, *around])
            elif isinstance(child, ast.Constant) and isinstance(child.value, str):
                yield Literal(child, child.value, around)
            else:
                yield from _literals(child, [child, *around])


def unmarked(place: str) -> Iterator[str]:
    """Yield the texts of a file that a user may see and nobody translates."""
    for one in literals(TREES[place]):
        if one.is_marked() or BY_PLACE & set(one.calls) or NOBODY_SEES & set(one.calls[:1]):
            continue
        if isinstance(one.near, ast.keyword) and one.near.arg == "help" and not one.joined:
            continue
        if (PROSE.search(one.text) or _said(one)) and not _allowed(place, one.text):
            yield f"{place}:{one.line}: {one.text[:70]!r}"


def _said(one: Literal) -> bool:
    """Tell whether a text, be it one word, is handed to what speaks to users."""
    said = one.calls[0] if one.calls and one.place >= 0 else ""
    if said == "Problem" and one.place != 3:  # a column or a value
        return False
    letters = re.sub(r"`[^`]*`|--?[a-z][\w-]*|[\w./-]*[./_][\w./-]*", "", one.text)
    return said in SAYING and bool(re.search("[A-Za-z]{2}", letters))


def _allowed(place: str, text: str) -> bool:
    if text.startswith("cskit ") or (
        " " in text and text in PATHS
    ):  # what is typed is the same in every language
        return True
    if any(path and text.startswith(f"{path} ") for path in PATHS):  # also where a task says what to type
        return True
    if any(all(part in said for part in text.split("…")) for said in DECLARED):
        return True
    return any(text.startswith(start) for start in ALLOWED.get(place, {}))


@pytest.mark.parametrize("place", PLACES)
def test_nothing_is_said_unmarked(place):
    """A text that reads like English, or is handed to what speaks to users, is marked for translation."""
    assert list(unmarked(place)) == []


def test_the_check_sees_what_is_not_marked():
    """A sentence, an f-string and a single word for the user are all found; marked ones are not."""
    TREES["x.py"] = ast.parse(
        """
"A docstring of many words."
def f(x: "an annotation of words") -> None:
    raise Usage("no such thing", f"there is {x}")
    app.echo("finished")
    said = "a sentence kept for later"
    click.option("--x", help=f"Everything of {x}.")
    app.echo(_("finished").format(x="y"))
    mark("a sentence kept for later")
    raise TypeError("a programmer's mistake, seen by none")
    app.echo(f"{x}: {y}", "--yes")
"""
    )
    try:
        assert [line.partition(": ")[2] for line in unmarked("x.py")] == [
            "'no such thing'",
            "'there is '",
            "'finished'",
            "'a sentence kept for later'",
            "'Everything of ….'",
        ]
    finally:
        del TREES["x.py"]


def test_allowances_are_needed():
    """Whoever marks a text that was allowed to stay takes the allowance back."""
    idle = [
        f"{place}: {start}"
        for place, starts in ALLOWED.items()
        for start in starts
        if not any(one.text.startswith(start) and not one.is_marked() for one in literals(TREES[place]))
    ]
    assert idle == []


@pytest.mark.parametrize("place", PLACES)
def test_no_text_is_put_together_inside_a_marker(place):
    """What is marked is a constant: an f-string would be translated by nobody."""
    wrong = [
        f"{place}:{node.lineno}"
        for node in ast.walk(TREES[place])
        if isinstance(node, ast.Call) and name_of(node.func) in ("_", "mark", "ngettext")
        if any(isinstance(arg, ast.JoinedStr | ast.BinOp) for arg in node.args[:2])
    ]
    assert wrong == []


@pytest.mark.parametrize("place", PLACES)
def test_nobody_hides_the_marker(place):
    """Where `_` is the marker, it is no variable as well: the function would lose its language."""
    tree = TREES[place]
    imported = any(
        isinstance(node, ast.ImportFrom) and any(alias.name == "_" for alias in node.names)
        for node in ast.walk(tree)
    )
    bound = [
        f"{place}:{node.lineno}"
        for node in ast.walk(tree)
        if (isinstance(node, ast.Name) and node.id == "_" and isinstance(node.ctx, ast.Store))
        or (isinstance(node, ast.arg) and node.arg == "_")
    ]
    assert not imported or bound == []


# --- what is shown -----------------------------------------------------------------------------------------


ENGLISH = re.compile(r"[A-Za-z']{2,}[,;:]? +[a-z']{2,}")


@pytest.mark.parametrize("path", commands())
def test_help_in_chinese_is_chinese(path):
    """No line of a help page is English but for what is typed: commands, options, names of fields."""
    page = run([*path.split(), "--help"], plugins=OURS, lang="zh").stdout
    assert page.startswith("用法：cskit")
    assert [line for line in _prose(page) if ENGLISH.search(line)] == []


def _prose(page: str) -> Iterator[str]:
    """Yield what a help page says: no usage, no examples, no options and metavars, no commands."""
    example = False
    for line in page.splitlines()[1:]:
        example = line.startswith("    ") if example else line.strip() == "示例："
        if example or not line.strip():
            continue
        text = re.sub(r"^  (-\S.*?|[a-z-]+)(?:  +|$)", "", line)
        yield re.sub(r"`[^`]*`|“[^”]*”|--?[a-z][\w-]*|[a-z_]+、[a-z_、 ]+|cskit [\w ]+", "", text)


MISTAKES = [
    "customer list --where 'statu == 1'",
    "customer list --where '('",
    "customer list --where 'name < 3 and'",
    "customer list --fields nmae",
    "customer list --sort needs",
    "customer list -o html",
    "customer list --out /no/such/folder/x.csv",
    "customer list --out x.doc",
    "customer add X --now yesterday",
    "customer list --data http://x",
    "customer add",
    "customer add X --kind king --founded 2026-13-01 --usage-depth 101 --nto 3",
    "customer add X --kind king --founded 2026-13-01 --usage-depth 101",
    "customer add X --id 'a b'",
    "customer set C-000001",
    "customer set C-000001 nmae=x",
    "customer set C-000001 founded=x id=3 tags-= kind+=x",
    "customer set C-9 name=x",
    "customer set name=x",
    "customer remove C-000001",
    "customer remove C-000001 --yes",
    "customer merge C-000001 C-000001 --yes",
    "customer import /no/such/file.csv",
    "customer import {bad}",
    "customer import {bad} --map x",
    "customer import {bad} --format fixed",
    "customer export -o table",
    "customer count --by x",
    "customer shwo",
    "customer order add C-9 --date x",
    "fact show customer C-000001 --names x",
    "fact show custmer C-000001",
    "fact show customer C-000001 --period 2026-13",
    "fact show customer C-000001 --scope x",
    "log C-9",
    "undo",
    "undo 99 --yes",
    "data verify --head x",
    "data init /dev/null",
    "config get x",
    "config set zone Mars/Base",
    "help nothing",
    "plugins check nothing",
    "plugins rules show x y",
    "batch {bad}",
    "batch /no/such/file",
    "demo --data x",
    "--plugin /no/such/file.py log",
    "--lang fr log",
    "--lock-timeout x log",
    "--fields a,,b log",
    "--user ' ' customer add x",
]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with some records, and a file with mistakes beside it."""
    folder = tmp_path_factory.mktemp("office")
    for line in ("customer add 甲公司", "customer order add C-000001 --date 2026-11-22"):
        assert run(line, data=folder / "data", plugins=OURS).exit_code == 0
    (folder / "bad.csv").write_text(
        "客户名称,成立日期,区域,多余\n甲,2026-13-01,x\n,2026年,y,z\n", encoding="utf-8"
    )
    return folder


@pytest.mark.parametrize("line", MISTAKES)
def test_mistakes_are_told_in_chinese(office: Path, line: str) -> None:
    """What goes wrong is said in Chinese, hint and all; English is only what is typed or stored."""
    result = run(line.format(bad=office / "bad.csv"), data=office / "data", plugins=OURS, lang="zh")
    assert result.exit_code != 0
    said = [line for line in result.stderr.splitlines() if not line.startswith("用法：")]
    assert [line for line in said if ENGLISH.search(TYPED.sub("", line))] == []


TYPED = re.compile(r"^cskit: |`[^`]*`|“[^”]*”|'[^']*'|/\S+|--?[a-z][\w-]*|cskit [\w ]+")
"""What stands in a message as it was typed: names, values, paths, options, commands."""
