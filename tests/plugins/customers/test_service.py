"""What other plugins may ask of the register."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import msgspec
import pytest

import cskit_customers
from cskit.errors import BadRows
from cskit.records import fields
from cskit.store.folder import open_store
from cskit.store.protocol import Origin
from cskit_customers import service
from cskit_customers.model import Customer

ORIGIN = Origin(time=dt.datetime(2026, 11, 22, tzinfo=dt.UTC), user="test", command="test")
TYPES = {one.table: one for one in cskit_customers.cskit_record_types()}
MODELS = {"customers": Customer}
APP = cast(
    Any, SimpleNamespace(record_type=TYPES.__getitem__, model=MODELS.__getitem__, zone=ZoneInfo("UTC"))
)


def test_create_gives_the_new_id(tmp_path: Path) -> None:
    """A created customer is on the register under the returned id, with the fields that were given."""
    store = open_store(tmp_path)
    with store.transaction(ORIGIN) as tx:
        first = service.create(APP, tx, name="晨屿", key="KH0001", region="华东", phone=None)
        second = service.create(APP, tx, name="栖木")
    assert (first, second) == ("C-000001", "C-000002")
    found = [msgspec.json.decode(raw, type=Customer) for _, raw in store.reading().read("customers")]
    assert found == [
        Customer(id="C-000001", name="晨屿", key="KH0001", region="华东"),
        Customer(id="C-000002", name="栖木"),
    ]


def test_create_checks_what_it_is_given(tmp_path: Path) -> None:
    """A nameless customer is refused, and nothing is saved."""
    store = open_store(tmp_path)
    with pytest.raises(BadRows) as caught, store.transaction(ORIGIN) as tx:
        service.create(APP, tx, name="")
    assert [problem.column for problem in caught.value.problems] == ["name"]
    assert list(store.reading().read("customers")) == []


def test_the_action_is_declared_as_it_is() -> None:
    """The declared action exists where it says, and every argument it names is a field of a customer."""
    spec = next(iter(cskit_customers.cskit_actions()))
    assert (spec.name, spec.target) == ("customer.create", "cskit_customers.service:create")
    assert spec.arguments.keys() <= fields(Customer).keys()
