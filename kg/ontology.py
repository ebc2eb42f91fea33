"""Turtle files -> the frozen Ontology: relations, classes, cue words, and the lexicon indexed by head lemma."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Literal, cast, get_args

import pyoxigraph as ox

from kg.errors import OntologyError
from kg.ids import ONTOLOGY
from kg.types import Frame, LexicalEntry, Modality, Relation, Stance

DEFAULT_FOLDER = Path(__file__).resolve().parent.parent / "ontology"
PACKAGED_FOLDER = Path(__file__).resolve().parent / "ontology"

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"

Kind = Literal["verb", "noun", "role", "adjective", "structure"]
KINDS: Mapping[str, Kind] = MappingProxyType({
    f"{ONTOLOGY}VerbEntry": "verb",
    f"{ONTOLOGY}NounEntry": "noun",
    f"{ONTOLOGY}RoleEntry": "role",
    f"{ONTOLOGY}AdjectiveEntry": "adjective",
    f"{ONTOLOGY}StructureEntry": "structure",
})  # fmt: skip

PREPOSITIONS = frozenset({
    "aboard", "about", "above", "across", "after", "against", "ahead", "along", "alongside", "among", "amid",
    "around", "as", "aside", "at", "away", "before", "behind", "below", "beneath", "beside", "besides",
    "between", "beyond", "by", "despite", "down", "for", "from", "in", "inside", "into", "like", "near", "next",
    "of", "off", "on", "onto", "opposite", "out", "outside", "over", "past", "round", "since", "through",
    "throughout", "to", "together", "toward", "towards", "under", "until", "unto", "up", "upon", "versus",
    "via", "with", "within", "without",
})  # fmt: skip
SLOTS: Mapping[Kind, frozenset[str]] = MappingProxyType({
    "verb": PREPOSITIONS | {
        "subj", "obj", "iobj", "attr", "poss-subj", "poss-obj", "clause", "clause-subj", "clause-obj", "role-body",
        "own-body", "date",
    },
    "noun": PREPOSITIONS | {"agent", "mod", "self", "verb-obj", "date"},
    "role": PREPOSITIONS | {"holder", "org", "date"},
    "adjective": PREPOSITIONS | {"subj", "mod", "date"},
})  # fmt: skip
DEFAULT_CONFIDENCE = 0.9
INNER_PREPOSITION = re.compile(r" (?:of|in|for|at|to|on|with|by) ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ontology:
    """What the Turtle files say.  The four indexes map a head lemma to the entries that have words with
    this head, cut down to those words; `classes` maps a class to itself and all its superclasses."""

    relations: Mapping[str, Relation]
    classes: Mapping[str, frozenset[str]]
    cues: Mapping[str, frozenset[str]]
    verbs: Mapping[str, tuple[LexicalEntry, ...]]
    nouns: Mapping[str, tuple[LexicalEntry, ...]]
    roles: Mapping[str, tuple[LexicalEntry, ...]]
    adjectives: Mapping[str, tuple[LexicalEntry, ...]]
    structures: tuple[LexicalEntry, ...]
    entries: tuple[LexicalEntry, ...]
    """Every entry once, whole, in the order of the files."""


def load(folder: Path | None = None, extra: Sequence[Path] = ()) -> Ontology:
    """The ontology of a folder (the project's own by default), with further Turtle files added to it.

    Reads every *.ttl file of the folder but shapes*.ttl, in order of their names, then the extra files: they may
    bring relations, entries, cues, or more words for an entry there is.  Raises OntologyError, naming file and IRI,
    for broken Turtle, an unknown relation or class, an unknown slot, an entry without word or frame.
    """
    return _load(stamps_of(folder, extra))


def stamps_of(folder: Path | None = None, extra: Sequence[Path] = ()) -> tuple[tuple[Path, int, int], ...]:
    """The files of the ontology, each with the time and size that tell whether it was edited; errors as in load."""
    stamps = []
    for path in files_of(folder, extra):
        try:
            stat = path.stat()
        except OSError as error:
            raise OntologyError(f"{path}: cannot be read ({error.strerror}).") from error
        stamps.append((path, stat.st_mtime_ns, stat.st_size))
    return tuple(stamps)


def files_of(folder: Path | None = None, extra: Sequence[Path] = ()) -> tuple[Path, ...]:
    """The Turtle files that make up the ontology, in the order in which they are read; errors as in load."""
    home = folder or next((f for f in (DEFAULT_FOLDER, PACKAGED_FOLDER) if f.is_dir()), DEFAULT_FOLDER)
    if not home.is_dir():
        raise OntologyError(f"{home}: there is no ontology folder here.")
    files = sorted(path for path in home.glob("*.ttl") if not path.name.startswith("shapes"))
    if not files:
        raise OntologyError(f"{home}: the ontology folder holds no Turtle file (*.ttl).")
    return (*files, *extra)


@functools.lru_cache(maxsize=4)
def _load(stamps: tuple[tuple[Path, int, int], ...]) -> Ontology:
    # The key holds time and size of each file, so an edited file is read anew.
    return _assemble(_Description.read([path for path, _, _ in stamps]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What is sound of an ontology, an error for each entry that is not, and where each entry is described first."""

    ontology: Ontology
    errors: tuple[OntologyError, ...]
    file: Mapping[str, Path]
    """Local name of an entry or relation -> its file."""


def examine(folder: Path | None = None, extra: Sequence[Path] = ()) -> Examined:
    """The same as load, but a faulty entry is left out and told.

    Raises OntologyError for what leaves nothing to read: broken Turtle, a relation with an unknown class.
    """
    known = _Description.read(files_of(folder, extra))
    errors: list[OntologyError] = []
    ontology = _assemble(known, errors)
    return Examined(
        ontology=ontology, errors=tuple(errors),
        file=MappingProxyType({local_name(subject): path for subject, path in known.file.items()}),
    )  # fmt: skip


# ---------------------------------------------------------------- reading Turtle


@dataclass(frozen=True, slots=True)
class _Description:
    """Subject -> predicate -> objects, all as strings (blank nodes as "_:id"), and the file that describes it first."""

    of: Mapping[str, Mapping[str, tuple[str, ...]]]
    file: Mapping[str, Path]

    @staticmethod
    def read(paths: Iterable[Path]) -> _Description:
        found: dict[str, dict[str, dict[str, None]]] = {}
        file: dict[str, Path] = {}
        for number, path in enumerate(paths):
            try:
                triples = list(ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE))
            except (SyntaxError, ValueError, OSError) as error:
                raise OntologyError(f"{path}: is not valid Turtle ({error}).") from error
            for triple in triples:
                subject = _key(triple.subject, number)
                file.setdefault(subject, path)
                values = found.setdefault(subject, {}).setdefault(triple.predicate.value, {})
                values[_key(triple.object, number)] = None
        return _Description({s: {p: tuple(o) for p, o in known.items()} for s, known in found.items()}, file)

    def values(self, subject: str, term: str) -> tuple[str, ...]:
        """Values of a property, in the order of the files; `term` is a full IRI or a local name of ours."""
        return self.of.get(subject, {}).get(term if ":" in term else ONTOLOGY + term, ())

    def error(self, subject: str, why: str) -> OntologyError:
        return OntologyError(f"{self.file.get(subject, 'ontology')}: <{subject}> {why}")


