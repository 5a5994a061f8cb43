"""Audits and patrols at the command line: what they find, how audits end, what came out."""

from __future__ import annotations

from typing import Any

import click

from cskit import App, Column, pass_app, rows
from cskit.crud.choosing import REASON, saved
from cskit.display import views
from cskit.i18n import _, label
from cskit.records import fields
from cskit_property.checks import findings
from cskit_property.checks.inspection import Audit
from cskit_property.commands.typed import PERIOD, moment_of, period_of

_TEXT = click.option("--text", required=True, metavar="TEXT", help="What was found.")
_SERIOUS = click.option("--serious", is_flag=True, help="It has to be put right within hours, not days.")
_WHO = click.option("--to", metavar="WHO", help="Who has to put it right.")
_DUE = click.option("--due", metavar="DAY|TIME", help="Until when (else as the limits say).")


def _results() -> tuple[Column, ...]:
    kinds = {code: label(code, zh) for code, zh in fields(Audit)["kind"].choices.items()}
    return (
        Column("project", "Project", kind="name"),
        Column("kind", "Kind", kind="choice", choices=kinds),
        Column("audits", "Audits", "right", "integer"),
        Column("passed", "Audits passed", "right", "integer"),
        Column("failed", "Audits failed", "right", "integer"),
        Column("findings", "Findings", "right", "integer"),
        Column("open", "Not yet verified", "right", "integer"),
        Column("late", "Of these late", "right", "integer"),
    )


def _find(app: App, table: str, id: str, reason: str | None, due: str | None, **found: Any) -> None:
    """Note a finding and tell which rectification it opened."""
    until = moment_of(app, due, "--due")
    views.form(app)  # refused before anything is saved
    with app.transaction(reason=reason) as tx:
        opened = findings.find(app, tx, table, id, due=until, **found)
    views.figure(app, "id", opened)
    saved(app, _("{id}: rectification {opened} opened").format(id=id, opened=opened), tx.sequence)


@click.command("find")
@click.argument("id")
@_TEXT
@_SERIOUS
@_WHO
@_DUE
@REASON
@pass_app
def audit_find(
    app: App, id: str, text: str, serious: bool, to: str | None, due: str | None, reason: str | None
) -> None:
    """Note what an audit found; it opens a rectification.

    \b
    Example:
      cskit property audit find PA-0001 --text "the key log has gaps" --to 李经理
    """
    _find(app, findings.AUDITS, id, reason, due, text=text, serious=serious, owner=to)


@click.command("find")
@click.argument("id")
@_TEXT
@_SERIOUS
@_WHO
@_DUE
@REASON
@pass_app
def patrol_find(
    app: App, id: str, text: str, serious: bool, to: str | None, due: str | None, reason: str | None
) -> None:
    """Note what a patrol found; it opens a rectification.

    \b
    Example:
      cskit property patrol find PP-0001 --text "a lamp at gate 2 is out"
    """
    _find(app, findings.PATROLS, id, reason, due, text=text, serious=serious, owner=to)


@click.command()
@click.argument("id")
@click.option("--passed/--failed", default=None, required=True, help="How it came out.")
@click.option("--text", required=True, metavar="TEXT", help="The conclusion, in words.")
@REASON
@pass_app
def conclude(app: App, id: str, passed: bool, text: str, reason: str | None) -> None:
    """Conclude an audit: passed or failed, and why.

    \b
    Example:
      cskit property audit conclude PA-0001 --passed --text "in order once the log is kept"
    """
    with app.transaction(reason=reason) as tx:
        done = findings.conclude(app, tx, id, passed=passed, text=text)
    result = label(done.result or "", fields(Audit)["result"].choices.get(done.result or "", ""))
    saved(app, _("audit {id}: {result}").format(id=done.id, result=result.replace("_", " ")), tx.sequence)


@click.command()
@PERIOD
@pass_app
def results(app: App, period: str | None) -> None:
    """Sum up audits for the quality department: how many, what came out, what is still open.

    \b
    Example:
      cskit property audit results --period 2026
    """
    rows(app, findings.results(app, period_of(period)), _results())
