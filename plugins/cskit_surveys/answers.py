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
_SEVERAL = re.compile(r"\s*(?:;|；|┋|\||｜|\n|、)\s*")
_BETWEEN = re.compile(r"\s*[;┋|\n、,]\s*")
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
        if {said, _bare(said)} & {plain(label.en), plain(label.zh)}:
            return number
    raise ValueError(_("expected {first} to {last}").format(first=numbers[0], last=numbers[-1]))


def option_of(question: Question, text: str) -> str | None:
    """Return the code of the option that a text names, None for none of them.

    Questionnaire services write "A.准时", or "其他〖words typed beside it〗".
    """
    said = plain(text)
    for number, option in enumerate(question.options, 1):
        if said in (option.code, str(number), plain(option.label.en), plain(option.label.zh)):
            return option.code
    short = _bare(said)
    for option in question.options:
        if short and short in (plain(option.label.en), plain(option.label.zh)):
            return option.code
    return None


def _bare(said: str) -> str:
    """Return a plain label without the letter a service puts before it, and what it puts behind."""
    return re.sub(r"^[a-z]\s*[.、:]\s*", "", re.split(r"[〖\[(]", said)[0]).strip(" :")


def _option(question: Question, text: str) -> str:
    code = option_of(question, text)
    if code is None:
        raise ValueError(_("is not one of {options}").format(options=allowed(question)))
    return code


def _options(question: Question, text: str) -> list[str]:
    """Return the options of a cell that may hold several.

    Between them stand marks, commas (which labels may hold as well), or, between codes, spaces.
    """
    parts = [part for part in _SEVERAL.split(text.strip()) if part]
    found = [option_of(question, part) for part in parts]
    if None in found:
        codes = {option.code for option in question.options}
        words = plain(text).split()
        whole = words if codes.issuperset(words) else _divided(question, plain(text))
        if not whole:
            bad = parts[found.index(None)]
            _option(question, bad)
        found = [option_of(question, part) for part in whole]
    return in_order(question, [code for code in found if code])


def _divided(question: Question, said: str) -> list[str]:
    """Divide a plain text into the names of options, the longest first; [] where that fails."""
    names = {option.code for option in question.options}
    names |= {plain(label) for option in question.options for label in (option.label.en, option.label.zh)}
    for name in sorted(names, key=len, reverse=True):
        if said == name:
            return [name]
        mark = _BETWEEN.match(said, len(name)) if said.startswith(name) else None
        rest = _divided(question, said[mark.end() :]) if mark else []
        if rest:
            return [name, *rest]
    return []


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
