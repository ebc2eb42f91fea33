"""One document -> its Extraction: names, references, relations and qualifiers put together.

A pure function of document, pipeline, ontology and gazetteer, so one process, a pool and an engine give the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from spacy.language import Language

from kg import nlp
from kg.agents import is_cue_noun
from kg.attribution import QuoteSpan, principals
from kg.chambers import with_chambers
from kg.claim_making import (
    ACTUAL,
    claim_of,
    entities_at,
    learned_claim,
    life_claims,
    open_claim,
    read_claim,
    stated_claims,
)
from kg.closure import drawn
from kg.companions import companions
from kg.confidence import calibrated, likely
from kg.coreference import resolve_references, resolve_speakers
from kg.departments import departments_in_posts, with_departments
from kg.echoes import echoes, relative_pronouns
from kg.gazetteer import Gazetteer
from kg.name_nested import states_in_names
from kg.names import find_names
from kg.nominals import is_definite
from kg.occasions import whole_of
from kg.offices import with_own_bodies, with_states
from kg.ontology import Ontology
from kg.open import open_triples
from kg.open_claims import find_open
from kg.pair_features import Pair, pairs
from kg.pair_model import Weights, learned, verdicts
from kg.positions import positions, with_likely_bodies
from kg.quotations import find_quotations
from kg.readings import Agreed, agreed, chance_of, chance_of_sides, unsaid
from kg.reference_reader import read_references
from kg.referents import Context, context_of, referents
from kg.rejections import denied_elsewhere
from kg.relation_reader import Reading, read_relations
from kg.relations import find_relations
from kg.role_claims import role_claims, role_judged
from kg.role_words import Role, RoleIndex, role_index
from kg.roles import find_roles
from kg.structures import find_structures
from kg.text_reader import read_text
from kg.triggers import find_triggers
from kg.types import Claim, Document, Extraction, LocalEntity, Mention, Parse, Quotation
from kg.unnamed import unnamed
from kg.voice import own_speech, own_voice

TOLD_OF = 3
"""Sentences in front of a quotation in which its speaker may be the subject."""


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
    claims = tuple(
        replace(claim, confidence=calibrated(claim, chance_of(said.read, claim), chance_of_sides(said.meant, claim)))
        for claim in said.extraction.claims
    )
    sure = likely(claims)
    held = with_likely_bodies(said.extraction.positions, claims, sure)
    return replace(said.extraction, claims=(*sure, *companions(said.context, sure)), positions=held)


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncalibrated:
    """An extraction with the confidence that rules and models state of themselves, and what the reader holds."""

    extraction: Extraction
    context: Context
    read: Reading
    meant: Agreed


def uncalibrated(
    parse: Parse,
    ontology: Ontology,
    gazetteer: Gazetteer,
    index: RoleIndex,
    weights: Weights | None = None,
    reading: Reading | None = None,
) -> Uncalibrated:
    """The same before what is known of each claim is weighed.  `reading` stands in for the trained reader's."""
    found = _read(parse, ontology, gazetteer, index)
    context, voices = found.context, found.voices
    ruled = tuple(_ruled(found, ontology, gazetteer))
    implied = drawn(context, ontology, ruled)
    candidates = tuple(pairs(context, found.mentions, implied))
    held = verdicts(parse, candidates, weights)
    added = [learned_claim(context, new, voices) for new in learned(context, ontology, candidates, implied, held)]
    sound = (*(claim for claim in ruled if not held.doubts(claim)), *added)
    read = read_relations(context, found.mentions) if reading is None else reading
    unread = drawn(context, ontology, sound)
    further = [read_claim(context, new, voices) for new in unsaid(context, ontology, read, unread)]
    said = drawn(context, ontology, (*sound, *further))
    extraction = Extraction(
        document=parse.document,
        entities=tuple(context.entities.values()),
        mentions=tuple(sorted((*found.mentions, *found.departments), key=lambda m: (m.begin, -m.end))),
        claims=(
            *said,
            *_denied_elsewhere(context, ontology, said),
            *echoes(context, found.mentions, filter(held.upholds, said)),
            *(open_claim(context, one, voices) for one in find_open(context, said)),
        ),
        positions=positions(context, found.roles, said, lambda role: role_judged(context, role)),
        quotations=tuple(_quotations(context, found.spans)),
        open=open_triples(parse),
        whole=whole_of(parse.document),
    )
    return Uncalibrated(extraction=extraction, context=context, read=read, meant=agreed(found.mentions, found.chances))


