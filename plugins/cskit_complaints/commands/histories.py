"""`case import-events`: histories of other systems."""

from __future__ import annotations

import click

from cskit import App, Column, Usage, mark, pass_app, rows
from cskit.crud.choosing import REASON, saved
from cskit.display.views import form, target
from cskit.i18n import _, ngettext
from cskit_complaints import histories, logs

_COUNTS = tuple(
    Column(name, title, "right", "integer")
    for name, title in (
        ("new", mark("New")),
        ("changed", mark("Changed")),
        ("unchanged", mark("Unchanged")),
        ("ours", mark("Worked on here")),
        ("rows", mark("Rows")),
        ("remarks", mark("Remarks")),
        ("unfit", mark("Without a transition")),
        ("created", mark("Customers created")),
    )
)


@click.command("import-events")
@click.argument("file", metavar="FILE")
@click.option("--map", "map_path", metavar="FILE.toml", help="What the log's columns and activities mean.")
@click.option(
    "--init-map", is_flag=True, help="Write a mapping for this log, to be gone over; import nothing."
)
@click.option("--create-customers", is_flag=True, help="Add the customers that rows name and nobody knows.")
@REASON
@pass_app
def import_events(
    app: App, file: str, map_path: str | None, init_map: bool, create_customers: bool, reason: str | None
) -> None:
    """Take over the history of another system: cases rebuilt from its event log.

    The log is a table (csv, csv.gz, xlsx, jsonl) with a row for each thing that happened: which case, what,
    when, by whom. Each activity means one of our states; the steps between are filled in. Rows that fit no
    transition stay as comments, and are counted. The same log again changes nothing.

    \b
    Example:
      cskit case import-events helpdesk.csv --map helpdesk.toml
    """
    if init_map:
        with target(app) as out:
            out.write(logs.started(file))
        return
    if map_path is None:
        raise Usage(
            _("what do its columns mean?"), _("--init-map writes a mapping to fill in, --map takes it")
        )
    form(app)  # refused before anything is saved
    done, sequence = histories.take_over(
        app, file, map_path, create_customers=create_customers, reason=reason
    )
    rows(app, [done._asdict()], _COUNTS)
    for activity, count in done.unmapped.items():
        said = ngettext(
            "the mapping does not name '{activity}': {count} row is a comment",
            "the mapping does not name '{activity}': {count} rows are comments",
            count,
        )
        app.echo(said.format(activity=activity, count=count))
    saved(app, _("{count} rows read").format(count=done.rows), sequence)