def _key(term: object, number: int) -> str:
    if isinstance(term, ox.BlankNode):
        return f"_:{number}-{term.value}"
    return cast(str, getattr(term, "value", str(term)))


def local_name(iri: str) -> str:
    """The part of an IRI behind the last "#" or "/"."""
    return re.split(r"[#/]", iri)[-1]


# ---------------------------------------------------------------- classes and relations


def _assemble(known: _Description, errors: list[OntologyError] | None = None) -> Ontology:
    """The ontology.  Takes the errors of entries where there is a list for them, else raises the first."""
    supers = _superclasses(known)
    relations = _relations(known, supers)
    subclasses = {c: frozenset(sorted(s for s in supers if c in supers[s])) for c in supers}
    entries = tuple(_entries(known, relations, subclasses, errors))
    by_kind = {kind: _index(entries, kind) for kind in SLOTS}
    return Ontology(
        relations=MappingProxyType(relations),
        classes=MappingProxyType(supers),
        cues=MappingProxyType(_cues(known)),
        verbs=by_kind["verb"],
        nouns=by_kind["noun"],
        roles=by_kind["role"],
        adjectives=by_kind["adjective"],
        structures=tuple(e for e in entries if e.kind == "structure"),
        entries=entries,
    )


def _superclasses(known: _Description) -> dict[str, frozenset[str]]:
    """Each class's local name -> itself and its superclasses among the classes described here."""
    own = {s for s in known.of if f"{OWL}Class" in known.values(s, f"{RDF}type") and not s.startswith("_:")}

    def above(iri: str, seen: frozenset[str]) -> frozenset[str]:
        parents = [p for p in known.values(iri, f"{RDFS}subClassOf") if p in own and p not in seen]
        return frozenset({local_name(iri)}).union(*(above(p, seen | {iri}) for p in parents))

    return {local_name(iri): above(iri, frozenset()) for iri in sorted(own)}


