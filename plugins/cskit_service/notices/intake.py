"""Notices as they come in: what is left out filled in, codes for titles, and titles for codes.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import NotFound, _
from cskit.errors import Problem
from cskit.nouns import listed
from cskit.stored import decoder
from cskit.values import shown
from cskit_service.notices import policy
from cskit_service.notices.flow import CLOSED, FLOWS
from cskit_service.notices.model import SURVEYED, TABLE, Item, Notice, Step
from cskit_service.notices.policy import FAMILIES, ITEM_FAMILIES, Codes

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading

_COPIED = (
    *("customer", "sold_to", "contact", "phone", "centre", "staff", "organisation", "channel", "division"),
    *("office", "group", "location", "address", "business_area", "document", "document_date", "items"),
)
"""What a notice takes from the one it refers to, where it is not given (参照-通知单)."""
_SHOWN = 10


def actor(app: App) -> str:
    """Return who acts: the staff id, or the login of somebody without one."""
    return app.staff or app.user


def prepare(app: App, reading: Reading) -> Callable[[dict[str, Any], bool], Sequence[Problem]]:
    """Return what completes the values of notices for one command; see `RecordType.prepare`."""
    taking = _Taking(app, reading)

    def prepared(values: dict[str, Any], new: bool) -> list[Problem]:
        problems = list(taking.resolved(values))
        if new:
            taking.fill(values)
        return problems

    return prepared


class _Taking:
    """Completes notices; what it needs is read when the first one needs it."""

    def __init__(self, app: App, reading: Reading) -> None:
        self._app, self._reading = app, reading

    @cached_property
    def _codes(self) -> Codes:
        return policy.codes(self._app)

    @cached_property
    def _surveyed(self) -> str:
        return policy.load(self._app).surveyed

    @cached_property
    def _known(self) -> dict[str, Notice]:
        decode = decoder(TABLE, Notice)
        return {one.id: one for one in map(decode, self._reading.read(TABLE))}

    def resolved(self, values: dict[str, Any]) -> Iterator[Problem]:
        """Put codes in the place of titles; yield what is none."""
        if isinstance(values.get("status"), str):
            values["status"] = status_code(values["status"], self._surveyed)
        for name, family in FAMILIES.items():
            if isinstance(values.get(name), str):
                values[name] = self._codes.code(family, values[name])
                yield from self._checked(name, family, values[name])
        if isinstance(values.get("items"), list):
            values["items"] = [self._item(one) for one in values["items"]]
            for place, item in enumerate(values["items"], 1):
                for name, family in ITEM_FAMILIES.items():
                    code = item.get(name) if isinstance(item, dict) else getattr(item, name, None)
                    if isinstance(code, str):
                        yield from self._checked(f"items[{place}].{name}", family, code)

    def _item(self, item: Any) -> Any:
        if isinstance(item, Item):
            found = {
                name: self._codes.code(family, code)
                for name, family in ITEM_FAMILIES.items()
                if (code := getattr(item, name))
            }
            return msgspec.structs.replace(item, **found)
        if isinstance(item, dict):
            return item | {
                name: self._codes.code(family, item[name])
                for name, family in ITEM_FAMILIES.items()
                if isinstance(item.get(name), str)
            }
        return item

    def _checked(self, column: str, family: str, code: str) -> Iterator[Problem]:
        if self._codes.unknown(family, code):
            said = _("there is no such code; there are {names} (rules/service-codes)")
            yield Problem(
                0, column, shown(code), said.format(names=listed(list(self._codes.of(family))[:_SHOWN]))
            )

    def fill(self, values: dict[str, Any]) -> None:
        """Fill in what a new notice takes from the one it refers to, and from the day."""
        earlier = self._known.get(values["reference"]) if isinstance(values.get("reference"), str) else None
        if earlier is not None:
            given = {name: getattr(earlier, name) for name in _COPIED}
            if "document" in values or "document_date" in values:
                del given["document"], given["document_date"]
            for name, value in given.items():
                if value not in (None, []):
                    values.setdefault(name, value)
        values.setdefault("date", self._app.today)
        if values.get("customer"):
            values.setdefault("sold_to", values["customer"])
        if values.get("system") == "completed":
            values.setdefault("closed_at", self._app.now)
        if not values.get("steps"):
            begun = Step(
                at=self._app.now, who=actor(self._app), what="add", after=values.get("status", "TZJL")
            )
            values["steps"] = [begun]


def status_code(text: str, surveyed: str) -> str:
    """Return the user status that a text means: a code in any case, its title, or both; else the text itself.

    Both codes for "surveyed" become the one that the department writes.
    """
    for flow in FLOWS.values():
        for state in flow.states:
            if state.name == CLOSED:
                continue
            codes = SURVEYED if state.name in SURVEYED else (state.name,)
            for code in codes:
                names = (code, code.lower(), state.en, state.zh, f"{code} {state.en}", f"{code} {state.zh}")
                if text in names:
                    return surveyed if code in SURVEYED else code
    return text


def titles(app: App) -> dict[str, dict[str, str]]:
    """Return what people see of user statuses and of the organisation's codes, read as these again."""
    known = policy.codes(app)
    seen = {"status": statuses()}
    for name, family in FAMILIES.items():
        seen[name] = {code: known.title(family, code) for code in known.of(family)}
    return seen


def statuses() -> dict[str, str]:
    """Return what people see of each user status: its code and its title."""
    found: dict[str, str] = {}
    for flow in FLOWS.values():
        for state in flow.states:
            codes = SURVEYED if state.name in SURVEYED else (state.name,)
            found |= {code: f"{code} {state}" for code in codes if code != CLOSED}
    return found


def codes(app: App) -> dict[str, Callable[[str], str]]:
    """Return what finds the codes that a condition names."""
    known, surveyed = policy.codes(app), policy.load(app).surveyed
    seen = statuses()

    def status(text: str) -> str:
        found = status_code(text, surveyed)
        if found not in seen:
            said = _("there is no user status '{name}'").format(name=text)
            raise NotFound(said, _("there are {names}").format(names=listed(seen)))
        return found

    def finder(family: str) -> Callable[[str], str]:
        return lambda text: known.code(family, text)

    return {"status": status, **{name: finder(family) for name, family in FAMILIES.items()}}
