"""What the page does in a real browser, with real mouse and keys."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
import time
import urllib.parse
from itertools import combinations
from pathlib import Path

import pyoxigraph
import pytest
import sample_graph
from playwright.sync_api import Page, expect
from rdflib import Graph
from watched_page import Views, Watch

from kg.view_facts import facts_of

KELLER, BRANDT = "marta-keller", "ivo-brandt"
MEETING = "Marta Keller met Ivo Brandt in Port Almar on Monday, the ministry said."
NAMES = {"network", "table", "timeline", "disputes", "quotes"}


def panel(page: Page) -> str:
    return page.locator("#panel").inner_text()


# ---------------------------------------------------------------- safe and silent


def test_the_watch_sees_requests_and_complaints(watch: Watch, tmp_path: Path) -> None:
    """The negative control: what the other tests rely on to fail does fail."""
    file = tmp_path / "bad.html"
    file.write_text(
        '<meta charset="utf-8"><img src="http://127.0.0.1:9/x.png">'
        '<script>console.error("oh"); alert(1); window.kgReady = true</script>'
    )
    watched = watch()
    watched.open(file)
    time.sleep(0.2)
    assert watched.requests == ["http://127.0.0.1:9/x.png"]
    assert {"oh", "dialog 1"} <= set(watched.complaints)
    watched.requests.clear()
    watched.complaints.clear()


@pytest.mark.parametrize("which", ["small", "hostile", "seeds", "articles"])
def test_every_corner_is_silent(which: str, watch: Watch, views: Views) -> None:
    """Requests, errors, dialogs and popups are asserted by the fixture."""
    watched = watch()
    page = watched.open(views(which))
    for tab in sorted(NAMES):
        page.locator(f"#tab-{tab}").click()
    page.locator("#tab-network").click()
    nodes = page.evaluate("kgView.shown().nodes")
    assert len(nodes) > 20
    for key in nodes if which == "hostile" else nodes[:: len(nodes) // 8]:
        page.locator("#find").fill(page.evaluate("key => kgView.nameOf(key)", key)[:60] or "x")
        if page.locator("#found li").count():
            page.locator("#found li").first.click()
    for details in page.locator("#panel details").all()[:12]:
        details.locator("summary").first.click()
    page.mouse.move(*watched.where(f"nodePoint({json.dumps(nodes[0])})"))
    for kind in ("csv", "ttl", "png"):
        download(page, kind)
    page.get_by_role("button", name="2", exact=True).click()
    page.locator("#way").fill("a")
    page.keyboard.press("Enter")
    page.reload(wait_until="commit")
    watched.ready()
    assert page.locator("a:not([href^='https://'])").count() == 0
    assert page.evaluate("document.querySelectorAll('script').length") == 6
    assert page.evaluate("document.querySelectorAll('img, iframe, object, embed, b script').length") == 0


@pytest.mark.parametrize("iri", sample_graph.HOSTILE_IRIS[:-1])
def test_a_hostile_iri_survives_the_address(iri: str, watch: Watch, views: Views) -> None:
    """What stands in the address is only ever looked up."""
    watched = watch()
    page = watched.open(views("hostile"))
    key = next(key for key in page.evaluate("kgView.shown().nodes") if iri.endswith(key))
    page = watched.open(views("hostile"), urllib.parse.urlencode({"node": key}))
    page.reload(wait_until="commit")
    watched.ready()
    expect(page.locator("#panel h2")).not_to_have_text("What the documents say")
    assert len(watched.shown()["nodes"]) > 20


def test_something_is_drawn(watch: Watch, views: Views) -> None:
    page = watch().open(views("small"))
    colours = page.evaluate(
        """() => { const c = document.querySelector("#canvas canvas"), seen = new Set();
        const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
        for (let i = 0; i < d.length; i += 4) seen.add(d[i] << 16 | d[i + 1] << 8 | d[i + 2]);
        return seen.size; }"""
    )
    assert colours > 20


# ---------------------------------------------------------------- find, click, read


def test_search_suggests_aliases_and_selects(watch: Watch, views: Views) -> None:
    page = watch().open(views("small"))
    page.keyboard.press("/")
    page.keyboard.type("minister k")
    expect(page.locator("#found li")).to_have_count(1)
    expect(page.locator("#found li")).to_contain_text("also Minister Keller")
    page.keyboard.press("ArrowDown")
    assert page.locator("#find").get_attribute("aria-activedescendant") == "found-0"
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_have_text("Marta Keller")
    expect(page.locator("#panel h2")).to_be_focused()
    assert "foreign minister, Norland Foreign Ministry" in panel(page)
    assert page.evaluate("location.hash") == "#node=marta-keller"


@pytest.mark.parametrize(
    ("typed", "found"), [("oskars", "Léna Óskarsdóttir"), ("LÉNA", "Léna Óskarsdóttir"), ("lighth", "Old Lighthouse")]
)
def test_search_takes_no_notice_of_accents_and_finds_unconnected_names(
    watch: Watch, views: Views, typed: str, found: str
) -> None:
    page = watch().open(views("small"))
    page.locator("#find").fill(typed)
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_have_text(found)


def test_search_without_a_match_says_so(watch: Watch, views: Views) -> None:
    page = watch().open(views("small"))
    page.locator("#find").fill("zzz")
    expect(page.locator("#found")).to_contain_text("No name like that")
    expect(page.locator("#said")).to_have_text("No name like that")


def test_a_click_on_a_line_opens_its_sentences(watch: Watch, views: Views) -> None:
    watched = watch()
    page = watched.open(views("small"))
    page.mouse.click(*watched.where(f"linePoint('{KELLER}', '{BRANDT}')"))
    expect(page.locator("#panel h2")).to_have_text("Ivo Brandt and Marta Keller")
    text = panel(page)
    assert MEETING in text
    assert "Keller spoke with Brandt by telephone on Saturday." in text
    assert "Disputed" in text
    assert "Denies this" in text
    assert "denied by Ivo Brandt" in text
    assert "according to Norland Foreign Ministry" in text
    assert "4 Mar 2024" in text
    assert "94 % sure" in text
    link = page.locator("#panel a", has_text="Ministers meet over the strait")
    assert link.get_attribute("href") == "https://ledger.example/strait"
    assert "noopener" in (link.get_attribute("rel") or "")
    meeting = page.locator("blockquote", has_text="in Port Almar on Monday").first
    assert meeting.locator("mark").all_inner_texts() == ["Marta Keller", "Ivo Brandt"]
    expect(page.locator("#said")).to_contain_text("Ivo Brandt and Marta Keller")


def test_a_click_on_a_shape_opens_its_facts_and_beside_it_closes_them(watch: Watch, views: Views) -> None:
    watched = watch()
    page = watched.open(views("small"))
    page.mouse.click(*watched.where("nodePoint('tom-hale')"))
    expect(page.locator("#panel h2")).to_have_text("Tom Hale")
    assert "We will see them in court" in panel(page)
    page.keyboard.press("Escape")
    expect(page.locator("#panel h2")).to_have_text("What the documents say")


def test_hovering_a_line_tells_its_facts(watch: Watch, views: Views) -> None:
    watched = watch()
    page = watched.open(views("small"))
    page.mouse.move(*watched.where("linePoint('blue-anchor-capital', 'almar-shipyards')"))
    expect(page.locator("#tip")).to_have_text("Blue Anchor Capital acquired Almar Shipyards")


# ---------------------------------------------------------------- filters


def test_filters_by_class_relation_status_and_outlet(watch: Watch, views: Views) -> None:
    watched = watch()
    page = watched.open(views("small"))
    everything = watched.shown()
    page.locator("[data-filter=type][data-value=Person]").uncheck()
    fewer = watched.shown()
    assert KELLER in everything["nodes"]
    assert KELLER not in fewer["nodes"]
    assert fewer["lines"] < everything["lines"]
    expect(page.locator("#counters")).to_contain_text(f"of {len(everything['nodes'])} entities")
    page.locator("#filters [data-reset]").click()
    assert watched.shown() == everything
    page.locator("li:has([data-filter=status][data-value=planned])").hover()
    page.locator("[data-only=status][data-value=planned]").click()
    assert watched.shown() == {"nodes": ["grey-island", KELLER], "lines": 1, "claims": 1}
    page.locator("#filters [data-reset]").click()
    page.locator("[data-filter=relation][data-value=met]").uncheck()
    assert watched.shown()["claims"] == everything["claims"] - 5
    page.locator("[data-filter=outlet][data-value='Coast Wire']").uncheck()
    assert "tom-hale" not in watched.shown()["nodes"]


def test_few_old_facts_share_the_first_bar(watch: Watch, views: Views) -> None:
    watched = watch()
    page = watched.open(views("old"))
    assert page.locator(".range").inner_text().split("\n") == ["earlier", "Jun 2024"]
    page.locator("[data-date=to]").focus()
    page.keyboard.press("Home")
    assert watched.shown()["claims"] == 1
    page.keyboard.press("End")
    page.locator("[data-date=from]").focus()
    page.keyboard.press("ArrowRight")
    assert watched.shown()["claims"] == 33


def test_everything_off_offers_the_way_back(watch: Watch, views: Views) -> None:
    watched = watch()
    page = watched.open(
        views("small"), "no-status=stated&no-status=disputed&no-status=planned&no-status=possible&no-status=denied"
    )
    expect(page.locator("#nothing")).to_be_visible()
    page.locator("#nothing button").click()
    assert len(watched.shown()["nodes"]) == 21


def test_dates_and_confidence_by_keyboard(watch: Watch, views: Views) -> None:
    watched = watch()
    page = watched.open(views("small"))
    page.locator("[data-date=from]").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-date=from]")).to_have_attribute("aria-valuetext", "May 2024")
    assert "from=2024-05" in page.evaluate("location.hash")
    late = watched.shown()["claims"]
    assert 0 < late < 33
    page.locator("[data-confidence]").focus()
    for _ in range(17):
        page.keyboard.press("ArrowRight")
    assert "confidence=0.85" in page.evaluate("location.hash")
    assert 0 < watched.shown()["claims"] < late


# ---------------------------------------------------------------- tabs


def test_the_table_has_all_facts_sorts_and_narrows(watch: Watch, views: Views) -> None:
    page = watch().open(views("small"))
    page.locator("#tab-table").click()
    rows = page.locator("table.facts tbody tr")
    expect(rows).to_have_count(33)
    first = page.locator("table.facts tbody tr th")
    names = first.all_inner_texts()
    assert names == sorted(names, key=lambda name: name.replace("é", "e").casefold())
    page.locator("[data-sort=subject]").click()
    assert first.all_inner_texts()[0] == "Tom Hale"
    assert page.locator("table.facts thead th").first.get_attribute("aria-sort") == "descending"
    expect(page.locator("[data-sort=subject]")).to_be_focused()
    page.locator("#pane-table .query").fill("telephone saturday")
    expect(rows).to_have_count(1)
    rows.locator("button.relation").click()
    expect(page.locator("#panel h2")).to_have_text("Ivo Brandt and Marta Keller")


def test_timeline_disputes_and_quotes(watch: Watch, views: Views) -> None:
    page = watch().open(views("small"))
    page.locator("#tab-timeline").click()
    days = page.locator(".moment .day").all_inner_texts()
    assert days[:3] == ["1921", "2 Mar 1975", "4 Mar 2024"]
    assert "May 2024" in days
    assert "Disputed" in page.locator(".moment", has_text="met").first.inner_text()
    page.locator("#tab-disputes").click()
    expect(page.locator(".dispute")).to_have_count(2)
    both = page.locator(".dispute", has_text="Marta Keller").first
    assert MEETING in both.locator(".side.yes").inner_text()
    assert "I never met Minister Keller" in both.locator(".side.no").inner_text()
    page.locator("#tab-quotes").click()
    expect(page.locator(".quotes .quote")).to_have_count(3)
    page.locator("#pane-quotes .query").fill("gates")
    expect(page.locator(".quotes .quote")).to_have_count(1)
    assert "Tom Hale" in page.locator(".quotes .quote").inner_text()


# ---------------------------------------------------------------- part of the network


def test_steps_around_and_the_way_between(watch: Watch, views: Views) -> None:
    watched = watch()
    page = watched.open(views("small"), "node=tom-hale")
    page.get_by_role("group", name="Show only what is so many steps around").get_by_role("button", name="1").click()
    assert watched.shown()["nodes"] == ["dockworkers-union", "paul-adeyemi", "tom-hale"]
    page.get_by_role("group", name="Show only what is so many steps around").get_by_role("button", name="2").click()
    assert watched.shown()["nodes"] == [
        "blue-anchor-capital",
        "dockworkers-union",
        "harbour-court",
        "paul-adeyemi",
        "tom-hale",
    ]
    page.locator("#way").fill("keller")
    page.keyboard.press("Enter")
    way = watched.shown()["nodes"]
    assert {"tom-hale", KELLER, "almar-shipyards", "port-almar"} <= set(way)
    expect(page.locator("#scopes")).to_contain_text("Path from Tom Hale to Marta Keller (5 steps)")
    # Every step with its sentence, and nothing of it faded.
    expect(page.locator("#panel h2")).to_have_text("Tom Hale to Marta Keller")
    expect(page.locator("#panel h2")).to_be_focused()
    expect(page.locator("#panel .step")).to_have_text([f"Step {number}" for number in range(1, 6)])
    assert "Hale accused Adeyemi of breaking his word." in panel(page)
    page.mouse.click(*watched.where("linePoint('paul-adeyemi', 'tom-hale')"))
    expect(page.locator("#panel h2")).to_have_text("Paul Adeyemi and Tom Hale")
    page.keyboard.press("Escape")
    expect(page.locator("#panel .step")).to_have_count(5)
    page.keyboard.press("Escape")
    assert len(watched.shown()["nodes"]) == 21


def test_no_path_is_said(watch: Watch, views: Views) -> None:
    page = watch().open(views("small"), "path-from=tom-hale&path-to=marta-keller&no-type=Person")
    expect(page.locator("#scopes")).to_contain_text("no path over the facts shown")
    expect(page.locator("#panel")).to_contain_text("do not join the two")


def test_a_part_has_its_own_places_and_the_whole_keeps_its_own(watch: Watch, views: Views) -> None:
    """Names stand apart, the middle is the middle, and the same address gives the same picture."""
    watched = watch()
    page = watched.open(views("backbone"))
    keys = watched.shown()["nodes"]

    def places(which: list[str]) -> dict[str, tuple[float, float]]:
        watched.where(f"nodePoint({json.dumps(which[0])})")  # until nothing moves
        points = page.evaluate("keys => keys.map(key => kgView.nodePoint(key))", which)
        return {key: (x, y) for key, (x, y) in zip(which, points, strict=True)}

    whole = places(keys[:5])
    page = watched.open(views("backbone"), "node=name-3&around=name-3&steps=1")
    part = watched.shown()["nodes"]
    assert len(part) > 10
    first = places(part)
    for (ax, ay), (bx, by) in combinations(first.values(), 2):
        assert abs(ax - bx) > 40 or abs(ay - by) > 18
    across = sorted(x for x, _ in first.values())
    assert across[0] < first["name-3"][0] < across[-1]
    page.reload(wait_until="commit")
    watched.ready()
    assert places(part) == first
    page.locator("#scopes button").click()
    page.locator("[data-zoom=fit]").click()
    assert places(keys[:5]) == whole


def test_the_backbone_opens_step_by_step(watch: Watch, views: Views) -> None:
    watched = watch()
    page = watched.open(views("backbone"))
    backbone = watched.shown()["nodes"]
    assert 50 < len(backbone) <= 80
    expect(page.locator("#scopes")).to_contain_text("best connected of")
    hidden = page.evaluate("JSON.parse(document.getElementById('nodes').textContent).find(node => !('x' in node))")
    page.locator("#find").fill(hidden["label"])
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_have_text(hidden["label"])
    opened = set(watched.shown()["nodes"])
    assert hidden["label"].lower().replace(" of many", "").replace(" ", "-") in opened
    assert opened > set(backbone)
    kept = page.evaluate("location.href")
    page.locator("#panel .statement .go").first.click()
    more = page.locator("#panel .actions .more")
    if more.count():
        more.click()
        assert len(watched.shown()["nodes"]) > len(opened)
    page.goto("about:blank")
    page.goto(kept)
    watched.ready()
    assert set(watched.shown()["nodes"]) == opened


# ---------------------------------------------------------------- the address


def test_a_permalink_brings_everything_back(watch: Watch, views: Views) -> None:
    watched = watch()
    page = watched.open(views("small"))
    page.locator("[data-filter=type][data-value=Place]").uncheck()
    page.locator("[data-filter=status][data-value=possible]").uncheck()
    page.mouse.click(*watched.where(f"linePoint('{KELLER}', '{BRANDT}')"))
    page.locator("#tab-table").click()
    page.locator("[data-sort=published]").click()
    page.locator("#pane-table .query").fill("kel")
    address, state, rows = (
        page.evaluate("location.href"),
        watched.shown(),
        page.locator("table.facts tbody").inner_text(),
    )
    other = watch()
    again = other.page
    again.goto(address)
    other.ready()
    assert other.shown() == state
    assert again.locator("table.facts tbody").inner_text() == rows
    expect(again.locator("#tab-table")).to_have_attribute("aria-selected", "true")
    expect(again.locator("#panel h2")).to_have_text("Ivo Brandt and Marta Keller")
    expect(again.locator("[data-filter=type][data-value=Place]")).not_to_be_checked()
    page.go_back()
    page.go_back()
    expect(page.locator("#tab-network")).to_have_attribute("aria-selected", "true")


@pytest.mark.parametrize(
    "hash_",
    [
        "node=nobody&tab=nowhere&from=x&confidence=nan&sort=%00&steps=99",
        "%E0%A4%A",
        "a=1&b=2&path-from=x&path-to=y&around=zzz",
    ],
)
def test_a_broken_address_is_no_harm(watch: Watch, views: Views, hash_: str) -> None:
    watched = watch()
    watched.open(views("small"), hash_)
    assert len(watched.shown()["nodes"]) == 21


# ---------------------------------------------------------------- keyboard


def test_a_walk_by_keyboard_alone(watch: Watch, views: Views) -> None:
    page = watch().open(views("small"))
    page.locator("#stage").focus()
    page.keyboard.press("ArrowRight")
    first = page.locator("#panel h2").inner_text()
    assert first == "Marta Keller"
    page.keyboard.press("ArrowDown")
    second = page.locator("#panel h2").inner_text()
    assert second not in (first, "What the documents say")
    expect(page.locator("#said")).to_contain_text(second)
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#stage")).to_be_focused()
    expect(page.locator("#panel h2")).to_have_text("What the documents say")
    page.keyboard.press("2")
    expect(page.locator("#pane-table")).to_be_visible()
    expect(page.locator("#tab-table")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#pane-timeline")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#help")).not_to_be_visible()


def test_tab_reaches_everything_with_a_visible_focus(watch: Watch, views: Views) -> None:
    page = watch().open(views("small"))
    seen = []
    for _ in range(80):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                """() => { const e = document.activeElement;
                return [e.id || e.dataset.filter || e.dataset.date || e.dataset.zoom || e.className,
                getComputedStyle(e).outlineStyle !== "none" || e.tagName === "BODY"]; }"""
            )
        )
    assert all(visible for _, visible in seen)
    assert {"find", "link-button", "tab-network", "type", "status", "from", "relation", "stage", "in"} <= {
        name for name, _ in seen
    }


# ---------------------------------------------------------------- to take away


def download(page: Page, kind: str) -> bytes:
    page.locator("#export-menu summary").click()
    with page.expect_download() as info:
        page.locator(f"[data-export={kind}]").click()
    return Path(info.value.path()).read_bytes()


def test_exports(watch: Watch, views: Views) -> None:
    page = watch().open(views("small"))
    picture = download(page, "png")
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20], "big") > 400
    rows = list(csv.DictReader(io.StringIO(download(page, "csv").decode("utf-8-sig"))))
    assert len(rows) == 33
    assert MEETING in {row["Sentence"] for row in rows}
    # The Turtle says all that the page says: read again it gives the same facts.
    exported = facts_of(Graph().parse(data=download(page, "ttl").decode(), format="turtle"))
    original = facts_of(sample_graph.small())
    assert exported.facts == original.facts
    # What a document asserts itself stands in its claims; the page keeps who else says so.
    people = {one.iri for one in original.entities}
    assert set(exported.happenings) == {
        dataclasses.replace(event, asserted_by=tuple(iri for iri in event.asserted_by if iri in people))
        for event in original.happenings
    }
    assert exported.tenures == original.tenures
    assert exported.sources == original.sources
    assert {saying for saying in original.sayings if saying.speaker} == set(exported.sayings)
    connected = {end for fact in original.facts for end in (fact.subject, fact.object)}
    assert {one for one in original.entities if one.iri in connected} <= set(exported.entities)
    page.locator("[data-filter=relation][data-value=met]").uncheck()
    assert len(list(csv.DictReader(io.StringIO(download(page, "csv").decode("utf-8-sig"))))) == 28


def test_exports_of_hostile_texts_are_well_formed(watch: Watch, views: Views) -> None:
    page = watch().open(views("hostile"))
    rows = list(csv.reader(io.StringIO(download(page, "csv").decode("utf-8-sig"))))
    assert len({len(row) for row in rows}) == 1
    assert not [cell for row in rows for cell in row if re.match(r"[=+@-]", cell)]
    # A strict parser, which refuses broken IRIs.
    triples = list(pyoxigraph.parse(download(page, "ttl"), format=pyoxigraph.RdfFormat.TURTLE))
    assert len(triples) > 300


# ---------------------------------------------------------------- light and dark, small screens


def test_colours_follow_the_system_and_the_button(watch: Watch, views: Views) -> None:
    page = watch(color_scheme="dark").open(views("small"))
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("#theme-button").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != dark
    assert page.locator("html").get_attribute("data-theme") == "light"


def test_on_a_phone_nothing_sticks_out(watch: Watch, views: Views) -> None:
    watched = watch(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page = watched.open(views("small"))
    for tab in ("table", "timeline", "disputes", "quotes", "network"):
        page.locator(f"#tab-{tab}").tap()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.touchscreen.tap(*watched.where(f"nodePoint('{KELLER}')"))
    expect(page.locator("#panel h2")).to_have_text("Marta Keller")
    page.locator("#panel .close").tap()
    expect(page.locator("#panel")).not_to_be_visible()
    page.locator("#filter-button").tap()
    page.locator("[data-filter=type][data-value=Person]").tap()
    page.locator("#filter-button").tap()
    assert KELLER not in watched.shown()["nodes"]