def _relations(known: _Description, supers: Mapping[str, frozenset[str]]) -> dict[str, Relation]:
    """The relations: what an entry says or what is a sub-property of kg:relatedTo or kg:dated."""
    said = {r for s in known.of for r in known.values(s, "says")}
    found: dict[str, Relation] = {}
    for iri in known.of:
        types = known.values(iri, f"{RDF}type")
        literal = f"{OWL}DatatypeProperty" in types
        if not literal and f"{OWL}ObjectProperty" not in types:
            continue
        roots = {f"{ONTOLOGY}relatedTo", f"{ONTOLOGY}dated"}
        if iri not in said and roots.isdisjoint(known.values(iri, f"{RDFS}subPropertyOf")):
            continue
        event = next((local_name(c) for c in known.values(iri, "eventClass")), None)
        if event is not None and event not in supers:
            raise known.error(iri, f"has the event class '{event}', which no file describes.")
        name = local_name(iri)
        found[name] = Relation(
            name=name,
            iri=iri,
            label=next(iter(known.values(iri, f"{RDFS}label")), name),
            domain=_allowed(known, iri, "domain", supers),
            range=frozenset() if literal else _allowed(known, iri, "range", supers),
            symmetric=f"{OWL}SymmetricProperty" in types,
            event=event,
            literal=literal,
            reaches_owner="true" in known.values(iri, "reachesOwner"),
            reaches_container="true" in known.values(iri, "reachesContainer"),
            implies=tuple(local_name(other) for other in known.values(iri, "implies")),
            contradicts=tuple(local_name(other) for other in known.values(iri, "contradicts")),
        )
    for relation in found.values():
        if unknown := [name for name in relation.implies if name not in found]:
            raise known.error(relation.iri, f"implies '{unknown[0]}', which no file describes as a relation.")
    return found


