"""Parse -> surface triples of every clause, in the sentence's own words.

A clause gives a triple for its object, attribute or complement together with the phrases around it; where it
has none, one for each prepositional phrase.  Coordinated subjects, verbs and objects are split; a chain of
verbs ("is struggling to dismantle") is one relation; relative clauses and participles speak of the noun that
they describe; who says something stands in a triple of its own.  An apposition or a title gives a triple with
"is", a possessive one with "has": the only words that the sentence need not hold.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from kg.syntax import child, children, first_conjunct, subtree
from kg.types import OpenTriple, Parse, Sentence

Kind = Literal[
    "title", "place", "attribute", "clause", "object", "phrase", "further", "adverb", "apposition", "bare", "possessive"
]
# The share of a triple's words that the nearest triple of people's has, measured by kind on CaRB's development set.
CONFIDENCE: dict[Kind, float] = {
    "title": 0.75, "attribute": 0.75, "object": 0.75, "phrase": 0.75, "place": 0.7, "clause": 0.7,
    "adverb": 0.6, "apposition": 0.6, "further": 0.5, "bare": 0.4, "possessive": 0.25,
}  # fmt: skip
LENGTH_COST = 0.004
"""Confidence lost with each word of the arguments: long ones hold more that others would have left out."""
LONGEST = 40

SUBJECTS = ("nsubj", "nsubjpass", "csubj", "csubjpass")
OBJECTS = ("dobj", "attr", "oprd", "acomp")
PHRASES = ("prep", "agent", "npadvmod", "dative")
AUXILIARIES = ("aux", "auxpass")
RELATIVE_TAGS = frozenset({"WDT", "WP", "WP$", "WRB"})
ALONE = frozenset({"appos", "relcl", "conj", "cc", "preconj", "parataxis"})
"""What is left out of a noun phrase: it has triples of its own."""
MOST_SPLIT = 9
"""Triples at the most from the coordinated arguments of one clause."""

Words = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Triple:
    """Token indexes of the parts; the object is a list of phrases.  A relation in letters is not in the sentence."""

    subject: Words
    relation: Words | str
    object: tuple[Words, ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class _Relation:
    """The words of a chain of verbs, its verbs and adjectives from the first to the last, which has the arguments."""

    words: Words
    chain: Words


def open_triples(parse: Parse) -> tuple[OpenTriple, ...]:
    """The surface triples of all sentences, in text order, the surest of a sentence first.

    "Jane Roe, head of Nordlys, met John Doe in Oslo." gives (Jane Roe, met, John Doe in Oslo) and
    (Jane Roe, is, head of Nordlys).
    """
    return tuple(itertools.chain.from_iterable(_of_sentence(parse, sentence) for sentence in parse.sentences))


def _of_sentence(parse: Parse, sentence: Sentence) -> list[OpenTriple]:
    found: dict[tuple[str, str, str], OpenTriple] = {}
    for i in range(sentence.start, sentence.stop):
        for triple in itertools.chain(_of_clause(parse, i), _of_noun(parse, i)):
            subject, object_ = _text(parse, [triple.subject]), _text(parse, triple.object)
            relation = triple.relation if isinstance(triple.relation, str) else _text(parse, [triple.relation])
            if subject and relation and subject != object_:
                found.setdefault(
                    (subject, relation, object_),
                    OpenTriple(
                        sentence=(sentence.begin, sentence.end),
                        subject=subject,
                        relation=relation,
                        object=object_,
                        confidence=_confidence(triple),
                    ),
                )
    return sorted(found.values(), key=lambda triple: -triple.confidence)


def _confidence(triple: _Triple) -> float:
    length = len(triple.subject) + sum(map(len, triple.object))
    return round(CONFIDENCE[triple.kind] - LENGTH_COST * min(length, LONGEST), 3)


# ---------------------------------------------------------------- clauses


def _of_clause(parse: Parse, verb: int) -> Iterator[_Triple]:
    """The triples of the clause that this token heads; none when it heads none."""
    if not _is_predicate(parse, verb):
        return
    subjects = _subjects(parse, verb)
    if not subjects:
        return
    relation = _relation(parse, verb)
    phrases = _phrases(parse, relation)
    around = tuple(tuple(subtree(parse, p)) for p in phrases)
    split = [
        _Triple(subject, relation.words, (member, *around), "object" if parse.tokens[o].dep == "dobj" else "attribute")
        for subject in subjects
        for o in _objects(parse, relation)
        for member in _members(parse, o)
    ]
    split += [
        _Triple(subject, relation.words, (tuple(subtree(parse, c)),), "clause")
        for subject in subjects
        for c in _complements(parse, relation)
    ]
    if not split:
        split = [triple for subject in subjects for triple in _of_phrases(parse, subject, relation, phrases)]
    yield from split[:MOST_SPLIT]


def _of_phrases(parse: Parse, subject: Words, relation: _Relation, phrases: list[int]) -> Iterator[_Triple]:
    """The triples of a clause without an object: one for each prepositional phrase."""
    tokens = parse.tokens
    around = tuple(tuple(subtree(parse, p)) for p in phrases)
    prepositional = [p for p in phrases if tokens[p].dep in ("prep", "agent")]
    # "In May she went to Oslo": what stands after the verb belongs to it more closely.
    prepositional.sort(key=lambda p: p < relation.chain[0])
    kind: Kind = "phrase"
    for p in prepositional:
        others = tuple(words for q, words in zip(phrases, around, strict=True) if q != p)
        for preposition, object_ in _preposition(parse, p):
            yield _Triple(subject, (*relation.words, *preposition), (object_, *others), kind)
        kind = "further"
    if not prepositional:
        yield _Triple(subject, relation.words, around, "adverb" if around else "bare")


def _is_predicate(parse: Parse, i: int) -> bool:
    """Whether the token heads a clause, and is no later verb of a chain."""
    token = parse.tokens[i]
    if not _is_verb(parse, i) or token.dep in (*AUXILIARIES, "amod", "compound", "case", "prep", "agent"):
        return False
    if token.dep == "acl" and any(parse.tokens[c].tag == "TO" for c in parse.children[i]):
        return False  # "the ability to steer": the ability does not steer
    return token.dep != "xcomp" or child(parse, token.head, "dobj") is not None


def _relation(parse: Parse, verb: int) -> _Relation:
    """The words of the relation: auxiliaries, negation, adverbs and verbs, down the chain of infinitives."""
    words = [*_above(parse, verb), *_verb_words(parse, verb)]
    chain = [verb]
    while True:
        last = chain[-1]
        adjective, infinitive = child(parse, last, "acomp"), child(parse, last, "xcomp")
        if adjective is not None and _leads_on(parse, adjective, infinitive):
            words += [*children(parse, adjective, "advmod", "neg"), adjective]
            chain.append(adjective)
            if infinitive is None:
                continue
        if infinitive is None or child(parse, last, "dobj") is not None or not _is_verb(parse, infinitive):
            return _Relation(tuple(sorted(set(words))), tuple(chain))
        words += _verb_words(parse, infinitive)
        chain.append(infinitive)


def _leads_on(parse: Parse, adjective: int, infinitive: int | None) -> bool:
    """Whether an adjective is part of the relation: "is [likely] to win", "is [unsure] of", not "is red"."""
    if parse.tokens[adjective].pos != "ADJ" or child(parse, adjective, "conj") is not None:
        return False
    return infinitive is not None or child(parse, adjective, "prep", "xcomp") is not None


def _is_verb(parse: Parse, i: int) -> bool:
    # A participle that the tagger takes for an adjective keeps its auxiliary: "were informed".
    return parse.tokens[i].pos in ("VERB", "AUX") or child(parse, i, *AUXILIARIES) is not None


def _above(parse: Parse, verb: int) -> list[int]:
    """The words that a coordinated verb shares with the first: "can be [grown and] sold", "wants to [buy and] sell"."""
    tokens = parse.tokens
    if tokens[verb].dep != "conj" or child(parse, verb, *SUBJECTS) is not None:
        return []
    first = first_conjunct(parse, verb)
    words: list[int] = []
    if child(parse, verb, *AUXILIARIES) is None and _form(parse, first) == _form(parse, verb):
        words += children(parse, first, *AUXILIARIES)
    while tokens[first].dep == "xcomp" and not _is_predicate(parse, first):
        first = tokens[first].head
        words += _verb_words(parse, first)
    return words


def _form(parse: Parse, verb: int) -> str:
    tag = parse.tokens[verb].tag
    return "VB" if tag == "VBP" else tag


def _verb_words(parse: Parse, verb: int) -> list[int]:
    """A verb with its auxiliaries, negation, particles and the adverbs right before it."""
    tokens = parse.tokens
    words = [verb, *children(parse, verb, *AUXILIARIES, "neg", "prt")]
    before = verb - 1
    while before >= 0 and tokens[before].head == verb and tokens[before].dep in (*AUXILIARIES, "neg", "advmod"):
        if tokens[before].tag not in RELATIVE_TAGS:
            words.append(before)
        before -= 1
    return words


def _objects(parse: Parse, relation: _Relation) -> list[int]:
    """The heads of the objects and complements; a relative pronoun's noun stands for it."""
    found = []
    for verb in relation.chain:
        for c in children(parse, verb, *OBJECTS):
            if c in relation.chain or _is_second_object(parse, c):
                continue
            noun = _antecedent(parse, verb) if _is_relative(parse, c, verb) else c
            if noun is not None:
                found.append(noun)
    return found


