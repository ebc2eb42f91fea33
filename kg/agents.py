"""Whom a noun acts for: the tokens that name the state, body or place behind "Russian missiles" or "a court in Derby".

Three closed classes of nouns, all cue lists of the lexicon: people and things that act for what they belong to
("gunmen of the Red Army"), bodies that act for the place where they sit ("police in Leeds"), and what they do or use
("Israeli fire wounded X"), which stands for its doer only where it is the subject.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kg.syntax import child, children
from kg.types import Mention, Parse, Token

OWN = ("poss", "amod", "compound", "nmod")
BELONGING = frozenset({"of", "from", "for"})
SEAT = frozenset({"in", "at"})
SENDERS = frozenset({"from", "for", "by", "of"})
BEHIND = frozenset({"Country", "Organization", "Group"})
SUBJECTS = frozenset({"nsubj", "nsubjpass"})

Cues = Mapping[str, frozenset[str]]


def forms(token: Token) -> frozenset[str]:
    """Lower-case forms under which a noun may stand in a word list; taggers leave "Rebels" at a sentence's start be."""
    text = token.text.casefold()
    return frozenset({token.lemma.casefold(), text, text.removesuffix("s"), text.removesuffix("men") + "man"})


def is_cue_noun(token: Token, words: frozenset[str]) -> bool:
    """Whether the noun is in the word list."""
    return not words.isdisjoint(forms(token))


def acts_for(parse: Parse, at: Mapping[int, Mention], cues: Cues, i: int) -> Iterator[int]:
    """The tokens that may name whom noun i acts for, the likeliest first; which of them refers is for the caller."""
    token = parse.tokens[i]
    if token.pos not in ("NOUN", "PROPN"):
        return
    of = cues.get
    if is_cue_noun(token, of("representative", frozenset())):
        yield from children(parse, i, "poss")
        yield from reversed([c for c in children(parse, i, "amod", "compound", "nmod") if c in at and at[c].entities])
        yield from _behind(parse, i, BELONGING)
        yield from (o for o in _behind(parse, i, SEAT) if o in at and at[o].type == "Organization")
        yield from _senders(parse, i, of("sending", frozenset()))
    if is_cue_noun(token, of("local-agent", frozenset())):
        yield from _behind(parse, i, SEAT)
    if is_cue_noun(token, of("deed", frozenset())) and _does_something(parse, i):
        yield from children(parse, i, "poss")
        yield from (c for c in children(parse, i, "amod", "compound", "nmod") if c in at and _may_send(at[c]))
        yield from _behind(parse, i, frozenset({"by", "from"}))
        yield from _senders(parse, i, of("sending", frozenset()))


def _does_something(parse: Parse, i: int) -> bool:
    """Whether the noun is who does what its clause says: the subject, or behind the "by" of a passive."""
    token = parse.tokens[i]
    while token.dep == "conj" and token.head != token.i:
        token = parse.tokens[token.head]
    above = parse.tokens[token.head]
    return token.dep in SUBJECTS or token.dep == "pobj" and above.dep == "agent"


def _may_send(mention: Mention) -> bool:
    """Whether a modifier is whose deed it is, not where: the "Kabul attack" is no attack by Kabul."""
    return bool(mention.entities) and (mention.kind == "demonym" or mention.type in BEHIND)


def _behind(parse: Parse, i: int, words: frozenset[str]) -> Iterator[int]:
    """What stands behind these prepositions: X in "gunmen of X"."""
    for p in children(parse, i, "prep"):
        if parse.tokens[p].text.casefold() in words:
            yield from children(parse, p, "pobj")


def _senders(parse: Parse, i: int, words: frozenset[str]) -> Iterator[int]:
    """X in "drones launched from X", "hackers working for X", "a shell fired by X"."""
    for v in children(parse, i, "acl", "relcl"):
        if parse.tokens[v].lemma.casefold() in words and child(parse, v, "nsubj") is None:
            for p in children(parse, v, "prep", "agent"):
                if parse.tokens[p].text.casefold() in SENDERS:
                    yield from children(parse, p, "pobj")
