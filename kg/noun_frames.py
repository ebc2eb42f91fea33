"""Syntactic frames of event nouns: who visits whom in "Roe's visit to X", "the attack on Y by Z".

Slots: `agent` who does it, `mod` what stands in front, `self` what the noun itself stands for, the prepositions, and
`verb-obj`, the object of the verb that the noun qualifies ("told X by telephone").
"""

from __future__ import annotations

from kg.frames import Refers, Slots, is_passive, of_object, prepositional, supporting_subject
from kg.syntax import child, children
from kg.types import Parse

ADVERBIAL_PREPOSITIONS = frozenset(
    "on in during after before for at following through via upon amid from of to with by into since under".split()
)
BUSY_PREPOSITIONS = frozenset({"on", "during", "after", "before", "following", "amid"})
DOINGS = frozenset({"work", "doing", "handiwork", "brainchild"})


def noun_slots(parse: Parse, n: int, refers: Refers, support: frozenset[str]) -> Slots:
    """The argument slots of event noun n: `agent`, `mod`, prepositions; those of its support verb are its own.

    `self` is what the noun itself stands for: Jane Roe in "Jane Roe is a politician for X".

    `support` are the lemmas of verbs that lend a noun their arguments ("paid a visit to").
    """
    slots: dict[str, list[int]] = {}

    def put(slot: str, token: int | None) -> None:
        if token is not None and token != n and token not in slots.setdefault(slot, []):
            slots[slot].append(token)

    by = any(parse.tokens[p].text.casefold() == "by" for p in children(parse, n, "prep", "agent"))
    # "X's arrest by Y": with a by-phrase the possessor is who undergoes it.
    put("of" if by else "agent", child(parse, n, "poss"))
    for c in children(parse, n, "compound", "amod", "nmod"):
        put("mod", c)
    for word, targets in prepositional(parse, n).items():
        for target in targets:
            put("agent" if word == "by" else word, target)
    if "agent" not in slots:
        put("agent", _told_doer(parse, n, support))
    token = parse.tokens[n]
    head = parse.tokens[token.head]
    if token.dep in ("nsubjpass", "dobj", "nsubj", "attr", "conj") and head.pos in ("VERB", "AUX") and token.head != n:
        supported = head.lemma in support
        if supported or token.dep in ("nsubjpass", "nsubj"):
            for word, targets in prepositional(parse, head.i).items():
                if word not in slots and (supported or word in ("between", "with")):
                    for target in targets:
                        put("agent" if word == "by" and token.dep == "nsubjpass" else word, target)
    if token.dep == "pobj" and parse.tokens[head.head].pos == "VERB":
        put("verb-obj", child(parse, head.head, "nsubjpass" if is_passive(parse, head.head) else "dobj"))
    if "agent" not in slots:
        if _is_supported(parse, n, support):
            put("agent", supporting_subject(parse, n, refers))
        else:
            put("agent", _busy_with(parse, n, refers))
    itself = (n, *children(parse, head.i, "attr")) if _is_equated(parse, n) else (n,)
    return {"self": itself, **{slot: tuple(tokens) for slot, tokens in slots.items()}}


def _is_equated(parse: Parse, n: int) -> bool:
    """Whether noun n is what somebody or something is said to be: "her residence is X"."""
    token = parse.tokens[n]
    equated = token.dep == "nsubj" and parse.tokens[token.head].lemma == "be"
    return equated and child(parse, token.head, "neg") is None


def _told_doer(parse: Parse, n: int, support: frozenset[str]) -> int | None:
    """X in "charges against Y, brought by X", "the attack was the work of X" and "defeat at the hands of X"."""
    for hand in prepositional(parse, n).get("at", ()):
        if parse.tokens[hand].lemma == "hand":
            return of_object(parse, hand)
    for done in children(parse, n, "acl"):
        if parse.tokens[done].tag == "VBN" and parse.tokens[done].lemma in support:
            by_phrase = child(parse, done, "agent")
            return child(parse, by_phrase, "pobj") if by_phrase is not None else None
    head = parse.tokens[parse.tokens[n].head]
    if parse.tokens[n].dep == "nsubj" and head.lemma == "be":
        for attribute in children(parse, head.i, "attr"):
            if parse.tokens[attribute].lemma in DOINGS:
                return of_object(parse, attribute)
    return None


def _busy_with(parse: Parse, n: int, refers: Refers) -> int | None:
    """Roe in "Roe, on a visit to X, said": who does what the noun names when it hangs on his name."""
    preposition = parse.tokens[parse.tokens[n].head]
    host = preposition.head
    busy = parse.tokens[n].dep == "pobj" and preposition.text.casefold() in BUSY_PREPOSITIONS
    return host if busy and parse.tokens[host].pos == "PROPN" and host != preposition.i and refers(host) else None


def _is_supported(parse: Parse, n: int, support: frozenset[str]) -> bool:
    """Whether the subject of the verb above does what noun n names: "paid a visit", not "condemned a visit"."""
    token = parse.tokens[n]
    while token.dep == "conj" and token.head != token.i:
        token = parse.tokens[token.head]
    above = parse.tokens[token.head]
    if above.pos in ("VERB", "AUX"):
        return token.dep in ("dobj", "nsubjpass", "attr") and above.lemma in support
    if token.dep in ("pobj", "pcomp"):
        if above.text.casefold() not in ADVERBIAL_PREPOSITIONS:
            return False
        host = parse.tokens[above.head]
        if host.pos in ("VERB", "AUX", "ADJ"):
            return True
        return (
            child(parse, host.i, "poss") is not None
            or host.dep in ("pobj", "dobj")
            and _is_supported(parse, host.i, support)
        )
    return False
