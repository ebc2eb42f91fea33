"""The names of one document: where they stand, what kind of thing they name, which of them mean the same."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass, replace

from kg.gazetteer import Gazetteer, Gender
from kg.name_clusters import cluster, full_state
from kg.name_context import POSSESSIVES, Context, Spot, context_of
from kg.name_records import Occurrence
from kg.name_spans import NICKNAMES, find_spots
from kg.name_types import head_of
from kg.name_typing import form_of, types_of
from kg.name_words import load_words
from kg.text_reader import TextReading
from kg.types import EntityType, LocalEntity, Mention, Parse

NOBLE = frozenset(
    "king queen prince princess pope emperor empress sultan emir tsar sheikh lord lady baron baroness count countess "
    "duke duchess father mother brother sister saint maharaja imam".split()
)
VERSION = re.compile(r" [0-9.]+$")
CODE = 2
"""Letters of the longest code ("D", "R.") that is no name of what it stands for."""
SHOUTED = 6
"""A longer word in capitals is no acronym."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The entities of a document and every place where it refers to them, in text order."""

    entities: tuple[LocalEntity, ...]
    mentions: tuple[Mention, ...]


CALLED = frozenset({("known", "as"), *((word,) for word in NICKNAMES)})
"""What stands between a name and another one of the same thing."""
PASSED = frozenset({",", "(", "also", "better", "widely", "commonly"})
LONGEST_LINK = 5
"""Tokens between the two."""
COMPATRIOTS = frozenset(
    "dane swede finn pole turk spaniard briton scot croat serb kurd frenchman frenchwoman dutchman dutchwoman "
    "englishman englishwoman irishman irishwoman welshman scotsman scotswoman".split()
)
"""Nouns for one person of a nation that are no adjectives: "The Serb, coached by ..."."""


def find_names(parse: Parse, gazetteer: Gazetteer, text: TextReading) -> Names:
    """Every named entity of the document with all its names, as mentions of kind "name" or "demonym".  `text` is the
    document as the trained reader sees it, which tells where names end that the words leave open.

    A mention has neither article nor title ("President") nor 's; "Russian" in "Russian officials" is a demonym
    mention of the country, "Russians" the name of a Group.
    """
    context = context_of(parse, gazetteer, load_words(), text)
    spots = _whole(context, find_spots(context))
    types = types_of(context, spots)
    occurrences = [_occurrence(context, spot, types) for spot in spots]
    numbers = cluster(occurrences, gazetteer, context.words, _brackets(context, spots), _aliases(context, spots))
    return _assemble(context, spots, occurrences, numbers)


def _whole(context: Context, spots: list[Spot]) -> list[Spot]:
    """The spots with names that the tables know as one put together: "National Aeronautics and Space ..."."""
    found: list[Spot] = []
    for spot in spots:
        before = found[-1] if found else None
        near = before is not None and 0 < spot.start - before.stop <= 2 and not before.demonym and not spot.demonym
        if near and before is not None and context.parse.tokens[before.stop].text in POSSESSIVES:
            near = False  # "Ruritania's Foreign Ministry"
        if near and before is not None and _is_tabled(context, before.start, spot.stop):
            found[-1] = replace(before, stop=spot.stop)
        elif (
            spot.start
            and (before is None or before.stop < spot.start)
            and _is_tabled(context, spot.start - 1, spot.stop)
        ):
            found.append(replace(spot, start=spot.start - 1))
        else:
            found.append(_with_possessive(context, spot))
    return found


def _with_possessive(context: Context, spot: Spot) -> Spot:
    """The spot with an apostrophe that belongs to the name: "Moody's"."""
    tokens = context.parse.tokens
    if spot.stop >= len(tokens) or tokens[spot.stop].text not in ("'s", "’s") or spot.demonym:
        return spot
    whole = context.text(spot.start, spot.stop + 1).casefold().replace("’", "'")
    return replace(spot, stop=spot.stop + 1) if whole in context.words.known else spot


