"""A sentence or a corpus -> what the entries of the lexicon make of it: which fire, what the others lack."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from kg import nlp
from kg import ontology as ontology_
from kg.extraction import interpret
from kg.gazetteer import load as load_gazetteer
from kg.ids import DEFAULT_MODEL
from kg.ontology import Ontology
from kg.read import document_of, read
from kg.referents import Context, context_of, referents
from kg.relations import Found, find_relations
from kg.role_words import role_index
from kg.roles import find_roles
from kg.triggers import Trigger, find_triggers
from kg.types import Claim, Document, Extraction, LexicalEntry, Parse, Value

SPOKEN = {"subj": "a subject", "obj": "an object", "iobj": "a recipient", "attr": "a complement", "agent": "an agent",
          "mod": "a name in front", "date": "a date", "poss-obj": "an owner of its object"}  # fmt: skip
"""Slot -> how a reader calls it; a preposition names itself."""
POS = {"verb": ("VERB", "AUX"), "noun": ("NOUN", "PROPN"), "role": ("NOUN", "PROPN"), "adjective": ("ADJ", "VERB")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What an entry makes of a word: `fires` with what it says, or with what it lacks."""

    word: str
    entry: str
    relation: str
    fires: bool
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A sentence as the entries see it: its tokens (word, lemma, class, role in the sentence, head), the attempts, and
    the claims in words with the rule that each comes from."""

    tokens: tuple[tuple[str, str, str, str, str], ...]
    attempts: tuple[Attempt, ...]
    claims: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Over a corpus: how often each entry fired, which never did, and the verb phrases between two named entities that
    no entry covers, each with its count and one sentence."""

    documents: int
    fired: tuple[tuple[str, int], ...]
    never: tuple[str, ...]
    uncovered: tuple[tuple[str, int, str], ...]


def try_sentence(text: str, files: Sequence[Path] = (), *, model: str = DEFAULT_MODEL) -> Trial:
    """What the entries make of a text.  Raises OntologyError and ModelError."""
    known = ontology_.load(extra=files)
    parse = nlp.parse_one(document_of(text), nlp.load(model))
    extraction = interpret(parse, known, load_gazetteer(), role_index(known))
    context = context_of(parse, extraction.entities, extraction.mentions, known.cues)
    return Trial(
        tokens=tuple((t.text, t.lemma, t.pos, t.dep, parse.tokens[t.head].text) for t in parse.tokens),
        attempts=tuple(sorted(dict.fromkeys(_attempts(context, known, extraction)), key=lambda one: not one.fires)),
        claims=tuple((_words(extraction, claim), claim.rule) for claim in extraction.claims),
    )


def coverage(inputs: Sequence[str | Path], files: Sequence[Path] = (), *, model: str = DEFAULT_MODEL) -> Coverage:
    """The coverage of a corpus by the entries that the files add, by all where there are none.

    Raises InputError when a path does not exist, OntologyError and ModelError.
    """
    known, gazetteer = ontology_.load(extra=files), load_gazetteer()
    index = role_index(known)
    fired: Counter[str] = Counter()
    phrases: Counter[str] = Counter()
    shown: dict[str, str] = {}
    documents = [record for record in read(tuple(inputs)) if isinstance(record, Document)]
    for parse in nlp.parse(documents, nlp.load(model)):
        extraction = interpret(parse, known, gazetteer, index)
        for claim in extraction.claims:
            fired[claim.rule.split(":")[0]] += 1
            if claim.label is not None:
                phrases[claim.label] += 1
                shown.setdefault(claim.label, " ".join(parse.document.text[slice(*claim.evidence)].split()))
        context = context_of(parse, extraction.entities, extraction.mentions, known.cues)
        # An entry that says what another says more surely has fired too.
        for found in find_relations(context, known, find_triggers(context, known, find_roles(context, index))):
            fired[found.entry.name] += not fired[found.entry.name]
    own = _own(known)
    names = [entry.name for entry in known.entries if not files or entry.name in own]
    ranked = sorted(phrases.items(), key=lambda kv: (-kv[1], kv[0]))
    return Coverage(
        documents=len(documents),
        fired=tuple(sorted(((n, fired[n]) for n in names if fired[n]), key=lambda kv: (-kv[1], kv[0]))),
        never=tuple(name for name in names if not fired[name]),
        uncovered=tuple((label, count, shown[label]) for label, count in ranked),
    )


def _own(known: Ontology) -> frozenset[str]:
    """The entries that kg's own files do not have."""
    return frozenset(entry.name for entry in known.entries) - {entry.name for entry in ontology_.load().entries}


# ---------------------------------------------------------------- why an entry does not fire


