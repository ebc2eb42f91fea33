"""The class of every name of a document, decided over all its occurrences and the names that it belongs with."""

from __future__ import annotations

import math
import re
from typing import cast

from kg.gazetteer import fold
from kg.name_clusters import short_forms, singular
from kg.name_context import Context, Spot
from kg.name_model import chances_of, class_scores, longer_names, signs_of
from kg.name_persons import halves, parts_of
from kg.name_types import weigh
from kg.name_words import NameWords
from kg.types import EntityType

BODY_HEADS = frozenset(
    "court university college ministry department committee subcommittee council commission bureau agency authority "
    "association federation foundation institute administration parliament senate party union corporation".split()
)
LAWS = frozenset(
    "act plan treaty accord accords agreement pact amendment declaration strategy framework statement principles "
    "roadmap pledge proclamation resolution".split()
)
LAWSUIT_OR_PRIZE = re.compile(
    r" v\. |^(?:HB|SB|AB|HR|H\.R\.|HJR) \d+$|(?i: (?:prize|award|medal)s?(?: (?:in|for|of) .*)?$)"
)
WHERE = frozenset("at in inside outside near behind beside opposite around into through".split())
SERVING = frozenset("work study teach serve train enrol enroll graduate learn preach report job career post".split())
"""Verbs and nouns behind which "at" tells the body, not where it is."""
EVENTS = frozenset({"hurricane", "typhoon", "cyclone", "operation", "storm"})
TERRITORIES = frozenset({"district", "state", "commonwealth", "republic", "province", "city", "county"})
PLACE_OFFICES = frozenset(
    {"mayor", "governor", "sheriff", "residents", "resident", "suburb", "councillor", "councilman"}
)
MODEL_VOICE = 1.2
"""How much the learned probabilities count beside the evidence of the rules."""
LIST_VOICE = 1.5
"""How much the types of the other names of a list count."""
DOUBT = 0.05
"""The chance that a list holds things of several kinds."""
SURNAME = 7.0
"""How much the full name of a person speaks for the person where the last name stands alone."""
BARE = 3.0
"""How much a person's last name alone speaks for the person where the full name stands."""
SHORT = 4.0
"""How much the full name of a body speaks for the body where its first or last words stand alone."""
TOWN = 3.5
"""How much a local body's name speaks for the place that its first word names: "Arvik Town Council"."""
LONGEST_BODY = 8
"""Tokens of "of" and the body behind it."""
LIST_MARKS = frozenset({",", "and", "or", "&", "the"})
ARTICLES = frozenset({"the"})


def form_of(context: Context, spot: Spot) -> str:
    """The key of a name's form in its document: folded, without a final dot."""
    return fold(context.called(spot)).rstrip(".")


def types_of(context: Context, spots: list[Spot]) -> dict[str, EntityType]:
    """The type of each form of a name, by the evidence of all its occurrences and of the full names it is part of."""
    places: dict[str, list[Spot]] = {}
    for spot in spots:
        if not spot.demonym:
            places.setdefault(form_of(context, spot), []).append(spot)
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
        elif "dateline=place" in signs and (famous is None or context.gazetteer.place(texts[form])):
            if context.gazetteer.organization(texts[form]) is None:
                pinned[form] = "Place"  # whatever else bears the name
        elif LAWSUIT_OR_PRIZE.search(texts[form]):
            pinned[form] = "Work"
        elif _heads_a_body(texts[form]) and context.gazetteer.country(texts[form]):
            pinned[form] = "Place"  # "Soviet Union"
        elif _heads_a_body(texts[form]) or _is_tabled_body(context, texts[form]) and not any(s.title for s in found):
            pinned[form] = "Organization"
        elif texts[form].casefold().split()[-1] in LAWS and " " in texts[form]:
            pinned[form] = "Work"
        elif opening := _opening(context.words, texts[form]):
            pinned[form] = opening
        elif _is_camp(context.words, texts[form]) or _is_people(context, texts[form]):
            pinned[form] = "Group"
        elif _is_town(context, texts[form]) or _is_building(context, texts[form], found):
            pinned[form] = "Place"
        elif all(_is_of_family(context, spot) for spot in found):
            pinned[form] = "Person"
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
    return "Event" if rest and first.casefold() in EVENTS else None


def _is_camp(words: NameWords, text: str) -> bool:
    """Whether the name is that of people of one conviction: "Democrats", "Senate Democrats"."""
    return words.heads.get(text.casefold().split()[-1]) == "Group"


def _is_people(context: Context, text: str) -> bool:
    """Whether the name is that of a part of a people: "Turkish Cypriots"."""
    first, _, last = text.partition(" ")
    named = context.country_of(last) or context.country_of(last.removesuffix("s"))
    return last.endswith("s") and bool(named) and context.country_of(first) is not None


