"""Schemes: what a scheme's TOML file may say, which schemes there are, and in which order they run.

Must not import click or a store.
"""

from __future__ import annotations

import graphlib
import itertools
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import msgspec

from cskit import NotFound, Usage, _, rules
from cskit.plugins.isolation import nearest
from cskit.rules import Label

if TYPE_CHECKING:
    from cskit import App

KIND = "grading-schemes"
GRADES = "grade."
"""What the facts begin with that are grades: `grade.order_volume` is the grade of the scheme order-volume."""
_Months = Annotated[int, msgspec.Meta(ge=0, le=1200)]
_Days = Annotated[int, msgspec.Meta(ge=1, le=3660)]
_Code = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$")]


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """Something a scheme reads of a customer: a fact, the grade of another scheme, or a field of the card.

    Just one of `fact` and `field` is given. `plugin` says who gives the fact, for when it is away. A fact
    that is counted is so over the last `months` (0: without a limit), leaving out the last `skip` of them,
    and of one `product` only if that is given.
    """

    fact: str = ""
    field: str = ""
    plugin: str = ""
    months: _Months = 0
    skip: _Months = 0
    product: str = ""

    def __post_init__(self) -> None:
        """See that it names one thing."""
        if bool(self.fact) == bool(self.field):
            raise ValueError(_("say either fact or field"))

    @property
    def scheme(self) -> str:
        """The scheme whose grade this is, "" if it is none."""
        return self.fact.removeprefix(GRADES).replace("_", "-") if self.fact.startswith(GRADES) else ""


class Bin(msgspec.Struct, frozen=True, kw_only=True):
    """A score 1, 2, 3 … by cut points at `cuts` percent of all customers that the scheme is for.

    `of` is a need or a value. The score is 1 + the number of cut points below the value, so that equal values
    never part; `best = "low"` counts from the other end.
    """

    of: str
    cuts: list[Decimal]
    best: Literal["high", "low"] = "high"

    def __post_init__(self) -> None:
        """See that the cuts rise."""
        around = [Decimal(0), *self.cuts, Decimal(100)]
        if any(low >= high for low, high in itertools.pairwise(around)):
            raise ValueError(_("cuts must rise between 0 and 100"))


class Rank(msgspec.Struct, frozen=True, kw_only=True):
    """A place among all customers that the scheme is for: 1 has the largest `of`; equals share the place."""

    of: str


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's part of the sum of `of` over all customers that the scheme is for, in percent."""

    of: str


class Also(msgspec.Struct, frozen=True, kw_only=True):
    """Another way to a grade, with the remark that tells it from the first."""

    when: str
    remark: Label


class Doubt(msgspec.Struct, frozen=True, kw_only=True):
    """What makes a grade borderline, and the reason that is given."""

    when: str
    why: Label


class Right(msgspec.Struct, frozen=True, kw_only=True):
    """Something a customer of a grade is given, or (`given = false`) is not."""

    code: _Code
    label: Label
    given: bool = True


class Visits(msgspec.Struct, frozen=True, kw_only=True):
    """How often a customer of a grade is to be visited: at least `least` times in each calendar `per`."""

    least: Annotated[int, msgspec.Meta(ge=0, le=366)]
    per: Literal["month", "year"]


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """What follows from a grade.

    `log_days`: an activity is to be noted at least once in so many days. `visits`: a soft quota.
    `project_days`: a warning while an open opportunity had no visit for so many days. `handle_by` names the
    need (a date) by which the customer is to be handled. `attendants` attend a delivery, the first who can;
    `named_by` says who names the person. `gifts`: one of them at a delivery, none twice if it can be helped.
    `reminder`: who reminds of maintenance. `service_days`: working days to serve in, by `served_by`.
    """

    log_days: _Days | None = None
    visits: Visits | None = None
    project_days: _Days | None = None
    handle_by: str = ""
    attendants: list[Right] = []
    named_by: Label | None = None
    gifts: list[Right] = []
    reminder: Literal["store", "service"] | None = None
    service_days: _Days | None = None
    served_by: Label | None = None
    rights: list[Right] = []


class Grade(msgspec.Struct, frozen=True, kw_only=True):
    """One grade: its `when` is tested in the file's order, and the first that is true decides.

    `literal` is the rule exactly as the source states it: where it is not true as well, the grade is
    borderline. Without `when`, everybody who is left has the grade.
    """

    code: _Code
    title: Label
    when: str = "True"
    literal: str = ""
    also: list[Also] = []
    doubts: list[Doubt] = []
    service: Service = Service()


