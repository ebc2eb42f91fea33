"""Sketches of texts, to find those that are nearly the same: MinHash (Broder 1997) over runs of five words."""

from __future__ import annotations

import functools
import hashlib
import re
from collections import defaultdict

import numpy as np
import numpy.typing as npt

SHINGLE = 5
"""Words in a row that are compared: shared runs of five are quotations or copies."""
HASHES = 128
BANDS, ROWS = 25, 5
"""Texts that share half of their runs agree in one of 25 bands of five numbers with a probability of 0.55, those that
share 70 % with 0.99, and those that share 20 % with 0.01."""
_WORD = re.compile(r"\w+")

Numbers = npt.NDArray[np.uint32]


def sketch_of(text: str) -> bytes:
    """128 numbers of 4 bytes each, of which texts have in common about the share of their runs; empty without a run."""
    words = [word.casefold() for word in _WORD.findall(text)]
    runs = {" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)}
    if not runs:
        return b""
    found = np.frombuffer(b"".join([hashlib.sha1(run.encode()).digest()[:4] for run in runs]), dtype="<u4")  # noqa: S324
    factors, shifts = _permutations()
    smallest: Numbers = (found[:, None] * factors + shifts).min(axis=0)
    return smallest.astype("<u4").tobytes()


@functools.lru_cache(maxsize=1)
def _permutations() -> tuple[Numbers, Numbers]:
    chance = np.random.RandomState(1)  # whose numbers NumPy promises to keep
    factors = chance.randint(0, 1 << 31, HASHES, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return factors, chance.randint(0, 1 << 32, HASHES, dtype=np.uint32)


class Sketches:
    """Sketches by the keys of their texts, to look similar ones up."""

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}
        self._bands: dict[tuple[int, bytes], list[str]] = defaultdict(list)

    def __contains__(self, key: str) -> bool:
        return key in self._known

    def add(self, key: str, sketch: bytes) -> None:
        """Adds a sketch."""
        self._known[key] = sketch
        for band in _bands(sketch):
            self._bands[band].append(key)

    def near(self, sketch: bytes, share: float) -> list[str]:
        """The keys of those that have at least this share of their numbers in common with the sketch, sorted."""
        keys = {key for band in _bands(sketch) for key in self._bands.get(band, ())}
        return sorted(key for key in keys if _in_common(self._known[key], sketch) >= share)


def _bands(sketch: bytes) -> list[tuple[int, bytes]]:
    return [(n, sketch[n * ROWS * 4 : (n + 1) * ROWS * 4]) for n in range(BANDS)]


def _in_common(one: bytes, other: bytes) -> float:
    return float((np.frombuffer(one, "<u4") == np.frombuffer(other, "<u4")).mean())
