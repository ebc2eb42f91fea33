"""One document -> its Extraction: names, references, relations and qualifiers put together.

A pure function of document, pipeline, ontology and gazetteer, so one process, a pool and an engine give the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from spacy.language import Language

from kg import nlp
from kg.attribution import QuoteSpan, attribution, principals
from kg.confidence import calibrated
from kg.coreference import resolve_references, resolve_speakers
from kg.dates import date_tokens, date_value, time_of
from kg.echoes import echoes, relative_pronouns
from kg.factuality import Factuality, factuality
from kg.gazetteer import Gazetteer
from kg.lifespans import life_dates
from kg.name_nested import states_in_names
from kg.names import find_names
from kg.occasions import whole_of
from kg.offices import with_own_bodies, with_states
from kg.ontology import Ontology
from kg.open import open_triples
from kg.open_claims import OpenRelation, find_open
from kg.pair_features import Pair, Spot, pairs
from kg.pair_model import Learned, Weights, learned, verdicts
from kg.positions import positions
from kg.quotations import find_quotations
from kg.referents import Context, Referent, context_of, referents
from kg.rejections import claimants, denied_elsewhere
from kg.relations import Found, FoundDate, find_relations
from kg.role_words import Role, RoleIndex, is_reversed, role_index, tells_nationality
from kg.roles import find_roles
from kg.structures import find_structures, places_around
from kg.syntax import children
from kg.triggers import find_triggers
from kg.types import (
    Claim,
    Document,
    Extraction,
    Level,
    LexicalEntry,
    LocalEntity,
    Mention,
    Parse,
    Quotation,
    Value,
)
from kg.unnamed import unnamed
from kg.voice import own_speech, own_voice

ACTUAL = Factuality(stance="asserts", modality="actual")
LEVEL_FACTOR: Mapping[Level, float] = MappingProxyType({"explicit": 1.0, "resolved": 0.9, "inferred": 0.75})
STATE_CLASSES = frozenset({"Country", "Place"})
MODEL = "pair-model"
"""The rule of claims that the trained model makes."""
OPEN_CONFIDENCE = 0.85
"""Of a relation that only its verb phrase names: the share of right ones among 77 of press texts, judged by hand."""
PLACE_PREPOSITIONS = frozenset({"in", "at", "near", "outside"})


def extract(document: Document, pipeline: Language, ontology: Ontology, gazetteer: Gazetteer) -> Extraction:
    """All that one document says."""
    return next(extract_all([document], pipeline, ontology, gazetteer))


def extract_all(
    documents: Iterable[Document], pipeline: Language, ontology: Ontology, gazetteer: Gazetteer
) -> Iterator[Extraction]:
    """The extractions of the documents, in order; each depends on its document alone, so it may be kept for later."""
    index = role_index(ontology)
    for parse in nlp.parse(documents, pipeline):
        yield interpret(parse, ontology, gazetteer, index)


def interpret(
    parse: Parse, ontology: Ontology, gazetteer: Gazetteer, index: RoleIndex, weights: Weights | None = None
) -> Extraction:
    """What a parsed document says; no pipeline is needed any more.  `weights` stand in for the trained model's."""
    said = uncalibrated(parse, ontology, gazetteer, index, weights)
    return replace(said, claims=tuple(replace(claim, confidence=calibrated(claim)) for claim in said.claims))


def uncalibrated(
    parse: Parse, ontology: Ontology, gazetteer: Gazetteer, index: RoleIndex, weights: Weights | None = None
) -> Extraction:
    """The same with the confidence that the rules and the model state of themselves."""
    reading = _read(parse, ontology, gazetteer, index)
    context, spans = reading.context, reading.spans
    ruled = tuple(_ruled(reading, ontology, gazetteer))
    implied = _drawn(context, ontology, ruled)
    found = tuple(pairs(context, reading.mentions, implied))
    held = verdicts(parse, found, weights)
    added = [_learned_claim(reading, new) for new in learned(context, ontology, found, implied, held)]
    said = _drawn(context, ontology, (*(claim for claim in ruled if not held.doubts(claim)), *added))
    return Extraction(
        document=parse.document,
        entities=tuple(context.entities.values()),
        mentions=reading.mentions,
        claims=(
            *said,
            *_denied_elsewhere(context, ontology, said),
            *echoes(context, reading.mentions, filter(held.upholds, said)),
            *(_open_claim(reading, found) for found in find_open(context, said)),
        ),
        positions=positions(context, reading.roles, lambda role: _role_judged(context, role)),
        quotations=tuple(_quotations(context, spans)),
        open=open_triples(parse),
        whole=whole_of(parse.document),
    )


