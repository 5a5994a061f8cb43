"""What Acme has to do when, and what it did for a customer; knows nothing of the command line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cskit import Event, Task, _
from cskit.sections import Group, Section, count
from cskit_acme.visits import machines, visit_in

if TYPE_CHECKING:
    from cskit import App, Period


def visits_due(app: App, until: dt.date) -> Iterator[Task]:
    """Yield a task for each visit from today until a day, for nobody in particular."""
    for machine in machines(app):
        month = app.today.replace(day=1)
        while month <= until:
            day = visit_in(machine, month)
            if day and app.today <= day <= until:
                what = _("Visit machine {serial}").format(serial=machine.serial)
                do = f"acme machine show {machine.id}"
                yield Task(day, what, about="acme machine", id=machine.id, do=do)
            month = (month + dt.timedelta(days=31)).replace(day=1)


def installations(app: App, period: Period) -> Iterator[Section]:
    """Yield how many machines were installed in a period, up to today."""
    ids = [one.id for one in machines(app) if period.holds(one.installed) and one.installed <= app.today]
    installed = count("installed", _("Machines installed"), ids, about="acme machine")
    yield Section("acme", _("Coffee machines"), [Group([installed])])


def installed(app: App, customer: str) -> Iterator[Event]:
    """Yield when which machine came to a customer."""
    for machine in machines(app):
        if machine.customer == customer:
            what = _("Machine {serial} installed").format(serial=machine.serial)
            yield Event(machine.installed, what, about="acme machine", id=machine.id)
