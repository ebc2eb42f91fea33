"""Matching of cue words, single ones and groups, against tokens of a parse."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping

from kg.types import Parse

Cues = Mapping[str, frozenset[str]]
"""Cue kind -> its words, as `kg.ontology.load().cues` gives them."""


@functools.lru_cache(maxsize=128)
def _by_head(words: frozenset[str]) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for word in sorted(words):
        head, *rest = word.split()
        found.setdefault(head, []).append(tuple(rest))
    return {head: tuple(groups) for head, groups in found.items()}


def is_cue(parse: Parse, i: int, words: frozenset[str]) -> bool:
    """Whether token i is one of the words: its lemma is the head and the others of a group stand among its near
    dependents ("rule out", "stop short")."""
    index = _by_head(words)
    groups = [g for form in _forms(parse.tokens[i].lemma, parse.tokens[i].text) for g in index.get(form, ())]
    return any(not rest or set(rest) <= set(_near(parse, i)) for rest in groups)


def is_group(parse: Parse, i: int, words: frozenset[str]) -> bool:
    """Whether token i heads one of the groups of several words."""
    index = _by_head(words)
    groups = [g for form in _forms(parse.tokens[i].lemma, parse.tokens[i].text) for g in index.get(form, ())]
    return any(rest and set(rest) <= set(_near(parse, i)) for rest in groups)


@functools.lru_cache(maxsize=65536)
def _forms(lemma: str, text: str) -> tuple[str, ...]:
    """The lemma and what the lemmatizer may have missed: it takes "hopes" for a form of "hop"."""
    word = text.casefold()
    forms = [lemma.casefold(), word]
    for ending in ("es", "ed", "ing"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 2:
            forms += [f"{stem}e", stem, *([stem[:-1]] if stem[-1] == stem[-2] else [])]
    return tuple(dict.fromkeys(forms))


def _near(parse: Parse, i: int) -> Iterator[str]:
    for c in parse.children[i]:
        yield from (parse.tokens[c].lemma.casefold(), parse.tokens[c].text.casefold())
        for d in parse.children[c]:
            yield parse.tokens[d].lemma.casefold()


def of(cues: Cues, kind: str) -> frozenset[str]:
    """The words of a cue kind, none when no file gives any."""
    return cues.get(kind, frozenset())
