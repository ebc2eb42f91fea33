"""Learn the table of kg/confidence.py: python scripts/calibrate_confidence.py [SHARED] [--more DIR] [--unread DIR] ...

SHARED (or the variable KG_SHARED) is a folder with gold articles and phrases (gold/, articles/); --more and --unread
add folders of pairs NAME.txt and NAME.json.  Every claim that extraction makes of these texts is right or wrong by the
gold.  On texts that were read while the rules were written more is right than on any other, phrases are written to hold
what they ask for, and passages and whole articles of our own (scripts/data/passages, those held out) are easier than
press texts.  So each of these sources has a sign of its own while learning, which is left out of the table: the level
is that of the texts that nobody read (--unread), what tells sure claims from doubtful ones is learned from all.  With
--check no table is written: the reliability of held-out folds of whole documents is printed, of the unread texts where
there are any.  The same input gives the same table, byte for byte.  Needs scikit-learn.
"""

from __future__ import annotations

import argparse
import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from passages import Passage, passages
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from train_relations import Fact, Labelled, normal, parses, sources
from train_relations import _news as news

from kg import gazetteer, ontology
from kg.confidence import HIGH, LOW, SCALE, TABLE, signs
from kg.extraction import uncalibrated
from kg.read import document_of
from kg.readings import chance_of, chance_of_sides
from kg.role_words import role_index
from kg.types import Claim, Extraction, Relation, Value

