"""Keep the catalogues in step with the code: `make messages`, then translate what it names in the .po files.

What is no longer said is dropped, what is new comes in untranslated, and the .mo files are compiled.
`--check` changes nothing and fails where something would change.
"""

from __future__ import annotations

import ast
import importlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from cskit.contract import texts
from cskit.contract.texts import Message, said_in

ROOT = Path(__file__).parents[1]
CLICK_ASKS = ("required", "deprecated")  # click looks these up by variables


class Domain(NamedTuple):
    """One catalogue: its name, the package it speaks for, and where that lies."""

    name: str
    package: Path

    @property
    def po(self) -> Path:
        """The file people translate in."""
        return self.package / "locale/zh_CN/LC_MESSAGES" / f"{self.name}.po"

    @property
    def mo(self) -> Path:
        """The file the program reads."""
        return self.po.with_suffix(".mo")


def domains() -> list[Domain]:
    """Return the catalogues of the core and of our plugins."""
    plugins = sorted(path.parent for path in (ROOT / "plugins").glob("*/__init__.py"))
    return [Domain("cskit", ROOT / "cskit"), *(Domain(folder.name, folder) for folder in plugins)]


# --- what is said ------------------------------------------------------------------------------------------


def messages(domain: Domain) -> list[Message]:
    """Return what a package says, in the order of its files, each message once."""
    found: list[Message] = []
    for path in sorted(domain.package.rglob("*.py")):
        place = path.relative_to(ROOT).as_posix().removeprefix("plugins/")
        found += said_in(ast.parse(path.read_text(encoding="utf-8")), place)
    found += declared(domain)
    if domain.name == "cskit":
        found += click_says()
    known: dict[str, Message] = {}
    for message in found:
        if message.plural or message.text not in known:
            known[message.text] = message
    if domain.name != "cskit":  # what the core says, plugins cannot say otherwise
        for message in messages(domains()[0]):
            known.pop(message.text, None)
    return list(known.values())


def declared(domain: Domain) -> Iterator[Message]:
    """Yield what a plugin, or the core's catalogue of commands, declares."""
    if domain.name != "cskit":
        found = importlib.import_module(domain.name)
        yield from texts.declared(found, f"{domain.name}/__init__.py")
        return
    from cskit.catalogue import COMMANDS

    yield from (Message(command.help, "", "cskit/catalogue.py") for command in COMMANDS)


def click_says() -> Iterator[Message]:
    """Yield every message of the click that is installed."""
    import click

    for path in sorted(Path(click.__file__).parent.glob("*.py")):
        yield from said_in(ast.parse(path.read_text(encoding="utf-8")), "click")
    yield from (Message(text, "", "click") for text in CLICK_ASKS)


# --- the catalogues ----------------------------------------------------------------------------------------


class _Steady(Catalog):
    """A catalogue whose heading does not change with the day, or the tools of who runs this."""

    mime_headers = [  # noqa: RUF012 - Babel reads it as it is
        ("Language", "zh_CN"),
        ("Plural-Forms", "nplurals=1; plural=0;"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "8bit"),
    ]


def updated(domain: Domain) -> Catalog:
    """Return the catalogue of what is said now, with the translations there are."""
    old = Catalog(locale="zh_CN", domain=domain.name)
    if domain.po.exists():
        with domain.po.open("rb") as file:
            old = read_po(file, locale="zh_CN", domain=domain.name)
    comment = f"# What {domain.name} says, in Chinese. `make messages` keeps it in step with the code."
    new = _Steady(locale="zh_CN", domain=domain.name, header_comment=comment, fuzzy=False)
    for message in messages(domain):
        known = old.get(message.text)
        said = (
            known.string if known is not None and isinstance(known.id, tuple) == bool(message.plural) else ""
        )
        new.add(message.id, said or ("" if not message.plural else ("",)), locations=[(message.place, 0)])
    return new


def as_po(catalogue: Catalog) -> bytes:
    """Return a catalogue as people edit it: by file, without line numbers that would change all the time."""
    out = io.BytesIO()
    write_po(out, catalogue, width=100, include_lineno=False)
    return out.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    """Return a catalogue as the program reads it."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def untranslated(catalogue: Catalog) -> list[str]:
    """Return the messages of a catalogue that nobody has translated."""
    return [str(one.id) for one in catalogue if one.id and not all(_texts(one.string))]


def _texts(string: object) -> list[str]:
    return [str(text) for text in string] if isinstance(string, list | tuple) else [str(string)]


def main(arguments: list[str]) -> int:
    """Bring every catalogue up to the code, or with --check say which are not."""
    stale = missing = 0
    for domain in domains():
        catalogue = updated(domain)
        for path, content in ((domain.po, as_po(catalogue)), (domain.mo, as_mo(catalogue))):
            if path.exists() and path.read_bytes() == content:
                continue
            stale += 1
            print(f"{'stale' if '--check' in arguments else 'written'}: {path.relative_to(ROOT)}")  # noqa: T201
            if "--check" not in arguments:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        for text in untranslated(catalogue):
            missing += 1
            print(f"untranslated in {domain.name}: {text}")  # noqa: T201
    return int(bool(missing or (stale and "--check" in arguments)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