def pairs_in(parse: Parse, ontology: Ontology, gazetteer: Gazetteer, index: RoleIndex) -> Candidates:
    """What the model is trained on: the pairs of a parsed document with what the rules say of them."""
    reading = _read(parse, ontology, gazetteer, index)
    said = _drawn(reading.context, ontology, _ruled(reading, ontology, gazetteer))
    found = tuple(pairs(reading.context, reading.mentions, said))
    return Candidates(entities=tuple(reading.context.entities.values()), mentions=reading.mentions, pairs=found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """The pairs of a document that may stand in a relation, with its entities and mentions."""

    entities: tuple[LocalEntity, ...]
    mentions: tuple[Mention, ...]
    pairs: tuple[Pair, ...]


def _ruled(reading: _Reading, ontology: Ontology, gazetteer: Gazetteer) -> Iterator[Claim]:
    """What the rules say outright."""
    context, spans = reading.context, reading.voices
    for role in reading.roles:
        yield from _role_claims(context, ontology, role, spans)
    triggers = tuple(find_triggers(context, ontology, reading.roles))
    for found in find_relations(context, ontology, triggers):
        yield from _claims(context, ontology, found, spans)
    for structural in find_structures(context, ontology, gazetteer):
        yield _claim(context, structural, ACTUAL, spans)
    yield from _life_claims(context, ontology)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    context: Context
    mentions: tuple[Mention, ...]
    spans: tuple[QuoteSpan, ...]
    voices: tuple[QuoteSpan, ...]
    """The quotations, and the text as a whole where its headline names an author."""
    roles: tuple[Role, ...]


def _read(parse: Parse, ontology: Ontology, gazetteer: Gazetteer, index: RoleIndex) -> _Reading:
    """Who is named and referred to, who is quoted, who holds which role."""
    cues = ontology.cues
    names = find_names(parse, gazetteer)
    known, nested = states_in_names(parse, names.entities, names.mentions, gazetteer)
    named = context_of(parse, known, names.mentions, cues)
    spans = find_quotations(parse, cues)
    quotes = tuple((q.begin, q.end, q.speaker) for q in spans)
    titles = find_roles(named, index)
    references = resolve_references(named, titles, gazetteer=gazetteer, quotes=quotes)
    mentions, entities = references.mentions, references.entities
    third = context_of(parse, entities, mentions, cues)
    speeches = [(q.begin, q.end, _speakers(third, q.speaker)) for q in spans]
    first = (
        *resolve_speakers(third, speeches, titles),
        *own_voice(third, gazetteer, [(q.begin, q.end) for q in spans]),
    )
    mentions = tuple(sorted((*mentions, *first), key=lambda m: (m.begin, m.end)))
    others, nameless = unnamed(context_of(parse, entities, mentions, cues), [(q.begin, q.end) for q in spans])
    mentions, entities = tuple(sorted((*mentions, *others), key=lambda m: (m.begin, m.end))), (*entities, *nameless)
    context = context_of(parse, entities, mentions, cues)

    roles = with_own_bodies(context, with_states(context, find_roles(context, index), gazetteer))
    further = (*nested, *relative_pronouns(context))
    mentions = tuple(sorted((*mentions, *further), key=lambda m: (m.begin, -m.end)))
    return _Reading(context=context, mentions=mentions, spans=spans, voices=(*spans, *own_speech(context)), roles=roles)


# ---------------------------------------------------------------- claims


def _claims(
    context: Context, ontology: Ontology, found: Found | FoundDate, spans: tuple[QuoteSpan, ...]
) -> Iterator[Claim]:
    entry = found.entry
    if isinstance(found, FoundDate):
        words = date_tokens(context.parse, found.trigger)
        value = date_value(context.parse, *words, context.parse.document.date) if words is not None else None
        if words is None or value is None:
            return
        judged = factuality(context.parse, found.trigger, context.cues)
        yield _dated(context, found, words, Value(value=value), judged, spans)
        return
    judged = factuality(context.parse, found.trigger, context.cues, (found.subject.token, found.object.token))
    if ontology.relations[found.relation].event is None and _is_ended(context, found.trigger):
        judged = Factuality(stance="denies", modality="actual")
    claim = _claim(context, found, _overridden(judged, entry), spans)
    yield claim
    claiming = _entities(context, claimants(context.parse, found.trigger, context.cues))
    if claim.stance == "denies" and claiming:
        yield replace(claim, stance="asserts", attributed_to=claiming)


def _denied_elsewhere(context: Context, ontology: Ontology, said: tuple[Claim, ...]) -> Iterator[Claim]:
    """Denials of the claims of a report that the text says somebody rejects as a whole."""
    yield from denied_elsewhere(
        context.parse, context.cues, said, lambda token: _entities(context, (token,)),
        lambda relation: ontology.relations[relation].event is not None,
    )  # fmt: skip


def _entities(context: Context, tokens: Iterable[int]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(r.entity for t in tokens for r in referents(context, t, expand=False)))


def _is_ended(context: Context, trigger: int) -> bool:
    """Whether the trigger is what a verb of ending ends: "dropped its support for X"."""
    token = context.parse.tokens[trigger]
    above = context.parse.tokens[token.head]
    return token.pos == "NOUN" and token.dep == "dobj" and above.lemma in context.cue("ending")


def _overridden(judged: Factuality, entry: LexicalEntry) -> Factuality:
    """What the text makes of it, unless the word itself says that it is a plan or a denial ("nominate", "rule out")."""
    stance, modality = judged.stance, judged.modality
    if entry.modality is not None and modality == "actual":
        modality = entry.modality
    if entry.stance == "denies":
        stance = "denies"
    return Factuality(stance=stance, modality=modality)


def _claim(context: Context, found: Found, judged: Factuality, spans: tuple[QuoteSpan, ...]) -> Claim:
    parse = context.parse
    trigger = parse.tokens[found.trigger]
    return Claim(
        subject=found.subject.entity,
        predicate=found.relation,
        object=found.object.entity,
        subject_span=(found.subject.begin, found.subject.end),
        object_span=(found.object.begin, found.object.end),
        evidence=_evidence(context, found.trigger),
        stance=judged.stance,
        modality=judged.modality,
        attributed_to=_sources(context, found.trigger, spans),
        time=time_of(parse, found.trigger, parse.document.date),
        place=_place(context, found.trigger, found),
        confidence=found.confidence,
        rule=found.rule,
        level=found.level,
        trigger=(trigger.begin, trigger.end),
    )


def _dated(
    context: Context,
    found: FoundDate,
    words: tuple[int, int],
    value: Value,
    judged: Factuality,
    spans: tuple[QuoteSpan, ...],
) -> Claim:
    tokens = context.parse.tokens
    trigger = tokens[found.trigger]
    return Claim(
        subject=found.subject.entity,
        predicate=found.relation,
        object=value,
        subject_span=(found.subject.begin, found.subject.end),
        object_span=(tokens[words[0]].begin, tokens[words[1] - 1].end),
        evidence=_evidence(context, found.trigger),
        stance=judged.stance,
        modality=judged.modality,
        attributed_to=_sources(context, found.trigger, spans),
        confidence=found.confidence,
        rule=found.rule,
        level="explicit" if found.subject.level == "explicit" else "resolved",
        trigger=(trigger.begin, trigger.end),
    )


def _learned_claim(reading: _Reading, found: Learned) -> Claim:
    """What the trained model adds as a claim; the token where the two meet in the tree is the trigger."""
    context, pair = reading.context, found.pair
    entry = LexicalEntry(
        name=MODEL, kind="structure", words=(), relation=found.relation, frames=(), confidence=found.confidence
    )
    subject = _referent(context, pair.subject, pair.subject_spot)
    trigger = _says(context, pair)
    judged = factuality(context.parse, trigger, context.cues, (pair.subject_spot.head, pair.object_spot.head))
    if isinstance(pair.object, Value):
        words = (pair.object_spot.start, pair.object_spot.stop)
        dated = FoundDate(subject=subject, relation=found.relation, trigger=trigger, entry=entry, rule=MODEL,
                          confidence=found.confidence)  # fmt: skip
        return _dated(context, dated, words, pair.object, judged, reading.spans)
    target = _referent(context, pair.object, pair.object_spot)
    stated = Found(subject=subject, relation=found.relation, object=target, trigger=trigger, entry=entry,
                   rule=MODEL, confidence=found.confidence, level=_level(subject, target))  # fmt: skip
    return _claim(context, stated, judged, reading.spans)


def _open_claim(reading: _Reading, found: OpenRelation) -> Claim:
    """The claim of a relation that the ontology does not know."""
    context, level = reading.context, _level(found.subject, found.object)
    confidence = round(OPEN_CONFIDENCE * LEVEL_FACTOR[level], 3)
    entry = LexicalEntry(name="open", kind="structure", words=(), relation=found.predicate, frames=(),
                         confidence=confidence)  # fmt: skip
    stated = Found(subject=found.subject, relation=found.predicate, object=found.object, trigger=found.trigger,
                   entry=entry, rule=found.rule, confidence=confidence, level=level)  # fmt: skip
    judged = factuality(context.parse, found.trigger, context.cues, (found.subject.token, found.object.token))
    return replace(_claim(context, stated, judged, reading.voices), label=found.label)


def _referent(context: Context, entity: str, spot: Spot) -> Referent:
    level: Level = "explicit" if spot.kind in ("name", "demonym") else "resolved"
    return Referent(
        entity=entity, type=context.entities[entity].type, begin=spot.begin, end=spot.end, level=level,
        token=spot.head, demonym=spot.kind == "demonym",
    )  # fmt: skip


def _says(context: Context, pair: Pair) -> int:
    """The word that a pair hangs on, where it is a word and no name; else the subject."""
    token = context.parse.tokens[pair.meeting]
    return pair.meeting if token.pos in ("VERB", "AUX", "NOUN", "ADJ") else pair.subject_spot.head


def _drawn(context: Context, ontology: Ontology, claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """The claims, each once, and what follows from them."""
    said = _once(claims)
    return (*said, *_contained(context, ontology, said), *_implied(context, ontology, said))


def _life_claims(context: Context, ontology: Ontology) -> Iterator[Claim]:
    """Births and deaths given in brackets behind a name."""
    entries = {frame.subject: entry for entry in ontology.structures for frame in entry.frames}
    for life in life_dates(context):
        entry = entries.get(life.structure)
        if entry is None:
            continue
        yield Claim(
            subject=life.mention.entities[0], predicate=entry.relation, object=Value(value=life.value),
            subject_span=(life.mention.begin, life.mention.end), object_span=(life.begin, life.end),
            evidence=_evidence(context, life.mention.head), confidence=entry.confidence,
            rule=f"{entry.name}:{life.structure}", trigger=(life.begin, life.end),
        )  # fmt: skip


def _contained(context: Context, ontology: Ontology, claims: tuple[Claim, ...]) -> Iterator[Claim]:
    """ "born in Graz, Austria" is born in Austria too: derived claims for the places around a named place."""
    names = {m.begin: m for m in context.at.values() if m.kind == "name"}
    for number, claim in enumerate(claims):
        at = names.get(claim.object_span[0])
        if not ontology.relations[claim.predicate].reaches_container or at is None or at.type not in STATE_CLASSES:
            continue
        for around in places_around(context, at):
            if around.entities[0] not in (claim.subject, claim.object):
                yield replace(
                    claim, object=around.entities[0], object_span=(around.begin, around.end), rule="contained",
                    level="inferred", confidence=round(claim.confidence * LEVEL_FACTOR["resolved"], 3),
                    derived_from=(number,),
                )  # fmt: skip


def _implied(context: Context, ontology: Ontology, claims: tuple[Claim, ...]) -> Iterator[Claim]:
    """Claims of the relations that a claim's relation implies, where the classes fit and no sentence says them."""
    said = {(c.subject, c.predicate, c.object) for c in claims}
    for number, claim in enumerate(claims):
        for name in ontology.relations[claim.predicate].implies:
            relation = ontology.relations[name]
            fits = not relation.domain or context.entities[claim.subject].type in relation.domain
            if claim.stance == "denies" or not fits or (claim.subject, name, claim.object) in said:
                continue
            yield replace(
                claim, predicate=name, rule=f"implied:{claim.predicate}", level="inferred", derived_from=(number,),
                confidence=round(claim.confidence * LEVEL_FACTOR["resolved"], 3),
            )  # fmt: skip


def _evidence(context: Context, token: int) -> tuple[int, int]:
    sentence = context.parse.sentences[context.parse.sentence_of[token]]
    return sentence.begin, sentence.end


def _sources(context: Context, trigger: int, spans: tuple[QuoteSpan, ...]) -> tuple[str, ...]:
    return _entities(context, attribution(context.parse, trigger, spans, context.cues))


def _place(context: Context, trigger: int, found: Found) -> str | None:
    """Where it happened: a place behind "in" or "at" that hangs on the trigger and is no argument itself."""
    for p in children(context.parse, trigger, "prep"):
        if context.parse.tokens[p].text.casefold() in PLACE_PREPOSITIONS:
            for o in children(context.parse, p, "pobj"):
                for r in referents(context, o, expand=False):
                    if r.type in STATE_CLASSES and r.entity not in (found.subject.entity, found.object.entity):
                        return r.entity
    return None


def _once(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Claims in text order; of those that say the same of the same in one sentence, the surest."""
    best: dict[tuple[object, ...], Claim] = {}
    for claim in claims:
        key = (claim.subject, claim.predicate, claim.object, claim.evidence, claim.stance, claim.modality)
        if key not in best or claim.confidence > best[key].confidence:
            best[key] = claim
    return tuple(
        sorted(
            best.values(), key=lambda c: (c.evidence, c.subject_span, c.object_span, c.predicate, c.stance, c.modality)
        )
    )


# ---------------------------------------------------------------- roles


def _role_claims(context: Context, ontology: Ontology, role: Role, spans: tuple[QuoteSpan, ...]) -> Iterator[Claim]:
    judged = _role_judged(context, role)
    posts = any(e.position for e in role.entries)
    for entry in role.entries:
        pairs = [(b, _relation(context, entry, role, b)) for b in role.bodies]
        pairs += [(b, "worksFor") for b in role.employers if entry.position]
        for holder in role.holders:
            if entry.position and holder.type not in ("Person", "Group"):
                continue
            for body, name in pairs:
                if posts and not entry.position and (holder.type, body.type) == ("Person", "Organization"):
                    continue  # a post at a body is no attitude towards it: "an associate at Roe LLP"
                a, b = (body, holder) if is_reversed(entry) else (holder, body)
                relation = ontology.relations[name]
                if (
                    a.entity == b.entity
                    or not _fits(a, relation.domain, entry.subject_types)
                    or not _fits(b, relation.range, entry.object_types)
                ):
                    continue
                level = _level(a, b)
                found = Found(
                    subject=a, relation=relation.name, object=b, trigger=role.trigger, entry=entry,
                    rule=f"{entry.name}:{role.how}", level=level,
                    confidence=round(entry.confidence * LEVEL_FACTOR[level], 3),
                )  # fmt: skip
                claim = _claim(context, found, _overridden(judged, entry), spans)
                yield claim if role.timed else replace(claim, time=None)


def _role_judged(context: Context, role: Role) -> Factuality:
    """What the text makes of a role: only a role that a verb gives can be denied or planned by the clause."""
    judged = factuality(context.parse, role.trigger, context.cues) if role.how == "copula" else ACTUAL
    if role.tense == "future" and judged.modality == "actual":
        return Factuality(stance=judged.stance, modality="planned")
    return judged


def _level(a: Referent, b: Referent) -> Level:
    levels = {a.level, b.level}
    return "inferred" if "inferred" in levels else "resolved" if "resolved" in levels else "explicit"


def _relation(context: Context, entry: LexicalEntry, role: Role, body: Referent) -> str:
    """The entry's relation; but a nationality in front of an occupation ("French novelist X") is citizenship."""
    if entry.relation in ("worksFor", "memberOf") and tells_nationality(context, role, body):
        return "citizenOf"
    if entry.relation == "leads" and role.part:
        return "worksFor"
    if (
        entry.relation == "leads"
        and entry.position
        and {w.casefold() for w in role.title.split()} & context.cue("deputy")
    ):
        return "worksFor"
    return entry.relation


def _fits(referent: Referent, allowed: frozenset[str], narrowed: frozenset[str]) -> bool:
    return (not allowed or referent.type in allowed) and (not narrowed or referent.type in narrowed)


# ---------------------------------------------------------------- quotations


def _speakers(context: Context, token: int | None) -> tuple[str, ...]:
    return tuple(r.entity for r in referents(context, token, expand=False)) if token is not None else ()


def _named_first(context: Context, token: int | None) -> tuple[str, ...]:
    """Who speaks; whom a spokesman without a name speaks for."""
    own = _speakers(context, token)
    if token is None or any(context.entities[e].name for e in own):
        return own
    behind = (e for p in principals(context.parse, token, context.cues) for e in _speakers(context, p))
    return (*(e for e in behind if context.entities[e].name), *own)


def _quotations(context: Context, spans: Iterable[QuoteSpan]) -> Iterator[Quotation]:
    for span in spans:
        speakers = _named_first(context, span.speaker)
        addressees = _speakers(context, span.addressee)
        yield Quotation(
            speaker=speakers[0] if speakers else None, text=context.parse.document.text[span.begin : span.end],
            begin=span.begin, end=span.end, addressee=addressees[0] if addressees else None,
        )  # fmt: skip
