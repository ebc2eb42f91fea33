"""Whom a happening rests on: independent origins are counted, not the articles that print it.

Five papers with "NBC reported" have one origin, an agency's text counts for the agency wherever it is printed, and so
does a text that another document repeats.  All rules lean one way: what could be one origin is counted as one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from kg.claims import ResolvedClaim, stands_as_fact
from kg.gazetteer import Gazetteer
from kg.ids import slug
from kg.sketches import Sketches, sketch_of
from kg.types import Document

COPIED = 0.5
"""Texts that share half of their shingles have one author; texts written apart about one event share a few per cent."""
HEAD = 600
"""Code points from the start of a text in which a byline or dateline credits an agency."""

CREDITS = (
    re.compile(r"\((?P<credit>[A-Z][\w.&'’/ -]{1,40})\)\s*[-–—]"),  # PARIS (Reuters) -
    re.compile(r"^\s*(?P<credit>[A-Z][\w.&'’/ -]{1,40})\s+[-–—]{1,2}\s", re.MULTILINE),  # AP -- alone
    re.compile(r"^\s*By\s+(?P<credit>[A-Z][^\n|]{1,60})$", re.MULTILINE | re.IGNORECASE),
    re.compile(r"^\s*(?:Source|Via|Credit):\s*(?P<credit>[A-Z][^\n|]{1,60})$", re.MULTILINE | re.IGNORECASE),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """Where the documents have their texts from; all keys are document ids.

    `voice` is whose word a document gives where its text names nobody: an entity id, or a name behind "publisher ";
    a document of which neither publisher nor agency is known is not in it.  `credits` is the agency of the byline,
    `copies` leads from a document to the
    first one with the same text, and `names` to the outlets that it names.  `outlets` are the ids of all outlets.
    """

    voice: Mapping[str, str]
    credits: Mapping[str, str]
    copies: Mapping[str, str]
    names: Mapping[str, frozenset[str]]
    outlets: frozenset[str]


UNTOLD: Mapping[str, bytes] = MappingProxyType({})
NOTHING = Printing(voice={}, credits={}, copies={}, names={}, outlets=frozenset())


def printing(
    documents: Sequence[Document],
    *,
    entities: Mapping[str, str],
    mentioned: Mapping[str, frozenset[str]],
    gazetteer: Gazetteer,
    sketches: Mapping[str, bytes] = UNTOLD,
) -> Printing:
    """Where the documents have their texts from.

    `entities` maps plain names (`plain_name`) of organisations to their ids, `mentioned` a document's id to the ids
    of the entities that it names, `sketches` to the sketch of its text, where that is known.
    """
    voice, credited = {}, {}
    for document in documents:
        credit = credit_of(document, gazetteer)
        if credit is not None and plain_name(credit) != plain_name(document.publisher or ""):
            credited[document.id] = credit
        if name := credit or document.publisher:
            voice[document.id] = entities.get(plain_name(name), f"publisher {plain_name(name)}")
    media = {key for name, key in entities.items() if _is_outlet(name.replace("-", " "), gazetteer)}
    outlets = frozenset(media | {key for key in voice.values() if not key.startswith("publisher ")})
    return Printing(
        voice=voice,
        credits=credited,
        copies=copies_of(documents, sketches),
        names={key: named & outlets for key, named in mentioned.items()},
        outlets=outlets,
    )


def plain_name(name: str) -> str:
    """The name of an outlet as a key: "The Harbour Times" and "Harbour  Times" are one."""
    return slug(name).removeprefix("the-")


def credit_of(document: Document, gazetteer: Gazetteer) -> str | None:
    """The outlet that a credit line at the head of the text names, in its full name: "PARIS (AP) -", "By Reuters".

    None where the line names a person, or no outlet that the tables know.
    """
    head = document.text[:HEAD]
    for pattern in CREDITS:
        for match in pattern.finditer(head):
            for part in reversed(re.split(r",|/| and |\bfor\b|\bof\b", match["credit"])):
                record = gazetteer.organization(part.strip().removeprefix("The "))
                if record is not None and record.kind == "media":
                    return record.name
    return None


def _is_outlet(name: str, gazetteer: Gazetteer) -> bool:
    record = gazetteer.organization(name)
    return record is not None and record.kind == "media"


# ---------------------------------------------------------------- copies


def copies_of(documents: Iterable[Document], sketches: Mapping[str, bytes] = UNTOLD) -> dict[str, str]:
    """Document -> the first of those that print nearly the same text, for every document that is not the first.

    Nearly the same: by their sketches (made here where they are not known) about half of their runs of five words are
    shared.  The first is the oldest, then the one whose id sorts first; documents without a date come last.
    """
    ordered = sorted(documents, key=lambda d: (d.date is None, d.date.isoformat() if d.date else "", d.id))
    found: dict[str, str] = {}
    rank = {document.id: number for number, document in enumerate(ordered)}
    known = Sketches()
    for document in ordered if len(ordered) > 1 else ():
        sketch = sketches[document.id] if document.id in sketches else sketch_of(document.text)
        if not sketch or document.id in known:
            continue
        near = known.near(sketch, COPIED)
        if near:
            found[document.id] = min(near, key=rank.__getitem__)
        else:
            known.add(document.id, sketch)
    return found


# ---------------------------------------------------------------- origins


def origins(claims: Iterable[ResolvedClaim], printed: Printing = NOTHING) -> tuple[str, ...]:
    """The independent origins of claims that assert one thing, sorted: ids of entities, or "publisher NAME".

    A claim rests on whom it is attributed to.  An outlet and the source that it cites are one origin.  A document
    that names its source in one place has it from there in every place.  A document that names nobody speaks for
    its agency or publisher, unless it repeats the text or the words of another one, or names an outlet that others
    have it from.  An unknown publisher could be any of the others and is no further origin.
    """
    told: dict[str, list[ResolvedClaim]] = defaultdict(list)
    for claim in claims:
        told[claim.document].append(claim)
    home: dict[str, str] = {}
    silent: list[str] = []
    for document in sorted(told):
        sources = {source for claim in told[document] for source in claim.attributed_to}
        for claim in told[document]:
            _join_carriers(home, claim.attributed_to, printed.outlets)
        if not sources:
            silent.append(document)
    carriers = printed.outlets & home.keys()
    own: dict[tuple[str, str], list[str]] = defaultdict(list)
    for document in silent:
        voice = printed.voice.get(document)
        if voice is not None and carriers.isdisjoint(printed.names.get(document, ())):
            words = " ".join(min(claim.quote for claim in told[document]).split()).casefold()
            own[printed.copies.get(document, document), words].append(voice)
    by_words: dict[str, set[str]] = defaultdict(set)
    for voice, words in _one_voice_each(own):
        by_words[words].add(voice)
    found = {min(voices) for voices in by_words.values()} | {_root(home, source) for source in home}
    return tuple(sorted({_root(home, key) if key in home else key for key in found}))


def _one_voice_each(own: Mapping[tuple[str, str], Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Of each text that several print, the voice and words of the first that sorts."""
    by_text: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for (text, words), voices in own.items():
        by_text[text] += [(voice, words) for voice in voices]
    for text in sorted(by_text):
        yield min(by_text[text])


def asserting(claims: Iterable[ResolvedClaim]) -> list[ResolvedClaim]:
    """The claims that assert the thing as actual or, where none does, those that plan it or hold it possible."""
    told = list(claims)
    return [c for c in told if stands_as_fact(c)] or [c for c in told if c.stance == "asserts"]


def _join_carriers(home: dict[str, str], sources: Sequence[str], outlets: frozenset[str]) -> None:
    """An outlet that cites somebody is one origin with him; two speakers are two."""
    carriers = [source for source in sources if source in outlets]
    for source in sources:
        home.setdefault(source, source)
    for source in sources if carriers else ():
        home[_root(home, source)] = _root(home, carriers[0])


def _root(home: Mapping[str, str], key: str) -> str:
    while home[key] != key:
        key = home[key]
    return key
