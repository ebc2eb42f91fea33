"""The outlet whose report goes on in a sentence without a source: "The Herald reported that ... .  The two also met".

An outlet is carried to the end of its paragraph, and to the next one where that takes the matter up, by sentences
that tell on in the past tense of those it told about; another source, a person's word or the present tense end it.
"""

from __future__ import annotations

from kg.cues import Cues, is_cue, of
from kg.syntax import child, children, subtree
from kg.types import Parse, Sentence

MAX_SENTENCES = 4
VERBAL = frozenset({"VERB", "AUX"})
PERSONAL = frozenset({"he", "she", "they", "it", "both"})
DEFINITE = frozenset({"the", "this", "that", "these", "those", "his", "her", "their", "its", "both"})


def carried_source(parse: Parse, i: int, cues: Cues) -> int | None:
    """The head token of the outlet whose report token i goes on with; None for the document's own voice."""
    here = parse.sentences[parse.sentence_of[i]]
    if here.kind != "prose" or parse.tokens[i].pos not in VERBAL:
        return None
    at = here
    for index in range(here.index - 1, max(-1, here.index - 1 - MAX_SENTENCES), -1):
        before = parse.sentences[index]
        if before.kind != "prose" or before.block < here.block - 1 or not _goes_on(parse, at, before):
            return None
        source = _outlet(parse, before, cues)
        if source is not None:
            return source
        if _has_speaker(parse, before, cues):
            return None
        at = before
    return None


def _goes_on(parse: Parse, sentence: Sentence, before: Sentence) -> bool:
    """Whether a sentence tells on in the past tense of somebody or something that the one before told of."""
    root = next((t.i for t in parse.tokens[sentence.start : sentence.stop] if t.dep == "ROOT"), None)
    if root is None or parse.tokens[root].pos not in VERBAL:
        return False
    auxiliaries = {parse.tokens[c].text.casefold() for c in children(parse, root, "aux", "auxpass")}
    past = parse.tokens[root].tag == "VBD" and not auxiliaries or bool(auxiliaries & {"had", "was", "were", "did"})
    subject = child(parse, root, "nsubj", "nsubjpass")
    if not past or subject is None:
        return False
    token = parse.tokens[subject]
    if token.pos == "PROPN":
        said = {t.text for t in parse.tokens[before.start : before.stop] if t.pos == "PROPN"}
        return before.block == sentence.block and token.text in said
    opening = parse.tokens[min(subtree(parse, subject))].text.casefold()
    return token.text.casefold() in PERSONAL or token.pos in ("NOUN", "NUM") and opening in DEFINITE


def _outlet(parse: Parse, sentence: Sentence, cues: Cues) -> int | None:
    """The outlet on whose word a sentence stands: "NBC reported that", "..., according to NBC"."""
    for token in parse.tokens[sentence.start : sentence.stop]:
        if token.pos in VERBAL and is_cue(parse, token.i, of(cues, "publish")):
            subject = child(parse, token.i, "nsubj")
            tells = child(parse, token.i, "ccomp") is not None or token.dep in ("ROOT", "parataxis")
            if subject is not None and tells and parse.tokens[subject].entity == "ORG":
                return subject
        if token.text.casefold() in of(cues, "according"):
            target = next((t for t in subtree(parse, token.i) if parse.tokens[t].dep == "pobj"), None)
            if target is not None and parse.tokens[target].entity == "ORG" and parse.tokens[target].pos == "PROPN":
                return target
    return None


def _has_speaker(parse: Parse, sentence: Sentence, cues: Cues) -> bool:
    return any(
        token.pos in VERBAL
        and is_cue(parse, token.i, of(cues, "say"))
        and child(parse, token.i, "nsubj") is not None
        and child(parse, token.i, "ccomp") is not None
        for token in parse.tokens[sentence.start : sentence.stop]
    )