def named_in(parse: Parse, ontology: Ontology, gazetteer: Gazetteer, index: RoleIndex) -> Named:
    """Whom a parsed document names and refers to: what the reader of relations is trained on."""
    found = _read(parse, ontology, gazetteer, index)
    return Named(context=found.context, mentions=found.mentions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A parsed document with its entities, and all their mentions."""

    context: Context
    mentions: tuple[Mention, ...]


def pairs_in(parse: Parse, ontology: Ontology, gazetteer: Gazetteer, index: RoleIndex) -> Candidates:
    """What the model is trained on: the pairs of a parsed document with what the rules say of them."""
    reading = _read(parse, ontology, gazetteer, index)
    said = drawn(reading.context, ontology, _ruled(reading, ontology, gazetteer))
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
        yield from role_claims(context, ontology, role, spans)
    triggers = tuple(find_triggers(context, ontology, reading.roles))
    for found in find_relations(context, ontology, triggers):
        yield from stated_claims(context, ontology, found, spans)
    for structural in find_structures(context, ontology, gazetteer):
        yield claim_of(context, structural, ACTUAL, spans)
    yield from life_claims(context, ontology)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    chances: Mapping[int, float]
    """Head token of a reference -> how likely it means what it is taken to mean."""
    context: Context
    mentions: tuple[Mention, ...]
    departments: tuple[Mention, ...]
    """Mentions of bodies within posts."""
    spans: tuple[QuoteSpan, ...]
    voices: tuple[QuoteSpan, ...]
    """The quotations, and the text as a whole where its headline names an author."""
    roles: tuple[Role, ...]


def _read(parse: Parse, ontology: Ontology, gazetteer: Gazetteer, index: RoleIndex) -> _Reading:
    """Who is named and referred to, who is quoted, who holds which role."""
    cues = ontology.cues
    text = read_text(parse)
    names = find_names(parse, gazetteer, text)
    known, nested = states_in_names(parse, names.entities, names.mentions, gazetteer)
    known, departments = departments_in_posts(parse, known, names.mentions, gazetteer)
    named = context_of(parse, known, names.mentions, cues)
    spans = find_quotations(parse, cues)
    quotes = tuple((q.begin, q.end, q.speaker) for q in spans)
    titles = find_roles(named, index)
    meant = read_references(named, text)
    references = resolve_references(named, titles, gazetteer=gazetteer, quotes=quotes, read=meant)
    mentions, entities = references.mentions, references.entities
    third = context_of(parse, entities, mentions, cues)
    speeches = [(q.begin, q.end, _speakers(third, q.speaker)) for q in spans]
    spoken = resolve_speakers(third, speeches, titles)
    taken = {m.head for m in spoken}
    own = own_voice(third, gazetteer, [(q.begin, q.end) for q in spans])
    first = (*spoken, *(m for m in own if m.head not in taken))
    mentions = tuple(sorted((*mentions, *first), key=lambda m: (m.begin, m.end)))
    others, nameless = unnamed(context_of(parse, entities, mentions, cues), [(q.begin, q.end) for q in spans])
    mentions, entities = tuple(sorted((*mentions, *others), key=lambda m: (m.begin, m.end))), (*entities, *nameless)
    context = context_of(parse, entities, mentions, cues)

    roles = with_own_bodies(context, with_states(context, find_roles(context, index), gazetteer))
    roles = with_chambers(context, with_departments(context, roles, departments), index)
    further = (*nested, *relative_pronouns(context))
    mentions = tuple(sorted((*mentions, *further), key=lambda m: (m.begin, -m.end)))
    return _Reading(
        chances=references.chances,
        context=context,
        mentions=mentions,
        departments=departments,
        spans=spans,
        voices=(*spans, *own_speech(context)),
        roles=roles,
    )


def _denied_elsewhere(context: Context, ontology: Ontology, said: tuple[Claim, ...]) -> Iterator[Claim]:
    """Denials of the claims of a report that the text says somebody rejects as a whole."""
    yield from denied_elsewhere(
        context.parse, context.cues, said, lambda token: entities_at(context, (token,)),
        lambda relation: ontology.relations[relation].event is not None,
    )  # fmt: skip


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


def _told_of(context: Context, token: int | None) -> tuple[str, ...]:
    """The person of whom the sentences before tell, where "the director" of nobody known speaks: their last subject."""
    parse = context.parse
    if token is None or not is_definite(context, token):
        return ()
    if not is_cue_noun(parse.tokens[token], context.cue("nominal-Person")):
        return ()
    at = parse.sentence_of[token]
    for sentence in reversed(parse.sentences[max(0, at - TOLD_OF) : at]):
        for i in range(sentence.start, sentence.stop):
            if parse.tokens[i].dep in ("nsubj", "nsubjpass") and sentence.block == parse.sentences[at].block:
                found = [r.entity for r in referents(context, i, expand=False) if r.type == "Person"]
                if len(found) == 1 and context.entities[found[0]].name:
                    return (found[0],)
    return ()


def _quotations(context: Context, spans: Iterable[QuoteSpan]) -> Iterator[Quotation]:
    for span in spans:
        speakers = _named_first(context, span.speaker) or _told_of(context, span.speaker)
        addressees = _speakers(context, span.addressee)
        yield Quotation(
            speaker=speakers[0] if speakers else None, text=context.parse.document.text[span.begin : span.end],
            begin=span.begin, end=span.end, addressee=addressees[0] if addressees else None,
        )  # fmt: skip
