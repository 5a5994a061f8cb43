"""The texts of a package that are to be translated, found in its files and in what it declares."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from cskit.i18n import message_of

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


def of(plugin: object) -> Iterator[Message]:
    """Yield what a plugin says, each message once."""
    file = Path(getattr(plugin, "__file__", None) or "")
    files = sorted(file.parent.rglob("*.py")) if file.name == "__init__.py" else [file] if file.name else []
    found = list(declared(plugin, file.name))
    for path in files:
        found += said_in(ast.parse(path.read_text(encoding="utf-8")), path.name)
    yield from {message.text: message for message in found}.values()


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
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        if said := message_of(paragraph):
            yield Message(said, "", place)


def declared(plugin: object, place: str) -> Iterator[Message]:
    """Yield what a plugin declares."""
    for hook in ("commands", "fact_specs", "actions", "demo_data", "rule_kinds"):
        for item in getattr(plugin, f"cskit_{hook}", tuple)() or ():
            for name in ("help", "meaning", "unit", "say"):
                if text := getattr(item, name, ""):
                    yield Message(text, "", place)
