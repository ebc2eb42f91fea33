"""Positions: the same on every run and for every order, apart from each other, communities together."""

from __future__ import annotations

import math
import random
from itertools import combinations

import pytest

from kg.layout import STEP, backbone, communities, layout, ranks, weighted

Links = list[tuple[str, str, float]]


def cliques(*sizes: int) -> Links:
    """Groups in which all know each other, chained by one link."""
    links: Links = []
    for number, size in enumerate(sizes):
        links += [(f"g{number}n{a}", f"g{number}n{b}", 1.0) for a, b in combinations(range(size), 2)]
        if number:
            links.append((f"g{number - 1}n0", f"g{number}n0", 1.0))
    return links


def nodes_of(links: Links) -> set[str]:
    return {end for first, second, _ in links for end in (first, second)}


def test_every_order_and_direction_gives_the_same_places() -> None:
    links = cliques(5, 6, 4)
    first = weighted(nodes_of(links), links)
    turned = [(b, a, weight) for a, b, weight in links]
    random.Random(3).shuffle(turned)
    second = weighted(sorted(nodes_of(links), reverse=True), turned)
    assert layout(first, ranks(first)) == layout(second, ranks(second))


def test_links_of_a_pair_add_up_and_self_links_vanish() -> None:
    graph = weighted("ab", [("a", "b", 1.0), ("b", "a", 2.0), ("a", "a", 5.0)])
    assert graph["a"]["b"]["weight"] == 3.0
    assert not graph.has_edge("a", "a")


def test_communities_are_the_cliques_and_stand_together() -> None:
    links = cliques(6, 6, 6)
    graph = weighted(nodes_of(links), links)
    assert sorted(map(len, communities(graph))) == [6, 6, 6]
    places = layout(graph, ranks(graph))

    def apart(first: str, second: str) -> float:
        return math.dist((places[first].x, places[first].y), (places[second].x, places[second].y))

    within = [apart(a, b) for a, b in combinations(sorted(graph), 2) if a[:2] == b[:2]]
    between = [apart(a, b) for a, b in combinations(sorted(graph), 2) if a[:2] != b[:2]]
    assert sum(within) / len(within) < 0.6 * sum(between) / len(between)


@pytest.mark.parametrize("sizes", [(1,), (2,), (3,), (2, 2), (40,), (12, 3, 9)])
def test_no_two_stand_on_each_other(sizes: tuple[int, ...]) -> None:
    links = cliques(*sizes) + [(f"far{i}", f"away{i}", 1.0) for i in range(7)]
    graph = weighted(nodes_of(links) | {"alone"}, links)
    places = layout(graph, ranks(graph))
    assert set(places) == set(graph)
    nearest = min(math.dist((p.x, p.y), (q.x, q.y)) for p, q in combinations(places.values(), 2))
    assert nearest > 0.35 * STEP


def test_nothing_has_no_places() -> None:
    empty = weighted([], [])
    assert ranks(empty) == {}
    assert layout(empty, {}) == {}
    assert communities(weighted("ba", [])) == [["a"], ["b"]]


def test_the_hub_ranks_first() -> None:
    links = [("hub", f"n{i}", 1.0) for i in range(9)]
    rank = ranks(weighted(nodes_of(links), links))
    assert max(rank, key=lambda node: rank[node]) == "hub"


def test_backbone_keeps_the_best_that_are_joined() -> None:
    links = [*cliques(8), *[("tail0", "g0n0", 1.0)], *[(f"tail{i}", f"tail{i + 1}", 1.0) for i in range(20)]]
    graph = weighted(nodes_of(links), links)
    kept = backbone(graph, ranks(graph), size=8)
    assert len(kept) <= 8
    assert kept == sorted(kept)
    assert "g0n0" in kept
    assert all(any(other in graph.adj[node] for other in kept) for node in kept)
