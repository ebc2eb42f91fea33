"""What a token stands for: itself a name or a resolved mention, or a noun that speaks for one.

"Russian forces" acts for Russia, "dozens of Rohingya" are the Rohingya, "officials, including A and B" are A and B too.
Which nouns speak for their modifier is a cue list of the lexicon, not code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from kg.agents import acts_for, is_cue_noun
from kg.frames import is_relative, relative_antecedent, surface_subject
from kg.syntax import children, first_conjunct
from kg.types import EntityType, Level, LocalEntity, Mention, Parse

MAX_DEPTH = 5
WHO_MARKS = frozenset({",", "–", "—", "-", "(", ")"})
CALLED_MARKS = frozenset({",", ":", '"', "“", "‘", "'", "``", "as", "the", "The"})
MAX_CALLED = 14
ACTORS: frozenset[EntityType] = frozenset({"Person", "Organization", "Place", "Country", "Group"})
LIST_MARKS = frozenset({"—", "–", "-", "--", ":", "("})


@dataclass(frozen=True, slots=True, kw_only=True)
class Referent:
    """An entity that an argument stands for, the words that say so, and how directly."""

    entity: str
    type: EntityType
    begin: int
    end: int
    level: Level
    token: int
    demonym: bool = False
    represented: bool = False
    """Whether a noun speaks for it ("Ruritanian officials"): then it may act, but is not what the noun is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A parse with its mentions found: what the relation rules read.  `at[i]` is the mention over token i."""

    parse: Parse
    entities: Mapping[str, LocalEntity]
    at: Mapping[int, Mention]
    lists: Mapping[int, tuple[int, ...]]
    """For each token of a name in "A, B and C": the heads of all of them.  Parsers break such lists."""
    cues: Mapping[str, frozenset[str]]

    def refers(self, i: int) -> bool:
        """Whether token i stands for some entity."""
        return bool(referents(self, i, expand=False))

    def cue(self, kind: str) -> frozenset[str]:
        """The words of a cue list, none when the lexicon has no such list."""
        return self.cues.get(kind, frozenset())


def context_of(
    parse: Parse,
    entities: Iterable[LocalEntity],
    mentions: Iterable[Mention],
    cues: Mapping[str, frozenset[str]],
) -> Context:
    """The context over these mentions; where two overlap, a name wins over what is not one, then the longer."""
    at: dict[int, Mention] = {}
    rank = {"name": 0, "demonym": 1, "pronoun": 2, "nominal": 3}
    for m in sorted(mentions, key=lambda m: (-rank[m.kind], m.stop - m.start), reverse=False):
        cover = range(m.start, m.stop) if m.kind in ("name", "demonym") else (m.head,)
        for i in cover:
            at[i] = m
    return Context(parse=parse, entities={e.id: e for e in entities}, at=at, lists=_lists(parse, at), cues=cues)


def _lists(parse: Parse, at: Mapping[int, Mention]) -> dict[int, tuple[int, ...]]:
    """Names of one class in a row, three at least, commas between them and a conjunction before the last."""
    names = sorted({m.start: m for m in at.values() if m.kind == "name"}.values(), key=lambda m: m.start)
    found: dict[int, tuple[int, ...]] = {}
    row: list[Mention] = []
    for mention in names:
        gap = [t.text.casefold() for t in parse.tokens[row[-1].stop : mention.start]] if row else []
        same = (
            bool(row)
            and parse.sentence_of[row[-1].head] == parse.sentence_of[mention.head]
            and row[-1].type == mention.type
        )
        if same and gap == [","]:
            row.append(mention)
            continue
        if same and len(row) >= 2 and gap in (["and"], ["or"], [",", "and"], [",", "or"], ["&"]):
            heads = tuple(m.head for m in (*row, mention))
            found.update({i: heads for m in (*row, mention) for i in range(m.start, m.stop)})
            row = []
            continue
        row = [mention]
    return found


def referents(context: Context, token: int, *, expand: bool = True, depth: int = 0) -> tuple[Referent, ...]:
    """The entities that the argument headed by `token` stands for, each once, in text order.

    With `expand`, what is coordinated with it counts too ("met A, B and C").
    """
    found: dict[str, Referent] = {}
    for i in (context.lists.get(token) or _coordinated(context.parse, token)) if expand else (token,):
        for referent in _single(context, i, depth):
            found.setdefault(referent.entity, referent)
    return tuple(found.values())


def _coordinated(parse: Parse, token: int) -> list[int]:
    found, queue = [], [token]
    while queue:
        at = queue.pop(0)
        found.append(at)
        queue.extend(
            c
            for c in children(parse, at, "conj")
            if parse.tokens[c].pos in ("NOUN", "PROPN", "PRON", "ADJ", "NUM", "X", "VERB")
        )
        # "A, B and C" is now and then parsed as a chain of appositions.
        if parse.tokens[at].pos == "PROPN":
            queue.extend(
                c for c in children(parse, at, "appos") if children(parse, c, "conj") and parse.tokens[c].pos == "PROPN"
            )
    return sorted(set(found))


def _of_mention(context: Context, mention: Mention, token: int) -> tuple[Referent, ...]:
    level: Level = "explicit" if mention.kind in ("name", "demonym") else "resolved"
    return tuple(
        Referent(
            entity=e,
            type=context.entities[e].type,
            begin=mention.begin,
            end=mention.end,
            level=level,
            token=token,
            demonym=mention.kind == "demonym",
        )
        for e in mention.entities
    )


def _resolved(found: Iterable[Referent], *, represented: bool = False) -> tuple[Referent, ...]:
    return tuple(replace(r, level="resolved", represented=r.represented or represented) for r in found)


def _single(context: Context, i: int, depth: int) -> tuple[Referent, ...]:
    parse = context.parse
    token = parse.tokens[i]
    if depth > MAX_DEPTH:
        return ()
    if is_relative(parse, i) and token.pos in ("PRON", "DET", "SCONJ"):
        antecedent = _person_before(context, i) or relative_antecedent(parse, i)
        if (
            antecedent is not None
            and parse.tokens[i].dep == "pobj"
            and parse.tokens[parse.tokens[i].head].text.casefold() == "of"
        ):
            antecedent = first_conjunct(parse, antecedent)  # "A, B and C, all of whom"
        return _resolved(referents(context, antecedent, expand=True, depth=depth + 1)) if antecedent is not None else ()
    mention = context.at.get(i)
    if mention is not None and mention.kind in ("name", "demonym"):
        if mention.kind == "demonym" and token.pos in ("NOUN", "PROPN") and not mention.entities:
            return ()
        return _of_mention(context, mention, i)
    if token.pos in ("NOUN", "PROPN", "NUM", "PRON", "DET", "ADJ"):
        named = _apposed_names(context, i, depth)
        if named:
            return named
        members = _members(context, i, depth)
        if mention is not None and mention.entities:
            return _of_mention(context, mention, i) + members
        lemma = token.lemma.casefold()
        generic = _generic(context, i, lemma)
        if generic is not None:
            return _of_mention(context, generic, generic.head) + members
        if lemma in context.cue("partitive") or token.pos in ("NUM", "DET"):
            for p in children(parse, i, "prep"):
                if parse.tokens[p].text.casefold() in ("of", "among"):
                    for o in children(parse, p, "pobj"):
                        return _resolved(referents(context, o, depth=depth + 1)) + members
        described = _described(context, i, depth) if token.pos == "NOUN" and not members else ()
        if described:
            return described
        return _spoken_for(context, i, depth) + members
    return ()


def _described(context: Context, i: int, depth: int) -> tuple[Referent, ...]:
    """The name that a common noun describes: Acme in "Acme is a firm based in Milan", "Acme, a firm based in Milan"."""
    parse = context.parse
    token = parse.tokens[i]
    while token.dep == "conj" and token.head != token.i and parse.tokens[token.head].pos == "NOUN":
        token = parse.tokens[token.head]
    above = parse.tokens[token.head]
    if token.dep == "pobj" and above.text.casefold() == "of" and parse.tokens[above.head].text.casefold() == "one":
        token = parse.tokens[above.head]  # "she is one of the founders"
        above = parse.tokens[token.head]
    named: int | None = None
    if token.dep == "attr" and above.lemma in ("be", "become", "remain") and not children(parse, above.i, "neg"):
        named = surface_subject(parse, above.i, lambda _: False)
    elif token.dep == "appos":
        named = above.i
    if named is None or named == i or parse.tokens[named].pos not in ("PROPN", "PRON", "NOUN"):
        return ()
    return tuple(
        r for r in _resolved(referents(context, named, depth=depth + 1)) if not r.demonym and not r.represented
    )


def _person_before(context: Context, i: int) -> int | None:
    """The person named right before "who": parsers hang the clause on whatever noun stands further up."""
    tokens = context.parse.tokens
    if tokens[i].text.casefold() not in ("who", "whom", "whose"):
        return None
    at = i - 1
    while at > 0 and tokens[at].text in WHO_MARKS:
        at -= 1
    mention = context.at.get(at)
    if mention is None or mention.kind != "name" or mention.type != "Person" or mention.stop != at + 1:
        return None
    return first_conjunct(context.parse, mention.head)


def _apposed_names(context: Context, i: int, depth: int) -> tuple[Referent, ...]:
    """ "the company's chief, Jane Doe": the name that a common noun stands in apposition to.

    In "the head of the Fund, Jane Doe" parsers hang the person on the Fund: a person is no apposition to a body.
    """
    parse = context.parse
    for c in children(parse, i, "appos"):
        mention = context.at.get(c)
        if mention is not None and mention.kind == "name":
            return referents(context, c, depth=depth + 1)
    called = _called(context, i)
    if called is not None:
        return _of_mention(context, called, called.head)
    for p in children(parse, i, "prep"):
        for o in children(parse, p, "pobj"):
            body = context.at.get(o)
            if body is None or body.type == "Person":
                continue
            for c in children(parse, o, "appos"):
                mention = context.at.get(c)
                if mention is not None and mention.kind == "name" and mention.type == "Person":
                    return referents(context, c)
    return ()


def _generic(context: Context, i: int, lemma: str) -> Mention | None:
    """The name that a noun only classifies: "the Foreign Review journal", "the Harbour Institute think tank"."""
    tokens = context.parse.tokens
    if lemma not in context.cue("generic") and tokens[i].tag != "VBN":
        return None
    at = i - 1
    while at >= 0 and tokens[at].head == i and tokens[at].dep == "compound" and at not in context.at:
        at -= 1
    mention = context.at.get(at)
    if mention is None or mention.kind != "name" or mention.stop != at + 1 or tokens[mention.stop].tag == "POS":
        return None
    return mention if tokens[mention.head].head == i else None


def _listed_below(context: Context, i: int) -> list[Referent]:
    """ "the following individuals": the people whose names open the lines below."""
    parse = context.parse
    here = parse.sentences[parse.sentence_of[i]].block
    found: dict[str, Referent] = {}
    block = here
    for sentence in parse.sentences[parse.sentence_of[i] + 1 :]:
        if sentence.block == block:
            continue
        block = sentence.block
        mention = context.at.get(sentence.start)
        if (
            mention is not None
            and mention.kind == "name"
            and mention.type == "Person"
            and mention.start == sentence.start
        ):
            for r in _resolved(_of_mention(context, mention, mention.head)):
                found.setdefault(r.entity, r)
    return list(found.values())


def _called(context: Context, i: int) -> Mention | None:
    """The name that a participle gives a common noun: "an article in the Review titled 'X'", "a robot named X"."""
    tokens, sentence = context.parse.tokens, context.parse.sentence_of
    for j in range(i + 1, min(i + MAX_CALLED, len(tokens))):
        if (
            sentence[j] != sentence[i]
            or tokens[j].dep in ("nsubj", "nsubjpass")
            or tokens[j].tag in ("VBD", "VBZ", "MD")
        ):
            return None
        if tokens[j].tag == "VBN" and tokens[j].lemma in context.cue("called"):
            at = j + 1
            while at < len(tokens) and tokens[at].text in CALLED_MARKS and at not in context.at:
                at += 1
            mention = context.at.get(at)
            named = mention is not None and mention.kind == "name" and mention.start == at
            near = tokens[j].head == i or mention is not None and mention.type == "Work"
            return mention if named and near else None
    return None


def _members(context: Context, i: int, depth: int) -> tuple[Referent, ...]:
    """ "officials, including A and B", "sites such as C": members that are named."""
    found: list[Referent] = []
    for p in children(context.parse, i, "prep"):
        word = context.parse.tokens[p].text.casefold()
        if (
            word in ("including", "like")
            or word == "as"
            and any(context.parse.tokens[c].text.casefold() == "such" for c in context.parse.children[p])
        ):
            for o in children(context.parse, p, "pobj"):
                found += _resolved(referents(context, o, depth=depth + 1))
    for v in children(context.parse, i, "relcl", "acl"):
        if context.parse.tokens[v].lemma in ("include", "comprise", "consist"):
            for o in children(context.parse, v, "dobj"):
                found += _resolved(referents(context, o, depth=depth + 1))
    tokens = context.parse.tokens
    if any(tokens[c].text.casefold() == "following" for c in context.parse.children[i]):
        found += _listed_below(context, i)
    if tokens[i].tag == "NNS":
        found += _among_them(context, i, depth)
    if not found and tokens[i].tag == "NNS" and i + 2 < len(tokens) and tokens[i + 1].text in LIST_MARKS:
        for head in context.lists.get(i + 2, ()):  # "eleven countries - A, B and C - joined"
            found += _resolved(referents(context, head, expand=False, depth=depth + 1))
    return tuple(found)


def _among_them(context: Context, i: int, depth: int) -> tuple[Referent, ...]:
    """ "Nine nations took part, among them A and B": the names behind "among them", if no other plural is between."""
    tokens, sentence = context.parse.tokens, context.parse.sentence_of
    for j in range(i + 1, len(tokens) - 2):
        if sentence[j] != sentence[i] or tokens[j].tag in ("NNS", "NNPS"):
            return ()
        if tokens[j].text.casefold() == "among" and tokens[j + 1].text.casefold() == "them":
            named = next(
                (
                    context.at[k]
                    for k in range(j + 2, min(j + 9, len(tokens)))
                    if k in context.at and context.at[k].kind == "name"
                ),
                None,
            )
            return _resolved(referents(context, named.head, depth=depth + 1)) if named is not None else ()
    return ()


def _spoken_for(context: Context, i: int, depth: int) -> tuple[Referent, ...]:
    """Whom a representative noun speaks for: its possessor, modifier or of-object ("officials of X").

    Former officials speak for nobody.
    """
    parse = context.parse
    if any(parse.tokens[c].text.casefold() in context.cue("former") for c in parse.children[i]):
        return ()
    # "X's lawyer" says and does what X does not; "X's lawyers" sue for X.
    own = parse.tokens[i].tag in ("NN", "NNP") and is_cue_noun(parse.tokens[i], context.cue("person-agent"))
    for named in acts_for(parse, context.at, context.cues, i):
        found = tuple(
            r
            for r in referents(context, named, depth=depth + 1)
            if r.type in ACTORS and not (own and r.type == "Person")
        )
        if found:
            return _resolved(found, represented=True)
    return ()
