"""Verdicts in so many words: whether what somebody calls somebody is praise or blame ("called X reckless")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kg.referents import Context
from kg.syntax import children, subtree

GOOD, BAD = "*good", "*bad"
TOLD_GOOD, TOLD_BAD, MISDEED = "*told-good", "*told-bad", "*misdeed"
OPENING, CLOSING = frozenset('"“'), frozenset('"”')
ENDING = frozenset(",;.:")
NOT = frozenset({"no", "not", "n't", "never", "hardly", "neither", "nor", "less"})
COMPLEMENTS = ("oprd", "attr", "acomp", "xcomp", "ccomp")
NEAR = 3
MAX_WORDS = 25
PAIR = 2


def verdict(context: Context, v: int) -> Mapping[str, int]:
    """{"*good": token} or {"*bad": token} for the verb at v, with the first such word; {} where neither side wins.

    The words of the verdict stand between quotation marks, behind "as", or are the complement of the verb.
    """
    good, bad = context.cue("good-word"), context.cue("bad-word")
    tokens = context.parse.tokens
    if tokens[v].lemma in context.cue("say"):
        told = _told(context, v)
        if told:
            return told
    found: dict[str, list[int]] = {GOOD: [], BAD: []}
    for i in _words(context, v):
        kinds = {tokens[i].lemma.casefold(), tokens[i].text.casefold()}
        side = GOOD if kinds & good else BAD if kinds & bad else None
        if side is None:
            continue
        if any(tokens[j].text.casefold() in NOT for j in range(max(v, i - NEAR), i)):
            side = GOOD if side == BAD else BAD
        found[side].append(i)
    if len(found[GOOD]) == len(found[BAD]):
        return {}
    winner = GOOD if len(found[GOOD]) > len(found[BAD]) else BAD
    return {winner: found[winner][0]}


def _told(context: Context, v: int) -> Mapping[str, int]:
    """What somebody is said to have done or to be.

    {"*misdeed": verb} for "said that X had lied", {"*told-bad": word} for "said X was reckless".
    """
    parse = context.parse
    tokens = parse.tokens
    for clause in children(parse, v, "ccomp"):
        denied = any(tokens[c].dep == "neg" for c in parse.children[clause])
        if denied or tokens[clause].tag == "VB" or any(tokens[c].tag == "MD" for c in parse.children[clause]):
            continue
        if tokens[clause].lemma in context.cue("misdeed"):
            return {MISDEED: clause}
        if tokens[clause].lemma != "be":
            continue
        for word in children(parse, clause, "acomp", "attr"):
            if tokens[word].lemma in context.cue("bad-word"):
                return {TOLD_BAD: word}
            if tokens[word].lemma in context.cue("good-word"):
                return {TOLD_GOOD: word}
    return {}


def _words(context: Context, v: int) -> Iterable[int]:
    parse = context.parse
    tokens = parse.tokens
    stop = min(parse.sentences[parse.sentence_of[v]].stop, v + MAX_WORDS)
    for i in range(v + 1, stop):
        if tokens[i].text in OPENING:
            return _until(context, i + 1, stop, CLOSING)
        if tokens[i].text.casefold() == "as":
            return _until(context, i + 1, stop, ENDING)
        if tokens[i].text in ENDING:
            break
    within: set[int] = set()
    for c in children(parse, v, *COMPLEMENTS):
        subjects = {t for s in children(parse, c, "nsubj") for t in subtree(parse, s)}
        within.update(t for t in subtree(parse, c) if t not in subjects and v < t < stop)
    if not within and tokens[v].lemma in context.cue("say"):
        return _quoted_before(context, v)
    return sorted(within)


def _quoted_before(context: Context, v: int) -> Iterable[int]:
    """The words of the quotation that ends before the verb: '"He lies," said Roe of Doe'."""
    tokens = context.parse.tokens
    start = context.parse.sentences[context.parse.sentence_of[v]].start
    marks = [i for i in range(start, v) if tokens[i].text in OPENING | CLOSING]
    return range(marks[-2] + 1, marks[-1]) if len(marks) >= PAIR else ()


def _until(context: Context, start: int, stop: int, ends: frozenset[str]) -> Iterable[int]:
    tokens = context.parse.tokens
    return range(start, next((i for i in range(start, stop) if tokens[i].text in ends), stop))
