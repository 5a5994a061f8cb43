"""What settings change of a rule, without a file of its own: numbers, a few texts. Must not import click."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from cskit.i18n import _
from cskit.plugins.isolation import nearest


class Changed(NamedTuple):
    """A number, or a text that may be changed, as the rule's file has it and as the settings have it."""

    file: int | Decimal | str
    settings: int | Decimal | str


def changed(
    values: Mapping[str, Any], settings: Mapping[str, Any], texts: Sequence[str] = (), above: str = ""
) -> tuple[dict[str, Any], dict[str, Changed], list[tuple[str, str]]]:
    """Return a rule's values with the numbers of `settings` put in, which those are, and what cannot be.

    Settings change numbers that the file states, and those of its texts (or yes and no) whose key paths match
    one of `texts` ("needs.*.product"), nothing else: who wants another rule writes one. `above` is the path
    to `values`.
    """
    made = dict(values)
    numbers: dict[str, Changed] = {}
    wrong: list[tuple[str, str]] = []
    for key, value in settings.items():
        old = values.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            inside, below, faults = changed(old, value, texts, f"{above}{key}.")
            made[key] = inside
            numbers |= {f"{key}.{name}": one for name, one in below.items()}
            wrong += [(f"{key}.{name}", said) for name, said in faults]
        elif (
            isinstance(old, str | bool)
            and type(value) is type(old)
            and any(fnmatchcase(above + key, one) for one in texts)
        ):
            made[key] = value
            numbers[key] = Changed(old, value)
        elif fault := _unfit(key, old, value, values):
            wrong.append((key, fault))
        else:
            made[key] = value
            numbers[key] = Changed(old, value)  # type: ignore[arg-type]  # `_unfit` has looked
    return made, numbers, wrong


def _unfit(key: str, old: Any, value: Any, values: Mapping[str, Any]) -> str:
    if key not in values:
        near = nearest(key, values)
        if near:
            return _("the rule has no '{key}'; did you mean '{near}'?").format(key=key, near=near)
        return _("the rule has no '{key}'").format(key=key)
    if not _number(old):
        numbers = ", ".join(_numbers(values))
        if not numbers:
            return _("settings change numbers only, and the rule has none")
        return _("settings change numbers only: {numbers}").format(numbers=numbers)
    if not _number(value) or (isinstance(old, int) and not isinstance(value, int)):
        if isinstance(old, int):
            return _("expected a whole number, as in the rule's file")
        return _("expected a number, as in the rule's file")
    return ""


def _number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _numbers(values: Mapping[str, Any], above: str = "") -> Iterator[str]:
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _numbers(value, f"{above}{key}.")
        elif _number(value):
            yield f"{above}{key}"
