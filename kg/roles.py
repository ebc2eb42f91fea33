"""Titles and roles: "CIA Director William Burns", "Jane Doe, chair of X", "he served as envoy to Y", "her brother Z".

A role phrase is found on the surface, since parsers break on long titles; who holds it and for whom is then read from
its neighbours: name after or before, copula, "as", apposition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from kg.frames import verb_slots
from kg.ontology import Ontology
from kg.referents import Context, Referent, referents
from kg.syntax import ancestors, child, children, first_conjunct
from kg.types import LexicalEntry, Mention, Tense, Token

INNER_PREPOSITIONS = frozenset({"of", "in", "for", "at", "to", "on", "with", "by"})
WITH_AS = -1
"""Trigger of a role in "with X as captain"."""
MAX_WORDS = 7
MAX_LEFT = 10
MAX_RIGHT = 14
LEFT_TAGS = frozenset({"JJ", "JJS", "JJR", "NN", "NNS", "NNP", "NNPS", "POS", "HYPH", "VBN", "VBG", "CD", "RB", "AFX", "FW"})
ORGANIZATION_PREPOSITIONS = ("of", "at", "for", "to", "in", "with", "on", "from", "under", "by")
JOINERS = frozenset({"and", "&", "/", ",", "the", "a", "an", "then", "also", "later", "as"})
DETERMINERS = frozenset({"DT", "PRP$", "PDT"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role phrase: its words tokens[start:stop], its title, for whom (`bodies`) and who holds it (`holders`)."""

    entries: tuple[LexicalEntry, ...]
    start: int
    stop: int
    head: int
    title: str
    bodies: tuple[Referent, ...]
    holders: tuple[Referent, ...]
    tense: Tense
    trigger: int
    """The token whose factuality decides: the copula or naming verb, else the role's head."""
    how: str
    derived: bool = False
    """Whether it follows from another role of the same words and is no position of its own."""


def role_index(ontology: Ontology) -> Mapping[tuple[str, ...], tuple[LexicalEntry, ...]]:
    """Role entries by their words in English order: ("deputy", "secretary", "of", "state")."""
    index: dict[tuple[str, ...], list[LexicalEntry]] = {}
    for entries in ontology.roles.values():
        for entry in entries:
            for words in entry.words:
                head, rest = words[0], words[1:]
                inner = next((n for n, word in enumerate(rest) if word in INNER_PREPOSITIONS), len(rest))
                index.setdefault((*rest[:inner], head, *rest[inner:]), []).append(entry)
    return {words: tuple(dict.fromkeys(entries)) for words, entries in index.items()}


def find_roles(context: Context, index: Mapping[tuple[str, ...], tuple[LexicalEntry, ...]]) -> tuple[Role, ...]:
    """All roles of the text that have a holder, in text order."""
    candidates = [_role(context, start, stop, entries) for start, stop, entries in _role_spans(context, index)]
    return tuple(role for role in _respectively(context, _shared(context, candidates)) if role.holders)


def _word(token: Token) -> str:
    return token.text.casefold()


def _role_spans(
    context: Context, index: Mapping[tuple[str, ...], tuple[LexicalEntry, ...]]
) -> Iterator[tuple[int, int, tuple[LexicalEntry, ...]]]:
    tokens = context.parse.tokens
    i = 0
    while i < len(tokens):
        best = None
        if not _inside_person(context, i):
            for stop in range(min(i + MAX_WORDS, len(tokens)), i, -1):
                last = tokens[stop - 1]
                if last.pos not in ("NOUN", "PROPN", "ADJ") or context.parse.sentence_of[stop - 1] != context.parse.sentence_of[i]:
                    continue
                if tokens[i].text == "-":
                    continue
                before = tuple(_word(t) for t in tokens[i : stop - 1] if t.text != "-")
                text = _word(last)
                for ending in dict.fromkeys((text, last.lemma.casefold(), text.removesuffix("s"), text.replace("men", "man"))):
                    if (entries := index.get((*before, ending))) is not None:
                        best = (i, stop, entries)
                        break
                if best:
                    break
        if best:
            yield best
            i = best[1]
        else:
            i += 1


def _inside_person(context: Context, i: int) -> bool:
    mention = context.at.get(i)
    return mention is not None and mention.kind == "name"


