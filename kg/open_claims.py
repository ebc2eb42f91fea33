"""Clauses between two named entities that no relation of the ontology covers -> open relations.

"Ann Roe briefed Jan Novak" names no relation of core.ttl, yet says something of the two.  Such a clause gives one
named after its verb phrase.  Few and sure: the entities fill the slots of subject and object (or of the preposition
behind the verb, or behind its bare object: "filed a complaint against"), both are named, and no other claim of the
sentence joins them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from kg.frames import is_passive, is_relative, relative_antecedent, surface_subject, verb_slots
from kg.ids import slug
from kg.ontology import PREPOSITIONS
from kg.referents import Context, Referent, referents
from kg.syntax import child, children, conjuncts
from kg.types import Claim, Parse

PREFIX = "relation-"
"""How the names of generated properties start: relation-brief, relation-file-complaint-against."""
CUE = "no-open"
"""Verbs too light to say anything of two entities by themselves (cue list of the ontology)."""
RAISING = "raising"
"""Verbs whose object does what follows: "wants Kim to leave" (cue list of the ontology)."""
ASIDE = frozenset({
    "according", "after", "amid", "among", "around", "as", "because", "before", "between", "by", "despite", "during",
    "except", "following", "including", "like", "since", "than", "throughout", "unlike", "until", "within", "without",
})  # fmt: skip
"""Prepositions that join clauses and circumstances rather than two entities."""
ADVERBIAL = frozenset({"after", "before", "by", "since", "while"})
"""Prepositions before a clause that lend it the subject of the verb above: "after addressing the envoy"."""
EMPTY_DETERMINERS = frozenset({"any", "few", "little", "neither", "no"})
"""What leaves nothing of an object: "filed no complaint against" is no "filed complaint against"."""
MOST = 8
"""Pairs of one clause at the most: a list of names against a list of names is where parsers err."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRelation:
    """What a clause says of two entities: `predicate` is the name of the property, built of lemmas so that it is the
    same in every tense, `label` the verb phrase as the text has it, without auxiliaries."""

    subject: Referent
    predicate: str
    label: str
    object: Referent
    trigger: int
    rule: str


@dataclass(frozen=True, slots=True)
class _Phrase:
    """The slots that a verb phrase joins, and its words: lemmas and as the text has them."""

    subjects: tuple[int, ...]
    objects: tuple[int, ...]
    lemmas: tuple[str, ...]
    words: tuple[str, ...]
    rule: str


def find_open(context: Context, said: Iterable[Claim]) -> Iterator[OpenRelation]:
    """The open relations of the prose, in text order.  `said` are the claims of the ontology's relations."""
    claims = tuple(said)
    joined = {frozenset((c.subject, str(c.object), str(c.evidence[0]))) for c in claims}
    triggers = frozenset(c.trigger[0] for c in claims if c.trigger is not None)
    parse = context.parse
    for sentence in parse.sentences:
        if sentence.kind != "prose":
            continue
        for v in range(sentence.start, sentence.stop):
            for phrase in _phrases(context, v, triggers) if _is_clause(parse, v) else ():
                for subject, object_ in _pairs(context, phrase):
                    key = frozenset((subject.entity, object_.entity, str(sentence.begin)))
                    if len(key) == 3 and key not in joined:
                        joined.add(key)
                        yield OpenRelation(
                            subject=subject, object=object_, trigger=v, rule=f"open:{phrase.rule}",
                            predicate=PREFIX + slug(" ".join(phrase.lemmas)), label=" ".join(phrase.words),
                        )  # fmt: skip


def _is_clause(parse: Parse, v: int) -> bool:
    """Whether verb v heads a clause whose subject is to be seen: of "the plan to build X" nobody is."""
    token = parse.tokens[v]
    above = parse.tokens[token.head]
    if token.pos != "VERB":
        return False
    match token.dep:
        case "acl":
            return token.tag in ("VBG", "VBN") and child(parse, v, "aux") is None
        case "pcomp":
            host = parse.tokens[above.head]
            return host.pos == "VERB" and above.text.casefold() in ADVERBIAL
        case "xcomp" | "advcl" | "ccomp" if _has_to(parse, v):
            return child(parse, above.i, "dobj") is None
        case "ROOT" | "conj" | "relcl" | "ccomp" | "xcomp" | "advcl" | "parataxis":
            return True
    return False


def _has_to(parse: Parse, v: int) -> bool:
    return any(parse.tokens[c].tag == "TO" for c in parse.children[v])


def _pairs(context: Context, phrase: _Phrase) -> list[tuple[Referent, Referent]]:
    """Who and whom: named entities, not those that somebody speaks for or that the noun only includes."""
    subjects, objects = (
        list({r.entity: r for t in tokens for r in referents(context, t) if _is_itself(context, t, r)}.values())
        for tokens in (phrase.subjects, phrase.objects)
    )
    return [(s, o) for s in subjects for o in objects] if len(subjects) * len(objects) <= MOST else []


def _is_itself(context: Context, token: int, referent: Referent) -> bool:
    """Whether an argument is the entity, a member of its list or its apposition: no "steps, including those of X"."""
    parse = context.parse
    if not context.entities[referent.entity].name or referent.represented or referent.demonym:
        return False
    if is_relative(parse, token):
        antecedent = relative_antecedent(parse, token)
        token = token if antecedent is None else antecedent
    ways = {token, *conjuncts(parse, token), *context.lists.get(token, ())}
    ways |= {a for way in sorted(ways) for a in children(parse, way, "appos")}
    return referent.token in ways


