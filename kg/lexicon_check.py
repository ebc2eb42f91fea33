"""Ontology and lexicon files -> what is wrong with them: entries that are faulty, never fire or contradict others."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path
from typing import Literal

from kg import nlp
from kg.ids import DEFAULT_MODEL
from kg.ontology import PREPOSITIONS, Examined, Ontology, examine, load
from kg.types import LexicalEntry, Relation

Severity = Literal["error", "warning"]
CARRIER = "They {} it."
"""Where a verb is looked at as the lemmatizer sees it."""
PATTERN_MARKS = frozenset("*")
"""What begins a word that stands for a list of words."""
COLUMNS = ("severity", "entry", "finding", "file")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is wrong with an entry or a relation.  An error means that something of it can never work."""

    severity: Severity
    entry: str
    message: str
    file: str


def check(files: Sequence[Path] = (), *, model: str = DEFAULT_MODEL) -> tuple[Finding, ...]:
    """The findings on the entries and relations of the files; on the project's own where there are no files.

    Raises OntologyError for Turtle that cannot be read, and ModelError.
    """
    examined = examine(extra=files)
    known = examined.ontology
    # The code knows the structures that the project's own entries use.
    structures = PREPOSITIONS | {frame.subject for entry in load().structures for frame in entry.frames}
    chosen = [e for e in known.entries if not files or examined.file.get(e.name) in files]
    found = [_of_error(str(error)) for error in examined.errors]
    found += [_finding(examined, "warning", name, "no entry says this relation") for name in _unsaid(examined, files)]
    for entry in chosen:
        for severity, message in (
            *_never_fires(known.relations[entry.relation], entry, structures),
            *_idle_particles(entry),
        ):
            found.append(_finding(examined, severity, entry.name, message))
    found += [_finding(examined, "error", name, message) for name, message in _opposed(known, chosen)]
    found += [_finding(examined, s, name, message) for name, s, message in _words(chosen, model)]
    return tuple(dict.fromkeys(found))


def _finding(examined: Examined, severity: Severity, name: str, message: str) -> Finding:
    file = examined.file.get(name)
    return Finding(severity=severity, entry=name, message=message, file=file.name if file else "")


def _of_error(text: str) -> Finding:
    """An error of the loader: "<file>: <<iri>> has ..."."""
    parts = re.fullmatch(r"(.*?): <([^>]*)> (.*)", text, re.DOTALL)
    if parts is None:
        return Finding(severity="error", entry="", message=text, file="")
    name = re.split(r"[#/]", parts[2])[-1]
    return Finding(severity="error", entry=name, message=parts[3], file=Path(parts[1]).name)


def _unsaid(examined: Examined, files: Sequence[Path]) -> list[str]:
    said = {entry.relation for entry in examined.ontology.entries}
    names = [name for name in examined.ontology.relations if name not in said]
    return [name for name in names if not files or examined.file.get(name) in files]


# ---------------------------------------------------------------- entries that can never fire


def _never_fires(
    relation: Relation, entry: LexicalEntry, structures: Collection[str]
) -> Iterator[tuple[Severity, str]]:
    """What keeps a frame from ever being filled: its slots, or classes that the relation does not take."""
    for side, allowed, narrowed in (
        ("subject", relation.domain, entry.subject_types), ("object", relation.range, entry.object_types),
    ):  # fmt: skip
        if allowed and narrowed and not allowed & narrowed:
            yield "error", f"kg:{side}Type is no class that {relation.name} takes as its {side}, so it never fires"
    for frame in entry.frames:
        shown = frame.subject if entry.kind == "structure" else f"{frame.subject} {frame.object}"
        if entry.kind == "structure":
            if frame.subject not in structures:
                yield "error", f"the structure '{shown}' is not known, so it never fires"
            continue
        if relation.literal != (frame.object == "date"):
            says = "takes a date" if relation.literal else "takes an entity"
            yield "error", f"the frame '{shown}' can never be filled: {relation.name} {says} as its object"
        if frame.subject == "date":
            yield "error", f"the frame '{shown}' can never be filled: a date is no subject"
        both = relation.domain & relation.range if relation.domain and relation.range else True
        if frame.subject == frame.object and not both:
            yield "error", f"the frame '{shown}' can never be filled: no class is subject and object of {relation.name}"


