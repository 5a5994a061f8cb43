"""`cskit demo`: fills a sample department by running real commands, and prints each."""

from __future__ import annotations

import os
import shlex
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from cskit.app import App, pass_app
from cskit.declarations import DemoStep
from cskit.errors import Conflict, PluginFailed, StorageFailed, Usage
from cskit.i18n import _, mark, reason
from cskit.plugins.contributions import CORE
from cskit.references import underlying_first
from cskit.values import clean

_MARK = "cskit-demo"  # a file in every folder that a demo made, so that nothing else is ever cleared
_REPORT = ("report", "--month", "2026-11", "--now", "2026-12-02T09:00")
_LAST = (
    DemoStep(mark("What does November come to? Every plugin has its say."), _REPORT),
    DemoStep(
        mark("The same as a page to print or to send, which asks nobody for anything."),
        (*_REPORT, "-o", "html", "--out", "{here}/report.html"),
    ),
)
"""What is shown last, of all that the plugins made; where one of them has a say in the report."""
_NEXT = (
    ("customer list", "cskit customer list --where '区域 == \"华东\" and 业务潜在量 > 100000'"),
    ("customer set", "cskit customer set C-000001 tags+=vip --reason 'asked for it'"),
    ("customer set", "cskit log C-000001"),
    ("customer set", "cskit undo --yes"),
    ("data verify", "cskit data verify"),
)
"""What to try next: a command that must be there, and the line to type."""


@click.command()
@click.option(
    "--dir", "folder", type=click.Path(path_type=Path), help="Where to build it (else a temporary folder)."
)
@pass_app
def demo(app: App, folder: Path | None) -> None:
    """Build a sample department, showing every command.

    It lives in a folder of its own; your records are not touched. Run again, it starts afresh.

    \b
    Example:
      cskit demo --dir sample
    """
    if app.options.data is not None:
        raise Usage(_("the demonstration never uses a department's own folder"), _("say --dir, not --data"))
    place = _prepare(folder)
    _tell(_("A sample department in {folder}").format(folder=place))
    _tell(_("Your own records are not touched."))
    for plugin, step in _steps(app):
        _tell(f"\n# {_(step.say)}", dim=True)
        _run(app, plugin, step, place)
    _say_what_next(app, place)


def _steps(app: App) -> Iterator[tuple[str, DemoStep]]:
    found = dict(app.plugins.collect("cskit_demo_data"))
    for plugin in underlying_first(app, found):
        for step in found[plugin]:
            if step.possible(app.plugins.leaves):
                yield plugin, step
    if app.plugins.having("cskit_report_sections"):
        yield from ((CORE, step) for step in _LAST)


def _run(app: App, plugin: str, step: DemoStep, place: Path) -> None:
    """Print one step's command and run it; files are named as if one stood in the folder they are in."""
    from cskit.cli import run

    shown = tuple(argument.replace("{data}/", "") for argument in step.arguments)
    seen = ["cskit", *step._replace(arguments=shown).typed(str(place))]
    if any("{data}" in argument for argument in step.arguments):
        said = _("(the file is in {folder})").format(folder=step.folder)
        _tell(f"# {said}", dim=True)
    _tell("\n".join(_wrapped([shlex.quote(word) for word in seen])), bold=True)
    colours = ["--no-color"] if app.options.no_color else []
    code = run([*step.typed(str(place)), "--data", str(place), "--yes", *colours], app.sibling())
    if code != step.exits:
        raise PluginFailed(
            _("the demonstration of plugin {plugin} stopped at `{line}`, exit code {code}").format(
                plugin=app.plugins.title(plugin), line=shlex.join(seen), code=code
            )
        )
    if code:
        _tell("# " + _("(exit code {code})").format(code=code), dim=True)


def _wrapped(words: Sequence[str]) -> Iterator[str]:
    """Yield a command line in lines that fit a terminal and can be pasted back."""
    from wcwidth import wcswidth

    width = min(shutil.get_terminal_size().columns, 100)
    line = "$"
    for word in words:
        if wcswidth(f"{line} {word} \\") > width and line.strip() != "$":
            yield f"{line} \\"
            line = "   "
        line = f"{line} {word}"
    yield line


def _say_what_next(app: App, place: Path) -> None:
    _tell("\n" + _("Now try it yourself:"))
    if sys.platform == "win32":
        _tell(f"  $env:CSKIT_DATA = '{place}'")
    else:
        if shutil.which("cskit") is None:  # run as .venv/bin/cskit, which nobody wants to type
            _tell(f'  export PATH={shlex.quote(os.path.dirname(os.path.abspath(sys.argv[0])))}:"$PATH"')
        _tell(f"  export CSKIT_DATA={shlex.quote(str(place))}")
    for needed, line in _NEXT:
        if needed in app.plugins.leaves:
            _tell(f"  {line}")


def _tell(text: str, *, dim: bool = False, bold: bool = False) -> None:
    """Write a line to stdout, harmless for a terminal even where a folder's name is not."""
    click.secho(clean(text), dim=dim or None, bold=bold or None)


# --- the folder --------------------------------------------------------------------------------------------


def _prepare(folder: Path | None) -> Path:
    """Return an empty folder for the demonstration; only what an earlier one made is cleared."""
    hint = _("name a folder of its own with --dir")
    try:
        place = Path(os.path.abspath(folder or Path(tempfile.gettempdir()) / f"cskit-demo-{_login()}"))
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        names = os.listdir(place)
        if not _own(place) or (names and _MARK not in names):
            said = _("{folder} is no demonstration's folder, so it is left alone")
            raise Conflict(said.format(folder=place), hint)
        for name in names:
            _remove(place / name)
        (place / _MARK).touch(mode=0o600)
    except FileExistsError as error:
        raise Conflict(_("{folder} is no folder").format(folder=place), hint) from error
    except OSError as error:
        where = error.filename or _("a temporary folder")
        said = _("cannot make {folder}: {why}").format(folder=where, why=reason(error))
        raise StorageFailed(said, hint) from error
    return place


def _own(place: Path) -> bool:
    """Tell whether a folder is the user's and no link: in a shared temporary folder others may plant one."""
    found = place.lstat()
    return stat.S_ISDIR(found.st_mode) and (not hasattr(os, "getuid") or found.st_uid == os.getuid())


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _login() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
