"""The command line: its root, and the one place where errors become text and exit codes.

Must not import a plugin, pluggy, msgspec or a store: `cskit --version` is click and little else.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import Any, NoReturn

import click

from cskit import __version__, options
from cskit.app import App
from cskit.console import say
from cskit.errors import BadRows, CskitError, Exit, PluginFailed, Problem, Usage
from cskit.lazy import LazyGroup
from cskit.plugins.isolation import told

_STORAGE = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EFBIG}

_FIRST_STEPS = f"""\
cskit {__version__}: a customer-service department's records from the shell.

  cskit demo                    build a sample department and see what can be done
  cskit data init               make a folder for your own records here
  cskit customer add "…"        put your first customer on the register

cskit --help lists every command; cskit COMMAND --help explains one."""


class Terminated(BaseException):
    """The process was asked to end; not an `Exception`, so that nothing takes it for a failure."""


class Root(LazyGroup):
    """The command `cskit` itself."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Without any argument, show a newcomer the first steps."""
        if not args and not ctx.resilient_parsing:
            click.echo(_FIRST_STEPS)
            ctx.exit()
        return super().parse_args(ctx, args)


def _show_version(ctx: click.Context, option: click.Parameter, value: Any) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(f"cskit {__version__}")
        ctx.exit()


def _keep_files(ctx: click.Context, option: click.Parameter, value: Any) -> None:
    ctx.obj.options.plugin = tuple(value)


def root() -> Root:
    """Return the root of the command line."""
    group = Root(
        name="cskit",
        help="A customer-service department's records from the shell.",
        params=[
            options.GlobalOption(
                "--plugin",
                metavar="FILE",
                multiple=True,
                callback=_keep_files,
                help="Load a plugin from a file.",
            ),
            options.GlobalOption("--version", is_flag=True, callback=_show_version, help="Show the version."),
        ],
    )
    group.params.extend(options.global_options(group=True))
    return group


# --- the error boundary -------------------------------------------------------------------------------------


def run(arguments: Sequence[str], app: App | None = None) -> int:
    """Run one command line, say on stderr what went wrong, and return the exit code.

    Uses `sys.stdin`, `sys.stdout` and `sys.stderr` as they are now, and flushes what was written.
    """
    app = app or App()
    code = _guarded(arguments, app)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_output()
    except OSError as error:
        _discard_output()
        code = code or _storage(app, error)
    return code


def _guarded(arguments: Sequence[str], app: App) -> int:
    try:
        _refuse_broken_text(arguments)
        return _invoke(arguments, app)
    except click.exceptions.UsageError as error:
        return _usage(error)
    except click.ClickException as error:
        return _failed(app, error.format_message(), "", Exit.USAGE)
    except CskitError as error:
        _trace(app)
        if isinstance(error, BadRows):
            for problem in error.problems:
                say(_line(problem))
        return _failed(app, error.message, error.hint, error.exit)
    except (KeyboardInterrupt, click.Abort):
        return _failed(app, "interrupted", "", Exit.INTERRUPTED)
    except Terminated:
        return _failed(app, "terminated", "", Exit.TERMINATED)
    except BrokenPipeError:
        _discard_output()
        return Exit.DONE
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _STORAGE:
            _discard_output()
            return _storage(app, error)
        return _bug(app, error)


def _refuse_broken_text(arguments: Sequence[str]) -> None:
    """Refuse arguments that are no text: bytes Python cannot read reach it as halves of characters."""
    for word in arguments:
        if not word.isascii() and any("\ud800" <= letter <= "\udfff" for letter in word):
            raise Usage(f"the argument {word!a} holds bytes that are no text", "set the terminal to UTF-8")


def _invoke(arguments: Sequence[str], app: App) -> int:
    try:
        with root().make_context("cskit", list(arguments), obj=app, **_settings()) as ctx:
            ctx.command.invoke(ctx)
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except SystemExit as stop:  # a plugin's command may end itself
        if isinstance(stop.code, str):
            say(stop.code)
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    else:
        code = Exit.DONE
    return code or (Exit.PLUGIN if app.failed_after else Exit.DONE)


def _settings() -> dict[str, Any]:
    """Return the settings of the root's context: colours by the usual variables, unless --no-color."""
    if os.environ.get("NO_COLOR"):
        return {"color": False}
    return {"color": True} if os.environ.get("FORCE_COLOR") else {}