def _idle_particles(entry: LexicalEntry) -> Iterator[tuple[Severity, str]]:
    """A preposition with an object is no further word of a verb: "meet with" never reaches the frame "subj with"."""
    for word in entry.words if entry.kind == "verb" else ():
        for particle in word[1:]:
            if particle in PREPOSITIONS and all(particle in (frame.subject, frame.object) for frame in entry.frames):
                bare = " ".join(w for w in word if w != particle)
                yield "warning", (
                    f"'{' '.join(word)}' hardly fires: '{particle}' with an object fills the slot of the frame and is "
                    f"no further word; write '{bare}'"
                )  # fmt: skip


# ---------------------------------------------------------------- entries against each other


def _opposed(ontology: Ontology, chosen: Iterable[LexicalEntry]) -> Iterator[tuple[str, str]]:
    """Words that two entries give contradicting relations, or one relation in both directions: entry and what."""
    mine = {entry.name for entry in chosen}
    ways: dict[tuple[str, tuple[str, ...], frozenset[str]], list[tuple[LexicalEntry, str, str]]] = defaultdict(list)
    for entry in ontology.entries:
        for word in entry.words if entry.kind != "structure" else ():
            for frame in entry.frames:
                slots = frozenset((frame.subject, frame.object))
                ways[entry.kind, word, slots].append((entry, frame.subject, frame.object))
    for (_, word, _), those in ways.items():
        for (one, subject, _), (two, other, _) in combinations(those, 2):
            if mine.isdisjoint((one.name, two.name)) or not _meet(ontology, one, two, turned=subject != other):
                continue
            first, second = (one, two) if two.name not in mine else (two, one)
            relation = ontology.relations[one.relation]
            shown = f"'{' '.join(word)}' says {first.relation}"
            if two.relation in relation.contradicts:
                yield first.name, f"{shown}, and in {second.name} it says {second.relation}"
            elif one.relation == two.relation and subject != other and not relation.symmetric:
                yield first.name, f"{shown}, and in {second.name} the other way round"


def _meet(ontology: Ontology, one: LexicalEntry, two: LexicalEntry, *, turned: bool) -> bool:
    """Whether what fills the slots of the one could fill those of the other."""
    sides = []
    for entry in (one, two):
        relation = ontology.relations[entry.relation]
        sides.append((_narrow(relation.domain, entry.subject_types), _narrow(relation.range, entry.object_types)))
    (a, b), (c, d) = sides
    if turned:
        c, d = d, c
    return all(not x or not y or bool(x & y) for x, y in ((a, c), (b, d)))


def _narrow(allowed: frozenset[str], narrowed: frozenset[str]) -> frozenset[str]:
    return narrowed & allowed if allowed and narrowed else narrowed or allowed


# ---------------------------------------------------------------- words as the pipeline sees them


def _words(entries: Sequence[LexicalEntry], model: str) -> Iterator[tuple[str, Severity, str]]:
    """Words that no text can match: in capitals, cut apart by the tokenizer, or no lemma."""
    pipeline = nlp.load(model)
    heads: dict[str, list[str]] = defaultdict(list)
    ours = {word[0] for those in load().verbs.values() for entry in those for word in entry.words}
    for entry in entries:
        for word in entry.words:
            shown = " ".join(word)
            if shown != shown.casefold():
                yield entry.name, "error", f"'{shown}' is not in lower case, so it never fires"
                continue
            for part in word if entry.kind in ("verb", "adjective") else ():
                forms = (part, part.capitalize(), part.upper(), f"{part}ed", f"{part}d", f"{part}ing")
                pieces = [[token.text for token in pipeline.tokenizer(form)] for form in forms]
                if part[0] not in PATTERN_MARKS and all(len(cut) > 1 for cut in pieces):
                    cut = " ".join(pieces[0])
                    yield entry.name, "error", f"'{shown}' never fires: the tokenizer cuts '{part}' apart ({cut})"
            if entry.kind == "verb" and word[0] not in ours:
                heads[word[0]].append(entry.name)
    for head, doc in zip(heads, pipeline.pipe(CARRIER.format(head) for head in heads), strict=True):
        token = next((token for token in doc if token.text == head), None)
        lemma = token.lemma_.casefold() if token is not None and token.pos_ == "VERB" else head
        if lemma != head and lemma[0] == head[0]:
            for name in heads[head]:
                yield name, "warning", f"'{head}' is read as a form of '{lemma}'; a word is given as its lemma"


# ---------------------------------------------------------------- for people and programs


def rows_of(found: Iterable[Finding]) -> list[tuple[str, ...]]:
    """The cells of a table of findings, in the order of COLUMNS."""
    return [(one.severity, one.entry, one.message, one.file) for one in found]


def json_of(found: Iterable[Finding]) -> str:
    """The findings as JSON: a list of objects."""
    return json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1)
