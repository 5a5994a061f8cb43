"""cskit: a customer-service department's records from the shell.

The names below are what a plugin may import. They load on first use, so that a plugin's `__init__` is light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cskit.app import App, pass_app
    from cskit.declarations import (
        ActionSpec,
        Command,
        DemoStep,
        Event,
        Evidence,
        FactSpec,
        Group,
        Migration,
        Narrowing,
        Period,
        RecordType,
        RuleKind,
        Task,
    )
    from cskit.display.output import Column
    from cskit.display.views import listing as rows
    from cskit.errors import BadData, Conflict, CskitError, NotFound, PluginFailed, Refused, Usage
    from cskit.hookspecs import hookimpl
    from cskit.i18n import _, label, mark, ngettext
    from cskit.records import Part, Record, field

__version__ = "0.1.0"

_HOMES = {
    "App": "app",
    "pass_app": "app",
    "BadData": "errors",
    "Conflict": "errors",
    "CskitError": "errors",
    "NotFound": "errors",
    "PluginFailed": "errors",
    "Refused": "errors",
    "Usage": "errors",
    "ActionSpec": "declarations",
    "Command": "declarations",
    "DemoStep": "declarations",
    "Event": "declarations",
    "Evidence": "declarations",
    "FactSpec": "declarations",
    "Group": "declarations",
    "Narrowing": "declarations",
    "Migration": "declarations",
    "Period": "declarations",
    "RecordType": "declarations",
    "RuleKind": "declarations",
    "Task": "declarations",
    "hookimpl": "hookspecs",
    "_": "i18n",
    "label": "i18n",
    "mark": "i18n",
    "ngettext": "i18n",
    "Column": "display.output",
    "Part": "records",
    "Record": "records",
    "field": "records",
    "rows": "display.views:listing",
}

__all__ = [  # noqa: RUF022 - grouped by home, as above
    "App",
    "pass_app",
    "BadData",
    "Conflict",
    "CskitError",
    "NotFound",
    "PluginFailed",
    "Refused",
    "Usage",
    "ActionSpec",
    "Command",
    "DemoStep",
    "Event",
    "Evidence",
    "FactSpec",
    "Group",
    "Narrowing",
    "Migration",
    "Period",
    "RecordType",
    "RuleKind",
    "Task",
    "hookimpl",
    "_",
    "label",
    "mark",
    "ngettext",
    "Column",
    "Part",
    "Record",
    "field",
    "rows",
]


if not TYPE_CHECKING:  # a type checker must not take every name for one of ours

    def __getattr__(name: str) -> Any:
        if name not in _HOMES:
            raise AttributeError(f"module 'cskit' has no attribute {name!r}")
        import importlib

        home, _colon, own = _HOMES[name].partition(":")
        return getattr(importlib.import_module(f"cskit.{home}"), own or name)
