"""Rules as rows for people: which there are, what one says and where that is from. Must not import click."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from cskit.config.settings import FILE
from cskit.errors import NotFound
from cskit.i18n import _
from cskit.plugins.isolation import nearest
from cskit.rules import files, shape
from cskit.rules.laying import Rule, Survey, kinds, load, survey

if TYPE_CHECKING:
    from cskit.app import App


def listed(app: App, kind: str | None) -> tuple[list[dict[str, str]], list[str]]:
    """Return a row for each rule of a kind, or of all, and for each file that gives none; and all faults."""
    surveys = {name: survey(app, name) for name in ([kind] if kind else kinds(app))}
    rows = [row for name, found in surveys.items() for row in _rows(name, found)]
    faults = [str(fault) for found in surveys.values() for fault in found.faults]
    if kind is None:
        strange = list(_strange(app))
        rows += strange
        faults += [f"{row['path']}: {row['note']}" for row in strange]
    return [{key: value for key, value in row.items() if value} for row in rows], faults


def none_of(app: App, kind: str | None) -> str:
    """Say that there are no rules, and what those of the kind would decide."""
    known = [owned.value for name, owned in kinds(app).items() if kind in (None, name)]
    return "\n".join([_("there are no rules yet:"), *(f"  {one.name}: {_(one.meaning)}" for one in known)])


def shown(app: App, kind: str, name: str) -> list[dict[str, str]]:
    """Return a row for each value of a rule, with where it is from; raises `NotFound` and as `load` does."""
    found = load(app, kind)
    if name not in found:
        near = nearest(name, found)
        hint = _("did you mean '{near}'?").format(near=near) if near else _names(found)
        raise NotFound(_("there is no rule '{name}' of the kind {kind}").format(name=name, kind=kind), hint)
    rule = found[name]
    origin = _("plugin {plugin}").format(plugin=rule.owner) if rule.owner else _within(app, rule.path)
    rows = []
    for key, value in _flat(rule.values):
        row = {"key": key, "value": value, "origin": origin}
        if key in rule.changed:
            row |= {"origin": FILE, "instead": str(rule.changed[key].file)}
        rows.append(row)
    return rows


def _within(app: App, path: str) -> str:
    return os.path.relpath(path, app.folder)


def _names(found: Mapping[str, Any]) -> str:
    return _("there are {names}").format(names=", ".join(found)) if found else ""


def _rows(kind: str, found: Survey) -> Iterator[dict[str, str]]:
    notes: dict[str, list[str]] = {}
    for fault in found.faults:
        said = f"{fault.key}: {fault.message}" if fault.key else fault.message
        notes.setdefault(fault.path, []).append(said)
    for rule in found.rules.values():
        yield {
            "kind": kind,
            "name": rule.name,
            "origin": rule.owner or _("department"),
            "replaces": rule.replaces,
            "changed": _changed(rule),
            "hash": rule.hash[:12],
            "path": rule.path,
            "note": "; ".join(notes.pop(rule.path, [])),
        }
    for path, others in notes.items():
        yield {"kind": kind, "path": path, "note": "; ".join(others)}


def _changed(rule: Rule) -> str:
    return ", ".join(f"{key} {one.file} → {one.settings}" for key, one in rule.changed.items())


def _strange(app: App) -> Iterator[dict[str, str]]:
    """Yield a row for each kind of the department's rules, in folders or settings, that no plugin reads."""
    folders = {kind: os.path.join(app.folder, "rules", kind) for kind in files.kinds_in(app.folder)}
    found = dict.fromkeys(app.settings.rules, os.path.join(app.folder, FILE)) | folders
    for kind, path in sorted(found.items()):
        if kind not in kinds(app):
            near = nearest(kind, kinds(app))
            note = (
                _("no plugin has rules of this kind; did you mean '{near}'?").format(near=near)
                if near
                else _("no plugin has rules of this kind")
            )
            yield {"kind": kind, "path": path, "note": note}


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield each single value with its key path; parts of a list are counted from 1."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _flat(part, shape.join(path, key))
    elif isinstance(value, list):
        for place, part in enumerate(value, 1):
            yield from _flat(part, f"{path}[{place}]")
    else:
        yield path, _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
