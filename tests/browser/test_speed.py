"""How soon the page is there: against pyvis as it comes with the same positions, and as the graph grows.

Times are compared only within one run, and always the best of several taken in turns, because the machine does other
things too.  By hand: `make speed`; it prints the figures that docs/performance.md records.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
import pyvis.network
import sample_graph
from playwright.sync_api import Browser
from watched_page import Watched

from kg.view import render_view

pytestmark = pytest.mark.speed

SIZES = (300, 2_000, 10_000)
TO_STOCK = 1.2
GROWTH = {2_000: 3.0, 10_000: 6.0}
BUILDING = 60.0  # CPU seconds for the page of 10,000


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[int, tuple[Path, float]]:
    """Of every size the page, and the CPU seconds from the graph to its text."""
    folder = tmp_path_factory.mktemp("speed")
    made: dict[int, tuple[Path, float]] = {}
    for size in SIZES:
        graph = sample_graph.large(size, claims_each=5 if size == 2_000 else 3)
        start = time.process_time()
        page = render_view(graph, title=f"{size} names")
        seconds = time.process_time() - start
        path = folder / f"ours-{size}.html"
        path.write_text(page, encoding="utf-8")
        made[size] = (path, seconds)
    return made


@pytest.fixture(scope="module")
def stock(pages: dict[int, tuple[Path, float]]) -> Path:
    """The network of 300 by pyvis's own template, its scripts inlined, physics off; it says when it is drawn."""
    ours = pages[300][0]
    page = ours.read_text(encoding="utf-8")

    def data(name: str) -> list[dict[str, object]]:
        found: list[dict[str, object]] = json.loads(page.split(f'id="{name}">', 1)[1].split("</script>", 1)[0])
        return found

    network = pyvis.network.Network(cdn_resources="in_line", directed=True)
    for node in data("nodes"):
        network.add_node(node["id"], label=node["label"], x=node["x"], y=node["y"], size=node["size"], physics=False)
    for edge in data("edges"):
        network.add_edge(edge["from"], edge["to"])
    network.toggle_physics(False)
    told = (
        'network.once("afterDrawing", () => requestAnimationFrame(() => { window.kgReady = true; })); return network;'
    )
    html = network.generate_html().replace("return network;", told)
    assert told in html
    path = ours.with_name("stock.html")
    path.write_text(html, encoding="utf-8")
    return path


def ready(browser: Browser, file: Path) -> float:
    """Seconds from the call to the first frame, all handlers live."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
    watched = Watched(context.new_page())
    start = time.perf_counter()
    watched.open(file)
    seconds = time.perf_counter() - start
    context.close()
    return seconds


def best(browser: Browser, files: Sequence[Path], *, rounds: int) -> list[float]:
    """The best time of each file, taken in turns."""
    ready(browser, files[0])  # the first page of a browser pays for its start
    times = [[ready(browser, file) for file in files] for _ in range(rounds)]
    return [min(column) for column in zip(*times, strict=True)]


def test_ready_about_as_soon_as_stock_pyvis(
    browser: Browser, pages: dict[int, tuple[Path, float]], stock: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ours, theirs = best(browser, [pages[300][0], stock], rounds=8)
    with capsys.disabled():
        sys.stdout.write(f"\n300 names: ready after {ours:.2f} s, stock pyvis {theirs:.2f} s: {ours / theirs:.2f}\n")
    assert ours <= TO_STOCK * theirs


def test_large_graphs_are_ready_within_bounds_of_the_small_one(
    browser: Browser, pages: dict[int, tuple[Path, float]], capsys: pytest.CaptureFixture[str]
) -> None:
    times = dict(zip(SIZES, best(browser, [pages[size][0] for size in SIZES], rounds=5), strict=True))
    with capsys.disabled():
        for size, seconds in times.items():
            path, cpu = pages[size]
            sys.stdout.write(
                f"\n{size:,} names: ready after {seconds:.2f} s, {seconds / times[300]:.1f} times that of 300; "
                f"built in {cpu:.1f} CPU s, {path.stat().st_size / 1e6:.1f} MB\n"
            )
    for size, bound in GROWTH.items():
        assert times[size] <= bound * times[300]


def test_the_page_of_ten_thousand_is_built_in_time(pages: dict[int, tuple[Path, float]]) -> None:
    assert pages[10_000][1] < BUILDING
