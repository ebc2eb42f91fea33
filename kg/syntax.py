"""Walks over the dependency tree of a Parse.  Positions are token indexes; every function is pure."""

from __future__ import annotations

from collections.abc import Iterator

from kg.types import Parse

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass"})
CLAUSES = frozenset({"ccomp", "xcomp", "advcl", "acl", "relcl", "pcomp", "ROOT", "conj", "parataxis"})


def children(parse: Parse, i: int, *deps: str) -> list[int]:
    """Dependents of token i with one of these relations (all when none is given), left to right."""
    below = parse.children[i]
    if not below or not deps:  # most words of a text have no dependents
        return list(below)
    tokens = parse.tokens
    return [c for c in below if tokens[c].dep in deps]


def child(parse: Parse, i: int, *deps: str) -> int | None:
    """The first dependent of token i with one of these relations."""
    tokens = parse.tokens
    for c in parse.children[i]:
        if tokens[c].dep in deps:
            return c
    return None


def subtree(parse: Parse, i: int) -> list[int]:
    """Token i and all it dominates, in text order."""
    found, queue = [], [i]
    while queue:
        at = queue.pop()
        found.append(at)
        queue.extend(parse.children[at])
    return sorted(found)


def ancestors(parse: Parse, i: int) -> Iterator[int]:
    """The heads of token i, nearest first, the root last; i itself is not among them."""
    while (head := parse.tokens[i].head) != i:
        yield head
        i = head


def conjuncts(parse: Parse, i: int) -> list[int]:
    """Token i and everything coordinated with it from there on, left to right."""
    found, queue = [], [i]
    while queue:
        at = queue.pop(0)
        found.append(at)
        queue.extend(children(parse, at, "conj"))
    return sorted(found)


def first_conjunct(parse: Parse, i: int) -> int:
    """The head of the coordination that token i is part of (i itself where it is in none)."""
    while parse.tokens[i].dep == "conj" and parse.tokens[i].head != i:
        i = parse.tokens[i].head
    return i


def meeting(parse: Parse, a: int, b: int) -> int:
    """The token where the ways up from two tokens of one sentence meet; the root of the first where they do not."""
    above = [b, *ancestors(parse, b)]
    way = [a, *ancestors(parse, a)]
    return next((i for i in way if i in above), way[-1])
