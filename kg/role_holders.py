"""Who holds a role: said of by a copula or a verb of naming, behind "as", in apposition, in a list of nominees."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from kg.frames import verb_slots
from kg.referents import Context, Referent, referents
from kg.role_bodies import DETERMINERS, named_at, word_of
from kg.role_words import PERSONS, RoleWords
from kg.syntax import ancestors, child, children, first_conjunct
from kg.types import Mention, Tense

CLOSERS = frozenset({",", ")", ".", "–", "—", "-", ";", "and", "who", ":", "said", "says", "told", "("})
OPENERS = frozenset({",", "(", "–", "—", "-", ":"})
OUTGOING = frozenset({"replace", "succeed"})
ONE_OF = frozenset({"one", "two", "three", "some", "many", "several", "among", "part"})
MARKS = frozenset({",", ":", "–", "—"})
HONORIFICS = frozenset({"dr", "mr", "mrs", "ms", "miss", "sir", "dame", "prof", "professor"})
FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
COMPLEMENTS = frozenset({"attr", "oprd", "acomp", "dobj", "xcomp", "ccomp"})
BODIES = frozenset({"Organization", "Country", "Place"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Who holds a role, the token that says so, how, and when."""

    holders: tuple[Referent, ...]
    trigger: int
    how: str
    tense: Tense = "current"
    single: bool = False
    """Whether one of many is meant: "one of the founders"."""


def fitting(context: Context, token: int | None, words: RoleWords, *, expand: bool = True) -> tuple[Referent, ...]:
    """The entities at a token that may hold the role."""
    if token is None:
        return ()
    found = {r.entity: r for r in referents(context, token, expand=expand)}
    mention = named_at(context, token)
    if expand and words.plural and mention is not None:
        for i in _row(context, mention):
            for r in referents(context, i, expand=False):
                found.setdefault(r.entity, r)
    ordered = sorted(found.values(), key=lambda r: r.token) if words.plural else found.values()
    return tuple(r for r in ordered if not words.allowed or r.type in words.allowed)


def _row(context: Context, mention: Mention) -> list[int]:
    """The heads of names of one class that stand in one row with this one: "A, B and C".  Parsers break on these."""
    tokens, sentence = context.parse.tokens, context.parse.sentence_of
    names = sorted({m.start: m for m in context.at.values() if m.kind == "name"}.values(), key=lambda m: m.start)
    at = next((n for n, m in enumerate(names) if m.start == mention.start), None)
    if at is None:
        return []

    def joined(a: Mention, b: Mention) -> bool:
        gap = [word_of(t) for t in tokens[a.stop : b.start]]
        return (
            a.type == b.type and sentence[a.head] == sentence[b.head] and gap in ([","], ["and"], [",", "and"], ["&"])
        )

    first = last = at
    while first and joined(names[first - 1], names[first]):
        first -= 1
    while last + 1 < len(names) and joined(names[last], names[last + 1]):
        last += 1
    row = names[first : last + 1]
    listed = any(
        word_of(tokens[a.stop]) in ("and", "&") or word_of(tokens[b.start - 1]) == "and" for a, b in pairwise(row)
    )
    return [m.head for m in row] if listed else []


# ---------------------------------------------------------------- said of somebody


def predicated(context: Context, words: RoleWords, head: int) -> Held | None:
    """ "X is the chair", "served as envoy", "named X director", "the chair is X", "as chair, X said"."""
    parse = context.parse
    top = head
    while (
        parse.tokens[top].dep == "conj"
        and parse.tokens[top].head < top
        and parse.tokens[parse.tokens[top].head].pos in ("NOUN", "PROPN")
    ):
        top = parse.tokens[top].head
    token = parse.tokens[top]
    above = parse.tokens[token.head]
    if token.dep in COMPLEMENTS and above.pos in ("VERB", "AUX"):
        named = above.lemma in context.cue("naming")
        if token.dep in ("attr", "acomp") or named:
            return _by_verb(context, words, above.i, {top, head}, first_object=named or token.dep == "oprd")
    if token.dep == "nsubj" and above.lemma == "be":
        found = tuple(
            r for c in children(parse, above.i, "attr") for r in fitting(context, c, words) if r.level == "explicit"
        )
        return (
            Held(holders=found, trigger=above.i, how="copula", tense=verb_tense(context, above.i, named=False))
            if found
            else None
        )
    if token.dep == "pobj" and word_of(above) == "of" and words.plural:  # "one of the founding members"
        one = parse.tokens[above.head]
        if one.lemma.casefold() in ONE_OF and one.dep in ("attr", "pobj", "appos"):
            held = predicated(context, replace(words, plural=False), one.i)
            found = () if held or one.dep != "appos" else fitting(context, one.head, words, expand=False)
            if held or not found:
                return replace(held, single=True) if held else None
            return Held(holders=found, trigger=head, how="apposition", single=True)
    if token.dep == "pobj" and word_of(above) in ("as", "to") and above.head != above.i:
        return _behind_as(context, words, above.i, {top, head})
    return None


