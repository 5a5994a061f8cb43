"""Keep the catalogues in step with the code: `make messages`, then translate what it names in the .po files.

What is no longer said is dropped, what is new comes in untranslated, and the .mo files are compiled.
`--check` changes nothing and fails where something would change.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
CLICK_ASKS = ("required", "deprecated")  # click looks these up by variables
MARKERS = {"_": 1, "mark": 1, "ngettext": 2}


class Message(NamedTuple):
    """A text to translate, with its plural where it has one, and the file it is said in."""

    text: str
    plural: str
    place: str

    @property
    def id(self) -> str | tuple[str, str]:
        """The message as gettext knows it."""
        return (self.text, self.plural) if self.plural else self.text


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
    if domain.name == "cskit":
        found += declared("cskit.catalogue", "cskit/catalogue.py")
        found += click_says()
    else:
        found += declared(domain.name, f"{domain.name}/__init__.py")
    known: dict[str, Message] = {}
    for message in found:
        if message.plural or message.text not in known:
            known[message.text] = message
    if domain.name != "cskit":  # what the core says, plugins cannot say otherwise
        for message in messages(domains()[0]):
            known.pop(message.text, None)
    return list(known.values())


def said_in(tree: ast.AST, place: str) -> Iterator[Message]:
    """Yield what is marked in a file, and what is a message by where it stands."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef) and is_command(node):
            yield from paragraphs(ast.get_docstring(node) or "", place)
        yield from said_in(node, place)
        if isinstance(node, ast.Call):
            yield from _called(node, place)


def _called(call: ast.Call, place: str) -> Iterator[Message]:
    name = name_of(call.func)
    if name in MARKERS:
        texts = [text for arg in call.args[: MARKERS[name]] if (text := constant(arg))]
        if len(texts) == MARKERS[name]:
            yield Message(texts[0], texts[1] if len(texts) > 1 else "", place)
    elif name == "Column" and len(call.args) > 1 and (text := constant(call.args[1])):
        yield Message(text, "", place)
    for keyword in call.keywords:
        if keyword.arg == "help" and (text := constant(keyword.value)):
            yield from paragraphs(text, place)
        elif keyword.arg == "unit" and name == "field" and (text := constant(keyword.value)):
            yield Message(text, "", place)


def name_of(node: ast.AST) -> str:
    """Return the last part of a dotted name, "" for what is none."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def constant(node: ast.AST) -> str:
    """Return a literal text, "" for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def is_command(function: ast.FunctionDef) -> bool:
    """Tell whether click makes a command of a function, so that its docstring is help."""
    calls = [node.func if isinstance(node, ast.Call) else node for node in function.decorator_list]
    return any(name_of(call) in ("command", "group") for call in calls)


def paragraphs(text: str, place: str) -> Iterator[Message]:
    """Yield the messages of a help text, as `cskit.i18n.prose` looks them up."""
    from cskit.i18n import message_of

    for paragraph in inspect.cleandoc(text).split("\n\n"):
        if said := message_of(paragraph):
            yield Message(said, "", place)


def declared(module: str, place: str) -> Iterator[Message]:
    """Yield what a plugin, or the core's catalogue of commands, declares."""
    found = importlib.import_module(module)
    if module == "cskit.catalogue":
        texts: Iterable[str] = (command.help for command in found.COMMANDS)
        yield from (Message(text, "", place) for text in texts)
        return
    for hook in ("commands", "fact_specs", "actions", "demo_data", "rule_kinds"):
        for item in getattr(found, f"cskit_{hook}", tuple)() or ():
            for name in ("help", "meaning", "unit", "say"):
                if text := getattr(item, name, ""):
                    yield Message(text, "", place)


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
