"""Where the names of a document stand.

A *spot* is a stretch of tokens that is one name ("Council on Rural Affairs"), without a title in front
("President"), an article or a trailing 's.  Which kind of thing it names is decided elsewhere.
"""

from __future__ import annotations

from dataclasses import replace

from kg.name_chunks import extend, starts
from kg.name_context import HYPHENS, NAME_LABELS, Context, Spot, Style, is_capital, is_pair
from kg.name_links import READ_ON
from kg.name_parts import take_apart
from kg.name_series import series_spots
from kg.types import Sentence

SMALL_WORDS = frozenset("with from into over upon than that this and the for but".split())
_OPENING = frozenset({'"', "“", "``"})
_CLOSING = frozenset({'"', "”", "''"})
READ = 0.6
"""The least chance by which the reader sees the words of a name in a headline or a list, whose capitals say nothing."""
SEEN = 0.05
"""The chance below which no word of a name is seen as one by the reader."""
SEEN_PLAIN = 0.25
"""The same for names of nothing but ordinary words."""
LONGEST_TITLE = 24
ARTICLES = frozenset({"al", "el", "ash", "as", "ar", "an", "ad", "at", "az"})
COURTS = frozenset({"court", "district"})
OFFICIALS = frozenset({"official", "leader", "member"})
MAKING = frozenset({"write", "direct", "author", "compose", "record", "pen", "co-write", "paint", "sculpt"})
NICKNAMES = frozenset({"nicknamed", "nickname", "alias", "aka", "a.k.a."})
"""Words in front of what somebody is called too."""
FINITE = frozenset({"VBD", "VBP", "VBZ", "MD"})


def find_spots(context: Context) -> list[Spot]:
    """All names of the document in text order, none over another."""
    series = series_spots(context)
    people = {i for spot in series if spot.hint == "Person" for i in range(spot.start, spot.stop)}
    quoted = [spot for spot in _quoted(context) if spot.start not in people]
    spots = [spot for spot in quoted if not _is_nickname(context, spot.start - 1)]
    taken = {i for spot in quoted for i in range(spot.start, spot.stop)}
    spots += [spot for spot in series if taken.isdisjoint(range(spot.start, spot.stop))]
    taken |= {i for spot in spots for i in range(spot.start, spot.stop)}
    for sentence, style in zip(context.parse.sentences, context.styles, strict=True):
        if style == "prose":
            spots += _prose(context, sentence, taken)
    known = _known_forms(context, spots)
    for sentence, style in zip(context.parse.sentences, context.styles, strict=True):
        if style != "prose":
            spots += _heading(context, sentence, style, known, taken)
    return sorted(
        (_with_article(context, spot) for spot in spots if _is_seen(context, spot)), key=lambda spot: spot.start
    )


def _is_seen(context: Context, spot: Spot) -> bool:
    """Whether the reader sees anything of the name, or the tables know it: ordinary words in capitals are often none
    ("a Career Member", "12 MW")."""
    chance = max(context.begins[k] + context.goes_on[k] for k in range(spot.start, spot.stop))
    if chance >= (SEEN_PLAIN if all(context.common(k) for k in range(spot.start, spot.stop)) else SEEN):
        return True
    whole = context.text(spot.start, spot.stop)
    known = context.gazetteer.place(whole) or context.gazetteer.organization(whole) or context.country_of(whole)
    return bool(known) or whole.casefold() in context.words.known or spot.demonym or spot.hint is not None


def _with_article(context: Context, spot: Spot) -> Spot:
    """The spot with the article that belongs to it: "al-Nahda", "The Hague"."""
    tokens, at = context.parse.tokens, spot.start - 2
    if spot.start and tokens[spot.start - 1].text == "The" and not spot.demonym:
        place = context.gazetteer.place(context.text(spot.start, spot.stop))
        return replace(spot, start=spot.start - 1) if place is not None and place.name.startswith("The ") else spot
    if at < 0 or spot.demonym or tokens[at].text.casefold() not in ARTICLES or tokens[at + 1].text not in HYPHENS:
        return spot
    return replace(spot, start=at) if tokens[at].end + 1 == tokens[spot.start].begin else spot


