"""Around the words of a role: its title, for whom it is held ("Kremlin", "Sweden's", "of X at Y"), "former"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.referents import Context, Referent, referents
from kg.role_words import PERSONS, RoleWords, is_reversed, short_titles
from kg.types import Mention, Tense, Token

MAX_LEFT = 12
MAX_RIGHT = 16
MAX_RANK = 3
LEFT_TAGS = frozenset(
    {"JJ", "JJS", "JJR", "NN", "NNS", "NNP", "NNPS", "POS", "HYPH", "VBN", "VBG", "CD", "RB", "AFX", "FW"}
)
PREPOSITIONS = ("of", "at", "for", "to", "in", "with", "on", "from", "under", "by")
TITLE_PREPOSITIONS = frozenset({"of", "for", "to", "on"})
DETERMINERS = frozenset({"DT", "PRP$", "PDT", "WP$"})
DEFINITE = frozenset({"the"})
FIELD_OFFICES = frozenset({"minister", "secretary"})
NEVER_TITLE = frozenset({"under", "by", "from", "with"})
SIDES = frozenset({"pro", "anti"})
"""Left over from "pro-Ruritanian"."""
QUOTES = frozenset({'"', "“", "‘", "'", "``"})
OWNERS = frozenset({"PRP$", "WP$"})
WANTED = (("of", "at", "with"), ("for", "to", "in", "on", "by"), ("from",))
"""Prepositions of the body of a title, the surest first: "director for Russia at the council" is at the council."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What stands before the role's words: where it begins, for whom, when held, which words are of the title."""

    start: int
    bodies: tuple[Referent, ...]
    tense: Tense
    modifiers: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """What stands behind: where it ends, for whom and at whose house, the name that follows, where the title ends."""

    stop: int
    bodies: tuple[Referent, ...]
    employers: tuple[Referent, ...]
    named: Mention | None
    title_stop: int
    part: bool = False
    at_home: bool = False
    """Whether the body is an organisation that has the post: a Ruritanian director of the Fund is the Fund's."""


def word_of(token: Token) -> str:
    """The token's word in lower case."""
    return token.text.casefold()


def named_at(context: Context, i: int) -> Mention | None:
    """The name or demonym over token i."""
    mention = context.at.get(i)
    return mention if mention is not None and mention.kind in ("name", "demonym") else None


def is_person(context: Context, mention: Mention) -> bool:
    """Whether the mention is of one person."""
    return bool(mention.entities) and context.entities[mention.entities[0]].type == "Person"


def before_role(context: Context, start: int) -> Before:
    """Reads leftwards from the role's first word to the beginning of its noun phrase."""
    tokens, sentence = context.parse.tokens, context.parse.sentence_of
    former, future = context.cue("former"), context.cue("future-role")
    bodies: tuple[Referent, ...] = ()
    modifiers: list[int] = []
    tense: Tense = "current"
    i, steps = start - 1, 0
    while i >= 0 and sentence[i] == sentence[start] and steps < MAX_LEFT:
        token, word = tokens[i], word_of(tokens[i])
        steps += 1
        mention = named_at(context, i)
        if mention is not None:
            if is_person(context, mention):
                if tokens[mention.stop].tag != "POS":
                    break
                found = bodies or referents(context, i, expand=False)
                return Before(start=_phrase_start(context, i), bodies=found, tense=tense, modifiers=tuple(modifiers))
            bodies = bodies or referents(context, i, expand=False)
            i = mention.start - 1
            continue
        if token.tag in DETERMINERS:
            if token.tag in OWNERS and not bodies:
                bodies = referents(context, i, expand=False) or _whose(context, i)
            i -= 1
            break
        if token.tag == "POS" and not bodies:
            found = referents(context, i - 1, expand=False)
            if found:
                return Before(
                    start=_phrase_start(context, i - 1), bodies=found, tense=tense, modifiers=tuple(modifiers)
                )
            break
        if word in ("a.m.", "p.m."):
            break
        if word in former and not _of_age(tokens, i):
            tense = "former"
        elif word == "time" and [t.text for t in tokens[max(0, i - 2) : i]] == ["one", "-"]:
            tense, i = "former", i - 2
        elif word in future:
            tense = "future"
        elif (
            token.tag in LEFT_TAGS
            and token.pos not in ("VERB", "AUX")
            or token.tag in ("VBN", "VBG")
            and token.dep == "amod"
        ):
            if (
                token.tag != "RB"
                and not (token.text.islower() and word in context.cue("no-title"))
                and not _of_age(tokens, i)
            ):
                modifiers.insert(0, i)
        elif word != "-":
            break
        i -= 1
    if i >= 0 and sentence[i] == sentence[start] and tokens[i].tag == "RB" and word_of(tokens[i]) in former:
        tense = "former"  # "then the chair of X"
    if [word_of(t) for t in tokens[max(0, i - 2) : i + 1]] == ["at", "the", "time"]:
        tense = "former"
    return Before(start=i + 1, bodies=bodies, tense=tense, modifiers=tuple(modifiers))


