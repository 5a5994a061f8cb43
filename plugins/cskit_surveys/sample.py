"""The demonstration's steps for surveys: real commands on the files in the folder `demo`."""

from __future__ import annotations

import os

from cskit import DemoStep

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "demo")
STEPS: tuple[DemoStep, ...] = ()