def _prose(context: Context, sentence: Sentence, taken: set[int]) -> list[Spot]:
    spots: list[Spot] = []
    i = sentence.start
    while i < sentence.stop:
        if i in taken or not starts(context, i, sentence) or _is_rubric(context, i, sentence):
            i += 1
            continue
        j = i + 1
        while (
            (longer := extend(context, i, j, sentence)) is not None
            and longer <= sentence.stop
            and not taken.intersection(range(j, longer))
        ):
            j = longer
        found = [_without_office(context, spot) for spot in take_apart(context, i, j, sentence)]
        spots += [spot for spot in found if not _is_office(context, spot)]
        i = j
    return spots


def _without_office(context: Context, spot: Spot) -> Spot:
    """The spot without an office behind the body that it is in: "Coastal Policy Council Director"."""
    words, last = context.words, spot.stop - 1
    if _is_plural_post(context, spot):
        return replace(spot, stop=last)
    if (
        spot.stop - spot.start < 3
        or context.low(last) not in words.titles | OFFICIALS
        or context.low(last) in words.heads
    ):
        return spot
    body = words.heads.get(context.low(last - 1)) == "Organization" and context.low(spot.start) != "office"
    return replace(spot, stop=last) if body else spot


def _is_plural_post(context: Context, spot: Spot) -> bool:
    """Whether a body has nothing but its people behind it: "NATO Allies", "G7 Leaders"."""
    last, front = spot.stop - 1, context.text(spot.start, spot.stop - 1) if spot.stop - spot.start > 1 else ""
    low = context.low(last)
    post = low == "allies" or low.endswith("s") and low.removesuffix("s") in (*OFFICIALS, "minister", "partner")
    return post and context.gazetteer.organization(front) is not None


def _is_office(context: Context, spot: Spot) -> bool:
    """Whether the words are ordinary ones for people in office, in capitals: "Senior Administration Officials"."""
    last, words = context.low(spot.stop - 1), context.words
    if not last.endswith("s") or spot.stop - spot.start < 2 or last.removesuffix("s") not in words.titles | OFFICIALS:
        return False
    if any(context.low(k) == "of" and context.low(k - 1) in words.spanning for k in range(spot.start + 1, spot.stop)):
        return False  # "Guild of Pilots"
    if last == "partners" and context.low(spot.start) not in words.title_mods:
        return False  # "Granite Gate Partners"
    return all(context.common(k) for k in range(spot.start, spot.stop)) and not context.gazetteer.organization(
        context.text(spot.start, spot.stop)
    )


# ---------------------------------------------------------------- works in quotation marks


def _quoted(context: Context) -> list[Spot]:
    """Titles in quotation marks: two words or more, every long one capitalised.  Nicknames are among them."""
    tokens, sentences, sentence_of = context.parse.tokens, context.parse.sentences, context.parse.sentence_of
    found: list[Spot] = []
    opening: int | None = None
    for k, token in enumerate(tokens):
        if opening is not None and sentences[sentence_of[k]].block != sentences[sentence_of[opening]].block:
            opening = None
        if opening is not None and token.text in _CLOSING:
            stop = k - 1 if tokens[k - 1].text in (",", ".") else k
            # Where the parser ends a sentence inside, it stays unread: a name lies in one sentence.
            whole = opening + 1 < stop and sentence_of[opening + 1] == sentence_of[stop - 1]
            if whole and _is_title(context, opening + 1, stop):
                found.append(Spot(start=opening + 1, stop=stop, hint="Work"))
            opening = None
        elif token.text in _OPENING:
            opening = k
    return found


