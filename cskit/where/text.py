"""The text of a condition: one tree, or an error with a caret under the culprit. Knows no fields."""

from __future__ import annotations

import ast
import re
import warnings

from cskit.errors import Usage
from cskit.i18n import _, mark

LENGTH = 2000
_SHOWN = 160
_SHORT = 40


class WhereError(Usage):
    """A condition that cannot be understood; `message` is what is wrong, the text, and a caret below it."""


class Source:
    """A condition's text on one line, with its tree, able to point at any part of it."""

    def __init__(self, text: str) -> None:
        self.text = text.translate(_BLANKS).strip()
        self._refuse_characters()
        if not self.text:
            raise self.fault(0, _("the condition is empty"), _('write one such as state == "open"'))
        if len(self.text) > LENGTH:
            raise self.fault(
                LENGTH,
                _("the condition is {count} characters long, at most {most} may be").format(
                    count=len(self.text), most=LENGTH
                ),
            )
        self._bytes = self.text.encode()
        self.tree = self._parse()

    def fault(self, at: ast.expr | int, message: str, hint: str = "") -> WhereError:
        """Return an error that points at a node, or at a place in the text."""
        index = at if isinstance(at, int) else self.start(at)
        return WhereError(f"{message}\n{_pointed(self.text, index)}", hint)

    def start(self, node: ast.expr) -> int:
        """Return where a node begins, in characters (the tree counts bytes)."""
        return len(self._bytes[: node.col_offset].decode())

    def end(self, node: ast.expr) -> int:
        """Return where a node ends, in characters."""
        return len(self._bytes[: node.end_col_offset].decode())

    def after(self, node: ast.expr, skip: str = " )") -> int:
        """Return where the first thing behind a node stands, such as its operator."""
        index = self.end(node)
        while index < len(self.text) - 1 and self.text[index] in skip:
            index += 1
        return index

    def literal(self, node: ast.expr) -> str:
        """Return a node's text in full."""
        return self.text[self.start(node) : self.end(node)]

    def said(self, node: ast.expr) -> str:
        """Return a node's text, shortened for a message."""
        text = self.literal(node)
        return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"

    def _refuse_characters(self) -> None:
        """Refuse what no keyboard gives and what would make lines, bytes or terminals disagree."""
        found = _UNWRITABLE.search(self.text)
        if found:
            self.text = _UNWRITABLE.sub("\ufffd", self.text)
            code = ord(found.group())
            raise self.fault(
                found.start(),
                _("the character {code} cannot stand in a condition").format(code=f"U+{code:04X}"),
                _("delete it"),
            )

    def _parse(self) -> ast.expr:
        if "#" in self.text and (note := _masked(self.text).find("#")) >= 0:
            raise self.fault(note, _("a condition holds no comments"), _('text goes in quotes: "#"'))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")  # a wrong escape is only a warning, and would be printed
                return ast.parse(self.text, mode="eval").body
        except SyntaxError as error:
            raise self._explained(error) from None
        except (RecursionError, MemoryError, ValueError, OverflowError):
            raise self.fault(
                0, _("the condition is nested too deeply"), _("write it with fewer brackets")
            ) from None

    def _explained(self, error: SyntaxError) -> WhereError:
        """Say what a syntax error most likely comes from: the first foreign habit, else its place."""
        hidden = _masked(self.text)
        found = [
            (match.start(), order, _(said), _(hint).replace("{}", _plain(match.group())))
            for order, (pattern, said, hint) in enumerate(_HABITS)
            if (match := re.search(pattern, hidden))
        ]
        if found:
            index, _order, said, hint = min(found)
            return self.fault(index, said.replace("{}", self.text[index]), hint)
        index = (error.offset or 0) - 1
        if not 0 <= index < len(self.text):
            return self.fault(len(self.text), _("the condition ends too early"))
        for sign, said in _PYTHON:
            if sign in (error.msg or ""):
                return self.fault(index, _(said))
        return self.fault(
            index, _("this cannot be read"), _("compare values, and join comparisons with and, or, not")
        )


_BLANKS = str.maketrans("\t\n\r\f", "    ")
_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")
_STRING = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")
_QUOTES = "“”„‟‘’‚‛«»「」『』＂＇"
_HABITS = (  # compiled only when something is wrong
    (f"[{_QUOTES}]", mark("{} is not a quote that a condition knows"), mark('use plain quotes: "text"')),
    (r"""["']""", mark("this quote is not closed"), mark('put the same quote behind the text: "text"')),
    (r"&&?", mark("and is written as a word"), mark("write and")),
    (r"\|\|?", mark("or is written as a word"), mark("write or")),
    (r"[!！](?![=＝])", mark("not is written as a word"), mark("write not")),
    (
        r"\b(?:AND|OR|NOT|IN|And|Or|Not|In)\b",
        mark("and, or, not, in are written in small letters"),
        mark("write {}"),
    ),
    (r"===", mark("three = do not compare"), mark("use ==")),
    (r"=>|=<", mark("the = comes last"), mark("write >= or <=")),
    (r"<>", mark("unequal is written !="), mark("write !=")),
    (r"(?<![=!<>:])=(?![=<>])", mark("one = does not compare; use =="), mark("write ==")),
    (
        r"\b(?i:like|ilike|matches)\b",
        mark("there is no such comparison"),
        mark('use glob(name, "*text*") or contains()'),
    ),
    (r"\b(?i:between)\b", mark("there is no such comparison"), mark("write low <= name <= high")),
    (
        r"[\uff01-\uff5e\u3000-\u3002、。《》【】·×÷≤≥≠]",
        mark("{} is a full-width or foreign sign"),
        mark("use {} from the plain keyboard"),
    ),
)
_SIGNS = {
    "、": ",",
    "。": ".",
    "《": '"',
    "》": '"',
    "【": "[",
    "】": "]",
    "·": ".",
    "×": "*",
    "÷": "/",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
}
_PYTHON = (
    ("was never closed", mark("this bracket is not closed")),
    ("unmatched", mark("this bracket was never opened")),
    ("does not match", mark("this bracket does not fit the one it closes")),
    ("too many nested", mark("the condition is nested too deeply")),
    ("invalid escape", mark("a backslash is written twice: \\\\")),
    ("unicode", mark("a backslash is written twice: \\\\")),
    ("leading zeros", mark("a number does not begin with 0")),
    ("literal", mark("a number ends here; put a space behind it")),
    ("character", mark("this sign has no meaning in a condition")),
    ("Perhaps you forgot a comma", mark("something is missing between two values, such as == or and")),
)


def _masked(text: str) -> str:
    """Return `text` with all quoted parts blanked out, at the same length."""
    return _STRING.sub(lambda match: "_" * len(match.group()), text)


def _plain(sign: str) -> str:
    """Return what to type in the place of a word in capitals or of a full-width sign."""
    if sign.isascii():
        return sign.lower()
    if sign == "\u3000":
        return _("a space")
    return _SIGNS.get(sign) or (
        chr(ord(sign) - 0xFEE0) if "\uff01" <= sign <= "\uff5e" else _("another sign")
    )


def _pointed(text: str, index: int) -> str:
    """Return the text, or what is near `index` of a long one, and a line with the caret under that place."""
    from wcwidth import wcswidth

    if len(text) > _SHOWN:
        first = max(0, index - _SHOWN // 2)
        last = first + _SHOWN
        before = "…" if first else ""
        text, index = (
            before + text[first:last] + ("…" if last < len(text) else ""),
            index - first + len(before),
        )
    width = wcswidth(text[:index])
    return f"{text}\n{' ' * (width if width >= 0 else index)}^"
