"""Capitalised words that belong together: where a name may start and how far it goes.

The result may still hold more than a name ("CIA Director Jane Doe"); `name_parts` takes it apart.
"""

from __future__ import annotations

import re

from kg.name_context import (
    CLOSED_TAGS,
    HYPHENS,
    NAME_LABELS,
    POSSESSIVES,
    Context,
    is_capital,
    is_date,
    is_given,
    is_pair,
    is_web,
    opens,
)
from kg.name_links import PREPOSITIONS, over_and, over_preposition, same_entity
from kg.name_single import is_introduced, owns_noun
from kg.types import Sentence, Token

PARTICLES = frozenset(
    "de del della di da do dos das du des la le les el al bin ibn bint van von der den zu zur af av y e et und "
    "och og ben abu d' arap ole wa binti ould ter ten".split()
)
COMPANY_TAILS = frozenset(
    "inc inc. llc ltd ltd. plc llp corp corp. co co. jr jr. sr sr. l.l.c. l.l.p. pllc p.l.l.c. p.c. p.a. lp l.p. s.a. "
    "ag gmbh d.c. md".split()
)
PRIZES = frozenset({"prize", "prizes", "award", "awards", "medal"})
FIELDS = frozenset(
    "literature physics chemistry medicine physiology economics economic mathematics journalism architecture biology "
    "music poetry fiction history".split()
)
"""What a prize is given for, part of its name: "Nobel Prize in Literature"."""
BREAKS = frozenset("fiscal today yesterday tomorrow image images photo photos source credit applause via".split())
VESSELS = frozenset({"M/V", "M/T", "M/Y", "S/S", "S/V", "F/V"})
NUMBERED = frozenset({"order", "resolution", "bill", "proposition", "proclamation", "flight", "directive"})
SAINTS = frozenset({"st", "saint"})
SYLLABLE = 4
"""Letters of a part of a given name at most: "Tae-won"."""
SUFFIXES = frozenset(
    "led born made run era held only size area like wide free type bred rich old long next away".split()
)
"""What short words behind a hyphen make an adjective of a name: "Oslo-born"."""
SURE = 0.9
"""The chance from which a word that the trained reader takes for the first of a name may begin one."""
LEADING = frozenset("the a an our my his her its their this that these those on in at i we he she it".split())
"""Words that a name may begin with and mostly does not: "The College", "On Saturday"."""
_VERSION = re.compile(r"\d{1,3}(?:\.\d+)*")
_YOUTH = re.compile(r"under-\d+|u-?\d\d")
"""A team's age is no name: "Under-20"."""
_INITIAL = re.compile(r"[A-Z]\.")
_ORDINAL = re.compile(r"\d{1,3}(?:st|nd|rd|th)")


def starts(context: Context, i: int, sentence: Sentence) -> bool:
    """Whether a name may start at token i."""
    token, low, words = context.parse.tokens[i], context.low(i), context.words
    if is_capital(token) and i not in context.shouted and context.begins[i] >= SURE and low not in LEADING:
        return True  # "Per-Arne Solstad", "WHO"
    if i == sentence.start and _is_where(context, i, sentence):
        return True
    if (
        i > sentence.start
        and context.parse.tokens[i - 1].text == "#"
        and context.parse.tokens[i - 1].end == token.begin
    ):
        return False
    after = context.parse.tokens[i + 1] if i + 1 < sentence.stop else None
    if is_web(token):
        return True
    if _ORDINAL.fullmatch(token.text):
        return _is_numbered_body(context, i, sentence)
    if token.text[0].isdigit():
        return bool(re.fullmatch(r"\d[A-Za-z]{3,}", token.text)) and token.entity in ("ORG", "PRODUCT", "PERSON", "GPE")
    if is_pair(context, i) and "-" in token.text:
        return False
    if not is_capital(token) or "$" in token.text or (len(token.text) == 1 and not _initial(context, i, after)):
        return False
    if (
        i in context.shouted
        and words.is_common(low)
        and not (context.gazetteer.country(token.text) and token.entity in NAME_LABELS)
    ):
        return False
    if (
        token.tag in CLOSED_TAGS
        and (words.is_common(low) or low in words.stop)
        or low.rstrip("-–") in words.stop
        and low[-1] in "-–"
    ):
        return False
    if low in words.numbers and opens(context.parse, i) or _YOUTH.fullmatch(low):
        return False
    if not opens(context.parse, i):
        return not is_date(context, i)
    return _starts_sentence(context, i, token, low, after)


