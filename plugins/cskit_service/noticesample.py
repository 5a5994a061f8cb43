"""The demonstration's steps for notices, service orders and invoices. Imports hook names only."""

from __future__ import annotations

from cskit import DemoStep

STEPS: tuple[DemoStep, ...] = ()
