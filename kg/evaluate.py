"""Scores of a built graph against gold made by hand: entities, facts, stance, sources, positions, quotations, dates.

The gold is one JSON file an article in the format of `docs/reports.md`; the graph must have been built from that
article alone.  Terms are recognised by their local names, names by the words that they are made of.
"""

from __future__ import annotations

import calendar
import dataclasses
import datetime as dt
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rdflib import Graph

from kg.errors import InputError
from kg.export import read_graph
from kg.types import Relation
from kg.view_facts import facts_of, local_name
from kg.view_records import Fact, Facts, Happening

EITHER_WAY = frozenset({"elected"})
"""Relations that annotators write both ways; the symmetric ones are told by the ontology."""
SAME_CLASS = {"Country": "Place"}
WIDE = 31
"""Days of a span that may stand for any day in it."""
DAYS_OFF = 1
"""A day either side: a paper's Tuesday may be an agency's Monday."""

Gold = Mapping[str, Any]
Span = tuple[dt.date, dt.date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A share: how many of how many, and which were missed, in words."""

    name: str
    hit: int
    of: int
    missed: tuple[str, ...] = ()

    @property
    def share(self) -> float | None:
        """Between 0 and 1; None where there was nothing to find."""
        return self.hit / self.of if self.of else None


FIGURES = (
    "entities found", "entities right", "classes right", "facts found", "core facts found", "facts right",
    "stance right", "facts that stand", "denied facts that do not stand", "sources right", "dates right",
    "positions found", "positions right", "tense right", "quotations found", "traps avoided",
)  # fmt: skip
"""The figures in the order in which they are shown; "found" is recall, "right" a precision."""


@dataclass(slots=True)
class _Tally:
    hits: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    of: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    missed: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def count(self, name: str, right: bool, words: str = "") -> None:
        self.of[name] += 1
        self.hits[name] += right
        if not right and words:
            self.missed[name].append(words)

    def figures(self) -> tuple[Figure, ...]:
        return tuple(
            Figure(name=name, hit=self.hits[name], of=self.of[name], missed=tuple(self.missed[name]))
            for name in FIGURES
        )


def evaluate(graph: Graph, gold: Gold, *, relations: Iterable[Relation]) -> tuple[Figure, ...]:
    """The figures of one graph against the gold of its article, in the order of `FIGURES`.

    A gold fact is found when a claim has its subject, its object and its relation or one of those under "also"; what
    is right, stands or is sourced is counted over the facts that were found.
    """
    known = tuple(relations)
    system = _System.of(graph, known)
    names = {e["id"]: {plain(a) for a in (*e["aliases"], e["name"])} - {""} for e in gold["entities"]}
    tally = _Tally()
    pairs = _entities(tally, system, gold, names)
    _facts(tally, system, gold, pairs)
    _positions(tally, system, gold, pairs)
    _quotations(tally, system, gold, pairs)
    return tally.figures()


def pooled(scores: Iterable[Sequence[Figure]]) -> tuple[Figure, ...]:
    """The figures of several articles as those of one."""
    tally = _Tally()
    for figures in scores:
        for figure in figures:
            tally.hits[figure.name] += figure.hit
            tally.of[figure.name] += figure.of
            tally.missed[figure.name] += figure.missed
    return tally.figures()


def plain(text: str) -> str:
    """A name or phrase as it is compared: no case, no article in front, no possessive, words and digits alone."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    text = re.sub(r"'s?\b", "", re.sub(r"^(the|a|an)\s+", "", text.strip()))
    return re.sub(r"[^\w]+", " ", text).strip()


# ---------------------------------------------------------------- the graph


@dataclass(frozen=True, slots=True)
class _System:
    """A graph as it is scored: names of its entities, its claims and its plain triples by local name."""

    facts: Facts
    labels: dict[str, frozenset[str]]
    types: dict[str, str]
    claims: tuple[Fact, ...]
    happenings: dict[str, Happening]
    relations: dict[str, Relation]
    lasting: dict[str, tuple[str, str]]

    @classmethod
    def of(cls, graph: Graph, relations: Sequence[Relation]) -> _System:
        facts = facts_of(graph, relations=relations)
        known = {relation.name: relation for relation in relations}
        return cls(
            facts=facts,
            labels={e.iri: frozenset({plain(e.label), *map(plain, e.aliases)} - {""}) for e in facts.entities},
            types={e.iri: e.type for e in facts.entities},
            claims=tuple(f for f in facts.facts if f.backed and local_name(f.predicate) in known and not f.literal),
            happenings={happening.iri: happening for happening in facts.happenings},
            relations=known,
            lasting=_lasting(graph),
        )

    def both_ways(self, predicate: str) -> bool:
        name = local_name(predicate)
        return self.relations[name].symmetric or name in EITHER_WAY


def _lasting(graph: Graph) -> dict[str, tuple[str, str]]:
    """First and last day of whatever has any."""
    days: dict[str, dict[str, str]] = defaultdict(dict)
    for subject, predicate, day in graph:
        if local_name(str(predicate)) in ("startDate", "endDate"):
            days[str(subject)][local_name(str(predicate))] = str(day)
    return {iri: (own.get("startDate", ""), own.get("endDate", "")) for iri, own in days.items()}


def _mode(fact: Fact) -> str:
    return "denied" if fact.stance == "denies" else fact.modality


# ---------------------------------------------------------------- figures


Pairs = frozenset[tuple[str, str]]
"""(gold id, IRI) wherever they share a name."""


def _entities(tally: _Tally, system: _System, gold: Gold, names: Mapping[str, set[str]]) -> Pairs:
    shared = {
        (g, iri): len(own & labels) for g, own in names.items() for iri, labels in system.labels.items() if own & labels
    }
    kinds = {e["id"]: e["type"] for e in gold["entities"]}
    label = {e["id"]: e["name"] for e in gold["entities"]}
    best: dict[str, str] = {}
    for (g, iri), _ in sorted(shared.items(), key=lambda pair: (-pair[1], pair[0])):
        if g not in best and iri not in best.values():
            best[g] = iri
    for g in names:
        tally.count("entities found", g in best, label[g])
        if g in best:
            kind = system.types[best[g]]
            tally.count("classes right", SAME_CLASS.get(kind, kind) == kinds[g], f"{label[g]}: {kind}")
    for entity in system.facts.entities:
        tally.count("entities right", entity.iri in best.values(), entity.label)
    return frozenset(shared)


def _facts(tally: _Tally, system: _System, gold: Gold, pairs: Pairs) -> None:
    right: set[tuple[str, str, str]] = set()
    label = {e["id"]: e["name"] for e in gold["entities"]}
    for fact in gold["facts"]:
        predicates = {p for p in (fact["p"], *fact.get("also", ())) if p in system.relations}
        found = [claim for claim in system.claims if _matches(system, fact, claim, predicates, pairs)]
        right |= {(claim.subject, claim.predicate, claim.object) for claim in found}
        if fact["p"] not in system.relations:  # nothing in the ontology says it
            continue
        words = f"{label[fact['s']]} {fact['p']} {label.get(fact['o'], fact['o'])}"
        tally.count("facts found", bool(found), words)
        if fact.get("salience") == "core":
            tally.count("core facts found", bool(found), words)
        if found:
            _qualifiers(tally, system, gold, fact, found, words, pairs)
    claimed = {(claim.subject, claim.predicate, claim.object) for claim in system.claims}
    shown = {e.iri: e.label for e in system.facts.entities}
    for s, p, o in sorted(claimed):
        tally.count("facts right", (s, p, o) in right, f"{shown.get(s, s)} {local_name(p)} {shown.get(o, o)}")
    actual = [claim for claim in system.claims if _mode(claim) == "actual"]
    for trap in gold.get("traps", ()):
        if trap["p"] in system.relations:
            fell = any(_matches(system, trap, claim, {trap["p"]}, pairs) for claim in actual)
            tally.count("traps avoided", not fell, f"{label.get(trap['s'])} {trap['p']} {label.get(trap['o'])}")


def _qualifiers(
    tally: _Tally,
    system: _System,
    gold: Gold,
    fact: Gold,
    found: Sequence[Fact],
    words: str,
    pairs: Pairs,
) -> None:
    modes = sorted({_mode(claim) for claim in found})
    mode = fact["modality"]
    tally.count("stance right", mode in modes, f"{words}: {', '.join(modes)}, not {mode}")
    stands = "actual" in modes
    if mode == "actual":
        tally.count("facts that stand", stands, words)
    elif not any(
        g["modality"] == "actual" and (g["s"], g["p"], g["o"]) == (fact["s"], fact["p"], fact["o"])
        for g in gold["facts"]
    ):
        tally.count("denied facts that do not stand", not stands, words)
    if source := fact.get("attributed_to"):
        told = {speaker for claim in found for speaker in claim.speakers}
        tally.count("sources right", any((source, iri) in pairs for iri in told), words)
    if wanted := span_of(fact.get("time")):
        told_days = [day for claim in found for day in _days(system, claim)]
        lasts = all(not claim.event for claim in found)  # what lasts may be dated by its beginning
        right = any(agree(wanted, day) or (lasts and wanted[0] <= day[0] <= wanted[1]) for day in told_days)
        shown = ", ".join(f"{a} to {b}" for a, b in told_days) or "undated"
        tally.count("dates right", right, f"{words}: {fact['time']}, not {shown}")


def _matches(system: _System, fact: Gold, claim: Fact, predicates: Collection[str], pairs: Pairs) -> bool:
    if local_name(claim.predicate) not in predicates:
        return False

    def is_(side: str, iri: str) -> bool:
        return any((g, iri) in pairs for g in (fact[side], *fact.get(f"{side}_also", ())))

    if is_("s", claim.subject) and is_("o", claim.object):
        return True
    return system.both_ways(claim.predicate) and is_("s", claim.object) and is_("o", claim.subject)


def _positions(tally: _Tally, system: _System, gold: Gold, pairs: Pairs) -> None:
    used: set[int] = set()
    label = {e["id"]: e["name"] for e in gold["entities"]}
    for position in gold["positions"]:
        wanted = set(plain(position["title"]).split())
        at = None
        for number, tenure in enumerate(system.facts.tenures):
            title = set(plain(tenure.title).split())
            least = min(len(wanted), len(title))
            alike = wanted & title and 2 * len(wanted & title) >= least + (least > 1)
            body = not position.get("org") or not tenure.organization or (position["org"], tenure.organization) in pairs
            if (position["person"], tenure.holder) in pairs and alike and body:
                at = number
                break
        words = f"{label[position['person']]}, {position['title']}"
        tally.count("positions found", at is not None, words)
        if at is not None:
            used.add(at)
            tense = system.facts.tenures[at].tense or "current"
            tally.count("tense right", tense == position["tense"], f"{words}: {tense}")
    shown = {e.iri: e.label for e in system.facts.entities}
    for number, tenure in enumerate(system.facts.tenures):
        tally.count("positions right", number in used, f"{shown.get(tenure.holder, '')}, {tenure.title}")


def _quotations(tally: _Tally, system: _System, gold: Gold, pairs: Pairs) -> None:
    for quotation in gold["quotations"]:
        start = " ".join(plain(quotation["text"]).split()[:6])
        speakers = (quotation["speaker"], *quotation.get("speaker_also", ()))
        found = any(
            start in plain(saying.text) and any((g, saying.speaker) in pairs for g in speakers)
            for saying in system.facts.sayings
        )
        tally.count("quotations found", found, quotation["text"])


# ---------------------------------------------------------------- dates


def _days(system: _System, claim: Fact) -> list[Span]:
    """When it happened, as far as the graph tells: by the claim's event; what lasts, by the claim itself or the
    tenures of the two."""
    if claim.event:
        told = system.happenings[claim.event]
        spans = [(told.start, told.end)]
    else:
        held = [t for t in system.facts.tenures if (t.holder, t.organization) == (claim.subject, claim.object)]
        spans = [system.lasting.get(claim.iri, ("", "")), *((tenure.start, tenure.end) for tenure in held)]
    found = [(span_of(start), span_of(end)) for start, end in spans]
    return [
        (first[0] if first else dt.date.min, last[1] if last else dt.date.max) for first, last in found if first or last
    ]


def span_of(time: str | None) -> Span | None:
    """First and last day of a gold time: "2023", "2023-04", "2023-04-12", "2021/2023", "1960s"; None where it names
    no days ("before the war")."""
    if not time:
        return None
    first, mark, last = time.partition("/")
    if mark:
        a, b = span_of(first), span_of(last)
        return (a[0], b[1]) if a and b else None
    found = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(s)?", time.strip())
    if found is None:
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups()[:3])
    if found[4]:
        return dt.date(year, 1, 1), dt.date(year + 9, 12, 31)
    if not month:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    try:
        if day:
            return (dt.date(year, month, day),) * 2
        return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])
    except ValueError:
        return None


