"""Pronouns, roles and groups -> the names they stand for.  Abstains when unsure.

Third person first (`resolve_references`), then first person once quotations have their speakers (kg/first_person.py).
"He" and "she" are weighed by kg/antecedents.py, definite nouns and "it" by kg/anaphora.py, both together with the
trained reader; plurals are read by kg/groups.py, and "they" takes up only what clearly stands out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from kg.anaphora import is_reference, take_up
from kg.anaphora_cues import THING
from kg.antecedents import Choice, follow, pronoun_gender
from kg.descriptions import Description, descriptions
from kg.first_person import mention_at, resolve_speakers
from kg.frames import surface_subject
from kg.gazetteer import Gazetteer
from kg.groups import Group, find_groups, group_for
from kg.nominals import CLASSES, Sighting, is_definite, sighting, titles
from kg.reference_reader import NOBODY as NO_NAME
from kg.reference_reader import Meant
from kg.referents import Context
from kg.roles import Role
from kg.salience import NOBODY, load_weights, role_of
from kg.syntax import ancestors
from kg.things import they
from kg.types import EntityType, LocalEntity, Mention

__all__ = ["BeforePronouns", "References", "before_pronouns", "resolve_references", "resolve_speakers"]

PLURAL = frozenset({"they", "them", "their", "theirs", "themselves"})
SUBJECTS = frozenset({"nsubj", "nsubjpass"})
NUMERALS = frozenset({"two", "three", "four", "both"})
NEAR_KIN = 4
"""Tokens from a word for a relative to the relative's name."""
ARGUMENTS = frozenset({"nsubj", "nsubjpass", "dobj", "pobj", "poss"})
LEAST = 0.5
"""A pronoun with a likelier reading than this is resolved; set where GAP's held-out precision passes three quarters."""
LEAST_NOUN = 0.55
"""The same for a definite noun."""
LEAST_RETYPED = 0.6
"""The same for a name that only the pronoun shows to be a person's."""

READ, READ_NOUN = 0.35, 0.65
"""How sure the reader must be to resolve a pronoun, and a noun, that the rules do not."""
READ_AGAINST = 0.8
"""How sure to take another reading than they do."""
FIRST = frozenset("i we me us my our mine ours myself ourselves you your yours yourself".split())

