"""A run of capitalised words taken apart: titles, articles, adjectives of countries and names that merely touch."""

from __future__ import annotations

from kg.name_context import HYPHENS, POSSESSIVES, Context, Spot, is_given, is_pair, opens
from kg.name_links import READ_ON, SURELY_ON
from kg.name_single import is_titled_the, spot_of, tail_of
from kg.types import Sentence

DEPARTMENT_OF = frozenset({"secretary", "minister", "ministers", "undersecretary", "secretaries"})
NAMELIKE_TITLES = frozenset(
    "khan king prince dean duke major pope bishop coach guard baron judge chase pilot bar rice guru abbot marshal "
    "dame kaiser cardinal".split()
)
SHARED_TITLES = frozenset(
    "president senator representative minister secretary governor judge justice general mayor".split()
)
"""Titles that two persons share in the plural: "Presidents Doe and Roe"."""
MEMBERS = frozenset("leaders members ministers heads representatives leader member".split())
PLAIN_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr"})
"""Titles that are never part of the name of a body."""
BEFORE_PLACES = frozenset(
    "king queen prince princess general bishop pope lord lady captain president saint st admiral cardinal major "
    "brother sister father mother".split()
)


BEFORE_BODIES = frozenset("rival rivals competitor newcomer champions hosts leaders incumbent".split())
"""Words for bodies that open a sentence in front of a name."""


def take_apart(context: Context, i: int, j: int, sentence: Sentence, title: str = "") -> list[Spot]:
    """The names in tokens[i:j], left to right; `title` is the title found in front of them."""
    tokens, gazetteer = context.parse.tokens, context.gazetteer
    while i < j and (
        tokens[i].text.casefold() in ("the", "a", "an") or tokens[i].text in HYPHENS or tokens[i].text in POSSESSIVES
    ):
        i += 1
    while j > i and (
        tokens[j - 1].text in POSSESSIVES
        or tokens[j - 1].text in HYPHENS
        or tokens[j - 1].text in ("and", "of", "for")
        or tokens[j - 1].text in ("&", ".")
        and len(tokens[j - 2].text) > 1
    ):
        j -= 1
    if i >= j:
        return []
    if is_pair(context, i) or context.low(i) in ("assistant", "deputy", "acting") and _state_behind(context, i + 1, j):
        return take_apart(context, i + 1, j, sentence, title)
    if _is_degree_or_field(context, i, j):
        return []
    if _is_whole(context, i, j):
        return spot_of(context, i, j, sentence, title)
    if j - i > 1 and (stripped := _without_opening(context, i, j)) is not None:
        return take_apart(context, stripped, j, sentence, title or context.low(i))
    if _opens_with_members(context, i, j):
        return take_apart(context, i + 2, j, sentence)
    if (at := _title_at(context, i, j)) is not None:
        return _around_title(context, i, at, j, sentence)
    if (behind := _behind_post(context, i, j)) is not None:
        return take_apart(context, behind, j, sentence, "secretary") if behind < j else []
    if (
        j - i == 2
        and context.low(i + 1) in ("american", "americans")
        and (
            context.low(i) in ("african", "asian", "native") or context.words.heads.get(context.low(i) + "s") == "Group"
        )
    ):
        return [Spot(start=i, stop=j, hint="Group")] if context.low(i + 1) == "americans" else []
    person = _person_within(context, i, j)
    if person is not None and person - i > 1 and headed(context, i, person):
        return spot_of(context, i, person, sentence, title) + take_apart(context, person, j, sentence)
    for size in (2, 1):
        if size == 1 and j - i == 2 and gazetteer.gender(tokens[i].text) and not context.common(i + 1):
            continue  # "Finn Haldorsen"
        if i + size <= j and context.country_of(context.text(i, i + size)):
            return _after_demonym(context, i, i + size, j, sentence, title)
    if person is not None:
        return spot_of(context, i, person, sentence, title) + take_apart(context, person, j, sentence)
    return spot_of(context, i, j, sentence, title)


