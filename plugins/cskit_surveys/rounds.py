"""Rounds: drawn, kept, and who of the sample is still to be asked. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import NotFound, Period, Refused, _, edits, register, rules
from cskit.stored import decoder
from cskit_surveys import drawing, population, questionnaires
from cskit_surveys.model import Answer, Response, Round
from cskit_surveys.population import Wish

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading, Transaction

ROUNDS, RESPONSES = "survey_rounds", "survey_responses"
WAITING = ("sampled", "partial", "unreached")


class Drawn(NamedTuple):
    """A round as it was drawn: its record, stratum → (there, drawn), and why it is small."""

    round: Round
    strata: Mapping[str, tuple[int, int]]


def draw(app: App, tx: Transaction, wish: Wish) -> Drawn:
    """Draw the sample of a new round inside `tx` and put everybody in it on the list of those to ask.

    Raises `Usage`, `NotFound`, and `Refused` where nobody is left to ask.
    """
    rule = questionnaires.load(app, wish.questionnaire)
    record_type = population.named(app, wish.population)
    everybody = list(population.members(app, tx, record_type, wish))
    resting = _rested(app, tx, wish.cooldown)
    there = {one.record: one for one in everybody if one.customer not in resting}
    if not there:
        raise Refused(
            _(
                "nobody is left to ask: {eligible} of {population} fit, {rested} of them were asked lately"
            ).format(eligible=len(everybody), population=record_type.command, rested=len(everybody)),
            _("try another --where, --period or --cooldown"),
        )
    size = drawing.size_of(wish.size, len(there), float(wish.confidence), float(wish.margin))
    seed = wish.seed if wish.seed is not None else _seed(app)
    strata = {own: one.stratum for own, one in there.items()}
    chosen = drawing.sample(strata, size, seed)
    made = _note(app, tx, wish, rule, len(there), len(everybody) - len(there), len(chosen), seed)
    responses = app.record_type(RESPONSES)
    for own in chosen:
        member = there[own]
        built = Response(
            id="-",
            round=made.id,
            record=own,
            customer=member.customer,
            stratum=member.stratum or None,
            staff=member.carried.get("staff"),
            department=member.carried.get("department"),
            project=member.carried.get("project"),
            region=member.carried.get("region"),
        )
        register.insert(tx, responses, built)
    return Drawn(made, drawing.parts_of(strata, chosen))


def _note(
    app: App, tx: Transaction, wish: Wish, rule: rules.Rule, eligible: int, rested: int, size: int, seed: int
) -> Round:
    title = wish.title or " ".join(filter(None, [str(rule.value.title), _span(wish.period)]))
    built = Round(
        id="-",
        title=title,
        questionnaire=rule.name,
        rule_hash=rule.stamp,
        population=population.named(app, wish.population).table,
        where=wish.condition,
        first_on=wish.period.first,
        last_on=wish.period.last,
        eligible=eligible,
        rested=rested,
        size=size,
        wish=wish.size,
        confidence=wish.confidence,
        margin=wish.margin,
        seed=seed,
        stratified_by=wish.stratify,
        cooldown=wish.cooldown,
        drawn_at=app.now,
        due=wish.due,
    )
    made = register.insert(tx, app.record_type(ROUNDS), built)
    assert isinstance(made, Round)  # noqa: S101 - what was inserted
    return made


def _span(period: Period) -> str:
    if period.first is None or period.last is None:
        return ""
    same = period.first.replace(day=1) == period.last.replace(day=1)
    return f"{period.first:%Y-%m}" if same else f"{period.first}..{period.last}"


def _seed(app: App) -> int:
    """Return a seed nobody chose: from the moment, and noted in the round so that it can be drawn again."""
    return int(app.now.timestamp()) % 1_000_000


class _Asked(msgspec.Struct, frozen=True, gc=False):
    round: str
    customer: str | None = None


def _rested(app: App, reading: Reading, days: int) -> Collection[str]:
    """Return the customers who were drawn for a round in the last so many days."""
    if not days:
        return ()
    since = app.now - dt.timedelta(days=days)
    recent = {one.id for one in all_rounds(reading) if one.drawn_at > since}
    decode = decoder(RESPONSES, _Asked)
    found = (decode(document) for document in reading.read(RESPONSES))
    return {one.customer for one in found if one.customer and one.round in recent}


# --- rounds and their samples ------------------------------------------------------------------------------


def all_rounds(reading: Reading) -> Iterator[Round]:
    """Yield every round, in the order of their numbers."""
    decode = decoder(ROUNDS, Round)
    yield from map(decode, reading.read(ROUNDS))


def one_round(app: App, reading: Reading, name: str) -> Round:
    """Return the round that is called `name`; raises `NotFound`."""
    (document,) = register.find(app, reading, app.record_type(ROUNDS), [name])
    return decoder(ROUNDS, Round)(document)


def asked(app: App, survey: Round) -> questionnaires.Questionnaire:
    """Return a round's questionnaire as it is now; says so where the file was changed since the draw."""
    try:
        rule = questionnaires.load(app, survey.questionnaire)
    except NotFound as error:
        said = _("the questionnaire of {round} is gone: {fault}").format(round=survey.id, fault=error.message)
        raise NotFound(said, error.hint) from error
    if rule.stamp != survey.rule_hash:
        app.warn(
            _("the questionnaire '{name}' was changed since {round} was drawn").format(
                name=rule.name, round=survey.id
            )
        )
    found: questionnaires.Questionnaire = rule.value
    return found


