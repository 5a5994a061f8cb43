"""A notice as a mail (Email服务通知单, catalogue B6.6): an .eml file, marked urgent where the notice is.

Nothing is sent: a mail program opens the file. Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from cskit import Usage, _, register
from cskit.display import paper
from cskit.stored import decoder
from cskit.values import one_line, shown
from cskit_service.notices import papers
from cskit_service.notices.model import TABLE, Notice

if TYPE_CHECKING:
    from cskit import App
    from cskit_service.notices.papers import Form

_LONGEST = 254
"""An address has no more characters (RFC 5321)."""


class Letter(NamedTuple):
    """To whom a notice goes, from whom, and what is written beside the sheet."""

    to: Sequence[str]
    copies: Sequence[str] = ()
    sender: str | None = None
    subject: str | None = None
    text: str | None = None
    form: Form | None = None


def address(text: str) -> str:
    """Return an address that may stand in a mail's head; raises `Usage` for what could add a line to it."""
    from email.errors import HeaderParseError, MessageDefect
    from email.headerregistry import Address

    fault = _("'{address}' is no mail address").format(address=shown(text))
    name, at, domain = text.rpartition("@")
    plain = text.isascii() and text.isprintable() and not set(text) & set(' ,;:<>()[]\\"')
    if not (plain and name and at and domain and "@" not in name and len(text) <= _LONGEST):
        raise Usage(fault, _("such as logistics@example.com"))
    try:
        return Address(addr_spec=text).addr_spec
    except (ValueError, IndexError, HeaderParseError, MessageDefect):
        raise Usage(fault, _("such as logistics@example.com")) from None


def written(app: App, name: str, letter: Letter) -> bytes:
    """Return a notice as a mail, with CRLF at the ends of lines; the sheet is in it as text and as HTML.

    Personal data is masked unless --reveal is given. Raises `NotFound`, `Usage` for what is no address.
    """
    from email.message import EmailMessage
    from email.policy import SMTP
    from email.utils import format_datetime

    reading = app.reading()
    heads = {"To": letter.to, "Cc": letter.copies, "From": [letter.sender] if letter.sender else []}
    found = {head: [address(one) for one in given] for head, given in heads.items()}
    (document,) = register.find(app, reading, app.record_type(TABLE), [name])
    notice = decoder(TABLE, Notice)(document)
    sheets = papers.sheets(app, reading, [document], letter.form)
    message = EmailMessage(policy=SMTP)
    for head, addresses in found.items():
        if addresses:
            message[head] = ", ".join(addresses)
    usual = _("Service notice {id}: {what}").format(id=notice.id, what=notice.description)
    subject = one_line(letter.subject or usual).strip()
    message["Subject"] = _("[Urgent] {subject}").format(subject=subject) if notice.urgent else subject
    message["Date"] = format_datetime(app.now)
    message["X-Unsent"] = "1"  # mail programs open it as a draft
    if notice.urgent:
        message["Importance"] = "high"
        message["Priority"] = "urgent"
        message["X-Priority"] = "1"
    written = paper.markdown(sheets)
    message.set_content(f"{letter.text}\n\n{written}" if letter.text else written)
    message.add_alternative(paper.html(sheets), subtype="html")
    return message.as_bytes()