def _behind_as(context: Context, words: RoleWords, preposition: int, own: set[int]) -> Held | None:
    parse = context.parse
    governor = parse.tokens[parse.tokens[preposition].head]
    to = word_of(parse.tokens[preposition]) == "to"
    if governor.pos in ("VERB", "AUX"):
        if governor.lemma in OUTGOING and not to:
            objects = verb_slots(parse, governor.i, context.refers).get("obj", ())
            found = tuple(r for o in objects for r in fitting(context, o, words))
            if found:
                over: Tense = "former" if verb_tense(context, governor.i, named=False) == "former" else "current"
                return Held(holders=found, trigger=min(own), how="outgoing", tense=over)
        if governor.lemma in (context.cue("to-role") if to else context.cue("as-role")):
            return _by_verb(context, words, governor.i, own, first_object=True)
        subject = child(parse, governor.i, "nsubj", "nsubjpass")
        if not to and subject is not None and preposition < subject:  # "As chair, she urged ..."
            found = fitting(context, subject, words)
            return Held(holders=found, trigger=min(own), how="as") if len(found) == 1 else None
        return None
    if to:
        return None
    if governor.pos == "NOUN":
        found = fitting(context, child(parse, governor.i, "poss"), words)
        past = governor.lemma in context.cue("time-in-office")
        return Held(holders=found, trigger=min(own), how="as", tense="former" if past else "current") if found else None
    if governor.pos == "PROPN" and governor.dep == "pobj":
        found = fitting(context, governor.i, words)
        return Held(holders=found, trigger=min(own), how="with-as") if found else None
    return None


def heir(context: Context, head: int, outgoing: tuple[Referent, ...]) -> Held | None:
    """Who takes over in "X replaces Y as editor"."""
    parse = context.parse
    verb = next((i for i in ancestors(parse, head) if parse.tokens[i].lemma in OUTGOING), None)
    if verb is None:
        return None
    gone = {o.entity for o in outgoing}
    subjects = verb_slots(parse, verb, context.refers).get("subj", ())
    found = tuple(r for s in subjects for r in referents(context, s) if r.type == "Person" and r.entity not in gone)
    tense: Tense = "future" if verb_tense(context, verb, named=False) == "future" else "current"
    return Held(holders=found, trigger=verb, how="copula", tense=tense) if found else None


def _by_verb(context: Context, words: RoleWords, verb: int, own: set[int], *, first_object: bool) -> Held | None:
    parse = context.parse
    slots = verb_slots(parse, verb, context.refers)
    named = parse.tokens[verb].lemma in context.cue("naming")
    objects = [o for o in slots.get("obj", ()) if o not in own]
    # Who names somebody else holds nothing by it: "Acme elected new leaders".
    for slot in ("obj",) if named else ("obj", "subj") if first_object else ("subj",):
        for candidate in slots.get(slot, ()):
            if candidate in own or slot == "subj" and objects and first_object and not _keeps_subject(context, verb):
                continue
            found = fitting(context, candidate, words)
            if found:
                return Held(holders=found, trigger=verb, how="copula", tense=verb_tense(context, verb, named=named))
    return None


def _keeps_subject(context: Context, verb: int) -> bool:
    """Whether the subject holds the role although there is an object: "joined Acme as an analyst"."""
    return context.parse.tokens[verb].lemma in context.cue("as-subject")


