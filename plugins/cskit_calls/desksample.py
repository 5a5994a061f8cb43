"""The demonstration's steps for calls and visitors, from the files in the folder `demo`."""

from __future__ import annotations

from cskit import DemoStep

STEPS: tuple[DemoStep, ...] = ()
