"""What surveys hold of a customer whose personal data goes for good. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import msgspec

from cskit import _, edits
from cskit.stored import decoder
from cskit_surveys import followups, rounds
from cskit_surveys.model import FollowUp, Response

if TYPE_CHECKING:
    from cskit.store.protocol import Transaction


def erase(tx: Transaction, customers: Collection[str]) -> None:
    """Take out what some customers said in their own words; ratings and choices stay, for the figures."""
    decode = decoder(rounds.RESPONSES, Response)
    for document in list(tx.read(rounds.RESPONSES)):
        one = decode(document)
        if one.customer in customers and one.said:
            after = msgspec.structs.replace(one, said={})
            tx.replace(rounds.RESPONSES, document.number, edits.encode(after))
    decode_followup = decoder(followups.TABLE, FollowUp)
    for document in list(tx.read(followups.TABLE)):
        followup = decode_followup(document)
        if followup.customer in customers:
            erased = msgspec.structs.replace(followup, subject=_("(erased)"), result=None, note=None)
            if erased != followup:
                tx.replace(followups.TABLE, document.number, edits.encode(erased))
