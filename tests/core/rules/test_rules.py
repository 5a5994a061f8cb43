"""Rules in TOML files: found, laid over each other, changed by settings, refused where they do not fit."""

from __future__ import annotations

import hashlib
import json
import os
import time
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import msgspec
import pytest

from cskit import rules
from cskit.app import App
from cskit.declarations import RuleKind
from cskit.errors import CskitError, PluginFailed, Usage
from cskit.terminal.options import Options
from cskit.testing import run


class Tier(msgspec.Struct, frozen=True):
    """One step of a ladder."""

    label: rules.Label
    least: int


class Ladder(msgspec.Struct, frozen=True):
    """A rule for these tests, with a bit of everything."""

    label: rules.Label
    by: Literal["amount", "count"] = "amount"
    share: Decimal = Decimal(0)
    tiers: list[Tier] = []
    limits: dict[str, Annotated[int, msgspec.Meta(ge=0)]] = {}
    strict: bool = False

    def __post_init__(self) -> None:
        """See that tiers rise."""
        if [tier.least for tier in self.tiers] != sorted(tier.least for tier in self.tiers):
            raise ValueError("tiers must rise")


GOOD = 'label = { en = "Volume", zh = "数量" }\n'


class Place:
    """A data folder and two plugins with rule files; `shop` declares the kind "ladders"."""

    def __init__(self, folder: Path, plugin: Any) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.data.mkdir(mode=0o700)
        self.kind = RuleKind("ladders", f"{__name__}:Ladder", "How customers are graded.")
        self.plugins = {
            "shop": plugin(
                rule_kinds=lambda: [self.kind],
                rule_files=lambda kind: [str(folder / "shop" / kind)],
            ),
            "zoo": plugin(rule_files=lambda kind: [str(folder / "zoo" / kind)]),
        }

    def write(self, where: str, name: str, text: str | bytes = GOOD) -> Path:
        """Put a rule file into a plugin's folder, or the department's ("data")."""
        place = self.data / "rules" if where == "data" else self.folder / where
        (place / "ladders").mkdir(parents=True, exist_ok=True)
        file = place / "ladders" / f"{name}.toml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def app(self) -> App:
        """Return an App that works here."""
        return App(Options(data=str(self.data)), installed=self.plugins)

    def load(self) -> Any:
        """Load the rules."""
        return rules.load(self.app(), "ladders")

    def refused(self) -> str:
        """Load rules that cannot be, and return all that is said, with short paths."""
        with pytest.raises(CskitError) as caught:
            self.load()
        return f"{caught.value.message}\n{caught.value.hint}".replace(f"{self.folder}/", "")


@pytest.fixture
def place(tmp_path: Path, plugin: Any) -> Place:
    """Return a place for rules."""
    return Place(tmp_path, plugin)


# --- finding and reading ------------------------------------------------------------------------------------


def test_rules_are_called_as_their_files(place: Place) -> None:
    """Files of plugins and of the department are one set; each knows its owner, path and SHA-256."""
    place.write("shop", "volume")
    place.write("zoo", "visits")
    path = place.write("data", "自定", "\ufeff" + GOOD.replace("\n", "\r\n"))
    found = place.load()
    assert [(name, rule.owner) for name, rule in found.items()] == [
        ("visits", "zoo"),
        ("volume", "shop"),
        ("自定", ""),
    ]
    own = found["自定"]
    assert (own.path, len(own.hash), own.value.label.zh) == (str(path), 64, "数量")
    assert found["volume"].hash == hashlib.sha256(GOOD.encode()).hexdigest()


def test_no_rules_are_none(place: Place) -> None:
    """A kind without any file is empty, whether the folders are there or not."""
    assert place.load() == {}


def test_a_single_file_can_be_given(place: Place, plugin: Any) -> None:
    """A plugin may name files; one that is not there is said, a relative path as well."""
    file = place.write("zoo", "visits")
    place.plugins["zoo"] = plugin(rule_files=lambda kind: [str(file)])
    assert list(place.load()) == ["visits"]
    place.plugins["zoo"] = plugin(rule_files=lambda kind: [str(file)[:-5] + "x.toml", "rules", 5])
    assert place.refused().splitlines()[:3] == [
        "plugin zoo: zoo/ladders/visitsx.toml: it cannot be read: No such file or directory",
        "rules: the plugin names it by a path that is not absolute",
        "cskit_rule_files: 5 is no path as text",
    ]


