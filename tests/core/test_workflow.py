"""State machines as data: what a verb leads to, what is refused, and how the table is shown."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cskit import i18n
from cskit.errors import Refused
from cskit.workflow import BACK, Move, State, Workflow

FLOW = Workflow(
    "loan",
    "借用",
    (
        State("asked", "asked for", "已申请", first=True),
        State("lent", "lent", "已借出"),
        State("waits", "waiting", "等待"),
        State("back", "back", "已归还", open=False),
    ),
    (
        Move("lend", ("asked",), "lent", "lend", "借出"),
        Move("wait", ("asked", "lent"), "waits", "wait", "等待"),
        Move("go-on", ("waits",), BACK, "go on", "继续"),
        Move("return", ("lent",), "back", "return", "归还", lambda thing: "" if thing else "it is broken"),
    ),
)


@pytest.mark.parametrize(
    ("verb", "state", "target"),
    [("lend", "asked", "lent"), ("wait", "lent", "waits"), ("return", "lent", "back")],
)
def test_a_verb_leads_on(verb: str, state: str, target: str) -> None:
    """The table says where a verb leads."""
    assert FLOW.after(verb, state, thing=True) == target


def test_back_is_where_it_came_from() -> None:
    """A move back leads to the state before, which the caller knows."""
    assert FLOW.after("go-on", "waits", back="lent") == "lent"


def test_a_refusal_names_what_could_be_done() -> None:
    """A verb that the table does not have is refused with those it could take."""
    with pytest.raises(Refused) as refused:
        FLOW.after("return", "asked", id="L-7")
    assert refused.value.message == "loan L-7 is asked for, so it cannot be done: return"
    assert refused.value.hint == "it could take: lend, wait (`cskit loan flow` shows the whole table)"


def test_nothing_leads_on() -> None:
    """At an end the refusal says so."""
    with pytest.raises(Refused) as refused:
        FLOW.after("lend", "back", id="L-7")
    assert refused.value.hint.startswith("nothing leads on from here")


def test_a_guard_says_why() -> None:
    """A guard's reason is the refusal."""
    with pytest.raises(Refused, match="loan L-7, return: it is broken"):
        FLOW.after("return", "lent", thing=False, id="L-7")


def test_the_table() -> None:
    """The table has a line for every state and what can be done in it."""
    rows = [(row.source.name, row.move.verb, row.target and row.target.name) for row in FLOW.rows()]
    assert rows == [
        ("asked", "lend", "lent"),
        ("asked", "wait", "waits"),
        ("lent", "wait", "waits"),
        ("lent", "return", "back"),
        ("waits", "go-on", None),
    ]


def test_as_a_diagram() -> None:
    """The diagram names every state in the user's language; back leads wherever it may have come from."""
    assert FLOW.mermaid() == (
        "stateDiagram-v2\n"
        "    asked: asked for\n    lent: lent\n    waits: waiting\n    back: back\n"
        "    [*] --> asked\n"
        "    asked --> lent: lend\n    asked --> waits: wait\n"
        "    lent --> waits: wait\n    lent --> back: return\n"
        "    waits --> asked: go on\n    waits --> lent: go on\n"
        "    back --> [*]\n"
    )
    i18n.use("zh")
    try:
        assert "    lent: 已借出\n" in FLOW.mermaid()
    finally:
        i18n.use("en")


@pytest.mark.parametrize(
    ("states", "moves", "fault"),
    [
        ((State("a", "a", "a"),), (), "one state must be the first, not none"),
        (
            (State("a", "a", "a", first=True, open=False),) * 2,
            (),
            "two states are called a",
        ),
        (
            (State("a", "a", "a", first=True),),
            (Move("go", ("a",), "b"),),
            "go knows a state b that there is not",
        ),
        (
            (State("a", "a", "a", first=True), State("b", "b", "b", open=False)),
            (Move("go", ("a",), "b"), Move("go", ("a",), "a")),
            "go leads from a to more than one state",
        ),
        (
            (State("a", "a", "a", first=True, open=False), State("b", "b", "b", open=False)),
            (),
            "nothing leads to b",
        ),
        ((State("a", "a", "a", first=True),), (), "nothing leads on from a, which is open"),
    ],
    ids=["no-first", "twice", "unknown", "ambiguous", "unreached", "open-end"],
)
def test_what_is_wrong_with_a_table(states: tuple[State, ...], moves: tuple[Move, ...], fault: str) -> None:
    """A table that cannot be right is told as such."""
    assert fault in " / ".join(Workflow("thing", "物", states, moves).faults())


def test_a_sound_table() -> None:
    """Of a table that is right nothing is said."""
    assert FLOW.faults() == []


NAMES = ("a", "b", "c", "d")
FLOWS = st.builds(
    lambda moves: Workflow(
        "thing",
        "物",
        tuple(State(name, name, name, first=name == "a", open=name != "d") for name in NAMES),
        tuple(Move(verb, (source,), target) for (verb, source), target in moves.items()),
    ),
    st.dictionaries(
        st.tuples(st.sampled_from(("x", "y", "z")), st.sampled_from(NAMES)), st.sampled_from(NAMES)
    ),
)


@given(FLOWS, st.sampled_from(("x", "y", "z")), st.sampled_from(NAMES))
def test_only_what_the_table_has(flow: Workflow, verb: str, state: str) -> None:
    """A verb leads to a state exactly where the table has it; else it is refused with those it has."""
    if verb in flow.verbs(state):
        assert flow.after(verb, state) in NAMES
    else:
        with pytest.raises(Refused) as refused:
            flow.after(verb, state)
        assert all(other in refused.value.hint for other in flow.verbs(state))


@given(FLOWS)
def test_the_diagram_has_every_line(flow: Workflow) -> None:
    """As many arrows as the table has lines, an entry, and one out of each end."""
    arrows = re.findall("-->", flow.mermaid())
    assert len(arrows) == len(list(flow.rows())) + 2
