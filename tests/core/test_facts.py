"""Facts: asked by name, from the plugin that declared them, checked, and shown."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest

from cskit.app import App
from cskit.config.settings import Settings
from cskit.declarations import FactSpec, Period
from cskit.errors import NotFound, PluginFailed, Refused, Usage
from cskit.facts import about, parse_period
from cskit.testing import run

SPECS = (
    FactSpec("orders.count", "customer", "integer", "How many orders.", "orders", "period"),
    FactSpec("orders.amount", "customer", "decimal", "Sum of amounts.", "CNY", "period"),
    FactSpec("customer.grade", "customer", "text", "The grade."),
    FactSpec("customer.since", "customer", "date", "Since when."),
    FactSpec("customer.fan", "customer", "boolean", "A fan?"),
    FactSpec("orders.count", "staff", "integer", "How many orders taken."),
)
ANSWER = {
    "orders.count": {"C-1": 3, "C-2": 0},
    "orders.amount": {"C-1": Decimal("12.50"), "C-2": 0},
    "customer.grade": {"C-1": "A"},
    "customer.since": {"C-1": dt.date(2026, 1, 2)},
    "customer.fan": {"C-1": True, "C-2": False},
}
DAY = dt.date


@pytest.fixture
def asked():
    """Collect what the plugin is asked."""
    return []


@pytest.fixture
def installed(plugin, asked):
    """Return a plugin that answers from `ANSWER`."""

    def facts(kind, names, ids, now, period, scope):
        asked.append((kind, tuple(names), tuple(ids), now, period, dict(scope)))
        return {name: {one: v for one, v in ANSWER[name].items() if one in ids} for name in names}

    return {"register": plugin(fact_specs=lambda: SPECS, facts=facts)}


def answering(plugin, answer, names=("orders.count", "orders.amount")) -> App:
    """Return an App whose plugin answers `answer`, whatever it is asked."""
    specs = [spec for spec in SPECS if spec.about == "customer"]
    made = plugin(fact_specs=lambda: specs, facts=lambda: answer() if callable(answer) else answer)
    return App(settings=Settings(), installed={"register": made})


# --- asking -------------------------------------------------------------------------------------------------


def test_ask_once_for_all(installed, asked):
    """A plugin is asked once, for the names that are its own, each id and name once."""
    app = App(settings=Settings(), installed=installed)
    names = ["orders.amount", "orders.count", "orders.amount"]
    found = app.facts("customer", names, ["C-2", "C-1", "C-2"], scope={"product": "CD"})
    assert found == {
        "orders.amount": {"C-1": Decimal("12.50"), "C-2": Decimal(0)},
        "orders.count": {"C-1": 3, "C-2": 0},
    }
    assert isinstance(found["orders.amount"]["C-2"], Decimal)
    assert asked == [
        (
            "customer",
            ("orders.amount", "orders.count"),
            ("C-2", "C-1"),
            app.now,
            Period(),
            {"product": "CD"},
        )
    ]


def test_each_plugin_gets_its_own(installed, asked, plugin):
    """Names of two plugins go to the two; a third is not asked."""
    spec = FactSpec("acme.machines", "customer", "integer", "How many.")
    installed |= {
        "acme": plugin(fact_specs=lambda: [spec], facts=lambda names: {name: {"C-1": 2} for name in names}),
        "never": plugin(fact_specs=lambda: [], facts=lambda: 1 / 0),
    }
    app = App(settings=Settings(), installed=installed)
    found = app.facts("customer", ["acme.machines", "orders.count"], ["C-1"])
    assert found == {"acme.machines": {"C-1": 2}, "orders.count": {"C-1": 3}}
    assert [each[1] for each in asked] == [("orders.count",)]


def test_unknown_is_absent(installed):
    """What is not known has no value; a fact nobody knows anything of is there and empty."""
    app = App(settings=Settings(), installed=installed)
    assert app.facts("customer", ["customer.grade"], ["C-2"]) == {"customer.grade": {}}


FAMILY = FactSpec("mark.*", "customer", "text", "The mark in a subject.", "marks")


def marks(names, ids):
    """Answer two members of the family `mark.*`."""
    known = {"mark.art": {"C-1": "good"}, "mark.music": {"C-1": "fair", "C-2": "good"}}
    wanted = known if "mark.*" in names else [name for name in names if name in known]
    return {name: {one: v for one, v in known[name].items() if one in ids} for name in wanted}


def test_a_family_of_facts(plugin):
    """A member is asked for by its own name, all of them by the family's; a strange one is simply unknown."""
    app = App(settings=Settings(), installed={"marks": plugin(fact_specs=lambda: [FAMILY], facts=marks)})
    assert app.facts("customer", ["mark.music"], ["C-2"]) == {"mark.music": {"C-2": "good"}}
    assert app.facts("customer", ["mark.*"], ["C-1"]) == {
        "mark.art": {"C-1": "good"},
        "mark.music": {"C-1": "fair"},
    }
    assert app.facts("customer", ["mark.sports"], ["C-1"]) == {"mark.sports": {}}
    with pytest.raises(NotFound):
        app.facts("customer", ["mark.music.deep"], ["C-1"])


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ({"mark.music": {"C-1": 3}}, "fact mark.music of C-1: 3 is not of the type text"),
        ({"mark.*": {"C-1": "good"}}, "answered the fact 'mark.*', which it was not asked for"),
        ({"orders.count": {}}, "answered the fact 'orders.count', which it was not asked for"),
    ],
    ids=["type", "family-itself", "stranger"],
)
def test_wrong_members(plugin, answer, fault):
    """What a family's plugin answers is held to what it declared of all members."""
    made = plugin(fact_specs=lambda: [FAMILY], facts=lambda: answer)
    with pytest.raises(PluginFailed, match=re.escape(fault)):
        App(settings=Settings(), installed={"marks": made}).facts("customer", ["mark.*"], ["C-1"])


