"""What is shown in the place of personal data, and what a mask that comes back from a file stands for.

A mask never shows a whole value, and the mask of a mask is itself. Must not import click or a store.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

import msgspec

from cskit.i18n import _
from cskit.records.declared import Field, PersonalKind, fields, kind_of, unwrap
from cskit.values import shown

HIDDEN = "***"
"""What stands for a number, a day or a choice, of which any part would tell too much."""
_MANY = "****"
_SHORT = 4  # a text of so many characters is hidden whole
_PHONE = re.compile(r"[\d*+()（）\-\s./]*")
_AREA = re.compile(r"\(?0\d{2,3}(?=[-)\s])")
_OTHER_MASK = re.compile(r"[^*]?\*{3}", re.DOTALL)
_EMAIL_MASK = re.compile(r"[^*@]?\*{3}@[^@]+")
_ADDRESS_MASK = re.compile(r"[^*]{0,6}\*{4}", re.DOTALL)
_DENSE = 15  # an identity number has 15 or 18 digits; a shorter paper's number shows less


class Masked(ValueError):
    """A masked value stands where the whole one is needed."""

    def __init__(self, given: str) -> None:
        super().__init__(_("is masked; give the whole value, or leave the cell as it was exported"))
        self.given = given


# --- texts -------------------------------------------------------------------------------------------------


def text(kind: PersonalKind, value: str) -> str:
    """Return the mask of a text: 138****0577, z***@example.com, 110***********1234, 上海市浦****, 张***."""
    if not value:
        return value
    return _TEXTS[kind](value)


def _other(value: str) -> str:
    if _OTHER_MASK.fullmatch(value):
        return value
    return value[0] + HIDDEN if len(value) > _SHORT and value[0] != "*" else HIDDEN


def _phone(value: str) -> str:
    if _OTHER_MASK.fullmatch(value):
        return value
    if len(value) == 11 and value.isdigit():
        return f"{value[:3]}****{value[7:]}"
    if not _PHONE.fullmatch(value):
        return _other(value)  # a name or a note beside the number
    area = _AREA.match(value)
    count = sum(letter.isdigit() or letter == "*" for letter in value)
    head = sum(letter.isdigit() for letter in area[0]) if area else _kept(count)[0]
    tail = (4 if count - head >= 8 else 2) if area and count - head > _SHORT else _kept(count)[1]
    return _starred(value, head, count - tail)


def _kept(count: int) -> tuple[int, int]:
    """Return how many digits a number of `count` keeps at its beginning and end."""
    if count >= 11:
        return 3, 4
    if count >= 7:
        return 2, 3
    return (1, 1) if count > _SHORT else (0, 0)


def _starred(value: str, head: int, tail: int) -> str:
    """Put stars in the place of the digits from the `head`-th up to the `tail`-th."""
    found, place = [], 0
    for letter in value:
        counts = letter.isdigit() or letter == "*"
        found.append("*" if counts and head <= place < tail else letter)
        place += counts
    said = "".join(found)
    return said if "**" in said else _MANY


def _email(value: str) -> str:
    if _EMAIL_MASK.fullmatch(value):
        return value
    name, at, domain = value.partition("@")
    if not (name and domain) or "@" in domain or len(value) <= _SHORT:
        return _other(value)
    return (name[0] if len(name) > 1 and name[0] != "*" else "") + HIDDEN + at + domain


def _identity(value: str) -> str:
    if len(value) <= _SHORT:
        return _MANY
    head, tail = (3, 4) if len(value) >= _DENSE else (1, 2) if len(value) >= 8 else (1, 0)
    return value[:head] + "*" * (len(value) - head - tail) + value[len(value) - tail :]


def _address(value: str) -> str:
    if _ADDRESS_MASK.fullmatch(value):
        return value
    # Where letters are Latin, the house and the street come first, which tell the most.
    kept = min(6, len(value) // 3) if len(value) > _SHORT and not value[0].isascii() else 0
    return value[:kept].partition("*")[0] + _MANY


_TEXTS: Mapping[PersonalKind, Callable[[str], str]] = {
    "other": _other,
    "phone": _phone,
    "email": _email,
    "identity": _identity,
    "address": _address,
}


# --- fields ------------------------------------------------------------------------------------------------


class Mask:
    """Hides a value that is personal, and finds the value again that a mask stands for."""

    def hide(self, value: Any) -> Any:
        """Return what is shown in the place of `value`; None stays None."""
        return None if value is None else HIDDEN

    def restored(self, given: Any, held: Any) -> Any:
        """Return `given` with what is `held` in the place of its mask; raises `Masked` for any other mask."""
        if not looks_masked(given):
            return given
        if held is not None and self.hide(held) == given:
            return held
        raise Masked(given)


class _Text(Mask):
    def __init__(self, kind: PersonalKind) -> None:
        self.hide = partial(_text, _TEXTS[kind])  # type: ignore[method-assign]  # a call less for each value


def _text(mask: Callable[[str], str], value: Any) -> Any:
    if value.__class__ is str:
        return mask(value) if value else value
    return None if value is None else HIDDEN


class _Parts(Mask):
    """A group of fields, some of them personal; `rest` hides what is under any other name."""

    def __init__(self, inside: Mapping[str, Mask | None], rest: Mask) -> None:
        self._inside, self._rest = inside, rest

    def of(self, name: str) -> Mask | None:
        """Return the mask of one field or key of the group, None where that is shown."""
        return self._inside.get(name, self._rest)

    def hide(self, value: Any) -> Any:
        held = msgspec.structs.asdict(value) if isinstance(value, msgspec.Struct) else value
        if not isinstance(held, dict):
            return None if value is None else HIDDEN
        return {
            name: mask.hide(part) if (mask := self.of(name)) else part
            for name, part in held.items()
            if part is not None
        }

    def restored(self, given: Any, held: Any) -> Any:
        if not isinstance(given, dict):
            return super().restored(given, held)
        before = held if isinstance(held, dict) else {}
        return {
            name: mask.restored(part, before.get(name)) if (mask := self.of(name)) else part
            for name, part in given.items()
        }


class _Many(Mask):
    """A list whose elements are personal, or hold what is."""

    def __init__(self, each: Mask) -> None:
        self.each = each

    def hide(self, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [self.each.hide(part) for part in value]
        return self.each.hide(value)

    def restored(self, given: Any, held: Any) -> Any:
        if not isinstance(given, list):
            return super().restored(given, held)
        before = held if isinstance(held, list) else []
        return [self._element(place, part, before) for place, part in enumerate(given)]

    def _element(self, place: int, given: Any, held: list[Any]) -> Any:
        """Return the element that a masked one stands for: one that looks the same, best at its own place."""
        if not looks_masked(given):
            return given
        here = held[place : place + 1]
        same = [part for part in here if self.each.hide(part) == given]
        same = same or [part for part in held if self.each.hide(part) == given]
        if same and all(part == same[0] for part in same):
            return same[0]
        found = self._like(given, here) if not same else []
        found = found or ([] if same else self._like(given, held))
        if len(found) == 1:
            return found[0]
        raise Masked(_first_mask(given))

    def _like(self, given: Any, held: list[Any]) -> list[Any]:
        """Return what `given` may mean where its masks fit, though something beside them was changed."""
        found = []
        for part in held:
            try:
                found.append(self.each.restored(given, part))
            except Masked:
                continue
        return found


def looks_masked(value: Any) -> bool:
    """Tell whether a value is a mask, or holds one."""
    if value.__class__ is str:
        return "**" in value
    if isinstance(value, dict):
        return any(looks_masked(part) for part in value.values())
    return isinstance(value, list | tuple) and any(looks_masked(part) for part in value)


def _first_mask(value: Any) -> str:
    if isinstance(value, str):
        return value
    parts = value.values() if isinstance(value, dict) else value
    return next(_first_mask(part) for part in parts if looks_masked(part))


def of_field(info: Field, inherited: PersonalKind | None = None) -> Mask | None:
    """Return the mask of a field, None where nothing in it is personal; all in a personal group is."""
    kind = info.personal or inherited
    if info.kind == "struct":
        return _parts(info.of, kind)
    if info.kind in ("list", "map"):
        each = of_field(_element(info), kind)
        if each is None:
            return None
        return _Many(each) if info.kind == "list" else _Parts({}, each)
    if not kind:
        return None
    return _Text(kind) if info.kind == "text" else Mask()


def _element(info: Field) -> Field:
    label, bare = unwrap(info.of)
    kind, of = kind_of(bare)
    personal = label.personal if label else None
    return info._replace(type=info.of, kind=kind, of=of, personal=personal, choices={})


def _parts(part: type[msgspec.Struct], inherited: PersonalKind | None) -> Mask | None:
    inside = {name: of_field(info, inherited) for name, info in fields(part).items()}
    return _Parts(inside, Mask()) if any(inside.values()) else None


@cache
def of_model(model: type[msgspec.Struct]) -> Mapping[str, Mask]:
    """Return the masks of a record type by field; a field that holds nothing personal has none."""
    found = {name: of_field(info) for name, info in fields(model).items()}
    return {name: mask for name, mask in found.items() if mask is not None}


def of_path(model: type[msgspec.Struct], path: tuple[str, ...]) -> Mask | None:
    """Return the mask of a field, or of a part or key inside it, None where nothing there is personal."""
    mask = of_model(model).get(path[0])
    for name in path[1:]:
        if isinstance(mask, _Many):
            mask = mask.each
        if not isinstance(mask, _Parts):
            return mask
        mask = mask.of(name)
    return mask


def of_name(model: type[msgspec.Struct], name: str) -> Mask | None:
    """Return the mask of a field, or of a part or key inside it, that is named with a dot between."""
    first, _dot, rest = name.partition(".")
    return of_path(model, (first, rest) if rest else (first,))


def told(mask: Mask | None, value: Any) -> str:
    """Return a value as an error message tells it; personal data is masked there too."""
    return shown(value if mask is None or value in ("", None) else mask.hide(value))
