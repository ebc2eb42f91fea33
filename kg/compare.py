"""What one graph says and another does not: entities and facts added and gone, newly denied and newly confirmed."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

from rdflib import Graph

from kg.matters import Matters, matters_of
from kg.types import Relation
from kg.view_facts import facts_of, local_name
from kg.view_records import Facts

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An entity: local name of its IRI, label and class."""

    id: str
    label: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A fact in words, with its status before and after (empty where it is not told), the number of independent
    origins before and after, and the sentences that are new."""

    subject: str
    relation: str
    object: str
    before: str
    after: str
    origins_before: int
    origins_after: int
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What changed.  A fact is what stands as a plain triple; `denied` were denied by nobody before; `confirmed` were
    only announced before, or rest on more independent origins than before."""

    entities_added: tuple[Named, ...]
    entities_gone: tuple[Named, ...]
    facts_added: tuple[Told, ...]
    facts_gone: tuple[Told, ...]
    denied: tuple[Told, ...]
    confirmed: tuple[Told, ...]

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return any(getattr(self, name) for name, _ in PARTS)

    def _repr_markdown_(self) -> str:
        return markdown_of(self)


PARTS = (
    ("entities_added", "Entities added"),
    ("entities_gone", "Entities gone"),
    ("facts_added", "Facts added"),
    ("facts_gone", "Facts gone"),
    ("denied", "Newly denied"),
    ("confirmed", "Newly confirmed"),
)
"""The parts of a difference with their titles, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class _State:
    """What a graph says of one fact."""

    words: Key
    actual: bool
    planned: bool
    denied: bool
    status: str
    origins: int
    sentences: tuple[str, ...]


def compare(old: Graph, new: Graph, *, relations: Iterable[Relation] = ()) -> Difference:
    """What changed from the old graph to the new one.

    Entities and relations are the same where the local names of their IRIs are, so the base may differ.
    """
    known = tuple(relations)
    before, after = (_read(graph, known) for graph in (old, new))
    keys = sorted(before.states.keys() | after.states.keys())
    pairs = [(before.states.get(key), after.states.get(key)) for key in keys]
    return Difference(
        entities_added=tuple(after.entities[key] for key in sorted(after.entities.keys() - before.entities.keys())),
        entities_gone=tuple(before.entities[key] for key in sorted(before.entities.keys() - after.entities.keys())),
        facts_added=_told((a, b) for a, b in pairs if b and b.actual and not (a and a.actual)),
        facts_gone=_told((a, b) for a, b in pairs if a and a.actual and not (b and b.actual)),
        denied=_told((a, b) for a, b in pairs if b and b.denied and not (a and a.denied)),
        confirmed=_told((a, b) for a, b in pairs if a and b and _is_confirmed(a, b)),
    )


def _is_confirmed(before: _State, after: _State) -> bool:
    if not after.actual or after.denied:
        return False
    return (before.planned and not before.actual) or (before.actual and after.origins > before.origins)


def _told(pairs: Iterable[tuple[_State | None, _State | None]]) -> tuple[Told, ...]:
    found = []
    for before, after in pairs:
        subject, relation, target = (after or before).words  # type: ignore[union-attr]  # one of them is there
        old = frozenset(before.sentences if before else ())
        found.append(
            Told(
                subject=subject, relation=relation, object=target,
                before=before.status if before else "", after=after.status if after else "",
                origins_before=before.origins if before else 0, origins_after=after.origins if after else 0,
                sentences=tuple(words for words in (after.sentences if after else ()) if words not in old),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda told: (told.subject, told.relation, told.object)))


# ---------------------------------------------------------------- reading a graph


@dataclass(frozen=True, slots=True)
class _Read:
    entities: dict[str, Named]
    states: dict[Key, _State]


def _read(graph: Graph, relations: Sequence[Relation]) -> _Read:
    facts = facts_of(graph, relations=relations)
    entities = {
        local_name(e.iri): Named(id=local_name(e.iri), label=e.label, type=e.type) for e in facts.entities
    }  # fmt: skip
    return _Read(entities, dict(_states(facts, matters_of(graph, relations=relations))))


def _states(facts: Facts, matters: Matters) -> Iterator[tuple[Key, _State]]:
    quotes = {piece.iri: " ".join(piece.quote.split()) for piece in facts.evidence}
    groups = defaultdict(list)
    for fact in facts.facts:
        groups[fact.subject, fact.predicate, fact.object].append(fact)
    told = defaultdict(list)
    words = {}
    for matter in matters.matters:
        for one in matter.statements:
            told[one.key].append(matter)
            words[one.key] = (one.subject, one.relation, one.object)
    for key, group in groups.items():
        if key not in words:  # a plain triple that no claim backs
            continue
        asserted = [fact for fact in group if fact.stance == "asserts"]
        yield (
            (local_name(key[0]), local_name(key[1]), key[2] if group[0].literal else local_name(key[2])),
            _State(
                words=words[key],
                actual=any(fact.modality == "actual" for fact in asserted),
                planned=any(fact.modality == "planned" for fact in asserted),
                denied=len(asserted) < len(group),
                status=max((m.status for m in told[key]), key=_WEIGHT.index),
                origins=max(m.origins for m in told[key]),
                sentences=tuple(sorted({quotes[iri] for fact in group for iri in fact.evidence})),
            ),
        )


_WEIGHT = ("possible", "planned", "denied", "single-source", "corroborated", "planned-then-happened", "disputed")
"""Of two events of one fact the status of the more telling one is shown."""


# ---------------------------------------------------------------- for people and programs


def lines_of(difference: Difference) -> list[str]:
    """The difference as plain lines: a title for each part that has any, then one line each, new ones with "+"."""
    return list(_lines(difference, title="{}", line="{sign} {words}", quote='    "{}"', plain=True))


def markdown_of(difference: Difference) -> str:
    """The difference as a Markdown page."""
    lines = list(_lines(difference, title="## {}\n", line="- {words}", quote="  - “{}”", plain=False))
    return "\n".join(("# What changed", "", *(lines or ["Nothing changed."]), ""))


def json_of(difference: Difference) -> str:
    """The difference as a JSON object with a list for each part."""
    return json.dumps(asdict(difference), ensure_ascii=False, indent=1)


def _lines(difference: Difference, *, title: str, line: str, quote: str, plain: bool) -> Iterator[str]:
    for name, words in PARTS:
        part = getattr(difference, name)
        if not part:
            continue
        yield title.format(f"{words}: {len(part):,}")
        for one in part:
            sign = {"entities_gone": "-", "facts_gone": "-", "denied": "!", "confirmed": "="}.get(name, "+")
            text = f"{one.label} ({one.type})" if isinstance(one, Named) else _clause(one, name)
            yield line.format(sign=sign, words=text if plain else _md(text))
            if isinstance(one, Told) and name in ("denied", "confirmed"):
                yield from (quote.format(words if plain else _md(words)) for words in one.sentences)
        yield ""


def _clause(told: Told, part: str) -> str:
    words = f"{told.subject} {told.relation} {told.object}"
    if part == "confirmed":
        return f"{words} ({told.before} -> {told.after}, origins {told.origins_before} -> {told.origins_after})"
    return f"{words} ({told.after or told.before})"


def _md(text: str) -> str:
    return "".join("\\" + letter if letter in "\\`*_<>[]#|" else letter for letter in text)
