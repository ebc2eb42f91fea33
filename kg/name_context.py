"""What finding names looks at: the parse, the tables, and what the whole document shows of its words."""

from __future__ import annotations

import functools
import itertools
import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from kg.gazetteer import Gazetteer
from kg.name_words import NameWords
from kg.text_reader import TextReading, names_in
from kg.types import EntityType, Parse, Sentence, Token

Style = Literal["prose", "title", "caps"]

QUOTES = frozenset({'"', "“", "”", "``", "''", "‘", "'", "«", "»"})
POSSESSIVES = frozenset({"'s", "’s", "'", "’"})
HYPHENS = frozenset({"-", "–", "‑"})
CLOSED_TAGS = frozenset({"DT", "IN", "CC", "PRP", "PRP$", "MD", "TO", "WDT", "WP", "WRB", "EX", "PDT", "UH", "WP$"})
FEASTS = frozenset({"Black", "Bloody", "Good", "Super", "Cyber", "Ash", "Palm", "Maundy", "Shrove", "Easter"})
LIST_MARKS = frozenset({"-", "–", "•", "*"})
SHORTEST_PLAIN = 3
"""Letters up to which a word in capitals may be an acronym though it is an ordinary word too."""
LAST_LATIN = "\u1eff"
NAME_LABELS = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW"})
DATES = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun "
    "jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu "
    "thur thurs fri sat sun i mondays tuesdays wednesdays thursdays fridays saturdays sundays".split()
)
_ACRONYM = re.compile(r"(?![IVXLCDM]+$)[A-Z]{3,6}s?")
_WEB = re.compile(r"(?:www\.[\w-]+(?:\.[\w-]+)+|[A-Z][\w-]*\.(?:com|org|net|info|tv|ai|io|uk|gov|edu))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A name's tokens[start:stop].  `title` is the title or role word right in front, lower case;
    `hint` a type that the construction itself shows; `demonym` marks the adjective of a country; `name` is what
    the thing is called where the words alone do not say it ("D" for a party)."""

    start: int
    stop: int
    title: str = ""
    hint: EntityType | None = None
    demonym: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A parse with the tables and what the document shows of its words."""

    parse: Parse
    gazetteer: Gazetteer
    words: NameWords
    styles: tuple[Style, ...]
    inside: Counter[str]
    """How often a word stands capitalised where nothing but being a name asks for it."""
    lower: Counter[str]
    alone: frozenset[str]
    """Capitalised words that stand somewhere without a hyphen at either side."""
    shouted: frozenset[int]
    """Tokens in capitals among others in capitals: their capitals mean nothing."""
    begins: tuple[float, ...]
    """For each token how likely it begins a name, as the trained reader sees it."""
    goes_on: tuple[float, ...]
    """For each token how likely it goes on with one."""

    def text(self, start: int, stop: int) -> str:
        """The document's words of tokens[start:stop], line breaks as spaces."""
        tokens = self.parse.tokens
        return " ".join(self.parse.document.text[tokens[start].begin : tokens[stop - 1].end].split())

    def called(self, spot: Spot) -> str:
        """The name that stands at the spot, in full where the words share a part with other names."""
        return spot.name or self.text(spot.start, spot.stop)

    def low(self, i: int) -> str:
        """Token i in lower case without a final dot."""
        word = self.parse.tokens[i].text.casefold()
        return word.rstrip(".") if len(word) > 1 else word

    def common(self, i: int) -> bool:
        """Whether token i is an ordinary word of English; an acronym in capitals is none, whatever it spells."""
        if i not in self.shouted and _ACRONYM.fullmatch(self.parse.tokens[i].text):
            return False
        return self.words.is_common(self.low(i))

    def country_of(self, word: str) -> str | None:
        """The place behind an adjective: "Russian" -> "Russia", "Middle Eastern" -> "Middle East"."""
        if not word[:1].isupper():
            return None
        found = self.words.regional.get(word.casefold()) or self.gazetteer.demonym(word)
        if found is None and word.isupper() and len(word) > 4:
            found = self.gazetteer.demonym(word.title())
        return found


def context_of(parse: Parse, gazetteer: Gazetteer, words: NameWords, text: TextReading) -> Context:
    """What the document as a whole shows of its words."""
    styles = tuple(
        "prose" if _is_roster(parse, sentence, gazetteer, words) else _style(parse, sentence)
        for sentence in parse.sentences
    )
    inside: Counter[str] = Counter()
    lower: Counter[str] = Counter()
    shouted: set[int] = set()
    alone: set[str] = set()
    for sentence, style in zip(parse.sentences, styles, strict=True):
        run: list[int] = []
        for token in (*parse.tokens[sentence.start : sentence.stop], None):
            if token is not None and _is_shout(token):
                run.append(token.i)
                continue
            if token is not None and not token.text[0].isalnum() and token.tag != "POS":
                continue
            if len(run) > 1 and any(_is_plain(parse.tokens[k], words) for k in run):
                shouted.update(run)
            run = []
        if style != "prose":
            continue
        for token in parse.tokens[sentence.start : sentence.stop]:
            if token.text[0].islower():
                lower[token.text] += 1
            elif token.text[0].isupper() and token.i not in shouted and not opens(parse, token.i):
                inside[token.text.casefold()] += 1
                if not _is_hyphenated(parse, token.i):
                    alone.add(token.text)
    begins, goes_on = names_in(text)
    return Context(
        parse=parse,
        gazetteer=gazetteer,
        words=words,
        begins=begins,
        goes_on=goes_on,
        styles=styles,
        inside=inside,
        lower=lower,
        alone=frozenset(alone),
        shouted=frozenset(shouted),
    )


def _is_hyphenated(parse: Parse, i: int) -> bool:
    tokens = parse.tokens
    before = i > 0 and tokens[i - 1].text in HYPHENS and tokens[i - 1].end == tokens[i].begin
    return before or i + 1 < len(tokens) and tokens[i + 1].text in HYPHENS and tokens[i].end == tokens[i + 1].begin


def _is_shout(token: Token) -> bool:
    return token.text.isupper() and token.text.isalpha() and len(token.text) > 1


def _is_plain(token: Token, words: NameWords) -> bool:
    """Whether a word in capitals is an ordinary one; three letters tagged as a name are an acronym ("CBS")."""
    return words.is_common(token.text) and (len(token.text) > SHORTEST_PLAIN or not token.tag.startswith("NNP"))


def _is_roster(parse: Parse, sentence: Sentence, gazetteer: Gazetteer, tables: NameWords) -> bool:
    """Whether the sentence is a person's entry in a list: "Ana Ruiz, Chair, Council of Economic Advisers"."""
    words = [token.text for token in parse.tokens[sentence.start : sentence.stop]]
    titles = tables.titles | LIST_MARKS | {"the"}  # "-   The Honorable Ana Ruiz, Chair, ..."
    words = list(itertools.dropwhile(lambda word: word.casefold().rstrip(".") in titles, words))
    comma = words.index(",") if "," in words else 0
    return 2 <= comma <= 5 and all(word[0].isupper() for word in words[:comma]) and gazetteer.is_first_name(words[0])


def _style(parse: Parse, sentence: Sentence) -> Style:
    if sentence.kind == "dateline":
        return "prose"
    words = [t for t in parse.tokens[sentence.start : sentence.stop] if t.text[0].isalpha() and len(t.text) > 2]
    long = [t for t in words if len(t.text) > 3]
    if len(words) >= 3 and sum(t.text.isupper() for t in words) > 0.8 * len(words):
        return "caps"
    ends = parse.tokens[sentence.stop - 1].text[-1:] in '.?!"”'
    verbs = any(t.text[0].islower() and t.tag in ("VBD", "VBZ", "VBP", "MD") for t in words)
    if len(long) >= 4 and not ends and not verbs and sum(t.text[0].isupper() for t in long) > 0.75 * len(long):
        return "title"
    return "prose"


def opens(parse: Parse, i: int) -> bool:
    """Whether token i opens a sentence, a quotation or a clause after a colon, so that its capital means nothing."""
    start = parse.sentences[parse.sentence_of[i]].start
    at = i - 1
    while at >= start and not parse.tokens[at].text[0].isalnum():
        text = parse.tokens[at].text
        if (
            text in QUOTES
            and text not in POSSESSIVES
            and parse.tokens[at].end == parse.tokens[at + 1].begin
            or text in (":", "•", "*", "...", "…")
        ):
            return True
        if text in ("(", "[", ",", ";", "-", "/", "&") or text in POSSESSIVES:
            return at == start and text in QUOTES
        at -= 1
    return at < start


def is_capital(token: Token) -> bool:
    """Whether the token is written as a name: "Haass", "iPhone", "d'Orsay", "G7", "U.S."."""
    return _is_capital(token.text)


@functools.lru_cache(maxsize=50_000)
def _is_capital(text: str) -> bool:
    if text[0].isupper():
        if text[0] > LAST_LATIN or "\u0370" <= text[0] <= "\u1dff":  # Greek to Georgian: a text gone wrong
            return False
        return not ("[" in text or "]" in text)
    if len(text) > 2 and text[0].islower() and text[1].isupper() and text.isalnum():
        return True
    return re.fullmatch(r"[a-z]{1,2}['’][A-Z]\w+", text) is not None


def is_web(token: Token) -> bool:
    """Whether the token is the name of a site: "www.example.org", "Example.com"."""
    return _WEB.fullmatch(token.text) is not None


def is_pair(context: Context, i: int) -> bool:
    """Whether token i couples two countries or a country and a word: "U.S.-Japan", "U.S.-led"."""
    parts = context.parse.tokens[i].text.split("-")
    if len(parts) == 1:
        return False
    known = [bool(context.gazetteer.country(part) or context.country_of(part)) for part in parts]
    return known[0] and (all(known) or parts[-1].islower())


def _opens_paper(context: Context, i: int) -> bool:
    """Whether a weekday begins the name of a newspaper: "the Sunday Times"."""
    tokens = context.parse.tokens
    if i + 1 >= len(tokens) or not tokens[i].text.endswith("day") or not tokens[i + 1].text[0].isupper():
        return False
    before = i > 0 and tokens[i - 1].text in ("the", "The")
    return before and context.words.heads.get(context.low(i + 1)) == "Organization"


def _is_feast(context: Context, i: int) -> bool:
    """Whether a weekday has a name of its own: "Bloody Sunday"."""
    return i > 0 and context.parse.tokens[i - 1].text in FEASTS and context.low(i).endswith("day")


def _is_march(context: Context, i: int) -> bool:
    """Whether the month is a march: "the March of the Living"."""
    words = [token.text for token in context.parse.tokens[max(0, i - 1) : i + 4]]
    return words[1:4] == ["March", "of", "the"] and words[0] in ("the", "The") and words[-1][0].isupper()


def is_given(context: Context, i: int) -> bool:
    """Whether token i is the first name of a person and no month: "Jan Holm", "April Roe"."""
    token, low = context.parse.tokens[i], context.low(i)
    after = context.parse.tokens[i + 1] if i + 1 < len(context.parse.tokens) else None
    named = after is not None and after.text.isalpha() and after.text[0].isupper() and context.low(i + 1) not in DATES
    if not named or not context.gazetteer.is_first_name(low) or low not in DATES:
        return False
    return token.entity == "PERSON" or token.text == "Jan"


def is_date(context: Context, i: int) -> bool:
    """Whether token i is a month or day, and not a person's name of that form ("May", "Jan", "Sunday Eke")."""
    token = context.parse.tokens[i]
    if context.low(i) not in DATES or _opens_paper(context, i) or _is_march(context, i) or _is_feast(context, i):
        return False
    if token.text == "Sun" and token.entity != "DATE":
        return False
    if is_given(context, i):
        return False
    after = context.parse.tokens[i + 1] if i + 1 < len(context.parse.tokens) else None
    if token.entity == "PERSON" and not token.entity_starts:
        return False  # "Mullah Toor Jan"
    if (
        token.text == "I"
        or token.entity == "DATE"
        or context.low(i) not in ("jan", "jun", "mar", "may", "april", "june", "august", "dec", "sun")
    ):
        return token.text == "I" or token.entity != "PERSON"
    return after is None or not (after.text[0].isupper() or after.text in HYPHENS)