def _is_tabled(context: Context, start: int, stop: int) -> bool:
    text = context.text(start, stop)
    if (
        context.parse.sentence_of[start] != context.parse.sentence_of[stop - 1]
        or not text[:1].isupper()
        or text.startswith("The ")
    ):
        return False
    plain = VERSION.sub("", text.casefold())
    return context.gazetteer.organization(text) is not None or plain in context.words.known


# ---------------------------------------------------------------- occurrences


def _occurrence(context: Context, spot: Spot, types: dict[str, EntityType]) -> Occurrence:
    text = _without_letters(context.called(spot), context.gazetteer)
    tokens = context.parse.tokens
    article = spot.start > 0 and tokens[spot.start - 1].text.casefold() == "the"
    country = None
    kind: EntityType
    if spot.demonym:
        kind = "Group" if _is_people(context, spot) else "Place"
        country = context.country_of(text) if kind == "Place" else None
    else:
        kind = types[form_of(context, spot)]
    gender = next((g for word in reversed(spot.title.split()) if (g := context.gazetteer.title_gender(word))), None)
    number = context.parse.sentence_of[spot.start]
    sentence = context.parse.sentences[number]
    heads = not number or context.parse.sentences[number - 1].block != sentence.block
    opens = heads and sentence.start + len(spot.title.split()) + article >= spot.start
    return Occurrence(
        text=text, type=kind, gender=gender, sentence=number, paragraph=sentence.block, opens=opens,
        article=article, title=spot.title, country=country,
    )  # fmt: skip


def _without_letters(text: str, gazetteer: Gazetteer) -> str:
    """What somebody with letters behind the name is called: "Jane Doe KC" is Jane Doe."""
    name, _, last = text.rpartition(" ")
    lettered = " " in name and last.isupper() and last.casefold() in gazetteer.letters_after_names
    return name if lettered else text


def _is_people(context: Context, spot: Spot) -> bool:
    """Whether a demonym names people ("Russians", "the British said"), not a country ("Russian officials")."""
    tokens, last = context.parse.tokens, context.parse.tokens[spot.stop - 1]
    text = context.text(spot.start, spot.stop)
    if text.isupper() or "." in text:
        return False
    if text.casefold() in COMPATRIOTS and spot.start and tokens[spot.start - 1].tag in ("DT", "JJ", "NN"):
        return True
    if last.text.endswith("s") and not last.text.endswith("ss") or last.text.endswith("men"):
        return True
    after = tokens[spot.stop] if spot.stop < len(tokens) else None
    if (
        last.dep in ("amod", "compound", "nmod", "poss", "det", "acomp", "advmod")
        or after is not None
        and after.text in ("-", "/", "and", "or", ",")
    ):
        return False
    return after is None or after.tag not in ("NN", "NNS", "NNP", "NNPS", "JJ", "CD", "POS", "HYPH")


def _brackets(context: Context, spots: list[Spot]) -> list[tuple[int, int]]:
    """Pairs of neighbours of which the second stands in brackets right behind the first."""
    tokens = context.parse.tokens
    return [
        (n, n + 1)
        for n, (a, b) in enumerate(itertools.pairwise(spots))
        if b.start == a.stop + 1
        and tokens[a.stop].text in ("(", "[")
        and b.stop < len(tokens)
        and tokens[b.stop].text in (")", "]")
    ]


def _aliases(context: Context, spots: list[Spot]) -> list[tuple[int, int]]:
    """Pairs of neighbours of which the second is what the first is called too: "Ana Ruiz, known as Nita, ..."."""
    tokens = context.parse.tokens
    return [
        (n, n + 1)
        for n, (a, b) in enumerate(itertools.pairwise(spots))
        if b.start - a.stop <= LONGEST_LINK
        and tuple(t.text.casefold() for t in tokens[a.stop : b.start] if t.text.casefold() not in PASSED) in CALLED
    ]


# ---------------------------------------------------------------- records


