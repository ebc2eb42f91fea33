"""A small pretrained transformer: the words of sentences in, one vector for each piece of a word out.

Layers of all-MiniLM-L6-v2 (Apache 2.0; Wang et al. 2020, Reimers and Gurevych 2019), tuned by scripts/train_reader.py
to tell relations.  `kg/tables/reader.onnx` holds the layers, with eight bits a weight, for ONNX Runtime;
`kg/tables/reader.npz` the vectors of the pieces.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from kg.name_words import TABLES

Array = NDArray[np.float32]
ARRAYS, LAYERS = TABLES / "reader.npz", TABLES / "reader.onnx"
LONGEST = 128
"""Pieces of a sentence that are read; what stands behind them is not."""
BATCH = 1024
"""Pieces that go through the layers at once, with those that fill shorter sentences up."""
TINY = 1e-12
LONGEST_PIECE = 18
"""Characters of the longest piece that is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoder:
    """The encoder: vectors of pieces and places, the first norm, the layers, and the number of each piece."""

    words: NDArray[np.int8]
    word_scales: Array
    places: Array
    norm: tuple[Array, Array]
    layers: onnxruntime.InferenceSession
    vocabulary: Mapping[str, int]

    @property
    def first(self) -> int:
        """The piece that opens a sentence."""
        return self.vocabulary["[CLS]"]

    @property
    def last(self) -> int:
        """The piece that closes a sentence."""
        return self.vocabulary["[SEP]"]


def encoded(encoder: Encoder, pieces: Sequence[Sequence[int]], kinds: Sequence[Array]) -> list[Array]:
    """One row for each piece of each sentence; `kinds` are added to the vectors of the pieces at the start.

    Raises ValueError for a sentence of more than LONGEST pieces.
    """
    if any(len(sentence) > LONGEST for sentence in pieces):
        raise ValueError(f"a sentence has more than {LONGEST} pieces")
    found: dict[int, Array] = {}
    for batch in _batches(pieces):
        width = len(pieces[batch[-1]])
        x = np.zeros((len(batch), width, encoder.places.shape[1]), dtype=np.float32)
        mask = np.zeros((len(batch), width), dtype=bool)
        for row, n in enumerate(batch):
            ids = np.asarray(pieces[n], dtype=np.intp)
            vectors = encoder.words[ids] * encoder.word_scales[ids][:, None]
            x[row, : len(ids)] = normed(vectors + encoder.places[: len(ids)] + kinds[n], *encoder.norm)
            mask[row, : len(ids)] = True
        (out,) = encoder.layers.run(None, {"x": x, "mask": mask})
        found |= {n: out[row, : len(pieces[n])] for row, n in enumerate(batch)}
    return [found[n] for n in range(len(pieces))]


def _batches(pieces: Sequence[Sequence[int]]) -> list[list[int]]:
    """The numbers of the sentences, those of like length together, so that little is filled up."""
    found: list[list[int]] = []
    for n in sorted(range(len(pieces)), key=lambda n: (len(pieces[n]), n)):
        if found and (len(found[-1]) + 1) * len(pieces[n]) <= BATCH:
            found[-1].append(n)
        else:
            found.append([n])
    return found


def normed(x: Array, scale: Array, shift: Array) -> Array:
    """Each row with mean 0 and variance 1, scaled and shifted."""
    x = x - x.mean(-1, keepdims=True)
    x *= 1 / np.sqrt((x * x).mean(-1, keepdims=True) + TINY)
    x *= scale
    x += shift
    return x


def gelu(x: Array) -> Array:
    """The Gaussian error linear unit (Hendrycks and Gimpel 2016) in its approximation by tanh."""
    inner = x * x
    inner *= 0.044715
    inner += 1
    inner *= x
    inner *= 0.7978845608
    np.tanh(inner, out=inner)
    inner += 1
    inner *= x
    inner *= 0.5
    return inner


# ---------------------------------------------------------------- pieces of words


def pieces_in(vocabulary: Mapping[str, int], word: str) -> tuple[int, ...]:
    """The numbers of the longest known pieces of a word, from left to right; unknown characters are left out."""
    plain = "".join(c for c in unicodedata.normalize("NFD", word.lower()) if unicodedata.category(c) != "Mn")
    found: list[int] = []
    for part in _parts(plain):
        at = 0
        while at < len(part) and len(found) < LONGEST:
            end = next(
                (e for e in range(min(len(part), at + LONGEST_PIECE), at, -1) if _piece(part, at, e) in vocabulary), 0
            )
            if end:
                found.append(vocabulary[_piece(part, at, end)])
            at = end or at + 1
    return tuple(found)


def _piece(part: str, begin: int, end: int) -> str:
    return part[begin:end] if begin == 0 else "##" + part[begin:end]


def _parts(word: str) -> list[str]:
    """Runs of letters and digits, and marks one by one."""
    parts, run = [], ""
    for c in word:
        if c.isalnum():
            run += c
        else:
            parts += [run, c] if run else [c]
            run = ""
    return [*parts, run] if run else parts


# ---------------------------------------------------------------- files


@functools.lru_cache(maxsize=1)
def load_arrays() -> Mapping[str, NDArray[np.generic]]:
    """All arrays of the table, read once a process."""
    with np.load(ARRAYS) as file:
        return {name: file[name] for name in file.files}


@functools.lru_cache(maxsize=1)
def load_encoder() -> Encoder:
    """The encoder that comes with the package, made once a process."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    words = bytes(load_arrays()["vocabulary"]).decode("utf-8").split("\n")
    return Encoder(
        words=load_arrays()["word"].astype(np.int8), word_scales=floats("word.scale"), places=floats("pos"),
        norm=(floats("norm.scale"), floats("norm.shift")),
        layers=onnxruntime.InferenceSession(str(LAYERS), options, providers=["CPUExecutionProvider"]),
        vocabulary={word: n for n, word in enumerate(words)},
    )  # fmt: skip


def floats(name: str) -> Array:
    """An array of the table."""
    return load_arrays()[name].astype(np.float32)