def _is_nickname(context: Context, i: int) -> bool:
    """Whether what the mark at token i opens is what somebody is called: 'Ana Ruiz, nicknamed "The Hammer"'."""
    tokens = context.parse.tokens
    front = [token.text.casefold() for token in tokens[max(0, i - 2) : i]]
    if not front:
        return False
    if front[-1] in NICKNAMES or front[-1] in ("was", "is") and front[0] in NICKNAMES:
        return True
    person = next(
        (t for t in reversed(tokens[max(0, i - 5) : max(0, i - 2)]) if t.text not in (",", "(", "better")), None
    )
    return front == ["known", "as"] and person is not None and person.entity == "PERSON"


def _is_of_work(context: Context, i: int) -> bool:
    """Whether the mark at token i stands behind a word for a work or a verb of making one: 'the novel "Flights"'."""
    before = context.parse.tokens[max(0, i - 1)]
    return i > 0 and (context.words.nouns.get(before.text) == "Work" or before.lemma in MAKING and before.pos == "VERB")


def _is_title(context: Context, i: int, j: int) -> bool:
    tokens = context.parse.tokens[i:j]
    alpha = [t for t in tokens if t.text[0].isalpha()]
    long = [t for t in alpha if len(t.text) > 3 and t.text not in SMALL_WORDS]
    if len(tokens) == 1 and alpha:
        return alpha[0].text[0].isupper() and _is_of_work(context, i - 1)
    if not 2 <= len(tokens) <= LONGEST_TITLE or len(alpha) < 2 or not long or not alpha[0].text[0].isupper():
        return False
    if tokens[-1].text == "!" or all(t.text.isupper() for t in long):
        return False
    if any(t.text.islower() and t.tag in FINITE and t.lemma != "be" for t in alpha):
        return False  # a sentence that somebody said, not a title: "We met Eva Lund in Graz"
    return all(t.text[0].isupper() for t in long) and sum(t.text[0].isupper() for t in alpha) > 1


# ---------------------------------------------------------------- headings


def _known_forms(context: Context, spots: list[Spot]) -> dict[str, list[tuple[str, ...]]]:
    forms: dict[str, dict[tuple[str, ...], None]] = {}
    for spot in spots:
        words = tuple(t.text.casefold() for t in context.parse.tokens[spot.start : spot.stop])
        forms.setdefault(words[0], {})[words] = None
    return {first: sorted(found, key=len, reverse=True) for first, found in forms.items()}


def _is_rubric(context: Context, i: int, sentence: Sentence) -> bool:
    """Whether an ordinary word and a colon open the sentence: "Football: ..."."""
    tokens = context.parse.tokens
    return i == sentence.start and i + 1 < sentence.stop and tokens[i + 1].text == ":" and context.common(i)


def _heading(
    context: Context, sentence: Sentence, style: Style, known: dict[str, list[tuple[str, ...]]], taken: set[int]
) -> list[Spot]:
    """Names in a headline whose words are all capitalised: those that the prose shows, and unusual words."""
    tokens = context.parse.tokens
    spots: list[Spot] = []
    i = sentence.start
    while i < sentence.stop:
        if i in taken or not is_capital(tokens[i]) or _is_rubric(context, i, sentence):
            i += 1
            continue
        form = next((f for f in known.get(tokens[i].text.casefold(), ()) if _matches(context, i, f, sentence)), None)
        size = (
            len(form)
            if form
            else next((n for n in (4, 3, 2, 1) if i + n <= sentence.stop and _in_tables(context, i, i + n)), 0)
        )
        if size and i + size < sentence.stop and _is_headed(context, i + size):
            size = _run(context, i, sentence) - i
        if size:
            whole = context.text(i, i + size)
            spots.append(
                Spot(
                    start=i,
                    stop=i + size,
                    demonym=context.country_of(whole) is not None and context.gazetteer.place(whole) is None,
                )
            )
            i += size
            continue
        j = i
        while j < sentence.stop and (_is_unusual(context, j) or j > i and _goes_on(context, j, sentence)):
            j += 1
        if i < j < sentence.stop - 1 and tokens[j].text == "," and context.low(j + 1) in ("jr", "sr"):
            j += 2
        read = _read(context, i, sentence)
        if style == "title" and read > max(j, i + 1) and not _is_plain(context, i, read, sentence):
            spots += [_without_office(context, spot) for spot in take_apart(context, i, read, sentence)]
            j = read
        elif j > i and (style == "title" or tokens[i].entity in NAME_LABELS):
            title = context.low(i - 1) if i > sentence.start and context.low(i - 1) in context.words.titles else ""
            spots += take_apart(context, i, j, sentence, title)
        i = max(j, i + 1)
    return spots


