"""The command lines of a file: as typed in a shell, or as JSON. Must not import click or a store.

Words and quotes are a shell's; what only a shell could do with a line is refused, never taken literally.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from cskit.i18n import _
from cskit.intake.encoding import as_utf8
from cskit.intake.strict import Fault, loads

PROGRAM = "cskit"
_FORM = '{"cmd": ["customer", "set", "C-000001", "owner=S-001"]}'
_PART = re.compile(
    r"""(?P<blank>[ \t\r]+)
    |(?P<comment>\#)
    |'(?P<plain>[^']*)'
    |"(?P<quoted>(?:[^"\\]|\\.)*)"
    |\\(?P<escaped>.)
    |(?P<bare>[^\s'"\\|&;<>`$]+|[^\S \t\r])
    |(?P<shell>[|&;<>`$])
    |(?P<open>['"\\])""",
    re.VERBOSE,
)
_ESCAPED = re.compile(r'\\(["\\$`])')  # before anything else, a backslash in quotes is one


class Line(NamedTuple):
    """One command line: its words, and the fault for which it cannot be run; "" where it can."""

    number: int
    text: str
    words: tuple[str, ...] = ()
    fault: str = ""
    hint: str = ""


class _Unfit(ValueError):
    """What is wrong with a line, and what to do about it."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def read(data: bytes, name: str) -> Iterator[Line]:
    """Yield the command lines of a file, without blank lines and comments; raises `BadData` for no text."""
    for number, text in enumerate(as_utf8(data, name, None).decode().split("\n"), 1):
        text, words = text.strip(), list[str]()
        try:
            words = _objects(text) if text.startswith(("{", "[")) else split(text)
            if words[:1] == [PROGRAM]:
                del words[0]
                _refuse_none(words)
            _refuse_pipe(words)
        except _Unfit as error:
            yield Line(number, text, tuple(words), fault=str(error), hint=error.hint)
        else:
            if words:
                yield Line(number, text, tuple(words))


def _objects(text: str) -> list[str]:
    hint = _("such as {form}").format(form=_FORM)
    try:
        found = loads(text)
    except Fault as fault:
        raise _Unfit(str(fault), hint) from None
    words = found.get("cmd") if isinstance(found, dict) and list(found) == ["cmd"] else None
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise _Unfit(_("expected an object with cmd, a list of texts, and nothing else"), hint)
    _refuse_none(words)
    return list(words)


def _refuse_none(words: list[str]) -> None:
    if not words:
        raise _Unfit(_("names no command"), _("`cskit --help` lists them"))


def _refuse_pipe(words: list[str]) -> None:
    if "-" in words:
        raise _Unfit(
            _("- stands for standard input, which no line of a batch has"), _("write the ids, or name a file")
        )


# --- words -------------------------------------------------------------------------------------------------


def split(text: str) -> list[str]:
    """Return the words of a line as a shell would split it; raises `ValueError` for what needs a shell."""
    words: list[str] = []
    word: str | None = None
    for part in _PART.finditer(text):
        kind, found = str(part.lastgroup), part[str(part.lastgroup)]
        if kind == "comment" and word is None:
            break
        if kind == "blank":
            words += [] if word is None else [word]
            word = None
        elif kind == "shell":
            raise _Unfit(
                _("{sign} means something to a shell, and this is none").format(sign=found),
                _("quote it: '{sign}'").format(sign=found),
            )
        elif kind == "open":
            raise _unfinished(found)
        else:
            word = (word or "") + (_ESCAPED.sub(r"\1", found) if kind == "quoted" else found)
    return words if word is None else [*words, word]


def _unfinished(sign: str) -> _Unfit:
    if sign == "\\":
        return _Unfit(_("the line ends in a backslash"), _("write each command on one line"))
    return _Unfit(
        _("the quote {sign} is never closed").format(sign=sign),
        _("close it on the same line, or put a backslash before it"),
    )
