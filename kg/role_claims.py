"""The claims of a role: "Ann Lee, chairwoman of the Rift Council" leads it, "French novelist" is citizenship."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kg.attribution import QuoteSpan
from kg.claim_making import ACTUAL, LEVEL_FACTOR, claim_of, level_of, overridden
from kg.factuality import Factuality, factuality
from kg.ontology import Ontology
from kg.referents import Context, Referent
from kg.relations import Found
from kg.role_words import Role, is_reversed, tells_nationality
from kg.types import Claim, LexicalEntry


def role_claims(context: Context, ontology: Ontology, role: Role, spans: tuple[QuoteSpan, ...]) -> Iterator[Claim]:
    """What a role says of each holder and each body; `spans` are the quotations of the text."""
    judged = role_judged(context, role)
    posts = any(e.position for e in role.entries)
    for entry in role.entries:
        pairs = [(b, _relation(context, entry, role, b)) for b in role.bodies]
        pairs += [(b, "worksFor") for b in role.employers if entry.position]
        for holder in role.holders:
            if entry.position and holder.type not in ("Person", "Group"):
                continue
            for body, name in pairs:
                if posts and not entry.position and (holder.type, body.type) == ("Person", "Organization"):
                    continue  # a post at a body is no attitude towards it: "an associate at Roe LLP"
                a, b = (body, holder) if is_reversed(entry) else (holder, body)
                relation = ontology.relations[name]
                if relation.event is not None and role.how == "title" and body.begin > holder.end:
                    continue  # "the critic Jane Roe of the Harbour Times" criticizes nobody
                if (
                    a.entity == b.entity
                    or not _fits(a, relation.domain, entry.subject_types)
                    or not _fits(b, relation.range, entry.object_types)
                ):
                    continue
                level = level_of(a, b)
                found = Found(
                    subject=a, relation=relation.name, object=b, trigger=role.trigger, entry=entry,
                    rule=f"{entry.name}:{role.how}", level=level,
                    confidence=round(entry.confidence * LEVEL_FACTOR[level], 3),
                )  # fmt: skip
                claim = claim_of(context, found, overridden(judged, entry), spans)
                yield claim if role.timed else replace(claim, time=None)


def role_judged(context: Context, role: Role) -> Factuality:
    """What the text makes of a role: only a role that a verb gives can be denied or planned by the clause."""
    judged = factuality(context.parse, role.trigger, context.cues) if role.how == "copula" else ACTUAL
    if role.tense == "future" and judged.modality == "actual":
        return Factuality(stance=judged.stance, modality="planned")
    return judged


def _relation(context: Context, entry: LexicalEntry, role: Role, body: Referent) -> str:
    """The entry's relation; but a nationality in front of an occupation ("French novelist X") is citizenship, and
    whoever is a nurse in or from a town lives there."""
    tokens, at = context.parse.tokens, context.at.get(body.token)
    if [t.text for t in tokens[body.token + 1 : body.token + 3]] == ["-", "born"]:
        return "bornIn"
    if entry.relation == "worksFor" and body.type == "Place" and at is not None and at.start:
        if tokens[at.start - 1].text in ("in", "from"):
            return "livesIn"
    if entry.relation in ("worksFor", "memberOf") and tells_nationality(context, role, body):
        return "memberOf" if body.type == "Group" else "citizenOf"
    if entry.relation == "leads" and role.part:
        return "worksFor"
    if (
        entry.relation == "leads"
        and entry.position
        and {w.casefold() for w in role.title.split()} & context.cue("deputy")
    ):
        return "worksFor"
    return entry.relation


def _fits(referent: Referent, allowed: frozenset[str], narrowed: frozenset[str]) -> bool:
    return (not allowed or referent.type in allowed) and (not narrowed or referent.type in narrowed)
