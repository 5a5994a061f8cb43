"""`cskit plugins rules`: the rules in force, whose they are, and what a department has changed of them."""

from __future__ import annotations

import click

from cskit import rules
from cskit.app import App, pass_app
from cskit.display.output import Column
from cskit.display.views import form, listing

_LIST = (
    Column("kind", "Kind"),
    Column("name", "Rule"),
    Column("origin", "From"),
    Column("replaces", "Replaces"),
    Column("changed", "Changed"),
    Column("note", "Note"),
    Column("hash", "Hash"),
    Column("path", "File"),
)
_USUAL = 5  # columns that a table has room for; notes go to stderr, where a line may be long
_SHOW = (Column("key", "Key"), Column("value", "Value"))
_ORIGIN = (*_SHOW, Column("origin", "From"), Column("instead", "Instead of"))


@click.command("list")
@click.argument("kind", required=False)
@pass_app
def list_(app: App, kind: str | None) -> None:
    """List rules, the files they are in, and what is wrong with any.

    A department's own rules are TOML files in rules/KIND/ of the data folder. A file whose first line is
    replaces = "NAME" takes the place of that rule.

    \b
    Example:
      cskit plugins rules list
    """
    found, faults = rules.listed(app, kind)
    if form(app) == "table" and not app.options.fields:
        listing(app, [row for row in found if "name" in row], _LIST[:_USUAL])
        for fault in faults:
            app.warn(fault)
    else:
        listing(app, found, _LIST)
    if not found:
        app.echo(rules.none_of(app, kind))


@click.command("show")
@click.argument("kind")
@click.argument("name")
@click.option("--origin", is_flag=True, help="Also say where each value is from, and what it replaced.")
@pass_app
def show(app: App, kind: str, name: str, origin: bool) -> None:
    """Show what a rule says.

    \b
    Example:
      cskit plugins rules show acme-checklists service --origin
    """
    listing(app, rules.shown(app, kind, name), _ORIGIN if origin else _SHOW)
