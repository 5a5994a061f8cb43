"""Rounds at the command line: drawing a sample, the call list, answers from a file, who did not answer."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

import click

from cskit import App, Column, Period, Usage, pass_app, rows
from cskit.crud.choosing import REASON, condition, saved
from cskit.crud.files import mapping_of
from cskit.display import views
from cskit.errors import BadRows
from cskit.facts import parse_period
from cskit.i18n import _, label, ngettext
from cskit.importing import uninterrupted
from cskit.intake import tabular
from cskit.records import fields, parse_day
from cskit.records.masks import of_path
from cskit.refusals import listed
from cskit_surveys import comparing, reading, rounds, taking
from cskit_surveys import population as whom
from cskit_surveys.commands import grouped
from cskit_surveys.groups import grouping
from cskit_surveys.model import Response

_DRAWN = (
    Column("stratum", "Stratum"),
    Column("eligible", "Population", "right", "integer"),
    Column("drawn", "Drawn", "right", "integer"),
)
_LEFT = (
    Column("sampled", "Sampled", "right", "integer"),
    Column("answered", "Answered", "right", "integer"),
    Column("partial", "Partly", "right", "integer"),
    Column("refused", "Refused", "right", "integer"),
    Column("unreached", "Not reached", "right", "integer"),
    Column("open", "Still to ask", "right", "integer"),
    Column("response_rate", "Response %", "right", "decimal"),
    Column("contact_rate", "Contact %", "right", "decimal"),
)


def _calls() -> tuple[Column, ...]:
    states = {code: label(code, zh) for code, zh in fields(Response)["state"].choices.items()}
    return (
        Column("id", "ID", kind="name"),
        Column("about", "Asked about", kind="name"),
        Column("customer", "Customer", kind="name"),
        Column("name", "Name"),
        Column("phone", "Phone", mask=of_path(reading.Person, ("phone",))),
        Column("staff", "Staff"),
        Column("department", "Department"),
        Column("stratum", "Stratum"),
        Column("state", "State", kind="choice", choices=states),
        Column("attempts", "Attempts", "right", "integer"),
    )


@click.command()
@click.argument("questionnaire")
@click.option("--population", required=True, metavar="NOUN", help="About what: customer, case, …")
@click.option("--where", metavar="EXPR", help="Only those of the population for which this holds.")
@click.option("--period", metavar="PERIOD", help="What the round is about: 2026-10, or two days with ..")
@click.option("--on", metavar="FIELD", help="Only those whose day in this field lies in the period.")
@click.option("--size", default="auto", metavar="N|N%|auto", help="How many; auto: as the margin needs.")
@click.option("--confidence", default="0.95", metavar="SHARE", help="Confidence of the intervals (0.95).")
@click.option("--margin", default="0.05", metavar="SHARE", help="Margin of error for auto (0.05).")
@click.option("--seed", type=int, metavar="N", help="The same seed draws the same sample.")
@click.option("--stratify", metavar="FIELD", help="Draw in proportion from each value of this field.")
@click.option(
    "--cooldown",
    type=click.IntRange(min=0),
    default=0,
    metavar="DAYS",
    help="Leave out who was drawn in the last so many days.",
)
@click.option("--due", metavar="DAY", help="When the answers should be in.")
@click.option("--title", metavar="TEXT", help="What the round is called.")
@REASON
@pass_app
def new(
    app: App,
    /,
    questionnaire: str,
    population: str,
    where: str | None,
    period: str | None,
    reason: str | None,
    **wish: Any,
) -> None:
    """Draw the random sample of a new round.

    The same seed and the same records give the same sample. auto takes as many as the margin of error needs.

    \b
    Example:
      cskit survey new overall --population customer --size 10% --seed 7
    """
    record_type = whom.named(app, population)
    asked = whom.Wish(
        questionnaire,
        record_type.table,
        where=condition(app, record_type, where),
        condition=where,
        period=parse_period(period) if period else Period(),
        **_wish(wish),
    )
    with app.transaction(reason=reason) as tx:
        drawn = rounds.draw(app, tx, asked)
    if asked.stratify:
        rows(app, rounds.by_stratum(drawn), _DRAWN)
    else:
        views.figure(app, "id", drawn.round.id)
    saved(app, rounds.told(drawn.round), tx.sequence)


def _wish(given: dict[str, Any]) -> dict[str, Any]:
    found = dict(given)
    for name in ("confidence", "margin"):
        found[name] = _share(f"--{name}", given[name])
    if given["due"] is not None:
        try:
            found["due"] = parse_day(given["due"])
        except ValueError as error:
            raise Usage(_("--due {day}: {fault}").format(day=given["due"], fault=error)) from None
    return found


def _share(option: str, text: str) -> Decimal:
    try:
        share = Decimal(text)
    except InvalidOperation:
        share = Decimal(0)
    if not 0 < share < 1:
        raise Usage(
            _("{option} {value}: expected a share between 0 and 1").format(option=option, value=text),
            _("such as 0.95"),
        )
    return share


@click.command()
@click.argument("round_", metavar="ROUND")
@click.option("--all", "every", is_flag=True, help="Also those who have answered.")
@pass_app
def sample(app: App, round_: str, every: bool) -> None:
    """List whom to ask: a round's sample, in the order it was drawn.

    \b
    Example:
      cskit survey sample SR-0001 -o xlsx --out calls.xlsx
    """
    survey = rounds.one_round(app, app.reading(), round_)
    rows(app, reading.call_list(app, rounds.to_ask(app.reading(), survey, every=every)), _calls())


@click.command("import")
@click.argument("round_", metavar="ROUND")
@click.argument("file")
@click.option(
    "--map",
    "pairs",
    multiple=True,
    metavar="COLUMN=QUESTION",
    help="What a column answers; COLUMN= for none.",
)
@click.option(
    "--format", "form", metavar="FORMAT", help="csv, tsv, xlsx, jsonl or json (else the file tells)."
)
@click.option("--encoding", metavar="NAME", help="Of a text file (else UTF-8 or GB18030).")
@click.option("--sheet", metavar="NAME|N", help="Which sheet of a workbook.")
@click.option(
    "--layout", default="", metavar="NAME", help="Whose export it is, or none (else it is found out)."
)
@click.option("--keep-going", is_flag=True, help="Take the good rows although others are bad.")
@REASON
@pass_app
def import_(
    app: App,
    round_: str,
    file: str,
    pairs: tuple[str, ...],
    form: str | None,
    encoding: str | None,
    sheet: str | None,
    layout: str,
    keep_going: bool,
    reason: str | None,
) -> None:
    """Take over answers from a file into a round's sample.

    A column answers the question of its code, title or number; the column `who` (编号) says whose answers
    they are: the response, or the record or customer it is about. The same file again changes nothing.
    Exports of questionnaire services are known by their headings: Wenjuanxing, Tencent, Jinshuju, LimeSurvey,
    Google and Microsoft Forms, SurveyMonkey, Qualtrics, KoboToolbox, ODK.

    \b
    Example:
      cskit survey import SR-0001 answers.csv
    """
    mapping = mapping_of(pairs)
    data, source = tabular.read_source(file)
    told = tabular.Told(form, None, encoding, sheet)
    with uninterrupted(), app.transaction(reason=reason) as tx:
        taker = taking.Taker(app, tx, rounds.one_round(app, tx, round_), mapping, layout)
        taken = taker.take(taker.rows(data, source, told), source, keep_going=keep_going)
    if taken.unused:
        app.echo(_("columns that answer nothing: {names}").format(names=_(", ").join(taken.unused)))
    done = _("{answered} answered, {unchanged} unchanged").format(
        answered=taken.answered, unchanged=taken.unchanged
    )
    saved(app, done, tx.sequence)
    if taken.problems:
        raise _left_out(taken, source)


def _left_out(taken: taking.Taken, source: str) -> BadRows:
    error = listed(BadRows(taken.problems, source))
    count = len({problem.line for problem in taken.problems})
    error.message = ngettext(
        "{count} bad row in {source} was left out", "{count} bad rows in {source} were left out", count
    ).format(count=count, source=source)
    return error


@click.command()
@click.argument("round_", metavar="ROUND")
@click.argument("ids", nargs=-1, required=True, metavar="WHO...")
@click.option("--refused", "how", flag_value="refused", help="They do not wish to answer.")
@click.option("--unreached", "how", flag_value="unreached", help="Nobody was reached; try again.")
@REASON
@pass_app
def missed(app: App, round_: str, ids: tuple[str, ...], how: str | None, reason: str | None) -> None:
    """Note who refused to answer, or was not reached.

    \b
    Example:
      cskit survey missed SR-0001 SA-000001 --unreached
    """
    if how is None:
        raise Usage(_("what happened?"), _("say --refused or --unreached"))
    with app.transaction(reason=reason) as tx:
        count = rounds.miss(app, tx, rounds.one_round(app, tx, round_), ids, how)
    done = ngettext("{count} response noted", "{count} responses noted", count).format(count=count)
    saved(app, done, tx.sequence)


@click.command()
@click.argument("round_", metavar="ROUND")
@click.option("--by", metavar="GROUP", help="For each department, staff, region, stratum, month …")
@pass_app
def nonresponse(app: App, round_: str, by: str | None) -> None:
    """Show how far a round has come: who answered, who refused, who is still to be asked.

    \b
    Example:
      cskit survey nonresponse SR-0001 --by department
    """
    survey = rounds.one_round(app, app.reading(), round_)
    held = list(rounds.answers(app.reading(), survey.id))
    group = grouping(app, by, {one.customer for one in held if one.customer})
    states: dict[str, list[str]] = {}
    for one in held:
        states.setdefault(group(one), []).append(one.state)
    rows(app, (left.row() for left in comparing.nonresponse(states)), (*grouped(by), *_LEFT))
