"""`cskit help`: topics in both languages, which the documentation does not repeat in other words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cskit import topics
from cskit.config.settings import SETTINGS
from cskit.errors import Exit
from cskit.testing import run

ROOT = Path(__file__).parents[3]
DOCS = {name: f"docs/{name}.md" for name in topics.NAMES} | {"plugins": "docs/using-plugins.md"}


@pytest.mark.parametrize("name", topics.NAMES)
def test_the_documentation_is_the_topic(name):
    """A page of docs/ that is a topic is that file, word for word (cskit help NAME > docs/NAME.md)."""
    assert (ROOT / DOCS[name]).read_text(encoding="utf-8") == topics.page(name, "en")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", topics.NAMES)
def test_every_topic_is_shown(name, lang):
    """A topic is printed as it stands, in the user's language."""
    assert run(f"help {name}", plugins={}, lang=lang) == (0, topics.page(name, lang), "")


def test_topics_are_listed():
    """Without a topic, those there are."""
    done = run("help", plugins={})
    assert done.exit_code == 0
    assert [line.split()[0] for line in done.stdout.splitlines()[2:]] == list(topics.NAMES)


def rows(page: str) -> list[list[str]]:
    """Return the cells of the rows of a page's tables, without headings."""
    found = re.findall(r"^\|(.*)\|$", page, re.MULTILINE)
    return [[cell.strip() for cell in row.split("|")] for row in found if not re.fullmatch(r"[-|]+", row)]


@pytest.mark.parametrize("name", topics.NAMES)
def test_both_languages_tell_the_same(name):
    """The two pages of a topic have as many rows, paragraphs and blocks, and show the same commands."""
    en, zh = topics.page(name, "en"), topics.page(name, "zh")
    assert len(rows(en)) == len(rows(zh))
    assert len(en.split("\n\n")) == len(zh.split("\n\n"))
    blocks = [re.findall(r"```(?:sh)\n(.*?)```", page, re.DOTALL) for page in (en, zh)]
    assert blocks[0] == blocks[1]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_exit_codes_are_all_there(lang):
    """Each code stands in the table once; the English words are the program's."""
    found = rows(topics.page("exit-codes", lang))[1:]
    assert [int(code) for code, _meaning in found] == [code.value for code in Exit]
    if lang == "en":
        assert [meaning for _code, meaning in found] == [code.meaning for code in Exit]


@pytest.mark.parametrize(("lang", "yes", "no"), [("en", "yes", "no"), ("zh", "可", "否")])
def test_settings_are_all_there(lang, yes, no):
    """Each setting stands in the table, with where it may stand, its variable and its option."""
    found = [
        [
            f"`{one.name}`",
            yes if one.shared else no,
            yes if one.own else no,
            " ".join(f"`{name}`" for name in one.variables),
            f"`{one.option}`" if one.option else "",
        ]
        for one in SETTINGS.values()
    ]
    assert [row[:5] for row in rows(topics.page("settings", lang))[1:]] == found
    if lang == "en":
        assert [row[5] for row in rows(topics.page("settings", lang))[1:]] == [
            one.meaning for one in SETTINGS.values()
        ]


def test_help_of_a_command():
    """`cskit help customer add` is `cskit customer add --help`; a group's help as well."""
    plugins = {"customers": "cskit_customers"}
    for words in ("customer add", "customer", "help"):
        assert run(f"help {words}", plugins=plugins) == run(f"{words} --help", plugins=plugins)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("exit-code", "cskit: there is no topic or command 'exit-code'\ndid you mean 'exit-codes'?\n"),
        ("config lst", "cskit: there is no topic or command 'config lst'\ndid you mean 'list'?\n"),
        (
            "config list x",
            "cskit: there is no topic or command 'config list x'\n`cskit help` lists the topics\n",
        ),
    ],
)
def test_what_there_is_no_help_for(words, said):
    """The nearest topic or command is suggested."""
    assert run(f"help {words}", plugins={}) == (3, "", said)
