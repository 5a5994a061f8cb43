"""Checks of what a plugin says in the report, for the demonstration's records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from cskit import register
from cskit.contract.moments import asked
from cskit.contract.subject import NotChecked, Subject
from cskit.declarations import Period
from cskit.i18n import _
from cskit.plugins.isolation import FAILURES, told
from cskit.sections import Figure, Section

_HOOK = "cskit_report_sections"


def sections(subject: Subject) -> Iterator[str]:
    """Each section is well-formed, also of days without anything, and each figure names its records."""
    if subject.name not in subject.app.plugins.having(_HOOK):
        raise NotChecked(_("it has nothing in the report"))
    app = subject.trying()
    known = {
        one.command: {register.id_of(document) for document in app.reading().read(one.table)}
        for one in app.plugins.record_types.values()
    }
    long_ago = dt.date(1999, 1, 1)
    for first, last in (
        (app.today.replace(day=1), app.today),
        (long_ago, app.today),
        (long_ago, long_ago),
    ):
        found, fault = asked(subject, app, _HOOK, Section, period=Period(first, last))
        yield from fault
        for section in found:
            for _group, figure in section.figures():
                yield from _figure(known, figure)


def _figure(known: Mapping[str, set[str]], figure: Figure) -> Iterator[str]:
    try:
        ids, hits = list(figure.ids()), list(figure.hits() if figure.hits else ())
    except FAILURES as error:
        yield _("figure {name} cannot name its records: {error}").format(name=figure.name, error=told(error))
        return
    if len(set(ids)) != figure.n:
        yield _("figure {name} is made of {n} records, and names {count}").format(
            name=figure.name, n=figure.n, count=len(set(ids))
        )
    if set(hits) - set(ids):
        yield _("figure {name} counts records that it is not made of").format(name=figure.name)
    if figure.about not in known:
        yield _("'{about}' of {id} is no noun of records").format(about=figure.about, id=figure.name)
    elif gone := set(ids) - known[figure.about]:
        yield _("there is no {about} {id}, of which it says something").format(
            about=figure.about, id=min(gone)
        )
