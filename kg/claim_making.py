"""What was found in a document -> claims: who, what, in which sentence, says who, is it so, when and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TypedDict

from kg.attribution import QuoteSpan, attribution
from kg.dates import date_tokens, date_value, time_told
from kg.factuality import Factuality, factuality
from kg.lifespans import life_dates
from kg.ontology import Ontology
from kg.open_claims import OpenRelation
from kg.pair_features import Spot
from kg.pair_model import Learned
from kg.readings import Read
from kg.referents import Context, Referent, referents
from kg.rejections import claimants
from kg.relations import Found, FoundDate
from kg.syntax import ancestors, child, children, meeting
from kg.types import Claim, Level, LexicalEntry, UnnamedSource, Value
from kg.unnamed_sources import unnamed_sources

ACTUAL = Factuality(stance="asserts", modality="actual")
LEVEL_FACTOR: Mapping[Level, float] = MappingProxyType({"explicit": 1.0, "resolved": 0.9, "inferred": 0.75})
STATE_CLASSES = frozenset({"Country", "Place"})
MODEL = "pair-model"
"""The rule of claims that the trained model of pairs makes."""
READER = "reader"
"""The rule of claims that the trained reader of sentences makes."""
MODES: Mapping[str, Factuality] = MappingProxyType({
    "actual": ACTUAL, "denied": Factuality(stance="denies", modality="actual"),
    "planned": Factuality(stance="asserts", modality="planned"),
    "possible": Factuality(stance="asserts", modality="possible"),
})  # fmt: skip
OPEN_CONFIDENCE = 0.85
"""Of a relation that only its verb phrase names: the share of right ones among 77 of press texts, judged by hand."""
SAYING = frozenset({"VERB", "AUX", "NOUN", "ADJ"})
"""Parts of speech that may say a relation."""
PLACE_PREPOSITIONS = frozenset({"in", "at", "near", "outside"})


class _Sources(TypedDict):
    """Who says what a claim says."""

    attributed_to: tuple[str, ...]
    unnamed_sources: tuple[UnnamedSource, ...]


def stated_claims(
    context: Context, ontology: Ontology, found: Found | FoundDate, spans: tuple[QuoteSpan, ...]
) -> Iterator[Claim]:
    """The claims of what a rule of the lexicon found; a denied one also as the claim of whoever claims it."""
    entry = found.entry
    if isinstance(found, FoundDate):
        words = date_tokens(context.parse, found.trigger)
        value = date_value(context.parse, *words, context.parse.document.date) if words is not None else None
        if words is None or value is None:
            return
        judged = factuality(context.parse, found.trigger, context.cues)
        yield dated_claim(context, found, words, Value(value=value), judged, spans)
        return
    judged = factuality(context.parse, found.trigger, context.cues, (found.subject.token, found.object.token))
    if ontology.relations[found.relation].event is None and _is_ended(context, found.trigger):
        judged = Factuality(stance="denies", modality="actual")
    claim = claim_of(context, found, overridden(judged, entry), spans)
    yield claim
    claiming = entities_at(context, claimants(context.parse, found.trigger, context.cues))
    if claim.stance == "denies" and claiming:
        yield replace(claim, stance="asserts", attributed_to=claiming, unnamed_sources=())


def overridden(judged: Factuality, entry: LexicalEntry) -> Factuality:
    """What the text makes of it, unless the word itself says that it is a plan or a denial ("nominate", "rule out")."""
    stance, modality = judged.stance, judged.modality
    if entry.modality is not None and modality == "actual":
        modality = entry.modality
    if entry.stance == "denies":
        stance = "denies"
    return Factuality(stance=stance, modality=modality)


def _is_ended(context: Context, trigger: int) -> bool:
    """Whether the trigger is what a verb of ending ends: "dropped its support for X"."""
    token = context.parse.tokens[trigger]
    above = context.parse.tokens[token.head]
    return token.pos == "NOUN" and token.dep == "dobj" and above.lemma in context.cue("ending")


def claim_of(context: Context, found: Found, judged: Factuality, spans: tuple[QuoteSpan, ...]) -> Claim:
    """The claim that two stand in a relation; `spans` are the quotations of the text."""
    parse = context.parse
    trigger = parse.tokens[found.trigger]
    return Claim(
        subject=found.subject.entity,
        predicate=found.relation,
        object=found.object.entity,
        subject_span=(found.subject.begin, found.subject.end),
        object_span=(found.object.begin, found.object.end),
        evidence=evidence_of(context, found.trigger),
        stance=judged.stance,
        modality=judged.modality,
        **_sources(context, found.trigger, spans),
        time=time_told(parse, found.trigger, _end(context, found.object.token), parse.document.date),
        place=_place(context, found.trigger, found),
        confidence=found.confidence,
        rule=found.rule,
        level=found.level,
        trigger=(trigger.begin, trigger.end),
    )


def _end(context: Context, token: int) -> int:
    mention = context.at.get(token)
    return token + 1 if mention is None else mention.stop


def dated_claim(
    context: Context,
    found: FoundDate,
    words: tuple[int, int],
    value: Value,
    judged: Factuality,
    spans: tuple[QuoteSpan, ...],
) -> Claim:
    """The claim of a date, which stands at tokens[words[0]:words[1]]."""
    tokens = context.parse.tokens
    trigger = tokens[found.trigger]
    return Claim(
        subject=found.subject.entity,
        predicate=found.relation,
        object=value,
        subject_span=(found.subject.begin, found.subject.end),
        object_span=(tokens[words[0]].begin, tokens[words[1] - 1].end),
        evidence=evidence_of(context, found.trigger),
        stance=judged.stance,
        modality=judged.modality,
        **_sources(context, found.trigger, spans),
        confidence=found.confidence,
        rule=found.rule,
        level="explicit" if found.subject.level == "explicit" else "resolved",
        trigger=(trigger.begin, trigger.end),
    )


def learned_claim(context: Context, found: Learned, spans: tuple[QuoteSpan, ...]) -> Claim:
    """What the trained model adds as a claim; the token where the two meet in the tree is the trigger."""
    pair = found.pair
    entry = LexicalEntry(
        name=MODEL, kind="structure", words=(), relation=found.relation, frames=(), confidence=found.confidence
    )
    subject = _referent(context, pair.subject, pair.subject_spot)
    trigger = _says(context, pair.meeting, pair.subject_spot, pair.object_spot)
    judged = factuality(context.parse, trigger, context.cues, (pair.subject_spot.head, pair.object_spot.head))
    if isinstance(pair.object, Value):
        words = (pair.object_spot.start, pair.object_spot.stop)
        dated = FoundDate(subject=subject, relation=found.relation, trigger=trigger, entry=entry, rule=MODEL,
                          confidence=found.confidence)  # fmt: skip
        return dated_claim(context, dated, words, pair.object, judged, spans)
    target = _referent(context, pair.object, pair.object_spot)
    stated = Found(subject=subject, relation=found.relation, object=target, trigger=trigger, entry=entry,
                   rule=MODEL, confidence=found.confidence, level=level_of(subject, target))  # fmt: skip
    return claim_of(context, stated, judged, spans)


def read_claim(context: Context, found: Read, spans: tuple[QuoteSpan, ...]) -> Claim:
    """What the trained reader adds as a claim, in the mode that it reads (right for .96; the words around tell .88)."""
    seen = found.seen
    subject = _referent(context, seen.subject.entity, seen.subject)
    target = _referent(context, seen.object.entity, seen.object)
    entry = LexicalEntry(
        name=READER, kind="structure", words=(), relation=found.relation, frames=(), confidence=seen.chance
    )
    meets = meeting(context.parse, seen.subject.head, seen.object.head)
    trigger = _says(context, meets, seen.subject, seen.object)
    stated = Found(subject=subject, relation=found.relation, object=target, trigger=trigger, entry=entry, rule=READER,
                   confidence=seen.chance, level=level_of(subject, target))  # fmt: skip
    return claim_of(context, stated, _purposed(context, seen.object.head, meets) or MODES[seen.mode], spans)


def _purposed(context: Context, token: int, top: int) -> Factuality | None:
    """What the purpose of a noun around the token makes no fact of: "its bid to be admitted to the league"."""
    tokens = context.parse.tokens
    for i in ancestors(context.parse, token):
        if i == top:
            break
        if tokens[i].pos == "VERB" and tokens[i].dep == "acl" and tokens[tokens[i].head].pos == "NOUN":
            judged = factuality(context.parse, i, context.cues)
            if judged.modality != "actual":
                return judged
    return None


def open_claim(context: Context, found: OpenRelation, spans: tuple[QuoteSpan, ...]) -> Claim:
    """The claim of a relation that the ontology does not know."""
    level = level_of(found.subject, found.object)
    confidence = round(OPEN_CONFIDENCE * LEVEL_FACTOR[level], 3)
    entry = LexicalEntry(name="open", kind="structure", words=(), relation=found.predicate, frames=(),
                         confidence=confidence)  # fmt: skip
    stated = Found(subject=found.subject, relation=found.predicate, object=found.object, trigger=found.trigger,
                   entry=entry, rule=found.rule, confidence=confidence, level=level)  # fmt: skip
    judged = factuality(context.parse, found.trigger, context.cues, (found.subject.token, found.object.token))
    return replace(claim_of(context, stated, judged, spans), label=found.label)


def life_claims(context: Context, ontology: Ontology) -> Iterator[Claim]:
    """Births and deaths given in brackets behind a name."""
    entries = {frame.subject: entry for entry in ontology.structures for frame in entry.frames}
    for life in life_dates(context):
        entry = entries.get(life.structure)
        if entry is None:
            continue
        yield Claim(
            subject=life.mention.entities[0], predicate=entry.relation, object=Value(value=life.value),
            subject_span=(life.mention.begin, life.mention.end), object_span=(life.begin, life.end),
            evidence=evidence_of(context, life.mention.head), confidence=entry.confidence,
            rule=f"{entry.name}:{life.structure}", trigger=(life.begin, life.end),
        )  # fmt: skip


def _referent(context: Context, entity: str, spot: Spot) -> Referent:
    level: Level = "explicit" if spot.kind in ("name", "demonym") else "resolved"
    return Referent(
        entity=entity, type=context.entities[entity].type, begin=spot.begin, end=spot.end, level=level,
        token=spot.head, demonym=spot.kind == "demonym",
    )  # fmt: skip


def _says(context: Context, meets: int, subject: Spot, target: Spot) -> int:
    """The word that says what holds of a pair, which meets at a token of the tree: the verb of the clause that one of
    the two stands in and the other above, in "X said that they had left Y" left; else the word that the pair hangs on,
    where it is a word and no name; else the subject."""
    parse = context.parse
    for head in (target.head, subject.head):
        for a in ancestors(parse, head):
            if a == meets:
                break
            if parse.tokens[a].pos == "VERB" and child(parse, a, "nsubj", "nsubjpass") is not None:
                return a
    return meets if parse.tokens[meets].pos in SAYING else subject.head


def level_of(a: Referent, b: Referent) -> Level:
    """How directly two mentions name whom they mean: the less direct of the two counts."""
    levels = {a.level, b.level}
    return "inferred" if "inferred" in levels else "resolved" if "resolved" in levels else "explicit"


def entities_at(context: Context, tokens: Iterable[int]) -> tuple[str, ...]:
    """Whom these tokens mean."""
    return tuple(dict.fromkeys(r.entity for t in tokens for r in referents(context, t, expand=False)))


def evidence_of(context: Context, token: int) -> tuple[int, int]:
    """The code points of the sentence of a token."""
    sentence = context.parse.sentences[context.parse.sentence_of[token]]
    return sentence.begin, sentence.end


def _sources(context: Context, trigger: int, spans: tuple[QuoteSpan, ...]) -> _Sources:
    found = attribution(context.parse, trigger, spans, context.cues)
    return _Sources(
        attributed_to=entities_at(context, found), unnamed_sources=tuple(unnamed_sources(context, found))
    )  # fmt: skip


def _place(context: Context, trigger: int, found: Found) -> str | None:
    """Where it happened: a place behind "in" or "at" that hangs on the trigger and is no argument itself."""
    for p in children(context.parse, trigger, "prep"):
        if context.parse.tokens[p].text.casefold() in PLACE_PREPOSITIONS:
            for o in children(context.parse, p, "pobj"):
                for r in referents(context, o, expand=False):
                    if r.type in STATE_CLASSES and r.entity not in (found.subject.entity, found.object.entity):
                        return r.entity
    return None
