"""The command schema of a record type: what its records hold, for people and for programs."""

from __future__ import annotations

import click

from cskit import schemas
from cskit.app import App, pass_app
from cskit.declarations import RecordType
from cskit.display import views
from cskit.terminal import options


def schema(record_type: RecordType) -> click.Command:
    """Return the command that shows a record type's fields."""

    @click.command("schema")
    @pass_app
    def command(app: App) -> None:
        model = app.model(record_type.table)
        wanted = views.places(model, app.options.fields or views.exported(model), "--fields")
        if _as_rows(app):
            found = schemas.rows(wanted)
            screen = views.form(app) == "table"
            views.rows(app, found, schemas.filled(found) if screen else schemas.COLUMNS)
        else:
            views.whole(app, schemas.schema(record_type, model, wanted))

    return command


def _as_rows(app: App) -> bool:
    """Tell whether a row for each field is asked for; JSON Schema is what the word stands for otherwise."""
    form = views.form(app)
    asked = form != "table" or "--output" in options.given(click.get_current_context())
    return asked and form != "json"


VERBS = {"schema": schema}