# ---------------------------------------------------------------- verb phrases


def _phrases(context: Context, v: int, triggers: Collection[int]) -> Iterator[_Phrase]:
    """The verb phrases that join two slots of a clause: at most one with the object and one with a preposition."""
    parse, light = context.parse, _lemma(context.parse, v) in context.cue(CUE)
    slots = verb_slots(parse, v, context.refers)
    passive = is_passive(parse, v)
    subject = surface_subject(parse, v, context.refers)
    if passive and parse.tokens[v].dep != "acl" and child(parse, v, "auxpass") is None:
        return  # a participle that may as well be a past tense
    subjects = slots.get("subj", ())
    # The object itself, not what a shared or relative clause may lend it.
    objects = tuple(children(parse, v, "dobj")) if not passive else () if subject is None else (subject,)
    particles = children(parse, v, "prt")
    lemma = (_lemma(parse, v), *(parse.tokens[p].lemma.casefold() for p in particles))
    words = (_finite(parse, v), *(parse.tokens[p].text.casefold() for p in particles))
    if any(parse.tokens[c].dep in ("oprd", "attr") for c in parse.children[v]):
        return
    if subjects and objects and not light and not _is_raised(context, v):
        yield _Phrase(subjects, objects, lemma, words, "subj obj")
    if parse.tokens[v].begin in triggers:
        return  # what its prepositions say is the relation's affair
    if passive and objects and not subjects:
        for word, targets in _behind(parse, v):
            done = ("was", parse.tokens[v].text.casefold(), *words[1:])
            yield _Phrase(objects, targets, ("be", *lemma, word), (*done, word), f"obj {word}")
        return
    if not subjects or passive:
        return
    closed = child(parse, v, "dobj", "ccomp", "xcomp", "acomp") is None and not _lacks_object(parse, v)
    if closed and not light:
        for word, targets in _behind(parse, v):
            yield _Phrase(subjects, targets, (*lemma, word), (*words, word), f"subj {word}")
    noun = _bare_object(context, v)
    if noun is not None and parse.tokens[noun].begin not in triggers:
        names = [*(c for c in children(parse, noun, "compound") if not context.refers(c)), noun]
        said = tuple(parse.tokens[n].text.casefold() for n in names)
        given = tuple(i for i in slots.get("iobj", ()) if parse.tokens[i].pos in ("PROPN", "PRON"))
        found = [("to", given)] if given else list(_behind(parse, v) or _behind(parse, noun))
        for word, targets in found:
            if word != "of":
                yield _Phrase(subjects, targets, (*lemma, *said, word), (*words, *said, word), f"subj obj {word}")


def _lemma(parse: Parse, i: int) -> str:
    """The lemma of a token in lower case."""
    return parse.tokens[i].lemma.casefold()


def _lacks_object(parse: Parse, v: int) -> bool:
    """Whether the noun before a clause is what its verb acts on: "the shop (that) he owns on Hill Street"."""
    subject = child(parse, v, "nsubj")
    return parse.tokens[v].dep == "relcl" and subject is not None and not is_relative(parse, subject)


def _finite(parse: Parse, v: int) -> str:
    """The verb in a form that stands between two names: "briefed" and "briefs" as they are, else the present tense."""
    token = parse.tokens[v]
    word = token.text.casefold()
    lemma = _lemma(parse, v)
    past = token.tag in ("VBD", "VBN", "VBZ")
    if past and (token.tag != "VBN" or word.endswith("ed") or lemma == word):
        return word
    if re.search(r"[^aeiou]y$", lemma):
        return f"{lemma[:-1]}ies"
    return f"{lemma}es" if re.search(r"(?:s|x|z|ch|sh|[^aeiou]o)$", lemma) else f"{lemma}s"


def _is_raised(context: Context, v: int) -> bool:
    """Whether the object of verb v only does what follows: "wants Kim to leave", "found Kim guilty"."""
    parse = context.parse
    clause = child(parse, v, "xcomp", "ccomp")
    if clause is None:
        return False
    small = parse.tokens[clause].dep == "ccomp" and parse.tokens[clause].pos != "VERB"
    return small or _lemma(parse, v) in context.cue(RAISING)


def _behind(parse: Parse, i: int) -> list[tuple[str, tuple[int, ...]]]:
    """The first prepositional phrase behind token i: its word, with an inner one ("out of"), and its objects."""
    for p in children(parse, i, "prep", "dative"):
        word = parse.tokens[p].text.casefold()
        if p < i or parse.tokens[p].pos not in ("ADP", "SCONJ", "ADV") or word not in PREPOSITIONS:
            continue
        if word in ASIDE:
            return []
        inner = child(parse, p, "prep")
        if inner is None or child(parse, p, "pobj") is not None:
            return [(word, tuple(children(parse, p, "pobj")))]
        return [(f"{word} {parse.tokens[inner].text.casefold()}", tuple(children(parse, inner, "pobj")))]
    return []


def _bare_object(context: Context, v: int) -> int | None:
    """The common noun that is the verb's object and nobody's own: complaint in "filed a complaint against X"."""
    parse = context.parse
    noun = child(parse, v, "dobj")
    if noun is None or parse.tokens[noun].pos != "NOUN" or context.refers(noun):
        return None
    if any(parse.tokens[c].text.casefold() in EMPTY_DETERMINERS for c in children(parse, noun, "det", "amod")):
        return None
    blocked = child(parse, noun, "poss", "conj", "relcl", "acl", "appos") is not None
    return None if blocked or child(parse, v, "xcomp", "ccomp") is not None else noun
