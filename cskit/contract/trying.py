"""Checks that try a plugin: its demonstration, its records from adding to importing, its facts."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from cskit import records as record_fields
from cskit import register
from cskit.app import App
from cskit.contract.subject import Done, NotChecked, Subject, first_line
from cskit.declarations import RecordType
from cskit.errors import CskitError, Exit
from cskit.i18n import _
from cskit.plugins.contributions import verbs_of
from cskit.records import Field
from cskit.references import underlying_first

_GOING_ROUND = frozenset({"add", "show", "export", "import"})
_DEEPEST = 5  # records that a sample needs to be there, which need others


def demonstration(subject: Subject) -> Iterator[str]:
    """Every step of the demonstration succeeds, after the steps of the plugins before it."""
    found = dict(subject.app.plugins.collect("cskit_demo_data"))
    if not found.get(subject.name):
        raise NotChecked(_("it has no part in the demonstration"))
    order = list(underlying_first(subject.app, found))
    needed = order[: order.index(subject.name) + 1]  # what others show after it is their affair
    there = subject.app.plugins.leaves
    for plugin, step in [(name, step) for name in needed for step in found[name] if step.possible(there)]:
        done = subject.run(*step.typed(subject.data), "--yes")
        if done.exit_code != step.exits and plugin == subject.name:
            yield f"cskit {' '.join(step.arguments)}: {first_line(done)}"


def facts(subject: Subject) -> Iterator[str]:
    """Facts are well-formed for the records there are now."""
    app = subject.trying()
    names: dict[str, list[str]] = defaultdict(list)
    for owned in app.plugins.fact_specs.by_key.values():
        if owned.plugin == subject.name:
            names[owned.value.about].append(owned.value.name)
    asked = False
    for record_type in app.plugins.record_types.values():
        ids = _ids(app, record_type)
        if ids and record_type.command in names:
            asked = True
            try:
                app.facts(record_type.command, names[record_type.command], ids)
            except CskitError as error:
                yield error.message
    if not asked:
        raise NotChecked(_("there are no records that it gives facts about"))


def round_trips(subject: Subject) -> Iterator[str]:
    """A record that is added can be shown; all records, exported and imported again, are as they were."""
    whole = [one for one in subject.record_types() if _GOING_ROUND.issubset(verbs_of(one))]
    if not whole:
        raise NotChecked(_("it has no record types that are added and imported"))
    for record_type in whole:
        try:
            done = _added(subject, record_type)
        except CskitError:
            continue  # the class itself is at fault, as the check of fields says
        said_no = done.exit_code in (Exit.REFUSED, Exit.BAD_DATA)
        if done.exit_code == 0:
            yield from _shown(subject, record_type, done.stdout.strip())
        elif not (said_no and _ids(subject.trying(), record_type)):
            yield _(
                "a sample could not be added: {error}; a step of the demonstration that adds one would do"
            ).format(error=first_line(done))
            continue
        for form in ("jsonl", "csv"):
            yield from _there_and_back(subject, record_type, form)


def _added(subject: Subject, record_type: RecordType, depth: int = 0) -> Done:
    """Add a sample with the fields that are required, after those that it refers to."""
    app = subject.trying()
    known = record_fields.fields(app.model(record_type.table))
    values = {
        name: _sample(subject, info, depth)
        for name, info in known.items()
        if name == record_type.title or (info.required and name != "id" and not info.owner)
    }
    title = values.pop(record_type.title)
    options = [
        f"--{name.replace('_', '-')}" + (f"={value}" if known[name].kind != "boolean" else "")
        for name, value in values.items()
    ]
    return subject.run(*record_type.command.split(), "add", *options, "--", title)


def _sample(subject: Subject, info: Field, depth: int) -> str:
    """Return a value for a field as it is typed."""
    app = subject.trying()
    limits = _limits(info)
    if info.ref and info.ref in app.plugins.record_types and depth < _DEEPEST:
        record_type = app.plugins.record_types[info.ref]
        ids = _ids(app, record_type)
        return ids[0] if ids else _added(subject, record_type, depth + 1).stdout.strip()
    match info.kind:
        case "integer" | "decimal":
            return str(limits.get("ge", limits.get("gt", limits.get("le", 2) - 1) + 1))
        case "date":
            return str(app.today)
        case "time":
            return app.now.isoformat()
        case "boolean":
            return "yes"
        case "choice":
            return str(info.of[0])
        case "map":
            return "sample=sample"
        case "struct":
            return "{}"
        case _:
            return "sample".ljust(limits.get("min_length", 0), "e")[: limits.get("max_length", 99)]


def _limits(info: Field) -> Mapping[str, Any]:
    """Return the limits of a field that are set."""
    found = msgspec.inspect.type_info(info.type)
    kinds = found.types if isinstance(found, msgspec.inspect.UnionType) else (found,)
    names = ("ge", "gt", "le", "min_length", "max_length")
    return {
        name: value
        for kind in kinds
        for name in names
        if (value := getattr(getattr(kind, "type", kind), name, None)) is not None
    }


def _shown(subject: Subject, record_type: RecordType, own: str) -> Iterator[str]:
    done = subject.run(*record_type.command.split(), "show", own, "-o", "json")
    if done.exit_code or json.loads(done.stdout).get("id") != own:
        yield _("the record {id} that was added is not shown: {error}").format(id=own, error=first_line(done))


def _there_and_back(subject: Subject, record_type: RecordType, form: str) -> Iterator[str]:
    """Export all records, import the file into the same folder, and see that nothing changes."""
    noun = record_type.command.split()
    path = os.path.join(subject.folder, f"{record_type.table}.{form}")
    done = subject.run(*noun, "export", "-o", form, "--out", path)
    if not done.exit_code:
        done = subject.run(*noun, "import", path, "-o", "json")
    if done.exit_code:
        yield _("{table}: {form} does not come back: {error}").format(
            table=record_type.table, form=form, error=first_line(done)
        )
        return
    counts = json.loads(done.stdout)
    if isinstance(counts, list):
        (counts,) = counts
    if counts["new"] or counts["changed"]:
        yield _("{table}: of what was exported as {form}, {new} came back new and {changed} changed").format(
            table=record_type.table, form=form, new=counts["new"], changed=counts["changed"]
        )


def _ids(app: App, record_type: RecordType) -> list[str]:
    return [register.id_of(document) for document in app.store.reading().read(record_type.table)]