def _is_of_family(context: Context, spot: Spot) -> bool:
    """Whether a strange word stands before those who bear it: "the Ruiz family"."""
    tokens = context.parse.tokens
    after = tokens[spot.stop].text if spot.stop < len(tokens) else ""
    strange = not context.common(spot.start) and context.gazetteer.place(context.called(spot)) is None
    return spot.stop - spot.start == 1 and strange and after in ("family", "siblings", "brothers")


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
        if listed and between == ["and"] and _is_of_person(context, stop, spot):
            listed = False  # "Ana Roe of the Harbour School and Rob van Dam"
        modifier = spot.demonym or _is_modifier(context, spot)  # "Eva Lund and Nova Scotia Premier Jo Hale"
        if not listed or modifier:
            close()
            chain, joined = [], False
        if not modifier:
            joined = joined or not {"and", "or", "&"}.isdisjoint(between) and bool(chain)
            chain.append(form_of(context, spot))
        stop = spot.stop
    close()
    return found


def _is_of_person(context: Context, stop: int, spot: Spot) -> bool:
    """Whether a name like a person's stands behind "PERSON of X and", of which X ends at `stop`."""
    tokens = context.parse.tokens
    start = context.parse.sentences[context.parse.sentence_of[spot.start]].start
    front = [t for t in tokens[max(start, stop - LONGEST_BODY) : stop] if t.text in ("of", "at")]
    person = any(tokens[t.i - 1].entity == "PERSON" for t in front if t.i)
    return person and context.gazetteer.is_first_name(tokens[spot.start].text)


def _is_modifier(context: Context, spot: Spot) -> bool:
    """Whether the name only tells of what the capitalised word right behind it is."""
    tokens, last = context.parse.tokens, context.parse.tokens[spot.stop - 1]
    if spot.stop >= len(tokens) or not tokens[spot.stop].text[0].isupper():
        return False
    return context.low(spot.stop) in context.words.titles or last.dep in ("compound", "nmod") and last.head >= spot.stop


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
    """Give a bare surname its person's type and the short form of an organisation's name the organisation's.

    A word that is both ("Haldane" beside Ann Haldane and Haldane Shipping) is the person's where the text named the
    person first; where it named the body first, what stands around the word decides.
    """
    surnames: dict[str, float] = {}
    lasts: dict[str, int] = {}
    shorts: dict[str, int] = {}
    shortened: dict[str, EntityType] = {}
    towns: set[str] = set()
    for n, (form, text) in enumerate(texts.items()):
        parts = parts_of(text)
        if parts[0] in EVENTS and len(parts) > 1:
            shortened[" ".join(parts[1:])] = "Event"  # "Ciara" for "Storm Ciara"
        elif types[form] == "Person" and len(parts) > 1:
            surnames[parts[-1]] = max(surnames.get(parts[-1], 0.0), scores[form]["Person"])
            for part in (*parts[:-1], *halves(parts[-1])):
                surnames.setdefault(part, 1.0)
            lasts.setdefault(parts[-1], n)
        elif types[form] == "Organization" and not context.words.local.isdisjoint(parts[1:]):
            towns.add(parts[0])
        elif types[form] == "Organization":
            named = len(texts) if "&" in parts else n  # "Kell & Roe" is named after persons
            shorts = dict.fromkeys(short_forms(parts, context.words), named) | shorts
        elif types[form] == "Product" and context.words.firsts.get(parts[0]) == "Product":
            shortened[" ".join(parts[1:])] = "Product"  # "Lindisfarne" for "HMS Lindisfarne"
    full = _acronyms(texts)
    for form, text in texts.items():
        if form in full and not context.gazetteer.organization(text):
            types[form] = types[full[form]]
            continue
        if context.gazetteer.country(text) and form not in lasts:
            continue
        score = dict(scores[form])
        last = text.casefold().split()[-1]
        if " " in text and last != form and types.get(last) == "Person" and last in texts:
            score["Person"] += BARE  # "Soichi Noguchi" where Noguchi alone is a person
        first = text.casefold().split()[0]
        firm = types[form] == "Person" and types.get(first) == "Organization" and first in texts
        if firm and text.count(" ") == 1:
            score["Organization"] += BARE  # "Parrot Heron" where Parrot alone is a body
        if form in surnames:
            score["Person"] += SURNAME
            if form in lasts and shorts.get(form, len(texts)) < lasts[form]:  # Haldane Shipping was named before Ann
                score["Organization"] += SURNAME
        elif form in shortened:
            types[form] = shortened[form]
            continue
        elif form in shorts and not context.gazetteer.place(text):
            score["Organization"] += SHORT
        elif form in towns:
            score["Place"] += TOWN
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
