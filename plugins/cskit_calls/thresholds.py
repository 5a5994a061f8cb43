"""The thresholds of the hotline's figures: rule files of the kind `call-figures`.

Must not import click or a store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from cskit import Usage, _, rules

if TYPE_CHECKING:
    from cskit import App

KIND = "call-figures"
NAME = "standard"
_Percent = Annotated[int, msgspec.Meta(ge=0, le=99)]


class Thresholds(msgspec.Struct, frozen=True, kw_only=True):
    """A rule file of the kind call-figures: seconds, days and per cent."""

    answer_within: Annotated[int, msgspec.Meta(ge=0)]
    short_abandon: Annotated[int, msgspec.Meta(ge=0)]
    recontact_days: Annotated[int, msgspec.Meta(ge=1)]
    target_percent: Annotated[int, msgspec.Meta(ge=1, le=99)]
    shrinkage_percent: _Percent
    occupancy_percent: Annotated[int, msgspec.Meta(ge=1, le=99)]


def load(app: App) -> Thresholds:
    """Return the department's thresholds; raises `Usage` where somebody replaced them under another name."""
    found = rules.load(app, KIND)
    if NAME not in found:
        said = _("there is no file '{name}' in rules/{kind}").format(name=NAME, kind=KIND)
        raise Usage(said, _("call the file that replaces it {name}.toml as well").format(name=NAME))
    thresholds: Thresholds = found[NAME].value
    return thresholds
