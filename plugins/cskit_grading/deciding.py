"""What schemes decide: a grade for each customer, or why there is none. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec


class Decision(msgspec.Struct, frozen=True, gc=False):
    """What one scheme says of one customer.

    `code` is None where the customer is ungraded: `reason` then says why, and else holds a remark ("by
    potential volume"). `borderline` gives the reasons why a person should look, translated. `facts` are those
    known of what was read to decide, by their names in the scheme, without personal data; `unknown` names
    the facts that were needed and are not known. `outside`: the scheme is not for this customer.
    """

    scheme: str
    customer: str
    code: str | None = None
    borderline: tuple[str, ...] = ()
    reason: str = ""
    facts: Mapping[str, Any] = {}
    unknown: tuple[str, ...] = ()
    outside: bool = False


class Outcome(NamedTuple):
    """What all schemes said: scheme → customer id → decision, the schemes left out and why, and remarks."""

    decisions: Mapping[str, Mapping[str, Decision]]
    left_out: Mapping[str, str]
    notes: Mapping[str, Sequence[str]]
