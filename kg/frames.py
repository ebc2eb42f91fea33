"""Syntactic frames: which tokens fill the argument slots of a verb or an adjective.

Slots are surface-independent: `subj` is who acts (subject of the active, by-phrase of the passive), `obj` who
undergoes it, `iobj` the dative, `attr` the complement; a preposition names its own slot; `clause` is the infinitive
that complements it, `clause-subj` and `clause-obj` are subject and object of such a clause, finite or not ("claimed
that X had fled", "threatened to sue X").  Event nouns have their own in `noun_frames`.
Arguments are head tokens; what they refer to, and whether they are coordinated, is for `referents`.
Passive, relative clauses, control, raising, participles and shared arguments are undone here, once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kg.syntax import child, children
from kg.types import Parse

Slots = Mapping[str, tuple[int, ...]]
Refers = Callable[[int], bool]
"""Tells whether a token stands for some entity: decides between the two readings of a control verb."""

SUBJECT_CONTROL = frozenset({"promise", "vow", "threaten"})
OBJECT_CONTROL_PREPOSITIONS = frozenset({"of", "from", "with", "into", "for"})
NAMING = frozenset({
    "name", "make", "elect", "appoint", "crown", "declare", "nominate", "choose", "hire", "install", "promote", "tap",
})  # fmt: skip
SUCCEEDING = frozenset({"replace", "succeed"})
FIRST_WORDS = frozenset({"first", "second", "third", "last", "latest", "only", "next", "youngest", "oldest"})
MAX_DEPTH = 6


def is_passive(parse: Parse, v: int) -> bool:
    """Whether verb v is in the passive: an auxiliary says so, or it is a bare past participle after its noun."""
    token = parse.tokens[v]
    if child(parse, v, "nsubjpass", "auxpass", "csubjpass") is not None:
        return True
    if token.tag != "VBN":
        return False
    if _is_caused(parse, v):
        return True
    if token.dep in ("acl", "amod"):
        return child(parse, v, "nsubj", "aux") is None  # "the claim that she had visited Rome" is active
    if token.dep == "conj" and child(parse, v, "nsubj", "aux") is None:
        return is_passive(parse, token.head)
    if token.dep in ("advcl", "ccomp", "xcomp", "oprd") and child(parse, v, "aux") is None:
        return child(parse, v, "dobj") is None or token.dep == "advcl" and child(parse, v, "agent") is not None
    return False


def _is_caused(parse: Parse, v: int) -> bool:
    """ "had him sentenced", "got the bill passed": a participle with its own object as subject."""
    token = parse.tokens[v]
    above = parse.tokens[token.head]
    causing = token.dep == "ccomp" and token.tag == "VBN" and above.lemma in ("have", "get") and token.head < v
    return causing and child(parse, v, "nsubj") is not None and child(parse, v, "aux", "mark") is None


def relative_antecedent(parse: Parse, i: int) -> int | None:
    """The noun that a relative pronoun (or `whose`) stands for; None when token i is in no relative clause."""
    at = i
    for _ in range(MAX_DEPTH):
        token = parse.tokens[at]
        if token.dep == "relcl":
            return token.head
        if token.head == at:
            return None
        at = token.head
    return None


def is_relative(parse: Parse, i: int) -> bool:
    """Whether token i is a relative pronoun."""
    token = parse.tokens[i]
    return token.tag in ("WP", "WDT", "WP$") or token.text.casefold() in ("that", "which") and token.tag == "IN"


def surface_subject(parse: Parse, v: int, refers: Refers, depth: int = 0) -> int | None:
    """The token that is the grammatical subject of verb v, its own or the one it inherits."""
    own = child(parse, v, "nsubj", "nsubjpass", "csubj")
    if own is not None:
        return own
    token = parse.tokens[v]
    if depth > MAX_DEPTH or token.head == v:
        return None
    head = token.head
    above = parse.tokens[head]
    verbal = above.pos in ("VERB", "AUX")
    match token.dep:
        case "conj" if verbal:
            return surface_subject(parse, head, refers, depth + 1)
        case "relcl":
            gap = all(parse.tokens[c].dep != "nsubj" for c in parse.children[v])
            return head if gap else None
        case "acl":
            if token.tag in ("VBG", "VBN") or _is_first_to(parse, head):
                return _last_beside(parse, v, head)
            agent = noun_agent(parse, head, refers, depth + 1)
            return agent if agent is not None else of_object(parse, head)
        case "amod":
            return head
        case "xcomp" | "ccomp" | "advcl" | "oprd" | "dep" if verbal:
            if token.dep == "ccomp" and token.tag not in ("VBG", "VBN", "VB"):
                return None
            if (inverted := _inverted_subject(parse, v, head)) is not None:
                return inverted
            return _controller(parse, v, head, refers, depth)
        case "csubj" if verbal:
            return _inverted_subject(parse, v, head)
        case "xcomp" | "advcl" | "ccomp" if above.pos == "ADJ":
            return surface_subject(parse, head, refers, depth + 1)
        case "acomp" | "attr" if verbal:
            return surface_subject(parse, head, refers, depth + 1)
        case "pcomp":
            return _subject_behind_preposition(parse, head, refers, depth)
        case "prep" if verbal:
            return surface_subject(parse, head, refers, depth + 1)
    return None


def _last_beside(parse: Parse, v: int, head: int) -> int:
    """Noun `head`, or a name behind an "and" where verb v stands right behind its comma: "A and B, led by C"."""
    at = v - 2
    if at <= head or parse.tokens[v - 1].text != "," or parse.tokens[at].pos != "PROPN":
        return head
    return at if parse.tokens[at].dep == "conj" else head


def _inverted_subject(parse: Parse, v: int, head: int) -> int | None:
    """Roe in "Sitting next to X was Jane Roe"."""
    token = parse.tokens[v]
    if parse.tokens[head].lemma != "be" or token.tag not in ("VBG", "VBN") or v > head:
        return None
    return child(parse, head, "attr") if child(parse, head, "nsubj", "nsubjpass", "expl") is None else None


def _is_first_to(parse: Parse, n: int) -> bool:
    """ "the first woman to lead X": she is the one who leads, not whoever says so."""
    words = (parse.tokens[c].text.casefold() for c in (n, *children(parse, n, "amod")))
    return not FIRST_WORDS.isdisjoint(words)


def _controller(parse: Parse, v: int, head: int, refers: Refers, depth: int) -> int | None:
    """Who does v when it hangs on verb `head`: head's object in "asked X to go", else head's subject."""
    if parse.tokens[v].lemma in SUCCEEDING and parse.tokens[head].lemma in NAMING and parse.tokens[v].tag == "VBG":
        newcomer = surface_subject(parse, head, refers) if is_passive(parse, head) else _named(parse, head)
        return newcomer if newcomer is not None else child(parse, head, "dobj")  # "hired Roe, replacing Doe"
    if parse.tokens[v].dep in ("xcomp", "ccomp", "oprd") and not is_passive(parse, head):
        obj = child(parse, head, "dobj", "dative")
        if obj is not None and parse.tokens[head].lemma not in SUBJECT_CONTROL and obj < v and refers(obj):
            return obj
    return surface_subject(parse, head, refers, depth + 1)


def _subject_behind_preposition(parse: Parse, preposition: int, refers: Refers, depth: int) -> int | None:
    head = parse.tokens[preposition].head
    if head == preposition:
        return None
    if parse.tokens[head].pos in ("VERB", "AUX"):
        obj = child(parse, head, "dobj")
        word = parse.tokens[preposition].text.casefold()
        if obj is not None and not is_passive(parse, head) and word in OBJECT_CONTROL_PREPOSITIONS and refers(obj):
            return obj
        return surface_subject(parse, head, refers, depth + 1)
    if parse.tokens[head].dep == "prep":
        return _subject_behind_preposition(parse, head, refers, depth + 1) if depth < MAX_DEPTH else None
    return noun_agent(parse, head, refers, depth + 1)


def noun_agent(parse: Parse, n: int, refers: Refers, depth: int = 0) -> int | None:
    """Who does what noun n names: its possessor, its by-phrase, or the subject of the verb that supports it."""
    owner = child(parse, n, "poss")
    if owner is not None:
        return owner
    for preposition in children(parse, n, "prep", "agent"):
        if parse.tokens[preposition].text.casefold() == "by":
            return child(parse, preposition, "pobj")
    return supporting_subject(parse, n, refers, depth)


def of_object(parse: Parse, n: int) -> int | None:
    """X in "the commitment of X to defend Y"."""
    for preposition in children(parse, n, "prep"):
        if parse.tokens[preposition].text.casefold() == "of":
            return child(parse, preposition, "pobj")
    return None


def supporting_subject(parse: Parse, n: int, refers: Refers, depth: int = 0) -> int | None:
    """The subject of the verb that noun n depends on, directly or through prepositions ("on a visit to")."""
    at = n
    for _ in range(MAX_DEPTH):
        token = parse.tokens[at]
        if token.head == at or depth > MAX_DEPTH:
            return None
        above = parse.tokens[token.head]
        if above.pos == "ADJ" and above.dep in ("acomp", "advcl", "ROOT", "conj", "acl") and token.dep == "prep":
            described = adjective_slots(parse, above.i, refers).get("subj", ())
            return described[0] if described else None
        if above.pos in ("VERB", "AUX"):
            if token.dep in ("nsubj", "csubj"):
                return None
            if token.dep == "nsubjpass":
                by = child(parse, above.i, "agent")
                return child(parse, by, "pobj") if by is not None else None
            if is_passive(parse, above.i) and token.dep != "prep":
                by = child(parse, above.i, "agent")
                return child(parse, by, "pobj") if by is not None else None
            return surface_subject(parse, above.i, refers, depth + 1)
        if token.dep in ("pobj", "conj", "prep", "pcomp", "attr", "dobj") or above.dep == "prep":
            if token.dep == "prep" and above.pos in ("NOUN", "PROPN"):
                owner = child(parse, above.i, "poss")
                if owner is not None:
                    return owner
            at = token.head
            continue
        return None
    return None


def prepositional(parse: Parse, i: int) -> dict[str, list[int]]:
    """Objects of the prepositions that hang on token i, by preposition: {"with": [7], "to": [12]}."""
    found: dict[str, list[int]] = {}
    for p in children(parse, i, "prep", "dative", "agent", "prt", "advmod"):
        token = parse.tokens[p]
        if token.dep in ("prt", "advmod") and child(parse, p, "prep", "pobj") is None:
            continue
        word = token.text.casefold()
        for at in (p, *children(parse, p, "prep", "conj")):
            if at != p and parse.tokens[at].dep == "conj" and parse.tokens[at].pos != "ADP":
                continue
            inner = parse.tokens[at].text.casefold()
            for target in children(parse, at, "pobj", "pcomp"):
                if parse.tokens[target].dep == "pcomp" and parse.tokens[target].pos in ("VERB", "AUX"):
                    continue
                for name in dict.fromkeys((inner, word)):
                    found.setdefault(name, []).append(target)
    return found


def verb_slots(parse: Parse, v: int, refers: Refers) -> Slots:
    """The argument slots of verb v (finite, infinitive or participle), each with its head tokens."""
    slots: dict[str, list[int]] = {}

    def put(slot: str, token: int | None) -> None:
        if token is not None and token not in slots.setdefault(slot, []):
            slots[slot].append(token)

    passive = is_passive(parse, v)
    subject = surface_subject(parse, v, refers)
    put("obj" if passive else "subj", subject)
    for c in parse.children[v]:
        token = parse.tokens[c]
        match token.dep:
            case "dobj":
                put("iobj" if passive and subject is not None and "obj" in slots and token.pos == "PRON" else "obj", c)
            case "dative" if token.pos != "ADP":
                put("iobj", c)
            case "attr" | "oprd" | "acomp":
                put("attr", c)
            case "agent":
                put("subj", child(parse, c, "pobj"))
            case "ccomp" if token.pos == "ADJ" and not passive and "obj" not in slots:
                put("obj", child(parse, c, "nsubj"))  # "found him guilty"
            case "npadvmod" if token.pos == "PROPN":
                put("npadvmod", c)
    for word, targets in prepositional(parse, v).items():
        if word == "by" and passive:
            for target in targets:
                put("subj", target)
        for target in targets:
            put(word, target)
    _relative_gap(parse, v, passive, put, slots)
    _shared_object(parse, v, put, slots)
    _complement(parse, v, put)
    # Attachment is the parser's weakest point: "sold the firm to X" hangs "to X" on the firm, "sat down over breakfast
    # with X" hangs "with X" on breakfast.
    hosts = [t for slot, tokens in slots.items() if slot not in ("subj", "attr") for t in tokens if t > v]
    for host in sorted(dict.fromkeys((*hosts, *(a for h in hosts for a in children(parse, h, "appos"))))):
        for word, targets in prepositional(parse, host).items():
            if word != "of" and not any(refers(t) for t in slots.get(word, ())):
                for target in targets:
                    put("subj" if word == "by" and passive and "subj" not in slots else word, target)
    return {slot: tuple(tokens) for slot, tokens in slots.items()}


def with_further_words(parse: Parse, slots: Slots, words: tuple[int, ...], refers: Refers) -> Slots:
    """The slots with the prepositions that hang on an idiom's further words: "of" in "die at the hands of X"."""
    added: dict[str, tuple[int, ...]] = {}
    for word in words:
        for preposition, targets in prepositional(parse, word).items():
            if not any(refers(t) for t in slots.get(preposition, ())):
                added[preposition] = (*added.get(preposition, ()), *targets)
        if (owner := child(parse, word, "poss")) is not None and "of" not in slots:
            added.setdefault("of", (owner,))
    return {**slots, **added} if added else slots