def _allowed(known: _Description, iri: str, side: str, supers: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The classes that one side of a relation may have, subclasses written out; empty for anything."""
    named = [*known.values(iri, f"{side}Includes"), *known.values(iri, RDFS + side)]
    named = [c for n in named for c in ([n] if not n.startswith("_:") else _members(known, n))]
    for c in named:
        if local_name(c) not in supers:
            raise known.error(iri, f"has the {side} <{c}>, which no file describes as a class.")
    wanted = {local_name(c) for c in named}
    return frozenset(s for s in supers if not wanted.isdisjoint(supers[s]))


def _members(known: _Description, blank: str) -> list[str]:
    """The classes of an owl:unionOf list."""
    found: list[str] = []
    at = next(iter(known.values(blank, f"{OWL}unionOf")), f"{RDF}nil")
    while at != f"{RDF}nil":
        found += known.values(at, f"{RDF}first")
        at = next(iter(known.values(at, f"{RDF}rest")), f"{RDF}nil")
    return found


def _cues(known: _Description) -> dict[str, frozenset[str]]:
    """Cue kind -> words."""
    found: dict[str, set[str]] = {}
    for subject in known.of:
        if f"{ONTOLOGY}CueEntry" not in known.values(subject, f"{RDF}type"):
            continue
        kinds, words = known.values(subject, "cue"), known.values(subject, "word")
        if not kinds or not words:
            raise known.error(subject, "is a cue entry without a kg:cue or without a kg:word.")
        for kind in kinds:
            found.setdefault(kind, set()).update(words)
    return {kind: frozenset(words) for kind, words in found.items()}


# ---------------------------------------------------------------- lexical entries


def _entries(
    known: _Description,
    relations: Mapping[str, Relation],
    subclasses: Mapping[str, frozenset[str]],
    errors: list[OntologyError] | None,
) -> Iterator[LexicalEntry]:
    by_iri = {r.iri: r.name for r in relations.values()}
    for subject in known.of:
        kinds = [KINDS[t] for t in known.values(subject, f"{RDF}type") if t in KINDS]
        if not kinds:
            continue
        try:
            if len(kinds) > 1:
                why = f"is of several kinds ({', '.join(kinds)}); give each kind an entry of its own."
                raise known.error(subject, why)
            entry = _entry(known, subject, kinds[0], by_iri, subclasses)
        except OntologyError as error:
            if errors is None:
                raise
            errors.append(error)
            continue
        yield entry


def _entry(
    known: _Description, subject: str, kind: Kind, by_iri: Mapping[str, str], subclasses: Mapping[str, frozenset[str]]
) -> LexicalEntry:
    said = known.values(subject, "says")
    if len(said) != 1:
        raise known.error(subject, f"says {len(said)} relations (kg:says); an entry says exactly one.")
    if said[0] not in by_iri:
        raise known.error(subject, f"says the unknown relation <{said[0]}>; declare it as an owl:ObjectProperty.")
    words = known.values(subject, "word")
    if not words and kind != "structure":
        raise known.error(subject, "has no kg:word.")
    frames = tuple(_frame(known, subject, kind, text) for text in known.values(subject, "frame"))
    if not frames and kind != "role":
        raise known.error(subject, "has no kg:frame.")
    modality = _choice(known, subject, "modality", get_args(Modality))
    stance = _choice(known, subject, "stance", get_args(Stance))
    return LexicalEntry(
        name=local_name(subject),
        kind=kind,
        words=tuple(dict.fromkeys(lemmas(word, kind) for word in words)),
        relation=by_iri[said[0]],
        frames=frames,
        subject_types=_types(known, subject, "subjectType", subclasses),
        object_types=_types(known, subject, "objectType", subclasses),
        position="true" in known.values(subject, "position"),
        modality=cast("Modality | None", modality),
        stance=cast("Stance | None", stance),
        confidence=_confidence(known, subject),
        needs=_needs(known, subject, kind),
    )


def lemmas(word: str, kind: str) -> tuple[str, ...]:
    """The lemmas of an entry's word with the head first.

    Verbs are written that way.  The head of a noun is its last word, or the one before an inner preposition; a hyphen
    parts its words: "prime minister" -> ("minister", "prime"), "editor-in-chief" -> ("editor", "in", "chief").
    """
    if kind in ("verb", "structure"):
        return tuple(word.split())
    parts = word.replace("-", " ").split()
    inner = INNER_PREPOSITION.search(" ".join(parts))
    stop = len(" ".join(parts)[: inner.start()].split()) if inner else len(parts)
    return (parts[stop - 1], *parts[: stop - 1], *parts[stop:])


def _frame(known: _Description, subject: str, kind: Kind, text: str) -> Frame:
    slots = text.split()
    if kind == "structure":
        # A structure is one name that the code knows; both sides of its frame carry it.
        if len(slots) != 1:
            raise known.error(subject, f"has the frame '{text}'; a structure's frame is one name.")
        return Frame(subject=slots[0], object=slots[0])
    if len(slots) != 2:
        raise known.error(subject, f"has the frame '{text}'; a frame is two slots: the subject's and the object's.")
    for slot in slots:
        if slot not in SLOTS[kind]:
            raise known.error(subject, f"has the frame '{text}' with the unknown slot '{slot}' for a {kind} entry.")
    return Frame(subject=slots[0], object=slots[1])


def _types(known: _Description, subject: str, term: str, subclasses: Mapping[str, frozenset[str]]) -> frozenset[str]:
    found: set[str] = set()
    for iri in known.values(subject, term):
        if local_name(iri) not in subclasses:
            raise known.error(subject, f"has the kg:{term} <{iri}>, which no file describes as a class.")
        found |= subclasses[local_name(iri)]
    return frozenset(found)


def _choice(known: _Description, subject: str, term: str, choices: tuple[str, ...]) -> str | None:
    value = next((local_name(v) for v in known.values(subject, term)), None)
    if value is not None and value not in choices:
        raise known.error(subject, f"has the kg:{term} '{value}'; it must be one of {', '.join(choices)}.")
    return value


def _needs(known: _Description, subject: str, kind: Kind) -> frozenset[str]:
    slots = frozenset(known.values(subject, "needs"))
    if unknown := sorted(slots - SLOTS.get(kind, frozenset())):
        raise known.error(subject, f"needs the unknown slot '{unknown[0]}'.")
    return slots


def _confidence(known: _Description, subject: str) -> float:
    text = next(iter(known.values(subject, "confidence")), None)
    if text is None:
        return DEFAULT_CONFIDENCE
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 < value <= 1.0:
        raise known.error(subject, f"has the kg:confidence '{text}'; it must be a number above 0 and at most 1.")
    return value


def _index(entries: Iterable[LexicalEntry], kind: Kind) -> Mapping[str, tuple[LexicalEntry, ...]]:
    """Head lemma -> entries of that kind, each cut down to its words with this head, longest words first."""
    found: dict[str, list[LexicalEntry]] = {}
    for entry in entries:
        if entry.kind != kind:
            continue
        heads: dict[str, list[tuple[str, ...]]] = {}
        for word in entry.words:
            heads.setdefault(word[0], []).append(word)
        for head, words in heads.items():
            words.sort(key=len, reverse=True)
            found.setdefault(head, []).append(replace(entry, words=tuple(words)))
    return MappingProxyType({head: tuple(those) for head, those in found.items()})
