"""Train the reader of kg/relation_reader.py: python scripts/train_reader.py [--check] [--epochs N] [-o FOLDER].

It is trained on the marked passages and items of scripts/data (scripts/passages.py) but one in ten, on which --check
prints precision and recall.  It starts from layers of all-MiniLM-L6-v2 (Apache 2.0).  The tables are
reader_relating.npz and reader_relating.onnx; the vectors of the pieces are those of scripts/train_text_reader.py.
20 minutes on two quiet cores.  The same input on the same machine gives the same tables but for the last bits.  Needs
what `pip install .[train]` brings.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from passages import Marking, is_name, passages
from reader_examples import COLUMN, RELATIONS, SYMMETRIC
from small_transformer import (
    WIDTH,
    Start,
    Tuning,
    eighths,
    head_arrays,
    relation_loss,
    text_array,
    through,
    write_layers,
)
from torch import Tensor, nn
from torch.nn import functional

from kg import encoder, nlp
from kg.relation_reader import FAR, KINDS, LONGEST, MODES, NEAR
from kg.text_reader import CLASSES

LAYERS = (0, 2, 4)
HIDDEN, BOTH = 384, 96
EPOCHS, BATCH = 5, 24
PAIRS = 60
"""Pairs of a sentence that are learned from at once: those with a fact, then others drawn by chance."""
HIDDEN_CLASS = 0.04
"""The chance that the class of a mention is hidden: classes will be wrong at times."""
SURE = (0.35, 0.5, 0.7, 0.85)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A sentence as numbers: its pieces, the class and kind of the mention over each, spans of the mentions, and for
    each pair of mentions of two entities the relations that hold (each fact by its alternatives) and the mode."""

    held_out: bool
    pieces: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]
    kinds: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...]
    facts: tuple[tuple[tuple[int, ...], ...], ...]
    modes: tuple[int, ...]


# ---------------------------------------------------------------- examples


def examples(vocabulary: dict[str, int]) -> list[Example]:
    """Every sentence of the passages with two mentions or more."""
    tokenize = nlp.load().make_doc
    found: list[Example] = []
    for passage in passages():
        for sentence in passage.sentences:
            one = _example(sentence, vocabulary, tokenize, held_out=passage.held_out)
            if one.pairs:
                found.append(one)
    return found


def _example(
    sentence: Marking, vocabulary: dict[str, int], tokenize: Callable[[str], Any], *, held_out: bool
) -> Example:
    pieces, at = [vocabulary["[CLS]"]], []
    for token in tokenize(sentence.text):
        begin = len(pieces)
        pieces += encoder.pieces_in(vocabulary, token.text)
        at.append((token.idx, token.idx + len(token), begin, len(pieces)))
    pieces = [*pieces, vocabulary["[SEP]"]][:LONGEST]
    spans, kinds, entities = [], [], []
    for m in sentence.mentions:
        covered = [(a, b) for begin, end, a, b in at if begin < m.end and end > m.begin]
        if covered and covered[0][0] < min(covered[-1][1], len(pieces)):
            words = sentence.text[m.begin : m.end]
            kind = "name" if is_name(words) else "nominal" if " " in words else "pronoun"
            spans.append((covered[0][0], min(covered[-1][1], len(pieces))))
            kinds.append(CLASSES[m.type] * len(KINDS) + KINDS[kind])
            entities.append(m.entity)
    pairs, facts, modes = [], [], []
    for i, a in enumerate(entities):
        for j, b in enumerate(entities):
            if a != b:
                held = [
                    (fact.relations if (fact.subject, fact.object) == (a, b) else tuple(SYMMETRIC & {*fact.relations}),
                     fact.mode)
                    for fact in sentence.facts
                    if (fact.subject, fact.object) == (a, b)
                    or (fact.object, fact.subject) == (a, b) and SYMMETRIC & {*fact.relations}
                ]  # fmt: skip
                pairs.append((i, j))
                facts.append(tuple(tuple(sorted(COLUMN[name] for name in names)) for names, _ in held))
                modes.append(MODES.index(held[0][1]) if held else -1)
    return Example(
        held_out=held_out, pieces=tuple(pieces), spans=tuple(spans), kinds=tuple(kinds), pairs=tuple(pairs),
        facts=tuple(facts), modes=tuple(modes),
    )  # fmt: skip


# ---------------------------------------------------------------- network


