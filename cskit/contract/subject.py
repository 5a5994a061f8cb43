"""The plugin that is looked at, and what of all contributions is its own."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from cskit import i18n
from cskit.app import App
from cskit.declarations import RecordType
from cskit.plugins.contributions import Leaf


class Done(Protocol):
    """What a command line did."""

    @property
    def exit_code(self) -> int: ...
    @property
    def stdout(self) -> str: ...
    @property
    def stderr(self) -> str: ...


class Run(Protocol):
    """`cskit.testing.run`, as far as it is used here."""

    def __call__(self, line: Sequence[str], *, data: str, app: App, lang: str) -> Done: ...


class NotChecked(Exception):
    """There is nothing to check, or no way to; says why."""


class Subject(NamedTuple):
    """A plugin, an `app` in which it is at work, and a `folder` that is thrown away."""

    name: str
    plugin: object
    app: App
    folder: str
    runner: Run

    @property
    def data(self) -> str:
        """The data folder that commands are tried in."""
        return os.path.join(self.folder, "data")

    def run(self, *words: str) -> Done:
        """Run a command line in the data folder that is thrown away."""
        return self.runner(words, data=self.data, app=self.app.sibling(), lang=i18n.language())

    def leaves(self) -> Iterator[Leaf]:
        """Yield the plugin's own commands, those of its record types left out."""
        for leaf in self.app.plugins.leaves.values():
            if leaf.plugin == self.name and leaf.record_type is None:
                yield leaf

    def record_types(self) -> list[RecordType]:
        """Return the plugin's record types."""
        plugins = self.app.plugins
        return [one for one in plugins.record_types.values() if plugins.owner(one.table) == self.name]

    def trying(self) -> App:
        """Return an App that works in the data folder that is thrown away."""
        app = self.app.sibling()
        app.options.data = self.data
        return app


def first_line(done: Done) -> str:
    """Return what a command that failed said, and the first value that it found wrong."""
    before, name, rest = ("\n" + done.stderr).partition("\ncskit: ")
    detail, said = before.strip().partition("\n")[0], rest.partition("\n")[0]
    if name and detail:
        return f"{said} ({detail})"
    return said or detail or f"exit code {done.exit_code}"
