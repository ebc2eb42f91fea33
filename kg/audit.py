"""Sentences that name two or more and yield no claim, each with the reason: what a reader should look at next."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from kg import nlp
from kg import ontology as ontology_
from kg.extraction import interpret
from kg.gazetteer import Gazetteer
from kg.gazetteer import load as load_gazetteer
from kg.ids import DEFAULT_MODEL
from kg.ontology import Ontology
from kg.read import read
from kg.referents import Context, context_of, referents
from kg.relations import find_relations
from kg.role_words import RoleIndex, role_index
from kg.roles import find_roles
from kg.triggers import Trigger, find_triggers
from kg.types import Block, Document, Extraction, Parse, Relation, Sentence, Skip

Reason = Literal["furniture", "no word", "no argument", "same argument", "wrong class", "no name", "not claimed"]

REASONS: dict[Reason, str] = {
    "furniture": "page furniture, which is not read",
    "no word": "no word of the lexicon",
    "no argument": "an argument not found",
    "same argument": "both arguments are one",
    "wrong class": "an argument of a class that the relation does not take",
    "no name": "an argument without a name",
    "not claimed": "a relation found and not kept",
}
"""Reason -> what it means, the outermost first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A sentence without a claim: where it stands (code points of the document's text), whom it names, and why."""

    document: str
    begin: int
    end: int
    sentence: str
    names: tuple[str, ...]
    reason: Reason
    detail: str


def audit(
    inputs: Sequence[str | Path],
    *,
    date: dt.date | None = None,
    model: str = DEFAULT_MODEL,
    ontology_files: Sequence[str | Path] = (),
) -> tuple[tuple[Gap, ...], tuple[Skip, ...]]:
    """The gaps of all documents of files and folders, and what could not be read.

    Raises InputError when a path does not exist, ModelError and OntologyError.
    """
    known = ontology_.load(extra=tuple(map(Path, ontology_files)))
    gazetteer, index = load_gazetteer(), role_index(known)
    records = list(read(tuple(inputs), date=date))
    documents = [record for record in records if isinstance(record, Document)]
    found = [gap for parse in nlp.parse(documents, nlp.load(model)) for gap in gaps(parse, known, gazetteer, index)]
    return tuple(found), tuple(record for record in records if isinstance(record, Skip))


def gaps(parse: Parse, ontology: Ontology, gazetteer: Gazetteer, index: RoleIndex) -> Iterator[Gap]:
    """The gaps of a parsed document in text order.

    A claim counts for each sentence that its evidence or one of its two sides lies in, if both sides have a name: only
    such claims reach the graph.
    """
    extraction = interpret(parse, ontology, gazetteer, index)
    named = {entity.id: entity.name for entity in extraction.entities if entity.name}
    context = context_of(parse, extraction.entities, extraction.mentions, ontology.cues)
    triggers = tuple(find_triggers(context, ontology, find_roles(context, index)))
    for sentence in parse.sentences:
        there = _named_in(extraction, named, sentence.begin, sentence.end)
        if len(there) < 2:
            continue
        told = [c for c in extraction.claims if _lies_in(sentence, c.evidence, c.subject_span, c.object_span)]
        if any(
            claim.subject in named and (claim.object in named or not isinstance(claim.object, str)) for claim in told
        ):
            continue
        reason: Reason
        if told:
            claim = told[0]
            nameless = words_of(parse.document, claim.subject_span if claim.subject not in named else claim.object_span)
            reason, detail = "no name", f"“{nameless}” has no name ({claim.predicate})"
        else:
            reason, detail = _why(context, ontology, sentence, triggers)
        yield _gap(parse.document, (sentence.begin, sentence.end), there, reason, detail)
    for block in parse.document.blocks:
        if block.kind == "furniture":
            yield from _unread(parse.document, block, extraction)


def _gap(document: Document, span: tuple[int, int], names: Sequence[str], reason: Reason, detail: str) -> Gap:
    return Gap(
        document=document.path or document.id, begin=span[0], end=span[1],
        sentence=words_of(document, span), names=tuple(names), reason=reason, detail=detail,
    )  # fmt: skip


def words_of(document: Document, span: tuple[int, int]) -> str:
    """The words of the span on one line."""
    return " ".join(document.text[slice(*span)].split())


def _named_in(extraction: Extraction, named: dict[str, str], begin: int, end: int) -> list[str]:
    """The names of the entities that are mentioned in the span, each once, in text order."""
    found: dict[str, str] = {}
    for mention in extraction.mentions:
        if begin <= mention.begin and mention.end <= end:
            found |= {entity: named[entity] for entity in mention.entities if entity in named}
    return list(found.values())


def _lies_in(sentence: Sentence, *spans: tuple[int, int]) -> bool:
    return any(sentence.begin <= begin and end <= sentence.end for begin, end in spans)


def _unread(document: Document, block: Block, extraction: Extraction) -> Iterator[Gap]:
    """The block if it names two that the rest of the document names."""
    words = document.text[block.begin : block.end]
    there = [
        entity.name
        for entity in extraction.entities
        if entity.name and any(re.search(rf"(?<!\w){re.escape(alias)}(?!\w)", words) for alias in entity.aliases)
    ]
    if len(there) > 1:
        yield _gap(document, (block.begin, block.end), there, "furniture", REASONS["furniture"])


# ---------------------------------------------------------------- why


def _why(context: Context, ontology: Ontology, sentence: Sentence, triggers: Sequence[Trigger]) -> tuple[Reason, str]:
    """Why a sentence says nothing: what is missing at the word that comes nearest to a claim."""
    here = [trigger for trigger in triggers if sentence.start <= trigger.token < sentence.stop]
    if not here:
        return "no word", _main_verb(context.parse, sentence)
    order = list(REASONS)
    missing = [one for trigger in here for one in _missing(context, ontology, trigger)]
    best = max(missing, key=lambda one: (order.index(one.reason), -one.slots))
    return best.reason, best.detail


def _main_verb(parse: Parse, sentence: Sentence) -> str:
    roots = [t for t in parse.tokens[sentence.start : sentence.stop] if t.head == t.i and t.pos in ("VERB", "AUX")]
    return (
        f"no word of the lexicon; the main verb is “{roots[0].lemma}”" if roots else "no word of the lexicon, no verb"
    )


@dataclass(frozen=True, slots=True)
class _Missing:
    """What keeps one frame from a claim; `slots` counts the arguments that are not there."""

    reason: Reason
    detail: str
    slots: int = 0


def _missing(context: Context, ontology: Ontology, trigger: Trigger) -> Iterator[_Missing]:
    """For each frame of the entry what it lacks."""
    word = f"“{context.parse.tokens[trigger.token].text}” ({trigger.entry.relation})"
    relation = ontology.relations[trigger.entry.relation]
    if list(find_relations(context, ontology, [trigger])):
        yield _Missing("not claimed", f"{word}: found, and dropped where the sentence was judged")
        return
    if needed := [slot for slot in sorted(trigger.entry.needs) if slot not in trigger.slots]:
        yield _Missing("no argument", f"{word} lacks {_slots(needed)}", len(needed))
        return
    if not trigger.entry.frames:
        yield _Missing("no argument", f"{word} has no frame that fits", 2)
    for frame in trigger.entry.frames:
        subjects, objects = (_fillers(context, trigger, slot) for slot in (frame.subject, frame.object))
        empty = [slot for slot, side in ((frame.subject, subjects), (frame.object, objects)) if not side]
        if empty:
            yield _Missing("no argument", f"{word} lacks {_slots(dict.fromkeys(empty))}", len(empty))
        elif frame.subject == frame.object and len(subjects) == 1:
            yield _Missing("no argument", f"{word} lacks a second party beside {_name(context, subjects)}", 1)
        elif {entity for entity, _ in subjects} == {entity for entity, _ in objects} and len(subjects) == 1:
            yield _Missing("same argument", f"{word}: both arguments are {_name(context, subjects)}")
        else:
            yield _Missing("wrong class", f"{word} {_misfit(trigger, relation, subjects[0][1], objects[-1][1])}")


def _misfit(trigger: Trigger, relation: Relation, subject: str, target: str) -> str:
    for kind, allowed, narrowed, side in (
        (subject, relation.domain, trigger.entry.subject_types, "from"),
        (target, relation.range, trigger.entry.object_types, "to"),
    ):
        if (allowed and kind not in allowed) or (narrowed and kind not in narrowed):
            return f"does not lead {side} a {kind}"
    return "is not said of a body through those who act for it"


def _slots(slots: Iterable[str]) -> str:
    return " and ".join(SLOTS.get(slot, f"“{slot} ...”") for slot in slots)


def _name(context: Context, side: Sequence[tuple[str, str]]) -> str:
    return context.entities[side[0][0]].name or "one that has no name"


SLOTS = {
    "subj": "a named subject",
    "obj": "a named object",
    "iobj": "a named recipient",
    "attr": "a named complement",
    "agent": "a named agent",
    "mod": "a name in front",
    "date": "a date",
    "poss-obj": "an owner of its object",
}
"""Slot -> how a reader calls it; a preposition names itself."""


def _fillers(context: Context, trigger: Trigger, slot: str) -> list[tuple[str, str]]:
    """The entities in a slot with their classes."""
    tokens = trigger.slots.get("obj" if slot == "poss-obj" else slot, ())
    return [(r.entity, r.type) for token in tokens for r in referents(context, token)]


# ---------------------------------------------------------------- for people and programs


COLUMNS = ("reason", "sentence", "names", "document")


def rows_of(found: Iterable[Gap]) -> list[tuple[str, ...]]:
    """The gaps as rows of words under `COLUMNS`."""
    return [(gap.detail, gap.sentence, ", ".join(gap.names), gap.document) for gap in found]


def counts_of(found: Iterable[Gap]) -> list[tuple[str, int]]:
    """How many gaps have which reason, the most frequent first."""
    count = Counter(gap.reason for gap in found)
    return [(REASONS[reason], number) for reason, number in sorted(count.items(), key=lambda kv: (-kv[1], kv[0]))]


def markdown_of(found: Sequence[Gap]) -> str:
    """The gaps as a Markdown page, grouped by reason."""
    lines = ["# Sentences without a claim", "", f"{len(found):,} in all.", ""]
    for reason, meaning in REASONS.items():
        part = [gap for gap in found if gap.reason == reason]
        if part:
            lines += [f"## {meaning.capitalize()}: {len(part):,}", ""]
            lines += [f"- {_md(gap.sentence)}  \n  {_md(gap.detail)} ({_md(gap.document)})" for gap in part]
            lines += [""]
    return "\n".join(lines)


def json_of(found: Iterable[Gap]) -> str:
    """The gaps as JSON: a list of objects."""
    return json.dumps([asdict(gap) for gap in found], ensure_ascii=False, indent=1)


def _md(text: str) -> str:
    return re.sub(r"([\\`*_<>\[\]#|])", r"\\\1", text)
