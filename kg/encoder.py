"""A small pretrained transformer: the words of some sentences in, one vector for each piece of a word out.

Two sets of layers of all-MiniLM-L6-v2 (Apache 2.0; Wang et al. 2020, Reimers and Gurevych 2019) have been tuned: three
tell references (scripts/train_text_reader.py), all six, which are told of these, the relations of a sentence
(scripts/train_reader.py).  `kg/tables/reader_naming.onnx` and `reader_relating.onnx` hold the layers, with seven bits a
weight, for ONNX Runtime; the .npz beside them what stands below and above, and the vectors of the pieces.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

Array = NDArray[np.float32]
TABLES = Path(__file__).parent / "tables"
NAMING, RELATING = TABLES / "reader_naming", TABLES / "reader_relating"
"""Of the two sets of layers the files without their endings."""
LONGEST = 256
"""Pieces that are read at once; of a longer sentence what stands behind them is not read."""
BATCH = 1024
"""Pieces that go through the layers at once, with those that fill shorter sentences up."""
UNLIKE = 1.25
"""How much longer than the shortest the longest of those may be that go through together."""
SLOW = ["SkipLayerNormFusion"]
"""What ONNX Runtime 1.31 would do to the layers for speed and what costs a third more."""
TINY = 1e-12
LONGEST_PIECE = 18
"""Characters of the longest piece that is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """Some layers, and the norm of what goes into them."""

    norm: tuple[Array, Array]
    session: onnxruntime.InferenceSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoder:
    """The encoder: vectors of pieces and places, the two sets of layers, and the number of each piece."""

    words: NDArray[np.int8]
    word_scales: Array
    places: Array
    naming: Layers
    relating: Layers
    vocabulary: Mapping[str, int]

    @property
    def first(self) -> int:
        """The piece that opens a window."""
        return self.vocabulary["[CLS]"]

    @property
    def last(self) -> int:
        """The piece that closes a window."""
        return self.vocabulary["[SEP]"]


def embedded(encoder: Encoder, layers: Layers, pieces: Sequence[int], further: Array) -> Array:
    """One row for each piece, as the layers take it: what it is, where it stands, and what `further` adds.

    Raises ValueError for more than LONGEST pieces.
    """
    if len(pieces) > LONGEST:
        raise ValueError(f"there are more than {LONGEST} pieces")
    ids = np.asarray(pieces, dtype=np.intp)
    vectors = encoder.words[ids] * encoder.word_scales[ids][:, None]
    return normed(vectors + encoder.places[: len(ids)] + further, *layers.norm)


def through(layers: Layers, rows: Sequence[Array]) -> list[Array]:
    """What some layers make of windows of rows, each by itself."""
    found: dict[int, Array] = {}
    for batch in _batches(rows):
        width = len(rows[batch[-1]])
        x = np.zeros((len(batch), width, rows[0].shape[1]), dtype=np.float32)
        mask = np.zeros((len(batch), width), dtype=bool)
        for row, n in enumerate(batch):
            x[row, : len(rows[n])] = rows[n]
            mask[row, : len(rows[n])] = True
        (out,) = layers.session.run(None, {"x": x, "mask": mask})
        found |= {n: out[row, : len(rows[n])] for row, n in enumerate(batch)}
    return [found[n] for n in range(len(rows))]


def _batches(pieces: Sequence[Array]) -> list[list[int]]:
    """The numbers of the windows, those of like length together, so that little is filled up."""
    found: list[list[int]] = []
    for n in sorted(range(len(pieces)), key=lambda n: (len(pieces[n]), n)):
        length = len(pieces[n])
        if found and (len(found[-1]) + 1) * length <= BATCH and length <= len(pieces[found[-1][0]]) * UNLIKE:
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


SHAPES = 6
"""How many shapes of words there are."""


def shape_of(word: str) -> int:
    """The shape of a word, which the pieces do not show: lower case 1, one capital in front 2, all capitals 3, with
    capitals inside 4, anything else 5; 0 stands for no word."""
    if word.islower():
        return 1
    if word.isupper():
        return 3 if len(word) > 1 else 2
    if word.istitle():
        return 2
    return 4 if any(c.isupper() for c in word) else 5


# ---------------------------------------------------------------- files


@functools.lru_cache(maxsize=2)
def load_arrays(layers: Path) -> Mapping[str, NDArray[np.generic]]:
    """All arrays that belong to some layers, read once a process."""
    with np.load(layers.with_suffix(".npz")) as file:
        return {name: file[name] for name in file.files}


@functools.lru_cache(maxsize=1)
def load_encoder() -> Encoder:
    """The encoder that comes with the package, made once a process."""
    arrays = load_arrays(NAMING)
    words = bytes(arrays["vocabulary"]).decode("utf-8").split("\n")
    return Encoder(
        words=arrays["word"].astype(np.int8), word_scales=floats(NAMING, "word.scale"), places=floats(NAMING, "pos"),
        naming=_layers(NAMING), relating=_layers(RELATING), vocabulary={word: n for n, word in enumerate(words)},
    )  # fmt: skip


def _layers(file: Path) -> Layers:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        str(file.with_suffix(".onnx")), options, providers=["CPUExecutionProvider"], disabled_optimizers=SLOW
    )
    return Layers(norm=(floats(file, "norm.scale"), floats(file, "norm.shift")), session=session)


def floats(layers: Path, name: str) -> Array:
    """An array that belongs to some layers."""
    return load_arrays(layers)[name].astype(np.float32)