def _is_where(context: Context, i: int, sentence: Sentence) -> bool:
    """Whether a place that may be an ordinary word opens the sentence, a dateline or in front of a colon: "MALE,
    Maldives -", "NEW DELHI: The court ..."."""
    tokens, place = context.parse.tokens, context.gazetteer.place
    if sentence.kind == "dateline":
        return place(tokens[i].text) is not None
    return sentence.stop - i > 2 and tokens[i + 2].text == ":" and place(context.text(i, i + 2)) is not None


def _is_numbered_body(context: Context, i: int, sentence: Sentence) -> bool:
    """Whether the capitalised words behind the ordinal at token i end in a head: "99th Light Infantry Division"."""
    k = i + 1
    while k < sentence.stop and is_capital(context.parse.tokens[k]):
        k += 1
    dated = i > sentence.start and is_date(context, i - 1)  # "the April 5th Executive Order"
    return k > i + 1 and context.low(k - 1) in context.words.heads and not dated


def _starts_sentence(context: Context, i: int, token: Token, low: str, after: Token | None) -> bool:
    words, gazetteer = context.words, context.gazetteer
    if after is not None and _is_twofold(context, i):
        return True  # "South African ...", "New Zealand ..."
    if _INITIAL.fullmatch(token.text) and after is not None and is_capital(after) and not words.is_common(after.text):
        return True  # "A. Navarro"
    if is_introduced(context, i):
        return True
    if token.text == "US" and i not in context.shouted:
        return after is None or not after.text[0].isdigit()  # the state, where "us" is none; "US 9" is a road
    if is_date(context, i) or low in words.stop and low not in words.heads and low not in words.titles:
        return is_given(context, i)
    if after is not None and context.text(i, min(i + 3, len(context.parse.tokens))).casefold() in words.known:
        return True  # "Save the Children"
    proper = token.tag.startswith("NNP")
    if not words.is_common(low):
        return (
            proper
            or token.entity in NAME_LABELS
            or context.inside[low] > 0
            or token.text.isupper()
            and len(token.text) > 2
            or context.lower[low] == 0
            and (
                token.pos == "PROPN"
                or token.tag in ("NN", "RB")
                and not low.endswith("ly")  # "Equinor, which ...", "Unhurriedly"
                or after is not None
                and is_capital(after)
                or gazetteer.place(token.text) is not None
                or after is not None
                and after.tag in ("VBD", "VBZ", "MD")
                and token.tag[:2] in ("NN", "JJ")
            )
        )
    if context.inside[low] and context.lower[low] == 0 and low not in words.titles:
        return True
    if context.country_of(token.text) or gazetteer.country(token.text) or gazetteer.organization(token.text):
        return True
    if after is None:
        return False
    if after.text == "of":
        return low in words.spanning
    if owns_noun(context, i):
        return True
    if after.text in POSSESSIVES and i + 2 < len(context.parse.tokens):
        return _over_possessive(context, i, i + 1, context.parse.tokens[i + 2])
    if token.entity in NAME_LABELS and proper and token.entity not in ("WORK_OF_ART", "LAW"):
        return (
            is_capital(after) or bool(gazetteer.place(token.text)) or context.lower[low] == 0 and token.pos == "PROPN"
        )
    joins = is_capital(after) and not is_date(context, i + 1) and after.text != "I"
    return joins and token.tag[:2] not in ("VB", "RB", "IN") and token.pos not in ("ADP", "ADV", "VERB", "AUX")


def _is_twofold(context: Context, i: int) -> bool:
    """Whether tokens i and i + 1 are a place or the adjective of one together."""
    text = context.text(i, i + 2)
    return context.country_of(text) is not None or context.gazetteer.place(text) is not None


def _initial(context: Context, i: int, after: Token | None) -> bool:
    if after is None or context.parse.tokens[i].text == "I":
        return False
    vessel = after.text == "/" and context.text(i, i + 3) in VESSELS
    return after.text == "." or is_capital(after) or vessel


