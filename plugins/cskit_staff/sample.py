"""The demonstration of the staff plugin. Imports hook names only."""

from __future__ import annotations

from cskit import DemoStep

STEPS: tuple[DemoStep, ...] = ()
