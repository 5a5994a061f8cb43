"""`cskit plugins`: what is installed, what is at work, and what is wrong with the rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import click

from cskit.app import App, pass_app
from cskit.commands.columns import write
from cskit.output import Column
from cskit.plugins.installed import Plugins

_COLUMNS = (
    Column("name", "Plugin"),
    Column("version", "Version"),
    Column("state", "State"),
    Column("origin", "From"),
    Column("note", "Note"),
)


@click.command("list")
@pass_app
def list_(app: App) -> None:
    """List plugins, and what is wrong with them.

    \b
    Example:
      cskit plugins list -o json
    """
    found = list(rows(app.plugins))
    write(app, found, _COLUMNS)
    if not found:
        app.echo("no plugins are installed")


def rows(plugins: Plugins) -> Iterator[dict[str, str]]:
    """Yield a row for each plugin; one of which only a part failed counts as broken."""
    clashes = (*plugins.clashes.values(), *plugins.fact_specs.clashes, *plugins.actions.clashes)
    notes: dict[str, list[str]] = defaultdict(list)
    for clash in dict.fromkeys(clashes):
        for name in clash.plugins:
            notes[name].append(str(clash))
    origins = {one.name: one for one in plugins.loaded}
    found = {one.name: ("loaded", one.version) for one in plugins.loaded}
    for broken in plugins.broken:
        found[broken.name] = ("broken", broken.version)
        notes[broken.name].append(broken.error)
    for blocked in plugins.blocked:
        found[blocked.name] = ("blocked", blocked.version)
        notes[blocked.name].append(f"by {blocked.by}")
    for name, (state, version) in sorted(found.items()):
        origin = origins[name].origin if name in origins else ""
        cells = {
            "name": name,
            "version": version,
            "state": state,
            "origin": origin,
            "note": "; ".join(notes[name]),
        }
        yield {key: value for key, value in cells.items() if value}
