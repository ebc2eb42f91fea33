"""Whose "I" and "we" an unquoted text speaks in: of an author, of a state, or of several in a joint statement.

"Statement from President Jane Doe on ..." makes "I" Jane Doe; "Joint Statement" makes "we" the states that it names
first; in any other text that says "we" outside quotations it is the state where the text is at home.  What such an
author's text says is said by the author.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.attribution import QuoteSpan
from kg.gazetteer import Gazetteer
from kg.home import home_state
from kg.referents import Context
from kg.turns import Turn, turns
from kg.types import Mention

I = frozenset({"i", "me", "my", "mine", "myself"})
WE = frozenset({"we", "us", "our", "ours", "ourselves"})
OPENING_SENTENCES = 3
PREPOSITIONS = frozenset({"by", "from", "of"})
AUTHORS = frozenset({"by", "from"})
"""Behind these stands who says it: a readout "of" a call is nobody's words."""


def own_voice(context: Context, gazetteer: Gazetteer, quoted: Iterable[tuple[int, int]]) -> tuple[Mention, ...]:
    """Mentions of "I", "my", "we", "our" outside quotations, for whoever speaks there, where the text tells."""
    author = _author(context)
    together = _joint(context)
    home = home_state(context, gazetteer)
    we = together or ((home,) if home is not None else ())
    spans = tuple(quoted)
    found: list[Mention] = []
    for token in context.parse.tokens:
        word = token.text.casefold()
        entities = ((author,) if author is not None else ()) if word in I else we if word in WE else ()
        if not entities or token.pos not in ("PRON", "DET") or token.i in context.at:
            continue
        if any(begin <= token.begin < end for begin, end in spans):
            continue
        found.append(
            Mention(
                begin=token.begin, end=token.end, text=token.text, type=context.entities[entities[0]].type,
                kind="pronoun", start=token.i, stop=token.i + 1, head=token.i, entities=entities,
            )
        )  # fmt: skip
    return tuple(found)


def _opening(context: Context) -> range:
    """The tokens of the headings that open the text."""
    stop = 0
    for sentence in context.parse.sentences:
        if sentence.kind != "heading" and sentence.index > 0:
            break
        stop = sentence.stop
    return range(stop)


def own_speech(context: Context) -> tuple[QuoteSpan, ...]:
    """The turns of an interview or transcript as speeches of who speaks; else the text below the headline as one speech
    of its author, where the headline names one."""
    said = turns(context)
    if said:
        return tuple(_speeches(context, said))
    author = _authors_name(context, AUTHORS)
    opening = _opening(context)
    if author is None or not opening or opening.stop >= len(context.parse.tokens):
        return ()
    begin, end = context.parse.tokens[opening.stop].begin, len(context.parse.document.text)
    return (QuoteSpan(begin=begin, end=end, text=context.parse.document.text[begin:end], speaker=author.head),)


def _speeches(context: Context, said: Iterable[Turn]) -> Iterator[QuoteSpan]:
    first: dict[str, int] = {}
    for m in sorted({m.start: m for m in context.at.values() if m.kind == "name"}.values(), key=lambda m: m.start):
        for entity in m.entities:
            first.setdefault(entity, m.head)
    for turn in said:
        if turn.speaker in first:
            words = context.parse.document.text[turn.begin : turn.end]
            yield QuoteSpan(begin=turn.begin, end=turn.end, text=words, speaker=first[turn.speaker])


def _author(context: Context) -> str | None:
    """The person whose "I" the text is."""
    mention = _authors_name(context, PREPOSITIONS)
    return mention.entities[0] if mention is not None else None


def _authors_name(context: Context, prepositions: frozenset[str]) -> Mention | None:
    """The first person named behind "Statement by", "Remarks of" in the headline."""
    tokens = context.parse.tokens
    opening = _opening(context)
    for i in opening:
        if tokens[i].lemma.casefold() not in context.cue("authored-form") or i + 1 not in opening:
            continue
        if tokens[i + 1].text.casefold() not in prepositions:
            continue
        for j in opening[i + 2 :]:
            mention = context.at.get(j)
            if mention is not None and mention.kind == "name" and mention.type == "Person":
                return mention if mention.entities else None
            if tokens[j].pos in ("ADP", "VERB") and tokens[j].text.casefold() not in PREPOSITIONS | {"for", "to"}:
                break
    return None


def _joint(context: Context) -> tuple[str, ...]:
    """The states that a joint statement names in its headline or its first sentences, if they are two or more."""
    tokens = context.parse.tokens
    if not any(tokens[i].text.casefold() == "joint" for i in _opening(context)):
        return ()
    sentences = context.parse.sentences
    limit = sentences[min(OPENING_SENTENCES, len(sentences)) - 1].stop
    found = dict.fromkeys(
        m.entities[0]
        for m in sorted({m.start: m for m in context.at.values()}.values(), key=lambda m: m.start)
        if m.start < limit
        and m.kind in ("name", "demonym")
        and m.entities
        and context.entities[m.entities[0]].type == "Country"
    )
    return tuple(found) if len(found) > 1 else ()
