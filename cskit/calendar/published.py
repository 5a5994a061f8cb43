"""Public holidays and the days worked in their place, as the library `holidays` has them, a year at a time.

That library takes 0.2 s to import, so what it says is kept in the user's cache, by its version; ordinary
commands never import it. Must not import click or a store.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import importlib.util
import os
import tempfile
from functools import cache
from typing import Any

import msgspec

from cskit.config.folders import cache_folder
from cskit.errors import Usage
from cskit.i18n import _
from cskit.plugins import discovery

_TOGETHER = 10
"""Years looked up at once: a year takes a millisecond, the import two hundred."""


class Year(msgspec.Struct, frozen=True):
    """A year's days off, each with its name in the country's language and in English, and make-up workdays.

    `whole` is False where the country publishes make-up days year by year, and this year's are not known yet.
    """

    off: dict[dt.date, tuple[str, str]]
    make_up: frozenset[dt.date]
    whole: bool


def year(country: str, wanted: int) -> Year:
    """Return what is published for a year; `country` is "CN", or a part of one, "DE-BY"; raises `Usage`."""
    kept = _kept(country, _version())
    if wanted not in kept:
        first = wanted - wanted % _TOGETHER
        kept.update({one: _looked_up(country, one) for one in range(first, first + _TOGETHER)})
        _keep(country, kept)
    return kept[wanted]


@cache
def _version() -> str:
    """Return the version of the library that is installed, without importing it."""
    found = importlib.util.find_spec("holidays")
    origin = found.origin if found and found.origin else ""
    for name, version, _folder in discovery.versions([os.path.dirname(os.path.dirname(origin))]):
        if name.lower() == "holidays":
            return version
    return ""


# --- the cache ---------------------------------------------------------------------------------------------


def _file(country: str, version: str) -> str:
    folder = cache_folder()
    return os.path.join(folder, f"holidays-{country}-{version}.json") if folder and version else ""


@cache
def _kept(country: str, version: str) -> dict[int, Year]:
    """Return the years that the cache holds, none where it cannot be read or others could have written it."""
    path = _file(country, version)
    try:
        with open(path, "rb") as file:
            if not discovery.unsafe(path, os.fstat(file.fileno()), others=0o022):
                return msgspec.json.decode(file.read(), type=dict[int, Year])
    except (OSError, msgspec.MsgspecError):
        pass
    return {}


def _keep(country: str, years: dict[int, Year]) -> None:
    """Write the years into the cache; where that cannot be done, the next command looks them up again."""
    path = _file(country, _version())
    if not path:
        return
    with contextlib.suppress(OSError):
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        raw = msgspec.json.encode(years)
        number, part = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".holidays-")
        try:
            with open(number, "wb") as file:
                file.write(raw)
            os.replace(part, path)
        except OSError:
            os.unlink(part)
            raise


# --- asking the library ------------------------------------------------------------------------------------


def _looked_up(country: str, wanted: int) -> Year:
    code, _dash, part = country.partition("-")
    english = _asked(code, part or None, wanted, "en_US")
    own = _asked(code, part or None, wanted, english.default_language)
    off = {day: (name, english.get(day, name)) for day, name in sorted(own.items())}
    return Year(off, frozenset(own.weekend_workdays), _is_whole(code, wanted))


def _asked(code: str, part: str | None, wanted: int, language: str | None) -> Any:
    import holidays

    try:
        return holidays.country_holidays(code, subdiv=part, years=wanted, language=language, expand=False)
    except NotImplementedError as error:
        place = f"{code}-{part}" if part else code
        raise Usage(
            _("holidays of '{place}' are not known").format(place=place),
            _("name a country by its two letters, such as CN, or with a part of it, DE-BY"),
        ) from error


def _is_whole(code: str, wanted: int) -> bool:
    """Tell whether the make-up days of a year are published; only China's are announced year by year."""
    if code != "CN":
        return True
    from holidays.countries import china

    table = getattr(getattr(china, "ChinaStaticHolidays", None), "special_public_holidays", {})
    return wanted in table