def _is_headed(context: Context, j: int) -> bool:
    """Whether the name of a heading goes on with a head at token j: "Elm" with "College", "U.S." with "District"."""
    low, token = context.low(j), context.parse.tokens[j]
    return low in COURTS or is_capital(token) and context.goes_on[j] >= READ and low in context.words.heads


def _is_plain(context: Context, i: int, j: int, sentence: Sentence) -> bool:
    """Whether tokens[i:j] of a heading are ordinary words that head no body, or one in front of a post: "Mitigate
    Impacts", "Coastal Policy" with "Advisor"."""
    if not all(context.common(k) for k in range(i, j) if is_capital(context.parse.tokens[k])):
        return False
    return context.low(j - 1) not in context.words.heads or j < sentence.stop and context.low(j) in context.words.titles


def _read(context: Context, i: int, sentence: Sentence) -> int:
    """Where the name that begins at token i ends as the trained reader sees it; at i where it sees none."""
    opening = context.goes_on[i] if i == sentence.start else 0.0  # no name goes on over the end of a sentence
    if context.begins[i] + opening < READ:
        return i
    j = i + 1
    while j < sentence.stop and context.goes_on[j] >= READ_ON:
        j += 1
    return j


def _run(context: Context, i: int, sentence: Sentence) -> int:
    """Where the name that begins at token i ends by the rules for prose."""
    j = i + 1
    while (longer := extend(context, i, j, sentence)) is not None and longer <= sentence.stop:
        j = longer
    return j


def _matches(context: Context, i: int, form: tuple[str, ...], sentence: Sentence) -> bool:
    stop = i + len(form)
    return stop <= sentence.stop and tuple(t.text.casefold() for t in context.parse.tokens[i:stop]) == form


def _is_unusual(context: Context, j: int) -> bool:
    token, low, words = context.parse.tokens[j], context.low(j), context.words
    if not is_capital(token) or is_pair(context, j) or token.text[0].isdigit() or len(token.text) == 1:
        return False
    return not (
        words.is_common(low) or low in words.stop or low in words.titles or low in words.numbers or words.is_role(low)
    )


def _goes_on(context: Context, j: int, sentence: Sentence) -> bool:
    """Whether a headline's name goes on with token j: a head word ("Rovers"), an ampersand, a hyphen inside it."""
    token, before = context.parse.tokens[j], context.parse.tokens[j - 1]
    if (
        is_capital(token)
        and len(token.text.rstrip(".")) == 1
        and j + 1 < sentence.stop
        and is_capital(context.parse.tokens[j + 1])
    ):
        return True
    if is_capital(token) and context.gazetteer.gender(before.text) and context.words.is_common(token.text):
        return (
            not context.words.is_role(token.text)
            and context.low(j) not in context.words.stop
            and token.entity == "PERSON"
            and not token.text.endswith("ing")  # "Ruiz Investing in Roads"
        )
    if token.text in ("&", "-"):
        return j + 1 < sentence.stop and _is_unusual(context, j + 1)
    return is_capital(token) and context.low(j) in context.words.heads and context.styles[sentence.index] == "title"


def _in_tables(context: Context, i: int, j: int) -> bool:
    whole = context.text(i, j)
    gazetteer = context.gazetteer
    if (
        j - i == 1
        and (context.common(i) or context.low(i) in context.words.stop)
        and not (whole.isupper() and len(whole) <= 4)
    ):
        return bool(gazetteer.country(whole) or context.country_of(whole))
    return bool(gazetteer.place(whole) or gazetteer.organization(whole) or context.country_of(whole))
