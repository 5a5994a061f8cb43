"""Spot checks at the command line: drawing, the list to fill in, results, the trend."""

from __future__ import annotations

import click

from cskit import App, Column, Usage, pass_app, rows
from cskit.crud.choosing import REASON, saved
from cskit.display import charts, views
from cskit.i18n import _, ngettext
from cskit_property.checks import checks, results, standards
from cskit_property.commands.typed import PERIOD, day_of, period_of
from cskit_property.estates import ranking

_ITEMS = (
    Column("item", "Checked item", kind="name"),
    Column("area", "Area"),
    Column("text", "What is looked at"),
    Column("points", "Worth", "right", "decimal"),
    Column("serious", "Serious", kind="boolean"),
    Column("kept", "Points kept", "right"),
    Column("finding", "Finding"),
    Column("photos", "Photos", kind="list"),
)
_OPENED = (
    Column("id", "Rectification", kind="name"),
    Column("item", "Checked item", kind="name"),
    Column("finding", "Finding"),
    Column("serious", "Serious", kind="boolean"),
    Column("due", "Due", kind="time"),
)
_TREND = (
    Column("period", "Period"),
    Column("project", "Project", kind="name"),
    Column("score", "Score", "right", "decimal"),
    Column("change", "Change", "right", "decimal"),
    Column("checks", "Checks", "right", "integer"),
    Column("lowest", "Lowest", "right", "decimal"),
    Column("findings", "Findings", "right", "integer"),
    Column("serious", "Serious", "right", "integer"),
)


@click.command()
@click.argument("project")
@click.option("--standard", required=True, metavar="NAME", help="By which service standard.")
@click.option("--items", type=click.IntRange(min=1), metavar="N", help="Draw so many items; all if left out.")
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="The same seed draws the same items.")
@click.option("--on", metavar="DAY", help="The day of the check (else today).")
@click.option("--checker", metavar="STAFF", help="Who checks (else who acts).")
@click.option("--note", metavar="TEXT", help="Anything else.")
@REASON
@pass_app
def new(
    app: App,
    project: str,
    standard: str,
    items: int | None,
    seed: int | None,
    on: str | None,
    checker: str | None,
    note: str | None,
    reason: str | None,
) -> None:
    """Draw the items of a new spot check of a project.

    Every area of the standard gets its share of the items.

    \b
    Example:
      cskit property check new PJ-001 --standard residential --items 20 --seed 7
    """
    wish = checks.Wish(project, standard, items, seed, day_of(on, "--on"), checker, note)
    with app.transaction(reason=reason) as tx:
        made = checks.draw(app, tx, wish)
    rows(app, checks.rows(app, made), _ITEMS[:5])
    drawn = _("all") if made.seed is None else _("seed {seed}").format(seed=made.seed)
    count = len(made.items)
    said = ngettext("{id}: {count} item drawn ({how})", "{id}: {count} items drawn ({how})", count)
    said = said.format(id=made.id, count=count, how=drawn)
    saved(app, said, tx.sequence)


@click.command("items")
@click.argument("id")
@click.option("--left", is_flag=True, help="Only what is still to be recorded.")
@pass_app
def items_(app: App, id: str, left: bool) -> None:
    """List the items of a check and what was found; as CSV it is the list to fill in.

    \b
    Example:
      cskit property check items CK-0001 -o csv --out check.csv
    """
    rows(app, checks.rows(app, checks.one(app, id), left=left), _ITEMS)


@click.command()
@click.argument("id")
@click.argument("file", required=False, type=click.Path())
@click.option(
    "--item", "items", multiple=True, metavar="ITEM=POINTS[:FINDING]", help="Of one item; can be repeated."
)
@click.option("--rest-ok", is_flag=True, help="Everything else is as it should be.")
@REASON
@pass_app
def record(
    app: App, id: str, file: str | None, items: tuple[str, ...], rest_ok: bool, reason: str | None
) -> None:
    """Put down what a check found; each finding opens a rectification with a deadline.

    POINTS are those kept, or ok, fail, n/a. A FILE has the columns item and kept, maybe finding, photos and
    serious, as `property check items` writes them.

    \b
    Example:
      cskit property check record CK-0001 --item lobby=1:"dust on the ledge" --rest-ok
    """
    if not (file or items or rest_ok):
        raise Usage(_("what was found?"), _("give a FILE, --item, or --rest-ok"))
    check = checks.one(app, id)
    reader = results.Reader(check, standards.placed(app, check.standard))
    found = [*(reader.file(file) if file else ()), *reader.words(items)]
    with app.transaction(reason=reason) as tx:
        done = checks.record(app, tx, check.id, found, rest=rest_ok)
        opened = list(checks.opened(tx, done))
    rows(app, opened, _OPENED)
    saved(app, checks.told(done), tx.sequence)


@click.command()
@click.option("--project", metavar="ID", help="Only of this project.")
@PERIOD
@click.option(
    "--by", type=click.Choice(("month", "quarter", "year")), default="month", help="How time is cut."
)
@click.option("--chart", is_flag=True, help="Draw bars instead of a table.")
@click.option("--ascii", is_flag=True, help="Draw it with plain characters.")
@pass_app
def trend(app: App, project: str | None, period: str | None, by: str, chart: bool, ascii: bool) -> None:
    """Show how projects score from period to period.

    \b
    Example:
      cskit property check trend --project PJ-001 --by quarter
    """
    found = ranking.trend(app, project, period_of(period), by=by)
    if not (chart or ascii):
        rows(app, found, _TREND)
        return
    with views.target(app) as out:
        bars = [charts.Bar(*bar) for bar in ranking.bars(found)]
        out.writelines(f"{line}\n" for line in charts.bars(bars, 100, views.width(), ascii=ascii))