def _failed(app: App, message: str, hint: str, code: int) -> int:
    """Say what went wrong; what was saved before that stays saved, and is said."""
    if app.saved is not None and not message.startswith("saved as "):
        message = f"saved as {app.saved}, but {message}"
    say(f"cskit: {_one_line(message)}")
    if hint:
        say(hint)
    return code


def _one_line(text: str) -> str:
    from cskit.values import one_line

    return one_line(text)


def _line(problem: Problem) -> str:
    """Return one bad cell as "line 7, amount: '12x': expected a number"."""
    place = [f"line {problem.line}"] if problem.line else []
    place += [problem.column] if problem.column else []
    value = [f"'{problem.value}'"] if problem.value else []
    return _one_line(
        ": ".join([", ".join(place), *value, problem.message] if place else [*value, problem.message])
    )


def _usage(error: click.exceptions.UsageError) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        say(error.format_message())
        return Exit.USAGE
    if error.ctx is not None:
        say(error.ctx.get_usage())
    say(f"cskit: {_one_line(error.format_message())}")
    if error.ctx is not None:
        for hint in _hints(error, error.ctx):
            say(hint)
    return Exit.USAGE


def _hints(error: click.exceptions.UsageError, ctx: click.Context) -> list[str]:
    """Say what to do about a command line that cannot be understood."""
    found = [f"Try '{ctx.command_path} --help' for help."]
    takes_text = any(isinstance(param, click.Argument) for param in ctx.command.params)
    if isinstance(error, click.exceptions.NoSuchOption) and not error.possibilities and takes_text:
        found.insert(0, f"For text that begins with -, put -- before it: {ctx.command_path} … -- '-…'")
    if isinstance(error, click.exceptions.NoSuchCommand):
        missing = ctx.obj.plugins.missing()
        found[:0] = [f"Not loaded: {missing}"] if missing else []
    return found


def _storage(app: App, error: OSError) -> int:
    return _failed(app, f"the output could not be written: {error.strerror}", "", Exit.STORAGE)


def _bug(app: App, error: Exception) -> int:
    """Say that this should not have happened, and whose code it was in."""
    _trace(app)
    plugin = _plugin_at_work(app, error)
    if plugin:
        failed = PluginFailed(f"plugin {plugin} failed: {told(error)}")
        return _failed(app, f"{failed.message}. Run again with --debug and report it", "", failed.exit)
    return _failed(app, f"this is a bug: {told(error)}. Run again with --debug and report it", "", Exit.BUG)


def _plugin_at_work(app: App, error: Exception) -> str:
    """Name the plugin whose command was running, if it was a plugin's.

    The commands of its record types are the core's code; they are its doing where the error went through it.
    """
    leaf = app.plugins.leaves.get(app.command) if app.command and "plugins" in vars(app) else None
    if leaf is None or leaf.target.startswith("cskit."):
        return ""
    if leaf.record_type is not None and not _went_through(leaf.record_type.model, error):
        return ""
    return app.plugins.title(leaf.plugin)


def _went_through(target: str, error: Exception) -> bool:
    import traceback

    package = re.split("[.:]", target)[0]
    names = (frame.f_globals.get("__name__", "") for frame, _ in traceback.walk_tb(error.__traceback__))
    return any(name.partition(".")[0] == package for name in names)


def _trace(app: App) -> None:
    if app.options.debug:
        import traceback

        say(traceback.format_exc().rstrip())


def _discard_output() -> None:
    """Send what is left in stdout's buffer to nowhere, so that Python does not complain at its end."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


# --- the process --------------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line of this process and exit."""
    signal.signal(signal.SIGTERM, _terminate)
    _open_streams()
    try:
        code = run(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:  # a second one, or one while the first error was being told
        code = Exit.INTERRUPTED
    except Terminated:
        code = Exit.TERMINATED
    for number in (signal.SIGINT, signal.SIGTERM):  # the exit code is decided
        signal.signal(number, signal.SIG_IGN)
    sys.exit(int(code))


def _terminate(number: int, frame: FrameType | None) -> NoReturn:
    raise Terminated


def _open_streams() -> None:
    """Put something at each of the three streams, or the next file opened would take a closed one's place."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)
    for stream in (sys.stdout, sys.stderr):
        if stream.errors == "strict":  # a terminal that cannot show Chinese gets \u5f20, not an error
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # they are text files
