"""What is promised for which case: clocks and their targets, as rule files of the kind sla-policies say.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, NamedTuple, get_args

import msgspec

from cskit import Usage, _, rules
from cskit.calendar import DEFAULT, Length, parse_length
from cskit_complaints.model import Channel, Happening, Kind

if TYPE_CHECKING:
    from cskit import App

KIND = "sla-policies"
NAME = "standard"
Sign = str
CONTACT = "contact"
Reopening = Literal["resume", "restart", "stay"]


class Level(msgspec.Struct, frozen=True):
    """A part of the target, in per cent, at which a role is told."""

    at: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    role: str


class ClockRule(msgspec.Struct, frozen=True):
    """How a clock runs: with which happenings it starts and stops, by which calendar.

    `deadline` says where its target comes from if not from a rule: the deadline that a department is given
    ("assign"), or that of whoever passed the case on ("outside").
    """

    label: rules.Label
    starts: list[str]
    stops: list[str]
    calendar: str = DEFAULT
    pauses: bool = True
    soft: bool = False
    reopens: bool = False
    deadline: Literal["assign", "outside"] | None = None

    def __post_init__(self) -> None:
        known = (*get_args(Happening), CONTACT)
        for sign in (*self.starts, *self.stops):
            if sign not in known:
                raise ValueError(
                    _("'{sign}' does not happen to a case; there are {known}").format(
                        sign=sign, known=_(", ").join(known)
                    )
                )


class Fitting(NamedTuple):
    """What a rule looks at in a case; `tier` is the customer's."""

    kind: Kind
    severity: int | None
    channel: Channel | None
    category: str | None
    tier: str | None


class TargetRule(msgspec.Struct, frozen=True):
    """Targets for the cases that fit all that a rule names; with `since`, from that day's beginning on."""

    targets: dict[str, str]
    kinds: list[Kind] = []
    severities: list[Annotated[int, msgspec.Meta(ge=1, le=3)]] = []
    channels: list[Channel] = []
    tiers: list[str] = []
    categories: list[str] = []
    since: dt.date | None = None

    def __post_init__(self) -> None:
        for clock, target in self.targets.items():
            try:
                parse_length(target)
            except ValueError as error:
                raise ValueError(
                    _("{clock} = '{target}': {fault}").format(clock=clock, target=target, fault=error)
                ) from None

    def fits(self, case: Fitting) -> bool:
        """Tell whether the rule is for a case."""
        return (
            (not self.kinds or case.kind in self.kinds)
            and (not self.severities or (case.severity or 3) in self.severities)
            and (not self.channels or case.channel in self.channels)
            and (not self.categories or any(fnmatchcase(case.category or "", one) for one in self.categories))
            and (not self.tiers or case.tier in self.tiers)
        )


class SlaPolicy(msgspec.Struct, frozen=True):
    """A rule file of the kind sla-policies."""

    SETTINGS_CHANGE: ClassVar[tuple[str, ...]] = ("clocks.*.calendar", "clocks.*.pauses", "reopening", "main")

    label: rules.Label
    main: str
    clocks: dict[str, ClockRule]
    rules: list[TargetRule]
    levels: list[Level] = []
    reopening: Reopening = "resume"

    def __post_init__(self) -> None:
        named = {clock for rule in self.rules for clock in rule.targets} | {self.main}
        for clock in sorted(named - self.clocks.keys()):
            raise ValueError(
                _("there is no clock '{clock}'; there are {known}").format(
                    clock=clock, known=_(", ").join(self.clocks)
                )
            )

    def since(self) -> list[dt.date]:
        """Return the days from which other rules hold, in order."""
        return sorted({rule.since for rule in self.rules if rule.since is not None})

    def targets(self, case: Fitting, on: dt.date | None) -> Mapping[str, Length]:
        """Return the target of each clock that a case has on a day; None is before all `since`."""
        found: dict[str, Length] = {}
        for rule in self.rules:
            if rule.since is not None and (on is None or rule.since > on):
                continue
            if any(clock not in found for clock in rule.targets) and rule.fits(case):
                for clock, target in rule.targets.items():
                    found.setdefault(clock, parse_length(target))
        return found


def rule(app: App) -> rules.Rule:
    """Return the department's policy; raises `Usage` where somebody replaced it under another name."""
    found = rules.load(app, KIND)
    if NAME not in found:
        said = _("there is no policy '{name}' in rules/sla-policies").format(name=NAME)
        raise Usage(said, _("call the file that replaces it {name}.toml as well").format(name=NAME))
    held: SlaPolicy = found[NAME].value
    for name, clock in held.clocks.items():
        if clock.calendar not in app.calendars:
            said = _("{path}: clocks.{clock}: there is no calendar '{calendar}'")
            raise Usage(said.format(path=found[NAME].path, clock=name, calendar=clock.calendar))
    return found[NAME]
