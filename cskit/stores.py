"""Which store a command works with: the department's, or what it knew at an earlier moment.

Must not import click.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from cskit.errors import StorageFailed
from cskit.i18n import _
from cskit.store.folder import open_store

if TYPE_CHECKING:
    from cskit.app import App
    from cskit.store.protocol import Store


def opened(app: App, clock: Callable[[], dt.datetime]) -> Store:
    """Return the store in the data folder; with --as-of as it was, and only to be read."""
    refuse_half_restored(app.folder)
    store = open_store(
        app.folder,
        lock_timeout=app.options.lock_timeout,
        notice=app.echo,
        owned=lambda table: table in app.plugins.record_types,
    )
    if app.options.as_of is None:
        return store
    from cskit import migrations, past
    from cskit.store.past import PastStore

    return PastStore(store, past.end(app, app.options.as_of, clock()), migrations.modern(app))


def refuse_half_restored(folder: str) -> None:
    """Raise `StorageFailed` where a folder is missing since putting a backup there was stopped half way."""
    if os.path.lexists(folder):
        return
    home, name = os.path.split(os.path.realpath(folder))
    with contextlib.suppress(OSError):
        names = os.listdir(home)
        kept = [one for one in names if one.startswith(f"{name}.before")]
        if kept and any(one.startswith(f"{name}.part") for one in names):
            raise StorageFailed(
                _("{folder} is missing: putting a backup there was stopped half way").format(folder=folder),
                _("`mv {kept} {folder}` brings back what was there; then restore again").format(
                    kept=os.path.join(home, max(kept, key=len)), folder=folder
                ),
            )