def _phrases(parse: Parse, relation: _Relation) -> list[int]:
    """The heads of the phrases around a chain of verbs, in text order."""
    return sorted(
        c
        for verb in relation.chain
        for c in parse.children[verb]
        if c not in relation.words and _is_phrase(parse, c, verb)
    )


def _is_phrase(parse: Parse, c: int, verb: int) -> bool:
    tokens = parse.tokens
    if any(tokens[k].tag in RELATIVE_TAGS for k in (c, *parse.children[c])):
        return False
    if tokens[c].text.lower() == "according":
        return False  # who says so is no part of what is said
    return tokens[c].dep in PHRASES or (tokens[c].dep == "advmod" and c > verb) or _is_second_object(parse, c)


def _is_second_object(parse: Parse, c: int) -> bool:
    """Whether this is the name or state that an object is given: "called the report [a lie]"."""
    return parse.tokens[c].dep == "oprd" and child(parse, parse.tokens[c].head, "dobj") is not None


def _complements(parse: Parse, relation: _Relation) -> list[int]:
    """The heads of the clauses that are said, thought or wanted."""
    tokens, last = parse.tokens, relation.chain[-1]
    found = []
    for c in children(parse, last, "ccomp", "xcomp"):
        if c in relation.chain or (tokens[c].dep == "xcomp" and child(parse, last, "dobj") is not None):
            continue
        # "He left; she had won": two sentences, not what somebody said.
        if not any(tokens[k].text == ";" for k in parse.children[last] if c < k < last):
            found.append(c)
    return found


