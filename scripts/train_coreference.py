"""Learn the weights of kg/salience.py from our own marked texts and GAP.

    python scripts/train_coreference.py GAP.tsv [--check] [-o TABLE]

Our texts (scripts/passages.py) tell of every "he" and "she" whom it means; those held out are only measured.  GAP is
Webster et al. (2018), "Mind the GAP", a tab-separated file of texts with one pronoun and two names each.  With --check
no table is written: folds of GAP's pages are held out one after the other and their scores printed.  The same input
gives the same table, byte for byte; the nouns of the texts are read with the table of scripts/train_anaphora.py, which
comes first.
"""

from __future__ import annotations

import argparse
import csv
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from log_linear import Weighed, fit
from passages import Passage, is_name, passages

from kg import gazetteer, nlp, ontology, text_reader
from kg.antecedents import Choice, follow, pronoun_gender
from kg.coreference import BeforePronouns, before_pronouns
from kg.gazetteer import Gazetteer
from kg.name_nested import states_in_names
from kg.names import find_names
from kg.ontology import Ontology
from kg.quotations import find_quotations
from kg.read import document_of
from kg.referents import context_of
from kg.roles import Role, RoleIndex, find_roles, role_index
from kg.salience import NOBODY
from kg.types import Parse

TABLE = Path(__file__).parent.parent / "kg" / "tables" / "pronoun_weights.tsv"
HEADER = (
    "# Cues of an antecedent and their weights, written by scripts/train_coreference.py from our own texts and GAP"
    " (Apache-2.0).\n"
)
FOLDS = 5
ROUNDS = 3
"""Each round walks the texts with the weights of the round before."""
STRENGTH = 5.0
"""Of the quadratic penalty on weights."""
OF_GAP = 5.0
"""How many of our pronouns one of GAP's counts for: there are thirty thousand and two thousand."""
TOGETHER = 3
"""Short passages that make one text, a paragraph each, so that it changes whom it is about."""
RARE = 5
"""Cues seen in fewer choices are left out."""
LEAST_MASS = 0.05