def _opens_with_members(context: Context, i: int, j: int) -> bool:
    """Whether people of a body stand in front of it: "Leaders of the Group of Seven"."""
    return j - i > 2 and context.parse.tokens[i + 1].text == "of" and context.low(i) in MEMBERS


def _is_degree_or_field(context: Context, i: int, j: int) -> bool:
    """Whether tokens[i:j] are a degree or a minister's field, whatever else is called so: "Bachelor of Arts",
    "Ministers of [Finance]"."""
    tokens = context.parse.tokens
    if context.low(i) in ("bachelor", "master", "doctor") and i + 1 < j and tokens[i + 1].text == "of":
        return True
    behind = i > 1 and tokens[i - 1].text == "of" and context.low(i - 2) in ("minister", "ministers")
    return behind and all(context.common(k) for k in range(i, j))


def _is_whole(context: Context, i: int, j: int) -> bool:
    """Whether tokens[i:j] are one name beyond doubt: tabled, or opened by a ship's letters or a capital "The"."""
    whole, gazetteer = context.text(i, j), context.gazetteer
    if j - i == 1 and context.low(i) in context.words.singles and i and context.low(i - 1) == "the":
        return True  # "the Crown"
    if gazetteer.organization(whole) or j - i > 1 and gazetteer.place(whole):
        return True
    if j - i > 1 and whole.casefold() in context.words.known:
        return True
    titled = is_titled_the(context, i, j) and context.low(i) not in context.words.titles
    return j - i > 1 and (titled or _is_vessel(context, i))


def _behind_post(context: Context, i: int, j: int) -> int | None:
    """Where the person's name starts (j: nowhere) if tokens[i:j] begin with what a post is for: "Chief of Staff"."""
    tokens = context.parse.tokens
    if i > 2 and tokens[i - 1].text == "the" and tokens[i - 2].text == "of" and _is_post(context, i - 3) and j - i > 2:
        if context.common(i) and context.gazetteer.is_first_name(tokens[i + 1].text):
            return i + 1  # "Secretary of the Interior Ana Ruiz"
    if context.low(i) == "operation":
        return None  # "Coordinator of Operation Safe Haven"
    first = _first_field(context, i, j)
    if first < 2 or tokens[first - 1].text not in ("of", "for") or not _is_post(context, first - 2):
        return None
    k = i
    while k < j and (context.common(k) or tokens[k].text in ("and", ",")):
        if k > i and _is_full_name(context, k, j):
            break  # "Secretary of State Mark Dunn"
        k += 1
    if k == j and tokens[first - 1].text == "for":
        return k  # "Deputy Secretary of State for Budgets and Buildings"
    person = j - k == 2 and context.gazetteer.is_first_name(tokens[k].text)
    if context.words.heads.get(context.low(j - 1)) is not None and not person and j - i > 1:
        return None
    return k if k > i else None


def _first_field(context: Context, i: int, j: int) -> int:
    """Where the fields of a post begin of which tokens[i:j] are the last: "Secretary of Trade, Labour and Works"."""
    tokens, at = context.parse.tokens, i
    if j - i > 2 or not all(context.common(k) for k in range(i, j)):
        return i
    while at > 1 and (
        tokens[at - 1].text in (",", "and") or tokens[at - 1].text[0].isupper() and context.common(at - 1)
    ):
        at -= 1
    return at


def _is_vessel(context: Context, i: int) -> bool:
    """Whether the name begins with the letters of a ship: "MV Princess Ada"."""
    text = context.parse.tokens[i].text
    return text.isupper() and context.words.firsts.get(text.casefold()) == "Product"


def _state_behind(context: Context, k: int, j: int) -> bool:
    """Whether token k opens a state that ends the run or goes on with a post: "United States [Attorney]"."""
    return any(
        k + size <= j and context.gazetteer.country(context.text(k, k + size)) is not None
        and (k + size == j or context.low(k + size) in context.words.titles)
        for size in (1, 2)
    )  # fmt: skip


