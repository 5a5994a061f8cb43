"""The way of a call in, as the rules of the queues make it. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from cskit import _
from cskit.calendar import ALWAYS
from cskit.i18n import label
from cskit.records import fields
from cskit_calls import queues
from cskit_calls.queues import Queue

if TYPE_CHECKING:
    from cskit import App


def flow(app: App) -> Iterator[dict[str, Any]]:
    """Yield a row for each way a call of a queue can go: of which calls, what happens, and what to type."""
    kinds = _kinds(app)
    for code, queue in queues.queues(app).items():
        title = label(queue.label.en, queue.label.zh)
        opened = _opened(queue, label(queue.opens, kinds.get(queue.opens, queue.opens)))
        for when, what, do in _ways(f"call add --queue {code}", queue, opened):
            yield {"queue": title, "when": when, "what": what, "do": do}


def _kinds(app: App) -> Mapping[str, str]:
    """Return the Chinese of the kinds of cases, where a plugin registers cases."""
    if "cases" not in app.plugins.record_types:
        return {}
    kind = fields(app.model("cases")).get("kind")
    return kind.choices if kind else {}


def _opened(queue: Queue, kind: str) -> str:
    if not queue.call_back_hours:
        return _("opens: {kind}").format(kind=kind)
    if queue.calendar == ALWAYS:
        said = _("opens: {kind}; call back within {hours} h")
    else:
        said = _("opens: {kind}; call back within {hours} h ({calendar})")
    return said.format(kind=kind, hours=queue.call_back_hours, calendar=queue.calendar)


def _ways(add: str, queue: Queue, opened: str) -> Iterator[tuple[str, str, str]]:
    if queue.opens and queue.when == "always":
        yield _("taken"), opened, add
    else:
        handed = _("handed to the next group") if queue.in_turn else _("only noted")
        yield _("settled at once"), handed, f"{add} --result settled"
        sent = _("noted with whom it went to")
        yield _("passed on"), sent, f"{add} --result transferred --transferred-to …"
        if queue.opens:
            yield _("not settled"), opened, f"{add} --result unsettled"
    if queue.opens and queue.call_back_hours:
        yield _("then called back"), _("keeps the promise"), "call add --direction out --case …"
    yield _("given up"), _("noted without an agent"), f"{add} --result abandoned"
