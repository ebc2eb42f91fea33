"""Names that go on over a preposition or an "and": "Council on Rural Affairs", "Ministry of Trade and Industry"."""

from __future__ import annotations

from kg.name_context import HYPHENS, POSSESSIVES, Context, is_capital, is_date, opens
from kg.name_words import NameWords
from kg.types import Sentence

SHARED_HEADS = frozenset(
    "administration agency office service committee subcommittee commission bureau board party "
    "ministry department council institute authority".split()
)
DETERMINERS = frozenset({"the", "my", "our", "its", "his", "her", "their", "this"})
COURTS = frozenset({"court", "tribunal", "chamber", "chambers"})
"""Heads that go on with "for" and a country: "Special Court for Sierra Leone"."""


def same_entity(context: Context, start: int, stop: int, labels: tuple[str, ...]) -> bool:
    """Whether the model sees tokens[start:stop] as one name with one of these labels."""
    tokens = context.parse.tokens[start:stop]
    return all(t.entity in labels and t.entity == tokens[0].entity for t in tokens) and not any(
        t.entity_starts for t in tokens[1:]
    )


SEVERAL = frozenset({"departments", "ministries", "secretaries", "ministers"})
"""Words that open the names of several: "Departments of Trade and Labour"."""
READ_ON = 0.5
"""The least chance by which the reader sees a name go on over an "and"."""
SURELY_ON = 0.85
"""The chance of the "and" itself from which it does not matter whether another name might begin behind it."""
READ_OVER = 0.6
"""The least chance by which the reader sees a name go on over a preposition."""
WORDED = frozenset({"of", "for", "on", "against", "to"})
"""Prepositions over which the words of a name alone may tell that it goes on."""
PREPOSITIONS = WORDED | {"with", "without", "in"}
PARTS_OF_LAWS = frozenset({"title", "section", "article", "chapter"})
OF_STATES = frozenset({"national", "royal", "technical", "imperial", "catholic"})
HOUSES_AND_BODIES = frozenset({"observatory"})
"""Heads of places that also name a body with a purpose: "Observatory for Human Rights"."""
TO_BODIES = frozenset("committee campaign coalition alliance movement project fund commission".split())
"""Bodies that are named for what they do: "Committee to Save the Forest"."""


def _over_to(context: Context, i: int, low: str, k: int) -> bool:
    """Whether a name that begins at token i goes on over "to", the word `low` before it and token k behind."""
    if low in TO_BODIES:
        return context.common(k) and context.parse.tokens[k].tag[:2] in ("VB", "NN")
    plan = low in ("strategy", "plan", "programme", "program")
    return plan and context.words.is_common(context.low(k)) and not opens(context.parse, i)


def _ends_in(context: Context, k: int, sentence: Sentence, head: str) -> bool:
    """Whether the capitalised words from token k on end in the same word as the name before."""
    tokens, stop = context.parse.tokens, k
    while stop < sentence.stop and is_capital(tokens[stop]):
        stop += 1
    return stop - k > 1 and context.low(stop - 1) == head


def over_preposition(context: Context, i: int, j: int, sentence: Sentence) -> int | None:
    """The new end of the name that began at i over the preposition j, None where it ends in front of it."""
    tokens = context.parse.tokens
    k = j + 1
    while k < sentence.stop and tokens[k].text in ("the", "The", "a", "la", "du"):
        k += 1
    if k >= sentence.stop or not is_capital(tokens[k]) or is_date(context, k) or k in context.shouted:
        return None
    if tokens[k - 1].text == "The":
        return None  # "an award for The Glass River"
    if tokens[j].text == "against" and context.goes_on[j] < READ_OVER:
        return _known_end(context, i, j, k, sentence)  # "voted for the Centre Party against the Moderates"
    by_words = _over_preposition(context, i, j, k, sentence) if tokens[j].text in WORDED else None
    return k + 1 if by_words is None and _goes_on_read(context, i, j, k, sentence) else by_words