def agree(wanted: Span, told: Span) -> bool:
    """Whether the days told are those wanted: one span lies in the other, and the wider one is not much wider.

    "12 April" is right for April and April for 12 April, but 2023 is right for neither.  A day off is right.  A span
    that is open at one end ("since 2013") is measured by its other one.
    """
    slack = dt.timedelta(days=DAYS_OFF)
    if told[0] == dt.date.min:
        return wanted[0] - slack <= told[1] <= wanted[1] + slack
    if told[1] == dt.date.max:
        return wanted[0] - slack <= told[0] <= wanted[1] + slack
    inside = wanted[0] - slack <= told[0] and told[1] <= wanted[1] + slack
    around = told[0] - slack <= wanted[0] and wanted[1] <= told[1] + slack
    short, long = sorted((span[1] - span[0]).days for span in (wanted, told))
    return inside or (around and long <= max(WIDE, 3 * short))


# ---------------------------------------------------------------- files


def read_gold(path: Path) -> Gold:
    """The gold of one article.  Raises InputError for a file that is no such JSON."""
    try:
        gold = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise InputError(f"{path}: cannot be read as gold ({error}).") from error
    parts = ("entities", "facts", "positions", "quotations")
    if not isinstance(gold, dict) or not all(isinstance(gold.get(part), list) for part in parts):
        raise InputError(f"{path}: is no gold; it needs lists called {', '.join(parts)}.")
    return gold


