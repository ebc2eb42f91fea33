"""Learn the weights of kg/pair_model.py: python scripts/train_relations.py [SHARED] [--check] [--cache DIR] [-o TABLE].

SHARED (or the variable KG_SHARED) is a folder with KnowledgeNet (data/knowledgenet_folds123.jsonl.gz; Mesquita et al.
2019, CC BY-SA 4.0), gold articles and phrases (gold/, articles/).  The texts are read by the same modules as any other,
so a pair is described as it will be when the model is used.  With --check no table is written: precision and recall of
pairs are printed, held out by folds of whole documents.  The same input gives the same table, byte for byte.  Needs
scikit-learn.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import os
import pickle
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from kg import gazetteer, nlp, ontology
from kg.extraction import Candidates, pairs_in
from kg.pair_features import RELATIONS, Pair
from kg.pair_model import LEAST, SCALE, TABLE
from kg.read import document_of
from kg.role_words import role_index
from kg.types import Document, Parse, Value

FOLDS = 5
STRENGTH = 0.3
"""Inverse of the quadratic penalty on weights."""
RARE = 2
"""Signs seen in fewer documents are left out."""
SMALLEST = 1
"""Weights nearer to zero than this, in steps of the table, are left out."""
SURE = {"knowledgenet": 0.6, "news": 0.6}
"""What the model adds must be right this often at the margin of KnowledgeNet, and over all on news."""
TOLERATED = 2
"""Wrong pairs of news that tell nothing against a relation."""
PROPERTIES = {
    "EMPLOYEE_OR_MEMBER_OF": "worksFor", "PLACE_OF_RESIDENCE": "livesIn", "SPOUSE": "spouseOf",
    "PLACE_OF_BIRTH": "bornIn", "EDUCATED_AT": "studiedAt", "CHILD_OF": "childOf", "HEADQUARTERS": "basedIn",
    "DATE_OF_BIRTH": "bornOn", "FOUNDED_BY": "founded", "NATIONALITY": "citizenOf", "POLITICAL_AFFILIATION": "memberOf",
    "CEO": "leads", "DATE_OF_DEATH": "diedOn", "DATE_FOUNDED": "foundedOn", "SUBSIDIARY_OF": "partOf",
}  # fmt: skip
REVERSED = frozenset({"FOUNDED_BY", "CEO"})
"""Properties whose subject is the organisation, where ours is the person."""
SYMMETRIC = frozenset({"spouseOf"})
BELONGING = frozenset({"worksFor", "memberOf", "leads", "speaksFor", "founded"})
"""Whoever does one of these may well work there."""
HEADER = (
    "# What each sign of a pair speaks for, in steps of 1/{scale} of log odds, and from where a relation is claimed\n"
    '# (row "least").  Written by scripts/train_relations.py.\n'
    "# sign<TAB>relation weight<TAB>...\n"
)  # fmt: skip

Table = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A document with what is known of it: facts as (relation, subject, object), sides as sets of spans or of names."""

    source: str
    document: Document
    asked: frozenset[str]
    facts: tuple[Fact, ...]
    known: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A fact of the annotation: sides by their spans (KnowledgeNet) or by all their names (news)."""

    relations: frozenset[str]
    subject: frozenset[str] | tuple[int, int]
    object: frozenset[str] | tuple[int, int]
    quote: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A pair with the relations that are known to hold of it, or not to."""

    source: str
    document: str
    signs: tuple[str, ...]
    right: Mapping[str, bool]


def normal(text: str) -> str:
    """A name without case, article and punctuation."""
    text = re.sub(r"^(the|a|an)\s+", "", unicodedata.normalize("NFKC", text).casefold().replace("’", "'").strip())
    return re.sub(r"[^\w]+", " ", re.sub(r"'s?\b", "", text)).strip()


# ---------------------------------------------------------------- sources


