"""What a department decides for itself about notices, and its codes: rule files.

Must not import click or a store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import msgspec

from cskit import Usage, _, departments, rules

if TYPE_CHECKING:
    from cskit import App

POLICIES, CODES = "service-policies", "service-codes"
NAME = "standard"


class Approval(msgspec.Struct, frozen=True):
    """Who decides that the head office is asked: a role of a department; anybody else if "" or nobody."""

    department: str
    role: str


class Policy(msgspec.Struct, frozen=True):
    """A rule file of the kind service-policies."""

    SETTINGS_CHANGE: ClassVar[tuple[str, ...]] = (
        "surveyed",
        "sign_off",
        "approval.department",
        "approval.role",
    )

    surveyed: Literal["KCJS", "KCWB"]
    sign_off: bool
    quotation_days: Annotated[int, msgspec.Meta(ge=1)]
    invoice_days: Annotated[int, msgspec.Meta(ge=0)]
    follow_up_months: Annotated[int, msgspec.Meta(ge=0)]
    approval: Approval


class Codes(msgspec.Struct, frozen=True):
    """A rule file of the kind service-codes: what the codes on notices mean; `checked` ones must be known.

    Codes of two levels are written "06" and "06-01".
    """

    checked: list[Literal["products", "colours", "causes", "centres", "offices", "business_areas"]]
    products: dict[str, rules.Label]
    colours: dict[str, rules.Label]
    causes: dict[str, rules.Label]
    centres: dict[str, rules.Label]
    offices: dict[str, rules.Label]
    business_areas: dict[str, rules.Label]

    def of(self, family: str) -> dict[str, rules.Label]:
        """Return the codes of a family by code."""
        found: dict[str, rules.Label] = getattr(self, family)
        return found

    def code(self, family: str, name: str) -> str:
        """Return the code that a text means: itself, its title, or both as people see them."""
        for code, title in self.of(family).items():
            if name in (code, title.en, title.zh, f"{code} {title.en}", f"{code} {title.zh}"):
                return code
        return name

    def title(self, family: str, code: str | None) -> str:
        """Return what people see of a code: the code and its title, or the code alone where it has none."""
        known = self.of(family).get(code or "")
        return f"{code} {known}" if known else code or ""

    def unknown(self, family: str, code: str) -> bool:
        """Tell whether a code must be known and is not."""
        return family in self.checked and code not in self.of(family)


def load(app: App) -> Policy:
    """Return the department's policy; raises `Usage` where somebody replaced it under another name."""
    policy: Policy = _standard(app, POLICIES)
    return policy


def codes(app: App) -> Codes:
    """Return what codes mean; raises `Usage` where somebody replaced the file under another name."""
    found: Codes = _standard(app, CODES)
    return found


def supervisors(app: App, policy: Policy) -> tuple[str, ...]:
    """Return who may decide that the head office is asked; nobody named means anybody but who asked."""
    if not policy.approval.role:
        return ()
    known = departments.load(app).get(policy.approval.department)
    return tuple(known.roles.get(policy.approval.role, ())) if known else ()


def _standard(app: App, kind: str) -> Any:
    found = rules.load(app, kind)
    if NAME not in found:
        said = _("there is no file '{name}' in rules/{kind}").format(name=NAME, kind=kind)
        raise Usage(said, _("call the file that replaces it {name}.toml as well").format(name=NAME))
    return found[NAME].value


FAMILIES = {"centre": "centres", "office": "offices", "business_area": "business_areas"}
"""The fields of a notice that hold codes, and the family of each."""
ITEM_FAMILIES = {"product": "products", "colour": "colours", "cause": "causes"}
"""The fields of a notice's items that hold codes, and the family of each."""