Meant = Callable[[str], bool]
"""Whether a pronoun may mean an entity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Whom a pronoun means, whether that may be somebody without a name, and how much it counts."""

    meant: Meant
    nobody: bool
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A text before its pronouns are followed."""

    before: BeforePronouns
    roles: tuple[Role, ...]
    quotes: tuple[tuple[int, int, int | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A text with its labelled pronouns, by token; `held_out` ones are measured only."""

    read: Read
    labels: Mapping[int, Label]
    held_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GapExample:
    """A text of GAP: its page, the token of its pronoun, whether that is feminine, and the two names with whether they
    are meant."""

    example: Example
    page: str
    token: int | None
    feminine: bool
    spans: tuple[tuple[int, int, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What texts are read with."""

    ontology: Ontology
    gazetteer: Gazetteer
    index: RoleIndex


def read_text(parse: Parse, tools: Tools) -> Read:
    """The text as kg/extraction.py has it when it comes to the pronouns."""
    cues = tools.ontology.cues
    names = find_names(parse, tools.gazetteer, text_reader.read_text(parse))
    known, _ = states_in_names(parse, names.entities, names.mentions, tools.gazetteer)
    context = context_of(parse, known, names.mentions, cues)
    roles = tuple(find_roles(context, tools.index))
    quotes = tuple((q.begin, q.end, q.speaker) for q in find_quotations(parse, cues))
    return Read(before=before_pronouns(context, roles, tools.gazetteer), roles=roles, quotes=quotes)


def choices(read: Read, names: Gazetteer, weights: Mapping[str, float]) -> Iterator[Choice]:
    """What is weighed for each pronoun, without the trained reader."""
    before = read.before
    return follow(before.context, read.roles, names, weights, read.quotes, before.one, before.bodies)


# ---------------------------------------------------------------- our texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A text with its marks as (begin, end, entity)."""

    id: str
    text: str
    marks: tuple[tuple[int, int, str], ...]
    held_out: bool


def pages() -> Iterator[Page]:
    """Articles in paragraphs of several sentences; short passages alone and, those not held out, in threes."""
    several = [p for p in passages() if len(p.sentences) > 1]
    for passage in several:
        if passage.article or passage.held_out:
            yield _page([passage], held_out=passage.held_out)
    short = [p for p in several if not p.article and not p.held_out]
    at = 0
    while at < len(short):
        size = 1 if at // 7 % 2 else TOGETHER
        yield _page(short[at : at + size], held_out=False)
        at += size


def _page(together: Sequence[Passage], *, held_out: bool) -> Page:
    text = ""
    marks: list[tuple[int, int, str]] = []
    for n, passage in enumerate(together):
        text += "\n\n" if n else ""
        for m, sentence in enumerate(passage.sentences):
            text += _between(passage, m) if m else ""
            marks += [(len(text) + x.begin, len(text) + x.end, f"{n}{x.entity}") for x in sentence.mentions]
            text += sentence.text
    return Page(id=together[0].id, text=text, marks=tuple(marks), held_out=held_out)


def _between(passage: Passage, number: int) -> str:
    """A space or a new paragraph in front of that sentence, drawn by its number; articles open with a headline."""
    if not passage.article:
        return " "
    each = zlib.crc32(passage.id.encode()) // 7 % 4 == 0  # one article in four has a sentence in each paragraph
    drawn = zlib.crc32(f"{passage.id}{number}".encode()) % 10 < 4
    return "\n\n" if each or number == 1 or drawn else " "


def own_examples(tools: Tools) -> Iterator[Example]:
    """Our texts with whom each "he" and "she" means."""
    found = list(pages())
    documents = (document_of(page.text, id=page.id) for page in found)
    for page, parse in zip(found, nlp.parse(documents, nlp.load()), strict=True):
        read = read_text(parse, tools)
        named = {entity for begin, end, entity in page.marks if is_name(page.text[begin:end])}
        ours = ours_of(page, read)
        at = {(begin, end): entity for begin, end, entity in page.marks}
        labels: dict[int, Label] = {}
        for token in parse.tokens:
            entity = at.get((token.begin, token.end))
            if entity is None or pronoun_gender(parse, token.i) is None:
                continue
            if entity not in named:
                labels[token.i] = Label(meant=lambda e: e.startswith(NOBODY), nobody=True)
            elif ours[entity]:
                labels[token.i] = Label(meant=frozenset(ours[entity]).__contains__, nobody=False)
        yield Example(read=read, labels=labels, held_out=page.held_out)


def ours_of(page: Page, read: Read) -> Mapping[str, set[str]]:
    """Marked entity -> those of our entities whose names lie on its names more often than on those of others."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    mentions = {m.start: m for m in read.before.context.at.values() if m.kind == "name"}
    for begin, end, entity in page.marks:
        if is_name(page.text[begin:end]):
            for m in mentions.values():
                if m.begin < end and begin < m.end:
                    for e in m.entities:
                        votes[e][entity] += 1
    found: dict[str, set[str]] = defaultdict(set)
    for ours, counts in votes.items():
        found[counts.most_common(1)[0][0]].add(ours)
    return found


# ---------------------------------------------------------------- GAP


def gap_examples(rows: Sequence[Mapping[str, str]], tools: Tools) -> Iterator[GapExample]:
    """The examples of GAP's rows, read by the same modules as any other text."""
    documents = (document_of(row["Text"], id=row["ID"]) for row in rows)
    for row, parse in zip(rows, nlp.parse(documents, nlp.load()), strict=True):
        read = read_text(parse, tools)
        spans = tuple(_span(row, x) for x in "AB")
        named: dict[str, bool] = {}
        for begin, end, right in spans:
            for m in read.before.context.at.values():
                if m.kind == "name" and max(m.begin, begin) < min(m.end, end):
                    named.update({e: right or named.get(e, False) for e in m.entities})
        token = next((t.i for t in parse.tokens if t.begin == int(row["Pronoun-offset"])), None)
        yield GapExample(
            example=Example(read=read, labels={} if token is None else _label(token, spans, named)),
            page=row["URL"], token=token, feminine=row["Pronoun"].lower() in ("she", "her", "hers"), spans=spans,
        )  # fmt: skip


def _span(row: Mapping[str, str], name: str) -> tuple[int, int, bool]:
    begin = int(row[f"{name}-offset"])
    return begin, begin + len(row[name]), row[f"{name}-coref"].upper() == "TRUE"


def _label(token: int, spans: Sequence[tuple[int, int, bool]], named: Mapping[str, bool]) -> dict[int, Label]:
    """The label of the pronoun there; all that has no label may be meant where both names are wrong."""
    right = frozenset(e for e, meant in named.items() if meant)
    if not right and any(meant for _, _, meant in spans):
        return {}
    if right:
        return {token: Label(meant=right.__contains__, nobody=False, weight=OF_GAP)}
    return {token: Label(meant=lambda e: e not in named, nobody=True, weight=OF_GAP)}


# ---------------------------------------------------------------- learning


def learn(training: Sequence[Example], names: Gazetteer) -> dict[str, float]:
    """Weights that make whom the pronouns mean likely and everybody else unlikely."""
    weights: dict[str, float] = {}
    for _ in range(ROUNDS):
        used = [w for example in training for w in _weighed(example, names, weights)]
        weights = fit(used, strength=STRENGTH, rare=RARE, places=3, least=0.005)
    return weights


def _weighed(example: Example, names: Gazetteer, weights: Mapping[str, float]) -> Iterator[Weighed]:
    for choice in choices(example.read, names, weights):
        label = example.labels.get(choice.token)
        if label is not None:
            named = tuple(sum(part for e, part in c.share.items() if label.meant(e)) for c in choice.candidates)
            right = (*named, 1.0 if label.nobody else 0.0)
            if sum(right) > LEAST_MASS:
                yield Weighed(rows=choice.rows, right=right, weight=label.weight)


# ---------------------------------------------------------------- checking


def _said(choice: Choice | None, least: float) -> frozenset[str]:
    if choice is None or choice.best.startswith(NOBODY) or choice.share[choice.best] < least:
        return frozenset()
    return frozenset({choice.best})


def check_own(examples: Iterable[Example], names: Gazetteer, weights: Mapping[str, float], least: float) -> str:
    """How many pronouns of named persons there are, and the parts that are right and wrong; the rest is left open."""
    counts: Counter[str] = Counter()
    for example in examples:
        for choice in choices(example.read, names, weights):
            label = example.labels.get(choice.token)
            if label is not None and not label.nobody:
                said = _said(choice, least)
                counts["right" if any(map(label.meant, said)) else "wrong" if said else "open"] += 1
    total = counts.total()
    return f"{total} pronouns held out: right {counts['right'] / total:.3f}, wrong {counts['wrong'] / total:.3f}\n"


def check_gap(found: Sequence[tuple[GapExample, Choice | None]], least: float) -> dict[str, tuple[float, float, float]]:
    """Precision, recall and F1 over the decisions about names, for all, feminine and masculine pronouns."""
    counts: dict[str, Counter[str]] = {k: Counter() for k in ("all", "feminine", "masculine")}
    for gap, choice in found:
        said = _said(choice, least)
        context = gap.example.read.before.context
        for begin, end, meant in gap.spans:
            tokens = (t for t in context.parse.tokens if max(t.begin, begin) < min(t.end, end) and t.i in context.at)
            hit = bool(said & {e for t in tokens for e in context.at[t.i].entities})
            for key in ("all", "feminine" if gap.feminine else "masculine"):
                counts[key]["tp" if hit and meant else "fp" if hit else "fn" if meant else "tn"] += 1
    scores = {}
    for key, c in counts.items():
        p, r = c["tp"] / max(1, c["tp"] + c["fp"]), c["tp"] / max(1, c["tp"] + c["fn"])
        scores[key] = (p, r, 2 * p * r / (p + r) if p + r else 0.0)
    return scores


def _chosen(gap: GapExample, names: Gazetteer, weights: Mapping[str, float]) -> Choice | None:
    return next((c for c in choices(gap.example.read, names, weights) if c.token == gap.token), None)


def main() -> None:
    """Learn and write, or check by folds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gap", type=Path)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("-o", "--output", type=Path, default=TABLE)
    options = parser.parse_args()
    ours = ontology.load()
    names = gazetteer.load()
    tools = Tools(ontology=ours, gazetteer=names, index=role_index(ours))
    with options.gap.open(encoding="utf-8") as lines:
        gap = list(gap_examples(list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)), tools))
    own = list(own_examples(tools))
    training = [e for e in own if not e.held_out]
    if not options.check:
        weights = learn([*training, *(g.example for g in gap)], names)
        table = "".join(f"{cue}\t{weight:.3f}\n" for cue, weight in sorted(weights.items()))
        options.output.write_text(HEADER + "cue\tweight\n" + table, encoding="utf-8")
        sys.stdout.write(check_own((e for e in own if e.held_out), names, weights, 0.4))
        return
    fold_of = {page: n % FOLDS for n, page in enumerate(sorted({g.page for g in gap}))}
    found: list[tuple[GapExample, Choice | None]] = []
    for fold in range(FOLDS):
        weights = learn([*training, *(g.example for g in gap if fold_of[g.page] != fold)], names)
        found += [(g, _chosen(g, names, weights)) for g in gap if fold_of[g.page] == fold]
        sys.stdout.write(f"fold {fold}: {len(weights)} weights\n")
    for least in (0.0, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7):
        scores = check_gap(found, least)
        line = "  ".join(f"{k} P {p:.3f} R {r:.3f} F1 {f:.3f}" for k, (p, r, f) in scores.items())
        sys.stdout.write(f"least {least:.2f}  {line}  f/m {scores['feminine'][2] / scores['masculine'][2]:.3f}\n")


if __name__ == "__main__":
    main()