def _relative_gap(
    parse: Parse, v: int, passive: bool, put: Callable[[str, int | None], None], slots: Mapping[str, list[int]]
) -> None:
    """ "the envoy (whom) Roe met": the noun before the clause fills the slot that the clause leaves open."""
    token = parse.tokens[v]
    if token.dep == "relcl" and not passive and "subj" in slots and token.head not in slots["subj"]:
        pronoun = any(is_relative(parse, s) for s in slots["subj"])
        filled = [t for t in slots.get("obj", []) if not is_relative(parse, t)]
        if not pronoun and not filled:
            put("obj", token.head)


def _named(parse: Parse, v: int) -> int | None:
    """Roe in "made Jane Roe director", where the parse has her as an attribute of the post."""
    if parse.tokens[v].lemma not in NAMING or is_passive(parse, v):
        return None
    for title in children(parse, v, "dobj", "oprd", "attr"):
        named = [c for c in children(parse, title, "compound", "nmod") if parse.tokens[c].pos == "PROPN"]
        if parse.tokens[title].pos == "NOUN" and named:
            return named[-1]
    return None


def _complement(parse: Parse, v: int, put: Callable[[str, int | None], None]) -> None:
    """The clause that complements v, with its subject and object; "made Jane Roe director" names Roe as object.

    "had Roe sentenced" has the same doer twice; "Roe resigned, as did Doe" has two subjects.
    """
    if _is_caused(parse, v):
        put("subj", child(parse, parse.tokens[v].head, "nsubj"))
    for echo in children(parse, v, "advcl"):
        words = {parse.tokens[c].text.casefold() for c in parse.children[echo]}
        if parse.tokens[echo].lemma == "do" and "as" in words:
            put("obj" if is_passive(parse, v) else "subj", child(parse, echo, "nsubj"))
    for clause in children(parse, v, "xcomp", "ccomp"):
        if parse.tokens[clause].tag == "VB":
            put("clause", clause)
        by_phrase = child(parse, clause, "agent")
        put("clause-subj", child(parse, by_phrase, "pobj") if by_phrase is not None else None)
        for c in children(parse, clause, "nsubj"):
            put("clause-subj", c)
        for c in children(parse, clause, "dobj", "nsubjpass"):
            put("clause-obj", c)
    put("obj", _named(parse, v))


