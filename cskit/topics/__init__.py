"""The pages of `cskit help`, one file for each topic and language. Must not import click or a store."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import NamedTuple

from cskit.i18n import language

NAMES = ("as-of", "exit-codes", "output", "plugins", "settings", "where")


class Topic(NamedTuple):
    """A topic: its name as typed, and what it is about."""

    topic: str
    about: str


def listed() -> Iterator[Topic]:
    """Yield every topic in the order of names."""
    for name in NAMES:
        yield Topic(name, page(name).partition("\n")[0].removeprefix("# "))


def page(name: str, lang: str = "") -> str:
    """Return the page of a topic in a language, the user's if none is given; "" for one that there is not."""
    if name not in NAMES:
        return ""
    path = os.path.join(os.path.dirname(__file__), lang or language(), f"{name}.md")
    with open(path, encoding="utf-8") as file:
        return file.read()
