"""A real Chromium for the tests of the view: one browser, one page with watchers a test.

Without Chromium the tests are skipped, under CI they fail: there the browser must be installed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sample_graph
from playwright.sync_api import Browser, sync_playwright
from shared_folder import ROOT, shared
from watched_page import Views, Watch, Watched

import kg
from kg.view import render_view

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


GRAPHS = {
    "small": sample_graph.small,
    "old": sample_graph.old,
    "hostile": sample_graph.hostile,
    "backbone": sample_graph.large,
}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        reason = "Chromium is missing: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def watch(browser: Browser) -> Iterator[Watch]:
    """Makes watched pages; at the end of the test none of them may have complained or asked the network."""
    made: list[Watched] = []

    def make(**options: Any) -> Watched:
        context = browser.new_context(
            **{"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"} | options
        )
        watched = Watched(context.new_page())
        page = watched.page
        page.on("console", lambda m: watched.complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (watched.complaints.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("popup", lambda popup: watched.complaints.append(f"popup {popup.url}"))
        page.on(
            "request",
            lambda r: None if r.url.startswith(("file:", "data:", "blob:")) else watched.requests.append(r.url),
        )
        made.append(watched)
        return watched

    yield make
    for watched in made:
        watched.page.context.close()
    assert [watched.complaints for watched in made if watched.complaints] == []
    assert [watched.requests for watched in made if watched.requests] == []


@pytest.fixture(scope="session")
def views(tmp_path_factory: pytest.TempPathFactory) -> Views:
    """Makes a page once: of a sample graph, "small", "old" (with an old fact), "hostile" or "backbone", or built
    from articles, "seeds" or "articles"."""
    folder = tmp_path_factory.mktemp("views")

    def make(which: str) -> Path:
        if which in ("seeds", "articles"):
            out = folder / which
            if not out.exists():
                kg.build([ROOT / "seeds" if which == "seeds" else shared("articles", "seeds")], out=out)
            return out / "graph.html"
        path = folder / f"{which}.html"
        if not path.exists():
            graph = GRAPHS[which]()
            title = sample_graph.HOSTILE[3] if which == "hostile" else f"Sample {which}"
            page = render_view(graph, title=title, limit=200, backbone_size=80)
            path.write_text(page, encoding="utf-8")
        return path

    return make