def test_members_are_shown_with_their_familys_unit(plugin, tmp_path):
    """`fact show` shows the members, `fact list` the family."""
    installed = {"marks": plugin(fact_specs=lambda: [FAMILY], facts=marks)}
    shown = run("fact show customer C-1", data=tmp_path, plugins=installed).stdout
    assert [line.split() for line in shown.splitlines()[2:]] == [
        ["C-1", "mark.art", "good", "marks"],
        ["C-1", "mark.music", "fair", "marks"],
    ]
    assert "mark.*" in run("fact list --about customer -o csv", plugins=installed).stdout


def test_facts_lead_to_their_records(plugin, tmp_path):
    """With --ids the records behind what is known; a plugin that names none, or an old one, is shown none."""

    def facts(names, ids, evidence):
        assert (evidence is None) == (not looking)
        if looking:
            evidence.note("orders.count", "C-1", "customer order", ["O-1", "O-2"], hits=1)
            evidence.note("orders.count", "C-2", "customer order", [])
        return {name: {one: v for one, v in ANSWER[name].items() if one in ids} for name in names}

    installed = {"register": plugin(fact_specs=lambda: SPECS, facts=facts)}
    asked = "fact show customer C-1 C-2 --names orders.count,customer.grade"
    looking = False
    assert run(f"{asked} -o csv", data=tmp_path, plugins=installed).stdout == (
        "id,orders.count,customer.grade\nC-1,3,A\nC-2,0,\n"
    )
    looking = True
    done = run(f"{asked} --ids -o csv", data=tmp_path, plugins=installed)
    assert done == (
        0,
        "id,fact,about,record\nC-1,orders.count,customer order,O-1\nC-1,orders.count,customer order,O-2\n",
        "",
    )


def test_no_answer_is_nothing_known(plugin):
    """A plugin that answers nothing knows nothing."""
    assert answering(plugin, None).facts("customer", ["orders.count"], ["C-1"]) == {"orders.count": {}}


@pytest.mark.parametrize(
    ("kind", "name", "message", "hint"),
    [
        (
            "customer",
            "orders.cuont",
            "there is no fact 'orders.cuont' about a customer",
            "did you mean orders.count?",
        ),
        ("customer", "x.y", "there is no fact 'x.y' about a customer", "`cskit fact list` names them all"),
        (
            "staff",
            "customer.fan",
            "there is no fact 'customer.fan' about a staff",
            "`cskit fact list` names them all",
        ),
    ],
    ids=["typo", "unknown", "other-kind"],
)
def test_unknown_fact(installed, kind, name, message, hint):
    """A fact that nobody declares about that kind is an error with what may have been meant."""
    with pytest.raises(NotFound) as caught:
        App(settings=Settings(), installed=installed).facts(kind, [name], ["C-1"])
    assert (caught.value.message, caught.value.hint) == (message, hint)


