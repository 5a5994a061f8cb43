"""All families of faults, in the order of their numbers."""

from __future__ import annotations

from tests.faults import crowds, fulldisk, injected, kills, readonly

ALL = (kills.RANDOM, kills.SAVING, injected.SYSTEM, crowds.CROWD, crowds.HOLDER, fulldisk.FULL, readonly.GUARDED)
