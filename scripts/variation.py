"""Other names and other words in the sentences that scripts/train_reader.py trains on.

The marked passages say the relations with some hundreds of words, the lexicon knows thousands: a reader that has met
none of the others holds what they say for unlikely.  So a sentence is trained on with other names of the same classes,
with other words of the lexical entries by which it says its relations, and with words hidden; and sentences are made of
the lexicon's verbs alone, in some thirty constructions.  Needs what `pip install .[train]` brings.
"""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lemminflect import getInflection

from kg.encoder import load_encoder
from kg.ontology import Ontology
from kg.relation_reader import KINDS, LONGEST, MODES
from kg.text_reader import CLASSES, known_pieces

Pieces = tuple[int, ...]
Span = tuple[int, int]
Wordings = Mapping[tuple[str, str], Sequence[Pieces]]
"""Lexical entry and tag -> its single words in that form."""
Names = Mapping[int, Sequence[Pieces]]
"""Class and kind, as they stand over a mention -> names of that class in the passages."""

OTHER_NAMES, OTHER_WORDS, HIDDEN = 0.6, 0.5, 0.04
"""The share of sentences with other names, of those with other words, and that of words hidden."""
MOST_WORDS = 2
SWAPPED = {"Person": 1.0, "Country": 0.6, "Place": 0.5, "Organization": 0.25}
"""How often a name of a class makes room for another: what a body is, its name often tells."""
SHARES = {
    "Person": 0.5, "Organization": 0.3, "Country": 0.2, "Place": 0.15, "Event": 0.1, "Work": 0.1, "Product": 0.1,
    "Group": 0.1,
}  # fmt: skip
"""How often a side of a made sentence is of a class, among those that its verb allows."""
VERB_TAGS, NOUN_TAGS = ("VB", "VBP", "VBD", "VBN", "VBG", "VBZ"), ("NN", "NNS")
PREPOSITIONS = frozenset("with against to at for from in on over into of near upon".split())
PATTERNS: tuple[tuple[str, str], ...] = (
    ("{S} {VBD} {O} on Monday .", "actual"),
    ("{O} was {VBN} by {S} on Monday .", "actual"),
    ("{S} , who {VBD} {O} , declined to comment .", "actual"),
    ("{O} , whom {S} {VBD} , declined to comment .", "actual"),
    ("{O} , who was {VBN} by {S} , left on Monday .", "actual"),
    ("{O} , {VBN} by {S} last year , declined to comment .", "actual"),
    ("{VBN} by {S} last year , {O} declined to comment .", "actual"),
    ("After {VBG} {O} last year , {S} declined to comment .", "actual"),
    ("Having {VBN} {O} last year , {S} declined to comment .", "actual"),
    ("{S} arrived on Monday and {VBD} {O} .", "actual"),
    ("{S} said it had been a mistake to have {VBN} {O} .", "actual"),
    ("{S} has repeatedly {VBN} {O} .", "actual"),
    ("{S} {VBZ} {O}", "actual"),
    ("{S} stood up on Monday , {VBG} {O} .", "actual"),
    ("{S} and two others {VBD} {O} on Monday .", "actual"),
    ("It was {S} that {VBD} {O} .", "actual"),
    ("{S} was the first to {VB} {O} .", "actual"),
    ("{S} , whose brother is a miner , {VBD} {O} .", "actual"),
    ("{O} was arrested and {VBN} by {S} .", "actual"),
    ("{Z} reported that {S} {VBD} {O} .", "actual"),
    ("according to {Z} , {S} {VBD} {O} in May .", "actual"),
    ("the lawyer of {Z} told a court that {S} had {VBN} {O} .", "actual"),
    ("{S} , a friend of the miners , {VBD} {O} twice .", "actual"),
    ("in May {S} {VBD} {O} and left .", "actual"),
    ('" {S} {VBD} {O} , " the mayor said .', "actual"),
    ("{S} decided on Monday to {VB} {O} .", "planned"),
    ("{S} will {VB} {O} next year .", "planned"),
    ("{S} plans to {VB} {O} .", "planned"),
    ("{S} may {VB} {O} next year .", "possible"),
    ("{S} did not {VB} {O} .", "denied"),
    ("{S} never {VBD} {O} .", "denied"),
    ("{S} denied {VBG} {O} .", "denied"),
)
"""Constructions of a verb: subject, object, somebody else; and the mode of what they say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """The pieces [begin, end) of a word that says something, with the entries that it belongs to and its tag."""

    begin: int
    end: int
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """Pieces, the class and kind over each, and the spans of the mentions."""

    pieces: Pieces
    kinds: tuple[int, ...]
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A made sentence: its mentions in text order, which of them are subject and object, and what holds of these."""

    sentence: Sentence
    subject: int
    object: int
    relations: tuple[str, ...]
    mode: int


