"""Departments of the company, as rule files say: their codes, titles, and who is what in them.

A file of the kind `departments` is one department, called as its file. Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from cskit import rules
from cskit.errors import NotFound
from cskit.i18n import _
from cskit.nouns import listed
from cskit.plugins.isolation import nearest

if TYPE_CHECKING:
    from cskit.app import App

KIND = "departments"
_SHOWN = 20


class DepartmentFile(msgspec.Struct, frozen=True):
    """A rule file of the kind departments; `roles` is role → staff ids (`head = ["S-001"]`)."""

    label: rules.Label
    roles: dict[str, list[str]] = {}


class Department(NamedTuple):
    """A department: its code, its titles, and the staff ids in each role."""

    code: str
    label: rules.Label
    roles: Mapping[str, list[str]]

    def who(self, role: str) -> str:
        """Return the first staff id in a role, "" where nobody is named."""
        return next(iter(self.roles.get(role, ())), "")

    def __str__(self) -> str:
        return str(self.label)


def load(app: App) -> dict[str, Department]:
    """Return the departments by code; raises as `rules.load` does."""
    found = rules.load(app, KIND)
    return {name: Department(name, rule.value.label, rule.value.roles) for name, rule in found.items()}


def find(departments: Mapping[str, Department], name: str) -> Department:
    """Return the department of a code, or of a title in either language.

    Raises `NotFound` with the list of those there are; a title that two of them have is no name.
    """
    if name in departments:
        return departments[name]
    titled = [one for one in departments.values() if name in (one.label.en, one.label.zh)]
    if len(titled) == 1:
        return titled[0]
    raise NotFound(_("there is no department '{name}'").format(name=name), _known(departments, name))


def _known(departments: Mapping[str, Department], name: str) -> str:
    if not departments:
        return _("there are none yet: rules/departments/repair.toml in the data folder makes one")
    near = nearest(name, departments)
    if near:
        return _("did you mean {name}?").format(name=near)
    shown = [
        _("{code} {title}").format(code=one.code, title=one.label)
        for one in list(departments.values())[:_SHOWN]
    ]
    return _("there are {names}").format(names=listed(shown))