Quotes = Sequence[tuple[int, int, int | None]]
"""Quotations as (begin, end, speaker's head token)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """All mentions of a document and its entities: those of the names, retyped where a pronoun shows a person, then
    those that have no name ("She was born in ...")."""

    mentions: tuple[Mention, ...]
    entities: tuple[LocalEntity, ...]
    chances: Mapping[int, float]
    """Head token of a reference that was weighed -> how likely it means what it is taken to mean."""


def resolve_references(
    context: Context,
    roles: Iterable[Role],
    *,
    gazetteer: Gazetteer | None = None,
    quotes: Quotes = (),
    weights: Mapping[str, float] | None = None,
    read: Mapping[int, Meant] = MappingProxyType({}),
) -> References:
    """The context's mentions with third-person pronouns, bare roles, nominals and groups added, in text order.

    `read` is whom the trained reader takes references to mean.
    """
    roles = tuple(roles)
    before = before_pronouns(context, roles, gazetteer, quotes, read)
    context, nouns = before.context, before.nouns
    used = load_weights() if weights is None else weights
    choices = tuple(follow(context, roles, gazetteer, used, quotes, before.one, before.bodies, read))
    nameless = _nameless(context, choices)
    people = _people(context, choices, nameless)
    context = _retyped(context, people)
    found = {**{i: (e,) for i, e in people.items()}, **nouns}
    chances = {c.token: c.share.get(people[c.token], 0.0) for c in choices if c.token in people}
    chances.update(before.chances)
    found.update(_they(context, found, before.groups))
    chances |= _second(context, found, read)
    bodies = _nameless_bodies(context, found)
    nameless = (*nameless, *bodies)
    number = len(context.entities)
    ids = {token: f"e{number + n}" for n, (token, _, _) in enumerate(nameless, start=1)}
    entities = (
        *context.entities.values(),
        *(LocalEntity(id=ids[t], type=kind, name=None, aliases=()) for t, kind, _ in nameless),
    )
    context = replace(context, entities={e.id: e for e in entities})
    for token, _, members in nameless:
        found.update(dict.fromkeys(members, (ids[token],)))
    mentions = [*_names(context), *(mention_at(context, i, entities) for i, entities in sorted(found.items()))]
    mentions.sort(key=lambda m: (m.begin, m.end))
    return References(mentions=tuple(mentions), entities=entities, chances=chances)


# ---------------------------------------------------------------- nouns


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforePronouns:
    """What is known before "he" and "she" are followed."""

    context: Context
    nouns: Mapping[int, tuple[str, ...]]
    """Token of each definite noun that stands for names -> their entities."""
    groups: tuple[Group, ...]
    chances: Mapping[int, float]
    """Token of each noun that was weighed -> the chance of its entity."""
    bodies: frozenset[str]
    """What the text shows to be no persons."""

    @property
    def one(self) -> dict[int, str]:
        """The nouns that stand for one entity."""
        return {i: entities[0] for i, entities in self.nouns.items() if len(entities) == 1}


def before_pronouns(
    context: Context,
    roles: Iterable[Role],
    gazetteer: Gazetteer | None,
    quotes: Quotes = (),
    read: Mapping[int, Meant] = MappingProxyType({}),
) -> BeforePronouns:
    """The context with bodies set right, what its nouns and groups stand for, and what can be no person."""
    roles = tuple(roles)
    told = descriptions(context)
    context = _bodies(context, told, roles, gazetteer)
    taken = take_up(context, titles(context, roles), told, quotes=quotes, read=read)
    likely = {t.token: t.best for t in taken if t.best[0] != NO_NAME and t.best[1] >= _least(context, t.token)}
    groups = find_groups(context)
    return BeforePronouns(
        context=context, nouns={i: (entity,) for i, (entity, _) in likely.items()} | _groups(context, groups, likely),
        groups=groups, chances={i: chance for i, (_, chance) in likely.items()}, bodies=_shown_bodies(context, told),
    )  # fmt: skip


def _least(context: Context, i: int) -> float:
    return LEAST if context.parse.tokens[i].tag in ("PRP", "PRP$") else LEAST_NOUN


def _groups(context: Context, groups: Sequence[Group], taken: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Token of each plural or collective noun that stands for names put together -> their entities."""
    found: dict[int, tuple[str, ...]] = {}
    for token in context.parse.tokens:
        if token.i in context.at or token.i in taken or token.pos not in ("NOUN", "PROPN", "NUM", "ADJ", "DET", "PRON"):
            continue
        collective = token.lemma.casefold() in context.cue("nominal-collective") and is_definite(context, token.i)
        if (collective or _is_plural(context, token.i)) and (entities := group_for(context, token.i, groups)):
            found[token.i] = entities
    return found


def _is_plural(context: Context, i: int) -> bool:
    """Whether token i is a definite plural or numeral that may stand for names put together: "both men", "the two"."""
    parse = context.parse
    token = parse.tokens[i]
    word = token.text.casefold()
    if any(parse.tokens[c].dep in ("appos", "poss", "relcl", "nmod") or c in context.at for c in parse.children[i]):
        return False
    if any(
        parse.tokens[p].dep == "prep" and p == i + 1 and parse.tokens[p].text.casefold() in ("of", "from", "including")
        for p in parse.children[i]
    ):
        return False
    if word in NUMERALS:
        definite = word == "both" or is_definite(context, i)
        return token.pos in ("NUM", "DET", "PRON") and definite and token.dep in ARGUMENTS
    if token.dep in ("attr", "oprd", "compound") or token.lemma.casefold() not in context.cue("nominal-group"):
        return False
    both = any(parse.tokens[c].text.casefold() == "both" for c in parse.children[i])
    return (both or is_definite(context, i)) and (
        token.tag == "NNS" or token.lemma.casefold() in ("pair", "duo", "couple", "trio", "quartet")
    )


