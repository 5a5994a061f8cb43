"""What the documentation shows is what happens: every `$ cskit` line is run, every output compared."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from cskit.errors import Exit
from cskit.testing import run

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    [ROOT / "README.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("plugins/*/README.md")],
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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_blocks_of_a_page_do_what_it_shows(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lines of one page, run in order in an empty folder, succeed and print what stands under them."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".cskit").mkdir()
    for line, shown in blocks(page.read_text(encoding="utf-8")):
        if line == "data init":
            (tmp_path / ".cskit").rmdir()
        result = run(shlex.split(line))
        assert result.exit_code == 0, f"cskit {line}\n{result.stderr}"
        if shown is not None:
            assert [part.rstrip() for part in result.stdout.splitlines()] == [
                part.rstrip() for part in shown
            ], line


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
