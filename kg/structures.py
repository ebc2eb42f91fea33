"""Relations that no word says but the way two names stand together: "Kanata, Ontario", "Smith of the Star".

The structures are a closed set; which of them says which relation between which classes is a matter of the lexicon.

comma       A, B                "Kanata, Ontario"
of, in ...  A <preposition> B   "Jane Roe of the Evening Star" (any preposition is a structure by its name)
possessor   A's B, B of A       subject A, object B: "Acme's Roadrunner"
possessed-behind  A's ... noun B    subject B, object A: "Ruritania's main news agency Central Press"
possessed   A's B               subject B, object A: "the Harbour Institute's Jane Roe"
brand, brand-of                 the same two, where the name of B is not that of a part ("Office of Trade")
modified    A B                 subject B, object A: "Borealis chemist Jane Roe"
contains    the name of A holds B, a country or its demonym: "Ruritanian Foreign Ministry"
brackets    A (B)               "Jane Roe (Harbour Party)"
while-in    while in B, A did   "While in Ruritania, she met"
originally-from                 originally from B, A did; A is originally from B
birthplace-in-brackets          A (born 1952 in B)
members     A and B are <word>, the <word> A and B        "the brothers John and Paul Doe", "A and B are allies"
national    B <word> A, A is a B <word>                   "the Swiss bank Harbour Trust"
home, body, beat, drew, kind-of, kind-in                   see kg/neighbours.py
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kg.frames import surface_subject
from kg.gazetteer import Gazetteer
from kg.lifespans import BIRTHPLACE, life_places
from kg.neighbours import neighbours
from kg.ontology import Ontology
from kg.referents import Context, Referent, referents
from kg.relations import Found
from kg.syntax import ancestors, children
from kg.types import LexicalEntry, Mention

MAX_MODIFIERS = 5
PAIR = 2
QUOTES = frozenset("\"“‘'")
ORIGIN_WORDS = frozenset({"originally", "hailing", "hails", "hailed"})


def find_structures(context: Context, ontology: Ontology, gazetteer: Gazetteer) -> Iterator[Found]:
    """Relations between names that stand together, in text order."""
    entries: dict[str, list[LexicalEntry]] = {}
    for entry in ontology.structures:
        for frame in entry.frames:
            entries.setdefault(frame.subject, []).append(entry)
    yield from _while_in(context, ontology, entries.get("while-in", []))
    yield from _originally_from(context, ontology, entries.get("originally-from", []))
    yield from _members(context, ontology, entries.get("members", []))
    yield from _national(context, ontology, entries.get("national", []))
    for structure, a, b in neighbours(context):
        yield from _say(context, ontology, entries, structure, a, b)
    for person, place in life_places(context):
        yield from _pairs(
            context, ontology, entries.get(BIRTHPLACE, []), BIRTHPLACE, _one(context, person), _one(context, place)
        )
    countries = {e.name: e.id for e in context.entities.values() if e.type == "Country" and e.name}
    seen: set[int] = set()
    for mention in sorted({m.start: m for m in context.at.values()}.values(), key=lambda m: m.begin):
        if mention.kind not in ("name", "demonym") or not mention.entities or mention.start in seen:
            continue
        seen.add(mention.start)
        yield from _around(context, ontology, entries, mention)
        if mention.kind == "name":
            yield from _inside(context, ontology, entries.get("contains", []), mention, countries, gazetteer)


def _while_in(context: Context, ontology: Ontology, entries: list[LexicalEntry]) -> Iterator[Found]:
    """ "While in Ruritania, she met the minister": whoever acts in the clause was there."""
    parse = context.parse
    for token in parse.tokens:
        if token.text.casefold() != "while" or token.i + 1 >= len(parse.tokens):
            continue
        preposition = parse.tokens[token.i + 1]
        if preposition.text.casefold() not in ("in", "visiting"):
            continue
        place = next((r for o in children(parse, preposition.i, "pobj", "dobj") for r in referents(context, o)), None)
        verb = next((a for a in ancestors(parse, preposition.i) if parse.tokens[a].pos in ("VERB", "AUX")), None)
        if place is None or verb is None:
            continue
        for subject in children(parse, verb, "nsubj"):
            yield from _pairs(context, ontology, entries, "while-in", referents(context, subject), (place,))


def _originally_from(context: Context, ontology: Ontology, entries: list[LexicalEntry]) -> Iterator[Found]:
    """ "Originally from Leeds, she moved to York", "he is originally from Leeds"."""
    parse = context.parse
    for token in parse.tokens:
        if (
            token.text.casefold() not in ORIGIN_WORDS
            or token.i + 2 >= len(parse.tokens)
            or parse.tokens[token.i + 1].text.casefold() != "from"
        ):
            continue
        place = context.at.get(token.i + 2)
        if place is None or place.kind != "name":
            continue
        verb = next((a for a in ancestors(parse, token.i) if parse.tokens[a].pos in ("VERB", "AUX")), None)
        described = surface_subject(parse, verb, context.refers) if verb is not None else None
        if described is not None:
            yield from _pairs(
                context, ontology, entries, "originally-from", referents(context, described), _one(context, place)
            )


def _members(context: Context, ontology: Ontology, entries: list[LexicalEntry]) -> Iterator[Found]:
    """ "A and B are allies", "the brothers A and B", "the couple, A and B": the one with the other."""
    tokens = context.parse.tokens
    spoken = _last_words(entries)
    for token in tokens:
        if spoken.isdisjoint((token.text.casefold(), token.lemma.casefold())):
            continue
        said = [
            entry
            for entry in entries
            if any(words[-1] in (token.text.casefold(), token.lemma.casefold()) for words in entry.words)
        ]
        if token.i in context.at and context.at[token.i].kind == "name":
            continue
        if children(context.parse, token.i, "poss"):  # "our partners Norway and Peru" need not be each other's
            said = [entry for entry in said if "Person" in entry.subject_types]
        above = tokens[token.head]
        members: tuple[Referent, ...] = ()
        if (
            token.dep == "attr"
            and above.lemma in ("be", "become", "remain")
            and not children(context.parse, above.i, "neg")
        ):
            subject = surface_subject(context.parse, above.i, context.refers)
            owned = children(context.parse, token.i, "poss", "prep")
            members = referents(context, subject) if subject is not None and not owned else ()
        elif token.dep == "appos" and token.head < token.i:  # "A and B, husband and wife"
            members = referents(context, token.head)
        else:
            at = token.i + 1
            at += 1 if at < len(tokens) and tokens[at].text == "," else 0
            named = context.at.get(at)
            if named is not None and named.kind == "name" and named.start == at:
                members = referents(context, named.head)
        if len(members) == PAIR:
            yield from _pairs(context, ontology, said, "members", members[:1], members[1:], named=False)


def _national(context: Context, ontology: Ontology, entries: list[LexicalEntry]) -> Iterator[Found]:
    """ "The Swiss bank Harbour Trust", "Harbour Trust is a Swiss bank", "a Leeds start-up called Harbour"."""
    tokens = context.parse.tokens
    spoken = _last_words(entries)
    for token in tokens:
        if token.tag != "NN" or token.lemma.casefold() not in spoken:
            continue
        said = [entry for entry in entries if any(words[-1] == token.lemma.casefold() for words in entry.words)]
        if token.i in context.at and context.at[token.i].kind == "name":
            continue
        before = token.i - 1
        while (
            before >= 0
            and token.i - before < MAX_MODIFIERS
            and before not in context.at
            and tokens[before].tag in ("JJ", "NN", "POS")
        ):
            before -= 1
        origin = context.at.get(before)
        if origin is None or origin.type not in ("Place", "Country") or not origin.entities:
            continue
        following = context.at.get(token.i + 1)
        if following is not None and following.kind == "name" and following.start == token.i + 1:
            named = referents(context, following.head, expand=False)
        else:
            named = tuple(r for r in referents(context, token.i, expand=False) if r.token != before)
            if not named and token.dep == "appos":
                named = referents(context, token.head, expand=False)
        yield from _pairs(context, ontology, said, "national", named, _one(context, origin), named=False)


def _last_words(entries: Iterable[LexicalEntry]) -> frozenset[str]:
    return frozenset(words[-1] for entry in entries for words in entry.words)


def _around(
    context: Context, ontology: Ontology, entries: Mapping[str, list[LexicalEntry]], mention: Mention
) -> Iterator[Found]:
    tokens = context.parse.tokens
    after = mention.stop
    if after >= len(tokens) or context.parse.sentence_of[after] != context.parse.sentence_of[mention.head]:
        return
    word = tokens[after].text
    if word in (",", "("):
        other = context.at.get(after + 1)
        if other is not None and other.kind == "name" and other.start == after + 1:
            closing = tokens[other.stop].text if other.stop < len(tokens) else ""
            if word == "(" and closing == ")":
                yield from _say(context, ontology, entries, "brackets", mention, other)
            elif word == "," and mention.kind == "name" and not _listed(context, mention, other):
                yield from _say(context, ontology, entries, "comma", mention, other)
    if tokens[after].tag == "POS":
        owned = context.at.get(
            after + 2 if tokens[after + 1 : after + 2] and tokens[after + 1].text in QUOTES else after + 1
        )
        if owned is not None and owned.kind == "name" and not _qualifies(context, owned):
            yield from _say(context, ontology, entries, "possessor", mention, owned)
            yield from _say(context, ontology, entries, "possessed", owned, mention)
            if not _is_unit(context, owned):
                yield from _say(context, ontology, entries, "brand", mention, owned)
                yield from _say(context, ontology, entries, "brand-of", owned, mention)
        behind = _behind_nouns(context, after + 1)
        if behind is not None:
            yield from _say(context, ontology, entries, "possessed-behind", behind, mention)
    following = context.at.get(after)
    if following is not None and following.kind == "name" and following.start == after:
        yield from _say(context, ontology, entries, "modified", following, mention)
    if mention.kind == "name":
        for p in (p for i in range(mention.start, mention.stop) for p in children(context.parse, i, "prep")):
            preposition = tokens[p].text.casefold()
            directly = (
                p == mention.stop or p == mention.stop + 1 and tokens[mention.stop].text == "," and preposition == "in"
            )
            if directly and preposition in entries:
                for o in children(context.parse, p, "pobj"):
                    for b in referents(context, o):
                        other = context.at.get(b.token)
                        if other is not None and other.kind == "name":
                            yield from _pairs(
                                context, ontology, entries[preposition], preposition, _one(context, mention), (b,)
                            )


def _qualifies(context: Context, owned: Mention) -> bool:
    """Whether the name only tells which one a common noun means: "Acme's Roadrunner engine" is no person of Acme."""
    tokens = context.parse.tokens
    token = tokens[owned.head]
    behind = tokens[token.head]
    qualifies = token.dep in ("compound", "nmod", "amod") and not owned.start <= token.head < owned.stop
    return qualifies and behind.lemma not in context.cue("place-kind")  # "Ruritania's Hentzau province"


def _is_unit(context: Context, owned: Mention) -> bool:
    """Whether the name says that it is a part of something: "Office of Trade", "Self-Defence Forces"."""
    words = (t.lemma.casefold() for t in context.parse.tokens[owned.start : owned.stop])
    return not context.cue("unit-word").isdisjoint(words)


def _listed(context: Context, a: Mention, b: Mention) -> bool:
    """Whether "A, B" is part of a list of places and not "town, country"."""
    tokens = context.parse.tokens
    if a.type == "Country":
        return True
    after = [t.text.casefold() for t in tokens[b.stop : b.stop + 2]]
    if (
        after[:1] in (["and"], ["or"])
        or after[:1] == [","]
        and (after[1:] in (["and"], ["or"]) or b.type != "Country" and b.stop + 1 in context.at)
    ):
        return True
    before = context.at.get(a.start - 2)
    return (
        a.start >= 2
        and tokens[a.start - 1].text in (",", "and")
        and before is not None
        and before.type == a.type
        and b.type != "Country"
    )


def places_around(context: Context, place: Mention) -> Iterator[Mention]:
    """The larger places that follow a place's name: Ontario and Canada in "Kanata, Ontario, Canada"."""
    tokens = context.parse.tokens
    at = place
    while at.stop + 1 < len(tokens) and tokens[at.stop].text == ",":
        larger = context.at.get(at.stop + 1)
        if larger is None or larger.kind != "name" or larger.type not in ("Place", "Country") or not larger.entities:
            return
        if larger.start != at.stop + 1 or _listed(context, at, larger):
            return
        yield larger
        at = larger


