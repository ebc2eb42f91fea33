"""A walk through a text that decides, pronoun by pronoun, whom each "he" and "she" takes up.

Every decision is soft: a pronoun hands on how likely it is which person, so that a doubtful link early on makes what
hangs on it doubtful too.  Persons without a name ("a nurse ... she") are rivals of the named ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from kg.gazetteer import Gazetteer, fold
from kg.name_words import load_words
from kg.nominals import noun_gender
from kg.reference_reader import Meant, with_reader
from kg.referents import Context
from kg.roles import Role
from kg.salience import NOBODY, Candidate, Form, Gender, Place, chances, cues, is_below, is_owned, place_of
from kg.types import Mention, Parse

MALE = frozenset({"he", "him", "his", "himself"})
FEMALE = frozenset({"she", "her", "hers", "herself"})
WINDOW = 5
"""Sentences back in which an antecedent is looked for."""
AHEAD = 2
"""Sentences ahead, for a text that opens with a pronoun."""
MOST = 40
"""Candidates at most: keeps the work linear in the length of the text."""
NO_PERSON_AFTER = frozenset(
    {"the", "a", "an", "in", "at", "near", "into", "across", "outside", "inside", "throughout", "around"}
)
ARTICLES = frozenset({"la", "le", "les", "il", "los", "las", "el", "al", "der", "die", "das"})
"""In front of one more word these make the name of a house or a paper."""
SURE = frozenset({"full", "word"})
LITTLE = 0.01
"""A smaller part of a pronoun is not counted as had."""
FIXES_GENDER = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What was weighed for the pronoun at token i: candidates, their cues (the last row is for nobody), and the
    probability of each entity; "?..." are persons without a name, `chain` the one the pronoun opens if it is nobody."""

    token: int
    gender: Gender
    candidates: tuple[Candidate, ...]
    rows: tuple[tuple[str, ...], ...]
    share: Mapping[str, float]
    chain: str

    @property
    def best(self) -> str:
        """The likeliest entity."""
        return max(self.share, key=lambda e: (self.share[e], e))

    @property
    def contradicted(self) -> bool:
        """Whether title, first name or role noun show at each mention that the likeliest entity has another gender."""
        named = [c for c in self.candidates if c.entity == self.best and c.form == "name"]
        return bool(named) and all(c.sure in SURE and c.gender != self.gender for c in named)


@dataclass(slots=True)
class _Seen:
    head: int
    sentence: int
    form: Form
    share: Mapping[str, float]
    entity: str
    gender: Gender | None = None
    first: bool = False
    fresh: bool = False
    surname: bool = False
    """Whether it is a bare surname, which a namesake of the other gender may bear too."""


@dataclass(slots=True)
class _Walk:
    context: Context
    quotes: Sequence[tuple[int, int]]
    genders: dict[str, tuple[Gender, str]]
    doubts: Mapping[str, str]
    totals: Mapping[str, int]
    """How often each entity is named in the whole text."""
    places: dict[int, Place] = field(default_factory=dict)
    seen: list[_Seen] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    entity_at: dict[int, str] = field(default_factory=dict)
    had: dict[Gender, dict[str, float]] = field(default_factory=lambda: {"male": {}, "female": {}})
    """How many pronouns of a gender each entity has had."""

    def place(self, i: int) -> Place:
        if i not in self.places:
            self.places[i] = place_of(self.context.parse, i, self.quotes)
        return self.places[i]

    def speaker(self, i: int) -> frozenset[str]:
        """Who token i, which stands for the speaker of a quotation, is."""
        if i in self.entity_at:
            return frozenset({self.entity_at[i]})
        mention = self.context.at.get(i)
        return frozenset(mention.entities) if mention is not None else frozenset()

    def add(self, seen: _Seen) -> None:
        seen.fresh = seen.entity not in self.counts
        self.seen.append(seen)
        self.counts[seen.entity] = self.counts.get(seen.entity, 0) + 1
        self.entity_at[seen.head] = seen.entity

    def candidate(self, seen: _Seen) -> Candidate:
        gender, sure = self.genders.get(seen.entity, (None, "none"))
        if seen.gender is not None:
            gender, sure = seen.gender, "word"
        elif seen.surname and sure == "full":
            sure = "surname"
        return Candidate(
            head=seen.head, sentence=seen.sentence, form=seen.form, entity=seen.entity, share=seen.share,
            gender=gender, sure=sure, first=seen.first, fresh=seen.fresh, doubt=self.doubts.get(seen.entity, ""),
        )  # fmt: skip