def _goes_on_read(context: Context, i: int, j: int, k: int, sentence: Sentence) -> bool:
    """Whether the reader sees a thing's name go on over the preposition j to token k: "Workers with Disabilities Act";
    a place behind an "of" only says where it is."""
    if not is_read_on(context, j, k, READ_OVER) or context.parse.tokens[j - 1].entity == "PERSON":
        return False
    if i > 1 and context.low(i - 1) == "of" and context.low(i - 2) in context.words.titles:
        return False  # "Secretary of State for Wales"
    low, words = context.low(j - 1), context.words
    if low in words.titles or low in words.roles or j - i == 1 and _is_post(words, low):
        return False
    return context.parse.tokens[j].text != "of" or not _is_place(context, k, sentence)


def _over_preposition(context: Context, i: int, j: int, k: int, sentence: Sentence) -> int | None:
    """The same by the words alone, k being the first capitalised word behind the preposition."""
    tokens, words = context.parse.tokens, context.words
    low, preposition = context.low(j - 1), tokens[j].text
    known = _known_end(context, i, j, k, sentence)
    if known is not None or context.country_of(tokens[j - 1].text) or tokens[j - 1].text in POSSESSIVES:
        return known
    if preposition == "for" and low.endswith("s") and words.is_role(low) and not opens(context.parse, i):
        return k + 1  # "Doctors for the Sahara"
    office = preposition == "of" and context.low(i) == "office" and j - i > 2  # "Office of the Secretary of Defense"
    if _is_post(words, low) and not office:
        return None
    if preposition == "of" and _is_chapter(context, i, j, k) or _is_seated(context, i, j, k, sentence):
        return k + 1
    if preposition == "to":
        return k + 1 if _over_to(context, i, low, k) else None
    if preposition == "for" and j - i > 1 and not context.common(i) and _ends_in(context, k, sentence, low):
        return None  # "left Norvik Bank for Elm Bank"
    headed = (
        tokens[k - 1].text == "the"
        and context.low(k) in words.spanning
        and k + 1 < sentence.stop
        and tokens[k + 1].text in ("on", "of", "for")
    )
    if (
        preposition == "of"
        and j - i > 1
        and (headed or _is_place(context, k, sentence) and low in words.heads and not _is_of_state(context, i, low))
    ):
        return None
    if (
        preposition in ("for", "on")
        and tokens[k - 1].text == "the"
        and not words.is_common(context.low(k))
        or preposition != "of"
        and words.heads.get(low) == "Place"
        and low not in HOUSES_AND_BODIES
    ):
        return None
    if preposition in ("for", "on") and context.gazetteer.country(tokens[k].text):
        return k + 1 if preposition == "for" and low in COURTS else None
    if preposition == "for" and low not in words.spanning and _is_place(context, k, sentence):
        return None  # "the rights to Low Tide for Latin America"
    if low in words.spanning or office:
        return k + 1
    if (
        _is_of_town(context, i, j, k, sentence)
        or preposition == "against"
        or any(context.low(m) in words.titles for m in range(i, j))
    ):
        return None
    if same_entity(context, j - 1, k + 1, ("ORG", "FAC", "EVENT", "LAW", "WORK_OF_ART")) and words.is_common(low):
        return k + 1
    person = tokens[j - 1].entity == "PERSON" and context.gazetteer.is_first_name(tokens[i].text)
    person = person or j - i > 2 and tokens[j - 2].text in HYPHENS  # "Park Tae-won of SK"
    if words.is_common(low) and not opens(context.parse, j - 1) and preposition in ("of", "for") and not person:
        return k + 1
    return None


def _is_of_town(context: Context, i: int, j: int, k: int, sentence: Sentence) -> bool:
    """Whether a name without article and head only says where it is: "Elm Cables of Baku", not "the State Bar of X"."""
    tokens = context.parse.tokens
    if tokens[j].text != "of" or context.low(j - 1) in context.words.heads or not _is_place(context, k, sentence):
        return False
    return not i or tokens[i - 1].text.casefold() != "the"


