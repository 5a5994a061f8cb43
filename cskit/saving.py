"""The plugins' say in a transaction: before it is saved, and after. Must not import a plugin or a store."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from cskit.errors import CskitError, PluginFailed, StorageFailed
from cskit.i18n import _
from cskit.terminal import options

if TYPE_CHECKING:
    import datetime as dt

    from cskit.app import App
    from cskit.store.protocol import Change, Look, Origin, Savepoint, Transaction

ROUNDS = 10  # how often plugins may add to a transaction that they see again


def settled(app: App, tx: Transaction, part: Transaction | Savepoint) -> Sequence[Change]:
    """Let plugins veto or add to a part of `tx`, until none does, so that each veto has seen everything."""
    from cskit import invariants, migrations

    migrations.stamp(app, tx, part.changes)
    changes = part.changes
    adding: list[str] = []
    for _round in range(ROUNDS):
        before, adding = changes, []
        for plugin, _answer in app.plugins.each("cskit_before_commit", app=app, tx=tx, changes=changes):
            changed = part.changes
            if changed != changes:
                adding.append(plugin)
                changes = changed
        if changes == before:
            migrations.stamp(app, tx, changes)  # what plugins added
            changes = part.changes
            invariants.check(app, tx, changes)
            return changes
    names = _(" and ").join(app.plugins.title(name) for name in adding)
    raise PluginFailed(
        _("plugin {names} kept changing the transaction, {rounds} times over").format(
            names=names, rounds=ROUNDS
        ),
        unsaved=True,
    )


def tell(app: App, sequence: int, changes: Sequence[Change]) -> None:
    """Tell plugins what was saved; one that fails is named and takes nothing back."""
    for plugin in app.plugins.having("cskit_after_commit"):
        try:
            app.plugins.call(plugin, "cskit_after_commit", app=app, sequence=sequence, changes=changes)
        except CskitError as error:
            app.failed_after = True
            named = error.message.startswith(f"plugin {plugin}")
            said = _("saved as {sequence}, but {message}")
            if not named:
                said = _("saved as {sequence}, but plugin {plugin} failed: {message}")
            app.warn(said.format(sequence=sequence, plugin=app.plugins.title(plugin), message=error.message))


@contextlib.contextmanager
def whole() -> Iterator[None]:
    """Let nothing that ends a command quietly look like success when its transaction is not saved."""
    try:
        yield
    except (SystemExit, click.exceptions.Exit) as stop:
        raise PluginFailed(_("the command ended before it was done"), unsaved=True) from stop
    except BrokenPipeError as error:
        raise StorageFailed(_("the output was closed before the command was done"), unsaved=True) from error


def origin(
    app: App, time: dt.datetime, reason: str | None, undoes: int | None, looks: Mapping[str, Look]
) -> Origin:
    """Return who asks, when, with which command and why, as the history notes it."""
    from cskit.store.protocol import Origin

    ctx = click.get_current_context(silent=True)
    return Origin(
        time=time,
        user=app.user,
        staff=app.staff,
        command=ctx.command_path.partition(" ")[2] if ctx else "",
        options=options.given(ctx),
        now=app.now if app.options.now is not None else None,
        reason=reason,
        undoes=undoes,
        revealed=dict(looks),
    )
