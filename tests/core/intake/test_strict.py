"""JSON that foreign hands wrote: what is read, and what is refused with which words."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from cskit.intake import strict

RANGE = "is a number too large or too fine"
BEYOND = "is a whole number beyond 64 bits; write it as text"


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
        ("-5e-324", Decimal("-5E-324")),
        ('["\\\\u0000 \\\\ud800"]', ["\\u0000 \\ud800"]),
    ],
    ids=[
        "empty",
        "text",
        "numbers",
        "64-bits",
        "words",
        "equal-keys-in-two-objects",
        "largest-double",
        "smallest-double",
        "escaped-backslashes",
    ],
)
def test_good_json_is_read_exactly(text: str, expected: Any) -> None:
    """Nothing is rounded, and a number with a fraction stays the decimal that was written."""
    found = strict.loads(text)
    assert found == expected
    assert repr(found) == repr(expected)


def test_depth_up_to_the_limit_is_read() -> None:
    """Sixty-four levels are fine; the sixty-fifth is refused below."""
    assert strict.loads(nested(strict.DEPTH)) is not None


def test_brackets_in_texts_and_side_by_side_are_no_depth() -> None:
    """Only what lies inside one another counts."""
    text = '[{"a":"' + "[{" * 100 + '"}' + ',{"a":[]}' * 100 + "]"
    assert len(strict.loads(text)) == 101


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a":1,"b":2,"a":1}', "the key 'a' is named more than once in one object"),
        ('[{"x":{"客户":1,"客户":2}}]', "the key '客户' is named more than once in one object"),
        (
            f'{{"{"k" * 99}":1,"{"k" * 99}":2}}',
            f"the key '{'k' * 57}…' is named more than once in one object",
        ),
        (r'{"a\nb":1,"a\nb":2}', r"the key 'a\u000ab' is named more than once in one object"),
        (r'{"\ud800":1,"\ud800":2}', r"the key '\ud800' is named more than once in one object"),
        ("[NaN]", "'NaN' is not a JSON number"),
        ("[Infinity]", "'Infinity' is not a JSON number"),
        ("[-Infinity]", "'-Infinity' is not a JSON number"),
        ("9223372036854775808", f"'9223372036854775808' {BEYOND}"),
        ("-9223372036854775809", f"'-9223372036854775809' {BEYOND}"),
        ("1" * 5000, f"'{'1' * 57}…' {BEYOND}"),
        ("1e309", f"'1e309' {RANGE}"),
        ("1.8e308", f"'1.8e308' {RANGE}"),
        ("-1e400000000", f"'-1e400000000' {RANGE}"),
        ("1e-400000000", f"'1e-400000000' {RANGE}"),
        ("1e-325", f"'1e-325' {RANGE}"),
        ("0e-400000000", f"'0e-400000000' {RANGE}"),
        ("1e99999999999999999999", f"'1e99999999999999999999' {RANGE}"),
        ("1e-99999999999999999999", f"'1e-99999999999999999999' {RANGE}"),
        (r'"\ud800"', r"'\ud800' holds half of a surrogate pair"),
        (r'{"\uDC00":1}', r"'\udc00' holds half of a surrogate pair"),
        ('["张\ud800"]', r"'张\ud800' holds half of a surrogate pair"),
        ('{"a":{"\udc00":1}}', r"'\udc00' holds half of a surrogate pair"),
        ('["\ud83d\ude00"]', r"'\ud83d\ude00' holds half of a surrogate pair"),
        (r'["a\u0000b"]', r"'a\u0000b' holds the character U+0000"),
        (r'{"\u0000":1}', r"'\u0000' holds the character U+0000"),
        ('["a\0b"]', "not JSON: invalid control character at character 4"),
        ('{"a\0":1}', "not JSON: invalid control character at character 4"),
        (nested(65), "nested more than 64 deep"),
        ('{"a":' * 65 + "1" + "}" * 65, "nested more than 64 deep"),
        (nested(100_000), "nested more than 64 deep"),
        ('{"a":' * 100_000, "nested more than 64 deep"),
        ("", "not JSON: expecting value at character 1"),
        ('{"a":1,\n "b":', "not JSON: expecting value at line 2, character 6"),
        ('{"a":1} {"b":2}', "not JSON: extra data at character 9"),
        ("{'a':1}", "not JSON: expecting property name enclosed in double quotes at character 2"),
        ('["a\tb"]', "not JSON: invalid control character at character 4"),
        ("[01]", "not JSON: expecting ',' delimiter at character 3"),
        ('["a', "not JSON: unterminated string starting at character 2"),
        ("\ufeff{}", "not JSON: unexpected byte order mark at character 1"),
    ],
    ids=[
        "duplicate-key",
        "duplicate-key-inside",
        "duplicate-long-key",
        "duplicate-key-with-line-end",
        "duplicate-surrogate-key",
        "nan",
        "infinity",
        "minus-infinity",
        "65-bits",
        "minus-65-bits",
        "5000-digits",
        "double-overflow",
        "just-over-the-largest-double",
        "huge-exponent",
        "tiny-exponent",
        "under-the-smallest-double",
        "zero-with-an-exponent",
        "exponent-beyond-decimal",
        "tiny-beyond-decimal",
        "lone-surrogate",
        "lone-surrogate-in-a-key",
        "lone-surrogate-unescaped",
        "lone-surrogate-unescaped-in-a-key",
        "pair-unescaped-in-halves",
        "nul",
        "nul-in-a-key",
        "nul-unescaped",
        "nul-unescaped-in-a-key",
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
        "open-text",
        "byte-order-mark",
    ],
)
def test_bad_json_is_refused_in_words(text: str, said: str) -> None:
    """Each fault is a `ValueError` of one line that names it; no other exception comes through."""
    with pytest.raises(ValueError, match=re.escape(said)) as caught:
        strict.loads(text)
    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('{"id":1,"id":2}', ("id", "", "is named more than once in one object")),
        ("[1e999]", ("", "1e999", RANGE)),
        (
            "{bad",
            ("", "{bad", "is not JSON: expecting property name enclosed in double quotes at character 2"),
        ),
        ("[" * 100_000, ("", "[" * 57 + "…", "is nested more than 64 deep")),
    ],
    ids=["key", "value", "whole-text", "bomb"],
)
def test_a_fault_has_the_parts_of_a_problem(text: str, parts: tuple[str, str, str]) -> None:
    """Column, value and message are apart, for a line such as "line 3, id: is named more than once"."""
    with pytest.raises(strict.Fault) as caught:
        strict.loads(text)
    assert (caught.value.column, caught.value.value, caught.value.message) == parts


@pytest.mark.parametrize("text", ["1e28", "1e-100", "0." + "3" * 99], ids=["large", "fine", "long"])
def test_numbers_for_records_are_those_one_can_calculate_with(text: str) -> None:
    """A double that Decimal would round in a sum may stand in a file, but not come into a record."""
    assert strict.loads(text) == Decimal(text)
    with pytest.raises(strict.Fault, match=RANGE):
        strict.loads(text, strict.ROWS)
    good = "9999999999999999999999999999.9"
    assert strict.loads(good, strict.ROWS) == Decimal(good)
