"""Posts that a verb or a list tells of and no title: "X chairs the council", "served on the board", "X, nominee for".

Their titles are the verb's own noun (chair, head, captain), else member or nominee.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from kg.claim_making import MODEL, READER
from kg.factuality import factuality
from kg.frames import is_relative, relative_antecedent, verb_slots
from kg.referents import Context, Referent, referents
from kg.role_bodies import named_at
from kg.role_holders import verb_tense
from kg.syntax import child, children
from kg.types import Claim, Position, Tense

MEMBER: Literal["member"] = "member"
JUDGE: Literal["Judge"] = "Judge"
COURTS = frozenset({"court", "circuit"})
"""Who is named for a court is to be its judge."""
HEADED = frozenset({"Organization", "Place", "Country", "Work"})
"""What a position may be at."""
INQUIRIES = frozenset("inquiry enquiry investigation delegation mission jury tribunal taskforce project".split())
"""Bodies for a time, whose chair is one though they have no name."""
MOST = 2
"""Bodies of one verb; more are a long name that was taken apart."""


def posts(context: Context) -> Iterator[tuple[Position, int]]:
    """The positions that verbs and nominations tell of, each with the token that says so, in text order."""
    for token in context.parse.tokens:
        if token.pos in ("VERB", "AUX") and token.lemma in context.cue("office-verb"):
            yield from _of_verb(context, token.i, token.lemma, verb_slots(context.parse, token.i, context.refers))
        elif token.pos == "VERB" and token.lemma in context.cue("serving"):
            slots = verb_slots(context.parse, token.i, context.refers)
            if slots.get("as"):
                continue  # "served as envoy on the council"
            bodies = {"obj": _bodies_served(context, slots.get("on", ())), "subj": slots.get("subj", ())}
            yield from _of_verb(context, token.i, MEMBER, bodies)
        elif token.pos == "VERB" and token.lemma in context.cue("joining"):
            slots = verb_slots(context.parse, token.i, context.refers)
            boards = tuple(o for o in slots.get("obj", ()) if _is_governing(context, o))
            yield from _of_verb(context, token.i, MEMBER, {"obj": boards, "subj": slots.get("subj", ())})
        elif token.lemma.casefold() in context.cue("prospective-noun") and token.i > 1:
            yield from _nominee(context, token.i)


def led(context: Context, claims: Iterable[Claim]) -> Iterator[tuple[Position, int]]:
    """The positions that claims with a verb tell of, each with the verb: who runs a bank is its head."""
    by_begin = {token.begin: token for token in context.parse.tokens}
    claims = tuple(claims)
    bodies_of = Counter((claim.subject, claim.trigger) for claim in claims if claim.predicate == "leads")
    posts_of = dict(pair.split(" ") for pair in context.cue("post-of-verb"))
    for claim in claims:
        verb = by_begin.get(claim.trigger[0]) if claim.trigger is not None else None
        if verb is None or verb.pos != "VERB" or claim.predicate != "leads" or claim.stance == "denies":
            continue
        if claim.rule in (MODEL, READER):
            continue  # they do not know which verb says so
        title, body = posts_of.get(verb.lemma), claim.object
        holder = context.entities[claim.subject]
        if title is None or holder.type != "Person" or not isinstance(body, str) or claim.modality == "possible":
            continue
        if context.entities[body].type in HEADED and bodies_of[claim.subject, claim.trigger] <= MOST:
            tense: Tense = "future" if claim.modality == "planned" else verb_tense(context, verb.i, named=False)
            yield Position(
                holder=claim.subject, title=title, organization=body, tense=tense, evidence=claim.evidence
            ), verb.i  # fmt: skip


def _of_verb(
    context: Context, verb: int, title: str, slots: Mapping[str, tuple[int, ...]]
) -> Iterator[tuple[Position, int]]:
    judged = factuality(context.parse, verb, context.cues)
    if judged.stance == "denies" or judged.modality == "possible":
        return
    tense: Tense = "future" if judged.modality == "planned" else verb_tense(context, verb, named=False)
    bodies: list[Referent | None] = [r for o in slots.get("obj", ()) for r in _bodies(context, o)]
    if not bodies and title != MEMBER and (unnamed := _unnamed(context, slots.get("obj", ()))) is not None:
        title, bodies = f"{title} of the {unnamed}", [None]
    if len(bodies) > MOST:
        return
    for subject in slots.get("subj", ()):
        for holder in referents(context, subject):
            for body in bodies:
                if holder.type == "Person":
                    yield _position(context, verb, holder, title, body, tense), verb


def _unnamed(context: Context, objects: tuple[int, ...]) -> str | None:
    """The common noun of a body without a name that is chaired: "an inquiry that is chaired by Ana Ruiz"."""
    for o in objects:
        token = context.parse.tokens[o]
        antecedent = relative_antecedent(context.parse, o) if is_relative(context.parse, o) else o
        noun = context.parse.tokens[antecedent] if antecedent is not None else token
        if noun.tag == "NN" and (_is_governing(context, noun.i) or noun.lemma in INQUIRIES):
            return noun.text
    return None


def _is_governing(context: Context, token: int) -> bool:
    return context.parse.tokens[token].lemma in context.cue("governing-body")


def _nominee(context: Context, noun: int) -> Iterator[tuple[Position, int]]:
    """ "Jane Doe, Nominee for the Court of Appeal": for a body, whose office goes without saying."""
    parse = context.parse
    name = named_at(context, noun - 2)
    if name is None or parse.tokens[noun - 1].text not in (",", ":", "-", "–", "—"):
        return
    holder = referents(context, name.head, expand=False)
    for p in children(parse, noun, "prep"):
        target = child(parse, p, "pobj")
        if parse.tokens[p].text.casefold() == "for" and target is not None and target < p + 8:
            court = parse.tokens[target].text.casefold() in COURTS
            title = JUDGE if court else parse.tokens[noun].text
            unnamed = (None,) if parse.tokens[target].pos == "PROPN" else ()
            for person in holder:
                for body in _bodies(context, target) or unnamed:
                    if person.type == "Person":
                        yield _position(context, noun, person, title, body, "future"), noun
            return


def _bodies_served(context: Context, tokens: tuple[int, ...]) -> tuple[int, ...]:
    """Named bodies; who serves on a court is its judge, not its member."""
    named = (t for t in tokens if context.parse.tokens[t].pos == "PROPN")
    boards = (t for t in tokens if context.parse.tokens[t].pos == "NOUN" and _is_governing(context, t))
    return (*(t for t in named if context.parse.tokens[t].text.casefold() not in COURTS), *boards)


def _bodies(context: Context, token: int) -> tuple[Referent, ...]:
    """The organisations at a token, or whose board, council or team it is."""
    if context.parse.tokens[token].pos != "NOUN":
        return tuple(r for r in referents(context, token) if r.type == "Organization")
    owner = child(context.parse, token, "poss")
    if owner is None:
        of = next((p for p in children(context.parse, token, "prep") if context.parse.tokens[p].text == "of"), None)
        owner = child(context.parse, of, "pobj") if of is not None else None
    part = _is_governing(context, token)
    return tuple(r for r in referents(context, owner) if r.type == "Organization") if owner is not None and part else ()


def _position(context: Context, at: int, holder: Referent, title: str, body: Referent | None, tense: Tense) -> Position:
    sentence = context.parse.sentences[context.parse.sentence_of[at]]
    return Position(
        holder=holder.entity, title=title, organization=body.entity if body is not None else None, tense=tense,
        evidence=(sentence.begin, sentence.end),
    )  # fmt: skip