def forms(word: str, tag: str) -> tuple[str, ...]:
    """The forms of a verb or noun for a tag of the Penn Treebank."""
    if tag in ("VB", "VBP", "NN"):
        return (word,)
    return tuple(getInflection(word, tag)[:1])


def wordings(ontology: Ontology) -> Wordings:
    """The single words of all verb and noun entries, in all their forms."""
    found: dict[tuple[str, str], list[Pieces]] = defaultdict(list)
    for entry in ontology.entries:
        tags = VERB_TAGS if entry.kind == "verb" else NOUN_TAGS if entry.kind == "noun" else ()
        for words in entry.words:
            for tag in tags if len(words) == 1 else ():
                found[entry.name, tag] += (tuple(known_pieces(form)) for form in forms(words[0], tag))
    return found


def names_of(sentences: Sequence[Sentence]) -> Names:
    """The names of all sentences by their class."""
    found: dict[int, list[Pieces]] = defaultdict(list)
    for one in sentences:
        for a, b in one.spans:
            if one.kinds[a] % len(KINDS) == KINDS["name"]:
                found[one.kinds[a]].append(one.pieces[a:b])
    return found


def varied(
    one: Sentence, words: Sequence[Word], said: frozenset[str], known: Wordings, names: Names, rng: random.Random
) -> Sentence:
    """The sentence with other names, other words for the relations `said`, and some words hidden."""
    if words and rng.random() < OTHER_WORDS:
        one = _with(one, _other_words(one, words, said, known, rng))
    if rng.random() < OTHER_NAMES:
        one = _with(one, _other_names(one, names, rng))
    taken = {n for a, b in one.spans for n in range(a, b)}
    hidden, last = load_encoder().vocabulary["[MASK]"], len(one.pieces) - 1
    pieces = (
        hidden if 0 < n < last and n not in taken and rng.random() < HIDDEN else piece
        for n, piece in enumerate(one.pieces)
    )
    return Sentence(pieces=tuple(pieces), kinds=one.kinds, spans=one.spans)


def _other_words(
    one: Sentence, words: Sequence[Word], said: frozenset[str], known: Wordings, rng: random.Random
) -> dict[Span, Pieces]:
    taken = {n for a, b in one.spans for n in range(a, b)}
    found: dict[Span, Pieces] = {}
    for word in words:
        # Only what says a relation that is marked: "was born" is none of the words for support.
        entries = [entry for entry in word.entries if entry[0].partition("-")[0] in said and entry in known]
        if entries and taken.isdisjoint(range(word.begin, word.end)):
            found[word.begin, word.end] = rng.choice(known[rng.choice(entries)])
    kept = rng.sample(sorted(found), min(MOST_WORDS, len(found)))
    return {span: found[span] for span in kept}


def _other_names(one: Sentence, names: Names, rng: random.Random) -> dict[Span, Pieces]:
    chances = {CLASSES[kind] * len(KINDS): chance for kind, chance in SWAPPED.items()}
    new: dict[Pieces, Pieces] = {}
    found: dict[Span, Pieces] = {}
    for a, b in one.spans:
        old, kind = one.pieces[a:b], one.kinds[a]
        if old not in new:
            new[old] = rng.choice(names[kind]) if rng.random() < chances.get(kind, 0) else old
        found[a, b] = new[old]
    ends = sorted(found)
    apart = all(one_end <= begin for (_, one_end), (begin, _) in itertools.pairwise(ends))
    return found if apart else {}


def _with(one: Sentence, changes: Mapping[Span, Pieces]) -> Sentence:
    """The sentence with other pieces in some places; as it was where it would become too long."""
    pieces: list[int] = []
    kinds: list[int] = []
    places: list[int] = []
    at, end = 0, len(one.pieces)
    for (a, b), new in [*sorted(changes.items()), ((end, end), ())]:
        places += range(len(pieces), len(pieces) + a - at)
        pieces += one.pieces[at:a]
        kinds += one.kinds[at:a]
        places += [len(pieces)] * (b - a)
        pieces += new
        kinds += one.kinds[a : a + 1] * len(new)
        at = b
    places.append(len(pieces))
    if len(pieces) > LONGEST:
        return one
    spans = tuple((places[a], places[b]) for a, b in one.spans)
    return Sentence(pieces=tuple(pieces), kinds=tuple(kinds), spans=spans)


