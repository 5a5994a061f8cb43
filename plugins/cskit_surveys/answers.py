"""What a person answers to one question: from text to value, and back to what people read.

Must not import click or a store.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from cskit import _
from cskit.records import parse_day
from cskit.rules import Label
from cskit_surveys.questionnaires import Question, Questionnaire
from cskit_surveys.scoring import NOT_APPLICABLE

_NOT_APPLICABLE = {"na", "n/a", "n.a.", "not applicable", "does not apply", "不适用", "无此项", "不清楚"}
_BLANK = {"", "(跳过)", "(空)", "(skipped)", "-"}
_SEVERAL = re.compile(r"\s*(?:;|；|┋|\||\n|、)\s*")
_NUMBER = re.compile(r"[+-]?\d{1,18}(\.\d{1,9})?", re.ASCII)


def plain(text: str) -> str:
    """Return a text as it is compared: width, case and spaces folded."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def blank(text: str) -> bool:
    """Tell whether a cell says that the question was not answered."""
    return plain(text) in _BLANK


def parse(asked: Questionnaire, question: Question, text: str) -> Any:
    """Return the answer that a text means: a number, a code, a list of codes, or what was written.

    Options may be given by code, by label in either language, or by their number from 1 on; points of a
    scale by number or label. Raises `ValueError` that says what is allowed.
    """
    said = plain(text)
    if said in _NOT_APPLICABLE:
        if question.na:
            return NOT_APPLICABLE
        raise ValueError(_("this question cannot be answered with 'does not apply'"))
    match question.type:
        case "single":
            return _option(question, text)
        case "multi":
            return _options(question, text)
        case "text":
            return text.strip()
        case "number":
            return _decimal(said)
        case "date":
            return parse_day(text.strip())
    return _point(asked, question, said)


def _point(asked: Questionnaire, question: Question, said: str) -> int:
    numbers = asked.numbers(question)
    if _NUMBER.fullmatch(said) and Decimal(said) == int(Decimal(said)) and int(Decimal(said)) in numbers:
        return int(Decimal(said))
    labels = asked.scales[question.scale].labels if question.type == "scale" else []
    for number, label in enumerate(labels, 1):
        if said in (plain(label.en), plain(label.zh)):
            return number
    raise ValueError(_("expected {first} to {last}").format(first=numbers[0], last=numbers[-1]))


def _option(question: Question, text: str) -> str:
    said = plain(text)
    for number, option in enumerate(question.options, 1):
        if said in (option.code, str(number), plain(option.label.en), plain(option.label.zh)):
            return option.code
    # Questionnaire services write "A.准时" or "其他〖words typed beside it〗".
    short = re.sub(r"^[a-z]\s*[.、:]\s*", "", re.split(r"[〖\[(]", said)[0]).strip()
    for option in question.options:
        if short and short in (plain(option.label.en), plain(option.label.zh)):
            return option.code
    raise ValueError(_("is not one of {options}").format(options=allowed(question)))


def _options(question: Question, text: str) -> list[str]:
    labels = {plain(one) for option in question.options for one in (option.label.en, option.label.zh)}
    parts = [text] if plain(text) in labels else _SEVERAL.split(text.strip())
    if len(parts) == 1 and parts[0].count(",") + parts[0].count("，") and plain(parts[0]) not in labels:
        parts = re.split(r"\s*[,，]\s*", parts[0])
    chosen = [_option(question, part) for part in parts if part]
    return in_order(question, chosen)


def in_order(question: Question, chosen: Sequence[str]) -> list[str]:
    """Return chosen codes in the order of the question's options, each once."""
    return [option.code for option in question.options if option.code in chosen]


def _decimal(said: str) -> Decimal:
    number = said.removesuffix("%").replace(",", "").strip()
    if not _NUMBER.fullmatch(number):
        raise ValueError(_("expected a number such as 1234.50"))
    return Decimal(number)


def allowed(question: Question) -> str:
    """Return the options of a question as people may name them: code and label."""
    return _(", ").join(f"{option.code} ({option.label})" for option in question.options)


def shown(asked: Questionnaire, question: Question, answer: Any) -> str:
    """Return an answer as people read it."""
    if answer is None:
        return ""
    if answer == NOT_APPLICABLE:
        return _("does not apply")
    labels: dict[Any, Label] = {option.code: option.label for option in question.options}
    if question.type == "scale":
        labels = dict(enumerate(asked.scales[question.scale].labels, 1))
    if isinstance(answer, list):
        return _(", ").join(str(labels.get(one, one)) for one in answer)
    if question.type == "scale" and answer in labels:
        return f"{answer} ({labels[answer]})"
    return str(labels.get(answer, answer))


def offered(asked: Questionnaire, question: Question) -> Iterator[str]:
    """Yield what can be typed for a question, a line each; nothing for what is written freely."""
    for number, option in enumerate(question.options, 1):
        yield f"{number}  {option.label}"
    labels = asked.scales[question.scale].labels if question.type == "scale" else []
    for place, number in enumerate(asked.numbers(question)):
        if labels:
            yield f"{number}  {labels[place]}"
    numbers = asked.numbers(question)
    if numbers and not labels:
        yield _("{first} to {last}").format(first=numbers[0], last=numbers[-1])
    if question.type == "multi":
        yield _("several with ; between")
    if question.na:
        yield _("na  does not apply")
