"""What contrast leaves out: a participant ("A, not B"), or a deed that came to nothing ("but never did")."""

from __future__ import annotations

from kg.cues import Cues, is_cue, of
from kg.markers import VERBAL, is_negated
from kg.syntax import child, children, subtree
from kg.types import Parse


def is_taken_back(parse: Parse, v: int, cues: Cues) -> bool:
    """ "threatened to sue but never did", "was asked to but declined": the second verb says that it came to nothing."""
    for c in children(parse, v, "conj"):
        bare = not any(
            parse.tokens[d].dep in ("dobj", "xcomp", "ccomp", "acomp", "attr", "prep") for d in parse.children[c]
        )
        if bare and parse.tokens[c].lemma in ("do", "have", "be") and is_negated(parse, c, cues):
            return True
        if bare and is_cue(parse, c, of(cues, "refuse")) and not is_negated(parse, c, cues):
            return True
    return False


def is_excluded(parse: Parse, i: int, cues: Cues) -> bool:
    """Whether participant i is set aside: "A, not B, won", "and not in B", "it was not B but A who"."""
    token = parse.tokens[i]
    left = min(subtree(parse, i))
    for j in (left, left - 1, left - 2):
        if not 0 <= j < i or parse.sentence_of[j] != parse.sentence_of[i]:
            continue
        word, head = parse.tokens[j].text.casefold(), parse.tokens[parse.tokens[j].head]
        joined = j > 0 and parse.tokens[j - 1].text.casefold() in ("and", "but", ",")
        if word == "not" and (head.pos not in VERBAL or parse.tokens[j].dep in ("cc", "preconj") or joined):
            return parse.tokens[j + 1].text.casefold() not in of(cues, "minimiser")
        if word in ("than", "of") and parse.tokens[j - 1].text.casefold() in ("rather", "instead"):
            return True
    if token.dep == "pobj" and token.head and parse.tokens[token.head - 1].text.casefold() == "not":
        return True
    if token.dep == "appos" and token.head != i:
        return is_excluded(parse, token.head, cues)
    cleft = parse.tokens[token.head]
    if token.dep == "attr" and cleft.lemma == "be" and is_negated(parse, token.head, cues, skip=i):
        subject = child(parse, token.head, "nsubj")
        return subject is not None and parse.tokens[subject].text.casefold() == "it"
    return False
