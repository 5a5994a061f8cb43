"""What plugins know about customers and other things, asked by name. Must not import click or a plugin."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cskit.declarations import Evidence, FactSpec, Period
from cskit.errors import NotFound, PluginFailed, Usage
from cskit.i18n import _
from cskit.plugins.contributions import Owned
from cskit.plugins.installed import fact_key
from cskit.plugins.isolation import nearest

if TYPE_CHECKING:
    from cskit.app import App
    from cskit.plugins.installed import Plugins

_TYPES: Mapping[str, tuple[type, ...]] = {
    "integer": (int,),
    "decimal": (Decimal, int),
    "text": (str,),
    "date": (dt.date,),
    "boolean": (bool,),
}


ANY = ".*"
"""What the name of a family of facts ends in."""


def ask(
    app: App,
    kind: str,
    names: Sequence[str],
    ids: Sequence[str],
    *,
    period: Period | None = None,
    scope: Mapping[str, str] | None = None,
    evidence: Evidence | None = None,
) -> dict[str, dict[str, Any]]:
    """Return fact name → id → value for things of one kind; a value that is unknown is absent.

    Each plugin is asked once, only for names it declared. A family ("grade.*") stands for all its members of
    which something is known. In `evidence` plugins note which records a fact is counted from, where they can
    tell. Raises `NotFound` for a name nobody declares and `PluginFailed` when a plugin fails or answers
    something else than it declared.
    """
    asked: dict[str, dict[str, FactSpec]] = defaultdict(dict)
    for name in dict.fromkeys(names):
        found = spec(app.plugins, kind, name)
        asked[found.plugin][name] = found.value
    wanted = tuple(dict.fromkeys(ids))
    answers: dict[str, dict[str, Any]] = {name: {} for name in names if not name.endswith(ANY)}
    for plugin, specs in sorted(asked.items()):
        answer = app.plugins.call(
            plugin,
            "cskit_facts",
            app=app,
            kind=kind,
            names=tuple(specs),
            ids=wanted,
            now=app.now,
            period=period or Period(),
            scope=dict(scope or {}),
            evidence=evidence,
        )
        answers |= _checked(app.plugins.title(plugin), answer or {}, specs, set(wanted))
    return answers


def about(app: App, kind: str) -> list[str]:
    """Name every fact about things of one kind; raises `NotFound` for a kind nobody knows anything about."""
    specs = [item.value for item in app.plugins.fact_specs.by_key.values()]
    found = [spec.name for spec in specs if spec.about == kind]
    if not found:
        kinds = sorted({spec.about for spec in specs})
        near = nearest(kind, kinds)
        if near:
            hint = _("did you mean {name}?").format(name=near)
        elif kinds:
            hint = _("there are facts about {names}").format(names=_(", ").join(kinds))
        else:
            hint = _("no loaded plugin gives facts")
        raise NotFound(
            _("there are no facts about '{kind}'").format(kind=kind), _with_missing(app.plugins, hint)
        )
    return found


def spec(plugins: Plugins, kind: str, name: str) -> Owned[FactSpec]:
    """Return what is declared of a fact, or of the family it is a member of; raises as `ask` does."""
    contents = plugins.fact_specs
    family = name.rpartition(".")[0] + ANY
    keys = (fact_key(kind, name), fact_key(kind, family))
    for key in keys:
        if key in contents.by_key:
            return contents.by_key[key]
    for clash in contents.clashes:
        if clash.key in keys:
            raise PluginFailed(str(clash), _("leave out one of them with CSKIT_DISABLE_PLUGINS"))
    first = name.partition(".")[0]
    for said, out in (
        (_("the fact {name} cannot be known: plugin {plugin} is broken"), plugins.broken),
        (_("the fact {name} cannot be known: plugin {plugin} is blocked"), plugins.blocked),
    ):
        if any(one.name in (first, f"{first}s") for one in out):
            raise PluginFailed(said.format(name=name, plugin=first), "cskit plugins list")
    known = [item.value.name for item in contents.by_key.values() if item.value.about == kind]
    near = nearest(name, known)
    near = near and _("did you mean {name}?").format(name=near)
    hint = _with_missing(plugins, near or _("`cskit fact list` names them all"))
    raise NotFound(_("there is no fact '{name}' about a {kind}").format(name=name, kind=kind), hint)


def _with_missing(plugins: Plugins, hint: str) -> str:
    missing = plugins.missing()
    return _("{hint} (not loaded: {plugins})").format(hint=hint, plugins=missing) if missing else hint


def _checked(
    title: str, answer: Any, declared: Mapping[str, FactSpec], ids: Set[str]
) -> dict[str, dict[str, Any]]:
    """Return a plugin's answer, or say what in it is not what the plugin declared."""
    if not isinstance(answer, Mapping):
        raise PluginFailed(
            _("plugin {plugin} answered {type} instead of facts by name").format(
                plugin=title, type=type(answer).__name__
            )
        )
    of = {name: declared.get(name) or declared.get(str(name).rpartition(".")[0] + ANY) for name in answer}
    for name, found in of.items():
        if found is None or str(name).endswith(ANY):
            raise PluginFailed(
                _("plugin {plugin} answered the fact '{name}', which it was not asked for").format(
                    plugin=title, name=name
                )
            )
    return {
        name: _values(title, name, found, answer[name], ids)
        for name, found in of.items()
        if found is not None
    }


