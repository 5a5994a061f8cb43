"""State machines as data: which states there are, and which verb leads from which to which.

    FLOW = Workflow("case", "受理单", STATES, (Move("close", ("replied",), "closed", "close", "结案"), …))
    FLOW.after("close", state="replied")      # "closed", or a refusal that names what could be done

A table is all there is to it, so that the code, `… flow` and the documentation say the same.
Must not import click.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from cskit.errors import Refused
from cskit.i18n import _, label
from cskit.nouns import joined, listed

BACK = "<back>"
"""Stands for the state a thing was in before it came to the present one."""


class State(NamedTuple):
    """A state as stored, with its titles; things begin in the `first`, and `open` ones are not done with."""

    name: str
    en: str
    zh: str
    first: bool = False
    open: bool = True

    def __str__(self) -> str:
        return label(self.en, self.zh)


class Move(NamedTuple):
    """A verb that leads from any of some states to another, or `BACK`.

    `guard` is given what `Workflow.after` is, and returns why it may not be done now, "" if it may.
    """

    verb: str
    sources: tuple[str, ...]
    target: str
    en: str = ""
    zh: str = ""
    guard: Callable[[Any], str] | None = None

    def __str__(self) -> str:
        return label(self.en, self.zh)


class Row(NamedTuple):
    """One line of a state machine's table: from which state a verb leads to which."""

    source: State
    move: Move
    target: State | None


class Workflow(NamedTuple):
    """A state machine; `noun` is what moves through it, as commands have it ("case"), `zh` in Chinese."""

    noun: str
    zh: str
    states: tuple[State, ...]
    moves: tuple[Move, ...]

    def state(self, name: str) -> State:
        """Return a state by name; raises `KeyError`."""
        return {state.name: state for state in self.states}[name]

    @property
    def first(self) -> str:
        """The state in which things begin."""
        return next(state.name for state in self.states if state.first)

    @property
    def open(self) -> tuple[str, ...]:
        """The states of what is still to be dealt with."""
        return tuple(state.name for state in self.states if state.open)

    def move(self, verb: str, state: str) -> Move | None:
        """Return the move that a verb makes from a state, None where there is none."""
        return next((move for move in self.moves if move.verb == verb and state in move.sources), None)

    def verbs(self, state: str) -> list[str]:
        """Return what can be done in a state."""
        return [move.verb for move in self.moves if state in move.sources]

    def after(self, verb: str, state: str, thing: Any = None, *, id: str = "", back: str = "") -> str:
        """Return the state that a verb leads to.

        `thing` is what guards look at, `id` what a refusal calls it, `back` the state before the present one.
        Raises `Refused` where the table has no such move, naming those it has, or where the guard says no.
        """
        move = self.move(verb, state)
        if move is None:
            raise Refused(
                _("{noun} {id} is {state}, so it cannot be done: {verb}").format(
                    noun=label(self.noun, self.zh), id=id, state=self.state(state), verb=verb
                ),
                self._ways(state),
            )
        why = move.guard(thing) if move.guard is not None else ""
        if why:
            said = _("{noun} {id}, {verb}: {why}")
            raise Refused(said.format(noun=label(self.noun, self.zh), id=id, verb=verb, why=why))
        return back if move.target == BACK else move.target

    def _ways(self, state: str) -> str:
        verbs = self.verbs(state)
        if not verbs:
            return _("nothing leads on from here; `cskit {noun} flow` shows the whole table").format(
                noun=self.noun
            )
        return _("it could take: {verbs} (`cskit {noun} flow` shows the whole table)").format(
            verbs=listed(verbs), noun=self.noun
        )

    # --- as people see it ---------------------------------------------------------------------------------

    def rows(self) -> Iterator[Row]:
        """Yield the table, state by state; a target of None is the state before."""
        known = {state.name: state for state in self.states}
        for state in self.states:
            for move in self.moves:
                if state.name in move.sources:
                    yield Row(state, move, known.get(move.target))

    def mermaid(self) -> str:
        """Return the table as a Mermaid state diagram in the user's language."""
        lines = ["stateDiagram-v2"]
        lines += [f"    {state.name}: {state}" for state in self.states]
        lines += [f"    [*] --> {self.first}"]
        for source, move, target in self.rows():
            ends = [target.name] if target else self._came_from(source.name)
            lines += [f"    {source.name} --> {end}: {move}" for end in ends]
        lines += [f"    {state.name} --> [*]" for state in self.states if not state.open]
        return "\n".join(lines) + "\n"

    def _came_from(self, state: str) -> Sequence[str]:
        """Return the states from which one can be entered, in the order they are listed."""
        sources = {source for move in self.moves if move.target == state for source in move.sources}
        return [one.name for one in self.states if one.name in sources]

    # --- is it sound --------------------------------------------------------------------------------------

    def faults(self) -> list[str]:
        """Return what is wrong with the table itself, in English, for tests and `cskit plugins check`."""
        names = [state.name for state in self.states]
        found = [f"two states are called {name}" for name in dict.fromkeys(names) if names.count(name) > 1]
        firsts = [state.name for state in self.states if state.first]
        if len(firsts) != 1:
            return [*found, f"one state must be the first, not {joined(firsts) or 'none'}"]
        for move in self.moves:
            used = {*move.sources, move.target} - {BACK} - set(names)
            found += [f"{move.verb} knows a state {name} that there is not" for name in sorted(used)]
        pairs = [(move.verb, source) for move in self.moves for source in move.sources]
        found += [
            f"{verb} leads from {source} to more than one state"
            for verb, source in dict.fromkeys(pairs)
            if pairs.count((verb, source)) > 1
        ]
        if not found:
            found += [f"nothing leads to {name}" for name in names if name not in self._reached()]
            open_ends = [state.name for state in self.states if state.open and not self.verbs(state.name)]
            found += [f"nothing leads on from {name}, which is open" for name in open_ends]
        return found

    def _reached(self) -> set[str]:
        """Return the states that things can come to from the first one."""
        reached: set[str] = set()
        waiting = [self.first]
        while waiting:
            state = waiting.pop()
            if state not in reached:
                reached.add(state)
                targets = [move.target for move in self.moves if state in move.sources]
                waiting += [target for target in targets if target != BACK]
        return reached