@pytest.mark.parametrize("hook", [lambda kind: 1 / 0, lambda kind: (1 / 0 for _one in "a"), lambda kind: 5])
def test_a_plugin_that_fails_to_name_its_rules(place: Place, plugin: Any, hook: Any) -> None:
    """Rules that might be missing are not left out in silence: exit code 6."""
    place.plugins["zoo"] = plugin(rule_files=hook)
    with pytest.raises(PluginFailed, match="plugin zoo failed in cskit_rule_files: "):
        place.load()


def test_a_kind_nobody_reads(place: Place, plugin: Any) -> None:
    """A misspelt kind is not found; one that two plugins declare is nobody's, and both are named."""
    done = run("plugins rules list laders", data=place.data, plugins=place.plugins)
    assert (done.exit_code, done.stderr) == (
        3,
        "cskit: no plugin has rules of the kind 'laders'\ndid you mean 'ladders'?\n",
    )
    place.plugins["zoo"] = plugin(rule_kinds=lambda: [place.kind])
    done = run("plugins rules list ladders", data=place.data, plugins=place.plugins)
    assert done.exit_code == 6
    assert "plugins shop and zoo declare the same kind of rules 'ladders'" in done.stderr


# --- laying over --------------------------------------------------------------------------------------------

SAME = 'has a rule of this name; say replaces = "volume" to take its place, or rename this file'


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"data/volume": "volume"}, {"volume": ""}, id="department"),
        pytest.param({"zoo/volume": "volume"}, {"volume": "zoo"}, id="plugin"),
        pytest.param({"data/ours": "volume"}, {"ours": ""}, id="other-name"),
        pytest.param({"zoo/volume": "volume", "data/volume": "volume"}, {"volume": ""}, id="both"),
        pytest.param({"zoo/fine": "volume", "data/ours": "fine"}, {"ours": ""}, id="chain"),
        pytest.param(
            {"data/volume": ""}, f"data/rules/ladders/volume.toml: plugin shop ({{}}) {SAME}", id="no-word"
        ),
        pytest.param(
            {"zoo/volume": ""},
            f"plugin zoo: zoo/ladders/volume.toml: plugin shop ({{}}) {SAME}",
            id="plugins",
        ),
        pytest.param(
            {"data/a": "volume", "data/b": "volume"},
            "data/rules/ladders/b.toml: replaces: "
            "data/rules/ladders/a.toml replaces 'volume' as well; only one can",
            id="two",
        ),
        pytest.param(
            {"data/a": "volum"},
            "data/rules/ladders/a.toml: replaces: there is no rule 'volum'; did you mean 'volume'?",
            id="typo",
        ),
        pytest.param(
            {"data/a": "xyz"},
            "data/rules/ladders/a.toml: replaces: there is no rule 'xyz' to replace",
            id="absent",
        ),
        pytest.param(
            {"data/a": "", "data/b": "a"},
            "data/rules/ladders/b.toml: replaces: there is no rule 'a' to replace",
            id="own",
        ),
        pytest.param(
            {"shop/b": "volume"},
            "plugin shop: shop/ladders/b.toml: replaces: there is no rule 'volume' to replace",
            id="plugins-own",
        ),
    ],
)
def test_replacing(place: Place, files: dict[str, str], expected: Any) -> None:
    """Of two rules with one name, one must say that it replaces the other; a department's over a plugin's."""
    place.write("shop", "volume")
    for path, replaces in files.items():
        where, name = path.split("/")
        place.write(where, name, (f'replaces = "{replaces}"\n' if replaces else "") + GOOD)
    if isinstance(expected, dict):
        assert {name: rule.owner for name, rule in place.load().items()} == expected
    else:
        assert place.refused().splitlines()[0] == expected.format("shop/ladders/volume.toml")


# --- changing numbers ---------------------------------------------------------------------------------------

NUMBERS = GOOD + "share = 0.25\nby = 'count'\nstrict = true\n[limits]\ngold = 100\n"