def verb_tense(context: Context, verb: int, *, named: bool) -> Tense:
    """When a role is held that verb says somebody holds; `named` for verbs that put somebody into it."""
    parse = context.parse
    token = parse.tokens[verb]
    auxiliaries = {word_of(parse.tokens[c]) for c in children(parse, verb, "aux", "auxpass")}
    if auxiliaries & {"will", "'ll", "would", "shall"}:
        return "future"
    if token.lemma in context.cue("leaving"):
        return "former"
    if token.lemma in context.cue("nominating"):
        return "future"
    if named or token.lemma in context.cue("becoming"):
        return "current"
    if (
        token.tag == "VBD"
        or auxiliaries & {"was", "were"}
        and token.tag == "VBG"
        or token.tag == "VBN"
        and "had" in auxiliaries
    ):
        return "former"
    if token.tag == "VBG" and token.dep in ("pcomp", "advcl") and token.head != verb:
        above = parse.tokens[token.head]
        if word_of(above) in ("after", "before", "since"):
            return "former"
        over = above.tag == "VBD" and any(word_of(parse.tokens[c]) in ("while", "when") for c in parse.children[verb])
        return "former" if over else "current"
    return "current"


def namer(context: Context, verb: int, holders: tuple[Referent, ...]) -> tuple[Referent, ...]:
    """The body in "Acme named her director", "Jane Doe was hired by Acme as director", "joined Acme as director"."""
    found: list[Referent] = []
    taken = {h.entity for h in holders}
    slot = "obj" if _keeps_subject(context, verb) else "subj"
    for subject in verb_slots(context.parse, verb, context.refers).get(slot, ()):
        found += [r for r in referents(context, subject) if r.type == "Organization" and r.entity not in taken]
    return tuple(found)


def of_clause(context: Context, head: int) -> tuple[Referent, ...]:
    """ "With Jane Doe as captain, the Mariners won": the subject of the clause is the body."""
    for at in ancestors(context.parse, head):
        if context.parse.tokens[at].pos in ("VERB", "AUX"):
            found: list[Referent] = []
            for subject in children(context.parse, at, "nsubj", "nsubjpass"):
                found += [r for r in referents(context, subject) if r.type in BODIES]
            return tuple(found)
    return ()


# ---------------------------------------------------------------- beside the name


def nominated(context: Context, left: int) -> Held | None:
    """In "Jane Doe, of Ohio, to be Judge", "Jane Doe, nominee for Judge" the line's first name; no verb between."""
    tokens, parse = context.parse.tokens, context.parse
    if left < 2 or word_of(tokens[left - 1]) not in ("be", "for", "as"):
        return None
    sentence = parse.sentences[parse.sentence_of[left]]
    before = tokens[sentence.start : left]
    last = [word_of(t) for t in before[-2:]]
    mention = next((context.at[t.i] for t in before if t.i in context.at and context.at[t.i].kind == "name"), None)
    if (
        last not in (["to", "be"], ["nominee", "for"], ["nominated", "as"])
        or mention is None
        or mention.type != "Person"
    ):
        return None
    if any(t.tag in FINITE for t in before):
        return None
    return Held(holders=referents(context, mention.head, expand=False), trigger=left, how="nomination", tense="future")


def members(context: Context, words: RoleWords, head: int) -> Held | None:
    """ "opposition leaders such as A and B", "allies including C"."""
    parse = context.parse
    at = words.stop
    lead = [word_of(t) for t in parse.tokens[at : at + 2]]
    at += 2 if lead == ["such", "as"] else 1
    mention = named_at(context, at) if lead == ["such", "as"] or lead[:1] in (["like"], ["including"]) else None
    if mention is not None and mention.start == at:
        found = fitting(context, mention.head, words)
        return Held(holders=found, trigger=head, how="members") if found else None
    for p in children(parse, head, "prep"):
        word = word_of(parse.tokens[p])
        such = word == "as" and any(word_of(parse.tokens[c]) == "such" for c in parse.children[p])
        if word in ("like", "including") or such:
            found = tuple(r for o in children(parse, p, "pobj") for r in fitting(context, o, words))
            if found:
                return Held(holders=found, trigger=head, how="members")
    return None


def apposed(context: Context, words: RoleWords, left: int, right: int, head: int) -> Held | None:
    """By apposition or brackets: "X, 42, the chair of Y," and "the chair of Y, X,"; the parse, then the commas."""
    parsed, near = _by_parse(context, words, head), _before_comma(context, words, left, right, head)
    if parsed and near and not words.plural and _is_beside(context, near[0], parsed[0]):
        parsed = near  # "Jo Hale and Ana Ruiz, author of X"
    found = parsed or near or _behind_comma(context, words, right, head)
    return Held(holders=found, trigger=head, how="apposition") if found else None


