"""The user's language: which it is, and what a message is in it.

Light: every command imports it. Must not import click, a plugin, a store or anything else of ours.
"""

from __future__ import annotations

import contextlib
import gettext
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from gettext import NullTranslations
from typing import NamedTuple

DOMAIN = "cskit"
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "locale")
LANGUAGES = {"en": "en", "zh": "zh_CN"}
"""The languages there are, and the folder of each one's catalogue."""

Catalogues = Callable[[], Mapping[str, NullTranslations] | None]
"""Returns the catalogues of the plugins by name, None as long as no plugin is loaded."""


class Spoken(NamedTuple):
    """A language, its catalogue, and the plugin that is at work: what it says goes before what others say."""

    language: str
    catalogue: NullTranslations
    plugin: str = ""


_now = Spoken("en", NullTranslations())


# --- what the rest of the program calls --------------------------------------------------------------------


def _(message: str) -> str:
    """Return a message in the user's language; it is filled in with `.format` afterwards."""
    return _now.catalogue.gettext(message) if message else ""  # "" is the catalogue's own heading


def ngettext(one: str, many: str, count: int) -> str:
    """Return the form of a message that fits `count`, in the user's language."""
    return _now.catalogue.ngettext(one, many, count)


def mark(message: str) -> str:
    """Return a message as it is; it is translated where it is shown, and found by who translates."""
    return message


def reason(error: OSError) -> str:
    """Return why the system would not do something."""
    return _(error.strerror or os.strerror(error.errno or 0))


_SYSTEM_SAYS = (
    mark("No such file or directory"),
    mark("Permission denied"),
    mark("Operation not permitted"),
    mark("No space left on device"),
    mark("Disk quota exceeded"),
    mark("File too large"),
    mark("Read-only file system"),
    mark("Input/output error"),
    mark("Is a directory"),
    mark("Not a directory"),
    mark("File exists"),
    mark("Directory not empty"),
    mark("File name too long"),
    mark("Too many levels of symbolic links"),
    mark("Too many open files"),
    mark("Device or resource busy"),
    mark("Invalid argument"),
    mark("Bad file descriptor"),
    mark("Broken pipe"),
)


def language() -> str:
    """Return the code of the user's language, "en" or "zh"."""
    return _now.language


def label(en: str, zh: str) -> str:
    """Return the one of a label's two texts that is in the user's language."""
    return zh if _now.language == "zh" and zh else en


def prose(text: str) -> str:
    """Return a help text, of which each paragraph is a message of its own, in the user's language."""
    if _now.language == "en":
        return text
    return "\n\n".join(map(_paragraph, text.split("\n\n")))


def _paragraph(text: str) -> str:
    message = message_of(text)
    return text.replace(message, _(message), 1) if as_is(text) else _(message)


def message_of(paragraph: str) -> str:
    """Return the message of a paragraph; of an example only the line above it, for commands stay."""
    lines = as_is(paragraph)
    if not lines:
        return " ".join(paragraph.split())
    return lines[0].strip() if lines[0].endswith(":") else "\n".join(lines)


def as_is(paragraph: str) -> list[str]:
    """Return the lines of a paragraph that click is to leave alone (it begins with \\b), none of others."""
    first, *lines = paragraph.strip("\n").split("\n")
    return lines if first.strip() == "\b" else []


# --- choosing it -------------------------------------------------------------------------------------------


def use(language: str, plugins: Catalogues = lambda: None) -> None:
    """Speak a language from now on: our own messages, click's, and those of the `plugins`."""
    global _now
    folder = LANGUAGES[language]
    gettext.bindtextdomain(DOMAIN, FOLDER)
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = folder  # click asks the module gettext, which asks the environment
    if language == "en":
        _now = Spoken(language, NullTranslations())
        return
    catalogue = gettext.translation(DOMAIN, FOLDER, [folder], fallback=True)
    catalogue.add_fallback(_Others(plugins))
    _now = Spoken(language, catalogue)


def catalogue(domain: str, folder: str) -> NullTranslations:
    """Read the catalogue of a plugin in the user's language, an empty one where it has none."""
    return gettext.translation(domain, folder, [LANGUAGES[_now.language]], fallback=True)


def turn_to(plugin: str) -> None:
    """Let a plugin's catalogue speak before those of others from now on: its command begins."""
    global _now
    _now = _now._replace(plugin=plugin)


@contextlib.contextmanager
def speaking_for(plugin: str) -> Iterator[None]:
    """Let a plugin's catalogue speak before those of others while it is called."""
    before = _now.plugin
    turn_to(plugin)
    try:
        yield
    finally:
        turn_to(before)


def spoken() -> Spoken:
    """Return the language that is spoken now, for `resume`."""
    return _now


def resume(before: Spoken) -> None:
    """Speak again what was spoken before."""
    global _now
    os.environ["LANGUAGE"] = LANGUAGES[before.language]
    _now = before


class _Others(NullTranslations):
    """The plugins' catalogues, read when a message is in none of ours; what ours say they cannot change.

    One message may mean two things in two plugins, so that of the plugin at work is asked first.
    """

    def __init__(self, plugins: Catalogues) -> None:
        super().__init__()
        self._plugins = plugins
        self._read: Mapping[str, NullTranslations] | None = None

    def gettext(self, message: str) -> str:
        """Return what the first catalogue that knows a message says."""
        return next((said for one in self._all() if (said := one.gettext(message)) != message), message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return what the first catalogue that knows a message says of a number of things."""
        plain = msgid1 if n == 1 else msgid2
        said = (one.ngettext(msgid1, msgid2, n) for one in self._all())
        return next((one for one in said if one != plain), plain)

    def _all(self) -> Iterator[NullTranslations]:
        if self._read is None:
            self._read = {}  # first, for asking plugins may need a message again
            self._read = self._plugins()
        read = self._read or {}
        if _now.plugin in read:
            yield read[_now.plugin]
        yield from read.values()


def asked(arguments: Sequence[str], option: str) -> str:
    """Return what an option says in a command line that is not parsed yet, "" where it says nothing."""
    found = ""
    for place, word in enumerate(arguments):
        if word == "--":
            break
        if word == option and place + 1 < len(arguments):
            found = arguments[place + 1]
        elif word.startswith(f"{option}="):
            found = word.removeprefix(f"{option}=")
    return found


def known(name: str) -> str:
    """Return the language that a name such as zh_CN.UTF-8 or zh-Hans means, "" for one there is not."""
    code = name.replace("-", "_").partition(".")[0].partition("_")[0].lower()
    return code if code in LANGUAGES else ""


def of_locale(environ: Mapping[str, str]) -> str:
    """Return the language of the locale: of the first variable that is set, the first name that we know."""
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        names = [name for name in environ.get(variable, "").split(":") if name]
        if names:
            return next(filter(None, map(known, names)), "en")
    return "en"