# ---------------------------------------------------------------- he, she


def _people(
    context: Context, choices: Iterable[Choice], nameless: Iterable[tuple[int, EntityType, tuple[int, ...]]]
) -> dict[int, str]:
    """Pronoun token -> entity, where one is likely enough."""
    taken = {i for _, _, members in nameless for i in members}
    found: dict[int, str] = {}
    for choice in choices:
        best = _namesake(context, choice) or choice.best
        if best.startswith(NOBODY) or choice.token in taken or choice.contradicted:
            continue
        if best != choice.best or choice.share[best] >= (
            LEAST if context.entities[best].type == "Person" else LEAST_RETYPED
        ):
            found[choice.token] = best
    persons = {e for e in found.values() if context.entities[e].type != "Person"}
    for choice in choices:  # what one pronoun has shown to be a person is one for the others too
        if choice.best in persons and choice.share[choice.best] >= LEAST and not choice.contradicted:
            found[choice.token] = choice.best
    return found


def _namesake(context: Context, choice: Choice) -> str | None:
    """Whoever shares a surname with the relative whom the pronoun owns: Ruiz in "His daughter, Ana Ruiz, ..."."""
    parse = context.parse
    token = parse.tokens[choice.token]
    kin = parse.tokens[token.head]
    if token.dep != "poss" or kin.lemma.casefold() not in context.cue("kin"):
        return None
    names = (context.at.get(i) for i in range(kin.i + 1, min(kin.i + NEAR_KIN, len(parse.tokens))))
    relative = next((m for m in names if m is not None and m.kind == "name" and m.type == "Person"), None)
    if relative is None or relative.start - kin.i > 2 or not relative.entities or " " not in relative.text:
        return None
    surname = relative.text.split()[-1]
    bearers = {
        c.entity
        for c in choice.candidates
        if c.entity in context.entities
        and c.entity != relative.entities[0]
        and c.gender in (None, choice.gender)
        and any(surname in alias.split() for alias in context.entities[c.entity].aliases)
    }
    return next(iter(bearers)) if len(bearers) == 1 else None


def _retyped(context: Context, people: Mapping[int, str]) -> Context:
    """The context with every entity that "he" or "she" stands for made a person."""
    return _made(context, {e for e in people.values() if context.entities[e].type != "Person"}, "Person")


def _made(context: Context, wrong: set[str], kind: EntityType) -> Context:
    """The context with these entities of that class."""
    if not wrong:
        return context
    entities = {i: replace(e, type=kind, gender=None) if i in wrong else e for i, e in context.entities.items()}
    at = {i: replace(m, type=kind) if m.entities and m.entities[0] in wrong else m for i, m in context.at.items()}
    return replace(context, entities=entities, at=at)


def _bodies(
    context: Context, told: Sequence[Description], roles: Iterable[Role], gazetteer: Gazetteer | None
) -> Context:
    """The context with those taken for persons that the text shows to be bodies made bodies: "Van Aalst, the brewer",
    "Telemar cut its dividend", "Vexia's chief executive"."""
    nouns: dict[str, set[str]] = {}
    for d in told:
        nouns.setdefault(d.entity, set()).add(d.noun)
    bodies, people = context.cue("nominal-Organization"), context.cue("nominal-Person") | context.cue("nominal-anyone")
    wrong = {
        e for e, said in nouns.items()
        if context.entities[e].type == "Person" and said & bodies and not said & people
    }  # fmt: skip
    held = {h.entity for r in roles for h in r.holders}
    shown = {
        e for e in _owning(context)
        if context.entities[e].type == "Person" and e not in held and not nouns.get(e, set()) & people
        and not _bears_first_name(context.entities[e], gazetteer)
    }  # fmt: skip
    return _made(context, wrong | shown, "Organization")


