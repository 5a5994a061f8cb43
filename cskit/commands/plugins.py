"""`cskit plugins`: what is installed, what is wrong with it, and a start for a plugin of one's own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import click

from cskit.app import App, pass_app
from cskit.display.output import Column
from cskit.display.views import listing
from cskit.errors import PluginFailed
from cskit.i18n import _, mark, ngettext
from cskit.plugins.installed import Plugins

_COLUMNS = (
    Column("name", "Plugin"),
    Column("version", "Version"),
    Column("state", "State", codes=(mark("loaded"), mark("broken"), mark("blocked"))),
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
    listing(app, found, _COLUMNS)
    if not found:
        app.echo(_("no plugins are installed"))


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
        notes[blocked.name].append(_("by {variable}").format(variable=blocked.by))
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


_FILES = (Column("file", "File"), Column("folder", "Folder"))
_FINDINGS = (
    Column("plugin", "Plugin"),
    Column("check", "Check"),
    Column("result", "Result", codes=(mark("ok"), mark("skipped"), mark("failed"))),
    Column("note", "Note"),
)


@click.command()
@click.argument("name")
@click.option("--dir", "parent", default=".", metavar="FOLDER", help="Where to make its folder (else here).")
@pass_app
def new(app: App, name: str, parent: str) -> None:
    """Make a plugin of your own to start from.

    It has a record type, a command, a fact and tests that pass, each a few lines to be changed. NAME is what
    its commands begin with: lower-case letters, digits and _.

    \b
    Example:
      cskit plugins new acme2
    """
    from cskit import scaffold

    folder, files = scaffold.make(app.plugins, name, parent)
    listing(app, [{"file": file, "folder": folder} for file in files], _FILES)
    app.echo("\n".join([_("Next:"), *(f"  {line}" for line in scaffold.next_steps(folder))]))


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME|FILE.py|all]...")
@pass_app
def check(app: App, names: Sequence[str]) -> None:
    """Check that plugins keep to what cskit expects.

    Each is imported, its commands, records, facts and rules are looked at and tried in a folder that is
    thrown away. Exit code 6 says that something is wrong.

    \b
    Example:
      cskit plugins check customers
    """
    from cskit import contract
    from cskit.testing import run

    plugins, chosen = contract.chosen(app, names)
    found = contract.findings(plugins, chosen, run)
    listing(app, found, _FINDINGS)
    failed = [one for one in found if one["result"] == "failed"]
    if failed:
        culprits = ", ".join(sorted({one["plugin"] for one in failed}))
        raise PluginFailed(
            ngettext("{count} fault in {plugins}", "{count} faults in {plugins}", len(failed)).format(
                count=len(failed), plugins=culprits
            )
        )
