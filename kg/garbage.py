"""How often a process of ours looks for reference cycles."""

from __future__ import annotations

import gc

THRESHOLDS = (50_000, 10, 10)
"""A build makes millions of records that live to its end and hardly a cycle: with Python's own thresholds looking for
cycles among them takes a tenth of its time."""


def collect_rarely() -> None:
    """Sets the thresholds: for processes that are all ours (the command line, workers), not for who imports kg."""
    gc.set_threshold(*THRESHOLDS)