class InRound:
    """A store's filter for the responses of one round."""

    class Model(msgspec.Struct, gc=False):
        """What the filter looks at."""

        round: str = ""

    model: type[msgspec.Struct] = Model

    def __init__(self, name: str) -> None:
        self._name = name
        self.anchors: tuple[bytes, ...] = (b'"round":' + msgspec.json.encode(name),)

    def matches(self, document: Any) -> bool:
        """Tell whether a document is of the round."""
        return bool(document.round == self._name)


def responses(reading: Reading, name: str) -> list[Response]:
    """Return the responses of a round, from one pass over the table."""
    decode = decoder(RESPONSES, Response)
    return [decode(document) for document in reading.read(RESPONSES, where=InRound(name))]


def answers(reading: Reading, name: str) -> Iterator[Answer]:
    """Yield what figures need of the responses of a round, one after the other."""
    yield from map(decoder(RESPONSES, Answer), reading.read(RESPONSES, where=InRound(name)))


def customers(reading: Reading, name: str) -> set[str]:
    """Return the customers in the sample of a round."""
    found = map(decoder(RESPONSES, _Asked), reading.read(RESPONSES, where=InRound(name)))
    return {one.customer for one in found if one.customer}


def to_ask(reading: Reading, survey: Round, *, every: bool) -> list[Response]:
    """Return a round's sample in the random order it was drawn: those still to ask, or `every` one."""
    held = {one.record: one for one in responses(reading, survey.id)}
    order = drawing.in_order(held, survey.seed)
    return [held[own] for own in order if every or held[own].state in WAITING]


def miss(app: App, tx: Transaction, survey: Round, names: Collection[str], state: str) -> int:
    """Note that some of a round's sample refused or were not reached; return how many.

    Raises `NotFound` for a name that is nobody's in the sample, `Refused` for somebody who has answered.
    """
    decode = decoder(RESPONSES, Response)
    wanted = dict.fromkeys(names)
    found = {}
    for document in tx.read(RESPONSES, where=InRound(survey.id)):
        one = decode(document)
        for name in wanted.keys() & {one.id, one.record, one.customer}:
            found[name] = document.number, one
    missing = [name for name in wanted if name not in found]
    if missing:
        raise NotFound(
            _("not in the sample of {round}: {names}").format(round=survey.id, names=", ".join(missing))
        )
    answered = [one.id for _number, one in found.values() if one.state in ("answered", "partial")]
    if answered:
        raise Refused(_("{ids}: answered already").format(ids=", ".join(answered)))
    for number, one in found.values():
        after = msgspec.structs.replace(one, state=state, attempts=one.attempts + 1)
        tx.replace(RESPONSES, number, edits.encode(after))
    return len(found)


def by_stratum(drawn: Drawn) -> Iterator[dict[str, Any]]:
    """Yield a row for each stratum of a sample."""
    for name, (there, taken) in sorted(drawn.strata.items()):
        yield {"stratum": name or None, "eligible": there, "drawn": taken}


def told(survey: Round) -> str:
    """Say what was drawn."""
    said = _("{round} ({title}): {size} of {eligible} drawn, seed {seed}")
    return said.format(
        round=survey.id, title=survey.title, size=survey.size, eligible=survey.eligible, seed=survey.seed
    )