def _values(title: str, name: str, declared: FactSpec, values: Any, ids: Set[str]) -> dict[str, Any]:
    if not isinstance(values, Mapping):
        said = _("plugin {plugin}, fact {name}: expected values by id, not {type}")
        raise PluginFailed(said.format(plugin=title, name=name, type=type(values).__name__))
    if _all_fit(declared, values, ids):
        return dict(values)
    for thing, value in values.items():
        if thing not in ids:
            said = _("plugin {plugin}, fact {name}: nobody asked about '{id}'")
            raise PluginFailed(said.format(plugin=title, name=name, id=thing))
        if not _fits(declared, value):
            said = _("plugin {plugin}, fact {name} of {id}: {value} is not of the type {type}").format(
                plugin=title, name=name, id=thing, value=repr(value), type=declared.type
            )
            raise PluginFailed(said)
    if declared.type == "decimal":
        return {thing: Decimal(value) for thing, value in values.items()}
    return dict(values)


def _all_fit(declared: FactSpec, values: Mapping[str, Any], ids: Set[str]) -> bool:
    """Tell whether everything is just as declared, without a step of Python for each of many values."""
    exact = _TYPES[declared.type][0]
    if not (set(map(type, values.values())) <= {exact} and values.keys() <= ids):
        return False
    return exact is not Decimal or all(map(Decimal.is_finite, values.values()))


def _fits(declared: FactSpec, value: Any) -> bool:
    if isinstance(value, bool) and declared.type != "boolean":
        return False
    if isinstance(value, dt.datetime) or (isinstance(value, Decimal) and not value.is_finite()):
        return False
    return isinstance(value, _TYPES[declared.type])


def parse_period(text: str) -> Period:
    """Read a year, a month, a day, or two of them with `..` between, of which one may be missing."""
    first, dots, last = text.partition("..")
    try:
        if not dots:
            return Period(*_span(first))
        period = Period(_span(first)[0] if first else None, _span(last)[1] if last else None)
    except ValueError as error:
        raise Usage(
            _("--period {period}: {fault}").format(period=text, fault=error),
            _("such as 2026, 2026-10 or 2026-01-01..2026-03-31"),
        ) from error
    if period.first and period.last and period.first > period.last:
        raise Usage(_("--period {period}: it ends before it begins").format(period=text))
    return period


def _span(text: str) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a year, a month or a day."""
    found = re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", text.strip(), re.ASCII)
    if not found:
        raise ValueError(_("expected a year, a month or a day"))
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = dt.date(year or 0, month or 1, day or 1)
        if day:
            return first, first
        if month == 12 or not month:
            return first, dt.date(first.year, 12, 31)
        return first, dt.date(first.year, month + 1, 1) - dt.timedelta(days=1)
    except ValueError:
        raise ValueError(_("no such day in the calendar")) from None
