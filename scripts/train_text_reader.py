"""Train the reader of kg/text_reader.py and kg/reference_reader.py: python scripts/train_text_reader.py [--check]
[--epochs N] [-o FOLDER].

What is read is the references; the tags of names are learned beside them.

It is trained on the marked passages and items of scripts/data (scripts/reader_examples.py) but one in ten, on which it
prints precision and recall at the end.  It starts from layers of all-MiniLM-L6-v2 (Apache 2.0).  The tables are
reader_naming.npz (vectors of pieces, heads) and reader_naming.onnx (layers).  30 minutes on two quiet cores.  The same
input on the same machine gives the same tables but for the last bits.  Needs what `pip install .[train]` brings.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from reader_examples import Text, Window, texts, windows
from small_transformer import (
    WIDTH,
    Start,
    Tuning,
    asked_for,
    eighths,
    head_arrays,
    text_array,
    through,
    write_layers,
)
from torch import Tensor, nn
from torch.nn import functional

from kg import encoder
from kg.encoder import LONGEST
from kg.reference_reader import stands
from kg.text_reader import TAGS

LAYERS = (0, 1, 3)
REFERS = 128
EPOCHS = 4
BATCH = 1400
"""Pieces of the windows that are learned from at once."""


# ---------------------------------------------------------------- network


class Network(nn.Module):
    """The layers of the start, tuned, and the heads; kg/text_reader.py and kg/reference_reader.py are the same in NumPy
    and ONNX."""

    def __init__(self, start: Start) -> None:
        super().__init__()
        self.register_buffer("places", start.places(LONGEST))
        self.register_buffer("words", start.words())
        self.norm = start.norm()
        self.shapes = nn.Embedding(encoder.SHAPES, WIDTH)
        nn.init.normal_(self.shapes.weight, 0, 0.02)
        self.layers = nn.ModuleList(start.layer(n) for n in LAYERS)
        self.tag = nn.Linear(WIDTH, TAGS)
        self.refers, self.named = nn.Linear(2 * WIDTH, REFERS), nn.Linear(2 * WIDTH, REFERS)
        self.stands, self.elsewhere = nn.Linear(2 * WIDTH, 4), nn.Linear(2 * WIDTH, 1)
        self.drop = nn.Dropout(0.1)

    def forward(self, b: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """For each word the scores of the tags of names, for each reference those of no name and of each of the names
        that it may mean."""
        x = self.words[b["pieces"]] + self.places[None, : b["pieces"].shape[1]] + self.shapes(b["shapes"])
        x = self.drop(self.norm(x))
        for layer in self.layers:
            x = through(layer, x, b["mask"], self.drop)
        return self.tag(x.flatten(0, 1)[b["worded"]]), self._referring(self._mentions(x, b), b)

    def _mentions(self, x: Tensor, b: dict[str, Tensor]) -> Tensor:
        n, t, width = x.shape
        sums, rows = _sums(x), x.reshape(n * t, width)
        begin, end, row = b["begin"], b["end"], b["row"]
        mean = (sums[row * (t + 1) + end] - sums[row * (t + 1) + begin]) / (end - begin)[:, None]
        return torch.cat([mean, rows[row * t + begin]], 1)

    def _referring(self, mentions: Tensor, b: dict[str, Tensor]) -> Tensor:
        one = mentions[b["referring"]]
        scores = (self.refers(one)[:, None, :] * self.named(mentions)[b["names"]]).sum(-1) / math.sqrt(REFERS)
        scores = scores + (self.stands(one)[:, None, :] * b["stands"]).sum(-1)
        return torch.cat([self.elsewhere(one), scores.masked_fill(~b["listed"], -1e4)], 1)


def _sums(x: Tensor) -> Tensor:
    """Sums of the pieces before each, so that the difference of two is the sum of what stands between."""
    n, t, width = x.shape
    return functional.pad(x.float().cumsum(1), (0, 0, 1, 0)).reshape(n * (t + 1), width)


def batch_of(found: Sequence[Window]) -> dict[str, Tensor]:
    """The tensors of some windows."""
    width = max(len(one.pieces) for one in found)
    pieces, shapes, mask = (np.zeros((len(found), width), dtype=np.int64) for _ in range(3))
    tags = np.full((len(found), width), -1)
    places: list[tuple[int, int, int]] = []
    bases: list[int] = []
    for row, one in enumerate(found):
        pieces[row, : len(one.pieces)], mask[row, : len(one.pieces)] = one.pieces, 1
        shapes[row, : len(one.pieces)], tags[row, : len(one.pieces)] = one.shapes, one.tags
        bases.append(len(places))
        places += [(begin, end, row) for begin, end in one.spans]
    begin, end, rows = torch.tensor(places, dtype=torch.long).reshape(-1, 3).T
    return {
        "shapes": torch.tensor(shapes), "worded": torch.tensor(np.flatnonzero(tags >= 0)),
        "tags": torch.tensor(tags[tags >= 0]), "pieces": torch.tensor(pieces), "mask": torch.tensor(mask).bool(),
        "begin": begin, "end": end, "row": rows, **_references(found, bases),
    }  # fmt: skip


def _references(found: Sequence[Window], bases: Sequence[int]) -> dict[str, Tensor]:
    rows = [(one, base, m, names) for one, base in zip(found, bases, strict=True) for m, names in one.references]
    most = max((len(names) for *_, names in rows), default=1)
    listed = [[n < len(names) for n in range(most)] for *_, names in rows]
    numbers = [[base + n for n in names] + [0] * (most - len(names)) for _, base, _, names in rows]
    sides = [
        [list(stands(one.spans, one.lines, m, n)) for n in names] + [[0.0] * 4] * (most - len(names))
        for one, _, m, names in rows
    ]
    return {
        "referring": torch.tensor([base + m for _, base, m, _ in rows], dtype=torch.long),
        "names": torch.tensor(numbers, dtype=torch.long).reshape(-1, most),
        "listed": torch.tensor(listed).reshape(-1, most).bool(), "stands": torch.tensor(sides).reshape(-1, most, 4),
    }  # fmt: skip


def _meant(found: Sequence[Window]) -> list[list[int]]:
    """For each reference the places of the right answers: 0 for none of the names, then each of the names."""
    return [
        [n + 1 for n, name in enumerate(names) if one.entities[name] == one.entities[m]] or [0]
        for one in found
        for m, names in one.references
    ]


def loss_of(scores: tuple[Tensor, Tensor], tags: Tensor, group: Sequence[Window]) -> Tensor:
    """How far the scores are from what holds; any name of what is meant will do."""
    tagged, referring = (part.float() for part in scores)
    return functional.cross_entropy(tagged, tags) + _any_of(referring, _meant(group))


def _any_of(scores: Tensor, right: Sequence[Sequence[int]]) -> Tensor:
    """The mean surprise at the right answers, of which any will do."""
    if not right:
        return torch.zeros(())
    wrong = np.ones(scores.shape, dtype=bool)
    for row, places in enumerate(right):
        wrong[row, list(places)] = False
    likely = torch.log_softmax(scores, 1).masked_fill(torch.tensor(wrong), -1e4)
    return -torch.logsumexp(likely, 1).mean()


# ---------------------------------------------------------------- training


def train(found: Sequence[Text], network: Network, epochs: int, ends: tuple[int, int]) -> None:
    """Tunes the network, and prints the loss of each round."""
    rng = random.Random(0)  # noqa: S311  repeatable, not secret
    rounds = [list(_groups(windows(found, ends, rng), rng)) for _ in range(epochs)]
    tuning = Tuning(network, sum(map(len, rounds)))
    begin = time.time()
    for number, groups in enumerate(rounds):
        total = 0.0
        for group in groups:
            batch = batch_of(group)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores = network(batch)
            total += tuning.step(loss_of(scores, batch["tags"], group))
        print(
            f"round {number + 1} of {epochs}: loss {total / len(groups):.4f}, {time.time() - begin:.0f} s", flush=True
        )


def _groups(found: Sequence[Window], rng: random.Random | None) -> Iterator[list[Window]]:
    """Windows of like length together, so that little is filled up, as many as make BATCH pieces."""
    made: list[list[Window]] = []
    for one in sorted(found, key=lambda one: len(one.pieces) + (rng.random() * 6 if rng else 0)):
        if made and (len(made[-1]) + 1) * len(one.pieces) <= BATCH:
            made[-1].append(one)
        else:
            made.append([one])
    if rng is not None:
        rng.shuffle(made)
    return iter(made)


@torch.no_grad()
def check(found: Sequence[Window], network: Network) -> Iterator[str]:
    """How many tags are right, and precision and recall of references."""
    network.eval()
    tags: list[tuple[int, int]] = []
    references: list[tuple[list[int], NDArray[np.float32]]] = []
    for group in _groups(found, None):
        batch = batch_of(group)
        tagged, referring = network(batch)
        references += zip(_meant(group), torch.softmax(referring, 1).numpy(), strict=True)
        tags += zip(batch["tags"].tolist(), tagged.argmax(1).tolist(), strict=True)
    named = [(right, guess) for right, guess in tags if right or guess]
    whether = sum(right > 0 and guess > 0 for right, guess in named) / len(named)
    yield f"tags of names right: {sum(right == guess for right, guess in named) / len(named):.3f}, names {whether:.3f}"
    for least in (0.0, 0.3, 0.5, 0.8):
        told = [(right, row.argmax()) for right, row in references if row.max() >= least and row.argmax() > 0]
        hits = sum(guess in right for right, guess in told)
        meant = sum(right != [0] for right, _ in references)
        yield f"references from {least}: precision {hits / max(1, len(told)):.3f}, recall {hits / meant:.3f} of {meant}"


# ---------------------------------------------------------------- writing


def write(network: Network, vocabulary: list[str], folder: Path) -> None:
    """Writes the two tables."""
    network.eval()
    state = {name: tensor.float().numpy() for name, tensor in network.state_dict().items()}
    np.savez_compressed(
        folder / f"{encoder.NAMING.name}.npz",
        pos=state["places"].astype(np.float16),
        shape=state["shapes.weight"].astype(np.float16),
        **{"norm.scale": state["norm.weight"], "norm.shift": state["norm.bias"], "vocabulary": text_array(vocabulary)},
        **eighths("word", state["words"]),
        **head_arrays(state, ("tag", "refers", "named", "stands", "elsewhere")),
    )
    write_layers(network.layers, folder / f"{encoder.NAMING.name}.onnx", LONGEST)


def main() -> None:
    """Trains, checks and writes."""
    options = asked_for(__doc__, EPOCHS)
    torch.manual_seed(0)
    start = Start()
    vocabulary = start.vocabulary
    ends = (vocabulary["[CLS]"], vocabulary["[SEP]"])
    found = texts(vocabulary)
    network = Network(start)
    training = [one for one in found if not one.held_out]
    print(f"{len(training)} passages of {len(found)}, {len(vocabulary)} pieces", flush=True)
    train(training, network, options.epochs, ends)
    print("\n".join(check(windows([one for one in found if one.held_out], ends, None), network)), flush=True)
    if not options.check:
        write(network, list(vocabulary), options.output)


if __name__ == "__main__":
    main()
