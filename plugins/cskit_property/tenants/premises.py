"""What is looked at when premises are handed over, as a rule file; and how results are typed.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated

import msgspec

from cskit import _, edits, rules
from cskit.errors import Problem
from cskit.nouns import listed
from cskit.values import shown
from cskit_property.tenants.tenancy import Checked

if TYPE_CHECKING:
    from cskit import App

KIND = "premises-lists"


class PremisesItem(msgspec.Struct, frozen=True):
    """What is looked at; with a `unit` it is a meter whose reading is written down."""

    code: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
    label: rules.Label
    unit: str = ""


class PremisesList(msgspec.Struct, frozen=True):
    """A rule file of the kind premises-lists."""

    items: Annotated[list[PremisesItem], msgspec.Meta(min_length=1)]


def load(app: App) -> dict[str, PremisesItem]:
    """Return the items in force by code, in the order of the file."""
    found: PremisesList = rules.load(app, KIND)["default"].value
    return {item.code: item for item in found.items}


def read(items: Mapping[str, PremisesItem], words: Iterable[str], *, rest: bool) -> list[Checked]:
    """Return every item as it was found: CODE=ok, CODE=READING of a meter, CODE=TEXT of what is wrong.

    With `rest` what is not named is in order. Raises `BadRows` with everything that is wrong or missing:
    a handover is of the whole list, and a meter without a reading is of no use later.
    """
    said: dict[str, Checked] = {}
    problems: list[Problem] = []
    for word in words:
        code, equals, text = word.partition("=")
        text = text.strip()
        if code not in items or not equals or not text:
            told = _("expected ITEM=ok, ITEM=READING or ITEM=TEXT; items are {items}")
            problems.append(Problem(0, "--item", shown(word), told.format(items=listed(items))))
        elif code in said:
            problems.append(Problem(0, "--item", shown(word), _("is there twice")))
        elif items[code].unit:
            reading = _number(text)
            if reading is None:
                told = _("expected a reading in {unit}").format(unit=items[code].unit)
                problems.append(Problem(0, code, shown(text), told))
            said[code] = Checked(item=code, reading=reading)
        else:
            ok = text.casefold() in ("ok", "完好", "正常")
            said[code] = Checked(item=code, ok=ok, text=None if ok else text)
    missing = [code for code, item in items.items() if code not in said and (item.unit or not rest)]
    if missing and not problems:
        problems.append(
            Problem(0, "--item", "", _("still to be said: {items}").format(items=listed(missing)))
        )
    if problems:
        raise edits.refused(problems)
    return [said.get(code) or Checked(item=code) for code in items]


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and value >= 0 else None
