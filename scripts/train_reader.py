"""Train the reader of kg/relation_reader.py: python scripts/train_reader.py [--check] [--epochs N] [-o FOLDER].

It is trained on the marked passages and items of scripts/data (scripts/passages.py) but one in ten, on which --check
prints precision and recall; then once more without what it still sees against the marks, of which more than half
holds; then with other names and words (scripts/variation.py), and weights between those before and after that are
taken.  It starts from layers of all-MiniLM-L6-v2 (Apache 2.0).  The tables are reader_relating.npz and
reader_relating.onnx; the vectors of the pieces are those of scripts/train_text_reader.py.  Names and references are
read with the other tables as they stand, so it comes after that script.  Two hours on two quiet cores.  The same input
on the same machine gives the same tables but for the last bits.  Needs what `pip install .[train]` brings.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from passages import Passage, passages
from small_transformer import (
    HEAD_RATE,
    RATE,
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
from variation import Made, Names, Sentence, Word, Wordings, made, names_of, varied, verbs, wordings

from kg import encoder, gazetteer, nlp, ontology
from kg.extraction import named_in
from kg.pair_features import Spot
from kg.read import document_of
from kg.referents import Context
from kg.relation_reader import FAR, KINDS, LONGEST, MODES, NEAR, View, views_of
from kg.role_words import role_index
from kg.text_reader import CLASSES, known_pieces
from kg.triggers import find_triggers

SYMMETRIC = frozenset(
    "met talkedWith spouseOf relativeOf alliedWith mergedWith signedAgreementWith competedWith".split()
)
RELATIONS = sorted(
    "leads memberOf worksFor speaksFor citizenOf livesIn bornIn basedIn locatedIn partOf owns relativeOf spouseOf "
    "childOf founded alliedWith supports opposes studiedAt met talkedWith visited participatedIn authored published "
    "criticized accused praised threatened warned urged attacked killed injured rescued arrested charged convicted "
    "sentenced sued sanctioned appointed replaced resignedFrom elected succeeded joined left acquired investedIn "
    "mergedWith paid soldTo supplied launched signedAgreementWith defeated competedWith won".split()
)
COLUMN = {name: n for n, name in enumerate(RELATIONS)}
LAYERS = (0, 1, 2, 3, 4, 5)
HIDDEN, BOTH = 384, 96
EPOCHS, BATCH = 5, 24
AGAIN = 3
"""Rounds without what the reader sees against the marks."""
VARIED, MADE, PART_VARIED = 2, 4000, 0.6
"""Rounds with other names and words, the sentences made for each of them, and the share of the marked ones in them."""
SLOW, SLOW_HEAD = 8e-5, 3e-4
"""The rates of these rounds."""
AFTER = 0.35
"""The share of the weights after these rounds in those that are kept."""
DOUBT = 0.5
"""The chance from which it does: of 40 from .7 up 24 hold, most of a reference that nobody has marked."""
PAIRS = 60
"""Pairs of a sentence that are learned from at once: those with a fact, then others drawn by chance."""
HIDDEN_CLASS = 0.04
"""The chance that the class of a mention is hidden: classes will be wrong at times."""
OVERLAP, FAINT_OVERLAP = 0.5, 0.3
"""What a name, or a reference, must have in common with a mark to be what it marks."""
PART = 250
"""Passages that one process reads at a time."""
MODE_SHARE = 0.3
SURE = (0.35, 0.5, 0.7, 0.85)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A sentence as the reader sees it (kg.relation_reader.View): its pieces, the class and kind of the mention over
    each, spans of the mentions, and for each pair of mentions of which something is known the relations that hold (each
    fact by its alternatives) and the mode."""

    held_out: bool
    pieces: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]
    kinds: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...]
    facts: tuple[tuple[tuple[int, ...], ...], ...]
    modes: tuple[int, ...]
    unsure: frozenset[tuple[int, int]] = frozenset()
    """Pairs with relations that may hold though no mark says so: nothing is learned of them."""
    words: tuple[Word, ...] = ()
    """The words that say something by the lexicon."""