def test_settings_change_numbers(place: Place) -> None:
    """[rules.KIND.NAME] of cskit.toml puts numbers in the place of those of the file, and both are known."""
    place.write("shop", "volume", NUMBERS)
    (place.data / "cskit.toml").write_text("[rules.ladders.volume]\nshare = 0.3\nlimits.gold = 120\n")
    rule = place.load()["volume"]
    assert (rule.value.share, rule.value.limits) == (Decimal("0.3"), {"gold": 120})
    assert rule.changed == {"share": (Decimal("0.25"), Decimal("0.3")), "limits.gold": (100, 120)}
    done = run("plugins rules show ladders volume --origin -o jsonl", data=place.data, plugins=place.plugins)
    assert done.stdout.splitlines()[2:] == [
        '{"key":"share","value":"0.3","origin":"cskit.toml","instead":"0.25"}',
        '{"key":"by","value":"count","origin":"plugin shop"}',
        '{"key":"strict","value":"true","origin":"plugin shop"}',
        '{"key":"limits.gold","value":"120","origin":"cskit.toml","instead":"100"}',
    ]


class Choosing(Ladder, frozen=True):
    """A ladder of which settings may change a text as well."""

    SETTINGS_CHANGE: ClassVar[tuple[str, ...]] = ("by", "steps.*.unit")
    steps: dict[str, dict[str, str]] = {}


def test_settings_change_texts_that_the_kind_names(place: Place) -> None:
    """A kind may let settings change some texts, by key paths; it must still fit, and other texts stay."""
    place.kind = RuleKind("ladders", f"{__name__}:Choosing", "How customers are graded.")
    place.write("shop", "volume", NUMBERS + "[steps.first]\nunit = 'kg'\nname = 'x'\n")
    settings = place.data / "cskit.toml"
    settings.write_text("[rules.ladders.volume]\nby = 'amount'\nsteps.first.unit = 't'\n")
    rule = place.load()["volume"]
    assert (rule.value.by, rule.value.steps["first"]["unit"]) == ("amount", "t")
    assert rule.changed == {"by": ("count", "amount"), "steps.first.unit": ("kg", "t")}
    settings.write_text("[rules.ladders.volume]\nby = 'weight'\n")
    assert place.refused().startswith("data/cskit.toml: rules.ladders.volume.by: 'weight' is not one of")
    settings.write_text("[rules.ladders.volume]\nsteps.first.name = 'y'\n")
    assert "steps.first.name: settings change numbers only" in place.refused()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("shar = 1", "shar: the rule has no 'shar'; did you mean 'share'?"),
        ("by = 'amount'", "by: settings change numbers only: share, limits.gold"),
        ("strict = false", "strict: settings change numbers only: share, limits.gold"),
        ("limits.gold = 1.5", "limits.gold: expected a whole number, as in the rule's file"),
        ("limits.gold = -1", "limits.gold: expected a number >= 0"),
        ("share = 'x'", "share: expected a number, as in the rule's file"),
        ("share = nan", "share: expected a number, not NaN"),
        ("limits = 5", "limits: settings change numbers only: share, limits.gold"),
        ("limits.silver = 5", "limits.silver: the rule has no 'silver'"),
    ],
)
def test_settings_that_cannot_be(place: Place, line: str, said: str) -> None:
    """Only numbers the file states can be changed, to numbers that fit; the settings' key is named."""
    place.write("shop", "volume", NUMBERS)
    (place.data / "cskit.toml").write_text(f"[rules.ladders.volume]\n{line}\n")
    assert place.refused().splitlines()[0] == f"data/cskit.toml: rules.ladders.volume.{said}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[rules.ladders.volum]", "rules.ladders.volum: there is no 'volum'; did you mean 'volume'?"),
        ("[rules.lader.volume]", "rules.lader: there is no 'lader'; did you mean 'ladders'?"),
        (
            "[rules.ladders]\nvolume = 5",
            "rules.ladders is {'volume': 5}; expected a table, [rules.ladders.RULE]",
        ),
        ("rules = 5", "rules is 5; expected a table, [rules.KIND.RULE]"),
    ],
)
def test_settings_for_what_is_not_there(place: Place, text: str, said: str) -> None:
    """A misspelt kind or rule in the settings is an error, not silence."""
    place.write("shop", "volume", NUMBERS)
    (place.data / "cskit.toml").write_text(text)
    assert place.refused().splitlines()[0] == f"data/cskit.toml: {said}"