# ---------------------------------------------------------------- made sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """The words of a verb, the preposition of its object, and each relation that it says with the classes of its sides
    (none for any)."""

    words: tuple[str, ...]
    preposition: str
    says: tuple[tuple[str, frozenset[str], frozenset[str]], ...]


def verbs(ontology: Ontology, relations: frozenset[str]) -> Mapping[str, Sequence[Verb]]:
    """The verbs of the lexicon that say one of the relations of their subject outright, by relation."""
    found: dict[tuple[tuple[str, ...], str], list[tuple[str, frozenset[str], frozenset[str]]]] = defaultdict(list)
    for entry in ontology.entries:
        outright = entry.kind == "verb" and not (entry.modality or entry.stance or entry.needs)
        if not outright or entry.relation not in relations:
            continue
        relation = ontology.relations[entry.relation]
        sides = entry.subject_types or relation.domain, entry.object_types or relation.range
        for frame in entry.frames:
            if frame.subject == "subj" and (frame.object == "obj" or frame.object in PREPOSITIONS):
                for words in entry.words:
                    found[words, frame.object.removeprefix("obj")].append((entry.relation, *sides))
    by_relation: dict[str, list[Verb]] = defaultdict(list)
    for (words, preposition), says in sorted(found.items()):
        verb = Verb(words=words, preposition=preposition, says=tuple(says))
        for relation in sorted({said[0] for said in says}):
            by_relation[relation].append(verb)
    return by_relation


def made(count: int, known: Mapping[str, Sequence[Verb]], names: Names, rng: random.Random) -> list[Made]:
    """So many sentences, relations with many verbs more often than others."""
    relations = sorted(known)
    weights = [len(known[relation]) ** 0.5 for relation in relations]
    found: list[Made] = []
    while len(found) < count:
        relation = rng.choices(relations, weights)[0]
        one = _made(relation, rng.choice(known[relation]), names, rng)
        found += [one] if one is not None else []
    return found


def _made(relation: str, verb: Verb, names: Names, rng: random.Random) -> Made | None:
    allowed = next((s, o) for name, s, o in verb.says if name == relation)
    sides = [_drawn_class(classes, names, rng) for classes in allowed]
    pattern, mode = rng.choice(PATTERNS)
    if None in sides:
        return None
    subject, target = (side or "" for side in sides)
    if subject != "Person":
        pattern = pattern.replace("{S} , who {", "{S} , which {")
    if target != "Person":
        pattern = pattern.replace("whom", "which").replace("{O} , who was", "{O} , which was")
    classes = {"{S}": subject, "{O}": target, "{Z}": rng.choice(("Organization", "Person"))}
    encoder = load_encoder()
    pieces, kinds = [encoder.first], [0]
    spans: list[Span] = []
    who: list[str] = []
    for word in pattern.split():
        kind = CLASSES[classes[word]] * len(KINDS) if word in classes else 0
        if word in classes:
            new = rng.choice(names[kind])
            spans.append((len(pieces), len(pieces) + len(new)))
            who.append(word)
        elif word[0] == "{":
            inflected = forms(verb.words[0], word[1:-1])
            if not inflected:
                return None
            rest = (*verb.words[1:], *([verb.preposition] if verb.preposition else []))
            new = tuple(piece for one in (inflected[0], *rest) for piece in known_pieces(one))
        else:
            new = tuple(known_pieces(word))
        pieces += new
        kinds += [kind] * len(new)
    says = tuple(sorted({n for n, s, o in verb.says if (not s or subject in s) and (not o or target in o)}))
    sentence = Sentence(pieces=(*pieces, encoder.last), kinds=(*kinds, 0), spans=tuple(spans))
    return Made(
        sentence=sentence, subject=who.index("{S}"), object=who.index("{O}"), relations=says, mode=MODES.index(mode)
    )


def _drawn_class(allowed: frozenset[str], names: Names, rng: random.Random) -> str | None:
    classes = [k for k in SHARES if (not allowed or k in allowed) and names.get(CLASSES[k] * len(KINDS))]
    return rng.choices(classes, [SHARES[k] for k in classes])[0] if classes else None