@pytest.mark.parametrize(
    ("env", "state"),
    [({"CSKIT_DISABLE_PLUGINS": "grade"}, "blocked"), ({}, "broken")],
    ids=["blocked", "broken"],
)
def test_fact_of_a_missing_plugin(installed, monkeypatch, env, state):
    """A fact of a plugin that is not at work fails naming the plugin: it must not look unknown."""
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    app = App(settings=Settings(), installed={**installed, "grade": "no_such_module"})
    with pytest.raises(PluginFailed, match=f"the fact grade.volume cannot be known: plugin grade is {state}"):
        app.facts("customer", ["grade.volume"], ["C-1"])


def test_fact_of_two_plugins(installed):
    """A fact that two plugins declare cannot be asked for; both are named."""
    two = App(
        settings=Settings(),
        installed={"a": _copy(installed["register"], "a"), "b": _copy(installed["register"], "b")},
    )
    with pytest.raises(
        PluginFailed, match=r"plugins a and b declare the same fact 'orders\.count of customer'"
    ):
        two.facts("customer", ["orders.count"], ["C-1"])


def _copy(module, name):
    other = type(module)(name)
    vars(other).update({key: value for key, value in vars(module).items() if key.startswith("cskit_")})
    return other


# --- checking -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ([1], "plugin register answered list instead of facts by name"),
        (
            {"customer.fan": {}},
            "plugin register answered the fact 'customer.fan', which it was not asked for",
        ),
        ({"orders.count": 3}, "plugin register, fact orders.count: expected values by id, not int"),
        ({"orders.count": {"C-9": 3}}, "plugin register, fact orders.count: nobody asked about 'C-9'"),
        (
            {"orders.amount": {"C-1": 12.5}},
            "plugin register, fact orders.amount of C-1: 12.5 is not of the type decimal",
        ),
        (
            {"orders.amount": {"C-1": Decimal("NaN")}},
            "plugin register, fact orders.amount of C-1: Decimal('NaN') is not of the type decimal",
        ),
        (
            {"orders.count": {"C-1": True}},
            "plugin register, fact orders.count of C-1: True is not of the type integer",
        ),
        (
            {"orders.count": {"C-1": None}},
            "plugin register, fact orders.count of C-1: None is not of the type integer",
        ),
    ],
    ids=["list", "undeclared", "flat", "other-id", "float", "nan", "bool", "none"],
)
def test_wrong_answers(plugin, answer, message):
    """An answer that is not what was declared fails, naming plugin, fact and thing."""
    with pytest.raises(PluginFailed) as caught:
        answering(plugin, answer).facts("customer", ["orders.count", "orders.amount"], ["C-1"])
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("customer.since", dt.datetime(2026, 1, 1, tzinfo=dt.UTC)),
        ("customer.since", "2026-01-01"),
        ("customer.fan", 1),
        ("customer.grade", 1),
    ],
    ids=["datetime", "text-date", "number-for-yes", "number-for-text"],
)
def test_wrong_types(plugin, name, value):
    """A value must be of the declared type, not of one that looks like it."""
    with pytest.raises(PluginFailed, match="is not of the type"):
        answering(plugin, {name: {"C-1": value}}).facts("customer", [name], ["C-1"])


def test_plugin_that_fails(plugin):
    """A plugin that fails must not make a fact look unknown: exit 6."""
    app = answering(plugin, lambda: 1 / 0)
    with pytest.raises(PluginFailed, match="plugin register failed in cskit_facts: ZeroDivisionError"):
        app.facts("customer", ["orders.count"], ["C-1"])


def test_refusal_passes(plugin):
    """A plugin may refuse, such as for a scope that it does not know."""

    def refuse():
        raise Usage("there is no scope 'colour'")

    with pytest.raises(Usage, match="there is no scope 'colour'"):
        answering(plugin, refuse).facts("customer", ["orders.count"], ["C-1"])
    assert not issubclass(Usage, Refused)


# --- kinds and periods --------------------------------------------------------------------------------------