def _assemble(context: Context, spots: list[Spot], occurrences: list[Occurrence], numbers: list[int]) -> Names:
    members: dict[int, list[int]] = {}
    for n, number in enumerate(numbers):
        members.setdefault(number, []).append(n)
    entities = tuple(
        _entity(context, number, [spots[n] for n in ns], [occurrences[n] for n in ns]) for number, ns in members.items()
    )
    mentions = tuple(
        _mention(context, spot, occurrence, entities[number])
        for spot, occurrence, number in zip(spots, occurrences, numbers, strict=True)
    )
    return Names(entities=entities, mentions=mentions)


def _entity(context: Context, number: int, spots: list[Spot], occurrences: list[Occurrence]) -> LocalEntity:
    gazetteer = context.gazetteer
    votes = Counter(o.type for o in occurrences)
    kind = votes.most_common(1)[0][0]
    texts = [o.text for o in occurrences if o.country is None]
    country = next((o.country for o in occurrences if o.country), None)
    name = _best_name(occurrences) if texts else country
    if kind == "Place":
        record = gazetteer.country(country or name or "") or full_state(name or "", gazetteer)
        if record is None and name:
            place = gazetteer.place(name)
            record = place if place and place.kind == "country" else None
            country = country or (place.country if place else None)
        if record is not None:
            kind, name, country = "Country", record.name, record.name
    aliases = {o.text for o in occurrences}
    aliases.update(text for s in spots if s.name and len(text := context.text(s.start, s.stop)) > CODE)
    if kind == "Person":
        bare = not any(" " in text for text in aliases)
        titled = [_with_title(context, s) for s in spots if s.title and (bare or s.title.split()[0] in NOBLE)]
        aliases.update(titled)
        if bare and titled and titled[0].split()[0].casefold() in NOBLE:
            name = titled[0]
    gender = _gender(context, occurrences, name) if kind == "Person" else None
    return LocalEntity(
        id=f"e{number + 1}", type=kind, name=name, aliases=tuple(sorted(aliases)), gender=gender,
        country=country if kind in ("Place", "Country") else None,
    )  # fmt: skip


def _with_title(context: Context, spot: Spot) -> str:
    """The name of a person known by title and one name only: "Queen Ingrid", "President Doe"."""
    start, tokens = spot.start, context.parse.tokens
    while start > 0 and (
        tokens[start - 1].text[0].isupper()
        and context.low(start - 1) in spot.title.split()
        or tokens[start - 1].text == "."
    ):
        start -= 1
    while not tokens[start].text[0].isalnum():
        start += 1
    return context.text(start, spot.stop)


def _best_name(occurrences: list[Occurrence]) -> str:
    """The fullest form, the commonest and then the first of equals; capitals only when there is nothing else."""
    counts = Counter(o.text for o in occurrences if o.country is None)
    written = {text.casefold() for text in counts if not text.isupper()}

    def is_shouted(text: str) -> bool:
        return text.isupper() and (len(text) > SHOUTED or text.casefold() in written)

    return max(counts, key=lambda text: (not is_shouted(text), len(text.split()), counts[text], len(text)))


def _gender(context: Context, occurrences: list[Occurrence], name: str | None) -> Gender | None:
    votes = Counter(o.gender for o in occurrences if o.gender)
    if votes:
        return votes.most_common(1)[0][0]
    parts = (name or "").split()
    return context.gazetteer.gender(parts[0]) if len(parts) > 1 else None


def _mention(context: Context, spot: Spot, occurrence: Occurrence, entity: LocalEntity) -> Mention:
    tokens = context.parse.tokens
    begin, end = tokens[spot.start].begin, tokens[spot.stop - 1].end
    return Mention(
        begin=begin, end=end, text=context.parse.document.text[begin:end], type=entity.type,
        kind="demonym" if occurrence.country is not None else "name",
        start=spot.start, stop=spot.stop, head=head_of(context, spot), entities=(entity.id,),
    )  # fmt: skip
