"""The command line: its root, and the one place where errors become text and exit codes.

Must not import a plugin, pluggy, msgspec or a store: `cskit --version` is click and little else.
"""

from __future__ import annotations

import codecs
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

from cskit import __version__, i18n
from cskit.app import App
from cskit.display import console
from cskit.display.console import say
from cskit.errors import BadRows, CskitError, Diverged, Exit, Problem, Terminated, Usage
from cskit.i18n import _, mark
from cskit.lazy import LazyGroup
from cskit.plugins.isolation import told
from cskit.terminal import options

_STORAGE = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EFBIG}

_FIRST_STEPS = mark("""\
cskit {version}: a customer-service department's records from the shell.

  cskit demo                    build a sample department and see what can be done
  cskit data init               make a folder for your own records here
  cskit customer add "…"        put your first customer on the register

cskit --help lists every command; cskit COMMAND --help explains one.""")


class Root(LazyGroup):
    """The command `cskit` itself."""

    def alone(self, ctx: click.Context) -> None:
        """Without a command, show a newcomer the first steps; a line of a batch is to name one."""
        if ctx.obj.outer is not None:
            raise Usage(_("names no command"), _("`cskit --help` lists them"))
        click.echo(_(_FIRST_STEPS).format(version=__version__))


def _show_version(ctx: click.Context, option: click.Parameter, value: Any) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(f"cskit {__version__}")
        ctx.exit()


def _keep_files(ctx: click.Context, option: click.Parameter, value: Any) -> None:
    options.keep(ctx, option, tuple(value))


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
    app, before = app or App(), i18n.spoken()
    code = _guarded(arguments, app)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_output()
    except OSError as error:
        _discard_output()
        code = code or _storage(app, error)
    app.read_no_more()
    i18n.resume(before)
    return code


def _guarded(arguments: Sequence[str], app: App) -> int:
    try:
        return attempt(arguments, app)
    except KeyboardInterrupt:
        return _failed(app, _("interrupted"), "", Exit.INTERRUPTED)
    except Terminated:
        return _failed(app, _("terminated"), "", Exit.TERMINATED)
    except BrokenPipeError:
        _discard_output()
        return Exit.DONE


def attempt(arguments: Sequence[str], app: App, group: Root | None = None) -> int:
    """Run one command line, let `app` tell what went wrong, and return the exit code.

    A `group` from an earlier command line keeps the commands it has found, and the language stays as it is.
    What ends the whole process passes through: Ctrl-C, termination, an output that is closed.
    """
    try:
        if group is None:
            _speak(arguments, app)
        _refuse_broken_text(arguments)
        return _invoke(arguments, app, group or root())
    except click.exceptions.UsageError as error:
        return _usage(app, error)
    except click.ClickException as error:
        return _failed(app, error.format_message(), "", Exit.USAGE)
    except CskitError as error:
        _trace(app)
        if isinstance(error, BadRows):
            for problem in error.problems:
                app.say(_line(problem))
        if isinstance(error, Diverged):
            _say_versions(app, error)
        return _failed(app, app.said(error), error.hint, error.exit)
    except click.Abort:
        return _failed(app, _("interrupted"), "", Exit.INTERRUPTED)
    except (BrokenPipeError, KeyboardInterrupt, Terminated):
        raise
    except BaseException as error:  # a plugin's command may raise what is no Exception
        if isinstance(error, OSError) and error.errno in _STORAGE:
            _discard_output()
            return _storage(app, error)
        return _bug(app, error)


def _speak(arguments: Sequence[str], app: App) -> None:
    """Speak --lang, else CSKIT_LANG, else what a file of settings says, else the locale's language.

    Before the command line is parsed, for click's messages. --lang is checked where it is parsed.
    """
    said = i18n.asked(arguments, "--lang") or app.options.lang or ""
    variable = os.environ.get("CSKIT_LANG", "")
    chosen = i18n.known(said) or i18n.known(variable)
    if not chosen:
        from cskit.config import settings

        chosen = i18n.known(settings.spoken(i18n.asked(arguments, "--data") or app.options.data))
    i18n.use(chosen or i18n.of_locale(os.environ), app.catalogues)
    if variable and not said and not i18n.known(variable):
        raise options.no_language("CSKIT_LANG", variable)


def _refuse_broken_text(arguments: Sequence[str]) -> None:
    """Refuse arguments that are no text: bytes Python cannot read reach it as halves of characters."""
    for word in arguments:
        if not word.isascii() and any("\ud800" <= letter <= "\udfff" for letter in word):
            raise Usage(
                _("the argument {word} holds bytes that are no text").format(word=ascii(word)),
                _("set the terminal to UTF-8"),
            )


def _invoke(arguments: Sequence[str], app: App, group: Root) -> int:
    try:
        with group.make_context("cskit", list(arguments), obj=app, **_settings()) as ctx:
            ctx.command.invoke(ctx)
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except SystemExit as stop:  # a plugin's command may end itself
        if isinstance(stop.code, str):
            say(stop.code)
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    else:
        code = Exit.DONE
    app.finish()
    return code or (Exit.PLUGIN if app.failed_after else Exit.DONE)


