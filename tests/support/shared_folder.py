"""The folder of articles and gold that lies beside the checkout, and what a test does where it is missing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("KG_SHARED") or ROOT.parent / "shared")


def shared(*parts: str) -> Path:
    """A path in the shared folder.  Where it does not exist the test is skipped; in CI it fails."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        reason = f"{path} is not here (set KG_SHARED to the folder of articles and gold)"
        if os.environ.get("CI", "").lower() in ("1", "true", "yes"):
            pytest.fail(reason)
        pytest.skip(reason)
    return path