def _shared_object(
    parse: Parse, v: int, put: Callable[[str, int | None], None], slots: Mapping[str, list[int]]
) -> None:
    """ "founded and runs X", "lives and works in X": the first verb shares object and prepositions of the last."""
    for other in children(parse, v, "conj"):
        bare = all(
            parse.tokens[c].dep in ("cc", "advmod", "auxpass", "aux", "punct")
            for c in parse.children[v]
            if v < c < other
        )
        if (
            parse.tokens[other].pos == "VERB"
            and bare
            and other - v <= 3
            and child(parse, other, "nsubj", "nsubjpass") is None
        ):
            for word, targets in prepositional(parse, other).items():
                for target in targets:
                    put(word, target)
    if "obj" in slots or "attr" in slots:
        return
    for other in children(parse, v, "conj"):
        if parse.tokens[other].pos == "VERB" and child(parse, other, "nsubj", "nsubjpass") is None:
            between = [
                c for c in parse.children[v] if v < c < other and parse.tokens[c].dep not in ("cc", "advmod", "punct")
            ]
            if not between:
                put("obj", child(parse, other, "dobj"))


def adjective_slots(parse: Parse, a: int, refers: Refers) -> Slots:
    """The argument slots of adjective or participle a: `subj` (what it describes), `mod`, prepositions."""
    slots: dict[str, list[int]] = {word: list(targets) for word, targets in prepositional(parse, a).items()}
    token = parse.tokens[a]
    head = parse.tokens[token.head]
    described: int | None = None
    if child(parse, a, "nsubj", "nsubjpass") is not None:
        described = child(parse, a, "nsubj", "nsubjpass")
    elif token.dep in ("acomp", "attr", "oprd", "xcomp", "ccomp", "advcl", "ROOT", "dep") and head.pos in (
        "VERB",
        "AUX",
    ):
        obj = child(parse, head.i, "dobj") if token.dep == "oprd" else None
        described = obj if obj is not None else surface_subject(parse, head.i, refers)
    elif token.dep == "advmod" and head.pos in ("VERB", "AUX", "PROPN"):  # "Back from X, she spoke"
        described = token.head if head.pos == "PROPN" else surface_subject(parse, head.i, refers)
    elif token.dep in ("amod", "acl", "appos", "relcl", "conj"):
        if token.dep == "conj" and head.pos == "ADJ":
            inherited = adjective_slots(parse, token.head, refers).get("subj", ())
            described = inherited[0] if inherited else None
        else:
            described = token.head if head.pos in ("NOUN", "PROPN", "PRON") else None
    if described is not None:
        slots["subj"] = [described]
    for c in children(parse, a, "npadvmod", "compound", "nmod"):
        slots.setdefault("mod", []).append(c)
    return {slot: tuple(tokens) for slot, tokens in slots.items()}
