"""Clauses with a role without an article in front of a name, which the parser misreads.

In "Norvik United sacked manager Joan Vale" it may take the verb for an adjective, so that the whole is one long noun
phrase: a verb in the past right behind the name that opens the sentence, a role and a person behind it, that is a
clause.  Or it takes the role for the object and the name for an adverb: "beat rivals Elm Rovers".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kg.types import Token

STATES = frozenset(
    "based born bred raised trained educated backed owned led run controlled funded sponsored affiliated occupied held "
    "made built designed listed registered headquartered dominated aligned accused convicted suspected".split()
)
"""Participles that describe a person behind a name: "Graz born painter Joan Vale"."""
PAST = frozenset({"VBN", "VBD"})
NOUNS = frozenset({"NN", "NNS", "JJ", "VBZ"})
MARKS = frozenset({"-", "–", "’s", "'s"})
OF_VERB = frozenset({"prep", "punct", "npadvmod", "advmod", "advcl", "mark"})
LONGEST_ROLE = 4


def mended(tokens: Sequence[Token]) -> list[Token]:
    """The tokens of one sentence, numbered as in their document; with the clause put right where it is this one."""
    found = list(tokens)
    verb = _verb(found)
    person = _person(found, verb) if verb is not None else None
    root = next((n for n, t in enumerate(found) if t.dep == "ROOT"), None)
    if verb is None or person is None or root is None or not (root == person[1] or verb < root < person[0]):
        return _with_objects(found)
    return _clause(found, verb, person[1], root)


def _with_objects(tokens: list[Token]) -> list[Token]:
    """The tokens; a name that is an adverb beside a role without an article is what the role stands before."""
    base = tokens[0].i
    for n, name in enumerate(tokens):
        if name.dep != "npadvmod" or name.entity not in ("PERSON", "ORG"):
            continue
        first = n
        while first and tokens[first - 1].entity == name.entity and not tokens[first].entity_starts:
            first -= 1
        role = first - 1
        if role > 0 and tokens[role].text.islower() and tokens[role].dep == "dobj" and tokens[role].head == name.head:
            tokens[n] = replace(name, dep="dobj")
            for k in range(role + 1):
                if k == role or tokens[k].head == base + role:
                    tokens[k] = replace(tokens[k], dep="compound" if k == role else tokens[k].dep, head=base + n)
    return tokens


def _verb(tokens: Sequence[Token]) -> int | None:
    """The index of the participle behind the capitalised words that open the sentence."""
    n = 0
    while n < len(tokens) and tokens[n].text[0].isupper() and tokens[n].pos != "PRON" and tokens[n].tag != "IN":
        n += 1
    if not 0 < n < len(tokens) or tokens[n].tag not in PAST or tokens[n].dep != "amod":
        return None
    word = tokens[n].text
    return n if word.islower() and word not in STATES and tokens[n - 1].text not in MARKS else None


def _person(tokens: Sequence[Token], verb: int) -> tuple[int, int] | None:
    """The first and last index of the person's name behind the role that follows the verb."""
    n = verb + 1
    while n < len(tokens) and n <= verb + LONGEST_ROLE and tokens[n].text.islower() and tokens[n].tag in NOUNS:
        n += 1
    if n == verb + 1 or n >= len(tokens) or tokens[n].entity != "PERSON":
        return None
    last = n
    while last + 1 < len(tokens) and tokens[last + 1].entity == "PERSON" and not tokens[last + 1].entity_starts:
        last += 1
    return n, last


def _clause(tokens: list[Token], verb: int, last: int, root: int) -> list[Token]:
    """The tokens with the verb as root, the name in front as its subject, the person that ends at `last` its object."""
    base = tokens[0].i
    for n, token in enumerate(tokens):
        if n == verb:
            tokens[n] = replace(token, dep="ROOT", head=base + n, pos="VERB", tag="VBD")
        elif n < verb:
            dep, head = ("nsubj", verb) if n == verb - 1 else ("compound", verb - 1)
            tag, pos = ("NNP", "PROPN") if token.tag in ("NN", "JJ") else (token.tag, token.pos)
            tokens[n] = replace(token, dep=dep, head=base + head, tag=tag, pos=pos)
        elif n == last:
            tokens[n] = replace(token, dep="dobj", head=base + verb)
        elif verb < n < last:
            tokens[n] = replace(token, dep="amod" if token.tag == "JJ" else "compound", head=base + last)
        elif token.head - base in (root, last) and token.dep in OF_VERB:
            tokens[n] = replace(token, head=base + verb)
        elif token.head == base + root:
            tokens[n] = replace(token, head=base + last)
    return tokens