def _role(
    context: Context,
    start: int,
    stop: int,
    entries: tuple[LexicalEntry, ...],
) -> Role:
    parse = context.parse
    head = _syntactic_head(context, start, stop)
    left, bodies, tense, modifiers = _left(context, start)
    right, right_bodies, named_after, title_stop = _right(context, stop, entries)
    holders: tuple[Referent, ...] = ()
    trigger, how = head, ""
    plural = parse.tokens[stop - 1].tag in ("NNS", "NNPS") or _says_respectively(context, head)
    if named_after is not None:
        holders, how = _people(context, named_after.head, plural), "title"
    if not holders:
        holders, how = _listed_for(context, left)
        tense = "future" if holders else tense
    if not holders:
        holders, trigger, verbal_tense = _predicated(context, head, start)
        if trigger == WITH_AS:
            trigger, how = head, "with-as"
        elif holders:
            how = "copula"
            tense = verbal_tense if tense == "current" else tense
    if not holders:
        holders, how = _apposed(context, left, right, head, plural)
        trigger = head
    bodies = bodies or right_bodies
    if not bodies and how == "title" and named_after is not None:
        bodies = _after_name(context, named_after)
    if not bodies and how == "apposition":
        bodies, right = _behind_comma(context, right)
    if not bodies and left and context.parse.tokens[left - 1].text == "(":
        bodies, right = _in_brackets(context, right)
    if not bodies and how == "copula" and context.parse.tokens[trigger].lemma in context.cue("naming"):
        bodies = _namer(context, trigger, holders)
    if not bodies and how == "with-as":
        bodies = _of_clause(context, head)
    bodies = tuple(b for b in bodies if b.entity not in {h.entity for h in holders})
    title = _title(context, modifiers, start, stop, title_stop)
    return Role(
        entries=entries, start=left, stop=right, head=head, title=title, bodies=bodies, holders=holders,
        tense=tense, trigger=trigger, how=how,
    )  # fmt: skip


def _syntactic_head(context: Context, start: int, stop: int) -> int:
    """The token of the phrase that the rest hangs on: the last one whose head lies outside."""
    tokens = context.parse.tokens
    for i in range(start, stop):
        if not start <= tokens[i].head < stop or tokens[i].head == i:
            return i
    return stop - 1


def _people(context: Context, head: int, plural: bool) -> tuple[Referent, ...]:
    found = referents(context, head, expand=plural)
    return tuple(r for r in found if r.type in ("Person", "Group"))


def _left(context: Context, start: int) -> tuple[int, tuple[Referent, ...], Tense, list[int]]:
    """Modifiers before the role words: for whom ("Kremlin", "Sweden's", "his"), "former", and the rest of the title."""
    tokens, sentence = context.parse.tokens, context.parse.sentence_of
    former, future = context.cue("former"), context.cue("future-role")
    bodies: list[Referent] = []
    modifiers: list[int] = []
    tense: Tense = "current"
    i, steps = start - 1, 0
    while i >= 0 and sentence[i] == sentence[start] and steps < MAX_LEFT:
        token = tokens[i]
        steps += 1
        mention = context.at.get(i)
        if mention is not None and mention.kind in ("name", "demonym"):
            person = bool(mention.entities) and context.entities[mention.entities[0]].type == "Person"
            possessive = i + 1 < len(tokens) and tokens[i + 1].tag == "POS"
            if person and not possessive:
                break
            if not bodies:
                bodies = list(referents(context, i, expand=False))
            i = mention.start - 1
            continue
        word = _word(token)
        if token.tag in DETERMINERS or token.tag == "PRP$":
            if token.tag == "PRP$" and not bodies:
                bodies = list(referents(context, i, expand=False))
            i -= 1
            break
        if token.tag == "POS" and not bodies:
            owner = i - 1
            found = referents(context, owner, expand=False)
            if found:
                bodies = list(found)
                i = owner - 1
                while i >= 0 and tokens[i].tag in LEFT_TAGS and context.parse.sentence_of[i] == sentence[start] and tokens[i].pos != "VERB":
                    i -= 1
                if i >= 0 and tokens[i].tag in DETERMINERS:
                    i -= 1
                break
            break
        if word in former:
            tense = "former"
        elif word in future:
            tense = "future"
        elif token.tag in LEFT_TAGS and token.pos != "VERB" or token.tag in ("VBN", "VBG") and token.dep == "amod":
            modifiers.insert(0, i)
        elif word == "-":
            pass
        else:
            break
        i -= 1
    return i + 1, tuple(bodies), tense, modifiers


