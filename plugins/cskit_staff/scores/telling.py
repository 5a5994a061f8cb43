"""What is told of score cards: rows for people, and what they have to know beside them.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cskit import _, masking, ngettext
from cskit import facts as known_facts
from cskit.display import views
from cskit.nouns import listed
from cskit.records import masks
from cskit_staff.scores import cards, schemes, scoring
from cskit_staff.scores.assessment import ScoreCard
from cskit_staff.scores.measuring import Measured
from cskit_staff.scores.population import Population, Span
from cskit_staff.scores.scoring import Scored

if TYPE_CHECKING:
    from cskit import App

_SHOWN = 10


def as_they_were(app: App, month: Span, names: Sequence[str], position: str | None) -> Scored:
    """Return a month's cards as they were then; where there were none, what would have been scored."""
    held = cards.of_months(app.reading(), month.months)
    population = Population(app, app.reading())
    wanted = {one.id for one in population.named(names)} if names else population.people.keys()
    post = population.at(position).id if position is not None else None
    found = [
        one.card for one in held.values() if one.card.staff in wanted and post in (None, one.card.position)
    ]
    if not found:
        return scoring.score(app, app.reading(), month, names=names, position=position)
    return Scored(found, schemes.load(app), 0, {}, {})


def scored(app: App, found: Scored) -> Iterator[dict[str, Any]]:
    """Yield a row for each card."""
    names = {one.id: one.name for one in Population(app, app.reading()).people.values()}
    for card in found.cards:
        known = found.known.get(card.scheme)
        labels = {one.code: str(one.label) for one in known.scheme.indicators} if known else {}
        lacks = [labels.get(code, code) for code in card.missing]
        row = {
            "id": None if card.id == "-" else card.id,
            "staff": card.staff,
            "name": names.get(card.staff),
            "scheme": card.scheme,
            "total": card.total,
            "state": card.state,
            "few": [one.code for one in card.indicators if one.few],
            "missing": card.missing,
            "lacks": _some(lacks),
        }
        yield {key: value for key, value in row.items() if value not in (None, "", [])}


def _some(labels: Sequence[str]) -> str:
    """Return the first of some titles, and how many more there are."""
    if len(labels) < 2:
        return "".join(labels)
    return _("{first} and {count} more").format(first=labels[0], count=len(labels) - 1)


def remarks(app: App, rows: Iterable[Mapping[str, Any]], by: str) -> Iterator[str]:
    """Yield the notes of rows, with whom each is about, where a table has no room for them."""
    if views.form(app) not in views.PEOPLE or app.options.fields:
        return
    about: dict[str, list[str]] = {}
    for row in rows:
        if row.get("note"):
            about.setdefault(row["note"], []).append(str(row[by]))
    for note, several in about.items():
        yield _("{about}: {note}").format(about=_listed(several), note=note)


def notes(app: App, found: Scored, month: Span) -> Iterator[str]:
    """Yield what is to be known beside the cards: who gives no figures, who was left out, other rules."""
    for fact in found.away:
        plugin = next(
            (
                one.plugin or fact.partition(".")[0]
                for known in found.known.values()
                for one in known.scheme.indicators
                if fact in one.facts
            ),
            "",
        )
        said = _("{fact} is unknown: plugin {plugin} is not there; the cards stay drafts")
        yield said.format(fact=fact, plugin=plugin)
    yield from left_out(found.left_out)
    if month.last >= app.today:
        said = _("{month} ends on {day}: the figures are those up to now")
        yield said.format(month=month.text, day=month.last)
    differ = [
        card.staff
        for card in found.cards
        if card.state != "draft" or app.options.as_of is not None
        if (known := found.known.get(card.scheme)) is None or known.hash != card.rules
    ]
    if differ:
        yield ngettext(
            "the scheme of {people} is another today; the card keeps what it was scored by",
            "the schemes of {people} are others today; the cards keep what they were scored by",
            len(differ),
        ).format(people=_listed(differ))


def left_out(people: Mapping[tuple[str, str], str]) -> Iterator[str]:
    """Yield a line for each reason why people were left out."""
    by_reason: dict[str, list[str]] = {}
    for (own, name), why in people.items():
        by_reason.setdefault(why, []).append(_("{id} {name}").format(id=own, name=name))
    for why, named in by_reason.items():
        yield _("left out: {people}: {why}").format(people=_listed(named), why=why)


def _listed(people: Sequence[str]) -> str:
    shown = list(people[:_SHOWN])
    if len(people) > _SHOWN:
        shown.append(_("and {count} more").format(count=len(people) - _SHOWN))
    return listed(shown)


def moved(card: ScoreCard, indicators: Sequence[str]) -> Iterator[str]:
    """Yield what to say where the records behind a card have changed since."""
    if indicators:
        said = _("{indicators}: the records have changed since {id} was scored; --as-of shows those of then")
        yield said.format(indicators=listed(indicators), id=card.id)


def facts(app: App, name: str, month: Span) -> list[dict[str, Any]]:
    """Return a row for each fact that is known of a person's month.

    Personal ones, such as scores, are masked, or noted in the history before they are shown.
    """
    (person,) = Population(app, app.reading()).named([name])
    names = known_facts.about(app, "staff")
    found = Measured(app, [person.id], names, month.period)
    specs = {one: known_facts.spec(app.plugins, "staff", one).value for one in names}
    known = [one for one in names if found.value(one, person.id) is not None]
    personal = {one for one in known if specs[one].personal}
    if app.options.reveal and personal:
        masking.note(app, {"staff": [person.id]})
        personal = set()
    rows = []
    for fact in known:
        spec, value = specs[fact], masks.HIDDEN if fact in personal else found.value(fact, person.id)
        counted = found.evidence.get((fact, person.id))
        row = {"id": person.id, "fact": fact, "value": value, "unit": _(spec.unit) if spec.unit else ""}
        row |= {"n": len(counted.ids) if counted else None, "meaning": _(spec.meaning)}
        rows.append({key: one for key, one in row.items() if one not in (None, "")})
    return rows


def echo(app: App, lines: Iterable[str]) -> None:
    """Say some lines on stderr."""
    for line in lines:
        app.echo(line)
