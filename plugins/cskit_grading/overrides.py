"""Grades set by hand, and given back to the rule. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import msgspec

from cskit import NotFound, Refused, Usage, register
from cskit.i18n import _
from cskit.plugins.isolation import nearest
from cskit_grading import deciding, holding, moving, schemes
from cskit_grading.deciding import Decision
from cskit_grading.holding import Held
from cskit_grading.running import Recorder, Row, refuse_later, ruled

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Transaction
    from cskit_grading.schemes import Known


def set_by_hand(
    app: App,
    tx: Transaction,
    name: str,
    scheme: str,
    code: str,
    *,
    reason: str,
    until: dt.date | None = None,
) -> Row:
    """Let a customer hold a grade whatever the rule says, up to and including `until` if it is given.

    In a scheme with a floor the rule may still lift the customer above it. Raises `NotFound` for a customer,
    scheme or grade that there is not, `Usage` for a last day that is past.
    """
    known, customer = _known(app, scheme), _customer(app, tx, name)
    _refuse_strange(known, code)
    if until is not None and until < app.today:
        raise Usage(
            _("--until {day}: that day is past").format(day=until),
            _("give the last day on which the grade is to count"),
        )
    before = _held(app, tx, scheme).get(customer)
    rule = before.ruled if before is not None else None
    state = moving.overridden(known.scheme, code, until, rule, borderline=_marked(before))
    decision = Decision(scheme, customer, rule, tuple(before.borderline) if before is not None else ())
    recorder = Recorder(app, {scheme: known}, {}, [scheme], tx)
    move = moving.move(known.scheme, before, state)
    return recorder.record(known, before, decision, state, move, reason)


def release(app: App, tx: Transaction, name: str, scheme: str, *, reason: str) -> Row:
    """End an override before its time: from now on what the rule says counts again.

    Raises `Refused` where no grade was set by hand.
    """
    known, customer = _known(app, scheme), _customer(app, tx, name)
    before = _held(app, tx, scheme).get(customer)
    if before is None or before.override is None:
        raise Refused(
            _("the grade of {customer} in {scheme} was not set by hand").format(
                customer=customer, scheme=scheme
            ),
            _("`cskit grade show {customer}` shows who decided").format(customer=customer),
        )
    held = holding.held(tx, app.now)
    everybody = Recorder(app, schemes.load(app), held, [], None)
    outcome = deciding.decide(app, [scheme], [customer], last=ruled(held), settle=everybody.settle)
    decision = outcome.decisions[scheme].get(customer) or Decision(scheme, customer, outside=True)
    freed = msgspec.structs.replace(before, grade=before.ruled, override=None, until=None, rule=None, runs=0)
    state = moving.after(
        known.scheme,
        freed,
        decision.code,
        app.today,
        borderline=bool(decision.borderline),
        outside=decision.outside,
    )
    move = moving.move(known.scheme, before, state)
    recorder = Recorder(app, {scheme: known}, {}, [scheme], tx)
    return recorder.record(known, before, decision, state, move, reason)


def _known(app: App, scheme: str) -> Known:
    known = schemes.load(app)
    (name,) = schemes.chosen(known, [scheme])
    return known[name]


def _customer(app: App, tx: Transaction, name: str) -> str:
    (found,) = register.find(app, tx, app.record_type("customers"), [name])
    return register.id_of(found)


def _held(app: App, tx: Transaction, scheme: str) -> dict[str, Held]:
    later: set[str] = set()
    found = holding.held(tx, app.now, schemes=[scheme], later=later)
    refuse_later(app, later)
    return found.get(scheme, {})


def _marked(before: Held | None) -> bool:
    return before is not None and bool(before.borderline)


def _refuse_strange(known: Known, code: str) -> None:
    if known.scheme.grade(code) is None:
        codes = [grade.code for grade in known.scheme.grades]
        near = nearest(code, codes)
        raise NotFound(
            _("the scheme {scheme} has no grade '{code}'").format(scheme=known.name, code=code),
            _("did you mean '{near}'?").format(near=near)
            if near
            else _("there are {codes}").format(codes=_(", ").join(codes)),
        )