def _right(context: Context, stop: int, entries: tuple[LexicalEntry, ...]) -> tuple[int, tuple[Referent, ...], Mention | None, int]:
    """What follows the role words: "of X", "for Y at Z", then perhaps the holder's name.

    Returns where the phrase ends, for whom, the name that follows directly, and where the title's words end.
    """
    tokens, sentence = context.parse.tokens, context.parse.sentence_of
    found: list[tuple[str, tuple[Referent, ...]]] = []
    preposition, title_stop = "", stop
    i = stop
    while i < len(tokens) and sentence[i] == sentence[stop - 1] and i - stop < MAX_RIGHT:
        token = tokens[i]
        mention = context.at.get(i)
        if mention is not None and mention.kind in ("name", "demonym"):
            person = bool(mention.entities) and context.entities[mention.entities[0]].type == "Person"
            following = mention.stop < len(tokens) and tokens[mention.stop].tag == "POS"
            if mention.kind == "name" and person and (i == stop or not preposition or tokens[i - 1].pos in ("NOUN", "PROPN")):
                return i, _choose(found), mention, title_stop
            if not preposition:
                break
            group = referents(context, i, expand=False)
            if mention.kind == "name" and not following:
                found.append((preposition, tuple(dict.fromkeys((*group, *_listed(context, mention))))))
                last = max((r.token for r in found[-1][1]), default=i)
                i = max(mention.stop, context.at[last].stop if last in context.at else 0)
                preposition = ""
                # "head of the Bank of X at Y": one body is enough once it is named, unless a name of the holder follows.
                continue
            if mention.kind == "name" and following:
                found.append((preposition, group))
            i = mention.stop
            continue
        word = _word(token)
        if token.pos == "ADP" and word in ORGANIZATION_PREPOSITIONS:
            preposition = word
        elif token.tag in DETERMINERS or token.tag in LEFT_TAGS and token.pos != "VERB" or word in ("and", "&", "-"):
            if not preposition:
                break
            if token.tag == "PRP$":
                found.append((preposition, referents(context, i, expand=False)))
            elif token.pos == "NOUN" and context.at.get(i) is not None:
                found.append((preposition, referents(context, i, expand=False)))
            if not found:
                title_stop = i + 1
        else:
            break
        i += 1
    return i, _choose(found), None, title_stop


def _listed(context: Context, mention: Mention) -> tuple[Referent, ...]:
    """Organisations coordinated with the first one: "director of A and B"; a person or a clause ends the list."""
    found = referents(context, mention.head)
    kinds = {"Person"}
    return tuple(r for r in found if r.type not in kinds)


def _choose(found: list[tuple[str, tuple[Referent, ...]]]) -> tuple[Referent, ...]:
    """The body that a title is for, when several follow: "director for Russia at the council" is at the council."""
    named = [(p, rs) for p, rs in found if rs]
    for wanted in (("of", "at", "with"), ("for", "to", "in", "on", "by"), ("from", "under")):
        for preposition, group in named:
            if preposition in wanted:
                return group
    return ()


def _title(context: Context, modifiers: list[int], start: int, stop: int, title_stop: int) -> str:
    tokens = context.parse.tokens
    words = [tokens[i].text for i in modifiers if tokens[i].tag != "POS"]
    words += [t.text for t in tokens[start:stop]]
    tail = [t.text for t in tokens[stop:title_stop]]
    while tail and tail[-1].casefold() in (*ORGANIZATION_PREPOSITIONS, "the", "a", "an", "and"):
        tail.pop()
    return " ".join(words + tail).replace(" - ", "-")