def _is_post(context: Context, i: int) -> bool:
    """Whether token i ends a post whose department follows: "Secretary of ...", "Secretary of Defense for ..."."""
    if context.low(i) in DEPARTMENT_OF or context.low(i) in (
        "chief",
        "co-chief",
        "head",
        "professor",
        "dean",
        "advisor",
        "adviser",
        "assistant",
        "director",
        "coordinator",
        "envoy",
    ):
        return context.parse.tokens[i].text[0].isupper()
    return i > 1 and context.parse.tokens[i - 1].text == "of" and context.low(i - 2) in DEPARTMENT_OF


def _without_opening(context: Context, i: int, j: int) -> int | None:
    """Where the name starts when token i is a word for a person or only the capital of a sentence: "Novelist Jo Ek"."""
    tokens, words = context.parse.tokens, context.words
    low = context.low(i)
    if low in words.titles or context.country_of(context.text(i, i + 2)):
        return None
    if not opens(context.parse, i) or context.inside[low]:
        person = words.is_role(low) and j - i == 3 and context.gazetteer.is_first_name(tokens[i + 1].text)
        return (
            i + 1
            if person and not headed(context, i + 1, j) and not context.gazetteer.is_first_name(tokens[i].text)
            else None
        )
    read = context.begins[i] >= READ_ON and context.goes_on[i + 1] >= SURELY_ON  # "Southern Utah Harbour Authority"
    if (
        low in words.stop
        and low not in words.heads
        and tokens[i].text != "US"
        and not is_given(context, i)
        and not read
    ):
        return i + 1
    if context.common(i) and j - i == 2 and context.country_of(tokens[i + 1].text):
        return i + 1
    if (
        tokens[i + 1].text in ("of", "for", "on", "&", "and")
        or tokens[i + 1].text in POSSESSIVES
        or tokens[i + 1].text in HYPHENS
    ):
        return None
    if low in BEFORE_BODIES and context.parse.tokens[i + 1].tag.startswith("NNP"):
        return i + 1  # "Rival Norvik Motors"
    if words.is_role(low) and not headed(context, i + 1, j) and not context.gazetteer.is_first_name(tokens[i].text):
        return i + 1
    first = context.gazetteer.is_first_name(tokens[i + 1].text) and j - i == 3 and not headed(context, i + 1, j)
    return i + 1 if first and context.common(i) and not context.gazetteer.is_first_name(tokens[i].text) else None


def headed(context: Context, i: int, j: int) -> bool:
    """Whether tokens[i:j] read as the name of no person: a head word, or nothing but ordinary words."""
    tokens = context.parse.tokens
    if j <= i:
        return False
    if context.low(j - 1) in context.words.heads:
        double = j - i > 2 and tokens[j - 2].text in HYPHENS
        return not (double or j > i + 1 and all(_is_given(context, k) for k in range(i, j - 1)))
    if any(
        tokens[k].text in ("of", "for", "on") and context.low(k - 1) in context.words.heads for k in range(i + 1, j)
    ):
        return True
    return all(context.common(k) or not tokens[k].text[0].isalpha() for k in range(i, j))


def _is_given(context: Context, k: int) -> bool:
    """Whether token k may be a given name or an initial in front of a surname."""
    text = context.parse.tokens[k].text
    return context.gazetteer.is_first_name(text) or text == "." or len(text.rstrip(".")) == 1


