"""One name alone: whether a stretch of words is a name at all, and where its lower-case tail ends."""

from __future__ import annotations

from kg.name_context import HYPHENS, NAME_LABELS, Context, Spot, is_capital, opens
from kg.name_series import LEGAL_FORMS
from kg.types import Sentence

COUNTED = frozenset(
    "game week day phase stage round act part chapter figure table level step lap leg heat season episode page item "
    "number no group tier grade".split()
)
"""What is counted and bears no name by it: "Game 6"."""
DETERMINERS = frozenset({"a", "an", "the", "its", "his", "her", "their"})
LONGEST_NOUN = 5
"""Tokens from an article to the noun that says what a name names."""
ROMAN = frozenset({"ii", "iii", "iv", "vi", "vii"})


def tail_of(context: Context, i: int, j: int, sentence: Sentence, front: str) -> tuple[int, str | None]:
    """The end and the type of a name that goes on in lower case: "the Doe administration", "Vienna court"."""
    tokens, words = context.parse.tokens, context.words
    if i > 0 and tokens[i - 1].text in ("a", "an", "A", "An"):
        return j, None
    for k in range(j, min(j + 3, sentence.stop)):
        low = tokens[k].text
        if not low.isalpha() or not low.islower() or tokens[k].tag not in ("NN", "NNS", "JJ", "NNP"):
            return j, None
        if k + 1 < sentence.stop and tokens[k + 1].text in HYPHENS and tokens[k + 1].begin == tokens[k].end:
            return j, None  # "Australian team-mate"
        kind = words.tails.get((low, front)) or words.tails.get((low, "any"))
        kind = kind or (words.tails.get((low, "modified")) if k > j else None)
        if kind and not (k + 1 < sentence.stop and tokens[k + 1].tag in ("NN", "NNS") and tokens[k + 1].head != k):
            return k + 1, kind
        if low not in words.tail_mods:
            return j, None
    return j, None


def _shares_tail(context: Context, j: int, sentence: Sentence) -> bool:
    """Whether a coordinated name brings the last word: "Clinton" in "the Clinton and Obama administrations"."""
    words = [token.text for token in context.parse.tokens[j : min(j + 3, sentence.stop)]]
    return len(words) == 3 and words[0] == "and" and words[1][0].isupper() and words[2] == "administrations"


def spot_of(context: Context, i: int, j: int, sentence: Sentence, title: str) -> list[Spot]:
    """The one name that tokens[i:j] are, with its lower-case tail; nothing where they are no name."""
    words, gazetteer, tokens = context.words, context.gazetteer, context.parse.tokens
    lows = [context.low(k) for k in range(i, j) if tokens[k].text[0].isalnum()]
    if not lows or all(low[0].isdigit() for low in lows) or set(lows) <= LEGAL_FORMS:
        return []
    whole = context.text(i, j)
    known = gazetteer.place(whole) or gazetteer.organization(whole) or words.known.get(whole.casefold()) == "Place"
    if not title and not known and not is_titled_the(context, i, j) and _is_no_name(context, i, lows):
        return []
    if title and len(lows) == 1 and lows[0] in words.stop:
        return []
    if _shares_tail(context, j, sentence):
        return [Spot(start=i, stop=j, hint="Organization")]
    place = gazetteer.place(whole) is not None
    if (
        len(lows) == 1
        and words.heads.get(lows[0]) == "Group"
        and not title
        and tokens[i].tag in ("NNS", "NNPS", "NNP", "NN")
    ):
        return [Spot(start=i, stop=j, hint="Group")]
    if tokens[i].text.startswith("www."):
        return [Spot(start=i, stop=j, hint="Product")]
    tail, kind = tail_of(context, i, j, sentence, "place" if place else "name")
    if kind is None and not place:
        tail, kind = tail_of(context, i, j, sentence, "place") if tokens[i].entity in ("GPE", "LOC") else (j, None)
    if kind and not title and lows[-1] not in words.heads:
        return [Spot(start=i, stop=tail, hint=kind)]  # type: ignore[arg-type]
    if lows[0] in words.numbers and len(lows) == 2 and words.heads.get(lows[1]) == "Group":
        return spot_of(context, j - 1, j, sentence, title)
    return [Spot(start=i, stop=j, title=title)]


