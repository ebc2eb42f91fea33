"""Train the reader of kg/text_reader.py and kg/reference_reader.py: python scripts/train_text_reader.py [--check]
[--epochs N] [-o FOLDER].

What is read is the references.  Names, relations and whose word these are, also over two sentences, are learned beside
them; of these only the tags of names are written.

It is trained on the marked passages and items of scripts/data (scripts/reader_examples.py) but one in ten, on which it
prints precision and recall at the end.  It starts from layers of all-MiniLM-L6-v2 (Apache 2.0).  The tables are
reader_naming.npz (vectors of pieces, heads) and reader_naming.onnx (layers).  30 minutes on two quiet cores.  The same
input on the same machine gives the same tables but for the last bits.  Needs what `pip install .[train]` brings.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from reader_examples import AUTHOR, RELATIONS, Labelled, Text, Window, texts, windows
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

from kg import encoder
from kg.encoder import LONGEST
from kg.reference_reader import stands
from kg.relation_reader import FAR, KINDS, MODES, NEAR
from kg.text_reader import CLASSES, TAGS

LAYERS = (0, 1, 3, 4)
NAMING = 3
"""So many of the layers tell the names and whom references mean; the others are told of that and tell the relations."""
HIDDEN, BOTH, REFERS = 384, 96, 128
EPOCHS = 5
BATCH = 1400
"""Pieces of the windows that are learned from at once."""
PAIRS = 160
"""Pairs of a window that are learned from at once: those with a fact, then others drawn by chance."""
HIDDEN_CLASS = 0.04
"""The chance that the class of a mention is hidden: classes will be wrong at times."""
UNSURE = 0.15
"""The chance that a mention is seen without the others of its entity: references will be wrong at times."""
SOURCE_SHARE, TAG_SHARE, REFERENCE_SHARE = 0.3, 2.0, 0.5
SURE = (0.35, 0.5, 0.7, 0.85)


# ---------------------------------------------------------------- network


class Network(nn.Module):
    """The layers of the start, tuned, and the heads; kg/text_reader.py and kg/reference_reader.py are the first layers
    and the heads of tags and references in NumPy and ONNX."""

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
        self.kinds = nn.Embedding((len(CLASSES) + 2) * len(KINDS), WIDTH)
        nn.init.normal_(self.kinds.weight, 0, 0.02)
        self.subject = nn.Linear(3 * WIDTH, HIDDEN)
        self.object = nn.Linear(3 * WIDTH, HIDDEN, bias=False)
        self.between = nn.Linear(WIDTH, HIDDEN, bias=False)
        self.place = nn.Linear(4, HIDDEN, bias=False)
        self.one, self.other = nn.Linear(3 * WIDTH, BOTH), nn.Linear(3 * WIDTH, BOTH)
        self.both = nn.Linear(BOTH, HIDDEN, bias=False)
        self.relation, self.mode = nn.Linear(HIDDEN, len(RELATIONS)), nn.Linear(HIDDEN, len(MODES))
        self.nobody = nn.Linear(HIDDEN, 2)
        self.asks, self.speaks = nn.Linear(HIDDEN, BOTH), nn.Linear(3 * WIDTH, BOTH)
        self.side = nn.Linear(HIDDEN, 4)
        nn.init.constant_(self.relation.bias, -4.0)
        self.drop, self.drop_head = nn.Dropout(0.1), nn.Dropout(0.2)

    def forward(self, b: dict[str, Tensor]) -> tuple[Tensor, ...]:
        """For each word the scores of the tags of names; for each reference those of no name and of each of the names
        that it may mean; for each pair of the batch the scores of the relations and of
        the modes, and of whose word it is for those of `b["asked"]`: the author's, an unnamed source's, or that of each
        of the mentions in `b["heard"]`."""
        x = self.words[b["pieces"]] + self.places[None, : b["pieces"].shape[1]] + self.shapes(b["shapes"])
        x = self.drop(self.norm(x))
        for layer in self.layers[:NAMING]:
            x = through(layer, x, b["mask"], self.drop)
        tags = self.tag(x.flatten(0, 1)[b["worded"]])
        referring = self._referring(x, b)
        x = x + self.kinds(b["kinds"])
        for layer in self.layers[NAMING:]:
            x = through(layer, x, b["mask"], self.drop)
        n, t, width = x.shape
        sums, rows = _sums(x), x.reshape(n * t, width)
        begin, end, row = b["begin"], b["end"], b["row"]
        mean = (sums[row * (t + 1) + end] - sums[row * (t + 1) + begin]) / (end - begin)[:, None]
        whole = torch.zeros(int(b["entity"].max()) + 1, width).index_add(0, b["entity"], mean)
        whole = whole / torch.bincount(b["entity"]).clamp(min=1)[:, None]
        mention = torch.cat([mean, rows[row * t + begin], whole[b["entity"]]], 1)
        i, j, low, high, of = b["i"], b["j"], b["low"], b["high"], b["of"]
        gap = (sums[of * (t + 1) + high] - sums[of * (t + 1) + low]) / (high - low).clamp(min=1)[:, None]
        both = torch.tanh(self.one(mention))[i] * torch.tanh(self.other(mention))[j]
        z = self.subject(mention)[i] + self.object(mention)[j] + self.between(gap) + self.place(b["place"])
        z = self.drop_head(functional.gelu(z + self.both(both), approximate="tanh"))
        asking = z[b["asked"]]
        heard = (self.asks(asking)[:, None, :] * self.speaks(mention)[b["heard"]]).sum(-1) / math.sqrt(BOTH)
        heard = heard + (self.side(asking)[:, None, :] * b["sides"]).sum(-1)
        heard = heard.masked_fill(~b["there"], -1e4)
        return tags, referring, self.relation(z), self.mode(z), torch.cat([self.nobody(asking), heard], 1)

    def _referring(self, x: Tensor, b: dict[str, Tensor]) -> Tensor:
        n, t, width = x.shape
        sums, rows = _sums(x), x.reshape(n * t, width)
        begin, end, row = b["begin"], b["end"], b["row"]
        mean = (sums[row * (t + 1) + end] - sums[row * (t + 1) + begin]) / (end - begin)[:, None]
        mention = torch.cat([mean, rows[row * t + begin]], 1)
        one = mention[b["referring"]]
        scores = (self.refers(one)[:, None, :] * self.named(mention)[b["names"]]).sum(-1) / math.sqrt(REFERS)
        scores = scores + (self.stands(one)[:, None, :] * b["stands"]).sum(-1)
        return torch.cat([self.elsewhere(one), scores.masked_fill(~b["listed"], -1e4)], 1)


def _sums(x: Tensor) -> Tensor:
    """Sums of the pieces before each, so that the difference of two is the sum of what stands between."""
    n, t, width = x.shape
    return functional.pad(x.float().cumsum(1), (0, 0, 1, 0)).reshape(n * (t + 1), width)


def batch_of(
    found: Sequence[Window], pairs: Sequence[Sequence[Labelled]], rng: random.Random | None
) -> dict[str, Tensor]:
    """The tensors of some windows, with these of their pairs."""
    width = max(len(one.pieces) for one in found)
    pieces, shapes, kinds, mask = (np.zeros((len(found), width), dtype=np.int64) for _ in range(4))
    tags = np.full((len(found), width), -1)
    columns: dict[str, list[Any]] = {
        name: [] for name in ("begin", "end", "row", "entity", "i", "j", "low", "high", "of", "place", "asked")
    }
    heard: list[list[int]] = []
    sides: list[list[list[float]]] = []
    known = 0
    bases: list[int] = []
    for row, (one, chosen) in enumerate(zip(found, pairs, strict=True)):
        pieces[row, : len(one.pieces)], mask[row, : len(one.pieces)] = one.pieces, 1
        shapes[row, : len(one.pieces)], tags[row, : len(one.pieces)] = one.shapes, one.tags
        base = len(columns["begin"])
        bases.append(base)
        for (a, b), kind, entity in zip(one.spans, one.kinds, one.entities, strict=True):
            unknown = rng is not None and rng.random() < HIDDEN_CLASS
            kinds[row, a:b] = (len(CLASSES) + 1) * len(KINDS) + kind % len(KINDS) if unknown else kind
            for name, value in (("begin", a), ("end", b), ("row", row), ("entity", known + entity)):
                columns[name].append(value)
        known += len(one.entities)
        if rng is not None:
            alone = [n for n in range(base, len(columns["begin"])) if rng.random() < UNSURE]
            for n in alone:
                columns["entity"][n] = known
                known += 1
        for pair in chosen:
            i, j = pair.i, pair.j
            (_, b), (c, _) = sorted((one.spans[i], one.spans[j]))
            gap = max(0, c - b)
            if pair.source is not None:
                columns["asked"].append(len(columns["i"]))
                heard.append([base + m for m in pair.heard])
                sides.append([list(_side_of(one.entities, one.spans, pair.i, pair.j, m)) for m in pair.heard])
            for name, number in (("i", base + i), ("j", base + j), ("low", b), ("high", b + gap), ("of", row)):
                columns[name].append(number)
            columns["place"].append(place_of(one.spans[i] < one.spans[j], gap, pair.apart))
    most = max((len(row) for row in heard), default=1)
    return {
        "shapes": torch.tensor(shapes), "worded": torch.tensor(np.flatnonzero(tags >= 0)),
        "tags": torch.tensor(tags[tags >= 0]), "pieces": torch.tensor(pieces),
        "kinds": torch.tensor(kinds), "mask": torch.tensor(mask).bool(),
        **{name: torch.tensor(column, dtype=None if column else torch.long) for name, column in columns.items()},
        **_references(found, bases),
        "heard": torch.tensor([row + [0] * (most - len(row)) for row in heard], dtype=torch.long).reshape(-1, most),
        "there": torch.tensor([[n < len(row) for n in range(most)] for row in heard]).reshape(-1, most).bool(),
        "sides": torch.tensor([row + [[0.0] * 4] * (most - len(row)) for row in sides]).reshape(-1, most, 4),
    }  # fmt: skip


def _side_of(
    entities: Sequence[int], spans: Sequence[tuple[int, int]], i: int, j: int, m: int
) -> tuple[float, float, float, float]:
    """How a mention that may be a speaker stands to the two of a pair."""
    begin = min(spans[i][0], spans[j][0])
    away = min(abs(spans[m][0] - begin), FAR) / (FAR / 2)
    return float(entities[m] == entities[i]), float(entities[m] == entities[j]), float(spans[m][0] < begin), away


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


def place_of(forward: bool, gap: int, apart: int) -> list[float]:
    """How two mentions stand to each other."""
    return [1.0 if forward else -1.0, min(gap, FAR) / (FAR / 2), float(gap <= NEAR), float(apart)]


def loss_of(
    scores: tuple[Tensor, ...], tags: Tensor, meant: Sequence[Sequence[int]], pairs: Sequence[Labelled]
) -> Tensor:
    """How far the scores are from what holds; of the alternatives of a fact, and of the mentions of a speaker, any one
    will do."""
    tagged, referring, relations, modes, sources = (part.float() for part in scores)
    total = relation_loss(relations, modes, [pair.facts for pair in pairs], [pair.mode for pair in pairs])
    for row, asked in zip(torch.log_softmax(sources, 1), _asked(pairs), strict=True):
        total = total - SOURCE_SHARE * torch.logsumexp(row[list(_speakers(asked))], 0) / len(pairs)
    total = total + TAG_SHARE * functional.cross_entropy(tagged, tags)
    likely = torch.log_softmax(referring, 1)
    found = [torch.logsumexp(row[list(right)], 0) for row, right in zip(likely, meant, strict=True)]
    return total - REFERENCE_SHARE * torch.stack(found).mean() if found else total


def _asked(pairs: Sequence[Labelled]) -> list[Labelled]:
    return [pair for pair in pairs if pair.source is not None]


def _speakers(pair: Labelled) -> tuple[int, ...]:
    """The places of those whose word it is among the author, unnamed sources and the mentions that may speak."""
    if isinstance(pair.source, int):
        return (pair.source,)
    return tuple(2 + n for n, m in enumerate(pair.heard) if m in (pair.source or ()))


# ---------------------------------------------------------------- training


def train(found: Sequence[Text], network: Network, epochs: int, ends: tuple[int, int]) -> None:
    """Tunes the network, and prints the loss of each round."""
    rng = random.Random(0)  # noqa: S311  repeatable, not secret
    rounds = [list(_groups(windows(found, ends, rng), rng)) for _ in range(epochs)]
    tuning = Tuning(network, sum(map(len, rounds)))
    begin = time.time()
    for number, groups in enumerate(rounds):
        total = 0.0
        for done, group in enumerate(groups):
            pairs = [_drawn(one, rng) for one in group]
            with torch.autocast("cpu", dtype=torch.bfloat16):
                batch = batch_of(group, pairs, rng)
                scores = network(batch)
            told = [pair for chosen in pairs for pair in chosen]
            total += tuning.step(loss_of(scores, batch["tags"], _meant(group), told))
            if done % 200 == 199:
                print(f"{done + 1} of {len(groups)}: {total / (done + 1):.4f}, {time.time() - begin:.0f} s", flush=True)
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


def _drawn(one: Window, rng: random.Random) -> list[Labelled]:
    told = [pair for pair in one.pairs if pair.facts]
    others = [pair for pair in one.pairs if not pair.facts]
    rng.shuffle(others)
    return [*told, *others][:PAIRS]


@torch.no_grad()
def check(found: Sequence[Window], network: Network) -> Iterator[str]:
    """Precision and recall over the pairs of mentions of these windows, in one sentence and over several; how often
    the mode and whose word it is are right."""
    network.eval()
    rows: list[tuple[NDArray[np.float32], Labelled, int]] = []
    words: list[tuple[tuple[int, ...], int, float]] = []
    tags: list[tuple[int, int]] = []
    references: list[tuple[list[int], NDArray[np.float32]]] = []
    for group in _groups(found, None):
        pairs = [pair for one in group for pair in one.pairs]
        batch = batch_of(group, [one.pairs for one in group], None)
        tagged, referring, relations, modes, sources = network(batch)
        references += zip(_meant(group), torch.softmax(referring, 1).numpy(), strict=True)
        tags += zip(batch["tags"].tolist(), tagged.argmax(1).tolist(), strict=True)
        rows += zip(torch.sigmoid(relations).numpy(), pairs, modes.argmax(1).tolist(), strict=True)
        sure, first = torch.softmax(sources, 1).max(1)
        words += zip(map(_speakers, _asked(pairs)), first.tolist(), sure.tolist(), strict=True)
    for where, there in (("one", [r for r in rows if not r[1].apart]), ("several", [r for r in rows if r[1].apart])):
        gold = sum(bool(pair.facts) for _, pair, _ in there)
        for sure in SURE:
            made = [any(n in names for names in pair.facts) for p, pair, _ in there for n in np.nonzero(p >= sure)[0]]
            hit = sum(any(p[n] >= sure for names in pair.facts for n in names) for p, pair, _ in there)
            yield (
                f"{where} from {sure}: precision {sum(made) / max(1, len(made)):.3f}, "
                f"recall {hit / max(1, gold):.3f} of {gold} pairs"
            )
    named = [(right, guess) for right, guess in tags if right or guess]
    whether = sum(right > 0 and guess > 0 for right, guess in named) / len(named)
    yield f"tags of names right: {sum(right == guess for right, guess in named) / len(named):.3f}, names {whether:.3f}"
    for least in (0.0, 0.5, 0.8):
        told = [(right, row.argmax()) for right, row in references if row.max() >= least and row.argmax() > 0]
        hits = sum(guess in right for right, guess in told)
        meant = sum(right != [0] for right, _ in references)
        yield f"references from {least}: precision {hits / max(1, len(told)):.3f}, recall {hits / meant:.3f} of {meant}"
    modal = [pair.mode == guess for _, pair, guess in rows if pair.mode >= 0]
    yield f"modes right: {sum(modal) / len(modal):.3f}"
    for least in (0.0, 0.5, 0.7, 0.85):
        told = [(right, guess) for right, guess, sure in words if sure >= least and guess != AUTHOR]
        asked = [(right, guess) for right, guess, _ in words if AUTHOR not in right]
        hits = sum(guess in right for right, guess in told)
        yield (
            f"whose word, from {least}: precision {hits / max(1, len(told)):.3f}, "
            f"recall {hits / max(1, len(asked)):.3f} of {len(asked)} of {len(words)}"
        )


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
    write_layers(network.layers[:NAMING], folder / f"{encoder.NAMING.name}.onnx", LONGEST)


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
