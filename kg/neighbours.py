"""Names with only small words between them: an address, an employer behind the age, a score, a place by its kind.

home        A, 58, of B; A, of B; A of B        a person without a title and a place
nation      A of B                              a person without a title and a country
body        A, 26, of B; A, now with B          a person and a body
beat        A 3, B 1; A 3-1 B                   the winner first
drew        A 1, B 1
kind-of     the <B> state of A                  A is the Brazilian state, B Brazil
by          B, by A; B by the novelist A        B is a work
issued      B (A, 2013)
kind-in     A in the state of B; the town of A in B; A, in the state of B
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.referents import Context
from kg.types import Mention

LINKS = frozenset({"of", "from", "with", "at"})
SINCE = frozenset({"now", "then", "formerly", "currently", "previously", "late", "recently", "also", "both"})
DASHES = frozenset("-–—")
SCORED = frozenset({"Organization", "Country", "Place"})
PLACES = frozenset({"Place", "Country"})
MAX_BRACKET = 15
MAX_KIND = 5
MARKS = frozenset(",\"”’'")
YEAR_DIGITS = 4


def neighbours(context: Context) -> Iterator[tuple[str, Mention, Mention]]:
    """(structure, A, B) for each pair of names that stand so, in text order."""
    for mention in sorted({m.start: m for m in context.at.values()}.values(), key=lambda m: m.begin):
        if mention.kind == "demonym":
            yield from _kind_of(context, mention)
        if mention.kind != "name" or not mention.entities:
            continue
        if mention.type == "Person":
            yield from _belonging(context, mention)
        if mention.type == "Work":
            yield from _work(context, mention)
        if mention.type in SCORED:
            yield from _score(context, mention)
        if mention.type in PLACES or mention.type == "Organization":
            yield from _kind_in(context, mention)


def _word(context: Context, i: int) -> str:
    tokens = context.parse.tokens
    return tokens[i].text.casefold() if 0 <= i < len(tokens) else ""


def _name_at(context: Context, i: int) -> Mention | None:
    """The name that starts at token i, an article before it left out."""
    at = i + 1 if _word(context, i) in ("the", "a", "an") else i
    mention = context.at.get(at) or context.at.get(i)
    named = mention is not None and mention.kind == "name" and mention.entities and mention.start in (i, at)
    return mention if named else None


def _belonging(context: Context, person: Mention) -> Iterator[tuple[str, Mention, Mention]]:
    at, aged = person.stop, False
    comma = _word(context, at) == ","
    if comma and _word(context, at + 1).isdigit() and _word(context, at + 2) == ",":
        at, aged = at + 2, True
    elif _word(context, at) == "(" and _word(context, at + 1).isdigit():
        home = _name_at(context, at + 3)
        if (
            home is not None
            and home.type == "Place"
            and _word(context, at + 2) == ","
            and _word(context, home.stop) == ")"
        ):
            yield "home", person, home
        at, aged = at + 2, True
    set_off = comma or aged
    if set_off:
        at += 1
    if set_off and _word(context, at) in SINCE:
        at += 1
    if _word(context, at) not in LINKS:
        return
    other = _name_at(context, at + 1)
    if other is None or other.type == "Person":
        return
    if other.type == "Place" and _word(context, at) in ("of", "from") and not _titled(context, person):
        yield "home", person, other
    elif other.type == "Country" and _word(context, at) == "of" and not set_off and not _titled(context, person):
        yield "nation", person, other
    elif other.type == "Organization" and set_off:
        yield "body", person, other


def _work(context: Context, work: Mention) -> Iterator[tuple[str, Mention, Mention]]:
    at = work.stop
    while _word(context, at) in MARKS:
        at += 1
    if _word(context, at) == "by":
        author = next((m for i in range(at + 1, at + MAX_KIND) if (m := _name_at(context, i)) is not None), None)
        if author is not None and author.type == "Person":
            yield "by", author, work
    elif _word(context, at) == "(":
        publisher = _name_at(context, at + 1)
        if publisher is not None and publisher.type == "Organization":
            year = _word(context, publisher.stop + 1)
            if _word(context, publisher.stop) == "," and year.isdigit() and len(year) == YEAR_DIGITS:
                yield "issued", publisher, work


def _titled(context: Context, person: Mention) -> bool:
    """Whether a title or office stands before the name: the mayor of a town need not be said to live there."""
    before = person.start - 1
    tokens = context.parse.tokens
    return before >= 0 and tokens[before].pos in ("NOUN", "PROPN") and tokens[before].text[:1].isalpha()


def _score(context: Context, a: Mention) -> Iterator[tuple[str, Mention, Mention]]:
    at = a.stop
    first = _word(context, at)
    if not first.isdigit() or len(first) > 2:
        return
    at = _behind_brackets(context, at + 1)
    if _word(context, at) in DASHES and _word(context, at + 1).isdigit():
        second, b = _word(context, at + 1), _name_at(context, at + 2)
    else:
        at += _word(context, at) in {",", *DASHES}
        b = _name_at(context, at)
        second = _word(context, b.stop) if b is not None else ""
    if b is None or b.type != a.type or not second.isdigit() or len(second) > 2:
        return
    if context.parse.sentence_of[a.head] != context.parse.sentence_of[b.head]:
        return
    if int(first) == int(second):
        yield "drew", a, b
    else:
        yield ("beat", a, b) if int(first) > int(second) else ("beat", b, a)


def _behind_brackets(context: Context, at: int) -> int:
    if _word(context, at) != "(":
        return at
    return next((i + 1 for i in range(at, at + MAX_BRACKET) if _word(context, i) == ")"), at)


def _kind_of(context: Context, origin: Mention) -> Iterator[tuple[str, Mention, Mention]]:
    at = origin.stop
    while _word(context, at) not in context.cue("place-kind") and at < origin.stop + 2:
        at += 1
    if _word(context, at) in context.cue("place-kind") and _word(context, at + 1) == "of":
        named = _name_at(context, at + 2)
        if named is not None and named.type in PLACES and origin.entities:
            yield "kind-of", named, origin


def _kind_in(context: Context, inner: Mention) -> Iterator[tuple[str, Mention, Mention]]:
    at = inner.stop + (_word(context, inner.stop) == ",")
    if _word(context, at) != "in":
        return
    kinds = context.cue("place-kind")
    near = range(at + 1, at + MAX_KIND)
    kind = next((i for i in near if _word(context, i) in kinds and _word(context, i + 1) == "of"), None)
    own_kind = _word(context, inner.start - 1) == "of" and _word(context, inner.start - 2) in kinds
    outer = _name_at(context, kind + 2) if kind is not None else _name_at(context, at + 1) if own_kind else None
    if outer is not None and outer.type in PLACES:
        yield "kind-in", inner, outer