def _preposition(parse: Parse, p: int) -> Iterator[tuple[Words, Words]]:
    """The words of a preposition and its object, once for each coordinated object."""
    inner = child(parse, p, "prep")
    for o in children(parse, p, "pobj", "pcomp"):
        if parse.tokens[o].dep == "pcomp":
            yield (p,), tuple(subtree(parse, o))
        else:
            for member in _members(parse, o):
                yield (p,), member
    if inner is not None and child(parse, p, "pobj", "pcomp") is None:
        for words, member in _preposition(parse, inner):
            yield (p, *words), member


# ---------------------------------------------------------------- subjects


def _subjects(parse: Parse, verb: int) -> list[Words]:
    """The subjects of a clause, its own or those it shares with the clause or noun above; none for "there is"."""
    tokens = parse.tokens
    while True:
        own = child(parse, verb, *SUBJECTS)
        if own is not None:
            if _is_relative(parse, own, verb):
                noun = _antecedent(parse, verb)
                return [] if noun is None else [_noun_phrase(parse, noun)]
            if tokens[own].dep.startswith("csubj"):
                return [tuple(subtree(parse, own))]
            return list(_members(parse, own))
        head = tokens[verb].head
        if head == verb or child(parse, verb, "expl") is not None:
            return []
        match tokens[verb].dep:
            case "acl" | "relcl":
                nominal = tokens[head].pos in ("NOUN", "PROPN", "PRON", "NUM")
                return [_noun_phrase(parse, head, without=verb)] if nominal else []
            case "xcomp" if (o := child(parse, head, "dobj")) is not None:
                return [] if _is_relative(parse, o, head) else list(_members(parse, o))
            case "conj" | "advcl" | "ccomp" | "xcomp":
                verb = head
            case _:
                return []
        if not _is_verb(parse, verb) and tokens[verb].pos != "ADJ":
            return []


def _is_relative(parse: Parse, i: int, verb: int) -> bool:
    token = parse.tokens[i]
    return token.tag in RELATIVE_TAGS or (token.text.lower() == "that" and parse.tokens[verb].dep == "relcl")