def _settings() -> dict[str, Any]:
    """Return the settings of the root's context: colours by the usual variables, unless --no-color."""
    colours = console.colours(os.environ)
    return {} if colours is None else {"color": colours}


def _failed(app: App, message: str, hint: str, code: int) -> int:
    """Say what went wrong; what was saved before that stays saved, and is said."""
    said = _("saved as {entry}, but {message}")
    if app.saved is not None and not message.startswith(said.format(entry=app.saved, message="")):
        message = said.format(entry=app.saved, message=message)
    app.fail(_one_line(message), hint)
    return code


def _one_line(text: str) -> str:
    from cskit.values import one_line

    return one_line(text)


def _say_versions(app: App, error: Diverged) -> None:
    """Say of each document that was changed in two places what either holds."""
    from cskit.display import preview

    for line in preview.versions(app, error.both):
        app.say(_one_line(line))


def _line(problem: Problem) -> str:
    """Return one bad cell as "line 7, amount: '12x': expected a number"."""
    place = problem.column
    if problem.line:
        said = _("line {number}, {column}") if place else _("line {number}")
        place = said.format(number=problem.line, column=place)
    value = _("'{value}'").format(value=problem.value) if problem.value else ""
    return _one_line(_(": ").join(filter(None, (place, value, problem.message))))


def _usage(app: App, error: click.exceptions.UsageError) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        app.say(error.format_message())
        return Exit.USAGE
    if error.ctx is not None:
        app.say(error.ctx.get_usage())
    hints = _hints(error, error.ctx) if error.ctx is not None else []
    app.fail(_one_line(error.format_message()), "\n".join(hints))
    return Exit.USAGE


def _hints(error: click.exceptions.UsageError, ctx: click.Context) -> list[str]:
    """Say what to do about a command line that cannot be understood."""
    found = [_("Try '{command} --help' for help.").format(command=ctx.command_path)]
    takes_text = any(isinstance(param, click.Argument) for param in ctx.command.params)
    if isinstance(error, click.exceptions.NoSuchOption) and not error.possibilities and takes_text:
        offer = _("For text that begins with -, put -- before it: {command} … -- '-…'")
        found.insert(0, offer.format(command=ctx.command_path))
    if isinstance(error, click.exceptions.NoSuchOption) and error.option_name == "--plugin":
        found.insert(0, _("--plugin stands before the command's name: cskit --plugin FILE …"))
    if isinstance(error, click.exceptions.NoSuchCommand):
        missing = ctx.obj.plugins.missing()
        found[:0] = [_("Not loaded: {plugins}").format(plugins=missing)] if missing else []
    return found


def _storage(app: App, error: OSError) -> int:
    said = _("the output could not be written: {reason}").format(reason=i18n.reason(error))
    return _failed(app, said, "", Exit.STORAGE)


def _bug(app: App, error: BaseException) -> int:
    """Say that this should not have happened, and whose code it was in."""
    _trace(app)
    plugin = _plugin_at_work(app, error)
    if plugin:
        said = _("plugin {plugin} failed: {error}. Run again with --debug and report it")
        return _failed(app, said.format(plugin=plugin, error=told(error)), "", Exit.PLUGIN)
    said = _("this is a bug: {error}. Run again with --debug and report it")
    return _failed(app, said.format(error=told(error)), "", Exit.BUG)


def _plugin_at_work(app: App, error: BaseException) -> str:
    """Name the plugin whose command was running, if it was a plugin's.

    The commands of its record types are the core's code; they are its doing where the error went through it.
    """
    leaf = app.plugins.leaves.get(app.command) if app.command and "plugins" in vars(app) else None
    if leaf is None or leaf.target.startswith("cskit."):
        return ""
    if leaf.record_type is not None and not _went_through(leaf.record_type.model, error):
        return ""
    return app.plugins.title(leaf.plugin)


def _went_through(target: str, error: BaseException) -> bool:
    import traceback

    package = re.split("[.:]", target)[0]
    names = (frame.f_globals.get("__name__", "") for frame, _line in traceback.walk_tb(error.__traceback__))
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
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:  # left so by `cskit.launch` while this was imported
        signal.signal(signal.SIGINT, signal.default_int_handler)
    _open_streams()
    if "_CSKIT_COMPLETE" in os.environ:
        _complete(os.environ["_CSKIT_COMPLETE"])
    try:
        code = run(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:  # a second one, or one while the first error was being told
        code = Exit.INTERRUPTED
    except Terminated:
        code = Exit.TERMINATED
    for number in (signal.SIGINT, signal.SIGTERM):  # the exit code is decided
        signal.signal(number, signal.SIG_IGN)
    sys.exit(int(code))


def _complete(asked: str) -> NoReturn:
    """Tell a shell what can be typed next, and nothing else."""
    from cskit.terminal.shells import answer

    app = App()
    with contextlib.suppress(CskitError):
        _speak((), app)
    answer(root(), app, asked)
    sys.exit(0)


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
        if codecs.lookup(stream.encoding).name == "ascii":  # cron has no locale; what it mails is UTF-8
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]  # text
        elif stream.errors == "strict":  # a terminal that cannot show Chinese gets \u5f20, not an error
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # they are text files
