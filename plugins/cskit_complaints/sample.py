"""The demonstration of cases: a day at the complaints desk. Imports hook names only."""

from __future__ import annotations

from cskit import DemoStep

STEPS: tuple[DemoStep, ...] = ()
