"""What definite nouns and "it" take up: "the company", "the mill", "its director" -> a name further up, or none.

One walk through the text.  Each reference weighs the entities mentioned so far by the cues of kg/anaphora_cues.py; what
is likely enough counts as a mention for the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from kg.anaphora_cues import Known, Reference, cues, load_weights, reference
from kg.descriptions import Description
from kg.nominals import Title, held_by
from kg.referents import Context
from kg.salience import Place, chances, place_of
from kg.syntax import child, children
from kg.things import is_expletive
from kg.types import Mention, Token

THING = frozenset({"it", "its", "itself"})
DETERMINERS = frozenset({"the", "this", "that"})
OWNERS = frozenset({"his", "her", "its", "their"})
OFFICES = frozenset({"president", "premier", "chancellor", "minister", "king", "queen", "pope", "governor"})
MOST = 20
"""Entities weighed at most, those mentioned last: keeps the work linear in the length of the text."""
REACH = 60
"""Sentences back in which an antecedent is looked for."""
LEAST = 0.5
"""What is likelier than this counts as a mention."""
FLOOR = 0.02
READER = 0.5
NO_NAME = ""
HELD = 0.95
"""How sure it is that a bare title means its holder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What was weighed for the reference at token i: entities with their cues (the last row is for none of them), and
    the chance of each entity."""

    token: int
    entities: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    chance: tuple[float, ...]

    @property
    def best(self) -> tuple[str, float]:
        """The likeliest entity with its chance; "" where that is none."""
        n = max(range(len(self.chance)), key=lambda k: (self.chance[k], -k))
        return (self.entities[n] if n < len(self.entities) else NO_NAME), self.chance[n]


def is_reference(context: Context, i: int) -> bool:
    """Whether token i is an "it" or a definite singular noun that no name stands beside."""
    parse = context.parse
    token = parse.tokens[i]
    word = token.text.casefold()
    if word in THING and token.tag in ("PRP", "PRP$"):
        return word != "it" or not is_expletive(parse, i)
    if token.tag not in ("NN", "NNP") and not word.endswith("-year-old") and token.lemma.casefold() != "old":
        return False
    if token.dep in ("compound", "oprd", "nmod", "amod"):
        return False
    if any(parse.tokens[c].lemma == "base" for c in children(parse, i, "amod")):
        return False  # "the Graz-based firm" may be any of those named
    front = child(parse, i, "det", "poss")
    if front is None or front in context.at or parse.tokens[front].text.casefold() not in DETERMINERS | OWNERS:
        return False
    if parse.tokens[front].dep == "poss" and token.lemma.casefold() in context.cue("kin"):
        return False
    return not any(
        parse.tokens[c].dep in ("appos", "compound", "nmod") and c in context.at and context.at[c].kind == "name"
        for c in parse.children[i]
    )


def _is_somebodys(token: Token, titles: Sequence[Title], told: Sequence[Description]) -> bool:
    """Whether a noun for an office of state is said of anybody so far: there is always a president somewhere."""
    noun = token.lemma.casefold()
    return (
        noun not in OFFICES
        or any(t.token < token.i and noun in t.words for t in titles)
        or any(d.token < token.i and d.noun == noun for d in told)
    )


@dataclass(slots=True)
class _Walk:
    context: Context
    quotes: Sequence[tuple[int, int]]
    known: dict[str, Known] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)
    had: dict[str, dict[str, float]] = field(default_factory=dict)
    """For each noun, and for "it", how many each entity has had so far; "" those of nobody."""

    def place(self, i: int) -> Place:
        if i not in self.places:
            self.places[i] = place_of(self.context.parse, i, self.quotes)
        return self.places[i]

    def see(self, entity: str, head: int, form: str) -> None:
        parse = self.context.parse
        sentence = parse.sentence_of[head]
        known = self.known.pop(entity, None)
        if known is None:
            known = Known(entity=self.context.entities[entity], order=len(self.known), opened=sentence)
        known.acts(parse, head)
        known.seen(head, sentence, parse.sentences[sentence].block, form, self.place(head))
        self.known[entity] = known  # the latest stands last

    def candidates(self, r: Reference) -> list[Known]:
        found: list[Known] = []
        for known in reversed(self.known.values()):
            if r.sentence - known.sentence > REACH or len(found) == MOST:
                break
            if r.allows(known):
                found.append(known)
        return found


def take_up(
    context: Context,
    titles: Sequence[Title],
    told: Sequence[Description],
    weights: Mapping[str, float] | None = None,
    quotes: Sequence[tuple[int, int, int | None]] = (),
    read: Mapping[int, Mapping[str, float]] = MappingProxyType({}),
) -> Iterator[Taken]:
    """What each reference takes up, in text order; `read` is whom the trained reader takes a token to mean."""
    parse = context.parse
    used = load_weights() if weights is None else weights
    walk = _Walk(context, [q[:2] for q in quotes])
    names = sorted({m.start: m for m in context.at.values()}.values(), key=lambda m: m.start)
    about = _Told(titles, told)
    n = 0
    for token in parse.tokens:
        while n < len(names) and names[n].start <= token.i:
            _see(walk, names[n])
            n += 1
        if token.i in context.at:
            continue
        holder = held_by(context, token.i, titles)
        if holder:
            walk.see(holder, token.i, "noun")
            yield Taken(token=token.i, entities=(holder,), rows=(), chance=(HELD, 1 - HELD))
            continue
        if not is_reference(context, token.i) or not _is_somebodys(token, titles, told):
            continue
        r = reference(context, token.i, walk.place(token.i))
        found = walk.candidates(r)
        rows = cues(context, r, found, walk.had.get(r.noun, {}), about.titles, about.told)
        chance = chances(rows, used)
        meant = read.get(token.i)
        if meant is not None:
            chance = _weighed([k.entity.id for k in found], chance, meant)
        taken = Taken(
            token=token.i,
            entities=tuple(k.entity.id for k in found),
            rows=tuple(map(tuple, rows)),
            chance=tuple(chance),
        )
        yield taken
        best, likely = taken.best
        had = walk.had.setdefault(r.noun, {})
        had[best] = had.get(best, 0.0) + likely
        if best != NO_NAME and likely >= LEAST:
            walk.see(best, token.i, "it" if r.thing else "noun")


@dataclass(frozen=True, slots=True)
class _Told:
    titles: Sequence[Title]
    told: Sequence[Description]


def _see(walk: _Walk, mention: Mention) -> None:
    if mention.kind in ("name", "demonym") and len(mention.entities) == 1:
        walk.see(mention.entities[0], mention.head, mention.kind)


def _weighed(entities: Sequence[str], chance: Sequence[float], meant: Mapping[str, float]) -> list[float]:
    """The chances together with what the trained reader holds; of whom it does not see it knows that nobody near is
    meant."""
    unseen = meant.get(NO_NAME, 0.0)
    weighed = [
        p * max(FLOOR, meant.get(e, unseen)) ** READER for e, p in zip([*entities, NO_NAME], chance, strict=True)
    ]
    total = sum(weighed)
    return [p / total for p in weighed]
