"""The complaints plugin's hooks: cases and their clocks. Must not import anything but hook names."""

from __future__ import annotations

from collections.abc import Iterable

from cskit import Command, RecordType, RuleKind, hookimpl


@hookimpl
def cskit_commands() -> Iterable[Command]:
    """Declare what can be done with cases beside the commands of every record type."""
    from cskit_complaints import menu

    yield from menu.CLOCKS


@hookimpl
def cskit_rule_kinds() -> Iterable[RuleKind]:
    """Declare what a company may decide for itself about cases."""
    from cskit_complaints import menu

    yield from menu.RULE_KINDS


@hookimpl
def cskit_rule_files(kind: str) -> Iterable[str]:
    """Give the rules that come with the plugin."""
    import os

    yield os.path.join(os.path.dirname(os.path.abspath(__file__)), "rules", kind)


@hookimpl
def cskit_record_types() -> Iterable[RecordType]:
    """Declare the case."""
    yield RecordType(
        command="case",
        table="cases",
        model="cskit_complaints.model:Case",
        number="CP-{:06d}",
        singular="case",
        plural="cases",
        zh="受理单",
        title="content",
        columns=("id", "kind", "severity", "category", "content", "department", "handler", "state", "due"),
    )


@hookimpl
def cskit_locale_dir() -> tuple[str, str]:
    """Say where the Chinese of this plugin's messages is."""
    import os

    return "cskit_complaints", os.path.join(os.path.dirname(os.path.abspath(__file__)), "locale")