def _acts(context: Context, i: int) -> bool:
    """Whether an ordinary word that opens a sentence is known as a name and does something: "Arsenal lost"."""
    token, after = context.parse.tokens[i], context.parse.tokens[min(i + 1, len(context.parse.tokens) - 1)]
    if context.lower[context.low(i)] or after.tag not in ("VBD", "VBZ") or after.lemma == "be":
        return False
    return context.low(i) in context.words.known or token.tag == "NNP" and token.entity in ("ORG", "PRODUCT")


def is_titled_the(context: Context, i: int, j: int) -> bool:
    """Whether a capital "The" inside a sentence belongs to the name, as in the title of a work: "in The Artist"."""
    tokens = context.parse.tokens
    if i == 0 or tokens[i - 1].text != "The" or opens(context.parse, i - 1) or i - 1 in context.shouted:
        return False
    return (j - i > 1 or context.low(i) not in context.words.titles) and tokens[i].text not in ("I", "A")


def owns_noun(context: Context, i: int) -> bool:
    """Whether token i is a known name in front of what a body has: "Apple shares", "Arsenal striker Jo Vale"."""
    words, rest = context.words, context.parse.tokens[i + 1 : i + 3]
    if context.low(i) not in words.known or len(rest) < 2 or not rest[0].text.islower():
        return False
    role = words.is_role(rest[0].text) or rest[0].text in words.titles
    return role and rest[1].entity == "PERSON" or words.nouns.get(rest[0].text) == "Organization"


def is_introduced(context: Context, i: int) -> bool:
    """Whether what opens a sentence is told to be a body right behind it: "Reprieve, a London charity, said ..."."""
    tokens = context.parse.tokens
    stop = context.parse.sentences[context.parse.sentence_of[i]].stop
    k = i
    while k < stop and is_capital(tokens[k]):
        k += 1
    if k == i or k + 2 >= stop or tokens[k].text != "," or tokens[k + 1].text not in DETERMINERS:
        return False
    if tokens[i].tag[:2] in ("RB", "VB"):
        return False  # "Shaken, the government, a coalition, fell"
    behind = tokens[k + 2 : min(k + 2 + LONGEST_NOUN, stop)]
    told = [t for t in behind if t.dep == "appos" and i <= t.head < k]  # not "However, the company said ..."
    return any(context.words.nouns.get(t.text) == "Organization" for t in told)


def _is_no_name(context: Context, i: int, lows: list[str]) -> bool:
    words = context.words
    if len(lows) == 1 and lows[0] in words.singles and context.low(max(0, i - 1)) == "the":
        return False
    if " ".join(lows) in words.generic:
        return True
    if lows[:2] == ["office", "of"] and len(lows) > 2:
        return False  # "Office of the Attorney General"
    if lows[-1] in words.titles and all(w in words.titles or w in words.title_mods for w in lows):
        return True
    if (
        len(lows) == 2
        and words.is_common(lows[0])
        and (
            lows[1] in words.numbers
            or lows[1] in ROMAN
            or len(lows[1]) == 1
            and lows[1].isalpha()
            or lows[0] in COUNTED
            and lows[1].isdigit()
        )
    ):
        return True  # "Track Two", "Phase II"
    if len(lows) > 1:
        return all(w in words.stop for w in lows) and lows[-1] not in words.heads
    low = lows[0]
    if low.endswith("ing") and words.is_common(low) and opens(context.parse, i):
        return True
    if words.heads.get(low) == "Group":
        return False
    if low in words.stop or words.is_role(low):
        return True
    common = context.common(i)
    if common and opens(context.parse, i) and _acts(context, i):
        return False
    if common and not opens(context.parse, i):
        named = (
            context.parse.tokens[i].entity in NAME_LABELS
            or context.inside[low] > 1
            or words.heads.get(low) == "Group"
            or words.nouns.get(context.parse.tokens[i - 1].text) in ("Work", "Product")  # "the film Paradox"
        )
        return not named or context.lower[low] > 0
    if low in words.title_mods:
        return words.heads.get(low) is None and low not in ("treasury", "crown") or context.low(max(0, i - 1)) != "the"
    if is_introduced(context, i):
        return False
    return opens(context.parse, i) and common and not context.inside[low] and not owns_noun(context, i)
