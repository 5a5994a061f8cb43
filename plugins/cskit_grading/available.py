"""Which schemes there are, where from, and whether they can run. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cskit import _
from cskit_grading import needs, schemes

if TYPE_CHECKING:
    from cskit import App


def listed(app: App) -> Iterator[dict[str, Any]]:
    """Yield a row for each scheme in order of need: grades, needs, source, and why it cannot run if so.

    Raises as `schemes.load`.
    """
    known = schemes.load(app)
    stopped: set[str] = set()
    for name, one in known.items():
        typed = needs.typed(app, known, one)
        why = [said for _key, said in typed.wrong] + list(typed.absent.values())
        why += [
            _("it needs the grade of the scheme {name}, which cannot run").format(name=other)
            for other in sorted(schemes.needed_by(one.scheme) & stopped)
        ]
        if why:
            stopped.add(name)
        asked = (need.fact or need.field for need in one.scheme.needs.values())
        row = {
            "scheme": name,
            "title": str(one.scheme.title),
            "grades": [grade.code for grade in one.scheme.grades],
            "runs": not why,
            "note": "; ".join(why),
            "needs": list(dict.fromkeys(asked)),
            "source": str(one.scheme.source),
            "ours": str(one.scheme.ours) if one.scheme.ours else "",
            "origin": one.owner or _("department"),
        }
        yield {key: value for key, value in row.items() if value not in ("", [])}
