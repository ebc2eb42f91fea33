"""axe-core finds no serious violation, in no tab, light or dark."""

from __future__ import annotations

import importlib.util
import os
from importlib import resources

import pytest
from watched_page import Views, Watch

STATES = (
    "",
    "node=marta-keller",
    "a=ivo-brandt&b=marta-keller",
    "path-from=tom-hale&path-to=marta-keller",
    "tab=table",
    "tab=timeline",
    "tab=disputes",
    "tab=quotes&node=tom-hale",
)


@pytest.fixture(scope="session")
def axe() -> str:
    if importlib.util.find_spec("axe_playwright_python") is None:
        reason = "axe-core is missing: pip install axe-playwright-python"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(scheme: str, axe: str, watch: Watch, views: Views) -> None:
    # The page's own policy rightly stops foreign scripts; the checker must come in all the same.
    watched = watch(color_scheme=scheme, bypass_csp=True, viewport={"width": 1280, "height": 900})
    for state in STATES:
        watched.page.goto("about:blank")
        page = watched.open(views("small"), state)
        page.evaluate(axe + "; 0")
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        bad = [
            (violation["id"], violation["impact"], node["html"][:160], node.get("failureSummary"))
            for violation in found["violations"]
            if violation["impact"] in ("serious", "critical")
            for node in violation["nodes"]
        ]
        assert bad == [], state
        assert len(found["passes"]) > 15
