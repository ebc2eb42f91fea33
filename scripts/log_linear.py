"""Weights of a log-linear model that chooses one of several rows of cues, by penalised likelihood.

Needs numpy and scipy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A choice: its rows of cues, how far each of them is right, and how much the choice counts."""

    rows: Sequence[Sequence[str]]
    right: tuple[float, ...]
    weight: float


def fit(used: Sequence[Weighed], *, strength: float, rare: int, places: int, least: float) -> dict[str, float]:
    """Cue -> weight, to so many decimal places.

    `strength` is that of the quadratic penalty; cues seen in fewer choices than `rare`, and weights that come out below
    `least`, are left out.
    """
    seen: Counter[str] = Counter()
    for u in used:
        seen.update({cue for row in u.rows for cue in row})
    columns = {cue: n for n, cue in enumerate(sorted(cue for cue, count in seen.items() if count >= rare))}
    lengths = np.array([len(u.rows) for u in used])
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    flat = [[columns[cue] for cue in row if cue in columns] for u in used for row in u.rows]
    row_of = np.repeat(np.arange(len(flat)), [len(r) for r in flat])
    column_of = np.array([c for r in flat for c in r])
    target = np.array([t for u in used for t in u.right])
    group = np.repeat(np.arange(len(used)), lengths)
    importance = np.array([u.weight for u in used])

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        scores = np.bincount(row_of, weights=w[column_of], minlength=len(flat))
        scores -= np.maximum.reduceat(scores, starts)[group]
        raised = np.exp(scores)
        chance = raised / np.add.reduceat(raised, starts)[group]
        part = chance * target
        right = np.add.reduceat(part, starts)
        gradient = (chance - part / right[group]) * importance[group]
        value = -(importance * np.log(right)).sum() + strength / 2 * (w @ w)
        return value, np.bincount(column_of, weights=gradient[row_of], minlength=len(w)) + strength * w

    best = minimize(loss, np.zeros(len(columns)), jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    return {cue: round(float(best[n]), places) for cue, n in columns.items() if abs(best[n]) >= least}