def _shown_bodies(context: Context, told: Sequence[Description]) -> frozenset[str]:
    """What the text describes as bodies or lets own what only bodies own."""
    said = {d.entity for d in told if d.noun in context.cue("nominal-Organization")}
    return frozenset(said | {*_owning(context)})


def _bears_first_name(entity: LocalEntity, gazetteer: Gazetteer | None) -> bool:
    """Whether some form of the name opens with a first name or a form of address."""
    firsts = {a.split()[0] for a in (entity.name or "", *entity.aliases) if a}
    known = gazetteer is None or any(gazetteer.is_first_name(f) or gazetteer.title_gender(f) for f in firsts)
    return entity.gender is not None or known


def _owning(context: Context) -> list[str]:
    """Who owns what only bodies own ("X's shareholders", "a stake in X"), or is a clause's subject with "its"."""
    parse = context.parse
    found: list[str] = []
    for token in parse.tokens:
        mention = context.at.get(token.i)
        if mention is not None and mention.kind == "name" and mention.head == token.i and mention.entities:
            above = parse.tokens[token.head]
            over = parse.tokens[above.head] if token.dep == "pobj" else above
            owned = over.lemma.casefold() in context.cue("owned-by-bodies")
            if owned and (token.dep == "poss" or token.dep == "pobj" and above.text.casefold() in ("in", "of")):
                found.append(mention.entities[0])
        elif token.tag == "PRP$" and token.text.casefold() == "its":
            subject = _subject_before(context, token.i)
            found += [subject] if subject is not None else []
    return found


def _subject_before(context: Context, i: int) -> str | None:
    """The named subject of the clause that token i stands in, where it stands before it and nothing else does."""
    parse = context.parse
    verb = next((a for a in ancestors(parse, i) if parse.tokens[a].pos in ("VERB", "AUX")), None)
    subject = surface_subject(parse, verb, lambda _: True) if verb is not None else None
    start = parse.sentences[parse.sentence_of[i]].start
    if subject is not None and subject > i:  # "Telemar posted a loss, its finance chief said"
        subject = next((j for j in range(start, i) if parse.tokens[j].dep in SUBJECTS), None)
    mention = context.at.get(subject) if subject is not None and subject < i else None
    if mention is None or mention.kind != "name" or len(mention.entities) != 1:
        return None
    before = {context.at[j].head: context.at[j] for j in range(start, i) if j in context.at}
    rivals = [m for m in before.values() if m.type not in ("Person", "Group") and m.kind != "demonym"]
    return None if any(role_of(parse, m.head) != "pobj" for m in rivals) else mention.entities[0]


def _nameless(context: Context, choices: Sequence[Choice]) -> tuple[tuple[int, EntityType, tuple[int, ...]], ...]:
    """Persons the text never names: first token, class, all tokens; only where no named person could be meant."""
    chains: dict[str, list[int]] = {}
    for choice in choices:
        if choice.best.startswith(NOBODY) and not any(
            not c.entity.startswith(NOBODY) and c.gender in (None, choice.gender) for c in choice.candidates
        ):
            chains.setdefault(choice.best, []).append(choice.token)
    found: list[tuple[int, EntityType, tuple[int, ...]]] = []
    for chain, tokens in chains.items():
        first = int(chain.removeprefix(NOBODY))
        members = sorted({first, *tokens} - set(context.at))
        found.append((members[0], "Person", tuple(members)))
    return tuple(sorted(found))


