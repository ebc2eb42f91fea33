"""Positions for the network view: computed once, here, so that nothing jiggles and every run looks the same.

Communities (Louvain) are told apart by longer distances between them; each connected part is placed by
stress majorisation (Gansner, Koren, North 2004: graph distances become distances on the page), the parts are
packed round the largest one, and names get room.  The order in which the graph was built does not matter.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import networkx as nx
import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

Array = npt.NDArray[np.float64]

SEED = 7
STEP = 105.0
"""Wanted length of a line between neighbours, in the page's units at scale 1."""
BETWEEN = 2.2
"""How much longer a line between two communities is wanted than one within."""
ROUND = 0.8
"""Power that shortens long distances, so that chains curl up instead of running off the page."""
WIDER = 1.1
"""Screens are wider than high, and so are names."""
CHUNK = 512
"""Points of the spiral that are looked at together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an entity stands: a point, the number of its community (the largest is 0), and its PageRank."""

    x: int
    y: int
    community: int
    rank: float


def weighted(nodes: Iterable[str], links: Iterable[tuple[str, str, float]]) -> nx.Graph:
    """An undirected graph built in sorted order; links of one pair add up, self-links are left out."""
    graph = nx.Graph()
    graph.add_nodes_from(sorted(nodes))
    for first, second, weight in sorted((min(a, b), max(a, b), weight) for a, b, weight in links):
        if first != second:
            before = graph[first][second]["weight"] if graph.has_edge(first, second) else 0.0
            graph.add_edge(first, second, weight=before + weight)
    return graph


def ranks(graph: nx.Graph) -> dict[str, float]:
    """PageRank of every node, rounded so that ties are ties on every machine."""
    if not graph:
        return {}
    return {node: round(value, 9) for node, value in nx.pagerank(graph, weight="weight").items()}


def backbone(graph: nx.Graph, rank: Mapping[str, float], *, size: int) -> list[str]:
    """The best-ranked nodes that have a line among themselves, at most `size` of them, sorted."""
    top = sorted(graph, key=lambda node: (-rank[node], node))[:size]
    return sorted(node for node in graph.subgraph(top) if any(n in graph.adj[node] for n in top if n != node))


def communities(graph: nx.Graph) -> list[list[str]]:
    """The Louvain communities, the largest first, each sorted."""
    if graph.number_of_edges() == 0:
        return [[node] for node in sorted(graph)]
    found = nx.community.louvain_communities(graph, weight="weight", seed=SEED)
    return sorted((sorted(group) for group in found), key=lambda group: (-len(group), group[0]))


def layout(graph: nx.Graph, rank: Mapping[str, float]) -> dict[str, Place]:
    """A place for every node of a graph that `weighted` built.  About 1,000 nodes are a sensible most."""
    # One thread: the same sums in the same order on every machine, and no core that waits for another.
    with threadpool_limits(limits=1, user_api="blas"):
        return _layout(graph, rank)


def _layout(graph: nx.Graph, rank: Mapping[str, float]) -> dict[str, Place]:
    group_of = {node: number for number, group in enumerate(communities(graph)) for node in group}
    parts = sorted((sorted(part) for part in nx.connected_components(graph)), key=lambda part: (-len(part), part[0]))
    placed = [_spread(_stress(graph, part, group_of)) for part in parts]
    points: dict[str, tuple[float, float]] = {}
    for part, shape in zip(parts, _pack(placed), strict=True):
        points.update(zip(part, map(tuple, shape.tolist()), strict=True))
    return {
        node: Place(x=round(x * WIDER), y=round(y), community=group_of[node], rank=rank[node])
        for node, (x, y) in sorted(points.items())
    }


def _stress(graph: nx.Graph, part: Sequence[str], group_of: Mapping[str, int]) -> Array:
    """Points for one connected part, its centre at the origin."""
    count = len(part)
    if count == 1:
        return np.zeros((1, 2))
    if count == 2:
        return np.array([[-STEP / 2, 0.0], [STEP / 2, 0.0]])
    index = {node: i for i, node in enumerate(part)}
    wanted = np.full((count, count), np.inf)
    for first, second in graph.subgraph(part).edges:
        # Hubs need room for their neighbours.
        crowd = math.sqrt(min(graph.degree(first), graph.degree(second)))
        length = (1.0 + 0.12 * crowd) * (1.0 if group_of[first] == group_of[second] else BETWEEN)
        wanted[index[first], index[second]] = wanted[index[second], index[first]] = length
    np.fill_diagonal(wanted, 0.0)
    wanted = _distances(wanted) ** ROUND
    points = _majorise(wanted, _start(wanted))
    return _turned(points) * STEP


def _distances(lengths: Array) -> Array:
    """Shortest ways between all nodes."""
    from scipy.sparse.csgraph import shortest_path  # slow to import

    return np.asarray(shortest_path(np.where(np.isinf(lengths), 0.0, lengths), directed=False))


