"""What the documentation shows is what happens: every `$ cskit` line is run, every output compared."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from cskit import hookspecs
from cskit.errors import Exit
from cskit.plugins import discovery
from cskit.testing import run

ROOT = Path(__file__).parents[1]
ACME = ROOT / "tests/example_plugin/cskit_acme"
GUIDE = ROOT / "docs/plugins.md"
PAGES = sorted(
    [ROOT / "README.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("plugins/*/README.md"), ACME / "README.md"],
    key=lambda page: str(page.relative_to(ROOT)),
)


def blocks(text: str) -> Iterator[tuple[str, list[str] | None]]:
    """Yield each command line of a page, and the output shown under it (None where none is shown)."""
    for fence in re.finditer(r"^```console\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        parts = re.split(r"^\$ cskit ", fence.group(1), flags=re.MULTILINE)[1:]
        for part in parts:
            line, _, shown = part.partition("\n")
            yield line, shown.splitlines() or None
    for line in re.findall(r"^    \$ cskit (.*)$", text, re.MULTILINE):
        yield line, None


def files(text: str) -> Iterator[tuple[str, str]]:
    """Yield each block of a page that says which file it is from, and what it holds."""
    yield from re.findall(r"^```\w+ (\S+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_blocks_of_a_page_do_what_it_shows(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lines of one page, run in order in an empty folder, succeed and print what stands under them."""
    monkeypatch.chdir(tmp_path)
    tmp_path.chmod(0o700)
    (tmp_path / ".cskit").mkdir()
    plugins: dict[str, object] = {one.name: one.target for one in discovery.installed()}
    if page in (GUIDE, ACME / "README.md"):
        monkeypatch.syspath_prepend(str(ACME))
        plugins["acme"] = "cskit_acme"
    for path, code in files(page.read_text(encoding="utf-8")):
        if "/" not in path and path.endswith((".csv", ".py", ".txt")):
            (tmp_path / path).write_text(code, encoding="utf-8")
            (tmp_path / path).chmod(0o600)
        if path.startswith(".cskit/rules/"):
            (tmp_path / path).parent.mkdir(parents=True, mode=0o700)
            (tmp_path / ".cskit/rules").chmod(0o700)
            (tmp_path / path).write_text(code, encoding="utf-8")
    for line, shown in blocks(page.read_text(encoding="utf-8")):
        if line == "data init":
            (tmp_path / ".cskit").rmdir()
        result = run(shlex.split(line), plugins=plugins)
        assert result.exit_code == 0, f"cskit {line}\n{result.stderr}"
        if shown is not None:
            assert [part.rstrip() for part in result.stdout.splitlines()] == [
                part.rstrip() for part in shown
            ], line


SHOWN = [(path, text) for path, text in files(GUIDE.read_text(encoding="utf-8")) if (ACME / path).exists()]


@pytest.mark.parametrize(
    ("path", "text"), SHOWN, ids=[f"{i}-{path}" for i, (path, _text) in enumerate(SHOWN)]
)
def test_the_guide_shows_what_the_example_is(path: str, text: str) -> None:
    """Each block of the authors' guide is part of the file it names, whose own tests run it."""
    assert text in (ACME / path).read_text(encoding="utf-8")


def test_the_guide_shows_every_room_of_the_example() -> None:
    """Every block names a file that there is, or one that is run; no module of the example goes unshown."""
    named = {path for path, _text in files(GUIDE.read_text(encoding="utf-8"))}
    assert named - {path for path, _text in SHOWN} == {"mine.py"}
    assert {f"cskit_acme/{one.name}" for one in (ACME / "cskit_acme").glob("*.py")} <= named


def test_every_hook_is_in_the_guide() -> None:
    """The table of hooks has each hook there is, and no other."""
    hooks = {name for name in vars(hookspecs) if name.startswith("cskit_")}
    rows = re.findall(r"^\| `(cskit_\w+)` \| .+ \| .+ \|$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert (set(rows), len(rows)) == (hooks, len(hooks))


def test_every_hook_but_two_is_in_the_example() -> None:
    """The example shows each hook; what comes after a commit, or a second form, has nothing to do there."""
    import ast

    tree = ast.parse((ACME / "cskit_acme/__init__.py").read_text(encoding="utf-8"))
    shown = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert {name for name in vars(hookspecs) if name.startswith("cskit_")} - shown == {
        "cskit_after_commit",
        "cskit_migrations",
    }


def test_every_threat_has_its_tests() -> None:
    """Each row of the table of threats names tests that there are, and no test by a name that is gone."""
    page = (ROOT / "docs/threats.md").read_text(encoding="utf-8")
    named = [set(re.findall(r"`(test_\w+)`", row)) for row in re.findall(r"^\| \*\*.+$", page, re.MULTILINE)]
    there = {
        name
        for path in ROOT.glob("tests/**/test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert [bool(row) for row in named] == [True] * 13
    assert set().union(*named) - there == set()


def test_links_between_pages_lead_somewhere() -> None:
    """Every relative link in README and docs names a file of the repository."""
    missing = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)\s]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert missing == []


def test_exit_codes_are_documented_as_they_are() -> None:
    """docs/exit-codes.md lists every code with the meaning the program gives it."""
    table = "".join(f"| {code.value} | {code.meaning} |\n" for code in Exit)
    assert table in (ROOT / "docs/exit-codes.md").read_text(encoding="utf-8")


def test_readme_opens_with_the_two_commands() -> None:
    """The first code block of README.md is `make demo` and `make test`."""
    first = re.search(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert first is not None
    assert [line.split(" ", 2)[:2] for line in first.group(1).splitlines()] == [
        ["make", "demo"],
        ["make", "test"],
    ]
