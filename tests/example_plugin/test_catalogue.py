"""The example's catalogue has everything that the example says."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]


def test_everything_is_translated() -> None:
    """Each message of the package, found as ours are, is in its .po; and nothing is in it for nothing."""
    spec = importlib.util.spec_from_file_location("messages", ROOT / "scripts/messages.py")
    assert spec is not None
    assert spec.loader is not None
    messages = importlib.util.module_from_spec(spec)
    sys.modules["messages"] = messages
    spec.loader.exec_module(messages)
    package = Path(__file__).parent / "cskit_acme/cskit_acme"
    said = {one.text for one in messages.messages(messages.Domain("cskit_acme", package))}
    ours = {one.text for one in messages.messages(messages.domains()[0])}
    with open(package / "locale/zh_CN/LC_MESSAGES/cskit_acme.po", "rb") as po:
        translated = {message.id for message in read_po(po) if message.id}
    assert said - translated == set()
    assert translated - said - ours == set()
