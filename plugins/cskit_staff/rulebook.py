"""Rule files of which a department has one, and hashes of rules to note beside what they decided.

Must not import click or a store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cskit import Usage, _, rules
from cskit.digests import blake2b

if TYPE_CHECKING:
    from cskit import App

NAME = "standard"


def standard(app: App, kind: str) -> rules.Rule:
    """Return the rule called `standard`; raises `Usage` where somebody replaced it under another name."""
    found = rules.load(app, kind)
    if NAME not in found:
        said = _("there is no rule '{name}' in rules/{kind}").format(name=NAME, kind=kind)
        raise Usage(said, _("call the file that replaces it {name}.toml as well").format(name=NAME))
    return found[NAME]


def hash_of(*known: rules.Rule) -> str:
    """Return the hash of rules' files and of what the settings change in them."""
    parts = [
        part
        for rule in known
        for part in (rule.hash, *(f"{key}={one.settings}" for key, one in sorted(rule.changed.items())))
    ]
    return parts[0] if len(parts) == 1 else blake2b("\n".join(parts).encode(), digest_size=32).hexdigest()
