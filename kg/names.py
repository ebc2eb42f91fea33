"""The names of one document: where they stand, what kind of thing they name, which of them mean the same."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import cast

from kg.gazetteer import Gazetteer, Gender, fold
from kg.name_clusters import cluster, singular
from kg.name_context import Context, Spot, context_of
from kg.name_model import chances_of, class_scores, longer_names, signs_of
from kg.name_persons import parts_of
from kg.name_records import Occurrence
from kg.name_spans import find_spots
from kg.name_types import head_of, weigh
from kg.name_words import NameWords, load_words
from kg.types import EntityType, LocalEntity, Mention, Parse

NOBLE = frozenset(
    "king queen prince princess pope emperor empress sultan emir tsar sheikh lord lady baron baroness count countess "
    "duke duchess father mother brother sister saint maharaja imam".split()
)
BODY_HEADS = frozenset(
    "court university college ministry department committee subcommittee council commission bureau agency authority "
    "association federation foundation institute administration parliament senate party union corporation".split()
)
WHERE = frozenset("at in inside outside near behind beside opposite around into through".split())
SERVING = frozenset("work study teach serve train enrol enroll graduate learn preach report job career post".split())
"""Verbs and nouns behind which "at" tells the body, not where it is."""
STORMS = frozenset({"hurricane", "typhoon", "cyclone"})
TERRITORIES = frozenset({"district", "state", "commonwealth", "republic", "province", "city", "county"})
PLACE_OFFICES = frozenset(
    {"mayor", "governor", "sheriff", "residents", "resident", "suburb", "councillor", "councilman"}
)
VERSION = re.compile(r" [0-9.]+$")
MODEL_VOICE = 0.5
"""How much the learned probabilities count beside the evidence of the rules."""
LIST_VOICE = 1.5
"""How much the types of the other names of a list count."""
DOUBT = 0.05
"""The chance that a list holds things of several kinds."""
LIST_MARKS = frozenset({",", "and", "or", "&", "the"})
ARTICLES = frozenset({"the"})
CODE = 2
"""Letters of the longest code ("D", "R.") that is no name of what it stands for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The entities of a document and every place where it refers to them, in text order."""

    entities: tuple[LocalEntity, ...]
    mentions: tuple[Mention, ...]


def find_names(parse: Parse, gazetteer: Gazetteer) -> Names:
    """Every named entity of the document with all its names, as mentions of kind "name" or "demonym".

    A mention has neither article nor title ("President") nor 's; "Russian" in "Russian officials" is a demonym
    mention of the country, "Russians" the name of a Group.
    """
    context = context_of(parse, gazetteer, load_words())
    spots = _whole(context, find_spots(context))
    types = _types(context, spots)
    occurrences = [_occurrence(context, spot, types) for spot in spots]
    numbers = cluster(occurrences, gazetteer, context.words, _brackets(context, spots))
    return _assemble(context, spots, occurrences, numbers)


def _whole(context: Context, spots: list[Spot]) -> list[Spot]:
    """The spots with names that the tables know as one put together: "National Aeronautics and Space ..."."""
    found: list[Spot] = []
    for spot in spots:
        before = found[-1] if found else None
        near = before is not None and 0 < spot.start - before.stop <= 2 and not before.demonym and not spot.demonym
        if near and before is not None and _is_tabled(context, before.start, spot.stop):
            found[-1] = replace(before, stop=spot.stop)
        elif (
            spot.start
            and (before is None or before.stop < spot.start)
            and _is_tabled(context, spot.start - 1, spot.stop)
        ):
            found.append(replace(spot, start=spot.start - 1))
        else:
            found.append(spot)
    return found


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


# ---------------------------------------------------------------- types


def _form(context: Context, spot: Spot) -> str:
    return fold(context.called(spot)).rstrip(".")


def _types(context: Context, spots: list[Spot]) -> dict[str, EntityType]:
    """The type of each form of a name, by the evidence of all its occurrences and of the full names it is part of."""
    places: dict[str, list[Spot]] = {}
    for spot in spots:
        if not spot.demonym:
            places.setdefault(_form(context, spot), []).append(spot)
    texts = {form: context.called(found[0]) for form, found in places.items()}
    longer = longer_names(context, spots)
    scores: dict[str, dict[EntityType, float]] = {}
    pinned: dict[str, EntityType] = {}
    for form, found in places.items():
        signs = signs_of(context, found, longer.get(texts[form].casefold(), ()))
        ruled, learned = weigh(signs), class_scores(signs)
        scores[form] = {kind: ruled[kind] + MODEL_VOICE * learned[kind] for kind in ruled}
        famous = context.words.known.get(texts[form].casefold().removeprefix("the "))
        if famous is not None and (famous in ("Place", "Event", "Product") or not context.gazetteer.place(texts[form])):
            pinned[form] = cast(EntityType, famous)
        elif _heads_a_body(texts[form]) or _is_tabled_body(context, texts[form]):
            pinned[form] = "Organization"
        elif opening := _opening(context.words, texts[form]):
            pinned[form] = opening
        elif _is_camp(context.words, texts[form]):
            pinned[form] = "Group"
        elif _is_town(context, texts[form]) or _is_building(context, texts[form], found):
            pinned[form] = "Place"
        elif max(scores[form], key=lambda kind: scores[form][kind]) == "Person" and any(
            _governs_place(context, spot) for spot in found
        ):
            pinned[form] = "Place"
    scores = _agree(scores, _lists(context, spots))
    types = {form: max(score, key=lambda kind: score[kind]) for form, score in scores.items()}
    _spread(context, texts, scores, types)
    types.update(pinned)
    return types


def _is_tabled_body(context: Context, text: str) -> bool:
    """Whether the tables know the name as a body's and as nothing else's."""
    record = context.gazetteer.organization(text)
    if record is None or record.type != "Organization" or context.gazetteer.place(text) is not None:
        return False
    return not context.gazetteer.is_first_name(text)


def _opening(words: NameWords, text: str) -> EntityType | None:
    """The type that a name's first word leaves no doubt of: "Typhoon Oscar", "HMS Resolute"."""
    first, _, rest = text.partition(" ")
    if first.isupper() and rest and words.firsts.get(first.casefold()) == "Product":
        return "Product"
    return "Event" if rest and first.casefold() in STORMS else None


