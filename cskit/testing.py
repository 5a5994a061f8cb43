"""The kit that plugins are tested with: run command lines in this process and look at what they wrote.

    from cskit.testing import run

    def test_adds_a_machine(tmp_path):
        assert run("acme machine add X-1", data=tmp_path).exit_code == 0

Needs no test framework.
"""

from __future__ import annotations

import atexit
import contextlib
import io
import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from cskit.app import App
from cskit.cli import run as run_command_line


class Result(NamedTuple):
    """What a command line did: its exit code and all it wrote."""

    exit_code: int
    stdout: str
    stderr: str


def run(
    line: str | Sequence[str],
    *,
    data: str | os.PathLike[str] | None = None,
    input: str | bytes | None = None,
    env: Mapping[str, str | None] | None = None,
    plugins: Mapping[str, object] | None = None,
    app: App | None = None,
    lang: str = "",
) -> Result:
    """Run a command line as typed after `cskit`, or its words, and return what it did.

    `data` is the data folder, `input` what is piped in. `plugins` stand in for those installed: name → a
    module, an object with hooks, or "package.module". `env` adds variables; the tester's own CSKIT_…,
    language and colour variables do not count. `app` may be given instead of `plugins`, such as one with its
    own store. `lang` is the user's language, English unless it is "zh".
    """
    arguments = shlex.split(line) if isinstance(line, str) else list(line)
    variables = {} if data is None else {"CSKIT_DATA": os.fspath(data)}
    variables |= {"CSKIT_LANG": lang} if lang else {}
    with _environment(variables | dict(env or {})), _streams(input or "") as (out, err):
        code = run_command_line(arguments, app or App(installed=plugins))
        return Result(int(code), _text(out), _text(err))


def department(
    folder: str | os.PathLike[str], *lines: str, plugins: Mapping[str, object] | None = None
) -> Callable[..., Result]:
    """Run command lines that must succeed in a data folder, and return a `run` for that folder.

    What the lines make of a new folder is kept until the process ends: where another test begins with the
    same lines, plugins and working folder, it gets a copy.
    """

    def in_department(line: str | Sequence[str], **settings: object) -> Result:
        return run(line, **{"data": folder, "plugins": plugins, **settings})  # type: ignore[arg-type]  # as `run` takes

    given = None if plugins is None else tuple(sorted((name, id(one)) for name, one in plugins.items()))
    begun = (lines, given, os.getcwd())
    fresh = bool(lines) and not os.path.lexists(folder)
    if fresh and begun in _BEGUN:
        shutil.copytree(_BEGUN[begun][0], folder)
        return in_department
    for line in lines:
        result = in_department(line)
        if result.exit_code != 0:
            raise AssertionError(f"cskit {line}: exit code {result.exit_code}\n{result.stderr}")
    if fresh and os.path.isdir(folder):
        kept = tempfile.mkdtemp(prefix="cskit-testing-")
        atexit.register(shutil.rmtree, kept, ignore_errors=True)
        _BEGUN[begun] = shutil.copytree(folder, os.path.join(kept, "data")), plugins
    return in_department


_BEGUN: dict[tuple[object, ...], tuple[str, object]] = {}
"""Where copies of new departments lie, by what made them; plugins are held, so that their id stays theirs."""


_TESTERS = {
    *("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "PAGER"),
    *("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"),
}


def check_plugin(plugin: object, name: str = "") -> None:
    """Look at a plugin as `cskit plugins check` does; raise `AssertionError` with all that is wrong.

    `plugin` is a package by name ("cskit_acme"), a module or an object with hooks; it need not be installed,
    and what is installed is there beside it. `name` is the plugin's, else the package's without "cskit_".
    """
    from cskit import contract
    from cskit.plugins import discovery, loading

    called = name or str(getattr(plugin, "__name__", plugin)).removeprefix("cskit_")
    installed = {one.name: one.target for one in discovery.installed()} | {called: plugin}
    plugins = loading.load(lambda text: None, installed=installed, environ={})
    failed = [one for one in contract.check(plugins, called, run) if one.result == "failed"]
    if failed:
        raise AssertionError("\n".join(f"{one.check}: {one.note}" for one in failed))


@contextlib.contextmanager
def _environment(variables: Mapping[str, str | None]) -> Iterator[None]:
    before = dict(os.environ)
    for name in before:
        if name.startswith("CSKIT_") or name in _TESTERS:
            del os.environ[name]
    os.environ["COLUMNS"] = "80"
    os.environ["XDG_CONFIG_HOME"] = os.devnull  # where the tester's own settings are not
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextlib.contextmanager
def _streams(piped: str | bytes) -> Iterator[tuple[io.TextIOWrapper, io.TextIOWrapper]]:
    """Put streams of our own in the place of the process's."""
    before = sys.stdin, sys.stdout, sys.stderr
    data = piped.encode() if isinstance(piped, str) else piped
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    sys.stdin, sys.stdout, sys.stderr = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"), out, err
    try:
        yield out, err
    finally:
        sys.stdin, sys.stdout, sys.stderr = before


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()
