"""Who says something and is not named: "two senior officials", "people familiar with the talks", "a leaked report"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.days import NUMBERS
from kg.nominals import is_definite
from kg.referents import Context, referents
from kg.syntax import child, children
from kg.types import UnnamedSource

LEFT = frozenset({"det", "nummod", "amod", "compound", "advmod", "quantmod", "nmod"})
RIGHT = frozenset({"prep", "acl", "amod"})
ONE = frozenset({"a", "an", "one", "another"})
LONGEST = 14
"""Tokens of the longest description."""


def unnamed_sources(context: Context, tokens: Iterable[int]) -> Iterator[UnnamedSource]:
    """The sources at these tokens whom the text neither names nor takes to be known ("the company", "his lawyer")."""
    for i in tokens:
        token = context.parse.tokens[i]
        known = is_definite(context, i) or child(context.parse, i, "poss") is not None
        if token.pos == "NOUN" and not known and all(r.represented for r in referents(context, i, expand=False)):
            yield _described(context, i)


def _described(context: Context, i: int) -> UnnamedSource:
    parse = context.parse
    tokens = parse.tokens
    start, stop = i, i + 1
    while start > 0 and tokens[start - 1].head in range(start, i + 1) and tokens[start - 1].dep in LEFT:
        start -= 1
    for c in children(parse, i, *RIGHT):
        last = max(_below(context, c))
        if c == stop and last < i + LONGEST:
            stop = last + 1
    begin, end = tokens[start].begin, tokens[stop - 1].end
    return UnnamedSource(begin=begin, end=end, text=parse.document.text[begin:end], count=_count(context, i))


def _below(context: Context, i: int) -> Iterator[int]:
    yield i
    for c in context.parse.children[i]:
        if context.parse.tokens[c].dep not in ("punct", "relcl"):
            yield from _below(context, c)


def _count(context: Context, i: int) -> int | None:
    number = child(context.parse, i, "nummod")
    if number is not None:
        word = context.parse.tokens[number].text.casefold()
        return int(word) if word.isdecimal() else NUMBERS.get(word)
    determiner = child(context.parse, i, "det")
    return 1 if determiner is not None and context.parse.tokens[determiner].text.casefold() in ONE else None
