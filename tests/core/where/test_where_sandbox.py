"""S7: conditions as an attacker writes them: refused by our error, at once, in little memory."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cskit.errors import CskitError
from tests.core.where.test_where import FULL, PAYLOADS, read

MEGABYTES = 50
PARTS = st.one_of(st.sampled_from(PAYLOADS), st.sampled_from(("fan", "name", "severity", "'x'", "1", "tags")))
GLUE = st.sampled_from(
    (" and ", " or ", " == ", " in ", " + ", " * ", ", ", "(", ")", "[", ".", " not ", "\n")
)


@pytest.mark.parametrize("payload", PAYLOADS, ids=[ascii(payload)[:40] for payload in PAYLOADS])
def test_a_refusal_takes_little_memory(payload: str) -> None:
    """Neither parsing nor refusing builds anything large."""
    tracemalloc.start()
    try:
        with pytest.raises(CskitError):
            read(payload)
        assert tracemalloc.get_traced_memory()[1] < MEGABYTES << 20
    finally:
        tracemalloc.stop()


@given(st.lists(st.tuples(PARTS, GLUE), min_size=1, max_size=6))
def test_whatever_is_made_of_them_is_refused_or_harmless(parts: list[tuple[str, str]]) -> None:
    """Pieces of attacks put together: our error, or a condition that is computed at once."""
    text = "".join(piece for part in parts for piece in part)
    start = time.process_time()
    try:
        condition = read(text)
    except CskitError:
        pass
    else:
        condition.value(FULL)
    assert time.process_time() - start < 1
