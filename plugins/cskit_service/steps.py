"""Steps that records are taken, as they are noted in them. Must not import click or a store."""

import datetime as dt
from typing import Annotated

from cskit.records import Part, field


class Step(Part, kw_only=True, frozen=True, gc=False):
    """Something done about a record: when, by whom, what, and what was said."""

    at: Annotated[dt.datetime, field("At", "时间")]
    who: Annotated[str, field("Who", "经办人")]
    what: Annotated[str, field("What", "动作")]
    text: Annotated[str, field("Text", "说明")] | None = None
