"""Edits on stored documents: what they leave alone."""

from __future__ import annotations

import datetime as dt

import pytest

from cskit import edits
from cskit_customers.model import Customer

STORED = b'{"id":"C-1","name":"a","behaviour":{"frequency":"weekly","newer":{"x":1}},"later":true}'


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            "owner=S-1",
            b'{"id":"C-1","name":"a","owner":"S-1",'
            b'"behaviour":{"frequency":"weekly","newer":{"x":1}},"later":true}',
        ),
        (
            "behaviour.frequency=daily",
            b'{"id":"C-1","name":"a","behaviour":{"frequency":"daily","newer":{"x":1}},"later":true}',
        ),
        ("behaviour=", b'{"id":"C-1","name":"a","later":true}'),
    ],
    ids=["another-field", "the-same-group", "group-cleared"],
)
def test_keys_that_we_do_not_know_survive_in_groups_too(change: str, expected: bytes) -> None:
    """A newer program's key inside a group is kept by any edit but the one that clears the group."""
    _, raw = edits.apply(Customer, STORED, edits.parse(Customer, [change], dt.UTC))
    assert raw == expected