def _antecedent(parse: Parse, verb: int) -> int | None:
    """The noun that the relative clause around a verb describes."""
    tokens = parse.tokens
    while tokens[verb].dep in ("conj", "xcomp", "ccomp") and tokens[verb].head != verb:
        verb = tokens[verb].head
    return tokens[verb].head if tokens[verb].dep == "relcl" else None


# ---------------------------------------------------------------- nouns


def _of_noun(parse: Parse, noun: int) -> Iterator[_Triple]:
    """What is said of a noun without a verb: its apposition, its title, its possessor."""
    tokens = parse.tokens
    if tokens[noun].pos not in ("NOUN", "PROPN"):
        return
    for a in children(parse, noun, "appos"):
        two_people = tokens[noun].entity == tokens[a].entity == "PERSON"  # a list with its "and" left out
        if tokens[a].pos in ("NOUN", "PROPN", "NUM") and not two_people:
            place = tokens[noun].entity == tokens[a].entity == "GPE"  # "Natal, Brazil"
            for member in _members(parse, a):
                yield _Triple(
                    _noun_phrase(parse, noun), "is in" if place else "is", (member,), "place" if place else "apposition"
                )
    title = _title(parse, noun)
    if title:
        yield _Triple(tuple(range(title[-1] + 1, noun + 1)), "is", (title,), "title")
    for p in children(parse, noun, "poss"):
        if tokens[p].pos in ("NOUN", "PROPN"):
            owner = subtree(parse, p)
            owned = tuple(i for i in _noun_phrase(parse, noun) if i > owner[-1])
            yield _Triple(tuple(i for i in owner if tokens[i].dep != "case"), "has", (owned,), "possessive")


def _title(parse: Parse, noun: int) -> Words:
    """The title in front of a person's name: "Acme Steel spokesman" of "Acme Steel spokesman John Roe"."""
    tokens = parse.tokens
    if tokens[noun].pos != "PROPN" or tokens[noun].entity != "PERSON":
        return ()
    start = noun
    while not tokens[start].entity_starts and start > 0:
        start -= 1
    before = [
        c
        for c in children(parse, noun, "compound", "nmod")
        if c < start and tokens[c].pos in ("NOUN", "PROPN") and not tokens[c].text.endswith(".")
    ]
    return tuple(i for i in sorted(j for c in before for j in subtree(parse, c)) if i < start)


# ---------------------------------------------------------------- words


def _members(parse: Parse, i: int) -> Iterator[Words]:
    """The noun phrases of a coordination, each alone."""
    queue = [i]
    while queue:
        at = queue.pop(0)
        yield _noun_phrase(parse, at)
        queue.extend(children(parse, at, "conj"))


def _noun_phrase(parse: Parse, noun: int, *, without: int | None = None) -> Words:
    """A noun phrase alone: without its coordinated nouns, its appositions, and what is set off by a comma.

    `without` is a dependent to leave out: the clause that is to speak of the noun.
    """
    tokens = parse.tokens
    found, queue = [], [noun]
    while queue:
        at = queue.pop()
        found.append(at)
        comma = False
        for c in parse.children[at]:
            dep = tokens[c].dep
            comma = comma or (c > at and tokens[c].text in (",", ";", ":", "--", "-", "–", "—"))
            if c == without or dep in ("appos", "relcl") or (at == noun and dep in ALONE):
                continue
            if at == noun and comma and dep in ("acl", "prep", "punct", "advmod"):
                continue
            queue.append(c)
    return tuple(sorted(found))


def _text(parse: Parse, phrases: Iterable[Words]) -> str:
    """The words as they stand in the text, phrases and gaps joined by a space; punctuation around them left out."""
    tokens, text = parse.tokens, parse.document.text
    pieces: list[str] = []
    for phrase in phrases:
        words = list(phrase)
        while words and tokens[words[0]].pos == "PUNCT" and not tokens[words[0]].text.strip(",.;:-–—)]"):
            words.pop(0)
        while words and tokens[words[-1]].pos == "PUNCT" and not tokens[words[-1]].text.strip(",.;:-–—(["):
            words.pop()
        run = 0
        for n in range(1, len(words) + 1):
            if n == len(words) or words[n] != words[n - 1] + 1:
                pieces.append(text[tokens[words[run]].begin : tokens[words[n - 1]].end])
                run = n
    return " ".join(pieces)
