"""Interviews in the terminal: one question at a time; back, skip, save and quit."""

from __future__ import annotations

import sys

import click

from cskit import App, Usage, pass_app
from cskit.crud.choosing import REASON
from cskit.display.console import say
from cskit.i18n import _, ngettext
from cskit_surveys import answers, asking, rounds
from cskit_surveys.course import Course
from cskit_surveys.interview import Interview

BACK, SKIP, QUIT, REFUSED, UNREACHED = "<", ">", "q!", "r!", "u!"


@click.command()
@click.argument("round_", metavar="ROUND")
@click.argument("who", required=False)
@click.option("--channel", metavar="CHANNEL", default="phone", help="phone, visit, online, paper or other.")
@REASON
@pass_app
def ask(app: App, round_: str, who: str | None, channel: str, reason: str | None) -> None:
    """Interview the next of a round's sample, or WHO, in the terminal.

    Each answer is a number, a code or a label. < goes back, > skips, q! saves and quits: it can be taken up
    again, as after Ctrl-C. r! notes a refusal, u! that nobody was reached. Answers can also be piped in, one
    a line.

    \b
    Example:
      cskit survey ask SR-0001 SA-000001
    """
    survey = rounds.one_round(app, app.reading(), round_)
    course = Course(rounds.asked(app, survey))
    response = asking.next_of(app.reading(), survey, who)
    talk = Interview(course, course.given(response))
    say(asking.whom(app, response))
    if sys.stdin.isatty():
        say(_("< goes back, > skips, q! saves and quits, r! refused, u! not reached"))
    if course.asked.introduction:
        say(str(course.asked.introduction))
    how, broken_off = "", False
    try:
        how = _talk(talk, course)
    except KeyboardInterrupt:  # what somebody has said is kept
        broken_off = True
        say("")
    with app.transaction(reason=reason) as tx:
        state = asking.keep(app, tx, response.id, course, talk.answers, how=how, channel=channel)
    left = asking.left(app.reading(), survey)
    said = ngettext("{id}: {state}; {count} is still to ask", "{id}: {state}; {count} are still to ask", left)
    app.echo(said.format(id=response.id, state=state, count=left))
    if broken_off:
        raise KeyboardInterrupt


def _talk(talk: Interview, course: Course) -> str:
    """Ask until the end, or until somebody quits; return "" or how it ended."""
    while talk.question is not None:
        place, count = talk.place
        question = talk.question
        say("")
        say(f"[{place}/{count}] {question.text}")
        for line in answers.offered(course.asked, question):
            say(f"    {line}")
        typed = _line()
        if typed is None or typed == QUIT:
            return ""
        if typed in (REFUSED, UNREACHED):
            return {REFUSED: "refused", UNREACHED: "unreached"}[typed]
        if typed == BACK:
            if not talk.back():
                say(_("this is the first question"))
        elif typed == SKIP:
            talk.skip()
        else:
            _take(talk, typed)
    return ""


def _take(talk: Interview, typed: str) -> None:
    question = talk.question
    try:
        if not typed and question is not None and question.required:
            raise ValueError(_("an answer is needed; > skips it for now"))
        talk.answer(typed)
    except ValueError as error:
        if not sys.stdin.isatty():
            raise Usage(
                _("{code}: '{answer}': {fault}").format(
                    code=question.code if question else "", answer=typed, fault=error
                )
            ) from None
        say(str(error))


def _line() -> str | None:
    """Return a line as typed, None at the end of the input."""
    if sys.stdin.isatty():
        click.echo("> ", nl=False, err=True)
    line = sys.stdin.readline()
    return line.strip() if line else None
