"""A click group that lists commands from what plugins declare, and imports one only to run it.

Must not import a plugin, `cskit.crud` or a command's module before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cskit import i18n
from cskit.errors import CskitError, PluginFailed
from cskit.i18n import _, label
from cskit.plugins.isolation import FAILURES, load_target, told
from cskit.terminal import options

if TYPE_CHECKING:
    from cskit.app import App
    from cskit.declarations import RecordType
    from cskit.plugins.contributions import Clash, Leaf
    from cskit.plugins.installed import Plugins


class LazyGroup(click.Group):
    """The commands whose path begins with `path`; the root's is empty."""

    context_class = options.Context

    def __init__(self, path: str = "", **settings: Any) -> None:
        super().__init__(
            invoke_without_command=True,
            no_args_is_help=False,
            subcommand_metavar="COMMAND [ARGS]...",
            callback=self._begun,
            **settings,
        )
        self.path = path
        self._bare = False
        self._found: dict[str, click.Command] = {}

    def _begun(self) -> None:
        ctx = click.get_current_context()
        if ctx.invoked_subcommand is None:
            self.alone(ctx)

    def alone(self, ctx: click.Context) -> None:
        """Answer a line that ends before it names a command, with or without global options."""
        raise click.exceptions.NoArgsIsHelpError(ctx)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read options up to the command's name; where there are none, a batch need not lay out a parser."""
        self._bare = bool(args) and not args[0].startswith("-")
        try:
            return super().parse_args(ctx, args)
        finally:
            self._bare = False

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the options that can be given: none where a command's name comes first."""
        return [] if self._bare else super().get_params(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name what can be typed next."""
        return sorted(self._next(_plugins(ctx)))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import, or build, the command of this name; once, since a batch runs the same ones often."""
        if cmd_name not in self._found:
            command = self._find(ctx, cmd_name)
            if command is None:
                return None
            self._found[cmd_name] = command
        return self._found[cmd_name]

    def _find(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        plugins = _plugins(ctx)
        path = f"{self.path} {cmd_name}".strip()
        if path in plugins.leaves:
            command = load(ctx.obj, plugins.leaves[path])
            if ctx.resilient_parsing:  # a shell asks what can be typed next
                from cskit.terminal.completion import teach

                options.speak(command, ctx)
                teach(ctx.obj, plugins.leaves[path], command)
            return command
        below = f"{path} "
        if any(other.startswith(below) for other in plugins.leaves):
            return _group(plugins, path)
        if path in plugins.clashes:
            return _fought_over(plugins.clashes[path])
        if any(other.startswith(below) for other in plugins.clashes):
            return _group(plugins, path)
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that `args` begin with, or say which may have been meant."""
        name = args[0]
        ctx.obj.command = f"{self.path} {name}".strip()
        if ctx.obj.command in _plugins(ctx).leaves:
            leaf = _plugins(ctx).leaves[ctx.obj.command]
            i18n.turn_to(leaf.plugin)
            ctx.obj.admit(leaf)
        command = self.get_command(ctx, name)
        if command is None:
            raise click.exceptions.NoSuchCommand(name, possibilities=self.list_commands(ctx), ctx=ctx)
        return name, command, args[1:]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List commands by their declared help, importing none."""
        rows = self._said(ctx)
        if rows:
            with formatter.section(_("Commands")):
                formatter.write_dl(rows)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[Any]:
        """Offer commands by their declared help, importing none, and options."""
        from click.shell_completion import CompletionItem

        options.speak(self, ctx)
        found = [
            CompletionItem(name, help=said) for name, said in self._said(ctx) if name.startswith(incomplete)
        ]
        return found + click.Command.shell_complete(self, ctx, incomplete)

    def _said(self, ctx: click.Context) -> list[tuple[str, str]]:
        """Return what can be typed next, with its help."""
        plugins = _plugins(ctx)
        return [
            (name, plugins.leaves[path].said() if path in plugins.leaves else group_help(plugins, path))
            for name, path in sorted(self._next(plugins).items())
        ]

    def _next(self, plugins: Plugins) -> dict[str, str]:
        """Return each next word with its path."""
        start = f"{self.path} " if self.path else ""
        words = {path[len(start) :].split(" ")[0] for path in plugins.leaves if path.startswith(start)}
        return {word: start + word for word in words}


def _plugins(ctx: click.Context) -> Plugins:
    plugins: Plugins = ctx.obj.plugins
    return plugins


def group_help(plugins: Plugins, path: str) -> str:
    """Return the help line of the group at `path`."""
    from cskit.catalogue import GROUPS

    if path in GROUPS:
        return _(GROUPS[path])
    if path in plugins.groups:
        with i18n.speaking_for(plugins.groups[path].plugin):
            return _(plugins.groups[path].value.help)
    for record_type in plugins.record_types.values():
        for one in (record_type, *map(record_type.narrow, record_type.narrowed)):
            if one.command == path:
                return label(f"{one.plural[:1].upper()}{one.plural[1:]}.", f"{one.zh}。")
    owners = sorted({leaf.plugin for leaf in plugins.leaves.values() if leaf.path.startswith(f"{path} ")})
    return _("Commands of {plugins}.").format(plugins=_(", ").join(owners))


def _group(plugins: Plugins, path: str) -> LazyGroup:
    group = LazyGroup(path, name=path.rpartition(" ")[2], help=group_help(plugins, path))
    options.equip(group)
    return group


def load(app: App, leaf: Leaf) -> click.Command:
    """Import the command's module, or build a record type's command, and give it the global options."""
    plugins = app.plugins
    if leaf.target.startswith("cskit."):
        command: object = load_target(leaf.target)
    else:
        try:
            command = (
                _built(app, leaf.record_type, leaf.verb) if leaf.record_type else load_target(leaf.target)
            )
        except CskitError:
            raise
        except FAILURES as error:
            raise _unusable(plugins, leaf, told(error)) from error
    if not isinstance(command, click.Command):
        raise _unusable(plugins, leaf, _("{target} is not a click command").format(target=leaf.target))
    flag = options.clash(command)
    if flag is not None:
        said = _("its option {option} is one that every command has").format(option=flag)
        raise _unusable(plugins, leaf, said)
    if leaf.like:
        command = _as_typed(command, leaf)
    options.equip(command)
    return command


def _as_typed(command: click.Command, leaf: Leaf) -> click.Command:
    """Return a command whose examples are typed as its narrower noun is."""
    import copy
    import re

    own = copy.copy(command)
    own.help = re.sub(rf"cskit {re.escape(leaf.like)}(?!\S)", f"cskit {leaf.path}", command.help or "")
    return own


def _built(app: App, record_type: RecordType, verb: str) -> click.Command:
    from cskit.crud import build

    types = app.plugins.record_types
    return build(record_type, verb, lambda: app.model(record_type.table), types)


def _unusable(plugins: Plugins, leaf: Leaf, why: str) -> PluginFailed:
    said = _("plugin {plugin} cannot give the command '{command}': {why}")
    return PluginFailed(said.format(plugin=plugins.title(leaf.plugin), command=leaf.path, why=why))


def _fought_over(clash: Clash) -> click.Command:
    """Return a command that only says who claims it."""

    def refuse() -> None:
        names = _(" or ").join(f"CSKIT_DISABLE_PLUGINS={name}" for name in clash.plugins)
        raise PluginFailed(str(clash), _("leave one out with {names}").format(names=names))

    return click.Command(
        clash.key,
        callback=refuse,
        params=[click.Argument(["words"], nargs=-1, expose_value=False, type=click.UNPROCESSED)],
        context_settings={"ignore_unknown_options": True, "help_option_names": []},
    )
