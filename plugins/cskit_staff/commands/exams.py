"""Exams at the command line: drawn, printed, marked, looked over."""

from __future__ import annotations

import datetime as dt

import click

from cskit import App, Column, Usage, pass_app, rows
from cskit.crud.choosing import REASON, saved
from cskit.display import printing
from cskit.i18n import _, ngettext
from cskit.importing import uninterrupted
from cskit.intake import tabular
from cskit.records import parse_day
from cskit.records.masks import of_path
from cskit.terminal.options import writes
from cskit_staff.facts import SITTINGS
from cskit_staff.learning import exams, marking
from cskit_staff.learning.learning import Sitting

_DRAWN = (
    Column("id", "ID", kind="name"),
    Column("title", "Title"),
    Column("questions", "Questions", "right", "integer"),
    Column("seed", "Seed", "right", "integer"),
)
_ITEMS = (
    Column("number", "No.", "right", "integer"),
    Column("question", "Question", kind="name"),
    Column("text", "Text"),
    Column("answer", "Right answer", kind="name"),
    Column("sat", "Sat", "right", "integer"),
    Column("blank", "Blank", "right", "integer"),
    Column("right", "Right", "right", "integer"),
    Column("share", "Right %", "right", "decimal"),
)


@click.command()
@click.argument("title", metavar="TITLE")
@click.option("--topic", "topics", multiple=True, metavar="TOPIC", help="Only questions on this; repeatable.")
@click.option("--questions", type=click.IntRange(1, 500), metavar="N", help="How many.")
@click.option("--seed", type=int, metavar="N", help="The same seed draws the same questions.")
@click.option("--pass-mark", type=click.IntRange(0, 100), metavar="N", help="Passed from here on, of 100.")
@click.option("--course", metavar="ID", help="The course it is the exam of.")
@click.option("--on", metavar="DAY", help="The day on which it is sat.")
@REASON
@pass_app
def draw(
    app: App,
    title: str,
    topics: tuple[str, ...],
    questions: int | None,
    seed: int | None,
    pass_mark: int | None,
    course: str | None,
    on: str | None,
    reason: str | None,
) -> None:
    """Draw an exam from the question bank.

    \b
    Example:
      cskit staff exam draw "Products, November" --questions 2 --seed 7
    """
    wish = exams.Wish(title, topics, questions, seed, pass_mark, course, _day(on))
    with app.transaction(reason=reason) as tx:
        made = exams.draw(app, tx, wish)
    rows(app, [{"id": made.id, "title": title, "questions": len(made.questions), "seed": made.seed}], _DRAWN)
    saved(app, _("exam drawn"), tx.sequence)


def _day(text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        return parse_day(text)
    except ValueError as error:
        raise Usage(_("--on {day}: {fault}").format(day=text, fault=error)) from None


@writes(*printing.FORMATS)
@click.command("paper")
@click.argument("exam", metavar="EXAM")
@click.option("--answers", is_flag=True, help="With the right answers, to mark by.")
@pass_app
def paper_(app: App, exam: str, answers: bool) -> None:
    """Write an exam as it is handed out: -o html or docx is for A4, else it is Markdown.

    \b
    Example:
      cskit staff exam paper EX-0001 -o html --out exam.html
    """
    printing.write(app, [exams.sheet(app, exams.one_exam(app, app.reading(), exam), answers=answers)])


@click.command()
@click.argument("exam", metavar="EXAM")
@click.argument("file", type=click.Path(allow_dash=True), metavar="FILE")
@REASON
@pass_app
def mark(app: App, exam: str, file: str, reason: str | None) -> None:
    """Mark answer sheets from a file.

    A row is a person's: the column `staff` (员工) says whose, the columns 1, 2, 3 … the letters ticked. The
    same file again changes nothing.

    \b
    Example:
      cskit staff exam mark EX-0001 sheets.csv
    """
    data, source = tabular.read_source(file)
    with uninterrupted(), app.transaction(reason=reason) as tx:
        found = marking.mark(app, tx, exam, data, source)
    if found.unused:
        app.echo(_("columns that mean nothing: {names}").format(names=_(", ").join(found.unused)))
    columns = (
        Column("id", "ID", kind="name"),
        Column("staff", "Person", kind="name"),
        Column("score", "Score", "right", "decimal", of_path(Sitting, ("score",))),
        Column("passed", "Passed", kind="boolean"),
    )
    rows(app, ({name: getattr(one, name) for name in _SHOWN} for one in found.sittings), columns, SITTINGS)
    said = ngettext(
        "{count} sheet marked, {known} known", "{count} sheets marked, {known} known", len(found.sittings)
    )
    saved(app, said.format(count=len(found.sittings), known=found.known), tx.sequence)


_SHOWN = ("id", "staff", "score", "passed")


@click.command("items")
@click.argument("exam", metavar="EXAM")
@pass_app
def items(app: App, exam: str) -> None:
    """Show how often each question of an exam was answered right.

    \b
    Example:
      cskit staff exam items EX-0001
    """
    reading = app.reading()
    rows(app, exams.items(app, reading, exams.one_exam(app, reading, exam)), _ITEMS)