def _predicated(context: Context, head: int, start: int) -> tuple[tuple[Referent, ...], int, Tense]:
    """Holder of a role that is said of somebody: "X is the chair", "served as envoy", "named X director"."""
    parse = context.parse
    top = head
    while parse.tokens[top].dep == "conj" and parse.tokens[top].head < top and parse.tokens[parse.tokens[top].head].pos in ("NOUN", "PROPN"):
        top = parse.tokens[top].head
    token = parse.tokens[top]
    above = parse.tokens[token.head]
    verb: int | None = None
    if token.dep in ("attr", "oprd", "acomp", "dobj", "xcomp", "ccomp") and above.pos in ("VERB", "AUX"):
        if token.dep in ("attr", "acomp") or above.lemma in context.cue("naming"):
            verb = above.i
    elif token.dep == "pobj" and above.text.casefold() in ("as", "to") and above.head != above.i:
        holder_verb = parse.tokens[above.head]
        lemmas = context.cue("as-role") if above.text.casefold() == "as" else context.cue("to-role")
        if holder_verb.pos in ("VERB", "AUX") and holder_verb.lemma in lemmas:
            verb = holder_verb.i
        elif above.text.casefold() == "as" and holder_verb.pos == "NOUN":
            found = _people_of(context, child(parse, holder_verb.i, "poss"))
            if found:
                return found, head, "current"
        elif above.text.casefold() == "as" and holder_verb.pos == "PROPN":
            found = tuple(r for r in _people_of(context, holder_verb.i) if r.type == "Person")
            if found and holder_verb.dep == "pobj":
                return found, WITH_AS, "current"
    if verb is None:
        return (), head, "current"
    slots = verb_slots(parse, verb, context.refers)
    passive_or_object = [o for o in slots.get("obj", ()) if o != top and o != head]
    named = parse.tokens[verb].lemma in context.cue("naming")
    order = ("obj", "subj") if named or token.dep in ("oprd", "pobj") else ("subj",)
    for slot in order:
        for candidate in slots.get(slot, ()):
            if candidate in (top, head):
                continue
            found = _people_of(context, candidate)
            if found:
                if slot == "subj" and named and passive_or_object:
                    continue
                return found, verb, _verb_tense(context, verb, named)
    return (), head, "current"


def _people_of(context: Context, token: int | None, *, expand: bool = True) -> tuple[Referent, ...]:
    if token is None:
        return ()
    return tuple(r for r in referents(context, token, expand=expand) if r.type in ("Person", "Group", "Organization", "Place", "Country"))


def _verb_tense(context: Context, verb: int, named: bool) -> Tense:
    parse = context.parse
    token = parse.tokens[verb]
    auxiliaries = {parse.tokens[c].text.casefold() for c in children(parse, verb, "aux", "auxpass")}
    if auxiliaries & {"will", "'ll", "would", "shall"}:
        return "future"
    if token.lemma in context.cue("leaving"):
        return "former"
    if named or token.lemma in ("become", "remain", "stay"):
        return "current"
    if token.tag == "VBD" or (token.tag == "VBG" and auxiliaries & {"was", "were"}):
        return "former"
    if token.tag == "VBN" and "had" in auxiliaries:
        return "former"
    if token.tag == "VBG" and token.dep in ("pcomp", "advcl") and token.head != verb:
        return "former" if parse.tokens[token.head].text.casefold() in ("after", "before", "since") else "current"
    return "current"


def _behind_comma(context: Context, right: int) -> tuple[tuple[Referent, ...], int]:
    """"Jane Doe, Chief Executive, Acme Steel": the body at the end of the line, and where it ends."""
    tokens, sentence = context.parse.tokens, context.parse.sentence_of
    mention = context.at.get(right + 1)
    if mention is None or tokens[right].text != "," or mention.start != right + 1 or mention.type != "Organization":
        return (), right
    last = mention.stop >= len(tokens) or sentence[mention.stop] != sentence[right] or tokens[mention.stop].text in (".", ";", ")")
    return (referents(context, mention.head, expand=False), mention.stop) if last else ((), right)


def _in_brackets(context: Context, right: int) -> tuple[tuple[Referent, ...], int]:
    """"Jane Doe (chairman, Acme Steel)": the body behind the comma, and where the brackets end."""
    tokens = context.parse.tokens
    mention = context.at.get(right + 1)
    if mention is not None and tokens[right].text == "," and mention.start == right + 1 and tokens[mention.stop : mention.stop + 1]:
        if tokens[mention.stop].text == ")":
            return tuple(r for r in referents(context, mention.head, expand=False) if r.type != "Person"), mention.stop
    return (), right