def test_settings_of_a_plugin_that_is_not_there(place: Place) -> None:
    """Numbers for rules of a plugin that is gone, or blocked today, stop nobody; the list names them."""
    place.write("shop", "volume", NUMBERS)
    (place.data / "cskit.toml").write_text("[rules.tea-houses.big]\nseats = 9\n")
    assert list(place.load()) == ["volume"]
    done = run("plugins rules list -o jsonl --fields kind,note", data=place.data, plugins=place.plugins)
    assert done.stdout.splitlines()[-1] == '{"kind":"tea-houses","note":"no plugin has rules of this kind"}'
    (place.data / "cskit.toml").write_text("[rules.lader.big]\nseats = 9\n")
    done = run(
        "plugins rules show ladders volume",
        data=place.data,
        plugins=place.plugins,
        env={"CSKIT_DISABLE_PLUGINS": "zoo"},
    )
    assert (done.exit_code, done.stderr) == (0, "")


# --- what does not fit --------------------------------------------------------------------------------------


def test_everything_wrong_is_said_at_once(place: Place) -> None:
    """Each fault names file and key path; a list counts from 1."""
    text = (
        'lable = "x"\nby = "amuont"\nshare = inf\nstrict = "yes"\nlimits = { gold = -1, silver = "x" }\n'
        "tiers = [{ label = { en = 'A' }, least = 1.5 }, 7]\n"
    )
    place.write("data", "volume", text)
    done = run("plugins rules list ladders -o json", data=place.data, plugins=place.plugins)
    assert json.loads(done.stdout)[0]["note"].split("; ") == [
        "lable: there is no such key",
        "did you mean 'label'?",
        "label: is missing",
        "by: 'amuont' is not one of the choices",
        "did you mean 'amount'?",
        "share: expected a number, not Infinity",
        "tiers[1].label.zh: is missing",
        "tiers[1].least: expected a whole number, not 1.5",
        "tiers[2]: expected a table of keys and values, not 7",
        "limits.gold: expected a number >= 0",
        "limits.silver: expected a whole number, not 'x'",
        "strict: expected true or false, not 'yes'",
    ]
    said = place.refused().splitlines()
    assert said[0] == "data/rules/ladders/volume.toml: lable: there is no such key; did you mean 'label'?"
    assert said[-2:] == ["and 4 more faults", "`cskit plugins rules list ladders` shows every fault"]
    with pytest.raises(Usage):
        place.load()


def test_a_rule_of_several_values(place: Place) -> None:
    """What the model checks over several values is said as the file's own fault."""
    tiers = "".join(f"[[tiers]]\nlabel = {{ en = 'A', zh = '甲' }}\nleast = {least}\n" for least in (5, 3))
    place.write("shop", "volume", GOOD + tiers)
    assert place.refused().splitlines()[0] == "plugin shop: shop/ladders/volume.toml: tiers must rise"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"a = [1,\n\nb", ":3 is not TOML: Invalid value"),
        (b"a = 1\na = 2", " is not TOML: Cannot overwrite a value (at end of document)"),
        (b"a = '\xff'", " is not UTF-8 text (byte 6)"),
        (b"#" * 1_000_001, " is larger than 1 MB"),
        (b"a = " + b"[" * 100_000, " is not TOML that a person wrote: it nests too deep"),
        (b"a = " + b"[" * 40 + b"]" * 40, " is not TOML that a person wrote: it nests too deep"),
        (b".".join([b"a"] * 100_000) + b" = 1", " is not TOML that a person wrote: it nests too deep"),
        (
            b"b = { " + b" . ".join([b'"a"'] * 100_000) + b" = 1 }",
            " is not TOML that a person wrote: it nests too deep",
        ),
        (b"replaces = 5", ": replaces: expected the name of a rule"),
    ],
    ids=["syntax", "twice", "bytes", "large", "deep", "nested", "dotted", "quoted", "replaces"],
)
def test_files_that_cannot_be_read(place: Place, text: bytes, said: str) -> None:
    """What is no TOML, or was made to exhaust the reader, is named with its line, soon."""
    place.write("data", "volume", text)
    begun = time.monotonic()
    assert place.refused().splitlines()[0] == f"data/rules/ladders/volume.toml{said}"
    assert time.monotonic() - begun < 5