def _is_of_state(context: Context, i: int, low: str) -> bool:
    """Whether a body of two words goes on with its place: "Royal Bank of X", "National University of Norway"."""
    return low in context.words.of_places or context.low(i) in OF_STATES


def _is_seated(context: Context, i: int, j: int, k: int, sentence: Sentence) -> bool:
    """Whether a court goes on with its circuit, a university with its state: "Court of Appeals for the D.C. Circuit",
    "Lindale University of Ohio"."""
    tokens = context.parse.tokens
    if tokens[j].text not in ("of", "for"):
        return False
    if any(context.low(m) in COURTS for m in range(i, j)) and tokens[k - 1].text == "the":
        return _is_circuit(context, k, sentence)
    return tokens[j].text == "of" and context.low(j - 1) == "university" and j - i > 1 and _is_region(context, k)


def _is_circuit(context: Context, k: int, sentence: Sentence) -> bool:
    """Whether a court's circuit or district begins at token k: "Seventh Circuit", "District of Columbia"."""
    tokens = context.parse.tokens
    words = [tokens[m].text.casefold() for m in range(k, min(k + 4, sentence.stop)) if is_capital(tokens[m])]
    return "circuit" in words or "district" in words


def _is_region(context: Context, k: int) -> bool:
    place = context.gazetteer.place(context.parse.tokens[k].text)
    return place is not None and place.kind == "region"


def _known_end(context: Context, i: int, j: int, k: int, sentence: Sentence) -> int | None:
    """The end of a name over a preposition that the tables know: "Doctors for X", "Friends of Save the Children"."""
    headed = context.low(j - 1) in context.words.heads or context.low(i) in PARTS_OF_LAWS  # no person's name
    spans = ((i, k + 2), (i, k + 1), *(((k, k + 3),) if headed else ()))
    return next(
        (b for a, b in spans if b <= sentence.stop and context.text(a, b).casefold() in context.words.known), None
    )


def _is_post(words: NameWords, low: str) -> bool:
    return low in words.titles or low in words.roles or low in words.title_mods and low not in words.spanning


def _is_chapter(context: Context, i: int, j: int, k: int) -> bool:
    """Whether a body known by its letters goes on with its state: "ACLU of Florida"."""
    text = context.text(i, j)
    place = context.gazetteer.place(context.parse.tokens[k].text)
    return j - i == 1 and text.isupper() and len(text) > 2 and place is not None and place.kind == "region"


def _is_place(context: Context, k: int, sentence: Sentence) -> bool:
    """Whether the capitalised words from k on are a place of the tables."""
    tokens = context.parse.tokens
    end = k + 1
    while end < sentence.stop and is_capital(tokens[end]):
        end += 1
    return context.gazetteer.place(context.text(k, end)) is not None


def is_read_on(context: Context, j: int, k: int, least: float = READ_ON) -> bool:
    """Whether the trained reader sees a name go on from token j up to token k: on both sides of an "of" or "and"."""
    return all(context.goes_on[m] >= least for m in range(j, k + 1))


def over_and(context: Context, i: int, j: int, sentence: Sentence) -> int | None:
    """The new end of the name that began at i over the "and" at j, None where it ends in front of it."""
    tokens, words = context.parse.tokens, context.words
    k = j + 1
    if k >= sentence.stop or not is_capital(tokens[k]) or is_date(context, k):
        return None
    if _joins_read(context, i, j, k, sentence):
        return k + 1
    if context.text(i, k + 1).casefold() in words.known or context.gazetteer.place(context.text(j - 1, k + 1)):
        return k + 1  # "Law and Justice", "the Church of England and Wales"
    if context.country_of(tokens[j - 1].text) or context.gazetteer.place(tokens[j - 1].text):
        return None
    low, next_low = context.low(j - 1), context.low(k)
    plain = (
        words.is_common(low)
        and words.is_common(next_low)
        and next_low not in words.titles
        and next_low not in words.roles
    )
    linked = any(
        tokens[m].text in ("of", "for", "on") and context.low(m - 1) in words.spanning for m in range(i + 1, j)
    )
    if linked and plain:
        return None if _headed(context, k, sentence) else k + 1
    if same_entity(context, j - 1, k + 1, ("ORG", "LAW", "WORK_OF_ART")) and plain and low not in words.heads:
        return k + 1
    if _shares_adjective(context, i, j, k, sentence):
        return k + 1
    if (
        plain
        and low not in words.heads
        and not opens(context.parse, j - 1)
        and _ends_in_body(context, i, j, k, sentence)
    ):
        return k + 1
    return None