class Network(nn.Module):
    """The layers of the start, tuned, and the head; kg/relation_reader.py is the same in NumPy and ONNX."""

    def __init__(self, start: Start) -> None:
        super().__init__()
        self.register_buffer("words", start.words())
        self.register_buffer("places", start.places(LONGEST))
        self.norm = start.norm()
        self.layers = nn.ModuleList(start.layer(n) for n in LAYERS)
        self.kinds = nn.Embedding((len(CLASSES) + 2) * len(KINDS), WIDTH)
        nn.init.normal_(self.kinds.weight, 0, 0.02)
        self.subject = nn.Linear(2 * WIDTH, HIDDEN)
        self.object = nn.Linear(2 * WIDTH, HIDDEN, bias=False)
        self.between = nn.Linear(WIDTH, HIDDEN, bias=False)
        self.place = nn.Linear(3, HIDDEN, bias=False)
        self.one, self.other = nn.Linear(2 * WIDTH, BOTH), nn.Linear(2 * WIDTH, BOTH)
        self.both = nn.Linear(BOTH, HIDDEN, bias=False)
        self.relation, self.mode = nn.Linear(HIDDEN, len(RELATIONS)), nn.Linear(HIDDEN, len(MODES))
        nn.init.constant_(self.relation.bias, -4.0)
        self.drop, self.drop_head = nn.Dropout(0.1), nn.Dropout(0.2)

    def forward(self, b: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """For each pair of the batch the scores of the relations and of the modes."""
        x = self.words[b["pieces"]] + self.places[None, : b["pieces"].shape[1]] + self.kinds(b["kinds"])
        x = self.drop(self.norm(x))
        for layer in self.layers:
            x = through(layer, x, b["mask"], self.drop)
        n, t, width = x.shape
        sums, rows = functional.pad(x.cumsum(1), (0, 0, 1, 0)).reshape(n * (t + 1), width), x.reshape(n * t, width)
        begin, end, row = b["begin"], b["end"], b["row"]
        mean = (sums[row * (t + 1) + end] - sums[row * (t + 1) + begin]) / (end - begin)[:, None]
        mention = torch.cat([mean, rows[row * t + begin]], 1)
        i, j, low, high, of = b["i"], b["j"], b["low"], b["high"], b["of"]
        gap = (sums[of * (t + 1) + high] - sums[of * (t + 1) + low]) / (high - low).clamp(min=1)[:, None]
        both = torch.tanh(self.one(mention))[i] * torch.tanh(self.other(mention))[j]
        z = self.subject(mention)[i] + self.object(mention)[j] + self.between(gap) + self.place(b["place"])
        z = self.drop_head(functional.gelu(z + self.both(both), approximate="tanh"))
        return self.relation(z), self.mode(z)


def batch_of(found: Sequence[Example], pairs: Sequence[Sequence[int]], rng: random.Random | None) -> dict[str, Tensor]:
    """The tensors of some examples, with these of their pairs."""
    width = max(len(one.pieces) for one in found)
    pieces, kinds, mask = (np.zeros((len(found), width), dtype=np.int64) for _ in range(3))
    columns: dict[str, list[Any]] = {
        name: [] for name in ("begin", "end", "row", "i", "j", "low", "high", "of", "place")
    }
    for row, (one, chosen) in enumerate(zip(found, pairs, strict=True)):
        pieces[row, : len(one.pieces)], mask[row, : len(one.pieces)] = one.pieces, 1
        base = len(columns["begin"])
        for (a, b), kind in zip(one.spans, one.kinds, strict=True):
            unknown = rng is not None and rng.random() < HIDDEN_CLASS
            kinds[row, a:b] = (len(CLASSES) + 1) * len(KINDS) + kind % len(KINDS) if unknown else kind
            for name, value in (("begin", a), ("end", b), ("row", row)):
                columns[name].append(value)
        for pair in chosen:
            i, j = one.pairs[pair]
            (_, b), (c, _) = sorted((one.spans[i], one.spans[j]))
            gap = max(0, c - b)
            place = [1.0 if one.spans[i] < one.spans[j] else -1.0, min(gap, FAR) / (FAR / 2), float(gap <= NEAR)]
            for name, number in (("i", base + i), ("j", base + j), ("low", b), ("high", b + gap), ("of", row)):
                columns[name].append(number)
            columns["place"].append(place)
    return {
        "pieces": torch.tensor(pieces), "kinds": torch.tensor(kinds), "mask": torch.tensor(mask).bool(),
        **{name: torch.tensor(column) for name, column in columns.items()},
    }  # fmt: skip


# ---------------------------------------------------------------- training


def train(found: Sequence[Example], network: Network, epochs: int) -> None:
    """Tunes the network, and prints the loss of each round."""
    rng = random.Random(0)  # noqa: S311  repeatable, not secret
    tuning = Tuning(network, epochs * (len(found) // BATCH + 1))
    begin = time.time()
    for epoch in range(epochs):
        order = sorted(found, key=lambda one: len(one.pieces) + rng.random() * 6)
        groups = [order[n : n + BATCH] for n in range(0, len(order), BATCH)]
        rng.shuffle(groups)
        total = 0.0
        for group in groups:
            pairs = [_drawn(one, rng) for one in group]
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores, modes = network(batch_of(group, pairs, rng))
            facts = [one.facts[p] for one, chosen in zip(group, pairs, strict=True) for p in chosen]
            said = [one.modes[p] for one, chosen in zip(group, pairs, strict=True) for p in chosen]
            total += tuning.step(relation_loss(scores.float(), modes.float(), facts, said))
        print(f"round {epoch + 1} of {epochs}: loss {total / len(groups):.4f}, {time.time() - begin:.0f} s", flush=True)


def _drawn(one: Example, rng: random.Random) -> list[int]:
    told = [n for n, facts in enumerate(one.facts) if facts]
    others = [n for n, facts in enumerate(one.facts) if not facts]
    rng.shuffle(others)
    return [*told, *others][:PAIRS]


@torch.no_grad()
def check(found: Sequence[Example], network: Network) -> Iterator[str]:
    """Precision and recall over the pairs of mentions of these examples, and how often the mode is right."""
    network.eval()
    rows: list[tuple[NDArray[np.float32], Sequence[Sequence[int]], int, int]] = []
    for n in range(0, len(found), BATCH):
        group = found[n : n + BATCH]
        scores, modes = network(batch_of(group, [range(len(one.pairs)) for one in group], None))
        facts = [told for one in group for told in one.facts]
        said = [mode for one in group for mode in one.modes]
        rows += zip(torch.sigmoid(scores).numpy(), facts, said, modes.argmax(1).tolist(), strict=True)
    gold = sum(bool(facts) for _, facts, _, _ in rows)
    for sure in SURE:
        made = [any(n in names for names in facts) for p, facts, _, _ in rows for n in np.nonzero(p >= sure)[0]]
        hit = sum(any(p[n] >= sure for names in facts for n in names) for p, facts, _, _ in rows)
        yield f"from {sure}: precision {sum(made) / max(1, len(made)):.3f}, recall {hit / gold:.3f} of {gold} pairs"
    modal = [said == guess for _, _, said, guess in rows if said >= 0]
    yield f"modes right: {sum(modal) / len(modal):.3f}"


# ---------------------------------------------------------------- writing


def write(network: Network, folder: Path) -> None:
    """Writes the two tables."""
    network.eval()
    state = {name: tensor.float().numpy() for name, tensor in network.state_dict().items()}
    np.savez_compressed(
        folder / f"{encoder.RELATING.name}.npz",
        **{"norm.scale": state["norm.weight"], "norm.shift": state["norm.bias"], "relations": text_array(RELATIONS)},
        **eighths("kind", state["kinds.weight"]),
        **head_arrays(state, ("subject", "object", "between", "place", "one", "other", "both", "relation", "mode")),
    )
    write_layers(network.layers, folder / f"{encoder.RELATING.name}.onnx", LONGEST)


def main() -> None:
    """Trains, checks and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("-o", "--output", type=Path, default=encoder.TABLES)
    options = parser.parse_args()
    torch.manual_seed(0)
    start = Start()
    vocabulary = start.vocabulary
    found = examples(vocabulary)
    network = Network(start)
    training = [one for one in found if not one.held_out]
    print(f"{len(training)} sentences of {len(found)}, {len(vocabulary)} pieces", flush=True)
    train(training, network, options.epochs)
    print("\n".join(check([one for one in found if one.held_out], network)), flush=True)
    if not options.check:
        write(network, options.output)


if __name__ == "__main__":
    main()
