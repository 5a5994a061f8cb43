"""A case as it comes in: what is left out filled in, codes for titles; and its severity before it is saved.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cskit import NotFound, departments
from cskit.errors import Problem
from cskit.i18n import language
from cskit.values import shown
from cskit_complaints import categories
from cskit_complaints.model import Event

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading


class _Names:
    """What categories and departments are called, read when the first record names one."""

    def __init__(self, app: App) -> None:
        self._app = app

    @cached_property
    def categories(self) -> categories.Categories:
        return categories.load(self._app)

    @cached_property
    def departments(self) -> dict[str, departments.Department]:
        return departments.load(self._app)

    def category(self, name: str) -> str:
        return self.categories.find(name).code

    def department(self, name: str) -> str:
        return departments.find(self.departments, name).code


def prepare(app: App, reading: Reading) -> Callable[[dict[str, Any], bool], Sequence[Problem]]:
    """Return what completes the values of cases for one command; see `RecordType.prepare`."""
    names, who = _Names(app), actor(app)

    def prepared(values: dict[str, Any], new: bool) -> list[Problem]:
        problems = list(_resolved(values, "category", names.category))
        problems += _resolved(values, "department", names.department)
        helpers = values.get("helpers")
        if isinstance(helpers, list):
            each = [{"helpers": one} for one in helpers]
            problems += [problem for one in each for problem in _resolved(one, "helpers", names.department)]
            values["helpers"] = list(dict.fromkeys(one["helpers"] for one in each))
        if new:
            values.setdefault("received_at", app.now)
            if not values.get("events"):
                values["events"] = [_registered(values, who)]
        return problems

    return prepared


def titles(app: App) -> dict[str, dict[str, str]]:
    """Return the Chinese titles of categories and departments, as far as they are read as these again."""
    if language() == "en":
        return {}
    names = _Names(app)
    known = {one.code: one.label.zh for one in names.categories.by_code.values()}
    read = {code: title for code, title in known.items() if _means(names.category, title, code)}
    held = {code: one.label.zh for code, one in names.departments.items()}
    housed = {code: title for code, title in held.items() if _means(names.department, title, code)}
    return {"category": read, "department": housed, "helpers": housed}


def codes(app: App) -> dict[str, Callable[[str], str]]:
    """Return what finds the code of a category or a department that a condition names."""
    names = _Names(app)
    return {"category": names.category, "department": names.department, "helpers": names.department}


def _means(find: Callable[[str], str], title: str, code: str) -> bool:
    try:
        return find(title) == code
    except NotFound:
        return False


def actor(app: App) -> str:
    """Return who acts, as events have it: the staff id, or the login of somebody without one."""
    return app.staff or app.user


def _registered(values: dict[str, Any], who: str) -> Event:
    state = values.get("state", "registered")
    return Event(at=values["received_at"], who=who, what="register", after=state)


def _resolved(values: dict[str, Any], field: str, find: Callable[[str], str]) -> Iterable[Problem]:
    """Put the code in the place of what a field names, in place; yield the problem where it names nothing."""
    name = values.get(field)
    if not isinstance(name, str):
        return
    try:
        values[field] = find(name)
    except NotFound as error:
        parts = [part for part in (error.message, error.hint) if part]
        yield Problem(0, field, shown(name), "; ".join(parts))
