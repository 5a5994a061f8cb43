"""A questionnaire as an XLSForm, which ODK, Kobo and others put on phones (xlsform.org).

Must not import click or a store.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from cskit import Refused, _
from cskit.rules import Label
from cskit_surveys.questionnaires import Question, Questionnaire
from cskit_surveys.scoring import NOT_APPLICABLE

_ENGLISH, _CHINESE = "label::English (en)", "label::中文 (zh)"
_SURVEY = ("type", "name", _ENGLISH, _CHINESE, "required", "relevant", "constraint", "appearance")
_CHOICES = ("list_name", "name", _ENGLISH, _CHINESE)
_NOT = Label(en="does not apply", zh="不适用")
_WHO = Label(en="Number of the person on the call list", zh="调查名单上的编号")
_TYPES = {"text": "text", "number": "decimal", "date": "date"}
_OPERATORS: dict[type[ast.cmpop], str] = {
    ast.Eq: "=",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


def write(name: str, asked: Questionnaire, out: BinaryIO) -> None:
    """Write a questionnaire as the workbook of an XLSForm, in both languages.

    Raises `Refused` for a condition that XPath cannot say.
    """
    import xlsxwriter

    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    _sheet(book, "survey", _SURVEY, _survey(asked))
    _sheet(book, "choices", _CHOICES, _choices(asked))
    identity = re.sub(r"[^a-z0-9_]", "_", name.casefold())
    title = f"{asked.title.zh} {asked.title.en}"
    settings = ("form_title", "form_id", "default_language")
    _sheet(book, "settings", settings, [(title, identity, "中文 (zh)")])
    book.close()


def _sheet(
    book: object, name: str, headings: Sequence[str], rows: Iterator[Sequence[str]] | list[Sequence[str]]
) -> None:
    page = book.add_worksheet(name)  # type: ignore[attr-defined]  # xlsxwriter has no types
    for number, row in enumerate([headings, *rows]):
        for place, cell in enumerate(row):
            if cell:
                page.write_string(number, place, cell)
    page.freeze_panes(1, 0)


def _survey(asked: Questionnaire) -> Iterator[Sequence[str]]:
    yield "start", "start", "", "", "", "", "", ""
    yield "end", "end", "", "", "", "", "", ""
    yield "text", "who", _WHO.en, _WHO.zh, "yes", "", "", ""
    if asked.introduction:
        yield "note", "introduction", asked.introduction.en, asked.introduction.zh, "", "", "", ""
    types = {question.code: question for question in asked.questions()}
    for section in asked.sections:
        yield "begin_group", f"section_{section.code}", section.title.en, section.title.zh, "", "", "", ""
        for question in section.questions:
            yield (
                _type(asked, question),
                question.code,
                question.text.en,
                question.text.zh,
                "yes" if question.required else "",
                relevance(question, types),
                "",
                "horizontal-compact" if question.type in ("scale", "nps", "effort") else "",
            )
        yield "end_group", "", "", "", "", "", "", ""


def _type(asked: Questionnaire, question: Question) -> str:
    if question.type in _TYPES:
        return _TYPES[question.type]
    if question.type == "multi":
        return f"select_multiple {question.code}"
    return f"select_one {_list(asked, question)}"


def _list(asked: Questionnaire, question: Question) -> str:
    """Name the list of a question's answers; questions of one scale share one."""
    if question.options:
        return question.code
    name = f"scale_{question.scale}" if question.type == "scale" else question.type
    return f"{name}_na" if question.na else name


def _choices(asked: Questionnaire) -> Iterator[Sequence[str]]:
    done = set()
    for question in asked.questions():
        name = _list(asked, question)
        if question.type in _TYPES or name in done:
            continue
        done.add(name)
        for option in question.options:
            yield name, option.code, option.label.en, option.label.zh
        labels = asked.scales[question.scale].labels if question.type == "scale" else []
        for place, number in enumerate(asked.numbers(question)):
            label = labels[place] if labels else Label(en=str(number), zh=str(number))
            yield name, str(number), label.en, label.zh
        if question.na:
            yield name, NOT_APPLICABLE, _NOT.en, _NOT.zh


# --- conditions --------------------------------------------------------------------------------------------


def relevance(question: Question, types: dict[str, Question]) -> str:
    """Return the condition of a question as XPath, "" for none; raises `Refused` for what it cannot say."""
    if not question.ask_if:
        return ""
    try:
        return _xpath(ast.parse(question.ask_if, mode="eval").body, types)
    except ValueError as error:
        raise Refused(
            _("question {code}: the condition `{condition}` cannot be said in an XLSForm: {fault}").format(
                code=question.code, condition=question.ask_if, fault=error
            ),
            _("compare answers with ==, !=, <, >, in, contains(), joined by and, or, not"),
        ) from None


def _xpath(node: ast.expr, types: dict[str, Question]) -> str:
    match node:
        case ast.BoolOp():
            word = " and " if isinstance(node.op, ast.And) else " or "
            return word.join(f"({_xpath(part, types)})" for part in node.values)
        case ast.UnaryOp(op=ast.Not()):
            return f"not({_xpath(node.operand, types)})"
        case ast.Compare(
            ops=[ast.In() | ast.NotIn() as sign], comparators=[ast.List() | ast.Tuple() as listed]
        ):
            left = _value(node.left)
            found = " or ".join(f"{left} = {_value(part)}" for part in listed.elts)
            return f"({found})" if isinstance(sign, ast.In) else f"not({found})"
        case ast.Compare(ops=[ast.In()], comparators=[ast.Name() as held]) if held.id in types:
            return f"selected({_value(held)}, {_value(node.left)})"
        case ast.Compare():
            terms = [node.left, *node.comparators]
            pairs = zip(terms, node.ops, terms[1:], strict=False)
            return " and ".join(f"{_value(a)} {_sign(sign)} {_value(b)}" for a, sign, b in pairs)
        case ast.Call(func=ast.Name(id="contains"), args=[ast.Name() as held, part]):
            return f"selected({_value(held)}, {_value(part)})"
        case ast.Call(func=ast.Name(id="known"), args=[ast.Name() as held]):
            return f"{_value(held)} != ''"
    raise ValueError(ast.unparse(node))


def _sign(sign: ast.cmpop) -> str:
    if type(sign) not in _OPERATORS:
        raise ValueError(type(sign).__name__)
    return _OPERATORS[type(sign)]


def _value(node: ast.expr) -> str:
    match node:
        case ast.Name():
            return f"${{{node.id}}}"
        case ast.Constant(value=str(text)) if "'" not in text:
            return f"'{text}'"
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return str(number)
    raise ValueError(ast.unparse(node))