def _joins_read(context: Context, i: int, j: int, k: int, sentence: Sentence) -> bool:
    """Whether the reader sees one name over the "and" at j, and neither side has what makes it one of its own:
    "Hazardous Goods and Pipeline Safety Agency", not "Supreme Court and Congress"."""
    tokens, gazetteer = context.parse.tokens, context.gazetteer
    if (
        not (is_read_on(context, j, k) or context.goes_on[j] >= SURELY_ON)
        or j - i > 1
        and context.low(j - 1) in context.words.spanning
    ):
        return False
    if context.low(i) in SEVERAL or gazetteer.is_first_name(tokens[k].text) and context.begins[k] >= READ_ON:
        return False  # "Departments of Trade and Labour", "Blue Harbour and Ana Ruiz"
    end = k + 1
    while end < sentence.stop and is_capital(tokens[end]):
        end += 1
    left, right = context.text(i, j), context.text(k, end)
    known = (gazetteer.organization, gazetteer.place, context.country_of)
    return not any(find(side) for find in known for side in (left, right))


def _shares_adjective(context: Context, i: int, j: int, k: int, sentence: Sentence) -> bool:
    """Whether a rare word in front of an "and" belongs to what follows: "the National Oceanic and Atmospheric
    Administration", "the CHIPS and Science Act"."""
    tokens = context.parse.tokens
    end = k
    while end + 1 < sentence.stop and is_capital(tokens[end + 1]) and (end == k or context.common(end)):
        end += 1
    if (
        not i
        or end == k
        or tokens[i - 1].text.casefold() not in DETERMINERS
        or context.low(end) in context.words.titles
    ):
        return False
    if context.gazetteer.organization(context.text(i, j)) or context.gazetteer.organization(context.text(k, end + 1)):
        return False
    if context.low(end) == "act":
        return True
    wide = j - i > 1 and context.low(i) in ("national", "federal", "international", "european", "royal")
    return wide and context.low(j - 1) not in context.words.heads and context.low(end) in SHARED_HEADS


def _ends_in_body(context: Context, i: int, j: int, k: int, sentence: Sentence) -> bool:
    """Whether ordinary words on both sides of an "and" lead to one body: "Food and Drug Administration"."""
    tokens = context.parse.tokens
    start = next((m for m in range(i, j) if context.common(m) or tokens[m].text == "and"), j)
    if start == j or not all(context.common(m) or tokens[m].text == "and" for m in range(start, j)):
        return False
    while k + 1 < sentence.stop and is_capital(tokens[k + 1]) and context.common(k):
        k += 1
    return context.low(k) in SHARED_HEADS and context.low(k - 1) != "and"


def _headed(context: Context, k: int, sentence: Sentence) -> bool:
    """Whether the capitalised words from k on have a head of their own: "Department of X and Office of Y"."""
    tokens = context.parse.tokens
    while k + 1 < sentence.stop and is_capital(tokens[k + 1]):
        k += 1
    following = tokens[k + 1].text if k + 1 < sentence.stop else ""
    return (
        context.low(k) in context.words.spanning
        and following == "of"
        or context.low(k) in ("university", "committee", "college", "bank")
    )
