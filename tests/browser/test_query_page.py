"""The pages of the server in a real browser: asking, what is wrong, links, looks in both colour schemes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from served import Served, served
from stories import graph_of, sample, thing

from kg.export import write_graph

HOSTILE = '<img src=x onerror=alert(1)> "& Sons'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    file = tmp_path_factory.mktemp("page") / "graph.ttl"
    odd = thing("odd", "Work", HOSTILE, same_as=("javascript:alert(1)",))
    write_graph(graph_of(*sample(), also=[odd]), file)
    with served(file, "--timeout", "20") as running:
        yield running


Pages = Callable[..., Page]


@pytest.fixture
def pages(server: Served, browser: Browser) -> Iterator[Pages]:
    """Opens pages of the server; none of them may ask another address or complain of more than a wrong query."""
    contexts: list[BrowserContext] = []
    asked: list[str] = []
    complaints: list[str] = []

    def make(path: str = "", **options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
        page.on("console", lambda line: complaints.append(line.text) if line.type in ("error", "warning") else None)
        page.goto(server.address + path)
        return page

    yield make
    for context in contexts:
        context.close()
    assert [url for url in asked if not url.startswith((server.address, "blob:"))] == []
    known = ("400 (Bad Request)", "favicon", "404 (Not Found)")
    assert [line for line in complaints if not any(words in line for words in known)] == []


@pytest.fixture
def page(pages: Pages) -> Page:
    return pages()


def state(page: Page, words: str) -> None:
    page.locator("#state", has_text=re.compile(words)).wait_for(timeout=10_000)


def rows(page: Page) -> list[list[str]]:
    return [line.locator("td").all_inner_texts() for line in page.locator("#answer tbody tr").all()]


def test_a_question_is_answered_and_leads_to_the_pages_of_its_names(page: Page) -> None:
    page.locator("#query").fill("SELECT ?x ?n { ?x kg:met id:anna-berg ; rdfs:label ?n } ORDER BY ?n")
    page.get_by_role("button", name="Run").click()
    state(page, "^2 answers, ")
    assert rows(page) == [["id:bo-dahl", "Bo Dahl"], ["id:carla-diaz", "Carla Diaz"]]
    page.get_by_role("link", name="id:bo-dahl").click()
    page.get_by_role("heading", name="Bo Dahl").wait_for()
    assert "Anna Berg met Bo Dahl and Carla Diaz" in page.content()


def test_a_ready_question_takes_its_arguments(page: Page) -> None:
    page.locator("#ready").select_option("positions-of")
    page.get_by_label("name", exact=True).fill("Anna Berg")
    page.wait_for_timeout(300)
    page.locator("#query").press("Control+Enter")
    state(page, "^2 answers, ")
    assert rows(page)[0][:3] == ["Anna Berg", "President", "Elm Institute"]


def test_what_is_wrong_is_said_and_names_stay_text(page: Page) -> None:
    page.locator("#query").fill("SELECT ?x { ?x skso:a ?y }")
    page.get_by_role("button", name="Run").click()
    state(page, "line 1, column .*did you mean 'skos:'")
    page.locator("#query").fill("SELECT * { id:odd ?p ?o } ORDER BY ?o")
    page.get_by_role("button", name="Run").click()
    state(page, "answers, ")
    assert HOSTILE in [cell for row in rows(page) for cell in row]
    assert page.locator("#answer img, #answer a[href^=javascript]").count() == 0
    page.locator("#query").fill("CONSTRUCT WHERE { ?a kg:met ?b }")
    page.get_by_role("button", name="Run").click()
    page.locator("#answer pre", has_text="kg:met").wait_for()


def test_a_running_question_can_be_stopped_and_an_answer_saved(page: Page, tmp_path: Path) -> None:
    page.locator("#query").fill("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
    page.get_by_role("button", name="Run").click()
    page.get_by_role("button", name="Stop").click()
    state(page, "^Stopped")
    page.locator("#query").fill("SELECT ?n { id:anna-berg kg:met/rdfs:label ?n } ORDER BY ?n")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save").click()
    file = tmp_path / "answer.csv"
    download.value.save_as(file)
    assert file.read_text().splitlines() == ["n", "Bo Dahl", "Carla Diaz"]


def test_without_scripts_the_form_still_asks(pages: Pages) -> None:
    page = pages(java_script_enabled=False)
    page.locator("#query").fill("ASK { ?a kg:met ?b }")
    page.locator("#format").select_option("json")
    page.get_by_role("button", name="Run").click()
    page.wait_for_url("**/sparql?**")
    assert '"boolean":true' in page.content()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["", "id/anna-berg"])
def test_everybody_can_use_the_pages(pages: Pages, scheme: str, path: str) -> None:
    page = pages(path, color_scheme=scheme, viewport={"width": 360, "height": 700}, bypass_csp=True)
    violations = Axe().run(page).response["violations"]
    assert [(found["id"], found["nodes"][0]["html"]) for found in violations] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