def _namer(context: Context, verb: int, holders: tuple[Referent, ...]) -> tuple[Referent, ...]:
    """"Acme named her director", "Jane Doe was hired by Acme as director": who names is whom the role is for."""
    found: list[Referent] = []
    taken = {h.entity for h in holders}
    for subject in verb_slots(context.parse, verb, context.refers).get("subj", ()):
        found += [r for r in referents(context, subject) if r.type == "Organization" and r.entity not in taken]
    return tuple(found)


def _of_clause(context: Context, head: int) -> tuple[Referent, ...]:
    """"With Jane Doe as captain, the Mariners won": the subject of the clause is the body."""
    for at in ancestors(context.parse, head):
        if context.parse.tokens[at].pos in ("VERB", "AUX"):
            found: list[Referent] = []
            for subject in children(context.parse, at, "nsubj", "nsubjpass"):
                found += [r for r in referents(context, subject) if r.type in ("Organization", "Country", "Place")]
            return tuple(found)
    return ()


def _listed_for(context: Context, left: int) -> tuple[tuple[Referent, ...], str]:
    """"Jane Doe, of Ohio, to be Judge of X", "Jane Doe, nominee for Judge of X": the line's first name, no verb between."""
    tokens, parse = context.parse.tokens, context.parse
    if left < 2 or tokens[left - 1].text.casefold() not in ("be", "for", "as"):
        return (), ""
    sentence = parse.sentences[parse.sentence_of[left]]
    before = tokens[sentence.start : left]
    words = [t.text.casefold() for t in before]
    nominated = words[-2:] == ["to", "be"] or words[-2:] == ["nominee", "for"] or words[-2:] == ["nominated", "as"]
    mention = next((context.at[t.i] for t in before if t.i in context.at and context.at[t.i].kind == "name"), None)
    if not nominated or mention is None or mention.type != "Person" or any(t.tag in ("VBD", "VBZ", "VBP", "MD") for t in before):
        return (), ""
    return referents(context, mention.head, expand=False), "nomination"


def _after_name(context: Context, name: Mention) -> tuple[Referent, ...]:
    """"President Jane Doe of Ruritania": the body behind the holder's name."""
    tokens = context.parse.tokens
    at = name.stop
    if at + 1 < len(tokens) and tokens[at].text.casefold() in ("of", "from"):
        at += 1
        while at + 1 < len(tokens) and tokens[at].tag in DETERMINERS:
            at += 1
        return tuple(r for r in referents(context, at, expand=False) if r.type != "Person")
    return ()


def _apposed(context: Context, left: int, right: int, head: int, plural: bool) -> tuple[tuple[Referent, ...], str]:
    """Holder by apposition or brackets: "X, 42, the chair of Y," and "the chair of Y, X,"; the parse, then the commas."""
    parse, tokens = context.parse, context.parse.tokens
    sentence = parse.sentence_of
    if tokens[head].dep == "appos":
        named = first_conjunct(parse, tokens[head].head) if plural else tokens[head].head
        found = _people_of(context, named, expand=plural)
        if found and not _between_clause(context, tokens[head].head, head):
            return tuple(r for r in found if r.type == "Person") or found, "apposition"
    for c in children(parse, head, "appos"):
        found = tuple(r for r in _people_of(context, c, expand=plural) if r.type == "Person")
        if found:
            return found, "apposition"
    i = left - 1
    if i >= 1 and sentence[i] == sentence[head] and tokens[i].text in (",", "(", "–", "—", "-"):
        opener = tokens[i].text
        i -= 1
        if tokens[i].pos == "NUM" and i >= 2 and tokens[i - 1].text == ",":
            i -= 2
        mention = context.at.get(i)
        if mention is not None and mention.kind == "name" and mention.entities:
            found = tuple(r for r in referents(context, i, expand=False) if r.type == "Person")
            closed = right >= len(tokens) or sentence[right] != sentence[head] or tokens[right].text in (",", ")", ".", "–", "—", "-", ";", "and", "who", ":", "said")
            definite = tokens[left].tag in DETERMINERS or opener == "(" or closed
            if found and definite and closed:
                return found, "apposition"
    if right < len(tokens) - 1 and sentence[right] == sentence[head] and tokens[right].text in (",", ":", "–", "—"):
        mention = context.at.get(right + 1)
        if mention is not None and mention.kind == "name" and mention.start == right + 1:
            found = tuple(r for r in referents(context, right + 1, expand=False) if r.type == "Person")
            after = mention.stop
            listed = after < len(tokens) and tokens[after].text.casefold() in ("and", "or")
            if found and not listed and tokens[head].tag not in ("NNS", "NNPS"):
                return found, "apposition"
    return (), ""