def _person_within(context: Context, i: int, j: int) -> int | None:
    """Where a person's name begins behind another name: "Ruritania Jane Doe", "Green Party Jo Ek"."""
    tokens, gazetteer = context.parse.tokens, context.gazetteer
    if context.low(i) == "office" and tokens[i + 1].text == "of":
        return None  # "Office of the Washington State Attorney General"
    if (held := _holder_behind(context, i, j)) is not None:
        return held
    for k in range(i + 1, j - 1):
        rest = [m for m in range(k, j) if tokens[m].text[0].isalnum()]
        if context.common(k) or headed(context, k, j) or tokens[k - 1].text in ("of", "for", "-", "&", "and", "."):
            continue
        if not 2 <= len(rest) <= 4 or any(
            tokens[m].text in ("of", "for", "and", "&") or tokens[m].text in POSSESSIVES for m in range(k, j)
        ):
            continue
        if not gazetteer.gender(tokens[k].text):
            if gazetteer.country(context.text(i, k)) and j - k == 2 and not any(context.common(m) for m in rest):
                return k
            continue
        front = context.text(i, k)
        ends = context.common(k - 1) or tokens[k - 1].text.isupper() and len(tokens[k - 1].text) > 2
        if (
            gazetteer.country(front)
            or gazetteer.organization(front)
            or k - i == 1
            and context.low(i) in context.words.singles
            or ends
            and k - i > 1
            and not gazetteer.is_first_name(tokens[i].text)
        ):
            return k
    return None


def _holder_behind(context: Context, i: int, j: int) -> int | None:
    """Where the holder's name begins behind what an office is of: "[Mayor of] London Jane Doe"."""
    tokens, gazetteer = context.parse.tokens, context.gazetteer
    of = i - 2 if i > 1 and tokens[i - 1].text == "the" else i - 1
    if of < 1 or tokens[of].text != "of" or context.low(of - 1) not in context.words.titles:
        return None
    fronts = [
        k for k in (j - 2, j - 3) if k > i and tokens[k - 1].text not in ("of", "for", "and", "&", "-", "'s", "’s")
    ]
    for k in fronts:
        front = context.text(i, k)
        known = gazetteer.place(front) or gazetteer.organization(front) or context.low(k - 1) in context.words.heads
        given = gazetteer.is_first_name(tokens[k].text) or known and not context.common(k)
        plain = all(tokens[m].text.isalpha() and context.low(m) not in context.words.heads for m in range(k, j))
        if given and plain and (known or k - i == 1):
            return k
    return None


# ---------------------------------------------------------------- titles


def _title_at(context: Context, i: int, j: int) -> int | None:
    """The last title word of tokens[i:j] that has a person's name behind it, or that ends them."""
    words, gazetteer, tokens = context.words, context.gazetteer, context.parse.tokens
    if context.low(i) == "office" and j - i > 2 and tokens[i + 1].text == "of":
        return None  # "Office of the Attorney General"
    for at in range(j - 1, i - 1, -1):
        low = context.low(at)
        before = range(i, at)
        plural = low.removesuffix("s") in words.titles and (
            at + 1 == j
            and all(context.low(k) in words.title_mods for k in before)
            or at + 1 < j
            and low.removesuffix("s") in SHARED_TITLES
        )
        if low not in words.titles and not plural:
            continue
        if at > i and tokens[at - 1].text in HYPHENS and tokens[at - 1].end == tokens[at].begin:
            continue  # "Hussein al-Sheikh"
        if at > i and tokens[at - 1].text == "&":
            continue  # "Brindle & Laird"
        if at > i and at + 1 < j and tokens[at + 1].text in HYPHENS and tokens[at + 1].begin == tokens[at].end:
            continue  # "Lam Wing-kee"
        if at + 1 >= j:
            if at == i or _ends_post(context, i, at):
                return at
            continue
        start = at + 2 if tokens[at + 1].text in (".", "-") else at + 1
        if start >= j or tokens[start].text in ("of", "for", "on", "and", "&") or tokens[start].text in POSSESSIVES:
            continue
        if j - start == 1:
            if low in BEFORE_PLACES and context.low(start) in words.heads:
                continue
            if low not in PLAIN_TITLES and context.low(start) in words.spanning:
                continue  # "Duke University"
        elif headed(context, start, j) and low not in PLAIN_TITLES and not _is_full_name(context, start, j):
            continue
        if low in NAMELIKE_TITLES and (
            at > i and gazetteer.gender(tokens[at - 1].text) or low == "dean" and j - at == 2
        ):
            continue
        return at
    return None


