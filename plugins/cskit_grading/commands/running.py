"""The command that grades everybody: parse, ask, write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

from cskit import App, Column, mark, ngettext, pass_app, rows
from cskit.crud import choosing
from cskit.display import views
from cskit.i18n import _
from cskit_grading import running
from cskit_grading.commands.columns import BEFORE, BORDERLINE, CUSTOMER, GRADE, MOVE, REASON, SCHEME
from cskit_grading.moving import UNCHANGED
from cskit_grading.running import Ran

SHOWN = 50  # so many moves are looked at on a screen; files and pipes get all
_ORDER = ("down", "up", "changed", "ungraded", "borderline", "kept", "new", UNCHANGED)
_ROWS = (CUSTOMER, SCHEME, BEFORE, GRADE, MOVE, BORDERLINE, REASON)
_TITLES = {
    "new": mark("New"),
    "up": mark("Up"),
    "down": mark("Down"),
    "changed": mark("Changed"),
    "borderline": mark("Borderline"),
    "kept": mark("Kept"),
    "ungraded": mark("Ungraded"),
    UNCHANGED: mark("Unchanged"),
}
_ALWAYS = ("new", "up", "down", UNCHANGED)


@click.command()
@click.option("--scheme", multiple=True, metavar="SCHEME", help="Grade by this scheme; may be repeated.")
@click.option("--where", metavar="EXPR", help="Grade only customers for which this holds.")
@choosing.REASON
@pass_app
def run(app: App, scheme: tuple[str, ...], where: str | None, reason: str | None) -> None:
    """Grade all customers, and show who moved.

    Without --scheme by every scheme whose facts are there; the others are named with what they lack. A grade
    that stays as it was is not recorded again. A file or pipe (-o jsonl) gets a line for every customer.

    \b
    Example:
      cskit grade run --scheme order-volume --dry-run
    """
    people = views.form(app) in views.PEOPLE
    wanted = choosing.condition(app, app.record_type("customers"), where)
    if app.options.dry_run and app.outer is None:
        done, sequence = running.run(app, scheme or None, wanted, tx=None, every=not people), None
    else:
        with app.transaction(reason=reason) as tx:
            done = running.run(app, scheme or None, wanted, tx=tx, every=not people)
        sequence = tx.sequence
    if people:
        _show(app, done)
    else:
        rows(app, (row._asdict() for row in done.rows), _ROWS)
    _tell(app, done, sequence)


def _show(app: App, done: Ran) -> None:
    """Show how many moved by each scheme, then who did, worst first."""
    kinds = [kind for kind in _TITLES if kind in _ALWAYS or any(one[kind] for one in done.counts.values())]
    summary = [SCHEME, *(Column(kind, _TITLES[kind], "right", "integer") for kind in kinds)]
    if app.options.out is None and not app.options.fields:
        rows(app, ({"scheme": name, **counts} for name, counts in _whole(done, kinds)), summary)
        if done.rows:
            click.echo("", nl=not app.rehearsed)
    if done.rows:
        moved = sorted(done.rows, key=lambda row: _ORDER.index(row.move))
        most = SHOWN if app.options.out is None else len(moved)
        rows(app, (row._asdict() for row in moved[:most]), _ROWS)
        if more := max(0, len(moved) - most):
            said = ngettext(
                "{count} more move; -o jsonl shows all", "{count} more moves; -o jsonl shows all", more
            )
            app.echo(said.format(count=more))


def _whole(done: Ran, kinds: list[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, counts in done.counts.items():
        yield name, {kind: counts[kind] for kind in kinds}


def _tell(app: App, done: Ran, sequence: int | None) -> None:
    for name, notes in done.notes.items():
        for note in notes:
            app.echo(_("{scheme}: {note}").format(scheme=name, note=note))
    for name, why in done.left_out.items():
        app.echo(_("{scheme} was left out: {why}").format(scheme=name, why=why))
    if app.options.dry_run:
        said = ngettext(
            "dry run: {count} grade would be recorded",
            "dry run: {count} grades would be recorded",
            done.recorded,
        )
        app.echo(said.format(count=done.recorded))
        return
    said = ngettext("{count} grade recorded", "{count} grades recorded", done.recorded)
    choosing.saved(app, said.format(count=done.recorded), sequence)