def test_a_model_that_is_none(place: Place) -> None:
    """A plugin whose model is not there, or no Struct, is named."""
    place.kind = RuleKind("ladders", "no_such_module:Ladder", "x")
    assert "plugin shop cannot give the form of its rules ladders: ModuleNotFoundError" in place.refused()
    place.kind = RuleKind("ladders", "json:loads", "x")
    assert "plugin shop: the form of its rules ladders, json:loads, is no msgspec Struct" in place.refused()


# --- whose files they are -----------------------------------------------------------------------------------

NASTY = [
    "a b",
    "-rf",
    "..",
    "a.b",
    "a;b",
    "$(x)",
    "a\nb",
    "a\x1b[31mb",
    "x" * 65,
    "a'b",
    "~",
    "*",
    "\u202eabc",
]


@pytest.mark.parametrize("name", NASTY, ids=ascii)
def test_nasty_names(place: Place, name: str) -> None:
    """A file whose name is no plain word is not a rule; the message is one harmless line."""
    place.write("data", name)
    if name == "..":  # "...toml", which is hidden
        assert place.load() == {}
        return
    done = run("plugins rules show ladders volume", data=place.data, plugins=place.plugins)
    assert done.exit_code == 2
    assert "a rule is called by letters, digits, - and _, 64 at most" in done.stderr
    assert "\x1b" not in done.stderr
    assert len(done.stderr.splitlines()) == 2


@pytest.mark.parametrize("name", [".volume", "volume.toml~", "#volume.toml#", "README.md"])
def test_what_lies_beside_is_passed_over(place: Place, name: str) -> None:
    """Hidden files, an editor's copies and other texts are not rules."""
    place.write("data", "volume").rename(place.data / "rules" / "ladders" / name)
    assert place.load() == {}


posix = pytest.mark.skipif(os.name != "posix", reason="permission bits and links are POSIX's")


@posix
@pytest.mark.parametrize("open_", ["volume.toml", ".", ".."])
def test_files_that_others_can_write(place: Place, open_: str) -> None:
    """In a folder that others get into, a rule that they could have written is not loaded, and is named."""
    place.data.chmod(0o755)
    file = place.write("data", "volume")
    for path in (file, file.parent, file.parent.parent):
        path.chmod(0o644 if path == file else 0o755)
    assert list(place.load()) == ["volume"]
    (file.parent / open_).chmod(0o664 if open_ == "volume.toml" else 0o775)
    assert "can be written by others" in place.refused().splitlines()[0]
    place.data.chmod(0o700)  # where nobody else gets in at all, a umask of 002 does no harm
    assert list(place.load()) == ["volume"]


@posix
@pytest.mark.parametrize("what", ["volume.toml", ".", ".."])
def test_files_of_another_user(place: Place, what: str) -> None:
    """A rule file, or its folder, that belongs to somebody else is not loaded, whatever its mode."""
    if os.getuid() != 0:
        pytest.skip("only root can give files away")
    file = place.write("data", "volume")
    os.chown(file.parent / what, 12345, -1)
    assert "belongs to another user" in place.refused().splitlines()[0]


@posix
def test_files_of_a_plugin_that_everybody_can_write(place: Place) -> None:
    """A plugin's rule file must at least not be everybody's; its folder may belong to who installed it."""
    file = place.write("shop", "volume")
    file.chmod(0o664)
    assert list(place.load()) == ["volume"]
    file.chmod(0o666)
    assert "can be written by others" in place.refused()