def _whose(context: Context, i: int) -> tuple[Referent, ...]:
    """The body named in front of "whose", where the parse does not tell."""
    tokens = context.parse.tokens
    named = i > 1 and tokens[i].tag == "WP$" and tokens[i - 1].text == ","
    mention = named_at(context, i - 2) if named else None
    if mention is None or mention.type == "Person":
        return ()
    return referents(context, mention.head, expand=False)


def _phrase_start(context: Context, owner: int) -> int:
    tokens, sentence = context.parse.tokens, context.parse.sentence_of
    mention = context.at.get(owner)
    i = (mention.start if mention is not None and mention.kind == "name" else owner) - 1
    while i >= 0 and tokens[i].tag in LEFT_TAGS and sentence[i] == sentence[owner] and tokens[i].pos != "VERB":
        i -= 1
    return i if i >= 0 and tokens[i].tag in DETERMINERS and sentence[i] == sentence[owner] else i + 1


def _of_age(tokens: tuple[Token, ...], i: int) -> bool:
    """Whether token i is part of "42-year-old"."""
    return word_of(tokens[i]) in ("year", "old") or [t.text for t in tokens[i + 1 : i + 3]] == ["-", "year"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    """A body behind the role: the preposition in front of it, where that stands, and whose name it is."""

    preposition: str
    at: int
    referents: tuple[Referent, ...]


@dataclass(slots=True)
class _Walk:
    """How far the reading has come: what was found, the open preposition and where it stands, where the title ends."""

    i: int
    title_stop: int
    behind: int
    found: list[_Body]
    preposition: str = ""
    open_title: bool = True
    definite: bool = False


def after_role(context: Context, words: RoleWords, others: Mapping[int, int]) -> After:
    """Reads rightwards: "of X", "for Y at Z", then perhaps the holder's name.  `others` are spans of roles."""
    tokens, sentence = context.parse.tokens, context.parse.sentence_of
    stop = words.stop
    end = sentence[words.stop - 1]
    if [t.text for t in tokens[stop : stop + 1]] == ["-"] and word_of(tokens[stop + 1]) in context.cue("future-role"):
        stop += 2
    if is_shortened(context, stop):
        stop += 1  # "Sgt. Jane Doe": a dot that the parse holds for the end of a sentence
        end = sentence[stop] if stop < len(tokens) else end
    walk = _Walk(i=stop, title_stop=stop, behind=stop, found=[])
    while walk.i < len(tokens) and sentence[walk.i] == end and walk.i - stop < MAX_RIGHT:
        mention = named_at(context, walk.i)
        if mention is None:
            if not _step(context, words, others, walk):
                break
            continue
        if _is_holder(context, words, others, walk, mention, stop):
            return _after(words, walk, mention)
        if not walk.preposition:
            break
        holder = _body(context, words, others, walk, mention)
        if holder is not None:
            walk.i = holder.start
            return _after(words, walk, holder)
    return _after(words, walk, None)


def is_shortened(context: Context, dot: int) -> bool:
    """Whether a token is the dot behind a short form of a title in front of a name."""
    tokens = context.parse.tokens
    if not 0 < dot < len(tokens) - 1 or tokens[dot].text != "." or tokens[dot].begin != tokens[dot - 1].end:
        return False
    short = f"{tokens[dot - 1].text.casefold()}." in short_titles()
    return short and tokens[dot - 1].text[:1].isupper() and tokens[dot + 1].text[:1].isupper()


def _step(context: Context, words: RoleWords, others: Mapping[int, int], walk: _Walk) -> bool:
    """Reads one word that is in no name; whether the phrase goes on."""
    tokens = context.parse.tokens
    i, token, word = walk.i, tokens[walk.i], word_of(tokens[walk.i])
    walk.i += 1
    if token.pos == "ADP" and word in PREPOSITIONS:
        walk.preposition, walk.behind, walk.definite = word, i, False
        walk.open_title = walk.open_title and word in TITLE_PREPOSITIONS
        return True
    if token.text in QUOTES and walk.preposition and named_at(context, i + 1) is not None:
        return True
    ends = word in ("and", "&") and _role_follows(context, i + 1, others)
    inner = token.tag in DETERMINERS or token.tag in LEFT_TAGS and token.pos != "VERB" or word in ("and", "&", "-")
    year = token.tag == "CD" and len(token.text) == 4 and token.text.isdigit()
    if ends or not inner or year or not walk.preposition or _another_role(context, words, others, i):
        walk.i = i
        return False
    if token.tag in OWNERS or token.pos == "NOUN" and context.at.get(i) is not None:
        body = referents(context, i, expand=False)
        walk.found.append(_Body(preposition=walk.preposition, at=walk.behind, referents=body))
    walk.definite = walk.definite or word in DEFINITE
    if token.tag == "POS":
        walk.title_stop, walk.open_title = min(walk.title_stop, walk.behind), False
    plain = token.tag not in DETERMINERS or word in DEFINITE
    walk.open_title = walk.open_title and plain and not walk.found
    if walk.open_title:
        walk.title_stop = i + 1
    return True


def _another_role(context: Context, words: RoleWords, others: Mapping[int, int], i: int) -> bool:
    """Whether what is no post is held towards somebody in another role: "husband of a cousin of X"."""
    post = any(entry.position for entry in words.entries)
    return i in others and not post and context.parse.tokens[i].text.islower() and named_at(context, others[i]) is None


def _is_holder(
    context: Context, words: RoleWords, others: Mapping[int, int], walk: _Walk, name: Mention, direct: int
) -> bool:
    """Whether the name is the holder's, and not that of the one behind "to President X"."""
    if name.kind != "name" or not _holds(context, words, name, walk.i, direct, walk.preposition):
        return False
    titled = any(others.get(start) == walk.i for start in range(walk.behind, walk.i))
    return not walk.preposition or walk.definite or not titled


def _body(context: Context, words: RoleWords, others: Mapping[int, int], walk: _Walk, name: Mention) -> Mention | None:
    """Takes the name behind a preposition as the body; the holder's name where that follows behind a rank."""
    tokens = context.parse.tokens
    walk.title_stop, walk.open_title = min(walk.title_stop, walk.behind), False
    group = referents(context, walk.i, expand=False)
    walk.i = name.stop
    if walk.found and walk.found[-1].at == walk.behind:
        walk.found.pop()  # "the Harbour School's Elm Centre" is the centre
    if name.kind != "name":
        return None
    if [word_of(t) for t in tokens[name.stop : name.stop + 2]] == ["-", "based"]:
        walk.i = name.stop + 2  # "reporter for the Graz-based station X"
        return None
    if name.stop < len(tokens) and tokens[name.stop].tag == "POS":
        walk.found.append(_Body(preposition=walk.preposition, at=walk.behind, referents=group))
        return None
    if _modifies_other(context, name):
        walk.i, walk.preposition = name.stop + 1, ""
        return None
    known = {r.entity for r in group}
    listed = (*group, *(r for r in _listed(context, name, others) if r.entity not in known))
    walk.found.append(_Body(preposition=walk.preposition, at=walk.behind, referents=listed))
    last = max((r.token for r in listed), default=name.start)
    walk.i = max(name.stop, context.at[last].stop if last in context.at else 0)
    walk.preposition = ""
    return _behind_rank(context, words, walk.i)


def _holds(context: Context, words: RoleWords, mention: Mention, i: int, direct: int, preposition: str) -> bool:
    """Whether the name at token i is the holder's: "chairman X", "rival Acme", "head of sales X", not "envoy to X"."""
    if i == direct:
        return not words.allowed or mention.type in words.allowed
    named = not preposition or context.parse.tokens[i - 1].pos in ("NOUN", "PROPN") and preposition not in NEVER_TITLE
    return is_person(context, mention) and named and (not words.allowed or bool(words.allowed & PERSONS))


def _after(words: RoleWords, walk: _Walk, named: Mention | None) -> After:
    stop, title_stop = walk.i, walk.title_stop
    chosen = _choose(words, walk.found)
    if chosen is None:
        return After(stop=stop, bodies=(), employers=(), named=named, title_stop=title_stop)
    taken = {r.entity for r in chosen.referents}
    employers = tuple(r for b in walk.found for r in b.referents if b.preposition == "at" and r.entity not in taken)
    first = min((b.at for b in walk.found if b.referents), default=stop)
    # What is passed over belongs to the title: "director for Russia at the council" is director for Russia.
    passed = first < chosen.at and title_stop == first and chosen.at > words.stop
    return After(
        stop=stop,
        bodies=chosen.referents,
        employers=employers,
        named=named,
        title_stop=chosen.at if passed else title_stop,
        part=chosen.preposition in ("at", "with") and (passed or title_stop > words.stop),
        at_home=chosen.preposition in ("of", "at", "for") and all(r.type == "Organization" for r in chosen.referents),
    )


def _choose(words: RoleWords, found: list[_Body]) -> _Body | None:
    """The body that the title is for: by preposition, but a minister's or secretary's is the state if one is named."""
    named = [body for body in found if body.referents]
    if words.last.casefold() in FIELD_OFFICES and len(named) > 1 and named[0].preposition == "of":
        states = [body for body in named if body.preposition == "of" and body.referents[0].type == "Country"]
        if states:
            return states[0]
    written = any(is_reversed(entry) for entry in words.entries)  # "a series with X": not by him
    for wanted in WANTED:
        for body in named:
            if body.preposition in wanted and not (written and body.preposition in ("with", "at")):
                return body
    return None


def _behind_rank(context: Context, words: RoleWords, i: int) -> Mention | None:
    """The holder's name behind a rank: "commander of the Eastern Fleet Rear Admiral Jane Doe"."""
    tokens, sentence = context.parse.tokens, context.parse.sentence_of
    if words.allowed and not words.allowed & PERSONS:
        return None
    for j in range(i, min(i + MAX_RANK + 1, len(tokens))):
        mention = named_at(context, j)
        if sentence[j] != sentence[words.start] or tokens[j].text in ("'s", "’s"):
            return None
        if mention is not None:
            return mention if mention.kind == "name" and mention.start == j and is_person(context, mention) else None
        if tokens[j].pos not in ("NOUN", "PROPN", "ADJ") or not tokens[j].text[:1].isupper():
            return None
    return None


def _modifies_other(context: Context, name: Mention) -> bool:
    """Whether the name only modifies a noun that is no body of its own kind: "the Harbour Prize jury"."""
    tokens = context.parse.tokens
    if (
        name.stop >= len(tokens)
        or tokens[name.head].dep not in ("compound", "nmod")
        or tokens[name.head].head < name.stop
    ):
        return False
    noun = tokens[tokens[name.head].head]
    return (
        noun.i == name.stop
        and noun.pos == "NOUN"
        and noun.lemma not in context.cue("representative") | context.cue("nominal-Organization")
    )


def _role_follows(context: Context, i: int, others: Mapping[int, int]) -> bool:
    """Whether another role's words begin at token i or behind some modifiers."""
    tokens = context.parse.tokens
    for j in range(i, min(i + 6, len(tokens))):
        if j in others:
            return True
        if tokens[j].tag not in LEFT_TAGS | DETERMINERS:
            return False
    return False


def _listed(context: Context, mention: Mention, others: Mapping[int, int]) -> tuple[Referent, ...]:
    """Bodies coordinated with the first one, "director of A and B"; a person, or another role, begins something new."""
    found = (r for r in referents(context, mention.head) if r.type != "Person")
    return tuple(r for r in found if not any(j in others for j in range(mention.stop, r.token)))


def behind_name(context: Context, name: Mention) -> tuple[Referent, ...]:
    """ "President Jane Doe of Ruritania": the body behind the holder's name."""
    tokens = context.parse.tokens
    at = name.stop
    if at + 1 < len(tokens) and word_of(tokens[at]) in ("of", "from"):
        at += 1
        while at + 1 < len(tokens) and tokens[at].tag in DETERMINERS:
            at += 1
        return tuple(r for r in referents(context, at, expand=False) if r.type != "Person")
    return ()


def behind_comma(context: Context, start: int, right: int, known: bool) -> tuple[tuple[Referent, ...], int]:
    """ "Jane Doe, Chief Executive, Acme Steel": the body behind the comma, and where it ends.

    Within a sentence only a capitalised title has one; `known` says that the title has another body already.
    """
    tokens, sentence = context.parse.tokens, context.parse.sentence_of
    mention = named_at(context, right + 1)
    if mention is None or tokens[right].text != "," or mention.start != right + 1 or mention.type != "Organization":
        return (), right
    stop = mention.stop
    ends = stop >= len(tokens) or sentence[stop] != sentence[right] or tokens[stop].text in (".", ";", ")")
    listed = (
        tokens[start].text[:1].isupper() and stop < len(tokens) and tokens[stop].text in (",", "(", "and", "–", "—")
    )
    return (referents(context, mention.head, expand=False), stop) if (ends and not known) or listed else ((), right)


def in_brackets(context: Context, right: int) -> tuple[tuple[Referent, ...], int]:
    """ "Jane Doe (chairman, Acme Steel)": the body behind the comma, and where the brackets end."""
    tokens = context.parse.tokens
    mention = named_at(context, right + 1)
    if (
        mention is not None
        and tokens[right].text == ","
        and mention.start == right + 1
        and tokens[mention.stop : mention.stop + 1]
    ):
        if tokens[mention.stop].text == ")":
            return tuple(r for r in referents(context, mention.head, expand=False) if r.type != "Person"), mention.stop
    return (), right


def _written_out(tokens: tuple[Token, ...], i: int) -> str:
    """A word of a title; a short form with its dot in full: "Maj. Gen."."""
    text = tokens[i].text
    dotted = i + 1 < len(tokens) and tokens[i + 1].text == "." and tokens[i + 1].begin == tokens[i].end
    full = short_titles().get(f"{text.casefold()}.") if dotted or text.endswith(".") else None
    return full.title() if full and text[:1].isupper() else text


def _is_span(tokens: tuple[Token, ...], i: int) -> bool:
    """Whether "for 30 years" or "on Monday" begins at token i."""
    if word_of(tokens[i]) not in ("for", "on", "in") or i + 1 >= len(tokens):
        return False
    return word_of(tokens[i]) == "for" and tokens[i + 1].tag == "CD" or tokens[i + 1].entity == "DATE"


HONORIFICS = frozenset({"dr", "dr.", "mr", "mr.", "mrs", "mrs.", "ms", "ms.", "."})
"""Before the name behind a title, and no part of it: "Deputy Secretary of Defense Dr. Jane Roe"."""


def title_span(context: Context, modifiers: tuple[int, ...], words: RoleWords, title_stop: int) -> tuple[str, int, int]:
    """The title in the text's own words, without the body's name, and its first and last token."""
    tokens = context.parse.tokens
    first = [i for n, i in enumerate(modifiers) if (n or tokens[i].tag != "CD") and word_of(tokens[i]) not in SIDES]
    while first and (tokens[first[0]].tag in ("POS", "HYPH") or tokens[first[0]].text in ("-", "born", "based")):
        first.pop(0)
    last = next((i for i in range(words.stop, title_stop) if _is_span(tokens, i)), title_stop)
    while last > words.stop and (
        word_of(tokens[last - 1]) in (*PREPOSITIONS, *HONORIFICS, "the", "a", "an", "and", "&", "more", "some", "many")
        or tokens[last - 1].tag == "POS"
    ):
        last -= 1
    inner = [
        _written_out(tokens, i)
        for i in (*first, *range(words.start, words.stop - 1))
        if tokens[i].tag != "POS" and tokens[i].text != "."
    ]
    parts = [*inner, words.last, *(t.text for t in tokens[words.stop : last] if t.tag != "POS" and t.text != ".")]
    return " ".join(parts).replace(" - ", "-"), first[0] if first else words.start, last