FOLDS = 5
STRENGTH = 0.05
"""Inverse of the quadratic penalty on weights."""
RARE = 3
"""Signs seen in fewer documents are left out."""
UNREAD = "unread"
PASSAGES, WHOLE = "passages", "whole articles"
"""Marked texts of our own, short ones and long ones."""
SHARES = {PASSAGES: 0.3}
"""How much a claim of a source counts: passages are many, short and easy."""
SOURCE = "source="
FREELY = 5.0
"""Value of the sign of a source: the penalty on its weight hardly counts."""
LEAST_STATED = 0.5
"""What an entry states of itself counts at least half: a user's kg:confidence must show."""
BINS = 10
HEADER = (
    "# What each sign of a claim speaks for, in steps of 1/{scale} of log odds.\n"
    "# Written by scripts/calibrate_confidence.py.\n"
    "# sign<TAB>weight\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A claim with the document it is from and whether gold says so; `stated` is the confidence before calibration."""

    source: str
    document: str
    signs: tuple[tuple[str, float], ...]
    stated: float
    right: bool


# ---------------------------------------------------------------- judging


def labelled(shared: Path, more: Path | None, unread: Path | None) -> list[Labelled]:
    """All documents with gold: articles, releases, phrases and those of the further folders."""
    found = [row for row in sources(shared) if row.source != "knowledgenet"]
    for source, folder in (("articles", more), (UNREAD, unread)):
        for path in sorted(folder.glob("*.json")) if folder else ():
            text = path.with_suffix(".txt").read_text(encoding="utf-8")
            gold = json.loads(path.read_text(encoding="utf-8"))
            found.append(news(source, document_of(text, id=path.stem), gold))
    return [*found, *(_marked(passage) for passage in passages() if passage.held_out)]


def _marked(passage: Passage) -> Labelled:
    """A marked passage on which nothing was trained; nobody read it."""
    names = {entity: frozenset(map(normal, known)) for entity, (_, known) in passage.names.items()}
    facts = [
        Fact(relations=frozenset(fact.relations), subject=names[fact.subject], object=names[fact.object])
        for sentence in passage.sentences
        for fact in sentence.facts
        if fact.subject in names and fact.object in names
    ]
    return Labelled(
        source=WHOLE if passage.article else PASSAGES, document=document_of(passage.text, id=passage.id),
        asked=frozenset(), facts=tuple(facts), known=frozenset().union(*names.values()),
    )  # fmt: skip


def judged(rows: Sequence[Labelled], cache: Path | None) -> list[Judged]:
    """Every claim of a relation that gold knows, once for each document and mode."""
    known, names = ontology.load(), gazetteer.load()
    index = role_index(known)
    asked = frozenset(relation for row in rows for fact in row.facts for relation in fact.relations)
    found: list[Judged] = []
    for row, parse in zip(rows, parses(rows, cache), strict=True):
        said = uncalibrated(parse, known, names, index)
        for claim in said.extraction.claims:
            right = _right(row, said.extraction, claim, known.relations) if claim.predicate in asked else None
            if right is not None:
                chance = chance_of(said.read, claim)
                found.append(
                    Judged(source=row.source, document=row.document.id, right=right, stated=claim.confidence,
                           signs=tuple(signs(claim, chance, chance_of_sides(said.meant, claim))))
                )  # fmt: skip
    return found


def _right(row: Labelled, extraction: Extraction, claim: Claim, relations: Mapping[str, Relation]) -> bool | None:
    """Whether gold has the claim; None where it cannot tell: a phrase is not searched for all that it says."""
    ours = _names(extraction, claim.subject)
    symmetric = claim.predicate == "elected" or relations[claim.predicate].symmetric
    if isinstance(claim.object, Value):
        if row.source != "phrases":
            return None
        value = claim.object.value
        told = [f for f in row.facts if _has(f.subject, ours) and claim.predicate in f.relations]
        return any(isinstance(f.object, frozenset) and any(_same_day(value, v) for v in f.object) for f in told)
    theirs = _names(extraction, claim.object)
    there = [f for f in row.facts if _has(f.subject, ours) and _has(f.object, theirs)]
    back = [f for f in row.facts if _has(f.subject, theirs) and _has(f.object, ours)]
    if any(claim.predicate in f.relations for f in (*there, *(back if symmetric else ()))):
        return True
    partly = row.source == "phrases" or not row.asked
    if partly and (not ours & row.known or not theirs & row.known):
        return None
    if row.source == "phrases" and (there or back):
        return None
    return False


def _has(side: frozenset[str] | tuple[int, int], names: frozenset[str]) -> bool:
    return isinstance(side, frozenset) and bool(side & names)


def _same_day(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _names(extraction: Extraction, entity: str) -> frozenset[str]:
    return frozenset(normal(n) for e in extraction.entities if e.id == entity for n in (e.name or "", *e.aliases)) - {
        ""
    }


# ---------------------------------------------------------------- learning


def learn(training: Sequence[Judged]) -> dict[str, int]:
    """Sign -> weight in steps of the table."""
    columns = _columns(training)
    values = _matrix(training, columns)
    right = np.array([one.right for one in training])
    shares = np.array([SHARES.get(one.source, 1.0) for one in training])
    weights = _fit(values, right, shares)
    stated = columns["stated"]
    if weights[stated] < LEAST_STATED:
        # Held at its least: what it then says is taken off before the others are learned again.
        held = values.toarray()
        given = held[:, stated] * LEAST_STATED
        held[:, stated] = 0.0
        weights = _fit_beside(held, right, given, shares)
        weights[stated] = LEAST_STATED
    table = {sign: round(float(weights[n]) * SCALE) for sign, n in columns.items() if not sign.startswith(SOURCE)}
    return {sign: weight for sign, weight in sorted(table.items()) if weight}


def _fit(values: csr_matrix, right: np.ndarray, shares: np.ndarray) -> np.ndarray:
    model = LogisticRegression(C=STRENGTH, solver="liblinear", max_iter=500, random_state=0, fit_intercept=False)
    model.fit(values, right, sample_weight=shares)
    return np.array(model.coef_[0], dtype=float)


def _fit_beside(
    values: np.ndarray, right: np.ndarray, given: np.ndarray, shares: np.ndarray, rounds: int = 30
) -> np.ndarray:
    """Weights of a penalised logistic regression whose log odds already hold `given`, by Newton's method."""
    weights = np.zeros(values.shape[1])
    for _ in range(rounds):
        held = 1 / (1 + np.exp(-(values @ weights + given)))
        slope = values.T @ (shares * (right - held)) - weights / STRENGTH
        bend = (values * (shares * held * (1 - held))[:, None]).T @ values + np.eye(len(weights)) / STRENGTH
        weights = weights + np.linalg.solve(bend, slope)
    return weights


def _signs(one: Judged) -> Iterator[tuple[str, float]]:
    yield from one.signs
    if one.source != UNREAD:
        yield SOURCE + one.source, FREELY


def _columns(rows: Sequence[Judged]) -> dict[str, int]:
    seen: dict[str, set[str]] = defaultdict(set)
    for one in rows:
        for sign, _ in _signs(one):
            seen[sign].add(one.document)
    return {sign: n for n, sign in enumerate(sorted(s for s, d in seen.items() if len(d) >= RARE or s == "stated"))}


def _matrix(rows: Sequence[Judged], columns: Mapping[str, int]) -> csr_matrix:
    cells = [(r, columns[s], v) for r, one in enumerate(rows) for s, v in _signs(one) if s in columns]
    at, to, values = zip(*cells, strict=True)
    return csr_matrix((values, (at, to)), shape=(len(rows), len(columns)))


def confidence(table: Mapping[str, int], one: Judged) -> float:
    """What the table makes of a claim."""
    steps = sum(table.get(sign, 0) * value for sign, value in one.signs)
    return round(min(HIGH, max(LOW, 1 / (1 + float(np.exp(-steps / SCALE))))), 2)


# ---------------------------------------------------------------- reliability


def folds(rows: Sequence[Judged]) -> dict[str, int]:
    """Document -> fold, every fold with its share of each source."""
    documents = sorted({(one.source, one.document) for one in rows})
    return {document: n % FOLDS for n, (_, document) in enumerate(documents)}


def held_out(rows: Sequence[Judged]) -> list[tuple[Judged, float]]:
    """Every claim with the confidence of a table that was learned without its document."""
    fold = folds(rows)
    tables = [learn([one for one in rows if fold[one.document] != n]) for n in range(FOLDS)]
    return [(one, confidence(tables[fold[one.document]], one)) for one in rows]


def error(pairs: Iterable[tuple[float, bool]]) -> float:
    """Expected calibration error: how far the mean confidence of a tenth is from the share of right claims in it."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for value, right in pairs:
        bins[min(BINS - 1, int(value * BINS))].append((value, right))
    total = sum(map(len, bins.values()))
    return sum(abs(sum(v - r for v, r in those)) for those in bins.values()) / total


def report(pairs: Sequence[tuple[float, bool]]) -> Iterator[str]:
    """A reliability table: of the claims with this confidence, how many there are and how many are right."""
    for low in range(BINS):
        those = [(v, r) for v, r in pairs if min(BINS - 1, int(v * BINS)) == low]
        if those:
            mean, right = sum(v for v, _ in those) / len(those), sum(r for _, r in those) / len(those)
            yield f"| {low / BINS:.1f} to {(low + 1) / BINS:.1f} | {len(those)} | {mean:.2f} | {right:.2f} |"


def _brier(pairs: Sequence[tuple[float, bool]]) -> float:
    return sum((v - r) ** 2 for v, r in pairs) / len(pairs)


def _auc(pairs: Sequence[tuple[float, bool]]) -> float:
    """How often a right claim is surer than a wrong one."""
    ranks = sorted(pairs)
    good, total, wins, below = sum(r for _, r in ranks), len(ranks), 0.0, 0
    at = 0
    while at < total:
        stop = at
        while stop < total and ranks[stop][0] == ranks[at][0]:
            stop += 1
        same = [r for _, r in ranks[at:stop]]
        wins += sum(same) * (below + (len(same) - sum(same)) / 2)
        below += len(same) - sum(same)
        at = stop
    return wins / max(1, good * (total - good))


def main() -> None:
    """Learns and writes, or checks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", nargs="?", type=Path, default=os.environ.get("KG_SHARED"))
    parser.add_argument("--more", type=Path)
    parser.add_argument("--unread", type=Path)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("-o", "--output", type=Path, default=TABLE)
    options = parser.parse_args()
    if options.shared is None:
        parser.error("name the folder of labelled texts, or set KG_SHARED")
    rows = judged(labelled(Path(options.shared), options.more, options.unread), options.cache)
    print(Counter((one.source, one.right) for one in rows))
    if not options.check:
        table = learn(rows)
        lines = [f"{sign}\t{weight}\n" for sign, weight in table.items()]
        options.output.write_text(HEADER.format(scale=SCALE) + "".join(lines), encoding="utf-8")
        print(f"{len(table)} signs of {len(rows)} claims")
        return
    asked = {UNREAD} if options.unread else {one.source for one in rows} - {"phrases"}
    pairs = [(one, value) for one, value in held_out(rows) if one.source in asked]
    for name, told in (
        ("stated", [(one.stated, one.right) for one, _ in pairs]),
        ("calibrated", [(value, one.right) for one, value in pairs]),
    ):
        print(f"{name}: held out: ECE {error(told):.3f}  Brier {_brier(told):.3f}  AUC {_auc(told):.3f}")
        print("\n".join(report(told)))
        sure = [right for value, right in told if value >= 0.8]
        print(f"at 0.8: {len(sure)} of {len(told)} claims, {sum(sure) / max(1, len(sure)):.3f} right")


if __name__ == "__main__":
    main()