# ---------------------------------------------------------------- examples


def examples() -> list[Example]:
    """Every sentence of the passages that mentions two entities or more.

    Names and references are those that the program itself finds, as it will find them when the reader is used; what
    relations hold of them is told by the marks that they overlap.
    """
    found = list(passages())
    parts = [found[n : n + PART] for n in range(0, len(found), PART)]
    with ProcessPoolExecutor(max_workers=2) as pool:
        return [one for part in pool.map(_examples, parts) for one in part]


def _examples(part: Sequence[Passage]) -> list[Example]:
    known, names = ontology.load(), gazetteer.load()
    index = role_index(known)
    documents = [document_of(passage.text, id=passage.id) for passage in part]
    read: list[Example] = []
    for passage, parse in zip(part, nlp.parse(documents, nlp.load()), strict=True):
        found = named_in(parse, known, names, index)
        marks = _Marks(passage)
        words = _words(found.context, known)
        views = views_of(found.context, found.mentions)
        read += (replace(_example(view, marks), words=words.get(view.span, ())) for view in views)
    return [one for one in read if one.pairs]


def _words(context: Context, known: ontology.Ontology) -> dict[tuple[int, int], tuple[Word, ...]]:
    """The verbs and nouns of each sentence that alone may say a relation, by its span."""
    tokens, found = context.parse.tokens, {}
    entries: dict[int, set[tuple[str, str]]] = {}
    for trigger in find_triggers(context, known):
        token = tokens[trigger.token]
        if trigger.entry.kind in ("verb", "noun") and (token.lemma.casefold(),) in trigger.entry.words:
            entries.setdefault(token.i, set()).add((trigger.entry.name, token.tag))
    for sentence in context.parse.sentences:
        at, words = 1, []
        for token in tokens[sentence.start : sentence.stop]:
            end = at + len(known_pieces(token.text))
            if token.i in entries and end < LONGEST:
                words.append(Word(begin=at, end=end, entries=tuple(sorted(entries[token.i]))))
            at = end
        found[sentence.begin, sentence.end] = tuple(words)
    return found


class _Marks:
    """Where the mentions of a passage are marked, and what its sentences say."""

    def __init__(self, passage: Passage) -> None:
        self.held_out = passage.held_out
        self.sentences = passage.sentences
        self.at = [
            (begin + m.begin, begin + m.end, number, m.entity)
            for number, (begin, sentence) in enumerate(zip(passage.begins, passage.sentences, strict=True))
            for m in sentence.mentions
        ]

    def of(self, spot: Spot) -> tuple[int, str] | None:
        """The sentence and the entity of the mark that shares most of its length with a mention; None without one."""
        share, number, entity = max(
            ((_shared((begin, end), (spot.begin, spot.end)), number, entity) for begin, end, number, entity in self.at),
            default=(0.0, 0, ""),
        )
        return (number, entity) if share >= (OVERLAP if spot.kind == "name" else FAINT_OVERLAP) else None

    def held(self, a: tuple[int, str], b: tuple[int, str]) -> list[tuple[tuple[str, ...], str]]:
        """The relations of two mentions, each fact by its alternatives, with their modes."""
        facts = [
            fact for fact in self.sentences[max(a[0], b[0])].facts
            if a[0] == b[0] or fact.across
        ]  # fmt: skip
        pair = (a[1], b[1])
        forward = [(fact.relations, fact.mode) for fact in facts if (fact.subject, fact.object) == pair]
        back = [
            (tuple(SYMMETRIC & {*fact.relations}), fact.mode)
            for fact in facts
            if (fact.object, fact.subject) == pair and SYMMETRIC & {*fact.relations}
        ]
        return [*forward, *back]


