"""What happens to cases, written down: a step made on many of them as one change.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import Refused, _, edits, ngettext, register
from cskit.store.protocol import Document, Transaction
from cskit.stored import decoder
from cskit_complaints.flow import FLOW
from cskit_complaints.intake import actor
from cskit_complaints.model import Case, Event, Happening, State

if TYPE_CHECKING:
    from cskit import App

Step = Callable[[Case], Case]
_SHOWN = 10
_SILENT = ("events",)
"""Fields whose changes are not listed: each step adds an event."""


class Acting(NamedTuple):
    """Who acts on cases, and when."""

    who: str
    now: dt.datetime

    @classmethod
    def of(cls, app: App) -> Acting:
        """Return who acts in this run."""
        return cls(actor(app), app.now)

    def note(self, case: Case, what: Happening, values: dict[str, Any] | None = None, **details: Any) -> Case:
        """Return a case with some values changed and an event that says so; its state stays.

        `details` are the event's own fields. Raises `Refused` before the case's last event: clocks are read
        from events, which stand in the order in which they happened.
        """
        return self._noted(case, what, case.state, values or {}, details)

    def move(self, case: Case, verb: Happening, values: dict[str, Any] | None = None, **details: Any) -> Case:
        """Return a case in the state that a verb leads to; raises `Refused` where the flow has none."""
        after: State = FLOW.after(verb, case.state, case, id=case.id, back=state_before(case))  # type: ignore[assignment]  # one of the flow's
        return self._noted(case, verb, after, values or {}, details)

    def _noted(
        self, case: Case, what: Happening, after: State, values: dict[str, Any], details: dict[str, Any]
    ) -> Case:
        last = max((event.at for event in case.events), default=self.now)
        if last > self.now:
            said = _("case {id}: its last event is of {time}, later than now")
            raise Refused(said.format(id=case.id, time=last.strftime("%Y-%m-%dT%H:%M:%SZ")))
        event = Event(at=self.now, who=self.who, what=what, before=case.state, after=after, **details)
        return msgspec.structs.replace(case, **values, state=after, events=[*case.events, event])


def state_before(case: Case) -> str:
    """Return the state in which a case was paused, its present one if it never was."""
    for event in reversed(case.events):
        if event.what == "pause" and event.before is not None:
            return event.before
    return "registered" if case.state == "paused" else case.state


def refuse_ended(case: Case) -> None:
    """Raise `Refused` where a case is done with."""
    if not FLOW.state(case.state).open:
        again = "reopen" in FLOW.verbs(case.state)
        hint = _("`cskit case reopen` takes it up again") if again else ""
        raise Refused(_("case {id} has ended").format(id=case.id), hint)


def act(app: App, tx: Transaction, documents: Iterable[Document], step: Step) -> register.Changes:
    """Make a step on cases and return what it changed, field by field.

    Raises `Refused` with all that refuse it; then none is changed.
    """
    decode, done = decoder("cases", Case), register.Changes([], 0)
    refused: list[Refused] = []
    for document in documents:
        case = decode(document)
        try:
            after = step(case)
        except Refused as error:
            refused.append(error)
            continue
        if after is case:
            continue
        tx.replace("cases", document.number, edits.merge(after, msgspec.json.decode(document.raw)))
        done.rows.extend(differences(case, after))
        done = done._replace(records=done.records + 1)
    if refused:
        raise _together(refused)
    return done


def differences(before: Case, after: Case) -> Iterator[register.Changed]:
    """Yield the fields in which two states of a case differ; of promises and the like, what in which one."""
    for row in register.differences(before, after):
        if row.field in _SILENT:
            continue
        if isinstance(row.after, list) and isinstance(row.after[0], msgspec.Struct):
            yield from _in_list(row)
        else:
            yield row


def _in_list(row: register.Changed) -> Iterator[register.Changed]:
    """Yield what differs in the elements of a list that only grows."""
    for place, new in enumerate(row.after):
        old = row.before[place] if row.before and place < len(row.before) else None
        for name in new.__struct_fields__:
            held, value = getattr(old, name, None), getattr(new, name)
            if held != value and value != []:
                yield register.Changed(row.id, f"{row.field}[{place + 1}].{name}", held, value)


def _together(refused: list[Refused]) -> Refused:
    """Return one refusal that names all of them."""
    if len(refused) == 1:
        return refused[0]
    said = ngettext(
        "{count} case refuses; nothing was saved", "{count} cases refuse; nothing was saved", len(refused)
    )
    lines = [error.message for error in refused[:_SHOWN]]
    if len(refused) > _SHOWN:
        lines.append(_("and {count} more").format(count=len(refused) - _SHOWN))
    return Refused(said.format(count=len(refused)), "\n".join(lines))
