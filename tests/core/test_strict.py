"""JSON that foreign hands wrote: what is read, and what is refused with which words."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from cskit import strict


def nested(depth: int) -> str:
    """Return `depth` lists, one inside the other."""
    return "[" * depth + "]" * depth


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", {}),
        ('{"客户": "张三\\n\\u4e50 \\ud83d\\ude00"}', {"客户": "张三\n乐 😀"}),
        ("[1, -1, 0.10, 1E2]", [1, -1, Decimal("0.10"), Decimal("1E+2")]),
        ("[9223372036854775807, -9223372036854775808]", [2**63 - 1, -(2**63)]),
        ("[true, false, null]", [True, False, None]),
        ('[{"a": 1}, {"a": 1}]', [{"a": 1}, {"a": 1}]),
        ("1.7976931348623157e308", Decimal("1.7976931348623157E+308")),
    ],
    ids=["empty", "text", "numbers", "64-bits", "words", "equal-keys-in-two-objects", "largest-double"],
)
def test_good_json_is_read_exactly(text: str, expected: Any) -> None:
    """Nothing is rounded, and a number with a fraction stays the decimal that was written."""
    found = strict.loads(text)
    assert found == expected
    assert repr(found) == repr(expected)


def test_depth_up_to_the_limit_is_read() -> None:
    """Sixty-four levels are fine; the sixty-fifth is refused below."""
    assert strict.loads(nested(strict.DEPTH)) is not None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a":1,"b":2,"a":1}', "the key 'a' stands twice in one object"),
        ('[{"x":{"客户":1,"客户":2}}]', "the key '客户' stands twice in one object"),
        (f'{{"{"k" * 99}":1,"{"k" * 99}":2}}', f"the key '{'k' * 24}…' stands twice in one object"),
        ("[NaN]", "NaN is not a number that JSON knows"),
        ("[Infinity]", "Infinity is not a number that JSON knows"),
        ("[-Infinity]", "-Infinity is not a number that JSON knows"),
        ("9223372036854775808", "the integer 9223372036854775808 needs more than 64 bits"),
        ("-9223372036854775809", "the integer -9223372036854775809 needs more than 64 bits"),
        ("1" * 5000, f"the integer {'1' * 24}… needs more than 64 bits"),
        ("1e309", "the number 1e309 is too large"),
        ("-1e400000000", "the number -1e400000000 is too large"),
        ("1e99999999999999999999", "the number 1e99999999999999999999 is too large"),
        ("1e-99999999999999999999", "the number 1e-99999999999999999999 is too fine"),
        ('"\\ud800"', r"the text '\ud800' holds U+0000 or half a character"),
        ('{"\\udc00":1}', r"the text '\udc00' holds U+0000 or half a character"),
        ('["a\\u0000b"]', r"the text 'a\x00b' holds U+0000 or half a character"),
        (nested(65), "nested more than 64 deep"),
        ('{"a":' * 65 + "1" + "}" * 65, "nested more than 64 deep"),
        (nested(100_000), "nested more than 64 deep"),
        ('{"a":' * 100_000, "nested more than 64 deep"),
        ("", "not JSON: Expecting value at line 1, column 1"),
        ('{"a":1,\n "b":', "not JSON: Expecting value at line 2, column 6"),
        ('{"a":1} {"b":2}', "not JSON: Extra data at line 1, column 9"),
        ("{'a':1}", "not JSON: Expecting property name enclosed in double quotes at line 1, column 2"),
        ('["a\tb"]', "not JSON: Invalid control character at at line 1, column 4"),
        ("[01]", "not JSON: Expecting ',' delimiter at line 1, column 3"),
    ],
    ids=[
        "duplicate-key",
        "duplicate-key-inside",
        "duplicate-long-key",
        "nan",
        "infinity",
        "minus-infinity",
        "65-bits",
        "minus-65-bits",
        "5000-digits",
        "double-overflow",
        "huge-exponent",
        "exponent-beyond-decimal",
        "tiny-beyond-decimal",
        "lone-surrogate",
        "lone-surrogate-in-a-key",
        "nul",
        "65-lists",
        "65-objects",
        "100000-lists",
        "100000-objects",
        "empty",
        "cut",
        "two-values",
        "single-quotes",
        "raw-tab",
        "leading-zero",
    ],
)
def test_bad_json_is_refused_in_words(text: str, said: str) -> None:
    """Each fault is a `ValueError` of one line that names it; no other exception comes through."""
    with pytest.raises(ValueError, match=re.escape(said)) as caught:
        strict.loads(text)
    assert str(caught.value) == said