def _is_camp(words: NameWords, text: str) -> bool:
    """Whether the name is that of people of one conviction: "Senate Democrats"."""
    last = text.casefold().split()[-1]
    return " " in text and words.heads.get(last) == "Group"


def _is_building(context: Context, text: str, spots: list[Spot]) -> bool:
    """Whether a house of many uses is spoken of as a place only: "at the Regal Theatre", not "the theatre said"."""
    words = text.casefold().split()
    links = next((n for n, word in enumerate(words) if n and word in ("of", "for")), len(words))
    if len(words) < 2 or words[links - 1] not in context.words.buildings or context.gazetteer.organization(text):
        return False
    return all(_is_at(context, spot) for spot in spots)


def _is_at(context: Context, spot: Spot) -> bool:
    tokens, at = context.parse.tokens, spot.start - 1
    if at > 0 and tokens[at].text.casefold() == "the":
        at -= 1
    if at < 0 or tokens[at].text.casefold() not in WHERE:
        return False
    governor = tokens[tokens[at].head]
    return governor.lemma not in SERVING and not context.words.is_role(governor.text)


def _is_town(context: Context, text: str) -> bool:
    """Whether the tables know the name of several words as a place's: "Salt Lake City"."""
    place = context.gazetteer.place(text) if " " in text and context.gazetteer.organization(text) is None else None
    return place is not None and not context.gazetteer.gender(text.split(maxsplit=1)[0])


def _heads_a_body(text: str) -> bool:
    """Whether the name's head is a word that only bodies have: "Court" in "District Court for the District of Ohio".

    A territory in front is passed over: "District of Columbia Court of Appeals".
    """
    words = text.casefold().split()
    if len(words) > 1 and words[-1] in BODY_HEADS or re.search(r"['’]s? office\b", text.casefold()):
        return True
    links = [n for n, word in enumerate(words) if n and word in ("for", "of", "on", "in", "at")] or [len(words)]
    at = 1 if words[links[0] - 1] in TERRITORIES and len(links) > 1 else 0
    return len(words) > 1 and words[links[at] - 1] in BODY_HEADS


def _governs_place(context: Context, spot: Spot) -> bool:
    """Whether the office behind the name is one that only places have: "Irving mayor", "Ohio governor"."""
    tokens = context.parse.tokens
    return spot.stop < len(tokens) and tokens[spot.stop].text.casefold() in PLACE_OFFICES and not spot.title