@posix
@pytest.mark.parametrize("what", ["file", "kind", "rules"])
def test_links_that_lead_out(place: Place, what: str) -> None:
    """A link from the rules to somewhere else is refused; one inside the data folder is followed."""
    outside = place.folder / "outside"
    (outside / "ladders").mkdir(parents=True)
    (outside / "ladders" / "volume.toml").write_text(GOOD)
    inside = place.data / "rules"
    if what == "file":
        (inside / "ladders").mkdir(parents=True)
        (inside / "ladders" / "volume.toml").symlink_to(outside / "ladders" / "volume.toml")
    elif what == "kind":
        inside.mkdir()
        (inside / "ladders").symlink_to(outside / "ladders")
    else:
        inside.symlink_to(outside)
    assert "it is a link that leads out of data" in place.refused().splitlines()[0]
    outside.rename(place.data / "outside")
    (place.folder / "outside").symlink_to(place.data / "outside")
    assert list(place.load()) == ["volume"]


@posix
def test_what_is_no_file(place: Place) -> None:
    """A pipe or a folder with a rule's name is named, and not waited for."""
    os.mkfifo(place.write("data", "volume").with_name("pipe.toml"))
    assert place.refused().splitlines()[0] == "data/rules/ladders/pipe.toml: it is no regular file"


def test_too_many_files(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that holds more files than a department writes is refused."""
    monkeypatch.setattr("cskit.rules.files.MOST", 2)
    for name in "abc":
        place.write("data", name)
    assert place.refused().splitlines()[0] == "data/rules/ladders: it holds over 2 rule files"


# --- the commands -------------------------------------------------------------------------------------------


def test_the_list(place: Place) -> None:
    """Each rule with its owner, what it replaces and its hash; a folder of a kind nobody reads is named."""
    place.write("shop", "volume", NUMBERS)
    place.write("data", "volume", 'replaces = "volume"\n' + NUMBERS)
    (place.data / "rules" / "lader").mkdir()
    done = run(
        "plugins rules list -o jsonl --fields kind,name,origin,replaces,note",
        data=place.data,
        plugins=place.plugins,
    )
    assert (done.exit_code, done.stderr) == (0, "")
    own, rest = (done.stdout.splitlines()[part] for part in (slice(0, -2), slice(-2, None)))
    assert {json.loads(line)["origin"] for line in own} == {"cskit"}  # the core's own calendars
    assert rest == [
        '{"kind":"ladders","name":"volume","origin":"department","replaces":"volume of plugin shop"}',
        '{"kind":"lader","note":"no plugin has rules of this kind; did you mean \'ladders\'?"}',
    ]


def test_the_table(place: Place) -> None:
    """A table has what fits a screen; what is wrong is said on stderr, a fault a line."""
    place.write("shop", "volume", NUMBERS)
    place.write("data", "ours", 'replaces = "volume"\nby = "x"\n' + GOOD)
    place.write("data", "broken", "=")
    (place.data / "cskit.toml").write_text("[rules.ladders.ours]\n")
    done = run("plugins rules list ladders", data=place.data, plugins=place.plugins)
    assert done.exit_code == 0
    assert [line.split() for line in done.stdout.splitlines()] == [
        ["Kind", "Rule", "From", "Replaces", "Changed"],
        ["-" * 7, "-" * 6, "-" * 10, "-" * 21, "-" * 9],
        ["ladders", "ours", "department", "volume", "of", "plugin", "shop"],
    ]
    assert done.stderr.replace(f"{place.data}/", "").splitlines() == [
        "cskit: rules/ladders/broken.toml:1 is not TOML: Invalid statement",
        "cskit: rules/ladders/ours.toml: by: 'x' is not one of amount, count",
    ]


def test_the_list_of_nothing(place: Place) -> None:
    """Without rules of a kind the list says what they would decide."""
    said = "there are no rules yet:\n  ladders: How customers are graded.\n"
    assert run("plugins rules list ladders", data=place.data, plugins=place.plugins) == (0, "", said)


def test_a_rule_that_is_not_there(place: Place) -> None:
    """Showing a rule by a misspelt name is not found, with the nearest."""
    place.write("shop", "volume")
    assert run("plugins rules show ladders volum", data=place.data, plugins=place.plugins) == (
        3,
        "",
        "cskit: there is no rule 'volum' of the kind ladders\ndid you mean 'volume'?\n",
    )


def test_labels_speak_the_users_language() -> None:
    """A label is the text of the user's language."""
    from cskit import i18n

    label = rules.Label("Filter", "滤芯")
    try:
        i18n.use("zh")
        assert str(label) == "滤芯"
    finally:
        i18n.use("en")
    assert str(label) == "Filter"
