"""Questionnaires and samples as rows to look at. Must not import click or a store."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from cskit import _, rules
from cskit.config import tomlfile
from cskit.intake import tabular
from cskit.records import field
from cskit.rules import shape
from cskit.stored import decoder
from cskit_surveys import answers
from cskit_surveys.model import Response
from cskit_surveys.questionnaires import KIND, Question, Questionnaire, faults

if TYPE_CHECKING:
    from cskit import App


def questionnaires(app: "App") -> Iterator[dict[str, Any]]:
    """Yield a row for each questionnaire."""
    for rule in rules.load(app, KIND).values():
        asked: Questionnaire = rule.value
        count = sum(1 for _question in asked.questions())
        yield {"name": rule.name, "title": str(asked.title), "questions": count, "source": asked.source}


def questions(asked: Questionnaire) -> Iterator[dict[str, Any]]:
    """Yield a row for each question of a questionnaire."""
    number = 0
    for section in asked.sections:
        for question in section.questions:
            number += 1
            row = {
                "number": number,
                "section": str(section.title),
                "code": question.code,
                "type": question.type,
                "question": str(question.text),
                "answers": possible(asked, question),
                "asked_if": question.ask_if or None,
            }
            yield {name: value for name, value in row.items() if value is not None}


def possible(asked: Questionnaire, question: Question) -> str | None:
    """Return what can be answered, in short; None for anything."""
    if question.options:
        return answers.allowed(question)
    numbers = asked.numbers(question)
    if not numbers:
        return None
    span = _("{first} to {last}").format(first=numbers[0], last=numbers[-1])
    return _("{span}, or does not apply").format(span=span) if question.na else span


def checked(file: str) -> list[str]:
    """Return all that is wrong with a questionnaire's file, a line each."""
    data, source = tabular.read_source(file)
    values = tomlfile.parse(source, data)
    values.pop("replaces", None)
    found = [
        _("{place}: {fault}").format(place=key, fault=said)
        for key, said in shape.faults(Questionnaire, values)
    ]
    return found or list(faults(msgspec.convert(values, Questionnaire, strict=True)))


class Person(msgspec.Struct, frozen=True, gc=False):
    """What a call list needs of a customer on the register."""

    id: str
    name: str = ""
    phone: Annotated[str, field("Phone", "电话", personal="phone")] | None = None


def call_list(app: "App", responses: Sequence[Response]) -> Iterator[dict[str, Any]]:
    """Yield a row for each of a round's sample, with whom to call where the register knows."""
    ids = sorted({one.customer for one in responses if one.customer})
    people: dict[str, Person] = {}
    if ids and "customers" in app.plugins.record_types:
        decode = decoder("customers", Person)
        people = {one.id: one for one in map(decode, app.reading().read("customers", ids=ids))}
    for one in responses:
        person = people.get(one.customer or "")
        row = {
            "id": one.id,
            "about": one.record,
            "customer": one.customer,
            "name": person.name if person else None,
            "phone": person.phone if person else None,
            "staff": one.staff,
            "department": one.department,
            "stratum": one.stratum,
            "state": one.state,
            "attempts": one.attempts or None,
        }
        yield {name: value for name, value in row.items() if value is not None}
