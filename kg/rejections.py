"""Denials that reach further than their own clause: of a whole report, of what was said just before.

"The ministry called the NBC report fake" denies what the text says on NBC's word; "the firm denied the claims" what
was claimed just before; "denied it" the sentence before.  And who has a claim rejected still claims it: in "X rejected
Y's claim that Z", Y asserts what X denies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from kg.attribution import is_predicate, last_source, owners, speakers
from kg.content import is_content, is_report
from kg.cues import Cues, is_cue, of
from kg.falsehood import rejecting_verb
from kg.markers import is_negated
from kg.syntax import child, children
from kg.types import Claim, Parse

ANAPHORS = frozenset({"it", "this", "that"})
MAX_CLIMB = 12
FACTOR = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A denial of what the text says elsewhere: by whom (head tokens), of whose words (none: of anybody's), in the
    tokens [start:stop]; `sentence` is where it stands."""

    by: tuple[int, ...]
    source: tuple[int, ...]
    start: int
    stop: int
    sentence: tuple[int, int]


def claimants(parse: Parse, i: int, cues: Cues) -> tuple[int, ...]:
    """The head tokens of those whose rejected claim says what token i says: Y in "X rejected Y's claim that"."""
    if is_negated(parse, i, cues):
        return ()
    at = i
    for _ in range(MAX_CLIMB):
        g = parse.tokens[at].head
        if g == at:
            return ()
        if is_report(parse, g, cues) and parse.tokens[at].dep in ("acl", "relcl", "ccomp", "prep"):
            verb = rejecting_verb(parse, g, cues)
            if verb is None:
                return ()
            by = speakers(parse, verb, cues)
            return tuple(o for o in owners(parse, g, cues) if o not in by and parse.tokens[o].pos == "PROPN")
        at = g
    return ()


def rejections(parse: Parse, cues: Cues) -> Iterator[Rejection]:
    """The denials of whole reports and of what was said before, in text order."""
    for token in parse.tokens:
        here = parse.sentences[parse.sentence_of[token.i]]
        if token.text.casefold() in ANAPHORS and token.dep == "dobj" and is_cue(parse, token.head, of(cues, "deny")):
            by = tuple(speakers(parse, token.head, cues))
            before = parse.sentences[max(0, here.index - 1)]
            if by and before.block >= here.block - 1 and not is_negated(parse, token.head, cues):
                yield Rejection(by=by, source=(), start=before.start, stop=token.i, sentence=(here.begin, here.end))
        elif token.pos == "NOUN" and is_report(parse, token.i, cues) and not _has_content(parse, token.i, cues):
            verb = rejecting_verb(parse, token.i, cues)
            if verb is None or not is_predicate(parse, verb):
                continue
            by = tuple(s for s in speakers(parse, verb, cues) if s != token.i)
            source = tuple(s for s in _source(parse, token.i, cues) if s not in by)
            if by and source:
                whole = is_cue(parse, token.i, of(cues, "coverage"))
                yield Rejection(
                    by=by,
                    source=source,
                    start=0 if whole else _reach_back(parse, token.i),
                    stop=len(parse.tokens) if whole else token.i,
                    sentence=(here.begin, here.end),
                )


def _has_content(parse: Parse, n: int, cues: Cues) -> bool:
    clauses = children(parse, n, "acl", "relcl", "ccomp")
    about = any(parse.tokens[p].text.casefold() in ("of", "about") for p in children(parse, n, "prep"))
    return about or any(is_content(parse, c, n, cues) for c in clauses)


def _source(parse: Parse, n: int, cues: Cues) -> list[int]:
    """Whose report, story or claim noun n is; of a bare "the claims" the last who claimed something."""
    named = [o for o in owners(parse, n, cues) if parse.tokens[o].pos == "PROPN"]
    if named or is_cue(parse, n, of(cues, "coverage")):
        return named or last_source(parse, n, cues)
    for v in range(parse.sentences[parse.sentence_of[n]].start - 1, _reach_back(parse, n) - 1, -1):
        if is_cue(parse, v, of(cues, "say")) and child(parse, v, "ccomp", "xcomp") is not None:
            return speakers(parse, v, cues)
    return []


def _reach_back(parse: Parse, i: int) -> int:
    """The first token of the paragraph before that of token i."""
    block = parse.sentences[parse.sentence_of[i]].block
    return next(s.start for s in parse.sentences if s.block >= block - 1)


def denied_elsewhere(
    parse: Parse,
    cues: Cues,
    claims: Sequence[Claim],
    entities_at: Callable[[int], tuple[str, ...]],
    happens: Callable[[str], bool],
) -> Iterator[Claim]:
    """For each claim that a rejection reaches a denial by who rejects it; `happens` tells relations that are events."""
    begins = [t.begin for t in parse.tokens]
    for rejection in rejections(parse, cues):
        by = tuple(dict.fromkeys(e for s in rejection.by for e in entities_at(s)))
        source = {e for s in rejection.source for e in entities_at(s)}
        if not by or rejection.source and not source:
            continue
        stop = begins[rejection.stop] if rejection.stop < len(begins) else len(parse.document.text)
        for number, claim in enumerate(claims):
            if claim.trigger is None or not begins[rejection.start] <= claim.trigger[0] < stop:
                continue
            if claim.stance == "denies" or claim.modality != "actual" or not happens(claim.predicate):
                continue
            if set(claim.attributed_to) & set(by) or source and not source & set(claim.attributed_to):
                continue
            yield replace(
                claim, stance="denies", attributed_to=by, unnamed_sources=(), evidence=rejection.sentence,
                rule="rejected", level="inferred", confidence=round(claim.confidence * FACTOR, 3),
                derived_from=(number,),
            )  # fmt: skip
