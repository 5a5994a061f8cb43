"""Text as people type it, or a cell holds it, made into the value of a field."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from cskit.i18n import _
from cskit.records.declared import Field, fields, is_struct, kind_of, unwrap
from cskit.values import SEPARATOR

_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", re.ASCII)
_ONE_DIGIT_HOUR = re.compile(r"\d:")
_FULL_WIDTH = {ord(wide): ord(wide) - 0xFEE0 for wide in "０１２３４５６７８９＋，－．／："}
_YES = {"true", "yes", "y", "1", "是", "对", "有"}
_NO = {"false", "no", "n", "0", "否", "不", "无"}


def parse(info: Field, text: str, zone: dt.tzinfo) -> Any:
    """Turn what a person typed, or a cell, into the value `info` holds.

    Raises `ValueError` with a message that says what was expected. Times without an offset are in `zone`.
    """
    text = text.strip()
    match info.kind:
        case "text":
            return text
        case "integer":
            return _integer(text)
        case "decimal":
            return _decimal(text)
        case "boolean":
            return _boolean(text)
        case "date":
            return parse_day(text)
        case "time":
            return parse_time(text, zone)
        case "choice":
            return _choice(info, text)
        case "list" if not is_struct(info.of):
            if text.startswith("[") and text.endswith("]"):
                with contextlib.suppress(ValueError):  # else brackets are part of the text, as in [VIP]
                    return _json(info, text)
            element = _element(info)
            return [parse(element, part, zone) for part in SEPARATOR.split(text) if part.strip()]
        case _:
            return _json(info, text)


def parse_pairs(info: Field, texts: Sequence[str], zone: dt.tzinfo) -> dict[str, Any]:
    """Turn `key=value` texts into a map; raises `ValueError` as `parse` does, naming the key."""
    element = _element(info)
    found = {}
    for text in texts:
        key, sign, value = text.partition("=")
        if not (sign and key.strip()):
            raise ValueError(_("expected KEY=TEXT"))
        try:
            found[key.strip()] = parse(element, value, zone)
        except ValueError as error:
            raise ValueError(_("{place}: {fault}").format(place=key.strip(), fault=error)) from None
    return found


def _element(info: Field) -> Field:
    """Return what one element of a list or map is, as a field."""
    kind, of = kind_of(unwrap(info.of)[1])
    return Field(info.name, info.of, kind, True, None, info.en, info.zh, choices=info.choices, of=of)


def _number(text: str) -> str:
    plain = text.translate(_FULL_WIDTH).lstrip("¥￥").strip()
    # Only thousands: 1,5 may be meant as one and a half
    return plain.replace(",", "") if _GROUPED.fullmatch(plain) else plain


def _integer(text: str) -> int:
    plain = _number(text)
    if not re.fullmatch(r"[+-]?\d{1,18}(\.0+)?", plain, re.ASCII):
        raise ValueError(_("expected a whole number"))
    return int(plain.split(".")[0])


def _decimal(text: str) -> Decimal:
    plain = _number(text)
    if not re.fullmatch(r"[+-]?(\d{1,28}(\.\d{0,28})?|\.\d{1,28})", plain, re.ASCII):
        raise ValueError(_("expected a number such as 1234.50"))
    return Decimal(plain)


def _boolean(text: str) -> bool:
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise ValueError(_("expected yes or no (是 or 否)"))


def parse_day(text: str) -> dt.date:
    """Read a date as people write it: 2026-11-22, 2026/11/22, 20261122, 2026年11月22日."""
    found = _DAY.fullmatch(text.translate(_FULL_WIDTH))
    if not found:
        raise ValueError(_("expected a date such as 2026-11-22"))
    year, month, day = (int(part) for part in found.groups() if part)
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise ValueError(_("no such day in the calendar")) from None


def parse_time(text: str, zone: dt.tzinfo) -> dt.datetime:
    """Read an instant; without an offset it is in `zone`, without a clock time it is midnight there."""
    text = text.translate(_FULL_WIDTH)
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        day, _blank, clock = text.replace("日", "日 ").partition(" ")
        clock = clock.strip() or "00:00"
        clock = "0" + clock if _ONE_DIGIT_HOUR.match(clock) else clock
        try:
            moment = dt.datetime.combine(parse_day(day), dt.time.fromisoformat(clock))
        except ValueError:
            raise ValueError(_("expected a time such as 2026-11-22T16:30")) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    try:
        return moment.astimezone(dt.UTC).replace(microsecond=0)
    except OverflowError:
        raise ValueError(_("expected a time such as 2026-11-22T16:30")) from None


def _choice(info: Field, text: str) -> str:
    codes: Sequence[str] = info.of
    if text in codes:
        return text
    for code in codes:
        if text == info.choices.get(code) or text.casefold() == code.casefold():
            return code
    titled = _("{code} ({title})")
    named = [
        titled.format(code=code, title=info.choices[code]) if code in info.choices else code for code in codes
    ]
    raise ValueError(_("expected one of {choices}").format(choices=_(", ").join(named)))


def _json(info: Field, text: str) -> Any:
    from cskit.intake import strict  # rarely needed, and json takes a while to import

    try:
        return strict.loads(text)
    except ValueError as error:
        said = _("expected JSON, such as {example} ({fault})")
        raise ValueError(said.format(example=_example(info), fault=error)) from None


def _example(info: Field) -> str:
    if info.kind == "map":
        return '{"key": "text"}'
    if not is_struct(info.of):
        return '["…", "…"]'
    part = info.of
    first = next(iter(fields(part)))
    return f'[{{"{first}": "…"}}]' if info.kind == "list" else f'{{"{first}": "…"}}'
