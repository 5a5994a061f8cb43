"""A command line as it is shown again: what may be personal in its words is masked.

A word that nobody knows may be anything, and is hidden. Must not import a plugin or a store.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import click

from cskit import edits, fieldnames, records
from cskit.errors import CskitError
from cskit.records import masks
from cskit.values import shown

if TYPE_CHECKING:
    from cskit.app import App
    from cskit.commandlines import Line
    from cskit.declarations import RecordType
    from cskit.plugins.contributions import Leaf
    from cskit.records import Record
    from cskit.records.masks import Mask

_MORE = "…"
_LONG = 5  # so many digits in a word that is no id may be somebody's number
_FILE = re.compile(r"/|\.[A-Za-z]{2,5}$")
_COLUMNS = ("map", "columns")  # options that name columns of a file, not values
_SPECIAL = frozenset("\"'\\ \t\n#|&;<>`$")


class Echo(NamedTuple):
    """The words of a command line as they may be shown, and the masks of those typed, the longest first."""

    words: list[str]
    hidden: dict[str, str]

    def line(self) -> str:
        """Return the words as a line, cut where it is long."""
        return shown(" ".join(map(_quoted, ["cskit", *self.words])))

    def clean(self, text: str) -> str:
        """Return a text that may tell some of the words, with their masks in their place."""
        for typed in sorted(self.hidden, key=len, reverse=True):
            if len(typed) > 3 or not typed.isascii():
                text = text.replace(typed, self.hidden[typed])
        return text


def _quoted(word: str) -> str:
    if word and not _SPECIAL.intersection(word):
        return word
    return "'" + word.replace("'", "'\\''") + "'"


class Echoes:
    """Knows the commands and the fields for which the words of command lines stand; `group` is their root."""

    def __init__(self, app: App, group: click.Group) -> None:
        self.app, self.group = app, group
        self.ctx = click.Context(group, obj=app)

    def of(self, line: Line) -> Echo:
        """Return how a line is shown; of one that could not be split into words, only its command."""
        reader = _Reader(self)
        if line.words:
            return Echo([said for word in line.words for said in reader.read(word)], reader.hidden)
        words = []
        for word in line.text.removeprefix("cskit ").split():
            if not reader.names_command(word):
                break
            words.append(word)
        return Echo([*words, _MORE], {})

    def leaf(self, path: str) -> Leaf | None:
        """Return the command of a path."""
        return self.app.plugins.leaves.get(path)

    def model(self, record_type: RecordType | None) -> type[Record] | None:
        """Return the class of a type's records, None where there is none to be had."""
        with contextlib.suppress(CskitError):  # a broken plugin
            return self.app.model(record_type.table) if record_type else None
        return None

    @cached_property
    def personal(self) -> Mapping[str, Mask]:
        """The masks of all fields there are that hold personal data, by name."""
        models = filter(None, map(self.model, self.app.plugins.record_types.values()))
        return {name: mask for model in models for name, mask in masks.of_model(model).items()}

    @cached_property
    def prefixes(self) -> tuple[str, ...]:
        """What generated ids begin with."""
        found = (one.number.partition("{")[0] for one in self.app.plugins.record_types.values())
        return tuple(filter(None, found))