def pronoun_gender(parse: Parse, i: int) -> Gender | None:
    """The gender of the personal pronoun at token i; None for any other token."""
    token = parse.tokens[i]
    word = token.text.casefold()
    if word in MALE:
        return "male" if token.text != "HIS" else None
    return "female" if word in FEMALE else None


def follow(
    context: Context,
    roles: Iterable[Role],
    gazetteer: Gazetteer | None,
    weights: Mapping[str, float],
    quotes: Sequence[tuple[int, int, int | None]] = (),
    nouns: Mapping[int, str] = MappingProxyType({}),
    bodies: Collection[str] = (),
    read: Mapping[int, Meant] = MappingProxyType({}),
) -> Iterator[Choice]:
    """The choice for each "he", "she", "his" ... in text order; quotes are (begin, end, speaker's token), `nouns` the
    tokens of nouns that stand for one named entity, `bodies` what the text shows to be no persons, `read` whom the
    trained reader takes a token to mean."""
    parse = context.parse
    roles = tuple(roles)
    doubts = {e: taken for e, taken in doubtful(context, gazetteer).items() if e not in bodies}
    names = _named(context, doubts)
    totals = Counter(m.entities[0] for m in names)
    walk = _Walk(context, [q[:2] for q in quotes], _genders(context, roles, gazetteer, doubts), doubts, totals)
    held = {r.head for r in roles}
    n = 0
    for token in parse.tokens:
        while n < len(names) and names[n].start <= token.i:
            walk.add(_of_name(context, names[n], first=n == 0))
            n += 1
        if token.i in context.at:
            continue
        if token.i in nouns:
            if context.entities[nouns[token.i]].type == "Person":
                entity = nouns[token.i]
                walk.add(_Seen(token.i, parse.sentence_of[token.i], "noun", {entity: 1.0}, entity))
            continue
        gender = pronoun_gender(parse, token.i)
        if gender is not None:
            choice = _choose(walk, token.i, gender, weights, names[n:], quotes, read.get(token.i))
            walk.add(_Seen(token.i, parse.sentence_of[token.i], "pronoun", choice.share, choice.best, gender))
            had = walk.had[gender]
            had.update({e: had.get(e, 0.0) + part for e, part in choice.share.items() if part >= LITTLE})
            if not choice.best.startswith(NOBODY) and choice.share[choice.best] >= FIXES_GENDER:
                walk.genders.setdefault(choice.best, (gender, "pronoun"))
            yield choice
        elif token.i not in held and _is_somebody(context, token.i):
            entity = f"{NOBODY}{token.i}"
            walk.add(
                _Seen(
                    token.i,
                    parse.sentence_of[token.i],
                    "noun",
                    {entity: 1.0},
                    entity,
                    noun_gender(context, token.lemma),
                )
            )


def _choose(
    walk: _Walk,
    i: int,
    gender: Gender,
    weights: Mapping[str, float],
    ahead: Sequence[Mention],
    quotes: Sequence[tuple[int, int, int | None]],
    meant: Meant | None,
) -> Choice:
    parse = walk.context.parse
    now = parse.sentence_of[i]
    behind: list[_Seen] = []
    for seen in reversed(walk.seen):
        if now - seen.sentence > WINDOW or len(behind) == MOST:
            break
        behind.append(seen)
    behind += _topic(walk, behind)
    candidates = [walk.candidate(s) for s in reversed(behind)]
    agreeing = any(  # "a woman said she ...": whom the next sentence names is somebody else
        c.gender == gender or c.gender is None and not c.entity.startswith(NOBODY) for c in candidates
    )
    limit = now if agreeing else now + AHEAD
    met: set[str] = {c.entity for c in candidates}
    ahead_already: set[str] = set()
    for mention in ahead:
        if parse.sentence_of[mention.head] > limit:
            break
        if is_owned(parse, i, mention.head) or is_below(parse, i, mention.head):
            continue
        here_too = parse.sentence_of[mention.head] == now
        if mention.entities[0] not in (ahead_already if here_too else met):
            met.add(mention.entities[0])
            ahead_already.add(mention.entities[0])
            candidates.append(walk.candidate(_of_name(walk.context, mention, first=not walk.seen)))
    here = walk.place(i)
    speaking = {n: who for n, (_, _, s) in enumerate(quotes) if s is not None and (who := walk.speaker(s))}
    rows = cues(
        parse,
        i,
        here,
        gender,
        candidates,
        {c.head: walk.place(c.head) for c in candidates},
        walk.counts,
        walk.totals,
        speaking,
        walk.had,
    )
    chain = f"{NOBODY}{i}"
    share: dict[str, float] = {}
    for candidate, chance in zip([*candidates, None], chances(rows, weights), strict=True):
        for entity, part in (candidate.share if candidate else {chain: 1.0}).items():
            share[entity] = share.get(entity, 0.0) + chance * part
    if meant is not None and any(c.head < i and not c.entity.startswith(NOBODY) for c in candidates):
        share = with_reader(share, meant)  # of names that only follow the reader knows too little
    return Choice(
        token=i, gender=gender, candidates=tuple(candidates), rows=tuple(map(tuple, rows)), share=share, chain=chain
    )


