"""Whether a text calls a report, story or picture false: by an adjective, its predicate, or who rejects it."""

from __future__ import annotations

from kg.cues import Cues, is_cue, of
from kg.syntax import child, children, subtree
from kg.types import Parse

VERBAL = frozenset({"VERB", "AUX"})
MAX_CLIMB = 5


def is_called_false(parse: Parse, n: int, cues: Cues) -> bool:
    """Whether the report that noun n names is said to be false."""
    if is_cue(parse, n, of(cues, "false")) or has_false_word(parse, n, cues):
        return True
    return rejecting_verb(parse, n, cues) is not None


def rejecting_verb(parse: Parse, n: int, cues: Cues) -> int | None:
    """The verb that says of the report that noun n names that it is false: its subject or agent is who rejects it."""
    at = n
    false = is_cue(parse, n, of(cues, "false"))
    for _ in range(MAX_CLIMB):
        token = parse.tokens[at]
        above = parse.tokens[token.head]
        if token.head == at:
            return None
        if above.pos in VERBAL:
            object_like = token.dep not in ("nsubj", "csubj")
            called = false or _verb_calls_false(parse, at, token.head, cues, object_like=object_like)
            return token.head if called else None
        if token.dep not in ("appos", "pobj", "prep", "oprd", "conj", "attr"):
            return None
        # "dismissed as fantasy a claim that": the parser hangs the claim on the fantasy.
        false = false or is_cue(parse, token.head, of(cues, "false")) and token.dep in ("appos", "conj")
        if token.dep == "prep" and above.pos != "ADP" and token.text.casefold() != "as":
            return None
        at = token.head
    return None


def _verb_calls_false(parse: Parse, at: int, v: int, cues: Cues, *, object_like: bool) -> bool:
    token = parse.tokens[v]
    if any(parse.tokens[c].dep == "neg" for c in parse.children[v]):
        return False
    if object_like and is_cue(parse, v, of(cues, "deny")):
        return True
    if is_cue(parse, v, of(cues, "false")) and (object_like or token.lemma != "say"):
        return True
    return says_false(parse, v, at, cues)


def has_false_word(parse: Parse, n: int, cues: Cues) -> bool:
    """Whether noun n is described as false: "a forged press release", "a story invented by"."""
    return any(is_cue(parse, c, of(cues, "false")) for c in children(parse, n, "amod", "compound", "acl", "nmod"))


def says_false(parse: Parse, v: int, at: int, cues: Cues) -> bool:
    """Whether verb v says of its dependent `at` that it is false: "called it fake", "dismissed as fantasy"."""
    for c in children(parse, v, "oprd", "acomp", "attr", "xcomp", "ccomp", "prep", "agent", "advmod", "dobj"):
        if c == at or at in subtree(parse, c):
            continue
        near = [c, *parse.children[c], *(d for k in parse.children[c] for d in parse.children[k])]
        if any(is_cue(parse, j, of(cues, "false")) for j in near):
            return True
    return is_cue(parse, v, of(cues, "name")) and _ends_false(parse, v, cues)


def _ends_false(parse: Parse, v: int, cues: Cues) -> bool:
    """ "called the report that he had met them fake": the parser draws the last word into the clause before it."""
    last = next((j for j in reversed(subtree(parse, v)) if parse.tokens[j].pos != "PUNCT"), v)
    return last != v and is_cue(parse, last, of(cues, "false")) and child(parse, last, "det") is None


def shows_what_is_false(parse: Parse, v: int, cues: Cues) -> bool:
    """Whether the subject of verb v is a false report: "a fake press release had X accusing Y"."""
    subject = child(parse, v, "nsubj")
    if subject is None:
        return False
    report = is_cue(parse, subject, of(cues, "say-noun")) or is_cue(parse, subject, of(cues, "depiction"))
    return is_cue(parse, subject, of(cues, "false")) or report and has_false_word(parse, subject, cues)