def _shared(a: tuple[int, int], b: tuple[int, int]) -> float:
    both = max(0, min(a[1], b[1]) - max(a[0], b[0]))
    return both / (a[1] - a[0] + b[1] - b[0] - both)


def _example(view: View, marks: _Marks) -> Example:
    meant = [marks.of(spot) for spot in view.spots]
    pairs, facts, modes = [], [], []
    for i, j in view.pairs:
        a, b = meant[i], meant[j]
        if a is not None and b is not None and a[1] != b[1]:
            held = marks.held(a, b)
        elif any(view.spots[n].kind == "demonym" and meant[n] is None for n in (i, j)):
            continue  # peoples are marked only where they stand for their state
        else:
            held = []
        pairs.append((i, j))
        facts.append(tuple(tuple(sorted(COLUMN[name] for name in told)) for told, _ in held))
        modes.append(MODES.index(held[0][1]) if held else -1)
    return Example(
        held_out=marks.held_out, pieces=view.pieces, spans=view.spans, kinds=view.kinds, pairs=tuple(pairs),
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
        kinds[row, : len(one.pieces)] = one.kinds
        for a, b in one.spans:
            if rng is not None and rng.random() < HIDDEN_CLASS:
                kinds[row, a:b] = (len(CLASSES) + 1) * len(KINDS) + kinds[row, a] % len(KINDS)
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


def train(
    found: Sequence[Example], network: Network, epochs: int, rates: tuple[float, float] = (RATE, HEAD_RATE),
    other: Callable[[Sequence[Example]], Sequence[Example]] = lambda found: found,
) -> None:  # fmt: skip
    """Tunes the network, and prints the loss of each round, in which it sees what `other` makes of the examples."""
    rng = random.Random(0)  # noqa: S311  repeatable, not secret
    tuning = Tuning(network, epochs * (len(other(found)) // BATCH + 1), *rates)
    begin = time.time()
    for epoch in range(epochs):
        order = sorted(other(found), key=lambda one: len(one.pieces) + rng.random() * 6)
        groups = [order[n : n + BATCH] for n in range(0, len(order), BATCH)]
        rng.shuffle(groups)
        total = 0.0
        for group in groups:
            pairs = [_drawn(one, rng) for one in group]
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores, modes = network(batch_of(group, pairs, rng))
            rows = [(one, p) for one, chosen in zip(group, pairs, strict=True) for p in chosen]
            unsure = [(row, n) for row, (one, p) in enumerate(rows) for pair, n in one.unsure if pair == p]
            facts, said = [one.facts[p] for one, p in rows], [one.modes[p] for one, p in rows]
            total += tuning.step(loss_of(scores.float(), modes.float(), facts, said, unsure))
        print(f"round {epoch + 1} of {epochs}: loss {total / len(groups):.4f}, {time.time() - begin:.0f} s", flush=True)


def loss_of(
    scores: Tensor, modes: Tensor, facts: Sequence[Sequence[Sequence[int]]], said: Sequence[int],
    unsure: Sequence[tuple[int, int]],
) -> Tensor:  # fmt: skip
    """How far the scores are from what holds; of the alternatives of a fact any one will do."""
    right, weight = np.zeros(scores.shape, np.float32), np.ones(scores.shape, np.float32)
    for row, name in unsure:
        weight[row, name] = 0
    choices: list[tuple[int, list[int]]] = []
    for row, told in enumerate(facts):
        for names in told:
            if len(names) == 1:
                right[row, names[0]] = 1
            elif names:
                choices.append((row, list(names)))
    for row, names in choices:
        weight[row, names] = right[row, names]
    losses = functional.binary_cross_entropy_with_logits(scores, torch.tensor(right) * 0.97 + 0.0005, reduction="none")
    total = (losses * torch.tensor(weight)).sum()
    for row, names in choices:
        total = total - torch.log(1 - torch.exp(functional.logsigmoid(-scores[row, names]).sum()) + 1e-6)
    modal = torch.tensor(said)
    if (modal >= 0).any():
        total = total + MODE_SHARE * functional.cross_entropy(modes[modal >= 0], modal[modal >= 0], reduction="sum")
    return total / max(1, len(facts))


class Varying:
    """What a round sees of the examples: part of them with other names and words, and made sentences."""

    def __init__(self, found: Sequence[Example]) -> None:
        known = ontology.load()
        self.rng = random.Random(1)  # noqa: S311  repeatable, not secret
        self.wordings: Wordings = wordings(known)
        self.names: Names = names_of([_sentence(one) for one in found])
        self.verbs = verbs(known, frozenset(RELATIONS))

    def __call__(self, found: Sequence[Example]) -> list[Example]:
        """The examples of one round."""
        seen = [self._varied(one) for one in found if self.rng.random() < PART_VARIED]
        return [*seen, *(_made_example(one) for one in made(MADE, self.verbs, self.names, self.rng))]

    def _varied(self, one: Example) -> Example:
        said = frozenset(RELATIONS[n] for facts in one.facts for told in facts for n in told)
        new = varied(_sentence(one), one.words, said, self.wordings, self.names, self.rng)
        return replace(one, pieces=new.pieces, kinds=new.kinds, spans=new.spans)


def _sentence(one: Example) -> Sentence:
    return Sentence(pieces=one.pieces, kinds=one.kinds, spans=one.spans)


def _made_example(one: Made) -> Example:
    count = range(len(one.sentence.spans))
    pairs = tuple((i, j) for i in count for j in count if i != j)
    said = {(one.subject, one.object): one.relations, (one.object, one.subject): SYMMETRIC & {*one.relations}}
    told = [tuple(sorted(COLUMN[name] for name in said.get(pair, ()))) for pair in pairs]
    return Example(
        held_out=False, pieces=one.sentence.pieces, spans=one.sentence.spans, kinds=one.sentence.kinds, pairs=pairs,
        facts=tuple((names,) if names else () for names in told),
        modes=tuple(one.mode if names else -1 for names in told),
    )  # fmt: skip


def between(before: Mapping[str, Tensor], after: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Weights between those of two networks of which one was tuned on from the other (Wortsman et al. 2022)."""
    return {name: (1 - AFTER) * weights + AFTER * after[name] for name, weights in before.items()}


@torch.no_grad()
def with_doubts(found: Sequence[Example], network: Network) -> Iterator[Example]:
    """The examples with what the trained network sees in them and no mark says."""
    network.eval()
    for n in range(0, len(found), BATCH):
        group = found[n : n + BATCH]
        scores, _ = network(batch_of(group, [range(len(one.pairs)) for one in group], None))
        chances = iter(torch.sigmoid(scores).numpy())
        for one in group:
            held = [{name for told in facts for name in told} for facts in one.facts]
            seen = [{*np.nonzero(next(chances) >= DOUBT)[0].tolist()} for _ in one.pairs]
            unsure = ((pair, name) for pair in range(len(held)) for name in seen[pair] - held[pair])
            yield replace(one, unsure=frozenset(unsure))


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
    options = asked_for(__doc__, EPOCHS)
    torch.manual_seed(0)
    start = Start()
    vocabulary = start.vocabulary
    found = examples()
    network = Network(start)
    training = [one for one in found if not one.held_out]
    print(f"{len(training)} sentences of {len(found)}, {len(vocabulary)} pieces", flush=True)
    train(training, network, options.epochs)
    doubted = [*with_doubts(training, network)]
    train(doubted, network, AGAIN)
    before = {name: weights.clone() for name, weights in network.state_dict().items()}
    train(doubted, network, VARIED, (SLOW, SLOW_HEAD), Varying(doubted))
    network.load_state_dict(between(before, network.state_dict()))
    print("\n".join(check([one for one in found if one.held_out], network)), flush=True)
    if not options.check:
        write(network, options.output)


if __name__ == "__main__":
    main()