def _is_beside(context: Context, one: Referent, first: Referent) -> bool:
    """Whether one person stands behind an "and" and a person before it."""
    mention = context.at.get(one.token)
    linked = mention is not None and mention.start > 0 and word_of(context.parse.tokens[mention.start - 1]) == "and"
    return linked and one.type == first.type == "Person" and first.token < one.token


def _by_parse(context: Context, words: RoleWords, head: int) -> tuple[Referent, ...]:
    parse, tokens = context.parse, context.parse.tokens
    relative = any(tokens[c].tag == "WP$" for c in children(parse, head, "poss"))  # "X, whose chair, Y": not X
    if tokens[head].dep == "appos" and not relative:
        named = first_conjunct(parse, tokens[head].head) if words.plural else tokens[head].head
        found = fitting(context, named, words, expand=words.plural)
        if found and not _clause_between(context, tokens[head].head, head):
            return _explicit(found)
    for c in children(parse, head, "appos"):
        if _is_one_of_many(context, c):
            continue
        found = fitting(context, c, words, expand=words.plural)
        if found:
            return _explicit(found)
    return ()


def _is_one_of_many(context: Context, i: int) -> bool:
    """Whether the name only tells of what kind the holder is: "the premier, a Social Democrat"."""
    return any(word_of(context.parse.tokens[c]) in ("a", "an") for c in children(context.parse, i, "det"))


def _explicit(found: tuple[Referent, ...]) -> tuple[Referent, ...]:
    return tuple(r for r in found if r.type == "Person") or found


def _before_comma(context: Context, words: RoleWords, left: int, right: int, head: int) -> tuple[Referent, ...]:
    tokens, sentence = context.parse.tokens, context.parse.sentence_of
    i = left - 1
    if i < 1 or sentence[i] != sentence[head] or tokens[i].text not in OPENERS - {":"} or tokens[left].tag == "WP$":
        return ()
    bracketed = tokens[i].text == "("
    i -= 1
    if tokens[i].pos == "NUM" and i >= 2 and tokens[i - 1].text == ",":
        i -= 2
    elif tokens[i].text == ")":  # "Jane Doe (42), chair of X"
        i = next((j - 1 for j in range(i, max(i - 6, 0), -1) if tokens[j].text == "("), i)
    mention = named_at(context, i)
    if mention is None or mention.kind != "name" or not mention.entities or sentence[i] != sentence[head]:
        return ()
    closed = right >= len(tokens) or sentence[right] != sentence[head] or tokens[right].text in CLOSERS
    if not closed or mention.type not in PERSONS and not (bracketed or tokens[left].tag in DETERMINERS):
        return ()
    return fitting(context, i, words, expand=False)


def _behind_comma(context: Context, words: RoleWords, right: int, head: int) -> tuple[Referent, ...]:
    tokens, sentence = context.parse.tokens, context.parse.sentence_of
    if right >= len(tokens) - 1 or sentence[right] != sentence[head] or tokens[right].text not in MARKS:
        return ()
    start = right + 1 + (word_of(tokens[right + 1]).rstrip(".") in HONORIFICS)  # "head of research, Dr. Jane Doe"
    mention = named_at(context, start) if start < len(tokens) else None
    if mention is None or mention.kind != "name" or mention.start != start:
        return ()
    if _is_one_of_many(context, mention.head):
        return ()
    if words.plural:
        found = fitting(context, mention.head, words)
        return found if len(found) > 1 else ()
    after = mention.stop
    if after < len(tokens) and word_of(tokens[after]) in ("and", "or"):
        return ()
    if mention.type not in PERSONS:
        before = named_at(context, right - 1)
        around = (
            mention.type in ("Place", "Country") and before is not None and before.type == mention.type
        )  # "in Graz, Austria"
        if around or not (after < len(tokens) and tokens[after].text in (",", ".", ")", "–", "—")):
            return ()
    return fitting(context, start, words, expand=False)


def _clause_between(context: Context, a: int, b: int) -> bool:
    return any(context.parse.tokens[i].tag in FINITE for i in range(min(a, b) + 1, max(a, b)))
