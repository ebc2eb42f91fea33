"""Learn the weights of kg/name_types.py and kg/name_model.py: python scripts/train_names.py [SHARED] [--check]
[--cache FOLDER] [-o FOLDER].

SHARED (or the variable KG_SHARED) is a folder with gold articles and phrases (gold/, articles/) and KnowledgeNet
(data/knowledgenet_folds123.jsonl.gz; Mesquita et al. 2019, CC BY-SA 4.0), whose properties tell the types of what they
join.  scripts/data holds texts of our own: passages and items (every name marked) and articles (names listed at the
end).  With --check no table is written: accuracy is printed for folds of whole documents and for each source left out.
The same input gives the same table, byte for byte.  Needs scikit-learn.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import pickle
import random
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from passages import passages
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from kg import gazetteer, nlp
from kg.gazetteer import Gazetteer, fold
from kg.name_context import Spot, context_of
from kg.name_form import form_evidence
from kg.name_model import SCALE, TABLE, longer_names, signs_of
from kg.name_spans import find_spots
from kg.name_types import TYPES, spot_evidence
from kg.name_words import load_words
from kg.names import find_names
from kg.read import document_of
from kg.text_reader import read_text
from kg.types import Document, Parse

FOLDS = 5
STRENGTH = 0.5
"""Inverse of the quadratic penalty on weights."""
RARE = 3
"""Signs seen in fewer documents are left out."""
SMALLEST = 2
"""Weights nearer to zero than this, in steps of the table, are left out."""
SHARES = {"articles": 2.0, "releases": 1.0, "phrases": 1.0, "items": 1.0, "own": 2.0, "knowledgenet": 0.3}
"""How much one name of each source counts: KnowledgeNet is large and knows three types only."""
SCARCE = {"Group": 2.0, "Work": 2.0, "Event": 2.0, "Product": 2.0}
"""How much more a name of these types counts: the sources have few of them."""
TABLED = (
    "head=",
    "noun=",
    "organization=",
    "place=",
    "starts=",
    "single=",
    "of=",
    "mod=",
    "has=",
    "appos=",
    "obj=",
    "hint=",
)
"""Signs that word tables give.  The tables know the names of the sources better than those of other texts, so each
name is also learned from with some of these signs hidden."""
HIDING = 0.6
"""The chance that one kind of sign is hidden."""
COPIES = 2
"""How often each name is learned from with signs hidden."""
ENDS = {
    "DATE_OF_BIRTH": ("Person", None), "DATE_OF_DEATH": ("Person", None), "DATE_FOUNDED": ("Organization", None),
    "PLACE_OF_RESIDENCE": ("Person", "Place"), "PLACE_OF_BIRTH": ("Person", "Place"),
    "NATIONALITY": ("Person", "Place"), "SPOUSE": ("Person", "Person"),
    "CHILD_OF": ("Person", "Person"), "EDUCATED_AT": ("Person", "Organization"),
    "EMPLOYEE_OR_MEMBER_OF": ("Person", "Organization"), "HEADQUARTERS": ("Organization", "Place"),
    "FOUNDED_BY": ("Organization", "Person"), "CEO": ("Organization", "Person"),
    "POLITICAL_AFFILIATION": ("Person", "Organization"), "SUBSIDIARY_OF": ("Organization", "Organization"),
}  # fmt: skip
"""The types of subject and object that a property of KnowledgeNet shows."""
PRIOR = Path(__file__).parent / "names_evidence_prior.tsv"
OWN = Path(__file__).parent / "data"
EVIDENCE_SHARES = {"articles": 1.5, "releases": 1.0, "phrases": 1.0, "items": 1.0, "own": 1.5}
PRIOR_SHARE = 0.6
"""How much of a weight set by hand learning starts from."""
FLOORED = ("known=", "head=", "noun=", "title", "hint=", "organization=", "place=country", "appos=", "role-before",
           "starts=Product")  # fmt: skip
"""Evidence that a few examples to the contrary must not weaken much."""
FLOOR = 0.9
LEAST = 0.1
TINY = 1e-12
EVIDENCE_HEADER = (
    "# How much a piece of evidence speaks for a type of name.  Written by scripts/train_names.py.\n"
    "# evidence<TAB>type<TAB>weight\n"
)
HEADER = (
    "# What each sign of a name speaks for, in steps of 1/{scale}.  Written by scripts/train_names.py.\n"
    "# sign<TAB>{types}\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A document with the types of its names, by their normal form."""

    source: str
    document: Document
    types: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A name of a document with its signs, its right type and the type that the rules give it."""

    source: str
    document: str
    text: str
    signs: Mapping[str, float]
    evidence: Mapping[str, float]
    """Those of the signs that kg/name_types.py weighs."""
    right: str
    ruled: str


def normal(text: str) -> str:
    """A name without case, article and punctuation."""
    text = re.sub(r"^(the|a|an)\s+", "", unicodedata.normalize("NFKC", text).casefold().replace("’", "'").strip())
    return re.sub(r"[^\w]+", " ", re.sub(r"'s?\b", "", text)).strip()


# ---------------------------------------------------------------- sources


def _types(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for name, kind in pairs:
        found[normal(name)].add(kind)
    return {name: frozenset(kinds) for name, kinds in found.items() if name}


def _entities(found: Sequence[Mapping[str, object]]) -> dict[str, frozenset[str]]:
    return _types((name, str(e["type"])) for e in found for name in [e["name"], *e["aliases"]])  # type: ignore[misc]


def sources(shared: Path) -> Iterator[Labelled]:
    """All labelled documents, in a fixed order."""
    for source, pattern in (("articles", "gold/*.json"), ("releases", "gold/silver/*.json")):
        for path in sorted(shared.glob(pattern)):
            text = next(iter(sorted((shared / "articles").glob(f"*/{path.stem}.txt")))).read_text(encoding="utf-8")
            gold = json.loads(path.read_text(encoding="utf-8"))
            yield Labelled(source=source, document=document_of(text, id=path.stem), types=_entities(gold["entities"]))
    for line in (shared / "gold/phrases/tune.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Labelled(
            source="phrases", document=document_of(row["text"], id=row["id"]), types=_entities(row["entities"])
        )
    yield from _items()
    yield from _own_articles()
    with gzip.open(shared / "data/knowledgenet_folds123.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            name = f"{row['documentId']}-{row['passageStart']}"
            types = _types(_ends(row))
            if types:
                yield Labelled(source="knowledgenet", document=document_of(row["passageText"], id=name), types=types)


def _items() -> Iterator[Labelled]:
    """The marked passages but those that are held out."""
    for passage in passages():
        kinds = {"Country": "Place"}
        pairs = [(name, kinds.get(kind, kind)) for kind, names in passage.names.values() for name in names]
        if pairs and not passage.held_out:
            yield Labelled(source="items", document=document_of(passage.text, id=passage.id), types=_types(pairs))


def _own_articles() -> Iterator[Labelled]:
    """Each file of scripts/data/articles: the text, "|| names", then a line for each thing: its class, its names."""
    for path in sorted((OWN / "articles").glob("*.txt")):
        text, _, rows = path.read_text(encoding="utf-8").partition("\n|| names\n")
        named = [row.split("\t") for row in rows.splitlines()]
        pairs = [(name, kind) for kind, *names in named for name in names]
        yield Labelled(source="own", document=document_of(text, id=path.stem), types=_types(pairs))


def _ends(row: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    text, start = str(row["passageText"]), int(str(row["passageStart"]))
    for fact in row["facts"]:  # type: ignore[attr-defined]
        for end, kind in zip(("subject", "object"), ENDS[fact["property"]], strict=True):
            name = text[fact[f"{end}Start"] - start : fact[f"{end}End"] - start]
            if kind and name[:1].isupper():
                yield name, kind


# ---------------------------------------------------------------- examples


def examples(labelled: Sequence[Labelled], names: Gazetteer, cache: Path | None = None) -> list[Example]:
    """Every name of the documents whose type is labelled and single, read by the same modules as any other text."""
    file = cache / "train_names.pkl" if cache else None
    known: dict[str, Parse] = {}
    if file and file.exists():
        known = pickle.loads(file.read_bytes())  # noqa: S301  written by this script
    missing = [row.document for row in labelled if row.document.id not in known]
    if missing:
        known |= {parse.document.id: parse for parse in nlp.parse(missing, nlp.load())}
        if file:
            file.write_bytes(pickle.dumps(known))
    parses = [known[row.document.id] for row in labelled]
    found: list[Example] = []
    words = load_words()
    for row, parse in zip(labelled, parses, strict=True):
        text = read_text(parse)
        context = context_of(parse, names, words, text)
        spots = find_spots(context)
        ruled = {fold(m.text).rstrip("."): m.type for m in find_names(parse, names, text).mentions if m.kind == "name"}
        forms: dict[str, list[Spot]] = {}
        for spot in spots:
            if not spot.demonym:
                forms.setdefault(fold(context.text(spot.start, spot.stop)).rstrip("."), []).append(spot)
        longer = longer_names(context, spots)
        for form, places in forms.items():
            text = context.text(places[0].start, places[0].stop)
            kinds = row.types.get(normal(text), frozenset())
            if len(kinds) == 1:
                signs = signs_of(context, places, longer.get(text.casefold(), ()))
                said = ruled.get(form, "Place").replace("Country", "Place")
                seen = {
                    "bias",
                    *form_evidence(text, names, words),
                    *(e for s in places for e in spot_evidence(context, s)),
                }
                found.append(
                    Example(
                        source=row.source, document=row.document.id, text=text, signs=signs,
                        evidence={sign: value for sign, value in signs.items() if sign in seen},
                        right=next(iter(kinds)), ruled=said,
                    )
                )  # fmt: skip
    return found


# ---------------------------------------------------------------- learning


def hidden(example: Example, copy: int) -> Example:
    """The example as it would be if the word tables knew less; which signs go is drawn from its own text."""
    chance = random.Random(f"{example.document} {example.text} {copy}")  # noqa: S311  repeatable, not secret
    gone = tuple(kind for kind in TABLED if chance.random() < HIDING)
    return replace(example, signs={sign: value for sign, value in example.signs.items() if not sign.startswith(gone)})


def learn(training: Sequence[Example]) -> dict[str, tuple[int, ...]]:
    """The table: each sign with its weight for each type, rounded and without what is nearly nothing."""
    documents: dict[str, set[str]] = defaultdict(set)
    for e in training:
        for sign in e.signs:
            documents[sign].add(e.document)
    columns = {sign: n for n, sign in enumerate(sorted(s for s, seen in documents.items() if len(seen) >= RARE))}
    model = LogisticRegression(C=STRENGTH, max_iter=400, tol=1e-3)
    rows = [*training, *(hidden(e, copy) for copy in range(COPIES) for e in training)]
    weights = [SHARES[e.source] * SCARCE.get(e.right, 1.0) / (1 + COPIES) for e in rows]
    model.fit(_matrix(rows, columns), [e.right for e in rows], sample_weight=weights)
    order = [list(model.classes_).index(kind) for kind in TYPES]
    found: dict[str, tuple[int, ...]] = {}
    learned = model.coef_[order]
    for sign, n in columns.items():
        values = learned[:, n] * SCALE
        if sign == "bias":
            values = values + model.intercept_[order] * SCALE
        row = tuple(int(v) if abs(v) >= SMALLEST else 0 for v in np.round(values))
        if any(row):
            found[sign] = row
    return found


def _matrix(rows: Sequence[Example], columns: Mapping[str, int]) -> csr_matrix:
    cells = [(r, columns[s], v) for r, e in enumerate(rows) for s, v in e.signs.items() if s in columns]
    at, to, values = zip(*cells, strict=True)
    return csr_matrix((values, (at, to)), shape=(len(rows), len(columns)))


def guess(table: Mapping[str, tuple[int, ...]], example: Example) -> str:
    """The likeliest type by a table."""
    sums = [0.0] * len(TYPES)
    for sign, value in example.signs.items():
        for n, weight in enumerate(table.get(sign, ())):
            sums[n] += weight * value
    return TYPES[max(range(len(TYPES)), key=lambda n: sums[n])]


def learn_evidence(training: Sequence[Example]) -> list[tuple[str, str, float]]:
    """The weights of the evidence of kg/name_types.py, drawn towards those set by hand; rows without KnowledgeNet,
    which knows three types only."""
    rows = [e for e in training if e.source in EVIDENCE_SHARES]
    prior = [line.split("\t") for line in PRIOR.read_text(encoding="utf-8").splitlines() if line[:1] not in ("", "#")]
    counts = Counter(sign for e in rows for sign in e.evidence)
    signs = sorted(sign for sign, count in counts.items() if count >= RARE)
    columns = {sign: n for n, sign in enumerate(signs)}
    hand = np.zeros((len(signs), len(TYPES)))
    for sign, kind, weight in prior:
        if sign in columns:
            hand[columns[sign], TYPES.index(kind)] = PRIOR_SHARE * float(weight)
    values = _matrix([replace(e, signs=e.evidence) for e in rows], columns).toarray()
    right = np.eye(len(TYPES))[[TYPES.index(e.right) for e in rows]]
    weights = np.array([EVIDENCE_SHARES[e.source] for e in rows])

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        table = flat.reshape(hand.shape)
        sums = values @ table
        sums -= sums.max(axis=1, keepdims=True)
        chances = np.exp(sums) / np.exp(sums).sum(axis=1, keepdims=True)
        missed = -(weights * np.log((chances * right).sum(axis=1) + TINY)).sum() + ((table - hand) ** 2).sum()
        slope = values.T @ ((chances - right) * weights[:, None]) + 2 * (table - hand)
        return float(missed), slope.ravel()

    learned = minimize(loss, hand.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": 150}).x.reshape(hand.shape)
    learned -= np.median(learned, axis=1, keepdims=True)
    for sign, kind, weight in prior:
        if sign in columns and sign.startswith(FLOORED) and float(weight) > 0:
            cell = columns[sign], TYPES.index(kind)  # type: ignore[arg-type]
            learned[cell] = max(learned[cell], FLOOR * float(weight))
    found = [(sign, kind, float(learned[r, n])) for r, sign in enumerate(signs) for n, kind in enumerate(TYPES)]
    found += [(sign, kind, FLOOR * float(weight)) for sign, kind, weight in prior if sign not in columns]
    return sorted((sign, kind, round(weight, 2)) for sign, kind, weight in found if abs(weight) >= LEAST)


# ---------------------------------------------------------------- checking


def report(title: str, rows: Sequence[tuple[Example, str, str]]) -> None:
    """Print the accuracy by source, of the model and of the package (whose tables have seen most of these names)."""
    by_source: dict[str, list[tuple[Example, str, str]]] = defaultdict(list)
    for row in rows:
        by_source[row[0].source].append(row)
    print(title)
    for source, found in sorted(by_source.items()):
        right = sum(said == e.right for e, said, _ in found) / len(found)
        less = sum(said == e.right for e, _, said in found) / len(found)
        ruled = sum(e.ruled == e.right for e, _, _ in found) / len(found)
        print(
            f"  {source:14} names {len(found):5}  model {right:.3f}  with tables hidden {less:.3f}  package {ruled:.3f}"
        )


def held_out(found: Sequence[Example], key: Callable[[Example], int | str]) -> list[tuple[Example, str, str]]:
    """Each example with the type that a model says that has not seen any of its group, all and with tables hidden."""
    said: list[tuple[Example, str, str]] = []
    for group in sorted({key(e) for e in found}, key=str):
        table = learn([e for e in found if key(e) != group])
        said += [(e, guess(table, e), guess(table, hidden(e, COPIES))) for e in found if key(e) == group]
    return said


def main() -> None:
    """Learn and write, or check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path, nargs="?", default=os.environ.get("KG_SHARED"))
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=TABLE.parent)
    options = parser.parse_args()
    if options.shared is None:
        parser.error("name the folder of the sources or set KG_SHARED")
    found = examples(list(sources(options.shared)), gazetteer.load(), options.cache)
    if not options.check:
        evidence = "".join(f"{sign}\t{kind}\t{weight:g}\n" for sign, kind, weight in learn_evidence(found))
        (options.output / "names_evidence.tsv").write_text(EVIDENCE_HEADER + evidence, encoding="utf-8")
        table = learn(found)
        head = HEADER.format(scale=SCALE, types="<TAB>".join(TYPES))
        rows = ("\t".join([sign, *(str(v or "") for v in row)]).rstrip("\t") for sign, row in sorted(table.items()))
        (options.output / TABLE.name).write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
        print(len(table), "signs")
        return
    fold_of = {d: n % FOLDS for n, d in enumerate(sorted({e.document for e in found}))}
    folds = held_out(found, lambda e: fold_of[e.document])
    report(f"{FOLDS} folds of documents", folds)
    report("each source left out", held_out(found, lambda e: e.source))
    wrong = Counter((e.right, said) for e, said, _ in folds if e.right != said)
    print("right -> said:", ", ".join(f"{a}->{b} {n}" for (a, b), n in wrong.most_common(20)))


if __name__ == "__main__":
    main()