def paired(graph: Path, gold: Path) -> tuple[tuple[Path, Path], ...]:
    """(graph, gold) files: of two files that pair, of two folders each NAME.json with NAME.ttl or NAME/graph.ttl.

    Raises InputError where a gold file has no graph, or a file is set against a folder.
    """
    if graph.is_dir() != gold.is_dir():
        raise InputError(f"{graph} and {gold}: name two files or two folders.")
    if not gold.is_dir():
        return ((graph, gold),)
    found = []
    for file in sorted(gold.glob("*.json")):
        choices = (graph / f"{file.stem}.ttl", graph / file.stem / "graph.ttl")
        at = next((choice for choice in choices if choice.is_file()), None)
        if at is None:
            raise InputError(f"{file}: has no graph; {choices[0]} and {choices[1]} are missing.")
        found.append((at, file))
    if not found:
        raise InputError(f"{gold}: holds no .json file.")
    return tuple(found)


def evaluate_files(
    pairs: Iterable[tuple[Path, Path]], *, relations: Iterable[Relation]
) -> tuple[tuple[str, tuple[Figure, ...]], ...]:
    """(name of the gold, its figures) for each pair of files."""
    known = tuple(relations)
    return tuple((gold.stem, evaluate(read_graph(graph), read_gold(gold), relations=known)) for graph, gold in pairs)


def rows_of(figures: Iterable[Figure]) -> list[tuple[str, ...]]:
    """The figures as rows of words: name, how many are right, of how many, the share."""
    return [
        (figure.name, f"{figure.hit:,}", f"{figure.of:,}", "-" if figure.share is None else f"{figure.share:.3f}")
        for figure in figures
    ]


def json_of(scores: Iterable[tuple[str, Sequence[Figure]]]) -> str:
    """The figures as JSON: an object for each article, and "all" for all of them."""
    told = list(scores)
    return json.dumps(
        {
            name: {f.name: {**dataclasses.asdict(f), "share": f.share and round(f.share, 4)} for f in figures}
            for name, figures in [*told, ("all", pooled(figures for _, figures in told))]
        },
        ensure_ascii=False,
        indent=1,
    )