def _nameless_bodies(
    context: Context, found: Mapping[int, object]
) -> tuple[tuple[int, EntityType, tuple[int, ...]], ...]:
    """ "The company", "the school" in a text that names nothing of its class: one body for each such noun."""
    parse = context.parse
    named = {e.type for e in context.entities.values()}
    members: dict[str, list[int]] = {}
    kinds: dict[str, EntityType] = {}
    for token in parse.tokens:
        lemma = token.lemma.casefold()
        if (
            token.tag != "NN"
            or token.i in found
            or token.i in context.at
            or token.dep not in ARGUMENTS
            or not is_definite(context, token.i)
        ):
            continue
        kind = next((kind for cue, kind in CLASSES[:1] if lemma in context.cue(cue)), None)
        if kind is not None and kind not in named:
            members.setdefault(lemma, []).append(token.i)
            kinds[lemma] = kind
    return tuple((tokens[0], kinds[lemma], tuple(tokens)) for lemma, tokens in members.items())


# ---------------------------------------------------------------- the reader


def _second(context: Context, found: dict[int, tuple[str, ...]], read: Mapping[int, Meant]) -> dict[int, float]:
    """Adds whom the reader takes a reference to mean that the rankers have not weighed; its chance for each token.

    What the reader cannot see, since it has no name or none near, has the chance that no name near is meant.
    """
    chances: dict[int, float] = {}
    for token, meant in read.items():
        weighed = is_reference(context, token) or context.parse.tokens[token].text.casefold() in THING
        if weighed or token in context.at:
            continue
        entity, chance = next(iter(meant.items()))
        gendered = pronoun_gender(context.parse, token) is not None
        noun = context.parse.tokens[token].pos in ("NOUN", "PROPN")
        ruled = found.get(token)
        least = (READ_NOUN if noun else READ) if ruled is None else READ_AGAINST
        alone = ruled is None or len(ruled) == 1 and not gendered
        if entity != NO_NAME and chance >= least and alone and _agrees(context, token, context.entities[entity]):
            found[token] = (entity,)
        if token in found and len(found[token]) == 1 and not (gendered and ruled is not None):
            chances[token] = meant.get(found[token][0], meant.get(NO_NAME, 0.0))
    return chances


def _agrees(context: Context, i: int, entity: LocalEntity) -> bool:
    """Whether the pronoun or noun at token i may stand for the entity: by gender, by class, by what a noun tells."""
    token = context.parse.tokens[i]
    word, lemma = token.text.casefold(), token.lemma.casefold()
    gender = pronoun_gender(context.parse, i)
    if gender is not None:
        return entity.type == "Person" and entity.gender in (None, gender)
    if token.tag in ("PRP", "PRP$"):
        return word not in FIRST
    if token.pos not in ("NOUN", "PROPN") or token.dep == "compound":
        return False
    kinds = {kind for cue, kind in CLASSES if lemma in context.cue(cue)}
    return not kinds or entity.type in kinds or entity.type == "Country" and "Place" in kinds


# ---------------------------------------------------------------- they


def _they(
    context: Context, known: Mapping[int, tuple[str, ...]], groups: Sequence[Group]
) -> dict[int, tuple[str, ...]]:
    """ "They" -> entities, read in text order on top of what is known already."""
    parse = context.parse
    seen: list[Sighting] = []
    plurals: list[int] = []
    found: dict[int, tuple[str, ...]] = {}
    starts = {m.start: m for m in _names(context)}
    for token in parse.tokens:
        if token.i in starts:
            seen += [sighting(context, starts[token.i])] if starts[token.i].entities else []
            continue
        if token.i in context.at:
            continue
        word = token.text.casefold()
        entities = known.get(token.i, ())
        if not entities and word in PLURAL and token.tag in ("PRP", "PRP$"):
            entities = they(context, token.i, groups, seen, plurals)
            if entities:
                found[token.i] = entities
        elif token.tag == "NNS" and token.dep in SUBJECTS and not entities:
            plurals.append(token.i)
        if len(entities) == 1:
            seen.append(sighting(context, mention_at(context, token.i, entities)))
    return found


# ---------------------------------------------------------------- records


def _names(context: Context) -> list[Mention]:
    return sorted({m.start: m for m in context.at.values()}.values(), key=lambda m: m.begin)