def sources(shared: Path) -> Iterator[Labelled]:
    """All labelled documents, in a fixed order."""
    with gzip.open(shared / "data/knowledgenet_folds123.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            yield _passage(row)
    for source, pattern in (("articles", "gold/*.json"), ("releases", "gold/silver/*.json")):
        for path in sorted(shared.glob(pattern)):
            text = next(iter(sorted((shared / "articles").glob(f"*/{path.stem}.txt")))).read_text(encoding="utf-8")
            yield _news(source, document_of(text, id=path.stem), json.loads(path.read_text(encoding="utf-8")))
    for line in (shared / "gold/phrases/tune.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield _news("phrases", document_of(row["text"], id=row["id"]), row)


def _passage(row: Mapping[str, Any]) -> Labelled:
    start = row["passageStart"]
    facts: list[Fact] = []
    for fact in row["facts"]:
        sides = [(fact[f"{side}Start"] - start, fact[f"{side}End"] - start) for side in ("subject", "object")]
        a, b = reversed(sides) if fact["property"] in REVERSED else sides
        facts.append(Fact(relations=frozenset({PROPERTIES[fact["property"]]}), subject=a, object=b))
    return Labelled(
        source="knowledgenet", document=document_of(row["passageText"], id=f"{row['documentId']}:{start}"),
        asked=frozenset(PROPERTIES[name] for name in row["annotatedProperties"]), facts=tuple(facts),
    )  # fmt: skip


def _news(source: str, document: Document, gold: Mapping[str, Any]) -> Labelled:
    names = {e["id"]: frozenset({normal(n) for n in (e["name"], *e["aliases"])} - {""}) for e in gold["entities"]}
    facts: list[Fact] = []
    for fact in gold["facts"]:
        value = fact["o"]["value"] if isinstance(fact["o"], dict) else None
        if value is None and fact["o"] not in names:
            continue
        quote, begin = fact.get("quote", ""), -1
        if quote:
            begin = document.text.find(quote)
        facts.append(
            Fact(
                relations=frozenset({fact["p"], *fact.get("also", [])}),
                subject=_all_names(names, fact, "s"),
                object=_all_names(names, fact, "o") if value is None else frozenset({value}),
                quote=(begin, begin + len(quote)) if begin >= 0 else None,
            )
        )  # fmt: skip
    return Labelled(
        source=source, document=document, facts=tuple(facts),
        asked=frozenset(PROPERTIES.values()),
        known=frozenset().union(*names.values()) if names else frozenset(),
    )  # fmt: skip


def _all_names(names: Mapping[str, frozenset[str]], fact: Mapping[str, Any], side: str) -> frozenset[str]:
    return frozenset().union(*(names.get(e, frozenset()) for e in (fact[side], *fact.get(f"{side}_also", []))))


# ---------------------------------------------------------------- examples


def examples(labelled: Sequence[Labelled], cache: Path | None = None) -> list[Example]:
    """The pairs of the documents of which something is known."""
    known, names = ontology.load(), gazetteer.load()
    index = role_index(known)
    found: list[Example] = []
    for row, parse in zip(labelled, parses(labelled, cache), strict=True):
        candidates = pairs_in(parse, known, names, index)
        judge = _by_spans if row.source == "knowledgenet" else _by_names
        for pair in candidates.pairs:
            right = judge(row, parse, candidates, pair)
            if right:
                document = row.document.id.split(":")[0]
                found.append(Example(source=row.source, document=document, signs=pair.signs, right=right))
    return found


def parses(labelled: Sequence[Labelled], cache: Path | None) -> list[Parse]:
    """The parsed documents, kept in the cache folder if there is one."""
    file = cache / "train_relations.pkl" if cache else None
    if file and file.exists():
        return list(pickle.loads(file.read_bytes()))  # noqa: S301  written by this script
    found = list(nlp.parse((row.document for row in labelled), nlp.load()))
    if file:
        file.write_bytes(pickle.dumps(found))
    return found


def _by_spans(row: Labelled, _: Parse, candidates: Candidates, pair: Pair) -> dict[str, bool]:
    """The relations that the passage was searched for, by whether a fact joins any mentions of the two."""
    ours = _spans(candidates, pair.subject)
    spot = pair.object_spot
    theirs = [(spot.begin, spot.end)] if isinstance(pair.object, Value) else _spans(candidates, pair.object)

    def says(fact: Fact, a: Sequence[tuple[int, int]], b: Sequence[tuple[int, int]]) -> bool:
        return any(_meet(span, fact.subject) for span in a) and any(_meet(span, fact.object) for span in b)

    return {
        name: any(
            name in fact.relations and (says(fact, ours, theirs) or name in SYMMETRIC and says(fact, theirs, ours))
            for fact in row.facts
        )
        for name in pair.relations
        if name in row.asked
    }


def _spans(candidates: Candidates, entity: str) -> list[tuple[int, int]]:
    return [(m.begin, m.end) for m in candidates.mentions if m.entities == (entity,)]


def _meet(a: tuple[int, int], b: object) -> bool:
    return isinstance(b, tuple) and max(a[0], b[0]) < min(a[1], b[1])


def _by_names(row: Labelled, parse: Parse, candidates: Candidates, pair: Pair) -> dict[str, bool]:
    """Relations by the names of the two: right where the fact is told here, wrong where no fact joins the two.

    Nothing is known of a pair whose fact is told in another sentence, nor whether a member or head works there.
    """
    if isinstance(pair.object, Value):
        return _by_value(row, candidates, pair, pair.object.value)
    ours, theirs = (_names(candidates, e) for e in (pair.subject, pair.object))
    if not ours & row.known or not theirs & row.known:
        return {}
    sentence = parse.sentences[pair.sentence]
    here = [f for f in row.facts if _joins(f, ours, theirs)]
    back = [f for f in row.facts if _joins(f, theirs, ours)]
    right: dict[str, bool] = {}
    for name in pair.relations:
        if name not in row.asked:
            continue
        told = [f for f in (*here, *(back if name in SYMMETRIC else ())) if name in f.relations]
        if any(f.quote is None or _meet((sentence.begin, sentence.end), f.quote) for f in told):
            right[name] = True
        elif not told and not (name == "worksFor" and any(f.relations & BELONGING for f in here)):
            right[name] = False
    return right


def _by_value(row: Labelled, candidates: Candidates, pair: Pair, value: str) -> dict[str, bool]:
    """Dates of births, deaths and foundings: the phrases tell them, the articles have hardly any but may have some."""
    ours = _names(candidates, pair.subject)
    if row.source != "phrases":
        return {name: False for name in pair.relations if f"rule={name}" not in pair.signs}
    told = [f for f in row.facts if isinstance(f.subject, frozenset) and f.subject & ours]
    return {
        name: any(name in f.relations and isinstance(f.object, frozenset) and value in f.object for f in told)
        for name in pair.relations
    }


def _names(candidates: Candidates, entity: str) -> frozenset[str]:
    return frozenset(
        normal(n) for e in candidates.entities if e.id == entity and e.name for n in (e.name, *e.aliases)
    ) - {""}


def _joins(fact: Fact, ours: frozenset[str], theirs: frozenset[str]) -> bool:
    a, b = fact.subject, fact.object
    return isinstance(a, frozenset) and isinstance(b, frozenset) and bool(a & ours) and bool(b & theirs)


# ---------------------------------------------------------------- learning


def learn(training: Sequence[Example]) -> Table:
    """The table without its row of limits: each sign with its weight for each relation, rounded, without small ones."""
    table: Table = defaultdict(dict)
    for name in sorted({n for names in RELATIONS.values() for n in names}):
        rows = [e for e in training if name in e.right]
        columns = _columns(rows)
        model = LogisticRegression(C=STRENGTH, solver="liblinear", max_iter=300, random_state=0)
        model.fit(_matrix(rows, columns), [e.right[name] for e in rows])
        table["bias"][name] = 0
        for sign, n in columns.items():
            weight = round(float(model.coef_[0][n]) * SCALE)
            if abs(weight) >= SMALLEST:
                table[sign][name] = table[sign].get(name, 0) + weight
        table["bias"][name] += round(float(model.intercept_[0]) * SCALE)
    return {sign: dict(sorted(row.items())) for sign, row in sorted(table.items()) if row}


def _columns(rows: Sequence[Example]) -> dict[str, int]:
    seen: dict[str, set[str]] = defaultdict(set)
    for e in rows:
        for sign in e.signs:
            seen[sign].add(e.document)
    return {sign: n for n, sign in enumerate(sorted(s for s, documents in seen.items() if len(documents) >= RARE))}


def _matrix(rows: Sequence[Example], columns: Mapping[str, int]) -> csr_matrix:
    cells = [(r, columns[s]) for r, e in enumerate(rows) for s in e.signs if s in columns]
    at, to = zip(*cells, strict=True)
    return csr_matrix((np.ones(len(cells)), (at, to)), shape=(len(rows), len(columns)))


def odds(table: Table, example: Example, name: str) -> int:
    """The log odds of a relation, in steps of the table."""
    return sum(table.get(sign, {}).get(name, 0) for sign in example.signs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a model that has not seen the document says of a relation of a pair."""

    example: Example
    relation: str
    odds: int

    @property
    def right(self) -> bool:
        """Whether the relation holds."""
        return self.example.right[self.relation]

    @property
    def ruled(self) -> bool:
        """Whether the rules say it already, or that the two belong together in another way."""
        ways = BELONGING if self.relation == "worksFor" else {self.relation}
        return any(f"rule={way}" in self.example.signs for way in ways)


def fold_of(found: Sequence[Example]) -> dict[str, int]:
    """Document -> fold, every fold with its share of each source."""
    order = sorted({(e.source, e.document) for e in found})
    return {document: n % FOLDS for n, (_, document) in enumerate(order)}


def held_out(found: Sequence[Example]) -> list[Said]:
    """Each relation asked of each pair with what a model says that has not seen the document."""
    folds = fold_of(found)
    said: list[Said] = []
    for fold in range(FOLDS):
        table = learn([e for e in found if folds[e.document] != fold])
        said += [
            Said(example=e, relation=name, odds=odds(table, e, name))
            for e in found
            if folds[e.document] == fold
            for name in e.right
        ]
    return said


def limits(said: Sequence[Said]) -> dict[str, int]:
    """For each relation the log odds from which claiming it pays: on KnowledgeNet at the margin, on news all in all.

    So few pairs of news stand in these relations that two wrong ones tell nothing yet.
    """
    found: dict[str, int] = {}
    for name in sorted({s.relation for s in said}):
        rows = [s for s in said if s.relation == name and not s.ruled]
        margin = SCALE * math.log(SURE["knowledgenet"] / (1 - SURE["knowledgenet"]))
        for least in range(round(margin), 4 * SCALE, SCALE // 10):
            news = [s.right for s in rows if s.example.source != "knowledgenet" and s.odds >= least]
            if len(news) - sum(news) <= TOLERATED or sum(news) >= SURE["news"] * len(news):
                found[name] = least
                break
    return found


# ---------------------------------------------------------------- checking


def report(said: Sequence[Said], least: Mapping[str, int]) -> None:
    """Print for each relation and source how often what the model adds is right, and how sure it should be."""
    total: Counter[tuple[str, str]] = Counter()
    for name in sorted({s.relation for s in said}):
        for source in ("knowledgenet", "articles", "releases", "phrases"):
            rows = [s for s in said if s.relation == name and s.example.source == source]
            gold, ruled = sum(s.right for s in rows), [s for s in rows if s.ruled]
            added = [s for s in rows if not s.ruled and s.odds >= least.get(name, 10**6)]
            good = sum(s.right for s in added)
            total[source, "added"] += len(added)
            total[source, "good"] += good
            print(
                f"{name:10} {source:13} pairs {len(rows):5} right {gold:4}  rules {sum(s.right for s in ruled):4} of "
                f"{len(ruled):4}  model adds {good:4} of {len(added):4}  from {least.get(name, 0) / SCALE:5.2f}"
            )
    for source in ("knowledgenet", "articles", "releases", "phrases"):
        print(f"{'all':10} {source:13} model adds {total[source, 'good']} of {total[source, 'added']}")
    for source in ("knowledgenet", "articles", "releases", "phrases"):
        bands: dict[int, list[bool]] = defaultdict(list)
        for s in said:
            if not s.ruled and s.example.source == source and s.odds >= least.get(s.relation, 10**6):
                bands[math.floor(10 / (1 + math.exp(-s.odds / SCALE)))].append(s.right)
        print(source, {f".{band}": f"{sum(v) / len(v):.2f} ({len(v)})" for band, v in sorted(bands.items())})


def main() -> None:
    """Learn and write, or check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path, nargs="?", default=os.environ.get("KG_SHARED"))
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=TABLE)
    options = parser.parse_args()
    if options.shared is None:
        parser.error("name the folder of the sources or set KG_SHARED")
    found = examples(list(sources(options.shared)), options.cache)
    said = held_out(found)
    least = limits(said)
    if options.check:
        report(said, least)
        return
    table = {LEAST: least, **learn(found)}
    rows = ("\t".join([sign, *(f"{name} {weight}" for name, weight in row.items())]) for sign, row in table.items())
    options.output.write_text(HEADER.format(scale=SCALE) + "\n".join(rows) + "\n", encoding="utf-8")
    print(len(table), "signs")


if __name__ == "__main__":
    main()