def test_about(installed):
    """All facts about a kind can be named; an unknown kind is an error with a near miss."""
    app = App(settings=Settings(), installed=installed)
    assert about(app, "staff") == ["orders.count"]
    with pytest.raises(NotFound, match="there are no facts about 'custmer'") as caught:
        about(app, "custmer")
    assert caught.value.hint == "did you mean customer?"
    with pytest.raises(NotFound) as caught:
        about(app, "q")
    assert caught.value.hint == "there are facts about customer, staff"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", DAY(2026, 1, 1), DAY(2026, 12, 31)),
        ("2026-02", DAY(2026, 2, 1), DAY(2026, 2, 28)),
        ("2028-2", DAY(2028, 2, 1), DAY(2028, 2, 29)),
        ("2026-12", DAY(2026, 12, 1), DAY(2026, 12, 31)),
        ("2026-10-05", DAY(2026, 10, 5), DAY(2026, 10, 5)),
        ("2026-01..2026-03", DAY(2026, 1, 1), DAY(2026, 3, 31)),
        ("2026-01-15..2026-02-03", DAY(2026, 1, 15), DAY(2026, 2, 3)),
        ("2026..", DAY(2026, 1, 1), None),
        ("..2026-10", None, DAY(2026, 10, 31)),
        ("9999-12", DAY(9999, 12, 1), DAY(9999, 12, 31)),
        ("..", None, None),
    ],
)
def test_period(text, first, last):
    """A period is a year, a month, a day or two of them, both included."""
    assert parse_period(text) == Period(first, last)


@pytest.mark.parametrize(
    "text", ["", "26", "2026-13", "2026-02-30", "2026-10..x", "0000", "last", "2026-2025", "２０２６"]
)
def test_no_period(text):
    """What is no period is a usage error with an example."""
    with pytest.raises(Usage, match="--period ") as caught:
        parse_period(text)
    assert "2026-10" in caught.value.hint


def test_period_backwards():
    """A period cannot end before it begins."""
    with pytest.raises(Usage, match="it ends before it begins"):
        parse_period("2026-10..2026-09")


# --- cskit fact ---------------------------------------------------------------------------------------------


def test_fact_list(installed):
    """Facts are listed with what they mean and whose they are."""
    result = run("fact list --about staff -o jsonl", plugins=installed)
    assert result == (
        0,
        '{"name":"orders.count","about":"staff","type":"integer","span":"instant","plugin":"register",'
        '"meaning":"How many orders taken."}\n',
        "",
    )
    assert len(run("fact list -o jsonl", plugins=installed).stdout.splitlines()) == len(SPECS)
    assert run("fact list --fields name,plugin --about staff -o csv", plugins=installed).stdout.split() == [
        "name,plugin",
        "orders.count,register",
    ]


def test_fact_show_as_a_table(installed):
    """A table shows a line for each value that is known."""
    result = run("fact show customer C-1 C-2 --names orders.count,customer.since", plugins=installed)
    assert (result.exit_code, result.stderr) == (0, "")
    assert [line.split() for line in result.stdout.splitlines()[2:]] == [
        ["C-1", "orders.count", "3", "orders"],
        ["C-1", "customer.since", "2026-01-02"],
        ["C-2", "orders.count", "0", "orders"],
    ]


def test_fact_show_as_json(installed, asked):
    """JSON has an object for each thing; ids may come from a pipe, period and scope go to the plugin."""
    line = "fact show customer - --names orders.amount,customer.grade --period 2026-10 --scope product=CD"
    result = run(f"{line} -o jsonl", plugins=installed, input='C-1\n{"id":"C-2"}\nC-1\n')
    assert result.stdout.splitlines() == [
        '{"id":"C-1","orders.amount":12.50,"customer.grade":"A"}',
        '{"id":"C-2","orders.amount":0}',
    ]
    assert [each[2:] for each in asked] == [
        (("C-1", "C-2"), asked[0][3], Period(DAY(2026, 10, 1), DAY(2026, 10, 31)), {"product": "CD"})
    ]


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ("fact show custmer C-1", 3, "cskit: there are no facts about 'custmer'\ndid you mean customer?\n"),
        ("fact show customer C-1 --scope x", 2, "cskit: --scope x: expected key=value, such as product=CD\n"),
        ("fact list --fields nmae", 2, "cskit: --fields: there is no field 'nmae'\ndid you mean name?\n"),
    ],
    ids=["kind", "scope", "fields"],
)
def test_fact_errors(installed, line, code, message):
    """What is misspelt is said with what was expected."""
    assert run(line, plugins=installed) == (code, "", message)


def test_fact_show_needs_ids(installed):
    """Without ids there is nothing to show."""
    assert run("fact show customer", plugins=installed).exit_code == 2
