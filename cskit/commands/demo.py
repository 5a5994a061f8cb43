"""`cskit demo`: fills a sample department by running real commands, and prints each."""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from cskit.app import App, pass_app
from cskit.errors import Conflict
from cskit.hookspecs import DemoStep

_MARK = "cskit-demo"  # a file in every folder that a demo made, so that nothing else is ever cleared


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
    from cskit.cli import run

    place = _prepare(folder)
    for step in _steps(app):
        files = step.folder
        typed = [argument.replace("{data}", files) for argument in step.arguments]
        shown = [os.path.basename(part) if files and part.startswith(files) else part for part in typed]
        click.echo(f"\n{click.style('# ' + step.say, dim=True)}")
        click.secho(f"$ cskit {shlex.join(shown)}", bold=True)
        code = run([*typed, "--data", str(place), "--yes"])
        if code:
            raise SystemExit(code)
    click.echo("\nNow try it yourself:")
    click.echo(f"  export CSKIT_DATA={shlex.quote(str(place))}")
    for line in _NEXT:
        click.echo(f"  {line}")


_NEXT = (
    "cskit customer list --where 'region == \"华东\" and potential_volume > 100000'",
    "cskit customer set C-000001 tags+=vip --reason 'asked for it'",
    "cskit log C-000001",
    "cskit undo",
    "cskit --help",
)


def _steps(app: App) -> Iterator[DemoStep]:
    for _, steps in app.plugins.collect("cskit_demo_data"):
        yield from steps


def _prepare(folder: Path | None) -> Path:
    """Return an empty folder for the demonstration; only one that an earlier demonstration made is cleared."""
    place = (folder or Path(tempfile.gettempdir()) / f"cskit-demo-{_login()}").resolve()
    if place.exists() and any(place.iterdir()):
        if not (place / _MARK).exists() or place.is_symlink() or place.stat().st_uid != os.getuid():
            raise Conflict(f"{place} is not empty", "name another folder with --dir")
        shutil.rmtree(place)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    (place / _MARK).touch()
    return place


def _login() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
