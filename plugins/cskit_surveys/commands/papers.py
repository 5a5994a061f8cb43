"""Questionnaires at the command line: what they ask, what is wrong with one, forms of them."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from typing import BinaryIO, cast

import click

from cskit import App, BadData, Column, Usage, pass_app, rows
from cskit.display import printing, views
from cskit.i18n import _, ngettext
from cskit.terminal.options import writes
from cskit_surveys import papers, questionnaires, reading, xlsform

_LISTED = (
    Column("name", "Name", kind="name"),
    Column("title", "Title"),
    Column("questions", "Questions", "right", "integer"),
    Column("source", "Source"),
)
_ASKED = (
    Column("number", "No.", "right", "integer"),
    Column("section", "Section"),
    Column("code", "Code", kind="name"),
    Column("type", "Type"),
    Column("question", "Question"),
    Column("answers", "Answers"),
    Column("asked_if", "Asked if"),
)


@click.command("questionnaires")
@pass_app
def list_(app: App) -> None:
    """List the questionnaires there are.

    \b
    Example:
      cskit survey questionnaires
    """
    rows(app, reading.questionnaires(app), _LISTED)


@click.command()
@click.argument("questionnaire")
@pass_app
def show(app: App, questionnaire: str) -> None:
    """Show what a questionnaire asks.

    \b
    Example:
      cskit survey show repair
    """
    rows(app, reading.questions(questionnaires.load(app, questionnaire).value), _ASKED)


@click.command()
@click.argument("file", type=click.Path())
@pass_app
def check(app: App, file: str) -> None:
    """Look at a questionnaire's file before it is used.

    \b
    Example:
      cskit survey check our-survey.toml
    """
    found = reading.checked(file)
    for fault in found:
        app.warn(fault)
    if found:
        said = ngettext("{count} fault in {file}", "{count} faults in {file}", len(found))
        raise BadData(said.format(count=len(found), file=file), _("correct it, then check again"))
    app.echo(_("{file}: nothing is wrong").format(file=file))


@writes(*printing.FORMATS, "xlsform")
@click.command()
@click.argument("questionnaire")
@pass_app
def form(app: App, questionnaire: str) -> None:
    """Write a questionnaire as a form: on paper, or for phones.

    -o html and docx are for A4, md is plain text, xlsform (with --out FILE.xlsx) goes to ODK or Kobo.

    \b
    Example:
      cskit survey form repair -o html --out repair.html
    """
    asked = questionnaires.load(app, questionnaire).value
    wanted = printing.form(app, "xlsform")
    if wanted == "xlsform":
        if app.options.out in (None, "-") and sys.stdout.isatty():
            raise Usage(_("a workbook cannot be shown on a terminal"), _("say --out FILE.xlsx"))
        with views.target(app) as out:
            xlsform.write(questionnaire, asked, cast("BinaryIO", cast("TextIOWrapper", out).buffer))
        return
    printing.write(app, [papers.sheet(asked)])
