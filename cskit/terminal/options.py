"""The options every command takes, before or after its name, and the help page that lists them apart.

Imports no plugin and no store; `cskit.cli` makes the `Options` and every level of the command line fills it.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from cskit import i18n
from cskit.errors import Usage
from cskit.i18n import _

FORMATS = ("table", "json", "jsonl", "csv", "tsv", "md", "xlsx")

RESERVED = frozenset(
    "data output fields out lang user now as_of dry_run reveal yes "
    "no_color no_pager debug quiet lock_timeout help".split()
)
"""Names that a record's field may not have, since each field is an option of `add` beside the global ones.

`reason` is free: where records have that field, --reason of `add` is the field, --log-reason the history's.
"""


class Options:
    """What the user asked for with the global options; the command's own level wins over those before it.

    A plain class: the module dataclasses would be loaded for nothing else, also by `cskit --version`.
    """

    def __init__(self, **given: Any) -> None:
        self.data: str | None = None
        self.output = "table"
        self.also: tuple[str, ...] = ()
        """Formats that this command has beside those of every command."""
        self.fields: tuple[str, ...] = ()
        self.out: str | None = None
        self.lang: str | None = None
        self.user: str | None = None
        self.now: str | None = None
        self.as_of: str | None = None
        self.dry_run = False
        self.reveal = False
        self.yes = False
        self.no_color = False
        self.no_pager = False
        self.debug = False
        self.quiet = False
        self.lock_timeout = 10.0
        self.fixed: frozenset[str] = frozenset()
        """What was settled for more than this command, and cannot be given with it."""
        self.plugin: tuple[str, ...] = ()
        for name, value in given.items():
            if name not in vars(self):
                raise TypeError(f"there is no global option {name}")
            setattr(self, name, value)


class GlobalOption(click.Option):
    """An option of every command: read before the command's own, kept in `Options`, listed on its own."""

    def __init__(self, *flags: str, fill: Mapping[str, Sequence[str]] | None = None, **settings: Any) -> None:
        self.fill = fill or {}
        """What stands in the placeholders of the help text, where it has some."""
        self.key = flags[-1].removeprefix("--").replace("-", "_")
        # Stored under a name of its own, so that a command may have an argument called `data`.
        super().__init__(
            [*flags, f"cskit_global_{self.key}"],
            callback=settings.pop("callback", keep),
            expose_value=False,
            is_eager=True,
            **settings,
        )

    def handle_parse_result(
        self, ctx: click.Context, opts: Mapping[str, Any], args: list[str]
    ) -> tuple[Any, list[str]]:
        """Take what was given; where nothing was, `keep` would do nothing, seventeen times a level."""
        if self.name not in opts and self.callback is keep:
            return None, args
        return super().handle_parse_result(ctx, opts, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[Any]:
        """Offer what can be typed behind this option."""
        from cskit.terminal.completion import of_global

        found = of_global(self.key, ctx, incomplete)
        return super().shell_complete(ctx, incomplete) if found is None else found

    def get_help_record(self, ctx: click.Context) -> None:
        """Stay out of the command's own options; `Context.get_help` lists this one."""


class Context(click.Context):
    """A click context whose help ends with the global options, and is in the user's language."""

    def make_formatter(self) -> click.HelpFormatter:
        """Return what lays a page out."""
        from cskit.terminal.helppages import Page

        return Page(width=self.terminal_width, max_width=self.max_content_width)

    def get_help(self) -> str:
        """Return the command's help, its own options first."""
        speak(self.command, self)
        try:
            return self._page()
        finally:
            _as_written(self.command, self)

    def _page(self) -> str:
        formatter = self.make_formatter()
        self.command.format_help(self, formatter)
        rows = [
            (option.get_help_spec(self), option.help or "")
            for option in self.command.get_params(self)
            if isinstance(option, GlobalOption) and not option.hidden
        ]
        if rows:
            with formatter.section(_("Global options")):
                formatter.write_dl(rows)
        return formatter.getvalue().rstrip("\n")


def speak(command: click.Command, ctx: click.Context) -> None:
    """Put the help texts of a command into the user's language; what they were is kept, for `_as_written`."""
    for one in _explained(command, ctx):
        said = vars(one).setdefault("cskit_help", one.help)
        if said:
            filled = one.fill if isinstance(one, GlobalOption) else {}
            names = {name: _(", ").join(texts) for name, texts in filled.items()}
            spoken = i18n.prose(inspect.cleandoc(said))
            one.help = spoken.format(**names) if names else spoken


def _as_written(command: click.Command, ctx: click.Context) -> None:
    """Give a command its own help texts back: it serves all runs of one process, whatever their language."""
    for one in _explained(command, ctx):
        one.help = vars(one).pop("cskit_help", one.help)


def _explained(command: click.Command, ctx: click.Context) -> Iterator[Any]:
    """Yield what has a help text: a command, its parameters, and the commands below it."""
    yield command
    yield from (param for param in command.get_params(ctx) if hasattr(param, "help"))
    if isinstance(command, click.Group):
        for part in command.commands.values():
            yield from _explained(part, ctx)


def keep(ctx: click.Context, option: click.Parameter, value: Any) -> None:
    """Keep what was given with a global option."""
    options: Options = ctx.obj.options
    if (
        isinstance(option, GlobalOption)
        and ctx.get_parameter_source(option.name) is ParameterSource.COMMANDLINE
    ):
        if option.key in options.fixed:
            said = _("{option} holds for a whole batch, not for one line")
            raise Usage(said.format(option=option.opts[-1]), _("give it to `cskit batch` instead"))
        setattr(options, option.key, value)
        if option.key == "no_color":
            ctx.color = ctx.find_root().color = False


def _keep_format(ctx: click.Context, option: click.Parameter, value: Any) -> None:
    """Keep the format; given before the command's name, it must be on the command's list."""
    keep(ctx, option, value)
    option.type.convert(ctx.obj.options.output, option, ctx)
    if isinstance(option.type, click.Choice):
        ctx.obj.options.also = tuple(option.type.choices)[len(FORMATS) :]


def _keep_dry_run(ctx: click.Context, option: click.Parameter, value: Any) -> None:
    """Keep it; a command that writes what is no record cannot be tried without doing it."""
    keep(ctx, option, value)
    if ctx.obj.options.dry_run and not ctx.resilient_parsing and not isinstance(ctx.command, click.Group):
        leaf = ctx.obj.plugins.leaves.get(ctx.obj.command)
        if leaf is not None and leaf.outside:
            raise Usage(
                _("`cskit {command}` has no dry run: it writes what are no records").format(
                    command=leaf.path
                ),
                _("leave out --dry-run to do it"),
            )


def _keep_as_of(ctx: click.Context, option: click.Parameter, value: Any) -> None:
    """Keep it; a command that writes what is no record has no past to do it in."""
    keep(ctx, option, value)
    if ctx.obj.options.as_of is not None and not ctx.resilient_parsing:
        leaf = None if isinstance(ctx.command, click.Group) else ctx.obj.plugins.leaves.get(ctx.obj.command)
        if leaf is not None and leaf.outside:
            from cskit import past

            raise past.saves(leaf.path)


def _keep_language(ctx: click.Context, option: click.Parameter, value: Any) -> None:
    """Keep the language, which `cskit.cli` has read already: it decides what click's messages are in."""
    if value is not None and not i18n.known(value):
        raise no_language("--lang", value)
    keep(ctx, option, value and i18n.known(value))


def no_language(source: str, name: str) -> Usage:
    """Return the error for a language that was asked for and that there is not."""
    there = _(", ").join(i18n.LANGUAGES)
    return Usage(
        _("{option}: there is no language '{name}'").format(option=source, name=name),
        _("there are {names}").format(names=there),
    )


def _show_help(ctx: click.Context, option: click.Parameter, value: Any) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(ctx.get_help(), color=ctx.color)
        ctx.exit()


class _Names(click.ParamType[tuple[str, ...]]):
    """Names between commas."""

    name = "names"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        names = tuple(name.strip() for name in value.split(","))
        if not all(names):
            self.fail(
                _("{value!r} has an empty name; expected names between commas, such as id,name").format(
                    value=value
                ),
                param,
                ctx,
            )
        return names


class _Seconds(click.FloatRange):
    """Seconds to wait: a number that an end of waiting can be reckoned with."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        seconds = super().convert(value, param, ctx)
        if not math.isfinite(seconds):
            self.fail(_("{value!r} is not a number of seconds").format(value=value), param, ctx)
        return seconds


C = TypeVar("C", bound=click.Command)


def writes(*formats: str) -> Callable[[C], C]:
    """Give a command formats of its own, such as ics, beside those of every command."""

    def given(command: C) -> C:
        vars(command)["cskit_formats"] = formats
        return command

    return given


@cache
def global_options(group: bool = False, also: tuple[str, ...] = ()) -> tuple[GlobalOption, ...]:
    """Return the options for a group, or a command that writes formats `also`; commands share them."""
    formats = (*FORMATS, *also)
    return (
        GlobalOption("--data", metavar="PATH", help="Data folder (else CSKIT_DATA, .cskit/ upwards)."),
        GlobalOption(
            "-o",
            "--output",
            type=str if group else click.Choice(formats),
            callback=_keep_format,
            metavar="FORMAT",
            help="{formats} or {last}.",
            fill={"formats": formats[:-1], "last": formats[-1:]},
        ),
        GlobalOption("--fields", type=_Names(), metavar="A,B", help="Show only these fields."),
        GlobalOption("--out", metavar="FILE", help="Write the result to a file."),
        GlobalOption(
            "--lang",
            metavar="en|zh",
            callback=_keep_language,
            help="Speak this language (else CSKIT_LANG, the locale).",
        ),
        GlobalOption("--user", metavar="NAME", help="Act as this user (else your login)."),
        GlobalOption("--now", metavar="TIME", help="Take this as the present time."),
        GlobalOption(
            "--as-of",
            callback=_keep_as_of,
            metavar="TIME",
            help="Show what was known then; a day means its end.",
        ),
        GlobalOption(
            "--dry-run",
            is_flag=True,
            callback=_keep_dry_run,
            help="Show what would be changed; save nothing.",
        ),
        GlobalOption("--reveal", is_flag=True, help="Show personal data unmasked; the history notes it."),
        GlobalOption("-y", "--yes", is_flag=True, help="Do it without asking."),
        GlobalOption("--no-color", is_flag=True, help="Write without colours."),
        GlobalOption("--no-pager", is_flag=True, help="Do not stop where the screen is full."),
        GlobalOption("--debug", is_flag=True, help="Show where an error came from."),
        GlobalOption("-q", "--quiet", is_flag=True, help="Leave out notices."),
        GlobalOption(
            "--lock-timeout",
            type=_Seconds(min=0),
            metavar="SECONDS",
            help="Wait so long for another writer (10).",
        ),
        GlobalOption("-h", "--help", is_flag=True, callback=_show_help, help="Show this page."),
    )


def clash(command: click.Command) -> str | None:
    """Name a flag of `command` that is a global option's, if there is one."""
    ours = {flag for option in global_options() for flag in option.opts}
    for param in command.params:
        if not isinstance(param, GlobalOption):
            for flag in (*param.opts, *param.secondary_opts):
                if flag in ours:
                    return flag
    return None


def equip(command: click.Command) -> None:
    """Give a command, and all below it, the global options and the help page that lists them."""
    if not any(isinstance(param, GlobalOption) for param in command.params):
        also = vars(command).get("cskit_formats", ())
        command.params.extend(global_options(isinstance(command, click.Group), also))
    command.context_class = Context
    if isinstance(command, click.Group):
        for part in command.commands.values():
            equip(part)


def given(ctx: click.Context | None) -> tuple[str, ...]:
    """Name the options given on the command line, at any level; values are nobody's business."""
    names: dict[str, None] = {}
    while ctx is not None:
        for param in ctx.command.params:
            if isinstance(param, click.Option) and (
                ctx.get_parameter_source(param.name or "") is ParameterSource.COMMANDLINE
            ):
                said_no = param.secondary_opts and ctx.params.get(param.name or "") is False
                names[max(param.secondary_opts if said_no else param.opts, key=len)] = None
        ctx = ctx.parent
    return tuple(sorted(names))