def extend(context: Context, i: int, j: int, sentence: Sentence) -> int | None:
    """The new end of the name that began at i and reaches j, None where it ends there."""
    tokens, words = context.parse.tokens, context.words
    if j >= sentence.stop or is_web(tokens[i]):
        return j + 1 if j < sentence.stop and context.low(j) in COMPANY_TAILS else None
    token, before = tokens[j], tokens[j - 1]
    after = tokens[j + 1] if j + 1 < sentence.stop else None
    glued = token.begin == before.end
    if token.text.isspace():
        return j + 2 if after and is_capital(after) and not is_date(context, j + 1) else None
    if token.text in HYPHENS:
        return _over_hyphen(context, i, j, after) if glued and after and after.begin == token.end else None
    if token.text == ".":
        short = glued and len(before.text) <= 4 and after is not None and is_capital(after)
        return j + 1 if short and (len(before.text) == 1 or context.low(j - 1) in words.titles) else None
    if token.text in POSSESSIVES:
        return j + 1 if glued and after and _over_possessive(context, i, j, after) else None
    if token.text[0].isdigit():
        return j + 1 if _over_number(context, i, j, after) else None
    if token.text == ",":
        campus = context.low(i) == "university" and (
            same_entity(context, j - 1, j + 2, ("ORG",)) or _is_campus(context, i, j, sentence)
        )
        formed = after is not None and after.text.casefold() in COMPANY_TAILS and is_capital(after)
        return j + 2 if after and (campus or formed) else None
    if token.text == "&":
        return j + 2 if after and is_capital(after) else None
    if token.text == "/" and glued:
        return j + 2 if after and after.begin == token.end and _over_slash(context, before, after) else None
    if token.text == "the" and after and context.text(i, j + 2).casefold() in words.known:
        return j + 2  # "Save the Children"
    if token.text == "and":
        return over_and(context, i, j, sentence)
    if token.text == "in" and after and is_capital(after):
        field = context.low(j - 1) in PRIZES and j - i > 1 and context.low(j + 1) in FIELDS
        if field or context.gazetteer.organization(context.text(i, j + 2)):
            return j + 2
    if token.text in PREPOSITIONS:
        return over_preposition(context, i, j, sentence)
    if token.text.islower() and after and is_capital(after) and context.gazetteer.place(context.text(i, j + 2)):
        return j + 2  # "Dar es Salaam"
    if token.text in PARTICLES and not is_capital(token):
        return _over_particles(context, j, sentence)
    return j + 1 if _goes_on(context, j, sentence) else None


def _is_campus(context: Context, i: int, j: int, sentence: Sentence) -> bool:
    """Whether a city behind the comma at j has a campus of its state's university: "University of Ohio, Lima"."""
    tokens, gazetteer = context.parse.tokens, context.gazetteer
    if j - i != 3 or tokens[i + 1].text != "of":
        return False
    state = gazetteer.place(tokens[i + 2].text)
    cities = [gazetteer.place(context.text(j + 1, m)) for m in (j + 2, j + 3) if m <= sentence.stop]
    home = state is not None and state.kind == "region" and state.country == "United States"
    return home and any(city is not None and city.kind == "city" and city.country == "United States" for city in cities)


def _over_slash(context: Context, before: Token, after: Token) -> bool:
    """ "SAMP/T", "Greens/Alliance" where the model sees one body; not "Reuters/Ana Ruiz"."""
    tokens = context.parse.tokens
    if context.gazetteer.is_first_name(after.text) and after.i + 1 < len(tokens) and is_capital(tokens[after.i + 1]):
        return False
    one = before.entity == after.entity == "ORG" and not after.entity_starts
    return is_capital(after) and (one or before.text.isupper() and len(after.text) == 1)


def _goes_on(context: Context, j: int, sentence: Sentence) -> bool:
    """Whether the capitalised word j belongs to the name in front of it."""
    token, words, tokens = context.parse.tokens[j], context.words, context.parse.tokens
    if not is_capital(token) or is_date(context, j) or token.tag in ("PRP", "WP", "WRB") or is_web(token):
        return False
    if len(token.text) == 1 and j + 2 < sentence.stop and tokens[j + 1].text in HYPHENS:
        if tokens[j + 1].begin == token.end and tokens[j + 2].text.islower():
            return False  # "NASA T-shirt"
    if (j in context.shouted) != (j - 1 in context.shouted) or j in context.shouted and words.is_common(token.text):
        return False
    if context.low(j) in BREAKS:
        return False
    return not (
        token.tag in CLOSED_TAGS and token.text.casefold() in ("the", "a", "in", "on", "at", "and", "but", "with")
    )


