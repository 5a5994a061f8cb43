"""The demonstration's steps for estates: real commands on the files in the folder `demo`."""

from __future__ import annotations

from cskit import DemoStep

STEPS: tuple[DemoStep, ...] = ()
