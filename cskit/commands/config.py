"""`cskit config`: the settings that hold, where each comes from, and changing them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from cskit.app import App, pass_app
from cskit.config import configuration
from cskit.config.configuration import Change, Held
from cskit.display import views
from cskit.display.output import Column
from cskit.i18n import _

_COLUMNS = (Column("name", "Setting"), Column("value", "Value"))
_ORIGIN = (Column("origin", "From"), Column("overrides", "Instead of", kind="list"))
_MINE = click.option("--mine", is_flag=True, help="In your own settings, not the department's.")


@click.command("list")
@click.option("--origin", is_flag=True, help="Also show where each comes from, and what it stands before.")
@pass_app
def list_(app: App, origin: bool) -> None:
    """List the settings that hold.

    The department's file goes before what is built in, your own before the department's, a variable of the
    environment before both, and an option before all.

    \b
    Example:
      cskit config list --origin
    """
    columns = (*_COLUMNS, *_ORIGIN) if origin or app.options.fields else _COLUMNS
    views.listing(app, _rows(configuration.held(app)), columns)


def _rows(found: list[Held]) -> Iterator[dict[str, Any]]:
    for one in found:
        row = {"name": one.key, "value": one.value, "origin": one.origin}
        yield row | ({"overrides": list(one.overrides)} if one.overrides else {})


@click.command()
@click.argument("name")
@pass_app
def get(app: App, name: str) -> None:
    """Show the value of a setting.

    \b
    Example:
      cskit config get zone
    """
    views.figure(app, "value", configuration.value_of(app, name))


@click.command("set")
@click.argument("name")
@click.argument("value")
@_MINE
@pass_app
def set_(app: App, name: str, value: str, mine: bool) -> None:
    """Change a setting, for everybody in the department.

    With --mine, for yourself: only what concerns nobody else, such as the language.

    \b
    Example:
      cskit config set zone Asia/Shanghai
    """
    _tell(app, configuration.put(app, name, value, own=mine))


@click.command()
@click.argument("name")
@_MINE
@pass_app
def unset(app: App, name: str, mine: bool) -> None:
    """Take a setting out of its file, so that what is built in holds again.

    \b
    Example:
      cskit config unset zone
    """
    _tell(app, configuration.put(app, name, None, own=mine))


def _tell(app: App, change: Change) -> None:
    """Say what was changed where, or would be."""
    said = _("{name}: {before} → {after} in {file}").format(
        name=change.key, before=_shown(change.before), after=_shown(change.after), file=change.file
    )
    if change.before == change.after:
        said = _("{name} is {value} already in {file}").format(
            name=change.key, value=change.after, file=change.file
        )
    if app.options.dry_run:
        said = _("{change}; nothing was written (--dry-run)").format(change=said)
    app.echo(said)


def _shown(value: Any) -> str:
    return _("(not set)") if value is None else str(value)