class _Reader:
    """Reads the words of one line, as click would, and tells how each is shown."""

    def __init__(self, echoes: Echoes) -> None:
        self.hidden: dict[str, str] = {}
        self._all = echoes
        self._command: click.Command | None = echoes.group
        self._path = ""
        self._waiting = ""
        self._literal = False
        self._places = 0

    def read(self, word: str) -> Iterator[str]:
        """Yield a word as it is shown; nothing for what follows a word that is no command."""
        if self._command is None:
            return
        if self._waiting:
            flag, self._waiting = self._waiting, ""
            yield self._value(flag, word)
        elif word == "--" and not self._literal:
            self._literal = True
            yield word
        elif word[:1] == "-" and word != "-" and not self._literal:
            yield self._option(word)
        elif not isinstance(self._command, click.Group):
            yield self._argument(word)
        elif self.names_command(word):
            yield word
        else:
            self._command = None
            yield self._plain(word)
            yield _MORE

    def names_command(self, word: str) -> bool:
        """Tell whether a word is the next of a command's path, and go on from there if it is."""
        if not isinstance(self._command, click.Group):
            return False
        found = None
        with contextlib.suppress(CskitError):  # a broken plugin
            found = self._command.get_command(self._all.ctx, word)
        if found is not None:
            self._command, self._path = found, f"{self._path} {word}".strip()
        return found is not None

    @property
    def _leaf(self) -> Leaf | None:
        return self._all.leaf(self._path)

    @property
    def _model(self) -> type[Record] | None:
        leaf = self._leaf
        return self._all.model(leaf.record_type if leaf else None)

    # --- options -------------------------------------------------------------------------------------------

    def _option(self, word: str) -> str:
        long = word.startswith("--")
        flag, sign, value = word.partition("=") if long else (word[:2], "", word[2:])
        option = self._known(flag)
        if option is None and not long:
            return self._hide(word)
        if sign or value:
            return flag + sign + self._value(flag, value)
        if option is None or not (option.is_flag or option.count):
            self._waiting = flag
        return flag

    def _known(self, flag: str) -> click.Option | None:
        params = self._command.get_params(self._all.ctx) if self._command else ()
        return next(
            (
                param
                for param in params
                if isinstance(param, click.Option) and flag in (*param.opts, *param.secondary_opts)
            ),
            None,
        )

    def _value(self, flag: str, value: str) -> str:
        if self._known(flag) is None:
            return self._hide(value)
        name, model = flag.lstrip("-").replace("-", "_"), self._model
        if model is not None and name in model.__struct_fields__:
            return self._masked(masks.of_model(model).get(name), value)
        if name in self._all.personal:
            return self._masked(self._all.personal[name], value)
        if name == "where":
            return self._condition(value)
        return self._assigned(value) if "=" in value and name not in _COLUMNS else value

    def _condition(self, text: str) -> str:
        """Hide a condition that may be on personal data."""
        model = self._model
        if model is None:
            return self._hide(text)
        known = records.fields(model)
        hidden = (known[name] for name in masks.of_model(model))
        titles = {title.casefold() for info in hidden for title in (info.name, info.en, info.zh)}
        return self._hide(text) if any(title in text.casefold() for title in titles) else text

    # --- what stands by itself -----------------------------------------------------------------------------

    def _argument(self, word: str) -> str:
        self._places += 1
        leaf = self._leaf
        if leaf is not None and leaf.record_type is not None and leaf.verb == "add":
            model = self._model
            if model is None or self._places > 1:
                return self._hide(word)
            return self._masked(masks.of_model(model).get(leaf.record_type.title), word)
        return self._assigned(word) if "=" in word else self._plain(word)

    def _assigned(self, word: str) -> str:
        """Mask the value of `field=value`, whole where nobody knows such a field."""
        name, sign, value = edits.parts(word) or ("", "", word)
        model = self._model
        mask: Mask | None = masks.Mask()
        with contextlib.suppress(ValueError):
            if model is not None:
                mask = masks.of_path(model, fieldnames.find(model, name).path)
        return name + sign + self._masked(mask, value)

    def _plain(self, word: str) -> str:
        """Show a word such as an id or a file; hide one that may be somebody's name, address or number."""
        known = _FILE.search(word) or word.startswith(self._all.prefixes)
        if "@" not in word and (known or (word.isascii() and sum(map(str.isdigit, word)) < _LONG)):
            return word
        return self._hide(word)

    def _masked(self, mask: Mask | None, value: str) -> str:
        if mask is None or not value:
            return value
        self.hidden[value] = masks.told(mask, value)
        return self.hidden[value]

    def _hide(self, word: str) -> str:
        return self._masked(masks.Mask(), word)
