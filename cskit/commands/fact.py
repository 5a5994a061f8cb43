"""`cskit fact`: what plugins know about customers and other things, by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import click

from cskit import facts, masking
from cskit.app import App, pass_app
from cskit.declarations import Evidence
from cskit.display import views
from cskit.display.output import Column
from cskit.display.views import listing
from cskit.errors import Usage
from cskit.i18n import _, mark
from cskit.records import masks

_SPEC = (
    Column("name", "Fact", kind="name"),
    Column("about", "About"),
    Column(
        "type",
        "Type",
        codes=(mark("integer"), mark("decimal"), mark("text"), mark("date"), mark("boolean")),
    ),
    Column("unit", "Unit"),
    Column("span", "Counted", codes=(mark("instant"), mark("period"))),
    Column("plugin", "Plugin"),
    Column("meaning", "Meaning"),
)
_BEHIND = (
    Column("id", "ID"),
    Column("fact", "Fact"),
    Column("about", "About", kind="name"),
    Column("record", "Record"),
)
_VALUE = (Column("id", "ID"), Column("fact", "Fact"), Column("value", "Value"), Column("unit", "Unit"))


@click.command("list")
@click.option("--about", metavar="KIND", help="Only facts about this, such as customer.")
@pass_app
def list_(app: App, about: str | None) -> None:
    """List the facts that plugins can give.

    \b
    Example:
      cskit fact list --about customer
    """
    wanted = facts.about(app, about) if about else None
    listing(app, list(_specs(app, about, wanted)), _SPEC)


def _specs(app: App, about: str | None, wanted: Sequence[str] | None) -> Iterator[dict[str, str]]:
    for plugin, spec in app.plugins.fact_specs.by_key.values():
        if wanted is None or (spec.about == about and spec.name in wanted):
            row = {key: getattr(spec, key) for key in ("name", "about", "type", "span")}
            row |= {"unit": _(spec.unit), "meaning": _(spec.meaning), "plugin": plugin}
            yield {key: value for key, value in row.items() if value}


@click.command("show")
@click.argument("kind")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--names", metavar="A,B", help="Only these facts.")
@click.option("--period", metavar="PERIOD", help="What is counted: 2026, 2026-10 or 2026-01-01..2026-03-31.")
@click.option("--scope", multiple=True, metavar="KEY=VALUE", help="What is counted: such as product=CD.")
@click.option("--ids", "behind", is_flag=True, help="List the records that the facts are counted from.")
@pass_app
def show(
    app: App,
    kind: str,
    ids: Sequence[str],
    names: str | None,
    period: str | None,
    scope: Sequence[str],
    behind: bool,
) -> None:
    """Show facts about things of one kind.

    With --ids the records instead, of those facts whose plugin can name them.

    \b
    Example:
      cskit fact show customer C-000001 --names orders.count --period 2026
    """
    wanted = [name.strip() for name in names.split(",")] if names else facts.about(app, kind)
    found = _ids(app, kind, ids)
    evidence = Evidence() if behind else None
    counted = facts.parse_period(period) if period else None
    answers = app.facts(kind, wanted, found, period=counted, scope=_scope(scope), evidence=evidence)
    if evidence is not None:
        listing(app, list(_records(found, answers, evidence)), _BEHIND)
    elif views.form(app) == "table":
        listing(app, list(_lines(app, kind, found, answers)), _VALUE)
    else:
        hidden = {name: masks.Mask() for name in _personal(app, kind, answers)}
        columns = (Column(name, name, mask=hidden.get(name)) for name in answers)
        listing(app, list(_wide(found, answers)), (_VALUE[0], *columns))


def _ids(app: App, kind: str, ids: Sequence[str]) -> list[str]:
    """Return the ids meant; where the kind is a record type, external keys and a check that they exist."""
    from cskit import register
    from cskit.crud import names_in

    names = names_in(ids)
    for record_type in app.plugins.record_types.values():
        if record_type.command == kind:
            documents = register.find(app, app.reading(), record_type, names)
            return list(dict.fromkeys(register.id_of(document) for document in documents))
    return list(dict.fromkeys(names))


def _scope(texts: Sequence[str]) -> dict[str, str]:
    found = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not (key and equals and value):
            raise Usage(_("--scope {text}: expected key=value, such as product=CD").format(text=text))
        found[key] = value
    return found


def _lines(
    app: App, kind: str, ids: Sequence[str], answers: Mapping[str, Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Yield a row for each value that is known; personal ones are masked, or noted before they are shown."""
    units = {name: _(facts.spec(app.plugins, kind, name).value.unit) for name in answers}
    personal = _personal(app, kind, answers)
    if app.options.reveal:
        masking.note(app, {app.command: [own for own in ids if any(own in answers[one] for one in personal)]})
        personal = frozenset()
    for thing in ids:
        for name, values in answers.items():
            if thing in values:
                value = masks.HIDDEN if name in personal else values[thing]
                yield {"id": thing, "fact": name, "value": value, "unit": units[name]}


def _personal(app: App, kind: str, names: Iterable[str]) -> frozenset[str]:
    """Return which facts are shown as personal data is."""
    return frozenset(name for name in names if facts.spec(app.plugins, kind, name).value.personal)


def _records(
    ids: Sequence[str], answers: Mapping[str, Mapping[str, Any]], evidence: Evidence
) -> Iterator[dict[str, Any]]:
    """Yield a row for each record that a known fact is counted from."""
    for thing in ids:
        for name in answers:
            if thing in answers[name] and (name, thing) in evidence:
                about, records, _hits = evidence[name, thing]
                yield from ({"id": thing, "fact": name, "about": about, "record": own} for own in records)


def _wide(ids: Sequence[str], answers: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield a row for each thing, with all that is known of it."""
    for thing in ids:
        yield {"id": thing} | {name: values[thing] for name, values in answers.items() if thing in values}