def _behind_nouns(context: Context, start: int) -> Mention | None:
    """The name behind adjectives and a common noun: "main news agency Central Press"."""
    tokens = context.parse.tokens
    at = start
    while at < len(tokens) and at - start < 5 and tokens[at].pos in ("ADJ", "NOUN") and at not in context.at:
        at += 1
    mention = context.at.get(at)
    named = mention is not None and mention.kind == "name" and mention.start == at
    return mention if named and at > start and tokens[at - 1].pos == "NOUN" else None


def _inside(
    context: Context,
    ontology: Ontology,
    entries: list[LexicalEntry],
    mention: Mention,
    countries: Mapping[str, str],
    gazetteer: Gazetteer,
) -> Iterator[Found]:
    """A body named after its state: the state must be an entity of the document."""
    words = mention.text.split()
    if len(words) < 2 or not entries or words[0].casefold() == "the" and len(words) < 3:
        return
    if words[0].casefold() == "the":
        words = words[1:]
    for size in (2, 1):
        lead = " ".join(words[:size]).removesuffix("'s").removesuffix("’s")
        country = gazetteer.demonym(lead)
        if country is None:
            place = gazetteer.place(lead)
            country = place.name if place is not None and place.kind == "country" else None
        if country is not None and country in countries and len(words) > size:
            entity = context.entities[countries[country]]
            begin = context.parse.document.text.index(words[0], mention.begin)
            state = Referent(
                entity=entity.id,
                type=entity.type,
                begin=begin,
                end=begin + len(lead),
                level="inferred",
                token=mention.start,
                demonym=False,
            )
            yield from _pairs(context, ontology, entries, "contains", _one(context, mention), (state,))
            return