def _between_clause(context: Context, a: int, b: int) -> bool:
    return any(context.parse.tokens[i].tag in ("VBD", "VBZ", "VBP", "MD") for i in range(min(a, b) + 1, max(a, b)))


def _shared(context: Context, roles: list[Role]) -> list[Role]:
    """Roles with what coordinated neighbours lend them: in "founder and chairman of X Jane Doe" both are hers and for X."""
    shared = list(roles)
    for n in reversed(range(len(shared) - 1)):
        role, after = shared[n], shared[n + 1]
        if not _coordinated(context, role, after):
            continue
        holders = role.holders or after.holders
        bodies = role.bodies
        same = {h.entity for h in holders} == {h.entity for h in after.holders}
        if not bodies and same and role.stop <= after.start:
            bodies = tuple(b for b in after.bodies if b.token >= after.head or not after.title)
        shared[n] = replace(role, holders=holders, bodies=bodies, how=role.how or after.how)
    for n in range(1, len(shared)):
        before, role = shared[n - 1], shared[n]
        if not role.holders and before.holders and _coordinated(context, before, role):
            shared[n] = replace(role, holders=before.holders, how=before.how, trigger=before.trigger, tense=role.tense if role.tense != "current" else before.tense)
        elif role.holders and not role.bodies and before.bodies and before.how == role.how == "title":
            if _one_list(context, before.holders[0], role.holders[0]) and all(b.token < before.head for b in before.bodies):
                shared[n] = replace(role, bodies=before.bodies)
    return shared


def _one_list(context: Context, a: Referent, b: Referent) -> bool:
    """Whether b's name is coordinated with a's: "Acme's economist X and strategist Y" are both Acme's."""
    tokens = context.parse.tokens
    return tokens[b.token].dep == "conj" and tokens[b.token].head in (a.token, tokens[a.token].head)


def _coordinated(context: Context, a: Role, b: Role) -> bool:
    """Whether only a conjunction, a comma or the like stands between two role phrases of one sentence."""
    tokens, sentence = context.parse.tokens, context.parse.sentence_of
    if sentence[a.head] != sentence[b.head]:
        return False
    gap = [t.text.casefold() for t in tokens[a.stop : b.start]]
    return len(gap) <= 3 and all(word in JOINERS for word in gap) and bool({"and", "&", "/", ","} & {*gap, tokens[a.stop - 1].text.casefold()})


def _respectively(context: Context, roles: list[Role]) -> list[Role]:
    """"A and B, president and fellow of X respectively", "A and B, spokesmen of X and Y respectively": one to one."""
    paired: list[Role] = []
    for n, role in enumerate(roles):
        if len(role.holders) < 2 or not _says_respectively(context, role.head):
            paired.append(role)
            continue
        sentence = context.parse.sentences[context.parse.sentence_of[role.head]]
        same = [m for m, other in enumerate(roles) if other.holders == role.holders and sentence.start <= other.head < sentence.stop]
        if len(same) == len(role.holders):
            body = role.bodies or next((roles[m].bodies for m in reversed(same) if roles[m].bodies), ())
            paired.append(replace(role, holders=(role.holders[same.index(n)],), bodies=body))
        elif len(same) == 1 and len(role.bodies) == len(role.holders):
            paired += [replace(role, holders=(h,), bodies=(b,)) for h, b in zip(role.holders, role.bodies, strict=True)]
        else:
            paired.append(role)
    return paired


def _says_respectively(context: Context, i: int) -> bool:
    sentence = context.parse.sentences[context.parse.sentence_of[i]]
    return any(t.text.casefold() == "respectively" for t in context.parse.tokens[sentence.start : sentence.stop])
