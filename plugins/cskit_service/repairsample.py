"""The demonstration's steps for requests, work orders, repairs, parts and deliveries.

Imports hook names only.
"""

from __future__ import annotations

from cskit import DemoStep

STEPS: tuple[DemoStep, ...] = ()