class Scheme(msgspec.Struct, frozen=True, kw_only=True):
    """A rule file of the kind grading-schemes.

    `numbers` are the thresholds, which settings may change. `needs`, `numbers`, `values`, `bins`, `ranks` and
    `shares` give the names that conditions use. `scope` says which customers the scheme is for. `ranked`:
    grades stand best first, so that a change is a move up or down. `keep`: where it is true, a customer keeps
    the grade held. `grace`: a lower grade counts only after so many runs in a row (0: at once). `floor`: an
    override only keeps a customer from falling lower. `sign_off`: a second person reviews each change.
    """

    SETTINGS_CHANGE: ClassVar[tuple[str, ...]] = ("needs.*.fact", "needs.*.product")
    title: Label
    source: Label
    ours: Label | None = None
    needs: dict[str, Need]
    numbers: dict[str, Decimal] = {}
    scope: str = "True"
    values: dict[str, str] = {}
    bins: dict[str, Bin] = {}
    ranks: dict[str, Rank] = {}
    shares: dict[str, Share] = {}
    keep: Doubt | None = None
    grades: Annotated[list[Grade], msgspec.Meta(min_length=1)]
    ranked: bool = True
    grace: Annotated[int, msgspec.Meta(ge=0, le=100)] = 0
    floor: bool = False
    sign_off: bool = False

    def __post_init__(self) -> None:
        """See that no name or code means two things."""
        codes = [grade.code for grade in self.grades]
        names = [name for group in self.named for name in group]
        for said, given in (
            (_("two grades have the code {name}"), codes),
            (_("{name} is the name of two things"), names),
        ):
            twice = [one for one in given if given.count(one) > 1]
            if twice:
                raise ValueError(said.format(name=twice[0]))

    @property
    def named(self) -> tuple[Mapping[str, object], ...]:
        """All that gives names to conditions."""
        return self.needs, self.numbers, self.values, self.bins, self.ranks, self.shares

    def grade(self, code: str) -> Grade | None:
        """Return the grade of a code, None if there is none."""
        return next((grade for grade in self.grades if grade.code == code), None)

    def place(self, code: str | None) -> int:
        """Return how far from the best a grade stands, 0 is best; ungraded stands last."""
        places = {grade.code: place for place, grade in enumerate(self.grades)}
        return places.get(code or "", len(self.grades))


class Known(msgspec.Struct, frozen=True):
    """A scheme that is in force: its name and file, whose it is, and the hash of the file.

    Where settings change numbers of it, the hash is that of the file and of those.
    """

    name: str
    scheme: Scheme
    path: str
    hash: str
    owner: str

    @property
    def fact(self) -> str:
        """The fact that is this scheme's grade."""
        return GRADES + self.name.replace("-", "_")


def load(app: App) -> dict[str, Known]:
    """Return the schemes by name, each after those whose grades it needs.

    Raises as `rules.load`, and `Usage` where schemes need each other in a circle or need none that is there.
    """
    found = {name: of_rule(rule) for name, rule in rules.load(app, KIND).items()}
    return {name: found[name] for name in ordered(found)}


def of_rule(rule: rules.Rule) -> Known:
    """Return the scheme that a rule is."""
    return Known(rule.name, rule.value, rule.path, rule.stamp, rule.owner)


def ordered(known: Mapping[str, Known]) -> list[str]:
    """Return the names of schemes in order of need; raises `Usage` for a circle."""
    needed = {name: sorted(needed_by(one.scheme) & known.keys()) for name, one in known.items()}
    try:
        return list(graphlib.TopologicalSorter(needed).static_order())
    except graphlib.CycleError as error:
        circle = error.args[1]
        raise Usage(
            _("{path}: the schemes {circle} need each other's grades").format(
                path=known[circle[0]].path, circle=" → ".join(circle)
            ),
            _("take one of these needs out"),
        ) from None


def needed_by(scheme: Scheme) -> set[str]:
    """Return the schemes whose grades a scheme needs."""
    return {need.scheme for need in scheme.needs.values() if need.scheme}


def with_needed(known: Mapping[str, Known], names: Iterable[str]) -> list[str]:
    """Return schemes and all whose grades they need, in order of need."""
    wanted: set[str] = set()

    def add(name: str) -> None:
        if name in known and name not in wanted:
            wanted.add(name)
            for other in needed_by(known[name].scheme):
                add(other)

    for name in names:
        add(name)
    return [name for name in known if name in wanted]


def chosen(known: Mapping[str, Known], names: Iterable[str] | None) -> list[str]:
    """Return the names of the schemes meant, all where None is given; raises `NotFound`."""
    if names is None:
        return list(known)
    for name in names:
        if name not in known:
            near = nearest(name, known)
            hint = _("did you mean '{near}'?").format(near=near) if near else ""
            raise NotFound(
                _("there is no grading scheme '{name}'").format(name=name),
                hint or _("`cskit grade schemes` shows those there are"),
            )
    wanted = set(names)
    return [name for name in known if name in wanted]
