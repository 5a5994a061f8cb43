"""Which store a command works with: the department's, or what it knew at an earlier moment.

Must not import click.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from cskit.store.folder import open_store

if TYPE_CHECKING:
    from cskit.app import App
    from cskit.store.protocol import Store


def opened(app: App, clock: Callable[[], dt.datetime]) -> Store:
    """Return the store in the data folder; with --as-of as it was, and only to be read."""
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