def _is_full_name(context: Context, i: int, j: int) -> bool:
    """Whether the model sees a person in a first name and one more word: "Admiral [Chase Young]"."""
    tokens = context.parse.tokens
    seen = all(tokens[k].entity == "PERSON" for k in range(i, j))
    return j - i == 2 and seen and context.gazetteer.is_first_name(tokens[i].text)


def _ends_post(context: Context, i: int, at: int) -> bool:
    """Whether the title word at the end of tokens[i:at + 1] makes a post of them: "Treasury Secretary"."""
    tokens, words = context.parse.tokens, context.words
    if any(tokens[k].text in ("of", "for") for k in range(i, at)):
        return False  # "Office of the Attorney General"
    if context.low(at) in NAMELIKE_TITLES:
        return context.low(at - 1) in words.heads
    return not context.gazetteer.is_first_name(tokens[at - 1].text)


def _around_title(context: Context, i: int, at: int, j: int, sentence: Sentence) -> list[Spot]:
    words, tokens = context.words, context.parse.tokens
    left = at
    while left > i and (
        context.low(left - 1) in words.title_mods
        or context.low(left - 1) in words.titles
        or tokens[left - 1].text in (".", "-")
    ):
        if tokens[left - 1].text not in ("-", ".") and context.gazetteer.organization(context.text(i, left)):
            break
        left -= 1
    title = " ".join(context.low(k) for k in range(left, at + 1) if tokens[k].text not in (".", "-"))
    start = at + 1
    if context.low(at) == "chief" and start + 1 < j and context.low(start) == "executive":
        title, start = f"{title} executive", start + 1
    while start < j and tokens[start].text in (".", "-"):
        start += 1
    plain = all(context.common(k) for k in range(i, left)) and context.low(i) in words.title_mods
    known = context.gazetteer.organization(context.text(i, left)) if left > i else None
    apart = left > i and (not plain or known is not None or context.low(left - 1) in words.heads)
    found = take_apart(context, i, left, sentence) if apart else []
    if start < j:
        found += take_apart(context, start, j, sentence, title)
    return found


# ---------------------------------------------------------------- countries


def _after_demonym(context: Context, i: int, k: int, j: int, sentence: Sentence, title: str) -> list[Spot]:
    tokens, words = context.parse.tokens, context.words
    if k == j:
        tail, kind = tail_of(context, i, j, sentence, "demonym")
        return [Spot(start=i, stop=tail, hint=kind)] if kind else [Spot(start=i, stop=k, demonym=True)]  # type: ignore[arg-type]
    if tokens[k].text in HYPHENS:
        return [Spot(start=i, stop=k, demonym=True), *take_apart(context, k + 1, j, sentence, title)]
    if j - k == 1 and not title and i > 0 and tokens[i - 1].text in ("the", "The") and not gazetteer_name(context, k):
        return spot_of(context, i, j, sentence, "")
    post = all(context.low(m) in words.titles or context.low(m) in words.title_mods for m in range(k, j))
    if headed(context, k, j) and not post:
        return spot_of(context, i, j, sentence, "")
    labels = {tokens[m].entity for m in range(i, j)}
    person = j - k == 2 and context.gazetteer.is_first_name(tokens[k].text) and not context.common(k)
    if (
        len(labels) == 1
        and not person
        and tokens[i].entity in ("ORG", "EVENT", "FAC")
        and not any(t.entity_starts for t in tokens[k:j])
    ):
        return spot_of(context, i, j, sentence, "")
    return [Spot(start=i, stop=k, demonym=True), *take_apart(context, k, j, sentence, title)]


def gazetteer_name(context: Context, k: int) -> bool:
    """Whether token k alone is a name that the tables know, or a title."""
    text = context.parse.tokens[k].text
    known = (
        context.gazetteer.place(text) or context.gazetteer.organization(text) or context.gazetteer.is_first_name(text)
    )
    return bool(known) or context.low(k) in context.words.titles or context.low(k) in context.words.stop