def _start(wanted: Array) -> Array:
    """Classical scaling: the two main axes of the distances, and a little seeded noise against overlaps."""
    count = len(wanted)
    centre = np.eye(count) - 1.0 / count
    values, vectors = np.linalg.eigh(-0.5 * centre @ wanted**2 @ centre)
    axes = vectors[:, -2:] * np.sqrt(np.maximum(values[-2:], 0.01))
    axes *= np.where(axes[np.argmax(np.abs(axes), axis=0), [0, 1]] < 0, -1.0, 1.0)  # eigenvectors have no sign
    return np.asarray(np.round(axes, 6) + np.random.default_rng(SEED).normal(0.0, 0.05, (count, 2)))


def _majorise(wanted: Array, points: Array, *, steps: int = 120) -> Array:
    """The points moved until their distances are as near to the wanted ones as 120 steps bring them."""
    count = len(wanted)
    with np.errstate(divide="ignore"):
        weights = np.where(wanted > 0, wanted**-2.0, 0.0)
    laplacian = np.diag(weights.sum(axis=1)) - weights
    inverse = np.linalg.inv(laplacian + 1.0 / count) - 1.0 / count
    pull = weights * wanted
    for _ in range(steps):
        gaps = _gaps(points)
        np.fill_diagonal(gaps, 1.0)
        ratio = pull / np.maximum(gaps, 1e-6)
        moved = inverse @ (ratio.sum(axis=1)[:, None] * points - ratio @ points)
        shift = float(np.abs(moved - points).max())
        points = moved
        if shift < 0.002:
            break
    return points


def _turned(points: Array) -> Array:
    """The points round their centre, the long axis lying flat."""
    points = points - points.mean(axis=0)
    _, vectors = np.linalg.eigh(points.T @ points)
    flat = points @ vectors[:, ::-1]
    return np.asarray(flat * np.where(flat[np.argmax(np.abs(flat), axis=0), [0, 1]] < 0, -1.0, 1.0))


def _spread(points: Array, *, gap: float = 0.78 * STEP, rounds: int = 200) -> Array:
    """The points pushed apart until none is nearer to another than the gap."""
    count = len(points)
    if count < 3:
        return points
    for _ in range(rounds):
        dist = _gaps(points)
        np.fill_diagonal(dist, np.inf)
        near, other = np.nonzero(dist < gap)  # few pairs are, and only they push
        if not len(near):
            break
        found = dist[near, other]
        push = (gap - found) / np.maximum(found, 1e-6) * 0.5
        moves = [np.bincount(near, (x[near] - x[other]) * push, minlength=count) for x in points.T]
        points = points + np.stack(moves, axis=1)
    return points


def _gaps(points: Array) -> Array:
    """The distances between all points."""
    x, y = (axis[:, None] - axis[None, :] for axis in points.T)
    return np.asarray(np.sqrt(x**2 + y**2))


def _pack(shapes: Sequence[Array]) -> list[Array]:
    """The shapes moved apart: the first in the middle, each other one on the nearest free spot of a spiral."""
    placed: list[Array] = []
    spots = _Spots()
    for shape in shapes:
        centred = shape - (shape.max(axis=0) + shape.min(axis=0)) / 2
        radius = float(np.sqrt((centred**2).sum(axis=1)).max()) + STEP
        moved = centred + (spots.first_free(radius) if placed else np.zeros(2))
        placed.append(moved)
        spots.take(moved)
    return placed


@dataclass(slots=True)
class _Spots:
    """The points of a spiral from the origin, each with its distance from the nearest taken point.

    What is taken stays so, and every search looks along the same spiral.
    """

    taken: Array = field(default_factory=lambda: np.zeros((0, 2)))
    spots: Array = field(default_factory=lambda: np.zeros((0, 2)))
    free: Array = field(default_factory=lambda: np.zeros(0))
    angle: float = 0.0

    def take(self, points: Array) -> None:
        """Takes points."""
        self.taken = np.vstack([self.taken, points])
        self.free = np.minimum(self.free, _nearest(self.spots, points))

    def first_free(self, radius: float) -> Array:
        """The first point of the spiral that is at least `radius` from every taken point."""
        begin = 0
        while True:
            wide = np.flatnonzero(self.free[begin:] >= radius)
            if len(wide):
                return np.asarray(self.spots[begin + wide[0]])
            begin = len(self.spots)
            self._go_on()

    def _go_on(self) -> None:
        step = 0.35 * STEP
        more = []
        for _ in range(CHUNK):
            distance = step * self.angle / (2 * math.pi)
            more.append((distance * math.cos(self.angle), distance * math.sin(self.angle)))
            self.angle += min(0.6, step / max(distance, step))
        new = np.array(more)
        self.spots = np.vstack([self.spots, new])
        self.free = np.concatenate([self.free, _nearest(new, self.taken)])


def _nearest(spots: Array, points: Array) -> Array:
    """The distance of each spot from the nearest of the points."""
    gaps = np.full(len(spots), np.inf)
    for x, y in points.tolist():
        np.minimum(gaps, np.hypot(x - spots[:, 0], y - spots[:, 1]), out=gaps)
    return gaps