def _lists(context: Context, spots: list[Spot]) -> dict[str, dict[str, None]]:
    """The forms that stand in one list with each: "Bedford, Floyd and Lancaster", but not "Ann Lee, Rift Coal"."""
    tokens = context.parse.tokens
    found: dict[str, dict[str, None]] = {}
    chain: list[str] = []
    joined = False

    def close() -> None:
        if len(chain) > 2 or len(chain) == 2 and joined:
            for form in chain:
                found.setdefault(form, {}).update((other, None) for other in chain if other != form)

    stop = -1
    for spot in spots:
        between = [token.text.casefold() for token in tokens[stop : spot.start]] if stop >= 0 else []
        listed = 0 < len(between) < 4 and LIST_MARKS.issuperset(between) and not ARTICLES.issuperset(between)
        if not listed or spot.demonym:
            close()
            chain, joined = [], False
        if not spot.demonym:
            joined = joined or not {"and", "or", "&"}.isdisjoint(between) and bool(chain)
            chain.append(_form(context, spot))
        stop = spot.stop
    close()
    return found


def _agree(
    scores: dict[str, dict[EntityType, float]], lists: dict[str, dict[str, None]]
) -> dict[str, dict[EntityType, float]]:
    """The scores with what the names beside them in lists speak for: a list holds things of one kind."""
    chances = {form: chances_of(scores[form]) for form in lists}
    found: dict[str, dict[EntityType, float]] = {}
    for form, score in scores.items():
        beside = [chances[other] for other in lists.get(form, ())]
        found[form] = {
            kind: value + LIST_VOICE * math.log(DOUBT + sum(chance[kind] for chance in beside) / len(beside))
            if beside
            else value
            for kind, value in score.items()
        }
    return found


def _spread(
    context: Context, texts: dict[str, str], scores: dict[str, dict[EntityType, float]], types: dict[str, EntityType]
) -> None:
    """Give a bare surname its person's type and the short form of an organisation's name the organisation's."""
    surnames: dict[str, float] = {}
    openings: dict[str, float] = {}
    for form, text in texts.items():
        parts = parts_of(text)
        if types[form] == "Person" and len(parts) > 1:
            surnames[parts[-1]] = max(surnames.get(parts[-1], 0.0), scores[form]["Person"])
            surnames.setdefault(parts[0], 1.0)
        elif types[form] == "Organization" and len(parts) > 1:
            openings[parts[0]] = max(openings.get(parts[0], 0.0), scores[form]["Organization"])
    full = _acronyms(texts)
    for form, text in texts.items():
        if form in full and not context.gazetteer.organization(text):
            types[form] = types[full[form]]
            continue
        if len(form.split()) > 1 or context.gazetteer.country(text):
            continue
        score = dict(scores[form])
        if form in surnames:
            score["Person"] += 7.0
        if form in openings and not context.gazetteer.place(text):
            score["Organization"] += 3.0
        types[form] = max(score, key=lambda kind: score[kind])


def _acronyms(texts: dict[str, str]) -> dict[str, str]:
    """The form of an acronym -> that of the one name of the document that it abbreviates: "RPF", "IE8"."""
    found: dict[str, list[str]] = {}
    for form, text in texts.items():
        words = [word for word in text.replace("-", " ").split() if word[0].isupper() or word.isdigit()]
        if len(words) > 1:
            found.setdefault("".join(word if word.isdigit() else word[0] for word in words), []).append(form)
    return {
        form: found[letters][0]
        for form, text in texts.items()
        if len(found.get(letters := singular(text).replace(".", ""), ())) == 1 and letters[:2].isupper()
    }


# ---------------------------------------------------------------- occurrences


def _occurrence(context: Context, spot: Spot, types: dict[str, EntityType]) -> Occurrence:
    text = context.called(spot)
    tokens = context.parse.tokens
    article = spot.start > 0 and tokens[spot.start - 1].text.casefold() == "the"
    country = None
    kind: EntityType
    if spot.demonym:
        kind = "Group" if _is_people(context, spot) else "Place"
        country = context.country_of(text) if kind == "Place" else None
    else:
        kind = types[_form(context, spot)]
    gender = next((g for word in reversed(spot.title.split()) if (g := context.gazetteer.title_gender(word))), None)
    return Occurrence(
        text=text, type=kind, gender=gender, sentence=context.parse.sentence_of[spot.start],
        article=article, title=spot.title, country=country,
    )  # fmt: skip


def _is_people(context: Context, spot: Spot) -> bool:
    """Whether a demonym names people ("Russians", "the British said"), not a country ("Russian officials")."""
    tokens, last = context.parse.tokens, context.parse.tokens[spot.stop - 1]
    text = context.text(spot.start, spot.stop)
    if text.isupper() or "." in text:
        return False
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
        record = gazetteer.country(country or name or "")
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
    return max(
        counts, key=lambda text: (not (text.isupper() and len(text) > 6), len(text.split()), counts[text], len(text))
    )


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