def _attempts(context: Context, known: Ontology, extraction: Extraction) -> Iterator[Attempt]:
    """Every entry that fits a word; of one's own entries also those whose head alone is there."""
    parse, index, own = context.parse, role_index(known), _own(known)
    tried: set[tuple[str, int]] = set()
    for trigger in find_triggers(context, known, find_roles(context, index)):
        tried.add((trigger.entry.name, trigger.token))
        yield from _of_trigger(context, known, trigger)
    kept = {claim.rule.split(":")[0]: claim for claim in reversed(extraction.claims)}
    for entry in known.entries:
        if entry.kind in ("role", "structure") and entry.name in kept:
            claim = kept[entry.name]
            yield Attempt(word=_at(parse, claim), entry=entry.name, relation=entry.relation, fires=True,
                          detail=_words(extraction, claim))  # fmt: skip
            continue
        for word in entry.words if entry.name in own and entry.kind != "structure" else ():
            for token in parse.tokens:
                if token.lemma.casefold() == word[0] and (entry.name, token.i) not in tried:
                    tried.add((entry.name, token.i))
                    yield Attempt(word=token.text, entry=entry.name, relation=entry.relation, fires=False,
                                  detail=_untried(parse, entry, token.i))  # fmt: skip


def _of_trigger(context: Context, known: Ontology, trigger: Trigger) -> Iterator[Attempt]:
    """What an entry that fits a word says, or what each of its frames lacks."""
    word, entry = context.parse.tokens[trigger.token].text, trigger.entry
    said = list(find_relations(context, known, [trigger]))
    for found in said:
        target = _name(context, found.object.entity) if isinstance(found, Found) else "a date"
        detail = f"{_name(context, found.subject.entity)} {entry.relation} {target}"
        yield Attempt(word=word, entry=entry.name, relation=entry.relation, fires=True, detail=detail)
    for frame in entry.frames if not said else ():
        detail = _lack(context, known, trigger, (frame.subject, frame.object))
        yield Attempt(word=word, entry=entry.name, relation=entry.relation, fires=False,
                      detail=f"{frame.subject} {frame.object}: {detail}")  # fmt: skip


def _lack(context: Context, known: Ontology, trigger: Trigger, frame: tuple[str, str]) -> str:
    if needed := sorted(slot for slot in trigger.entry.needs if slot not in trigger.slots):
        return f"needs {_spoken(needed[0])}"
    relation, entry = known.relations[trigger.entry.relation], trigger.entry
    for slot, allowed, narrowed in (
        (frame[0], relation.domain, entry.subject_types), (frame[1], relation.range, entry.object_types),
    ):  # fmt: skip
        tokens = trigger.slots.get("obj" if slot == "poss-obj" else slot, ())
        if not tokens:
            return f"lacks {_spoken(slot)}"
        held = [r for t in tokens for r in referents(context, t)]
        if not held and slot != "date":
            return f"its {slot} “{context.parse.tokens[tokens[0]].text}” is no known name and stands for none"
        if held and not any((not allowed or r.type in allowed) and (not narrowed or r.type in narrowed) for r in held):
            return f"its {slot} {_name(context, held[0].entity)} is a {held[0].type}, which does not fit"
    return "both sides are one, or only one party is named"


def _untried(parse: Parse, entry: LexicalEntry, i: int) -> str:
    """Why an entry does not even fit at a word that is the head of one of its words."""
    token = parse.tokens[i]
    if token.pos not in POS.get(entry.kind, ()):
        return f"“{token.text}” is read as {token.pos} here, the entry is for a {entry.kind}"
    further = [" ".join(word[1:]) for word in entry.words if word[0] == token.lemma.casefold() and len(word) > 1]
    if further and all(len(word) > 1 for word in entry.words if word[0] == token.lemma.casefold()):
        return f"lacks “{further[0]}” beside “{token.text}”"
    return "nobody holds this role here" if entry.kind == "role" else "a longer word of the same relation fits better"


def _spoken(slot: str) -> str:
    return SPOKEN.get(slot, f"“{slot} ...”")


def _name(context: Context, entity: str) -> str:
    return context.entities[entity].name or "(no name)"


def _at(parse: Parse, claim: Claim) -> str:
    return parse.document.text[slice(*claim.trigger)] if claim.trigger else ""


def _words(extraction: Extraction, claim: Claim) -> str:
    """A claim as "subject predicate object", with its mode in front where it is no plain fact."""
    names = {entity.id: entity.name or "(no name)" for entity in extraction.entities}
    mode = "not " if claim.stance == "denies" else "" if claim.modality == "actual" else f"{claim.modality} "
    target = claim.object.value if isinstance(claim.object, Value) else names[claim.object]
    return f"{mode}{names[claim.subject]} {claim.label or claim.predicate} {target}"


def json_of(found: Trial | Coverage) -> str:
    """A trial or a coverage as JSON."""
    return json.dumps(asdict(found), ensure_ascii=False, indent=1)
