"""`cskit help`: pages that explain what no single command does, and the help of any command."""

from __future__ import annotations

import click

from cskit import topics
from cskit.app import App, pass_app
from cskit.display import views
from cskit.display.output import Column
from cskit.errors import NotFound
from cskit.i18n import _
from cskit.plugins.isolation import nearest

_COLUMNS = (Column("topic", "Topic"), Column("about", "About"))


@click.command("help")
@click.argument("words", nargs=-1, metavar="[TOPIC | COMMAND...]")
@pass_app
def help_(app: App, words: tuple[str, ...]) -> None:
    """Explain a topic, or a command; without either, list the topics.

    \b
    Example:
      cskit help where
    """
    if not words:
        views.listing(app, (one._asdict() for one in topics.listed()), _COLUMNS)
        return
    name = " ".join(words)
    text = topics.page(name) or _help_of(click.get_current_context().find_root(), words)
    views.figure(app, "text", text.rstrip())


def _help_of(ctx: click.Context, words: tuple[str, ...]) -> str:
    """Return the help page of a command, as its own --help shows it."""
    for word in words:
        group = ctx.command
        known = group.list_commands(ctx) if isinstance(group, click.Group) else []
        command = group.get_command(ctx, word) if isinstance(group, click.Group) else None
        if command is None:
            names = [*known, *topics.NAMES] if ctx.parent is None else known
            near = nearest(word, names)
            raise NotFound(
                _("there is no topic or command '{name}'").format(name=" ".join(words)),
                _("did you mean '{name}'?").format(name=near) if near else _("`cskit help` lists the topics"),
            )
        ctx = command.context_class(command, info_name=word, parent=ctx)
    return ctx.get_help()