def _over_number(context: Context, i: int, j: int, after: Token | None) -> bool:
    """ "Plant 9", "Hill 402", "Force 17", "QuillNote 5", but not "Wilk 34 percent"."""
    token, before = context.parse.tokens[j], context.parse.tokens[j - 1]
    if _VERSION.fullmatch(token.text) and context.words.known.get(context.text(i, j).casefold()) == "Product":
        return True
    numbered = context.low(j - 1) in NUMBERED
    if context.words.known.get(context.text(i, j).casefold()) == "Organization" and not numbered:
        return False  # "Celtic 14 points behind"
    if (
        not token.text.isdigit()
        or len(token.text) > (5 if numbered else 3)
        or is_date(context, j - 1)
        or token.begin == before.end
    ):
        return False
    if after is not None and context.words.nouns.get(after.text) == "Product":
        return True  # "the Heron 2 capsule"
    if after is not None and (
        after.text in ("-", "%", ":", "–") or after.tag in ("NN", "NNS", "CD") or after.text in ("percent", "million")
    ):
        return False
    same = (
        before.entity in ("ORG", "PRODUCT", "FAC", "EVENT", "WORK_OF_ART", "GPE", "LOC")
        and token.entity == before.entity
    )
    return (same and not token.entity_starts) or token.head in range(i, j) or before.head == j or context.common(j - 1)


def _over_hyphen(context: Context, i: int, j: int, after: Token) -> int | None:
    tokens, gazetteer, before = context.parse.tokens, context.gazetteer, context.parse.tokens[j - 1]
    if is_capital(after):
        places = all(gazetteer.country(t.text) or context.country_of(t.text) for t in (before, after))
        headed = after.i + 1 < len(tokens) and context.low(after.i + 1) in ("administration", "act", "commission")
        person = j - i > 1 and gazetteer.is_first_name(tokens[i].text)  # "Ana Roe-Vale", where Roe is her father
        two = before.text in context.alone and after.text in context.alone and not headed and not person
        return None if places or two or is_date(context, after.i) else j + 2
    if after.text[0].isdigit():
        return j + 2 if len(after.text) <= 3 and before.text.casefold() != "covid" else None
    if not after.text.islower():
        return None
    further = after.i + 2
    if (
        len(after.text) <= 3
        and further < len(tokens)
        and tokens[further - 1].text in HYPHENS
        and tokens[further - 1].begin == after.end
    ):
        return further + 1 if is_capital(tokens[further]) else None  # "Brissac-le-Vieux", "Port-au-Prince"
    named = after.tag.startswith("NNP") and before.entity == after.entity == "PERSON"
    if max(len(before.text), len(after.text)) <= SYLLABLE and j > 1 and is_capital(tokens[j - 2]):
        if not context.words.is_common(before.text) and after.text not in SUFFIXES:
            return j + 2  # "Park Tae-won"
    return (
        j + 2
        if named or before.text in ("Co", "Al") or not context.words.is_common(after.text) and len(after.text) <= 6
        else None
    )


def _over_possessive(context: Context, i: int, j: int, after: Token) -> bool:
    """ "Ruritanian People's Army", "Carpenters' Press", "King's College"; not "Harbour Institute's Jane Doe"."""
    if not is_capital(after) or is_date(context, after.i):
        return False
    words, low, next_low = context.words, context.low(j - 1), after.text.casefold()
    head = next_low in words.heads
    if context.gazetteer.place(context.text(i, after.i + 1)):
        return True  # "Cox's Bazar"
    if context.low(i).rstrip(".") in SAINTS and j - i > 1:
        return head or words.is_common(next_low)  # "St. Joseph's Convent"
    if low in words.titles and next_low in ("office", "corps", "department") and j - i > 1:
        return True  # "U.S. Attorney's Office"
    if low in words.titles and low not in ("king", "queen", "bishop", "women", "brothers"):
        return False
    if context.parse.tokens[j].text in ("'", "’"):
        return (words.is_common(low) or words.is_role(low)) and (head or words.is_common(next_low))
    if low in words.heads and j - i > 1 and low not in ("workers", "women"):
        return False
    if (
        context.gazetteer.place(context.parse.tokens[j - 1].text)
        or words.is_role(low)
        and not head
        and opens(context.parse, i)
    ):
        return False
    if words.is_common(low):
        return words.is_common(next_low) and not words.is_role(next_low) and next_low not in words.titles
    return context.low(i) in ("king", "queen") and head or (words.heads.get(next_low) == "Place" and j - i == 1)


def _over_particles(context: Context, j: int, sentence: Sentence) -> int | None:
    tokens = context.parse.tokens
    k = j
    while k < sentence.stop and (
        tokens[k].text in PARTICLES or tokens[k].text in HYPHENS and k > j and tokens[k].begin == tokens[k - 1].end
    ):
        k += 1
    return k + 1 if k < sentence.stop and is_capital(tokens[k]) and not is_date(context, k) else None
