"""The demonstration's steps for settlements, matters and sales."""

from __future__ import annotations

from cskit import DemoStep

STEPS: tuple[DemoStep, ...] = ()
