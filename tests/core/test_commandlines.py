"""The command lines of a file: words as a shell splits them, and what only a shell could do refused."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cskit.commandlines import Line, read, split

LINES = {
    "plain": ("customer show C-1", ["customer", "show", "C-1"]),
    "program": ("cskit customer list", ["customer", "list"]),
    "quotes": (
        """customer add '张 三' --note "a 'b' \\"c\\" \\$1" """,
        ["customer", "add", "张 三", "--note", "a 'b' \"c\" $1"],
    ),
    "joined": ("customer set C-1 note='a b'\"c d\"\\ e", ["customer", "set", "C-1", "note=a bc d e"]),
    "backslash-in-quotes": (r"""customer add 'a\b' "c\d" e\f""", ["customer", "add", r"a\b", r"c\d", "ef"]),
    "empty-words": ("customer add '' \"\"", ["customer", "add", "", ""]),
    "comment": ("customer list # all of them | wc", ["customer", "list"]),
    "no-comment-in-a-word": (
        "customer set C-1 note=#1 tags+='#'a",
        ["customer", "set", "C-1", "note=#1", "tags+=#a"],
    ),
    "quoted-signs": (
        "customer list --where 'a > 1 and b < $2 & c' \\| \";\"",
        ["customer", "list", "--where", "a > 1 and b < $2 & c", "|", ";"],
    ),
    "tabs": ("\tcustomer \t list\r", ["customer", "list"]),
    "json": ('{"cmd": ["customer", "add", "a | b", ""]}', ["customer", "add", "a | b", ""]),
    "json-program": ('{"cmd": ["cskit", "log"]}', ["log"]),
    "wide-space": ("customer add 张　三", ["customer", "add", "张　三"]),
}


@pytest.mark.parametrize(("text", "words"), LINES.values(), ids=LINES)
def test_a_line_has_words(text: str, words: list[str]) -> None:
    """Quotes, escapes and comments mean what they mean in a shell."""
    (line,) = read(text.encode(), "f")
    assert (line.words, line.fault) == (tuple(words), "")


@pytest.mark.parametrize("text", ["", "   ", "# nothing", "  #", "\n\n\r\n", "\ufeff"])
def test_blank_lines_and_comments_are_no_commands(text: str) -> None:
    """They are passed over, and counted."""
    assert list(read(f"{text}\ncustomer list".encode(), "f")) == [
        Line(text.count("\n") + 2, "customer list", ("customer", "list"))
    ]


FORM = 'such as {"cmd": ["customer", "set", "C-000001", "owner=S-001"]}'
CLOSE = "close it on the same line, or put a backslash before it"
OBJECT = "expected an object with cmd, a list of texts, and nothing else"
PIPE = "- stands for standard input, which no line of a batch has"
FAULTS = {
    **{
        f"shell-{sign}": (
            f"customer list {sign} x",
            f"{sign} means something to a shell, and this is none",
            f"quote it: '{sign}'",
        )
        for sign in "|&;<>`$"
    },
    "shell-inside": ("customer add a;b", "; means something to a shell, and this is none", "quote it: ';'"),
    "open-quote": ("customer add 'a", "the quote ' is never closed", CLOSE),
    "open-double-quote": ('customer add "a\\"', 'the quote " is never closed', CLOSE),
    "last-backslash": ("customer add a \\", "the line ends in a backslash", "write each command on one line"),
    "no-command": ("cskit", "names no command", "`cskit --help` lists them"),
    "pipe": ("customer show -", PIPE, "write the ids, or name a file"),
    "json-list": ('["customer", "list"]', OBJECT, FORM),
    "json-text": ('{"cmd": "customer list"}', OBJECT, FORM),
    "json-number": ('{"cmd": ["customer", 1]}', OBJECT, FORM),
    "json-more": ('{"cmd": ["log"], "reason": "x"}', OBJECT, FORM),
    "json-empty": ('{"cmd": []}', "names no command", "`cskit --help` lists them"),
    "json-twice": (
        '{"cmd": ["log"], "cmd": ["undo"]}',
        "the key 'cmd' is named more than once in one object",
        FORM,
    ),
    "json-torn": ('{"cmd": ["log"', "not JSON: expecting ',' delimiter at character 15", FORM),
    "json-pipe": ('{"cmd": ["customer", "show", "-"]}', PIPE, "write the ids, or name a file"),
}


@pytest.mark.parametrize(("text", "fault", "hint"), FAULTS.values(), ids=FAULTS)
def test_what_a_line_cannot_be_is_said(text: str, fault: str, hint: str) -> None:
    """A line that means something else than it seems to is a fault of its own; the others are read."""
    first, bad, last = read(f"log\n{text}\nlog".encode(), "f")
    words = ("customer", "show", "-") if fault == PIPE else ()
    assert (bad.number, bad.text, bad.words, bad.fault, bad.hint) == (2, text, words, fault, hint)
    assert first.words == last.words == ("log",)


@given(st.text(st.sampled_from("ab张 \t'\"\\#=-"), max_size=12))
def test_words_are_those_of_shlex(text: str) -> None:
    """Where no shell is needed, words are what Python's own reading of a shell's lines makes of them."""
    try:
        expected = shlex.split(text)
    except ValueError:
        expected = None
    try:
        found = split(text)
    except ValueError:
        found = None
    if " #" not in f" {text}".replace("\t", " "):
        assert found == expected


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n\0"), min_size=1), min_size=1))
def test_quoted_words_come_back(words: list[str]) -> None:
    """Any words that are quoted for a shell are these words again."""
    assert split(shlex.join(words)) == words
