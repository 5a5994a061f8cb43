"""The demonstration's steps for shifts and scores, from the files in the folder `demo`."""

from __future__ import annotations

from cskit import DemoStep

STEPS: tuple[DemoStep, ...] = ()
