"""All families of faults, in the order of their numbers."""

from __future__ import annotations

from tests.faults import (
    crowds,
    forms,
    fulldisk,
    injected,
    kills,
    loads,
    powerloss,
    readonly,
    signals,
    stateful,
    surroundings,
)

ALL = (
    kills.RANDOM,
    kills.SAVING,
    injected.SYSTEM,
    powerloss.POWER,
    crowds.CROWD,
    crowds.HOLDER,
    fulldisk.FULL,
    forms.BENT,
    readonly.GUARDED,
    stateful.MODELLED,
    signals.SIGNALLED,
    loads.LOADED,
    surroundings.SURROUNDED,
)
