"""Repairs: until when, in warranty or not, parts from the store room, cost and charge, the sign-off.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import NotFound, Refused, _, amounts, register
from cskit.errors import Problem
from cskit.stored import decoder
from cskit.values import shown
from cskit.workflow import Move, Workflow
from cskit_service import moving, servicelimits
from cskit_service.jobs.proposals import Proposals
from cskit_service.lookup import Lookup
from cskit_service.repairs import warranty
from cskit_service.repairs.model import REPAIR_STATES, REPAIRS, Repair, Used
from cskit_service.servicelimits import Limits, WorkingDays
from cskit_service.stock import stock

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Document, Reading, Transaction

UNITS = "units"
FLOW = Workflow(
    "repair",
    "维修单",
    moving.states(
        "registered",
        ("closed", "cancelled"),
        {
            "registered": "registered",
            "in_repair": "in repair",
            "repaired": "repaired, to be signed off",
            "closed": "signed off",
            "cancelled": "cancelled",
        },
        REPAIR_STATES,
    ),
    (
        Move("start", ("registered",), "in_repair", "begin", "开始维修"),
        Move("finish", ("registered", "in_repair"), "repaired", "finish", "完成维修"),
        Move("rework", ("repaired",), "in_repair", "not accepted", "验收不合格返修"),
        Move("sign-off", ("repaired",), "closed", "sign off", "客户验收"),
        Move("cancel", ("registered", "in_repair"), "cancelled", "cancel", "取消"),
    ),
)
WAY = moving.Way(REPAIRS, Repair, FLOW)


# --- as they come in ---------------------------------------------------------------------------------------


class _Unit(msgspec.Struct, frozen=True, gc=False):
    id: str
    customer: str | None = None
    product: str | None = None
    serial: str | None = None
    handed_over: dt.date | None = None
    warranty_until: dt.date | None = None


def prepare(app: App, reading: Reading) -> Callable[[dict[str, Any], bool], list[Problem]]:
    """Return what completes repairs: what the register knows of the unit, the warranty, until when."""
    working = WorkingDays(app)
    limits, proposals = working.limits, Proposals(app, reading)
    units = Lookup(reading, UNITS, _Unit)

    def prepared(values: dict[str, Any], new: bool) -> list[Problem]:
        if not new:
            return []
        _fill_from_unit(units.get(values.get("unit")), values)
        reported = values.setdefault("reported_at", app.now)
        if not isinstance(reported, dt.datetime):
            return []
        found = list(_judge_warranty(values, reported.astimezone(app.zone).date(), limits))
        if values.get("due") is None:
            urgency = proposals.priority(values["customer"])[0] if values.get("customer") else "ordinary"
            days = limits.priority_repair_days if urgency == "priority" else limits.repair_days
            values["due"] = working.after(reported, days)
        return found

    return prepared


def _fill_from_unit(unit: _Unit | None, values: dict[str, Any]) -> None:
    if unit is None:
        return
    known = {
        "customer": unit.customer,
        "product": unit.product,
        "serial": unit.serial,
        "bought": unit.handed_over,
        "warranty_until": unit.warranty_until,
    }
    for name, value in known.items():
        if values.get(name) is None and value is not None:
            values[name] = value


def _judge_warranty(values: dict[str, Any], day: dt.date, limits: Limits) -> list[Problem]:
    """Say in place whether a unit is in warranty on the day it was reported; its last day still is."""
    bought, until = values.get("bought"), values.get("warranty_until")
    if isinstance(bought, dt.date) and bought > day:
        return [Problem(0, "bought", shown(bought), _("is later than the day of the report"))]
    if until is None and isinstance(bought, dt.date):
        months = warranty.months_for(values.get("product"), limits.warranty_months, limits.warranty_of)
        until = values["warranty_until"] = warranty.last_day(bought, months)
    if isinstance(until, dt.date) and values.get("in_warranty") is None:
        values["in_warranty"] = day <= until
    return []


# --- parts -------------------------------------------------------------------------------------------------


def use(
    app: App, tx: Transaction, name: str, wanted: Sequence[stock.Wanted], *, back: bool = False
) -> Repair:
    """Take spare parts out of the store room for a repair, or put them `back`; return the repair.

    Raises `NotFound`, and `Refused` for a repair that is over, and where the stock is too low.
    """
    document, before = one(app, tx, name)
    if before.state not in ("registered", "in_repair", "repaired"):
        said = _("repair {id} is {state}, so nothing is used for it any more")
        raise Refused(said.format(id=before.id, state=FLOW.state(before.state)))
    after = _with_parts(app, tx, before, wanted, back=back)
    after = msgspec.structs.replace(
        after, steps=[*before.steps, moving.step(app, "back" if back else "parts", _words(wanted))]
    )
    moving.keep(tx, REPAIRS, document, after)
    return after


def _words(wanted: Sequence[stock.Wanted]) -> str:
    return _(", ").join(f"{one.part}={one.quantity}" for one in wanted)


def _with_parts(
    app: App, tx: Transaction, repair: Repair, wanted: Sequence[stock.Wanted], *, back: bool = False
) -> Repair:
    """Move parts, and return the repair with what is used for it now and what that costs."""
    if not wanted:
        return repair
    act = stock.take_back if back else stock.issue
    moved = act(app, tx, wanted, job=repair.id)
    known = stock.parts(app, tx, [movement.part for movement in moved])
    used = {one.part: one for one in repair.parts}
    for movement in moved:
        part, old = known[movement.part], used.get(movement.part)
        quantity = (old.quantity if old else Decimal(0)) - movement.quantity
        price, cost = part.price if part.price is not None else part.cost, part.cost
        used[part.id] = (old and msgspec.structs.replace(old, quantity=quantity)) or Used(
            part=part.id, quantity=quantity, cost=cost or Decimal(0), price=price or Decimal(0)
        )
    parts = [part for part in used.values() if part.quantity]
    material = amounts.total(amounts.product(part.quantity, part.cost) for part in parts)
    after = msgspec.structs.replace(repair, parts=parts, material=material)
    return _reckoned(after) if after.labour is not None else after


def _reckoned(repair: Repair) -> Repair:
    """Return a repair with its cost: what its parts and the work come to."""
    cost = amounts.total([repair.material or amounts.NOTHING, repair.labour or amounts.NOTHING])
    return msgspec.structs.replace(repair, cost=cost)


# --- the way -----------------------------------------------------------------------------------------------


class Done(NamedTuple):
    """What was done: the cause, the hours, the parts, and what is charged instead of what follows from it.

    `labour` is what the work costs, by the hours and the rate of the limits where it is not given.
    """

    cause: str
    hours: Decimal | None = None
    labour: Decimal | None = None
    charge: Decimal | None = None
    parts: Sequence[stock.Wanted] = ()
    text: str | None = None
    at: dt.datetime | None = None


def start(
    app: App, tx: Transaction, documents: Sequence[Document], engineer: str | None = None
) -> list[Repair]:
    """Begin repairs: by `engineer`, whoever is named in them, or who says so. Raises `Refused`."""

    def change(before: Repair) -> dict[str, Any]:
        return {"started_at": app.now, "engineer": engineer or before.engineer or moving.actor(app)}

    return moving.take(app, tx, WAY, documents, "start", change)


def finish(app: App, tx: Transaction, name: str, done: Done) -> Repair:
    """Finish a repair: its parts leave the store room in the same transaction; cost and charge follow.

    In warranty nothing is charged; else the parts at their prices and the work. Raises `Refused`.
    """
    document, before = one(app, tx, name)
    rate = servicelimits.load(app).labour_rate
    finished = done.at or app.now
    began = before.started_at or min(before.reported_at or finished, finished)
    if finished < began or finished > app.now:
        said = _("repair {id} was begun at {began}, and cannot be finished at {finished}")
        raise Refused(said.format(id=before.id, began=shown(began), finished=shown(finished)))

    def change(repair: Repair) -> dict[str, Any]:
        labour = done.labour
        if labour is None:
            labour = amounts.product(done.hours, rate) if done.hours is not None else amounts.NOTHING
        supplied = _with_parts(app, tx, repair, done.parts)
        ready = _reckoned(msgspec.structs.replace(supplied, labour=labour))
        return {
            "parts": ready.parts,
            "material": ready.material,
            "labour": ready.labour,
            "cost": ready.cost,
            "charge": done.charge if done.charge is not None else _charge(ready),
            "cause": done.cause,
            "hours": done.hours,
            "started_at": began,
            "finished_at": finished,
            "engineer": repair.engineer or moving.actor(app),
        }

    (after,) = moving.take(app, tx, WAY, [document], "finish", change, done.text or done.cause)
    found: Repair = after
    return found


def _charge(repair: Repair) -> Decimal:
    """Return what is charged for a repair: nothing in warranty, else parts at their prices, and the work."""
    if repair.in_warranty:
        return amounts.NOTHING
    prices = (amounts.product(part.quantity, part.price) for part in repair.parts)
    return amounts.total([*prices, repair.labour or amounts.NOTHING])


def rework(app: App, tx: Transaction, documents: Sequence[Document], text: str) -> list[Repair]:
    """Take repairs up again that were not accepted, so that they are not finished. Raises `Refused`."""
    return moving.take(app, tx, WAY, documents, "rework", lambda before: {"finished_at": None}, text)


def cancel(app: App, tx: Transaction, documents: Sequence[Document], text: str | None = None) -> list[Repair]:
    """Cancel repairs; raises `Refused` where parts are out for one, which are put back first."""

    def change(before: Repair) -> dict[str, Any]:
        if before.parts:
            said = _("repair {id}: parts are out for it: {parts}")
            raise Refused(
                said.format(
                    id=before.id, parts=_words([stock.Wanted(p.part, p.quantity) for p in before.parts])
                ),
                _("put them back with `cskit repair parts {id} --back …`").format(id=before.id),
            )
        return {}

    return moving.take(app, tx, WAY, documents, "cancel", change, text)


def sign_off(
    app: App,
    tx: Transaction,
    documents: Sequence[Document],
    *,
    by: str | None,
    satisfaction: int | None = None,
) -> list[Repair]:
    """Note that customers accepted their repairs: what is charged goes to the ledger, a follow-up is planned.

    Both where a plugin offers it. Raises `Refused`.
    """
    charge, schedule = app.actions.get("ledger.charge"), app.actions.get("followup.schedule")

    def change(before: Repair) -> dict[str, Any]:
        found: dict[str, Any] = {"signed_by": by, "closed_at": app.now, "satisfaction": satisfaction}
        if before.charge and charge and before.customer and not before.entry:
            item = _("repair {id}: {fault}").format(id=before.id, fault=before.fault)
            found["entry"] = charge(tx, item=item, amount=before.charge, customer=before.customer)
        if schedule and before.customer:
            subject = _("after repair {id}: {fault}").format(id=before.id, fault=before.fault)
            found["followup"] = schedule(
                tx, subject=subject, customer=before.customer, about=before.id, kind="after_service"
            )
        return found

    return moving.take(app, tx, WAY, documents, "sign-off", change)


def one(app: App, reading: Reading, name: str) -> tuple[Document, Repair]:
    """Return the repair that is called `name`; raises `NotFound`."""
    for document in reading.read(REPAIRS, names=[name]):
        return document, decoder(REPAIRS, Repair)(document)
    raise NotFound(_("no repair {name}").format(name=name), _("`cskit repair list` shows those there are"))


def rows(found: Sequence[Repair]) -> list[Mapping[str, Any]]:
    """Return a row for each repair with the state it is in now."""
    return [
        {
            name: value
            for name, value in {
                "id": one.id,
                "fault": one.fault,
                "engineer": one.engineer,
                "state": one.state,
                "in_warranty": one.in_warranty,
                "cost": one.cost,
                "charge": one.charge,
                "entry": one.entry,
                "followup": one.followup,
            }.items()
            if value is not None
        }
        for one in found
    ]


def register_one(app: App, tx: Transaction, **values: Any) -> str:
    """Register a repair inside another plugin's transaction and return its id."""
    given = {name: value for name, value in values.items() if value is not None}
    return register.create(app, tx, app.record_type(REPAIRS), given).id