def _topic(walk: _Walk, behind: Sequence[_Seen]) -> list[_Seen]:
    """The last mention of whom the text opens with, where it is not among these: it may be about him all along."""
    first = next((s for s in walk.seen if s.first), None)
    if first is None or any(first.entity in s.share for s in behind):
        return []
    return [next(s for s in reversed(walk.seen) if s.entity == first.entity and s.form == "name")]


# ---------------------------------------------------------------- persons


def doubtful(context: Context, gazetteer: Gazetteer | None) -> dict[str, str]:
    """The entities taken for something else whose names may be a person's, with what they were taken for.

    A name of one or two plain words that no table knows and that has no article: "she" may show that it is a person.
    """
    if gazetteer is None:
        return {}
    found: dict[str, str] = {}
    heads = load_words().heads
    articled = {
        m.entities[0] for m in context.at.values()
        if m.entities and m.start > 0 and context.parse.tokens[m.start - 1].text.casefold() in NO_PERSON_AFTER
    }  # fmt: skip
    for e in context.entities.values():
        if e.type not in ("Organization", "Place") or e.name is None or e.id in articled or e.country:
            continue
        if any(
            gazetteer.place(a) or gazetteer.organization(a) or gazetteer.demonym(a) or a.isupper() for a in e.aliases
        ):
            continue
        if len(e.name.split()) == 2 and e.name.split()[0].casefold() in ARTICLES:
            continue
        words = max(len(a.split()) for a in e.aliases)
        generic = words > 1 and any(w.casefold() in heads for a in e.aliases for w in a.split())
        if words <= 3 and not generic and all(w[:1].isupper() for w in e.name.split()):
            found[e.id] = f"{e.type}{words}{'f' if gazetteer.is_first_name(e.name.split()[0]) else ''}"
    return found


def _named(context: Context, doubts: Mapping[str, str]) -> list[Mention]:
    mentions = {
        m.start: m
        for m in context.at.values()
        if m.kind == "name" and m.entities and (m.type == "Person" or m.entities[0] in doubts)
    }  # fmt: skip
    return sorted(mentions.values(), key=lambda m: m.begin)


def _of_name(context: Context, mention: Mention, *, first: bool) -> _Seen:
    entity = mention.entities[0]
    name = context.entities[entity].name or ""
    surname = " " not in mention.text and not name.startswith(mention.text)
    return _Seen(
        mention.head,
        context.parse.sentence_of[mention.head],
        "name",
        {entity: 1.0},
        entity,
        first=first,
        surname=surname,
    )


def _genders(
    context: Context, roles: Iterable[Role], gazetteer: Gazetteer | None, doubts: Mapping[str, str]
) -> dict[str, tuple[Gender, str]]:
    """Entity -> gender and where it shows: in a word for the person, in title or first name, in a single name."""
    found: dict[str, tuple[Gender, str]] = {}
    for role in roles:
        if len(role.holders) == 1 and (gender := noun_gender(context, role.title.split()[-1])):
            named = context.entities[role.holders[0].entity].gender
            if named in (None, gender):  # else the noun is somebody else's
                found.setdefault(role.holders[0].entity, (gender, "word"))
    for entity in context.entities.values():
        if entity.id in found or entity.type != "Person" and entity.id not in doubts:
            continue
        if entity.gender is not None:
            found[entity.id] = (entity.gender, "full")
        elif entity.name and gazetteer is not None and (single := gazetteer.gender(fold(entity.name.split()[0]))):
            found[entity.id] = (single, f"single-{single}")  # a surname may be a man's first name: less sure
    return found


def _is_somebody(context: Context, i: int) -> bool:
    """Whether the noun at token i is one person the text leaves without a name here."""
    parse = context.parse
    token = parse.tokens[i]
    lemma = token.lemma.casefold()
    if token.tag not in ("NN", "NNP") or token.dep in ("compound", "attr", "oprd", "appos", "amod", "nmod"):
        return False
    if not (
        lemma in context.cue("nominal-Person")
        or lemma in context.cue("nominal-male")
        or lemma in context.cue("nominal-female")
    ):
        return False
    return not any(c in context.at and parse.tokens[c].dep in ("appos", "compound") for c in parse.children[i])