def _one(context: Context, mention: Mention) -> tuple[Referent, ...]:
    return referents(context, mention.head, expand=False)


def _say(
    context: Context,
    ontology: Ontology,
    entries: Mapping[str, list[LexicalEntry]],
    structure: str,
    a: Mention,
    b: Mention,
) -> Iterator[Found]:
    if structure in entries:
        yield from _pairs(context, ontology, entries[structure], structure, _one(context, a), _one(context, b))


def _pairs(
    context: Context,
    ontology: Ontology,
    entries: list[LexicalEntry],
    structure: str,
    subjects: tuple[Referent, ...],
    objects: tuple[Referent, ...],
    *,
    named: bool = True,
) -> Iterator[Found]:
    """What the entries say of each subject and object that fit; `named`: with their words in the subject's name."""
    for entry in entries:
        relation = ontology.relations[entry.relation]
        for a in subjects:
            if named and entry.words and not _holds(context, a, entry):
                continue
            for b in objects:
                allowed_a = entry.subject_types or relation.domain
                allowed_b = entry.object_types or relation.range
                if (
                    a.entity != b.entity
                    and (not allowed_a or a.type in allowed_a)
                    and (not allowed_b or b.type in allowed_b)
                ):
                    yield Found(
                        subject=a,
                        relation=relation.name,
                        object=b,
                        trigger=a.token,
                        entry=entry,
                        rule=f"{entry.name}:{structure}",
                        confidence=entry.confidence,
                        level=b.level if b.level == "inferred" else "explicit",
                    )


def _holds(context: Context, referent: Referent, entry: LexicalEntry) -> bool:
    """Whether the words of the referent's mention hold one of the entry's words ("ministry", "air force")."""
    words = context.parse.document.text[referent.begin : referent.end].casefold().split()
    return any(all(part in words for part in word) for word in entry.words)
